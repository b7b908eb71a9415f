import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inRoot } from './paths.mjs';
import { mustShow } from './processes.mjs';

/** Sources of native code: the compiled files beside them are what runs. */
const LEFT_OUT = ['better-sqlite3/deps', 'better-sqlite3/src'];
const NOT_SHIPPED = ['.map', '.d.ts', '.d.cts', '.d.mts', '.tsbuildinfo', '.built-from'];

/** Writes dist/tallyman-sidecar-<version>.tgz: with its libraries, so that Node alone runs it, without npm or a network. */
export async function packSidecar() {
  const manifest = readManifest(inRoot('sidecar'));
  const folder = `tallyman-sidecar-${manifest.version}`;
  const staged = inRoot('dist', folder);
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  for (const path of manifest.files)
    cpSync(inRoot('sidecar', path), join(staged, path), { recursive: true, filter: isShipped });
  cpSync(inRoot('LICENSE'), join(staged, 'LICENSE'));
  const shipped = { ...manifest, devDependencies: undefined, scripts: undefined };
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(shipped, null, 2)}\n`);
  for (const library of librariesOf(inRoot('sidecar'))) {
    cpSync(library, join(staged, relative(rootOf(library), library)), {
      recursive: true,
      dereference: true,
      filter: isShipped,
    });
  }
  await mustShow('tar', ['-czf', `${folder}.tgz`, folder], { cwd: inRoot('dist') });
  rmSync(staged, { recursive: true });
  return `dist/${folder}.tgz`;
}

/** @param {string} folder */
const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/**
 * Packages hoisted to the repository's root and those kept in the workspace land in the same node_modules.
 * @param {string} library
 */
const rootOf = (library) => (library.startsWith(inRoot('sidecar', 'node_modules')) ? inRoot('sidecar') : inRoot());

/** @param {string} path */
const isShipped = (path) => ![...NOT_SHIPPED, ...LEFT_OUT].some((end) => path.endsWith(end));

/**
 * The folders of everything `folder` needs at run time, found as Node finds them.
 * @param {string} folder @param {Set<string>} found @returns {Set<string>}
 */
function librariesOf(folder, found = new Set()) {
  const { dependencies = {}, optionalDependencies = {} } = readManifest(folder);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const library = resolveFolder(name, folder);
    if (library === null && name in optionalDependencies) continue;
    if (library === null) throw new Error(`${name}, which ${folder} needs, is not installed: run npm install.`);
    if (found.has(library)) continue;
    found.add(library);
    librariesOf(library, found);
  }
  return found;
}

/** @param {string} name @param {string} from @returns {string | null} */
function resolveFolder(name, from) {
  for (let folder = from; folder.startsWith(inRoot()); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return null;
}
