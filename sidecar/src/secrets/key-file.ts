/** The sealing key of an installation without TALLYMAN_SECRET_KEY: a file only its user can read, made once. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const keyFilePath = (dataDir: string): string => join(dataDir, 'secret.key');

/** @returns the key's text, made on first use. @throws when others may read the file. */
export function keyFromFile(dataDir: string, chance: (bytes: number) => Uint8Array): string {
  const path = keyFilePath(dataDir);
  try {
    // 'wx': two processes that start together must not both make a key.
    writeFileSync(path, `${Buffer.from(chance(32)).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Error(`Others may read ${path}. Run: chmod 600 ${path}`);
  }
  return readFileSync(path, 'utf8').trim();
}
