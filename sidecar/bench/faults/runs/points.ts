/** F2: kill -9 at named points of the work, at each of their first three hits. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WmsSimulatorOptions } from '../../../src/simulators/wms/index.js';
import { keepBooks, note } from '../books.js';
import { arm, crashPoints, CRASH_PRELOAD, disarm } from '../crash-points.js';
import { PATIENT_WAREHOUSE, startSenders } from '../senders.js';
import { settled, UNTIL_TWICE, type Patience } from '../settled.js';
import { changedSidecar, type Change } from '../sidecar-copy.js';
import { startTraffic, type Traffic } from '../traffic.js';
import { cleanVerdict, type FaultRun, type RunOptions, type Verdict } from '../verdict.js';
import { startFaultWorld, type FaultWorld } from '../world.js';

interface Points {
  names: readonly string[];
  changes: readonly Change[];
  faults?: WmsSimulatorOptions['faults'];
  shopRemembers?: 'yes' | 'no';
  patience: Patience;
}

const HITS = [1, 2, 3] as const;
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

async function diesAt(options: RunOptions, { names, changes, patience, ...more }: Points): Promise<Verdict> {
  const armed = join(tmpdir(), `tallyman-faults-armed-${process.pid}`);
  const warehouse: WmsSimulatorOptions = {
    ...PATIENT_WAREHOUSE,
    ...(more.faults === undefined ? {} : { faults: more.faults }),
  };
  const world = await startFaultWorld({
    store: options.store,
    warehouse,
    dist: changedSidecar(changes),
    preload: [CRASH_PRELOAD],
    // A job that was interrupted three times waits half a minute and more.
    speed: 10,
    env: { FAULTS_CRASH_FILE: armed },
  });
  try {
    if (more.shopRemembers === 'no') world.shop.shop.memory = 'gone';
    const traffic = startTraffic(world, 11);
    const books = keepBooks(world, (effect) => traffic.seen(effect));
    startSenders(world, { count: 4, twiceEvery: 7, rows: 4 });
    const missed = cleanVerdict(0);
    for (const name of names) {
      for (const nth of HITS) await dieOnce(world, traffic, missed, { armed, name, nth });
    }
    const verdict = await settled(world, books, patience);
    const figures = { ...verdict.figures, points: names.length, deaths: names.length * HITS.length - missed.broken };
    return { ...verdict, broken: missed.broken, said: [...missed.said, ...verdict.said], figures };
  } finally {
    rmSync(armed, { force: true });
    await world.stop();
  }
}

/** Brings work until the process has died at the point, and starts it again. */
async function dieOnce(
  { sidecar, clock }: FaultWorld,
  traffic: Traffic,
  missed: Verdict,
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
    note(missed, 'broken', `"${name}" was never passed ${nth} times.`);
    await sidecar.kill();
  }
  await sidecar.start();
}
