/** What an answer's headers say about the sender's limit: X-RateLimit-*, RateLimit-* and the two forms of RateLimit. */
import type { RateWord } from '../domain/learned-rate.js';

type Headers = Readonly<Record<string, string>>;

/** @param headers lower-case names. @returns null when they say nothing that can be read. */
export function rateWord(headers: Headers, now: number): RateWord | null {
  return fromSeparate(headers, now) ?? fromOne(headers['ratelimit'] ?? '');
}

function fromSeparate(headers: Headers, now: number): RateWord | null {
  const named = (name: string): string => headers[`x-ratelimit-${name}`] ?? headers[`ratelimit-${name}`] ?? '';
  const remaining = whole(named('remaining'));
  if (remaining === null) return null;
  return { remaining, limit: whole(named('limit')), resetInMs: resetIn(named('reset'), now) };
}

/** `limit=100, remaining=20, reset=30`, and the later `"default";r=20;t=30`. */
function fromOne(text: string): RateWord | null {
  const part = (name: string): number | null =>
    whole(new RegExp(`(?:^|[;,\\s])${name}=(\\d+)`, 'i').exec(text)?.[1] ?? '');
  const remaining = part('remaining') ?? part('r');
  if (remaining === null) return null;
  const seconds = part('reset') ?? part('t');
  return { remaining, limit: part('limit'), resetInMs: seconds === null ? null : seconds * 1000 };
}

/** Some say in how many seconds, some at which second since 1970, some at which millisecond. */
function resetIn(text: string, now: number): number | null {
  const number = whole(text);
  if (number === null) return null;
  if (number > 1e12) return Math.max(0, number - now);
  return number > 1e9 ? Math.max(0, number * 1000 - now) : number * 1000;
}

/** "100" of "100, 100;w=60". */
function whole(text: string): number | null {
  const digits = /^\s*(\d{1,15})/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
