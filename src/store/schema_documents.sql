-- Documents: what lies in mail as attachments, as texts, and as links to elsewhere.

ALTER TABLE attachment ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;  -- a container whose files all have rows of their own

-- Links to documents and file shares in the sender's own words and in what is passed on. At most 50 a message.
CREATE TABLE document_link (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('url', 'unc', 'drive')),
  target TEXT NOT NULL,                   -- as written
  host TEXT NOT NULL,
  sha256 TEXT NOT NULL,                   -- of the target
  document_id INTEGER REFERENCES document (document_id),
  PRIMARY KEY (message_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Files that a message speaks of and does not hold.
CREATE TABLE missing_file (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('promised', 'named', 'stripped', 'mentioned')),
  name TEXT,
  PRIMARY KEY (message_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Messages whose own text is the document. Made anew by every discovery.
CREATE TABLE document_body (
  message_id INTEGER PRIMARY KEY REFERENCES message (message_id) ON DELETE CASCADE,
  document_id INTEGER NOT NULL REFERENCES document (document_id)
) STRICT;

ALTER TABLE document ADD COLUMN kind TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE document ADD COLUMN kind_evidence TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN flag TEXT;              -- executable, macro, encrypted: the target may refuse it
ALTER TABLE document ADD COLUMN listed_apart TEXT;      -- why it is no document of its own: letter paper, tracker
ALTER TABLE document ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN mailboxes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN self_filed INTEGER NOT NULL DEFAULT 0;  -- copies that somebody mailed to himself
ALTER TABLE document ADD COLUMN branch TEXT;            -- whose or which line of work within the family
ALTER TABLE document ADD COLUMN joined_by TEXT NOT NULL DEFAULT '';     -- why it is in its family
ALTER TABLE document_family ADD COLUMN relation TEXT NOT NULL DEFAULT 'single'
  CHECK (relation IN ('single', 'versions', 'series'));
ALTER TABLE document_family ADD COLUMN current_why TEXT NOT NULL DEFAULT '';
ALTER TABLE document_family ADD COLUMN branches TEXT NOT NULL DEFAULT '';
ALTER TABLE document_family ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;        -- of its versions, each once

CREATE INDEX IF NOT EXISTS document_by_sha256 ON document (sha256);
CREATE INDEX document_by_family ON document (family_id);
CREATE INDEX attachment_by_document ON attachment (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX document_link_by_document ON document_link (document_id) WHERE document_id IS NOT NULL;

-- Where every document lies, whatever carries it.
CREATE VIEW document_copy (document_id, message_id, part, name, inline, opaque) AS
  SELECT a.document_id, a.message_id, a.part, a.file_name, a.inline, a.opaque
    FROM attachment a JOIN message m USING (message_id) WHERE m.present = 1 AND a.document_id IS NOT NULL
  UNION ALL
  SELECT b.document_id, b.message_id, 'TEXT', m.subject, 0, NULL
    FROM document_body b JOIN message m USING (message_id) WHERE m.present = 1
  UNION ALL
  SELECT l.document_id, l.message_id, 'LINK', l.target, 0, NULL
    FROM document_link l JOIN message m USING (message_id) WHERE m.present = 1 AND l.document_id IS NOT NULL;
