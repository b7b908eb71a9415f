/** The warehouse's shipment as our parcel, from today's shape and from the older one (`order_reference`, `labels`). */
import { z } from 'zod';
import type { Parcel } from '../../domain/warehouse-order.js';
import { toUtc } from './time.js';

const text = z.string().nullish();
const method = z.object({ shipper: text, description: text, name: text }).nullish().catch(null);
const label = z.object({
  label_code: text,
  tracking_code: text,
  tracking_url: text,
  shipper: text,
  shipping_method: method,
});
const line = z.object({
  shipped_quantity: z.number().optional(),
  quantity: z.number().optional(),
  shipped_article_code: text,
  variant: z.union([z.object({ article_code: z.string() }), z.string()]).nullish(),
});

export const parcelSchema = z.object({
  id: z.string().min(1),
  reference: text,
  order_id: text,
  order_external_reference: text,
  order_reference: text,
  created_at: z.string(),
  modified_at: text,
  shipping_method: method,
  shipment_labels: z.array(label).nullish(),
  labels: z.array(label).nullish(),
  shipment_lines: z.array(line).nullish(),
});

export type RawParcel = z.infer<typeof parcelSchema>;
type Label = z.infer<typeof label>;

export function parcelIn(raw: RawParcel): Parcel {
  const labels = raw.shipment_labels ?? raw.labels ?? [];
  const shippedAt = toUtc(raw.created_at) ?? '1970-01-01T00:00:00.000Z';
  return {
    id: raw.id,
    number: raw.reference ?? raw.id,
    orderRemoteId: raw.order_id ?? '',
    orderReference: raw.order_external_reference ?? raw.order_reference ?? '',
    carrier: raw.shipping_method?.shipper ?? labels[0]?.shipper ?? labels[0]?.shipping_method?.name ?? '',
    tracking: trackingIn(labels),
    lines: (raw.shipment_lines ?? []).flatMap(lineIn),
    shippedAt,
    modifiedAt: toUtc(raw.modified_at) ?? shippedAt,
  };
}

/** A label without any code says nothing to anybody; the same number on two labels is one parcel's. */
function trackingIn(labels: readonly Label[]): Parcel['tracking'] {
  const byCode = new Map<string, Parcel['tracking'][number]>();
  for (const { tracking_code, label_code, tracking_url } of labels) {
    const code = (tracking_code ?? '').trim() || (label_code ?? '').trim();
    if (code !== '' && !byCode.has(code)) byCode.set(code, { code, url: link(tracking_url) });
  }
  return [...byCode.values()];
}

/** Pick-ups carry "#", and what is not a web address must not become a link in a shopper's mail. */
function link(address: string | null | undefined): string | null {
  const url = URL.parse(address ?? '');
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.toString() : null;
}

function lineIn({ shipped_quantity, quantity, shipped_article_code, variant }: z.infer<typeof line>): Parcel['lines'] {
  const units = shipped_quantity ?? quantity ?? 0;
  const articleCode = shipped_article_code ?? (typeof variant === 'string' ? variant : variant?.article_code);
  return articleCode === undefined || units <= 0 ? [] : [{ articleCode, quantity: units }];
}
