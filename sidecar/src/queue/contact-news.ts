/** What a run learned about the connections it called, as writes: breaker, last contact, and a pause said once. */
import { assertNever } from '../domain/assert-never.js';
import type { BreakerState, Evidence } from '../domain/breaker.js';
import type { Failure } from '../domain/failure.js';
import { pausedByFailure } from '../domain/sentences.js';
import type { Applied, Write } from '../stores/store.js';
import { OWN_LIMIT } from './governor.js';
import type { Contact, Run } from './run.js';
import type { SettleDeps, Verdict } from './settle.js';
import type { Standing } from './standing.js';
import { blamed } from './verdict.js';

export interface News {
  writes: Write[];
  /** Connections whose standing changed; to be confirmed once the store has spoken. */
  changed: string[];
}

export function contactNews(run: Run, verdict: Verdict, deps: SettleDeps): News {
  const contacts = new Map<string, Contact>(run.contacts);
  const { failure } = verdict;
  // A refusal the handler made up itself says nothing about the remote.
  if (failure !== null && TROUBLE.has(failure.kind)) contacts.set(blamed(run, failure), failure);
  const news: News = { writes: [], changed: [] };
  for (const [connectionId, contact] of inOrder(contacts)) addContact(news, run, connectionId, contact, deps);
  if (!contacts.has(run.job.connectionId)) addBreaker(news, run, run.job.connectionId, 'silent', deps);
  if (verdict.pause !== null && failure !== null) addPause(news, run, verdict.pause, failure, deps);
  return news;
}

/** Two units that lock the same two connections in opposite order would wait for each other in a shared store. */
function inOrder(contacts: ReadonlyMap<string, Contact>): [string, Contact][] {
  return [...contacts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Only what says something about the way to the remote counts; a rejected order is an answer like any other. */
function evidenceOf(contact: Contact): Evidence {
  if (contact === 'answered') return 'answered';
  switch (contact.kind) {
    case 'unavailable':
      return 'unavailable';
    case 'unknown_outcome':
      return 'unclear';
    case 'unexpected':
    case 'mapping_missing':
      return 'silent';
    case 'rate_limited':
      return contact.code === OWN_LIMIT ? 'silent' : 'answered';
    case 'unauthorized':
    case 'rejected':
    case 'invalid':
    case 'not_found':
    case 'conflict':
      return 'answered';
    default:
      return assertNever(contact.kind);
  }
}

const TROUBLE: ReadonlySet<Failure['kind']> = new Set([
  'unavailable',
  'unknown_outcome',
  'unauthorized',
  'rate_limited',
]);

function addContact(news: News, run: Run, connectionId: string, contact: Contact, deps: SettleDeps): void {
  const evidence = evidenceOf(contact);
  addBreaker(news, run, connectionId, evidence, deps);
  if (evidence === 'silent') return;
  const trouble = contact !== 'answered' && TROUBLE.has(contact.kind) ? contact : null;
  const { standing, world } = deps;
  if (trouble !== null) {
    standing.noteTrouble(connectionId, world.now());
    news.writes.push({ write: 'putContact', connectionId, outcome: { success: false, summary: trouble.summary } });
  } else if (standing.isNewGoodWord(connectionId, world.now())) {
    news.writes.push({ write: 'putContact', connectionId, outcome: { success: true } });
  }
}

function addBreaker(
  news: News,
  { job }: Run,
  connectionId: string,
  evidence: Evidence,
  { standing, world }: SettleDeps,
): void {
  const kind = standing.note(connectionId, job.id, evidence, world.now());
  if (kind === null) return;
  news.changed.push(connectionId);
  news.writes.push({ write: 'noteEvidence', connectionId, evidence, run: kind });
}

/** Tells what this process believes what the store made of it. @param answer null when the store could not be asked. */
export function confirm({ writes, changed }: News, answer: Applied | null, standing: Standing): void {
  const results = answer?.applied === true ? answer.results.slice(-writes.length) : [];
  const breakers = new Map<string, BreakerState>();
  for (const [index, write] of writes.entries()) {
    const result = results[index];
    if (write.write === 'noteEvidence' && result?.kind === 'breaker') breakers.set(write.connectionId, result.now);
  }
  for (const connectionId of changed) standing.written(connectionId, breakers.get(connectionId));
}

function addPause(news: News, { job }: Run, connectionId: string, failure: Failure, { standing }: SettleDeps): void {
  const reason = pausedByFailure(standing.nameOf(connectionId), failure);
  if (standing.pause(connectionId) === 'already') return;
  news.changed.push(connectionId);
  news.writes.push(
    { write: 'setConnectionState', connectionId, state: 'paused', reason, by: failure.kind },
    {
      write: 'insertActivity',
      activity: {
        orgId: job.orgId,
        connectionId,
        jobId: job.id,
        subject: `connection:${connectionId}`,
        who: 'worker',
        what: 'Paused the connection.',
        why: reason,
        before: 'active',
        after: 'paused',
      },
    },
  );
}
