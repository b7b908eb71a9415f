/** P9: from asking for a job to its start, while a hundred a second come. */
import { figure, percentile, type Figure } from './figures.ts';
import type { Lab } from './lab.ts';

const JOBS = 500;
const A_SECOND = 100;

export async function latency(lab: Lab): Promise<Figure[]> {
  const program = await lab.program('engine-sqlite', { file: lab.file('latency.sqlite'), concurrency: 6 });
  const runs: number[][] = [];
  for (let round = 0; round <= lab.sizes.rounds; round += 1) {
    runs.push((await program.ask<{ ms: number[] }>('latency', { jobs: JOBS, aSecond: A_SECOND })).ms);
  }
  await program.stop();
  const counted = runs.slice(1);
  const at = (percent: number): number[] => counted.map((ms) => percentile(ms, percent));
  const common = { unit: 'ms', better: 'lower' } as const;
  return [
    figure({
      id: 'P9-p50',
      title: `put in → started, ${A_SECOND} jobs/s, p50`,
      ...common,
      values: at(50),
      must: 5,
      aim: 2,
    }),
    figure({ id: 'P9-p99', title: 'the same, p99', ...common, values: at(99), must: 50, aim: 15 }),
  ];
}
