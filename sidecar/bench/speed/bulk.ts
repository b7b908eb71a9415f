/** P11: jobs put in by the thousand, as a share of what SQLite does with bare rows. */
import { figure, ratios, type Figure } from './figures.ts';
import { interleaved, type Lab } from './lab.ts';
import type { Program } from './program.ts';

const ROWS = 20_000;

export async function bulk(lab: Lab): Promise<Figure[]> {
  const program = await lab.program('bulk', { file: lab.file('bulk.sqlite'), bareFile: lab.file('bare.sqlite') });
  const speeds = await interleaved(lab.sizes.rounds, {
    jobs: () => rate(program, 'enqueue'),
    bare: () => rate(program, 'bare'),
  });
  await program.stop();
  const share = ratios(speeds.jobs, speeds.bare).map((ratio) => 100 * ratio);
  return [
    figure({
      id: 'P11',
      title: 'jobs put in by 500 a unit, share of bare rows',
      unit: '%',
      better: 'higher',
      values: share,
      must: 20,
      aim: 40,
    }),
    figure({
      id: 'P11-jobs',
      title: 'jobs put in by 500 a unit',
      unit: 'jobs/s',
      better: 'higher',
      values: speeds.jobs,
    }),
    figure({ id: 'P11-bare', title: 'bare rows, 500 a commit', unit: 'rows/s', better: 'higher', values: speeds.bare }),
  ];
}

async function rate(program: Program, what: 'enqueue' | 'bare'): Promise<number> {
  return (await program.ask<{ rowsPerSecond: number }>(what, { jobs: ROWS })).rowsPerSecond;
}
