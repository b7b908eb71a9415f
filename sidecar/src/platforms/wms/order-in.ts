/** The warehouse's order as ours. Read tolerantly: what is nested comes only when it was asked for, or in webhooks. */
import { z } from 'zod';
import type { FoundOrder, WarehouseOrder } from '../../domain/warehouse-order.js';
import { SAYS_KEY, UUID_KEY } from './order-out.js';
import { stepOf } from './statuses.js';

const line = z.object({
  /** Reduced to its id when it was not expanded. */
  variant: z.union([z.object({ article_code: z.string() }), z.string(), z.null()]).optional(),
  article_code: z.string().optional(),
  quantity: z.number(),
});

export const orderSchema = z.object({
  id: z.string().min(1),
  reference: z.string().nullish(),
  external_reference: z.string().nullish(),
  status: z.string().nullish(),
  order_lines: z.array(z.unknown()).nullish(),
  /** An empty one comes as a list. */
  meta_data: z.unknown().optional(),
  modified_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});

export type RawOrder = z.infer<typeof orderSchema>;

export function orderIn(raw: RawOrder): WarehouseOrder {
  const status = raw.status ?? 'created';
  return {
    id: raw.id,
    number: raw.reference ?? raw.id,
    reference: raw.external_reference ?? '',
    uuid: metaIn(raw.meta_data, UUID_KEY),
    status,
    ...stepOf(status),
    lines: linesIn(raw.order_lines),
  };
}

/** @returns null unless every line is understood: half a list would complete the order too early. */
function linesIn(lines: unknown[] | null | undefined): WarehouseOrder['lines'] {
  if (lines == null || lines.length === 0) return null;
  const read = lines.map(lineIn);
  return read.every((one) => one !== null) ? read : null;
}

function lineIn(value: unknown): { articleCode: string; quantity: number } | null {
  const parsed = line.safeParse(value);
  if (!parsed.success) return null;
  const { variant, article_code, quantity } = parsed.data;
  const articleCode = typeof variant === 'object' && variant !== null ? variant.article_code : article_code;
  return articleCode === undefined ? null : { articleCode, quantity };
}

export const foundIn = (raw: RawOrder): FoundOrder => ({ ...orderIn(raw), says: metaIn(raw.meta_data, SAYS_KEY) });

const meta = z.record(z.string(), z.unknown());

function metaIn(metaData: unknown, key: string): string | null {
  const parsed = meta.safeParse(metaData);
  const value = parsed.success ? parsed.data[key] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
