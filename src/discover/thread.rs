//! Threads: messages of one conversation, across mailboxes.
//!
//! What a message says itself decides: References and In-Reply-To (RFC 5322 section 3.6.4), Gmail's conversation, the GUID
//! of Outlook's Thread-Index. Conversations are the connected groups of such links, whatever order they come in, so
//! loops, self references and shortened chains need no rule; ids that are shared by what does not belong together
//! (`links`) do. Only the first message of a group that answers nobody known is then joined by what it quotes, and as the
//! last resort by subject, people and time (`resort`). Each message says why it is in its thread.
//!
//! Texts are interned as 64-bit numbers while rows are read; what is held grows with messages, not with their length.

mod letter;
mod links;
mod resort;
#[cfg(test)]
mod tests;

use super::reconcile::reconcile;
use crate::store::Inventory;
use crate::store::thread::{ThreadMember, ThreadRow};
use foldhash::HashMap;
use letter::Letters;

/// Why a letter is in its thread, strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Joined {
    /// References, In-Reply-To, or the same Message-ID.
    References,
    /// The same conversation of Gmail.
    Gmail,
    /// The same Thread-Index.
    Index,
    /// It quotes a message of the thread.
    Quote,
    /// Subject, people and time.
    Subject,
    /// It is the first, and others follow.
    Start,
    /// There is no other.
    Alone,
}

impl Joined {
    /// The word in `message.joined_by` and `thread.joined_by`.
    pub fn as_str(self) -> &'static str {
        match self {
            Joined::References => "references",
            Joined::Gmail => "gmail",
            Joined::Index => "index",
            Joined::Quote => "quote",
            Joined::Subject => "subject",
            Joined::Start => "start",
            Joined::Alone => "alone",
        }
    }
}

/// Groups of letters.
#[derive(Debug, Default)]
pub struct Groups {
    /// The group of each letter, from 0 in the order of their first messages.
    pub of_letter: Vec<u32>,
    /// Why each letter is in it.
    pub joined: Vec<Joined>,
    /// Messages that are referred to and are not here, by group.
    pub ghosts: Vec<u32>,
}

/// Finds the threads and writes them.
///
/// # Errors
/// Those of the store.
pub fn find(inventory: &Inventory) -> rusqlite::Result<()> {
    let mut letters = Letters::default();
    inventory.thread_mail(&mut |mail| letters.add(&mail))?;
    let groups = group(&mut letters);
    let count = groups.ghosts.len();
    let of = |letter: u32| groups.of_letter[letter as usize] as usize;
    let members = letters.messages.iter().map(|one| (of(one.letter), one.old_thread));
    let named = reconcile(count, members, &inventory.living_threads()?, inventory.next_thread_id()?);
    let mut rows: Vec<ThreadRow> =
        named.ids.iter().map(|id| ThreadRow { thread_id: *id, joined_by: "", ..ThreadRow::default() }).collect();
    describe(&letters, &groups, &mut rows);
    let firsts: Vec<u32> = first_letters(&letters, &groups);
    letters.subjects_of(inventory, &firsts, &mut |group, subject| rows[group].subject = subject)?;
    let mut members = letters.messages.iter().map(|one| ThreadMember {
        message_id: one.message_id,
        thread_id: named.ids[of(one.letter)],
        joined_by: groups.joined[one.letter as usize].as_str(),
    });
    inventory.save_threads(&rows, &named.retired, &mut members)
}

/// Which letters belong together, and why.
pub fn group(letters: &mut Letters) -> Groups {
    let mut union = links::Union::new(letters.all.len());
    let mut joined = vec![Joined::Alone; letters.all.len()];
    let ghosts = links::link(letters, &mut union, &mut joined);
    resort::join(letters, &mut union, &mut joined);
    let mut numbers: HashMap<u32, u32> = HashMap::default();
    let mut of_letter = Vec::with_capacity(letters.all.len());
    let mut sizes: Vec<u32> = Vec::new();
    for letter in 0..letters.all.len() as u32 {
        let next = numbers.len() as u32;
        let group = *numbers.entry(union.find(letter)).or_insert(next);
        if group as usize == sizes.len() {
            sizes.push(0);
        }
        sizes[group as usize] += 1;
        of_letter.push(group);
    }
    for (letter, why) in joined.iter_mut().enumerate() {
        if *why == Joined::Alone && sizes[of_letter[letter] as usize] > 1 {
            *why = Joined::Start;
        }
    }
    let mut counted = vec![0; sizes.len()];
    for letter in ghosts {
        counted[of_letter[letter as usize] as usize] += 1;
    }
    Groups { of_letter, joined, ghosts: counted }
}

/// The earliest letter of each group; those without a date are later than others.
fn first_letters(letters: &Letters, groups: &Groups) -> Vec<u32> {
    let mut firsts: Vec<Option<u32>> = vec![None; groups.ghosts.len()];
    let key = |letter: u32| (letters.all[letter as usize].at.unwrap_or(i64::MAX), letter);
    for (letter, group) in (0u32..).zip(&groups.of_letter) {
        let first = &mut firsts[*group as usize];
        if first.is_none_or(|first| key(letter) < key(first)) {
            *first = Some(letter);
        }
    }
    firsts.into_iter().flatten().collect()
}

fn describe(letters: &Letters, groups: &Groups, rows: &mut [ThreadRow]) {
    let mut weakest = vec![Joined::References; rows.len()];
    for (letter, group) in letters.all.iter().zip(&groups.of_letter) {
        let row = &mut rows[*group as usize];
        row.letters += 1;
        row.first = row.first.into_iter().chain(letter.at).min();
        row.last = row.last.max(letter.at);
    }
    for (why, group) in groups.joined.iter().zip(&groups.of_letter) {
        let one = &mut weakest[*group as usize];
        if *why != Joined::Start {
            *one = (*one).max(*why);
        }
    }
    let mut places: Vec<(u32, u32)> = Vec::with_capacity(letters.messages.len());
    for message in &letters.messages {
        let group = groups.of_letter[message.letter as usize];
        rows[group as usize].messages += 1;
        places.push((group, message.mailbox));
    }
    places.sort_unstable();
    places.dedup();
    for (group, _) in places {
        rows[group as usize].mailboxes += 1;
    }
    for ((row, ghosts), weakest) in rows.iter_mut().zip(&groups.ghosts).zip(weakest) {
        row.ghosts = *ghosts;
        row.joined_by = weakest.as_str();
    }
}
