/** Sends webhooks: signed, at least once, tried again twice, and as badly as the faults ask for. */
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { post as sendPost } from '../post.js';
import { CUSTOMER_ID } from './defaults.js';
import type { SimWebhook } from './types.js';
import type { Warehouse } from './warehouse.js';

export interface Announcement {
  group: 'order' | 'shipment' | 'stock';
  action: string;
  entityId: string;
  /** external_reference of the order it is about. */
  reference: string;
  body: Record<string, unknown>;
}

export interface Sender {
  announce(announcement: Announcement): void;
  /** Sends again what was sent about `reference` (and topic), with the same delivery ids. @returns how many. */
  resend(filter: { reference?: string; topic?: string }): number;
  /** Everything announced so far is sent or given up. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

interface Delivery {
  id: string;
  hook: SimWebhook;
  topic: string;
  reference: string;
  raw: string;
}

const TIMEOUT_MS = 10_000;
const LATE_MS = 400;
/** So many are kept for sending again. */
const KEPT = 5000;

export function createSender(warehouse: Warehouse): Sender {
  const stopped = new AbortController();
  const places = createPlaces(warehouse.options.webhooksAtOnce);
  const deliverOne = (delivery: Delivery): Promise<void> => deliver(warehouse, delivery, places, stopped.signal);
  const kept: Delivery[] = [];
  const underWay = new Set<Promise<void>>();
  /** One after another for each order, as long as nothing asks for disorder. */
  const lines = new Map<string, Promise<void>>();

  const track = (work: Promise<void>): void => {
    const tracked = work.catch(() => undefined).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  const inLine = (delivery: Delivery): void => {
    const { reference } = delivery;
    const turn = (lines.get(reference) ?? Promise.resolve()).then(() => deliverOne(delivery));
    const settled = turn.catch(() => undefined);
    lines.set(reference, settled);
    track(settled.then(() => void (lines.get(reference) === settled && lines.delete(reference))));
  };
  const late = (delivery: Delivery): void => {
    const delayMs = LATE_MS * (0.25 + 0.75 * warehouse.chance.draw());
    track(pause(delayMs, undefined, { signal: stopped.signal }).then(() => deliverOne(delivery)));
  };
  const send = (delivery: Delivery): void => {
    const { dropWebhooks, duplicateWebhooks, reorderWebhooks } = warehouse.faults;
    if (warehouse.chance.hits(dropWebhooks)) {
      return warehouse.note('webhook.dropped', {
        id: delivery.id,
        reference: delivery.reference,
        detail: delivery.topic,
      });
    }
    const way = warehouse.chance.hits(reorderWebhooks) ? late : inLine;
    way(delivery);
    if (warehouse.chance.hits(duplicateWebhooks)) way(delivery);
  };

  return {
    announce(announcement) {
      for (const hook of warehouse.webhooks.values()) {
        if (hook.group !== announcement.group || hook.action !== announcement.action) continue;
        const delivery = deliveryOf(warehouse, hook, announcement);
        kept.push(delivery);
        if (kept.length > KEPT) kept.shift();
        send(delivery);
      }
    },
    resend({ reference, topic }) {
      const again = kept.filter(
        (one) => (reference ?? one.reference) === one.reference && (topic ?? one.topic) === one.topic,
      );
      again.forEach(inLine);
      return again.length;
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async stop() {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}

function deliveryOf(
  warehouse: Warehouse,
  hook: SimWebhook,
  { group, action, entityId, reference, body }: Announcement,
): Delivery {
  const entity = group === 'stock' ? 'variant' : group;
  const raw = JSON.stringify({ body, group, action, entity, customer: CUSTOMER_ID, entityId });
  return { id: warehouse.newId(), hook, topic: `${group}.${action}`, reference, raw };
}

/** At most so many at one time; who waits keeps the order it came in. */
interface Places {
  within<T>(work: () => Promise<T>): Promise<T>;
}

function createPlaces(count: number): Places {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async within(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((go) => waiting.push(go));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}

async function deliver(warehouse: Warehouse, delivery: Delivery, places: Places, stopped: AbortSignal): Promise<void> {
  const { id, reference, topic } = delivery;
  for (const waitMs of [0, ...warehouse.options.webhookRetryDelaysMs]) {
    if (waitMs > 0) await pause(waitMs, undefined, { signal: stopped });
    const status = await places.within(() => post(delivery, stopped));
    if (status >= 200 && status < 300) return warehouse.note('webhook.sent', { id, reference, detail: topic });
    warehouse.note('webhook.failed', { id, reference, detail: `${topic} ${status}` });
  }
}

/** @returns the status, or 0 when nobody answered. */
async function post({ id, hook, raw }: Delivery, stopped: AbortSignal): Promise<number> {
  const signature = createHmac('sha256', hook.hash_secret).update(raw).digest('base64');
  const headers = { 'x-hmac-sha256': signature, 'x-webhook-id': id };
  const call = { url: hook.url, headers, body: raw, timeoutMs: TIMEOUT_MS, signal: stopped };
  return sendPost(call).then(
    ({ status }) => status,
    () => 0,
  );
}
