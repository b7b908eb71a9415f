/** Wraps a connection's adapter so that every call asks first (gate, rate, lease) and tells afterwards what it learned. */
import type { Connection } from '../domain/connection.js';
import type { Failure } from '../domain/failure.js';
import { PlatformFailure } from '../platforms/failure.js';
import { RATE_LIMIT_PAUSE_MS } from '../domain/retry.js';
import type { Governor } from './governor.js';
import type { Run } from './run.js';
import type { Standing } from './standing.js';
import type { World } from './world.js';

/** How long a job waits before it looks again whether another connection it needs is back. */
const LOOK_AGAIN_MS = 60_000;

/** Another connection the job needs is paused or down: the job goes back at no cost. */
export class GateClosed extends Error {
  constructor(
    readonly until: number,
    readonly sentence: string,
  ) {
    super(sentence);
    this.name = 'GateClosed';
  }
}

export interface CallDeps {
  governor: Governor;
  standing: Standing;
  world: Pick<World, 'now'>;
}

/** @returns the same port, every call of which goes through `aCall`. */
export function guarded<Port extends object>(port: Port, target: Connection, run: Run, deps: CallDeps): Port {
  return new Proxy(port, {
    get(whole, name) {
      const member: unknown = Reflect.get(whole, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        aCall(target, run, deps, () => Reflect.apply(member, whole, args) as Promise<unknown>);
    },
  });
}

async function aCall<T>(target: Connection, run: Run, deps: CallDeps, call: () => Promise<T>): Promise<T> {
  if (target.id !== run.job.connectionId) passGate(target, deps);
  await deps.governor.acquire(target.id, run.callClass, run.call.signal);
  await run.beat();
  try {
    const answer = await call();
    run.hear(target.id, 'answered');
    return answer;
  } catch (error) {
    if (error instanceof PlatformFailure) await hearFailure(error, target, run, deps);
    throw error;
  }
}

async function hearFailure(
  error: PlatformFailure,
  target: Connection,
  run: Run,
  { governor, world }: CallDeps,
): Promise<void> {
  run.hear(target.id, plainFailure(error));
  if (error.kind !== 'rate_limited') return;
  const pauseMs = error.retryAfterSeconds === null ? RATE_LIMIT_PAUSE_MS : error.retryAfterSeconds * 1000;
  await governor.refused(target.id, world.now() + pauseMs);
}

/** The job's own connection was asked when the job was claimed; the others have to be asked now. */
function passGate(target: Connection, { standing, world }: CallDeps): void {
  const now = world.now();
  if (standing.isPaused(target.id)) {
    throw new GateClosed(now + LOOK_AGAIN_MS, `Waits: ${target.name} is paused. It goes on after it is resumed.`);
  }
  const breaker = standing.breaker(target.id);
  if (breaker.state === 'closed') return;
  const until = Math.min(Math.max(breaker.probeAt ?? now, now + 1_000), now + LOOK_AGAIN_MS);
  throw new GateClosed(until, `Waits: ${target.name} does not answer at the moment. It goes on when it answers again.`);
}

/** The facts without the Error around them. */
export function plainFailure({ kind, status, code, summary, retryAfterSeconds, excerpt }: Failure): Failure {
  return { kind, status, code, summary, retryAfterSeconds, excerpt };
}
