/** A warehouse's order that came before our own answer (or after it was lost): whose is it? */
import { orderKnown } from '../domain/fact.js';
import { orderSubject } from '../domain/identity.js';
import type { Mapping } from '../domain/mapping.js';
import { acceptedQuantities, matchOurs } from '../domain/shipping.js';
import type { HandlerContext, Outcome } from '../queue/handler.js';
import { newJob } from '../queue/enqueue.js';
import type { Write } from '../stores/store.js';
import { identityOf, orderMapping, storeOrder } from './subject.js';

export type Known = { known: true; mapping: Mapping; writes: Write[] } | { known: false; outcome: Outcome };

/**
 * @param remoteId the warehouse's id as the event gave it; '' when it names the order by our reference alone.
 * @returns the mapping both sides agree on (fetched and matched by uuid when ours is missing), or what to do meanwhile.
 */
export async function knownOrder(context: HandlerContext, orderId: number, remoteId: string): Promise<Known> {
  const mapping = await context.reads.mapping(context.connection.id, 'order', String(orderId));
  if (mapping?.state === 'known') {
    return remoteId === '' || mapping.remoteId === remoteId
      ? { known: true, mapping, writes: [] }
      : { known: false, outcome: another(remoteId, mapping) };
  }
  const record = await storeOrder(context, orderId);
  if (record === null)
    return { known: false, outcome: waitForOrder(context, orderId, 'the store has not told us about it yet') };
  if (remoteId === '')
    return { known: false, outcome: waitForOrder(context, orderId, 'the parcel names it by its reference alone') };
  return adoptRemote(context, record.body, mapping, remoteId);
}

async function adoptRemote(
  context: HandlerContext,
  order: Parameters<typeof identityOf>[1],
  before: Mapping | null,
  remoteId: string,
): Promise<Known> {
  const remote = await context.warehouse(context.connection).readOrder(remoteId, context.call);
  const identity = identityOf(context, order);
  const match =
    remote.reference === identity.reference ? matchOurs([remote], identity.uuid) : ({ match: 'none' } as const);
  if (match.match !== 'ours')
    return { known: false, outcome: waitForOrder(context, order.id, 'the order there is not ours') };
  const mapping = orderMapping(context, order.id, before, {
    state: 'known',
    remoteId,
    remoteLabel: remote.number,
    accepted: acceptedQuantities(remote.lines ?? []),
    origin: 'told by the warehouse',
  });
  const { connection, job } = context;
  const fact = orderKnown(connection.id, order.id);
  const push = newJob({
    kind: 'order.push',
    connection,
    subject: orderSubject(order.id),
    now: context.now(),
    traceId: job.traceId,
    origin: 'told by the warehouse',
  });
  return {
    known: true,
    mapping,
    writes: [
      { write: 'putMapping', mapping },
      { write: 'putFact', fact, orgId: connection.orgId, source: 'told by the warehouse' },
      { write: 'enqueue', job: push, onDead: 'revive' },
    ],
  };
}

function waitForOrder(context: HandlerContext, orderId: number, why: string): Outcome {
  const sentence = `Waits until order ${orderId} is known on both sides: ${why}.`;
  return { outcome: 'wait', fact: orderKnown(context.connection.id, orderId), sentence };
}

function another(remoteId: string, mapping: Mapping): Outcome {
  return {
    outcome: 'skip',
    sentence: `Ignored: it is about ${remoteId}, but this order is ${mapping.remoteLabel ?? mapping.remoteId ?? 'another'} there.`,
  };
}
