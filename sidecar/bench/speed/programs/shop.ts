/** One shop and its warehouses in a store, as they stand once they are connected. */
import { randomBytes } from 'node:crypto';
import { CLOSED } from '../../../src/domain/breaker.js';
import type { Connection } from '../../../src/domain/connection.js';
import type { NewJob } from '../../../src/domain/job.js';
import { newJob } from '../../../src/queue/enqueue.js';
import { sealedBox, sealingKey } from '../../../src/secrets/sealed-box.js';
import type { Store, Write } from '../../../src/stores/store.js';
import { SECRET_KEY, WAREHOUSE, WEBHOOK_SECRET } from '../secrets.ts';

export const ORG = 'default';
export const SHOP = 'shop';

/** So high that no limit of ours is what is measured. */
export const UNLIMITED = { ratePerMinute: 60_000_000 };

export async function connectShop(
  store: Store,
  now: number,
  concurrency: number,
  warehouses = [WAREHOUSE],
): Promise<void> {
  const connections = [
    aConnection(SHOP, 'woocommerce', now, {}),
    ...warehouses.map((id) => aConnection(id, 'wms', now, { concurrency, ...UNLIMITED })),
  ];
  await apply(
    store,
    now,
    connections.map((connection) => ({ write: 'putConnection', connection })),
  );
  const box = sealedBox(sealingKey(SECRET_KEY), [], randomBytes);
  await apply(
    store,
    now,
    warehouses.map((connectionId) => ({
      write: 'putCredentials',
      connectionId,
      ...box.seal({ webhookSecret: WEBHOOK_SECRET }, connectionId),
    })),
  );
}

export function aConnection(
  id: string,
  platform: Connection['platform'],
  now: number,
  settings: Connection['settings'],
): Connection {
  return {
    id,
    orgId: ORG,
    platform,
    name: id,
    storeId: SHOP,
    state: 'active',
    pauseReason: null,
    pausedBy: null,
    settings: { storeCode: 'OAK', url: 'https://shop.example', ...settings },
    breaker: CLOSED,
    startsAt: now,
    createdAt: now,
    updatedAt: now,
    lastSuccessAt: null,
    lastFailure: null,
    credentialsVersion: 0,
  };
}

/** A push of an order of its own. */
export function anOrderJob(order: number, now: number, given: { connection?: string; runAt?: number } = {}): NewJob {
  const connection = { id: given.connection ?? WAREHOUSE, orgId: ORG, storeId: SHOP };
  const runAt = given.runAt ?? now;
  return newJob({
    kind: 'order.push',
    connection,
    subject: `order:${order}`,
    traceId: `trace-${order}`,
    origin: 'order changed',
    now,
    runAt,
  });
}

/** @returns the job's id. */
export async function put(store: Store, job: NewJob, now: number): Promise<number> {
  const answer = await store.apply({ now, guards: [], writes: [{ write: 'enqueue', job, onDead: 'revive' }] });
  const [result] = answer.applied ? answer.results : [];
  if (result?.kind !== 'enqueued') throw new Error('The job was not taken.');
  return result.jobId;
}

const JOBS_A_UNIT = 500;

export async function enqueueOrders(store: Store, from: number, count: number, now: () => number): Promise<void> {
  for (let done = 0; done < count; done += JOBS_A_UNIT) {
    const jobs = Array.from({ length: Math.min(JOBS_A_UNIT, count - done) }, (_, at) =>
      anOrderJob(from + done + at, now()),
    );
    await apply(
      store,
      now(),
      jobs.map((job) => ({ write: 'enqueue', job, onDead: 'revive' })),
    );
  }
}

async function apply(store: Store, now: number, writes: Write[]): Promise<void> {
  const answer = await store.apply({ now, guards: [], writes });
  if (!answer.applied) throw new Error(`The store refused: ${JSON.stringify(answer.failed)}`);
}
