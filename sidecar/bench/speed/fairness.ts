/** P17: what the others notice of a connection that floods at ten times its limit. */
import { figure, percentile, ratios, type Figure } from './figures.ts';
import { interleaved, type Lab } from './lab.ts';

const SECONDS = 6;

export async function fairness(lab: Lab): Promise<Figure[]> {
  const program = await lab.program('fairness', { folder: lab.folder });
  const p99 = async (flooded: boolean): Promise<number> =>
    percentile((await program.ask<{ ms: number[] }>('waits', { flooded, seconds: SECONDS })).ms, 99);
  const ms = await interleaved(lab.sizes.rounds, { flooded: () => p99(true), calm: () => p99(false) }, 1);
  await program.stop();
  const common = { unit: 'ms', better: 'lower' } as const;
  return [
    figure({
      id: 'P17',
      title: "one connection floods at 10 times its limit: the others' wait for a start, p99 ÷ without",
      unit: 'x',
      better: 'lower',
      values: ratios(ms.flooded, ms.calm),
      must: 3,
      aim: 1.5,
    }),
    figure({ id: 'P17-flooded', title: 'their wait, p99, while one floods', ...common, values: ms.flooded }),
    figure({ id: 'P17-calm', title: 'their wait, p99, without', ...common, values: ms.calm }),
  ];
}
