import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { lateRound } from '../../bench/simulation/late-worker.ts';
import { MUTATIONS } from '../../bench/simulation/mutations.ts';
import { runSeed } from '../../bench/simulation/run.ts';

const COMMAND = fileURLToPath(new URL('../../bench/simulation.ts', import.meta.url));
const run = promisify(execFile);

async function hashInAProcessOfItsOwn(seed: number, events: number): Promise<string | undefined> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, [COMMAND, '--seed', `${seed}`, '--events', `${events}`], { env });
  return /trace ([0-9a-f]{16})/.exec(stdout)?.[1];
}

/** The first seed that finds it. */
async function caughtAt(name: string, most: number): Promise<number | null> {
  const mutation = MUTATIONS.find((one) => one.name === name) ?? null;
  for (let seed = 1; seed <= most; seed += 1)
    if ((await runSeed({ seed, events: 200, mutation })).broken !== null) return seed;
  return null;
}

test.each([1, 2, 3, 4, 5])('storm %i leaves shop and warehouse in agreement', async (seed) => {
  const { broken, tail } = await runSeed({ seed, events: 100 });
  expect(broken === null ? [] : [broken.message, ...tail]).toEqual([]);
});

test('a seed replays exactly, here and in a process of its own', async () => {
  const first = await runSeed({ seed: 11, events: 60 });
  const again = await runSeed({ seed: 11, events: 60 });
  expect(again.hash).toBe(first.hash);
  expect(again.steps).toBe(first.steps);
  expect(await hashInAProcessOfItsOwn(11, 60)).toBe(first.hash);
});

test('another seed is another storm', async () => {
  const [one, other] = [await runSeed({ seed: 12, events: 20 }), await runSeed({ seed: 13, events: 20 })];
  expect(one.hash).not.toBe(other.hash);
});

test.each(['look-up', 'keys', 'dedupe', 'older', 'newer', 'claim'])('the guard "%s" is missed', async (name) => {
  expect(await caughtAt(name, 24)).not.toBeNull();
});

test('a worker that stood still for twice its lease does nothing twice', async () => {
  const rounds = [];
  for (let seed = 1; seed <= 6; seed += 1) rounds.push(await lateRound(seed, null));
  expect(rounds.some(({ overtaken }) => overtaken)).toBe(true);
  expect(rounds.filter(({ twice, broken }) => twice || broken !== null)).toEqual([]);
});
