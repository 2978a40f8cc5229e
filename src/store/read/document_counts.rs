//! The numbers of documents, for the screen and `summary.csv`.

use rusqlite::Result;

use crate::store::Inventory;

/// Documents in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DocumentCounts {
    /// Distinct attached contents without those that are listed apart.
    pub attached: u64,
    /// Bytes of them, each once.
    pub attached_bytes: u64,
    /// Texts of messages that are documents.
    pub texts: u64,
    /// Distinct links to documents elsewhere.
    pub links: u64,
    /// Logos, trackers and signatures.
    pub apart: u64,
    /// Families with more than one version.
    pub families: u64,
    /// Documents in them.
    pub versions: u64,
    /// Attached contents that lie in this export once.
    pub single_copies: u64,
    /// Attached contents that somebody mailed to himself.
    pub self_filed: u64,
    /// Attached contents with a copy in a folder that is used as a filing cabinet.
    pub in_cabinets: u64,
    /// Such folders.
    pub cabinets: u64,
    /// Bytes that copies take beyond the first.
    pub saved_bytes: u64,
    /// Executable, macro, encrypted: how many each.
    pub flags: Vec<(String, u64)>,
    /// Files promised, named or stripped in messages that do not hold them.
    pub missing: Vec<(String, u64)>,
    /// Documents for each kind, most first.
    pub kinds: Vec<(String, u64)>,
    /// The families with most versions: id, name (hostile), versions, copies, bytes.
    pub largest: Vec<(i64, String, u64, u64, u64)>,
}

impl Inventory {
    /// Counts documents.
    pub fn document_counts(&self) -> Result<DocumentCounts> {
        let groups = |sql: &str| -> Result<Vec<(String, u64)>> {
            let mut rows = self.db.prepare(sql)?;
            rows.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64)))?.collect()
        };
        let mut counts = DocumentCounts::default();
        let sums = "SELECT sum(carrier = 'attachment' AND listed_apart IS NULL),
              sum(CASE WHEN carrier = 'attachment' AND listed_apart IS NULL THEN size_bytes END),
              sum(carrier = 'body'), sum(carrier = 'link'), sum(listed_apart IS NOT NULL),
              sum(carrier = 'attachment' AND listed_apart IS NULL AND copies = 1),
              sum(carrier = 'attachment' AND listed_apart IS NULL AND self_filed > 0),
              sum(CASE WHEN carrier = 'attachment' THEN size_bytes * (copies - 1) END)
            FROM document WHERE copies > 0";
        self.db.query_row(sums, [], |row| {
            let number = |at: usize| row.get::<_, Option<i64>>(at).map(|n| n.unwrap_or(0).max(0) as u64);
            counts.attached = number(0)?;
            counts.attached_bytes = number(1)?;
            counts.texts = number(2)?;
            counts.links = number(3)?;
            counts.apart = number(4)?;
            counts.single_copies = number(5)?;
            counts.self_filed = number(6)?;
            counts.saved_bytes = number(7)?;
            Ok(())
        })?;
        let pair = |sql: &str| {
            self.db.query_row(sql, [], |row| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64)))
        };
        (counts.families, counts.versions) = pair(
            "SELECT count(*), coalesce(sum(versions), 0) FROM document_family WHERE versions > 1 AND copies > 0 AND retired_into IS NULL",
        )?;
        (counts.in_cabinets, counts.cabinets) = pair(
            "SELECT count(DISTINCT d.document_id), count(DISTINCT f.folder_id) FROM folder f
             JOIN message m ON m.mailbox = f.mailbox AND m.folder = f.name AND m.present = 1
             JOIN attachment a USING (message_id) JOIN document d USING (document_id)
             WHERE f.role = 'filing cabinet' AND d.listed_apart IS NULL",
        )?;
        counts.flags = groups(
            "SELECT flag, count(*) FROM document WHERE flag IS NOT NULL AND copies > 0 GROUP BY 1 ORDER BY 2 DESC, 1",
        )?;
        counts.missing = groups(
            "SELECT why, count(*) FROM missing_file JOIN message USING (message_id)
             WHERE present = 1 AND why <> 'mentioned' GROUP BY 1 ORDER BY 2 DESC, 1",
        )?;
        counts.kinds = groups(
            "SELECT kind, count(*) FROM document WHERE copies > 0 AND listed_apart IS NULL AND carrier <> 'link'
             GROUP BY 1 ORDER BY 2 DESC, 1",
        )?;
        let mut largest = self.db.prepare(
            "SELECT family_id, name, versions, copies, bytes FROM document_family
             WHERE versions > 1 AND copies > 0 AND retired_into IS NULL ORDER BY versions DESC, copies DESC, family_id LIMIT 5",
        )?;
        let rows = largest.query_map([], |row| {
            let number = |at: usize| row.get::<_, i64>(at).map(|n| n.max(0) as u64);
            Ok((row.get(0)?, row.get(1)?, number(2)?, number(3)?, number(4)?))
        })?;
        counts.largest = rows.collect::<Result<_>>()?;
        Ok(counts)
    }
}
