/** The store as one process reaches it: answers come late and in another order, some calls find it busy, news gets lost. */
import type { Store } from '../../src/stores/store.js';
import type { Dice } from './chance.ts';
import type { Machine } from './machine.ts';
import type { Time } from './time.ts';
import type { Trace } from './trace.ts';

export interface StoreMood {
  /** Share of calls that are held up, before they take effect or on their way back. */
  slow: number;
  longestMs: number;
  /** Share of calls that find it busy. */
  busy: number;
  /** 'own': calls take effect in the order they were made. 'shared': over a pool of connections they may not, and one may break off after its commit. */
  reach: 'own' | 'shared';
}

/** Rings at the processes that share a store. */
export class News {
  private readonly listeners = new Map<Machine, Set<() => void>>();
  private readonly time: Time;
  private readonly chance: Dice;

  constructor(time: Time, chance: Dice) {
    this.time = time;
    this.chance = chance;
  }

  hear(machine: Machine, listener: () => void): () => void {
    const mine = this.listeners.get(machine) ?? new Set();
    this.listeners.set(machine, mine.add(listener));
    return () => void mine.delete(listener);
  }

  ring(from: Machine): void {
    for (const [machine, listeners] of this.listeners) {
      if (machine === from || machine.isGone || listeners.size === 0 || this.chance.hits(0.3)) continue;
      this.time.after(10, () => machine.deliver(() => listeners.forEach((listener) => listener())));
    }
  }
}

interface Reach {
  machine: Machine;
  time: Time;
  chance: Dice;
  mood: StoreMood;
  news: News;
  trace: Trace;
}

type Command = (...args: unknown[]) => Promise<unknown>;

export function flakyStore(inner: Store, reach: Reach): Store {
  const commands = Object.entries(inner) as [string, Command][];
  const reached = commands.map(([name, command]) => [name, (...args: unknown[]) => aCall(name, command, args, reach)]);
  return { ...(Object.fromEntries(reached) as Store), onNews: (listener) => reach.news.hear(reach.machine, listener) };
}

async function aCall(name: string, command: Command, args: unknown[], reach: Reach): Promise<unknown> {
  const { chance, mood, machine, news, trace } = reach;
  if (chance.hits(mood.busy)) {
    trace.note(machine.name, `store busy at ${name}`);
    if (mood.reach === 'own' || chance.hits(0.5)) throw new Error('The database is busy.');
    await perform(command, args, reach);
    throw new Error('The connection to the database broke off.');
  }
  if (mood.reach === 'shared' && chance.hits(mood.slow)) await held(reach);
  // Only here: what comes back to a process that is gone or stands still must wait for it.
  const answer = perform(command, args, reach);
  if (mood.reach === 'shared' && name === 'apply')
    void answer.then(
      () => news.ring(machine),
      () => undefined,
    );
  if (chance.hits(mood.slow)) {
    await answer.catch(() => undefined);
    await held(reach);
  }
  return answer;
}

async function perform(command: Command, args: unknown[], { time }: Reach): Promise<unknown> {
  time.outstanding += 1;
  try {
    return await command(...args);
  } finally {
    time.outstanding -= 1;
  }
}

function held({ time, machine, chance, mood }: Reach): Promise<void> {
  return new Promise((resolve) => {
    time.after(chance.skewed(1, mood.longestMs), () => machine.deliver(resolve));
  });
}
