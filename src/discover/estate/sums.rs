//! What is summed up of an address, a mailbox, a sender and a pair.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How many values of one kind are remembered of one sender.
const MOST_VALUES: usize = 40;

/// Days since 1970 of Unix seconds.
pub fn day(at: i64) -> i32 {
    at.div_euclid(86_400) as i32
}

/// Months since the year 0 of Unix seconds.
pub fn month(at: i64) -> i32 {
    let date = jiff::Timestamp::from_second(at).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC).date();
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// Frequencies of a few values; further values are only counted.
#[derive(Clone, Debug, Default)]
pub struct Frequent {
    values: BTreeMap<String, u32>,
    /// Of all values.
    pub total: u32,
}

impl Frequent {
    /// One more.
    pub fn add(&mut self, value: &str) {
        self.total += 1;
        if let Some(n) = self.values.get_mut(value) {
            *n += 1;
        } else if self.values.len() < MOST_VALUES {
            self.values.insert(value.to_owned(), 1);
        }
    }

    /// Most frequent first.
    pub fn sorted(&self) -> Vec<(&str, u32)> {
        let mut all: Vec<(&str, u32)> = self.values.iter().map(|(value, n)| (value.as_str(), *n)).collect();
        all.sort_by_key(|(value, n)| (std::cmp::Reverse(*n), *value));
        all
    }

    /// The most frequent one.
    pub fn top(&self) -> Option<(&str, u32)> {
        self.sorted().first().copied()
    }

    /// Different values, as far as remembered.
    pub fn distinct(&self) -> usize {
        self.values.len()
    }
}

/// Strings by number, each held once.
#[derive(Debug, Default)]
pub struct Names {
    numbers: HashMap<std::rc::Rc<str>, u32>,
    names: Vec<std::rc::Rc<str>>,
}

impl Names {
    /// The number of a string, a new one for a new one.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let (number, name) = (self.names.len() as u32, std::rc::Rc::<str>::from(name));
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    /// The string.
    pub fn of(&self, number: u32) -> &str {
        &self.names[number as usize]
    }
}

/// One address.
#[derive(Debug, Default)]
pub struct AddressTally {
    /// Lower-case.
    pub address: String,
    /// Of the client's domains.
    pub own: bool,
    /// Its local part is one of machines.
    pub service: bool,
    /// Number of its domain, or of itself where private people have their mail.
    pub partner: u32,
    /// Display names as sender.
    pub names: Frequent,
    /// Display names as recipient.
    pub called: Frequent,
    /// Letters.
    pub sent: u32,
    /// Letters to it.
    pub received: u32,
    /// Sent ones that answer or pass on.
    pub answers: u32,
    /// Sent ones that say they are automatic replies.
    pub auto_replies: u32,
    /// Unix seconds.
    pub last_sent: Option<i64>,
    /// Unix seconds.
    pub last_received: Option<i64>,
    /// Months in which it wrote.
    pub sent_months: BTreeSet<i32>,
    /// Numbers of outside senders; own addresses only.
    pub outside_senders: HashSet<u32>,
    /// Own addresses that its mail was delivered to instead.
    pub delivered_to: Frequent,
    /// Addresses it wrote for.
    pub on_behalf_of: Frequent,
    /// Addresses that wrote for it.
    pub written_by: Frequent,
    /// Mailboxes in which mail to it lies although their owner is not named.
    pub lies_with: BTreeMap<u32, u32>,
    /// Letters of which that is true.
    pub unnamed: u32,
    /// Letters to it with a List-Id.
    pub as_list: u32,
}

/// A letter that should lie in a mailbox.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Due {
    /// Days since 1970.
    pub day: i32,
    /// Number of the other end.
    pub other: u32,
    /// Whether it does.
    pub found: bool,
}

/// One mailbox.
#[derive(Debug, Default)]
pub struct MailboxTally {
    /// Its name.
    pub name: String,
    /// Number of its owner's address.
    pub owner: Option<u32>,
    /// Letters of each day.
    pub days: BTreeMap<i32, u32>,
    /// Letters from the owner in it.
    pub from_owner: u32,
    /// Letters in a folder of sent mail.
    pub in_sent: u32,
    /// Letters that name no recipient.
    pub unaddressed: u32,
    /// Letters to the owner from people of the company whose sent mail holds them.
    pub internal: Vec<Due>,
    /// Letters from the owner that other mailboxes received.
    pub sent: Vec<Due>,
    /// Unix seconds.
    pub last_received: Option<i64>,
    /// Unix seconds.
    pub last_sent: Option<i64>,
    /// Hashes of the Message-IDs that its messages answer.
    pub answered: Vec<i64>,
}

/// The letters of one sender with one masked subject.
#[derive(Debug, Default)]
pub struct Template {
    /// One subject as it was.
    pub sample: String,
    /// Seconds of local time where the sender is; Unix seconds; letter.
    pub runs: Vec<(i64, i64, i64)>,
    /// Names of files in it.
    pub files: Frequent,
}

/// One sender of mail that may be a machine.
#[derive(Debug, Default)]
pub struct SenderTally {
    /// Letters.
    pub letters: u32,
    /// Answers and passed on mail.
    pub answers: u32,
    /// Letters whose sender looks like a machine.
    pub machine: u32,
    /// Letters that say so themselves.
    pub generated: u32,
    /// Letters with signs of a distribution.
    pub bulk: u32,
    /// Mailing lists that its letters came through.
    pub lists: Frequent,
    /// First words of its subjects.
    pub first_words: Frequent,
    /// Automatic replies.
    pub replied: u32,
    /// Letters with a null Return-Path.
    pub null_path: u32,
    /// `in`, `out`, `internal`, `unknown`.
    pub directions: Frequent,
    /// Display names.
    pub names: Frequent,
    /// First hops.
    pub hops: Frequent,
    /// First hops that are inside, outside.
    pub hops_inside: (u32, u32),
    /// Programs.
    pub mailers: Frequent,
    /// Different addresses that answers go to.
    pub reply_to: Frequent,
    /// Recipients.
    pub recipients: Frequent,
    /// Mailboxes that hold it.
    pub mailboxes: Frequent,
    /// Letters with files.
    pub with_files: u32,
    /// By masked subject; empty for people.
    pub templates: HashMap<String, Template>,
    /// So many different subjects that only a person writes so.
    pub human: bool,
}

/// An outside domain and an address of ours.
#[derive(Clone, Debug, Default)]
pub struct PartnerTally {
    /// Letters from it.
    pub letters_in: u32,
    /// Letters to it.
    pub letters_out: u32,
    /// Files that are not shown in the text.
    pub files_in: u32,
    /// The same.
    pub files_out: u32,
    /// Of those files.
    pub bytes: u64,
    /// Letters with such files.
    pub with_files: u32,
    /// Letters that are announcements or from machines.
    pub automatic: u32,
    /// Unix seconds.
    pub first: Option<i64>,
    /// Unix seconds.
    pub last: Option<i64>,
    /// Months with mail.
    pub months: BTreeSet<i32>,
}

/// Where the mail of one sender lies in one mailbox: folder, letters.
#[derive(Clone, Debug, Default)]
pub struct FilingTally {
    /// Letters for each folder.
    pub folders: Frequent,
    /// Unix seconds.
    pub first: Option<i64>,
    /// Unix seconds.
    pub last: Option<i64>,
}

/// Letters with the time of the first and the last, Unix seconds.
pub type Seen = (u32, Option<i64>, Option<i64>);
