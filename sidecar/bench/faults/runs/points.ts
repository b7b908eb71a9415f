/** F2: kill -9 at named points of the work, at each of their first three hits. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WmsSimulatorOptions } from '../../../src/simulators/wms/index.js';
import { note } from '../books.js';
import { arm, crashPoints, CRASH_PRELOAD, disarm } from '../crash-points.js';
import { inStorm, type Storm, type UnderLoad } from '../load.js';
import { PATIENT_WAREHOUSE } from '../senders.js';
import { UNTIL_TWICE, type Patience } from '../settled.js';
import { changedSidecar, type Change } from '../sidecar-copy.js';
import type { FaultRun, RunOptions, Verdict } from '../verdict.js';

interface Points extends Pick<Storm, 'shopRemembers' | 'patience'> {
  names: readonly string[];
  changes: readonly Change[];
  faults?: WmsSimulatorOptions['faults'];
}

const HITS = [1, 2, 3] as const;
const SEED = 11;
const SENDERS = { count: 4, twiceEvery: 7, rows: 4 } as const;
const ORDERS_A_TRY = 3;
const DIES_WITHIN_MS = 60_000;
const PATIENCE: Patience = { withinMs: 300_000, quietMs: 15_000 };
const HOPELESS: Patience = { withinMs: 12_000, quietMs: 2_000 };

/** Says yes first and writes it down a moment later. */
const ANSWERS_FIRST: Change = {
  file: 'http/outbox.js',
  find: 'assertKept(verdict.unit, await store.apply(verdict.unit));',
  put: 'setTimeout(() => void store.apply(verdict.unit), 5_000);',
};

export const POINT_RUNS: readonly FaultRun[] = [
  {
    id: 'F2',
    title: 'kill -9 at every named point, first 3 hits',
    expect: 'clean',
    run: (options) => diesAt(options, { ...crashPoints(options.store), patience: PATIENCE }),
  },
  {
    id: 'F2-look-up-out',
    title: 'killed when the response to a create begins, and the warehouse finds no reference',
    expect: 'caught',
    caughtBy: ['duplicated'],
    run: (options) =>
      diesAt(options, {
        ...crashPoints(options.store),
        names: ['the response begins'],
        faults: { forgetReferences: true },
        patience: UNTIL_TWICE,
      }),
  },
  {
    id: 'F2-answer-first',
    title: 'killed after the answer, and a hand-over is acknowledged before it is stored',
    expect: 'caught',
    caughtBy: ['acknowledgedLost'],
    run: (options) => {
      const { changes } = crashPoints(options.store);
      const names = ['after the answer'];
      return diesAt(options, { names, changes: [...changes, ANSWERS_FIRST], shopRemembers: 'no', patience: HOPELESS });
    },
  },
];

function diesAt({ store }: RunOptions, { names, changes, faults, ...storm }: Points): Promise<Verdict> {
  const armed = join(tmpdir(), `tallyman-faults-armed-${process.pid}`);
  const world = {
    store,
    warehouse: { ...PATIENT_WAREHOUSE, ...(faults === undefined ? {} : { faults }) },
    dist: changedSidecar(changes),
    preload: [CRASH_PRELOAD],
    // A job that was interrupted three times waits half a minute and more.
    speed: 10,
    env: { FAULTS_CRASH_FILE: armed },
  };
  return inStorm({ ...storm, world, seed: SEED, senders: SENDERS }, async (under) => {
    under.world.closers.push(() => disarm(armed));
    for (const name of names) {
      for (const nth of HITS) await dieOnce(under, { armed, name, nth });
    }
    const { figures, broken } = under.verdict;
    Object.assign(figures, { points: names.length, deaths: names.length * HITS.length - broken });
  });
}

/** Brings work until the process has died at the point, and starts it again. */
async function dieOnce(
  { world: { sidecar, clock }, traffic, verdict }: UnderLoad,
  { armed, name, nth }: { armed: string; name: string; nth: number },
): Promise<void> {
  arm(armed, name, nth);
  const ended = sidecar.ended().then(() => 'dead' as const);
  const until = Date.now() + DIES_WITHIN_MS;
  let state: 'alive' | 'dead' = 'alive';
  while (state === 'alive' && Date.now() < until) {
    traffic.place(ORDERS_A_TRY);
    state = await Promise.race([ended, clock.waitReal(1_500).then(() => 'alive' as const)]);
  }
  disarm(armed);
  if (state === 'alive') {
    note(verdict, 'broken', `"${name}" was never passed ${nth} times.`);
    await sidecar.kill();
  }
  await sidecar.start();
}
