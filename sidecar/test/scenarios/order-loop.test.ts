import { orderSubject } from '../../src/domain/identity.js';
import { newJob } from '../../src/queue/enqueue.js';
import { startLoop, type Loop } from './loop.js';

let loop: Loop;
beforeEach(async () => {
  loop = await startLoop();
});

const shipped = { status: 'shipped', stage: 'shipped', rank: 60 } as const;
const creates = (): string[] => loop.warehouse.effects.filter((effect) => effect.startsWith('create'));

describe('An order on its way to the warehouse', () => {
  it('is created there once, however often the shop tells about it', async () => {
    const order = await loop.buy();
    for (let count = 0; count < 5; count += 1) await loop.tell(order);
    await loop.run();
    await loop.tell(loop.shop.edit(order.id, {}));
    await loop.run();
    expect(loop.warehouse.effects).toEqual([`create OAK-${order.id}`]);
  });

  it('is one order there although the answer to the create was lost', async () => {
    const order = await loop.buy();
    loop.warehouse.loseAnswers = 1;
    await loop.run();
    expect(creates()).toEqual([`create OAK-${order.id}`]);
    expect(await loop.store.mapping('wms-1', 'order', String(order.id))).toMatchObject({
      state: 'known',
      remoteId: 'w-1',
    });
  });

  it('would be two orders if the warehouse forgot our reference: the look-up is what prevents it', async () => {
    await loop.buy();
    Object.assign(loop.warehouse, { loseAnswers: 1, forgetful: true });
    await loop.run();
    expect(creates()).toHaveLength(2);
  });

  it('is one order there although the worker was killed after sending', async () => {
    const order = await loop.buy();
    await dieAfterSending();
    loop.clock.now += 61_000;
    await loop.run();
    expect(creates()).toEqual([`create OAK-${order.id}`]);
  });

  it('says there what it says here, although a restored database forgot that it was sent and the worker was killed then', async () => {
    const order = await loop.buy();
    await loop.run();
    const localId = String(order.id);
    await loop.apply([{ write: 'dropMapping', connectionId: 'wms-1', type: 'order', localId }]);
    loop.clock.now += 60_000;
    await loop.edit(order, { customer_note: 'Ring twice' });
    await dieAfterSending();
    loop.clock.now += 61_000;
    await loop.run();
    expect(loop.warehouse.drafts.get('w-1')?.customerNote).toBe('Ring twice');
    expect(creates()).toEqual([`create OAK-${order.id}`]);
  });

  it('is completed, although a restored database forgot that it was sent and nobody tells of its parcel again', async () => {
    const order = await loop.buy();
    await loop.run();
    await loop.apply([{ write: 'dropMapping', connectionId: 'wms-1', type: 'order', localId: String(order.id) }]);
    loop.parcel(order, '1', 1);
    const there = loop.warehouse.orders.get('w-1');
    if (there === undefined) throw new Error('Not sent');
    loop.warehouse.orders.set('w-1', { ...there, ...shipped });
    loop.clock.now += 60_000;
    await loop.edit(order, { customer_note: 'Ring twice' });
    await loop.run(1000);
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
    expect(creates()).toEqual([`create OAK-${order.id}`]);
  });

  it('is not sent while unpaid, when virtual or when older than the connection, and each says why', async () => {
    const unpaid = await loop.buy({ status: 'pending' });
    const virtual = await loop.buy({ lines: [{ needs_shipping: false }] });
    const old = loop.shop.place();
    await loop.tell({ ...old, date_created_gmt: '2026-01-01T00:00:00' });
    await loop.run();
    expect(loop.warehouse.effects).toEqual([]);
    const said = Object.fromEntries((await loop.jobs()).map((job) => [job.subject, job.sentence]));
    expect(said[orderSubject(unpaid.id)]).toMatch(/not paid yet/);
    expect(said[orderSubject(virtual.id)]).toMatch(/nothing in this order needs shipping/);
    expect(said[orderSubject(old.id)]).toMatch(/before the warehouse was connected/);
  });

  it('leaves out what was refunded before shipping, and says so to the warehouse when it was sent already', async () => {
    const order = await loop.buy({ lines: [{ quantity: 3 }] });
    await loop.run();
    const [line] = order.line_items;
    if (line === undefined) throw new Error('No line');
    await loop.edit(order, { line_items: [{ ...line, refunded: 1 }] });
    await loop.run();
    expect([...loop.warehouse.drafts.values()].at(-1)?.lines).toMatchObject([
      { articleCode: 'green_jacket', quantity: 2 },
    ]);
    expect(loop.warehouse.orders.size).toBe(1);
  });

  it('waits for an article nobody has matched, holds up nobody, and goes by itself once it is there', async () => {
    const strange = await loop.buy({ lines: [{ product_id: 77, variation_id: 78, sku: '' }] });
    const plain = await loop.buy();
    await loop.run(1000);
    expect(creates()).toEqual([`create OAK-${plain.id}`]);
    const fact = 'article-mapped:wms-1:77:78';
    await loop.apply([
      {
        write: 'putMapping',
        mapping: {
          orgId: 'org-1',
          connectionId: 'wms-1',
          type: 'article',
          localId: '77:78',
          remoteId: 'red_jacket',
          state: 'known',
          sentFingerprint: null,
          remoteLabel: null,
          origin: 'chosen by Anna',
          accepted: null,
          storeStatus: null,
          updatedAt: 0,
        },
      },
      { write: 'putFact', fact, orgId: 'org-1', source: 'Anna' },
    ]);
    await loop.run();
    expect(creates()).toContain(`create OAK-${strange.id}`);
  });

  it('is cancelled there when it is cancelled here, and says so when it is too late', async () => {
    const [first, second] = [await loop.buy(), await loop.buy()];
    await loop.run();
    await loop.edit(first, { status: 'cancelled' });
    await loop.run();
    expect(loop.warehouse.effects).toContain(`cancel OAK-${first.id}`);
    loop.warehouse.tooLate = true;
    await loop.edit(second, { status: 'cancelled' });
    await loop.run();
    expect(loop.shop.notes.filter((note) => note.orderId === second.id)).toMatchObject([
      { customer_note: false, note: expect.stringMatching(/too far along/) as string },
    ]);
  });

  it('goes by itself after its rejected address was corrected in the shop', async () => {
    const order = await loop.buy({ address: { postcode: 'REJECT' } });
    await loop.run();
    expect((await loop.jobs()).find((job) => job.kind === 'order.push')).toMatchObject({
      state: 'dead',
      lastFailure: { kind: 'rejected' },
    });
    await loop.edit(order, { shipping: { ...order.shipping, postcode: '3511AA' } });
    await loop.run();
    expect(creates()).toEqual([`create OAK-${order.id}`]);
  });

  it('keeps a correction made on the screen when something else is edited, and lets it go when that field changes', async () => {
    const order = await loop.buy({ address: { postcode: 'REJECT' } });
    await loop.run();
    await loop.apply([
      {
        write: 'putOverride',
        override: {
          orgId: 'org-1',
          connectionId: 'wms-1',
          subject: orderSubject(order.id),
          field: 'address.zip',
          value: '1234AB',
          sourceValue: 'REJECT',
          by: 'Anna',
          reason: 'typo',
          at: 0,
        },
      },
    ]);
    await loop.edit(order, { customer_note: 'Ring twice' });
    await loop.run();
    const draft = () => [...loop.warehouse.drafts.values()].at(-1);
    expect(draft()).toMatchObject({ customerNote: 'Ring twice', address: { zip: '1234AB' } });
    const current = loop.shop.orders.get(order.id);
    await loop.edit(order, { shipping: { ...current?.shipping, postcode: '9999ZZ' } });
    await loop.run();
    expect(draft()?.address.zip).toBe('9999ZZ');
    expect(await loop.store.overrides('wms-1', orderSubject(order.id))).toEqual([]);
  });

  it('is left alone after force done, whatever the shop tells afterwards', async () => {
    const order = await loop.buy({ address: { postcode: 'REJECT' } });
    await loop.run();
    await loop.apply([
      {
        write: 'putSettlement',
        settlement: {
          orgId: 'org-1',
          connectionId: 'wms-1',
          subject: orderSubject(order.id),
          kind: 'done_by_person',
          reason: 'sent by hand',
          by: 'Anna',
          at: 0,
        },
      },
    ]);
    await loop.edit(order, { shipping: { ...order.shipping, postcode: '3511AA' } });
    await loop.run();
    expect(loop.warehouse.effects).toEqual([]);
  });
});

describe('What comes back from the warehouse', () => {
  it('completes the order with one mail for its parcel, in whatever order the events arrive', async () => {
    const order = await loop.buy();
    await loop.run();
    const parcel = loop.parcel(order, '1', 1);
    await loop.hearOrder(order, shipped);
    await loop.hearParcel(parcel);
    await loop.hearParcel(parcel);
    await loop.run();
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
    expect(loop.mails()).toEqual([expect.stringContaining('3S1')]);
  });

  it('fetches the parcels itself when only the word "shipped" arrived', async () => {
    const order = await loop.buy();
    await loop.run();
    loop.parcel(order, '1', 1);
    await loop.hearOrder(order, shipped);
    await loop.run(1000);
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
    expect(loop.mails()).toHaveLength(1);
  });

  it('is still understood when the order was cut to its fingerprint before its last news was worked on', async () => {
    const order = await loop.buy();
    await loop.run();
    await loop.hearParcel(loop.parcel(order, '1', 1));
    await loop.run(1000);
    await loop.hearOrder(order, shipped);
    await cutWhatEnded();
    await loop.run(1000);
    expect((await loop.jobs()).filter(({ state }) => state !== 'done')).toEqual([]);
    expect([loop.shop.orders.get(order.id)?.status, loop.mails().length]).toEqual(['completed', 1]);
  });

  it('is asked for once when it is read again after it was cut here and deleted in the shop', async () => {
    const order = await loop.buy();
    await loop.run();
    await loop.hearParcel(loop.parcel(order, '1', 1));
    await loop.hearOrder(order, shipped);
    await loop.run(1000);
    await cutWhatEnded();
    loop.shop.orders.delete(order.id);
    const { readOrder } = loop.wc;
    let asked = 0;
    loop.wc.readOrder = (...args) => ((asked += 1), readOrder(...args));
    const connection = { id: 'store-1', orgId: 'org-1', storeId: 'store-1' };
    const again = { kind: 'order.read', connection, subject: orderSubject(order.id), traceId: 't' } as const;
    const job = newJob({ ...again, origin: 'two reads disagree', now: loop.clock.now });
    await loop.apply([{ write: 'enqueue', job, onDead: 'revive' }]);
    await loop.run(1000);
    expect([asked, (await loop.jobs()).find(({ kind }) => kind === 'order.read')?.sentence]).toEqual([
      1,
      'The store has no such order.',
    ]);
  });

  it('waits for the second parcel before it completes, and mails each once', async () => {
    const order = await loop.buy({ lines: [{ quantity: 2 }] });
    await loop.run();
    await loop.hearParcel(loop.parcel(order, '1', 1));
    await loop.run(1000);
    expect(loop.shop.orders.get(order.id)?.status).toBe('processing');
    await loop.hearParcel(loop.parcel(order, '2', 1));
    await loop.hearOrder(order, shipped);
    await loop.run(1000);
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
    expect(loop.mails()).toEqual([expect.stringContaining('3S1'), expect.stringContaining('3S2')]);
  });

  it('gets its number although it was made and labelled within one second, in whatever order that is heard', async () => {
    for (const order of ['made first', 'labelled first']) {
      loop = await startLoop();
      const bought = await loop.buy();
      await loop.run();
      const labelled = loop.parcel(bought, '1', 1);
      const made = { ...labelled, tracking: [] };
      const heard = order === 'made first' ? [made, labelled] : [labelled, made];
      for (const parcel of heard) await loop.hearParcel(parcel);
      await loop.run(1000);
      expect([order, loop.shop.orders.get(bought.id)?.status, loop.mails().length]).toEqual([order, 'completed', 1]);
    }
  });

  it('mails once although the answer to the note was lost', async () => {
    const order = await loop.buy();
    await loop.run();
    loop.wc.loseAnswers = 1;
    await loop.hearParcel(loop.parcel(order, '1', 1));
    await loop.run();
    expect(loop.mails()).toHaveLength(1);
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
  });

  it('is completed without tracking after the deadline when the warehouse never tells of a parcel, and says so', async () => {
    const order = await loop.buy();
    await loop.run();
    await loop.hearOrder(order, shipped);
    await loop.run(30 * 60_000);
    expect(loop.shop.orders.get(order.id)?.status).toBe('processing');
    await loop.run();
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
    expect(loop.mails()).toEqual([]);
    expect(loop.shop.notes.at(-1)?.note).toMatch(/no tracking/);
  });

  it('finds its order although the event overtook the answer to our own create', async () => {
    const order = await loop.buy();
    loop.warehouse.loseAnswers = 1;
    // The create arrives, its answer does not, and the parcel is told about while we still wait to ask again.
    await loop.run(0);
    await loop.hearParcel(loop.parcel(order, '1', 1));
    await loop.run();
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
    expect(creates()).toHaveLength(1);
    expect(loop.mails()).toHaveLength(1);
  });

  it('puts a problem on hold, and takes only its own hold back', async () => {
    const [ours, theirs] = [await loop.buy(), await loop.buy()];
    await loop.run();
    await loop.hearOrder(ours, { status: 'problem', stage: 'held', rank: 35 });
    await loop.run(1000);
    expect(loop.shop.orders.get(ours.id)?.status).toBe('on-hold');
    await loop.edit(theirs, { status: 'on-hold' });
    await loop.run(1000);
    await loop.hearOrder(ours, { status: 'processing', stage: 'picking', rank: 40 });
    await loop.hearOrder(theirs, { status: 'processing', stage: 'picking', rank: 40 });
    await loop.run(1000);
    expect(loop.shop.orders.get(ours.id)?.status).toBe('processing');
    expect(loop.shop.orders.get(theirs.id)?.status).toBe('on-hold');
  });

  it('does not undo a force done', async () => {
    const order = await loop.buy();
    await loop.run();
    await loop.apply([
      {
        write: 'putSettlement',
        settlement: {
          orgId: 'org-1',
          connectionId: 'wms-1',
          subject: orderSubject(order.id),
          kind: 'done_by_person',
          reason: 'fetched in the shop',
          by: 'Anna',
          at: 0,
        },
      },
    ]);
    await loop.hearOrder(order, { status: 'cancelled', stage: 'cancelled', rank: 60 });
    await loop.run();
    expect(loop.shop.orders.get(order.id)?.status).toBe('processing');
  });

  it('goes by all orders of five events to the same end', async () => {
    for (const order of permutations(['planned', 'picking', 'parcel1', 'parcel2', 'shipped'])) await sameEnd(order);
  });
});

async function sameEnd(events: readonly string[]): Promise<void> {
  loop = await startLoop();
  const order = await loop.buy({ lines: [{ quantity: 2 }] });
  await loop.run(1000);
  const parcels = [loop.parcel(order, '1', 1), loop.parcel(order, '2', 1)] as const;
  const remote = [...loop.warehouse.orders.values()].at(-1);
  for (const event of events) {
    if (event === 'parcel1') await loop.hearParcel(parcels[0]);
    else if (event === 'parcel2') await loop.hearParcel(parcels[1]);
    else if (event === 'shipped') await loop.hearOrder(order, shipped);
    else if (remote !== undefined)
      await loop.hearOrder(
        order,
        event === 'planned'
          ? { status: 'planned', stage: 'planned', rank: 30 }
          : { status: 'processing', stage: 'picking', rank: 40 },
      );
    // What the warehouse really has does not fall back because an old event arrives late.
    if (remote !== undefined) loop.warehouse.orders.set(remote.id, { ...remote, ...shipped });
    await loop.run(1000);
  }
  expect([events.join(), loop.shop.orders.get(order.id)?.status, loop.mails().length]).toEqual([
    events.join(),
    'completed',
    2,
  ]);
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

/** What a worker that is killed leaves: its intent is written, the order is sent, nothing is settled. */
async function dieAfterSending(): Promise<void> {
  const job = await loop.claimOne();
  await loop.apply([]);
  const dead = { ...loop.deps, store: { ...loop.store, apply: stopAfterCheckpoint(loop) } };
  const { execute } = await import('../../src/queue/executor.js');
  await execute(job, dead, new AbortController().signal).catch(() => undefined);
}

/** Lets checkpoints through and refuses the settlement, as a process that dies in between. */
function stopAfterCheckpoint(ofLoop: Loop): Loop['store']['apply'] {
  return (unit) =>
    unit.writes.some((one) => one.write === 'insertAttempt')
      ? Promise.reject(new Error('killed'))
      : ofLoop.store.apply(unit);
}

/** As if the order had been over on both sides for longer than bodies are kept. */
async function cutWhatEnded(): Promise<void> {
  for (const connectionId of ['store-1', 'wms-1']) {
    for (const record of await loop.store.records({ connectionId, type: 'order', limit: 100 })) {
      const over = { ...record, final: true };
      await loop.apply([{ write: 'putRecord', record: over, authoritative: 'no', onNew: [], onTie: [] }]);
    }
  }
  const never = Number.MAX_SAFE_INTEGER;
  const kept = { doneJobsMs: never, activityMs: never, deliveryBodyMs: never, dedupeKeyMs: never, recordBodyMs: 0 };
  loop.clock.now += 1_000;
  expect(await loop.store.prune(loop.clock.now, kept, 1_000)).toBe(2);
}
