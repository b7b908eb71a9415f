/** One process as the simulation sees it: it runs, stands still (stopped, swapped out, suspended), or is gone with its memory. */
import type { World } from '../../src/queue/world.js';
import type { Dice } from './chance.ts';
import type { Time } from './time.ts';
import type { Trace } from './trace.ts';

/** What the clocks on the walls say beside true time; the same for all machines but for their skew. */
export interface WallClock {
  offsetMs: number;
}

export class Machine {
  private state: 'runs' | 'stands' | 'gone' = 'runs';
  private missed: (() => void)[] = [];
  readonly name: string;
  private readonly time: Time;

  constructor(name: string, time: Time) {
    this.name = name;
    this.time = time;
  }

  get isGone(): boolean {
    return this.state === 'gone';
  }

  get isRunning(): boolean {
    return this.state === 'runs';
  }

  /** Something reaches the process (a timer, an answer): now, when it runs again, or never. */
  deliver(run: () => void): void {
    if (this.state === 'runs') run();
    else if (this.state === 'stands') this.missed.push(run);
  }

  standStill(): void {
    if (this.state === 'runs') this.state = 'stands';
  }

  /** What came meanwhile comes now, one after the other. */
  wake(): void {
    if (this.state !== 'stands') return;
    this.state = 'runs';
    for (const run of this.missed) this.time.after(0, () => this.deliver(run));
    this.missed = [];
  }

  kill(): void {
    this.state = 'gone';
    this.missed = [];
  }
}

interface WorldParts {
  machine: Machine;
  time: Time;
  clock: WallClock;
  skewMs: number;
  chance: Dice;
  newId: () => string;
  trace: Trace;
}

/** Timers run on true time, as a machine's monotonic clock does; `now` is what the wall says. */
export function machineWorld({ machine, time, clock, skewMs, chance, newId, trace }: WorldParts): World {
  const setTimer = (ms: number, run: () => void): (() => void) => {
    let off = false;
    const callOff = time.after(ms, () =>
      machine.deliver(() => {
        if (!off) run();
      }),
    );
    return () => {
      off = true;
      callOff();
    };
  };
  return {
    now: () => time.now + clock.offsetMs + skewMs,
    chance: () => chance.next(),
    newId,
    setTimer,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const callOff = setTimer(ms, () => (stopListening(), resolve()));
        const stopListening = time.listen(signal, () => (callOff(), resolve()));
      }),
    log: (event, fields) => trace.note(machine.name, `${event} ${said(fields)}`),
  };
}

function said(fields: Readonly<Record<string, unknown>>): string {
  const { stack: _, traceId: _trace, ...rest } = fields;
  return Object.entries(rest)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}
