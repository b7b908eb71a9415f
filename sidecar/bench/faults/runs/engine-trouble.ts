/** F6: the database is locked, full, restarted, or takes no more connections. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { databaseFile, postgresEngine, type PostgresEngine } from '../engines.js';
import { note } from '../books.js';
import { knock, signedDoors, type Door } from '../doors.js';
import { underLoad, type UnderLoad } from '../load.js';
import { shim } from '../power/shim.js';
import { changedSidecar, type Change } from '../sidecar-copy.js';
import type { Patience } from '../settled.js';
import type { FaultRun, Verdict } from '../verdict.js';
import type { FaultWorld } from '../world.js';

const ORDERS = 150;
const PATIENCE: Patience = { withinMs: 180_000, quietMs: 15_000 };
const HOPELESS: Patience = { withinMs: 15_000, quietMs: 3_000 };
const BUSY_MS = 10_000;
const FULL_MS = 6_000;
const PLACED_AT_EACH_RESTART = 20;
const HOLDER = fileURLToPath(new URL('../preload/hold-lock.mjs', import.meta.url));

/** Says yes, and stores it when it can. */
const ANSWERS_FIRST: Change = {
  file: 'http/outbox.js',
  find: 'assertKept(verdict.unit, await store.apply(verdict.unit));',
  put: 'void store.apply(verdict.unit).catch(() => undefined);',
};

/** What was committed stays in the memory of the server for as long as it may. */
const COMMIT_OFF = {
  synchronous_commit: 'off',
  wal_writer_delay: '10s',
  wal_writer_flush_after: '64MB',
  wal_buffers: '64MB',
  // A page is written after the log of it, which would flush what the run wants lost.
  bgwriter_lru_maxpages: '0',
  autovacuum: 'off',
} as const;

export const ENGINE_RUNS: readonly FaultRun[] = [
  {
    id: 'F6-busy',
    title: `another process holds the database's lock for ${BUSY_MS / 1000} s`,
    expect: 'clean',
    run: () => underLoad({ world: { store: 'sqlite' }, orders: ORDERS, patience: PATIENCE, trouble: locked }),
  },
  {
    id: 'F6-full',
    title: 'the disk is full: 503, never 200, and it goes on when there is room',
    expect: 'clean',
    run: () => diskFull([], PATIENCE),
  },
  {
    id: 'F6-full-answer-first',
    title: 'the same, and a hand-over is acknowledged before it is stored',
    expect: 'caught',
    caughtBy: ['acknowledgedLost'],
    run: () => diskFull([ANSWERS_FIRST], HOPELESS),
  },
  {
    id: 'F6-postgres',
    title: 'PostgreSQL is restarted, crashes, loses sessions and takes no more connections',
    expect: 'clean',
    run: () => postgresTrouble({}, PATIENCE),
  },
  {
    id: 'F6-postgres-commit-off',
    title: 'the same, and a commit does not wait for the disk',
    expect: 'caught',
    caughtBy: ['acknowledgedLost'],
    run: () => postgresTrouble(COMMIT_OFF, HOPELESS),
  },
];

async function locked({ world, senders, verdict }: UnderLoad): Promise<void> {
  await world.clock.waitReal(1_000);
  const holder = spawn(process.execPath, [HOLDER, databaseFile(world.sidecar.dataDir), String(BUSY_MS)], {
    stdio: 'inherit',
  });
  await new Promise((done) => holder.once('exit', done));
  onlyStatuses([0, 200, 503], senders.answers, 'hand-over', verdict);
}

async function diskFull(changes: readonly Change[], patience: Patience): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'tallyman-faults-full-'));
  const flag = join(folder, 'full');
  const env = { LD_PRELOAD: shim('disk-full', folder), FULL_WHILE: flag, FULL_FILES: 'tallyman.sqlite' };
  try {
    return await underLoad({
      // What was claimed when the disk became full waits for the end of its lease.
      world: { store: 'sqlite', speed: 10, env, ...(changes.length === 0 ? {} : { dist: changedSidecar(changes) }) },
      orders: ORDERS,
      patience,
      shopRemembers: changes.length === 0 ? 'yes' : 'no',
      trouble: (under) => fill(under, flag),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill({ world, senders, traffic, verdict }: UnderLoad, flag: string): Promise<void> {
  await world.clock.waitReal(1_500);
  writeFileSync(flag, '');
  // What was under way when it became full may still be answered.
  await world.clock.waitReal(500);
  const before = new Map(senders.answers);
  traffic.place(20);
  const doors = (await signedDoors(world)).filter(({ path }) => !path.startsWith('/api'));
  // What nobody can read is kept as well, and answered 202: not now.
  for (const door of doors) await bring(world, door, [503], verdict);
  await world.clock.waitReal(FULL_MS);
  const during = new Map([...senders.answers].map(([status, count]) => [status, count - (before.get(status) ?? 0)]));
  rmSync(flag);
  for (const door of doors) await bring(world, door, [200, 202], verdict);
  onlyStatuses([0, 503], during, 'hand-over to a full disk', verdict);
  if ((during.get(503) ?? 0) === 0) note(verdict, 'broken', 'Nothing was handed over while the disk was full.');
  const refused = world.warehouse.ledger().effects.filter(({ effect }) => effect === 'webhook.failed');
  for (const { detail } of refused)
    if (!/ (503|0)$/.test(detail)) note(verdict, 'broken', `A webhook was answered ${detail}.`);
  verdict.figures['refusedWhileFull'] = during.get(503) ?? 0;
}

async function bring(world: FaultWorld, door: Door, allowed: readonly number[], verdict: Verdict): Promise<void> {
  const { status, text } = await knock(world, door, Buffer.from('neither JSON nor XML'), 'undecodable');
  if (!allowed.includes(status))
    note(verdict, 'broken', `${door.path} answered ${status} and not ${allowed.join(' or ')}: ${text}`);
}

function onlyStatuses(
  allowed: readonly number[],
  answers: ReadonlyMap<number, number>,
  what: string,
  verdict: Verdict,
): void {
  for (const [status, count] of answers)
    if (count > 0 && !allowed.includes(status))
      note(verdict, 'broken', `A ${what} was answered ${status}, ${count} times.`);
}

async function postgresTrouble(settings: Record<string, string>, patience: Patience): Promise<Verdict> {
  const engine = await postgresEngine({ max_connections: 30, ...settings });
  return underLoad({
    // What a lost session had claimed waits for the end of its lease.
    world: { store: 'postgres', engine, speed: 5 },
    orders: ORDERS,
    patience,
    shopRemembers: patience === HOPELESS ? 'no' : 'yes',
    trouble: (under) => shake(under, engine),
  });
}

async function shake({ world, senders, traffic, verdict }: UnderLoad, engine: PostgresEngine): Promise<void> {
  const breathe = () => world.clock.waitReal(1_200);
  for (const how of ['fast', 'immediate', 'SIGKILL'] as const) {
    traffic.place(PLACED_AT_EACH_RESTART);
    await breathe();
    await engine.server.restart(how);
  }
  await breathe();
  for (let round = 0; round < 5; round += 1) {
    await endSessions(engine, traffic.chance.draw());
    await world.clock.waitReal(300);
  }
  await useUpConnections(engine, 3_000);
  onlyStatuses([0, 200, 503], senders.answers, 'hand-over', verdict);
}

/** About half of the sidecar's sessions, whatever they are doing. */
async function endSessions({ env }: PostgresEngine, from: number): Promise<void> {
  const client = new pg.Client(env['TALLYMAN_DATABASE_URL']);
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name LIKE 'tallyman%' AND pid <> pg_backend_pid() AND (pid % 10) / 10.0 BETWEEN $1 - 0.5 AND $1 + 0.5`,
    [from],
  );
  await client.end();
}

/** Takes every connection the server gives, and ends the sidecar's own so that it has to ask for new ones. */
async function useUpConnections(engine: PostgresEngine, forMs: number): Promise<void> {
  const taken: pg.Client[] = [];
  await endSessions(engine, 0.5);
  for (let tries = 0; tries < 60; tries += 1) {
    const client = new pg.Client(engine.env['TALLYMAN_DATABASE_URL']);
    client.on('error', () => undefined);
    try {
      await client.connect();
      taken.push(client);
    } catch {
      break;
    }
  }
  await new Promise((done) => setTimeout(done, forMs));
  await Promise.all(taken.map((client) => client.end()));
}
