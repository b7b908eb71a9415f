/**
 * `npm run faults [-- --json] [-- --long] [-- --only F1,F3] [-- --store=postgres] [-- --minutes 30]`: storms against the real
 * sidecar, judged by the simulators' own books. A run with a guard taken out passes when the books show it.
 */
import { parseArgs } from 'node:util';
import { RUNS } from './faults/runs/index.js';
import { cleanVerdict, COUNTS, passes, WORDS, type FaultRun, type RunOptions, type Verdict } from './faults/verdict.js';

interface Row extends Verdict, Pick<FaultRun, 'id' | 'title' | 'expect'> {
  seconds: number;
  pass: boolean;
}

const ENDED_BADLY = 'endedBadly';
/** Without a guard. One with all guards has to be clean at its first. */
const MOST_STORMS = 3;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    only: { type: 'string' },
    store: { type: 'string', default: 'sqlite' },
    minutes: { type: 'string' },
  },
});

const options: RunOptions = {
  size: values.long ? 'long' : 'ci',
  store: storeNamed(values.store),
  minutes: values.minutes === undefined ? null : Number(values.minutes),
  say: (line) => process.stdout.write(`      ${line}\n`),
};

const chosen = RUNS.filter(isChosen);
if (chosen.length === 0)
  throw new Error(`No run is called ${values.only}. There are: ${RUNS.map(({ id }) => id).join(', ')}.`);
const rows: Row[] = [];
// Sidecars and databases are ended when this process exits, and it does so in order only when asked.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
for (const run of chosen) rows.push(await perform(run));
finish();

/** `F1` means it and its runs without a guard; a run for days of its own has to be named. */
function isChosen({ id, onDemand }: FaultRun): boolean {
  if (values.only === undefined) return onDemand !== true;
  return values.only.split(',').some((name) => id === name || id.startsWith(`${name}-`));
}

async function perform(run: FaultRun): Promise<Row> {
  const startedAt = performance.now();
  let verdict = await carriedOut(run);
  for (let storm = 1; storm < MOST_STORMS && hasEscaped(run, verdict); storm += 1) {
    options.say(`${run.id}: not seen in this storm, once more`);
    verdict = await carriedOut(run);
  }
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const { id, title, expect } = run;
  const row = { id, title, expect, ...verdict, seconds, pass: !hasEndedBadly(verdict) && passes(run, verdict) };
  print(row);
  return row;
}

/** A missing guard shows when a kill meets the very moment it is for: by chance, so one storm may miss it. */
function hasEscaped(run: FaultRun, verdict: Verdict): boolean {
  return run.expect === 'caught' && !hasEndedBadly(verdict) && !passes(run, verdict);
}

/** Making a changed copy may fail before there is anything to wait for. */
async function carriedOut(run: FaultRun): Promise<Verdict> {
  try {
    return await run.run(options);
  } catch (error) {
    return endedBadly(error);
  }
}

/** A run that could not be carried out proves nothing, whatever it was meant to show. */
function endedBadly(error: unknown): Verdict {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ...cleanVerdict(0), said: [said], figures: { [ENDED_BADLY]: 1 } };
}

function hasEndedBadly({ figures }: Verdict): boolean {
  return figures[ENDED_BADLY] === 1;
}

function print(row: Row): void {
  const counts = COUNTS.map((count) => `${row[count]} ${WORDS[count]}`).join(', ');
  const figures = Object.entries(row.figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${row.pass ? 'pass' : 'FAIL'}  ${row.id}: ${row.title} (must be ${row.expect})\n`);
  process.stdout.write(`      ${[`${row.units} units`, counts, ...figures, `${row.seconds} s`].join(', ')}\n`);
  const shown = row.pass ? 0 : row.said.length;
  for (const sentence of row.said.slice(0, shown)) process.stdout.write(`      ${sentence}\n`);
}

function finish(): void {
  const failed = rows.filter(({ pass }) => !pass).length;
  process.stdout.write(`${rows.length - failed} passed, ${failed} failed\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ faults: rows })}\n`);
  process.exit(failed === 0 ? 0 : 1);
}

function storeNamed(name: string): RunOptions['store'] {
  if (name === 'sqlite' || name === 'postgres') return name;
  throw new Error(`--store is sqlite or postgres, not ${name}.`);
}
