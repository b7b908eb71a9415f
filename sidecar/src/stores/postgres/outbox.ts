/** Which sequences of a store's outbox have arrived. */
import { extendRun, missingAbove } from '../../domain/outbox-run.js';
import type { OutboxRun } from '../../domain/outbox-run.js';
import type { OutboxStream, Store, Write } from '../store.js';
import { KeyedTable, nameOf } from './keyed-table.js';
import type { Shape } from './keyed-table.js';
import type { Reading } from './reading.js';
import type { Statement } from './session.js';
import { array, numbers, texts } from './values.js';
import type { Reader, Wants } from './wants.js';
import { NotRead, WorkingRows } from './working-rows.js';
import type { Undo } from './working-rows.js';

type RunRow = OutboxRun & { connection_id: string; epoch: string };
interface SeenRow {
  connection_id: string;
  epoch: string;
  sequence: number;
  uuid: string;
  seen_at: number;
}

const MISSING_SHOWN = 1000;
/** A run that closes a hole goes on through what came before it: so many more are read at a time. */
const READ_AHEAD = 500;

export const OUTBOX_RUNS: Shape<RunRow> = {
  table: 'outbox_runs',
  key: ['connection_id', 'epoch'],
  others: ['first', 'contiguous', 'highest'],
  types: { first: 'bigint', contiguous: 'bigint', highest: 'bigint' },
};

export class Outbox {
  readonly runs: KeyedTable<RunRow>;
  private readonly seen: WorkingRows<SeenRow>;
  private readonly wanted: Map<string, Pick<SeenRow, 'connection_id' | 'epoch' | 'sequence'>>;

  constructor(undo: Undo, wants: Wants) {
    this.wanted = wants.of('outbox_seen');
    this.runs = new KeyedTable(undo, wants, OUTBOX_RUNS);
    this.seen = new WorkingRows<SeenRow>(undo);
  }

  want(connectionId: string, epoch: string, sequence: number): void {
    this.runs.want(connectionId, epoch);
    this.wanted.set(seenName(connectionId, epoch, sequence), { connection_id: connectionId, epoch, sequence });
  }

  add({ connectionId, epoch, sequence, uuid }: Extract<Write, { write: 'outboxSeen' }>, now: number): void {
    if (this.isSeen(connectionId, epoch, sequence)) return;
    const row = { connection_id: connectionId, epoch, sequence, uuid, seen_at: now };
    this.seen.put(seenName(connectionId, epoch, sequence), row);
    const isSeen = (other: number): boolean => this.isSeen(connectionId, epoch, other);
    const run = extendRun(this.runs.get(connectionId, epoch), sequence, isSeen);
    this.runs.put({ ...run, connection_id: connectionId, epoch }, connectionId, epoch);
  }

  private isSeen(connectionId: string, epoch: string, sequence: number): boolean {
    const name = seenName(connectionId, epoch, sequence);
    if (this.seen.isRead(name)) return this.seen.get(name) !== null;
    throw new NotRead(() => {
      const most = Math.max(READ_AHEAD, this.wanted.size);
      for (let ahead = 0; ahead < most; ahead += 1) this.want(connectionId, epoch, sequence + ahead);
    });
  }

  readers(): Reader[] {
    if (this.wanted.size === 0) return [];
    const wanted = [...this.wanted];
    const text = `SELECT k.n, s.uuid FROM unnest($1::text[], $2::text[], $3::bigint[])
        WITH ORDINALITY AS k(connection_id, epoch, sequence, n)
      CROSS JOIN LATERAL (SELECT uuid FROM outbox_seen WHERE connection_id = k.connection_id AND epoch = k.epoch
        AND sequence = k.sequence OFFSET 0) AS s`;
    const values = [
      texts(wanted.map(([, { connection_id }]) => connection_id)),
      texts(wanted.map(([, { epoch }]) => epoch)),
      numbers(wanted.map(([, { sequence }]) => sequence)),
    ];
    const seen: Reader = {
      statement: { name: 'outbox_seen', text, values },
      receive: ({ rows }) => {
        for (const [name] of wanted) this.seen.read(name, null);
        for (const { n, uuid } of rows) {
          const [name, key] = wanted[Number(n) - 1] ?? [];
          if (name !== undefined && key !== undefined) this.seen.read(name, { ...key, uuid: String(uuid), seen_at: 0 });
        }
      },
    };
    return [...this.runs.readers(), seen];
  }

  writers(): Statement[] {
    const rows = [...this.seen.changes()].map(([, row]) => row).filter((row) => row !== null);
    if (rows.length === 0) return [];
    const text = `INSERT INTO outbox_seen (connection_id, epoch, sequence, uuid, seen_at)
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])`;
    const column = (of: keyof SeenRow) => array(rows.map((row) => row[of]));
    const values = (['connection_id', 'epoch', 'sequence', 'uuid', 'seen_at'] as const).map(column);
    return [{ name: 'insert_outbox_seen', text, values }, ...this.runs.writers()];
  }
}

const seenName = (connectionId: string, epoch: string, sequence: number): string =>
  nameOf('seen', connectionId, epoch, String(sequence));

export function outboxReads(reading: Reading) {
  /** One past the holes that are shown is enough. */
  const above = `SELECT sequence FROM outbox_seen WHERE connection_id = $1 AND epoch = $2 AND sequence > $3
    ORDER BY sequence LIMIT $4 OFFSET $5`;

  async function missing(connectionId: string, epoch: string, contiguous: number): Promise<number[]> {
    const seen: number[] = [];
    const page = 5_000;
    for (;;) {
      const rows = await reading.rows<{ sequence: number }>(above, [
        connectionId,
        epoch,
        contiguous,
        page,
        seen.length,
      ]);
      seen.push(...rows.map(({ sequence }) => sequence));
      const found = missingAbove(contiguous, seen, MISSING_SHOWN);
      if (rows.length < page || found.length >= MISSING_SHOWN) return found;
    }
  }

  return {
    outboxStream: async (connectionId, epoch): Promise<OutboxStream> => {
      const sql = 'SELECT contiguous, highest FROM outbox_runs WHERE connection_id = $1 AND epoch = $2';
      const run = await reading.first<OutboxRun>(sql, [connectionId, epoch], 'outbox_run');
      const { contiguous, highest } = run ?? { contiguous: 0, highest: 0 };
      const holes = contiguous === highest ? [] : await missing(connectionId, epoch, contiguous);
      return { connectionId, epoch, contiguous, highest, missing: holes };
    },
    outboxUuid: async (connectionId, epoch, sequence) => {
      const sql = 'SELECT uuid FROM outbox_seen WHERE connection_id = $1 AND epoch = $2 AND sequence = $3';
      return (await reading.first<{ uuid: string }>(sql, [connectionId, epoch, sequence], 'outbox_uuid'))?.uuid ?? null;
    },
  } satisfies Partial<Store>;
}
