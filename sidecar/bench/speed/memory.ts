/** P19: what a sidecar on a million jobs keeps in memory, after it has been asked for everything the screen shows. */
import { figure, type Figure } from './figures.ts';
import { installation, isKept, startUntilKept } from './installation.ts';
import type { Lab } from './lab.ts';

const JOBS = { done: 900_000, waiting: 40_000, retrying: 30_000, blocked: 30_000, running: 0 } as const;
const WEBHOOKS = 500;
const SCREENS = [
  '/overview',
  '/jobs?per_page=50',
  '/jobs?state=blocked&per_page=50',
  '/jobs?search=4711&per_page=50',
  '/connections',
  '/schedules',
] as const;

export async function memory(lab: Lab): Promise<Figure[]> {
  const sidecar = await installation(lab, 'memory', JOBS);
  await startUntilKept(sidecar);
  const headers = { authorization: `Bearer ${sidecar.token()}` };
  const megabytes: number[] = [];
  for (let round = 0; round < lab.sizes.rounds; round += 1) {
    for (const path of SCREENS) {
      const answer = await fetch(`${sidecar.url}/api/v1${path}`, { headers });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    }
    for (let webhook = 0; webhook < WEBHOOKS; webhook += 1) await isKept(sidecar.url);
    megabytes.push(sidecar.residentBytes() / 1_000_000);
  }
  await sidecar.stop();
  // The customers, of whom the figure speaks as well, are not in the product yet.
  return [
    figure({
      id: 'P19',
      title: 'resident memory of the sidecar at 1,000,000 jobs',
      unit: 'MB',
      better: 'lower',
      values: megabytes,
      must: 150,
      aim: 100,
    }),
  ];
}
