//! What is known of one message before anybody says what it means.

use super::digest::Digest;

/// Where in the client's world a source lies.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Location {
    /// The account, such as `anna`.
    pub mailbox: String,
    /// The folder and, where the store has labels, all of them; the first is `message.folder`.
    pub folders: Vec<String>,
    /// Flags as sorted IMAP names (`\Answered`, `\Seen`, …) and keywords (`$Forwarded`, `invoice`).
    pub flags: Vec<String>,
    /// When the store received it, Unix seconds, where the store says so.
    pub received_at: Option<i64>,
}

/// A name and an address, either of which may be empty. The address is lower-case.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Address {
    /// Display name, decoded; empty if there is none.
    pub name: String,
    /// `local@domain`, or whatever stood in its place.
    pub address: String,
}

impl Address {
    /// Whether every word of `name` is a word of the person's name or of what stands before the @.
    pub fn is_called(&self, name: &str) -> bool {
        self.fits(name, |word, known| word.chars().count() > 1 && word == known)
    }

    /// The same, if words of three letters or more may be the start of a longer one: "Jan" for "Janet".
    pub fn is_called_in_short(&self, name: &str) -> bool {
        self.fits(name, |word, known| word.chars().count() > 2 && known.starts_with(word))
    }

    fn fits(&self, name: &str, same: impl Fn(&str, &str) -> bool) -> bool {
        let local = self.address.split('@').next().unwrap_or_default().to_lowercase();
        let full = self.name.to_lowercase();
        let mark = |c: char| !c.is_alphanumeric();
        let known: Vec<&str> = full.split(mark).chain(local.split(mark)).collect();
        let mut words = name.split_whitespace().map(|one| one.trim_end_matches("'s").to_lowercase()).peekable();
        words.peek().is_some() && words.all(|one| known.iter().any(|known| same(&one, known)))
    }
}

/// In which header a recipient stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Role {
    /// To.
    To,
    /// Cc.
    Cc,
    /// Bcc.
    Bcc,
}

impl Role {
    /// The word in `recipient.role`.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::To => "to",
            Role::Cc => "cc",
            Role::Bcc => "bcc",
        }
    }
}

/// Where `sent_at` comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum DateSource {
    /// The Date header.
    Header,
    /// The last (outermost in time: first written) Received header that has a date.
    Received,
    /// The `From ` line of the mbox.
    Envelope,
    /// Nowhere: `sent_at` is empty.
    #[default]
    None,
}

impl DateSource {
    /// The word in `message.sent_at_source`.
    pub fn as_str(self) -> &'static str {
        match self {
            DateSource::Header => "header",
            DateSource::Received => "received",
            DateSource::Envelope => "envelope",
            DateSource::None => "none",
        }
    }
}

/// Why the content of a part could not be looked into.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Opaque {
    /// Outlook's winmail.dat that could not be opened wholly.
    Tnef,
    /// An uuencoded file inside a text that is damaged, or an uuencoded part without a file.
    Uuencode,
    /// S/MIME or OpenPGP, or a password.
    Encrypted,
    /// Content inside a signature (application/pkcs7-mime; smime-type=signed-data).
    Signed,
}

impl Opaque {
    /// The word in `attachment.opaque`.
    pub fn as_str(self) -> &'static str {
        match self {
            Opaque::Tnef => "tnef",
            Opaque::Uuencode => "uuencode",
            Opaque::Encrypted => "encrypted",
            Opaque::Signed => "signed",
        }
    }
}

/// A leaf of a message that is not its body text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attachment {
    /// IMAP section number (RFC 3501 section 6.4.5), such as `2.1`; inside a container with its word and the number of
    /// the file, such as `2.tnef.1` or `1.uu.1`.
    pub part: String,
    /// The name given, decoded; hostile. `None` if there is none.
    pub file_name: Option<String>,
    /// Declared media type, lower-case, such as `application/pdf`.
    pub media_type: String,
    /// Media type told by the first bytes, where they tell one.
    pub detected_type: Option<String>,
    /// Decoded size.
    pub size_bytes: u64,
    /// Digest of the decoded bytes.
    pub sha256: Digest,
    /// `Content-Disposition: inline`, or referred to by a `Content-ID`.
    pub inline: bool,
    /// Not looked into, and why.
    pub opaque: Option<Opaque>,
    /// A container (winmail.dat) whose files all stand here as attachments of their own: `2.tnef.1` for part 2.
    pub opened: bool,
}

/// Digests of a message, each surviving more of what a transport does to it (DESIGN section 6).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// Of the `identity_header` rows, in the order of their names.
    pub headers_sha256: Digest,
    /// Of every leaf's decoded content in order.
    pub leaves_sha256: Digest,
    /// The same without white space in text leaves.
    pub leaves_nospace_sha256: Digest,
    /// Of the body text with white space folded; `None` where there is no text.
    pub text_sha256: Option<Digest>,
    /// Of the tree of parts: types and nesting.
    pub structure_sha256: Digest,
    /// Of the bytes in no header and no leaf; `None` where there are none.
    pub residue_sha256: Option<Digest>,
    /// Of headers and leaves: `message.fingerprint`.
    pub fingerprint: Digest,
    /// How many leaves there are with at least one byte.
    pub leaves: u32,
    /// From, To, Cc, Subject, Date, Message-ID, In-Reply-To, References: unfolded, decoded, normalised.
    pub headers: Vec<(&'static str, String)>,
}

/// Where the body text comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum TextSource {
    /// text/plain.
    Plain,
    /// text/html, made into text.
    Html,
    /// There is no text.
    #[default]
    None,
}

/// The facts of one message. Strings are decoded and hostile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Message-ID without angle brackets.
    pub rfc_message_id: Option<String>,
    /// In-Reply-To, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// References in order, without angle brackets.
    pub references: Vec<String>,
    /// Unix seconds.
    pub sent_at: Option<i64>,
    /// Where `sent_at` comes from.
    pub sent_at_source: DateSource,
    /// The sender's zone, minutes east of UTC, where written.
    pub sent_offset_minutes: Option<i32>,
    /// Unix seconds of the newest Received header.
    pub received_at: Option<i64>,
    /// First address of From.
    pub from: Option<Address>,
    /// Sender, where it is there.
    pub sender: Option<Address>,
    /// Reply-To.
    pub reply_to: Vec<Address>,
    /// To, Cc and Bcc in order.
    pub recipients: Vec<(Role, Address)>,
    /// Decoded; `None` if there is no Subject header.
    pub subject: Option<String>,
    /// Every top-level header in order: name as written, value unfolded and decoded, at most 2,000 of them and 8 KiB each.
    pub headers: Vec<(String, String)>,
    /// The body text that signals read: all text leaves of the message itself, at most 1 MiB; lines end in LF.
    pub body_text: String,
    /// Where the body text comes from.
    pub text_source: TextSource,
    /// Every leaf that is not body text, also inside forwarded messages.
    pub attachments: Vec<Attachment>,
    /// Links in the tags of its HTML, at most 200.
    pub hrefs: Vec<String>,
    /// Why parts of the content could not be looked into.
    pub opaque: Vec<Opaque>,
    /// The digests.
    pub identity: Identity,
    /// Calendar parts (text/calendar): section number and text, at most 64 KiB of each and 8 of them.
    pub calendars: Vec<(String, String)>,
}

impl Facts {
    /// The value of the first header of that name, case-insensitive.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
