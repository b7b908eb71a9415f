/** The warehouse's calls to us: are they its own, and what do they say. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { strictText } from '../../domain/utf8.js';
import type { WarehouseEvent, WebhookReader } from '../platform.js';
import { orderIn, orderSchema } from './order-in.js';
import { parcelIn, parcelSchema } from './parcel-in.js';
import { toUtc } from './time.js';

const SIGNATURE = 'x-hmac-sha256';
const DELIVERY_ID = 'x-webhook-id';

/** Names of one thing: another system of this family says "adjustment". */
const ALIASES: Readonly<Record<string, string>> = { 'stock.adjustment': 'stock.updated' };

type Headers = Readonly<Record<string, string | undefined>>;

const envelope = z.object({ group: z.string().min(1), action: z.string().min(1), body: z.unknown() });

export const wmsWebhooks: WebhookReader = {
  verify(headers, raw, secret) {
    const given = Buffer.from(header(headers, SIGNATURE) ?? '', 'utf8');
    const right = Buffer.from(createHmac('sha256', secret).update(raw).digest('base64'), 'utf8');
    // Compared with itself when the length is wrong, so that a short guess takes as long as any other.
    const equal = timingSafeEqual(given.length === right.length ? given : right, right);
    return equal && given.length === right.length && secret !== '';
  },

  deliveryId(headers) {
    const id = header(headers, DELIVERY_ID)?.trim();
    return id === undefined || id === '' ? null : id;
  },

  read(raw) {
    const { group, action, body } = envelope.parse(JSON.parse(strictText(raw)));
    return eventOf(group, `${group}.${action}`, body);
  },
};

function eventOf(group: string, topic: string, body: unknown): WarehouseEvent {
  if (group === 'order') {
    const raw = orderSchema.parse(body);
    return { type: 'order', topic, order: orderIn(raw), modifiedAt: toUtc(raw.modified_at ?? raw.updated_at) };
  }
  if (group === 'shipment') return { type: 'shipment', topic, parcel: parcelIn(parcelSchema.parse(body)) };
  return { type: 'other', topic: ALIASES[topic] ?? topic };
}

function header(headers: Headers, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
