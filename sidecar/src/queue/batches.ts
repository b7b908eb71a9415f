/**
 * Carries batches out, slice by slice, each batch in its turn, and closes those whose jobs have all ended. How far it got
 * stands in the batch's row, so that another process can go on after it.
 */
import type { Batch } from '../domain/batch.js';
import { LIVE_STATES, type JobState } from '../domain/job.js';
import type { Store } from '../stores/store.js';
import { meantBy } from './batch-filter.js';
import { moveSlice } from './press-many.js';
import type { Service } from './services.js';
import type { World } from './world.js';

interface Deps {
  store: Store;
  world: World;
  /** Rings the worker's bell when jobs became runnable. */
  nudge(): void;
}

type Reached = Pick<Batch, 'cursor' | 'moved'>;

const ROLE = 'batches';
const LEAD_MS = 15_000;
const LOOK_EVERY_MS = 2_000;
const AT_A_TIME = 100;

export class BatchRunner implements Service {
  readonly name = ROLE;
  private readonly owner: string;
  private readonly stopping = new AbortController();
  /** How far this process got: a person's Stop at the same moment may have written an older row. */
  private readonly reached = new Map<string, Reached>();
  private bell = new AbortController();
  private running = Promise.resolve();

  constructor(private readonly deps: Deps) {
    this.owner = deps.world.newId();
  }

  start(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** A batch was started or resumed here: it need not wait for the next look. */
  ring(): void {
    this.bell.abort();
  }

  private async loop(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.bell = new AbortController();
      if ((await this.turn()) === 'more') continue;
      const signal = AbortSignal.any([this.stopping.signal, this.bell.signal]);
      await this.deps.world.wait(LOOK_EVERY_MS, signal);
    }
    await this.resign();
  }

  /** Without it the lead ends by itself a little later. */
  private async resign(): Promise<void> {
    const { store, world } = this.deps;
    try {
      await store.resign(ROLE, this.owner);
    } catch (error) {
      world.log('batches.trouble', { message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async turn(): Promise<'more' | 'rest'> {
    const { store, world } = this.deps;
    let next: 'more' | 'rest' = 'rest';
    try {
      const going = await store.batches({ states: ['processing'] }, AT_A_TIME);
      if (going.length === 0 || !(await store.lead(ROLE, this.owner, world.now(), LEAD_MS))) return 'rest';
      for (const batch of going) if ((await this.advance(batch)) === 'more') next = 'more';
    } catch (error) {
      world.log('batches.trouble', { message: error instanceof Error ? error.message : String(error) });
      return 'rest';
    }
    return next;
  }

  /** One slice, or a look whether its jobs have ended. */
  private async advance(batch: Batch): Promise<'more' | 'rest'> {
    const { world } = this.deps;
    const at = await this.reachedIn(batch);
    if (at.cursor > batch.cursor || at.moved > batch.moved) await this.keep(batch.id, at);
    if (at.cursor >= batch.lastJobId) return this.conclude({ ...batch, ...at });
    const { move } = batch;
    const meant = meantBy(batch);
    if (move === null || meant === null) return this.giveUp(batch);
    const by = { who: batch.who, reason: batch.reason, now: world.now(), batchId: batch.id };
    const slice = { meant, move, after: at.cursor, upTo: batch.lastJobId };
    const { moved, upTo } = await moveSlice(slice, by, this.deps);
    const now = { cursor: upTo, moved: at.moved + moved };
    this.reached.set(batch.id, now);
    await this.keep(batch.id, now);
    return 'more';
  }

  /** What was moved without being written down, because the process ended there, is counted by the batch's mark on the jobs. */
  private async reachedIn({ id, cursor, moved }: Batch): Promise<Reached> {
    const mine = this.reached.get(id) ?? { cursor, moved: sum(await this.deps.store.countByState({ batchId: id })) };
    const at = { cursor: Math.max(cursor, mine.cursor), moved: Math.max(moved, mine.moved) };
    this.reached.set(id, at);
    return at;
  }

  /** On top of the row as it is now: what a person did meanwhile stays done. */
  private async keep(id: string, at: Reached): Promise<void> {
    const { store, world } = this.deps;
    const row = await store.batch(id);
    if (row === null) return;
    const answer = await store.apply({
      now: world.now(),
      guards: [{ guard: 'batchState', batchId: id, states: [row.state] }],
      writes: [{ write: 'putBatch', batch: { ...row, ...at, updatedAt: world.now() } }],
    });
    if (!answer.applied) await this.keep(id, at);
  }

  private async conclude(batch: Batch): Promise<'rest'> {
    const counts = await this.deps.store.countByState({ batchId: batch.id });
    if (LIVE_STATES.some((state) => counts[state] > 0)) return 'rest';
    const state = counts.dead > 0 ? 'action_required' : 'done';
    const note = batch.moved === 0 ? 'Nothing was left to do: the jobs had moved on by themselves.' : null;
    return this.end({ ...batch, state, note, finalCounts: counts });
  }

  private giveUp(batch: Batch): Promise<'rest'> {
    const note = 'This version does not understand which jobs were meant. Start it anew.';
    return this.end({ ...batch, state: 'failed', note });
  }

  private async end(batch: Batch): Promise<'rest'> {
    const { store, world } = this.deps;
    const now = world.now();
    const answer = await store.apply({
      now,
      guards: [{ guard: 'batchState', batchId: batch.id, states: ['processing'] }],
      writes: [{ write: 'putBatch', batch: { ...batch, updatedAt: now, finishedAt: now } }],
    });
    if (answer.applied) {
      this.reached.delete(batch.id);
      world.log('batch.ended', { batchId: batch.id, state: batch.state, moved: batch.moved });
    }
    return 'rest';
  }
}

function sum(counts: Readonly<Record<JobState, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
