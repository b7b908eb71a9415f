/** Which jobs a batch means, read back from its row: it may have been written by another version. */
import { z } from 'zod';
import type { Batch } from '../domain/batch.js';
import { JOB_STATES } from '../domain/job.js';
import type { Meant } from './press-many.js';

const meant = z.strictObject({
  orgId: z.string(),
  connectionIds: z.array(z.string()),
  ids: z.array(z.number()).optional(),
  states: z.array(z.enum(JOB_STATES)).optional(),
  kinds: z.array(z.string()).optional(),
  subject: z.string().optional(),
  failureKind: z.string().optional(),
  search: z.string().optional(),
  late: z.object({ now: z.number() }).optional(),
  batchId: z.string().optional(),
  cause: z.string().optional(),
  traceId: z.string().optional(),
  updatedAfter: z.number().optional(),
  updatedBefore: z.number().optional(),
});

/** @returns null for what this version does not know: to ignore a word of a filter would mean more jobs than the person saw. */
export function meantBy({ filter }: Pick<Batch, 'filter'>): (Meant & { connectionIds: readonly string[] }) | null {
  const read = meant.safeParse(filter);
  return read.success ? (withoutUnsaid(read.data) as ReturnType<typeof meantBy>) : null;
}

function withoutUnsaid(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
