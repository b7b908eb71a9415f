import { extendRun, missingAbove } from '../../domain/outbox-run.js';
import type { OutboxStream } from '../store.js';
import type { Tables } from './tables.js';

const MISSING_SHOWN = 1000;

export function outboxSeen(
  tables: Tables,
  { connectionId, epoch, sequence, uuid }: { connectionId: string; epoch: string; sequence: number; uuid: string },
  now: number,
): void {
  if (tables.seen.get(connectionId, epoch, sequence) !== null) return;
  tables.seen.put({ connectionId, epoch, sequence, uuid, seenAt: now }, connectionId, epoch, sequence);
  const isSeen = (other: number): boolean => tables.seen.get(connectionId, epoch, other) !== null;
  tables.runs.put(extendRun(tables.runs.get(connectionId, epoch), sequence, isSeen), connectionId, epoch);
}

export function outboxStream(tables: Tables, connectionId: string, epoch: string): OutboxStream {
  const run = tables.runs.get(connectionId, epoch);
  if (run === null) return { connectionId, epoch, contiguous: 0, highest: 0, missing: [] };
  const ours = tables.seen.all().filter((row) => row.connectionId === connectionId && row.epoch === epoch);
  const above = ours.map(({ sequence }) => sequence).filter((sequence) => sequence > run.contiguous);
  const missing = missingAbove(
    run.contiguous,
    above.sort((a, b) => a - b),
    MISSING_SHOWN,
  );
  return { connectionId, epoch, contiguous: run.contiguous, highest: run.highest, missing };
}
