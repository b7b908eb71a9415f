import { DEFAULT_LIMITS } from '../../src/domain/alert-rules.js';
import { CLOSED, type BreakerState } from '../../src/domain/breaker.js';
import type { Connection } from '../../src/domain/connection.js';
import type { Channels, ShopMessage, WebhookNews } from '../../src/queue/alert-courier.js';
import { alerter, Watch } from '../../src/queue/alerts.js';
import { aConnection, aNewJob, aPlatformFailure, aShop, SHOP, WAREHOUSE } from '../build.js';
import { FakeWorld, MORNING } from '../fake-world.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Write } from '../../src/stores/store.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DOWN: BreakerState = { state: 'open', failures: 5, probeAt: MORNING, step: 0, openedAt: MORNING };

interface Heard {
  shop: (ShopMessage & { storeId: string })[];
  webhook: WebhookNews[];
}

async function aWatchedShop(connections: Connection[] = [aShop(), aConnection()]) {
  const world = new FakeWorld();
  const store = memoryStore();
  const heard: Heard = { shop: [], webhook: [] };
  const away = { shop: false, webhook: false, answerLost: false };
  const write = async (...writes: Write[]) => {
    const answer = await store.apply({ now: world.now(), guards: [], writes });
    if (!answer.applied) throw new Error(JSON.stringify(answer.failed));
  };
  await write(...connections.map((connection): Write => ({ write: 'putConnection', connection })));
  const channels: Channels = {
    shop: async ({ id }, message) => {
      if (away.shop) throw aPlatformFailure();
      heard.shop.push({ ...message, storeId: id });
      if (away.answerLost) throw aPlatformFailure({ kind: 'unknown_outcome' });
    },
    webhook: async (news) => {
      if (away.webhook) throw aPlatformFailure();
      heard.webhook.push(news);
    },
  };
  const deps = { store, world, limits: DEFAULT_LIMITS, scheduleLabel: (name: string) => `Do ${name}`, channels };
  const service = alerter(deps);
  service.start();
  await world.quiet();
  return {
    world,
    store,
    heard,
    away,
    write,
    deps,
    service,
    goDown: (connectionId = WAREHOUSE) =>
      write({ write: 'putBreaker', connectionId, breaker: { ...DOWN, openedAt: world.now() } }),
    comeBack: (connectionId = WAREHOUSE) => write({ write: 'putBreaker', connectionId, breaker: CLOSED }),
    pause: (connectionId: string, by = 'unauthorized') =>
      write({ write: 'setConnectionState', connectionId, state: 'paused', reason: 'It refused the password.', by }),
    resume: (connectionId: string) =>
      write({ write: 'setConnectionState', connectionId, state: 'active', reason: null, by: null }),
    open: async () => (await store.alerts({ open: true }, 100)).map(({ key }) => key),
    mails: () => heard.shop.filter(({ news }) => news.length > 0),
  };
}

const fill = (count: number, connectionId = WAREHOUSE, from = 0): Write[] =>
  Array.from({ length: count }, (_, at): Write => {
    const subject = `order:${from + at}` as const;
    return { write: 'enqueue', job: aNewJob({ connectionId, subject, orderingKey: subject }), onDead: 'leave' };
  });

const said = (message: ShopMessage | undefined) => message?.news.map(({ edge, sentence }) => `${edge}: ${sentence}`);

test('an outage is said once when it opens and once when it is over', async () => {
  const shop = await aWatchedShop();
  await shop.goDown();
  await shop.world.advance(30 * MINUTE);
  expect(await shop.open()).toEqual([`breaker_open:${WAREHOUSE}`]);
  await shop.comeBack();
  await shop.world.advance(30 * MINUTE);
  expect(await shop.open()).toEqual([]);
  expect(shop.mails().map(said)).toEqual([
    ['opened: Warehouse North does not answer. Nothing waits for it yet. Tallyman looks again by itself.'],
    ['cleared: Warehouse North answers again. What waited goes on by itself.'],
  ]);
  expect(shop.heard.webhook.map(({ type }) => type)).toEqual(['alert.opened', 'alert.cleared']);
  await shop.service.stop();
});

test('several alerts of one moment are one mail', async () => {
  const shop = await aWatchedShop();
  await shop.pause(WAREHOUSE);
  await shop.write(...fill(1_200));
  await shop.world.advance(MINUTE);
  await shop.goDown(SHOP);
  await shop.world.advance(3 * MINUTE);
  const [first] = shop.mails();
  expect(first?.news.map(({ id }) => id)).toHaveLength(2);
  expect(said(first)?.join()).toContain('1200 jobs wait');
  await shop.service.stop();
});

test('what was over before anybody was told is not told', async () => {
  const shop = await aWatchedShop();
  shop.away.shop = true;
  shop.away.webhook = true;
  await shop.pause(WAREHOUSE);
  await shop.world.advance(5 * MINUTE);
  await shop.resume(WAREHOUSE);
  shop.away.shop = false;
  shop.away.webhook = false;
  await shop.world.advance(60 * MINUTE);
  expect(shop.mails()).toEqual([]);
  expect(shop.heard.webhook).toEqual([]);
  expect(await shop.store.alerts({}, 10)).toHaveLength(1);
  await shop.service.stop();
});

test('at most four mails an hour, and the next one says how much came and went', async () => {
  const shop = await aWatchedShop();
  for (let turn = 0; turn < 9; turn += 1) {
    await shop.pause(WAREHOUSE);
    await shop.world.advance(2 * MINUTE);
    await shop.resume(WAREHOUSE);
    await shop.world.advance(2 * MINUTE);
  }
  expect(shop.mails()).toHaveLength(4);
  await shop.pause(WAREHOUSE);
  await shop.world.advance(60 * MINUTE);
  expect(shop.mails()).toHaveLength(5);
  expect(shop.mails()[4]?.passed).toBe(7);
  await shop.service.stop();
});

test('a lost answer brings the same news under the same ids', async () => {
  const shop = await aWatchedShop();
  shop.away.answerLost = true;
  await shop.pause(WAREHOUSE);
  await shop.world.advance(90 * SECOND);
  shop.away.answerLost = false;
  await shop.world.advance(10 * MINUTE);
  const [first, second, ...others] = shop.mails();
  expect(second?.news).toEqual(first?.news);
  expect(others).toEqual([]);
  await shop.service.stop();
});

test('the webhook is told while every connection is away, and with the same id when it has to be told again', async () => {
  const shop = await aWatchedShop();
  shop.away.shop = true;
  shop.away.webhook = true;
  await shop.goDown(SHOP);
  await shop.goDown(WAREHOUSE);
  await shop.world.advance(10 * MINUTE);
  shop.away.webhook = false;
  await shop.world.advance(30 * MINUTE);
  expect(shop.heard.webhook.map(({ data }) => data.connection?.name).sort()).toEqual(['Oak & Son', 'Warehouse North']);
  const [alert] = await shop.store.alerts({}, 1);
  expect(shop.heard.webhook.map(({ id }) => id)).toContain(`${alert?.id}.opened`);
  await shop.service.stop();
});

test('a shop that is paused for its key is told all the same', async () => {
  const shop = await aWatchedShop();
  await shop.pause(SHOP);
  await shop.world.advance(2 * MINUTE);
  expect(said(shop.mails()[0])).toEqual(['opened: It refused the password. Its jobs wait and lose nothing.']);
  await shop.service.stop();
});

test('notices name what a person has to do, at once, and go when it is done', async () => {
  const shop = await aWatchedShop();
  await shop.pause(WAREHOUSE);
  await shop.world.advance(25 * SECOND);
  expect(shop.heard.shop.at(-1)).toMatchObject({
    news: [],
    notices: [{ sentence: expect.stringContaining('password') }],
  });
  await shop.resume(WAREHOUSE);
  await shop.world.advance(25 * SECOND);
  expect(shop.heard.shop.at(-1)?.notices).toEqual([]);
  await shop.world.advance(24 * 60 * MINUTE);
  expect(shop.heard.shop).toHaveLength(2);
  await shop.service.stop();
});

test('a shop hears of its own connections only', async () => {
  const other = { id: 'shop-2', storeId: 'shop-2', name: 'Pine' };
  const shop = await aWatchedShop([
    aShop(),
    aConnection(),
    aShop(other),
    aConnection({ id: 'south', storeId: 'shop-2' }),
  ]);
  await shop.pause('south');
  await shop.world.advance(5 * MINUTE);
  expect(new Set(shop.heard.shop.map(({ storeId }) => storeId))).toEqual(new Set(['shop-2']));
  await shop.service.stop();
});

test('two who watch at the same moment say it once', async () => {
  const shop = await aWatchedShop();
  await shop.service.stop();
  await shop.pause(WAREHOUSE);
  const [one, two] = [new Watch(shop.deps), new Watch(shop.deps)];
  expect(await Promise.all([one.round(), two.round()])).toEqual([1, 0]);
  await shop.resume(WAREHOUSE);
  expect(await Promise.all([one.round(), two.round()])).toEqual([1, 0]);
  expect(await shop.store.alerts({}, 10)).toHaveLength(1);
});

test('who has just started calls nothing late that nobody could look after', async () => {
  const world = new FakeWorld(MORNING + 24 * 60 * MINUTE);
  const shop = await aWatchedShop();
  await shop.service.stop();
  const schedule = {
    name: 'net',
    connectionId: WAREHOUSE,
    everyMs: MINUTE,
    nextAt: MORNING,
    lastAt: null,
    lastJobId: null,
  };
  await shop.write({ write: 'putSchedule', schedule }, ...fill(20).map(late));
  const watch = new Watch({ ...shop.deps, world });
  expect(await watch.round()).toBe(0);
  await world.advance(16 * MINUTE);
  await watch.round();
  expect((await shop.open()).sort()).toEqual([
    `oldest_waiting:${WAREHOUSE}`,
    `schedule_late:${WAREHOUSE}`,
    `sla_breach:${SHOP}`,
  ]);
});

test('an alert of a connection that is gone is over', async () => {
  const shop = await aWatchedShop();
  const about = {
    id: 'a-1',
    orgId: 'org',
    connectionId: 'gone',
    kind: 'breaker_open',
    key: 'breaker_open:gone',
  } as const;
  await shop.write({
    write: 'openAlert',
    alert: { ...about, sentence: 'It is down.', openedAt: MORNING, clearedAt: null },
  });
  await shop.world.advance(25 * SECOND);
  expect(await shop.open()).toEqual([]);
  await shop.service.stop();
});

test('a channel that does not answer is asked less and less often', async () => {
  const shop = await aWatchedShop();
  shop.away.webhook = true;
  await shop.pause(WAREHOUSE);
  await shop.world.advance(60 * MINUTE);
  const tries = shop.world.events('alerts.not_told').filter(({ channel }) => channel === 'webhook');
  expect(tries.length).toBeGreaterThanOrEqual(5);
  expect(tries.length).toBeLessThanOrEqual(7);
  await shop.service.stop();
});

function late(write: Write): Write {
  return write.write === 'enqueue' ? { ...write, job: { ...write.job, deadlineAt: MORNING + 1 } } : write;
}

/** What is in a mail is read by everybody who has access to a mailbox. */
test('no news carries more than ids, names of connections and sentences', async () => {
  const shop = await aWatchedShop();
  await shop.pause(WAREHOUSE);
  await shop.world.advance(2 * MINUTE);
  expect(Object.keys(shop.mails()[0] ?? {}).sort()).toEqual(['asOf', 'news', 'notices', 'passed', 'storeId']);
  await shop.service.stop();
});
