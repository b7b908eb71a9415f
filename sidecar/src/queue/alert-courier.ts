/**
 * Tells alerts to the shop (its mail and notices) and to a webhook. Not by jobs: the queue, or the connection a job would belong to,
 * may be the very thing that is in trouble. The alerts in the store are what is to be told; what was told is kept beside them, and
 * each telling carries an id that stays the same, so that a repetition after a lost answer is known where it arrives.
 */
import { needsPerson, overSentence } from '../domain/alert-rules.js';
import {
  afterTelling,
  happenedAt,
  newsId,
  untold,
  type Edge,
  type News,
  type Told,
  type Untold,
} from '../domain/alert-telling.js';
import type { Alert, AlertKind } from '../domain/alert.js';
import type { Connection } from '../domain/connection.js';
import { PlatformFailure } from '../platforms/failure.js';
import type { Store, Write } from '../stores/store.js';
import type { World } from './world.js';

/** What the shop is told: news to mail, and what its notices should say from now on. */
export interface ShopMessage {
  /** ISO-8601; of two messages the later one holds. */
  asOf: string;
  news: { id: string; edge: Edge; sentence: string; at: string }[];
  /** Alerts that opened and were over since the last mail, without a word about them. */
  passed: number;
  /** What a person has to do something about now. */
  notices: { id: string; sentence: string; since: string }[];
}

export interface WebhookNews {
  /** The same for every try. */
  id: string;
  type: 'alert.opened' | 'alert.cleared';
  timestamp: string;
  data: {
    id: string;
    kind: AlertKind;
    organisation: string;
    connection: { id: string; name: string } | null;
    sentence: string;
    openedAt: string;
    clearedAt: string | null;
  };
}

/** Ways to tell. Both throw PlatformFailure when it did not arrive. */
export interface Channels {
  shop(store: Connection, message: ShopMessage): Promise<void>;
  webhook: ((news: WebhookNews) => Promise<void>) | null;
}

interface CourierDeps {
  store: Store;
  world: World;
  channels: Channels;
}

/** What one channel has been told, kept in the store's meta. */
interface Kept {
  told: Told;
  /** Of the last mails, epoch ms. */
  mailedAt: number[];
  passed: number;
  failures: number;
  nextTryAt: number;
  /** What the notices say, and since when. */
  notices: string;
  noticesAt: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const READ = 500;
const GATHER_MS = MINUTE;
const MAILS_AN_HOUR = 4;
const NEWS_A_ROUND = 20;
/** A shop forgets notices nobody repeats, in case we are gone for good. */
const REPEAT_NOTICES_MS = 6 * HOUR;
/** The plugin there is older than its door for alerts. */
const NO_SUCH_DOOR = { status: 404, tryAgainMs: 6 * HOUR } as const;
const TRY_AGAIN_MS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE] as const;
const NOTHING_TOLD: Kept = {
  told: {},
  mailedAt: [],
  passed: 0,
  failures: 0,
  nextTryAt: 0,
  notices: '[]',
  noticesAt: 0,
};

/** @returns one round of telling. It never throws for a channel that does not answer: that is tried again later. */
export function courier(deps: CourierDeps): () => Promise<void> {
  return async () => {
    const connections = await deps.store.connections();
    const shops = connections.filter(({ id, storeId }) => id === storeId);
    await Promise.all([
      ...shops.map((shop) => tellShop(deps, shop, connections)),
      ...[...new Set(shops.map(({ orgId }) => orgId))].map((orgId) => tellWebhook(deps, orgId, connections)),
    ]);
  };
}

// ---------------------------------------------------------------- the shop

async function tellShop(deps: CourierDeps, shop: Connection, connections: readonly Connection[]): Promise<void> {
  const key = `alerts.shop:${shop.id}`;
  const kept = await read(deps.store, key);
  const names = namesOf(connections.filter(({ storeId }) => storeId === shop.id));
  const all = await deps.store.alerts({ orgId: shop.orgId }, READ);
  const alerts = all.filter(({ connectionId }) => names.has(connectionId));
  const { message, news, quiet } = whatToTell(kept, alerts, names, deps.world.now());
  if (message === null) return quiet === null ? undefined : keep(deps, key, quiet);
  const failure = await attempt(() => deps.channels.shop(shop, message));
  if (failure !== null) return keep(deps, key, notTold(deps, 'shop', quiet ?? kept, failure));
  await keep(
    deps,
    key,
    afterMessage(quiet ?? kept, { news, passed: [] }, alerts, message, deps.world.now()),
    saidTo(shop, news),
  );
}

interface ShopPlan {
  /** null: nothing to say, or not now. */
  message: ShopMessage | null;
  news: News[];
  /** What to keep although nothing is said; null when nothing changed. */
  quiet: Kept | null;
}

function whatToTell(kept: Kept, alerts: readonly Alert[], names: Names, now: number): ShopPlan {
  const found = untold(alerts, kept.told, GATHER_MS, now);
  const mailedAt = kept.mailedAt.filter((at) => now - at < HOUR);
  const news = mailedAt.length < MAILS_AN_HOUR ? found.news : [];
  const passed = kept.passed + found.passed.length;
  const told = afterTelling(kept.told, { news: [], passed: found.passed }, alerts);
  const quiet = found.passed.length === 0 ? null : { ...kept, told, passed };
  const message = shopMessage(alerts, news, passed, names, now);
  const worth = news.length > 0 || noticesAreDue(kept, JSON.stringify(message.notices), now);
  return { message: worth && now >= kept.nextTryAt ? message : null, news, quiet };
}

function afterMessage(kept: Kept, said: Untold, alerts: readonly Alert[], { notices }: ShopMessage, now: number): Kept {
  const arrived = { ...kept, failures: 0, nextTryAt: 0, notices: JSON.stringify(notices), noticesAt: now };
  if (said.news.length === 0) return arrived;
  const mailedAt = [...kept.mailedAt.filter((at) => now - at < HOUR), now];
  return { ...arrived, told: afterTelling(kept.told, said, alerts), mailedAt, passed: 0 };
}

function noticesAreDue(kept: Kept, notices: string, now: number): boolean {
  return notices !== kept.notices || (notices !== '[]' && now - kept.noticesAt >= REPEAT_NOTICES_MS);
}

function shopMessage(
  alerts: readonly Alert[],
  news: readonly News[],
  passed: number,
  names: Names,
  now: number,
): ShopMessage {
  const pressing = alerts.filter((alert) => alert.clearedAt === null && needsPerson(alert, now));
  return {
    asOf: iso(now),
    news: news.map((one) => ({
      id: newsId(one),
      edge: one.edge,
      sentence: said(one, names),
      at: iso(happenedAt(one)),
    })),
    passed,
    notices: pressing.map(({ id, sentence, openedAt }) => ({ id, sentence, since: iso(openedAt) })),
  };
}

function saidTo({ id, orgId }: Connection, news: readonly News[]): Write[] {
  if (news.length === 0) return [];
  const what = `Told the shop of ${news.length === 1 ? '1 change' : `${news.length} changes`} of alerts.`;
  const about = { orgId, connectionId: id, jobId: null, subject: `connection:${id}` };
  return [
    { write: 'insertActivity', activity: { ...about, who: 'alerts', what, why: null, before: null, after: null } },
  ];
}

// ---------------------------------------------------------------- the webhook

async function tellWebhook(deps: CourierDeps, orgId: string, connections: readonly Connection[]): Promise<void> {
  const { webhook } = deps.channels;
  const key = `alerts.webhook:${orgId}`;
  const kept = await read(deps.store, key);
  if (webhook === null || deps.world.now() < kept.nextTryAt) return;
  const alerts = await deps.store.alerts({ orgId }, READ);
  const { news, passed } = untold(alerts, kept.told, 0, deps.world.now());
  if (news.length === 0 && passed.length === 0) return;
  const { arrived, failure } = await oneByOne(news.slice(0, NEWS_A_ROUND), namesOf(connections), webhook);
  const after = { ...kept, told: afterTelling(kept.told, { news: arrived, passed }, alerts) };
  await keep(
    deps,
    key,
    failure === null ? { ...after, failures: 0, nextTryAt: 0 } : notTold(deps, 'webhook', after, failure),
  );
}

/** Up to the first that does not arrive: what opened is told before what is over. */
async function oneByOne(
  news: readonly News[],
  names: Names,
  send: (news: WebhookNews) => Promise<void>,
): Promise<{ arrived: News[]; failure: PlatformFailure | null }> {
  const arrived: News[] = [];
  for (const one of news) {
    const failure = await attempt(() => send(webhookNews(one, names)));
    if (failure !== null) return { arrived, failure };
    arrived.push(one);
  }
  return { arrived, failure: null };
}

function webhookNews(one: News, names: Names): WebhookNews {
  const { alert, edge } = one;
  const name = names.get(alert.connectionId);
  return {
    id: newsId(one),
    type: edge === 'opened' ? 'alert.opened' : 'alert.cleared',
    timestamp: iso(happenedAt(one)),
    data: {
      id: alert.id,
      kind: alert.kind,
      organisation: alert.orgId,
      connection: alert.connectionId === null || name === undefined ? null : { id: alert.connectionId, name },
      sentence: said(one, names),
      openedAt: iso(alert.openedAt),
      clearedAt: alert.clearedAt === null ? null : iso(alert.clearedAt),
    },
  };
}

// ---------------------------------------------------------------- both

type Names = ReadonlyMap<string | null, string>;

const namesOf = (connections: readonly Connection[]): Names => new Map(connections.map(({ id, name }) => [id, name]));
const iso = (ms: number): string => new Date(ms).toISOString();

function said({ alert, edge }: News, names: Names): string {
  return edge === 'opened'
    ? alert.sentence
    : overSentence(alert.kind, names.get(alert.connectionId) ?? 'A connection that is gone');
}

/** @returns what kept it from arriving, null when it arrived. */
async function attempt(call: () => Promise<void>): Promise<PlatformFailure | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof PlatformFailure) return error;
    throw error;
  }
}

function notTold({ world }: CourierDeps, channel: 'shop' | 'webhook', kept: Kept, failure: PlatformFailure): Kept {
  world.log('alerts.not_told', { channel, kind: failure.kind, status: failure.status, failures: kept.failures + 1 });
  const usual = TRY_AGAIN_MS[Math.min(kept.failures, TRY_AGAIN_MS.length - 1)] ?? HOUR;
  const pauseMs = failure.status === NO_SUCH_DOOR.status ? NO_SUCH_DOOR.tryAgainMs : usual;
  return { ...kept, failures: kept.failures + 1, nextTryAt: world.now() + pauseMs };
}

async function read(store: Store, key: string): Promise<Kept> {
  const text = await store.meta(key);
  return text === null ? NOTHING_TOLD : { ...NOTHING_TOLD, ...(JSON.parse(text) as Partial<Kept>) };
}

async function keep({ store, world }: CourierDeps, key: string, kept: Kept, and: Write[] = []): Promise<void> {
  await store.apply({
    now: world.now(),
    guards: [],
    writes: [{ write: 'putMeta', key, value: JSON.stringify(kept) }, ...and],
  });
}
