import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure } from '../../sidecar/bench/speed/figures.ts';

const ENGINE = fileURLToPath(new URL('../../sidecar/bench/speed.ts', import.meta.url));
const TYPESCRIPT_SOURCE = new URL('../../scripts/typescript-source.mjs', import.meta.url).href;

export type EngineFigures = {
  readonly figures: readonly Figure[];
  /** Benches that broke off. */
  readonly broken: readonly { readonly ids: string; readonly why: string }[];
};

/** The engine's figures, measured by a process of its own; `args` say which and how long. */
export function engine(args: readonly string[]): Promise<EngineFigures> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', TYPESCRIPT_SOURCE, ENGINE, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const kill = () => child.kill('SIGTERM');
    process.once('exit', kill);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', kill);
      const last = text.trim().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve(JSON.parse(last) as EngineFigures);
      else reject(new Error(`The engine's bench ended with ${code} and without figures.`));
    });
  });
}
