/** The folder of one installation and what lies in it. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const databaseFile = (dataDir: string): string => join(dataDir, 'tallyman.sqlite');
export const accessFile = (dataDir: string): string => join(dataDir, 'local-access.json');

/** Makes it when it is missing, for its user alone. @throws with a sentence when that is impossible. */
export function makeDataFolder(dataDir: string): void {
  try {
    const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (made !== undefined) chmodSync(dataDir, 0o700);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`TALLYMAN_DATA_DIR: the folder ${dataDir} cannot be made (${why}).`, { cause: error });
  }
}
