import { join } from 'node:path';
import { endOfLog, run, type Run } from './processes.ts';
import { PHP_DIR, type ShopFolders } from './wordpress.ts';

const MARKER = '\n#result#';

/**
 * Runs PHP inside the shop, in a process of its own: either code that ends in a `return`, or the path of a file that
 * returns a function. `$args` is what the code gets; what it returns comes back as JSON.
 */
export async function runPhp<T>(folders: ShopFolders, code: string, args: object = {}): Promise<T> {
  const { stdout } = await runScript(folders, 'run.php', { code, args });
  const at = stdout.lastIndexOf(MARKER);
  if (at < 0) throw new Error(`PHP ended early.\n${stdout.slice(-2_000)}\n${endOfLog(folders.phpLog)}`);
  return JSON.parse(stdout.slice(at + MARKER.length)) as T;
}

export async function runScript(folders: ShopFolders, script: string, input: object): Promise<Run> {
  try {
    return await run('php', [...PHP_SETTINGS, join(PHP_DIR, script), folders.wpDir], { input: JSON.stringify(input) });
  } catch (error) {
    // WordPress turns the display of errors off; what went wrong stands in its log.
    throw new Error(`${(error as Error).message}\n${endOfLog(folders.phpLog)}`, { cause: error });
  }
}

const PHP_SETTINGS = ['-d', 'memory_limit=512M', '-d', 'display_errors=stderr', '-d', 'error_reporting=E_ALL'];
