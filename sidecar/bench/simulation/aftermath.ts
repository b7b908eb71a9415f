/** After the storm: everything is switched on again and given time. Then the books of both ends are laid side by side. */
import { dueAtWarehouse, wishFor } from '../../src/domain/due.js';
import { sendNow } from '../../src/domain/fact.js';
import { orderSubject, warehouseReference } from '../../src/domain/identity.js';
import { LIVE_STATES, type Job } from '../../src/domain/job.js';
import { shipLines, type StoreOrder } from '../../src/domain/order.js';
import { warehouseRules } from '../../src/domain/warehouse-rules.js';
import { scheduleBook } from '../../src/schedule.js';
import { match, resumeAll, retryAll } from './happenings.ts';
import { SHOP, WAREHOUSE, type Simulation } from './simulation.ts';
import { PICKING_RANK, type Held } from './warehouse-model.ts';

const MINUTE = 60_000;
/** How often it is looked whether all is at rest. */
const LOOK_MS = 15_000;
const PATIENCE_MS = 14 * 60 * MINUTE;
/** Everything that looks by itself, so that nothing has to be waited for by the hour. */
const NETS = [
  'outbox.pull',
  'store.sweep',
  'store.recheck',
  'store.net',
  'warehouse.poll-orders',
  'warehouse.poll-shipments',
];

export async function settle(simulation: Simulation): Promise<void> {
  calm(simulation);
  await rest(simulation);
  retryAll(simulation);
  await simulation.time.runUntil(simulation.time.now + LOOK_MS);
  await rest(simulation);
  // Twice: what the first round brings may be cause for the second.
  for (let round = 0; round < 2; round += 1) {
    await castNets(simulation);
    await rest(simulation);
  }
}

function calm(simulation: Simulation): void {
  const { weather, mood, sidecars } = simulation;
  simulation.told = 'never';
  for (const one of Object.values(weather)) Object.assign(one, { sky: 'fair', lossy: 0, slowestMs: 400 });
  Object.assign(mood, { busy: 0, slow: 0.02, longestMs: 50 });
  for (const { machine } of sidecars) machine.wake();
  simulation.bury();
  // One is enough to finish, and takes over what the others leave.
  for (const { machine } of simulation.sidecars.slice(1)) machine.kill();
  simulation.bury();
  if (simulation.sidecars.length === 0) simulation.startOne();
  resumeAll(simulation);
  match(simulation);
  simulation.warehouse.seeToProblems();
}

/** Until nothing lives, nothing waits and nothing is on the wire any more. */
async function rest(simulation: Simulation): Promise<void> {
  const { time } = simulation;
  const until = time.now + PATIENCE_MS;
  do {
    await time.runUntil(time.now + LOOK_MS);
    simulation.trace.note('rest', whyNot(simulation) ?? 'yes');
    if (simulation.watch.broken !== null) return;
    if (simulation.sidecars.some(({ machine }) => machine.isGone)) calm(simulation);
    for (const id of [SHOP, WAREHOUSE]) if ((await simulation.connection(id)).state === 'paused') resumeAll(simulation);
  } while (time.now < until && whyNot(simulation) !== null);
  const why = whyNot(simulation);
  if (why !== null)
    simulation.watch.report(
      'stuck',
      `Not at rest after ${PATIENCE_MS / MINUTE} minutes: ${why}`,
      living(simulation)[0]?.subject ?? null,
    );
}

/** @returns what keeps it from being at rest, or null. */
function whyNot(simulation: Simulation): string | null {
  const { shop, warehouse } = simulation;
  const [one] = living(simulation);
  if (one !== undefined) return `${nameOf(one)} is ${one.state}: ${one.sentence ?? ''}`;
  if (shop.waiting().length > 0) return `${shop.waiting().length} changes wait in the outbox.`;
  return warehouse.pending > 0 ? `${warehouse.pending} orders are on their way through the warehouse.` : null;
}

/** Reads that a schedule queues come and go. */
function living({ watch }: Simulation): Job[] {
  return [...watch.jobs.values()].filter(
    ({ state, subject }) => subject.startsWith('order:') && LIVE_STATES.some((live) => live === state),
  );
}

async function castNets(simulation: Simulation): Promise<void> {
  const book = scheduleBook(simulation.newId);
  for (const id of [SHOP, WAREHOUSE]) {
    const connection = await simulation.connection(id);
    const now = simulation.time.now + simulation.clock.offsetMs;
    const writes = NETS.flatMap((name) => book.runNow(name, connection, 'Anna', now) ?? []);
    await simulation.watched.apply({ now, guards: [], writes });
  }
  await simulation.time.runUntil(simulation.time.now + 2 * LOOK_MS);
}

export async function judge(simulation: Simulation): Promise<void> {
  for (const order of simulation.shop.orders.values()) await judgeOrder(simulation, order);
  await judgeEvents(simulation);
  for (const job of simulation.watch.jobs.values()) judgeDead(simulation, job);
}

/** What a person settled is theirs; else both ends agree, or a job says to a person why not. */
async function judgeOrder(simulation: Simulation, order: StoreOrder): Promise<void> {
  const { store, warehouse, watch } = simulation;
  const subject = orderSubject(order.id);
  const settlement = await store.settlement(WAREHOUSE, subject);
  if (settlement !== null) return;
  const connection = await simulation.connection(WAREHOUSE);
  const { statuses } = warehouseRules(connection);
  const pressedSend = await store.hasFact(sendNow(WAREHOUSE, order.id));
  const rules = { statuses, startsAt: connection.startsAt, settlement: null, sendNow: pressedSend };
  const [held] = warehouse.byReference(warehouseReference('OAK', order.id));
  if (says(simulation, subject)) return;
  if (held === undefined) {
    if (dueAtWarehouse(order, rules).due)
      watch.report('lost', `Order ${order.id} is due and not at the warehouse.`, subject);
    return;
  }
  await judgeBoth(simulation, order, held, statuses);
}

async function judgeBoth(
  simulation: Simulation,
  order: StoreOrder,
  held: Held,
  statuses: readonly string[],
): Promise<void> {
  const { watch, store } = simulation;
  const subject = orderSubject(order.id);
  const mapping = await store.mapping(WAREHOUSE, 'order', String(order.id));
  if (mapping?.state !== 'known')
    watch.report('lost', `Order ${order.id} is at the warehouse and not known to be.`, subject);
  const wish = wishFor(order, statuses, mapping?.storeStatus ?? null);
  if (held.order.rank >= PICKING_RANK) return judgeShipped(simulation, order, held, mapping?.storeStatus ?? null);
  if (wish === 'cancel')
    watch.report('differs', `Order ${order.id} is ${order.status}, and not cancelled there.`, subject);
  if (wish === 'hold' && !held.draft.hold)
    watch.report('differs', `Order ${order.id} is to be held, and is not.`, subject);
  if (wish === 'ship' && !isSame(order, held))
    watch.report('differs', `Order ${order.id} is not at the warehouse as the shop has it.`, subject);
}

function isSame(order: StoreOrder, { draft }: Held): boolean {
  const units = (lines: readonly { quantity: number }[]): number =>
    lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return draft.address.line1 === order.address.line1 && units(draft.lines) === units(shipLines(order));
}

const LEFT_ALONE = new Set(['completed', 'cancelled', 'refunded', 'failed', 'trash', 'deleted']);

function judgeShipped(
  { shop, warehouse, watch }: Simulation,
  order: StoreOrder,
  { order: there }: Held,
  written: string | null,
): void {
  const subject = orderSubject(order.id);
  for (const parcel of warehouse.parcels.filter(({ orderRemoteId }) => orderRemoteId === there.id)) {
    const [code] = parcel.tracking.map((label) => label.code);
    const mails = shop.notes.filter(({ text, toCustomer }) => toCustomer && code !== undefined && text.includes(code));
    if (code !== undefined && mails.length === 0)
      watch.report('lost', `Nobody was mailed about parcel ${parcel.number} of order ${order.id}.`, subject);
  }
  const wasEnded = shop.history.get(order.id)?.some((status) => LEFT_ALONE.has(status)) === true;
  // The answer to "completed" was lost, and a person has held the order since: whether it had arrived nobody can tell, and
  // written twice it would mail twice. The person has the last word.
  const isAPersons = written === 'completed' && order.status !== 'processing';
  if (there.status === 'shipped' && !wasEnded && !isAPersons)
    watch.report('differs', `Order ${order.id} has shipped and is ${order.status} in the shop.`, subject);
}

/** A job that has failed for good, or was ended by a person, speaks for its order. */
function says({ watch }: Simulation, subject: string): boolean {
  const about = [...watch.jobs.values()].filter((job) => job.subject === subject);
  return about.some(({ state, settledBy, sentence }) => (state === 'dead' || settledBy !== null) && sentence !== null);
}

/** Nothing that was answered for has vanished. */
async function judgeEvents(simulation: Simulation): Promise<void> {
  const { store, shop, watch, heard } = simulation;
  const { settings } = await simulation.connection(SHOP);
  for (const row of shop.rows.filter(({ id }) => shop.acknowledged.has(id))) {
    const seen = await store.outboxUuid(SHOP, String(settings['epoch']), row.sequence);
    if (seen !== row.id)
      watch.report('vanished', `Change ${row.sequence} of order ${row.entityId} was answered for and is not here.`);
  }
  for (const event of heard) {
    if (event.type !== 'shipment') continue;
    const record = await store.record(WAREHOUSE, 'shipment', event.parcel.id);
    if (record === null) watch.report('vanished', `Parcel ${event.parcel.number} was answered for and is not here.`);
  }
  const waiting = await store.deliveries({ states: ['received'] }, 1);
  if (waiting.length > 0) watch.report('vanished', 'A delivery was stored and never worked on.');
}

/** In fair weather only a refusal of the far end is an end. */
const REFUSALS = new Set(['rejected', 'invalid', 'conflict', 'not_found']);

function judgeDead({ watch }: Simulation, job: Job): void {
  if (job.state !== 'dead' || job.lastFailure === null || REFUSALS.has(job.lastFailure.kind)) return;
  watch.report('dead', `${nameOf(job)} died in fair weather: ${job.sentence ?? ''}`, job.subject);
}

const nameOf = ({ id, kind, subject }: Job): string => `Job ${id} (${kind} ${subject})`;
