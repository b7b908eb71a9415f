/** Builders: every field optional, so that a test names only what it is about. */
import { CLOSED } from '../src/domain/breaker.js';
import type { Connection } from '../src/domain/connection.js';
import type { Failure } from '../src/domain/failure.js';
import type { FailureNote, Job, NewJob } from '../src/domain/job.js';
import type { Mapping } from '../src/domain/mapping.js';
import type { Address, OrderLine, StoreOrder } from '../src/domain/order.js';
import type { EntityRecord } from '../src/domain/record.js';
import { PlatformFailure } from '../src/platforms/failure.js';
import type { NewDelivery, Unit, Write } from '../src/stores/store.js';
import { MORNING } from './fake-world.js';

export const ORG = 'org';
export const SHOP = 'shop';
export const WAREHOUSE = 'north';

export function aNewJob(given: Partial<NewJob> = {}): NewJob {
  const kind = given.kind ?? 'order.push';
  const subject = given.subject ?? 'order:4711';
  const connectionId = given.connectionId ?? WAREHOUSE;
  return {
    orgId: ORG,
    connectionId,
    kind,
    subject,
    orderingKey: `order:${SHOP}:${subject.slice(subject.indexOf(':') + 1)}`,
    priority: 1,
    runAt: MORNING,
    deadlineAt: null,
    coalesceKey: `${kind}:${connectionId}:${subject}`,
    payload: {},
    traceId: 'trace',
    origin: 'order changed',
    ...given,
  };
}

export function aJob(given: Partial<Job> = {}): Job {
  return {
    ...aNewJob(given),
    id: 1,
    batchId: null,
    state: 'queued',
    attempts: 0,
    fence: 0,
    leaseUntil: null,
    blockedOn: null,
    blockedUntil: null,
    lastFailure: null,
    sentence: null,
    settledBy: null,
    createdAt: MORNING,
    updatedAt: MORNING,
    queuedAt: MORNING,
    finishedAt: null,
    ...given,
  };
}

export function aConnection(given: Partial<Connection> = {}): Connection {
  return {
    id: WAREHOUSE,
    orgId: ORG,
    platform: 'wms',
    name: 'Warehouse North',
    storeId: SHOP,
    state: 'active',
    pauseReason: null,
    pausedBy: null,
    settings: {},
    breaker: CLOSED,
    startsAt: MORNING,
    createdAt: MORNING,
    updatedAt: MORNING,
    lastSuccessAt: null,
    lastFailure: null,
    credentialsVersion: 0,
    ...given,
  };
}

/** The store's own connection. */
export function aShop(given: Partial<Connection> = {}): Connection {
  const settings = {
    url: 'https://shop.example',
    restUrl: 'https://shop.example/wp-json/',
    storeCode: 'oak',
    epoch: 'epoch-1',
  };
  return aConnection({ id: SHOP, platform: 'woocommerce', name: 'Oak & Son', storeId: SHOP, settings, ...given });
}

export function anAddress(given: Partial<Address> = {}): Address {
  return {
    firstName: 'Ada',
    lastName: 'Lovelace',
    company: '',
    line1: '12 St James Square',
    line2: '',
    zip: 'SW1Y 4JH',
    city: 'London',
    state: '',
    country: 'GB',
    phone: '',
    email: 'ada@example.com',
    ...given,
  };
}

export function anOrderLine(given: Partial<OrderLine> = {}): OrderLine {
  return {
    id: 1,
    productId: 10,
    variationId: 0,
    sku: 'OAK-CHAIR',
    name: 'Oak chair',
    quantity: 1,
    refunded: 0,
    unitPriceMinor: 12_000,
    needsShipping: true,
    ...given,
  };
}

export function anOrder(given: Partial<StoreOrder> = {}): StoreOrder {
  return {
    id: 4711,
    number: '4711',
    key: 'wc_order_abc',
    status: 'processing',
    createdAt: new Date(MORNING).toISOString(),
    modifiedAt: new Date(MORNING).toISOString(),
    currency: 'EUR',
    totalMinor: 12_000,
    customerNote: '',
    address: anAddress(),
    lines: [anOrderLine()],
    ...given,
  };
}

export function anOrderRecord(given: Partial<EntityRecord<StoreOrder>> = {}): EntityRecord<StoreOrder> {
  const body = given.body ?? anOrder();
  return {
    orgId: ORG,
    connectionId: SHOP,
    type: 'order',
    remoteId: String(body.id),
    version: { modifiedAt: body.modifiedAt, sequence: 1 },
    fingerprint: JSON.stringify(body).length.toString(16),
    body,
    lookup: null,
    final: false,
    updatedAt: MORNING,
    ...given,
  };
}

export function aMapping(given: Partial<Mapping> = {}): Mapping {
  return {
    orgId: ORG,
    connectionId: WAREHOUSE,
    type: 'order',
    localId: '4711',
    remoteId: 'remote-4711',
    state: 'known',
    sentFingerprint: null,
    remoteLabel: 'ORD00000004711',
    origin: 'created by order.push',
    accepted: null,
    storeStatus: null,
    updatedAt: MORNING,
    ...given,
  };
}

export function aDelivery(given: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id: 'delivery-1',
    orgId: ORG,
    connectionId: WAREHOUSE,
    dedupeKey: 'webhook-1',
    topic: 'order.updated',
    state: 'received',
    body: new TextEncoder().encode('{}'),
    note: null,
    ...given,
  };
}

export function aFailure(given: Partial<Failure> = {}): Failure {
  return {
    kind: 'unavailable',
    status: 503,
    code: null,
    summary: 'The warehouse answered 503.',
    retryAfterSeconds: null,
    excerpt: null,
    ...given,
  };
}

export function aPlatformFailure(given: Partial<Failure> = {}): PlatformFailure {
  return new PlatformFailure(aFailure(given));
}

export function aFailureNote(given: Partial<FailureNote> = {}): FailureNote {
  return {
    kind: 'unavailable',
    code: null,
    status: 503,
    summary: 'The warehouse answered 503.',
    cure: 'Wait.',
    excerpt: null,
    ...given,
  };
}

export function aUnit(given: Partial<Unit> & { writes?: Write[] } = {}): Unit {
  return { now: MORNING, guards: [], writes: [], ...given };
}
