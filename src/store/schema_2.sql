-- How a message came, where its headers say anything of it. One row a message at most.
CREATE TABLE transport (
  message_id INTEGER PRIMARY KEY REFERENCES message (message_id) ON DELETE CASCADE,
  first_hop_host TEXT,                    -- the machine that handed the mail over first, as the oldest usable Received says
  first_hop_ip TEXT,
  first_hop_internal INTEGER,             -- 1 a private address or an inside name, 0 a public one
  mailer TEXT,                            -- X-Mailer or User-Agent
  sender_address TEXT,                    -- Sender, where it is not From
  reply_to TEXT,                          -- the first, where it is not From
  delivered_to TEXT,                      -- Delivered-To, X-Original-To, Envelope-To; blank between
  list_id TEXT,
  automatic TEXT,                         -- generated, replied, bulk, list: what the headers say of themselves
  return_path TEXT,                       -- '' for the null sender
  forwarded TEXT,                         -- Resent-From, Resent-To, X-Forwarded-For, X-Forwarded-To; blank between
  in_reply_to TEXT                        -- the first id
) STRICT;

-- What was given with the scan; each is replaced when it is given again.
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE own_domain (
  domain TEXT PRIMARY KEY,
  origin TEXT NOT NULL CHECK (origin IN ('given', 'inferred')),
  evidence TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE expectation (
  expectation_id INTEGER PRIMARY KEY,
  origin TEXT NOT NULL CHECK (origin IN ('roster', 'count file')),
  path TEXT NOT NULL,
  line INTEGER NOT NULL,
  address TEXT NOT NULL,
  person TEXT,
  status TEXT,
  aliases TEXT NOT NULL DEFAULT '',       -- blank between
  expected_items INTEGER,
  expected_bytes INTEGER,
  hold TEXT
) STRICT;

CREATE TABLE engagement (
  engagement_id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  client TEXT,
  received_from TEXT,
  received_at TEXT,
  medium TEXT,
  hash_list TEXT,
  hash_list_sha256 TEXT
) STRICT;

CREATE TABLE supplied_digest (            -- the delivery's own list, and delivered files that are not on it
  path TEXT PRIMARY KEY,                  -- as written; absolute for files that are not on the list
  algorithm TEXT,
  digest TEXT,
  file_id INTEGER REFERENCES file (file_id),
  outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'differs', 'missing', 'not on the list', 'not checked'))
) STRICT, WITHOUT ROWID;

-- The estate. Ids stay with the key that is UNIQUE; rows that no longer hold stay with messages = 0.
CREATE TABLE coverage (
  address TEXT PRIMARY KEY,
  person TEXT,
  status TEXT,
  on_roster INTEGER,
  mailbox TEXT,
  delivered TEXT NOT NULL,
  expected_items INTEGER,
  found_items INTEGER,
  expected_bytes INTEGER,
  found_bytes INTEGER,
  hold TEXT,
  holes TEXT,
  evidence TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hole (
  hole_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('empty time', 'missing internal mail', 'no sent mail', 'delivered short',
                                     'mailbox not delivered')),
  address TEXT,
  mailbox TEXT,
  from_on TEXT,                           -- days
  to_on TEXT,
  expected INTEGER,
  found INTEGER,
  sentence TEXT NOT NULL
) STRICT;

ALTER TABLE mailbox ADD COLUMN address TEXT;
ALTER TABLE mailbox ADD COLUMN custodian TEXT;
ALTER TABLE mailbox ADD COLUMN evidence TEXT NOT NULL DEFAULT '';
ALTER TABLE mailbox ADD COLUMN last_received_at TEXT;
ALTER TABLE mailbox ADD COLUMN last_sent_at TEXT;
ALTER TABLE mailbox ADD COLUMN empty_months INTEGER;
ALTER TABLE mailbox ADD COLUMN single_copy_documents INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN replies_to_unknown INTEGER NOT NULL DEFAULT 0;

CREATE TABLE folder (
  folder_id INTEGER PRIMARY KEY,
  mailbox TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL DEFAULT 'unknown',
  evidence TEXT NOT NULL DEFAULT '',
  messages INTEGER NOT NULL DEFAULT 0,
  UNIQUE (mailbox, name)
) STRICT;

CREATE TABLE system (
  system_id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  pattern TEXT NOT NULL,                  -- '' for all its mail, else the masked subject that sets it apart
  name TEXT,
  kind TEXT NOT NULL,
  evidence TEXT NOT NULL,
  direction TEXT NOT NULL,
  first_hop TEXT,
  first_hop_internal INTEGER,
  mailer TEXT,
  recipients TEXT,
  recipient_count INTEGER NOT NULL DEFAULT 0,
  messages INTEGER NOT NULL,
  cadence TEXT NOT NULL,
  cadence_evidence TEXT NOT NULL DEFAULT '',
  first_at TEXT,
  last_at TEXT,
  missed_runs INTEGER,
  missed_on TEXT,
  may_break TEXT,
  subjects TEXT,
  score REAL NOT NULL,
  UNIQUE (address, pattern)
) STRICT;

CREATE TABLE system_message (
  system_id INTEGER NOT NULL REFERENCES system (system_id),
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  PRIMARY KEY (system_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE address (
  address_id INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE,
  name TEXT,
  kind TEXT NOT NULL,
  evidence TEXT NOT NULL DEFAULT '',
  mailbox TEXT,
  sent INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  outside_senders INTEGER NOT NULL DEFAULT 0,
  last_received_at TEXT,
  last_sent_at TEXT,
  delivered_to TEXT,
  sent_on_behalf_of TEXT
) STRICT;

CREATE TABLE partner (
  partner_id INTEGER PRIMARY KEY,
  domain TEXT NOT NULL,                   -- the address itself at a provider of free mail
  our_address TEXT NOT NULL,
  messages_in INTEGER NOT NULL DEFAULT 0,
  messages_out INTEGER NOT NULL DEFAULT 0,
  files_in INTEGER NOT NULL DEFAULT 0,
  files_out INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  first_at TEXT,
  last_at TEXT,
  file_transfer TEXT,
  tell_before_the_move TEXT,
  evidence TEXT NOT NULL DEFAULT '',
  UNIQUE (domain, our_address)
) STRICT;

CREATE TABLE rule_seen (
  rule_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  mailbox TEXT,
  subject TEXT NOT NULL,                  -- who or what the rule is about
  target TEXT NOT NULL DEFAULT '',
  messages INTEGER,
  of_messages INTEGER,
  first_at TEXT,
  last_at TEXT,
  sentence TEXT NOT NULL,
  UNIQUE (kind, mailbox, subject, target)
) STRICT;

CREATE TABLE person (
  person_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  main_address TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE person_address (
  person_id INTEGER NOT NULL REFERENCES person (person_id),
  address TEXT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (person_id, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_name (
  person_id INTEGER NOT NULL REFERENCES person (person_id),
  name TEXT NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (person_id, name)
) STRICT, WITHOUT ROWID;

ALTER TABLE scan ADD COLUMN estate_ms INTEGER;  -- time the estate took

-- A decision may be about a system, an address or a partner, too.
DROP VIEW current_decision;
CREATE TABLE decision_2 (
  decision_id INTEGER PRIMARY KEY,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('mailbox', 'workflow', 'document_family', 'task', 'system', 'address',
                                                     'partner', 'folder')),
  subject_id INTEGER NOT NULL,
  decision TEXT NOT NULL,
  target TEXT,
  owner TEXT,
  note TEXT,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL
) STRICT;
INSERT INTO decision_2 SELECT * FROM decision;
DROP TABLE decision;
ALTER TABLE decision_2 RENAME TO decision;
CREATE VIEW current_decision AS
  SELECT * FROM decision d
  WHERE decision_id = (SELECT max(decision_id) FROM decision e
                       WHERE e.subject_kind = d.subject_kind AND e.subject_id = d.subject_id);
