import { mkdirSync, rmSync } from 'node:fs';
import { continueUnderPinnedNode, ensureComposerPackages, ensureNpmPackages } from './installed.mjs';
import { inRoot } from './paths.mjs';
import { showLimited, toolEnv } from './processes.mjs';
import { countsOf } from './reports.mjs';
import { RESULTS, STAGES } from './stages.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** @typedef {import('./stages.mjs').Stage} Stage */
/** @typedef {import('./reports.mjs').Counts & { name: string, seconds: number }} Result */

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = true));

try {
  const stages = chosenStages(process.argv.slice(2));
  await prepare(stages);
  const results = [];
  for (const stage of stages) {
    if (interrupted) break;
    results.push(await runStage(stage));
  }
  report(results);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}

/**
 * `--only eslint,sidecar` chooses stages; without it all run.
 * @param {readonly string[]} args @returns {readonly Stage[]}
 */
function chosenStages(args) {
  const at = args.indexOf('--only');
  if (at === -1 && args.length === 0) return STAGES;
  const names = (args[at + 1] ?? '').split(',');
  const unknown = at === -1 ? args : names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length === 0) return STAGES.filter((stage) => names.includes(stage.name));
  throw new Error(
    `Unknown: ${unknown.join(', ')}. Use --only with stages of: ${STAGES.map((stage) => stage.name).join(',')}.`,
  );
}

/** @param {readonly Stage[]} stages */
async function prepare(stages) {
  await ensureNpmPackages();
  await continueUnderPinnedNode();
  const needs = stages.flatMap((stage) => stage.needs);
  await ensureSystemPackages(needs);
  if (needs.includes('composer')) await ensureComposerPackages();
  rmSync(inRoot(RESULTS), { recursive: true, force: true });
  mkdirSync(inRoot(RESULTS));
}

/** @param {Stage} stage @returns {Promise<Result>} */
async function runStage(stage) {
  console.log(`\n=== ${stage.name}: ${stage.run.join(' ')}`);
  const startedAt = performance.now();
  const [program, ...args] = stage.run;
  const exitCode = await showLimited(program, args, stage.limitMinutes, {
    cwd: inRoot(stage.cwd ?? ''),
    env: { ...toolEnv(), ...stage.env },
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const counts = countsOf(stage, exitCode);
  console.log(`=== ${stage.name}: ${counts.failed === 0 ? 'ok' : 'FAILED'} after ${seconds.toFixed(1)} s`);
  return { name: stage.name, seconds, ...counts };
}

/** @param {readonly Result[]} results */
function report(results) {
  console.log('');
  for (const { name, seconds, passed, failed, skipped } of results) {
    const figures = [`${passed} passed`, `${failed} failed`, `${skipped} skipped`].join(', ');
    console.log(`${name.padEnd(10)}${seconds.toFixed(1).padStart(7)} s  ${figures}`);
  }
  /** @param {'passed' | 'failed' | 'skipped'} key */
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  if (sum('failed') > 0 || interrupted) process.exitCode = 1;
  if (interrupted) console.log('Interrupted: the stages after this did not run.');
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
}
