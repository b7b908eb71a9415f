/** A person's words: settlements and overrides. */
import type { Database } from 'better-sqlite3';
import type { Override, Settlement } from '../../domain/settlement.js';
import type { Store } from '../store.js';
import { upsertInto } from './sql.js';

interface SettlementRow {
  org_id: string;
  connection_id: string;
  subject: string;
  kind: Settlement['kind'];
  reason: string;
  by: string;
  at: number;
}
interface OverrideRow {
  org_id: string;
  connection_id: string;
  subject: string;
  field: string;
  value: string;
  source_value: string;
  by: string;
  reason: string;
  at: number;
}

const SETTLEMENT_KEY = ['connection_id', 'subject'];
const OVERRIDE_KEY = ['connection_id', 'subject', 'field'];

export function settlementsOf(db: Database) {
  const sql = {
    settle: db.prepare<[SettlementRow]>(
      upsertInto('settlements', SETTLEMENT_KEY, [...SETTLEMENT_KEY, 'org_id', 'kind', 'reason', 'by', 'at']),
    ),
    unsettle: db.prepare<[string, string]>('DELETE FROM settlements WHERE connection_id = ? AND subject = ?'),
    settlement: db.prepare<[string, string], SettlementRow>(
      'SELECT * FROM settlements WHERE connection_id = ? AND subject = ?',
    ),
    override: db.prepare<[OverrideRow]>(
      upsertInto('overrides', OVERRIDE_KEY, [...OVERRIDE_KEY, 'org_id', 'value', 'source_value', 'by', 'reason', 'at']),
    ),
    dropOverride: db.prepare<[string, string, string]>(
      'DELETE FROM overrides WHERE connection_id = ? AND subject = ? AND field = ?',
    ),
    overrides: db.prepare<[string, string], OverrideRow>(
      'SELECT * FROM overrides WHERE connection_id = ? AND subject = ? ORDER BY field',
    ),
  };
  return {
    settle: (settlement: Settlement) => void sql.settle.run(fromSettlement(settlement)),
    unsettle: (connectionId: string, subject: string) => void sql.unsettle.run(connectionId, subject),
    override: (override: Override) => void sql.override.run(fromOverride(override)),
    dropOverride: (connectionId: string, subject: string, field: string) =>
      void sql.dropOverride.run(connectionId, subject, field),
    reads: {
      settlement: async (connectionId, subject) => {
        const row = sql.settlement.get(connectionId, subject);
        return row === undefined ? null : toSettlement(row);
      },
      overrides: async (connectionId, subject) => sql.overrides.all(connectionId, subject).map(toOverride),
    } satisfies Partial<Store>,
  };
}

function fromSettlement({ orgId, connectionId, subject, kind, reason, by, at }: Settlement): SettlementRow {
  return { org_id: orgId, connection_id: connectionId, subject, kind, reason, by, at };
}

function toSettlement({ org_id: orgId, connection_id: connectionId, ...row }: SettlementRow): Settlement {
  return { orgId, connectionId, ...row };
}

function fromOverride(override: Override): OverrideRow {
  const { orgId, connectionId, subject, field, value, sourceValue, by, reason, at } = override;
  return {
    org_id: orgId,
    connection_id: connectionId,
    subject,
    field,
    value,
    source_value: sourceValue,
    by,
    reason,
    at,
  };
}

function toOverride(row: OverrideRow): Override {
  const { org_id: orgId, connection_id: connectionId, source_value: sourceValue, ...rest } = row;
  return { orgId, connectionId, sourceValue, ...rest };
}
