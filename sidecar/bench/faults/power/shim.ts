/** Small libraries loaded in front of the system's, compiled when a run needs them. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @returns the compiled library, made in `folder`. */
export function shim(name: 'disk-log' | 'disk-full', folder: string): string {
  const source = fileURLToPath(new URL(`${name}.c`, import.meta.url));
  const library = join(folder, `${name}.so`);
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread']);
  return library;
}
