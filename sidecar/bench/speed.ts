/**
 * `npm run bench` starts this for the engine's figures; alone: `node --import ./scripts/typescript-source.mjs sidecar/bench/speed.ts`.
 * Ours and the others in turns, each in a process of its own, all on the loopback; nothing runs on after it.
 */
import { parseArgs } from 'node:util';
import { bulk } from './speed/bulk.ts';
import { claiming } from './speed/claiming.ts';
import { fairness } from './speed/fairness.ts';
import type { Figure } from './speed/figures.ts';
import { Lab, SIZES } from './speed/lab.ts';
import { latency } from './speed/latency.ts';
import { memory } from './speed/memory.ts';
import { ensurePeers, peerVersions } from './speed/peers.ts';
import { processing } from './speed/processing.ts';
import { requests } from './speed/requests.ts';
import { restart } from './speed/restart.ts';
import { sharing } from './speed/sharing.ts';

interface Bench {
  ids: readonly string[];
  run(lab: Lab): Promise<Figure[]>;
}

const BENCHES: readonly Bench[] = [
  { ids: ['P1', 'P2', 'P3'], run: requests },
  { ids: ['P5', 'P6'], run: processing },
  { ids: ['P9'], run: latency },
  { ids: ['P10'], run: claiming },
  { ids: ['P11'], run: bulk },
  { ids: ['P12'], run: sharing },
  { ids: ['P16'], run: restart },
  { ids: ['P17'], run: fairness },
  { ids: ['P19'], run: memory },
];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    // Names in --only that are none of ours: who started this measures them.
    elsewhere: { type: 'string', default: '' },
    long: { type: 'boolean', default: false },
  },
});
const only = values.only?.split(',') ?? null;
const known = [...BENCHES.flatMap(({ ids }) => ids), ...values.elsewhere.split(',').filter((name) => name !== '')];
const unknown = only?.filter((name) => !known.includes(name)) ?? [];
if (unknown.length > 0) {
  console.error(`Nothing is called ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(1);
}
const chosen = BENCHES.filter(({ ids }) => only === null || ids.some((id) => only.includes(id)));
const figures: Figure[] = [];
/** Of benches that broke off: their figures are missing, which must not look like none. */
const broken: { ids: string; why: string }[] = [];

if (chosen.length > 0) {
  ensurePeers();
  console.error(`Measured beside ${peerVersions()}, under Node ${process.versions.node}.`);
}
for (const { ids, run } of chosen) {
  const startedAt = performance.now();
  const lab = new Lab(values.long ? SIZES.long : SIZES.short);
  const stop = (): void => void lab.close().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    figures.push(...(await run(lab)));
  } catch (error) {
    broken.push({ ids: ids.join(', '), why: error instanceof Error ? error.message : String(error) });
  } finally {
    await lab.close();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  console.error(`${ids.join(', ')}: ${Math.round((performance.now() - startedAt) / 1000)} s`);
}
for (const { ids, why } of broken) console.error(`${ids} broke off: ${why}`);
// For the command that started it: the table is made there, together with the other figures.
console.log(JSON.stringify({ figures, broken: broken.map(({ ids, why }) => ({ ids, why: why.split('\n')[0] })) }));
process.exitCode = broken.length > 0 || figures.some(({ pass }) => pass === false) ? 1 : 0;
