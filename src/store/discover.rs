//! Set-wise steps over the whole inventory. Each replaces what an earlier run of it wrote.

use rusqlite::Result;

use super::Inventory;

impl Inventory {
    /// Sets `duplicate_of` to the smallest present id of equal fingerprint. A message that lacks a leaf or a date must
    /// be equal to the byte, or two empty messages would be one.
    pub fn find_duplicates(&self) -> Result<()> {
        self.db.execute_batch(
            "DROP TABLE IF EXISTS temp.first_copy;
             CREATE TEMP TABLE first_copy AS
               SELECT message_id,
                      first_value(message_id) OVER (
                        PARTITION BY fingerprint,
                          CASE WHEN leaves = 0 OR sent_at_source <> 'header' THEN message_sha256 END
                        ORDER BY message_id) AS first_id
               FROM message JOIN identity USING (message_id) WHERE present = 1;
             UPDATE message SET duplicate_of = NULL WHERE duplicate_of IS NOT NULL;
             UPDATE message SET duplicate_of = f.first_id
               FROM first_copy f WHERE f.message_id = message.message_id AND f.first_id <> f.message_id;
             DROP TABLE temp.first_copy;",
        )
    }

    /// Sets `direction` by the client's domains and their subdomains, as they stand in `own_domain`.
    pub fn find_directions(&self) -> Result<()> {
        self.db.execute_batch(
            "DROP TABLE IF EXISTS temp.own_side;
             CREATE TEMP TABLE own_side (domain TEXT PRIMARY KEY) WITHOUT ROWID;
             INSERT OR IGNORE INTO own_side SELECT domain FROM own_domain;",
        )?;
        self.add_subdomains()?;
        self.db.execute_batch(
            "UPDATE message SET direction = 'unknown' WHERE direction <> 'unknown';
             UPDATE message SET direction = d.direction FROM (
               SELECT m.message_id,
                 CASE WHEN f.domain IS NULL THEN CASE WHEN r.own > 0 THEN 'in' ELSE 'unknown' END
                      WHEN r.foreign_count > 0 THEN 'out'
                      WHEN r.own > 0 THEN 'internal'
                      ELSE 'unknown' END AS direction
               FROM message m
               LEFT JOIN own_side f
                 ON f.domain = lower(substr(m.from_address, instr(m.from_address, '@') + 1))
               JOIN (SELECT message_id,
                            count(o.domain) AS own,
                            count(*) - count(o.domain) AS foreign_count
                     FROM recipient
                     LEFT JOIN own_side o ON o.domain = lower(substr(address, instr(address, '@') + 1))
                     GROUP BY message_id) r USING (message_id)
               WHERE m.present = 1 AND instr(m.from_address, '@') > 0) d
             WHERE d.message_id = message.message_id AND d.direction <> 'unknown';
             DROP TABLE temp.own_side;",
        )
    }

    /// Adds the domains of senders and mailboxes that lie under one of the client's.
    fn add_subdomains(&self) -> Result<()> {
        self.db.execute_batch(
            "INSERT OR IGNORE INTO own_side
               SELECT s.domain FROM (
                 SELECT DISTINCT lower(substr(from_address, instr(from_address, '@') + 1)) AS domain
                 FROM message WHERE present = 1) s
               JOIN own_domain o ON s.domain LIKE '%.' || o.domain;",
        )
    }

    /// Gives attachments that Apple Mail keeps in files of their own (`Attachments/ID/PART/` beside the `Messages` of
    /// `ID.partial.emlx`) the size and digest of those files; `opaque` says `beside`.
    pub fn find_attachments_beside(&self) -> Result<()> {
        self.db.execute_batch(
            "DROP TABLE IF EXISTS temp.beside;
             CREATE TEMP TABLE beside AS
               SELECT rtrim(path, replace(path, '/', '')) AS folder, min(file_id) AS file_id
               FROM file
               WHERE outcome = 'support' AND sha256 IS NOT NULL AND path LIKE '%/Attachments/%/%/%'
               GROUP BY 1 HAVING count(*) = 1;
             CREATE UNIQUE INDEX temp.beside_by_folder ON beside (folder);
             WITH partial AS (
               SELECT file_id, substr(path, length(folder) + 1, length(path) - length(folder) - 13) AS id,
                      rtrim(rtrim(folder, '/'), replace(folder, '/', '')) AS parent
               FROM (SELECT file_id, path, rtrim(path, replace(path, '/', '')) AS folder
                     FROM file WHERE format = 'emlx' AND path LIKE '%.partial.emlx')),
             found AS (
               SELECT a.attachment_id, f.size_bytes, f.sha256
               FROM partial p JOIN message m USING (file_id) JOIN attachment a USING (message_id)
               LEFT JOIN temp.beside b ON b.folder = p.parent || 'Attachments/' || p.id || '/' || a.part || '/'
               LEFT JOIN file f ON f.file_id = b.file_id
               WHERE m.present = 1 AND (a.size_bytes = 0 AND f.file_id IS NOT NULL OR a.opaque = 'beside'))
             UPDATE attachment SET size_bytes = coalesce(f.size_bytes, 0), sha256 = coalesce(f.sha256, attachment.sha256),
               opaque = CASE WHEN f.sha256 IS NULL THEN NULL ELSE 'beside' END
               FROM found f WHERE f.attachment_id = attachment.attachment_id;
             DROP TABLE temp.beside;",
        )
    }

    /// One row for each account; ids stay with the name.
    pub fn find_mailboxes(&self) -> Result<()> {
        self.db.execute_batch(
            "DROP TABLE IF EXISTS temp.account;
             CREATE TEMP TABLE account AS
               SELECT mailbox AS name, count(*) AS messages, sum(length_bytes) AS bytes, min(sent_at) AS first_at,
                      max(sent_at) AS last_at, max(length_bytes) AS largest, count(DISTINCT folder) AS folders,
                      sum(instr(flags, '\\Flagged') > 0) AS flagged
               FROM message WHERE present = 1 GROUP BY mailbox;
             INSERT INTO mailbox (name, kind, messages, bytes)
               SELECT name, 'unknown', 0, 0 FROM account
               WHERE name NOT IN (SELECT name FROM mailbox) ORDER BY name;
             UPDATE mailbox SET messages = 0, bytes = 0, folders = 0, attachments = 0, attachment_bytes = 0,
               first_at = NULL, last_at = NULL, largest_message_bytes = 0, flagged = 0, problems = 0;
             UPDATE mailbox SET messages = a.messages, bytes = a.bytes, first_at = a.first_at, last_at = a.last_at,
               largest_message_bytes = a.largest, folders = a.folders, flagged = a.flagged
               FROM account a WHERE a.name = mailbox.name;
             UPDATE mailbox SET attachments = a.files, attachment_bytes = a.bytes
               FROM (SELECT m.mailbox AS name, count(*) AS files, sum(a.size_bytes) AS bytes
                     FROM attachment a JOIN message m USING (message_id) WHERE m.present = 1 GROUP BY m.mailbox) a
               WHERE a.name = mailbox.name;
             UPDATE mailbox SET problems = p.problems
               FROM (SELECT m.mailbox AS name, count(*) AS problems
                     FROM problem p JOIN message m USING (message_id)
                     WHERE m.present = 1 AND p.level <> 'note' GROUP BY m.mailbox) p
               WHERE p.name = mailbox.name;
             DROP TABLE temp.account;",
        )
    }
}
