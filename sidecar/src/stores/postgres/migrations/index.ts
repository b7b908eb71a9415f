import { first } from './001-first.js';

export interface Migration {
  version: number;
  name: string;
  sql: string;
}

/** In order, without holes. One that was released is never changed: another follows. */
export const MIGRATIONS: readonly Migration[] = [{ version: 1, name: 'first', sql: first }];
