/** F13: an update with jobs in every state, killed at each point of each migration step; an older program refuses a newer file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { JOB_STATES, type JobState } from '../../../src/domain/job.js';
import { arm, crashPoints, CRASH_PRELOAD, disarm } from '../crash-points.js';
import { compiled, databaseFile } from '../engines.js';
import { note } from '../books.js';
import { changedSidecar, type Change } from '../sidecar-copy.js';
import { sidecarProcess, SidecarEnded, type SidecarProcess } from '../sidecar-process.js';
import { cleanVerdict, type FaultRun, type Verdict } from '../verdict.js';

/** A step that does not hold together: killed within it, half of it stays. */
const NO_TRANSACTION: Change = {
  file: 'stores/sqlite/migrate.js',
  find: 'db.transaction(() => {',
  put: 'Object.assign((run) => ({ immediate: run }), {})(() => {',
};
const NOT_ASKED: Change = { file: 'stores/sqlite/migrate.js', find: 'if (reached > known)', put: 'if (false)' };
const JOBS_A_STATE = 3;

interface Migration {
  version: number;
  name: string;
  sql: string;
}
type Migrate = (db: Database, now: number, migrations: readonly Migration[]) => void;

export const UPGRADE_RUNS: readonly FaultRun[] = [
  {
    id: 'F13',
    title: 'update with jobs in every state, killed at each point of each migration step',
    expect: 'clean',
    run: () => inAFolder((folder) => upgrade(folder, [])),
  },
  {
    id: 'F13-transaction-out',
    title: 'the same, and a step is not one transaction',
    expect: 'caught',
    caughtBy: ['broken', 'lost'],
    run: () => inAFolder((folder) => upgrade(folder, [NO_TRANSACTION])),
  },
  {
    id: 'F13-older',
    title: 'an older program refuses a newer file and leaves it as it is',
    expect: 'clean',
    run: () => inAFolder((folder) => older(folder, [])),
  },
  {
    id: 'F13-older-not-asked',
    title: 'the same, and nobody asks how new the file is',
    expect: 'caught',
    caughtBy: ['broken'],
    run: () => inAFolder((folder) => older(folder, [NOT_ASKED])),
  },
];

async function inAFolder(run: (folder: string) => Promise<Verdict>): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'tallyman-faults-upgrade-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function upgrade(folder: string, changes: readonly Change[]): Promise<Verdict> {
  const points = crashPoints('migration');
  const dist = changedSidecar([...points.changes, ...changes]);
  const armed = join(folder, 'armed');
  const migrations = await allMigrations();
  const verdict = cleanVerdict(0);
  // From each schema there ever was, the empty file among them.
  for (let from = 0; from < migrations.length; from += 1) {
    for (let hit = 1; hit <= migrations.length - from; hit += 1) {
      for (const point of points.names) {
        verdict.units += 1;
        const dataDir = mkdtempSync(join(folder, 'data-'));
        const before = await fileOfSchema(dataDir, migrations.slice(0, from));
        const sidecar = await sidecarProcess(dataDir, {
          dist,
          preload: [CRASH_PRELOAD],
          env: { FAULTS_CRASH_FILE: armed },
        });
        arm(armed, point, hit);
        const died = await diesAtStart(sidecar);
        disarm(armed);
        const where = `killed ${point} ${hit} from schema ${from}`;
        if (!died) note(verdict, 'broken', `${where}: the point was never passed.`);
        await goesOn(sidecar, before, where, verdict);
      }
    }
  }
  return verdict;
}

async function allMigrations(): Promise<readonly Migration[]> {
  return (await compiled<{ MIGRATIONS: readonly Migration[] }>('stores/sqlite/migrations/index.js')).MIGRATIONS;
}

/** @returns id and state of each job in a file as the program of that schema left it. */
async function fileOfSchema(dataDir: string, migrations: readonly Migration[]): Promise<Map<number, string>> {
  if (migrations.length === 0) return new Map();
  const { migrate } = await compiled<{ migrate: Migrate }>('stores/sqlite/migrate.js');
  const db = new SqliteDatabase(databaseFile(dataDir));
  db.pragma('journal_mode = WAL');
  migrate(db, Date.now(), migrations);
  JOB_STATES.forEach((state, index) => {
    for (let count = 1; count <= JOBS_A_STATE; count += 1) insertJob(db, state, index * JOBS_A_STATE + count);
  });
  const states = statesIn(db);
  db.close();
  return states;
}

/** Columns of the first schema: later ones have defaults. */
function insertJob(db: Database, state: JobState, order: number): void {
  const now = Date.now();
  const isOver = ['done', 'dead', 'cancelled'].includes(state);
  const row = {
    org_id: 'default',
    connection_id: 'nobody',
    kind: 'order.push',
    subject: `order:${order}`,
    ordering_key: `order:${order}`,
    coalesce_key: `order.push:${order}`,
    priority: 1,
    run_at: now + 3_600_000,
    deadline_at: null,
    payload: '{}',
    trace_id: `trace ${order}`,
    origin: 'order changed',
    state,
    head: ['queued', 'running', 'retrying'].includes(state) ? 1 : 0,
    ready: 0,
    attempts: state === 'dead' ? 4 : 1,
    fence: 1,
    lease_until: state === 'running' ? now + 60_000 : null,
    owner: state === 'running' ? 'sidecar' : null,
    claimed_at: state === 'running' ? now : null,
    blocked_on: state === 'blocked' ? 'order:9:known' : null,
    blocked_until: state === 'blocked' ? now + 3_600_000 : null,
    last_failure: state === 'dead' ? JSON.stringify(FAILURE) : null,
    sentence: 'As it was before the update.',
    settled_by: state === 'cancelled' ? 'Anna' : null,
    first_dead_at: state === 'dead' ? now : null,
    created_at: now,
    updated_at: now,
    queued_at: now,
    finished_at: isOver ? now : null,
  };
  const columns = Object.keys(row);
  db.prepare(`INSERT INTO jobs (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`).run(
    row,
  );
}

const FAILURE = {
  ...{ kind: 'rejected', code: null, status: 400, excerpt: null },
  ...{ summary: 'The warehouse answered 400: Article 4711 not found', cure: 'Correct it, then retry.' },
};

const statesIn = (db: Database): Map<number, string> =>
  new Map(
    db
      .prepare<[], { id: number; state: string }>('SELECT id, state FROM jobs ORDER BY id')
      .all()
      .map(({ id, state }) => [id, state]),
  );

async function diesAtStart(sidecar: SidecarProcess): Promise<boolean> {
  try {
    await sidecar.start();
  } catch (error) {
    if (error instanceof SidecarEnded) return (await sidecar.ended()).signal === 'SIGKILL';
    throw error;
  }
  await sidecar.kill();
  return false;
}

/** Started again, it finds every job; only what ran has gone back to the queue. */
async function goesOn(
  sidecar: SidecarProcess,
  before: ReadonlyMap<number, string>,
  where: string,
  verdict: Verdict,
): Promise<void> {
  try {
    await sidecar.start();
  } catch (error) {
    if (!(error instanceof SidecarEnded)) throw error;
    return note(verdict, 'broken', `${where}, it does not start any more: ${error.message.slice(0, 300)}`);
  }
  await sidecar.stop();
  const db = new SqliteDatabase(databaseFile(sidecar.dataDir), { readonly: true });
  const after = statesIn(db);
  db.close();
  for (const [id, state] of before) {
    const expected = state === 'running' ? 'queued' : state;
    if (after.get(id) !== expected) note(verdict, 'lost', `${where}: job ${id} was ${state} and is ${after.get(id)}.`);
  }
}

async function older(folder: string, changes: readonly Change[]): Promise<Verdict> {
  const verdict = cleanVerdict(1);
  const sidecar = await sidecarProcess(mkdtempSync(join(folder, 'data-')), {
    ...(changes.length === 0 ? {} : { dist: changedSidecar(changes) }),
  });
  const migrations = await allMigrations();
  const before = await fileOfSchema(sidecar.dataDir, migrations);
  const db = new SqliteDatabase(databaseFile(sidecar.dataDir));
  db.prepare('INSERT INTO migrations (version, name, at) VALUES (?, ?, ?)').run(999, 'of next year', Date.now());
  db.close();
  const refused = await sidecar.start().then(
    () => null,
    (error: unknown) => (error instanceof SidecarEnded ? error.message : null),
  );
  if (refused === null) note(verdict, 'broken', 'It started on a file of a newer program.');
  else if (!/newer Tallyman/.test(refused)) note(verdict, 'broken', `It does not say why it ended: ${refused}`);
  await sidecar.kill();
  const left = new SqliteDatabase(databaseFile(sidecar.dataDir), { readonly: true });
  const states = statesIn(left);
  left.close();
  for (const [id, state] of before)
    if (states.get(id) !== state) note(verdict, 'lost', `Job ${id} was ${state} and is ${states.get(id)}.`);
  return verdict;
}
