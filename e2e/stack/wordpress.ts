import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from './mariadb.ts';
import { run } from './processes.ts';
import type { StoreSource } from './store-source.ts';

export const PHP_DIR = fileURLToPath(new URL('./php', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

export const ADMIN = { user: 'admin', password: 'password' } as const;

export type ShopFolders = {
  readonly wpDir: string;
  readonly mailsFile: string;
  readonly hooksFile: string;
  readonly phpLog: string;
};

export const foldersOf = (runDir: string): ShopFolders => ({
  wpDir: join(runDir, 'wp'),
  mailsFile: join(runDir, 'mails.jsonl'),
  hooksFile: join(runDir, 'hooks.jsonl'),
  phpLog: join(runDir, 'logs', 'php.log'),
});

/** A WordPress tree of its own for this run, with WooCommerce in it. */
export async function layOutTree(source: StoreSource, folders: ShopFolders): Promise<void> {
  await cloneFolder(source.wordpress.dir, folders.wpDir);
  const plugins = join(folders.wpDir, 'wp-content', 'plugins');
  for (const leftover of ['akismet', 'hello.php', 'woocommerce']) {
    rmSync(join(plugins, leftover), { recursive: true, force: true });
  }
  await cloneFolder(source.woocommerce.dir, join(plugins, 'woocommerce'));
  const mustUse = join(folders.wpDir, 'wp-content', 'mu-plugins');
  mkdirSync(mustUse, { recursive: true });
  for (const plugin of ['mails.php', 'hooks.php']) cpSync(join(PHP_DIR, plugin), join(mustUse, plugin));
  mkdirSync(join(folders.wpDir, 'wp-content', 'uploads'), { recursive: true });
}

/** Hard links where the file system allows them: 10,000 files in 0.2 s. WordPress may not change files in this shop. */
async function cloneFolder(from: string, to: string): Promise<void> {
  try {
    await run('cp', ['-al', from, to]);
  } catch {
    rmSync(to, { recursive: true, force: true });
    await run('cp', ['-a', from, to]);
  }
}

const NOT_SHIPPED = new Set(['tests', 'vendor', 'node_modules', '.phpunit.result.cache']);

/** `copied` is what a merchant has; `linked` runs the files of the repository, as the plugin's own tests want it. */
export function addTallyman(folders: ShopFolders, how: 'copied' | 'linked'): void {
  const plugin = process.env['TALLYMAN_PLUGIN_DIR'] || join(REPOSITORY, 'plugin');
  if (!existsSync(join(plugin, 'tallyman.php')))
    throw new Error(`${plugin} is not the plugin: it has no tallyman.php.`);
  const target = join(folders.wpDir, 'wp-content', 'plugins', 'tallyman');
  if (how === 'linked') return symlinkSync(plugin, target);
  cpSync(plugin, target, {
    recursive: true,
    filter: (path) => !NOT_SHIPPED.has(path.slice(plugin.length + 1)),
  });
}

export type ConfigChoices = {
  readonly wpCron: 'on' | 'off';
  readonly fileChanges: 'refused' | 'allowed';
  readonly hooks: 'recorded' | 'unrecorded';
};

export function writeConfig(folders: ShopFolders, database: Database, choices: ConfigChoices): void {
  const constants: Record<string, string | boolean> = {
    DB_NAME: database.name,
    DB_USER: database.user,
    DB_PASSWORD: database.password,
    DB_HOST: `${database.host}:${database.port}`,
    DB_CHARSET: 'utf8mb4',
    DB_COLLATE: '',
    DISABLE_WP_CRON: choices.wpCron === 'off',
    DISALLOW_FILE_MODS: choices.fileChanges === 'refused',
    FS_METHOD: 'direct',
    AUTOMATIC_UPDATER_DISABLED: true,
    // Nothing in a test shop may wait for a host on the internet.
    WP_HTTP_BLOCK_EXTERNAL: true,
    WP_ACCESSIBLE_HOSTS: '127.0.0.1,localhost',
    WP_DEBUG: true,
    WP_DEBUG_LOG: folders.phpLog,
    WP_DEBUG_DISPLAY: false,
    WP_DISABLE_FATAL_ERROR_HANDLER: true,
    TALLYMAN_E2E_MAILS: folders.mailsFile,
    ...(choices.hooks === 'recorded' ? { TALLYMAN_E2E_HOOKS: folders.hooksFile } : {}),
    ...Object.fromEntries(SALTS.map((name) => [name, `${name.toLowerCase()} of a shop that only listens on loopback`])),
  };
  const lines = Object.entries(constants).map(([name, value]) => `define( '${name}', ${phpLiteral(value)} );`);
  const config = [
    '<?php',
    ...lines,
    "$table_prefix = 'wp_';",
    "defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );",
    "require_once ABSPATH . 'wp-settings.php';",
    '',
  ].join('\n');
  writeFileSync(join(folders.wpDir, 'wp-config.php'), config);
  for (const file of [folders.mailsFile, folders.hooksFile]) {
    writeFileSync(file, '');
    // The web server may run as another user than we do.
    chmodSync(file, 0o666);
  }
}

const SALTS = [
  'AUTH_KEY',
  'SECURE_AUTH_KEY',
  'LOGGED_IN_KEY',
  'NONCE_KEY',
  'AUTH_SALT',
  'SECURE_AUTH_SALT',
  'LOGGED_IN_SALT',
  'NONCE_SALT',
] as const;

const phpLiteral = (value: string | boolean): string =>
  typeof value === 'boolean' ? String(value) : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
