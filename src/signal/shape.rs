//! The form of what the sender wrote: length, lines, numbers, links, file names.

use std::sync::LazyLock;

use memchr::memmem;

use super::Finder;
use super::fold::Folded;
use super::table::id;
use crate::model::message::TextSource;
use crate::parse::zones::{Zone, ZoneKind, Zones};

const FILES: [&str; 20] = [
    "doc", "docx", "xls", "xlsx", "xlsm", "ppt", "pptx", "pdf", "rtf", "txt", "csv", "zip", "odt", "ods", "dwg", "vsd",
    "mdb", "wpd", "xml", "mpp",
];
const PICTURES: [&str; 16] =
    ["jpg", "jpeg", "gif", "png", "bmp", "tif", "tiff", "mpg", "mpeg", "avi", "wav", "mp3", "mov", "exe", "wmv", "pps"];
const SHARES: [&str; 9] = [
    "sharepoint.",
    "drive.google.",
    "docs.google.",
    "dropbox.",
    "onedrive.",
    "1drv.ms",
    "wetransfer.",
    "file://",
    "box.com/",
];

/// Reads the form; gives the number of words the sender wrote.
pub(super) fn read(finder: &mut Finder<'_>, folded: &Folded, zones: &Zones) -> usize {
    if finder.facts.text_source == TextSource::Html {
        finder.header(id!("text_html"), "Content-Type", finder.facts.header("content-type").unwrap_or("text/html"));
    }
    let spoken: Vec<_> = folded.sentences.iter().filter(|sentence| sentence.spoken).copied().collect();
    let bytes: usize = spoken.iter().map(|sentence| sentence.to - sentence.from).sum();
    let mut words = 0;
    for sentence in &spoken {
        words += 1 + memchr::memchr_iter(b' ', &folded.bytes[sentence.from..sentence.to]).count();
    }
    zone_signals(finder, zones);
    let (Some(first), Some(last)) = (spoken.first(), spoken.last()) else {
        finder.header(id!("text_none"), "Content-Type", finder.facts.header("content-type").unwrap_or_default());
        return 0;
    };
    let name = match bytes {
        0..60 => Some(id!("text_tiny")),
        60..300 => Some(id!("text_short")),
        300..1500 => None,
        1500..5000 => Some(id!("text_long")),
        _ => Some(id!("text_very_long")),
    };
    if let Some(name) = name {
        finder.text_once(name, first.start, last.end);
    }
    if spoken.len() <= 2 {
        finder.text_once(id!("one_sentence"), first.start, last.end);
    }
    let opening = &folded.bytes[first.from..first.to];
    if opening.len() < 25 && matches!(opening.last(), Some(b',' | b'-' | b':')) {
        finder.text_once(id!("greeting_by_name"), first.start, first.end);
    }
    lines(finder, zones);
    characters(finder, zones, bytes);
    names(finder, folded);
    links(finder, folded);
    words
}

fn zone_signals(finder: &mut Finder<'_>, zones: &Zones) {
    for zone in &zones.all {
        let name = match zone.kind {
            ZoneKind::Quoted => id!("has_quote"),
            ZoneKind::Forwarded if zones.bare_forward => id!("forward_bare"),
            ZoneKind::Forwarded => id!("forward_comment"),
            ZoneKind::Signature => id!("has_signature"),
            ZoneKind::Disclaimer => id!("has_disclaimer"),
            ZoneKind::Footer => id!("has_footer"),
            ZoneKind::New | ZoneKind::QuoteHeader => continue,
        };
        finder.text_once(name, zone.start, zone.end);
        if zone.kind == ZoneKind::Signature {
            let text = &finder.facts.body_text[zone.start..zone.end];
            if text.contains('@') || text.bytes().filter(u8::is_ascii_digit).take(7).count() == 7 {
                finder.text_once(id!("signature_contact"), zone.start, zone.end);
            }
        }
    }
}

/// Lines that look like forms, tables and lists: three of a kind.
fn lines(finder: &mut Finder<'_>, zones: &Zones) {
    let facts = finder.facts;
    let text = facts.body_text.as_str();
    let mut counts = [0usize; 5];
    const NAMES: [u16; 5] =
        [id!("form_lines"), id!("table_lines"), id!("bullets"), id!("rule_lines"), id!("image_marks")];
    for zone in zones.spoken(text) {
        let mut start = zone.start;
        for line in text[zone.start..zone.end].split('\n') {
            let end = start + line.len();
            for (at, fits) in line_kinds(line).into_iter().enumerate() {
                if fits {
                    counts[at] += 1;
                    if counts[at] == if at == 4 { 1 } else { 3 } {
                        finder.text_once(NAMES[at], start, end);
                    }
                }
            }
            let trimmed = line.trim();
            let dashed = trimmed.strip_prefix("- ").or_else(|| trimmed.strip_prefix("<<"));
            let listed = dashed.is_some_and(|name| {
                name.len() < 120 && name.trim_end_matches('>').rsplit_once('.').is_some_and(|(_, e)| is_extension(e))
            });
            if listed || trimmed.starts_with("(See attached file:") || trimmed.starts_with("[attachment ") {
                finder.text_once(id!("file_mark"), start, end);
            }
            start = end + 1;
        }
    }
}

fn is_extension(text: &str) -> bool {
    FILES.iter().chain(&PICTURES).any(|extension| extension.eq_ignore_ascii_case(text.trim_end()))
}

/// Form, table, bullet, rule, image mark.
fn line_kinds(line: &str) -> [bool; 5] {
    let bytes = &line.as_bytes()[..line.len().min(240)];
    let trimmed = bytes.trim_ascii();
    let Some(&first) = trimmed.first() else { return [false; 5] };
    let colon = trimmed.iter().take(36).position(|b| *b == b':');
    let form = first.is_ascii_alphabetic() && colon.is_some_and(|at| at > 1 && trimmed.get(at + 1) != Some(&b'/'));
    let mut numbers = 0;
    let mut before = BEFORE;
    let mut bars = 0;
    for &byte in trimmed {
        let mark = mark(byte);
        numbers += usize::from(mark & DIGIT & (before / BEFORE));
        bars += usize::from(mark & BAR);
        before = mark;
    }
    let bars = bars / usize::from(BAR);
    let bullet = matches!(first, b'*' | b'-' | 0xe2) && trimmed.get(1).is_some_and(|b| !b"-*".contains(b))
        || first.is_ascii_digit() && trimmed.iter().take(4).any(|b| matches!(b, b'.' | b')')) && numbers < 3;
    let rule = trimmed.len() > 4 && trimmed.iter().all(|b| matches!(b, b'-' | b'_' | b'=' | b'*' | b' ' | b'~' | b'#'));
    let image = memchr::memchr_iter(b'[', trimmed).any(|at| {
        let mark = &trimmed[at..trimmed.len().min(at + 7)];
        mark.eq_ignore_ascii_case(b"[image]") || mark.eq_ignore_ascii_case(b"[image:")
    });
    [form, numbers > 2 || bars > 2, bullet, rule, image]
}

/// Marks of bytes in [`MARKS`].
const DIGIT: u8 = 1;
const CAPITAL: u8 = 2;
/// May be part of a sum, a date, a time; exclaims.
const SIGN: u8 = 4;
/// Stands before a number in a table.
const BEFORE: u8 = 8;
const BAR: u8 = 16;

static MARKS: [u8; 256] = {
    let mut marks = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        marks[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' => CAPITAL,
            b'!' | b'/' | b'.' | b':' | 0xac => SIGN,
            b'$' => SIGN | BEFORE,
            b' ' | b'(' | b'-' => BEFORE,
            b'\t' => BEFORE | BAR,
            b'|' => BAR,
            _ => 0,
        };
        byte += 1;
    }
    marks
};

fn mark(byte: u8) -> u8 {
    MARKS[usize::from(byte)]
}

/// Counts of characters: digits, capitals, exclamation marks; dates, times and sums.
fn characters(finder: &mut Finder<'_>, zones: &Zones, length: usize) {
    let facts = finder.facts;
    let text = facts.body_text.as_str();
    let (mut digits, mut capitals, mut exclaims) = (0, 0, 0);
    for zone in zones.spoken(text) {
        for (at, &byte) in text.as_bytes()[zone.start..zone.end].iter().enumerate() {
            let mark = mark(byte);
            digits += usize::from(mark & DIGIT);
            capitals += usize::from(mark & CAPITAL) / usize::from(CAPITAL);
            if mark & SIGN != 0 {
                sign(finder, zone, at, byte, &mut exclaims);
            }
        }
    }
    let Some((start, end)) = zones.spoken(text).next().map(|zone| (zone.start, zone.end)) else { return };
    if digits * 8 > length && length > 40 {
        finder.text_once(id!("many_numbers"), start, end);
    }
    if capitals * 3 > length && length > 40 {
        finder.text_once(id!("capitals"), start, end);
    }
}

fn sign(finder: &mut Finder<'_>, zone: Zone, at: usize, byte: u8, exclaims: &mut usize) {
    let bytes = &finder.facts.body_text.as_bytes()[zone.start..zone.end];
    let next = bytes.get(at + 1).copied().unwrap_or(b' ');
    match byte {
        b'!' => {
            *exclaims += 1;
            match *exclaims {
                1 => finder.text_once(id!("exclaims"), zone.start + at, zone.start + at + 1),
                4 => finder.text_once(id!("exclaims_many"), zone.start + at, zone.start + at + 1),
                _ => {}
            }
        }
        b'$' if next.is_ascii_digit() || next == b' ' => number(finder, id!("money_amount"), zone.start, at),
        0xac if at > 1 && bytes[at - 2] == 0xe2 && bytes[at - 1] == 0x82 => {
            number(finder, id!("money_amount"), zone.start, at - 2);
        }
        b'/' | b'.' | b':' if at > 0 && bytes[at - 1].is_ascii_digit() && next.is_ascii_digit() => {
            if byte == b':' {
                number(finder, id!("clock_time"), zone.start, at);
            } else if byte == b'/' || bytes.get(at + 2..at + 4).is_some_and(|w| w.contains(&b'.')) {
                number(finder, id!("date_in_text"), zone.start, at);
            }
        }
        _ => {}
    }
}

/// Quotes the run of number-like bytes around `at`.
fn number(finder: &mut Finder<'_>, signal: u16, zone: usize, at: usize) {
    if finder.has(signal) {
        return;
    }
    let bytes = finder.facts.body_text.as_bytes();
    let part = |b: &u8| b.is_ascii_digit() || matches!(b, b'/' | b'.' | b':' | b',' | b'$' | 0xe2 | 0x82 | 0xac);
    let at = zone + at;
    let start = bytes[at.saturating_sub(20)..at].iter().rev().take_while(|b| part(b)).count();
    let end = bytes[at..bytes.len().min(at + 20)].iter().take_while(|b| part(b)).count();
    let (start, end) =
        (super::ceil(&finder.facts.body_text, at - start), super::ceil(&finder.facts.body_text, at + end));
    finder.text_once(signal, start, end);
}

fn names(finder: &mut Finder<'_>, folded: &Folded) {
    for at in memchr::memchr_iter(b'.', &folded.bytes) {
        let rest = &folded.bytes[at + 1..folded.bytes.len().min(at + 6)];
        let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        if !(3..=4).contains(&length) {
            // No extension of the lists.
            continue;
        }
        let before =
            at > 0 && (folded.bytes[at - 1].is_ascii_alphanumeric() || matches!(folded.bytes[at - 1], b')' | b'_'));
        let extension = &rest[..length];
        let name = if !before {
            continue;
        } else if FILES.iter().any(|file| file.as_bytes() == extension) {
            id!("names_file")
        } else if PICTURES.iter().any(|file| file.as_bytes() == extension) {
            id!("names_picture")
        } else {
            continue;
        };
        let back = folded.bytes[at.saturating_sub(60)..at].iter().rev();
        let start = at - back.take_while(|b| **b > b' ' && **b < 0x80 && **b != b'<').count();
        finder.text_once(name, folded.original(start), folded.original(at + length) + 1);
    }
    let path = |at: &usize| folded.bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric);
    if memchr::memchr(b'\\', &folded.bytes).is_none() {
        return;
    }
    let unc = memmem::find_iter(&folded.bytes, b"\\\\").find(path);
    let drive =
        memmem::find_iter(&folded.bytes, b":\\").find(|at| *at > 0 && folded.bytes[at - 1].is_ascii_alphabetic());
    if let Some(at) = unc.or(drive.map(|at| at - 1)) {
        let length = folded.bytes[at..].iter().take(EXCERPT).take_while(|b| **b > b' ' && **b < 0x80).count();
        finder.text_once(id!("unc_path"), folded.original(at), folded.original(at + length.max(1) - 1) + 1);
    }
}

/// Longest link or path quoted.
const EXCERPT: usize = super::EXCERPT_BYTES;

static HTTP: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("http"));
static FILE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("file://"));
static WWW: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("www."));

fn links(finder: &mut Finder<'_>, folded: &Folded) {
    let mut count = 0;
    let mut end = 0;
    for at in HTTP.find_iter(&folded.bytes).chain(FILE.find_iter(&folded.bytes)) {
        let bytes = &folded.bytes[at..];
        if !bytes.starts_with(b"http://") && !bytes.starts_with(b"https://") && !bytes.starts_with(b"file://")
            || at < end
        {
            continue;
        }
        let length = bytes.iter().take(2000).take_while(|b| **b > b' ' && **b < 0x80 && !b"<>\"".contains(b)).count();
        end = at + length;
        count += 1;
        let link = std::str::from_utf8(&bytes[..length]).unwrap_or_default();
        let (start, stop) = (folded.original(at), folded.original(at + length - 1) + 1);
        if count == 1 {
            finder.text_once(id!("link"), start, stop);
        } else if count == 4 {
            finder.text_once(id!("links_many"), start, stop);
        }
        let path = link.trim_end_matches(['.', ',', ')', ';']);
        let file = path.rsplit_once('.').is_some_and(|(_, extension)| is_extension(extension));
        if file || SHARES.iter().any(|share| link.contains(share)) {
            finder.text_once(id!("link_to_file"), start, stop);
        }
        if count > 200 {
            break;
        }
    }
    if count == 0 {
        for at in WWW.find_iter(&folded.bytes).take(1) {
            let length = folded.bytes[at..].iter().take(100).take_while(|b| **b > b' ' && **b < 0x80).count();
            finder.text_once(id!("link"), folded.original(at), folded.original(at + length - 1) + 1);
        }
    }
}
