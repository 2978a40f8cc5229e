-- What the dossier of a process says beyond its runs: states, and what steps take and give.

ALTER TABLE workflow_case ADD COLUMN due_on TEXT;   -- the day by which the last step that names one asks for it

CREATE TABLE workflow_state (
  workflow_id INTEGER NOT NULL REFERENCES workflow (workflow_id),
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'keyword')),
  mailbox TEXT NOT NULL,
  label TEXT NOT NULL,                    -- the folder or keyword
  runs INTEGER NOT NULL,                  -- whose last message is there
  open_runs INTEGER NOT NULL,
  is_last INTEGER NOT NULL,               -- runs that are over lie here
  PRIMARY KEY (workflow_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_activity (
  workflow_id INTEGER NOT NULL REFERENCES workflow (workflow_id),
  activity TEXT NOT NULL,
  input TEXT NOT NULL,                    -- what it follows, and the files that come with that
  output TEXT NOT NULL,                   -- the files that it carries, and what follows
  wait_p50_hours REAL,
  wait_p90_hours REAL,
  PRIMARY KEY (workflow_id, activity)
) STRICT, WITHOUT ROWID;
