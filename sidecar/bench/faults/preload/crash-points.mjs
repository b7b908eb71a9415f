/** Loaded before a sidecar with crash points put in (faults/crash-points.ts): at the armed one, the nth time, the process is gone. */
import { readFileSync } from 'node:fs';
import { kill, pid } from 'node:process';

const armed = () => {
  try {
    return JSON.parse(readFileSync(process.env.FAULTS_CRASH_FILE, 'utf8'));
  } catch {
    return null;
  }
};
let hits = 0;

globalThis.crashPoint = (name) => {
  const { point, nth } = armed() ?? {};
  if (name !== point) return;
  hits += 1;
  if (hits === nth) kill(pid, 'SIGKILL');
};
