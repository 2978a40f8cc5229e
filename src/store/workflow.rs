//! What `discover/workflow` reads and writes.

mod save;

use rusqlite::{Result, Row};

use super::Inventory;
use super::ahead::Ahead;
use super::estate::LetterCopies;

pub use save::{ActivityRow, CaseRow, FactRow, FieldRow, PersonRow, StateRow, StepRow, TransitionRow, WorkflowRow};

/// Where a copy lies.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StepCopy {
    /// `message.message_id`.
    pub message_id: i64,
    /// The account.
    pub mailbox: String,
    /// Its folder.
    pub folder: String,
    /// Sorted IMAP names and keywords.
    pub flags: String,
    /// The run that it was a step of before.
    pub old_case: Option<i64>,
}

/// What is read one after the other, in the order of ids.
#[derive(Debug)]
pub enum StepMail {
    /// The first copy of a letter.
    Letter(Box<StepLetter>),
    /// A further copy, and the letter it belongs to.
    Copy(i64, StepCopy),
}

/// A message, however often it lies around, as far as processes go. Strings are hostile.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct StepLetter {
    /// Smallest `message_id` of its copies.
    pub letter_id: i64,
    /// Its conversation.
    pub thread_id: i64,
    /// Unix seconds; `None` if unknown or not plausible.
    pub at: Option<i64>,
    /// The sender's zone.
    pub offset_minutes: i32,
    /// `person`, `role`, `machine`, `unknown`.
    pub sender_kind: String,
    /// Lower-case.
    pub from_address: String,
    /// Sender where it is not From.
    pub sender_address: Option<String>,
    /// Decoded.
    pub subject: String,
    /// `message.class`.
    pub class: String,
    /// How probable it is that it served as a step of a process.
    pub workflow_score: f64,
    /// It came through a list.
    pub on_list: bool,
    /// `generated`, `replied`, `bulk`, `list`.
    pub automatic: Option<String>,
    /// See `signal/trace.rs`.
    pub cues: u32,
    /// Hashes of the first words.
    pub words: Vec<u32>,
    /// Identifiers, blank between, S or T before each.
    pub keys: String,
    /// Labels, tab between, a letter before each.
    pub fields: String,
    /// First amount.
    pub amount_cents: Option<i64>,
    /// Addresses of To.
    pub to: Vec<String>,
    /// Addresses of Cc and Bcc.
    pub cc: Vec<String>,
    /// Names of files that are no part of the text.
    pub files: Vec<String>,
    /// What these files are: the family of versions (where it is one of a series, a number of its own), and the document.
    pub documents: Vec<(i64, i64)>,
    /// The day by which it asks for something, or that it names, in days since 1970.
    pub due_day: Option<i64>,
    /// Whether that day is said to be a limit.
    pub due_firm: bool,
    /// Where its first copy lies.
    pub copy: StepCopy,
}

/// The columns of a [`StepCopy`], and the run that it was a step of before.
const COPY: &str = "m.message_id, m.mailbox, m.folder, m.flags,
  (SELECT min(case_id) FROM workflow_step s WHERE s.message_id = m.message_id)";

fn copy(row: &Row<'_>) -> Result<StepCopy> {
    let (message_id, mailbox) = (row.get(0)?, row.get(1)?);
    Ok(StepCopy { message_id, mailbox, folder: row.get(2)?, flags: row.get(3)?, old_case: row.get(4)? })
}

/// More recipients than that are an audience.
const MOST_RECIPIENTS: usize = 30;
/// So many files of one message are looked at.
const MOST_FILES: usize = 12;

impl Inventory {
    /// Calls `each` with every letter and every further copy, in the order of ids: a letter comes before its copies.
    pub fn step_letters(&self, copies: &LetterCopies, each: &mut dyn FnMut(StepMail)) -> Result<()> {
        let mut people =
            self.db.prepare("SELECT message_id, role, address FROM recipient ORDER BY message_id, ordinal")?;
        let mut files = self.db.prepare(
            "SELECT a.message_id, a.file_name,
               CASE WHEN d.listed_apart IS NOT NULL THEN NULL WHEN f.relation = 'series' THEN -d.document_id
                 ELSE d.family_id END, d.document_id
             FROM attachment a LEFT JOIN document d USING (document_id)
               LEFT JOIN document_family f ON f.family_id = d.family_id
             WHERE a.media_type <> 'message/rfc822' AND a.inline = 0 AND a.file_name IS NOT NULL
             ORDER BY a.message_id, a.attachment_id",
        )?;
        let mut due = self.db.prepare(
            "SELECT message_id, max(CAST(unixepoch(due_on) / 86400 AS INTEGER)) FROM action WHERE due_on IS NOT NULL
             GROUP BY message_id ORDER BY message_id",
        )?;
        let mut people = Ahead::new(&mut people)?;
        let mut files = Ahead::new(&mut files)?;
        let mut due = Ahead::new(&mut due)?;
        let mut later = copies.later().iter().copied().peekable();
        let mut letters = self.db.prepare(&format!(
            "SELECT {COPY}, coalesce(m.thread_id, 0),
               CASE WHEN m.sent_at >= '1971' AND m.sent_at <= (SELECT max(started_at) FROM scan)
                 THEN unixepoch(m.sent_at) END,
               coalesce(m.sent_offset_minutes, 0), m.sender_kind, m.from_address, coalesce(m.subject, ''), m.class,
               coalesce((SELECT score FROM message_use u WHERE u.message_id = m.message_id AND u.use = 'workflow'), 0.0),
               t.list_id IS NOT NULL, t.automatic, t.sender_address,
               coalesce(r.cues, 0), r.words, coalesce(r.keys, ''), coalesce(r.fields, ''), r.amount_cents,
               CAST(unixepoch(r.due_on) / 86400 AS INTEGER), coalesce(r.due_firm, 0)
             FROM message m
               LEFT JOIN transport t ON t.message_id = m.message_id
               LEFT JOIN trace r ON r.message_id = m.message_id
             WHERE m.present = 1 ORDER BY m.message_id",
        ))?;
        let mut rows = letters.query([])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            if let Some((_, letter_id)) = later.next_if(|(copy, _)| *copy == id) {
                each(StepMail::Copy(letter_id, copy(row)?));
                continue;
            }
            let mut letter = head(row)?;
            people.take(id, &mut |r| {
                let role = r.get_ref(1)?.as_str().unwrap_or_default();
                let list = if role == "to" { &mut letter.to } else { &mut letter.cc };
                if list.len() < MOST_RECIPIENTS {
                    list.push(r.get(2)?);
                }
                Ok(())
            })?;
            files.take(id, &mut |r| {
                if letter.files.len() < MOST_FILES {
                    letter.files.push(r.get(1)?);
                    if let (Some(family), Some(document)) = (r.get(2)?, r.get(3)?) {
                        letter.documents.push((family, document));
                    }
                }
                Ok(())
            })?;
            due.take(id, &mut |r| {
                // What was read as a thing to do has a limit, too.
                if !letter.due_firm {
                    (letter.due_day, letter.due_firm) = (r.get(1)?, true);
                }
                Ok(())
            })?;
            each(StepMail::Letter(Box::new(letter)));
        }
        Ok(())
    }

    /// Kinds of addresses as the estate found them: address, kind.
    pub fn address_kinds(&self) -> Result<Vec<(String, String)>> {
        let mut rows =
            self.db.prepare("SELECT address, kind FROM address WHERE sent + received > 0 ORDER BY address")?;
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
    }

    /// Machines as the estate found them: address, name.
    pub fn machine_addresses(&self) -> Result<Vec<(String, String)>> {
        let mut rows = self.db.prepare(
            "SELECT address, coalesce(name, address) FROM system WHERE messages > 0 AND kind <> 'newsletter'
               AND address NOT IN (SELECT address FROM address WHERE kind IN ('person', 'leaver', 'alias'))
             ORDER BY address",
        )?;
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
    }

    /// Addresses of people who have several: the address, and the one that stands for the person.
    pub fn second_addresses(&self) -> Result<Vec<(String, String)>> {
        let mut rows = self.db.prepare(
            "SELECT a.address, p.main_address FROM person_address a JOIN person p USING (person_id)
             WHERE a.address <> p.main_address ORDER BY 1, 2",
        )?;
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
    }

    /// Mailboxes of shared and role addresses.
    pub fn shared_mailboxes(&self) -> Result<Vec<String>> {
        let mut rows = self.db.prepare("SELECT name FROM mailbox WHERE kind = 'role or shared' ORDER BY name")?;
        rows.query_map([], |r| r.get(0))?.collect()
    }

    /// The client's domains.
    pub fn own_domains(&self) -> Result<Vec<String>> {
        let mut rows = self.db.prepare("SELECT domain FROM own_domain ORDER BY domain")?;
        rows.query_map([], |r| r.get(0))?.collect()
    }

    /// Folders that people made and that are no case files: mailbox, name, and whether the name is that of a state.
    pub fn made_folders(&self) -> Result<Vec<(String, String, bool)>> {
        let mut rows = self.db.prepare(
            "SELECT mailbox, name, role IN ('state', 'queue') AND evidence LIKE '\"%' FROM folder
             WHERE role NOT IN ('system', 'case file', 'personal') AND messages > 0 ORDER BY 1, 2",
        )?;
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect()
    }
}

fn head(row: &Row<'_>) -> Result<StepLetter> {
    let words: Option<Vec<u8>> = row.get(17)?;
    let words = words.unwrap_or_default();
    Ok(StepLetter {
        letter_id: row.get(0)?,
        copy: copy(row)?,
        thread_id: row.get(5)?,
        at: row.get(6)?,
        offset_minutes: row.get(7)?,
        sender_kind: row.get(8)?,
        from_address: row.get(9)?,
        subject: row.get(10)?,
        class: row.get(11)?,
        workflow_score: row.get(12)?,
        on_list: row.get(13)?,
        automatic: row.get(14)?,
        sender_address: row.get(15)?,
        cues: row.get(16)?,
        words: words.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect(),
        keys: row.get(18)?,
        fields: row.get(19)?,
        amount_cents: row.get(20)?,
        due_day: row.get(21)?,
        due_firm: row.get(22)?,
        ..StepLetter::default()
    })
}
