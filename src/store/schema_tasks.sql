-- Tasks: what a message asks for, as it was read while scanning, and what the whole mail says of it.

-- Things to do that one message names. Bounded for each message; no other text is kept.
CREATE TABLE action (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,               -- in the order of the text, from 1
  kind TEXT NOT NULL CHECK (kind IN ('request', 'commitment', 'note', 'todo')),
  quote TEXT NOT NULL,                    -- the exact words
  quote_sha256 TEXT NOT NULL,             -- of its words in lower case, without marks and white space
  place TEXT NOT NULL,                    -- as evidence.place
  owner TEXT NOT NULL,                    -- recipient, sender, or a name
  owner_address TEXT,                     -- where one person of the message fits
  due_text TEXT,
  due_kind TEXT,                          -- day, week, month, order, ambiguous, event, vague
  due_on TEXT,                            -- 2001-05-14: the last day on which it is in time
  due_at TEXT,                            -- 17:00, by the sender's clock
  due_day_first TEXT,                     -- for `order`: the day if the first number is the day
  due_month_first TEXT,                   -- and if it is the month
  score REAL NOT NULL,
  PRIMARY KEY (message_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Words of an answer by which what was asked before may be done.
CREATE TABLE closing (
  message_id INTEGER NOT NULL REFERENCES message (message_id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('done', 'delivered', 'decided')),
  words TEXT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (message_id, kind)
) STRICT, WITHOUT ROWID;

-- Dates in the sender's words that can be read in one order only, such as 30/11. No row where there are none.
CREATE TABLE date_order (
  message_id INTEGER PRIMARY KEY REFERENCES message (message_id) ON DELETE CASCADE,
  day_first INTEGER NOT NULL,
  month_first INTEGER NOT NULL
) STRICT;

-- Where the words of a task stand: its own message first, then copies and repetitions.
CREATE TABLE task_message (
  task_id INTEGER NOT NULL REFERENCES task (task_id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (message_id),
  quote_sha256 TEXT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (task_id, message_id, quote_sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_message_by_message ON task_message (message_id);

ALTER TABLE task ADD COLUMN kind TEXT NOT NULL DEFAULT 'request';     -- request, commitment, note, todo, draft, flagged
ALTER TABLE task ADD COLUMN asked_by TEXT;                            -- address of who wrote it
ALTER TABLE task ADD COLUMN asked_at TEXT;                            -- when
ALTER TABLE task ADD COLUMN place TEXT;                               -- as evidence.place
ALTER TABLE task ADD COLUMN due_kind TEXT;                            -- as action.due_kind
ALTER TABLE task ADD COLUMN due_at TEXT;                              -- 17:00, by the sender's clock
ALTER TABLE task ADD COLUMN due_reading TEXT;                         -- the other day that the words can mean
ALTER TABLE task ADD COLUMN age_days INTEGER;                         -- from the message to the newest one of the export
ALTER TABLE task ADD COLUMN copies INTEGER NOT NULL DEFAULT 1;        -- messages that hold it
ALTER TABLE task ADD COLUMN status_why TEXT;                          -- in words
ALTER TABLE task ADD COLUMN status_message_id INTEGER REFERENCES message (message_id); -- the message that says so
ALTER TABLE task ADD COLUMN status_words TEXT;                        -- its words
ALTER TABLE task ADD COLUMN status_place TEXT;                        -- and where they stand
ALTER TABLE task ADD COLUMN status_at TEXT;                           -- its date
CREATE INDEX task_by_message ON task (message_id);

-- `setting` has `open_days`, the age in days from which a task is no longer called open.
