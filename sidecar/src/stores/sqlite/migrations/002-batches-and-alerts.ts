/** Batches, alerts, and what the failures of jobs have in common. */
import { causeOfLast } from '../../../domain/cause.js';
import { toFailure } from '../job-row.js';

export const batchesAndAlerts = `
ALTER TABLE jobs ADD COLUMN batch_id TEXT;
-- Of last_failure, as causeOf names it; '' without one.
ALTER TABLE jobs ADD COLUMN cause TEXT NOT NULL DEFAULT '';
UPDATE jobs SET batch_id = payload ->> 'batchId' WHERE payload ->> 'batchId' IS NOT NULL;
UPDATE jobs SET cause = cause_of(last_failure) WHERE last_failure IS NOT NULL;

CREATE INDEX jobs_by_batch ON jobs (batch_id, state) WHERE batch_id IS NOT NULL;
CREATE INDEX jobs_dead ON jobs (connection_id, kind, cause, finished_at, org_id) WHERE state = 'dead';
-- Our own ids begin with the time, so a new one is written at the end, where the page of the last one lies ready.
CREATE INDEX jobs_by_trace ON jobs (trace_id);
-- Few run at one time: they are found by their state.
DROP INDEX jobs_leased;
-- By connection, so that a heap of one stands in nobody else's way.
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (connection_id, run_at) WHERE head = 1 AND ready = 0 AND state IN ('queued', 'retrying');
-- Carries what ended deadlines and the flow are counted by, so that the rows need not be visited.
DROP INDEX jobs_finished;
CREATE INDEX jobs_finished ON jobs (state, finished_at, connection_id, org_id, kind, deadline_at) WHERE finished_at IS NOT NULL;
-- The same for deadlines that are still to come. An index of their own was one more to write for each job that comes and ends.
DROP INDEX jobs_late;
DROP INDEX jobs_by_state;
CREATE INDEX jobs_by_state ON jobs (connection_id, state, id, org_id, queued_at, deadline_at, kind);

-- Attempts are the half of what is written: no reference to jobs, which would look for the job again at each insert, and no
-- note of the last id given.
CREATE TABLE attempts_of_jobs (
  id         INTEGER PRIMARY KEY,
  job_id     INTEGER NOT NULL,
  fence      INTEGER NOT NULL,
  outcome    TEXT NOT NULL,
  failure    TEXT,
  sentence   TEXT NOT NULL,
  queue_ms   INTEGER NOT NULL,
  run_ms     INTEGER NOT NULL,
  started_at INTEGER NOT NULL
) STRICT;
INSERT INTO attempts_of_jobs SELECT id, job_id, fence, outcome, failure, sentence, queue_ms, run_ms, started_at FROM attempts;
DROP TABLE attempts;
ALTER TABLE attempts_of_jobs RENAME TO attempts;
CREATE INDEX attempts_by_job ON attempts (job_id);
CREATE TRIGGER attempts_go_with_their_job AFTER DELETE ON jobs BEGIN DELETE FROM attempts WHERE job_id = OLD.id; END;

-- Nearly all are processed when they come in: those that wait for something are few.
DROP INDEX deliveries_by_state;
CREATE INDEX deliveries_received ON deliveries (received_at, id) WHERE state = 'received';
CREATE INDEX deliveries_by_time ON deliveries (received_at, id, connection_id, org_id, state);

CREATE TABLE batches (
  id           TEXT PRIMARY KEY,
  org_id       TEXT NOT NULL,
  title        TEXT NOT NULL,
  state        TEXT NOT NULL,
  filter       TEXT,
  move         TEXT,
  total        INTEGER NOT NULL,
  moved        INTEGER NOT NULL,
  cursor       INTEGER NOT NULL,
  last_job_id  INTEGER NOT NULL,
  who          TEXT NOT NULL,
  reason       TEXT,
  note         TEXT,
  created_at   INTEGER NOT NULL,
  started_at   INTEGER,
  updated_at   INTEGER NOT NULL,
  finished_at  INTEGER,
  final_counts TEXT
) STRICT;
CREATE INDEX batches_by_time ON batches (created_at, id);

CREATE TABLE alerts (
  id            TEXT PRIMARY KEY,
  org_id        TEXT NOT NULL,
  connection_id TEXT,
  kind          TEXT NOT NULL,
  key           TEXT NOT NULL,
  sentence      TEXT NOT NULL,
  opened_at     INTEGER NOT NULL,
  cleared_at    INTEGER
) STRICT;
-- One trouble is said once, whatever the code above does.
CREATE UNIQUE INDEX alerts_open ON alerts (org_id, key) WHERE cleared_at IS NULL;
CREATE INDEX alerts_cleared ON alerts (cleared_at) WHERE cleared_at IS NOT NULL;
`;

export const functions = {
  cause_of: (failure: string | null): string => causeOfLast(toFailure(failure)),
};
