/** What a person may do here; http/ asks for it, press*.ts does it. */
import type { Store } from '../stores/store.js';
import type { PersonMove } from '../domain/job.js';
import { resumeBatch, startBatch, stopBatch, type BatchOrder, type Started } from './batch.js';
import { sendOrderNow, setState } from './press-connection.js';
import { pressOn } from './press.js';

export interface By {
  /** "Anna (user 3)" */
  who: string;
  reason: string | null;
  now: number;
  /** When it is done for a batch. */
  batchId?: string;
  /** What the other side said when it was asked before, in a sentence. */
  seen?: string;
}

export type Answer =
  { ok: true; sentence: string } | { ok: false; error: 'not_found' | 'illegal_move' | 'invalid'; sentence: string };

export interface Operator {
  retryNow(jobId: number, by: By): Promise<Answer>;
  /** @param fields new values by correctable field. */
  correct(jobId: number, fields: Readonly<Record<string, string>>, by: By): Promise<Answer>;
  forceDone(jobId: number, by: By): Promise<Answer>;
  cancel(jobId: number, by: By): Promise<Answer>;
  reopen(jobId: number, by: By): Promise<Answer>;
  /** One press on many; those that may not make the move are left. It goes on by itself (batches.ts). */
  startBatch(order: BatchOrder, id: string, by: By): Promise<Started>;
  stopBatch(id: string, by: By): Promise<Answer>;
  resumeBatch(id: string, by: By): Promise<Answer>;
  /** The order goes although it is older than the connection. */
  sendNow(connectionId: string, orderId: number, by: By & { traceId: string }): Promise<Answer>;
  pause(connectionId: string, by: By): Promise<Answer>;
  resume(connectionId: string, by: By): Promise<Answer>;
}

export interface OperatorDeps {
  store: Store;
  /** Rings the worker's bell. */
  nudge(): void;
  /** Rings the batch runner's; without it the runner finds new batches with its next look. */
  ringBatches?(): void;
}

export function createOperator(deps: OperatorDeps): Operator {
  const one = (move: PersonMove) => (jobId: number, by: By) => pressOn(jobId, move, by, deps);
  return {
    retryNow: one('retryNow'),
    correct: (jobId, fields, by) => pressOn(jobId, 'correct', by, deps, fields),
    forceDone: one('forceDone'),
    cancel: one('cancel'),
    reopen: one('reopen'),
    startBatch: (order, id, by) => startBatch(order, id, by, deps),
    stopBatch: (id, by) => stopBatch(id, by, deps),
    resumeBatch: (id, by) => resumeBatch(id, by, deps),
    sendNow: (connectionId, orderId, by) => sendOrderNow(connectionId, orderId, by, deps),
    pause: (connectionId, by) => setState(connectionId, 'paused', by, deps),
    resume: (connectionId, by) => setState(connectionId, 'active', by, deps),
  };
}
