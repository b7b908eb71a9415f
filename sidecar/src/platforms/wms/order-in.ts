/** The warehouse's order as ours. Read tolerantly: what is nested comes only when it was asked for, or in webhooks. */
import { z } from 'zod';
import type { WarehouseOrder } from '../../domain/warehouse-order.js';
import { UUID_KEY } from './order-out.js';
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
    uuid: uuidIn(raw.meta_data),
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

const ours = z.object({ [UUID_KEY]: z.string().min(1) });

function uuidIn(metaData: unknown): string | null {
  const parsed = ours.safeParse(metaData);
  return parsed.success ? (parsed.data[UUID_KEY] ?? null) : null;
}
