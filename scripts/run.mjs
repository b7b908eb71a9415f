import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { COMMANDS } from './commands.mjs';
import { continueUnderPinnedNode, ensureComposerPackages, ensureNpmPackages } from './installed.mjs';
import { inRoot } from './paths.mjs';
import { mustShow, show, toolEnv } from './processes.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const [name = '', ...args] = process.argv.slice(2);

try {
  await prepare();
} catch (error) {
  // A sentence for the reader; a stack trace would hide it.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await start();

/** @returns {import('./commands.mjs').Command} */
function command() {
  const found = COMMANDS[/** @type {keyof typeof COMMANDS} */ (name)];
  if (found === undefined) throw new Error(`"${name}" is not one of: ${Object.keys(COMMANDS).join(', ')}.`);
  return found;
}

async function prepare() {
  const { run, needs, neededBy = {}, first } = command();
  const file = run.find((part) => part.endsWith('.ts'));
  if (file !== undefined && !existsSync(inRoot(file))) throw new Error(`npm run ${name}: ${file} does not exist.`);
  await ensureNpmPackages();
  await continueUnderPinnedNode();
  await ensureSystemPackages([...needs, ...args.flatMap((arg) => neededBy[arg] ?? [])]);
  for (const what of first) {
    await (what === 'php tools' ? ensureComposerPackages() : mustShow('node', [inRoot('scripts/build.mjs'), what]));
  }
}

async function start() {
  const [program, ...before] = command().run;
  if (!program.endsWith('.ts')) {
    process.exit(await show(program, [...before, ...args]));
  }
  // In this process, not in a child: Ctrl-C then reaches the program once, with nothing between.
  process.env['PATH'] = toolEnv().PATH;
  process.argv = [process.execPath, inRoot(program), ...args];
  await import('./typescript-source.mjs');
  await import(pathToFileURL(inRoot(program)).href);
}
