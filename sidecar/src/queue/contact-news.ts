/** What a run learned about the connections it called, as writes: breaker, last contact, and a pause said once. */
import { assertNever } from '../domain/assert-never.js';
import type { Failure } from '../domain/failure.js';
import { pausedByFailure } from '../domain/sentences.js';
import type { Write } from '../stores/store.js';
import { OWN_LIMIT } from './governor.js';
import type { Contact, Run } from './run.js';
import type { SettleDeps, Verdict } from './settle.js';
import type { Evidence } from './standing.js';
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
  for (const [connectionId, contact] of contacts) addContact(news, run, connectionId, contact, deps);
  if (!contacts.has(run.job.connectionId)) addBreaker(news, run, run.job.connectionId, 'silent', deps);
  if (verdict.pause !== null && failure !== null) addPause(news, run, verdict.pause, failure, deps);
  return news;
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
  const outcome = trouble === null ? { success: true as const } : { success: false as const, summary: trouble.summary };
  news.writes.push({ write: 'putContact', connectionId, outcome });
}

function addBreaker(
  news: News,
  { job }: Run,
  connectionId: string,
  evidence: Evidence,
  { standing, world }: SettleDeps,
): void {
  const breaker = standing.note(connectionId, job.id, evidence, world.now());
  if (breaker === null) return;
  news.changed.push(connectionId);
  news.writes.push({ write: 'putBreaker', connectionId, breaker });
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
