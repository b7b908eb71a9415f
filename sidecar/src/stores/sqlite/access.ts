/** Tokens, pairing codes, schedules and notes of the program about itself: small tables with plain rows. */
import type { Database } from 'better-sqlite3';
import type { Schedule, Store, Token } from '../store.js';

const TOKEN = 'SELECT id, org_id AS orgId, name, hash, role, created_at AS createdAt FROM tokens';

export function accessOf(db: Database) {
  const sql = {
    putToken: db.prepare<[Token]>(
      `INSERT INTO tokens (id, org_id, name, hash, role, created_at) VALUES (@id, @orgId, @name, @hash, @role, @createdAt)
       ON CONFLICT (id) DO UPDATE SET org_id = @orgId, name = @name, hash = @hash, role = @role, created_at = @createdAt`,
    ),
    dropToken: db.prepare<[string]>('DELETE FROM tokens WHERE id = ?'),
    tokenByHash: db.prepare<[string], Token>(`${TOKEN} WHERE hash = ?`),
    tokens: db.prepare<[], Token>(`${TOKEN} ORDER BY created_at, id`),
    putCode: db.prepare<[string, string, number]>(
      'INSERT OR REPLACE INTO pairing_codes (code_hash, org_id, expires_at, used_at) VALUES (?, ?, ?, NULL)',
    ),
    useCode: db.prepare<[number, string]>('UPDATE pairing_codes SET used_at = ? WHERE code_hash = ?'),
    openCode: db.prepare<[string, number], 1>(
      'SELECT 1 FROM pairing_codes WHERE code_hash = ? AND used_at IS NULL AND expires_at > ?',
    ),
    putSchedule: db.prepare<[Schedule]>(
      `INSERT OR REPLACE INTO schedules (name, connection_id, every_ms, next_at, last_at, last_job_id)
       VALUES (@name, @connectionId, @everyMs, @nextAt, @lastAt, @lastJobId)`,
    ),
    schedules: db.prepare<[], Schedule>(
      `SELECT name, connection_id AS connectionId, every_ms AS everyMs, next_at AS nextAt, last_at AS lastAt,
              last_job_id AS lastJobId
       FROM schedules ORDER BY name, connection_id`,
    ),
    nextAt: db
      .prepare<[string, string], number>('SELECT next_at FROM schedules WHERE name = ? AND connection_id = ?')
      .pluck(),
    putMeta: db.prepare<[string, string]>('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
    meta: db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck(),
  };
  return {
    putToken: (token: Token) => void sql.putToken.run(token),
    dropToken: (id: string) => void sql.dropToken.run(id),
    putCode: (codeHash: string, orgId: string, expiresAt: number) => void sql.putCode.run(codeHash, orgId, expiresAt),
    useCode: (codeHash: string, now: number) => void sql.useCode.run(now, codeHash),
    isOpenCode: (codeHash: string, now: number): boolean => sql.openCode.get(codeHash, now) !== undefined,
    putSchedule: (schedule: Schedule) => void sql.putSchedule.run(schedule),
    nextAt: (name: string, connectionId: string): number | null => sql.nextAt.get(name, connectionId) ?? null,
    putMeta: (key: string, value: string) => void sql.putMeta.run(key, value),
    reads: {
      tokenByHash: async (hash) => sql.tokenByHash.get(hash) ?? null,
      tokens: async () => sql.tokens.all(),
      schedules: async () => sql.schedules.all(),
      meta: async (key) => sql.meta.get(key) ?? null,
    } satisfies Partial<Store>,
  };
}
