/** A person's corrections of an order as writes: held as overrides, each with its old and new value. */
import { fieldOf, isCorrectable } from '../domain/corrections.js';
import type { Job } from '../domain/job.js';
import type { CorrectableField, StoreOrder } from '../domain/order.js';
import type { Override } from '../domain/settlement.js';
import type { Store, Write } from '../stores/store.js';
import { subjectId } from './enqueue.js';

interface Corrector {
  who: string;
  reason: string;
  now: number;
}
type Refused = { ok: false; error: 'invalid'; sentence: string };

/** @returns the writes, or why they cannot be made. A value set back to the store's own ends its override. */
export async function corrections(
  job: Job,
  fields: Readonly<Record<string, string>>,
  by: Corrector,
  store: Pick<Store, 'connection' | 'record' | 'overrides'>,
): Promise<Write[] | Refused> {
  const order = await orderOf(job, store);
  if (order === null) return refused('Only an order that is known here can be corrected.');
  const wanted = Object.entries(fields);
  const unknown = wanted.find(([field]) => !isCorrectable(field));
  if (unknown !== undefined) return refused(`The field ${unknown[0]} cannot be corrected here.`);
  const held = await store.overrides(job.connectionId, job.subject);
  const writes = wanted.flatMap(([field, value]) =>
    isCorrectable(field) ? correction(job, order, held, field, value, by) : [],
  );
  return writes.length === 0 ? refused('Nothing was changed.') : writes;
}

function correction(
  job: Job,
  order: StoreOrder,
  held: readonly Override[],
  field: CorrectableField,
  value: string,
  by: Corrector,
): Write[] {
  const { orgId, connectionId, subject, id: jobId } = job;
  const sourceValue = fieldOf(order, field);
  const override = held.find((one) => one.field === field && one.sourceValue === sourceValue);
  const before = override?.value ?? sourceValue;
  if (value === before) return [];
  const { who, reason, now } = by;
  const activity = {
    orgId,
    connectionId,
    jobId,
    subject,
    who,
    what: `Corrected ${field}.`,
    why: reason,
    before,
    after: value,
  };
  const kept: Write =
    value === sourceValue
      ? { write: 'dropOverride', connectionId, subject, field }
      : {
          write: 'putOverride',
          override: { orgId, connectionId, subject, field, value, sourceValue, by: who, reason, at: now },
        };
  return [kept, { write: 'insertActivity', activity }];
}

async function orderOf(job: Job, store: Pick<Store, 'connection' | 'record'>): Promise<StoreOrder | null> {
  const connection = job.subject.startsWith('order:') ? await store.connection(job.connectionId) : null;
  if (connection === null || connection.id === connection.storeId) return null;
  const record = await store.record(connection.storeId, 'order', subjectId(job.subject));
  return (record?.body as StoreOrder | undefined) ?? null;
}

function refused(sentence: string): Refused {
  return { ok: false, error: 'invalid', sentence };
}
