/** The shape of an outbox batch (protocol 1). Unknown fields and kinds are let through: an older sidecar loses nothing. */
import { z } from 'zod';
import { strictText } from '../domain/utf8.js';

const row = z.object({
  id: z.string().min(8).max(64),
  sequence: z.number().int().positive(),
  kind: z.string(),
  entityId: z.union([z.string(), z.number()]).transform(String),
  op: z.string(),
  occurredAt: z.string(),
  writeId: z.string().nullish(),
  traceId: z.string().nullish(),
});

const batch = z.object({
  epoch: z.string().min(1),
  site: z.string(),
  tail: z.number().int().nonnegative().nullish(),
  waiting: z.number().int().nonnegative().nullish(),
  rows: z.array(row).max(1000),
  // PHP writes an empty map as [].
  orders: z
    .union([
      z.record(z.string(), z.unknown()),
      z
        .array(z.unknown())
        .length(0)
        .transform(() => ({})),
    ])
    .default({}),
});

export type OutboxRow = z.output<typeof row>;
export type OutboxBatch = z.output<typeof batch> & { orders: Record<string, unknown> };

/** @returns the batch, or why it cannot be read, in a sentence. */
export function readBatch(raw: Uint8Array): { batch: OutboxBatch } | { batch: null; why: string } {
  let json: unknown;
  try {
    json = JSON.parse(strictText(raw));
  } catch {
    return { batch: null, why: 'The body is not JSON in UTF-8.' };
  }
  const parsed = batch.safeParse(json);
  if (parsed.success) return { batch: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    batch: null,
    why: `The batch has another shape than agreed: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
  };
}

/** @returns the sequence the order's representation carries: read before it was built, so never too new. */
export function sequenceOf(orderJson: unknown): number {
  const tallyman = (orderJson as { tallyman?: { sequence?: unknown } } | null)?.tallyman;
  return typeof tallyman?.sequence === 'number' ? tallyman.sequence : 0;
}
