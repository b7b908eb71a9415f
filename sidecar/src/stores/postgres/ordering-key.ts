/**
 * One ordering key as a unit sees it: who is in front, and the oldest of those behind. As values; the whole line of a
 * key may be 200,000 jobs long and is never read.
 */
import type { JobLife } from '../../domain/job-life.js';
import { KEY_HOLDING_STATES } from '../../domain/job.js';

export interface Member {
  id: number;
  runAt: number;
  isRunning: boolean;
  ready: boolean;
}

export interface OrderingKey {
  head: Member | null;
  /** Oldest first. */
  behind: readonly Member[];
  /** Nobody behind up to this id is missing in `behind`. */
  upTo: number;
}

export const WHOLE = Number.POSITIVE_INFINITY;

/** More of the key has to be read. */
export class TooShort extends Error {}

/** The newest of a key never overtakes anybody. */
export function withNewest(key: OrderingKey, job: JobLife, now: number): OrderingKey {
  return key.head === null ? { ...key, head: inFront(job, now) } : lineUp(key, waiting(job));
}

/** @returns the key once `job`, one of its jobs, has become what it is now. @throws TooShort */
export function settled(key: OrderingKey, job: JobLife, now: number): OrderingKey {
  const isHead = key.head?.id === job.id;
  if (!holdsKey(job)) return isHead ? withNext(key, now) : without(key, job.id);
  return isHead ? stay(key, job, now) : enter(without(key, job.id), job, now);
}

/** A head stays in front, unless an older one came back while it ran. */
function stay(key: OrderingKey, job: JobLife, now: number): OrderingKey {
  const next = job.state === 'running' ? null : oldestBehind(key);
  if (next === null || next.id > job.id) return { ...key, head: inFront(job, now) };
  return lineUp(withNext(key, now), waiting(job));
}

/** Back among those that hold the key: by age, but nobody who runs is overtaken. */
function enter(key: OrderingKey, job: JobLife, now: number): OrderingKey {
  const { head } = key;
  if (head !== null && (head.isRunning || head.id < job.id)) return lineUp(key, waiting(job));
  const rest = head === null ? key : lineUp(key, { ...head, ready: false });
  return { ...rest, head: inFront(job, now) };
}

function withNext(key: OrderingKey, now: number): OrderingKey {
  const next = oldestBehind(key);
  if (next === null) return { ...key, head: null };
  return { ...without(key, next.id), head: { ...next, ready: next.runAt <= now } };
}

function oldestBehind({ behind, upTo }: OrderingKey): Member | null {
  if (behind.length === 0 && upTo !== WHOLE) throw new TooShort();
  return behind[0] ?? null;
}

function without(key: OrderingKey, id: number): OrderingKey {
  return key.behind.length === 0 ? key : { ...key, behind: key.behind.filter((member) => member.id !== id) };
}

function lineUp(key: OrderingKey, member: Member): OrderingKey {
  if (member.id > key.upTo) return key;
  const behind = [...key.behind, member].sort((a, b) => a.id - b.id);
  return { ...key, behind };
}

function inFront(job: JobLife, now: number): Member {
  const isRunning = job.state === 'running';
  return { id: job.id, runAt: job.runAt, isRunning, ready: !isRunning && job.runAt <= now };
}

function waiting({ id, runAt }: JobLife): Member {
  return { id, runAt, isRunning: false, ready: false };
}

function holdsKey({ state }: JobLife): boolean {
  return KEY_HOLDING_STATES.some((holding) => holding === state);
}
