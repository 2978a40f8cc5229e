//! What a directory entry turned out to be.

/// Fate of a directory entry. Entries found = the sum over all outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// Found and not looked at yet: an inventory with such files is not finished.
    Pending,
    /// Holds mail and was read to its end.
    Read,
    /// A regular file of zero bytes.
    Empty,
    /// Calendars or contacts, counted by kind in `file.detail`.
    Items,
    /// Belongs to a mail store without holding messages: indexes, summaries, uid lists.
    Support,
    /// Recognised by content as holding mail, and not read by this version.
    Unsupported,
    /// Anything else.
    NotMail,
    /// Could not be opened, listed or read to its end.
    Unreadable,
    /// Was different after it was read, twice.
    Changed,
    /// Was listed and then gone.
    Vanished,
    /// A symbolic link that was not followed.
    Symlink,
    /// A FIFO, socket or device; never opened.
    Special,
    /// A directory.
    Directory,
}

impl Outcome {
    /// Every outcome, in the order of the documentation.
    pub const ALL: [Outcome; 13] = [
        Outcome::Pending,
        Outcome::Read,
        Outcome::Empty,
        Outcome::Items,
        Outcome::Support,
        Outcome::Unsupported,
        Outcome::NotMail,
        Outcome::Unreadable,
        Outcome::Changed,
        Outcome::Vanished,
        Outcome::Symlink,
        Outcome::Special,
        Outcome::Directory,
    ];

    /// The word in `file.outcome`.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Pending => "pending",
            Outcome::Read => "read",
            Outcome::Empty => "empty",
            Outcome::Items => "items",
            Outcome::Support => "support",
            Outcome::Unsupported => "unsupported",
            Outcome::NotMail => "not_mail",
            Outcome::Unreadable => "unreadable",
            Outcome::Changed => "changed",
            Outcome::Vanished => "vanished",
            Outcome::Symlink => "symlink",
            Outcome::Special => "special",
            Outcome::Directory => "directory",
        }
    }

    /// The outcome of that word.
    pub fn from_word(word: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// How the messages of a source are laid out, told by content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// Many messages, each after a `From ` line.
    Mbox(super::frame::Dialect),
    /// One RFC 5322 message a file (.eml, MH, a maildir message).
    Single,
    /// Apple Mail: a length line, the message, a property list.
    Emlx,
}

impl Format {
    /// The word in `file.format`, such as `mbox/rd`.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Mbox(dialect) => dialect.as_str(),
            Format::Single => "single",
            Format::Emlx => "emlx",
        }
    }
}
