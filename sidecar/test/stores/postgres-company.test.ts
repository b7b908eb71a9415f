/** One lock for all names beside a lock for each: whoever goes which way, no two are at one name at the same moment. */
import pg from 'pg';
import { Company } from '../../src/stores/postgres/company.js';
import { nameOf } from '../../src/stores/postgres/keyed-table.js';
import { hashed } from '../../src/stores/postgres/lock-names.js';
import type { PostgresStore } from '../../src/stores/postgres/store.js';
import { newAttempt, NOON } from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';
import { usePostgres } from './postgres-server.js';

const OTHERS_WRITE = Object.assign(new Error('somebody else is writing'), { code: 'TM002' });

describe('the locks of a transaction', () => {
  const clock = { ms: 0 };
  const company = new Company('shop', () => clock.ms);
  const names = () => company.locks('me', () => ['one', 'two']).map(({ name }) => name);

  test('are one while nobody else was met, one each for half a minute after that, and one again', () => {
    expect(names()).toEqual(['lock_all_names']);
    expect(company.met(OTHERS_WRITE)).toBe(true);
    clock.ms += 29_000;
    expect(names()).toEqual(['share_all_names', 'lock_names']);
    clock.ms += 2_000;
    expect(names()).toEqual(['lock_all_names']);
  });

  test('stay as they are after any other trouble', () => {
    expect(company.met(Object.assign(new Error('deadlock'), { code: '40P01' }))).toBe(false);
    expect(names()).toEqual(['lock_all_names']);
  });
});

describe('a sidecar', () => {
  const postgres = usePostgres();

  /** Another sidecar in the middle of a transaction. */
  async function somebody(schema: string, lock: 'pg_advisory_xact_lock' | 'pg_advisory_xact_lock_shared') {
    const client = new pg.Client(postgres.server().url);
    await client.connect();
    await client.query('BEGIN');
    await client.query(`SELECT ${lock}($1, $2)`, hashed(nameOf('every name', schema)));
    return {
      goes: async () => {
        await client.query('COMMIT');
        await client.end();
      },
    };
  }

  test('that finds another one at work goes by names, and does not wait for it', async () => {
    const schema = postgres.newSchema();
    const store = await postgres.open({ schema });
    const other = await somebody(schema, 'pg_advisory_xact_lock_shared');
    const id = await shopOf(store).enqueue();
    expect(await shopOf(store).claimIds()).toEqual([id]);
    await other.goes();
    await store.close();
  });

  test('that goes by names waits for the one that has locked them all', async () => {
    const schema = postgres.newSchema();
    const store = await postgres.open({ schema });
    const other = await somebody(schema, 'pg_advisory_xact_lock');
    const order: string[] = [];
    const put = shopOf(store)
      .enqueue()
      .then(() => order.push('put'));
    await waitsForLock();
    order.push('the other has gone');
    await other.goes();
    await put;
    expect(order).toEqual(['the other has gone', 'put']);
    await store.close();
  });

  test('that believes itself alone again each time loses no job, runs none twice and leaves none behind, with two others at the same keys', async () => {
    const schema = postgres.newSchema();
    let ms = 0;
    const elapsedMs = () => (ms += 31_000);
    const stores = await Promise.all(
      [0, 1, 2].map(() => postgres.open({ schema, elapsedMs, patienceMs: 100_000_000 })),
    );
    const ids: number[] = [];
    await Promise.all(
      stores.map(async (store, lane) => {
        for (let n = 0; n < 30; n += 1) {
          ids.push(await shopOf(store).enqueue({ orderingKey: `order ${(lane + n) % 4}` }));
          await workOff(store);
        }
      }),
    );
    while ((await workOff(stores[0]!)) > 0) continue;
    expect(await shopOf(stores[0]!).found({ states: ['done'] })).toEqual(ids.sort((a, b) => a - b));
    for (const id of ids) expect(await stores[0]!.attempts(id)).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  /** @returns how many of those it was given it has ended. */
  async function workOff(store: PostgresStore): Promise<number> {
    const jobs = await shopOf(store).claim({ most: 3 });
    const answers = await Promise.all(
      jobs.map(({ id, fence }) =>
        store.apply({
          now: NOON,
          guards: [{ guard: 'fence', jobId: id, fence }],
          writes: [
            { write: 'insertAttempt', attempt: newAttempt(id, { fence }) },
            { write: 'moveJob', jobId: id, move: 'succeed', patch: { sentence: 'Sent.' } },
          ],
        }),
      ),
    );
    expect(answers.every(({ applied }) => applied)).toBe(true);
    return jobs.length;
  }

  async function waitsForLock(): Promise<void> {
    const client = new pg.Client(postgres.server().url);
    await client.connect();
    const sql = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    for (let tries = 0; (await client.query(sql)).rows.length === 0; tries += 1)
      if (tries > 5_000) throw new Error('It does not wait.');
    await client.end();
  }
});
