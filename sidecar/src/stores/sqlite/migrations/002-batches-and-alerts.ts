/** Batches, alerts, and what the failures of jobs have in common. */
import { causeOfLast } from '../../../domain/cause.js';
import { toFailure } from '../job-row.js';

export const batchesAndAlerts = `
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

-- A list of more than two that is checked at each write becomes a table of its own first, each time: a third of what it cost to
-- end a run. Lists of two are compared.
CREATE TABLE all_jobs (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id        TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  kind          TEXT NOT NULL,
  subject       TEXT NOT NULL,
  ordering_key  TEXT NOT NULL,
  coalesce_key  TEXT,
  priority      INTEGER NOT NULL,
  run_at        INTEGER NOT NULL,
  deadline_at   INTEGER,
  payload       TEXT NOT NULL,
  trace_id      TEXT NOT NULL,
  origin        TEXT NOT NULL,
  state         TEXT NOT NULL
                CHECK (state IN ('queued', 'running') OR state IN ('retrying', 'blocked') OR state IN ('dead', 'done')
                       OR state = 'cancelled'),
  head          INTEGER NOT NULL CHECK (head IN (0, 1)),
  ready         INTEGER NOT NULL CHECK (ready IN (0, 1) AND ready <= head),
  attempts      INTEGER NOT NULL,
  fence         INTEGER NOT NULL,
  lease_until   INTEGER,
  owner         TEXT,
  claimed_at    INTEGER,
  blocked_on    TEXT,
  blocked_until INTEGER,
  last_failure  TEXT,
  sentence      TEXT,
  settled_by    TEXT,
  first_dead_at INTEGER,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  queued_at     INTEGER NOT NULL,
  finished_at   INTEGER,
  batch_id      TEXT,
  -- Of last_failure, as causeOf names it; '' without one.
  cause         TEXT NOT NULL DEFAULT '',
  CHECK (state <> 'running' OR (head = 1 AND ready = 0 AND lease_until IS NOT NULL))
) STRICT;
INSERT INTO all_jobs
  SELECT *, payload ->> 'batchId', CASE WHEN last_failure IS NULL THEN '' ELSE cause_of(last_failure) END FROM jobs;
-- The last id given, also to jobs that are gone.
DELETE FROM sqlite_sequence WHERE name = 'all_jobs';
INSERT INTO sqlite_sequence (name, seq) SELECT 'all_jobs', seq FROM sqlite_sequence WHERE name = 'jobs';
DROP TABLE jobs;
ALTER TABLE all_jobs RENAME TO jobs;
CREATE TRIGGER attempts_go_with_their_job AFTER DELETE ON jobs BEGIN DELETE FROM attempts WHERE job_id = OLD.id; END;

-- Two of one key can never run together, whatever the code above does.
CREATE UNIQUE INDEX jobs_head ON jobs (org_id, ordering_key) WHERE head = 1;
CREATE INDEX jobs_behind ON jobs (org_id, ordering_key, id) WHERE head = 0 AND state IN ('queued', 'retrying');
CREATE INDEX jobs_ready ON jobs (connection_id, priority, id) WHERE ready = 1;
CREATE INDEX jobs_ready_by_deadline ON jobs (connection_id, deadline_at, id) WHERE ready = 1 AND deadline_at IS NOT NULL;
-- By connection, so that a heap of one stands in nobody else's way.
CREATE INDEX jobs_due ON jobs (connection_id, run_at) WHERE head = 1 AND ready = 0 AND state IN ('queued', 'retrying');
CREATE INDEX jobs_blocked_on ON jobs (blocked_on) WHERE blocked_on IS NOT NULL;
CREATE INDEX jobs_blocked_until ON jobs (blocked_until) WHERE blocked_until IS NOT NULL;
CREATE INDEX jobs_coalesce ON jobs (org_id, coalesce_key, id)
  WHERE coalesce_key IS NOT NULL AND (state IN ('queued', 'retrying') OR state IN ('blocked', 'dead'));
-- Carries what counts, statistics and deadlines that are still to come are counted by, so that the rows need not be visited. What
-- runs is few, and found here too.
CREATE INDEX jobs_by_state ON jobs (connection_id, state, id, org_id, queued_at, deadline_at, kind);
CREATE INDEX jobs_by_subject ON jobs (subject, org_id);
-- The same for what has ended.
CREATE INDEX jobs_finished ON jobs (state, finished_at, connection_id, org_id, kind, deadline_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_by_batch ON jobs (batch_id, state) WHERE batch_id IS NOT NULL;
CREATE INDEX jobs_dead ON jobs (connection_id, kind, cause, finished_at, org_id) WHERE state = 'dead';
-- Our own ids begin with the time, so a new one is written at the end, where the page of the last one lies ready.
CREATE INDEX jobs_by_trace ON jobs (trace_id);

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
