//! Documents: every distinct content that lies in mail, what kind it is, its versions, and what a client should know.
//!
//! One reading of all copies, one document after the other; kept are names, sizes, and few numbers for threads and
//! people of each document, never a text.

mod family;
mod kind;
mod name;

use family::{Candidate, Family};

use crate::model::hash::Hash64;
use crate::store::Inventory;
use crate::store::document::{DocumentCopy, DocumentRow, FamilyRow};

/// Finds documents and families and writes them.
///
/// # Errors
/// Those of the store.
pub fn find(inventory: &Inventory) -> rusqlite::Result<()> {
    inventory.find_contents()?;
    let mut found = Found::default();
    let mut current: Option<Gathering> = None;
    inventory.document_copies(&mut |copy| {
        if current.as_ref().is_none_or(|one| one.row.document_id != copy.document_id) {
            if let Some(done) = current.take() {
                found.add(done);
            }
            current = Some(Gathering::new(&copy));
        }
        if let Some(one) = &mut current {
            one.add(&copy);
        }
    })?;
    if let Some(done) = current.take() {
        found.add(done);
    }
    inventory.save_documents(&found.rows)?;
    let families = family::families(&found.candidates);
    let members: Vec<Vec<i64>> = families
        .iter()
        .map(|one| one.members.iter().map(|member| found.candidates[member.at].document_id).collect())
        .collect();
    let (old, largest) = inventory.old_families()?;
    let (ids, retired) = family::reconcile(&members, &old, largest);
    let rows: Vec<FamilyRow> = families.iter().zip(ids).map(|(family, id)| found.family_row(family, id)).collect();
    inventory.save_families(&rows, &retired)
}

#[derive(Default)]
struct Found {
    rows: Vec<DocumentRow>,
    candidates: Vec<Candidate>,
}

impl Found {
    fn add(&mut self, one: Gathering) {
        let (row, candidate) = one.finish();
        self.rows.push(row);
        self.candidates.push(candidate);
    }

    fn family_row(&self, family: &Family, family_id: i64) -> FamilyRow {
        let current = &self.rows[family.current];
        let all = family.members.iter().map(|member| member.at);
        FamilyRow {
            family_id,
            name: current.name.clone().unwrap_or_default(),
            kind: current.kind,
            relation: family.relation,
            current_document_id: current.document_id,
            current_why: family.current_why.clone(),
            branches: family.branches.clone(),
            copies: all.clone().map(|at| self.candidates[at].copies).sum(),
            bytes: all.map(|at| self.candidates[at].size_bytes).sum(),
            members: family
                .members
                .iter()
                .map(|one| (self.rows[one.at].document_id, one.branch.clone(), one.why.to_owned()))
                .collect(),
        }
    }
}

/// Most threads, senders and people kept of one document: more say nothing.
const KEPT: usize = 24;
/// A letter to more people than this joins nobody.
const FEW: usize = 12;
/// A picture in so many messages is letter paper.
const RECURS: u32 = 20;
const PAPER_BYTES: u64 = 200 * 1024;
/// A picture no larger than this is a dot that reports that the message was opened.
const TRACKER_BYTES: u64 = 200;

/// One document while its copies come.
struct Gathering {
    row: DocumentRow,
    carrier: String,
    size_bytes: u64,
    types: [String; 2],
    names: Vec<(String, u32)>,
    opaque: Option<String>,
    around: String,
    always_inline: bool,
    first_at: Option<i64>,
    first_message: i64,
    last_message: i64,
    mailboxes: Vec<String>,
    threads: Vec<u64>,
    senders: Vec<u64>,
    people: Vec<u64>,
}

impl Gathering {
    fn new(copy: &DocumentCopy) -> Gathering {
        Gathering {
            row: DocumentRow { document_id: copy.document_id, ..DocumentRow::default() },
            carrier: copy.carrier.clone(),
            size_bytes: copy.size_bytes,
            types: [copy.media_type.clone(), copy.detected_type.clone().unwrap_or_default()],
            names: Vec::new(),
            opaque: None,
            around: String::new(),
            always_inline: true,
            first_at: None,
            first_message: copy.message_id,
            last_message: -1,
            mailboxes: Vec::new(),
            threads: Vec::new(),
            senders: Vec::new(),
            people: Vec::new(),
        }
    }

    fn add(&mut self, copy: &DocumentCopy) {
        self.row.copies += 1;
        self.always_inline &= copy.is_inline;
        self.opaque = self.opaque.take().or_else(|| copy.opaque.clone());
        let name =
            if self.carrier == "body" { copy.subject.as_deref().map(base_subject) } else { copy.name.as_deref() };
        if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
            match self.names.iter().position(|(known, _)| known == name) {
                Some(at) => self.names[at].1 += 1,
                None if self.names.len() < KEPT => self.names.push((name.to_owned(), 1)),
                None => {}
            }
        }
        if copy.message_id == self.last_message {
            return;
        }
        self.last_message = copy.message_id;
        self.row.messages += 1;
        self.row.self_filed += u32::from(copy.is_self_sent);
        if self.around.is_empty() {
            self.around = format!("{} {}", copy.subject.as_deref().unwrap_or_default(), copy.excerpt).to_lowercase();
        }
        if let Some(at) = &copy.sent_at {
            if self.row.first_seen_at.as_ref().is_none_or(|first| at < first) {
                self.row.first_seen_at = Some(at.clone());
                self.first_message = copy.message_id;
                self.first_at = at.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
            }
            if self.row.last_seen_at.as_ref().is_none_or(|last| at > last) {
                self.row.last_seen_at = Some(at.clone());
            }
        }
        if self.mailboxes.len() < 4096 && !self.mailboxes.contains(&copy.mailbox) {
            self.mailboxes.push(copy.mailbox.clone());
        }
        self.meet(copy);
    }

    /// Threads and people of a copy.
    fn meet(&mut self, copy: &DocumentCopy) {
        note(&mut self.threads, copy.thread_id as u64);
        let recipients: Vec<&str> = copy.recipients.split(' ').filter(|one| one.contains('@')).collect();
        if copy.from_address.contains('@') {
            note(&mut self.senders, person(&copy.from_address));
        }
        if recipients.len() <= FEW {
            for one in recipients.into_iter().chain([copy.from_address.as_str()]).filter(|one| one.contains('@')) {
                note(&mut self.people, person(one));
            }
        }
    }

    fn finish(mut self) -> (DocumentRow, Candidate) {
        self.names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let file_name = self.names.first().map(|(name, _)| name.clone());
        let last_part = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let told =
            file_name.as_deref().map(|name| if self.carrier == "link" { last_part(name) } else { name.to_owned() });
        let name = match self.carrier.as_str() {
            "body" => name::Name::default(),
            _ => name::read(told.as_deref().unwrap_or_default()),
        };
        let types = [self.types[0].as_str(), self.types[1].as_str()];
        let words: String = told
            .unwrap_or_default()
            .to_lowercase()
            .chars()
            .map(|c| if matches!(c, '_' | '-') { ' ' } else { c })
            .collect();
        let kind = kind::kind(&kind::About {
            words: words.strip_suffix(&format!(".{}", name.extension)).unwrap_or(&words),
            extension: &name.extension,
            types: if self.carrier == "attachment" { types } else { ["", ""] },
            around: &self.around,
        });
        self.row.kind = kind.name;
        self.row.kind_evidence = kind.evidence;
        if self.carrier == "attachment" {
            self.row.flag = kind::flag(&name.extension, &types, self.opaque.as_deref());
        }
        self.row.mailboxes = self.mailboxes.len() as u32;
        self.row.name = file_name;
        self.row.listed_apart = self.apart();
        let type_group = match (self.carrier.as_str(), self.row.listed_apart) {
            ("attachment", None) => kind::type_group(&name.extension, &types),
            _ => "other",
        };
        let alone = type_group == "other" && (self.carrier != "attachment" || self.row.listed_apart.is_some());
        let candidate = Candidate {
            document_id: self.row.document_id,
            name: if alone { name::Name::default() } else { name },
            type_group,
            size_bytes: self.size_bytes,
            first_at: self.first_at,
            threads: self.threads,
            senders: self.senders,
            people: self.people,
            copies: u64::from(self.row.copies),
            first_message: self.first_message,
        };
        (self.row, candidate)
    }

    /// Logos and trackers are no documents of their own.
    fn apart(&self) -> Option<&'static str> {
        let picture = self.types.iter().any(|one| one.starts_with("image/"));
        if self.carrier != "attachment" {
            None
        } else if picture && self.size_bytes <= TRACKER_BYTES {
            Some("a dot or tracker")
        } else if picture && self.size_bytes <= PAPER_BYTES && self.row.messages >= RECURS {
            Some("letter paper: a picture that recurs")
        } else if self.types[0].ends_with("-signature") {
            Some("a signature")
        } else if self.always_inline && self.names.is_empty() && self.types[0].starts_with("text/") {
            Some("a text inside the message")
        } else {
            None
        }
    }
}

fn note(kept: &mut Vec<u64>, key: u64) {
    if kept.len() < KEPT && !kept.contains(&key) {
        kept.push(key);
    }
}

fn person(address: &str) -> u64 {
    Hash64::of(address.as_bytes()) as u64
}

/// A subject without the marks of answers.
fn base_subject(subject: &str) -> &str {
    const MARKS: [&str; 10] = ["re:", "fw:", "fwd:", "aw:", "wg:", "antw:", "tr:", "sv:", "rif:", "res:"];
    let mut rest = subject.trim();
    while let Some(mark) =
        MARKS.iter().find(|mark| rest.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark)))
    {
        rest = rest[mark.len()..].trim_start();
    }
    rest
}
