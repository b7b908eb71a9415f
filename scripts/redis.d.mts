export interface RedisOptions {
  /** How long an acknowledged write may wait for the disk. */
  appendfsync: 'everysec' | 'always';
}

export interface Redis {
  readonly port: number;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

export function startRedis(options: RedisOptions): Promise<Redis>;
