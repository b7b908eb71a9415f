/** Makes the warehouse's order what the store's order asks for now: create, update, hold, cancel, or nothing. */
import { warehouseRules } from '../domain/warehouse-rules.js';
import { dueAtWarehouse, wishFor, type Due } from '../domain/due.js';
import { withCorrections } from '../domain/corrections.js';
import { orderKnown } from '../domain/fact.js';
import { subjectOrderId } from '../domain/identity.js';
import type { Mapping } from '../domain/mapping.js';
import type { StoreOrder } from '../domain/order.js';
import { dueRules } from '../queue/due-rules.js';
import type { Handler, HandlerContext, Outcome } from '../queue/handler.js';
import type { Write } from '../stores/store.js';
import { createAtWarehouse, findEarlier } from './order-create.js';
import { cancelAtWarehouse, holdAtWarehouse, updateAtWarehouse } from './order-follow.js';
import { orderMapping, settledSkip, storeOrder } from './subject.js';

export interface Push {
  context: HandlerContext;
  /** As it should be sent, with people's corrections on top. */
  order: StoreOrder;
  mapping: Mapping | null;
  /** To be applied whatever comes of it: corrections whose source has changed since. */
  writes: Write[];
}

export const orderPush: Handler = async (context) => {
  const orderId = subjectOrderId(context.job.subject);
  const settled = await settledSkip(context, context.job.subject);
  if (settled !== null) return settled;
  const record = await storeOrder(context, orderId);
  if (record === null) return { outcome: 'skip', sentence: 'Nothing sent: the store has no such order.' };

  const overrides = await context.reads.overrides(context.connection.id, context.job.subject);
  const { order, outdated } = withCorrections(record.body, overrides);
  const mapping = await context.reads.mapping(context.connection.id, 'order', String(orderId));
  const push = { context, order, mapping, writes: outdated.map(dropOverride) };
  return mapping?.state === 'known' ? follow(...withoutOldHold(push, mapping)) : introduce(push);
};

/** Whoever took our on-hold back by hand has the last word: the next on-hold is theirs. */
function withoutOldHold(push: Push, mapping: Mapping): [Push, Mapping] {
  if (mapping.storeStatus !== 'on-hold' || push.order.status === 'on-hold') return [push, mapping];
  const freed = orderMapping(push.context, push.order.id, mapping, { storeStatus: null });
  return [{ ...push, writes: [...push.writes, { write: 'putMapping', mapping: freed }] }, freed];
}

/** The warehouse does not know the order, or we do not know whether it does. */
async function introduce(push: Push): Promise<Outcome> {
  const due = await isDue(push);
  // An intended mapping means that a create may have arrived: it is looked up even if nothing is to be sent any more.
  if (due.due || push.mapping !== null) return createAtWarehouse(push, due);
  // It is there although we do not remember it, as after a restored backup: else nobody would ever ask to cancel it.
  const earlier = (await newsWaits(push)) ? await findEarlier(push) : null;
  if (earlier !== null) return earlier;
  return { outcome: 'skip', sentence: due.sentence, writes: push.writes };
}

async function follow(push: Push, mapping: Mapping): Promise<Outcome> {
  const { statuses } = warehouseRules(push.context.connection);
  switch (wishFor(push.order, statuses, mapping.storeStatus)) {
    case 'ship':
      return updateAtWarehouse(push, mapping);
    case 'hold':
      return holdAtWarehouse(push, mapping);
    case 'cancel':
      return cancelAtWarehouse(push, mapping);
    case 'leave':
      return {
        outcome: 'skip',
        sentence: `Nothing to tell the warehouse about "${push.order.status}".`,
        writes: push.writes,
      };
  }
}

/** The warehouse told of this order before we knew it: its jobs wait until both sides know each other. */
async function newsWaits({ context }: Push): Promise<boolean> {
  const { job, connection, reads } = context;
  const waiting = { connectionIds: [connection.id], subject: job.subject, states: ['blocked'] } as const;
  const { rows } = await reads.jobs(waiting, { limit: 10, offset: 0, sort: 'oldest' });
  return rows.some(({ blockedOn }) => blockedOn === orderKnown(connection.id, subjectOrderId(job.subject)));
}

/** What a person settled was skipped before. */
async function isDue({ context, order }: Push): Promise<Due> {
  return dueAtWarehouse(order, await dueRules(context.reads, context.connection, order.id, null));
}

function dropOverride({
  connectionId,
  subject,
  field,
}: {
  connectionId: string;
  subject: string;
  field: string;
}): Write {
  return { write: 'dropOverride', connectionId, subject, field };
}
