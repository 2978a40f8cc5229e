-- What says to which conversation a message belongs, beside its References. No row where nothing does.
CREATE TABLE conversation (
  message_id INTEGER PRIMARY KEY REFERENCES message (message_id) ON DELETE CASCADE,
  gmail_thread TEXT,                      -- X-GM-THRID
  outlook_index TEXT,                     -- the GUID of Thread-Index, hex
  opening BLOB,                           -- digests of the first 5 and 10 words of the sender's text, 8 bytes each
  quoted BLOB                             -- the same of each quoted text, outermost first, at most 4
) STRICT;

ALTER TABLE thread ADD COLUMN joined_by TEXT NOT NULL DEFAULT 'alone'; -- the weakest reason that holds it together
ALTER TABLE thread ADD COLUMN letters INTEGER NOT NULL DEFAULT 0;      -- messages without their copies
ALTER TABLE thread ADD COLUMN mailboxes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread ADD COLUMN ghosts INTEGER NOT NULL DEFAULT 0;       -- messages that are referred to and are not here
ALTER TABLE thread ADD COLUMN retired_into INTEGER;                    -- NULL for the threads that are
ALTER TABLE message ADD COLUMN joined_by TEXT;                         -- why it is in its thread
CREATE INDEX message_by_thread ON message (thread_id) WHERE thread_id IS NOT NULL;
