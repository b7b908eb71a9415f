/** P12: the engine on PostgreSQL, alone beside graphile-worker, and several sidecars beside one. */
import { figure, ratios, type Figure } from './figures.ts';
import { interleaved, type Lab } from './lab.ts';
import { speed } from './processing.ts';
import type { Program } from './program.ts';

const JOBS = 20_000;
const ENQUEUED = 3_000;
/** What it did best with here, of 500 to 8,000. */
const CONCURRENCY = 3_000;
const SIDECARS = 4;
const IN_FLIGHT_EACH = 10;
const JOB_MS = 50;
/** So that both take some seconds. */
const JOBS_EACH = 500;

export async function sharing(lab: Lab): Promise<Figure[]> {
  return [...(await besideGraphile(lab)), ...(await several(lab))];
}

async function besideGraphile(lab: Lab): Promise<Figure[]> {
  const ours = await lab.program('engine-postgres', { url: await lab.postgres(), owner: 'one' });
  await ours.ask('connect', { concurrency: CONCURRENCY });
  const theirs = await lab.program('graphile', { url: await lab.postgres(), how: 'batched' });
  const adding = await lab.program('graphile', { url: await lab.postgres(), how: 'default' });
  const speeds = await interleaved(lab.sizes.rounds, {
    ours: () => speed(ours, JOBS),
    theirs: () => speed(theirs, JOBS),
    oursIn: () => enqueueing(ours),
    theirsIn: () => enqueueing(adding),
  });
  await ours.ask('close');
  for (const program of [ours, theirs, adding]) await program.stop();
  const relative = (id: string, title: string, values: number[], must: number, aim: number): Figure =>
    figure({ id, title, unit: 'x', better: 'higher', values, must, aim });
  const absolute = (id: string, title: string, values: number[]): Figure =>
    figure({ id, title, unit: 'jobs/s', better: 'higher', values });
  return [
    relative(
      'P12-processing',
      'no-op jobs on PostgreSQL ÷ graphile-worker, local queue and batched completion',
      ratios(speeds.ours, speeds.theirs),
      0.8,
      1.2,
    ),
    relative(
      'P12-enqueue',
      '64 concurrent enqueues on PostgreSQL ÷ graphile-worker addJob',
      ratios(speeds.oursIn, speeds.theirsIn),
      5,
      15,
    ),
    absolute('P12-ours', 'Tallyman on PostgreSQL', speeds.ours),
    absolute('P12-graphile-batched', 'graphile-worker, local queue and batched completion', speeds.theirs),
    absolute('P12-ours-enqueue', '64 concurrent enqueues', speeds.oursIn),
    absolute('P12-graphile-enqueue', '64 concurrent addJob', speeds.theirsIn),
  ];
}

async function enqueueing(program: Program): Promise<number> {
  return (await program.ask<{ jobsPerSecond: number }>('enqueue', { jobs: ENQUEUED })).jobsPerSecond;
}

async function several(lab: Lab): Promise<Figure[]> {
  const url = await lab.postgres();
  const sidecars = [await lab.program('engine-postgres', { url, owner: 'sidecar-1' })];
  await sidecars[0]!.ask('connect', { concurrency: IN_FLIGHT_EACH });
  for (let one = 2; one <= SIDECARS; one += 1)
    sidecars.push(await lab.program('engine-postgres', { url, owner: `sidecar-${one}` }));
  const speeds = await interleaved(
    lab.sizes.rounds,
    {
      one: () => together(sidecars.slice(0, 1)),
      all: () => together(sidecars),
    },
    1,
  );
  for (const sidecar of sidecars) await sidecar.ask('close');
  for (const sidecar of sidecars) await sidecar.stop();
  return [
    figure({
      id: 'P12-sidecars',
      title: `${SIDECARS} sidecars on one PostgreSQL ÷ one, ${JOB_MS} ms jobs, ${IN_FLIGHT_EACH} in flight each`,
      unit: 'x',
      better: 'higher',
      values: ratios(speeds.all, speeds.one),
      must: 3,
      aim: 3.8,
    }),
    figure({ id: 'P12-sidecars-one', title: 'one sidecar', unit: 'jobs/s', better: 'higher', values: speeds.one }),
    figure({
      id: 'P12-sidecars-all',
      title: `${SIDECARS} sidecars`,
      unit: 'jobs/s',
      better: 'higher',
      values: speeds.all,
    }),
  ];
}

async function together(sidecars: readonly Program[]): Promise<number> {
  const [first] = sidecars;
  const jobs = JOBS_EACH * sidecars.length;
  await first!.ask('widen', { concurrency: IN_FLIGHT_EACH * sidecars.length });
  await first!.ask('fill', { jobs });
  const startedAt = performance.now();
  await Promise.all(sidecars.map((sidecar) => sidecar.ask('help', { jobMs: JOB_MS })));
  while ((await first!.ask<{ left: number }>('left')).left > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const tookMs = performance.now() - startedAt;
  await Promise.all(sidecars.map((sidecar) => sidecar.ask('stopHelping')));
  return (jobs * 1000) / tookMs;
}
