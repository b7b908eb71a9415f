import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../scripts/postgres.mjs';
import { stoppedAtEnd } from './ending.ts';
import { freePort, run, type Run, type Service, startService, waitUntilReady } from './processes.ts';

const MAIN = fileURLToPath(new URL('../../sidecar/dist/main.js', import.meta.url));

export type Sidecar = {
  readonly url: string;
  readonly dataDir: string;
  /** Runs a command of the sidecar beside it, on the same data folder. */
  command(...args: readonly string[]): Promise<Run>;
  start(): Promise<void>;
  /** As systemd stops it. */
  stop(): Promise<void>;
  /** As a power cut stops it. */
  kill(): Promise<void>;
  /** Stops it for good. */
  end(): Promise<void>;
  isRunning(): boolean;
  log(): string;
};

/** Where the sidecar keeps its queue: in a file of its data folder, or in a PostgreSQL that is this run's alone. */
export type Keeping = 'sqlite' | 'postgres';

export type SidecarOptions = {
  readonly runDir: string;
  /** The address the warehouse sends its webhooks to; without one the warehouse is polled. */
  readonly webhooks?: 'received' | 'none';
  /** What the environment says (TALLYMAN_KEEPING), if nothing is said here. */
  readonly keeping?: Keeping;
  readonly env?: Readonly<Record<string, string>>;
  /** The file to run; the one that was built last, if nothing is said. */
  readonly program?: string;
};

export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = join(options.runDir, 'sidecar');
  const logFile = join(options.runDir, 'logs', 'sidecar.log');
  mkdirSync(dataDir, { recursive: true });
  const database = await databaseFor(options.keeping ?? keepingOfEnvironment());
  const env = {
    TALLYMAN_DATA_DIR: dataDir,
    TALLYMAN_HOST: '127.0.0.1',
    TALLYMAN_PORT: String(port),
    ...(options.webhooks === 'none' ? {} : { TALLYMAN_PUBLIC_URL: url }),
    ...(database === null ? {} : { TALLYMAN_DATABASE_URL: database.url }),
    ...options.env,
  };
  const program = options.program ?? MAIN;
  let service: Service | undefined;

  async function start(): Promise<void> {
    service = startService({ name: 'The sidecar', command: process.execPath, args: [program, 'serve'], logFile, env });
    await waitUntilReady({ service, timeoutMs: 20_000, isReady: async () => (await fetch(`${url}/ready`)).ok });
  }

  await start();
  const end = stoppedAtEnd(async () => {
    await service?.stop('gently');
    await database?.stop();
  });
  return {
    url,
    dataDir,
    start,
    stop: async () => service?.stop('gently'),
    end,
    kill: async () => service?.stop('at once'),
    isRunning: () => service?.isRunning() ?? false,
    command: (...args) => run(process.execPath, [program, ...args], { env, timeoutMs: 30_000 }),
    log: () => readFileSync(logFile, 'utf8'),
  };
}

const keepingOfEnvironment = (): Keeping => (process.env['TALLYMAN_KEEPING'] === 'postgres' ? 'postgres' : 'sqlite');

async function databaseFor(keeping: Keeping): Promise<{ readonly url: string; stop(): Promise<void> } | null> {
  return keeping === 'postgres' ? startPostgres() : null;
}
