/** An installation that moves from SQLite to PostgreSQL: nothing is lost on the way, and the old file is not used again. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { databaseFile } from '../../src/cli/data-folder.js';
import { openStore } from '../../src/cli/database.js';
import { migrateStore } from '../../src/cli/migrate-store.js';
import { MOVING } from '../../src/stores/postgres/move-in.js';
import { openSqliteStore } from '../../src/stores/sqlite/store.js';
import { alert, batch, NOON } from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';
import { proxyTo } from './postgres-proxy.js';
import { usePostgres } from './postgres-server.js';
import { aFullShop, whatItMeans } from './sqlite-full-shop.js';

const postgres = usePostgres();
const now = () => NOON;
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A data folder with a shop in which every table has rows, and another one that is the same. */
async function twoFolders(): Promise<[string, string]> {
  const made = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'tallyman-moving-')));
  folders.push(...made);
  const [here, copy] = made as [string, string];
  const store = openSqliteStore({ file: databaseFile(here), now });
  await aFullShop(store);
  const id = await shopOf(store).jobIn('dead', { subject: 'order:"quoted", \\ and ü' });
  await shopOf(store).write([
    { write: 'putBatch', batch: batch({ filter: { states: ['dead'] } }) },
    { write: 'openAlert', alert: alert() },
    { write: 'putMeta', key: 'strange', value: 'NUL \0 here' },
  ]);
  expect(id).toBeGreaterThan(0);
  await store.close();
  copyFileSync(databaseFile(here), databaseFile(copy));
  return [here, copy];
}

function move(dataDir: string, schema: string, url = postgres.server().url) {
  const lines: string[] = [];
  const config = { dataDir, databaseUrl: url, secretKey: null };
  return migrateStore({ config, now, schema, print: (line) => lines.push(line) }).then(() => lines);
}

test('everything is there afterwards and goes on as it would have', async () => {
  const [here, copy] = await twoFolders();
  const schema = postgres.newSchema();
  const lines = await move(here, schema);
  for (const table of Object.keys(MOVING)) {
    expect(lines.find((line) => line.startsWith(table.padEnd(14)))).toMatch(
      / [1-9]\d* {2}sha256 [0-9a-f]{16} {2}same on both sides/,
    );
  }
  const moved = await postgres.open({ schema });
  const stayed = openSqliteStore({ file: databaseFile(copy), now });
  expect([await moved.batches({}, 9), await moved.alerts({}, 9)]).toEqual([
    await stayed.batches({}, 9),
    await stayed.alerts({}, 9),
  ]);
  expect(await whatItMeans(moved)).toEqual(await whatItMeans(stayed));
  expect(await moved.jobs({ failureKind: 'rejected' }, { limit: 9, offset: 0, sort: 'newest' })).toEqual(
    await stayed.jobs({ failureKind: 'rejected' }, { limit: 9, offset: 0, sort: 'newest' }),
  );
  await Promise.all([moved.close(), stayed.close()]);
});

test('the file is kept, and neither started nor moved again', async () => {
  const [here] = await twoFolders();
  await move(here, postgres.newSchema());
  const world = { now, log: () => undefined };
  const start = openStore({ dataDir: here, databaseUrl: null }, world, 'test');
  await expect(start).rejects.toThrow(
    /was moved to the PostgreSQL database postgres on 127\.0\.0\.1:\d+ on 2026-11-23\. Set TALLYMAN_DATABASE_URL/,
  );
  await expect(move(here, postgres.newSchema())).rejects.toThrow(/was moved to .* already/);
});

test('a place that is not empty is refused, both stay as they are, and the file can be used', async () => {
  const [here] = await twoFolders();
  const schema = postgres.newSchema();
  const there = await postgres.open({ schema });
  const id = await shopOf(there).enqueue();
  await expect(move(here, schema)).rejects.toThrow(/is not empty \(there are jobs\)/);
  expect(await shopOf(there).found({})).toEqual([id]);
  await there.close();
  const world = { now, log: () => undefined };
  await (await openStore({ dataDir: here, databaseUrl: null }, world, 'test')).close();
});

test('a row that does not arrive as it was sent: nothing is moved, and the file can be used', async () => {
  const [here] = await twoFolders();
  const schema = postgres.newSchema();
  await (await postgres.open({ schema })).close();
  const client = new pg.Client({ connectionString: postgres.server().url, options: `-c search_path=${schema}` });
  await client.connect();
  await client.query(`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.key_id = NEW.key_id || '?'; RETURN NEW; END $$;
    CREATE TRIGGER spoil BEFORE INSERT ON credentials FOR EACH ROW EXECUTE FUNCTION spoil()`);
  await expect(move(here, schema)).rejects.toThrow(
    'credentials: 1 rows were sent, and 1 that are not the same arrived.',
  );
  expect((await client.query('SELECT id FROM jobs')).rows).toEqual([]);
  await client.end();
  const world = { now, log: () => undefined };
  await (await openStore({ dataDir: here, databaseUrl: null }, world, 'test')).close();
});

test('a sidecar that still runs on the file is named, and nothing is moved', async () => {
  const [here] = await twoFolders();
  const running = openSqliteStore({ file: databaseFile(here), now });
  await expect(move(here, postgres.newSchema())).rejects.toThrow(/already in use by another Tallyman/);
  await running.close();
});

test.each(['delivered', 'lost'] as const)(
  'cut off at the commit (%s): the file waits, and the next try finishes',
  async (packet) => {
    const [here, copy] = await twoFolders();
    const schema = postgres.newSchema();
    const line = await proxyTo(postgres.server().url);
    const cut = line.cutAt({ at: `COMMIT\0`, packet });
    // The steps of the schema have a commit each; theirs are made before.
    await (await postgres.open({ schema })).close();
    await expect(move(here, schema, line.url)).rejects.toThrow(
      /could not be found out\. Run "tallyman migrate-store" again/,
    );
    await cut;
    const world = { now, log: () => undefined };
    await expect(openStore({ dataDir: here, databaseUrl: null }, world, 'test')).rejects.toThrow(/was interrupted/);
    line.shut();
    await expect(move(here, schema, line.url)).rejects.toThrow(/cannot be reached/);
    await expect(openStore({ dataDir: here, databaseUrl: null }, world, 'test')).rejects.toThrow(/was interrupted/);
    line.open();
    const elsewhere = await postgres.server().newDatabase(`elsewhere_${packet}`);
    await expect(move(here, schema, elsewhere)).rejects.toThrow(/was begun on 2026-11-23, and only there/);
    const lines = await move(here, schema, line.url);
    await line.close();
    expect(lines.some((line) => line.includes('had been made before'))).toBe(packet === 'delivered');
    const moved = await postgres.open({ schema });
    const stayed = openSqliteStore({ file: databaseFile(copy), now });
    expect(await whatItMeans(moved)).toEqual(await whatItMeans(stayed));
    await Promise.all([moved.close(), stayed.close()]);
  },
);

test('a move that was made is finished also when its place is named in another way', async () => {
  const [here] = await twoFolders();
  const schema = postgres.newSchema();
  await (await postgres.open({ schema })).close();
  const line = await proxyTo(postgres.server().url);
  const cut = line.cutAt({ at: `COMMIT\0`, packet: 'delivered' });
  await expect(move(here, schema, line.url)).rejects.toThrow(/could not be found out/);
  await cut;
  await line.close();
  expect(await move(here, schema)).toContainEqual(expect.stringContaining('had been made before'));
});

test('a try whose commit is still on its way is waited for, and finished', async () => {
  const [here] = await twoFolders();
  const schema = postgres.newSchema();
  await (await postgres.open({ schema })).close();
  const before = new pg.Client({ connectionString: postgres.server().url, options: `-c search_path=${schema}` });
  await before.connect();
  await before.query(`BEGIN; LOCK TABLE meta IN EXCLUSIVE MODE; INSERT INTO meta VALUES ('moved_from', 'this move')`);
  const config = { dataDir: here, databaseUrl: postgres.server().url, secretKey: null };
  const lines: string[] = [];
  const newId = () => 'this move';
  const moving = migrateStore({ config, now, newId, schema, print: (line) => lines.push(line) });
  const waits = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'tallyman migrate-store' AND wait_event_type = 'Lock'`;
  const watch = new pg.Client({ connectionString: postgres.server().url });
  await watch.connect();
  while ((await watch.query(waits)).rowCount === 0) await new Promise((resolve) => setImmediate(resolve));
  await before.query('COMMIT');
  await moving;
  expect(lines).toContainEqual(expect.stringContaining('had been made before'));
  await Promise.all([before.end(), watch.end()]);
});

test('no table of the schema is forgotten', async () => {
  const schema = postgres.newSchema();
  await (await postgres.open({ schema })).close();
  const client = new pg.Client({ connectionString: postgres.server().url });
  await client.connect();
  const { rows } = await client.query<{ table: string }>(
    'SELECT tablename AS table FROM pg_tables WHERE schemaname = $1',
    [schema],
  );
  await client.end();
  const ofTheMoment = ['buckets', 'leads', 'migrations', 'writers'];
  expect(rows.map(({ table }) => table).sort()).toEqual([...Object.keys(MOVING), ...ofTheMoment].sort());
});
