/** Everything the memory store holds. */
import type { Alert } from '../../domain/alert.js';
import type { Batch } from '../../domain/batch.js';
import type { Connection } from '../../domain/connection.js';
import type { Mapping } from '../../domain/mapping.js';
import type { OutboxRun } from '../../domain/outbox-run.js';
import type { EntityRecord } from '../../domain/record.js';
import type { Override, Settlement } from '../../domain/settlement.js';
import type { Bucket } from '../../domain/token-bucket.js';
import type { Activity, Attempt, Delivery, NewActivity, NewAttempt, Schedule, Token } from '../store.js';
import { JobTable } from './job-table.js';
import { Table, Undo } from './table.js';

export interface Credentials {
  sealed: Uint8Array;
  keyId: string;
  version: number;
}
interface Seen {
  connectionId: string;
  epoch: string;
  sequence: number;
  uuid: string;
  seenAt: number;
}
interface PairingCode {
  codeHash: string;
  orgId: string;
  expiresAt: number;
  usedAt: number | null;
}

export class Tables {
  readonly undo = new Undo();
  readonly jobs = new JobTable(this.undo);
  readonly attempts = new Table<Attempt>(this.undo);
  readonly activity = new Table<Activity>(this.undo);
  readonly deliveries = new Table<Delivery>(this.undo);
  readonly deliveryKeys = new Table<string>(this.undo);
  readonly records = new Table<EntityRecord>(this.undo);
  readonly mappings = new Table<Mapping & { knownAt: number | null }>(this.undo);
  readonly facts = new Table<{ fact: string; orgId: string; source: string }>(this.undo);
  readonly settlements = new Table<Settlement>(this.undo);
  readonly overrides = new Table<Override>(this.undo);
  readonly connections = new Table<Connection>(this.undo);
  readonly credentials = new Table<Credentials>(this.undo);
  readonly schedules = new Table<Schedule>(this.undo);
  readonly seen = new Table<Seen>(this.undo);
  readonly runs = new Table<OutboxRun>(this.undo);
  readonly tokens = new Table<Token>(this.undo);
  readonly pairingCodes = new Table<PairingCode>(this.undo);
  readonly meta = new Table<string>(this.undo);
  readonly batches = new Table<Batch>(this.undo);
  readonly alerts = new Table<Alert>(this.undo);
  readonly leads = new Table<{ owner: string; until: number }>(this.undo);
  readonly buckets = new Table<Bucket>(this.undo);
  private readonly lastIds = new Table<number>(this.undo);

  /** Ids of one series grow and are never given twice. */
  nextId(series: 'job' | 'attempt' | 'activity'): number {
    const id = this.lastId(series) + 1;
    this.lastIds.put(id, series);
    return id;
  }

  /** 0 when none was given yet. */
  lastId(series: 'job' | 'attempt' | 'activity'): number {
    return this.lastIds.get(series) ?? 0;
  }

  addAttempt(attempt: NewAttempt): void {
    if (this.jobs.get(attempt.jobId) === null) throw new Error(`There is no job ${attempt.jobId}.`);
    const id = this.nextId('attempt');
    this.attempts.put({ ...attempt, id }, id);
  }

  addActivity(activity: NewActivity, at: number): void {
    const id = this.nextId('activity');
    this.activity.put({ ...activity, id, at }, id);
  }
}
