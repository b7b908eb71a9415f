import { createOperator } from '../../src/queue/operator.js';
import { startLoop, type Loop } from './loop.js';

let loop: Loop;
beforeEach(async () => {
  loop = await startLoop();
});

const operator = () => createOperator({ store: loop.store, nudge: () => undefined });
const anna = () => ({ who: 'Anna (user 3)', reason: 'A mistake.', now: loop.clock.now });
const jobOf = async (kind: string): Promise<number> =>
  (await loop.jobs()).findLast((job) => job.kind === kind)?.id ?? 0;

describe('While a person’s "not to be sent" stands on an order, nothing is done about it. Re-opened,', () => {
  it('the parcel that came meanwhile is told to the shopper, and the order completed', async () => {
    const order = await loop.buy();
    await loop.run();
    await loop.hearOrder(order, { status: 'planned', stage: 'planned', rank: 30 });
    const word = await jobOf('order.status');
    await operator().cancel(word, anna());
    await loop.hearOrder(order, { status: 'shipped', stage: 'shipped', rank: 60 });
    await loop.hearParcel(loop.parcel(order, '1', 1));
    await loop.run();
    expect(loop.mails()).toEqual([]);
    await operator().reopen(word, anna());
    await loop.run();
    expect(loop.mails()).toEqual([expect.stringContaining('3S1')]);
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
  });

  it('the edit that came meanwhile reaches the warehouse', async () => {
    const order = await loop.buy();
    await loop.run();
    await loop.hearOrder(order, { status: 'planned', stage: 'planned', rank: 30 });
    const word = await jobOf('order.status');
    await operator().cancel(word, anna());
    loop.clock.now += 60_000;
    await loop.edit(order, { shipping: { ...order.shipping, address_1: 'Nieuwe straat 2' } });
    await loop.run();
    expect(loop.warehouse.effects).toEqual([`create OAK-${order.id}`]);
    await operator().reopen(word, anna());
    await loop.run();
    expect(loop.warehouse.effects).toEqual([`create OAK-${order.id}`, `update OAK-${order.id}`]);
  });
});
