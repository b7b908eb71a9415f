/**
 * Jobs, and which of them may be claimed. A job is the head of its ordering key when no other of the key runs and none
 * that holds the key is older; it is ready when it is a head, unclaimed and was found due.
 */
import type { JobLife } from '../../domain/job-life.js';
import { KEY_HOLDING_STATES } from '../../domain/job.js';
import type { JobState } from '../../domain/job.js';
import { Table } from './table.js';
import type { Undo } from './table.js';

export interface MemoryJob extends JobLife {
  ready: boolean;
}

export class JobTable {
  private readonly rows: Table<MemoryJob>;
  private readonly idsByKey = new Map<string, Set<number>>();
  private readonly undo: Undo;

  constructor(undo: Undo) {
    this.undo = undo;
    this.rows = new Table<MemoryJob>(undo);
  }

  get(id: number): MemoryJob | null {
    return this.rows.get(id);
  }

  all(): MemoryJob[] {
    return this.rows.all().sort((a, b) => a.id - b.id);
  }

  /** Writes the job and sees to the readiness of its key. */
  put(job: JobLife, now: number): void {
    const before = this.rows.get(job.id);
    if (before === null) this.index(job);
    this.rows.put({ ...job, ready: before?.ready === true && before.runAt === job.runAt }, job.id);
    this.settleKey(job, now);
  }

  drop(job: JobLife): void {
    this.rows.drop(job.id);
  }

  withCoalesceKey(orgId: string, coalesceKey: string, states: readonly JobState[]): MemoryJob | null {
    const found = this.indexed(coalesceIndex(orgId, coalesceKey)).filter(({ state }) => states.includes(state));
    return found.at(-1) ?? null;
  }

  /** Heads that are due and not ready yet. */
  due(now: number): MemoryJob[] {
    const waiting = this.all().filter((job) => !job.ready && isWaiting(job) && this.headOf(job)?.id === job.id);
    return waiting.filter((job) => job.runAt <= now).sort((a, b) => a.runAt - b.runAt || a.id - b.id);
  }

  /** Heads that wait for their time. */
  waitingHeads(): MemoryJob[] {
    return this.due(Number.POSITIVE_INFINITY);
  }

  /** Writes a change that touches neither state nor time. */
  replace(job: MemoryJob): void {
    this.rows.put(job, job.id);
  }

  private settleKey(job: JobLife, now: number): void {
    const head = this.headOf(job);
    for (const other of this.indexed(orderingIndex(job))) {
      const isHead = other.id === head?.id && isWaiting(other);
      const ready = isHead && (other.ready || other.runAt <= now);
      if (ready !== other.ready) this.rows.put({ ...other, ready }, other.id);
    }
  }

  private headOf(job: JobLife): MemoryJob | null {
    const holders = this.indexed(orderingIndex(job)).filter(holdsKey);
    return holders.find(({ state }) => state === 'running') ?? holders[0] ?? null;
  }

  private index(job: JobLife): void {
    const keys = [orderingIndex(job)];
    if (job.coalesceKey !== null) keys.push(coalesceIndex(job.orgId, job.coalesceKey));
    for (const key of keys) {
      const ids = this.idsByKey.get(key) ?? new Set<number>();
      this.idsByKey.set(key, ids.add(job.id));
      this.undo.add(() => ids.delete(job.id));
    }
  }

  /** Oldest first. */
  private indexed(key: string): MemoryJob[] {
    const ids = [...(this.idsByKey.get(key) ?? [])].sort((a, b) => a - b);
    return ids.map((id) => this.rows.get(id)).filter((job) => job !== null);
  }
}

const orderingIndex = (job: JobLife): string => JSON.stringify(['ordering', job.orgId, job.orderingKey]);
const coalesceIndex = (orgId: string, key: string): string => JSON.stringify(['coalesce', orgId, key]);
const isWaiting = ({ state }: JobLife): boolean => state === 'queued' || state === 'retrying';
const holdsKey = ({ state }: JobLife): boolean => KEY_HOLDING_STATES.some((holding) => holding === state);
