//! What was given with a scan: domains, expectations, the engagement and its list of digests.

use rusqlite::{Result, params};

use super::Inventory;
use crate::model::expected::{Engagement, Given};
use crate::model::{Problem, ProblemKind};

/// A line of the list of digests that came with a delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Supplied {
    /// As written.
    pub path: String,
    /// `sha256`, `sha1`, `md5`.
    pub algorithm: String,
    /// Lower-case hex.
    pub digest: String,
}

/// What became of a line of that list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuppliedFound {
    /// As written.
    pub path: String,
    /// The file it names.
    pub file_id: Option<i64>,
    /// `ok`, `differs`, `missing`, `not checked`.
    pub outcome: &'static str,
    /// Particulars for the problem, if it is one.
    pub detail: String,
}

/// A file that was delivered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveredFile {
    /// `file.file_id`.
    pub file_id: i64,
    /// As shown.
    pub path: String,
    /// As the file system has it.
    pub path_bytes: Vec<u8>,
    /// Lower-case hex, of the files that were read.
    pub sha256: Option<String>,
}

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

    /// Replaces the engagement. Its digests are `not checked` until `set_supplied`.
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

    /// The delivery's own list: path, algorithm, digest; in the order of paths.
    pub fn supplied(&self) -> Result<Vec<Supplied>> {
        let mut rows = self.db.prepare(
            "SELECT path, coalesce(algorithm, ''), coalesce(digest, '') FROM supplied_digest
             WHERE outcome <> 'not on the list' ORDER BY path",
        )?;
        rows.query_map([], |r| Ok(Supplied { path: r.get(0)?, algorithm: r.get(1)?, digest: r.get(2)? }))?.collect()
    }

    /// Files that a list of digests may name. The list itself and the engagement file are none.
    pub fn delivered_files(&self) -> Result<Vec<DeliveredFile>> {
        let mut rows = self.db.prepare(
            "SELECT file_id, path, path_bytes, sha256 FROM file
             WHERE outcome NOT IN ('directory', 'vanished', 'symlink', 'special') AND NOT EXISTS (
               SELECT 1 FROM engagement e WHERE file.sha256 IN (e.sha256, e.hash_list_sha256)) ORDER BY file_id",
        )?;
        rows.query_map([], |r| {
            Ok(DeliveredFile { file_id: r.get(0)?, path: r.get(1)?, path_bytes: r.get(2)?, sha256: r.get(3)? })
        })?
        .collect()
    }

    /// Replaces what the comparison found, and its problems. `unlisted` are files that no line names.
    pub fn set_supplied(&self, found: &[SuppliedFound], unlisted: &[&DeliveredFile]) -> Result<()> {
        let kinds = [
            ProblemKind::SuppliedDigestDiffers,
            ProblemKind::SuppliedFileMissing,
            ProblemKind::SuppliedDigestUnchecked,
            ProblemKind::SuppliedNotListed,
        ];
        for kind in kinds {
            self.db.execute("DELETE FROM problem WHERE kind = ?", [kind.as_str()])?;
        }
        self.db.execute("DELETE FROM supplied_digest WHERE outcome = 'not on the list'", [])?;
        let mut set = self.db.prepare("UPDATE supplied_digest SET file_id = ?2, outcome = ?3 WHERE path = ?1")?;
        for one in found {
            set.execute(params![one.path, one.file_id, one.outcome])?;
            let kind = match one.outcome {
                "differs" => ProblemKind::SuppliedDigestDiffers,
                "missing" => ProblemKind::SuppliedFileMissing,
                "not checked" => ProblemKind::SuppliedDigestUnchecked,
                _ => continue,
            };
            self.add_problems(one.file_id, None, &[Problem::new(kind, one.detail.as_str())])?;
        }
        let mut put =
            self.db.prepare("INSERT OR IGNORE INTO supplied_digest VALUES (?, NULL, ?, ?, 'not on the list')")?;
        for file in unlisted {
            put.execute(params![file.path, file.sha256, file.file_id])?;
            self.add_problems(Some(file.file_id), None, &[Problem::new(ProblemKind::SuppliedNotListed, "")])?;
        }
        Ok(())
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
