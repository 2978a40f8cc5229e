//! Finds where an earlier message begins: `>`, banners, header blocks, attributions.

use crate::model::calendar;

use super::{LOOK_AHEAD, Line, ZoneKind};

/// Words of a banner between dashes above an answered message.
const ORIGINAL: [&str; 10] = [
    "original message",
    "original-nachricht",
    "originalnachricht",
    "ursprüngliche nachricht",
    "urspruengliche nachricht",
    "message d'origine",
    "mensaje original",
    "oorspronkelijk bericht",
    "messaggio originale",
    "mensagem original",
];
/// Words of a banner above a message that is passed on.
const FORWARD: [&str; 12] = [
    "forwarded by",
    "forwarded message",
    "forwarded messag",
    "begin forwarded message",
    "original appointment",
    "weitergeleitet von",
    "weitergeleitete nachricht",
    "message transféré",
    "mensaje reenviado",
    "doorgestuurd bericht",
    "messaggio inoltrato",
    "mensagem encaminhada",
];
/// First words of an attribution line.
const ON: [&str; 8] = ["on ", "am ", "le ", "el ", "op ", "il ", "em ", "in message "];
/// Its verb.
const WROTE: [&str; 11] = [
    "wrote",
    "writes",
    "schrieb",
    "a écrit",
    "a ecrit",
    "escribió",
    "escribio",
    "schreef",
    "geschreven",
    "ha scritto",
    "escreveu",
];

/// A header line in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    From,
    Sent,
    To,
    Cc,
    Subject,
    Other,
}

/// Marks quoted and forwarded lines and the lines that introduce them.
pub(super) fn mark(lines: &[Line<'_>], kinds: &mut [ZoneKind]) {
    let mut open: Option<ZoneKind> = None;
    let mut any_new = false;
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        if let Some(opening) = opening(lines, at) {
            let start = if open.is_none() { opening.start.max(first_new(kinds, at)) } else { at };
            kinds[start..opening.end].fill(ZoneKind::QuoteHeader);
            if opening.start < at && open.is_none() {
                any_new = (0..start).any(|i| kinds[i] == ZoneKind::New && !lines[i].is_blank());
            }
            open = match (open, opening.kind) {
                (Some(kind), _) => Some(kind),
                (None, Opens::Below) => None,
                (None, Opens::Forward) => Some(ZoneKind::Forwarded),
                (None, Opens::Rest) if any_new => Some(ZoneKind::Quoted),
                (None, Opens::Rest) => Some(ZoneKind::Forwarded),
            };
            at = opening.end;
            continue;
        }
        kinds[at] = match open {
            _ if line.is_quoted() => ZoneKind::Quoted,
            Some(kind) => kind,
            None => ZoneKind::New,
        };
        any_new |= kinds[at] == ZoneKind::New && !line.is_blank();
        at += 1;
    }
}

/// The first line of the run of new lines that ends before `at`.
fn first_new(kinds: &[ZoneKind], at: usize) -> usize {
    let from = at.saturating_sub(8);
    (from..at).rev().find(|&i| kinds[i] != ZoneKind::New).map_or(from, |i| i + 1)
}

enum Opens {
    /// Only the `>` lines below.
    Below,
    /// All the rest, answered unless there is no new text.
    Rest,
    /// All the rest, passed on.
    Forward,
}

struct Opening {
    start: usize,
    end: usize,
    kind: Opens,
}

fn opening(lines: &[Line<'_>], at: usize) -> Option<Opening> {
    let trimmed = lines[at].text.trim().trim_start_matches('>').trim_start();
    if lines[at].is_quoted() || trimmed.is_empty() {
        return None;
    }
    banner(lines, at, trimmed).or_else(|| attribution(lines, at, trimmed)).or_else(|| headers(lines, at))
}

fn banner(lines: &[Line<'_>], at: usize, trimmed: &str) -> Option<Opening> {
    let dashed = trimmed.starts_with("--") || trimmed.starts_with("__") || trimmed.starts_with("==");
    if !dashed && !starts_with(trimmed, "begin forwarded message") && !starts_with(trimmed, "forwarded by") {
        return None;
    }
    let words = trimmed.trim_start_matches(['-', '_', '=', ' ', '\t', '<']);
    let kind = if FORWARD.iter().any(|word| starts_with(words, word)) {
        Opens::Forward
    } else if ORIGINAL.iter().any(|word| starts_with(words, word)) {
        Opens::Rest
    } else {
        return None;
    };
    let mut end = at + 1;
    if dashed && !trimmed.ends_with(['-', '_', '=']) {
        // Lotus Notes folds the banner.
        let folded = lines.get(end).is_some_and(|line| line.text.trim_end().ends_with("--") && line.text.len() < 100);
        end += usize::from(folded);
    }
    if !dashed && !trimmed.ends_with(':') && block(lines, end).is_none() {
        return None;
    }
    Some(Opening { start: at, end: block(lines, end).unwrap_or(end), kind })
}

fn attribution(lines: &[Line<'_>], at: usize, trimmed: &str) -> Option<Opening> {
    let dated = ON.iter().any(|word| starts_with(trimmed, word));
    let reach = if dated { 3 } else { 1 };
    for end in at..(at + reach).min(lines.len()) {
        let line = lines[end].text.trim_end();
        if line.trim().is_empty() || line.len() > 400 {
            return None;
        }
        if !line.ends_with(':') {
            continue;
        }
        let verb = (at..=end).any(|i| WROTE.iter().any(|verb| contains(lines[i].text, verb)));
        let next = (end + 1..lines.len().min(end + 4)).find(|&i| !lines[i].is_blank());
        let quoted = next.is_some_and(|i| lines[i].is_quoted());
        let digits = (at..=end).any(|i| lines[i].text.bytes().any(|b| b.is_ascii_digit()));
        if !verb || !(quoted || dated && digits) {
            return None;
        }
        return Some(Opening { start: at, end: end + 1, kind: if quoted { Opens::Below } else { Opens::Rest } });
    }
    None
}

/// A header block without a banner: Outlook's From:/Sent:/To:/Subject:, or Lotus Notes' name and date above To:.
fn headers(lines: &[Line<'_>], at: usize) -> Option<Opening> {
    match key(lines[at].text)? {
        // The first line of a form may say from when: that is no sender.
        Key::From if is_time(lines[at].text) => None,
        Key::From => Some(Opening { start: at, end: block(lines, at)?, kind: Opens::Rest }),
        Key::To => {
            let end = block(lines, at)?;
            let start = (at.saturating_sub(7)..at).rev().take_while(|&i| names_or_dates(lines[i].text)).last()?;
            let dated = (start..at).any(|i| has_date(lines[i].text));
            dated.then_some(Opening { start, end, kind: Opens::Rest })
        }
        _ => None,
    }
}

/// Where the header block at `at` ends: one past its last line. Blank lines may stand before and, in Lotus Notes' way,
/// before the subject.
fn block(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let (mut sender, mut addressed, mut dated, mut subject) = (false, false, false, false);
    let mut end = None;
    let mut odd = 0;
    for (index, line) in lines.iter().enumerate().take(lines.len().min(at + LOOK_AHEAD)).skip(at) {
        match key(line.text) {
            Some(Key::From) => sender = true,
            Some(Key::Sent) => dated = true,
            Some(Key::To) => addressed = true,
            Some(Key::Subject) => subject = true,
            Some(Key::Cc | Key::Other) => {}
            None if line.is_blank() && subject => break,
            None if line.is_blank() => continue,
            None if subject && (line.text.starts_with(['\t', ' ']) && line.text.len() < 80) => {}
            None if subject => break,
            None if addressed => {
                odd += 1;
                if !(line.text.contains(['@', '/', ';', ',', '<']) || line.text.len() < 40) {
                    break;
                }
            }
            None => {
                odd += 1;
                dated |= has_date(line.text);
                if odd > 6 || !names_or_dates(line.text) {
                    break;
                }
            }
        }
        end = Some(index + 1);
    }
    let whole = subject && (sender || addressed) || sender && addressed || sender && dated;
    end.filter(|_| whole)
}

fn key(line: &str) -> Option<Key> {
    let line = line.trim_start_matches([' ', '\t', '*']);
    let colon = line.bytes().take(20).position(|b| b == b':')?;
    let word = line[..colon].trim_matches(['*', ' ', '\u{a0}']);
    let same = |words: &[&str]| words.iter().any(|w| w.len() == word.len() && starts_with(word, w));
    if same(&["from", "von", "de", "van", "da", "sender", "absender"]) {
        Some(Key::From)
    } else if same(&[
        "sent",
        "date",
        "gesendet",
        "datum",
        "envoyé",
        "enviado",
        "enviada",
        "fecha",
        "verzonden",
        "inviato",
        "data",
    ]) {
        Some(Key::Sent)
    } else if same(&["to", "an", "à", "para", "aan", "a", "per"]) {
        Some(Key::To)
    } else if same(&["cc", "bcc", "kopie", "copie", "copia"]) {
        Some(Key::Cc)
    } else if same(&["subject", "betreff", "objet", "asunto", "onderwerp", "oggetto", "assunto"]) {
        Some(Key::Subject)
    } else if same(&[
        "importance",
        "priority",
        "attachments",
        "reply-to",
        "organization",
        "sensitivity",
        "when",
        "where",
        "please respond to",
    ]) {
        Some(Key::Other)
    } else {
        None
    }
}

/// Whether what stands behind the colon is a day or a time: `Von: 03.05.2024`, `From: Monday 6 May`.
fn is_time(line: &str) -> bool {
    let value = line.split_once(':').map_or("", |(_, value)| value).trim_matches(|c: char| !c.is_alphanumeric());
    let first = value.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let named = calendar::month(&first).is_some() || calendar::is_weekday(&first);
    !value.contains(['@', '<']) && (value.starts_with(|c: char| c.is_ascii_digit()) || named)
}

/// A line above Lotus Notes' To: a name, an address, a date; never a sentence.
fn names_or_dates(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty()
        && line.len() < 100
        && (has_date(line) || line.contains('@') || line.split(' ').count() < 7)
        && !line.ends_with(['.', '?', '!', ','])
}

/// Two numbers with `/`, `.` or `-` between them, or a clock time.
fn has_date(line: &str) -> bool {
    line.as_bytes()
        .windows(3)
        .any(|w| w[0].is_ascii_digit() && matches!(w[1], b'/' | b':' | b'.' | b'-') && w[2].is_ascii_digit())
}

/// Case-insensitive for ASCII.
pub(super) fn starts_with(text: &str, prefix: &str) -> bool {
    text.len() >= prefix.len() && text.as_bytes()[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes())
}

fn contains(text: &str, word: &str) -> bool {
    let (text, word) = (&text.as_bytes()[..text.len().min(400)], word.as_bytes());
    text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}
