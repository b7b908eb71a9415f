/** A file of the version before comes through the update with all it means, wherever the update is interrupted. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { causeOf } from '../../src/domain/cause.js';
import { openDatabase } from '../../src/stores/sqlite/database.js';
import { migrate, schemaVersion } from '../../src/stores/sqlite/migrate.js';
import { MIGRATIONS } from '../../src/stores/sqlite/migrations/index.js';
import type { Migration } from '../../src/stores/sqlite/migrations/index.js';
import { openSqliteStore } from '../../src/stores/sqlite/store.js';
import { shopOf } from '../contracts/store/shop.js';
import { newFile } from './sqlite-file.js';
import { aFullShop, asFirstVersion, REFUSED, tablesOf, whatItMeans } from './sqlite-full-shop.js';

const now = (): number => 0;
const CHILD = fileURLToPath(new URL('sqlite-upgrade-child.mjs', import.meta.url));
const [FIRST, SECOND] = MIGRATIONS as [Migration, Migration];
/** What the step is made of; it may be interrupted after each. */
const PARTS = SECOND.sql.split(/;\n/);
const AFTER_EACH_PART = PARTS.map((_, part) => part);

/** The same shop as the present program writes it, and as the first version left it. */
let present: string;
let old: string;
/** All that lies in the old file, and in it after an update that nothing interrupts. */
let atOne: unknown;
let atTwo: unknown;

beforeAll(async () => {
  present = newFile();
  const store = openSqliteStore({ file: present, now });
  await aFullShop(store);
  await store.close();
  old = newFile();
  asFirstVersion(present, old);
  const updated = copyOf(old);
  await openSqliteStore({ file: updated, now }).close();
  [atOne, atTwo] = [contentOf(old), contentOf(updated)];
});

test('an update changes nothing of what the shop is and what happens next', async () => {
  const after = openSqliteStore({ file: copyOf(old), now });
  const asIfNew = openSqliteStore({ file: copyOf(present), now });
  expect(await whatItMeans(after)).toEqual(await whatItMeans(asIfNew));
  await Promise.all([after.close(), asIfNew.close()]);
});

test('what failed before the update is grouped with what fails after it, and a batch keeps its jobs', async () => {
  const file = copyOf(old);
  const db = openDatabase(file);
  db.exec(`UPDATE jobs SET payload = '{"batchId":"b1"}' WHERE state = 'dead'`);
  db.close();
  const store = openSqliteStore({ file, now });
  const shop = shopOf(store);
  const refused = await shop.found({ cause: causeOf(REFUSED) });
  expect(refused).toHaveLength(1);
  expect(await shop.found({ batchId: 'b1', states: ['dead'] })).toEqual(await shop.found({ states: ['dead'] }));
  const next = await shop.jobIn('running');
  await shop.move(next, 'fail', { failure: { ...REFUSED, summary: 'The postcode "9999" is not known.' } });
  expect(await store.failureGroups({ cause: causeOf(REFUSED) }, 10)).toMatchObject([{ count: 2, jobId: next }]);
  await store.close();
});

test.each(AFTER_EACH_PART)('an update that fails after part %i leaves the file as it was', (part) => {
  const file = copyOf(old);
  const db = openDatabase(file);
  expect(() => migrate(db, 0, [FIRST, failingAfter(part)])).toThrow('no such table: nowhere');
  db.close();
  expect(stateOf(file)).toBe('at 1');
  expect(stateAfterUpdating(file)).toBe('at 2');
});

test.each(AFTER_EACH_PART)('a process killed after part %i leaves the file as it was', async (part) => {
  const file = copyOf(old);
  await killedAfter(part, 'whole', file);
  expect(stateOf(file)).toBe('at 1');
  expect(stateAfterUpdating(file)).toBe('at 2');
});

test('without its transaction an interrupted update is found out', async () => {
  const killed = copyOf(old);
  await killedAfter(7, 'piecemeal', killed);
  expect(stateOf(killed)).toBe('between');
  expect(() => stateAfterUpdating(killed)).toThrow('table all_jobs already exists');
  const failed = copyOf(old);
  const db = openDatabase(failed);
  expect(() => db.exec(failingAfter(2).sql)).toThrow('no such table: nowhere');
  db.close();
  expect(stateOf(failed)).toBe('between');
});

test('the program of before the update refuses the file of after it, and leaves it as it is', () => {
  const file = copyOf(old);
  expect(stateAfterUpdating(file)).toBe('at 2');
  const db = openDatabase(file);
  expect(() => migrate(db, 0, [FIRST])).toThrow(
    /written by a newer Tallyman \(its schema is 2, this program knows 1\)/,
  );
  db.close();
  expect(stateOf(file)).toBe('at 2');
});

test('an updated file has the schema of a new one', () => {
  const [updated, fresh] = [openDatabase(copyOf(old)), openDatabase(newFile())];
  for (const db of [updated, fresh]) migrate(db, 0);
  expect(schemaOf(updated)).toEqual(schemaOf(fresh));
  for (const db of [updated, fresh]) db.close();
});

function failingAfter(part: number): Migration {
  const parts = [...PARTS.slice(0, part), 'DELETE FROM nowhere', ...PARTS.slice(part)];
  return { ...SECOND, sql: parts.join(';\n') };
}

async function killedAfter(part: number, how: 'whole' | 'piecemeal', file: string): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', CHILD, file, `${part}`, how], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

function copyOf(file: string): string {
  const copy = newFile();
  copyFileSync(file, copy);
  return copy;
}

function stateAfterUpdating(file: string): ReturnType<typeof stateOf> {
  const db = openDatabase(file);
  try {
    migrate(db, 0);
  } finally {
    db.close();
  }
  return stateOf(file);
}

/** Every table, every row: nothing but the two whole ones counts as whole. */
function stateOf(file: string): 'at 1' | 'at 2' | 'between' {
  const content = JSON.stringify(contentOf(file));
  if (content === JSON.stringify(atOne)) return 'at 1';
  return content === JSON.stringify(atTwo) ? 'at 2' : 'between';
}

function contentOf(file: string): unknown {
  const db = new SqliteDatabase(file);
  const rows = tablesOf(db).map((table) => [table, db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]);
  const content = { version: schemaVersion(db), schema: schemaOf(db), rows };
  db.close();
  return content;
}

function schemaOf(db: Database): unknown {
  return db.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all();
}
