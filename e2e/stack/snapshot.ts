import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheDir } from './cache.ts';
import { createDatabase, createDataDir, giveToServer, startMariaDb } from './mariadb.ts';
import { runPhp, runScript } from './php.ts';
import { run } from './processes.ts';
import type { StoreSource } from './store-source.ts';
import { alreadyDeleted, deleteAtEnd } from './watchdog.ts';
import { ADMIN, foldersOf, layOutTree, PHP_DIR, writeConfig } from './wordpress.ts';

/** Names and ids of what provision.php made. */
export type Catalogue = {
  readonly products: Readonly<Record<ProductName, number>>;
  readonly pages: Readonly<Record<'checkout' | 'classicCart' | 'classicCheckout', number>>;
  readonly users: Readonly<Record<'clerk' | 'reader' | 'customer', number>>;
};

export type ProductName = 'oakChair' | 'pineTable' | 'woolRug' | 'cushion' | 'cushionSand' | 'cushionMoss' | 'giftCard';

const PROVISION = {
  real: 'provision.php',
  'stand-in': 'provision-stand-in.php',
} as const satisfies Record<StoreSource['kind'], string>;

const DATA = 'data';
const UPLOADS = 'uploads';
const CATALOGUE = 'catalogue.json';

/**
 * Puts the data folder and the uploads of an installed shop into the run folder. The first time it installs that shop,
 * which takes about 5 s, and keeps it in the cache; any change of the versions or of the provisioning makes another one.
 */
export async function restoreInstalledShop(
  source: StoreSource,
  runDir: string,
  say: (line: string) => void,
): Promise<Catalogue> {
  const snapshot = join(cacheDir(), 'installed', await snapshotKey(source));
  if (!existsSync(snapshot)) {
    say('Installing the shop (once; the next start takes a copy) ...');
    await installShop(source, snapshot);
  }
  // What is in use is not forgotten.
  utimesSync(snapshot, new Date(), new Date());
  await run('cp', ['-a', '--reflink=auto', join(snapshot, DATA), join(runDir, DATA)]);
  await giveToServer(join(runDir, DATA));
  const { wpDir } = foldersOf(runDir);
  await run('cp', ['-a', join(snapshot, UPLOADS), join(wpDir, 'wp-content')]);
  return JSON.parse(readFileSync(join(snapshot, CATALOGUE), 'utf8')) as Catalogue;
}

export const dataDirOf = (runDir: string): string => join(runDir, DATA);

async function snapshotKey(source: StoreSource): Promise<string> {
  const { stdout } = await run('mariadbd', ['--version']);
  const hash = createHash('sha256').update(stdout).update(source.wordpress.dir).update(source.woocommerce.dir);
  for (const file of ['install.php', PROVISION[source.kind], '../mariadb.ts']) {
    hash.update(readFileSync(join(PHP_DIR, file)));
  }
  return `${source.wordpress.version}-${source.woocommerce.version}-${hash.digest('hex').slice(0, 12)}`;
}

async function installShop(source: StoreSource, snapshot: string): Promise<void> {
  mkdirSync(join(cacheDir(), 'installed'), { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'tallyman-install-'));
  deleteAtEnd(scratch);
  try {
    // The user mysql has to get in.
    await run('chmod', ['755', scratch]);
    await installInto(scratch, source);
    await keepAs(snapshot, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    alreadyDeleted(scratch);
  }
}

async function installInto(runDir: string, source: StoreSource): Promise<void> {
  const folders = foldersOf(runDir);
  await layOutTree(source, folders);
  await createDataDir(dataDirOf(runDir));
  const { database, service } = await startMariaDb(runDir, dataDirOf(runDir));
  try {
    await createDatabase(database);
    writeConfig(folders, database, { wpCron: 'off', fileChanges: 'refused', hooks: 'unrecorded' });
    await runScript(folders, 'install.php', { adminUser: ADMIN.user, adminPassword: ADMIN.password });
    const catalogue = await runPhp(folders, join(PHP_DIR, PROVISION[source.kind]), { password: ADMIN.password });
    writeFileSync(join(runDir, CATALOGUE), JSON.stringify(catalogue, undefined, 2));
  } finally {
    await service.stop('gently');
  }
}

/** Appears under its name whole or not at all; two runs that install at once both end well. */
async function keepAs(snapshot: string, runDir: string): Promise<void> {
  const half = mkdtempSync(`${snapshot}.half-`);
  await run('cp', ['-a', dataDirOf(runDir), join(foldersOf(runDir).wpDir, 'wp-content', UPLOADS), half]);
  await run('cp', ['-a', join(runDir, CATALOGUE), half]);
  try {
    renameSync(half, snapshot);
  } catch {
    rmSync(half, { recursive: true });
    if (!existsSync(snapshot)) throw new Error(`${snapshot} cannot be written.`);
  }
  forgetOldShops(dirname(snapshot));
}

const KEPT_MS = 7 * 24 * 3_600_000;

/** Each change of the provisioning makes another one of 40 to 70 MB. */
function forgetOldShops(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs < Date.now() - KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
