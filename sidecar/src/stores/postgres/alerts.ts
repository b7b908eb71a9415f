import type { Alert } from '../../domain/alert.js';
import type { Guard, Store } from '../store.js';
import { KeyedTable } from './keyed-table.js';
import type { Shape } from './keyed-table.js';
import type { Reading } from './reading.js';
import { byKey, Where } from './sql.js';
import { SecondKey } from './second-key.js';
import type { Wants } from './wants.js';
import type { Undo } from './working-rows.js';

interface AlertRow {
  id: string;
  org_id: string;
  connection_id: string | null;
  kind: Alert['kind'];
  key: string;
  sentence: string;
  opened_at: number;
  cleared_at: number | null;
}

export const ALERTS: Shape<AlertRow> = {
  table: 'alerts',
  key: ['id'],
  others: ['org_id', 'connection_id', 'kind', 'key', 'sentence', 'opened_at', 'cleared_at'],
  types: { opened_at: 'bigint', cleared_at: 'bigint' },
};

const OPEN = {
  name: 'open_alerts',
  text: byKey('(SELECT * FROM alerts WHERE cleared_at IS NULL) AS alerts', ['org_id', 'key'], 'id'),
};

/** At most one of a key is open: looked up by id and by key. */
export class Alerts {
  readonly rows: KeyedTable<AlertRow>;
  readonly open: SecondKey;

  constructor(undo: Undo, wants: Wants) {
    this.rows = new KeyedTable(undo, wants, ALERTS);
    this.open = new SecondKey(undo, wants, OPEN);
  }

  isOpen(id: string): boolean {
    return this.rows.get(id)?.cleared_at === null;
  }

  /** @returns the refusal when one of this key is open already. */
  put(alert: Alert): Guard | null {
    const { id, orgId, key } = alert;
    if (this.open.get(orgId, key) !== null) return { guard: 'noOpenAlert', orgId, key };
    if (this.rows.get(id) !== null) throw new Error(`There is an alert ${id} already.`);
    this.rows.put(fromAlert(alert), id);
    if (alert.clearedAt === null) this.open.put(id, orgId, key);
    return null;
  }

  /** An end that was said before stands. */
  clear(id: string, now: number): void {
    const held = this.rows.get(id);
    if (held === null || held.cleared_at !== null) return;
    this.rows.put({ ...held, cleared_at: now }, id);
    this.open.put(null, held.org_id, held.key);
  }
}

export function alertReads(reading: Reading) {
  return {
    alerts: async ({ orgId, open }, limit) => {
      const where = new Where();
      if (orgId !== undefined) where.add('org_id = ?', orgId);
      if (open !== undefined) where.add('? AND cleared_at IS NULL', open);
      const sql = `SELECT * FROM alerts WHERE ${where.sql}
        ORDER BY cleared_at IS NULL DESC, opened_at DESC, id DESC LIMIT ${limit}`;
      return (await reading.rows<AlertRow>(sql, where.values)).map(toAlert);
    },
  } satisfies Partial<Store>;
}

function fromAlert({ id, orgId, connectionId, kind, key, sentence, openedAt, clearedAt }: Alert): AlertRow {
  return {
    id,
    org_id: orgId,
    connection_id: connectionId,
    kind,
    key,
    sentence,
    opened_at: openedAt,
    cleared_at: clearedAt,
  };
}

function toAlert(row: AlertRow): Alert {
  const { id, kind, key, sentence } = row;
  return {
    id,
    orgId: row.org_id,
    connectionId: row.connection_id,
    kind,
    key,
    sentence,
    openedAt: row.opened_at,
    clearedAt: row.cleared_at,
  };
}
