/** P5 and P6: no-op jobs through the whole state machine, beside other queues on the same machine in the same minutes. */
import { figure, ratios, type Figure } from './figures.ts';
import { interleaved, type Lab } from './lab.ts';
import type { Program } from './program.ts';

const JOBS = 10_000;
/** Of a queue that does some hundred a second. */
const FEW_JOBS = 500;
/** What each did best with here, of 50 to 1,000. */
const OUR_CONCURRENCY = 1_000;
const BULLMQ_CONCURRENCY = 200;

export async function processing(lab: Lab): Promise<Figure[]> {
  const ours = await lab.program('engine-sqlite', {
    file: lab.file('processing.sqlite'),
    concurrency: OUR_CONCURRENCY,
  });
  const everysec = await bullmq(lab, 'everysec');
  const always = await bullmq(lab, 'always');
  const boss = await lab.program('pg-boss', { url: await lab.postgres() });
  const batched = await lab.program('graphile', { url: await lab.postgres(), how: 'batched' });
  const plain = await lab.program('graphile', { url: await lab.postgres(), how: 'default' });
  const speeds = await interleaved(lab.sizes.rounds, {
    ours: () => speed(ours, JOBS),
    everysec: () => speed(everysec, JOBS),
    always: () => speed(always, JOBS),
    boss: () => speed(boss, JOBS),
    batched: () => speed(batched, JOBS),
    plain: () => speed(plain, FEW_JOBS),
  });
  const against = (id: string, title: string, theirs: number[], must: number, aim: number): Figure =>
    figure({
      id,
      title: `no-op jobs, SQLite FULL ÷ ${title}`,
      unit: 'x',
      better: 'higher',
      values: ratios(speeds.ours, theirs),
      must,
      aim,
    });
  const absolute = (id: string, title: string, values: number[]): Figure =>
    figure({ id, title, unit: 'jobs/s', better: 'higher', values });
  return [
    against('P5-everysec', 'BullMQ, AOF everysec', speeds.everysec, 1, 3),
    against('P5-always', 'BullMQ, AOF always', speeds.always, 1.5, 4),
    against('P6-pg-boss', 'pg-boss', speeds.boss, 1, 3),
    against('P6-graphile-batched', 'graphile-worker, local queue and batched completion', speeds.batched, 0.8, 1.5),
    against('P6-graphile', 'graphile-worker as it comes', speeds.plain, 20, 80),
    absolute('P5-ours', 'Tallyman, SQLite FULL', speeds.ours),
    absolute('P5-bullmq-everysec', 'BullMQ, AOF everysec', speeds.everysec),
    absolute('P5-bullmq-always', 'BullMQ, AOF always', speeds.always),
    absolute('P6-pg-boss-alone', 'pg-boss', speeds.boss),
    absolute('P6-graphile-batched-alone', 'graphile-worker, local queue and batched completion', speeds.batched),
    absolute('P6-graphile-alone', 'graphile-worker as it comes', speeds.plain),
  ];
}

async function bullmq(lab: Lab, appendfsync: 'everysec' | 'always'): Promise<Program> {
  return lab.program('bullmq', { port: await lab.redis(appendfsync), concurrency: BULLMQ_CONCURRENCY });
}

export async function speed(program: Program, jobs: number): Promise<number> {
  return (await program.ask<{ jobsPerSecond: number }>('process', { jobs })).jobsPerSecond;
}
