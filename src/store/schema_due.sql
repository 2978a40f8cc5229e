-- The day by which something is wanted, as far as a message names one.
ALTER TABLE trace ADD COLUMN due_on TEXT;
ALTER TABLE trace ADD COLUMN due_firm INTEGER NOT NULL DEFAULT 0;  -- it is said to be a limit: "by", "due"
