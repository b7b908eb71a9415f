/**
 * A copy of the compiled sidecar with lines of it changed: how a guard is taken out, or a place to die put in, without a
 * switch in the product. Each text has to be found exactly once, so that a rewritten line fails the run instead of leaving
 * the guard in.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DIST } from './sidecar-process.js';

export interface Change {
  /** Relative to the compiled sidecar: 'http/webhook.js'. */
  file: string;
  find: string;
  put: string;
}

/** @returns the folder of the changed copy. @throws when a text is not there exactly once. */
export function changedSidecar(changes: readonly Change[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tallyman-faults-copy-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const dist = join(folder, 'dist');
  cpSync(DIST, dist, { recursive: true, filter: (path) => !/\.(map|d\.ts|tsbuildinfo)$/.test(path) });
  cpSync(join(DIST, '..', 'package.json'), join(folder, 'package.json'));
  symlinkSync(nodeModules(DIST), join(folder, 'node_modules'));
  for (const { file, find, put } of changes) change(join(dist, file), find, put);
  return dist;
}

function change(file: string, find: string, put: string): void {
  const parts = readFileSync(file, 'utf8').split(find);
  if (parts.length !== 2) throw new Error(`"${find}" stands ${parts.length - 1} times in ${file}, not once.`);
  // Not String.replace: a "$" in the new text would mean something there.
  writeFileSync(file, parts.join(put));
}

function nodeModules(from: string): string {
  const here = join(from, 'node_modules');
  if (existsSync(join(here, 'better-sqlite3'))) return here;
  if (dirname(from) === from) throw new Error('The packages of the sidecar are not installed.');
  return nodeModules(dirname(from));
}
