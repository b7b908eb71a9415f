import type { Database } from 'better-sqlite3';

export type Facts = ReturnType<typeof factsOf>;

export function factsOf(db: Database) {
  const sql = {
    put: db.prepare<[string, string, string, number]>(
      'INSERT INTO facts (fact, org_id, source, at) VALUES (?, ?, ?, ?) ON CONFLICT (fact) DO NOTHING',
    ),
    drop: db.prepare<[string]>('DELETE FROM facts WHERE fact = ?'),
    has: db.prepare<[string], 1>('SELECT 1 FROM facts WHERE fact = ?'),
  };
  return {
    put: (fact: string, orgId: string, source: string, now: number) => void sql.put.run(fact, orgId, source, now),
    drop: (fact: string) => void sql.drop.run(fact),
    has: (fact: string): boolean => sql.has.get(fact) !== undefined,
  };
}
