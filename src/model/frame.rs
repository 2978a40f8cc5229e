//! Byte ranges: frames, gaps, and how the recovered message is made from the stored one.

use super::problem::Problem;

/// A range of bytes of one file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Span {
    /// First byte, counted from the start of the file.
    pub offset_bytes: u64,
    /// Number of bytes.
    pub length_bytes: u64,
}

impl Span {
    /// The range from `start` up to and without `end`; empty if `end` lies before `start`.
    pub fn between(start: u64, end: u64) -> Span {
        Span { offset_bytes: start, length_bytes: end.saturating_sub(start) }
    }

    /// The first byte after the range.
    pub fn end(self) -> u64 {
        self.offset_bytes + self.length_bytes
    }
}

/// How one mbox marks and protects its messages. Names as in RFC 4155 and the Debian mbox(5) family.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Dialect {
    /// `From ` in a body becomes `>From `, and `>From ` stays: cannot be undone with certainty.
    O,
    /// Every `>*From ` gets one more `>`: can be undone to the byte.
    Rd,
    /// `Content-Length` and `>From ` quoting.
    Cl,
    /// `Content-Length` and no quoting.
    Cl2,
    /// Thunderbird and its ancestors: `From - date`, `X-Mozilla-Status`; quoted like mboxrd by today's versions.
    Thunderbird,
    /// Google Takeout: `From id@xxx date`, `X-GM-THRID`, `X-Gmail-Labels`.
    Takeout,
    /// Pipermail archives: `From user at host  date`, addresses obscured; quoted as mboxo.
    Pipermail,
    /// No quoting seen that would tell the dialects apart: treated as never quoted.
    Plain,
}

impl Dialect {
    /// The word in `file.format`.
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::O => "mbox/o",
            Dialect::Rd => "mbox/rd",
            Dialect::Cl => "mbox/cl",
            Dialect::Cl2 => "mbox/cl2",
            Dialect::Thunderbird => "mbox/thunderbird",
            Dialect::Takeout => "mbox/takeout",
            Dialect::Pipermail => "mbox/pipermail",
            Dialect::Plain => "mbox/plain",
        }
    }

    /// The dialect of that word.
    pub fn from_word(word: &str) -> Option<Dialect> {
        use Dialect::*;
        [O, Rd, Cl, Cl2, Thunderbird, Takeout, Pipermail, Plain].into_iter().find(|dialect| dialect.as_str() == word)
    }
}

/// What has to be undone to get the message as it was before the store took it (DESIGN section 6).
/// CR LF and lone CR always become LF, and the result always ends in exactly one LF.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Recovery {
    /// The stored bytes are the message.
    AsStored,
    /// An mbox of this dialect: drop the headers it adds and unquote one level as it quotes.
    Mbox(Dialect),
}

/// The exact place of one message in its source, with the framing around it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// Everything that belongs to the message's place: `From ` line, message, trailing blank line.
    pub frame: Span,
    /// The message alone; lies inside `frame`.
    pub message: Span,
    /// The framing line before the message without its line end (at most 1 KiB of it); empty where there is none.
    pub separator: Vec<u8>,
    /// The framing after the message that says something of it: the property list of emlx (at most 16 KiB of it).
    pub trailer: Vec<u8>,
    /// The store has marked it as deleted and not yet removed it (Thunderbird's X-Mozilla-Status bit 0x0008).
    pub deleted: bool,
    /// What a person should know about these boundaries; offsets count in the file.
    pub problems: Vec<Problem>,
}

/// One piece of a source, in file order. Consecutive pieces touch; together they cover the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// A message with its framing.
    Frame(Frame),
    /// Bytes outside every frame.
    Outside(SegmentKind, Span, Vec<Problem>),
}

impl Piece {
    /// The range the piece covers.
    pub fn span(&self) -> Span {
        match self {
            Piece::Frame(frame) => frame.frame,
            Piece::Outside(_, span, _) => *span,
        }
    }
}

/// What the bytes of a ledger segment are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum SegmentKind {
    /// A message.
    Message,
    /// Framing: `From ` lines, the length line and property list of emlx, banner lines.
    Separator,
    /// Only CR, LF, SP, TAB, NUL and byte order marks.
    Padding,
    /// Bytes of a source that belong to no frame and are not blank; always with a problem that says why.
    Gap,
    /// The whole of a file that is no source.
    Other,
}

impl SegmentKind {
    /// The word in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            SegmentKind::Message => "message",
            SegmentKind::Separator => "separator",
            SegmentKind::Padding => "padding",
            SegmentKind::Gap => "gap",
            SegmentKind::Other => "other",
        }
    }
}
