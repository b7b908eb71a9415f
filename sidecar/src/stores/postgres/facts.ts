import type { Store } from '../store.js';
import type { Shape } from './keyed-table.js';
import { Gather } from './reading.js';
import type { Reading } from './reading.js';
import { byKey } from './sql.js';

export interface FactRow {
  fact: string;
  org_id: string;
  source: string;
  at: number;
}

export const FACTS: Shape<FactRow> = {
  table: 'facts',
  key: ['fact'],
  others: ['org_id', 'source', 'at'],
  types: { at: 'bigint' },
};

export function factReads(reading: Reading) {
  const byName = new Gather<{ fact: string }>(reading, 'fact', byKey('facts', ['fact'], 'fact'));
  return { hasFact: async (fact) => (await byName.one(fact)) !== null } satisfies Partial<Store>;
}
