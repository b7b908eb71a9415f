/** SQL lives in modules, so that the compiled program finds it wherever it is put. Times are epoch ms, JSON columns are text. */
export const first = `
CREATE TABLE jobs (
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
                CHECK (state IN ('queued', 'running', 'retrying', 'blocked', 'dead', 'done', 'cancelled')),
  -- In front of its ordering key: it runs, or nothing of the key runs and no holder of the key is older.
  head          INTEGER NOT NULL CHECK (head IN (0, 1)),
  -- A head that was found due and is not claimed: the only rows a claim looks at.
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
  CHECK (state <> 'running' OR (head = 1 AND ready = 0 AND lease_until IS NOT NULL))
) STRICT;

-- Two of one key can never run together, whatever the code above does.
CREATE UNIQUE INDEX jobs_head ON jobs (org_id, ordering_key) WHERE head = 1;
CREATE INDEX jobs_behind ON jobs (org_id, ordering_key, id) WHERE head = 0 AND state IN ('queued', 'retrying');
CREATE INDEX jobs_ready ON jobs (connection_id, priority, id) WHERE ready = 1;
CREATE INDEX jobs_ready_by_deadline ON jobs (connection_id, deadline_at, id) WHERE ready = 1 AND deadline_at IS NOT NULL;
CREATE INDEX jobs_due ON jobs (run_at) WHERE head = 1 AND ready = 0 AND state IN ('queued', 'retrying');
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX jobs_blocked_on ON jobs (blocked_on) WHERE blocked_on IS NOT NULL;
CREATE INDEX jobs_blocked_until ON jobs (blocked_until) WHERE blocked_until IS NOT NULL;
CREATE INDEX jobs_coalesce ON jobs (org_id, coalesce_key, id)
  WHERE coalesce_key IS NOT NULL AND state IN ('queued', 'retrying', 'blocked', 'dead');
-- Carries what counts and statistics ask for, so that they need not visit the rows.
CREATE INDEX jobs_by_state ON jobs (connection_id, state, id, org_id, queued_at);
CREATE INDEX jobs_by_subject ON jobs (subject, org_id);
CREATE INDEX jobs_finished ON jobs (state, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_late ON jobs (connection_id, deadline_at, org_id) WHERE deadline_at IS NOT NULL AND finished_at IS NULL;

CREATE TABLE attempts (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id     INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  fence      INTEGER NOT NULL,
  outcome    TEXT NOT NULL,
  failure    TEXT,
  sentence   TEXT NOT NULL,
  queue_ms   INTEGER NOT NULL,
  run_ms     INTEGER NOT NULL,
  started_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_job ON attempts (job_id);

-- No reference to jobs: the activity outlives them.
CREATE TABLE activity (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id        TEXT NOT NULL,
  connection_id TEXT,
  job_id        INTEGER,
  subject       TEXT NOT NULL,
  who           TEXT NOT NULL,
  what          TEXT NOT NULL,
  why           TEXT,
  before        TEXT,
  after         TEXT,
  at            INTEGER NOT NULL
) STRICT;
CREATE INDEX activity_by_job ON activity (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX activity_by_subject ON activity (subject);
CREATE INDEX activity_by_time ON activity (at);

CREATE TABLE deliveries (
  id            TEXT PRIMARY KEY,
  org_id        TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  dedupe_key    TEXT NOT NULL,
  topic         TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('received', 'processed', 'dead', 'ignored')),
  note          TEXT,
  received_at   INTEGER NOT NULL,
  duplicates    INTEGER NOT NULL,
  body          BLOB,
  UNIQUE (connection_id, dedupe_key)
) STRICT;
CREATE INDEX deliveries_by_state ON deliveries (state, received_at);
CREATE INDEX deliveries_with_body ON deliveries (received_at) WHERE body IS NOT NULL;

CREATE TABLE records (
  org_id        TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  type          TEXT NOT NULL,
  remote_id     TEXT NOT NULL,
  modified_at   TEXT NOT NULL,
  sequence      INTEGER NOT NULL,
  fingerprint   TEXT NOT NULL,
  body          TEXT,
  lookup        TEXT,
  final         INTEGER NOT NULL CHECK (final IN (0, 1)),
  updated_at    INTEGER NOT NULL,
  UNIQUE (connection_id, type, remote_id)
) STRICT;
CREATE INDEX records_by_lookup ON records (connection_id, type, lookup) WHERE lookup IS NOT NULL;
CREATE INDEX records_open ON records (connection_id, type, remote_id) WHERE final = 0;
CREATE INDEX records_to_cut ON records (updated_at) WHERE final = 1 AND body IS NOT NULL;

CREATE TABLE mappings (
  org_id           TEXT NOT NULL,
  connection_id    TEXT NOT NULL,
  type             TEXT NOT NULL,
  local_id         TEXT NOT NULL,
  remote_id        TEXT,
  state            TEXT NOT NULL CHECK (state IN ('intended', 'known')),
  sent_fingerprint TEXT,
  remote_label     TEXT,
  origin           TEXT NOT NULL,
  accepted         TEXT,
  store_status     TEXT,
  known_at         INTEGER,
  updated_at       INTEGER NOT NULL,
  PRIMARY KEY (connection_id, type, local_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX mappings_by_remote ON mappings (connection_id, type, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX mappings_known ON mappings (type, known_at) WHERE known_at IS NOT NULL;

CREATE TABLE facts (
  fact   TEXT PRIMARY KEY,
  org_id TEXT NOT NULL,
  source TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settlements (
  org_id        TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  subject       TEXT NOT NULL,
  kind          TEXT NOT NULL,
  reason        TEXT NOT NULL,
  "by"          TEXT NOT NULL,
  at            INTEGER NOT NULL,
  PRIMARY KEY (connection_id, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE overrides (
  org_id        TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  subject       TEXT NOT NULL,
  field         TEXT NOT NULL,
  value         TEXT NOT NULL,
  source_value  TEXT NOT NULL,
  "by"          TEXT NOT NULL,
  reason        TEXT NOT NULL,
  at            INTEGER NOT NULL,
  PRIMARY KEY (connection_id, subject, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE connections (
  id              TEXT PRIMARY KEY,
  org_id          TEXT NOT NULL,
  platform        TEXT NOT NULL,
  name            TEXT NOT NULL,
  store_id        TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('active', 'paused')),
  pause_reason    TEXT,
  paused_by       TEXT,
  settings        TEXT NOT NULL,
  breaker         TEXT NOT NULL,
  -- Of an open breaker only, beside its JSON, because the next due moment is looked up by it.
  probe_at        INTEGER,
  starts_at       INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  last_success_at INTEGER,
  last_failure    TEXT
) STRICT;

CREATE TABLE credentials (
  connection_id TEXT PRIMARY KEY,
  sealed        BLOB NOT NULL,
  key_id        TEXT NOT NULL,
  version       INTEGER NOT NULL
) STRICT;

CREATE TABLE schedules (
  name          TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  every_ms      INTEGER NOT NULL,
  next_at       INTEGER NOT NULL,
  last_at       INTEGER,
  last_job_id   INTEGER,
  PRIMARY KEY (name, connection_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_runs (
  connection_id TEXT NOT NULL,
  epoch         TEXT NOT NULL,
  first         INTEGER NOT NULL,
  contiguous    INTEGER NOT NULL,
  highest       INTEGER NOT NULL,
  PRIMARY KEY (connection_id, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_seen (
  connection_id TEXT NOT NULL,
  epoch         TEXT NOT NULL,
  sequence      INTEGER NOT NULL,
  uuid          TEXT NOT NULL,
  seen_at       INTEGER NOT NULL,
  PRIMARY KEY (connection_id, epoch, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_seen_by_time ON outbox_seen (seen_at);

CREATE TABLE tokens (
  id         TEXT PRIMARY KEY,
  org_id     TEXT NOT NULL,
  name       TEXT NOT NULL,
  hash       TEXT NOT NULL UNIQUE,
  role       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE pairing_codes (
  code_hash  TEXT PRIMARY KEY,
  org_id     TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER
) STRICT;

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
