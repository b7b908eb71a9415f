/** What a person does to a whole connection, or asks of it for one order. */
import { CLOSED } from '../domain/breaker.js';
import type { Connection } from '../domain/connection.js';
import { sendNow } from '../domain/fact.js';
import { orderSubject } from '../domain/identity.js';
import type { Write } from '../stores/store.js';
import { enqueue } from './enqueue.js';
import type { Answer, By, OperatorDeps } from './operator.js';
import { noted } from './press.js';

export async function sendOrderNow(
  connectionId: string,
  orderId: number,
  by: By & { traceId: string },
  { store, nudge }: OperatorDeps,
): Promise<Answer> {
  const connection = await store.connection(connectionId);
  if (connection === null) return noConnection();
  const subject = orderSubject(orderId);
  if ((await store.settlement(connectionId, subject)) !== null) {
    return { ok: false, error: 'illegal_move', sentence: 'A person has settled this order here. Re-open it first.' };
  }
  const { who, now, traceId } = by;
  const { orgId } = connection;
  const activity = { ...noted(by, 'Pressed Send now.'), orgId, connectionId, jobId: null, subject };
  await store.apply({
    now,
    guards: [],
    writes: [
      { write: 'putFact', fact: sendNow(connectionId, orderId), orgId, source: who },
      enqueue({ kind: 'order.push', connection, subject, traceId, origin: `${who} pressed Send now`, now }),
      { write: 'insertActivity', activity },
    ],
  });
  nudge();
  return { ok: true, sentence: `Order ${orderId} is on its way to ${connection.name}.` };
}

/** Resuming also forgets the outage, so that the first job may go at once. */
export async function setState(
  connectionId: string,
  state: Connection['state'],
  by: By,
  { store, nudge }: OperatorDeps,
): Promise<Answer> {
  const connection = await store.connection(connectionId);
  if (connection === null) return noConnection();
  if (connection.state === state) return { ok: true, sentence: `${connection.name} is ${state} already.` };
  const reason = state === 'paused' ? `Paused by ${by.who}${by.reason ? `: ${by.reason}` : ''}.` : null;
  const what = state === 'paused' ? 'Paused the connection.' : 'Resumed the connection.';
  const activity = {
    ...noted(by, what),
    orgId: connection.orgId,
    connectionId,
    jobId: null,
    subject: `connection:${connectionId}`,
    before: connection.state,
    after: state,
  };
  const writes: Write[] = [
    { write: 'setConnectionState', connectionId, state, reason, by: state === 'paused' ? 'person' : null },
    { write: 'insertActivity', activity },
  ];
  if (state === 'active') writes.push({ write: 'putBreaker', connectionId, breaker: CLOSED });
  await store.apply({ now: by.now, guards: [], writes });
  nudge();
  return {
    ok: true,
    sentence: state === 'paused' ? `${connection.name} is paused. Its jobs wait.` : `${connection.name} goes on.`,
  };
}

function noConnection(): Extract<Answer, { ok: false }> {
  return { ok: false, error: 'not_found', sentence: 'There is no such connection.' };
}
