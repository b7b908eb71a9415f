/** `npm run faults [-- --json] [-- --only F1]`: storms against the real sidecar, judged by the simulators' own books. */
import { isClean, type Verdict } from './faults/oracle.js';
import { RUNS, type FaultRun } from './faults/runs.js';

interface Row extends Verdict {
  id: string;
  title: string;
  expect: FaultRun['expect'];
  seconds: number;
  pass: boolean;
}

const only = valueOf('--only');
const rows: Row[] = [];
for (const run of RUNS.filter(({ id }) => only === null || only.split(',').includes(id))) {
  const startedAt = performance.now();
  const verdict = await run.run();
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const row = {
    id: run.id,
    title: run.title,
    expect: run.expect,
    ...verdict,
    seconds,
    pass: isClean(verdict) === (run.expect === 'clean'),
  };
  rows.push(row);
  const { orders, lost, duplicated, unfinished, stuck } = verdict;
  const word = row.pass ? 'pass' : 'FAIL';
  process.stdout.write(
    `${word}  ${run.id}: ${run.title} (must be ${run.expect}): ${orders} orders, ${lost} lost, ${duplicated} twice, ${unfinished} unfinished, ${stuck} stuck, ${seconds} s\n`,
  );
  if (!row.pass) for (const sentence of verdict.said) process.stdout.write(`      ${sentence}\n`);
}
const failed = rows.filter(({ pass }) => !pass).length;
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ faults: rows })}\n`);
else process.stdout.write(`${rows.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function valueOf(flag: string): string | null {
  const at = process.argv.indexOf(flag);
  return at < 0 ? null : (process.argv[at + 1] ?? null);
}
