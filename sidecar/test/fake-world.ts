/** A world of its own for tests: time stands still until it is moved, chance is what the test says, the log remembers. */
import type { LogFields, World } from '../src/queue/world.js';

interface Timer {
  at: number;
  number: number;
  run: () => void;
}

/** Monday, 2 March 2026, 08:00 UTC. */
export const MORNING = Date.UTC(2026, 2, 2, 8);

export class FakeWorld implements World {
  readonly lines: { event: string; fields: LogFields }[] = [];
  /** What chance() answers. */
  luck = 0.5;
  private time: number;
  private timers: Timer[] = [];
  private count = 0;

  constructor(start = MORNING) {
    this.time = start;
  }

  now = (): number => this.time;
  chance = (): number => this.luck;
  newId = (): string => `id-${(this.count += 1)}`;
  log = (event: string, fields: LogFields): void => {
    this.lines.push({ event, fields });
  };

  setTimer = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.time + ms, number: (this.count += 1), run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const callOff = this.setTimer(ms, resolve);
      signal.addEventListener('abort', () => (callOff(), resolve()), { once: true });
    });

  /** Moves the clock; whatever falls due on the way happens at its own moment. */
  async advance(ms: number): Promise<void> {
    const target = this.time + ms;
    await this.quiet();
    while (await this.fireNext(target));
    this.time = target;
    await this.quiet();
  }

  /** Moves the clock from one timer to the next until `moment` has come. @throws when it does not come within `limitMs`. */
  async until(moment: () => boolean | Promise<boolean>, limitMs = 24 * 3_600_000): Promise<void> {
    const limit = this.time + limitMs;
    await this.quiet();
    while (!(await moment())) {
      if (!(await this.fireNext(limit))) throw new Error('The moment the test waits for did not come.');
    }
  }

  /** Everything that can happen without the clock has happened. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  events(name: string): LogFields[] {
    return this.lines.filter(({ event }) => event === name).map(({ fields }) => fields);
  }

  private async fireNext(limit: number): Promise<boolean> {
    const [next] = this.timers.sort((a, b) => a.at - b.at || a.number - b.number);
    if (next === undefined || next.at > limit) return false;
    this.timers = this.timers.filter((other) => other !== next);
    this.time = Math.max(this.time, next.at);
    next.run();
    await this.quiet();
    return true;
  }
}
