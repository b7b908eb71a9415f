/**
 * What one transaction works on. The rules are not written a second time in SQL: units run one after another, here, on
 * the rows that were read for them, by the functions of the domain that every store uses; what has changed is written back.
 */
import { CODES, META, SCHEDULES, TOKENS } from './access.js';
import { Alerts } from './alerts.js';
import { BATCHES } from './batches.js';
import { Connections, CREDENTIALS } from './connections.js';
import { Deliveries } from './deliveries.js';
import { FACTS } from './facts.js';
import { jobWriters } from './job-writers.js';
import { Jobs } from './jobs.js';
import { Journal } from './journal.js';
import { KeyedTable } from './keyed-table.js';
import { Mappings } from './mappings.js';
import { Outbox } from './outbox.js';
import { OVERRIDES, SETTLEMENTS } from './people.js';
import { RECORDS } from './records.js';
import type { Statement } from './session.js';
import type { Reader, Wants } from './wants.js';
import { Undo } from './working-rows.js';

export type Work = ReturnType<typeof workOn>;

export function workOn(wants: Wants) {
  const undo = new Undo();
  return {
    wants,
    undo,
    jobs: new Jobs(undo, wants),
    journal: new Journal(undo),
    deliveries: new Deliveries(undo, wants),
    mappings: new Mappings(undo, wants),
    connections: new Connections(undo, wants),
    outbox: new Outbox(undo, wants),
    alerts: new Alerts(undo, wants),
    records: new KeyedTable(undo, wants, RECORDS),
    facts: new KeyedTable(undo, wants, FACTS),
    settlements: new KeyedTable(undo, wants, SETTLEMENTS),
    overrides: new KeyedTable(undo, wants, OVERRIDES),
    credentials: new KeyedTable(undo, wants, CREDENTIALS),
    schedules: new KeyedTable(undo, wants, SCHEDULES),
    tokens: new KeyedTable(undo, wants, TOKENS),
    codes: new KeyedTable(undo, wants, CODES),
    meta: new KeyedTable(undo, wants, META),
    batches: new KeyedTable(undo, wants, BATCHES),
  };
}

export function readersOf(work: Work): Reader[] {
  return [
    ...work.jobs.readers(),
    ...work.wants.questions,
    ...tablesOf(work).flatMap((table) => table.readers()),
    ...work.mappings.remotes.readers(),
    ...work.alerts.open.readers(),
    ...work.outbox.readers(),
  ];
}

/** @param idOf the id of a job that was given one only now. */
export function writersOf(work: Work, idOf: (id: number) => number): Statement[] {
  return [
    ...jobWriters(work.jobs, idOf),
    ...tablesOf(work).flatMap((table) => table.writers()),
    ...work.outbox.writers(),
    ...work.deliveries.endWriters(),
    ...work.journal.writers(idOf),
    ...work.connections.contactWriters(),
  ];
}

function tablesOf(work: Work): Pick<KeyedTable<unknown>, 'readers' | 'writers'>[] {
  const { deliveries, mappings, connections, alerts } = work;
  const { records, facts, settlements, overrides, credentials, schedules, tokens, codes, meta, batches } = work;
  const small = [settlements, overrides, credentials, schedules, tokens, codes, meta, batches];
  return [deliveries.rows, records, mappings.rows, facts, connections.rows, alerts.rows, ...small];
}
