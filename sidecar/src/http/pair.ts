/** POST /v1/pair: a one-time code becomes a paired store. The only call that creates something without a signature. */
import { z } from 'zod';
import { CLOSED } from '../domain/breaker.js';
import type { Connection, StoreSettings } from '../domain/connection.js';
import { enqueue, wholeConnection } from '../queue/enqueue.js';
import type { Unit } from '../stores/store.js';
import { PROTOCOL } from './api.js';
import type { Api } from './api-scope.js';
import { assertProtocol } from './auth.js';
import { ApiFailure } from './errors.js';
import type { InTurn } from './in-turn.js';
import { limiter } from './limit.js';
import { codeHash, codeOrgKey } from './pairing-codes.js';
import { newSigningSecret } from './signature.js';
import type { HttpWorld } from './world.js';

const GUESSES_A_MINUTE = 10;
/** Of everybody together: with 50 bits a code, guessing on is without hope long before it expires. */
const GUESSES_OF_ALL_A_MINUTE = 100;
/** Calls that were signed before the answer arrived are still good. */
const OVERLAP_MS = 10 * 60_000;
/** The shop has to have stored our answer: a call signed with a secret it does not know yet would be refused, and pause the connection. */
const FIRST_CALL_AFTER_MS = 3_000;

const httpUrl = z.url({ protocol: /^https?$/ }).max(500);
const pair = z.object({
  code: z.string().min(4).max(40),
  protocol: z.number(),
  siteUrl: httpUrl,
  restUrl: httpUrl,
  siteHash: z.string().regex(/^[0-9a-f]{64}$/),
  siteName: z.string().max(200),
  storeCode: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$/),
  epoch: z.string().min(1).max(64),
  consumerKey: z.string().min(1).max(200),
  consumerSecret: z.string().min(1).max(200),
  versions: z.record(z.string(), z.string().max(100)).default({}),
});
type Pair = z.output<typeof pair>;

const badCode = (): ApiFailure =>
  new ApiFailure(
    401,
    'bad_code',
    'This code is wrong, used already or older than 10 minutes. Run "tallyman pair" for a new one.',
  );

export function pairRoute(api: Api, world: HttpWorld, inTurn: InTurn): void {
  const now = () => world.now();
  const ofOne = limiter(GUESSES_A_MINUTE, 60_000, now);
  const ofAll = limiter(GUESSES_OF_ALL_A_MINUTE, 60_000, now);
  api.post('/v1/pair', { schema: { body: pair } }, async (request) => {
    assertProtocol(request.body.protocol);
    try {
      // One at a time: two stores must not get the same store code.
      return await inTurn('pair', () => pairStore(world, request.body));
    } catch (error) {
      const guessed = error instanceof ApiFailure && error.error === 'bad_code';
      if (guessed && [ofOne.isOver(request.ip), ofAll.isOver('all')].includes(true)) {
        throw new ApiFailure(429, 'too_many', 'Too many wrong codes. Wait a minute.');
      }
      throw error;
    }
  });
}

async function pairStore(
  world: HttpWorld,
  asked: Pair,
): Promise<{ connectionId: string; secret: string; protocol: number }> {
  const hash = codeHash(asked.code);
  const orgId = await world.store.meta(codeOrgKey(hash));
  if (orgId === null || orgId === '') throw badCode();
  const before = await pairedBefore(world, orgId, asked);
  const connection = storeConnection(world, orgId, asked, before);
  const secret = newSigningSecret(world.chance(32));
  const applied = await world.store.apply(await pairUnit(world, asked, connection, before, secret));
  if (!applied.applied) throw badCode();
  world.logger.info({ event: 'store.paired', connectionId: connection.id, again: before !== null });
  world.nudge();
  return { connectionId: connection.id, secret, protocol: PROTOCOL };
}

/** @returns the connection of the same site, whose data stays. @throws 409 when its store code would change, or is another store's. */
async function pairedBefore(
  world: HttpWorld,
  orgId: string,
  { siteHash, storeCode, epoch }: Pair,
): Promise<Connection | null> {
  const stores = (await world.store.connections(orgId)).filter((one) => one.platform === 'woocommerce');
  const settings = (one: Connection) => one.settings as Partial<StoreSettings>;
  // A shop that moved has another address, but its outbox lives on: with a new code a person has said that it is the same one.
  const moved = (one: Connection) => settings(one).epoch === epoch && settings(one).storeCode === storeCode;
  const same = stores.find((one) => settings(one).siteHash === siteHash) ?? stores.find(moved) ?? null;
  const code = same === null ? null : (settings(same).storeCode ?? null);
  if (code !== null && code !== storeCode) {
    throw new ApiFailure(
      409,
      'store_code_fixed',
      `This shop was paired before with the store code "${code}". Enter "${code}" again: its references at the warehouse start with it.`,
    );
  }
  const taken = stores.some(
    (one) => one.id !== same?.id && settings(one).storeCode?.toLowerCase() === storeCode.toLowerCase(),
  );
  if (taken)
    throw new ApiFailure(
      409,
      'store_code_taken',
      `Another shop here has the store code "${storeCode}". Choose another one.`,
    );
  return same;
}

function storeConnection(world: HttpWorld, orgId: string, asked: Pair, before: Connection | null): Connection {
  const { siteUrl, restUrl, siteHash, storeCode, epoch, versions } = asked;
  const settings: StoreSettings = { url: siteUrl.replace(/\/+$/, ''), restUrl, siteHash, storeCode, epoch, versions };
  const now = world.now();
  const id = before?.id ?? world.newId();
  const fresh: Connection = {
    id,
    orgId,
    platform: 'woocommerce',
    name: '',
    storeId: id,
    state: 'active',
    pauseReason: null,
    pausedBy: null,
    settings: {},
    breaker: CLOSED,
    startsAt: now,
    createdAt: now,
    updatedAt: now,
    lastSuccessAt: null,
    lastFailure: null,
    credentialsVersion: 0,
  };
  const name = asked.siteName.trim() || new URL(siteUrl).host;
  return {
    ...(before ?? fresh),
    name,
    settings: { ...settings },
    state: 'active',
    pauseReason: null,
    pausedBy: null,
    breaker: CLOSED,
    updatedAt: now,
  };
}

async function pairUnit(
  world: HttpWorld,
  asked: Pair,
  connection: Connection,
  before: Connection | null,
  secret: string,
): Promise<Unit> {
  const hash = codeHash(asked.code);
  const now = world.now();
  const { id } = connection;
  const overlap = before === null ? {} : await overlapOf(world, id);
  const { consumerKey, consumerSecret } = asked;
  const sealed = world.vault.seal(id, { consumerKey, consumerSecret, secret, ...overlap });
  const pull = {
    kind: 'outbox.pull',
    connection,
    subject: wholeConnection(connection),
    now,
    runAt: now + FIRST_CALL_AFTER_MS,
    traceId: world.newId(),
    origin: 'paired',
  } as const;
  return {
    now,
    guards: [{ guard: 'pairingCode', codeHash: hash }],
    writes: [
      { write: 'usePairingCode', codeHash: hash },
      { write: 'putMeta', key: codeOrgKey(hash), value: '' },
      { write: 'putConnection', connection },
      { write: 'setConnectionState', connectionId: id, state: 'active', reason: null, by: null },
      { write: 'putBreaker', connectionId: id, breaker: CLOSED },
      { write: 'putCredentials', connectionId: id, ...sealed },
      ...world.schedules.writesFor(connection, now + FIRST_CALL_AFTER_MS),
      enqueue(pull),
      { write: 'insertActivity', activity: pairedActivity(connection, before) },
    ],
  };
}

async function overlapOf(world: HttpWorld, connectionId: string): Promise<Record<string, string>> {
  const { values } = await world.vault.read(connectionId);
  const { secret } = values;
  return secret === undefined ? {} : { previousSecret: secret, previousUntil: String(world.now() + OVERLAP_MS) };
}

function pairedActivity({ id, orgId, name }: Connection, before: Connection | null) {
  const what = before === null ? 'paired' : 'paired again';
  const about = { orgId, connectionId: id, jobId: null, subject: `store:${id}` };
  return { ...about, who: `shop ${name}`, what, why: null, before: null, after: null };
}
