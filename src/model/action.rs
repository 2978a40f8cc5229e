//! Things to do that a message names, and words by which things are done.

use super::reading::Place;

/// What kind of thing to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ActionKind {
    /// Somebody is asked.
    Request,
    /// The sender says that he or she will.
    Commitment,
    /// The sender reminds himself or herself.
    Note,
    /// A to-do of a calendar part (RFC 5545 section 3.6.2).
    Todo,
}

impl ActionKind {
    /// The word in `action.kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            ActionKind::Request => "request",
            ActionKind::Commitment => "commitment",
            ActionKind::Note => "note",
            ActionKind::Todo => "todo",
        }
    }
}

/// Who is to do it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ActionOwner {
    /// Whom the message is for.
    Recipient,
    /// Who wrote it.
    Sender,
    /// Somebody who is named.
    Named(String),
}

/// By when, as written and as far as it can be told from the message alone.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ActionDue {
    /// The words.
    pub text: String,
    /// The word in `due_kind`.
    pub kind: &'static str,
    /// The last day on which it is in time: `2001-05-14`.
    pub on: Option<String>,
    /// `17:00` on that day, by the sender's clock.
    pub at: Option<String>,
    /// The day if the first of two numbers is the day, and if it is the month.
    pub readings: Option<(String, String)>,
}

/// One thing to do.
#[derive(Clone, PartialEq, Debug)]
pub struct Action {
    /// What kind.
    pub kind: ActionKind,
    /// The exact words at `place`; at most [`Action::QUOTE_BYTES`].
    pub quote: String,
    /// Where they stand.
    pub place: Place,
    /// Who is to do it.
    pub owner: ActionOwner,
    /// The address of that person, where one person of the message fits; lower case.
    pub owner_address: Option<String>,
    /// By when.
    pub due: Option<ActionDue>,
    /// Probability that this is a thing to do, 0 to 1.
    pub score: f32,
}

impl Action {
    /// Longest quote.
    pub const QUOTE_BYTES: usize = 400;
    /// Most actions of one message.
    pub const MOST: usize = 12;
}

/// By what an earlier request may be done with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ClosingKind {
    /// "Done", "I have sent it".
    Done,
    /// Something is attached.
    Delivered,
    /// An approval is given or refused.
    Decided,
}

impl ClosingKind {
    /// The word in `closing.kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            ClosingKind::Done => "done",
            ClosingKind::Delivered => "delivered",
            ClosingKind::Decided => "decided",
        }
    }
}

/// Words of an answer by which an earlier request may be done with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Closing {
    /// By what.
    pub kind: ClosingKind,
    /// The words, or the name of the file.
    pub words: String,
    /// Where they stand.
    pub place: Place,
}

/// What the numbers of a message's dates say of the order in which its sender writes them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DateOrder {
    /// Dates such as 30/11.
    pub day_first: u32,
    /// Dates such as 11/30.
    pub month_first: u32,
}
