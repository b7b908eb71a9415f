/** `--seed N [--events N] [--trace] [--mutation name]` replays one seed; `--seeds N [--from N]` runs many. */
import { MUTATIONS } from './mutations.ts';
import { runSeed, type Outcome } from './run.ts';

const argument = (name: string): string | null => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? null : (process.argv[at + 1] ?? '');
};
const events = Number(argument('events') ?? 200);
const wanted = argument('mutation');
const mutation = MUTATIONS.find(({ name }) => name === wanted) ?? null;
if (wanted !== null && mutation === null) throw new Error(`One of: ${MUTATIONS.map(({ name }) => name).join(', ')}.`);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seed = argument('seed');
process.exitCode = seed === null ? await many() : await one(Number(seed));

async function one(number: number): Promise<number> {
  const print = process.argv.includes('--trace') ? { print: say } : {};
  const outcome = await runSeed({ seed: number, events, mutation, ...print });
  tell(outcome);
  return outcome.broken === null ? 0 : 1;
}

async function many(): Promise<number> {
  const from = Number(argument('from') ?? 1);
  const seeds = Number(argument('seeds') ?? 100);
  const startedAt = performance.now();
  let broken = 0;
  let steps = 0;
  let done = 0;
  for (let number = from; number < from + seeds; number += 1) {
    const began = performance.now();
    const outcome = await runSeed({ seed: number, events, mutation });
    if (process.argv.includes('--times'))
      say(`${number} ${Math.round(performance.now() - began)} ms, ${outcome.steps} steps`);
    steps += outcome.steps;
    done += outcome.events;
    if (outcome.broken === null) continue;
    broken += 1;
    say(`seed ${number} event ${outcome.broken.atEvent} ${outcome.broken.promise}: ${outcome.broken.message}`);
    if (process.argv.includes('--first')) break;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { user } = process.cpuUsage();
  say(
    `${seeds} seeds, ${done} events, ${steps} steps, ${broken} broken, ${seconds.toFixed(1)} s (${(user / 1e6).toFixed(1)} s of one core, ${Math.round(done / seconds)} events/s)`,
  );
  return broken === 0 ? 0 : 1;
}

function tell({ seed: number, broken, tail, hash, steps, orders }: Outcome): void {
  if (broken !== null) for (const line of tail) say(line);
  if (broken !== null) say(`BROKEN ${broken.promise} at event ${broken.atEvent}: ${broken.message}`);
  const again = `node sidecar/bench/simulation.ts --seed ${number} --events ${events}${mutation === null ? '' : ` --mutation ${mutation.name}`}`;
  say(`seed ${number}: ${orders} orders, ${steps} steps, trace ${hash}; again: ${again}`);
}
