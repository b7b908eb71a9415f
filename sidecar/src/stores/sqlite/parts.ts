/** The tables a unit writes to, each with its prepared statements. */
import type { Database } from 'better-sqlite3';
import { accessOf } from './access.js';
import { alertsOf } from './alerts.js';
import { batchesOf } from './batches.js';
import { connectionsOf, credentialsOf, type ReadConnections } from './connections.js';
import { deliveriesOf } from './deliveries.js';
import { factsOf } from './facts.js';
import { jobTable } from './job-table.js';
import { jobWrites } from './job-writes.js';
import { journalOf } from './journal.js';
import { mappingsOf } from './mappings.js';
import { outboxOf } from './outbox.js';
import { recordsOf } from './records.js';
import { remembered } from './remembered.js';
import { settlementsOf } from './settlements.js';
import type { Select } from './statements.js';

export type Parts = ReturnType<typeof partsOf>;

export function partsOf(db: Database, select: Select) {
  const jobs = jobTable(db);
  const journal = journalOf(db, select);
  const facts = factsOf(db);
  const read: ReadConnections = remembered();
  return {
    jobs,
    journal,
    facts,
    jobWrites: jobWrites(db, { jobs, journal, facts }),
    deliveries: deliveriesOf(db, select),
    records: recordsOf(db, select),
    mappings: mappingsOf(db),
    settlements: settlementsOf(db),
    connections: connectionsOf(db, read),
    credentials: credentialsOf(db, read),
    outbox: outboxOf(db),
    access: accessOf(db),
    batches: batchesOf(db),
    alerts: alertsOf(db),
  };
}
