/** The sidecar as a process of its own, so that it can be killed as a power cut would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { notRunning, readAccess } from '../../src/cli/local-access.js';

/** The compiled sidecar; a run can be pointed at another one. */
export const DIST = process.env['FAULTS_SIDECAR_DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url));
const READY_WITHIN_MS = 30_000;

export interface SidecarOptions {
  /** Folder of the compiled sidecar; default: the built one. */
  dist?: string;
  /** Further settings of the sidecar. */
  env?: Readonly<Record<string, string>>;
  /** Modules loaded before it, e.g. another clock. */
  preload?: readonly string[];
  /** Put in front of the command, e.g. a limit of the system. */
  under?: readonly string[];
  /** What is started with `serve`; default: Node on `dist`. */
  command?: readonly string[];
}

export interface SidecarProcess {
  url: string;
  dataDir: string;
  dist: string;
  /** Milliseconds from start to /ready. @param env for this life alone. */
  start(env?: Readonly<Record<string, string>>): Promise<number>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** Stops and continues the whole process, as a machine that swaps or a debugger would. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** null while it is down. */
  pid(): number | null;
  /** Opens the management API; new at each start. @throws when it has never been up, or was stopped in order. */
  token(): string;
  /** Resident set. @throws while it is down. */
  residentBytes(): number;
  /** Resolves with how it ended once this life is over. */
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Runs a command on the same data folder. @returns its standard output. */
  command(...args: string[]): Promise<string>;
  /** What it has logged, over all its lives. */
  log(): string;
}

/** None of them outlives the run. */
const alive = new Set<ChildProcess>();
process.once('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export async function sidecarProcess(dataDir: string, options: SidecarOptions = {}): Promise<SidecarProcess> {
  const { dist = DIST, preload = [], under = [] } = options;
  const main = join(dist, 'main.js');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    TALLYMAN_DATA_DIR: dataDir,
    TALLYMAN_PORT: String(port),
    TALLYMAN_PUBLIC_URL: url,
    TALLYMAN_LOG_LEVEL: 'warn',
    ...options.env,
  };
  const env = { ...process.env, ...settings, NODE_OPTIONS: '' };
  const logFile = join(dataDir, '..', `sidecar-${port}.log`);
  const log = () => readFileSync(logFile, 'utf8');
  let life: { child: ChildProcess; ended: Promise<Ended> } | null = null;
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (life === null) return;
    const { child, ended } = life;
    life = null;
    child.kill(signal);
    await ended;
  };
  const nodeArgs = preload.flatMap((file) => ['--import', pathToFileURL(file).href]);
  const { command = [process.execPath, ...nodeArgs, main] } = options;
  return {
    url,
    dataDir,
    dist,
    log,
    async start(more = {}) {
      const startedAt = performance.now();
      const out = openSync(logFile, 'a');
      const [program = '', ...args] = [...under, ...command, 'serve'];
      const child = spawn(program, args, { env: { ...env, ...more }, stdio: ['ignore', out, out] });
      const ended = new Promise<Ended>((done) => child.once('exit', (code, signal) => done({ code, signal })));
      life = { child, ended };
      alive.add(child);
      void ended.then(() => alive.delete(child));
      await ready(url, child, () => log().slice(-800));
      return performance.now() - startedAt;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    signal: (name) => void life?.child.kill(name),
    pid: () => life?.child.pid ?? null,
    token: () => tokenIn(dataDir),
    residentBytes: () => residentBytes(life?.child.pid ?? 0),
    ended: () => life?.ended ?? Promise.resolve({ code: null, signal: null }),
    command: (...args) => output([...nodeArgs, main, ...args], env),
  };
}

async function ready(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new SidecarEnded(`The sidecar ended (${child.exitCode ?? child.signalCode}) while it started: ${log()}`);
    const isReady = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((done) => setTimeout(done, 15));
  }
  throw new Error(`The sidecar was not ready within ${READY_WITHIN_MS} ms: ${log()}`);
}

function tokenIn(dataDir: string): string {
  const access = readAccess(dataDir);
  if (access === null) throw notRunning(dataDir);
  return access.token;
}

function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  // Of a process that has ended the system says nothing, which must not look like little.
  if (kibibytes === undefined) throw new Error(`Process ${pid} has ended.`);
  return Number(kibibytes) * 1024;
}

/** It ended by itself before it was ready: what a refused start looks like. */
export class SidecarEnded extends Error {}

function output(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('exit', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${args.join(' ')} ended with ${code}: ${text}`)),
    );
  });
}

export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
