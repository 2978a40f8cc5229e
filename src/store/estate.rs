//! What `discover/estate` reads and writes.
//!
//! `letters` reads every message once, in the order of ids, with its recipients, files and copies: three tables walked
//! side by side, nothing held but one letter. What is written replaces the last run's rows; ids stay with the keys.

mod save;

use rusqlite::{Result, Row, Rows, Statement};

use super::Inventory;

pub use save::{
    AddressRow, CoverageRow, FolderRow, FolderState, HoleRow, MailboxRow, PartnerRow, PersonRow, RuleRow, SystemRow,
};

/// Messages of one sender in one folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SenderInFolder {
    /// The account.
    pub mailbox: String,
    /// Its folder.
    pub folder: String,
    /// Lower-case.
    pub address: String,
    /// How many.
    pub messages: u64,
}

/// Addresses with their numbers, by mailbox.
pub type FrequentRecipients = std::collections::HashMap<String, Vec<(String, u64)>>;

/// One place where a letter lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copy {
    /// `message.message_id`.
    pub message_id: i64,
    /// The account.
    pub mailbox: String,
    /// Its folder.
    pub folder: String,
    /// Sorted IMAP names.
    pub flags: String,
    /// Delivered-To and its like; blank between.
    pub delivered_to: Option<String>,
}

/// A file in a letter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LetterFile {
    /// As sent.
    pub name: String,
    /// Decoded.
    pub size_bytes: u64,
    /// Shown in the text.
    pub inline: bool,
}

/// A message, however often it lies around: the same Message-ID and date, or the same content. Strings are hostile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Letter {
    /// Smallest `message_id` of its copies.
    pub letter_id: i64,
    /// Unix seconds; `None` if unknown or not plausible.
    pub at: Option<i64>,
    /// The sender's zone.
    pub offset_minutes: Option<i32>,
    /// `in`, `out`, `internal`, `unknown`.
    pub direction: String,
    /// `person`, `role`, `machine`, `unknown`.
    pub sender_kind: String,
    /// Display name.
    pub from_name: String,
    /// Lower-case.
    pub from_address: String,
    /// Decoded.
    pub subject: String,
    /// `message.class`.
    pub class: String,
    /// Of the stored message.
    pub size_bytes: u64,
    /// Its Message-ID.
    pub rfc_message_id: Option<String>,
    /// The way of the copy that says most.
    pub way: Way,
    /// Addresses of To, Cc and Bcc with their names.
    pub recipients: Vec<(String, String)>,
    /// Files that are no part of the text.
    pub files: Vec<LetterFile>,
    /// Where it lies.
    pub copies: Vec<Copy>,
}

/// See `transport`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Way {
    /// The machine that handed it over first.
    pub first_hop_host: Option<String>,
    /// Its IP.
    pub first_hop_ip: Option<String>,
    /// Whether it stands inside.
    pub first_hop_internal: Option<bool>,
    /// The program.
    pub mailer: Option<String>,
    /// Sender where it is not From.
    pub sender_address: Option<String>,
    /// Reply-To where it is not From.
    pub reply_to: Option<String>,
    /// A mailing list.
    pub list_id: Option<String>,
    /// `generated`, `replied`, `bulk`, `list`.
    pub automatic: Option<String>,
    /// Empty for the null sender.
    pub return_path: Option<String>,
    /// Resent and forwarded addresses.
    pub forwarded: Option<String>,
    /// First id.
    pub in_reply_to: Option<String>,
}

impl Way {
    /// What `other` says and this does not.
    fn fill(&mut self, other: Way) {
        fn fill<T>(mine: &mut Option<T>, others: Option<T>) {
            if mine.is_none() {
                *mine = others;
            }
        }
        if self.first_hop_host.is_none() && self.first_hop_ip.is_none() {
            self.first_hop_host = other.first_hop_host;
            self.first_hop_ip = other.first_hop_ip;
            self.first_hop_internal = other.first_hop_internal;
        }
        fill(&mut self.mailer, other.mailer);
        fill(&mut self.sender_address, other.sender_address);
        fill(&mut self.reply_to, other.reply_to);
        fill(&mut self.list_id, other.list_id);
        fill(&mut self.automatic, other.automatic);
        fill(&mut self.return_path, other.return_path);
        fill(&mut self.forwarded, other.forwarded);
        fill(&mut self.in_reply_to, other.in_reply_to);
    }
}

/// An expected mailbox.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Expected {
    /// Whether a roster says so; else a count file in the export.
    pub on_roster: bool,
    /// Name of the file.
    pub path: String,
    /// Lower-case.
    pub address: String,
    /// Whose it is.
    pub person: Option<String>,
    /// active, leaver, shared, list, service.
    pub status: Option<String>,
    /// Further addresses.
    pub aliases: Vec<String>,
    /// Items.
    pub items: Option<u64>,
    /// Bytes.
    pub bytes: Option<u64>,
    /// Legal hold, as written.
    pub hold: Option<String>,
    /// Line in the file, from 1.
    pub line: u64,
}

/// A row of a statement that was looked at and not taken.
pub(super) struct Ahead<'a> {
    rows: Rows<'a>,
    at: Option<i64>,
}

impl<'a> Ahead<'a> {
    pub(super) fn new(statement: &'a mut Statement<'_>) -> Result<Ahead<'a>> {
        let mut ahead = Ahead { rows: statement.query([])?, at: None };
        ahead.step()?;
        Ok(ahead)
    }

    fn step(&mut self) -> Result<()> {
        self.at = match self.rows.next()? {
            Some(row) => Some(row.get(0)?),
            None => None,
        };
        Ok(())
    }

    /// Calls `each` with the rows of `id`, after passing over those before it.
    pub(super) fn take(&mut self, id: i64, each: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        while let Some(at) = self.at.filter(|at| *at <= id) {
            if at == id
                && let Some(row) = self.rows.get_row()
            {
                each(row)?;
            }
            self.step()?;
        }
        Ok(())
    }
}

trait CurrentRow {
    fn get_row(&self) -> Option<&Row<'_>>;
}

impl CurrentRow for Rows<'_> {
    fn get_row(&self) -> Option<&Row<'_>> {
        use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
        self.get()
    }
}

impl Inventory {
    /// How many messages of which sender lie in which folder.
    pub fn senders_in_folders(&self) -> Result<Vec<SenderInFolder>> {
        let mut rows = self.db.prepare(
            "SELECT mailbox, folder, from_address, count(*) FROM message WHERE present = 1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        )?;
        rows.query_map([], |r| {
            Ok(SenderInFolder {
                mailbox: r.get(0)?,
                folder: r.get(1)?,
                address: r.get(2)?,
                messages: r.get::<_, i64>(3)? as u64,
            })
        })?
        .collect()
    }

    /// Recipients and addresses of delivery in each of these mailboxes, most frequent first, at most `limit` of each. One
    /// reading for all of them, however many there are.
    pub fn recipients_in(&self, mailboxes: &[String], limit: usize) -> Result<FrequentRecipients> {
        let mut found = FrequentRecipients::new();
        if mailboxes.is_empty() {
            return Ok(found);
        }
        self.db.execute_batch("CREATE TEMP TABLE asked (name TEXT PRIMARY KEY) WITHOUT ROWID")?;
        let mut put = self.db.prepare("INSERT OR IGNORE INTO temp.asked VALUES (?)")?;
        for mailbox in mailboxes {
            put.execute([mailbox])?;
        }
        drop(put);
        {
            let mut rows = self.db.prepare(
                "SELECT mailbox, address, sum(n) AS n FROM (
                   SELECT m.mailbox, r.address, count(*) AS n FROM message m CROSS JOIN recipient r USING (message_id)
                   WHERE +m.present = 1 AND m.mailbox IN (SELECT name FROM temp.asked) GROUP BY 1, 2
                   UNION ALL
                   SELECT m.mailbox, t.delivered_to, 3 * count(*) FROM message m CROSS JOIN transport t USING (message_id)
                   WHERE +m.present = 1 AND m.mailbox IN (SELECT name FROM temp.asked)
                     AND t.delivered_to IS NOT NULL AND instr(t.delivered_to, ' ') = 0 GROUP BY 1, 2)
                 GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
            )?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let of = found.entry(row.get(0)?).or_default();
                if of.len() < limit {
                    of.push((row.get(1)?, row.get::<_, i64>(2)? as u64));
                }
            }
        }
        self.db.execute_batch("DROP TABLE temp.asked")?;
        Ok(found)
    }

    /// Puts every message to its letter: `temp.copy`.
    pub fn prepare_letters(&self) -> Result<()> {
        self.db.execute_batch(
            "DROP TABLE IF EXISTS temp.copy;
             CREATE TEMP TABLE copy (letter_id INTEGER NOT NULL, message_id INTEGER NOT NULL,
               PRIMARY KEY (letter_id, message_id)) WITHOUT ROWID;
             INSERT INTO copy
               SELECT min(message_id) OVER (
                        PARTITION BY CASE WHEN rfc_message_id IS NULL THEN coalesce(duplicate_of, message_id) END,
                                     rfc_message_id, CASE WHEN rfc_message_id IS NOT NULL THEN sent_at END),
                      message_id
               FROM message WHERE present = 1;",
        )
    }

    /// Forgets `temp.copy`.
    pub fn end_letters(&self) -> Result<()> {
        self.db.execute_batch("DROP TABLE IF EXISTS temp.copy;")
    }

    /// Calls `each` with every letter in the order of ids. `prepare_letters` must have run.
    pub fn letters(&self, each: &mut dyn FnMut(&Letter)) -> Result<()> {
        let mut people =
            self.db.prepare("SELECT message_id, address, name FROM recipient ORDER BY message_id, ordinal")?;
        let mut files = self.db.prepare(
            "SELECT message_id, file_name, size_bytes, inline FROM attachment
             WHERE media_type <> 'message/rfc822' ORDER BY message_id, attachment_id",
        )?;
        let mut people = Ahead::new(&mut people)?;
        let mut files = Ahead::new(&mut files)?;
        let mut copies = self.db.prepare(
            "SELECT c.letter_id, m.message_id, m.mailbox, m.folder, m.flags,
               CASE WHEN m.sent_at >= '1971' AND m.sent_at <= (SELECT max(started_at) FROM scan)
                 THEN unixepoch(m.sent_at) END,
               m.sent_offset_minutes, m.direction, m.sender_kind, m.from_name, m.from_address, coalesce(m.subject, ''),
               m.class, m.length_bytes, m.rfc_message_id,
               t.message_id, t.first_hop_host, t.first_hop_ip, t.first_hop_internal, t.mailer, t.sender_address,
               t.reply_to, t.list_id, t.automatic, t.return_path, t.forwarded, t.in_reply_to, t.delivered_to
             FROM temp.copy c CROSS JOIN message m ON m.message_id = c.message_id
               LEFT JOIN transport t ON t.message_id = m.message_id
             ORDER BY c.letter_id, c.message_id",
        )?;
        let mut rows = copies.query([])?;
        let mut letter = Letter::default();
        let mut finish = |letter: &mut Letter| -> Result<()> {
            if letter.letter_id == 0 {
                return Ok(());
            }
            people.take(letter.letter_id, &mut |r| {
                letter.recipients.push((r.get(1)?, r.get(2)?));
                Ok(())
            })?;
            files.take(letter.letter_id, &mut |r| {
                let name: Option<String> = r.get(1)?;
                let size_bytes = r.get::<_, i64>(2)? as u64;
                letter.files.push(LetterFile { name: name.unwrap_or_default(), size_bytes, inline: r.get(3)? });
                Ok(())
            })?;
            each(letter);
            Ok(())
        };
        while let Some(row) = rows.next()? {
            if row.get::<_, i64>(0)? != letter.letter_id {
                finish(&mut letter)?;
                letter = head(row)?;
            }
            let way = if row.get::<_, Option<i64>>(15)?.is_some() { way(row)? } else { Way::default() };
            letter.way.fill(way);
            letter.copies.push(Copy {
                message_id: row.get(1)?,
                mailbox: row.get(2)?,
                folder: row.get(3)?,
                flags: row.get(4)?,
                delivered_to: row.get(27)?,
            });
        }
        finish(&mut letter)
    }

    /// Domains that were given as the client's, in byte order.
    pub fn given_domains(&self) -> Result<Vec<String>> {
        let mut rows = self.db.prepare("SELECT domain FROM own_domain WHERE origin = 'given' ORDER BY domain")?;
        rows.query_map([], |r| r.get(0))?.collect()
    }

    /// Replaces the domains that were inferred: domain and evidence.
    pub fn set_inferred_domains(&self, domains: &[(String, String)]) -> Result<()> {
        self.db.execute("DELETE FROM own_domain WHERE origin = 'inferred'", [])?;
        for (domain, evidence) in domains {
            self.db.execute("INSERT OR IGNORE INTO own_domain VALUES (?, 'inferred', ?)", [domain, evidence])?;
        }
        Ok(())
    }

    /// Expected mailboxes, the roster's first.
    pub fn expectations(&self) -> Result<Vec<Expected>> {
        let mut rows = self.db.prepare(
            "SELECT origin = 'roster', path, address, person, status, aliases, expected_items, expected_bytes, hold, line
             FROM expectation ORDER BY origin = 'roster' DESC, path, line, expectation_id",
        )?;
        let bytes = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
        rows.query_map([], |r| {
            let aliases: String = r.get(5)?;
            Ok(Expected {
                on_roster: r.get(0)?,
                path: r.get(1)?,
                address: r.get(2)?,
                person: r.get(3)?,
                status: r.get(4)?,
                aliases: aliases.split_whitespace().map(str::to_owned).collect(),
                items: bytes(r.get(6)?),
                bytes: bytes(r.get(7)?),
                hold: r.get(8)?,
                line: r.get::<_, i64>(9)? as u64,
            })
        })?
        .collect()
    }

    /// Messages and bytes of each mailbox, and whether a file of it could not be read.
    pub fn mailbox_sizes(&self) -> Result<Vec<(String, u64, u64, bool)>> {
        let mut rows = self.db.prepare(
            "SELECT f.mailbox, coalesce(m.messages, 0), coalesce(m.bytes, 0),
               max(f.outcome IN ('unsupported', 'unreadable', 'changed'))
             FROM file f LEFT JOIN mailbox m ON m.name = f.mailbox
             WHERE f.mailbox IS NOT NULL AND f.outcome IN ('read', 'empty', 'unsupported', 'unreadable', 'changed')
             GROUP BY f.mailbox ORDER BY f.mailbox",
        )?;
        rows.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64, r.get::<_, i64>(2)? as u64, r.get(3)?)))?
            .collect()
    }
}

fn head(row: &Row<'_>) -> Result<Letter> {
    Ok(Letter {
        letter_id: row.get(0)?,
        at: row.get(5)?,
        offset_minutes: row.get(6)?,
        direction: row.get(7)?,
        sender_kind: row.get(8)?,
        from_name: row.get(9)?,
        from_address: row.get(10)?,
        subject: row.get(11)?,
        class: row.get(12)?,
        size_bytes: row.get::<_, i64>(13)? as u64,
        rfc_message_id: row.get(14)?,
        ..Letter::default()
    })
}

fn way(row: &Row<'_>) -> Result<Way> {
    Ok(Way {
        first_hop_host: row.get(16)?,
        first_hop_ip: row.get(17)?,
        first_hop_internal: row.get(18)?,
        mailer: row.get(19)?,
        sender_address: row.get(20)?,
        reply_to: row.get(21)?,
        list_id: row.get(22)?,
        automatic: row.get(23)?,
        return_path: row.get(24)?,
        forwarded: row.get(25)?,
        in_reply_to: row.get(26)?,
    })
}
