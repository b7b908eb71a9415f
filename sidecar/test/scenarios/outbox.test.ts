import { newJob } from '../../src/queue/enqueue.js';
import { startLoop, type Loop } from './loop.js';

let loop: Loop;
beforeEach(async () => {
  loop = await startLoop();
  const store = await loop.store.connection('store-1');
  if (store === null) throw new Error('Not set up');
  await loop.apply([
    { write: 'putConnection', connection: { ...store, settings: { ...store.settings, epoch: loop.shop.epoch } } },
  ]);
});

async function pull(): Promise<string | null> {
  const connection = { id: 'store-1', orgId: 'org-1', storeId: 'store-1' };
  const job = newJob({
    kind: 'outbox.pull',
    connection,
    subject: 'store:store-1',
    now: loop.clock.now,
    traceId: 't',
    origin: 'test',
  });
  await loop.apply([{ write: 'enqueue', job, onDead: 'revive' }]);
  await loop.run(0);
  return (await loop.jobs()).filter(({ kind }) => kind === 'outbox.pull').at(-1)?.sentence ?? null;
}

const atWarehouse = (): number => loop.warehouse.orders.size;
const findings = async (): Promise<number> =>
  (await loop.store.activity({ subject: 'store:store-1' }, 100)).filter(({ what }) => what.includes('never arrived'))
    .length;

describe('The outbox of the shop', () => {
  it('is fetched when nobody pushed, and forgotten there only after it is kept here', async () => {
    loop.shop.place();
    loop.shop.place();
    expect(await pull()).toBe('Fetched 2 changes.');
    expect(loop.shop.waiting()).toEqual([]);
    expect(atWarehouse()).toBe(2);
  });

  it('is asked again for what it believes delivered, after a restored backup of the sidecar', async () => {
    loop.shop.place();
    await pull();
    // What the lost database had acknowledged: the shop believes it delivered, and nothing here knows of it.
    const lost = loop.shop.place();
    loop.shop.acknowledge(loop.shop.rows.map(({ id }) => id));
    await pull();
    expect(atWarehouse()).toBe(1);
    loop.clock.now += 61_000;
    expect(await pull()).toMatch(/missing here/);
    expect(atWarehouse()).toBe(2);
    expect(await loop.store.record('store-1', 'order', String(lost.id))).not.toBeNull();
  });

  it('was missing here: so the warehouse is asked at once for what it told the lost database', async () => {
    const order = loop.shop.place();
    await pull();
    loop.parcel(order, '1', 1);
    loop.shop.place();
    loop.shop.acknowledge(loop.shop.rows.map(({ id }) => id));
    await pull();
    loop.clock.now += 61_000;
    await pull();
    await loop.run(1000);
    expect(loop.shop.orders.get(order.id)?.status).toBe('completed');
  });

  it('is not suspected while a request that took its number earlier is still running', async () => {
    loop.shop.place();
    await pull();
    loop.shop.place();
    loop.shop.place();
    const [slow] = loop.shop.rows.splice(1, 1);
    await pull();
    if (slow !== undefined) loop.shop.rows.splice(1, 0, slow);
    loop.clock.now += 61_000;
    await pull();
    expect([await findings(), atWarehouse()]).toEqual([0, 3]);
  });

  it('says once which changes are nowhere any more', async () => {
    loop.shop.place();
    await pull();
    loop.shop.place();
    loop.shop.place();
    loop.shop.rows.splice(1, 1);
    await pull();
    for (let turn = 0; turn < 4; turn += 1) {
      loop.clock.now += 61_000;
      await pull();
    }
    expect(await findings()).toBe(1);
    expect(atWarehouse()).toBe(2);
  });

  it('that cannot be decoded stays in the shop, and fills nothing here however often it is asked', async () => {
    loop.shop.place();
    let asked = 0;
    const { pullOutbox } = loop.wc;
    loop.wc.pullOutbox = () => Promise.resolve(new TextEncoder().encode(`<b>Warning</b> ${(asked += 1)} {"rows":[]}`));
    for (let count = 0; count < 3; count += 1) expect(await pull()).toMatch(/not JSON/);
    expect(await loop.store.deliveries({ connectionId: 'store-1' }, 10)).toEqual([]);
    loop.wc.pullOutbox = pullOutbox;
    expect(await pull()).toBe('Fetched 1 change.');
  });

  it('deletes an order for good: a late picture of it from the same second does not bring it back', async () => {
    const order = loop.shop.place();
    await pull();
    loop.clock.now += 5_000;
    const edited = loop.shop.edit(order.id, { customer_note: 'Please ring' });
    loop.shop.remove(order.id);
    await pull();
    await loop.tell(edited);
    await loop.run();
    expect((await loop.store.record('store-1', 'order', String(order.id)))?.body).toMatchObject({ status: 'deleted' });
  });
});
