/** The simulation's only time: a row of things that will happen. Nothing in it waits for a real clock. */

interface Due {
  at: number;
  number: number;
  run: (() => void) | null;
}

/** Monday, 23 November 2026, 08:00 UTC. */
export const START = Date.UTC(2026, 10, 23, 8);

export class Time {
  /** True time, epoch ms. A sidecar's own clock may say something else. */
  now = START;
  /** How many things have happened. */
  steps = 0;
  /** Calls of stores that answer by a real event, as SQLite's group commit does. */
  outstanding = 0;
  private readonly heap: Due[] = [];
  private count = 0;
  private readonly listening = new Set<() => void>();

  /** @returns how to call it off. */
  after(ms: number, run: () => void): () => void {
    const due: Due = { at: this.now + Math.max(0, ms), number: (this.count += 1), run };
    push(this.heap, due);
    return () => {
      due.run = null;
    };
  }

  /**
   * Until told not to any more, or until the simulation is over: Node keeps a joined signal, and whatever hangs on it, for as long
   * as somebody listens to it, and who died in the simulation never stops by itself.
   * @returns how to stop.
   */
  listen(signal: AbortSignal, run: () => void): () => void {
    const stop = (): void => {
      signal.removeEventListener('abort', heard);
      this.listening.delete(stop);
    };
    const heard = (): void => {
      stop();
      run();
    };
    signal.addEventListener('abort', heard);
    this.listening.add(stop);
    return stop;
  }

  end(): void {
    for (const stop of [...this.listening]) stop();
  }

  /** Runs what is next, and everything that follows from it without time. @returns whether there was something until then. */
  async step(until: number): Promise<boolean> {
    const [next] = this.heap;
    if (next === undefined || next.at > until) return false;
    pop(this.heap);
    if (next.run === null) return true;
    this.now = Math.max(this.now, next.at);
    this.steps += 1;
    next.run();
    await this.quiet();
    return true;
  }

  /** Runs everything up to `until`, and stands there. */
  async runUntil(until: number): Promise<void> {
    while (await this.step(until));
    this.now = Math.max(this.now, until);
  }

  /** A turn of the real loop comes only after every promise that can settle has settled. */
  async quiet(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.outstanding > 0);
  }
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.number < b.number);

function push(heap: Due[], due: Due): void {
  let at = heap.length;
  heap.push(due);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, due)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    if (left === undefined) break;
    const right = heap[2 * at + 2];
    const least = right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
    const below = heap[least];
    if (below === undefined || isBefore(last, below)) break;
    heap[at] = below;
    at = least;
  }
  heap[at] = last;
}
