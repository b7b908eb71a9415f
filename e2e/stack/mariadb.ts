import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, run, type Service, startService, waitUntilReady } from './processes.ts';

export type Database = {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: 'root';
  readonly password: '';
  readonly name: 'wordpress';
  readonly socket: string;
};

export type MariaDb = { readonly database: Database; readonly service: Service };

const isRoot = process.getuid?.() === 0;

/** Makes an empty data folder (1 to 2 s), owned by the user that the server will run as. */
export async function createDataDir(dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  await giveToServer(dataDir);
  await run('mariadb-install-db', [
    '--no-defaults',
    ...(isRoot ? ['--user=mysql'] : []),
    `--datadir=${dataDir}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    // The default log of 96 MB would be copied with every snapshot.
    '--innodb-log-file-size=16M',
  ]);
}

/** MariaDB refuses to run as root, so as root the folder belongs to the user mysql. */
export async function giveToServer(dataDir: string): Promise<void> {
  if (isRoot) await run('chown', ['-R', 'mysql:mysql', dataDir]);
}

export async function startMariaDb(runDir: string, dataDir: string): Promise<MariaDb> {
  const port = await freePort();
  const socket = join(dataDir, 'server.sock');
  const service = startService({
    name: 'MariaDB',
    command: 'mariadbd',
    args: [
      '--no-defaults',
      ...(isRoot ? ['--user=mysql'] : []),
      `--datadir=${dataDir}`,
      `--socket=${socket}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--innodb-log-file-size=16M',
      '--innodb-buffer-pool-size=256M',
      // As a shop's own server: a committed order is on the disk.
      '--innodb-flush-log-at-trx-commit=1',
      '--skip-name-resolve',
      '--character-set-server=utf8mb4',
    ],
    logFile: join(runDir, 'logs', 'mariadb.log'),
  });
  const database: Database = { host: '127.0.0.1', port, user: 'root', password: '', name: 'wordpress', socket };
  await waitUntilReady({ service, timeoutMs: 30_000, isReady: () => answers(database) });
  return { database, service };
}

const answers = async (database: Database): Promise<boolean> => {
  await run('mariadb', clientArgs(database, 'SELECT 1'));
  return true;
};

const clientArgs = (database: Database, sql: string): string[] => [
  '--no-defaults',
  `--socket=${database.socket}`,
  '--user=root',
  '--batch',
  '--default-character-set=utf8mb4',
  `--execute=${sql}`,
];

export type Row = Readonly<Record<string, string>>;

/** Runs SQL in the shop's database; every value comes back as text, NULL as the word NULL. */
export async function queryRows(database: Database, sql: string): Promise<readonly Row[]> {
  const { stdout } = await run('mariadb', [...clientArgs(database, sql), database.name]);
  const [header, ...lines] = stdout.split('\n').filter((line) => line !== '');
  if (header === undefined) return [];
  const columns = header.split('\t');
  return lines.map((line) => {
    const values = line.split('\t').map(unescape);
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  });
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '\0', '\\': '\\' };

const unescape = (text: string): string =>
  text.replace(/\\([nt0\\])/g, (_, letter: string) => ESCAPES[letter] ?? letter);

export async function createDatabase(database: Database): Promise<void> {
  const sql = `CREATE DATABASE ${database.name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`;
  await run('mariadb', clientArgs(database, sql));
}
