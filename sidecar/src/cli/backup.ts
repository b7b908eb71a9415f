import { chmodSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Config } from '../config.js';
import { keyFilePath } from '../secrets/key-file.js';
import { databaseFile } from './data-folder.js';
import { databaseName, isShared } from './database.js';
import { CommandFailure } from './local-access.js';

/** In one step: page by page a busy sidecar would make it start over and over. */
const ALL_PAGES = 2 ** 31 - 1;

export async function backup(config: Config, target: string): Promise<number> {
  if (isShared(config)) throw new CommandFailure(byPostgresItself(config));
  const source = databaseFile(config.dataDir);
  if (!existsSync(source))
    throw new CommandFailure(`There is no database in ${config.dataDir}. Name its folder with TALLYMAN_DATA_DIR.`);
  if (existsSync(target)) throw new CommandFailure(`${target} exists already; it is not overwritten.`);
  const db = new Database(source, { readonly: true, fileMustExist: true });
  try {
    await db.backup(target, { progress: () => ALL_PAGES });
  } finally {
    db.close();
  }
  chmodSync(target, 0o600);
  process.stdout.write(`The database is copied to ${target}. ${whereTheKeyIs(config)}\n`);
  return 0;
}

/** A copy made row by row from outside could not be of one moment; PostgreSQL has the tool for it. */
function byPostgresItself(config: Config): string {
  return `The data is in ${databaseName(config)}. Copy it with pg_dump --format=custom --schema=tallyman, and keep TALLYMAN_SECRET_KEY in another place; see docs/postgresql.md.`;
}

/** Together they would open every credential to whoever finds the copy. */
function whereTheKeyIs({ secretKey, dataDir }: Config): string {
  const key = secretKey === null ? `the file ${keyFilePath(dataDir)}` : 'the value of TALLYMAN_SECRET_KEY';
  return `The key that opens its credentials is not in it: keep ${key} in another place. Without the key the credentials have to be entered again.`;
}
