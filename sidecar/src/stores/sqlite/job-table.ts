/**
 * Jobs, and the upkeep of `head` and `ready` at each write. At most one job of an ordering key is its head; the others
 * that hold the key stand behind it and are not looked at by claims or by the clock.
 */
import type { Database } from 'better-sqlite3';
import type { JobLife } from '../../domain/job-life.js';
import { KEY_HOLDING_STATES } from '../../domain/job.js';
import { changingColumns, fixedColumns } from './job-row.js';
import type { JobRow, Place } from './job-row.js';
import { rowInsert, rowUpdate, VALUE } from './sql.js';

type Fixed = ReturnType<typeof fixedColumns>;
type Changing = ReturnType<typeof changingColumns>;
type Stand = Pick<JobRow, 'state' | 'fence'>;
type KeyMember = Pick<JobRow, 'id' | 'state' | 'run_at'>;

// prettier-ignore
const FIXED = [
  'org_id', 'connection_id', 'kind', 'subject', 'ordering_key', 'coalesce_key', 'created_at',
] satisfies (keyof Fixed)[];
// prettier-ignore
const CHANGING = [
  'priority', 'run_at', 'deadline_at', 'payload', 'trace_id', 'origin', 'state', 'head', 'ready', 'attempts', 'fence',
  'lease_until', 'owner', 'claimed_at', 'blocked_on', 'blocked_until', 'last_failure', 'sentence', 'settled_by',
  'first_dead_at', 'updated_at', 'queued_at', 'finished_at', 'batch_id', 'cause',
] satisfies (keyof Changing)[];

export type JobTable = ReturnType<typeof jobTable>;

export function jobTable(db: Database) {
  const sql = {
    stand: db.prepare<[number], Stand>('SELECT state, fence FROM jobs WHERE id = ?'),
    byId: db.prepare<[number], JobRow>('SELECT * FROM jobs WHERE id = ?'),
    head: db.prepare<[string, string], KeyMember>(
      'SELECT id, state, run_at FROM jobs WHERE org_id = ? AND ordering_key = ? AND head = 1',
    ),
    oldestBehind: db.prepare<[string, string], KeyMember>(
      `SELECT id, state, run_at FROM jobs INDEXED BY jobs_behind
       WHERE org_id = ${VALUE} AND ordering_key = ${VALUE} AND head = 0 AND state IN ('queued', 'retrying') ORDER BY id LIMIT 1`,
    ),
    setPlace: db.prepare<[Place & { id: number }]>('UPDATE jobs SET head = @head, ready = @ready WHERE id = @id'),
  };

  /** What was claimed lies here as it was written, until it is written again: nearly every end of a run asks for it twice. */
  const claimed = new Map<number, JobRow>();

  const insertRow = rowInsert<Fixed & Changing>(db, 'jobs', [...FIXED, ...CHANGING]);
  const updateRow = rowUpdate<JobRow, Changing>(db, 'jobs', CHANGING);
  const headOf = (job: JobLife) => sql.head.get(job.orgId, job.orderingKey);
  const oldestBehind = (job: JobLife) => sql.oldestBehind.get(job.orgId, job.orderingKey);
  const bringForward = ({ id, run_at }: KeyMember, now: number) =>
    sql.setPlace.run({ id, head: 1, ready: run_at <= now ? 1 : 0 });

  function write(job: JobLife, row: JobRow, place: Place): void {
    claimed.delete(row.id);
    updateRow(row, changingColumns(job, place));
  }

  /** The newest of a key never overtakes anybody. @returns its id. */
  function insert(job: JobLife, now: number): number {
    const place = headOf(job) === undefined ? inFront(job, now) : BEHIND;
    return Number(insertRow({ ...fixedColumns(job), ...changingColumns(job, place) }).lastInsertRowid);
  }

  /** Writes what has become of a job. @param row as it lies in the table now, not before another write to its key. */
  function save(job: JobLife, row: JobRow, now: number): void {
    if (!holdsKey(job)) leave(job, row, now);
    else if (row.head === 1) stay(job, row, now);
    else enter(job, row, now);
  }

  function leave(job: JobLife, row: JobRow, now: number): void {
    write(job, row, BEHIND);
    const next = row.head === 1 ? oldestBehind(job) : undefined;
    if (next !== undefined) bringForward(next, now);
  }

  /** A head stays in front, unless an older one came back while it ran. */
  function stay(job: JobLife, row: JobRow, now: number): void {
    const next = job.state === 'running' ? undefined : oldestBehind(job);
    if (next === undefined || next.id > job.id) return write(job, row, inFront(job, now));
    write(job, row, BEHIND);
    bringForward(next, now);
  }

  /** Back among those that hold the key: by age, but nobody who runs is overtaken. */
  function enter(job: JobLife, row: JobRow, now: number): void {
    const head = headOf(job);
    if (head !== undefined && (head.state === 'running' || head.id < job.id)) return write(job, row, BEHIND);
    if (head !== undefined) sql.setPlace.run({ id: head.id, ...BEHIND });
    write(job, row, inFront(job, now));
  }

  return {
    insert,
    save,
    get: (id: number): JobRow | undefined => claimed.get(id) ?? sql.byId.get(id),
    /** All that guards ask about. */
    stand: (id: number): Stand | undefined => claimed.get(id) ?? sql.stand.get(id),
    /** Rows as a claim has left them. */
    keepClaimed: (rows: readonly JobRow[]): void => rows.forEach((row) => claimed.set(row.id, row)),
    /** Of a job that was written elsewhere, or of all, when a transaction was undone. */
    forgetClaimed: (id?: number): void => void (id === undefined ? claimed.clear() : claimed.delete(id)),
  };
}

const BEHIND: Place = { head: 0, ready: 0 };

function inFront(job: JobLife, now: number): Place {
  return { head: 1, ready: job.state !== 'running' && job.runAt <= now ? 1 : 0 };
}

function holdsKey({ state }: JobLife): boolean {
  return KEY_HOLDING_STATES.some((holding) => holding === state);
}
