//! What a message was used for, and why we think so.

use std::borrow::Cow;

use super::action::{Action, Closing, DateOrder};

/// The one primary reading.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Class {
    /// A step with roles and state of a process that recurs.
    Workflow,
    /// An artefact to keep, send or revise.
    Document,
    /// A named person must do something beyond replying.
    Task,
    /// Everything else between people.
    Correspondence,
    /// Announcements and automatic mail; never means "may be deleted".
    Bulk,
    /// Not enough evidence.
    Unsure,
}

impl Class {
    /// Every class, in the order of the guide.
    pub const ALL: [Class; 6] =
        [Class::Workflow, Class::Document, Class::Task, Class::Correspondence, Class::Bulk, Class::Unsure];

    /// The word in `message.class`.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Workflow => "workflow",
            Class::Document => "document",
            Class::Task => "task",
            Class::Correspondence => "correspondence",
            Class::Bulk => "bulk",
            Class::Unsure => "unsure",
        }
    }

    /// The class of that word.
    pub fn from_word(word: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.as_str() == word)
    }
}

/// What a message served as, also secondarily.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Use {
    /// A step of a process.
    Workflow,
    /// A carrier of something to keep.
    Document,
    /// Something to do.
    Task,
}

impl Use {
    /// Every use.
    pub const ALL: [Use; 3] = [Use::Workflow, Use::Document, Use::Task];

    /// The word in `message_use.use`.
    pub fn as_str(self) -> &'static str {
        match self {
            Use::Workflow => "workflow",
            Use::Document => "document",
            Use::Task => "task",
        }
    }
}

/// The flags of the labelling guide.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Flag {
    /// Asks the recipient to do something.
    Request,
    /// The sender promises to do something.
    Commitment,
    /// A date by which.
    DueDate,
    /// Approval asked, given or refused.
    Approval,
    /// Written by a system.
    Automated,
    /// Arranges a meeting.
    Meeting,
    /// An attachment or link to a document is the point.
    CarriesDocument,
    /// Mailed to oneself.
    SelfSent,
    /// Mailing list or newsletter.
    List,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Flag; 9] = [
        Flag::Request,
        Flag::Commitment,
        Flag::DueDate,
        Flag::Approval,
        Flag::Automated,
        Flag::Meeting,
        Flag::CarriesDocument,
        Flag::SelfSent,
        Flag::List,
    ];

    /// The word in `message_signal.signal`.
    pub fn as_str(self) -> &'static str {
        match self {
            Flag::Request => "request",
            Flag::Commitment => "commitment",
            Flag::DueDate => "due_date",
            Flag::Approval => "approval",
            Flag::Automated => "automated",
            Flag::Meeting => "meeting",
            Flag::CarriesDocument => "carries_document",
            Flag::SelfSent => "self_sent",
            Flag::List => "list",
        }
    }
}

/// Who speaks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum SenderKind {
    /// A human being.
    Person,
    /// A role or shared address (`orders@`).
    Role,
    /// A program.
    Machine,
    /// Cannot be told.
    #[default]
    Unknown,
}

impl SenderKind {
    /// The word in `message.sender_kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            SenderKind::Person => "person",
            SenderKind::Role => "role",
            SenderKind::Machine => "machine",
            SenderKind::Unknown => "unknown",
        }
    }
}

/// Where a person can look at a piece of evidence (DESIGN section 8).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// A header field, by its name.
    Header(Cow<'static, str>),
    /// UTF-8 byte offsets in the body text.
    Text(usize, usize),
    /// A part, by its IMAP section number.
    Attachment(String),
    /// The folder the message lies in.
    Folder,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Header(name) => write!(f, "header:{name}"),
            Place::Text(start, end) => write!(f, "text:{start}-{end}"),
            Place::Attachment(part) => write!(f, "attachment:{part}"),
            Place::Folder => f.write_str("folder"),
        }
    }
}

/// A thing noticed in a message, before it is weighed.
#[derive(Clone, PartialEq, Debug)]
pub struct Signal {
    /// Its number in the table of signals.
    pub number: u16,
    /// Its name in the table of signals, such as `approval_asked`.
    pub name: &'static str,
    /// The words that triggered it: exactly those at `place` where that is text; at most 200 bytes.
    pub excerpt: String,
    /// Where it stands.
    pub place: Place,
}

/// One reason to believe a reading.
#[derive(Clone, PartialEq, Debug)]
pub struct Evidence {
    /// The class or use it speaks for or against, such as `class:workflow` or `use:task`.
    pub subject: &'static str,
    /// Name of the signal.
    pub signal: Cow<'static, str>,
    /// Positive speaks for, negative against; log-odds.
    pub weight: f32,
    /// The words.
    pub excerpt: String,
    /// Where they stand.
    pub place: Place,
}

/// What `classify` says of one message.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// The class with the highest score, or `Unsure`.
    pub class: Class,
    /// Probability of `class`, 0 to 1.
    pub class_score: f32,
    /// Probability of each class, summing to 1; without `Unsure`.
    pub class_scores: Vec<(Class, f32)>,
    /// Probability of each use.
    pub use_scores: Vec<(Use, f32)>,
    /// The uses held to be true.
    pub uses: Vec<Use>,
    /// The flags held to be true.
    pub flags: Vec<Flag>,
    /// Who speaks.
    pub sender_kind: SenderKind,
    /// Why: every use in `uses` has at least one piece.
    pub evidence: Vec<Evidence>,
    /// What is to be done, in the order of the text.
    pub actions: Vec<Action>,
    /// By what this answer may close what was asked before; one of a kind.
    pub closings: Vec<Closing>,
    /// The order in which the sender writes the numbers of dates.
    pub date_order: DateOrder,
}
