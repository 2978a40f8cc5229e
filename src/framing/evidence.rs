//! Is a line that starts with `From ` the start of a message? Evidence is added up, because every single rule is
//! broken by some mailbox: a date is missing, the blank line is missing, the headers are missing.

use memchr::{memchr2, memmem};

use crate::source::from_line::{FromLine, Sender, parse_from_line};
use crate::source::header_line::{Known, field_name, is_continuation, known_line};

/// A longer line is never a separator.
const LINE_LIMIT: usize = 8 * 1024;
/// So many bytes after the line are looked at …
const LOOK_AHEAD_BYTES: usize = 8 * 1024;
/// … and so many lines.
const LOOK_AHEAD_LINES: usize = 16;
/// Nothing beyond is looked at, so that the time does not grow with the square of a hostile file.
const WINDOW_BYTES: usize = LINE_LIMIT + LOOK_AHEAD_BYTES + 2;
/// The score from which a line is a separator.
const ENOUGH: i32 = 5;
/// The score from which there is no doubt.
const CERTAIN: i32 = 7;
/// The score from which a line that is no separator is worth a remark.
const WORTH_A_REMARK: i32 = 3;

/// What is known about the place of a `From ` line.
pub(super) struct Surroundings<'a> {
    /// A blank line, a run of NUL or the start of the file stands before it.
    pub after_blank: bool,
    /// It is the first of the file, with nothing but blanks before it.
    pub first: bool,
    /// A message was already found to start here, by the framer that got this far.
    pub resumed: bool,
    /// The last bytes before it.
    pub recent: &'a [u8],
    /// The separator of the message it would end.
    pub current: Option<&'a FromLine>,
    /// A Content-Length leads exactly here.
    pub length_leads_here: bool,
    /// The dialect puts `>` before such lines in a text, so that one without it should be a separator.
    pub quotes: bool,
}

/// What a `From ` line is.
pub(super) enum Judged {
    /// The bytes at hand do not tell; never given at the end of the file.
    NeedsMore,
    /// Text.
    Text(Doubt),
    /// The start of a message.
    Separator(Box<Separator>),
}

/// What could be said against reading a line as text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Nothing.
    None,
    /// It might be a separator all the same.
    MayBeSeparator,
    /// It looks like a separator, and the text before it says that a message is included here.
    Included,
}

/// A line that starts a message.
pub(super) struct Separator {
    /// Without its line end.
    pub line_bytes: usize,
    /// With its line end.
    pub full_bytes: usize,
    /// What it says.
    pub from: FromLine,
    /// The message's X-Mozilla-Status has the bit 0x0008 (expunged).
    pub deleted: bool,
    /// It might be text all the same.
    pub doubtful: bool,
}

/// Judges the line at the start of `window`; `at_end` says that the file ends with the window.
pub(super) fn judge(window: &[u8], at_end: bool, around: &Surroundings) -> Judged {
    let text = Judged::Text(Doubt::None);
    let at_end = at_end && window.len() <= WINDOW_BYTES;
    let window = &window[..window.len().min(WINDOW_BYTES)];
    let Some((line, rest)) = split_line(window, at_end) else {
        return if at_end || window.len() > LINE_LIMIT { text } else { Judged::NeedsMore };
    };
    let Some(from) = parse_from_line(line).filter(|_| line.len() <= LINE_LIMIT) else { return text };
    let Some(follows) = look_ahead(rest, at_end) else { return Judged::NeedsMore };
    let score = score_line(&from, around) + follows.score;
    let doubtful = score < CERTAIN && !around.first && !around.length_leads_here;
    if score >= ENOUGH || (around.first && score >= 1) || around.resumed {
        Judged::Separator(Box::new(Separator {
            line_bytes: line.len(),
            full_bytes: window.len() - rest.len(),
            from,
            deleted: follows.deleted,
            doubtful,
        }))
    } else {
        let looks_like_one = from.date.is_some() || follows.score >= 3;
        Judged::Text(if looks_like_one && introduces_a_message(around.recent) {
            Doubt::Included
        } else if looks_like_one && score >= WORTH_A_REMARK {
            Doubt::MayBeSeparator
        } else {
            Doubt::None
        })
    }
}

fn score_line(from: &FromLine, around: &Surroundings) -> i32 {
    let date = match (from.date, from.has_date_words) {
        (Some(_), _) => 4,
        (None, true) => 2,
        (None, false) => 0,
    };
    let sender = match from.sender {
        Sender::Dash | Sender::Unknown | Sender::Address | Sender::Obscured => 1,
        Sender::Missing | Sender::Word => 0,
        Sender::Words => -2,
    };
    let alike = around.current.is_some_and(|current| current.is_like(from));
    date + sender
        + 2 * i32::from(around.after_blank)
        + i32::from(alike)
        + i32::from(around.quotes)
        + 6 * i32::from(around.length_leads_here)
        - 8 * i32::from(!around.length_leads_here && introduces_a_message(around.recent))
}

/// Does the text just before say that a message is included here with its envelope line: a line such as
/// `----- Begin Included Message -----` or `----- Forwarded message from … -----`, or the headers of a MIME part
/// (RFC 2046 section 5.1)? `-----Original Message-----` does not: programs that write it go on with `From:` or nothing.
fn introduces_a_message(recent: &[u8]) -> bool {
    let text = recent.trim_ascii_end();
    // Header lines just before the line, without a blank one, are those of the message.
    let blank_lines = recent[text.len()..].iter().filter(|&&b| b == b'\n').count();
    let mut lines = text.rsplit(|&b| b == b'\n' || b == b'\r').filter(|line| !line.is_empty());
    let Some(last) = lines.next() else { return false };
    let lower = last.trim_ascii().to_ascii_lowercase();
    let has = |word: &str| memmem::find(&lower, word.as_bytes()).is_some();
    let is_marked = lower.starts_with(b"--") || lower.starts_with(b"begin ");
    if is_marked && has("message") && !has("end") && (has("included") || has("forwarded message from")) {
        return true;
    }
    if blank_lines < 2 {
        return false;
    }
    let mut names_type = false;
    for line in std::iter::once(last).chain(lines).take(8) {
        names_type |= line.get(..13).is_some_and(|name| name.eq_ignore_ascii_case(b"Content-Type:"));
        if line.starts_with(b"--") {
            return names_type;
        }
        if known_line(line).is_none() && !is_continuation(line) {
            return false;
        }
    }
    false
}

struct Follows {
    score: i32,
    deleted: bool,
}

/// Looks at the lines after a `From ` line for header fields (RFC 5322 section 2.2). `None`: needs more bytes.
fn look_ahead(rest: &[u8], at_end: bool) -> Option<Follows> {
    let window = &rest[..rest.len().min(LOOK_AHEAD_BYTES)];
    let complete = at_end || rest.len() >= LOOK_AHEAD_BYTES;
    let (mut fields, mut mail, mut common, mut junk) = (0, 0, 0, 0);
    let (mut junk_first, mut deleted, mut only_added) = (false, false, true);
    let mut left = window;
    for _ in 0..LOOK_AHEAD_LINES {
        if left.is_empty() && complete {
            break;
        }
        let (line, after) = split_line(left, complete)?;
        left = after;
        if line.is_empty() || line.starts_with(b"From ") || (fields == 0 && line.iter().all(|&b| b == 0)) {
            break;
        }
        if line.starts_with(b">From ") || (fields > 0 && is_continuation(line)) {
            continue;
        }
        let Some(known) = known_line(line) else {
            junk += 1;
            junk_first |= fields == 0;
            if junk > 2 {
                break;
            }
            continue;
        };
        fields += 1;
        mail += i32::from(known == Known::Mail);
        common += i32::from(known == Known::Common);
        only_added &= is_added_by_mozilla(line);
        deleted |= only_added && is_marked_deleted(line);
        if fields >= 3 && mail + common >= 2 {
            break;
        }
    }
    Some(Follows { score: score_fields(fields, mail, common, junk, junk_first), deleted })
}

fn score_fields(fields: i32, mail: i32, common: i32, junk: i32, junk_first: bool) -> i32 {
    match fields {
        0 if junk > 0 => -4,
        0 => 0,
        _ if mail + common == 0 => 1 - 5 * i32::from(junk_first),
        1 => 3 - 3 * i32::from(junk_first),
        _ if mail == 0 && common < 2 => 3 - 2 * i32::from(junk_first),
        _ => 4 - i32::from(junk_first),
    }
}

fn is_added_by_mozilla(line: &[u8]) -> bool {
    field_name(line).is_some_and(|name| name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"X-Mozilla")))
}

/// nsMsgMessageFlags: 0x0008 is `Expunged`.
fn is_marked_deleted(line: &[u8]) -> bool {
    let value = |name: &[u8]| line[name.len()..].trim_ascii_start().strip_prefix(b":").map(<[u8]>::trim_ascii);
    field_name(line)
        .filter(|name| name.eq_ignore_ascii_case(b"X-Mozilla-Status"))
        .and_then(value)
        .and_then(|hex| std::str::from_utf8(hex).ok())
        .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .is_some_and(|flags| flags & 0x0008 != 0)
}

/// Do the lines at the start of these bytes look like the headers of a message?
pub(super) fn starts_with_headers(text: &[u8]) -> bool {
    look_ahead(text, true).is_some_and(|follows| follows.score >= 4)
}

/// The first line without its end (LF, CR LF or a lone CR), and what follows it. `None` if its end is not there;
/// at the end of the file the rest is a line.
pub(super) fn split_line(text: &[u8], at_end: bool) -> Option<(&[u8], &[u8])> {
    match memchr2(b'\n', b'\r', text) {
        None => at_end.then_some((text, &[])),
        Some(at) if text[at] == b'\n' => Some((&text[..at], &text[at + 1..])),
        Some(at) => match text.get(at + 1) {
            Some(b'\n') => Some((&text[..at], &text[at + 2..])),
            Some(_) => Some((&text[..at], &text[at + 1..])),
            None => at_end.then_some((&text[..at], &[])),
        },
    }
}
