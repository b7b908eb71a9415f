/** Jobs put in by hundreds a unit, and bare rows of the same size put into a table without indexes, as many a commit. */
import SqliteDatabase from 'better-sqlite3';
import { openDatabase } from '../../../src/stores/sqlite/database.js';
import { openSqliteStore } from '../../../src/stores/sqlite/store.js';
import { answer, given } from './answering.ts';
import { world } from './engine.ts';
import { anOrderJob, connectShop, enqueueOrders } from './shop.ts';

const ROWS_A_COMMIT = 500;

const { file, bareFile } = given<{ file: string; bareFile: string }>();
const store = openSqliteStore({ file, now: () => world.now() });
await connectShop(store, world.now(), 6);
const bare = openDatabase(bareFile);
const columns = columnsOfJobs();
const definitions = columns.map((column) => `${column} ANY`).join(', ');
bare.exec(`CREATE TABLE jobs (id INTEGER PRIMARY KEY, ${definitions}) STRICT`);
const insert = bare.prepare(`INSERT INTO jobs (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
let orders = 1;

answer({
  async enqueue({ jobs }: { jobs: number }) {
    const startedAt = performance.now();
    await enqueueOrders(store, orders, jobs, () => world.now());
    orders += jobs;
    return { rowsPerSecond: (jobs * 1000) / (performance.now() - startedAt) };
  },

  async bare({ jobs }: { jobs: number }) {
    const job: readonly unknown[] = Object.values(anOrderJob(1, world.now()));
    const values = job.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value));
    const row = columns.map((_, at) => values[at] ?? null);
    const startedAt = performance.now();
    for (let done = 0; done < jobs; done += ROWS_A_COMMIT) {
      bare.exec('BEGIN IMMEDIATE');
      for (let at = 0; at < ROWS_A_COMMIT; at += 1) insert.run(...row);
      bare.exec('COMMIT');
    }
    return { rowsPerSecond: (jobs * 1000) / (performance.now() - startedAt) };
  },
});

function columnsOfJobs(): string[] {
  const reading = new SqliteDatabase(file, { readonly: true });
  const all = reading.pragma('table_info(jobs)') as { name: string }[];
  reading.close();
  return all.map(({ name }) => name).filter((name) => name !== 'id');
}
