-- States that letters name themselves: a word in the subjects of a program, the mark of a file's version.

CREATE TABLE workflow_state_2 (
  workflow_id INTEGER NOT NULL REFERENCES workflow (workflow_id),
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'keyword', 'subject', 'version')),
  mailbox TEXT NOT NULL,
  label TEXT NOT NULL,                    -- the folder, keyword, words of the subject, or mark of the version
  runs INTEGER NOT NULL,                  -- whose last message is there, or is the last that names one
  open_runs INTEGER NOT NULL,
  is_last INTEGER NOT NULL,               -- runs that are over lie here
  PRIMARY KEY (workflow_id, ordinal)
) STRICT, WITHOUT ROWID;
INSERT INTO workflow_state_2 SELECT * FROM workflow_state;
DROP TABLE workflow_state;
ALTER TABLE workflow_state_2 RENAME TO workflow_state;
