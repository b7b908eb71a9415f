/** The accounts a store works with: see, add, change, test, pause, resume. */
import { z } from 'zod';
import { CLOSED } from '../domain/breaker.js';
import type { Connection } from '../domain/connection.js';
import type { WarehousePlatform } from '../platforms/platform.js';
import { enqueue, wholeConnection } from '../queue/enqueue.js';
import type { NewActivity, Write } from '../stores/store.js';
import type { Api } from './api-scope.js';
import type { TestAnswer } from './api.js';
import { checkInput, type CheckedInput } from './connection-input.js';
import { connectionRow, connectionRows, platformForms } from './connection-view.js';
import { ApiFailure, invalid } from './errors.js';
import { visibleConnection, visibleConnections, type Identity } from './identity.js';
import { accepted } from './jobs.js';
import { directCall, type HttpWorld } from './world.js';

/** A shop's screen waits no longer than 3 s for any answer. */
const TEST_TIMEOUT_MS = { screen: 2_500, token: 20_000 } as const;
const SECRET_BYTES = 24;

const params = z.object({ id: z.string() });
const input = z.object({
  platform: z.literal('wms'),
  name: z.string().trim().min(1).max(60),
  settings: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), z.string().max(2000)).default({}),
  /** Needed only where a token asks and the organisation has several stores. */
  storeId: z.string().optional(),
});
type Input = z.output<typeof input>;

export function connectionRoutes(api: Api, world: HttpWorld): void {
  api.get('/platforms', async () => ({ rows: platformForms(world) }));
  api.get('/connections', async ({ identity }) => {
    return { rows: await connectionRows(world, identity, await visibleConnections(world.store, identity)) };
  });
  api.get('/connections/:id', { schema: { params } }, async ({ identity, params: { id } }) => {
    return connectionRow(world, identity, await visibleConnection(world.store, identity, id));
  });
  api.post(
    '/connections',
    { config: { role: 'admin' }, schema: { body: input } },
    async ({ identity, body }, reply) => {
      const connection = await addConnection(world, identity, body);
      return reply.code(201).send(await connectionRow(world, identity, connection));
    },
  );
  api.put(
    '/connections/:id',
    { config: { role: 'admin' }, schema: { params, body: input } },
    async ({ identity, params: { id }, body }) => {
      await changeConnection(world, identity, await visibleConnection(world.store, identity, id), body);
      return connectionRow(world, identity, await visibleConnection(world.store, identity, id));
    },
  );
  api.post(
    '/connections/:id/test',
    { config: { role: 'operator' }, schema: { params } },
    async ({ identity, params: { id } }) => {
      const timeoutMs = TEST_TIMEOUT_MS[identity.storeId === null ? 'token' : 'screen'];
      return testConnection(world, await visibleConnection(world.store, identity, id), timeoutMs);
    },
  );
  pauseRoutes(api, world);
}

function pauseRoutes(api: Api, world: HttpWorld): void {
  const config = { role: 'operator' } as const;
  const body = z.object({ reason: z.string().trim().max(500).default('') }).nullish();
  api.post(
    '/connections/:id/pause',
    { config, schema: { params, body } },
    async ({ identity, params: { id }, body: given }) => {
      const connection = await visibleConnection(world.store, identity, id);
      accepted(
        await world.operator.pause(connection.id, {
          who: identity.who,
          reason: given?.reason || null,
          now: world.now(),
        }),
      );
      return connectionRow(world, identity, await visibleConnection(world.store, identity, id));
    },
  );
  api.post('/connections/:id/resume', { config, schema: { params } }, async ({ identity, params: { id } }) => {
    const connection = await visibleConnection(world.store, identity, id);
    accepted(await world.operator.resume(connection.id, { who: identity.who, reason: null, now: world.now() }));
    return connectionRow(world, identity, await visibleConnection(world.store, identity, id));
  });
}

async function addConnection(world: HttpWorld, identity: Identity, asked: Input): Promise<Connection> {
  const platform = platformOf(world, asked.platform);
  const store = await storeFor(world, identity, asked.storeId);
  const checked = checkInput(platform.fields, asked, []);
  const connection = freshConnection(world, store, asked, checked);
  assertConnects(world, connection);
  const webhookSecret = Buffer.from(world.chance(SECRET_BYTES)).toString('hex');
  const sealed = world.vault.seal(connection.id, { ...checked.secrets, webhookSecret });
  const now = world.now();
  await world.store.apply({
    now,
    guards: [],
    writes: [
      { write: 'putConnection', connection },
      { write: 'putCredentials', connectionId: connection.id, ...sealed },
      ...world.schedules.writesFor(connection, now),
      ...firstJobs(world, connection),
      told(identity, connection, 'Added the connection.'),
    ],
  });
  // Whoever sets this up watches for the first order: a shop that cannot push is asked every second or two for a while.
  world.noteActivity(store.id);
  world.nudge();
  return connection;
}

async function changeConnection(
  world: HttpWorld,
  identity: Identity,
  connection: Connection,
  asked: Input,
): Promise<void> {
  const platform = platformOf(world, connection.platform);
  const { values, version } = await world.vault.read(connection.id);
  const checked = checkInput(platform.fields, asked, Object.keys(values));
  const changed = { ...connection, name: asked.name, settings: { ...connection.settings, ...checked.settings } };
  assertConnects(world, changed);
  const sealed = world.vault.seal(connection.id, { ...values, ...checked.secrets });
  const applied = await world.store.apply({
    now: world.now(),
    // The adapter may have renewed its token meanwhile; writing over it would log it out.
    guards: [{ guard: 'credentialsVersion', connectionId: connection.id, version }],
    writes: [
      { write: 'putConnection', connection: changed },
      { write: 'putCredentials', connectionId: connection.id, ...sealed },
      ...firstJobs(world, changed),
      told(identity, connection, 'Changed the connection.'),
    ],
  });
  if (!applied.applied)
    throw new ApiFailure(409, 'changed', 'The connection was changed at the same moment. Save again.');
  world.nudge();
}

/** What can be learned at once: the articles, whether webhooks come, and which orders are already due. */
function firstJobs(world: HttpWorld, connection: Connection): Write[] {
  const common = { now: world.now(), traceId: world.newId(), origin: 'connection saved' };
  const subject = wholeConnection(connection);
  const store = { id: connection.storeId, orgId: connection.orgId, storeId: connection.storeId };
  return [
    enqueue({ kind: 'warehouse.articles', connection, subject, ...common }),
    enqueue({ kind: 'warehouse.webhooks', connection, subject, ...common }),
    enqueue({ kind: 'store.net', connection: store, subject: wholeConnection(store), ...common }),
  ];
}

async function testConnection(world: HttpWorld, connection: Connection, timeoutMs: number): Promise<TestAnswer> {
  const call = directCall(world, timeoutMs);
  const { ok, sentence } = await answerOf(() =>
    connection.platform === 'woocommerce'
      ? world.adapters.shop(connection).test(call)
      : world.adapters.warehouse(connection).test(call),
  );
  const outcome = ok ? ({ success: true } as const) : ({ success: false, summary: sentence } as const);
  await world.store.apply({
    now: world.now(),
    guards: [],
    writes: [{ write: 'putContact', connectionId: connection.id, outcome }],
  });
  const hint = ok && connection.state === 'paused' ? ' The connection is paused: press Resume.' : '';
  return { ok, sentence: `${sentence}${hint}` };
}

async function answerOf(test: () => Promise<TestAnswer>): Promise<TestAnswer> {
  try {
    return await test();
  } catch (error) {
    return {
      ok: false,
      sentence: summaryOf(error) ?? 'The test ended in an unexpected way; the log of the sidecar has the details.',
    };
  }
}

/** Settings only the platform can judge, e.g. an address that may not be called. */
function assertConnects(world: HttpWorld, connection: Connection): void {
  try {
    world.adapters.warehouse(connection);
  } catch (error) {
    throw invalid(summaryOf(error) ?? 'These settings cannot be used.');
  }
}

/** Adapters say what went wrong in `summary`. */
function summaryOf(error: unknown): string | null {
  const summary = (error as { summary?: unknown } | null)?.summary;
  return typeof summary === 'string' ? summary : null;
}

function freshConnection(
  world: HttpWorld,
  store: Connection,
  { name, platform }: Input,
  { settings }: CheckedInput,
): Connection {
  const now = world.now();
  return {
    ...store,
    id: world.newId(),
    platform,
    name,
    storeId: store.id,
    state: 'active',
    pauseReason: null,
    pausedBy: null,
    settings,
    breaker: CLOSED,
    // Orders since the pairing are this warehouse's, however long it took to connect it.
    startsAt: store.startsAt,
    createdAt: now,
    updatedAt: now,
    lastSuccessAt: null,
    lastFailure: null,
    credentialsVersion: 0,
  };
}

async function storeFor(world: HttpWorld, identity: Identity, asked: string | undefined): Promise<Connection> {
  const stores = (await visibleConnections(world.store, identity)).filter((one) => one.platform === 'woocommerce');
  const store = asked === undefined && stores.length === 1 ? stores[0] : stores.find((one) => one.id === asked);
  if (store === undefined)
    throw invalid(stores.length === 0 ? 'Pair a shop first.' : 'Say in "storeId" which shop this is for.');
  return store;
}

function platformOf(world: HttpWorld, key: string): WarehousePlatform {
  const platform = world.warehouses.find((one) => one.key === key);
  if (platform === undefined)
    throw invalid('Connections of this platform are not changed here: pair the shop again instead.');
  return platform;
}

function told({ orgId, who }: Identity, { id }: Connection, what: string): Write {
  const about = { orgId, connectionId: id, jobId: null, subject: `connection:${id}` };
  const activity: NewActivity = { ...about, who, what, why: null, before: null, after: null };
  return { write: 'insertActivity', activity };
}
