/** A server that restarts, kills its sessions, is full or cannot be reached: nothing is lost, nothing is done twice, and all goes on by itself. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../../scripts/postgres.mjs';
import type { PostgresEnd } from '../../../scripts/postgres.mjs';
import { UnknownOutcome } from '../../src/stores/postgres/trouble.js';
import type { PostgresStore } from '../../src/stores/postgres/store.js';
import { MINUTE, newAttempt, newJob, NOON, orderRecord } from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';
import { proxyTo } from './postgres-proxy.js';
import type { Write } from '../../src/stores/store.js';
import { usePostgres } from './postgres-server.js';

const postgres = usePostgres({ max_connections: 30 });

/** What became of each job that was handed in, by its subject. */
type Told = Map<string, 'applied' | 'refused' | 'unknown'>;

async function handIn(store: PostgresStore, subject: `order:${string}`, told: Told): Promise<void> {
  const enqueue = { write: 'enqueue', job: newJob({ subject }), onDead: 'revive' } as const;
  const note = { write: 'insertActivity', activity: activityOf(subject) } as const;
  try {
    await store.apply({ now: NOON, guards: [], writes: [enqueue, note] });
    told.set(subject, 'applied');
  } catch (error) {
    told.set(subject, error instanceof UnknownOutcome ? 'unknown' : 'refused');
  }
}

function activityOf(subject: string) {
  return {
    orgId: 'anvil',
    connectionId: null,
    jobId: null,
    subject,
    who: 'test',
    what: 'sent',
    why: null,
    before: null,
    after: null,
  };
}

/** Hands in jobs from several sides until `isOver`. */
async function storm(store: PostgresStore, told: Told, isOver: () => boolean): Promise<void> {
  let count = 0;
  const sender = async (): Promise<void> => {
    while (!isOver()) await handIn(store, `order:${(count += 1)}`, told);
  };
  await Promise.all(Array.from({ length: 16 }, sender));
}

/** Nothing that was acknowledged is missing, nothing is there twice, nothing that was refused is there. */
async function expectEachOnce(store: PostgresStore, told: Told, atLeast = 50): Promise<void> {
  const { rows } = await store.jobs({}, { limit: 100_000, offset: 0, sort: 'oldest' });
  const activity = await store.activity({}, 100_000);
  const times = (list: readonly { subject: string }[]): Map<string, number> => {
    const counted = new Map<string, number>();
    for (const { subject } of list) counted.set(subject, (counted.get(subject) ?? 0) + 1);
    return counted;
  };
  const [jobs, notes] = [times(rows), times(activity)];
  const wrong = [...told].filter(([subject, answer]) => {
    const found = [jobs.get(subject) ?? 0, notes.get(subject) ?? 0] as const;
    if (found[0] !== found[1] || found[0] > 1) return true;
    return answer !== 'unknown' && found[0] !== (answer === 'applied' ? 1 : 0);
  });
  expect(wrong).toEqual([]);
  expect([...told.values()].filter((answer) => answer === 'applied').length).toBeGreaterThan(atLeast);
}

describe('the server', () => {
  test.each<PostgresEnd>(['fast', 'immediate', 'SIGKILL'])(
    'restarted under load (%s): each job is there once',
    async (how) => {
      const store = await postgres.open();
      const told: Told = new Map();
      let restarts = 0;
      const storming = storm(store, told, () => restarts === 3);
      while (restarts < 3) {
        await until(() => told.size > (restarts + 1) * 100);
        await postgres.server().restart(how);
        restarts += 1;
      }
      await storming;
      await expectEachOnce(store, told);
      await store.close();
    },
  );

  test('sessions killed at random while jobs come, are claimed and settled: each runs once', async () => {
    const store = await postgres.open();
    const told: Told = new Map();
    let kills = 0;
    const storming = storm(store, told, () => kills === 60);
    const working = work(store, () => kills === 60);
    while (kills < 60) {
      // Somebody has to get something done in between.
      await until(() => told.size > kills * 5);
      await sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tallyman%' ORDER BY random() LIMIT 2",
      );
      kills += 1;
    }
    await storming;
    const settled = await working;
    await expectEachOnce(store, told);
    for (const [id, answer] of settled) {
      const attempts = (await store.attempts(id)).length;
      if (answer === 'applied') expect([id, attempts, await shopOf(store).state(id)]).toEqual([id, 1, 'done']);
      else expect(attempts).toBeLessThanOrEqual(1);
    }
    expect(settled.size).toBeGreaterThan(20);
    await store.close();
  });

  test('with no place for another session the answer comes in time, and work goes on when there is one', async () => {
    const store = await postgres.open({ patienceMs: 400 });
    const told: Told = new Map();
    await sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tallyman%'");
    const others = await fillUp();
    await expect(shopOf(store).enqueue()).rejects.toThrow(/cannot be reached\. Nothing was changed\./);
    await expect(store.connections()).rejects.toThrow(/cannot be reached/);
    await expect(shopOf(store).claim()).rejects.toThrow(/cannot be reached/);
    await Promise.all(others.map((client) => client.end()));
    await handIn(store, 'order:1', told);
    expect(told.get('order:1')).toBe('applied');
    expect(await shopOf(store).claim()).toHaveLength(1);
    await store.close();
  });

  test('questions that all wait for the same few connections are answered in time', async () => {
    const store = await postgres.open({ readers: 1, patienceMs: 400 });
    const slow = sql('SELECT pg_advisory_lock(1); LOCK TABLE pg_class');
    await slow;
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => store.connections()));
    expect(answers.every(({ status }) => status === 'fulfilled')).toBe(true);
    await store.close();
  });

  test('whoever holds what a unit needs is waited for, and then it is said', async () => {
    const schema = postgres.newSchema();
    const store = await postgres.open({ schema, patienceMs: 400 });
    const id = await shopOf(store).enqueue();
    const holder = new pg.Client({ connectionString: postgres.server().url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query(`UPDATE ${schema}.jobs SET origin = 'held' WHERE id = $1`, [id]);
    await expect(shopOf(store).move(id, 'cancel')).rejects.toThrow(/too busy with others.*Nothing was changed/);
    await holder.query('COMMIT');
    expect((await shopOf(store).move(id, 'cancel')).applied).toBe(true);
    await holder.end();
    await store.close();
  });
});

describe('the line', () => {
  test.each(['delivered', 'lost'] as const)(
    'cut while a commit is sent (%s): the unit is applied once and acknowledged',
    async (packet) => {
      const line = await proxyTo(postgres.server().url);
      const store = await postgres.open({ url: line.url });
      for (let round = 0; round < 5; round += 1) {
        const subject = `order:${round}` as const;
        const cut = line.cutAt({ at: 'COMMIT', packet });
        const id = await shopOf(store).enqueue({ subject });
        await cut;
        expect(await shopOf(store).found({ subject })).toEqual([id]);
      }
      await store.close();
      await line.close();
    },
  );

  test('cut while the end of a run is committed: one attempt, and the job is done', async () => {
    const line = await proxyTo(postgres.server().url);
    const store = await postgres.open({ url: line.url });
    for (const packet of ['delivered', 'lost'] as const) {
      const id = await shopOf(store).enqueue();
      const [job] = await shopOf(store).claim();
      const cut = line.cutAt({ at: 'COMMIT', packet });
      expect((await settle(store, id, job!.fence)).applied).toBe(true);
      await cut;
      expect(await store.attempts(id)).toHaveLength(1);
      expect(await shopOf(store).state(id)).toBe('done');
    }
    await store.close();
    await line.close();
  });

  test('cut for good while a commit is sent: it is said that nobody knows, and nothing is tried again', async () => {
    const line = await proxyTo(postgres.server().url);
    const store = await postgres.open({ url: line.url, patienceMs: 400 });
    const cut = line.cutAt({ at: 'COMMIT', packet: 'delivered' }).then(() => line.shut());
    await expect(shopOf(store).enqueue({ subject: 'order:1' })).rejects.toThrow(UnknownOutcome);
    await cut;
    line.open();
    await shopOf(store).enqueue({ subject: 'order:2' });
    expect(await shopOf(store).found({ subject: 'order:1' })).toHaveLength(1);
    await store.close();
    await line.close();
  });

  test('a lost session takes no other unit of the group along, and what comes after it goes through', async () => {
    const line = await proxyTo(postgres.server().url);
    const store = await postgres.open({ url: line.url });
    const cut = line.cutAt({ at: 'lock_all_names', packet: 'lost' });
    const ids = await Promise.all(Array.from({ length: 20 }, () => shopOf(store).enqueue()));
    await cut;
    expect(new Set(ids).size).toBe(20);
    expect(await shopOf(store).found({})).toHaveLength(20);
    await store.close();
    await line.close();
  });
});

describe('one of a group', () => {
  test('a unit the database refuses is refused alone', async () => {
    const store = await postgres.open();
    const shop = shopOf(store);
    const bad = shop.enqueue({ priority: 10 ** 12 });
    const answers = await Promise.allSettled([shop.enqueue(), bad, shop.enqueue(), shop.enqueue()]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await shop.found({})).toHaveLength(3);
    await store.close();
  });

  test('what it says of trouble holds no values', async () => {
    const store = await postgres.open();
    const failed: unknown = await shopOf(store)
      .enqueue({ priority: 10 ** 12, subject: 'order:secret' })
      .catch((error: unknown) => error);
    expect(String(failed)).toMatch(/database refused.*\(22003\)/);
    expect(String(failed)).not.toMatch(/secret|1000000000000/);
    await store.close();
  });
});

test('a full disk: said at once and nothing changed; room again: all goes on', async () => {
  const small = smallDisk();
  if (small === null) return void console.warn('Not run: making a small disk takes root and mount(8).');
  try {
    const server = await startPostgres({
      folder: small.folder,
      settings: { max_wal_size: '32MB', min_wal_size: '32MB' },
    });
    const store = await postgres.open({ url: server.url });
    const told: Told = new Map();
    await handIn(store, 'order:1', told);
    small.fill();
    let refusal: unknown = null;
    for (let n = 0; refusal === null && n < 2_000; n += 1)
      refusal = await storeLarge(store, n).catch((error: unknown) => error);
    expect(String(refusal)).toMatch(/its disk is full or fails\. Nothing was changed\. \(53100\)/);
    expect(await store.connections()).toEqual([]);
    small.makeRoom();
    await handIn(store, 'order:2', told);
    expect([...told.values()]).toEqual(['applied', 'applied']);
    expect(await shopOf(store).claim()).toHaveLength(2);
    await store.close();
    await server.stop();
  } finally {
    small.remove();
  }
}, 60_000);

/** Text that no compression makes small. */
async function storeLarge(store: PostgresStore, n: number): Promise<null> {
  const body = {
    text: Array.from({ length: 900 }, (_, at) => ((n + 1) * (at + 7) * 2_654_435_761).toString(36)).join(''),
  };
  const write: Write = {
    write: 'putRecord',
    record: orderRecord({ remoteId: `large ${n}`, body }),
    authoritative: 'yes',
    onNew: [],
    onTie: [],
  };
  await store.apply({ now: NOON, guards: [], writes: [write] });
  return null;
}

function smallDisk() {
  if (process.getuid?.() !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'tallyman-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=110m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  chmodSync(folder, 0o755);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    /** Leaves a little, so that the server's own files find room. */
    fill() {
      const free = Number(execFileSync('df', ['--output=avail', '-B1', folder], { encoding: 'utf8' }).split('\n')[1]);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, free - 1_500_000)));
    },
    makeRoom: () => rmSync(ballast),
    remove() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function settle(store: PostgresStore, id: number, fence: number) {
  const attempt = { write: 'insertAttempt', attempt: newAttempt(id, { fence }) } as const;
  const move = { write: 'moveJob', jobId: id, move: 'succeed', patch: {} } as const;
  return store.apply({ now: NOON, guards: [{ guard: 'fence', jobId: id, fence }], writes: [attempt, move] });
}

/** A worker that goes on whatever the store says. */
async function work(store: PostgresStore, isOver: () => boolean): Promise<Map<number, string>> {
  const settled = new Map<number, string>();
  while (!isOver()) {
    const jobs = await shopOf(store)
      .claim({ leaseMs: 60 * MINUTE, most: 20 })
      .catch(() => []);
    await Promise.all(
      jobs.map(async ({ id, fence }) => {
        const answer = await settle(store, id, fence).catch((error: unknown) => error);
        settled.set(
          id,
          answer instanceof Error ? 'error' : (answer as { applied: boolean }).applied ? 'applied' : 'refused',
        );
      }),
    );
  }
  return settled;
}

/** Takes every place the server has. */
async function fillUp(): Promise<pg.Client[]> {
  const clients: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: postgres.server().url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      clients.push(client);
    } catch {
      return clients;
    }
  }
}

async function sql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.server().url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
