/** From "this should happen" to a row of the queue: keys, priority and deadline are decided here and nowhere else. */
import type { Connection } from '../domain/connection.js';
import { orderKey } from '../domain/identity.js';
import type { JobPayload, NewJob, Subject } from '../domain/job.js';
import { kindSpec, type JobKind } from '../domain/kinds.js';
import type { Write } from '../stores/store.js';

export interface Ask {
  kind: JobKind;
  connection: Pick<Connection, 'id' | 'orgId' | 'storeId'>;
  subject: Subject;
  payload?: JobPayload;
  traceId: string;
  /** In words: "order changed", "sweep", "clerk Anna". */
  origin: string;
  now: number;
  /** Epoch ms; later than now means it waits. */
  runAt?: number;
}

export function newJob(ask: Ask): NewJob {
  const { kind, connection, subject, now } = ask;
  const spec = kindSpec(kind);
  const runAt = Math.max(now, ask.runAt ?? now);
  return {
    orgId: connection.orgId,
    connectionId: connection.id,
    kind,
    subject,
    orderingKey: orderingKey(ask),
    priority: spec.priority,
    runAt,
    deadlineAt: spec.slaMs === null ? null : runAt + spec.slaMs,
    coalesceKey: `${kind}:${connection.id}:${subject}`,
    payload: ask.payload ?? {},
    traceId: ask.traceId,
    origin: ask.origin,
  };
}

/** Inserts it, or merges it into the one that waits, or wakes the dead one. */
export function enqueue(ask: Ask): Write {
  return { write: 'enqueue', job: newJob(ask), onDead: 'revive' };
}

/** What a schedule's job is about: the whole connection. */
export function wholeConnection({ id, storeId }: Pick<Connection, 'id' | 'storeId'>): Subject {
  return id === storeId ? `store:${id}` : `connection:${id}`;
}

/** @returns the id behind the subject's first colon. */
export function subjectId(subject: string): string {
  return subject.slice(subject.indexOf(':') + 1);
}

/** Jobs on one order run one after another whatever they do; any other kind only after itself. */
function orderingKey({ kind, connection, subject }: Ask): string {
  if (subject.startsWith('order:')) return orderKey(connection.storeId, subjectId(subject));
  return `${kind}:${connection.id}`;
}
