/** The sidecar's own books, read through its store port once it is down: nothing stuck, and no effect without its trail. */
import type { Attempt, Store } from '../../src/stores/store.js';
import type { Job } from '../../src/domain/job.js';
import { note, type Books } from './books.js';
import { ACKNOWLEDGED_LOST, type Verdict } from './verdict.js';
import { referenceOf, type FaultWorld } from './world.js';

const PAGE = 2_000;
/** Looking around goes on for ever; one of these under way is nobody's stuck order. */
const ABOUT_THINGS = /^(order|shipment)\./;
/** What a poll has made in the moment before the end is not stuck. Real milliseconds. */
const FRESH_MS = 15_000;

/** Adds to the verdict what the store shows. The sidecars have to be down. */
export async function audit(
  world: FaultWorld,
  books: Books,
  verdict: Verdict,
  acknowledged: 'kept' | 'refetched' = 'kept',
): Promise<void> {
  const store = await world.engine.open(world.sidecar);
  const { now, speed } = world.clock;
  try {
    const done = await auditJobs(store, verdict, now() - FRESH_MS * speed);
    auditEffects(world, books, done, verdict);
    if (acknowledged === 'kept') await auditDeliveries(store, world, books, verdict);
  } finally {
    await store.close();
  }
}

/** @returns subject and kind of every job whose end was written down. */
async function auditJobs(store: Store, verdict: Verdict, freshSince: number): Promise<Set<string>> {
  const done = new Set<string>();
  let jobs = 0;
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = await store.jobs({}, { limit: PAGE, offset, sort: 'oldest' });
    for (const job of rows) {
      const attempts = await store.attempts(job.id);
      auditJob(job, attempts, verdict, freshSince);
      if (attempts.some(({ outcome }) => outcome === 'done' || outcome === 'skip'))
        done.add(`${job.kind} ${job.subject}`);
    }
    jobs += rows.length;
    if (rows.length < PAGE) break;
  }
  verdict.figures['jobs'] = jobs;
  return done;
}

function auditJob(job: Job, attempts: readonly Attempt[], verdict: Verdict, freshSince: number): void {
  const name = `Job ${job.id} (${job.kind} ${job.subject})`;
  const isLive = ['queued', 'running', 'retrying', 'blocked'].includes(job.state);
  const isStuck = isLive && ABOUT_THINGS.test(job.kind) && !isReminder(job) && job.createdAt < freshSince;
  if (job.state === 'dead' || isStuck) note(verdict, 'stuck', `${name} is ${job.state}: ${job.sentence ?? job.origin}`);
  // Each claim has a number of its own and leaves one attempt; what runs now has not left it yet.
  const claims = job.state === 'running' ? job.fence - 1 : job.fence;
  const numbers = attempts.map(({ fence }) => fence).sort((a, b) => a - b);
  const isWhole = numbers.length === claims && numbers.every((fence, at) => fence === at + 1);
  if (!isWhole) note(verdict, 'auditGaps', `${name} was claimed ${claims} times; its attempts are ${numbers.join()}.`);
  const last = attempts.reduce<Attempt | null>(
    (latest, one) => (one.fence > (latest?.fence ?? 0) ? one : latest),
    null,
  );
  const endedWell = last?.outcome === 'done' || last?.outcome === 'skip';
  if (job.state === 'done' && job.settledBy === null && !endedWell)
    note(verdict, 'auditGaps', `${name} is done, but its last attempt says ${last?.outcome ?? 'nothing'}.`);
}

/** Waits for its hour on purpose, and holds nothing back. */
const isReminder = ({ state, orderingKey }: Job): boolean => state === 'queued' && orderingKey.endsWith(':later');

/** Every effect can be traced to a job that says so. */
function auditEffects({ shop }: FaultWorld, { page }: Books, done: ReadonlySet<string>, verdict: Verdict): void {
  for (const { id } of shop.shop.orders.values()) {
    const { created, parcels } = page(referenceOf(id));
    if (created > 0 && !done.has(`order.push order:${id}`))
      note(verdict, 'auditGaps', `${referenceOf(id)} is at the warehouse, and no job says that it sent it.`);
    if (parcels.length > 0 && !done.has(`shipment.apply order:${id}`))
      note(verdict, 'auditGaps', `${referenceOf(id)} has a parcel, and no job says that it told of it.`);
  }
}

/** What was answered with success is there, and once. */
async function auditDeliveries(store: Store, world: FaultWorld, books: Books, verdict: Verdict): Promise<void> {
  const connections = await store.connections();
  const warehouse = connections.find(({ platform }) => platform !== 'woocommerce');
  const shop = connections.find(({ platform }) => platform === 'woocommerce');
  if (warehouse === undefined || shop === undefined) throw new Error('The connections are gone.');
  for (const id of books.acknowledged) {
    if ((await store.deliveryByKey(warehouse.id, `id:${id}`)) === null) noteLost(verdict, `Webhook ${id}`);
  }
  const keys = new Set<string>();
  for (const { dedupeKey } of await store.deliveries({ connectionId: warehouse.id }, 1_000_000)) {
    if (keys.has(dedupeKey)) note(verdict, 'duplicated', `Webhook ${dedupeKey} was taken in twice.`);
    keys.add(dedupeKey);
  }
  const { epoch, rows } = world.shop.shop;
  for (const { id, sequence, acknowledged } of rows) {
    if (acknowledged && (await store.outboxUuid(shop.id, epoch, sequence)) !== id)
      noteLost(verdict, `Change ${sequence} of the shop`);
  }
  verdict.figures['webhooks'] = books.acknowledged.size;
}

function noteLost(verdict: Verdict, what: string): void {
  verdict.figures[ACKNOWLEDGED_LOST] = (verdict.figures[ACKNOWLEDGED_LOST] ?? 0) + 1;
  note(verdict, 'lost', `${what} was acknowledged and is not in the books.`);
}
