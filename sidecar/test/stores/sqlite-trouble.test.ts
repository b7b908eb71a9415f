/** The file is held by somebody else, or the disk is full: nobody is told that something is kept when it is not. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Database } from 'better-sqlite3';
import { openDatabase, readyForWork } from '../../src/stores/sqlite/database.js';
import { GroupCommit } from '../../src/stores/sqlite/group-commit.js';
import { migrate } from '../../src/stores/sqlite/migrate.js';
import { openSqliteStore, storeOn } from '../../src/stores/sqlite/store.js';
import type { Applied, Store } from '../../src/stores/store.js';
import { newDelivery, newJob, NOON } from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';
import { newFile } from './sqlite-file.js';

const LIBRARY = createRequire(import.meta.url).resolve('better-sqlite3');

/** Another process in the middle of a write, until it is told to go. */
async function intruderOn(file: string) {
  const script = `
    import { createRequire } from 'node:module';
    const db = new (createRequire(import.meta.url)(${JSON.stringify(LIBRARY)}))(${JSON.stringify(file)});
    db.exec('BEGIN IMMEDIATE');
    console.log('in the middle');
    process.stdin.once('data', () => { db.exec('ROLLBACK'); db.close(); process.exit(0); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async leaves(): Promise<void> {
      child.stdin.write('go\n');
      await once(child, 'exit');
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('another process writes to the file', () => {
  test('work waits for it, reads and the event loop go on, and then all of it is done in its order', async () => {
    const file = newFile();
    const store = openSqliteStore({ file, now: () => NOON });
    const shop = shopOf(store);
    const known = await shop.enqueue();
    const intruder = await intruderOn(file);
    const done: string[] = [];
    const waiting = ['a', 'b', 'c'].map(async (key) => {
      await shop.write([{ write: 'putMeta', key: 'last', value: key }]);
      done.push(key);
    });
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(await shop.state(known)).toBe('queued');
    expect([done, await store.meta('last')]).toEqual([[], null]);
    await intruder.leaves();
    await Promise.all(waiting);
    expect([done, await store.meta('last')]).toEqual([['a', 'b', 'c'], 'c']);
    await store.close();
  });

  test('whoever has waited long enough is told that nothing was kept, and the next is served', async () => {
    const file = newFile();
    const db = openDatabase(file);
    readyForWork(db);
    db.exec('CREATE TABLE notes (note TEXT) STRICT');
    const commits = new GroupCommit(db, { undone: () => undefined }, { tries: 3, againMs: 1 });
    const note = (text: string) => commits.run(() => db.prepare('INSERT INTO notes VALUES (?)').run(text));
    const intruder = await intruderOn(file);
    const answers = await Promise.allSettled(Array.from({ length: 600 }, (_, n) => note(`${n}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(answers[0]).toMatchObject({ reason: { code: 'SQLITE_BUSY' } });
    await intruder.leaves();
    await note('after');
    expect(db.prepare('SELECT note FROM notes').pluck().all()).toEqual(['after']);
    db.close();
  });

  test('a store that is closed meanwhile does not wait for ever', async () => {
    const file = newFile();
    const store = openSqliteStore({ file, now: () => NOON });
    const intruder = await intruderOn(file);
    const late = shopOf(store).write([{ write: 'putMeta', key: 'late', value: '' }]);
    await Promise.all([expect(late).rejects.toMatchObject({ code: 'SQLITE_BUSY' }), store.close()]);
    await intruder.leaves();
    const again = openSqliteStore({ file, now: () => NOON });
    expect(await again.meta('late')).toBeNull();
    await again.close();
  });
});

describe('the disk is full', () => {
  /** A file that may not grow beyond a few pages. */
  function crampedStore(): { store: Store; db: Database; room(pages: number): void } {
    const db = openDatabase(newFile());
    migrate(db, NOON);
    readyForWork(db);
    const used = Number(db.pragma('page_count', { simple: true }));
    const room = (pages: number): void => void db.pragma(`max_page_count = ${used + pages}`);
    const store = storeOn(
      db,
      () => 0,
      () => undefined,
    );
    return { store, db, room };
  }

  /** A call as it comes in: the delivery and its job are one unit. */
  async function receive(store: Store, n: number): Promise<Applied> {
    const body = new Uint8Array(3_000).fill(n);
    const delivery = newDelivery({ dedupeKey: `hook-${n}`, body });
    const job = newJob({ subject: `order:${n}` });
    const writes = [
      { write: 'insertDelivery', delivery },
      { write: 'enqueue', job, onDead: 'leave' },
    ] as const;
    return store.apply({ now: NOON, guards: [], writes: [...writes] });
  }

  async function kept(store: Store): Promise<{ deliveries: string[]; jobs: string[] }> {
    const deliveries = await store.deliveries({}, 1000);
    const { rows } = await store.jobs({}, { limit: 1000, offset: 0, sort: 'oldest' });
    return {
      deliveries: deliveries.map(({ dedupeKey }) => dedupeKey).sort(),
      jobs: rows.map(({ subject }) => subject.replace('order:', 'hook-')).sort(),
    };
  }

  test.each([1, 40])(
    'what was promised is there whole, what was not is not there at all, and with room again it goes on (%i at a time)',
    async (atATime) => {
      const { store, db, room } = crampedStore();
      room(30);
      const promised: string[] = [];
      const refused: number[] = [];
      for (let first = 0; first < 80; first += atATime) {
        const calls = Array.from({ length: atATime }, (_, n) => first + n);
        const answers = await Promise.allSettled(calls.map((n) => receive(store, n)));
        answers.forEach((answer, n) => {
          if (answer.status === 'fulfilled') return void promised.push(`hook-${first + n}`);
          expect(answer.reason).toMatchObject({ code: 'SQLITE_FULL' });
          refused.push(first + n);
        });
      }
      expect(refused.length).toBeGreaterThan(0);
      expect(await kept(store)).toEqual({ deliveries: promised.toSorted(), jobs: promised.toSorted() });
      room(1000);
      for (const n of refused) expect((await receive(store, n)).applied).toBe(true);
      expect((await kept(store)).jobs).toHaveLength(80);
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      await store.close();
    },
  );

  test('a full disk neither loses nor doubles what is claimed', async () => {
    const { store, room } = crampedStore();
    const shop = shopOf(store);
    for (let n = 0; n < 20; n += 1) await receive(store, n);
    room(0);
    const claimed = await Promise.allSettled([shop.claimIds({ most: 5 }), shop.claimIds({ most: 5 })]);
    const given = claimed.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    room(1000);
    given.push(...(await shop.claimIds()));
    expect(given).toHaveLength(20);
    expect(new Set(given).size).toBe(20);
    await store.close();
  });
});
