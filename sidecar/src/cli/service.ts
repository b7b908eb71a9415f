/** The sidecar put together: the only place where store, platforms, queue and HTTP meet. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { createInstruments, type Instruments } from '../http/instruments.js';
import { createServer } from '../http/server.js';
import { createHttp, type HttpClient } from '../platforms/http.js';
import { translateOrder } from '../platforms/woocommerce/translate.js';
import { Governor } from '../queue/governor.js';
import type { World } from '../queue/world.js';
import { scheduleBook } from '../schedule.js';
import { keyFromFile } from '../secrets/key-file.js';
import { sealedBox, sealingKey, type SealedBox } from '../secrets/sealed-box.js';
import { vault as createVault, type Vault } from '../secrets/vault.js';
import type { Store } from '../stores/store.js';
import { alertChannels } from './alert-channels.js';
import { createAdapters, WAREHOUSES } from './adapters.js';
import { makeDataFolder } from './data-folder.js';
import { databaseClock } from './database-clock.js';
import { databaseName, isShared, openStore, timeTalk } from './database.js';
import { createEngine, type Engine } from './engine.js';
import { closeLocalDoor, doorId, openLocalDoor } from './local-door.js';
import { handlerNeeds } from './needs.js';
import { assertSameKey } from './same-key.js';
import { alone, among, newOwner, type Sharing } from './sharing.js';
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
  governor: Governor;
  sharing: Sharing;
  instruments: Instruments;
}

export async function startService(config: Config): Promise<Service> {
  makeDataFolder(config.dataDir);
  const logger = createLogger(config.logLevel);
  const box = boxOf(config);
  for (const warning of config.warnings) logger.warn({ event: 'settings.unknown' }, warning);
  const clock = isShared(config) ? await databaseClock(() => timeTalk(config), Date.now) : null;
  const instruments = createInstruments(ownVersion(), () => performance.now());
  const world = instruments.watched(realWorld(logger, clock?.now));
  const owner = newOwner(() => world.newId());
  const store = instruments.timed(await openStore(config, world, owner));
  try {
    if (clock !== null) await assertSameKey(store, box, world.now());
    const sharing = clock === null ? alone(owner) : among({ store, world, clock, owner, door: doorId(config) });
    return await run({
      config,
      logger,
      world,
      store,
      vault: createVault(store, box, () => world.now()),
      client: createHttp(),
      governor: new Governor(world, store, sharing.tenure.ownership),
      sharing,
      instruments,
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function run(parts: Parts): Promise<Service> {
  const { config, world, store, vault, client, logger, governor, sharing } = parts;
  const adapters = createAdapters(client, vault, world, governor);
  const engine = createEngine({
    store,
    tenure: sharing.tenure,
    world,
    adapters,
    governor,
    readOrder: translateOrder,
    needs: handlerNeeds(vault, config.publicUrl),
    retention: config.retention,
    alerts: {
      limits: config.alerts,
      scheduleLabel: (name) => scheduleBook(() => world.newId()).label(name),
      channels: alertChannels(client, vault, world, config.alerts.webhook),
    },
  });
  const server = serverOf(parts, engine, adapters);
  const url = await listen(server, config);
  try {
    await openLocalDoor({ config, store, now: world.now(), orgId: ORGANISATION }, url);
    const next = await nextStep(store, url);
    // Last of all: a start that fails must not leave a queue at work on a store that is closed behind it.
    await engine.start();
    sharing.start(url);
    const { owner } = sharing.tenure;
    logger.info({ event: 'sidecar.started', url, version: ownVersion(), owner, database: databaseName(config) });
    return { url, nextStep: next, stop: () => stop(parts, engine, server) };
  } catch (error) {
    await server.close();
    throw error;
  }
}

function serverOf(
  { config, world, store, vault, logger, governor, sharing, instruments }: Parts,
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
    rate: (connectionId) => governor.rate(connectionId),
    metrics: { access: config.metrics, instruments },
    ...sharing.http,
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

/** First nothing new comes in, then what runs ends or goes back, then the database is let go. */
async function stop(
  { config, store, client, logger, world, sharing }: Parts,
  engine: Engine,
  server: FastifyInstance,
): Promise<void> {
  logger.info({ event: 'sidecar.stopping' });
  await politely(() => closeLocalDoor({ config, store, now: world.now() }), world);
  await server.close();
  await engine.stop();
  await politely(() => sharing.stop(), world);
  await client.close();
  await store.close();
  logger.info({ event: 'sidecar.stopped' });
}

/** What is only good manners must not keep a sidecar from stopping when its database is away. */
async function politely(farewell: () => Promise<void>, world: World): Promise<void> {
  try {
    await farewell();
  } catch (error) {
    world.log('sidecar.farewell_trouble', { message: error instanceof Error ? error.message : String(error) });
  }
}
