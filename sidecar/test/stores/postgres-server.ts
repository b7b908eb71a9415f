/** One PostgreSQL for a test file, and a schema of its own for each store. */
import { openPostgresStore } from '../../src/stores/postgres/store.js';
import type { PostgresOptions, PostgresStore } from '../../src/stores/postgres/store.js';
import { startPostgres } from '../../../scripts/postgres.mjs';
import type { Postgres } from '../../../scripts/postgres.mjs';
import { NOON } from '../contracts/store/builders.js';

let schemas = 0;

/** Started before the tests of the file and stopped after them. */
export function usePostgres(settings: Readonly<Record<string, string | number>> = {}) {
  let running: Postgres | null = null;
  beforeAll(async () => {
    // What is lost with the power is not what most tests are about; those that are switch it on.
    running = await startPostgres({ settings: { fsync: 'off', ...settings } });
  });
  afterAll(() => running?.stop());

  const server = (): Postgres => {
    if (running === null) throw new Error('PostgreSQL is not running yet.');
    return running;
  };
  return {
    server,
    newSchema(): string {
      schemas += 1;
      return `store_${schemas}`;
    },
    open(over: Partial<PostgresOptions> = {}): Promise<PostgresStore> {
      return openPostgresStore({ url: server().url, now: () => NOON, schema: this.newSchema(), ...over });
    },
  };
}
