import { zipSync } from 'fflate';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot } from './paths.mjs';

/** What a shop installs; tests and development tools stay behind. */
const SHIPPED = ['tallyman.php', 'uninstall.php', 'readme.txt', 'src', 'build', 'assets', 'languages'];
const REQUIRED = ['tallyman.php', 'uninstall.php', 'readme.txt', 'src', 'build'];

// The same sources give the same bytes, so that two builds can be compared.
const FIXED_TIME = new Date('2000-01-01T12:00:00Z');

/** Writes dist/tallyman.zip, which WordPress installs as it is. */
export function packPlugin() {
  const missing = REQUIRED.filter((path) => !existsSync(inRoot('plugin', path)));
  if (missing.length > 0) throw new Error(`plugin/ lacks ${missing.join(', ')}: no zip was made.`);
  /** @type {Record<string, Uint8Array>} */
  const files = { 'tallyman/LICENSE': readFileSync(inRoot('LICENSE')) };
  for (const path of SHIPPED.flatMap(filesOf)) files[`tallyman/${path}`] = readFileSync(inRoot('plugin', path));
  writeFileSync(inRoot('dist/tallyman.zip'), zipSync(files, { level: 9, mtime: FIXED_TIME }));
  return 'dist/tallyman.zip';
}

/** @param {string} path @returns {string[]} */
function filesOf(path) {
  const full = inRoot('plugin', path);
  if (!existsSync(full)) return [];
  if (path.includes('.')) return [path];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.map'))
    .map((entry) => relative(inRoot('plugin'), join(entry.parentPath, entry.name)))
    .sort();
}
