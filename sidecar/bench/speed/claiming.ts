/** P10: what waits in front of a claim must not slow it. */
import { figure, percentile, ratios, type Figure } from './figures.ts';
import { interleaved, type Lab } from './lab.ts';
import type { Program } from './program.ts';

const CLAIMS = 200;
const ON_ONE_KEY = 200_000;

export async function claiming(lab: Lab): Promise<Figure[]> {
  const waiting = lab.sizes.waitingJobs;
  const empty = await lab.program('claims', { file: lab.file('none.sqlite'), load: 'none', rows: 0 });
  const full = await lab.program('claims', { file: lab.file('waiting.sqlite'), load: 'waiting', rows: waiting });
  const oneKey = await lab.program('claims', { file: lab.file('one-key.sqlite'), load: 'one key', rows: ON_ONE_KEY });
  const ms = await interleaved(lab.sizes.rounds, {
    empty: () => aClaim(empty),
    full: () => aClaim(full),
    oneKey: () => aClaim(oneKey),
  });
  for (const program of [empty, full, oneKey]) await program.stop();
  const slower = (id: string, title: string, values: number[]): Figure =>
    figure({
      id,
      title: `one claim of 10 with ${title} ÷ with none`,
      unit: 'x',
      better: 'lower',
      values: ratios(values, ms.empty),
      must: 3,
      aim: 1.5,
    });
  return [
    slower('P10-waiting', `${waiting.toLocaleString('en')} jobs waiting, retrying or blocked`, ms.full),
    slower('P10-key', `${ON_ONE_KEY.toLocaleString('en')} on one ordering key`, ms.oneKey),
    figure({ id: 'P10-none', title: 'one claim of 10 with none', unit: 'ms', better: 'lower', values: ms.empty }),
  ];
}

async function aClaim(program: Program): Promise<number> {
  const { ms } = await program.ask<{ ms: number[] }>('claim', { times: CLAIMS });
  return percentile(ms, 50);
}
