/** P16: how long after a kill a sidecar takes in again, with a full store. */
import { figure, type Figure } from './figures.ts';
import { installation, isKept, startUntilKept } from './installation.ts';
import type { Lab } from './lab.ts';

/** 100,000 together; what was running when it was killed is taken back first. */
const JOBS = { done: 40_000, waiting: 20_000, retrying: 19_000, blocked: 20_000, running: 1_000 } as const;

export async function restart(lab: Lab): Promise<Figure[]> {
  const sidecar = await installation(lab, 'restart', JOBS);
  await startUntilKept(sidecar);
  const ms: number[] = [];
  for (let round = 0; round < lab.sizes.rounds; round += 1) {
    // Killed while it takes in and works.
    const storm = Promise.all(Array.from({ length: 50 }, () => isKept(sidecar.url)));
    await isKept(sidecar.url);
    await sidecar.kill();
    await storm;
    ms.push(await startUntilKept(sidecar));
  }
  await sidecar.stop();
  return [
    figure({
      id: 'P16',
      title: 'kill -9 → a webhook is kept again, 100,000 jobs',
      unit: 'ms',
      better: 'lower',
      values: ms,
      must: 1000,
      aim: 300,
    }),
  ];
}
