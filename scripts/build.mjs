import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { continueUnderPinnedNode, ensureNpmPackages, fingerprint } from './installed.mjs';
import { inRoot } from './paths.mjs';
import { mustShow } from './processes.mjs';

const STEPS = { sidecar: buildSidecar, screen: buildScreen, pack };

try {
  await ensureNpmPackages();
  await continueUnderPinnedNode();
  const chosen = process.argv.slice(2);
  for (const [name, step] of Object.entries(STEPS)) {
    if (chosen.length === 0 || chosen.includes(name)) await step();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function buildSidecar() {
  // Emptied first: a file deleted in src/ must not live on in what is shipped.
  const sources = fingerprint([...filesUnder('sidecar/src'), 'tsconfig.base.json', 'sidecar/tsconfig.json']);
  if (isBuiltFrom('sidecar/dist', sources)) return;
  rmSync(inRoot('sidecar/dist'), { recursive: true, force: true });
  await mustShow('tsc', ['-b', 'sidecar']);
  for (const file of filesUnder('sidecar/src').filter((path) => path.endsWith('.sql'))) {
    const target = inRoot(file.replace('sidecar/src', 'sidecar/dist'));
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, readFileSync(inRoot(file)));
  }
  markBuilt('sidecar/dist', sources);
}

async function buildScreen() {
  if (!existsSync(inRoot('admin-ui/src'))) throw new Error('admin-ui/src is missing.');
  // webpack takes most of a minute on a small machine, so an unchanged screen is left as it is.
  const sources = fingerprint([...filesUnder('admin-ui/src'), 'admin-ui/package.json', 'package-lock.json']);
  if (isBuiltFrom('plugin/build', sources)) return;
  rmSync(inRoot('plugin/build'), { recursive: true, force: true });
  await mustShow('npm', ['run', '--silent', 'build', '--workspace', 'admin-ui']);
  markBuilt('plugin/build', sources);
}

async function pack() {
  // Loaded only now: they need packages that a fresh clone has not installed before.
  const [{ packPlugin }, { packSidecar }] = await Promise.all([
    import('./pack-plugin.mjs'),
    import('./pack-sidecar.mjs'),
  ]);
  mkdirSync(inRoot('dist'), { recursive: true });
  for (const made of [packPlugin(), await packSidecar()]) console.log(`Made ${made}`);
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  return readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(inRoot().length + 1))
    .sort();
}

/** @param {string} folder */
function markFile(folder) {
  return inRoot(folder, '.built-from');
}

/** @param {string} folder @param {string} sources */
function isBuiltFrom(folder, sources) {
  return existsSync(markFile(folder)) && readFileSync(markFile(folder), 'utf8') === sources;
}

/** @param {string} folder @param {string} sources */
function markBuilt(folder, sources) {
  writeFileSync(markFile(folder), sources);
}
