//! What `discover/estate` reads and writes.
//!
//! What is written replaces the last run's rows; ids stay with the keys.

mod letters;
mod rows;
mod save;

use std::collections::HashMap;

use rusqlite::Result;

use super::Inventory;

pub use letters::{Copy, Letter, LetterCopies, LetterFile, Way};
pub use rows::{
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

impl Inventory {
    /// How many messages of which sender lie in which folder, in the order of mailbox, folder, address.
    pub fn senders_in_folders(&self) -> Result<Vec<SenderInFolder>> {
        let counted = self.count_texts("SELECT mailbox, folder, from_address FROM message WHERE present = 1")?;
        let row = |([mailbox, folder, address], messages): ([String; 3], u64)| SenderInFolder {
            mailbox,
            folder,
            address,
            messages,
        };
        Ok(counted.into_iter().map(row).collect())
    }

    /// How often each row of `N` texts is among the answers of `query`, in their order. One pass, without sorting them all.
    pub(super) fn count_texts<const N: usize>(&self, query: &str) -> Result<Vec<([String; N], u64)>> {
        let mut rows = self.db.prepare(query)?;
        let mut rows = rows.query([])?;
        let mut counts: HashMap<Vec<u8>, u64> = HashMap::new();
        let mut key = Vec::new();
        while let Some(row) = rows.next()? {
            key.clear();
            for column in 0..N {
                let text = row.get_ref(column)?.as_bytes()?;
                key.extend((text.len() as u32).to_le_bytes());
                key.extend(text);
            }
            match counts.get_mut(&key) {
                Some(n) => *n += 1,
                None => drop(counts.insert(key.clone(), 1)),
            }
        }
        let texts = |key: Vec<u8>| {
            let mut rest = key.as_slice();
            std::array::from_fn(|_| {
                let (length, behind) = rest.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
                let (text, behind) = behind.split_at(u32::from_le_bytes(*length) as usize);
                rest = behind;
                String::from_utf8_lossy(text).into_owned()
            })
        };
        let mut counted: Vec<([String; N], u64)> = counts.into_iter().map(|(key, n)| (texts(key), n)).collect();
        counted.sort();
        Ok(counted)
    }

    /// Recipients and addresses of delivery in each of these mailboxes, most frequent first, at most `limit` of each. One
    /// reading for all of them, however many there are.
    pub fn recipients_in(&self, mailboxes: &[String], limit: usize) -> Result<FrequentRecipients> {
        let mut counts: HashMap<&str, HashMap<String, u64>> =
            mailboxes.iter().map(|name| (name.as_str(), HashMap::new())).collect();
        if mailboxes.is_empty() {
            return Ok(FrequentRecipients::new());
        }
        // Where a message was delivered says more than whom it names.
        for (weight, rows) in [
            (
                1,
                "SELECT m.mailbox, r.address FROM message m CROSS JOIN recipient r USING (message_id) WHERE m.present = 1",
            ),
            (
                3,
                "SELECT m.mailbox, t.delivered_to FROM transport t JOIN message m USING (message_id)
                 WHERE m.present = 1 AND t.delivered_to IS NOT NULL AND instr(t.delivered_to, ' ') = 0",
            ),
        ] {
            let mut rows = self.db.prepare(rows)?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let Some(of) = counts.get_mut(row.get_ref(0)?.as_str()?) else { continue };
                let address = row.get_ref(1)?.as_str()?;
                match of.get_mut(address) {
                    Some(n) => *n += weight,
                    None => drop(of.insert(address.to_owned(), weight)),
                }
            }
        }
        let sorted = |(mailbox, of): (&str, HashMap<String, u64>)| {
            let mut of: Vec<(String, u64)> = of.into_iter().collect();
            of.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            of.truncate(limit);
            (mailbox.to_owned(), of)
        };
        Ok(counts.into_iter().filter(|(_, of)| !of.is_empty()).map(sorted).collect())
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
