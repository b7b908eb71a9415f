/** What a sidecar does because others may share its database. Alone, on SQLite, it does none of it. */
import { hostname } from 'node:os';
import { sharedTurns } from '../http/in-turn.js';
import type { HttpWorld } from '../http/world.js';
import type { World } from '../queue/world.js';
import type { Store } from '../stores/store.js';
import type { DatabaseClock } from './database-clock.js';
import type { Tenure } from './engine.js';
import { leave, presence, type Present } from './presence.js';
import { ownVersion } from './version.js';

export interface Sharing {
  tenure: Tenure;
  /** What the HTTP side has to ask the others for. */
  http: Pick<HttpWorld, 'inTurn' | 'isFirst'>;
  start(url: string): void;
  stop(): Promise<void>;
}

/** As long as a signature is accepted, on both sides of now. */
const CALL_REMEMBERED_MS = 10 * 60_000;

/** Of this process alone: a process id comes again after a restart, and whose lease a job is under must stay clear. */
export const newOwner = (newId: () => string): string => `${hostname()}:${process.pid}:${newId().slice(-8)}`;

export function alone(owner: string): Sharing {
  return { tenure: { owner, ownership: 'single' }, http: {}, start: () => undefined, stop: async () => undefined };
}

interface Shared {
  store: Store;
  world: World;
  clock: DatabaseClock;
  owner: string;
  /** Id of the commands' token. */
  door: string;
}

export function among({ store, world, clock, owner, door }: Shared): Sharing {
  const self = (url: string): Omit<Present, 'seenAt'> => ({
    owner,
    door,
    url,
    host: hostname(),
    version: ownVersion(),
    startedAt: world.now(),
  });
  let stop: () => Promise<void> = async () => undefined;
  return {
    tenure: { owner, ownership: 'shared' },
    http: {
      inTurn: sharedTurns({ store, world }),
      isFirst: (key) => store.lead(key, world.newId(), world.now(), CALL_REMEMBERED_MS),
    },
    start(url) {
      const here = presence(store, world, self(url));
      here.start();
      clock.start(world);
      stop = async () => {
        await Promise.all([here.stop(), clock.stop()]);
        await leave(store, self(url), world.now());
      };
    },
    stop: () => stop(),
  };
}
