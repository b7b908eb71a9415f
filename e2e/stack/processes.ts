import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { forget, watch } from './watchdog.ts';

export type Service = {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly exited: Promise<void>;
  isRunning(): boolean;
  /** Ends the whole process group: `gently` lets it write its files out first, `at once` is kill -9. */
  stop(how: 'gently' | 'at once'): Promise<void>;
};

export type ServiceOrder = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The signal on which the server ends by itself, if not SIGTERM. */
  readonly endsOn?: NodeJS.Signals;
};

const GENTLE_STOP_MS = 20_000;

/** Servers live in sbin, which a user's PATH often lacks. */
const searchPath = (): string => `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

export const isInstalled = (isIt: (file: string) => boolean): boolean =>
  searchPath()
    .split(':')
    .some((folder) => existsSync(folder) && readdirSync(folder).some(isIt));

/** Ours, without the settings that are meant for us alone. */
const environment = (added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TALLYMAN_'))),
  PATH: searchPath(),
  ...added,
});

/** Starts a server in a process group of its own, so that its workers end with it. */
export function startService(order: ServiceOrder): Service {
  mkdirSync(dirname(order.logFile), { recursive: true });
  const log = openSync(order.logFile, 'a');
  const child = spawn(order.command, [...order.args], {
    cwd: order.cwd,
    env: environment(order.env),
    detached: true,
    // A pipe held by a server would keep whoever reads our output waiting for its end.
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const pid = child.pid;
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => undefined);
  if (pid === undefined) throw new Error(`${order.name} could not be started: is "${order.command}" installed?`);
  watch(pid);
  child.unref();

  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      // Workers outlive a parent that died by itself (php -S does this).
      signalGroup(pid, 'SIGKILL');
      forget(pid);
      resolve();
    });
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;

  async function stop(how: 'gently' | 'at once'): Promise<void> {
    if (!isRunning()) return;
    signalGroup(pid!, how === 'gently' ? (order.endsOn ?? 'SIGTERM') : 'SIGKILL');
    const killer = setTimeout(() => signalGroup(pid!, 'SIGKILL'), GENTLE_STOP_MS);
    await exited;
    clearTimeout(killer);
  }

  return { name: order.name, pid, logFile: order.logFile, exited, isRunning, stop };
}

function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch {
    // The group is gone already, which is what the caller wants.
  }
}

export type Run = { readonly stdout: string; readonly stderr: string };

/** Runs a command to its end; a failure carries what it said. */
export function run(
  command: string,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; input?: string; timeoutMs?: number } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: environment(options.env),
      timeout: options.timeoutMs ?? 300_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => reject(new Error(`"${command}" could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve({ stdout, stderr });
      const said = `${stderr}\n${stdout}`.trim().slice(-2_000);
      reject(new Error(`"${command} ${args.slice(0, 3).join(' ')}" ended with ${code ?? signal}: ${said}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      if (address === null || typeof address === 'string') return reject(new Error('No port was given.'));
      probe.close(() => resolve(address.port));
    });
  });
}

export type Readiness = {
  readonly service: Service;
  readonly timeoutMs: number;
  readonly pollMs?: number;
  readonly isReady: () => Promise<boolean>;
};

/** Polls until the service answers; a service that ended first is reported with the end of its log. */
export async function waitUntilReady(readiness: Readiness): Promise<void> {
  const { service } = readiness;
  const giveUpAt = Date.now() + readiness.timeoutMs;
  while (Date.now() < giveUpAt) {
    if (!service.isRunning()) throw new Error(`${service.name} ended while starting.\n${endOfLog(service.logFile)}`);
    if (await readiness.isReady().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, readiness.pollMs ?? 50));
  }
  const seconds = Math.round(readiness.timeoutMs / 1000);
  throw new Error(`${service.name} did not answer within ${seconds} s.\n${endOfLog(service.logFile)}`);
}

export function endOfLog(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n');
  } catch {
    return '(no log)';
  }
}
