import type { Database } from 'better-sqlite3';
import type { Alert } from '../../domain/alert.js';
import type { Guard, Store } from '../store.js';

const ALERT = `SELECT id, org_id AS orgId, connection_id AS connectionId, kind, key, sentence, opened_at AS openedAt,
  cleared_at AS clearedAt FROM alerts`;
const LATEST = 'ORDER BY opened_at DESC, id DESC LIMIT';

interface Asked {
  orgId: string | null;
  limit: number;
}

export function alertsOf(db: Database) {
  const sql = {
    open: db.prepare<[Alert]>(
      `INSERT INTO alerts (id, org_id, connection_id, kind, key, sentence, opened_at, cleared_at)
       VALUES (@id, @orgId, @connectionId, @kind, @key, @sentence, @openedAt, @clearedAt)`,
    ),
    clear: db.prepare<[number, string]>('UPDATE alerts SET cleared_at = ? WHERE id = ? AND cleared_at IS NULL'),
    ofKey: db.prepare<[string, string], 1>('SELECT 1 FROM alerts WHERE org_id = ? AND key = ? AND cleared_at IS NULL'),
    isOpen: db.prepare<[string], 1>('SELECT 1 FROM alerts WHERE id = ? AND cleared_at IS NULL'),
    stillOpen: db.prepare<[Asked], Alert>(
      `${ALERT} WHERE cleared_at IS NULL AND (@orgId IS NULL OR org_id = @orgId) ${LATEST} @limit`,
    ),
    over: db.prepare<[Asked], Alert>(
      `${ALERT} WHERE cleared_at IS NOT NULL AND (@orgId IS NULL OR org_id = @orgId) ${LATEST} @limit`,
    ),
  };
  const isSaid = (orgId: string, key: string): boolean => sql.ofKey.get(orgId, key) !== undefined;

  /** @returns the refusal when one of this key is open already. */
  function open(alert: Alert): Guard | null {
    const { orgId, key } = alert;
    if (isSaid(orgId, key)) return { guard: 'noOpenAlert', orgId, key };
    sql.open.run(alert);
    return null;
  }

  return {
    open,
    isSaid,
    isOpen: (id: string): boolean => sql.isOpen.get(id) !== undefined,
    clear: (id: string, now: number) => void sql.clear.run(now, id),
    reads: {
      alerts: async ({ orgId = null, open }, limit) => {
        const alerts = sql.stillOpen.all({ orgId, limit });
        const room = limit - alerts.length;
        return open === true || room <= 0 ? alerts : [...alerts, ...sql.over.all({ orgId, limit: room })];
      },
    } satisfies Partial<Store>,
  };
}
