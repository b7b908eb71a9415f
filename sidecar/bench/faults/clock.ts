/** Time for a run: the machine's, or one that goes faster, in the sidecar (preload/fast-clock.mjs) and the simulators alike. */
import { fileURLToPath } from 'node:url';
import type { SidecarOptions } from './sidecar-process.js';

export interface Clock {
  now(): number;
  /** How many times as fast as the machine's. */
  speed: number;
  /** When both showed the same, epoch ms. */
  origin: number;
  /** What the sidecar needs to keep the same time. */
  sidecar: Required<Pick<SidecarOptions, 'env' | 'preload'>>;
  /** Real milliseconds. */
  waitReal(ms: number): Promise<void>;
  /** Milliseconds of this clock. */
  wait(ms: number): Promise<void>;
}

const PRELOAD = fileURLToPath(new URL('preload/fast-clock.mjs', import.meta.url));

export function clockOf(speed: number): Clock {
  const origin = Date.now();
  const waitReal = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
  const env = { FAULTS_CLOCK_SPEED: String(speed), FAULTS_CLOCK_ORIGIN: String(origin) };
  return {
    speed,
    origin,
    now: () => Math.round(origin + (Date.now() - origin) * speed),
    sidecar: speed === 1 ? { env: {}, preload: [] } : { env, preload: [PRELOAD] },
    waitReal,
    wait: (ms) => waitReal(ms / speed),
  };
}
