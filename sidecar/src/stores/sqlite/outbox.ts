/** Which sequences of a store's outbox have arrived. */
import type { Database } from 'better-sqlite3';
import { extendRun, missingAbove } from '../../domain/outbox-run.js';
import type { OutboxRun } from '../../domain/outbox-run.js';
import type { OutboxStream, Store, Write } from '../store.js';

const MISSING_SHOWN = 1000;

export type Outbox = ReturnType<typeof outboxOf>;

export function outboxOf(db: Database) {
  const sql = {
    see: db.prepare<[string, string, number, string, number]>(
      `INSERT INTO outbox_seen (connection_id, epoch, sequence, uuid, seen_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    uuid: db
      .prepare<[string, string, number], string>(
        'SELECT uuid FROM outbox_seen WHERE connection_id = ? AND epoch = ? AND sequence = ?',
      )
      .pluck(),
    above: db
      .prepare<[string, string, number], number>(
        `SELECT sequence FROM outbox_seen WHERE connection_id = ? AND epoch = ? AND sequence > ? ORDER BY sequence`,
      )
      .pluck(),
    run: db.prepare<[string, string], OutboxRun>(
      'SELECT first, contiguous, highest FROM outbox_runs WHERE connection_id = ? AND epoch = ?',
    ),
    putRun: db.prepare<[string, string, number, number, number]>(
      'INSERT OR REPLACE INTO outbox_runs (connection_id, epoch, first, contiguous, highest) VALUES (?, ?, ?, ?, ?)',
    ),
  };

  function seen(write: Extract<Write, { write: 'outboxSeen' }>, now: number): void {
    const { connectionId, epoch, sequence, uuid } = write;
    if (sql.see.run(connectionId, epoch, sequence, uuid, now).changes === 0) return;
    const isSeen = (other: number): boolean => sql.uuid.get(connectionId, epoch, other) !== undefined;
    const run = extendRun(sql.run.get(connectionId, epoch) ?? null, sequence, isSeen);
    sql.putRun.run(connectionId, epoch, run.first, run.contiguous, run.highest);
  }

  function stream(connectionId: string, epoch: string): OutboxStream {
    const { contiguous, highest } = sql.run.get(connectionId, epoch) ?? { contiguous: 0, highest: 0 };
    const missing = missingAbove(contiguous, sql.above.iterate(connectionId, epoch, contiguous), MISSING_SHOWN);
    return { connectionId, epoch, contiguous, highest, missing };
  }

  return {
    seen,
    reads: {
      outboxStream: async (connectionId, epoch) => stream(connectionId, epoch),
      outboxUuid: async (connectionId, epoch, sequence) => sql.uuid.get(connectionId, epoch, sequence) ?? null,
    } satisfies Partial<Store>,
  };
}
