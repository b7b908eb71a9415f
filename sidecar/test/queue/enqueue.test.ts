import { enqueue, newJob, wholeConnection } from '../../src/queue/enqueue.js';
import { aConnection, aShop, ORG, SHOP, WAREHOUSE } from '../build.js';
import { MORNING } from '../fake-world.js';

const ask = {
  kind: 'order.push',
  connection: aConnection(),
  subject: 'order:4711',
  traceId: 't',
  origin: 'order changed',
  now: MORNING,
} as const;

test("an order's job has the priority and the deadline of its kind", () => {
  expect(newJob(ask)).toEqual({
    orgId: ORG,
    connectionId: WAREHOUSE,
    kind: 'order.push',
    subject: 'order:4711',
    orderingKey: `order:${SHOP}:4711`,
    priority: 1,
    runAt: MORNING,
    deadlineAt: MORNING + 120_000,
    coalesceKey: `order.push:${WAREHOUSE}:order:4711`,
    payload: {},
    traceId: 't',
    origin: 'order changed',
  });
});

test('every job on one order has one ordering key, whatever it does', () => {
  const keys = (['order.push', 'order.status', 'shipment.apply'] as const).map(
    (kind) => newJob({ ...ask, kind }).orderingKey,
  );
  expect(new Set([...keys, newJob({ ...ask, kind: 'order.read', connection: aShop() }).orderingKey]).size).toBe(1);
});

test('a sweep holds up no other schedule of its connection', () => {
  const subject = wholeConnection(aShop());
  const keys = (['store.sweep', 'outbox.pull'] as const).map(
    (kind) => newJob({ ...ask, kind, connection: aShop(), subject }).orderingKey,
  );
  expect(new Set(keys).size).toBe(2);
});

test('a deadline counts from when the job may run', () => {
  expect(newJob({ ...ask, runAt: MORNING + 60_000 }).deadlineAt).toBe(MORNING + 180_000);
  expect(newJob({ ...ask, runAt: 0 }).runAt).toBe(MORNING);
});

test('a new version of the order revives its dead job', () => {
  expect(enqueue(ask)).toMatchObject({ write: 'enqueue', onDead: 'revive' });
});
