/** The storms. Each has a twin with its guard taken out, which must not come out clean. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isClean, judge, type Verdict } from './oracle.js';
import { startFaultWorld, type FaultWorld } from './world.js';

export interface FaultRun {
  id: string;
  title: string;
  /** 'clean': nothing may be lost or doubled. 'caught': the guard is out, and the oracle has to see it. */
  expect: 'clean' | 'caught';
  run(): Promise<Verdict>;
}

const ORDERS = 200;
const KILLS = 10;
const SETTLES_WITHIN_MS = 240_000;
/** How long a loss may still heal, and when to look for the last time. */
interface Times {
  patienceMs: number;
  withinMs: number;
}
const SETTLES: Times = { patienceMs: 0, withinMs: SETTLES_WITHIN_MS };
const TIMES = {
  in: SETTLES,
  'look-up out': SETTLES,
  // What is lost then stays lost: no need to wait for it.
  'durability out': { patienceMs: 0, withinMs: 20_000 },
  // A gap counts as one after a minute, and is looked for every half minute.
  restored: { patienceMs: 200_000, withinMs: SETTLES_WITHIN_MS },
} as const satisfies Record<string, Times>;

export const RUNS: readonly FaultRun[] = [
  { id: 'F1', title: `${KILLS} kill -9 under ${ORDERS} orders`, expect: 'clean', run: () => killed({ guard: 'in' }) },
  {
    id: 'F1-look-up-out',
    title: 'the same, and the warehouse finds no reference',
    expect: 'caught',
    run: () => killed({ guard: 'look-up out' }),
  },
  {
    id: 'F1-durability-out',
    title:
      'the same, each kill takes what was written since the one before, and the shop can be asked for nothing again',
    expect: 'caught',
    run: () => killed({ guard: 'durability out' }),
  },
  {
    id: 'F-restore',
    title: 'the same, and the shop can be asked: what was lost is fetched again',
    expect: 'clean',
    run: () => killed({ guard: 'restored' }),
  },
  {
    id: 'F-lost',
    title: `the answer to each of ${ORDERS} creates is lost`,
    expect: 'clean',
    run: () => answersLost('kept'),
  },
  {
    id: 'F-lost-look-up-out',
    title: 'the same, and the warehouse finds no reference',
    expect: 'caught',
    run: () => answersLost('forgotten'),
  },
];

async function killed({ guard }: { guard: 'in' | 'look-up out' | 'durability out' | 'restored' }): Promise<Verdict> {
  const world = await startFaultWorld({ faults: { slowMs: 40, forgetReferences: guard === 'look-up out', seed: 7 } });
  const { orders, kills } = guard === 'in' ? { orders: ORDERS, kills: KILLS } : { orders: 60, kills: 6 };
  const takesBack = guard === 'durability out' || guard === 'restored';
  if (guard === 'durability out') world.shop.shop.memory = 'gone';
  const perKill = orders / kills;
  for (let kill = 0; kill < kills; kill += 1) {
    if (takesBack) setAside(world);
    for (let order = 0; order < perKill; order += 1) {
      world.shop.shop.place();
      await world.shop.handOver();
    }
    await moments(world, kill);
    await world.sidecar.kill();
    if (takesBack) putBack(world);
    await world.sidecar.start();
  }
  return settled(world, TIMES[guard]);
}

const FILES = ['tallyman.sqlite', 'tallyman.sqlite-wal'] as const;

/** A disk that acknowledged writes and had not done them: at the kill the files are as they were before. */
function setAside({ sidecar }: FaultWorld): void {
  for (const file of FILES) {
    if (existsSync(join(sidecar.dataDir, file)))
      copyFileSync(join(sidecar.dataDir, file), join(sidecar.dataDir, `${file}.aside`));
  }
}

function putBack({ sidecar }: FaultWorld): void {
  rmSync(join(sidecar.dataDir, 'tallyman.sqlite-shm'), { force: true });
  for (const file of FILES) copyFileSync(join(sidecar.dataDir, `${file}.aside`), join(sidecar.dataDir, file));
}

/** Kills at other places of the work each time: after so many more orders have arrived at the warehouse. */
async function moments(world: FaultWorld, kill: number): Promise<void> {
  const wanted = world.warehouse.ledger().calls.length + 3 + kill * 2;
  const until = Date.now() + 5_000;
  while (world.warehouse.ledger().calls.length < wanted && Date.now() < until) await turn();
}

async function answersLost(references: 'kept' | 'forgotten'): Promise<Verdict> {
  const orders = references === 'kept' ? ORDERS : 40;
  const faults = { loseAnswerAfterCreate: { next: orders }, forgetReferences: references === 'forgotten', seed: 7 };
  const world = await startFaultWorld({ faults });
  for (let order = 0; order < orders; order += 1) world.shop.shop.place();
  while (world.shop.shop.waiting().length > 0) await world.shop.handOver();
  return settled(world, SETTLES);
}

/** Hands over what waits, as the plugin would, until both books agree or time is up. */
async function settled(world: FaultWorld, { patienceMs, withinMs }: Times): Promise<Verdict> {
  const startedAt = Date.now();
  const until = startedAt + withinMs;
  try {
    for (;;) {
      if (world.shop.shop.waiting().length > 0) await world.shop.handOver();
      const verdict = await judge(world);
      if (isClean(verdict) || verdict.duplicated > 0 || Date.now() > until) return verdict;
      if (
        Date.now() - startedAt >= patienceMs &&
        verdict.lost > 0 &&
        world.shop.shop.waiting().length === 0 &&
        (await isQuiet(world))
      )
        return verdict;
      await turn(200);
    }
  } finally {
    await world.stop();
  }
}

async function isQuiet(world: FaultWorld): Promise<boolean> {
  const live = ['queued', 'running', 'retrying', 'blocked'] as const;
  const counts = await Promise.all(live.map((state) => world.count(state)));
  return counts.every((count) => count === 0);
}

const turn = (ms = 5): Promise<void> => new Promise((done) => setTimeout(done, ms));
