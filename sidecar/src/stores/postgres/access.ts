/** Tokens, pairing codes, schedules and notes of the program about itself: small tables with plain rows. */
import type { Schedule, Store, Token } from '../store.js';
import type { Shape } from './keyed-table.js';
import type { Reading } from './reading.js';

export interface TokenRow {
  id: string;
  org_id: string;
  name: string;
  hash: string;
  role: Token['role'];
  created_at: number;
}
export interface CodeRow {
  code_hash: string;
  org_id: string;
  expires_at: number;
  used_at: number | null;
}
export interface ScheduleRow {
  name: string;
  connection_id: string;
  every_ms: number;
  next_at: number;
  last_at: number | null;
  last_job_id: number | null;
}
export interface MetaRow {
  key: string;
  value: string;
}

export const TOKENS: Shape<TokenRow> = {
  table: 'tokens',
  key: ['id'],
  others: ['org_id', 'name', 'hash', 'role', 'created_at'],
  types: { created_at: 'bigint' },
};
export const CODES: Shape<CodeRow> = {
  table: 'pairing_codes',
  key: ['code_hash'],
  others: ['org_id', 'expires_at', 'used_at'],
  types: { expires_at: 'bigint', used_at: 'bigint' },
};
export const SCHEDULES: Shape<ScheduleRow> = {
  table: 'schedules',
  key: ['name', 'connection_id'],
  others: ['every_ms', 'next_at', 'last_at', 'last_job_id'],
  types: { every_ms: 'bigint', next_at: 'bigint', last_at: 'bigint', last_job_id: 'bigint' },
};
export const META: Shape<MetaRow> = { table: 'meta', key: ['key'], others: ['value'], types: {} };

export function accessReads(reading: Reading) {
  return {
    tokenByHash: async (hash) => {
      const row = await reading.first<TokenRow>('SELECT * FROM tokens WHERE hash = $1', [hash], 'token');
      return row === null ? null : toToken(row);
    },
    tokens: async () => (await reading.rows<TokenRow>('SELECT * FROM tokens ORDER BY created_at, id')).map(toToken),
    schedules: async () => {
      const sql = 'SELECT * FROM schedules ORDER BY name, connection_id';
      return (await reading.rows<ScheduleRow>(sql, [], 'schedules')).map(toSchedule);
    },
    meta: async (key) =>
      (await reading.first<MetaRow>('SELECT value FROM meta WHERE key = $1', [key], 'meta'))?.value ?? null,
  } satisfies Partial<Store>;
}

export function fromToken({ id, orgId, name, hash, role, createdAt }: Token): TokenRow {
  return { id, org_id: orgId, name, hash, role, created_at: createdAt };
}

function toToken({ id, org_id, name, hash, role, created_at }: TokenRow): Token {
  return { id, orgId: org_id, name, hash, role, createdAt: created_at };
}

export function fromSchedule({ name, connectionId, everyMs, nextAt, lastAt, lastJobId }: Schedule): ScheduleRow {
  return {
    name,
    connection_id: connectionId,
    every_ms: everyMs,
    next_at: nextAt,
    last_at: lastAt,
    last_job_id: lastJobId,
  };
}

function toSchedule({ name, connection_id, every_ms, next_at, last_at, last_job_id }: ScheduleRow): Schedule {
  return {
    name,
    connectionId: connection_id,
    everyMs: every_ms,
    nextAt: next_at,
    lastAt: last_at,
    lastJobId: last_job_id,
  };
}
