import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inRoot } from './paths.mjs';
import { mustShow, show } from './processes.mjs';

// This file and what it imports also runs under a Node older than the pinned one: on a fresh clone there is no other.

const PINNED_NODE = inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const MANIFESTS = ['package.json', 'sidecar/package.json', 'admin-ui/package.json', 'e2e/package.json'];

/** Runs `npm install` when node_modules is missing or was made from other manifests. */
export async function ensureNpmPackages() {
  const stamp = stampFile('npm');
  if (isFresh(stamp, [...MANIFESTS, 'package-lock.json'])) return;
  console.log('Installing the npm packages of this repository (about 1 GB, one to two minutes the first time).');
  // Not `npm ci`: it refuses a lock file in which optional packages of other systems are missing.
  await mustShow('npm', ['install', '--no-audit', '--no-fund']);
  if (!existsSync(PINNED_NODE)) {
    throw new Error(
      'npm did not install the pinned Node. Allow install scripts (npm config set ignore-scripts false) and run again.',
    );
  }
  writeStamp(stamp, [...MANIFESTS, 'package-lock.json']);
}

/** Installs the PHP development tools into plugin/vendor. The plugin itself needs none of them. */
export async function ensureComposerPackages() {
  const stamp = stampFile('composer');
  if (existsSync(inRoot('plugin/vendor/autoload.php')) && isFresh(stamp, ['plugin/composer.json'])) return;
  console.log('Installing the PHP development tools into plugin/vendor.');
  await mustShow('composer', ['install', '--no-interaction', '--no-progress'], {
    cwd: inRoot('plugin'),
    env: { ...process.env, COMPOSER_ALLOW_SUPERUSER: '1' },
  });
  writeStamp(stamp, ['plugin/composer.json']);
}

/** Starts the running script again under the pinned Node, unless it runs there already. Does not return in that case. */
export async function continueUnderPinnedNode() {
  if (realpathSync(process.execPath) === realpathSync(PINNED_NODE)) return;
  process.exit(await show(PINNED_NODE, process.argv.slice(1)));
}

/** @param {string} name */
const stampFile = (name) => inRoot('node_modules', '.cache', `installed-${name}`);

/** @param {string} stamp @param {readonly string[]} files */
const isFresh = (stamp, files) => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(files);

/** @param {string} stamp @param {readonly string[]} files */
function writeStamp(stamp, files) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint(files));
}

/** @param {readonly string[]} files */
export function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(existsSync(inRoot(file)) ? readFileSync(inRoot(file)) : 'missing');
  return hash.digest('hex');
}
