//! The numbers behind the closing sentences and the summary.

use rusqlite::{OptionalExtension, Result, Row, params};

use super::{DocumentCounts, EstateCounts, MAIL_FILES, Names, Scope, expand};
use crate::model::reading::{Class, Use};
use crate::model::{MessageId, Outcome, SegmentKind};
use crate::store::{Evaluation, Inventory};

/// The last scan that worked on an inventory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LastScan {
    /// Stays the same for all scans of one inventory.
    pub inventory_id: String,
    /// The paths given, absolute.
    pub roots: Vec<String>,
    /// Version of the program.
    pub version: String,
    /// Who ran it.
    pub operator: String,
    /// Where.
    pub host: String,
    /// `2001-05-14T23:39:00Z`.
    pub started_at: String,
    /// The same form; `None` for a scan that is running or was killed.
    pub finished_at: Option<String>,
    /// `running`, `done`, `interrupted` or `failed`.
    pub outcome: String,
    /// From start to finish; 0 if there is no finish.
    pub seconds: u64,
}

/// How often a kind of problem occurs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProblemCount {
    /// `error`, `warning` or `note`.
    pub level: String,
    /// The word in `problem.kind`.
    pub kind: String,
    /// How many rows.
    pub count: u64,
}

/// One problem with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProblemRow {
    /// `error`, `warning` or `note`.
    pub level: String,
    /// The word in `problem.kind`.
    pub kind: String,
    /// Of the file concerned; hostile.
    pub path: Option<String>,
    /// The message concerned.
    pub message: Option<MessageId>,
    /// Where in the file.
    pub offset_bytes: Option<u64>,
    /// How much of it.
    pub length_bytes: Option<u64>,
    /// Particulars.
    pub detail: String,
}

/// One account in numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailboxTotal {
    /// Its name; hostile.
    pub name: String,
    /// Messages in it.
    pub messages: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Oldest plausible date.
    pub first_at: Option<String>,
    /// Newest plausible date.
    pub last_at: Option<String>,
}

/// What a task's status may be, in the order of `Counts::tasks`.
pub const TASK_STATUS: [&str; 3] = ["open", "done", "unknown"];

/// Everything that is counted. Lists hold only what occurs, in the order of the documentation.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Counts {
    /// `None` for an inventory into which no scan has written.
    pub scan: Option<LastScan>,
    /// Directory entries for each outcome.
    pub files: Vec<(Outcome, u64)>,
    /// Bytes of all regular files found.
    pub bytes_found: u64,
    /// Bytes of the ledger for each kind.
    pub bytes: Vec<(SegmentKind, u64)>,
    /// Bytes of files that could not be read or changed meanwhile, outside the ledger.
    pub unreadable_bytes: u64,
    /// Bytes that nobody has looked at yet.
    pub pending_bytes: u64,
    /// Bytes that should be in the ledger and are not, or are in it twice: a defect of this program.
    pub unaccounted_bytes: u64,
    /// Messages that are there.
    pub messages: u64,
    /// Messages of earlier scans that are no longer there.
    pub absent_messages: u64,
    /// Messages that are the same as another one.
    pub duplicates: u64,
    /// Messages for each class.
    pub classes: Vec<(Class, u64)>,
    /// Messages for each use.
    pub uses: Vec<(Use, u64)>,
    /// Problems for each level and kind, errors first, frequent ones first.
    pub problems: Vec<ProblemCount>,
    /// Accounts.
    pub mailboxes: u64,
    /// Folders with mail.
    pub folders: u64,
    /// Attachments.
    pub attachments: u64,
    /// Bytes of attachments, decoded.
    pub attachment_bytes: u64,
    /// Oldest plausible date of a message.
    pub first_at: Option<String>,
    /// Newest plausible date of a message.
    pub last_at: Option<String>,
    /// Things to do for each status: open, done, unknown.
    pub tasks: [u64; 3],
    /// The estate; empty in a scope of one mailbox.
    pub estate: EstateCounts,
    /// Documents; empty in a scope of one mailbox.
    pub documents: DocumentCounts,
    /// What the last comparison with labels of this mail found; of the whole inventory, whatever the scope.
    pub evaluation: Option<Evaluation>,
}

impl Counts {
    /// Directory entries with this outcome.
    pub fn files_with(&self, outcome: Outcome) -> u64 {
        self.files.iter().filter(|(o, _)| *o == outcome).map(|(_, n)| n).sum()
    }

    /// All directory entries.
    pub fn entries(&self) -> u64 {
        self.files.iter().map(|(_, n)| n).sum()
    }

    /// Bytes of the ledger of this kind.
    pub fn bytes_of(&self, kind: SegmentKind) -> u64 {
        self.bytes.iter().filter(|(k, _)| *k == kind).map(|(_, n)| n).sum()
    }

    /// Problems of this level.
    pub fn problems_of(&self, level: &str) -> u64 {
        self.problems.iter().filter(|p| p.level == level).map(|p| p.count).sum()
    }

    /// Whether anything was not looked at: the last scan did not come to its end, or a file is still to be read.
    pub fn is_unfinished(&self) -> bool {
        self.scan.as_ref().is_none_or(|scan| scan.outcome != "done") || self.files_with(Outcome::Pending) > 0
    }

    /// Whether a person must read something before saying "that is everything".
    pub fn has_findings(&self) -> bool {
        self.is_unfinished() || self.unaccounted_bytes > 0 || self.problems_of("error") > 0
    }
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A word this program does not know means that nobody here has looked at the file.
fn outcome(word: &str) -> Outcome {
    Outcome::from_word(word).unwrap_or(Outcome::Pending)
}

/// Sizes and ledger sums of the files of one outcome.
#[derive(Default, Clone, Copy)]
struct Sums {
    size: i64,
    ledger: i64,
}

impl Inventory {
    /// Counts everything inside `scope`. Reads the messages once.
    pub fn counts(&self, scope: Scope<'_>) -> Result<Counts> {
        let mut counts = Counts { scan: self.last_scan()?, evaluation: self.last_evaluation()?, ..Counts::default() };
        let mut sums = [Sums::default(); Outcome::ALL.len()];
        self.count_files(scope, &mut counts, &mut sums)?;
        self.count_messages(scope, &mut counts, &mut sums)?;
        self.count_rest(scope, &mut counts)?;
        self.count_tasks(scope, &mut counts)?;
        if scope.mailbox.is_none() {
            counts.estate = self.estate_counts()?;
            counts.documents = self.document_counts()?;
        }
        for (outcome, sum) in Outcome::ALL.into_iter().zip(sums) {
            let missing = sum.size - sum.ledger;
            match outcome {
                Outcome::Directory | Outcome::Symlink | Outcome::Special | Outcome::Vanished => continue,
                Outcome::Pending => counts.pending_bytes += unsigned(missing),
                Outcome::Unreadable | Outcome::Changed => counts.unreadable_bytes += unsigned(missing),
                _ => counts.unaccounted_bytes += unsigned(missing),
            }
            counts.unaccounted_bytes += unsigned(-missing);
            counts.bytes_found += unsigned(sum.size);
        }
        Ok(counts)
    }

    fn count_tasks(&self, scope: Scope<'_>, counts: &mut Counts) -> Result<()> {
        // As `tasks.csv` tells them, so that the numbers agree in every scope.
        let sql = format!("SELECT status, count(*) FROM ({}) GROUP BY status", expand(super::work_sql::TASKS, scope));
        let mut rows = self.db.prepare(&sql)?;
        let mut found = rows.query([scope.mailbox])?;
        while let Some(row) = found.next()? {
            let status: String = row.get(0)?;
            if let Some(at) = TASK_STATUS.iter().position(|known| *known == status) {
                counts.tasks[at] = unsigned(row.get(1)?);
            }
        }
        Ok(())
    }

    /// The last scan that worked on this inventory.
    pub fn last_scan(&self) -> Result<Option<LastScan>> {
        self.db
            .query_row(
                "SELECT inventory_id, roots, version, operator, host, started_at, finished_at, outcome,
                   coalesce(unixepoch(finished_at) - unixepoch(started_at), 0)
                 FROM scan ORDER BY scan_id DESC LIMIT 1",
                [],
                |r| {
                    let roots: String = r.get(1)?;
                    Ok(LastScan {
                        inventory_id: r.get(0)?,
                        roots: serde_json::from_str(&roots).unwrap_or_else(|_| vec![roots]),
                        version: r.get(2)?,
                        operator: r.get(3)?,
                        host: r.get(4)?,
                        started_at: r.get(5)?,
                        finished_at: r.get(6)?,
                        outcome: r.get(7)?,
                        seconds: unsigned(r.get(8)?),
                    })
                },
            )
            .optional()
    }

    fn count_files(&self, scope: Scope<'_>, counts: &mut Counts, sums: &mut [Sums]) -> Result<()> {
        let mut rows = self.db.prepare(
            "SELECT outcome, count(*), sum(size_bytes) FROM file WHERE (?1 IS NULL OR mailbox = ?1) GROUP BY outcome",
        )?;
        let mut files = [0u64; Outcome::ALL.len()];
        let mut found = rows.query([scope.mailbox])?;
        while let Some(row) = found.next()? {
            let at = outcome(&row.get::<_, String>(0)?) as usize;
            files[at] += unsigned(row.get(1)?);
            sums[at].size += row.get::<_, i64>(2)?;
        }
        counts.files = Outcome::ALL.into_iter().zip(files).filter(|(_, n)| *n > 0).collect();
        let mut rows = self.db.prepare(
            "SELECT f.outcome, s.kind, sum(s.length_bytes) FROM segment s JOIN file f USING (file_id)
             WHERE (?1 IS NULL OR f.mailbox = ?1) GROUP BY f.outcome, s.kind",
        )?;
        let mut found = rows.query([scope.mailbox])?;
        while let Some(row) = found.next()? {
            let bytes: i64 = row.get(2)?;
            sums[outcome(&row.get::<_, String>(0)?) as usize].ledger += bytes;
            let kind = match row.get::<_, String>(1)?.as_str() {
                "separator" => SegmentKind::Separator,
                "padding" => SegmentKind::Padding,
                "gap" => SegmentKind::Gap,
                _ => SegmentKind::Other,
            };
            add(&mut counts.bytes, kind, unsigned(bytes));
        }
        Ok(())
    }

    fn count_messages(&self, scope: Scope<'_>, counts: &mut Counts, sums: &mut [Sums]) -> Result<()> {
        // The same sums as in the view `ledger`, in one pass instead of three.
        let mut rows = self.db.prepare(&expand(
            "SELECT f.outcome, coalesce(f.format, '') = 'emlx', m.class, count(*), sum(m.length_bytes),
               sum(m.offset_bytes - m.frame_offset_bytes),
               sum(m.frame_offset_bytes + m.frame_length_bytes - m.offset_bytes - m.length_bytes),
               sum(m.duplicate_of IS NOT NULL), min({plausible}), max({plausible})
             FROM {mail} GROUP BY 1, 2, 3",
            scope,
        ))?;
        let mut found = rows.query([scope.mailbox])?;
        while let Some(row) = found.next()? {
            let n = unsigned(row.get(3)?);
            let (message, before, after): (i64, i64, i64) = (row.get(4)?, row.get(5)?, row.get(6)?);
            sums[outcome(&row.get::<_, String>(0)?) as usize].ledger += message + before + after;
            let tail = if row.get(1)? { SegmentKind::Separator } else { SegmentKind::Padding };
            add(&mut counts.bytes, SegmentKind::Message, unsigned(message));
            add(&mut counts.bytes, SegmentKind::Separator, unsigned(before));
            add(&mut counts.bytes, tail, unsigned(after));
            counts.messages += n;
            add(&mut counts.classes, Class::from_word(&row.get::<_, String>(2)?).unwrap_or(Class::Unsure), n);
            counts.duplicates += unsigned(row.get(7)?);
            let (first, last): (Option<String>, Option<String>) = (row.get(8)?, row.get(9)?);
            counts.first_at = [counts.first_at.take(), first].into_iter().flatten().min();
            counts.last_at = counts.last_at.take().max(last);
        }
        counts.classes.sort_unstable();
        counts.bytes.retain(|(_, n)| *n > 0);
        counts.bytes.sort_unstable();
        Ok(())
    }

    fn count_rest(&self, scope: Scope<'_>, counts: &mut Counts) -> Result<()> {
        let one = |sql: &str| self.db.query_row(&expand(sql, scope), [scope.mailbox], |r| r.get(0).map(unsigned));
        counts.absent_messages = one("SELECT count(*) FROM message m JOIN file f USING (file_id)
             WHERE m.present = 0 AND (?1 IS NULL OR f.mailbox = ?1)")?;
        counts.mailboxes =
            one(&format!("SELECT count(DISTINCT mailbox) FROM ({MAIL_FILES}) WHERE (?1 IS NULL OR mailbox = ?1)"))?;
        counts.folders = one("SELECT count(*) FROM (SELECT DISTINCT f.mailbox, m.folder FROM {mail})")?;
        counts.attachments = one("SELECT count(*) FROM {mail} JOIN attachment a ON a.message_id = m.message_id")?;
        counts.attachment_bytes =
            one("SELECT coalesce(sum(a.size_bytes), 0) FROM {mail} JOIN attachment a ON a.message_id = m.message_id")?;
        let mut rows = self.db.prepare(&expand(
            "SELECT u.use, count(*) FROM {mail} JOIN message_use u ON u.message_id = m.message_id GROUP BY u.use",
            scope,
        ))?;
        let found: Vec<(String, i64)> =
            rows.query_map([scope.mailbox], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_>>()?;
        let n = |u: Use| found.iter().find(|(word, _)| word == u.as_str()).map_or(0, |(_, n)| unsigned(*n));
        counts.uses = Use::ALL.into_iter().map(|u| (u, n(u))).filter(|(_, n)| *n > 0).collect();
        let mut rows = self.db.prepare(
            "SELECT p.level, p.kind, count(*) FROM problem p LEFT JOIN file f ON f.file_id = p.file_id
               LEFT JOIN message m ON m.message_id = p.message_id
             WHERE coalesce(m.present, 1) = 1 AND (?1 IS NULL OR f.mailbox = ?1) GROUP BY p.level, p.kind
             ORDER BY CASE p.level WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, 3 DESC, p.kind",
        )?;
        counts.problems = rows
            .query_map([scope.mailbox], |r| {
                Ok(ProblemCount { level: r.get(0)?, kind: r.get(1)?, count: unsigned(r.get(2)?) })
            })?
            .collect::<Result<_>>()?;
        Ok(())
    }

    /// At most `limit` problems of level `error`, in the order of their files.
    pub fn errors(&self, scope: Scope<'_>, limit: usize) -> Result<Vec<ProblemRow>> {
        let mut rows = self.db.prepare(&expand(
            "SELECT p.level, p.kind, {path}, p.message_id, p.offset_bytes, p.length_bytes, p.detail
             FROM problem p LEFT JOIN file f ON f.file_id = p.file_id LEFT JOIN message m ON m.message_id = p.message_id
             WHERE p.level = 'error' AND coalesce(m.present, 1) = 1 AND (?1 IS NULL OR f.mailbox = ?1)
             ORDER BY f.file_id, p.offset_bytes, p.problem_id LIMIT ?3",
            scope,
        ))?;
        rows.query_map(params![scope.mailbox, scope.names == Names::LeftOut, limit as i64], problem)?.collect()
    }

    /// At most `limit` mailboxes, those with most messages first.
    pub fn largest_mailboxes(&self, limit: usize) -> Result<Vec<MailboxTotal>> {
        let mut rows = self.db.prepare(&expand(
            &format!(
            "WITH mail AS (SELECT f.mailbox AS name, count(*) AS n, sum(m.length_bytes) AS bytes, min({{plausible}}) AS first,
               max({{plausible}}) AS last FROM {{mail}} GROUP BY f.mailbox)
             SELECT x.mailbox, coalesce(mail.n, 0), coalesce(mail.bytes, 0), mail.first, mail.last
             FROM (SELECT DISTINCT mailbox FROM ({MAIL_FILES})) x LEFT JOIN mail ON mail.name = x.mailbox
             ORDER BY 2 DESC, 1 LIMIT ?2"
        ), Scope::default()))?;
        rows.query_map(params![None::<&str>, limit as i64], |r| {
            Ok(MailboxTotal {
                name: r.get(0)?,
                messages: unsigned(r.get(1)?),
                bytes: unsigned(r.get(2)?),
                first_at: r.get(3)?,
                last_at: r.get(4)?,
            })
        })?
        .collect()
    }
}

fn problem(r: &Row<'_>) -> Result<ProblemRow> {
    let bytes = |n: Option<i64>| n.map(unsigned);
    Ok(ProblemRow {
        level: r.get(0)?,
        kind: r.get(1)?,
        path: r.get(2)?,
        message: r.get::<_, Option<i64>>(3)?.map(MessageId),
        offset_bytes: bytes(r.get(4)?),
        length_bytes: bytes(r.get(5)?),
        detail: r.get(6)?,
    })
}

fn add<K: PartialEq>(list: &mut Vec<(K, u64)>, key: K, number: u64) {
    match list.iter_mut().find(|(k, _)| *k == key) {
        Some((_, sum)) => *sum += number,
        None => list.push((key, number)),
    }
}
