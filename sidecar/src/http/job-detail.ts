/** One job in full: its way through the states, its attempts, and what a person could change about it. */
import { fieldOf, isCorrectable, withCorrections } from '../domain/corrections.js';
import { orderKnown } from '../domain/fact.js';
import { subjectOrderId } from '../domain/identity.js';
import { JOB_STATES, mayMove, type Job, type JobState } from '../domain/job.js';
import { CORRECTABLE_FIELDS, type CorrectableField, type StoreOrder } from '../domain/order.js';
import type { Activity, Attempt, Store } from '../stores/store.js';
import type { ActivityRow, JobDetail } from './api.js';
import { iso } from './connection-view.js';
import { mayAct, type Identity } from './identity.js';
import { jobRow, type JobViewer } from './job-view.js';

const ACTIVITY_ROWS = 100;
const WAITING_ROWS = 50;

export async function jobDetail(viewer: JobViewer, job: Job): Promise<JobDetail> {
  const { store } = viewer.world;
  const attempts = (await store.attempts(job.id)).toSorted((a, b) => b.id - a.id);
  const activity = await store.activity({ jobId: job.id }, ACTIVITY_ROWS);
  return {
    ...(await jobRow(viewer, job)),
    path: path(job, attempts, activity),
    attemptsList: attempts.map((one) => attemptRow(one, viewer.identity)),
    waitsFor: job.state === 'blocked' ? (job.sentence ?? 'Something that is not there yet.') : null,
    activity: activity.map(activityRow),
    correctable: mayAct(viewer.identity, 'operator') ? await correctable(viewer, job) : null,
    forceDonePreview: mayMove('forceDone', job.state) ? await forceDonePreview(viewer, job) : [],
    technical: {
      key: job.orderingKey,
      priority: job.priority,
      fence: job.fence,
      traceId: job.traceId,
      coalesceKey: job.coalesceKey,
    },
  };
}

const AFTER_ATTEMPT = {
  done: 'done',
  skip: 'done',
  wait: 'blocked',
  postponed: 'queued',
  lapsed: 'queued',
} as const satisfies Record<Exclude<Attempt['outcome'], 'failed'>, JobState>;

/** What happened to it, oldest first, from attempts and activity together. */
function path(job: Job, attempts: readonly Attempt[], activity: readonly Activity[]): JobDetail['path'] {
  const steps = [{ state: 'queued' as JobState, at: job.createdAt, note: `Queued: ${job.origin}.` }];
  for (const attempt of attempts) {
    steps.push({ state: 'running', at: attempt.startedAt, note: '' });
    const isLast = attempt === attempts[0];
    const failed = isLast && job.state === 'dead' ? 'dead' : 'retrying';
    const state = attempt.outcome === 'failed' ? failed : AFTER_ATTEMPT[attempt.outcome];
    steps.push({ state, at: attempt.startedAt + attempt.runMs, note: attempt.sentence });
  }
  for (const { at, after, who, why } of activity) {
    if (isState(after)) steps.push({ state: after, at, note: why === null ? who : `${who}: ${why}` });
  }
  return steps.sort((a, b) => a.at - b.at).map(({ state, at, note }) => ({ state, at: iso(at) ?? '', note }));
}

const isState = (word: string | null): word is JobState => (JOB_STATES as readonly (string | null)[]).includes(word);

function attemptRow(attempt: Attempt, identity: Identity): JobDetail['attemptsList'][number] {
  const { startedAt, outcome, sentence, queueMs, runMs, failure } = attempt;
  const shown =
    failure === null
      ? null
      : { kind: failure.kind, summary: failure.summary, status: failure.status, code: failure.code };
  // What the remote wrote may hold more of a shopper than a viewer should read.
  const excerpt = mayAct(identity, 'operator') ? (failure?.excerpt ?? null) : null;
  return {
    at: iso(startedAt) ?? '',
    outcome,
    sentence,
    queueMs,
    runMs,
    failure: shown === null ? null : { ...shown, excerpt },
  };
}

export function activityRow({ at, who, what, why, before, after }: Activity): ActivityRow {
  return { at: iso(at) ?? '', who, what, why, before, after };
}

async function correctable({ world, connections }: JobViewer, job: Job): Promise<JobDetail['correctable']> {
  const order =
    job.kind === 'order.push' ? await orderBody(world.store, job, connections.get(job.connectionId)?.storeId) : null;
  if (order === null || !mayMove('correct', job.state)) return null;
  const overrides = await world.store.overrides(job.connectionId, job.subject);
  const sent = withCorrections(order, overrides).order;
  return CORRECTABLE_FIELDS.map((field) => ({
    field,
    label: LABELS[field],
    value: fieldOf(sent, field),
    sourceValue: fieldOf(order, field),
    correctedBy:
      overrides.find(
        (one) => one.field === field && isCorrectable(one.field) && one.sourceValue === fieldOf(order, field),
      )?.by ?? null,
  }));
}

async function orderBody(
  store: Pick<Store, 'record'>,
  job: Job,
  storeId: string | undefined,
): Promise<StoreOrder | null> {
  if (storeId === undefined) return null;
  const record = await store.record(storeId, 'order', String(subjectOrderId(job.subject)));
  return (record?.body as StoreOrder | null | undefined) ?? null;
}

const LABELS = {
  'address.firstName': 'First name',
  'address.lastName': 'Last name',
  'address.company': 'Company',
  'address.line1': 'Address line 1',
  'address.line2': 'Address line 2',
  'address.zip': 'Postcode',
  'address.city': 'City',
  'address.state': 'State',
  'address.country': 'Country (two letters)',
  'address.phone': 'Phone',
  'address.email': 'E-mail',
  customerNote: 'Note from the customer',
} as const satisfies Record<CorrectableField, string>;

/** What follows from it beside "nothing will be sent", which the dialog says of every job. */
async function forceDonePreview({ world }: JobViewer, job: Job): Promise<string[]> {
  if (job.kind !== 'order.push') return [];
  const sentences = ['Later changes of the order are not sent either, until it is re-opened.'];
  const fact: string = orderKnown(job.connectionId, subjectOrderId(job.subject));
  const filter = { connectionIds: [job.connectionId], subject: job.subject, states: ['blocked'] as const };
  const { rows } = await world.store.jobs(filter, { limit: WAITING_ROWS, offset: 0, sort: 'oldest' });
  const released = rows.filter((one) => one.id !== job.id && one.blockedOn === fact).length;
  if (released > 0)
    sentences.push(
      released === 1
        ? '1 job that waits for this order is released.'
        : `${released} jobs that wait for this order are released.`,
    );
  return sentences;
}
