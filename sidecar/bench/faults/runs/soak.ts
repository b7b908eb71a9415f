/** F15: half of what the machine can do, for a long time, with everything kept for minutes only: memory and files stay bounded. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepBooks, note, type Books } from '../books.js';
import { startSenders } from '../senders.js';
import { startTraffic, type Traffic } from '../traffic.js';
import { cleanVerdict, type FaultRun, type RunOptions, type Verdict } from '../verdict.js';
import { referenceOf, startFaultWorld, until, type FaultWorld } from '../world.js';

const MINUTE_MS = 60_000;
const MINUTES = { ci: 2, long: 120 } as const;
/** Found by pushing as hard as it goes for so long. */
const PEAK_MS = 20_000;
const PEAK_ORDERS = 400;
const SAMPLE_MS = 5_000;
/** The first part fills what is kept; what comes after may not grow it any more. */
const WARM_UP = 0.4;
/** Between the highest of the middle and of the end: pages freed in the middle of a file are used again, but never exactly. */
const MOST_GROWTH = 1.35;
const MOST_RESIDENT_MB = 512;
const KEPT_DAYS = String(1 / (24 * 60));

const RETENTION = {
  TALLYMAN_RETENTION_DONE_JOBS_DAYS: KEPT_DAYS,
  TALLYMAN_RETENTION_ACTIVITY_DAYS: KEPT_DAYS,
  TALLYMAN_RETENTION_DELIVERY_BODIES_DAYS: KEPT_DAYS,
  TALLYMAN_RETENTION_DELIVERY_KEYS_DAYS: KEPT_DAYS,
  TALLYMAN_RETENTION_RECORD_BODIES_DAYS: KEPT_DAYS,
} as const;

interface Sample {
  atMs: number;
  residentMb: number;
  fileMb: number;
  walMb: number;
  jobs: number;
}

export const SOAK_RUNS: readonly FaultRun[] = [
  {
    id: 'F15',
    title: 'soak at half of peak with pruning on: memory, log and file stay bounded',
    expect: 'clean',
    onDemand: true,
    run: (options) => soak(options, RETENTION),
  },
  {
    id: 'F15-pruning-out',
    title: 'the same, and nothing is ever pruned',
    expect: 'caught',
    caughtBy: ['broken'],
    onDemand: true,
    // It shows soon.
    run: (options) => soak({ ...options, minutes: Math.min(options.minutes ?? MINUTES[options.size], 3) }, {}),
  },
];

async function soak(options: RunOptions, env: Readonly<Record<string, string>>): Promise<Verdict> {
  const warehouse = { shipAfterMs: 500, webhookRetryDelaysMs: [200, 1_000, 5_000] };
  const world = await startFaultWorld({ store: 'sqlite', warehouse, env });
  try {
    const verdict = cleanVerdict(0);
    const traffic = startTraffic(world, 1, 'plain');
    const books = keepBooks(world);
    startSenders(world, { count: 8, twiceEvery: 7, rows: 4 });
    const peak = await peakPerSecond(world, traffic);
    options.say(`peak ${peak.toFixed(1)} orders a second`);
    const samples = await halfOfIt(world, traffic, peak / 2, options);
    await until(() => allDone(world), 5 * MINUTE_MS, 'everything is completed').catch(() => undefined);
    judge(world, books, samples, verdict);
    verdict.figures['peakOrdersPerSecond'] = Math.round(peak * 10) / 10;
    return verdict;
  } finally {
    await world.stop();
  }
}

/** Orders completed in the shop a second, while more wait than can be done. */
async function peakPerSecond({ shop, clock }: FaultWorld, traffic: Traffic): Promise<number> {
  traffic.place(PEAK_ORDERS);
  const startedAt = Date.now();
  const completed = () => [...shop.shop.orders.values()].filter(({ status }) => status === 'completed').length;
  while (Date.now() - startedAt < PEAK_MS && completed() < PEAK_ORDERS) await clock.waitReal(100);
  return completed() / ((Date.now() - startedAt) / 1000);
}

async function halfOfIt(
  world: FaultWorld,
  traffic: Traffic,
  perSecond: number,
  { size, minutes, say }: RunOptions,
): Promise<Sample[]> {
  const forMs = (minutes ?? MINUTES[size]) * MINUTE_MS;
  const startedAt = Date.now();
  const samples: Sample[] = [];
  let placed = 0;
  while (Date.now() - startedAt < forMs) {
    const due = Math.floor(((Date.now() - startedAt) / 1000) * perSecond);
    traffic.place(due - placed);
    placed = due;
    if (Date.now() - startedAt >= samples.length * SAMPLE_MS) {
      samples.push(await sample(world, Date.now() - startedAt));
      if (samples.length % 12 === 0) say(sentence(samples.at(-1)));
    }
    await world.clock.waitReal(100);
  }
  return samples;
}

async function sample({ sidecar, counts }: FaultWorld, atMs: number): Promise<Sample> {
  const jobs = Object.values(await counts()).reduce((sum, count) => sum + count, 0);
  return {
    atMs,
    residentMb: sidecar.residentBytes() / 1024 / 1024,
    fileMb: sizeMb(sidecar.dataDir, 'tallyman.sqlite'),
    walMb: sizeMb(sidecar.dataDir, 'tallyman.sqlite-wal'),
    jobs,
  };
}

function sizeMb(folder: string, name: string): number {
  return readdirSync(folder).includes(name) ? statSync(join(folder, name)).size / 1024 / 1024 : 0;
}

function sentence(one: Sample | undefined): string {
  if (one === undefined) return '';
  const { atMs, residentMb, fileMb, walMb, jobs } = one;
  return `${Math.round(atMs / MINUTE_MS)} min: ${residentMb.toFixed(0)} MB resident, file ${fileMb.toFixed(1)} MB, log ${walMb.toFixed(1)} MB, ${jobs} jobs`;
}

function allDone({ shop }: FaultWorld): boolean {
  return [...shop.shop.orders.values()].every(({ status }) => status === 'completed');
}

function judge({ shop }: FaultWorld, { page }: Books, samples: readonly Sample[], verdict: Verdict): void {
  for (const { id, status } of shop.shop.orders.values()) {
    const { created } = page(referenceOf(id));
    if (status !== 'completed') note(verdict, 'lost', `Order ${id} is ${status}.`);
    if (created > 1) note(verdict, 'duplicated', `Order ${id} is ${created} times at the warehouse.`);
  }
  verdict.units = shop.shop.orders.size;
  const kept = samples.slice(Math.floor(samples.length * WARM_UP));
  const half = Math.floor(kept.length / 2);
  for (const what of ['residentMb', 'fileMb', 'walMb', 'jobs'] as const) {
    const before = highest(kept.slice(0, half), what);
    const after = highest(kept.slice(half), what);
    verdict.figures[`${what}Middle`] = Math.round(before * 10) / 10;
    verdict.figures[`${what}End`] = Math.round(after * 10) / 10;
    if (after > before * MOST_GROWTH)
      note(verdict, 'broken', `${what} has grown from ${before.toFixed(1)} to ${after.toFixed(1)}.`);
  }
  if (highest(kept, 'residentMb') > MOST_RESIDENT_MB)
    note(verdict, 'broken', `It takes more than ${MOST_RESIDENT_MB} MB of memory.`);
}

const highest = (samples: readonly Sample[], what: keyof Sample): number =>
  samples.reduce((most, one) => Math.max(most, one[what]), 0);
