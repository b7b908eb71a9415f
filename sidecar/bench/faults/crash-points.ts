/** Where the process may be made to die: put into a copy of the compiled sidecar, and armed by a file while it runs. */
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Change } from './sidecar-copy.js';

export const CRASH_PRELOAD = fileURLToPath(new URL('preload/crash-points.mjs', import.meta.url));

interface Place {
  names: readonly string[];
  change: Change;
}

/** Dies before or after a whole function, whatever stands in it. */
function around(file: string, name: string, what: string): Place {
  const inner = `${name}UntilCrash`;
  const outer = `async function ${name}(...given) { globalThis.crashPoint('before ${what}'); const answer = await ${inner}(...given); globalThis.crashPoint('after ${what}'); return answer; }`;
  const change = { file, find: `async function ${name}(`, put: `${outer}\nasync function ${inner}(` };
  return { names: [`before ${what}`, `after ${what}`], change };
}

function aroundSync(file: string, name: string, what: string): Place {
  const inner = `${name}UntilCrash`;
  const outer = `function ${name}(...given) { globalThis.crashPoint('before ${what}'); const answer = ${inner}(...given); globalThis.crashPoint('after ${what}'); return answer; }`;
  return {
    names: [`before ${what}`, `after ${what}`],
    change: { file, find: `function ${name}(`, put: `${outer}\n    function ${inner}(` },
  };
}

function at(file: string, find: string, put: string, ...names: string[]): Place {
  return { names, change: { file, find, put } };
}

const crash = (name: string): string => `globalThis.crashPoint('${name}');`;

const EVERYWHERE: readonly Place[] = [
  around('http/webhook.js', 'verified', 'verifying a webhook'),
  around('http/auth.js', 'signedStore', 'verifying a hand-over'),
  around('http/webhook.js', 'takeDelivery', 'taking a webhook'),
  around('http/outbox.js', 'takeBatch', 'taking a hand-over'),
  at(
    'http/server.js',
    "server.addHook('onResponse', async (request, reply) => {",
    `server.addHook('onResponse', async (request, reply) => { if (request.method === 'POST') ${crash('after the answer')}`,
    'after the answer',
  ),
  around('queue/executor.js', 'execute', 'running a job'),
  around('queue/executor.js', 'checkpoint', 'a checkpoint'),
  at('platforms/http.js', 'agent.dispatch(', `${crash('before a call')} agent.dispatch(`, 'before a call'),
  at(
    'platforms/http.js',
    'onRequestStart(controller) {',
    `onRequestStart(controller) { setImmediate(() => { ${crash('a call was sent')} });`,
    'a call was sent',
  ),
  at(
    'platforms/http.js',
    'onResponseStart(controller, status, headers) {',
    `onResponseStart(controller, status, headers) { ${crash('the response begins')}`,
    'the response begins',
  ),
  at(
    'platforms/http.js',
    'onResponseEnd() {',
    `onResponseEnd() { ${crash('the response is read')}`,
    'the response is read',
  ),
  around('queue/settle.js', 'settle', 'settling'),
];

const SQLITE: readonly Place[] = [
  aroundSync('stores/sqlite/deliveries.js', 'insert', 'the insert'),
  aroundSync('stores/sqlite/claims.js', 'claim', 'the claim'),
  at(
    'stores/sqlite/group-commit.js',
    "commit: db.prepare('COMMIT'),",
    `commit: ((commit) => ({ run() { ${crash('before the commit')} commit.run(); ${crash('after the commit')} } }))(db.prepare('COMMIT')),`,
    'before the commit',
    'after the commit',
  ),
];

/** Inside the transaction of one step, and at both its ends. */
const MIGRATION: readonly Place[] = [
  aroundSync('stores/sqlite/migrate.js', 'step', 'a migration step'),
  at(
    'stores/sqlite/migrate.js',
    'note.run(version, name, now);',
    `${crash('a migration step is not noted yet')} note.run(version, name, now); ${crash('a migration step is not committed yet')}`,
    'a migration step is not noted yet',
    'a migration step is not committed yet',
  ),
];

const PLACES = { sqlite: [...EVERYWHERE, ...SQLITE], postgres: EVERYWHERE, migration: MIGRATION } as const;

export function crashPoints(where: keyof typeof PLACES): { names: string[]; changes: Change[] } {
  return {
    names: PLACES[where].flatMap(({ names }) => names),
    changes: PLACES[where].map(({ change }) => change),
  };
}

/** The nth time the point is passed from now on, the process is gone. */
export function arm(file: string, point: string, nth: number): void {
  writeFileSync(file, JSON.stringify({ point, nth }));
}

export function disarm(file: string): void {
  rmSync(file, { force: true });
}
