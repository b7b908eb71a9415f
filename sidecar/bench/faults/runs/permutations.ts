/** F9: five events about an order in all 120 orders, some of them twice, some of them dropped at first: the outcome is the same. */
import type { WmsSimulatorOptions } from '../../../src/simulators/wms/index.js';
import type { OutboxRow, ShopOrder } from '../../../src/simulators/shop/shop.js';
import { seededChance, type Chance } from '../../../src/simulators/wms/chance.js';
import { keepBooks, versionNote } from '../books.js';
import { PATIENT_WAREHOUSE } from '../senders.js';
import { settled } from '../settled.js';
import { changedSidecar, type Change } from '../sidecar-copy.js';
import type { FaultRun, RunOptions, Verdict } from '../verdict.js';
import { compiled } from '../engines.js';
import { referenceOf, startFaultWorld, STORE_CODE, type FaultWorld } from '../world.js';

const SEED = 9;
/** Of each event: comes twice, or not before everything else. */
const TWICE = 0.3;
const DROPPED = 0.15;
/** The nets go round every few minutes. */
const SPEED = 20;

/** An event of one order, ready to be delivered as often as wanted. */
type Event = () => Promise<unknown>;
/** @returns the five events of a new order, in the order they happened. */
type Story = (world: FaultWorld) => Promise<Event[]>;

/** Whatever comes last is believed. */
const NO_VERSIONS: Change = {
  file: 'domain/record.js',
  find: 'const order = compareVersions(incoming.version, held.version);',
  put: 'const order = 1;',
};

export const PERMUTATION_RUNS: readonly FaultRun[] = [
  {
    id: 'F9',
    title: 'five changes of an order in the shop in all 120 orders, with drops and duplicates',
    expect: 'clean',
    run: (options) => allOrders(options, changesOfMind, 'no'),
  },
  {
    id: 'F9-versions-out',
    title: 'the same, and whatever comes last is believed',
    expect: 'caught',
    caughtBy: ['fieldsDiffer', 'orderViolations'],
    run: (options) => allOrders(options, changesOfMind, 'no', [NO_VERSIONS]),
  },
  {
    id: 'F9-parcels',
    title: 'created, paid, edited, parcel and shipped in all 120 orders, with drops and duplicates',
    expect: 'clean',
    run: (options) => allOrders(options, alreadyShipped, 'yes'),
  },
];

async function allOrders(
  { store }: RunOptions,
  story: Story,
  parcels: 'yes' | 'no',
  changes: readonly Change[] = [],
): Promise<Verdict> {
  const warehouse: WmsSimulatorOptions = { ...PATIENT_WAREHOUSE, faults: { seed: SEED } };
  const dist = changes.length === 0 ? {} : { dist: changedSidecar(changes) };
  const world = await startFaultWorld({ store, warehouse, speed: SPEED, ...dist });
  try {
    const books = keepBooks(world);
    const chance = seededChance(SEED);
    // Until the storm is over the shop can be asked for nothing: it would tell everything at once, in the right order.
    world.shop.shop.memory = 'gone';
    const dropped: Event[] = [];
    for (const order of permutations([0, 1, 2, 3, 4])) {
      await deliver(order, await story(world), chance, dropped);
    }
    world.shop.shop.memory = 'kept';
    for (const event of dropped) await event();
    const withinMs = changes.length === 0 ? 300_000 : 20_000;
    const verdict = await settled(world, books, { withinMs, quietMs: 8_000, parcels });
    return { ...verdict, figures: { ...verdict.figures, droppedAtFirst: dropped.length } };
  } finally {
    await world.stop();
  }
}

async function deliver(
  order: readonly number[],
  events: readonly Event[],
  chance: Chance,
  dropped: Event[],
): Promise<void> {
  // At most one is dropped: which one, and whether, is drawn once for each order of events.
  const missing = chance.hits(DROPPED * events.length) ? Math.floor(chance.draw() * events.length) : -1;
  for (const which of order) {
    const event = events[which];
    if (event === undefined) continue;
    if (which === missing) dropped.push(event);
    else await event();
    if (which !== missing && chance.hits(TWICE)) await event();
  }
}

/** Placed, paid, edited, held, and edited on: each handed over as it was then. */
async function changesOfMind(world: FaultWorld): Promise<Event[]> {
  const { shop } = world;
  const order = shop.shop.place({ status: 'pending' });
  const quantity = (count: number) => order.line_items.map((line) => ({ ...line, quantity: count }));
  const stages: Partial<ShopOrder>[] = [
    { customer_note: versionNote(1) },
    { status: 'processing', customer_note: versionNote(2) },
    { customer_note: versionNote(3), line_items: quantity(3) },
    { status: 'on-hold', customer_note: versionNote(4) },
    { status: 'processing', customer_note: versionNote(5), line_items: quantity(5) },
  ];
  const rows: OutboxRow[] = [];
  const events = stages.map((stage) => {
    shop.shop.edit(order.id, stage);
    rows.push(lastRow(world));
    return shop.prepare([lastRow(world)]);
  });
  // As far as the shop is concerned they have been told: only the storm brings them.
  shop.shop.acknowledge(rows.map(({ id }) => id));
  return events;
}

/** The order is at the warehouse and has left it before the sidecar hears of anything: as after a restored backup. */
async function alreadyShipped(world: FaultWorld): Promise<Event[]> {
  const { shop, warehouse } = world;
  const order = shop.shop.place({ status: 'pending' });
  const rows = [lastRow(world)];
  const events = rows.map((row) => shop.prepare([row]));
  for (const version of [1, 2]) {
    shop.shop.edit(order.id, { status: 'processing', customer_note: versionNote(version) });
    rows.push(lastRow(world));
    events.push(shop.prepare([lastRow(world)]));
  }
  shop.shop.acknowledge(rows.map(({ id }) => id));
  warehouse.faults({ dropWebhooks: 1 });
  await createThere(world, shop.shop.orders.get(order.id) ?? order);
  warehouse.ship(referenceOf(order.id));
  warehouse.faults({ dropWebhooks: 0 });
  const resend = (topic: string) => async () => {
    warehouse.resend({ reference: referenceOf(order.id), topic });
    await warehouse.webhooksSent();
  };
  return [...events, resend('shipment.updated'), resend('order.shipped')];
}

function lastRow({ shop }: FaultWorld): OutboxRow {
  const row = shop.shop.rows.at(-1);
  if (row === undefined) throw new Error('The shop has written no row.');
  return row;
}

type OrderUuid = (storeId: string, orderId: number, orderKey: string) => string;

/** As the sidecar itself had sent it, in a life it does not remember. */
async function createThere({ warehouse, api }: FaultWorld, order: ShopOrder): Promise<void> {
  const { orderUuid } = await compiled<{ orderUuid: OrderUuid }>('domain/identity.js');
  const { rows } = await api<{ rows: { id: string; platform: string }[] }>('GET', '/connections');
  const storeId = rows.find(({ platform }) => platform === 'woocommerce')?.id ?? '';
  const { settings, credentials, url } = warehouse;
  const codes = { 'x-wms-code': settings.wmsCode, 'x-customer-code': settings.customerCode };
  const json = { 'content-type': 'application/json', ...codes };
  const call = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { token } = (await call('wms/auth/login/', credentials)) as { token: string };
  const uuid = orderUuid(storeId, order.id, order.order_key);
  await call('wms/orders/', draftOf(order, uuid), { authorization: `Bearer ${token}` });
}

function draftOf(order: ShopOrder, uuid: string): Record<string, unknown> {
  const { shipping, billing } = order;
  return {
    external_reference: `${STORE_CODE}-${order.id}`,
    external_id: String(order.id),
    customer_note: order.customer_note,
    currency: order.currency,
    order_amount: Math.round(Number(order.total) * 100),
    order_lines: order.line_items.map(({ quantity, name }) => ({
      article_code: 'WH-GREEN-JACKET',
      quantity,
      description: name,
      price: 24.95,
    })),
    shipping_address: {
      addressed_to: `${shipping['first_name'] ?? ''} ${shipping['last_name'] ?? ''}`,
      street: 'Voorbeeldstraat',
      street_number: '1',
      zipcode: shipping['postcode'],
      city: shipping['city'],
      country: shipping['country'],
      email_address: billing['email'],
    },
    meta_data: { tallyman_uuid: uuid },
  };
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}
