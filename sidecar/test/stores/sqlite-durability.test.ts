/** What SQLite alone has: a file, its owner, its schema and its commits. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { openDatabase } from '../../src/stores/sqlite/database.js';
import { GroupCommit } from '../../src/stores/sqlite/group-commit.js';
import { migrate, schemaVersion } from '../../src/stores/sqlite/migrate.js';
import { MIGRATIONS } from '../../src/stores/sqlite/migrations/index.js';
import { recordsOf } from '../../src/stores/sqlite/records.js';
import { slicesOf } from '../../src/stores/sqlite/slices.js';
import { openSqliteStore } from '../../src/stores/sqlite/store.js';
import { NOON } from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';
import { newFile } from './sqlite-file.js';

const now = (): number => NOON;
const FULL = 2;

describe('the file', () => {
  test('every commit is flushed to the disk: synchronous is FULL, in WAL mode', async () => {
    const store = openSqliteStore({ file: newFile(), now });
    expect(store.durability()).toMatchObject({ journalMode: 'wal', synchronous: FULL });
    await store.close();
  });

  test('nobody but its owner can read it, its lock or its side files', async () => {
    const file = newFile();
    const store = openSqliteStore({ file, now });
    await shopOf(store).enqueue();
    for (const name of [file, `${file}.lock`, `${file}-wal`]) expect(statSync(name).mode & 0o077).toBe(0);
    await store.close();
  });

  test('what was applied is there after closing and opening again', async () => {
    const file = newFile();
    const before = openSqliteStore({ file, now });
    const id = await shopOf(before).enqueue({ payload: { from: 'hook' } });
    await before.close();
    const after = openSqliteStore({ file, now });
    expect(await after.job(id)).toMatchObject({ state: 'queued', payload: { from: 'hook' } });
    await after.close();
  });

  test('closing makes durable what still waits, and takes nothing more', async () => {
    const file = newFile();
    const store = openSqliteStore({ file, now });
    const waiting = shopOf(store).enqueue();
    await store.close();
    await expect(shopOf(store).enqueue()).rejects.toThrow('closed');
    const again = openSqliteStore({ file, now });
    expect(await again.job(await waiting)).not.toBeNull();
    await again.close();
  });

  test('a backup made while work goes on can be opened', async () => {
    const store = openSqliteStore({ file: newFile(), now });
    const id = await shopOf(store).enqueue();
    const copy = newFile();
    await Promise.all([store.backup(copy), shopOf(store).enqueue()]);
    const restored = openSqliteStore({ file: copy, now });
    expect(await restored.job(id)).not.toBeNull();
    await Promise.all([store.close(), restored.close()]);
  });
});

describe('the owner', () => {
  test('a second store on the file is refused with a sentence, and let in once the first has closed', async () => {
    const file = newFile();
    const first = openSqliteStore({ file, now });
    expect(() => openSqliteStore({ file, now })).toThrow(/already in use by another Tallyman\. Stop that one first/);
    await shopOf(first).enqueue();
    await first.close();
    await openSqliteStore({ file, now }).close();
  });

  test('the lock of a killed process is gone with it', async () => {
    const file = newFile();
    const library = pathToFileURL(`${process.cwd()}/`).href;
    const script = `
      import { createRequire } from 'node:module';
      const Database = createRequire('${library}')('better-sqlite3');
      const lock = new Database(process.argv[1] + '.lock');
      lock.exec('BEGIN EXCLUSIVE');
      console.log('locked');
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(owner.stdout, 'data');
      expect(() => openSqliteStore({ file, now })).toThrow('already in use');
    } finally {
      owner.kill('SIGKILL');
    }
    await once(owner, 'exit');
    await openSqliteStore({ file, now }).close();
  });
});

describe('the schema', () => {
  test('opening twice migrates once', async () => {
    const file = newFile();
    await openSqliteStore({ file, now }).close();
    await openSqliteStore({ file, now }).close();
    const db = new SqliteDatabase(file);
    expect(db.prepare('SELECT version, name, at FROM migrations').all()).toEqual([
      { version: 1, name: 'first', at: NOON },
      { version: 2, name: 'batches and alerts', at: NOON },
    ]);
    db.close();
  });

  test('a file of a newer Tallyman is refused with a sentence, and left free and unchanged', () => {
    const file = newFile();
    const db = openDatabase(file);
    migrate(db, NOON, [...MIGRATIONS, { version: 900, name: 'future', sql: 'CREATE TABLE future (id INTEGER)' }]);
    db.close();
    const refusal = /written by a newer Tallyman \(its schema is 900, this program knows \d+\)/;
    expect(() => openSqliteStore({ file, now })).toThrow(refusal);
    expect(() => openSqliteStore({ file, now })).toThrow(refusal);
  });

  test('a step that fails leaves nothing of itself and the steps before it', () => {
    const db = openDatabase(newFile());
    const reached = MIGRATIONS.length;
    const broken = {
      version: reached + 1,
      name: 'broken',
      sql: 'CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);',
    };
    expect(() => migrate(db, NOON, [...MIGRATIONS, broken])).toThrow();
    expect(schemaVersion(db)).toBe(reached);
    expect(db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
    migrate(db, NOON, [...MIGRATIONS, { ...broken, sql: 'CREATE TABLE half (id INTEGER)' }]);
    expect(schemaVersion(db)).toBe(reached + 1);
    db.close();
  });

  test('migrations are numbered without holes', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test('the database itself refuses two running jobs of one key', async () => {
    const file = newFile();
    const store = openSqliteStore({ file, now });
    const shop = shopOf(store);
    await shop.enqueue({ orderingKey: 'key' });
    const second = await shop.enqueue({ orderingKey: 'key' });
    await shop.claim();
    await store.close();
    const db = new SqliteDatabase(file);
    const force = db.prepare("UPDATE jobs SET state = 'running', head = 1, ready = 0, lease_until = 1 WHERE id = ?");
    expect(() => force.run(second)).toThrow(/UNIQUE/);
    db.close();
  });
});

describe('group commit', () => {
  /** Counts what reaches the database. */
  function counted() {
    const statements: string[] = [];
    const db = new SqliteDatabase(newFile(), { verbose: (sql) => statements.push(String(sql)) });
    db.exec('CREATE TABLE notes (note TEXT NOT NULL) STRICT');
    const undone: number[] = [];
    const commits = new GroupCommit(db, { undone: () => undone.push(statements.length) });
    const add = db.prepare<[string]>('INSERT INTO notes (note) VALUES (?)');
    const notes = () => db.prepare('SELECT note FROM notes').pluck().all();
    return { db, commits, statements, undone, notes, note: (text: string) => commits.run(() => add.run(text)) };
  }

  test('all work of one turn shares one commit', async () => {
    const { statements, note, notes, db } = counted();
    await Promise.all(Array.from({ length: 64 }, (_, n) => note(`${n}`)));
    expect(statements.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
    expect(notes()).toHaveLength(64);
    db.close();
  });

  test('nobody is answered before the commit', async () => {
    const { commits, db } = counted();
    const inside = await commits.run(() => db.inTransaction);
    expect([inside, db.inTransaction]).toEqual([true, false]);
    db.close();
  });

  test('work that throws undoes itself alone', async () => {
    const { commits, db, note, notes, undone } = counted();
    const bad = commits.run(() => {
      db.exec("INSERT INTO notes (note) VALUES ('half')");
      throw new Error('no');
    });
    const answers = await Promise.allSettled([note('before'), bad, note('after')]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(notes()).toEqual(['before', 'after']);
    // Once with all the others, and once alone.
    expect(undone).toHaveLength(2);
    db.close();
  });

  test('work that keeps books of its own is done once, also beside work that throws', async () => {
    const { commits, db, notes, note } = counted();
    let taken = 0;
    const books = commits.run(() => {
      taken += 1;
      db.exec("INSERT INTO notes (note) VALUES ('counted')");
    }, 'once');
    const bad = commits.run(() => {
      throw new Error('no');
    });
    await Promise.allSettled([books, bad, note('beside')]);
    expect([taken, notes()]).toEqual([1, ['counted', 'beside']]);
    db.close();
  });

  test('when nobody throws no unit pays for a savepoint', async () => {
    const { statements, note, db } = counted();
    await Promise.all([note('a'), note('b')]);
    expect(statements.filter((sql) => sql.startsWith('SAVEPOINT'))).toEqual([]);
    db.close();
  });

  test('when the commit itself fails nobody is told that it held', async () => {
    const { db, commits, note, notes, undone } = counted();
    db.exec(
      'CREATE TABLE owners (id INTEGER PRIMARY KEY); CREATE TABLE things (owner INTEGER REFERENCES owners (id) DEFERRABLE INITIALLY DEFERRED)',
    );
    db.pragma('foreign_keys = ON');
    const orphan = commits.run(() => db.exec('INSERT INTO things (owner) VALUES (7)'));
    const answers = await Promise.allSettled([note('beside'), orphan]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([notes(), undone]).toEqual([[], [expect.any(Number)]]);
    await note('later');
    expect(notes()).toEqual(['later']);
    db.close();
  });

  test('a command on many rows commits in slices that end after 500 rows or 10 ms', async () => {
    const { db, commits, statements } = counted();
    const run = async (rows: number, msPerRow: number): Promise<number> => {
      let left = rows;
      let elapsed = 0;
      const slices = slicesOf(commits, () => elapsed);
      const start = statements.length;
      const handled = await slices.each(
        Number.MAX_SAFE_INTEGER,
        (most) => Array.from({ length: Math.min(most, left) }, (_, n) => n),
        () => {
          left -= 1;
          elapsed += msPerRow;
        },
      );
      expect(handled).toHaveLength(rows);
      return statements.slice(start).filter((sql) => sql === 'COMMIT').length;
    };
    expect(await run(1200, 0)).toBe(3);
    expect(await run(25, 1)).toBe(3);
    db.close();
  });
});

test('a claim reads its own indexes only, whatever waits behind', () => {
  const db = openDatabase(newFile());
  migrate(db, NOON);
  const plan = (sql: string) =>
    (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail).join('; ');
  const source = readFileSync(new URL('../../src/stores/sqlite/claims.ts', import.meta.url), 'utf8');
  const selects = [...source.matchAll(/SELECT id FROM jobs INDEXED BY jobs_ready[^`]*/g)].map(([text]) =>
    plan(text.replaceAll('${VALUE}', '1').replaceAll('?', '1')),
  );
  expect(selects).toHaveLength(2);
  for (const used of selects) {
    expect(used).toMatch(/SEARCH jobs USING (COVERING )?INDEX jobs_ready/);
    expect(used).not.toMatch(/TEMP B-TREE|SCAN/);
  }
  db.close();
});

test('records of one order are looked up, not searched for among all', async () => {
  const asked: string[] = [];
  const db = openDatabase(newFile());
  migrate(db, NOON);
  const select = (text: string): never[] => (asked.push(text), []);
  await recordsOf(db, select).reads.records({ connectionId: 'c', type: 'shipment', lookup: '7', limit: 500 });
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${asked[0]?.replaceAll(/@\w+/g, '1')}`).all() as { detail: string }[];
  expect(plan[0]?.detail).toMatch(
    /SEARCH records USING INDEX records_by_lookup \(connection_id=\? AND type=\? AND lookup=\?\)/,
  );
  db.close();
});
