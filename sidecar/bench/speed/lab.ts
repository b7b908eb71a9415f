/** Where a bench works: a folder of its own, servers on the loopback started when first asked for, programs. All of it ends with the lab. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type Postgres } from '../../../scripts/postgres.mjs';
import { startRedis } from '../../../scripts/redis.mjs';
import { startProgram, type Program } from './program.ts';

export interface Sizes {
  /** Interleaved. */
  rounds: number;
  /** Jobs that wait, retry or are blocked in front of a claim (P10). */
  waitingJobs: number;
}

export const SIZES = {
  short: { rounds: 5, waitingJobs: 500_000 },
  long: { rounds: 11, waitingJobs: 1_000_000 },
} as const satisfies Record<string, Sizes>;

type Stop = () => Promise<void>;

export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'tallyman-bench-'));
  private readonly stops: Stop[] = [];
  private database: Promise<Postgres> | null = null;
  private databases = 0;

  readonly sizes: Sizes;

  constructor(sizes: Sizes) {
    this.sizes = sizes;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  async program(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<Program> {
    const program = await startProgram(name, args, this.file(`${name}.log`));
    this.stops.push(program.stop);
    return program;
  }

  /** For what was started in another way: it ends with the lab. */
  alsoStop(stop: Stop): void {
    this.stops.push(stop);
  }

  async redis(appendfsync: 'everysec' | 'always'): Promise<number> {
    const { port, stop } = await startRedis({ appendfsync });
    this.stops.push(stop);
    return port;
  }

  /** @returns the address of an empty database, on a server that waits for the disk at each commit, as it comes. */
  async postgres(): Promise<string> {
    this.database ??= this.startPostgres();
    this.databases += 1;
    return (await this.database).newDatabase(`bench_${this.databases}`);
  }

  /** In the reverse order of their start: programs before the servers they talk to. */
  async close(): Promise<void> {
    for (const stop of this.stops.reverse()) await stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startPostgres(): Promise<Postgres> {
    const postgres = await startPostgres({ settings: { shared_buffers: '256MB', max_connections: 200 } });
    this.stops.push(() => postgres.stop());
    return postgres;
  }
}

/** One value of each contestant a round, in turns. */
export async function interleaved<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Promise<number>>>,
  warmUp: 1 | 2 = 2,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contestants) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  // The first rounds warm everybody up and are not counted: as services they would have run for days.
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of names) {
      const value = await contestants[name]();
      if (round >= 0) values[name].push(value);
    }
  }
  return values;
}
