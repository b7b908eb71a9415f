import { first } from './001-first.js';
import { batchesAndAlerts, functions } from './002-batches-and-alerts.js';

export interface Migration {
  version: number;
  name: string;
  sql: string;
  /** What its SQL calls to fill new columns from old ones. */
  functions?: Readonly<Record<string, (text: string | null) => string>>;
}

/** In order, without holes. One that was released is never changed: another follows. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'first', sql: first },
  { version: 2, name: 'batches and alerts', sql: batchesAndAlerts, functions },
];
