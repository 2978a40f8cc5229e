//! Every message once, in the order of ids, with its recipients, files, way and copies: four tables walked side by side,
//! nothing held but one letter.

use std::collections::HashMap;

use rusqlite::{Result, Row};

use crate::model::hash::Hash64;
use crate::store::Inventory;
use crate::store::ahead::Ahead;

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

/// Which messages are copies of one letter, where there is more than one.
///
/// Grows with the number of copies; letters are told apart by 64 bits of a hash of Message-ID and date.
#[derive(Debug, Default)]
pub struct LetterCopies {
    by_letter: HashMap<i64, Vec<i64>>,
    later: Vec<(i64, i64)>,
}

impl LetterCopies {
    /// All messages that are not the first of their letter, ascending, each with its letter.
    pub fn later(&self) -> &[(i64, i64)] {
        &self.later
    }

    /// The copies of a letter beside the first, which it is named after, ascending.
    pub fn later_than(&self, letter_id: i64) -> &[i64] {
        self.by_letter.get(&letter_id).map_or(&[], Vec::as_slice)
    }
}

/// The columns of a [`Way`] and, behind them, the addresses of delivery.
const WAY: &str = "t.first_hop_host, t.first_hop_ip, t.first_hop_internal, t.mailer, t.sender_address, t.reply_to,
  t.list_id, t.automatic, t.return_path, t.forwarded, t.in_reply_to, t.delivered_to";
const WAY_COLUMNS: usize = 11;

impl Inventory {
    /// Which messages are copies of one letter.
    pub fn letter_copies(&self) -> Result<LetterCopies> {
        let mut rows = self.db.prepare(
            "SELECT message_id, rfc_message_id, sent_at, coalesce(duplicate_of, message_id) FROM message WHERE present = 1",
        )?;
        let mut rows = rows.query([])?;
        let mut keyed: Vec<(i64, i64)> = Vec::new();
        while let Some(row) = rows.next()? {
            let mut hash = Hash64::default();
            match row.get_ref(1)?.as_bytes_or_null()? {
                Some(id) => {
                    hash.push(id);
                    hash.push(&[0]);
                    hash.push(row.get_ref(2)?.as_bytes_or_null()?.unwrap_or_default());
                }
                None => hash.push(&row.get::<_, i64>(3)?.to_le_bytes()),
            }
            keyed.push((hash.finish(), row.get(0)?));
        }
        keyed.sort_unstable();
        let mut copies = LetterCopies::default();
        for group in keyed.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
            let others: Vec<i64> = group[1..].iter().map(|(_, message)| *message).collect();
            copies.later.extend(others.iter().map(|other| (*other, group[0].1)));
            copies.by_letter.insert(group[0].1, others);
        }
        copies.later.sort_unstable();
        Ok(copies)
    }

    /// Calls `each` with every letter in the order of ids.
    pub fn letters(&self, copies: &LetterCopies, each: &mut dyn FnMut(&Letter)) -> Result<()> {
        let mut people =
            self.db.prepare("SELECT message_id, address, name FROM recipient ORDER BY message_id, ordinal")?;
        let mut files = self.db.prepare(
            "SELECT message_id, file_name, size_bytes, inline FROM attachment
             WHERE media_type <> 'message/rfc822' ORDER BY message_id, attachment_id",
        )?;
        let mut ways = self.db.prepare(&format!("SELECT message_id, {WAY} FROM transport t ORDER BY message_id"))?;
        let mut people = Ahead::new(&mut people)?;
        let mut files = Ahead::new(&mut files)?;
        let mut ways = Ahead::new(&mut ways)?;
        let mut later = copies.later.iter().copied().peekable();
        let mut more = self.db.prepare(&format!(
            "SELECT m.message_id, m.mailbox, m.folder, m.flags, {WAY} FROM message m LEFT JOIN transport t USING (message_id)
             WHERE m.message_id = ?"
        ))?;
        let mut first = self.db.prepare(
            "SELECT message_id, mailbox, folder, flags,
               CASE WHEN sent_at >= '1971' AND sent_at <= (SELECT max(started_at) FROM scan) THEN unixepoch(sent_at) END,
               sent_offset_minutes, direction, sender_kind, from_name, from_address, coalesce(subject, ''), class,
               length_bytes, rfc_message_id
             FROM message WHERE present = 1 ORDER BY message_id",
        )?;
        let mut rows = first.query([])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            if later.next_if(|(copy, _)| *copy == id).is_some() {
                continue;
            }
            let mut letter = head(row)?;
            letter.copies.push(copy(row)?);
            ways.take(id, &mut |r| {
                letter.way = way(r, 1)?;
                letter.copies[0].delivered_to = r.get(1 + WAY_COLUMNS)?;
                Ok(())
            })?;
            for other in copies.later_than(id) {
                let mut rows = more.query([other])?;
                while let Some(row) = rows.next()? {
                    letter.way.fill(way(row, 4)?);
                    letter.copies.push(Copy { delivered_to: row.get(4 + WAY_COLUMNS)?, ..copy(row)? });
                }
            }
            people.take(id, &mut |r| {
                letter.recipients.push((r.get(1)?, r.get(2)?));
                Ok(())
            })?;
            files.take(id, &mut |r| {
                let name: Option<String> = r.get(1)?;
                let size_bytes = r.get::<_, i64>(2)? as u64;
                letter.files.push(LetterFile { name: name.unwrap_or_default(), size_bytes, inline: r.get(3)? });
                Ok(())
            })?;
            each(&letter);
        }
        Ok(())
    }
}

fn head(row: &Row<'_>) -> Result<Letter> {
    Ok(Letter {
        letter_id: row.get(0)?,
        at: row.get(4)?,
        offset_minutes: row.get(5)?,
        direction: row.get(6)?,
        sender_kind: row.get(7)?,
        from_name: row.get(8)?,
        from_address: row.get(9)?,
        subject: row.get(10)?,
        class: row.get(11)?,
        size_bytes: row.get::<_, i64>(12)? as u64,
        rfc_message_id: row.get(13)?,
        ..Letter::default()
    })
}

fn copy(row: &Row<'_>) -> Result<Copy> {
    let (message_id, mailbox) = (row.get(0)?, row.get(1)?);
    Ok(Copy { message_id, mailbox, folder: row.get(2)?, flags: row.get(3)?, delivered_to: None })
}

/// The columns of [`WAY`] from column `at`.
fn way(row: &Row<'_>, at: usize) -> Result<Way> {
    Ok(Way {
        first_hop_host: row.get(at)?,
        first_hop_ip: row.get(at + 1)?,
        first_hop_internal: row.get(at + 2)?,
        mailer: row.get(at + 3)?,
        sender_address: row.get(at + 4)?,
        reply_to: row.get(at + 5)?,
        list_id: row.get(at + 6)?,
        automatic: row.get(at + 7)?,
        return_path: row.get(at + 8)?,
        forwarded: row.get(at + 9)?,
        in_reply_to: row.get(at + 10)?,
    })
}
