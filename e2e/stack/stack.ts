import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stoppedAtEnd } from './ending.ts';
import { type Database, queryRows, type Row, startMariaDb } from './mariadb.ts';
import { runPhp } from './php.ts';
import type { Service } from './processes.ts';
import { type Catalogue, dataDirOf, restoreInstalledShop } from './snapshot.ts';
import { findStore, type StoreSource, type StoreWish } from './store-source.ts';
import { alreadyDeleted, deleteAtEnd } from './watchdog.ts';
import { portFor, startWeb, type WebServer } from './web.ts';
import { ADMIN, addTallyman, foldersOf, layOutTree, PHP_DIR, type ShopFolders, writeConfig } from './wordpress.ts';

export type Hpos = 'on' | 'off' | 'syncing';

export type StackOptions = {
  readonly store?: StoreWish;
  readonly hpos?: Hpos;
  readonly server?: WebServer;
  readonly wpCron?: 'on' | 'off';
  readonly fileChanges?: 'refused' | 'allowed';
  readonly hooks?: 'recorded' | 'unrecorded';
  readonly tallyman?: 'copied' | 'linked' | 'absent';
  readonly port?: number | 'free';
  readonly say?: (line: string) => void;
};

export type Mail = { readonly at: number; readonly to: string; readonly subject: string; readonly body: string };

export type FiredHook = { readonly hook: string; readonly arguments: readonly (string | number)[] };

export type Stack = {
  readonly url: string;
  readonly admin: { readonly user: string; readonly password: string };
  readonly store: StoreSource;
  readonly catalogue: Catalogue;
  readonly database: Database;
  readonly wpDir: string;
  readonly runDir: string;
  /** Runs PHP in the shop: code ending in a `return`, or the path of a file that returns a function. */
  php<T>(code: string, args?: object): Promise<T>;
  sql(statement: string): Promise<readonly Row[]>;
  mails(): readonly Mail[];
  /** The order hooks fired so far, when `hooks: 'recorded'` was asked for. */
  hooks(): readonly FiredHook[];
  phpLog(): string;
  stop(): Promise<void>;
};

/** A shop of its own: database, web server and folder are this run's alone and are gone after `stop`. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const say = options.say ?? (() => undefined);
  const store = await findStore(options.store ?? wishOfEnvironment(), say);
  say(`The store: ${nameOf(store)}, ${store.found}.`);
  const runDir = makeRunDir();
  const services: Service[] = [];
  const stop = stoppedAtEnd(() => stopAll(runDir, services));
  try {
    return await bringUp({ options, store, runDir, services, stop, say });
  } catch (error) {
    await stop();
    throw error;
  }
}

const wishOfEnvironment = (): StoreWish => (process.env['TALLYMAN_STORE'] === 'standin' ? 'standin' : 'any');

const nameOf = ({ kind, woocommerce, wordpress }: StoreSource): string =>
  kind === 'real'
    ? `WooCommerce ${woocommerce.version} on WordPress ${wordpress.version}`
    : `NOT WooCommerce but its stand-in, on WordPress ${wordpress.version}`;

type Plan = {
  readonly options: StackOptions;
  readonly store: StoreSource;
  readonly runDir: string;
  readonly services: Service[];
  readonly stop: () => Promise<void>;
  readonly say: (line: string) => void;
};

async function bringUp({ options, store, runDir, services, stop, say }: Plan): Promise<Stack> {
  const folders = foldersOf(runDir);
  await layOutTree(store, folders);
  const catalogue = await restoreInstalledShop(store, runDir, say);
  const { database, service } = await startMariaDb(runDir, dataDirOf(runDir));
  services.push(service);
  writeConfig(folders, database, {
    wpCron: options.wpCron ?? 'on',
    fileChanges: options.fileChanges ?? 'refused',
    hooks: options.hooks ?? 'unrecorded',
  });

  const port = await portFor(options.port ?? 'free');
  const tallyman = options.tallyman ?? 'copied';
  if (tallyman !== 'absent') addTallyman(folders, tallyman);
  const url = `http://127.0.0.1:${port}`;
  await openShop(folders, { url, hpos: options.hpos ?? 'on', plugins: tallyman === 'absent' ? [] : [TALLYMAN] });
  const web = await startWeb({ server: options.server ?? 'php', runDir, folders, port });
  services.push(...web.services);

  return {
    url,
    admin: ADMIN,
    store,
    catalogue,
    database,
    wpDir: folders.wpDir,
    runDir,
    php: (code, args) => runPhp(folders, code, args),
    sql: (statement) => queryRows(database, statement),
    mails: () => readLines<Mail>(folders.mailsFile),
    hooks: () => readLines<FiredHook>(folders.hooksFile),
    phpLog: () => (existsSync(folders.phpLog) ? readFileSync(folders.phpLog, 'utf8') : ''),
    stop,
  };
}

const TALLYMAN = 'tallyman/tallyman.php';

type Opening = { readonly url: string; readonly hpos: Hpos; readonly plugins: readonly string[] };

async function openShop(folders: ShopFolders, opening: Opening): Promise<void> {
  const refusals = await runPhp<Record<string, string>>(folders, join(PHP_DIR, 'open.php'), opening);
  for (const [plugin, reason] of Object.entries(refusals)) throw new Error(`${plugin} cannot be activated: ${reason}`);
}

const readLines = <T>(file: string): readonly T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

function makeRunDir(): string {
  const runDir = mkdtempSync(join(tmpdir(), 'tallyman-'));
  // The database and the web server may run as other users than we do.
  chmodSync(runDir, 0o755);
  mkdirSync(join(runDir, 'logs'));
  deleteAtEnd(runDir);
  return runDir;
}

async function stopAll(runDir: string, services: Service[]): Promise<void> {
  // The database's folder is thrown away, so it need not write anything out first.
  await Promise.all(services.map((service) => service.stop(service.name === 'MariaDB' ? 'at once' : 'gently')));
  services.length = 0;
  rmSync(runDir, { recursive: true, force: true });
  alreadyDeleted(runDir);
}
