/** The way from a sidecar to a remote and back: it is slow, loses requests and answers, is throttled, breaks off, and is out at times. */
import type { Job } from '../../src/domain/job.js';
import { PlatformFailure } from '../../src/platforms/failure.js';
import type { CallContext } from '../../src/platforms/platform.js';
import type { Dice } from './chance.ts';
import { copy } from './copy.ts';
import type { Machine } from './machine.ts';
import type { Time } from './time.ts';
import type { Trace } from './trace.ts';

/** A port without its last argument and its promises: what the far end does when a call arrives. */
export type Remote<Port> = {
  [Name in keyof Port]: Port[Name] extends (...args: [...infer Args, CallContext]) => Promise<infer Answer>
    ? ['read' | 'write', (...args: Args) => Answer]
    : never;
};

/** How a remote and the way to it are at the moment. */
export interface Weather {
  sky: 'fair' | 'outage' | 'throttled' | 'unauthorized';
  /** Share of calls whose request or answer is lost, or that end in a 5xx. */
  lossy: number;
  /** Longest an answer takes; requests arrive sooner. */
  slowestMs: number;
}

export const FAIR: Weather = { sky: 'fair', lossy: 0, slowestMs: 400 };

/** Who watches the wire. */
export interface WireTap {
  sent(call: Call): void;
  /** What the run was told: an answer of whatever content, or that nobody was there. */
  heard(call: Call, word: 'answered' | 'unavailable' | 'unclear'): void;
}

export interface Call {
  connectionId: string;
  name: string;
  sort: 'read' | 'write';
  job: Job | null;
  machine: Machine;
}

export interface Wires {
  time: Time;
  chance: Dice;
  trace: Trace;
  tap: WireTap;
  /** Which job's run a call belongs to, by the signal that ends it. */
  jobs: WeakMap<AbortSignal, Job>;
  /** 'out': nobody asks whether the job is still its worker's own before a change is sent. */
  fence: 'in' | 'out';
  /** Requests under way, by what makes each arrive at once. */
  underWay: Set<() => void>;
}

/** A request arrives within this, or never: a lease has ended 5 s after its last call was cut off. */
const LONGEST_TRANSIT_MS = 4_000;
const TIMEOUT_MS = 30_000;

export function connect<Port extends object>(
  remote: Remote<Port>,
  connectionId: string,
  machine: Machine,
  weather: Weather,
  wires: Wires,
): Port {
  const table = Object.entries<FarEnd>(remote as Record<string, FarEnd>);
  const port = table.map(([name, [sort, perform]]) => [
    name,
    async (...args: unknown[]) => {
      const context = args.at(-1) as CallContext;
      const call = { connectionId, name, sort, machine, job: wires.jobs.get(context.signal) ?? null };
      // As the adapters do: the fence is asked last of all.
      if (wires.fence === 'in' && sort === 'write' && !(await context.mayStillSend())) throw lostLease();
      return exchange(call, () => perform(...args.slice(0, -1)), context.signal, weather, wires);
    },
  ]);
  const calls: Record<string, unknown> = Object.fromEntries(port);
  return calls as Port;
}

type FarEnd = ['read' | 'write', (...args: unknown[]) => unknown];

type Fate =
  'answered' | 'request lost' | 'answer lost' | 'broken before' | 'broken after' | Exclude<Weather['sky'], 'fair'>;

function exchange(
  call: Call,
  perform: () => unknown,
  signal: AbortSignal,
  weather: Weather,
  wires: Wires,
): Promise<unknown> {
  const { time, chance, trace, tap, underWay } = wires;
  const fate = fateOf(weather, chance);
  const subject = call.job === null ? '' : `${call.job.kind} ${call.job.subject} #${call.job.id}/${call.job.fence}`;
  const about = `${call.connectionId} ${call.name} ${subject}`;
  if (!signal.aborted) {
    trace.note(call.machine.name, `sends ${about}`);
    tap.sent(call);
  }
  return new Promise((resolve, reject) => {
    let stopListening = (): void => undefined;
    const end = (word: 'answered' | 'unavailable' | 'unclear', settle: () => void): void => {
      stopListening();
      tap.heard(call, word);
      settle();
    };
    const fail = (failure: PlatformFailure): void => {
      const word = failure.kind === 'unavailable' || failure.kind === 'unknown_outcome' ? failure.kind : 'answered';
      end(word === 'unknown_outcome' ? 'unclear' : word, () => reject(failure));
    };
    if (signal.aborted) return fail(noAnswer({ ...call, sort: 'read' }, 'aborted'));
    stopListening = time.listen(signal, () => fail(noAnswer(call, 'aborted')));
    const respond = (ms: number, answer: () => void): void =>
      void time.after(ms, () => call.machine.deliver(() => void (signal.aborted || answer())));
    const slowest = Math.min(weather.slowestMs, TIMEOUT_MS);
    const transitMs = chance.skewed(2, Math.min(LONGEST_TRANSIT_MS, slowest));
    const backMs = chance.skewed(2, slowest);
    const refusal = refusalOf(call, fate, chance);
    if (refusal !== null) return respond(transitMs, () => fail(refusal));
    if (fate === 'request lost') return respond(TIMEOUT_MS, () => fail(noAnswer(call, 'timeout')));
    const arrive = (): void => {
      underWay.delete(land);
      const { settle, done } = outcome(perform, resolve, fail, end);
      trace.note('wire', `${done} ${about}${fate === 'answered' ? '' : ` (${fate})`}`);
      if (fate === 'answered') respond(backMs, settle);
      else respond(fate === 'answer lost' ? TIMEOUT_MS : backMs, () => fail(noAnswer(call, 'lost')));
    };
    const callOff = time.after(transitMs, arrive);
    const land = (): void => (callOff(), arrive());
    underWay.add(land);
  });
}

/** What the far end makes of the call, kept until its answer is back. */
function outcome(
  perform: () => unknown,
  resolve: (answer: unknown) => void,
  fail: (failure: PlatformFailure) => void,
  end: (word: 'answered', settle: () => void) => void,
): { settle: () => void; done: string } {
  try {
    const answer = copy(perform());
    return { settle: () => end('answered', () => resolve(answer)), done: 'does' };
  } catch (error) {
    if (!(error instanceof PlatformFailure)) throw error;
    return { settle: () => fail(error), done: `refuses (${error.kind})` };
  }
}

function fateOf({ sky, lossy }: Weather, chance: Dice): Fate {
  if (sky !== 'fair') return sky === 'throttled' && chance.hits(0.5) ? 'answered' : sky;
  if (!chance.hits(lossy)) return 'answered';
  return chance.pick(['request lost', 'answer lost', 'broken before', 'broken after'] as const);
}

/** Answers that come without the call having done anything. */
function refusalOf(call: Call, fate: Fate, chance: Dice): PlatformFailure | null {
  const who = call.connectionId;
  switch (fate) {
    case 'outage':
      return new PlatformFailure({
        kind: 'unavailable',
        code: 'ECONNREFUSED',
        summary: `${who} refused the connection.`,
      });
    case 'throttled': {
      const retryAfterSeconds = chance.pick([null, 1, 10, 60]);
      return new PlatformFailure({
        kind: 'rate_limited',
        status: 429,
        summary: `${who} answered 429.`,
        retryAfterSeconds,
      });
    }
    case 'unauthorized':
      return new PlatformFailure({ kind: 'unauthorized', status: 401, summary: `${who} answered 401.` });
    case 'broken before':
      return new PlatformFailure({ kind: 'unavailable', status: 503, summary: `${who} answered 503.` });
    default:
      return null;
  }
}

/** A read without an answer has done nothing; a write may have. */
function noAnswer({ sort, connectionId }: Call, code: string): PlatformFailure {
  return sort === 'write'
    ? new PlatformFailure({ kind: 'unknown_outcome', code, summary: `${connectionId} did not answer a change.` })
    : new PlatformFailure({ kind: 'unavailable', code, summary: `${connectionId} did not answer.` });
}

function lostLease(): PlatformFailure {
  const summary = 'The job was given to another worker before this call was sent.';
  return new PlatformFailure({ kind: 'unexpected', code: 'lost_lease', summary });
}
