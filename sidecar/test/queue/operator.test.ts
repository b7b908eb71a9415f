/** What a person's press does to jobs and connections. */
import { orderKnown, sendNow } from '../../src/domain/fact.js';
import { withCorrections } from '../../src/domain/corrections.js';
import {
  aConnection,
  aFailure,
  aMapping,
  anAddress,
  anOrder,
  anOrderRecord,
  aPlatformFailure,
  aShop,
  SHOP,
  WAREHOUSE,
} from '../build.js';
import { aFloor, always, done, FAST, held, inTurn, throwing, type Floor } from './floor.js';

const rejected = throwing(
  aPlatformFailure({ kind: 'rejected', status: 400, summary: 'The warehouse answered 400: unknown street.' }),
);
const fact = orderKnown(WAREHOUSE, 4711);

async function withDeadOrder(then = done): Promise<{ floor: Floor; id: number }> {
  const floor = await aFloor({ handlers: { 'order.push': inTurn(rejected, then), 'order.status': done } });
  await floor.write({ write: 'putRecord', record: anOrderRecord(), authoritative: 'yes', onNew: [], onTie: [] });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  expect((await floor.job(id)).state).toBe('dead');
  return { floor, id };
}

test('Retry now runs a dead job again with all its attempts, and says who pressed', async () => {
  const { floor, id } = await withDeadOrder();
  expect(await floor.operator.retryNow(id, floor.by(null))).toEqual({
    ok: true,
    sentence: 'Queued again by Anna (user 3).',
  });
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'done', attempts: 1 });
  const [said] = await floor.store.activity({ jobId: id }, 10);
  expect(said).toMatchObject({ who: 'Anna (user 3)', what: 'Retried.', before: 'dead', after: 'queued' });
  await floor.close();
});

test('Retry now does not wait for the delay of a retrying job', async () => {
  const floor = await aFloor({ handlers: { 'order.push': inTurn(throwing(aPlatformFailure()), done) } });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  const before = floor.world.now();
  await floor.operator.retryNow(id, floor.by(null));
  await floor.world.quiet();
  expect((await floor.job(id)).state).toBe('done');
  expect(floor.world.now()).toBe(before);
  await floor.close();
});

test.each(['retryNow', 'forceDone', 'cancel'] as const)(
  '%s on a running job is refused with the reason',
  async (move) => {
    const slow = held();
    const floor = await aFloor({ handlers: { 'order.push': slow.handler } });
    const id = await floor.add();
    await floor.worker.start();
    await floor.world.quiet();
    const answer = await floor.operator[move](id, floor.by());
    expect(answer).toMatchObject({ ok: false, error: 'illegal_move' });
    expect(answer.sentence).toContain('running at this moment');
    expect(await floor.store.settlement(WAREHOUSE, 'order:4711')).toBeNull();
    slow.letGo();
    await floor.world.quiet();
    expect(await floor.job(id)).toMatchObject({ state: 'done', settledBy: null });
    await floor.close();
  },
);

test('a press that comes just after the worker claimed the job is refused as well', async () => {
  const { floor, id } = await withDeadOrder();
  const { job } = floor.store;
  floor.store.job = async (asked) => {
    const seen = await job(asked);
    await floor.store.apply({
      now: floor.world.now(),
      guards: [],
      writes: [{ write: 'moveJob', jobId: id, move: 'revive', patch: {} }],
    });
    await floor.store.claim({
      now: floor.world.now(),
      owner: 'x',
      perConnection: new Map([[WAREHOUSE, 1]]),
      leaseMs: 60_000,
      order: 'priority',
    });
    floor.store.job = job;
    return seen;
  };
  expect(await floor.operator.cancel(id, floor.by())).toMatchObject({ ok: false, error: 'illegal_move' });
  expect(await floor.store.settlement(WAREHOUSE, 'order:4711')).toBeNull();
  await floor.close();
});

test('Force done sends nothing, keeps the word, and lets go whatever waited for the order', async () => {
  const { floor, id } = await withDeadOrder();
  const waits = always({ outcome: 'wait' as const, fact, sentence: 'Waits.' });
  floor.deps.handlers = { ...floor.deps.handlers, 'order.status': inTurn(waits, done) };
  const waiting = await floor.add({ kind: 'order.status' });
  await floor.world.quiet();
  expect((await floor.job(waiting)).state).toBe('blocked');
  expect(await floor.operator.forceDone(id, floor.by('Sent by post.'))).toMatchObject({ ok: true });
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({
    state: 'done',
    settledBy: 'Anna (user 3)',
    sentence: 'Marked as done by Anna (user 3): Sent by post. Nothing was sent.',
  });
  expect((await floor.job(waiting)).state).toBe('done');
  expect(await floor.store.settlement(WAREHOUSE, 'order:4711')).toMatchObject({
    kind: 'done_by_person',
    reason: 'Sent by post.',
    by: 'Anna (user 3)',
  });
  expect(floor.began.filter((one) => one.startsWith('order.push'))).toHaveLength(1);
  await floor.close();
});

test.each(['forceDone', 'cancel', 'correct'] as const)('%s needs a reason', async (move) => {
  const { floor, id } = await withDeadOrder();
  const by = floor.by('  ');
  const answer =
    move === 'correct'
      ? await floor.operator.correct(id, { 'address.line1': 'x' }, by)
      : await floor.operator[move](id, by);
  expect(answer).toMatchObject({ ok: false, error: 'invalid' });
  expect((await floor.job(id)).state).toBe('dead');
  await floor.close();
});

test('Cancel says "not to be sent", and Re-open takes the word and its fact back', async () => {
  const { floor, id } = await withDeadOrder();
  await floor.operator.cancel(id, floor.by('Customer changed her mind'));
  expect(await floor.job(id)).toMatchObject({ state: 'cancelled', settledBy: 'Anna (user 3)' });
  expect(await floor.store.settlement(WAREHOUSE, 'order:4711')).toMatchObject({ kind: 'not_to_be_sent' });
  await floor.operator.reopen(id, floor.by(null));
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'done', settledBy: null, attempts: 1 });
  expect(await floor.store.settlement(WAREHOUSE, 'order:4711')).toBeNull();
  expect(await floor.store.hasFact(fact)).toBe(false);
  await floor.close();
});

test('Re-open leaves the fact when both sides really know the order', async () => {
  const { floor, id } = await withDeadOrder();
  await floor.write({ write: 'putMapping', mapping: aMapping() });
  await floor.operator.forceDone(id, floor.by());
  await floor.operator.reopen(id, floor.by(null));
  expect(await floor.store.hasFact(fact)).toBe(true);
  await floor.close();
});

test('a job that ended by itself cannot be re-opened', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  const answer = await floor.operator.reopen(id, floor.by(null));
  expect(answer).toMatchObject({ ok: false, error: 'illegal_move' });
  expect(answer.sentence).toContain('ended by itself');
  await floor.close();
});

test('Force done of a parcel is about the parcel: the order stays open', async () => {
  const floor = await aFloor({ handlers: { 'shipment.apply': rejected } });
  const id = await floor.add({ kind: 'shipment.apply', payload: { shipmentId: 's1' } });
  await floor.worker.start();
  await floor.world.quiet();
  await floor.operator.forceDone(id, floor.by());
  expect(await floor.store.settlement(WAREHOUSE, 'order:4711')).toBeNull();
  expect(await floor.store.settlement(WAREHOUSE, 'shipment:s1')).not.toBeNull();
  await floor.close();
});

test('Force done of a sweep settles nothing', async () => {
  const floor = await aFloor({ handlers: { 'store.sweep': rejected } });
  const id = await floor.add({ kind: 'store.sweep', connectionId: SHOP, subject: `store:${SHOP}` });
  await floor.worker.start();
  await floor.world.quiet();
  expect(await floor.operator.forceDone(id, floor.by())).toMatchObject({ ok: true });
  expect(await floor.store.settlement(SHOP, `store:${SHOP}`)).toBeNull();
  await floor.close();
});

test('Correct and retry keeps who, why, the old and the new value, and the job goes again', async () => {
  const { floor, id } = await withDeadOrder();
  const answer = await floor.operator.correct(
    id,
    { 'address.line1': "12 St James's Square" },
    floor.by('Typing error'),
  );
  expect(answer).toEqual({ ok: true, sentence: 'Corrected by Anna (user 3) and queued again.' });
  await floor.world.quiet();
  expect(await floor.job(id)).toMatchObject({ state: 'done' });
  expect(await floor.store.overrides(WAREHOUSE, 'order:4711')).toMatchObject([
    {
      field: 'address.line1',
      value: "12 St James's Square",
      sourceValue: '12 St James Square',
      by: 'Anna (user 3)',
      reason: 'Typing error',
    },
  ]);
  const said = await floor.store.activity({ jobId: id }, 10);
  expect(said.find(({ what }) => what === 'Corrected address.line1.')).toMatchObject({
    before: '12 St James Square',
    after: "12 St James's Square",
  });
  await floor.close();
});

test('a correction survives a change of something else, and ends when the store changes that very field', async () => {
  const { floor, id } = await withDeadOrder();
  await floor.operator.correct(id, { 'address.line1': 'corrected' }, floor.by());
  await floor.world.quiet();
  const overrides = await floor.store.overrides(WAREHOUSE, 'order:4711');
  const edited = withCorrections(anOrder({ customerNote: 'Ring twice' }), overrides);
  expect(edited).toMatchObject({
    order: { customerNote: 'Ring twice', address: { line1: 'corrected' } },
    outdated: [],
  });
  const moved = withCorrections(anOrder({ address: anAddress({ line1: '1 New Road' }) }), overrides);
  expect(moved).toMatchObject({ order: { address: { line1: '1 New Road' } }, outdated: [{ field: 'address.line1' }] });
  await floor.close();
});

test('a correction back to what the store says ends it', async () => {
  const { floor, id } = await withDeadOrder(rejected);
  await floor.operator.correct(id, { 'address.line1': 'corrected' }, floor.by());
  await floor.world.quiet();
  await floor.operator.correct(id, { 'address.line1': '12 St James Square' }, floor.by());
  expect(await floor.store.overrides(WAREHOUSE, 'order:4711')).toEqual([]);
  await floor.close();
});

test.each([
  ['a field that cannot be corrected', { total: '1' }, 'The field total cannot be corrected here.'],
  ['no change', { 'address.line1': '12 St James Square' }, 'Nothing was changed.'],
])('Correct is refused for %s', async (_name, fields, sentence) => {
  const { floor, id } = await withDeadOrder();
  expect(await floor.operator.correct(id, fields as Record<string, string>, floor.by())).toEqual({
    ok: false,
    error: 'invalid',
    sentence,
  });
  await floor.close();
});

test('Send now records the wish and queues the order', async () => {
  const floor = await aFloor({ handlers: { 'order.push': done } });
  await floor.worker.start();
  expect(await floor.operator.sendNow(WAREHOUSE, 17, { ...floor.by(null), traceId: 't' })).toMatchObject({ ok: true });
  await floor.world.quiet();
  expect(await floor.store.hasFact(sendNow(WAREHOUSE, 17))).toBe(true);
  expect(floor.began).toEqual(['order.push order:17']);
  await floor.close();
});

test('Send now on an order a person has settled is refused', async () => {
  const { floor, id } = await withDeadOrder();
  await floor.operator.cancel(id, floor.by());
  expect(await floor.operator.sendNow(WAREHOUSE, 4711, { ...floor.by(null), traceId: 't' })).toMatchObject({
    ok: false,
    error: 'illegal_move',
  });
  await floor.close();
});

test("Pause holds a connection's jobs, Resume lets them go and forgets the outage", async () => {
  const breaker = { state: 'open' as const, failures: 9, probeAt: Date.UTC(2026, 2, 2, 20), step: 4, openedAt: 0 };
  const floor = await aFloor({
    handlers: { 'order.push': done },
    connections: [aShop(), aConnection({ settings: FAST, breaker })],
  });
  await floor.worker.start();
  await floor.operator.pause(WAREHOUSE, floor.by('Stocktaking'));
  expect(await floor.connection(WAREHOUSE)).toMatchObject({
    state: 'paused',
    pausedBy: 'person',
    pauseReason: 'Paused by Anna (user 3): Stocktaking.',
  });
  const id = await floor.add();
  await floor.world.advance(60_000);
  expect((await floor.job(id)).state).toBe('queued');
  await floor.operator.resume(WAREHOUSE, floor.by(null));
  await floor.world.quiet();
  expect((await floor.job(id)).state).toBe('done');
  expect(await floor.connection(WAREHOUSE)).toMatchObject({ state: 'active', pauseReason: null });
  const said = await floor.store.activity({ subject: `connection:${WAREHOUSE}` }, 10);
  expect(said.map(({ what, why }) => `${what} ${why ?? ''}`)).toEqual([
    'Resumed the connection. ',
    'Paused the connection. Stocktaking',
  ]);
  await floor.close();
});

test('a job or connection that does not exist is said so', async () => {
  const floor = await aFloor();
  expect(await floor.operator.retryNow(999, floor.by())).toMatchObject({ ok: false, error: 'not_found' });
  expect(await floor.operator.pause('nowhere', floor.by())).toMatchObject({ ok: false, error: 'not_found' });
});

test('a failure kind is kept with the job until a person retries it', async () => {
  const floor = await aFloor({
    handlers: {
      'order.push': inTurn(always({ outcome: 'failed', failure: aFailure({ kind: 'rejected' }) }), held().handler),
    },
  });
  const id = await floor.add();
  await floor.worker.start();
  await floor.world.quiet();
  expect((await floor.job(id)).lastFailure?.kind).toBe('rejected');
  await floor.operator.retryNow(id, floor.by(null));
  expect((await floor.job(id)).lastFailure).toBeNull();
  await floor.close();
});
