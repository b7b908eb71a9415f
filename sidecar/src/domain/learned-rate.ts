/**
 * How fast a connection may be driven right now: its own limit, less what the remote has taught us. A refusal halves the rate,
 * quiet time lets it grow back; a remote that counts for us is believed until its window ends. Pure.
 */
export interface LearnedRate {
  /** After the last refusal; grows from then on. Null when there was none, or it has grown back. */
  refused: { perMinute: number; at: number } | null;
  /** What the remote's own count leaves until its window ends. */
  window: { perMinute: number; until: number } | null;
}

/** What the headers of one answer say about the remote's limit. */
export interface RateWord {
  /** Calls a window, where it says so. */
  limit: number | null;
  remaining: number;
  /** Until the count starts anew; null when it does not say. */
  resetInMs: number | null;
}

export const UNTAUGHT: LearnedRate = { refused: null, window: null };

const SLOWER = 0.5;
/** Never below this share of the connection's own limit: a remote that refuses everything is an outage, not a rate. */
const LEAST_SHARE = 0.1;
const GROWTH_A_MINUTE = 0.05;
/** Calls that were under way together are refused together: that is one lesson. */
const ONE_LESSON_MS = 10_000;
/** Below this share of its window's calls the remote's count is taken seriously. */
const NEAR_SHARE = 0.2;
const NEAR_CALLS = 5;
const USUAL_WINDOW_MS = 60_000;
/** A window that ends later than this is a quota of the day, or a clock we misread. */
const LONGEST_WINDOW_MS = 15 * 60_000;
/** Smaller differences are not worth telling anybody. */
const WORTH_IT = 0.9;

/** @returns calls a minute, at least 1. */
export function presentRate({ refused, window }: LearnedRate, ownPerMinute: number, now: number): number {
  const grown = refused === null ? ownPerMinute : refused.perMinute + growth(ownPerMinute, now - refused.at);
  const counted = window === null || window.until <= now ? ownPerMinute : window.perMinute;
  return Math.max(1, leastRate(ownPerMinute), Math.floor(Math.min(ownPerMinute, grown, counted)));
}

/** The remote said "too many requests". @returns null when that was heard already. */
export function afterRefusal(learned: LearnedRate, ownPerMinute: number, now: number): LearnedRate | null {
  if (learned.refused !== null && now - learned.refused.at < ONE_LESSON_MS) return null;
  const perMinute = Math.max(leastRate(ownPerMinute), presentRate(learned, ownPerMinute, now) * SLOWER);
  return { ...learned, refused: { perMinute, at: now } };
}

/** The remote counts for us. @returns null when there is nothing to learn from it. */
export function afterWord(learned: LearnedRate, ownPerMinute: number, word: RateWord, now: number): LearnedRate | null {
  if (!isNear(word)) return null;
  const windowMs = Math.min(word.resetInMs ?? USUAL_WINDOW_MS, LONGEST_WINDOW_MS);
  const perMinute = Math.max(leastRate(ownPerMinute), (word.remaining * 60_000) / Math.max(1_000, windowMs));
  if (perMinute >= presentRate(learned, ownPerMinute, now) * WORTH_IT) return null;
  return { ...learned, window: { perMinute, until: now + windowMs } };
}

/** @returns until when nothing more will be answered, or null. */
export function usedUpUntil({ remaining, resetInMs }: RateWord, now: number): number | null {
  if (remaining > 0 || resetInMs === null || resetInMs > LONGEST_WINDOW_MS) return null;
  return now + resetInMs;
}

/** @returns whether all lessons are forgotten again. */
export function isOver(learned: LearnedRate, ownPerMinute: number, now: number): boolean {
  return presentRate(learned, ownPerMinute, now) >= ownPerMinute;
}

function isNear({ limit, remaining }: RateWord): boolean {
  return remaining <= (limit === null ? NEAR_CALLS : limit * NEAR_SHARE);
}

function growth(ownPerMinute: number, quietMs: number): number {
  return (ownPerMinute * GROWTH_A_MINUTE * Math.max(0, quietMs)) / 60_000;
}

function leastRate(ownPerMinute: number): number {
  return ownPerMinute * LEAST_SHARE;
}
