//! What was given with a scan: domains, expectations, the engagement and its list of digests.

use rusqlite::{Result, params};

use super::Inventory;
use crate::model::expected::{Engagement, Given};

impl Inventory {
    /// Replaces the given domains.
    pub fn set_domains(&self, domains: &[String]) -> Result<()> {
        self.db.execute("DELETE FROM own_domain", [])?;
        for domain in domains {
            self.db.execute("INSERT OR IGNORE INTO own_domain VALUES (?, 'given', 'given')", [domain])?;
        }
        Ok(())
    }

    /// Replaces a setting.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<()> {
        self.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, value])?;
        Ok(())
    }

    /// Replaces the roster (`roster`) or all count files (`count file`): path and lines.
    pub fn set_expectations(&self, origin: &str, files: &[(String, Vec<Given>)]) -> Result<()> {
        self.db.execute("DELETE FROM expectation WHERE origin = ?", [origin])?;
        let mut put = self.db.prepare(
            "INSERT INTO expectation (origin, path, line, address, person, status, aliases, expected_items, expected_bytes, hold)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        for (path, lines) in files {
            for one in lines {
                put.execute(params![
                    origin,
                    path,
                    one.line as i64,
                    one.address,
                    one.person,
                    one.status.map(|status| status.as_str()),
                    one.aliases.join(" "),
                    one.items.map(|n| n as i64),
                    one.bytes.map(|n| n as i64),
                    one.hold
                ])?;
            }
        }
        Ok(())
    }

    /// Replaces the engagement. Its digests are `not checked` until `check_supplied`.
    pub fn set_engagement(&self, given: &Engagement, algorithm: fn(&str) -> &'static str) -> Result<()> {
        self.db.execute_batch("DELETE FROM engagement; DELETE FROM supplied_digest;")?;
        self.db.execute(
            "INSERT INTO engagement (path, sha256, client, received_from, received_at, medium, hash_list, hash_list_sha256)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                given.path,
                given.sha256,
                given.client,
                given.received_from,
                given.received_at,
                given.medium,
                given.hash_list,
                given.hash_list_sha256
            ],
        )?;
        let mut put =
            self.db.prepare("INSERT OR REPLACE INTO supplied_digest VALUES (?, ?, ?, NULL, 'not checked')")?;
        for (path, digest) in &given.digests {
            put.execute(params![path, algorithm(digest), digest])?;
        }
        Ok(())
    }

    /// Compares the delivery's own digests with those of the files read. A listed path is the file whose path ends with
    /// it, whole components; SHA-256 can be compared, other digests stay `not checked`.
    pub fn check_supplied(&self) -> Result<()> {
        if !self.db.query_row("SELECT EXISTS (SELECT 1 FROM supplied_digest)", [], |r| r.get::<_, bool>(0))? {
            return Ok(());
        }
        self.db.execute_batch(
            "DELETE FROM supplied_digest WHERE outcome = 'not on the list';
             DROP TABLE IF EXISTS temp.listed;
             CREATE TEMP TABLE listed AS
               SELECT s.path, f.file_id, f.sha256 FROM (
                 SELECT path, '/' || ltrim(replace(path, '\\', '/'), './') AS tail FROM supplied_digest) s
               JOIN file f ON f.outcome NOT IN ('directory', 'vanished')
                 AND substr(f.path, -length(s.tail)) = s.tail;
             UPDATE supplied_digest SET file_id = NULL, outcome = 'missing';
             UPDATE supplied_digest SET file_id = l.file_id,
               outcome = CASE WHEN algorithm <> 'sha256' OR l.sha256 IS NULL THEN 'not checked'
                              WHEN l.sha256 = digest THEN 'ok' ELSE 'differs' END
               FROM (SELECT path, min(file_id) AS file_id, min(sha256) AS sha256 FROM temp.listed GROUP BY path) l
               WHERE l.path = supplied_digest.path;
             INSERT OR IGNORE INTO supplied_digest
               SELECT path, NULL, sha256, file_id, 'not on the list' FROM file
               WHERE outcome NOT IN ('directory', 'vanished', 'symlink', 'special')
                 AND file_id NOT IN (SELECT file_id FROM temp.listed);
             DROP TABLE temp.listed;",
        )
    }

    /// Small files of the export that may be count files: path as bytes and as shown.
    pub fn count_file_candidates(&self, limit_bytes: u64) -> Result<Vec<(Vec<u8>, String)>> {
        let mut rows = self.db.prepare(
            "SELECT path_bytes, path FROM file WHERE outcome IN ('not_mail', 'support') AND size_bytes BETWEEN 10 AND ?
               AND lower(path) LIKE '%.csv' ORDER BY file_id LIMIT 1000",
        )?;
        rows.query_map([limit_bytes as i64], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
    }
}
