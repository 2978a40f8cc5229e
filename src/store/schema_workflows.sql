-- What a message leaves for the search for processes.
CREATE TABLE trace (
  message_id INTEGER PRIMARY KEY REFERENCES message (message_id) ON DELETE CASCADE,
  cues INTEGER NOT NULL,                  -- bits, see signal/trace.rs
  words BLOB NOT NULL,                    -- hashes of the first 40 words of the sender's text, 4 bytes each
  keys TEXT,                              -- identifiers, blank between; S before those of the subject, T of the text
  fields TEXT,                            -- labels of a form, tab between; a letter for the kind of value before each
  amount_cents INTEGER                    -- the first amount of money
) STRICT;

ALTER TABLE workflow ADD COLUMN standing TEXT NOT NULL DEFAULT 'process'; -- or candidate
ALTER TABLE workflow ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
ALTER TABLE workflow ADD COLUMN owner_address TEXT;                       -- probable, to be confirmed
ALTER TABLE workflow ADD COLUMN entry TEXT;                               -- address or folder
ALTER TABLE workflow ADD COLUMN trigger TEXT;                             -- what starts a run
ALTER TABLE workflow ADD COLUMN template TEXT NOT NULL DEFAULT '';        -- what the runs have in common
ALTER TABLE workflow ADD COLUMN open_cases INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workflow ADD COLUMN p90_hours REAL;
ALTER TABLE workflow ADD COLUMN missed_runs INTEGER;
ALTER TABLE workflow ADD COLUMN target_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE workflow ADD COLUMN evidence TEXT NOT NULL DEFAULT '';

ALTER TABLE workflow_case ADD COLUMN opened_at TEXT;
ALTER TABLE workflow_case ADD COLUMN last_at TEXT;
ALTER TABLE workflow_case ADD COLUMN outcome TEXT;                        -- approved, refused, done, open
ALTER TABLE workflow_case ADD COLUMN amount_cents INTEGER;
ALTER TABLE workflow_case ADD COLUMN variant TEXT NOT NULL DEFAULT '';    -- its activities in order
ALTER TABLE workflow_case ADD COLUMN initiator TEXT;
ALTER TABLE workflow_case ADD COLUMN waiting_on TEXT;
ALTER TABLE workflow_case ADD COLUMN state_folder TEXT;
ALTER TABLE workflow_case ADD COLUMN retired_into INTEGER;

ALTER TABLE workflow_step ADD COLUMN role TEXT;
ALTER TABLE workflow_step ADD COLUMN wait_hours REAL;                     -- since the step before
ALTER TABLE workflow_step ADD COLUMN seen TEXT NOT NULL DEFAULT 'seen';   -- or inferred from its place in the run
CREATE INDEX workflow_step_by_message ON workflow_step (message_id);
CREATE INDEX workflow_case_by_workflow ON workflow_case (workflow_id);

CREATE TABLE workflow_field (
  workflow_id INTEGER NOT NULL REFERENCES workflow (workflow_id),
  ordinal INTEGER NOT NULL,
  label TEXT NOT NULL,
  kind TEXT NOT NULL,                     -- date, amount, number, address, identifier, text
  runs INTEGER NOT NULL,                  -- in which it is filled
  source TEXT NOT NULL,                   -- subject, form, text, attachment
  PRIMARY KEY (workflow_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_transition (
  workflow_id INTEGER NOT NULL REFERENCES workflow (workflow_id),
  from_activity TEXT NOT NULL,
  to_activity TEXT NOT NULL,
  runs INTEGER NOT NULL,
  wait_p50_hours REAL,
  wait_p90_hours REAL,
  condition TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (workflow_id, from_activity, to_activity)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_person (
  workflow_id INTEGER NOT NULL REFERENCES workflow (workflow_id),
  activity TEXT NOT NULL,
  role TEXT NOT NULL,
  actor TEXT NOT NULL,
  steps INTEGER NOT NULL,
  share REAL NOT NULL,                    -- of the steps of this activity
  amount_max_cents INTEGER,               -- of the runs in which this actor did this
  PRIMARY KEY (workflow_id, activity, actor)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_fact (
  workflow_id INTEGER NOT NULL REFERENCES workflow (workflow_id),
  section TEXT NOT NULL,                  -- informed, document, system, outside, volume, deadline, exception, not visible, sample
  ordinal INTEGER NOT NULL,
  sentence TEXT NOT NULL,
  PRIMARY KEY (workflow_id, section, ordinal)
) STRICT, WITHOUT ROWID;
