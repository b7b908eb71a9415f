/** A person's words: settlements and overrides. */
import type { Override, Settlement } from '../../domain/settlement.js';
import type { Store } from '../store.js';
import type { Shape } from './keyed-table.js';
import { Gather } from './reading.js';
import type { Reading } from './reading.js';
import { byKey } from './sql.js';

export interface SettlementRow {
  org_id: string;
  connection_id: string;
  subject: string;
  kind: Settlement['kind'];
  reason: string;
  by: string;
  at: number;
}
export interface OverrideRow {
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

export const SETTLEMENTS: Shape<SettlementRow> = {
  table: 'settlements',
  key: ['connection_id', 'subject'],
  others: ['org_id', 'kind', 'reason', 'by', 'at'],
  types: { at: 'bigint' },
};

export const OVERRIDES: Shape<OverrideRow> = {
  table: 'overrides',
  key: ['connection_id', 'subject', 'field'],
  others: ['org_id', 'value', 'source_value', 'by', 'reason', 'at'],
  types: { at: 'bigint' },
};

export function peopleReads(reading: Reading) {
  const settlements = new Gather<SettlementRow>(reading, 'settlement', byKey('settlements', SETTLEMENTS.key));
  return {
    settlement: async (connectionId, subject) => {
      const row = await settlements.one(connectionId, subject);
      return row === null ? null : toSettlement(row);
    },
    overrides: async (connectionId, subject) => {
      const sql = 'SELECT * FROM overrides WHERE connection_id = $1 AND subject = $2 ORDER BY field';
      return (await reading.rows<OverrideRow>(sql, [connectionId, subject], 'overrides')).map(toOverride);
    },
  } satisfies Partial<Store>;
}

export function fromSettlement({ orgId, connectionId, subject, kind, reason, by, at }: Settlement): SettlementRow {
  return { org_id: orgId, connection_id: connectionId, subject, kind, reason, by, at };
}

function toSettlement({ org_id, connection_id, subject, kind, reason, by, at }: SettlementRow): Settlement {
  return { orgId: org_id, connectionId: connection_id, subject, kind, reason, by, at };
}

export function fromOverride(override: Override): OverrideRow {
  const { orgId, connectionId, sourceValue, subject, field, value, by, reason, at } = override;
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

function toOverride({
  org_id: orgId,
  connection_id: connectionId,
  source_value: sourceValue,
  ...rest
}: OverrideRow): Override {
  return { orgId, connectionId, sourceValue, ...rest };
}
