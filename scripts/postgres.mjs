/** A PostgreSQL of our own on the loopback, for tests, bench, fault runs and the demo. Nothing of the machine's own cluster is touched. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** @typedef {import('./postgres.mjs').PostgresEnd} PostgresEnd */
/** @typedef {{ child: import('node:child_process').ChildProcess, pid: number, ended: Promise<unknown> }} Running */

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const DEBIAN = '/usr/lib/postgresql';
const START_WITHIN_MS = 30_000;
const TRIES = 5;
/** @satisfies {Record<PostgresEnd, NodeJS.Signals>} */
const SIGNALS = /** @type {const} */ ({ fast: 'SIGINT', immediate: 'SIGQUIT', SIGKILL: 'SIGKILL' });

export const hasPostgres = () => binaries() !== null;

/** @type {typeof import('./postgres.mjs').startPostgres} */
export async function startPostgres({ folder, settings = {} } = {}) {
  const bin = binaries();
  if (bin === null) throw new Error('PostgreSQL is not installed: no initdb in PATH or under /usr/lib/postgresql.');
  const base = folder ?? mkdtempSync(join(tmpdir(), 'tallyman-postgres-'));
  chmodSync(base, 0o755);
  const data = await makeCluster(bin, base);
  const port = await freePort();
  let running = await start(bin, data, port, settings);
  const kill = () => void running.child.kill('SIGQUIT');
  process.once('exit', kill);
  const address = `postgres://postgres@127.0.0.1:${port}`;
  const server = {
    port,
    url: `${address}/postgres`,
    get pid() {
      return running.pid;
    },
    newDatabase: async (/** @type {string} */ name) => {
      await run(join(bin, 'createdb'), ['--host=127.0.0.1', `--port=${port}`, '--username=postgres', name]);
      return `${address}/${name}`;
    },
    kill: (/** @type {PostgresEnd} */ how = 'immediate') => end(running, how),
    restart: async (/** @type {PostgresEnd} */ how = 'fast') => {
      await end(running, how);
      running = await startAgain(bin, data, port, settings);
    },
    stop: async () => {
      process.off('exit', kill);
      await end(running, 'immediate');
      rmSync(folder === undefined ? base : data, { recursive: true, force: true });
    },
  };
  return server;
}

/** @returns {string | null} the folder of initdb and postgres, the newest version's first. */
function binaries() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((one) => existsSync(join(one, 'initdb')) && existsSync(join(one, 'postgres'))) ?? null;
}

/** @param {string} bin @param {string} base */
async function makeCluster(bin, base) {
  const data = join(base, 'data');
  mkdirSync(data);
  // The server refuses to run as root.
  if (isRoot) await run('chown', ['postgres', data]);
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '-D', data];
  const [command, args] = asServer(join(bin, 'initdb'), options);
  await run(command, args, { cwd: base });
  return data;
}

/** The server that was killed may still be leaving: its last processes hold the memory for a moment. @type {typeof start} */
async function startAgain(bin, data, port, settings) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(bin, data, port, settings);
    } catch (error) {
      if (tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * tries));
    }
  }
}

/**
 * @param {string} bin @param {string} data @param {number} port @param {Readonly<Record<string, string | number>>} settings
 * @returns {Promise<Running>} once it takes connections
 */
async function start(bin, data, port, settings) {
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port, ...settings };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, args] = asServer(join(bin, 'postgres'), ['-D', data, ...options]);
  const child = spawn(command, args, { cwd: data, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  try {
    await ready(child, ended);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return { child, ended, pid: child.pid ?? 0 };
}

/** @param {import('node:child_process').ChildProcess} child @param {Promise<unknown>} ended */
async function ready(child, ended) {
  let said = '';
  /** @type {NodeJS.Timeout | undefined} */
  let limit;
  const answers = new Promise((resolve) => {
    child.stderr?.on('data', (part) => {
      // Read to the end, so that the server never waits for somebody to take its log.
      said = `${said}${String(part)}`.slice(-4_000);
      if (said.includes('ready to accept connections')) resolve('ready');
    });
    limit = setTimeout(resolve, START_WITHIN_MS, 'late');
  });
  const how = await Promise.race([answers, ended.then(() => 'ended')]);
  clearTimeout(limit);
  if (how !== 'ready') throw new Error(`PostgreSQL did not start (${String(how)}):\n${said}`);
}

/** @param {Running} running @param {PostgresEnd} how */
async function end({ child, ended }, how) {
  if (child.exitCode === null && child.signalCode === null) child.kill(SIGNALS[how]);
  await ended;
}

/**
 * As root: as the user postgres. Either way it is told to end when its parent dies, however that happens.
 * @param {string} command @param {string[]} args
 * @returns {[string, string[]]}
 */
function asServer(command, args) {
  const user = isRoot ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  const hasSetpriv = spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status === 0;
  return hasSetpriv ? ['setpriv', [...user, '--pdeathsig=QUIT', command, ...args]] : [command, args];
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
