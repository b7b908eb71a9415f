/** The commands' own token, new at each start: an old copy of the file opens nothing. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '../config.js';
import { sha256 } from '../http/auth.js';
import { newToken } from '../http/tokens.js';
import type { Store, Write } from '../stores/store.js';
import { isShared } from './database.js';
import { removeAccess, writeAccess } from './local-access.js';
import { PRESENCE_KEY, presentIn } from './presence.js';
import { randomChance } from './world.js';

interface Door {
  config: Config;
  store: Pick<Store, 'apply' | 'tokens' | 'meta'>;
  now: number;
  orgId: string;
}

/** A sidecar that was killed leaves its token behind, and where machines come and go nobody with its name ever replaces it. */
const LEFT_BEHIND_MS = 24 * 3_600_000;

export async function openLocalDoor({ config, store, now, orgId }: Door, url: string): Promise<void> {
  const token = newToken(randomChance(32));
  const id = doorId(config);
  const kept = { id, orgId, name: 'tallyman command', hash: sha256(token), role: 'admin', createdAt: now } as const;
  const drops = [id, ...(await leftBehind(store, now))].map((old): Write => ({ write: 'dropToken', id: old }));
  await store.apply({ now, guards: [], writes: [...drops, { write: 'putToken', token: kept }] });
  writeAccess(config.dataDir, { url: url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:'), token });
}

export async function closeLocalDoor({ config, store, now }: Omit<Door, 'orgId'>): Promise<void> {
  removeAccess(config.dataDir);
  if (isShared(config)) await store.apply({ now, guards: [], writes: [{ write: 'dropToken', id: doorId(config) }] });
}

/** Where sidecars share a database each has a token of its own, by the machine and folder it runs in. */
export function doorId(config: Pick<Config, 'dataDir' | 'databaseUrl'>): string {
  if (!isShared(config)) return 'local';
  return `local:${createHash('sha256').update(`${hostname()}\n${config.dataDir}`).digest('hex').slice(0, 16)}`;
}

async function leftBehind(store: Door['store'], now: number): Promise<string[]> {
  const there = new Set(presentIn(await store.meta(PRESENCE_KEY), now).map(({ door }) => door));
  return (await store.tokens())
    .filter(({ id, createdAt }) => id.startsWith('local:') && now - createdAt > LEFT_BEHIND_MS && !there.has(id))
    .map(({ id }) => id);
}
