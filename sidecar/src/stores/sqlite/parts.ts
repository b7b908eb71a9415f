/** The tables a unit writes to, each with its prepared statements. */
import type { Database } from 'better-sqlite3';
import { accessOf } from './access.js';
import { connectionsOf, credentialsOf } from './connections.js';
import { deliveriesOf } from './deliveries.js';
import { factsOf } from './facts.js';
import { jobTable } from './job-table.js';
import { jobWrites } from './job-writes.js';
import { journalOf } from './journal.js';
import { mappingsOf } from './mappings.js';
import { outboxOf } from './outbox.js';
import { recordsOf } from './records.js';
import { settlementsOf } from './settlements.js';

export type Parts = ReturnType<typeof partsOf>;

export function partsOf(db: Database) {
  const jobs = jobTable(db);
  const journal = journalOf(db);
  const facts = factsOf(db);
  return {
    jobs,
    journal,
    facts,
    jobWrites: jobWrites(db, { jobs, journal, facts }),
    deliveries: deliveriesOf(db),
    records: recordsOf(db),
    mappings: mappingsOf(db),
    settlements: settlementsOf(db),
    connections: connectionsOf(db),
    credentials: credentialsOf(db),
    outbox: outboxOf(db),
    access: accessOf(db),
  };
}
