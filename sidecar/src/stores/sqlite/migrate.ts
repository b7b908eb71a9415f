/** Brings a database file to the schema of this program, each step in one transaction with its note that it was made. */
import type { Database } from 'better-sqlite3';
import { MIGRATIONS } from './migrations/index.js';
import type { Migration } from './migrations/index.js';

/** @throws when a newer program has written the file: reading it with older rules could lose what it means. */
export function migrate(db: Database, now: number, migrations: readonly Migration[] = MIGRATIONS): void {
  db.exec(
    'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL) STRICT',
  );
  const reached = schemaVersion(db);
  const known = migrations.at(-1)?.version ?? 0;
  if (reached > known) {
    throw new Error(
      `The database ${db.name} was written by a newer Tallyman (its schema is ${reached}, this program knows ${known}). ` +
        'Install that version again, or restore a backup made before the update.',
    );
  }
  for (const migration of migrations.filter(({ version }) => version > reached)) step(db, migration, now);
}

export function schemaVersion(db: Database): number {
  return db.prepare<[], number>('SELECT coalesce(max(version), 0) FROM migrations').pluck().get() ?? 0;
}

function step(db: Database, { version, name, sql, functions = {} }: Migration, now: number): void {
  for (const [called, fill] of Object.entries(functions)) db.function(called, { deterministic: true }, fill);
  const note = db.prepare<[number, string, number]>('INSERT INTO migrations (version, name, at) VALUES (?, ?, ?)');
  db.transaction(() => {
    db.exec(sql);
    note.run(version, name, now);
  }).immediate();
}
