//! Where messages are written: addresses, ids, signatures, quotations and reply headers are put on here.

use super::cast::{Cast, Party};
use super::clock::{Day, Stamp, german_day, hour_minute, local, mail_date, wall};
use super::outside::Partner;
use super::post::{Attachment, Post, Route, Sort};
use super::rng::Rng;
use super::truth::Workflow;

/// Whose hand writes a message.
#[derive(Clone, Copy, Debug)]
pub enum By {
    Person(usize),
    /// An agent in the name of a shared address.
    Agent {
        person: usize,
        mailbox: usize,
    },
    /// An assistant in the name of another person.
    Behalf {
        person: usize,
        assistant: usize,
    },
    /// A partner and one of its contacts.
    Contact(usize, usize),
}

/// A message to be written.
#[derive(Clone, Debug)]
pub struct Letter {
    pub by: By,
    pub to: Vec<Party>,
    pub cc: Vec<Party>,
    pub subject: String,
    pub text: String,
    pub parent: Option<usize>,
    pub at: Stamp,
    pub files: Vec<Attachment>,
    pub sort: Sort,
}

/// Everything that has been written so far.
pub struct Studio {
    pub rng: Rng,
    pub cast: Cast,
    pub partners: Vec<Partner>,
    /// First day and the day after the last.
    pub span: (Day, Day),
    pub scale: f64,
    /// Part of the steps of processes that lose their References, and part whose subject is edited.
    pub blurred: f64,
    /// Processes have reminders and escalations.
    pub more: bool,
    pub posts: Vec<Post>,
    pub workflows: Vec<Workflow>,
}

impl Studio {
    pub fn end(&self) -> Stamp {
        local(self.span.1, 0, 0)
    }

    /// A person as a recipient.
    pub fn person(&mut self, person: usize, at: Stamp) -> Party {
        self.cast.party(person, at, &mut self.rng)
    }

    pub fn people(&mut self, people: &[usize], at: Stamp) -> Vec<Party> {
        people.iter().map(|one| self.person(*one, at)).collect()
    }

    pub fn contact(&self, partner: usize, contact: usize) -> Party {
        self.partners[partner].contacts[contact].clone()
    }

    pub fn file(&mut self, name: impl Into<String>, media_type: &'static str) -> Attachment {
        let size_bytes = 220 + self.rng.below(900) + if self.rng.chance(0.04) { 12_000 } else { 0 };
        Attachment { name: name.into(), media_type, size_bytes, seed: self.rng.next(), text: None }
    }

    /// A message id as this mailer or host makes them; never the same twice.
    pub fn new_id(&mut self, mailer: &str, host: &str) -> String {
        let serial = self.posts.len();
        match mailer {
            _ if mailer.contains("Outlook") => {
                format!("{}{serial:06X}{}@{host}", self.rng.hex(14), self.rng.hex(6))
            }
            _ if mailer.contains("Thunderbird") => {
                format!(
                    "{}-{serial:04x}-{}-{}@{host}",
                    self.rng.hex(8).to_lowercase(),
                    self.rng.below(9999),
                    self.rng.token(12)
                )
            }
            _ => format!("{}.{serial}.{}@{host}", self.rng.token(9), self.rng.hex(4)),
        }
    }

    /// Writes a message and returns its number.
    pub fn write(&mut self, letter: Letter) -> usize {
        let at = letter.at;
        let (from, sender, writer, kept_by) = self.hand(letter.by, at);
        let (mailer, host, route, zone, mut drops) = self.desk(letter.by);
        let blurred = self.blurred > 0.0 && letter.sort == Sort::Process && letter.parent.is_some();
        drops |= blurred && self.rng.chance(self.blurred);
        let parent = letter.parent.map(|parent| self.posts[parent].clone());
        let mut subject = self.subject(&letter, parent.as_ref());
        if blurred && self.rng.chance(self.blurred) {
            subject = self.edited(&subject);
        }
        let signature = self.signature(letter.by, &from);
        let mut text = format!("{}\n\n{signature}", letter.text.trim_end());
        if let Some(parent) = &parent {
            text = self.quote(&text, parent, &mailer);
        }
        let references = match &parent {
            Some(parent) if !drops => parent.references[parent.references.len().saturating_sub(11)..]
                .iter()
                .chain([&parent.message_id])
                .cloned()
                .collect(),
            _ => Vec::new(),
        };
        let message_id = self.new_id(&mailer, &host);
        let html = mailer.contains("Outlook") && self.rng.chance(0.6);
        self.posts.push(Post {
            message_id,
            at,
            zone,
            from,
            sender,
            reply_to: None,
            to: letter.to,
            cc: letter.cc,
            bcc: Vec::new(),
            subject,
            text,
            fresh: letter.text,
            html,
            files: letter.files,
            in_reply_to: parent.filter(|_| !drops).map(|parent| parent.message_id),
            references,
            extra: Vec::new(),
            mailer,
            route,
            sort: letter.sort,
            kept_by,
            writer,
            placed: Vec::new(),
        });
        self.posts.len() - 1
    }

    fn hand(&mut self, by: By, at: Stamp) -> (Party, Option<Party>, Option<usize>, Option<usize>) {
        match by {
            By::Person(person) => {
                let from = self.cast.sender(person, at, &mut self.rng);
                (from, None, Some(person), self.cast.people[person].mailbox)
            }
            By::Agent { person, mailbox } => {
                let agent = Party::new(self.cast.name(person), self.cast.people[person].address.clone());
                let from = self.cast.shared_party(mailbox);
                let sender = self.rng.chance(0.5).then_some(agent);
                // One of the agents' mail programs keeps the copy in the agent's own Sent folder.
                let own = person == self.cast.roles.agents[2] && self.rng.chance(0.7);
                let kept = if own { self.cast.people[person].mailbox } else { Some(mailbox) };
                (from, sender, Some(person), kept)
            }
            By::Behalf { person, assistant } => {
                let from = self.cast.sender(person, at, &mut self.rng);
                let sender = Party::new(self.cast.name(assistant), self.cast.people[assistant].address.clone());
                (from, Some(sender), Some(assistant), self.cast.people[assistant].mailbox)
            }
            By::Contact(partner, contact) => (self.contact(partner, contact), None, None, None),
        }
    }

    fn desk(&self, by: By) -> (String, String, Route, Option<i64>, bool) {
        let person = match by {
            By::Person(person) | By::Agent { person, .. } => person,
            By::Behalf { assistant, .. } => assistant,
            By::Contact(at, contact) => {
                let partner = &self.partners[at];
                let mailer = super::names::MAILERS[(at + contact * 3) % super::names::MAILERS.len()].to_owned();
                let route = Route::Outside { host: partner.host.clone(), ip: partner.ip.clone() };
                return (mailer, partner.domain.clone(), route, partner.zone, at % 11 == 7);
            }
        };
        let who = &self.cast.people[person];
        let route = Route::Desk { host: format!("{}.lan.{}", who.host, self.cast.domain), ip: who.ip.clone() };
        (who.mailer.to_owned(), self.cast.domain.clone(), route, None, who.drops_references)
    }

    fn subject(&mut self, letter: &Letter, parent: Option<&Post>) -> String {
        let Some(parent) = parent else { return letter.subject.clone() };
        if !letter.subject.is_empty() {
            return letter.subject.clone();
        }
        let base = base_subject(&parent.subject);
        let english = match letter.by {
            By::Person(at) | By::Agent { person: at, .. } | By::Behalf { assistant: at, .. } => {
                self.cast.people[at].english
            }
            By::Contact(partner, _) => self.partners[partner].english,
        };
        format!("{} {base}", if english { "Re:" } else { "AW:" })
    }

    /// A subject that somebody changed while answering.
    fn edited(&mut self, subject: &str) -> String {
        let base = base_subject(subject);
        let (head, _) =
            base.split_at(base.char_indices().nth(base.chars().count() / 2).map_or(base.len(), |(at, _)| at));
        match self.rng.below(5) {
            0 => format!("{base} - Rückfrage"),
            1 => format!("Re: {base} (eilig)"),
            2 => format!("AW: {}", head.trim_end()),
            3 => format!("ok: {base}"),
            _ => base.to_owned(),
        }
    }

    fn signature(&mut self, by: By, from: &Party) -> String {
        match by {
            By::Person(person) | By::Behalf { person, .. } | By::Agent { person, .. } => {
                let who = &self.cast.people[person];
                let first = if self.rng.chance(0.5) { who.first.clone() } else { self.cast.name(person) };
                let greeting = if who.english { "Regards" } else { *self.rng.pick(&["Gruß", "Viele Grüße", "MfG"]) };
                match self.rng.below(3) {
                    0 => format!("{greeting}\n{first}"),
                    _ => format!(
                        "{greeting}\n{first}\n\n-- \n{} | {}\n{} | Tel. +49 4000 77-{}",
                        self.cast.name(person),
                        who.job,
                        self.cast.company,
                        110 + person
                    ),
                }
            }
            By::Contact(partner, _) => {
                let partner = &self.partners[partner];
                let greeting = if partner.english { "Kind regards" } else { "Mit freundlichen Grüßen" };
                format!("{greeting}\n{}\n{}", from.name, partner.name)
            }
        }
    }

    /// Puts a quotation of `parent` under (seldom above) the text, in one of four styles.
    fn quote(&mut self, text: &str, parent: &Post, mailer: &str) -> String {
        let (day, minute) = wall(parent.at);
        let who = if parent.from.name.is_empty() { &parent.from.address } else { &parent.from.name };
        let mut lines: Vec<&str> = parent.text.lines().take(24).collect();
        // A quotation that is cut off does not end in the head of a deeper one.
        while lines.last().is_some_and(|line| line.is_empty() || line.starts_with(['-', '_'])) {
            lines.pop();
        }
        let angled: String = lines.iter().map(|line| format!("> {line}\n")).collect();
        if mailer.contains("Outlook 15") {
            let sent = mail_date(parent.at, 60);
            let plain = lines.join("\n");
            return format!(
                "{text}\n\n-----Original Message-----\nFrom: {who}\nSent: {sent}\nSubject: {}\n\n{plain}\n",
                parent.subject
            );
        }
        if mailer.contains("Outlook") {
            let plain = lines.join("\n");
            let head = format!(
                "Von: {who}\nGesendet: {} {}\nBetreff: {}",
                german_day(day),
                hour_minute(minute),
                parent.subject
            );
            return format!("{text}\n\n________________________________\n{head}\n\n{plain}\n");
        }
        if mailer.contains("Thunderbird") && self.rng.chance(0.3) {
            return format!("Am {} um {} schrieb {who}:\n{angled}\n{text}", german_day(day), hour_minute(minute));
        }
        match self.rng.chance(0.15) {
            true => text.to_owned(),
            false => format!("{text}\n\nAm {} schrieb {who}:\n{angled}", german_day(day)),
        }
    }
}

/// A subject without the marks of replies and forwards.
pub fn base_subject(subject: &str) -> &str {
    let mut base = subject.trim();
    while let Some(rest) = ["re:", "aw:", "wg:", "fwd:", "fw:"].iter().find_map(|mark| {
        base.get(..mark.len()).filter(|head| head.eq_ignore_ascii_case(mark)).map(|_| &base[mark.len()..])
    }) {
        base = rest.trim_start();
    }
    base
}
