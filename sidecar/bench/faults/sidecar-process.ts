/** The sidecar as a process of its own, so that it can be killed as a power cut would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const READY_WITHIN_MS = 20_000;

export interface SidecarProcess {
  url: string;
  dataDir: string;
  /** Milliseconds from start to /ready. */
  start(): Promise<number>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** Runs a command on the same data folder. @returns its standard output. */
  command(...args: string[]): Promise<string>;
}

export async function sidecarProcess(dataDir: string): Promise<SidecarProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    TALLYMAN_DATA_DIR: dataDir,
    TALLYMAN_PORT: String(port),
    TALLYMAN_PUBLIC_URL: url,
    TALLYMAN_LOG_LEVEL: 'warn',
  };
  const env = { ...process.env, ...settings, NODE_OPTIONS: '' };
  let child: ChildProcess | null = null;
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const ended = child;
    child = null;
    if (ended === null || ended.exitCode !== null) return;
    const gone = new Promise((done) => ended.once('exit', done));
    ended.kill(signal);
    await gone;
  };
  process.once('exit', () => child?.kill('SIGKILL'));
  return {
    url,
    dataDir,
    async start() {
      const startedAt = performance.now();
      const log = openSync(join(dataDir, '..', 'sidecar.log'), 'a');
      child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', log, log] });
      await ready(url, child, () => readFileSync(join(dataDir, '..', 'sidecar.log'), 'utf8').slice(-500));
      return performance.now() - startedAt;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    command: (...args) => output(args, env),
  };
}

async function ready(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`The sidecar ended with ${child.exitCode} while it started: ${log()}`);
    const isReady = await fetch(`${url}/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`The sidecar was not ready within ${READY_WITHIN_MS} ms`);
}

function output(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('exit', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`tallyman ${args.join(' ')} ended with ${code}: ${text}`)),
    );
  });
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
