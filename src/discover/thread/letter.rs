//! Messages as numbers: what is needed to tell which belong together.

use crate::model::hash::number;
use crate::model::subject::{self, Opening};
use crate::store::Inventory;
use crate::store::thread::ThreadMail;
use foldhash::HashMap;

/// A message, however often it lies around: the same content, or the same Message-ID, sender and date.
#[derive(Clone, Copy, Debug)]
pub struct Letter {
    /// Unix seconds.
    pub at: Option<i64>,
    /// The first message that is a copy of it.
    pub message_id: i64,
    /// Of the subject without Re: and its like.
    pub subject: u64,
    /// What stood before it.
    pub opening: Opening,
    /// How much the subject says.
    pub says: Says,
    /// Of the sender's address.
    pub from: u64,
    /// Where its recipients are in [`Letters::people`].
    pub to: (u32, u32),
    /// It has no recipients, as in the archive of a list.
    pub names_nobody: bool,
    /// Of its first words, 0 where it has too few.
    pub words: (i64, i64),
    /// Where what it quotes is in [`Letters::quotes`].
    pub quotes: (u32, u32),
}

/// How much a subject says by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Says {
    /// There is none.
    Nothing,
    /// One or two words that anybody may write.
    Little,
    /// Three words or more, or a number.
    Enough,
}

/// One place where a letter lies.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// `message.message_id`.
    pub message_id: i64,
    /// Index of its letter.
    pub letter: u32,
    /// Number of its account.
    pub mailbox: u32,
    /// The thread it was in before.
    pub old_thread: Option<i64>,
}

/// What a letter has to do with an id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// It is its Message-ID.
    Own,
    /// It refers to it.
    Reference,
    /// It refers to what does not look like an id; believed only if a message has it.
    DoubtfulReference,
    /// It is the conversation of Gmail.
    Gmail,
    /// It is the GUID of Thread-Index.
    Index,
}

/// A letter and an id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Link {
    /// Of the id.
    pub key: u64,
    /// What it is to the letter.
    pub kind: Kind,
    /// Index of the letter.
    pub letter: u32,
    /// Its place among the ids of the letter; the last is the one that is answered.
    pub order: u32,
}

/// All letters, in the order of their first messages.
#[derive(Debug, Default)]
pub struct Letters {
    /// By index.
    pub all: Vec<Letter>,
    /// In the order of ids.
    pub messages: Vec<Message>,
    /// Letters and ids, in no order.
    pub links: Vec<Link>,
    /// Numbers of addresses.
    pub people: Vec<u64>,
    /// Digests of what is quoted.
    pub quotes: Vec<(i64, i64)>,
    by_id: HashMap<u64, u32>,
    mailboxes: HashMap<String, u32>,
}

/// So many ids of one message are believed; RFC 5322 knows no limit, programs keep 20 or so.
const MOST_REFERENCES: usize = 1_000;

impl Letters {
    /// One more message; they come in the order of their ids.
    pub fn add(&mut self, mail: &ThreadMail) {
        let next = self.mailboxes.len() as u32;
        let mailbox = match self.mailboxes.get(&mail.mailbox) {
            Some(number) => *number,
            None => *self.mailboxes.entry(mail.mailbox.clone()).or_insert(next),
        };
        let letter = self.letter(mail);
        let place = Message { message_id: mail.message_id, letter, mailbox, old_thread: mail.thread_id };
        self.messages.push(place);
        let mut order = 0;
        let mut link = |key: u64, kind: Kind| {
            order += 1;
            self.links.push(Link { key, kind, letter, order });
        };
        if let Some(id) = &mail.rfc_message_id {
            link(number(id.as_str()), Kind::Own);
        }
        let real = |id: &str| id.len() > 5 && memchr::memchr(b'@', id.as_bytes()).is_some_and(|at| at > 0);
        for id in mail.references.split_ascii_whitespace().take(MOST_REFERENCES) {
            link(number(id), if real(id) { Kind::Reference } else { Kind::DoubtfulReference });
        }
        // Beside References it says nothing new. Alone it may be "Your message of Monday", or somebody's address: ids
        // have digits, addresses seldom.
        let alone = mail.references.is_empty();
        for id in mail.in_reply_to.split_ascii_whitespace().take(MOST_REFERENCES) {
            let believed =
                alone && real(id) && !id.ends_with("'s") && id.bytes().filter(u8::is_ascii_digit).count() > 1;
            link(number(id), if believed { Kind::Reference } else { Kind::DoubtfulReference });
        }
        if let Some(gmail) = &mail.gmail_thread {
            link(number(&("gmail", mailbox, gmail.as_str())), Kind::Gmail);
        }
        if let Some(index) = &mail.outlook_index {
            link(number(&("index", index.as_str())), Kind::Index);
        }
    }

    /// The letter of which this message is a copy, or a new one.
    fn letter(&mut self, mail: &ThreadMail) -> u32 {
        if mail.first_copy_id < mail.message_id
            && let Ok(at) = self.messages.binary_search_by_key(&mail.first_copy_id, |one| one.message_id)
        {
            return self.messages[at].letter;
        }
        let next = self.all.len() as u32;
        if let (Some(id), Some(at)) = (&mail.rfc_message_id, mail.at) {
            let same = number(&(id.as_str(), at, mail.from_address.as_str()));
            if let Some(letter) = self.by_id.get(&same) {
                return *letter;
            }
            self.by_id.insert(same, next);
        }
        let base = subject::base(&mail.subject);
        let folded = subject::fold(base.words);
        let (to, quotes) = (self.people.len() as u32, self.quotes.len() as u32);
        self.people.extend(mail.recipients.iter().filter(|one| one.contains('@')).map(|one| number(one.as_str())));
        let names_nobody = self.people.len() as u32 == to;
        if names_nobody {
            // An archive of a list names nobody: whoever reads there is its audience.
            self.people.push(number(&("audience", mail.mailbox.as_str())));
        }
        self.quotes.extend(&mail.quoted);
        self.all.push(Letter {
            at: mail.at,
            message_id: mail.message_id,
            subject: number(folded.as_str()),
            opening: base.opening,
            says: says(&folded),
            from: number(mail.from_address.as_str()),
            to: (to, self.people.len() as u32),
            names_nobody,
            words: mail.opening.unwrap_or_default(),
            quotes: (quotes, self.quotes.len() as u32),
        });
        next
    }

    /// The recipients of a letter.
    pub fn to(&self, letter: &Letter) -> &[u64] {
        &self.people[letter.to.0 as usize..letter.to.1 as usize]
    }

    /// What a letter quotes.
    pub fn quoted(&self, letter: &Letter) -> &[(i64, i64)] {
        &self.quotes[letter.quotes.0 as usize..letter.quotes.1 as usize]
    }

    /// Calls `each` with the subjects of these letters, by their place in `letters`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn subjects_of(
        &self,
        inventory: &Inventory,
        letters: &[u32],
        each: &mut dyn FnMut(usize, String),
    ) -> rusqlite::Result<()> {
        let ids = letters.iter().map(|letter| self.all[*letter as usize].message_id);
        for (place, id) in ids.enumerate() {
            each(place, subject::base(&inventory.subject_of(id)?).words.to_owned());
        }
        Ok(())
    }
}

fn says(folded: &str) -> Says {
    let words = folded.split(' ').filter(|word| word.chars().any(char::is_alphanumeric)).count();
    match words {
        0 => Says::Nothing,
        1 | 2 if !folded.bytes().any(|b| b.is_ascii_digit()) => Says::Little,
        _ => Says::Enough,
    }
}
