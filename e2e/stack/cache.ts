import { homedir } from 'node:os';
import { join } from 'node:path';

/** Stores and installed shops that may be used again. Everything in it can be deleted. */
export const cacheDir = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tallyman');
