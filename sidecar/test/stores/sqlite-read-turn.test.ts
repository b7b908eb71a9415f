/** The questions of one turn share a transaction: they must see what was committed, and nobody must wait for it to end. */
import SqliteDatabase from 'better-sqlite3';
import { readTurnOn } from '../../src/stores/sqlite/read-turn.js';
import { openSqliteStore } from '../../src/stores/sqlite/store.js';
import { NOON } from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';
import { newFile } from './sqlite-file.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a question right before a commit and one right after it see the old and the new', async () => {
  const store = openSqliteStore({ file: newFile(), now: () => NOON });
  const shop = shopOf(store);
  await shop.write([{ write: 'putMeta', key: 'says', value: 'old' }]);
  const before = store.meta('says');
  const written = shop.write([{ write: 'putMeta', key: 'says', value: 'new' }]);
  expect(await before).toBe('old');
  await written;
  expect(await store.meta('says')).toBe('new');
  await store.close();
});

test('what another process has written is seen from the next turn on', async () => {
  const file = newFile();
  const store = openSqliteStore({ file, now: () => NOON });
  await shopOf(store).write([{ write: 'putMeta', key: 'says', value: 'ours' }]);
  const other = new SqliteDatabase(file);
  expect(await store.meta('says')).toBe('ours');
  other.prepare("UPDATE meta SET value = 'theirs'").run();
  await turn();
  expect(await store.meta('says')).toBe('theirs');
  other.close();
  await store.close();
});

test('the transaction is over when the turn is, so that the log can be taken up, and a close in the middle of one is no harm', async () => {
  const db = new SqliteDatabase(newFile());
  const reading = readTurnOn(db);
  reading.open();
  reading.open();
  expect(db.inTransaction).toBe(true);
  await turn();
  expect(db.inTransaction).toBe(false);
  reading.open();
  db.close();
  await turn();
});
