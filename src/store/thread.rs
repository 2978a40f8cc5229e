//! What `discover/thread` reads and writes.

use rusqlite::{OptionalExtension, Result, Row, params};

use super::Inventory;
use super::ahead::Ahead;
use super::write::time;

/// One present message as far as its conversation goes. Strings are hostile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ThreadMail {
    /// `message.message_id`.
    pub message_id: i64,
    /// The smallest id of the same content, its own if it is that.
    pub first_copy_id: i64,
    /// Unix seconds.
    pub at: Option<i64>,
    /// The account.
    pub mailbox: String,
    /// Lower-case.
    pub from_address: String,
    /// Decoded.
    pub subject: String,
    /// Message-ID.
    pub rfc_message_id: Option<String>,
    /// Ids of References, blank between.
    pub references: String,
    /// Ids of In-Reply-To, blank between; also words that stand where an id should.
    pub in_reply_to: String,
    /// Addresses of To, Cc, Bcc, at most [`MOST_RECIPIENTS`].
    pub recipients: Vec<String>,
    /// X-GM-THRID.
    pub gmail_thread: Option<String>,
    /// GUID of Thread-Index.
    pub outlook_index: Option<String>,
    /// Digests of 5 and of 10 words.
    pub opening: Option<(i64, i64)>,
    /// The same of quoted texts.
    pub quoted: Vec<(i64, i64)>,
    /// The thread it was in.
    pub thread_id: Option<i64>,
}

/// More recipients than that are an audience, not partners of a conversation.
pub const MOST_RECIPIENTS: usize = 24;

/// A row of `thread`. Times are Unix seconds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ThreadRow {
    /// Kept from an earlier discovery, or new.
    pub thread_id: i64,
    /// Of its first message.
    pub subject: String,
    /// With copies.
    pub messages: u32,
    /// Without.
    pub letters: u32,
    /// Accounts in which it lies.
    pub mailboxes: u32,
    /// Messages that are referred to and are not here.
    pub ghosts: u32,
    /// First.
    pub first: Option<i64>,
    /// Last.
    pub last: Option<i64>,
    /// The weakest reason that holds it together.
    pub joined_by: &'static str,
}

/// A message in its thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ThreadMember {
    /// `message.message_id`.
    pub message_id: i64,
    /// `thread.thread_id`.
    pub thread_id: i64,
    /// Why.
    pub joined_by: &'static str,
}

impl Inventory {
    /// Calls `each` with every present message in the order of ids. Four tables are walked side by side.
    pub fn thread_mail(&self, each: &mut dyn FnMut(ThreadMail)) -> Result<()> {
        let mut people = self.db.prepare("SELECT message_id, address FROM recipient ORDER BY message_id, ordinal")?;
        let mut links = self.db.prepare(
            "SELECT message_id, value, name = 'References' FROM identity_header
             WHERE name IN ('References', 'In-Reply-To') ORDER BY message_id, name",
        )?;
        let mut people = Ahead::new(&mut people)?;
        let mut links = Ahead::new(&mut links)?;
        let mut mail = self.db.prepare(
            "SELECT m.message_id, coalesce(m.duplicate_of, m.message_id),
               CASE WHEN m.sent_at >= '1971' AND m.sent_at <= (SELECT max(started_at) FROM scan)
                 THEN unixepoch(m.sent_at) END,
               m.mailbox, m.from_address, m.subject, m.rfc_message_id, m.thread_id,
               c.gmail_thread, c.outlook_index, c.opening, c.quoted
             FROM message m LEFT JOIN conversation c ON c.message_id = m.message_id
             WHERE m.present = 1 ORDER BY m.message_id",
        )?;
        let mut rows = mail.query([])?;
        while let Some(row) = rows.next()? {
            let mut one = head(row)?;
            people.take(one.message_id, &mut |r| {
                if one.recipients.len() < MOST_RECIPIENTS {
                    one.recipients.push(r.get(1)?);
                }
                Ok(())
            })?;
            links.take(one.message_id, &mut |r| {
                let value: String = r.get(1)?;
                if r.get(2)? {
                    one.references = value;
                } else {
                    one.in_reply_to = value;
                }
                Ok(())
            })?;
            each(one);
        }
        Ok(())
    }

    /// The first id that no thread ever had.
    pub fn next_thread_id(&self) -> Result<i64> {
        self.db.query_row("SELECT coalesce(max(thread_id), 0) + 1 FROM thread", [], |r| r.get(0))
    }

    /// Replaces the threads; ids that are no longer used stay with what they went into.
    pub fn save_threads(
        &self,
        threads: &[ThreadRow],
        retired: &[(i64, Option<i64>)],
        members: &mut dyn Iterator<Item = ThreadMember>,
    ) -> Result<()> {
        let mut put = self.db.prepare(
            "INSERT INTO thread (thread_id, subject, messages, letters, mailboxes, ghosts, first_at, last_at, joined_by)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (thread_id) DO UPDATE SET subject = excluded.subject, messages = excluded.messages,
               letters = excluded.letters, mailboxes = excluded.mailboxes, ghosts = excluded.ghosts,
               first_at = excluded.first_at, last_at = excluded.last_at, joined_by = excluded.joined_by,
               retired_into = NULL",
        )?;
        for one in threads {
            put.execute(params![
                one.thread_id,
                one.subject,
                one.messages,
                one.letters,
                one.mailboxes,
                one.ghosts,
                one.first.and_then(time),
                one.last.and_then(time),
                one.joined_by
            ])?;
        }
        let mut retire = self.db.prepare(
            "UPDATE thread SET messages = 0, letters = 0, mailboxes = 0, ghosts = 0, retired_into = ? WHERE thread_id = ?",
        )?;
        for (thread_id, into) in retired {
            retire.execute(params![into.unwrap_or(0), thread_id])?;
        }
        let mut join = self.db.prepare(
            "UPDATE message SET thread_id = ?1, joined_by = ?2
             WHERE message_id = ?3 AND (thread_id IS NOT ?1 OR joined_by IS NOT ?2)",
        )?;
        for one in members {
            join.execute(params![one.thread_id, one.joined_by, one.message_id])?;
        }
        self.db.execute_batch(
            "UPDATE message SET thread_id = NULL, joined_by = NULL WHERE present = 0 AND thread_id IS NOT NULL",
        )
    }

    /// Threads that were alive, by id, for those that no longer have a member.
    pub fn living_threads(&self) -> Result<Vec<i64>> {
        let mut rows = self.db.prepare("SELECT thread_id FROM thread WHERE retired_into IS NULL ORDER BY thread_id")?;
        rows.query_map([], |r| r.get(0))?.collect()
    }

    /// The subject of a message; empty where there is none.
    pub fn subject_of(&self, message_id: i64) -> Result<String> {
        let mut row = self.db.prepare_cached("SELECT coalesce(subject, '') FROM message WHERE message_id = ?")?;
        Ok(row.query_row([message_id], |r| r.get(0)).optional()?.unwrap_or_default())
    }
}

fn head(row: &Row<'_>) -> Result<ThreadMail> {
    let opening: Option<Vec<u8>> = row.get(10)?;
    let quoted: Option<Vec<u8>> = row.get(11)?;
    Ok(ThreadMail {
        message_id: row.get(0)?,
        first_copy_id: row.get(1)?,
        at: row.get(2)?,
        mailbox: row.get(3)?,
        from_address: row.get(4)?,
        subject: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
        rfc_message_id: row.get(6)?,
        thread_id: row.get(7)?,
        gmail_thread: row.get(8)?,
        outlook_index: row.get(9)?,
        opening: opening.as_deref().and_then(|bytes| openings(bytes).next()),
        quoted: quoted.as_deref().map(|bytes| openings(bytes).collect()).unwrap_or_default(),
        ..ThreadMail::default()
    })
}

fn openings(bytes: &[u8]) -> impl Iterator<Item = (i64, i64)> + '_ {
    let number = |bytes: &[u8]| bytes.try_into().map_or(0, i64::from_le_bytes);
    bytes.chunks_exact(16).map(move |pair| (number(&pair[..8]), number(&pair[8..])))
}
