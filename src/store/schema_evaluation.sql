-- What `mailcensus eval --labels` found: how far the readings of this inventory can be trusted. Append only.
CREATE TABLE evaluation (
  evaluation_id INTEGER PRIMARY KEY,
  labels_sha256 TEXT NOT NULL,            -- of the file of labels
  labels INTEGER NOT NULL,                -- in the file
  matched INTEGER NOT NULL,               -- found in the inventory and compared
  correct INTEGER NOT NULL,               -- of these, read as labelled
  accuracy REAL NOT NULL,                 -- weighted by stratum if weighted = 1
  accuracy_low REAL NOT NULL,             -- 95 % confidence
  accuracy_high REAL NOT NULL,
  macro_f1 REAL,
  weighted INTEGER NOT NULL CHECK (weighted IN (0, 1)),
  rules_sha256 TEXT NOT NULL,             -- of the scan whose readings were compared
  model_sha256 TEXT NOT NULL,
  evaluated_at TEXT NOT NULL
) STRICT;
