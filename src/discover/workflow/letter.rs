//! Letters as numbers: every text that recurs is interned once.

pub use crate::discover::step::Who;
use crate::model::cue;
use crate::model::subject::{self, Opening};
use crate::store::workflow::{StepCopy, StepLetter};
use foldhash::{HashMap, HashSet};

/// Texts by number.
#[derive(Debug, Default)]
pub struct Words {
    /// By number.
    pub texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Words {
    /// The number of a text.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }

    /// The number of a text that was seen.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }
}

/// An identifier in a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LetterKey {
    /// Number of the value.
    pub value: u32,
    /// Number of its series: digits as `#`.
    pub kind: u32,
    /// Number of what two ways to write it have in common: `#4711001` and `ORDER-4711001`.
    pub core: u32,
    /// Whether it stands in the subject.
    pub in_subject: bool,
}

/// One letter.
#[derive(Clone, Debug)]
pub struct Letter {
    /// `message.message_id` of its first copy.
    pub message_id: i64,
    /// The run it was in.
    pub old_case: Option<i64>,
    /// `thread.thread_id`.
    pub thread: i64,
    /// Unix seconds.
    pub at: i64,
    /// Local seconds of the sender.
    pub local: i64,
    /// Number of the sender's address.
    pub from: u32,
    /// Of who wrote in that name.
    pub acting: u32,
    /// The same as it stands there; `from`, `acting`, `to` and `cc` name a person by one address.
    pub written_by: u32,
    /// Numbers of recipients.
    pub to: Vec<u32>,
    /// Those who only get a copy.
    pub cc: Vec<u32>,
    /// The subject as it stands.
    pub subject: u32,
    /// What stood before it.
    pub opening: Opening,
    /// Numbers of its words, numbers, dates and identifiers as `#`.
    pub tokens: Vec<u32>,
    /// See `signal/trace.rs`.
    pub cues: u32,
    /// Hashes of the first words.
    pub words: Vec<u32>,
    /// Identifiers.
    pub keys: Vec<LetterKey>,
    /// Labels and the letter of their kind.
    pub fields: Vec<(u32, char)>,
    /// First amount.
    pub amount: Option<i64>,
    /// Names of files, masked.
    pub files: Vec<u32>,
    /// The same as they stand there.
    pub names: Vec<u32>,
    /// What these files are, see [`StepLetter::documents`].
    pub documents: Vec<(i64, i64)>,
    /// The latest day by which it asks for something, in days since 1970.
    pub due_day: Option<i64>,
    /// Whether that day is said to be a limit.
    pub due_firm: bool,
    /// How probable a step.
    pub score: f32,
    /// A list, a newsletter.
    pub bulk: bool,
    /// Read as an announcement or automatic mail.
    pub announcement: bool,
    /// Written by a program.
    pub by_machine: bool,
    /// A program answered for a person who is away.
    pub for_absent: bool,
    /// Numbers of mailbox and folder of each copy.
    pub places: Vec<(u32, u32)>,
    /// Numbers of the keywords that people gave it.
    pub marks: Vec<u32>,
}

/// All letters that have a date.
#[derive(Debug, Default)]
pub struct Mail {
    /// In the order of ids.
    pub letters: Vec<Letter>,
    /// All texts.
    pub words: Words,
    /// By number of address.
    pub who: HashMap<u32, Who>,
    /// The client's domains.
    pub own: HashSet<String>,
    /// Words that are in names of people, by number.
    pub names: HashSet<u32>,
    /// Mailbox and folder that people made to work in, and whether its name is that of a state.
    pub made_folders: HashMap<(u32, u32), bool>,
    /// Mailboxes of shared addresses.
    pub shared_mailboxes: HashSet<u32>,
    /// Second addresses of people, and the one that stands for the person.
    pub second: HashMap<u32, u32>,
    /// The number of `#`.
    pub hole: u32,
}

/// The digits alone, if there is one long number with at most one word before it; else without leading zeros.
fn core(value: &str) -> String {
    let at = value.bytes().position(|b| b.is_ascii_digit()).unwrap_or(0);
    let (word, digits) = value.split_at(at);
    let long = digits.len() >= 5 && digits.bytes().all(|b| b.is_ascii_digit());
    if long && (word == "#" || word.trim_end_matches('-').chars().all(char::is_alphabetic)) {
        return digits.to_owned();
    }
    // A long number may be written in groups: `AWB 724-2240 3673`, `AWB 72422403673`.
    if digits.bytes().filter(u8::is_ascii_digit).count() >= 9 && digits.bytes().all(|b| b.is_ascii_digit() || b == b'-')
    {
        return digits.replace('-', "");
    }
    // `MU-0907` is `MU-907`.
    let groups: Vec<&str> = digits.split('-').map(|group| group.trim_start_matches('0')).collect();
    format!("{word}{}", groups.join("-"))
}

/// So many words of a subject are kept.
const MOST_TOKENS: usize = 12;

impl Mail {
    /// Nothing read yet.
    pub fn new(own: Vec<String>, kinds: &[(String, String)], machines: &[(String, String)]) -> Mail {
        let mut mail = Mail { own: own.into_iter().collect(), ..Mail::default() };
        mail.hole = mail.words.number("#");
        for (address, kind) in kinds {
            let number = mail.words.number(address);
            let who = match kind.as_str() {
                "shared" | "role" => Who::Shared,
                "list" => Who::List,
                "service" | "machine" => Who::Machine,
                _ => Who::Person,
            };
            mail.who.insert(number, who);
        }
        for (address, _) in machines {
            let number = mail.words.number(address);
            mail.who.insert(number, Who::Machine);
        }
        mail
    }

    /// Learns which addresses belong to one person.
    pub fn join_addresses(&mut self, second: &[(String, String)]) {
        for (address, main) in second {
            let (address, main) = (self.words.number(address), self.words.number(main));
            self.second.insert(address, main);
        }
    }

    /// Learns where mail lies: mailbox, folder and whether its name is that of a state; and which mailboxes are shared.
    pub fn lay_out(&mut self, folders: &[(String, String, bool)], shared: &[String]) {
        let by_time = |name: &str| super::mask::subject(name).iter().all(|word| word == "#");
        for (mailbox, folder, named) in folders.iter().filter(|(_, folder, _)| !by_time(folder)) {
            let place = (self.words.number(mailbox), self.words.number(folder));
            self.made_folders.insert(place, *named);
        }
        self.shared_mailboxes = shared.iter().map(|mailbox| self.words.number(mailbox)).collect();
    }

    /// Whether the name of a folder is that of a state.
    pub fn is_named_state(&self, mailbox: u32, folder: u32) -> bool {
        self.made_folders.get(&(mailbox, folder)).copied().unwrap_or(false)
    }

    /// The number by which an address goes: its person's.
    fn person(&mut self, address: &str) -> u32 {
        let number = self.words.number(address);
        self.second.get(&number).copied().unwrap_or(number)
    }

    /// Who an address is.
    pub fn who(&self, address: u32) -> Who {
        if let Some(who) = self.who.get(&address) {
            return *who;
        }
        let text = self.words.text(address);
        let domain = text.rsplit_once('@').map_or("", |(_, domain)| domain);
        if self
            .own
            .iter()
            .any(|own| domain == own || domain.strip_suffix(own.as_str()).is_some_and(|d| d.ends_with('.')))
        {
            Who::Person
        } else {
            Who::Outside
        }
    }

    /// One more letter; those without a date or a sender are in no process.
    pub fn add(&mut self, one: StepLetter) {
        let Some(at) = one.at else { return };
        // What nobody sent, an entry of a calendar or a note, is no step.
        if one.from_address.is_empty() {
            return;
        }
        let base = subject::base(&one.subject);
        let from = self.person(&one.from_address);
        let acting = one.sender_address.as_deref().map_or(from, |address| self.person(address));
        let written_by = self.words.number(one.sender_address.as_deref().unwrap_or(&one.from_address));
        let to = one.to.iter().map(|address| self.person(address)).collect();
        let cc = one.cc.iter().map(|address| self.person(address)).collect();
        let words = &mut self.words;
        let keys = one.keys.split(' ').filter_map(|key| {
            let value = key.get(1..).filter(|value| !value.is_empty())?;
            let mask = super::mask::digits(value);
            Some(LetterKey {
                value: words.number(value),
                kind: words.number(&mask),
                core: words.number(&core(value)),
                in_subject: key.starts_with('S'),
            })
        });
        let keys: Vec<LetterKey> = keys.collect();
        let fields = one.fields.split('\t').filter_map(|field| {
            let kind = field.chars().next()?;
            Some((words.number(&field[kind.len_utf8()..]), kind))
        });
        let fields = fields.collect();
        let tokens = super::mask::subject(base.words).iter().take(MOST_TOKENS).map(|word| words.number(word)).collect();
        let files = one.files.iter().map(|name| words.number(&super::mask::file(name))).collect();
        let names = one.files.iter().map(|name| words.number(name)).collect();
        let subject = words.number(&one.subject);
        let bulk = one.cues & cue::BULK != 0 && one.automatic.is_some()
            || one.on_list
            || one.automatic.as_deref() == Some("bulk");
        self.letters.push(Letter {
            message_id: one.letter_id,
            old_case: None,
            thread: one.thread_id,
            at,
            local: at + i64::from(one.offset_minutes) * 60,
            from,
            acting,
            written_by,
            to,
            cc,
            subject,
            opening: base.opening,
            tokens,
            cues: one.cues,
            words: one.words,
            keys,
            fields,
            amount: one.amount_cents,
            files,
            names,
            documents: one.documents,
            due_day: one.due_day,
            due_firm: one.due_firm,
            score: one.workflow_score as f32,
            bulk,
            announcement: one.class == "bulk",
            for_absent: subject::is_automatic(&one.subject)
                || one.automatic.as_deref() == Some("replied") && one.sender_kind != "machine",
            by_machine: one.sender_kind == "machine" || one.automatic.as_deref() == Some("generated"),
            places: Vec::new(),
            marks: Vec::new(),
        });
        self.add_copy(one.letter_id, &one.copy);
    }

    /// Where one more copy of a letter lies; some letters are not there, see [`Mail::add`].
    pub fn add_copy(&mut self, letter_id: i64, copy: &StepCopy) {
        let Ok(at) = self.letters.binary_search_by_key(&letter_id, |letter| letter.message_id) else { return };
        let (letter, words) = (&mut self.letters[at], &mut self.words);
        letter.old_case = letter.old_case.or(copy.old_case);
        letter.places.push((words.number(&copy.mailbox), words.number(&copy.folder)));
        letter.marks.extend(super::state::keywords(&copy.flags).map(|keyword| words.number(keyword)));
    }

    /// The letter's subject without what stood before it.
    pub fn subject(&self, letter: &Letter) -> &str {
        subject::base(self.words.text(letter.subject)).words
    }

    /// Where no domain is known to be the client's, the one that most letters come from, if it is a fifth of them.
    pub fn assume_own(&mut self) {
        if !self.own.is_empty() {
            return;
        }
        let mut counts: HashMap<&str, u32> = HashMap::default();
        for letter in &self.letters {
            if let Some((_, domain)) = self.words.text(letter.from).rsplit_once('@') {
                *counts.entry(domain).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(one.0)));
        if let Some((domain, n)) = most
            && n as usize * 5 >= self.letters.len()
        {
            let domain = domain.to_owned();
            self.own.insert(domain);
        }
    }

    /// Takes identifiers away that may all be days, as in `ETA 25/07`; of `HA 25/01` to `HA 25/40` those above 31 say that
    /// they are numbers.
    pub fn drop_days(&mut self) {
        let day = |text: &str| -> Option<bool> {
            let mut groups = text.rsplit('-');
            let (last, first) = (groups.next()?, groups.next()?);
            let two = |group: &str| (group.len() == 2).then(|| group.parse::<u32>().ok()).flatten();
            let (first, last) = (two(first)?, two(last)?);
            Some(first <= 12 && last <= 31 || first <= 31 && last <= 12)
        };
        // Of each series: how many may be days, and how many of the same shape are none.
        let mut counts: HashMap<u32, (usize, usize)> = HashMap::default();
        for key in self.letters.iter().flat_map(|letter| &letter.keys) {
            if let Some(may_be) = day(self.words.text(key.value)) {
                let count = counts.entry(key.kind).or_default();
                *(if may_be { &mut count.0 } else { &mut count.1 }) += 1;
            }
        }
        let all_days = |kind: u32| counts.get(&kind).is_some_and(|(may_be, are_none)| are_none * 4 < *may_be);
        let words = &self.words;
        for letter in &mut self.letters {
            letter.keys.retain(|key| !(all_days(key.kind) && day(words.text(key.value)) == Some(true)));
        }
    }

    /// Words that are names of people: parts of their addresses at the company.
    pub fn learn_names(&mut self) {
        let mut names: HashSet<u32> = HashSet::default();
        let people: HashSet<u32> = self.letters.iter().map(|letter| letter.from).collect();
        for person in people {
            let who = self.who(person);
            if who != Who::Person {
                continue;
            }
            let local = self.words.text(person).split('@').next().unwrap_or_default().to_owned();
            let parts = local.split(['.', '_', '-']).filter(|part| part.chars().count() >= 3);
            names.extend(parts.filter_map(|part| self.words.find(part)));
        }
        self.names = names;
    }

    /// When the export ends: the last letter that is not far behind all others.
    pub fn end(&self) -> i64 {
        let mut times: Vec<i64> = self.letters.iter().map(|letter| letter.at).collect();
        times.sort_unstable();
        let at = (times.len() as f64 * 0.9995) as usize;
        times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or(0)
    }
}
