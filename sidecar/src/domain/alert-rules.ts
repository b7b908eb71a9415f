/**
 * When something is worth telling a person, and when it is over. Pure. Each rule opens at one line and closes at a lower one: in
 * between nothing changes, so that a figure that swings around a line is said once.
 */
import type { Alert, AlertKind } from './alert.js';
import { assertNever } from './assert-never.js';
import type { Connection } from './connection.js';

export interface AlertLimits {
  /** Jobs of one connection that wait to run. */
  queueDepth: number;
  oldestWaitingMs: number;
  /** Jobs of one shop that are past their time and still to run. */
  lateJobs: number;
}

export const DEFAULT_LIMITS: AlertLimits = { queueDepth: 1_000, oldestWaitingMs: 15 * 60_000, lateJobs: 10 };

/** What is known of one connection at one moment. */
export interface Seen {
  connection: Connection;
  waiting: number;
  oldestWaitingAt: number | null;
  schedules: readonly { label: string; nextAt: number }[];
  /** Since when its jobs and schedules have had a chance: it worked, and somebody looked after them. */
  chanceSince: number;
}

/** What is known of one shop with all it is connected to. */
export interface SeenShop {
  shop: Connection;
  /** Past their time and still to run, at connections that have had a chance. */
  late: number;
  /** 'some': others have had none yet, so that nobody can say it is over. */
  judged: 'all' | 'some';
  connections: readonly Seen[];
}

/** 'between': neither worth opening nor over. */
export type Verdict = 'open' | 'between' | 'over';

export interface Finding {
  key: string;
  kind: AlertKind;
  connectionId: string;
  verdict: Verdict;
  sentence: string;
}

/** A figure has to fall below this share of its limit before its alert is over. */
const OVER_AT = 0.8;
/** A remote that is back sooner is not worth a mail. */
const OUTAGE_SAID_AFTER_MS = 60_000;
/** A remote that answers once between two failures is not back yet. */
const BACK_AFTER_MS = 120_000;
const SCHEDULE_LATE_MS = 5 * 60_000;
/** The ordinary unrest of timers. */
const SCHEDULE_DUE_MS = 30_000;
/** What waited through an outage is late for a reason that is known; after this it should have caught up. */
export const CATCH_UP_MS = 5 * 60_000;
/** After this long an outage does not look as if it will pass by itself. */
const PERSON_AFTER_MS = 60 * 60_000;

export function findings(seen: SeenShop, limits: AlertLimits, now: number): Finding[] {
  return [lateJobs(seen, limits), ...seen.connections.flatMap((one) => ofConnection(one, limits, now))];
}

/** @returns whether its jobs run at all: those of a paused one or one that is down wait for a reason that is said already. */
export function works({ state, breaker }: Pick<Connection, 'state' | 'breaker'>): boolean {
  return state === 'active' && breaker.state === 'closed';
}

/** @returns whether a person has to do something; everything else is watched by itself. */
export function needsPerson({ kind, openedAt }: Pick<Alert, 'kind' | 'openedAt'>, now: number): boolean {
  return kind === 'connection_paused' || (kind === 'breaker_open' && now - openedAt >= PERSON_AFTER_MS);
}

/** What is said when it is over. @param name of the connection. */
export function overSentence(kind: AlertKind, name: string): string {
  switch (kind) {
    case 'queue_depth':
      return `${name}: the backlog is back to its usual size.`;
    case 'oldest_waiting':
      return `${name}: nothing waits unusually long any more.`;
    case 'sla_breach':
      return `${name}: jobs run in time again.`;
    case 'breaker_open':
      return `${name} answers again. What waited goes on by itself.`;
    case 'connection_paused':
      return `${name} is no longer paused. What waited goes on by itself.`;
    case 'schedule_late':
      return `${name}: its schedules run again.`;
    default:
      return assertNever(kind);
  }
}

function ofConnection(seen: Seen, limits: AlertLimits, now: number): Finding[] {
  return [paused(seen), down(seen, now), depth(seen, limits), oldest(seen, limits, now), scheduleLate(seen, now)];
}

function paused({ connection }: Seen): Finding {
  const { state, pausedBy, pauseReason, name } = connection;
  const byFailure = state === 'paused' && pausedBy !== null && pausedBy !== 'person';
  const sentence = `${pauseReason ?? `${name} is paused.`} Its jobs wait and lose nothing.`;
  return finding('connection_paused', connection, byFailure ? 'open' : 'over', sentence);
}

function down({ connection, waiting }: Seen, now: number): Finding {
  const { breaker, lastFailure, name, state } = connection;
  const sentence = `${name} does not answer. ${jobsWait(waiting)} Tallyman looks again by itself.`;
  return finding('breaker_open', connection, verdict(), sentence);

  function verdict(): Verdict {
    // A person who pauses it has seen it.
    if (state === 'paused') return 'over';
    if (breaker.state !== 'closed') {
      return now - (breaker.openedAt ?? now) >= OUTAGE_SAID_AFTER_MS ? 'open' : 'between';
    }
    return lastFailure !== null && now - lastFailure.at < BACK_AFTER_MS ? 'between' : 'over';
  }
}

function depth({ connection, waiting }: Seen, { queueDepth }: AlertLimits): Finding {
  const sentence = `${connection.name}: ${waiting} jobs wait, more than ${queueDepth}.`;
  return finding('queue_depth', connection, against(waiting, queueDepth), sentence);
}

/** Not judged while it is down or paused, and after that counted only from when it was back. */
function oldest({ connection, oldestWaitingAt, chanceSince }: Seen, limits: AlertLimits, now: number): Finding {
  const since = oldestWaitingAt === null ? now : Math.max(oldestWaitingAt, chanceSince);
  const minutes = Math.floor(limits.oldestWaitingMs / 60_000);
  const sentence = `${connection.name}: the oldest job has been waiting for more than ${minutes} min, although the connection works.`;
  const verdict = works(connection) ? against(now - since, limits.oldestWaitingMs) : 'between';
  return finding('oldest_waiting', connection, verdict, sentence);
}

function lateJobs({ shop, late, judged }: SeenShop, limits: AlertLimits): Finding {
  const sentence = `${shop.name}: ${late} jobs are past the time they should be done by.`;
  // One late job more or less is no news: half the line ends it, and a line of one ends with none.
  const few = late * 2 <= limits.lateJobs && judged === 'all';
  const verdict = late >= limits.lateJobs ? 'open' : few ? 'over' : 'between';
  return finding('sla_breach', shop, verdict, sentence);
}

function scheduleLate({ connection, schedules, chanceSince }: Seen, now: number): Finding {
  const late = schedules.filter(({ nextAt }) => Math.max(nextAt, chanceSince) + SCHEDULE_LATE_MS < now);
  const due = schedules.some(({ nextAt }) => nextAt + SCHEDULE_DUE_MS < now);
  const labels = late.map(({ label }) => `"${label}"`).join(', ');
  const sentence = `${connection.name}: ${labels} should have run more than ${SCHEDULE_LATE_MS / 60_000} min ago.`;
  return finding('schedule_late', connection, late.length > 0 ? 'open' : due ? 'between' : 'over', sentence);
}

function against(figure: number, limit: number): Verdict {
  if (figure > limit) return 'open';
  return figure > limit * OVER_AT ? 'between' : 'over';
}

function finding(kind: AlertKind, { id }: Pick<Connection, 'id'>, verdict: Verdict, sentence: string): Finding {
  return { key: `${kind}:${id}`, kind, connectionId: id, verdict, sentence };
}

function jobsWait(count: number): string {
  if (count === 0) return 'Nothing waits for it yet.';
  return count === 1 ? '1 job waits and loses nothing.' : `${count} jobs wait and lose nothing.`;
}
