CREATE TABLE scan (
  scan_id INTEGER PRIMARY KEY,
  inventory_id TEXT NOT NULL,
  roots TEXT NOT NULL,                    -- JSON array of the given paths
  version TEXT NOT NULL,
  rules_sha256 TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  operator TEXT NOT NULL,
  host TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('running', 'done', 'interrupted', 'failed')),
  files_read INTEGER NOT NULL DEFAULT 0,  -- by this run
  messages_read INTEGER NOT NULL DEFAULT 0,
  bytes_read INTEGER NOT NULL DEFAULT 0,
  follow_links INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE file (
  file_id INTEGER PRIMARY KEY,
  parent_file_id INTEGER REFERENCES file (file_id),
  path TEXT NOT NULL,                     -- absolute, lexically normal; bytes that are not UTF-8 as \xFF
  path_bytes BLOB NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  modified_at TEXT,
  sha256 TEXT,
  outcome TEXT NOT NULL,
  format TEXT,
  detail TEXT NOT NULL DEFAULT '',
  mailbox TEXT,
  folder TEXT,
  messages INTEGER NOT NULL DEFAULT 0,
  items INTEGER,                          -- calendars and contacts in an `items` file
  stat TEXT,                              -- device:inode:size:mtime_ns:ctime_ns as it was read
  parsed_with TEXT,                       -- digest of program version, rules and model
  next_serial INTEGER NOT NULL DEFAULT 1,
  resume_offset_bytes INTEGER,            -- end of the last committed frame of a file not read to its end
  resume_sha256 TEXT,                     -- of the bytes before it
  seen_in_scan INTEGER                    -- the last scan that listed it
) STRICT;

CREATE TABLE segment (
  file_id INTEGER NOT NULL REFERENCES file (file_id) ON DELETE CASCADE,
  offset_bytes INTEGER NOT NULL,
  length_bytes INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('separator', 'padding', 'gap', 'other')),
  PRIMARY KEY (file_id, offset_bytes)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  message_id INTEGER PRIMARY KEY,         -- file_id * 2^32 + serial
  file_id INTEGER NOT NULL REFERENCES file (file_id),
  ordinal INTEGER NOT NULL,               -- place in the file, from 1
  offset_bytes INTEGER NOT NULL,
  length_bytes INTEGER NOT NULL,
  frame_offset_bytes INTEGER NOT NULL,
  frame_length_bytes INTEGER NOT NULL,
  stored_sha256 TEXT NOT NULL,
  message_sha256 TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  mailbox TEXT NOT NULL,
  folder TEXT NOT NULL,
  flags TEXT NOT NULL,                    -- sorted IMAP names, blank between
  rfc_message_id TEXT,
  sent_at TEXT,
  sent_at_source TEXT NOT NULL CHECK (sent_at_source IN ('header', 'received', 'envelope', 'none')),
  sent_offset_minutes INTEGER,
  received_at TEXT,
  direction TEXT NOT NULL DEFAULT 'unknown' CHECK (direction IN ('in', 'out', 'internal', 'unknown')),
  sender_kind TEXT NOT NULL,
  from_name TEXT NOT NULL,
  from_address TEXT NOT NULL,
  subject TEXT,
  class TEXT NOT NULL,
  class_score REAL NOT NULL,
  thread_id INTEGER REFERENCES thread (thread_id),
  duplicate_of INTEGER REFERENCES message (message_id),
  present INTEGER NOT NULL CHECK (present IN (0, 1)),
  excerpt TEXT NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,     -- marked as deleted, not yet removed
  text_source TEXT NOT NULL DEFAULT 'none',
  opaque TEXT NOT NULL DEFAULT ''         -- why parts were not looked into, comma between
) STRICT;

CREATE TABLE message_folder (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  folder TEXT NOT NULL,
  PRIMARY KEY (message_id, folder)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipient (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('to', 'cc', 'bcc')),
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (message_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_class (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  class TEXT NOT NULL,
  base_score REAL NOT NULL,
  score REAL NOT NULL,
  PRIMARY KEY (message_id, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_use (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  use TEXT NOT NULL CHECK (use IN ('workflow', 'document', 'task')),
  base_score REAL NOT NULL,
  score REAL NOT NULL,
  PRIMARY KEY (message_id, use)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_signal (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  signal TEXT NOT NULL,
  PRIMARY KEY (message_id, signal)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  subject TEXT NOT NULL,
  signal TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('message', 'discovery', 'review')),
  weight REAL NOT NULL,
  excerpt TEXT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (message_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  attachment_id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  file_name TEXT,
  media_type TEXT NOT NULL,
  detected_type TEXT,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  inline INTEGER NOT NULL,
  opaque TEXT,
  document_id INTEGER REFERENCES document (document_id)
) STRICT;

CREATE TABLE identity (
  message_id INTEGER PRIMARY KEY REFERENCES message (message_id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  headers_sha256 TEXT NOT NULL,
  leaves_sha256 TEXT NOT NULL,
  leaves_nospace_sha256 TEXT NOT NULL,
  text_sha256 TEXT,
  structure_sha256 TEXT NOT NULL,
  residue_sha256 TEXT,
  leaves INTEGER NOT NULL
) STRICT;

CREATE TABLE identity_header (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (message_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE problem (
  problem_id INTEGER PRIMARY KEY,
  file_id INTEGER REFERENCES file (file_id),
  message_id INTEGER REFERENCES message (message_id) ON DELETE CASCADE,
  offset_bytes INTEGER,
  length_bytes INTEGER,
  level TEXT NOT NULL CHECK (level IN ('error', 'warning', 'note')),
  kind TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE document (
  document_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  carrier TEXT NOT NULL CHECK (carrier IN ('attachment', 'body', 'link')),
  family_id INTEGER REFERENCES document_family (family_id),
  version INTEGER,
  copies INTEGER NOT NULL,
  first_seen_at TEXT,
  last_seen_at TEXT,
  name TEXT,
  retired_into INTEGER
) STRICT;

CREATE TABLE document_family (
  family_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  versions INTEGER NOT NULL,
  copies INTEGER NOT NULL,
  current_document_id INTEGER,
  retired_into INTEGER
) STRICT;

CREATE TABLE task (
  task_id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES message (message_id),
  quote TEXT NOT NULL,
  owner TEXT,
  owner_address TEXT,
  due_text TEXT,
  due_on TEXT,
  status TEXT NOT NULL CHECK (status IN ('open', 'done', 'unknown')),
  score REAL NOT NULL,
  retired_into INTEGER
) STRICT;

CREATE TABLE thread (
  thread_id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  messages INTEGER NOT NULL,
  first_at TEXT,
  last_at TEXT
) STRICT;

CREATE TABLE workflow (
  workflow_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  cases INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  people INTEGER NOT NULL,
  first_at TEXT,
  last_at TEXT,
  median_hours REAL,
  cadence TEXT,
  recommended_target TEXT,
  score REAL NOT NULL,
  retired_into INTEGER
) STRICT;

CREATE TABLE workflow_case (
  case_id INTEGER PRIMARY KEY,
  workflow_id INTEGER NOT NULL REFERENCES workflow (workflow_id),
  case_key TEXT NOT NULL,
  status TEXT NOT NULL
) STRICT;

CREATE TABLE workflow_step (
  case_id INTEGER NOT NULL REFERENCES workflow_case (case_id),
  ordinal INTEGER NOT NULL,
  message_id INTEGER NOT NULL REFERENCES message (message_id),
  activity TEXT NOT NULL,
  actor TEXT NOT NULL,
  at TEXT,
  PRIMARY KEY (case_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox (
  mailbox_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  first_at TEXT,
  last_at TEXT,
  folders INTEGER NOT NULL DEFAULT 0,
  attachments INTEGER NOT NULL DEFAULT 0,
  attachment_bytes INTEGER NOT NULL DEFAULT 0,
  largest_message_bytes INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  flagged INTEGER NOT NULL DEFAULT 0,
  problems INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE decision (
  decision_id INTEGER PRIMARY KEY,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('mailbox', 'workflow', 'document_family', 'task')),
  subject_id INTEGER NOT NULL,
  decision TEXT NOT NULL,
  target TEXT,
  owner TEXT,
  note TEXT,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL
) STRICT;

-- Work in progress. All three are empty in a finished inventory.
CREATE TABLE in_flight (                  -- handed to a worker and not yet committed
  file_id INTEGER NOT NULL REFERENCES file (file_id),
  offset_bytes INTEGER NOT NULL,
  length_bytes INTEGER NOT NULL,          -- -1: the whole file
  PRIMARY KEY (file_id, offset_bytes)
) STRICT, WITHOUT ROWID;
CREATE TABLE rescan (                     -- messages of a file read again that no new message has matched yet
  file_id INTEGER NOT NULL,
  stored_sha256 TEXT NOT NULL,
  gone INTEGER NOT NULL,                  -- 1 if it was already absent
  ordinal INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  PRIMARY KEY (file_id, stored_sha256, gone, ordinal, message_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE killer (                     -- messages that killed the program twice
  file_id INTEGER NOT NULL,
  offset_bytes INTEGER NOT NULL,
  PRIMARY KEY (file_id, offset_bytes)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_by_file ON message (file_id, ordinal);
CREATE INDEX file_by_parent ON file (parent_file_id);
CREATE INDEX problem_by_file ON problem (file_id);
CREATE INDEX problem_by_message ON problem (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX attachment_by_message ON attachment (message_id);
CREATE INDEX message_by_original ON message (duplicate_of, mailbox) WHERE duplicate_of IS NOT NULL;

-- Every byte of every regular file that was read, in exactly one row.
CREATE VIEW ledger (path, offset_bytes, length_bytes, kind, message_id) AS
  SELECT f.path, s.offset_bytes, s.length_bytes, s.kind, NULL
    FROM segment s JOIN file f USING (file_id)
  UNION ALL
  SELECT f.path, m.frame_offset_bytes, m.offset_bytes - m.frame_offset_bytes, 'separator', m.message_id
    FROM message m JOIN file f USING (file_id)
    WHERE m.present = 1 AND m.offset_bytes > m.frame_offset_bytes
  UNION ALL
  SELECT f.path, m.offset_bytes, m.length_bytes, 'message', m.message_id
    FROM message m JOIN file f USING (file_id)
    WHERE m.present = 1 AND m.length_bytes > 0
  UNION ALL
  SELECT f.path, m.offset_bytes + m.length_bytes,
         m.frame_offset_bytes + m.frame_length_bytes - m.offset_bytes - m.length_bytes,
         CASE WHEN f.format = 'emlx' THEN 'separator' ELSE 'padding' END, m.message_id
    FROM message m JOIN file f USING (file_id)
    WHERE m.present = 1 AND m.frame_offset_bytes + m.frame_length_bytes > m.offset_bytes + m.length_bytes;

-- The latest decision about each subject.
CREATE VIEW current_decision AS
  SELECT * FROM decision d
  WHERE decision_id = (SELECT max(decision_id) FROM decision e
                       WHERE e.subject_kind = d.subject_kind AND e.subject_id = d.subject_id);

-- Messages as a person reads them.
CREATE VIEW mail AS
  SELECT printf('M%d-%d', m.message_id >> 32, m.message_id & 4294967295) AS id,
         m.mailbox, m.folder, m.sent_at, m.from_address, m.subject, m.class, round(m.class_score, 2) AS score,
         (SELECT group_concat(use, ' ') FROM message_use u WHERE u.message_id = m.message_id) AS uses,
         (SELECT group_concat(address, ' ') FROM recipient r WHERE r.message_id = m.message_id) AS recipients,
         (SELECT count(*) FROM attachment a WHERE a.message_id = m.message_id) AS attachments,
         m.length_bytes AS size_bytes, m.duplicate_of IS NOT NULL AS is_copy, f.path, m.offset_bytes
    FROM message m JOIN file f USING (file_id) WHERE m.present = 1;

-- Why each message was read as it was, strongest first within a message.
CREATE VIEW why AS
  SELECT printf('M%d-%d', e.message_id >> 32, e.message_id & 4294967295) AS id,
         e.subject, e.signal, round(e.weight, 2) AS weight, e.excerpt, e.place, e.origin
    FROM evidence e ORDER BY e.message_id, abs(e.weight) DESC;

-- Problems with the path they concern, errors first.
CREATE VIEW trouble AS
  SELECT p.level, p.kind, f.path,
         CASE WHEN p.message_id IS NOT NULL
              THEN printf('M%d-%d', p.message_id >> 32, p.message_id & 4294967295) END AS id,
         p.offset_bytes, p.length_bytes, p.detail
    FROM problem p LEFT JOIN file f ON f.file_id = p.file_id
    ORDER BY CASE p.level WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.path, p.offset_bytes;
