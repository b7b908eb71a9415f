/** F4 and F5 as runs of `npm run faults`: the storm behind one seed, each of its guards taken out, and the worker that comes late. */
import { cleanVerdict, type Count, type FaultRun, type RunOptions, type Verdict } from '../faults/verdict.ts';
import { lateRound } from './late-worker.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';
import { runSeed, type Outcome } from './run.ts';

export const EVENTS_A_SEED = 200;
const SEEDS = { ci: 2_000, long: 5_000 } as const satisfies Record<RunOptions['size'], number>;
/** A guard that is out is found far sooner; if not within these, it is not found. */
const SEEDS_TO_CATCH = 1_000;
const LATE_ROUNDS = 200;
/** Broken seeds after which more of them say nothing new. */
const ENOUGH_BROKEN = 5;

/** Which promise of the simulation counts as what. */
const COUNT_OF: Readonly<Record<string, Count>> = {
  twice: 'duplicated',
  dedupe: 'duplicated',
  lost: 'lost',
  vanished: 'lost',
  differs: 'fieldsDiffer',
  keys: 'orderViolations',
  ready: 'orderViolations',
  versions: 'orderViolations',
  sentence: 'auditGaps',
  stuck: 'stuck',
  dead: 'stuck',
};

export const SIMULATION_RUNS: readonly FaultRun[] = [
  {
    id: 'F4',
    title: `storms behind one seed, ${EVENTS_A_SEED} events each`,
    expect: 'clean',
    run: (options) => storms(SEEDS[options.size], null, ENOUGH_BROKEN, options),
  },
  ...MUTATIONS.map((mutation): FaultRun => ({
    id: `F4-${mutation.name}-out`,
    title: `the same, and ${mutation.title}`,
    expect: 'caught',
    run: (options) => storms(SEEDS_TO_CATCH, mutation, 1, options),
  })),
  {
    id: 'F5',
    title: `a worker stands still for twice its lease, ${LATE_ROUNDS} times`,
    expect: 'clean',
    run: (options) => lateWorkers(null, options),
  },
  {
    id: 'F5-fence-out',
    title: 'the same, and nobody asks whether the job is still its own',
    expect: 'caught',
    caughtBy: ['duplicated'],
    run: (options) => lateWorkers(MUTATIONS.find(({ name }) => name === 'fence') ?? null, options),
  },
];

async function storms(seeds: number, mutation: Mutation | null, enough: number, { say }: RunOptions): Promise<Verdict> {
  const verdict = cleanVerdict(0);
  const startedAt = performance.now();
  let [events, steps, broken] = [0, 0, 0];
  for (let seed = 1; seed <= seeds && broken < enough; seed += 1) {
    const outcome = await runSeed({ seed, events: EVENTS_A_SEED, mutation });
    events += outcome.events;
    steps += outcome.steps;
    verdict.units += outcome.orders;
    verdict.figures['seeds'] = seed;
    if (outcome.broken !== null) broken += count(verdict, outcome, mutation);
    if (seed % 250 === 0) say(`${seed} of ${seeds} seeds, ${broken} broken`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  Object.assign(verdict.figures, { events, steps, events_per_s: Math.round(events / seconds) });
  return verdict;
}

function count(verdict: Verdict, { seed, broken, tail }: Outcome, mutation: Mutation | null): 1 {
  if (broken === null) return 1;
  verdict[COUNT_OF[broken.promise] ?? 'broken'] += 1;
  const out = mutation === null ? '' : ` --mutation ${mutation.name}`;
  const again = `node sidecar/bench/simulation.ts --seed ${seed} --events ${EVENTS_A_SEED}${out} --trace`;
  verdict.said.push(`${broken.promise}: ${broken.message} Again: ${again}`);
  // With its guard out it has to break; how is of no interest.
  if (mutation === null) verdict.said.push(...tail.slice(-25));
  return 1;
}

async function lateWorkers(mutation: Mutation | null, { say }: RunOptions): Promise<Verdict> {
  const verdict = cleanVerdict(0);
  let [rounds, refused] = [0, 0];
  for (let seed = 1; rounds < LATE_ROUNDS; seed += 1) {
    const late = await lateRound(seed, mutation);
    // It woke before anybody had taken over, or had nothing to do: that says nothing.
    if (!late.overtaken) continue;
    rounds += 1;
    refused += late.refused > 0 ? 1 : 0;
    if (late.twice) verdict.duplicated += 1;
    else if (late.broken !== null) verdict.broken += 1;
    if (late.broken !== null && verdict.said.length < ENOUGH_BROKEN) verdict.said.push(`seed ${seed}: ${late.broken}`);
    if (rounds % 100 === 0) say(`${rounds} of ${LATE_ROUNDS} rounds`);
  }
  verdict.units = rounds;
  verdict.figures['refused_rounds'] = refused;
  return verdict;
}
