/** The sidecar put together: the only place where store, platforms, queue and HTTP meet. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { newToken } from '../http/tokens.js';
import { createServer } from '../http/server.js';
import { sha256 } from '../http/auth.js';
import { createHttp, type HttpClient } from '../platforms/http.js';
import { translateOrder } from '../platforms/woocommerce/translate.js';
import type { World } from '../queue/world.js';
import { scheduleBook } from '../schedule.js';
import { keyFromFile } from '../secrets/key-file.js';
import { sealedBox, sealingKey, type SealedBox } from '../secrets/sealed-box.js';
import { vault as createVault, type Vault } from '../secrets/vault.js';
import { openSqliteStore } from '../stores/sqlite/store.js';
import type { Store } from '../stores/store.js';
import { createAdapters, WAREHOUSES } from './adapters.js';
import { databaseFile, makeDataFolder } from './data-folder.js';
import { createEngine, type Engine } from './engine.js';
import { removeAccess, writeAccess } from './local-access.js';
import { handlerNeeds } from './needs.js';
import { ownVersion } from './version.js';
import { createLogger, randomChance, realWorld } from './world.js';

/** Until an installation has several, everything belongs to this one. */
export const ORGANISATION = 'default';

export interface Service {
  url: string;
  /** What to do next, for who has just started it. */
  nextStep: string;
  stop(): Promise<void>;
}

interface Parts {
  config: Config;
  logger: Logger;
  world: World;
  store: Store;
  vault: Vault;
  client: HttpClient;
}

export async function startService(config: Config): Promise<Service> {
  makeDataFolder(config.dataDir);
  const logger = createLogger(config.logLevel);
  const world = realWorld(logger);
  const box = boxOf(config);
  for (const warning of config.warnings) logger.warn({ event: 'settings.unknown' }, warning);
  const store = openSqliteStore({ file: databaseFile(config.dataDir), now: () => world.now() });
  try {
    return await run({
      config,
      logger,
      world,
      store,
      vault: createVault(store, box, () => world.now()),
      client: createHttp(),
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function run(parts: Parts): Promise<Service> {
  const { config, world, store, vault, client, logger } = parts;
  const adapters = createAdapters(client, vault, world);
  const engine = createEngine({
    store,
    world,
    adapters,
    readOrder: translateOrder,
    needs: handlerNeeds(vault, config.publicUrl),
  });
  const server = serverOf(parts, engine, adapters);
  const url = await listen(server, config);
  await openLocalDoor(parts, url);
  await engine.start();
  logger.info({ event: 'sidecar.started', url, version: ownVersion(), dataDir: config.dataDir });
  return { url, nextStep: await nextStep(store, url), stop: () => stop(parts, engine, server) };
}

function serverOf(
  { config, world, store, vault, logger }: Parts,
  engine: Engine,
  adapters: ReturnType<typeof createAdapters>,
): FastifyInstance {
  return createServer({
    version: ownVersion(),
    publicUrl: config.publicUrl,
    store,
    now: () => world.now(),
    newId: () => world.newId(),
    chance: randomChance,
    logger,
    vault,
    readOrder: translateOrder,
    warehouses: WAREHOUSES,
    adapters,
    operator: engine.operator,
    schedules: scheduleBook(() => world.newId()),
    nudge: () => engine.nudge(),
    noteActivity: (connectionId) => engine.noteActivity(connectionId),
    notReady: () => engine.notReady(),
  });
}

export function boxOf({ secretKey, secretKeyOld, dataDir }: Config): SealedBox {
  const current = sealingKey(secretKey ?? keyFromFile(dataDir, randomChance));
  return sealedBox(current, secretKeyOld === null ? [] : [sealingKey(secretKeyOld)], randomChance);
}

async function listen(server: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Error(`TALLYMAN_PORT: port ${port} is in use already. Stop what uses it, or set another one.`, {
        cause: error,
      });
    if (code === 'EADDRNOTAVAIL')
      throw new Error(`TALLYMAN_HOST: this machine has no address ${host}.`, { cause: error });
    throw error;
  }
}

/** The commands' own token, new at each start: an old copy of the file opens nothing. */
async function openLocalDoor({ config, world, store }: Parts, url: string): Promise<void> {
  const token = newToken(randomChance(32));
  const now = world.now();
  const kept = {
    id: 'local',
    orgId: ORGANISATION,
    name: 'tallyman command',
    hash: sha256(token),
    role: 'admin',
    createdAt: now,
  } as const;
  await store.apply({
    now,
    guards: [],
    writes: [
      { write: 'dropToken', id: kept.id },
      { write: 'putToken', token: kept },
    ],
  });
  writeAccess(config.dataDir, { url: url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:'), token });
}

async function nextStep(store: Store, url: string): Promise<string> {
  const connections = await store.connections();
  if (connections.every((one) => one.platform !== 'woocommerce')) {
    return `Tallyman listens on ${url}. No shop is paired yet: run "tallyman pair" and enter its code in the shop, under WooCommerce → Tallyman.`;
  }
  if (connections.every((one) => one.platform === 'woocommerce')) {
    return `Tallyman listens on ${url}. Next: connect the warehouse in the shop, under WooCommerce → Tallyman → Connections.`;
  }
  return `Tallyman listens on ${url}.`;
}

/** First nothing new comes in, then what runs ends or goes back, then the file is let go. */
async function stop({ config, store, client, logger }: Parts, engine: Engine, server: FastifyInstance): Promise<void> {
  logger.info({ event: 'sidecar.stopping' });
  removeAccess(config.dataDir);
  await server.close();
  await engine.stop();
  await client.close();
  await store.close();
  logger.info({ event: 'sidecar.stopped' });
}
