/** Fills a store by the hundred thousand: rows made by the real thing are copied, each with an order of its own. */
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';

const A_STATEMENT = 50_000;

export interface Copies {
  /** The job to copy. */
  jobId: number;
  count: number;
  /** The orders get numbers from here. */
  firstOrder: number;
  /** 'one': all stand behind the first on its ordering key. */
  keys: 'own' | 'one';
}

/** @param file of a store that is closed. */
export function multiply(file: string, all: readonly Copies[]): void {
  const db = new SqliteDatabase(file);
  // A lost power would lose the filling, which is made anew anyway.
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -200000');
  try {
    for (const copies of all) copy(db, copies);
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

function copy(db: Database, { jobId, count, firstOrder, keys }: Copies): void {
  const columns = db.pragma('table_info(jobs)') as { name: string }[];
  const copied = columns.map(({ name }) => name).filter((name) => name !== 'id');
  const own = keys === 'own' ? OWN_KEY : BEHIND;
  const values = copied.map((name) => (Object.hasOwn(own, name) ? own[name] : `job.${name}`));
  const insert = db.prepare<[number, number, number]>(
    `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)
     INSERT INTO jobs (${copied.join(', ')})
     SELECT ${values.join(', ')} FROM numbers, (SELECT jobs.*, CAST(? AS INTEGER) AS first FROM jobs WHERE id = ?) AS job`,
  );
  for (let done = 0; done < count; done += A_STATEMENT) {
    insert.run(Math.min(A_STATEMENT, count - done), firstOrder + done, jobId);
  }
}

const SUBJECT: Readonly<Record<string, string>> = {
  subject: "'order:' || (first + n)",
  coalesce_key: "'order.push:' || connection_id || ':order:' || (first + n)",
  trace_id: 'lower(hex(randomblob(8)))',
  // Spread out, as orders come.
  run_at: 'run_at + n % 3600000',
  blocked_on: 'CASE WHEN blocked_on IS NOT NULL THEN blocked_on || (first + n) END',
};
const OWN_KEY: Readonly<Record<string, string>> = { ...SUBJECT, ordering_key: "'order:shop:' || (first + n)" };
const BEHIND: Readonly<Record<string, string>> = { ...SUBJECT, head: '0', ready: '0' };
