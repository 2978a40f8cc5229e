//! What mail programs and services write into a message to say which conversation it belongs to, and how its text begins.
//!
//! - `X-GM-THRID`: Gmail's number of the conversation, decimal; only Takeout and some IMAP copies have it.
//! - `Thread-Index` (\[MS-OXOMSG\] section 2.2.1.3, PidTagConversationIndex): base64 of 6 bytes of time, 16 bytes of GUID and 5
//!   bytes for each answer. The GUID is the conversation.
//! - Openings: digests of the first words of the sender's text and of the texts quoted in it. Clients that write no
//!   References still quote what they answer.

use super::zones::{ZoneKind, Zones};
use crate::model::hash::Hash64;

/// Words of a short and of a long opening.
const SHORT: usize = 5;
const LONG: usize = 10;
/// So many quoted texts are looked at.
const MOST_QUOTED: usize = 4;
/// So many bytes of one text are looked at.
const LOOK_BYTES: usize = 2_000;

/// What says where a message belongs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Conversation {
    /// X-GM-THRID.
    pub gmail_thread: Option<String>,
    /// The GUID of Thread-Index, 32 hex digits.
    pub outlook_index: Option<String>,
    /// How the sender's text begins.
    pub opening: Opening,
    /// How the quoted and forwarded texts begin, outermost first.
    pub quoted: Vec<Opening>,
}

/// Digests of the first words of a text; 0 where there are not so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Opening {
    /// Of the first five words.
    pub short: i64,
    /// Of the first ten.
    pub long: i64,
}

/// Reads headers and the openings of the texts. `gmail_thread` is what the store wrote before the message.
pub fn read(headers: &[(String, String)], gmail_thread: Option<String>, text: &str, zones: &Zones) -> Conversation {
    let value =
        |wanted: &str| headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, v)| v.as_str());
    Conversation {
        gmail_thread: gmail_thread.or_else(|| value("X-GM-THRID").and_then(gmail)),
        outlook_index: value("Thread-Index").and_then(guid),
        opening: own(text, zones),
        quoted: quoted(text, zones),
    }
}

/// A number of Gmail's, without what else a hand may have put there.
pub fn gmail(value: &str) -> Option<String> {
    let value = value.trim();
    (value.len() <= 20 && !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())).then(|| value.to_owned())
}

/// Bytes 6 to 22 of a Thread-Index.
fn guid(value: &str) -> Option<String> {
    let mut bytes = [0u8; 22];
    let mut found = 0;
    let (mut bits, mut held) = (0u32, 0);
    for byte in value.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes[found] = (bits >> held) as u8;
            found += 1;
            if found == bytes.len() {
                let hex: String = bytes[6..].iter().map(|byte| format!("{byte:02x}")).collect();
                return bytes[6..].iter().any(|byte| *byte != 0).then_some(hex);
            }
        }
    }
    None
}

fn own(text: &str, zones: &Zones) -> Opening {
    let start = zones.of(ZoneKind::New).find(|zone| has_words(&text[zone.start..zone.end])).map(|zone| zone.start);
    let Some(start) = start else { return Opening::default() };
    let mut words = Words::default();
    // A signature that follows is quoted together with the text.
    for zone in zones.all.iter().filter(|zone| zone.start >= start) {
        match zone.kind {
            ZoneKind::New | ZoneKind::Signature => {}
            _ => break,
        }
        if !words.add(&text[zone.start..zone.end]) {
            break;
        }
    }
    words.finish()
}

fn quoted(text: &str, zones: &Zones) -> Vec<Opening> {
    let mut found = Vec::new();
    for zone in zones.all.iter().filter(|zone| matches!(zone.kind, ZoneKind::Quoted | ZoneKind::Forwarded)) {
        let part = &text[zone.start..zone.end];
        let part = &part[..part.floor_char_boundary(LOOK_BYTES)];
        let mut depth = None;
        let mut words = Words::default();
        for line in part.split_inclusive('\n') {
            let (level, rest) = unquote(line);
            if !has_words(rest) {
                continue;
            }
            // What is quoted deeper is an earlier text; what is quoted less deep belongs to a later one.
            if *depth.get_or_insert(level) != level || !words.add(rest) {
                break;
            }
        }
        let opening = words.finish();
        if opening.short != 0 {
            found.push(opening);
        }
        if found.len() == MOST_QUOTED {
            break;
        }
    }
    found
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// A line without its marks of quotation, and how many it had.
fn unquote(line: &str) -> (usize, &str) {
    let mut rest = line.trim_start();
    let mut level = 0;
    while let Some(inner) = rest.strip_prefix('>').or_else(|| rest.strip_prefix('|')) {
        level += 1;
        rest = inner.trim_start();
    }
    (level, rest)
}

/// The first words of a text on their way into digests.
#[derive(Default)]
struct Words {
    hash: Hash64,
    count: usize,
    opening: Opening,
}

impl Words {
    /// Adds words; `false` when there are enough.
    fn add(&mut self, text: &str) -> bool {
        let text = &text[..text.floor_char_boundary(LOOK_BYTES)];
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            for c in word.chars().flat_map(char::to_lowercase) {
                self.hash.push(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            self.hash.push(b" ");
            self.count += 1;
            if self.count == SHORT {
                self.opening.short = self.hash.finish();
            }
            if self.count == LONG {
                self.opening.long = self.hash.finish();
                return false;
            }
        }
        true
    }

    fn finish(self) -> Opening {
        self.opening
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::zones::zones;

    fn of(text: &str) -> Conversation {
        read(&[], None, text, &zones(text))
    }

    #[test]
    fn an_answer_quotes_what_it_answers() {
        let first = of("Hi Bo,\n\nthe crane on site four is broken, we need a new one today.\n\nAda\n");
        let answer = of(
            "Of course.\n\nOn Mon, Ada wrote:\n> Hi Bo,\n> \n> the crane on site\n> four is broken, we need a new one today.\n",
        );
        let outlook = of(
            "Of course.\n\n-----Original Message-----\nFrom: Ada\nSent: Monday\nTo: Bo\nSubject: Crane\n\nHi Bo,\n\nthe crane on \
             site four is broken, we need a new one today.\n",
        );
        assert_ne!(first.opening.long, 0);
        assert_eq!(answer.quoted.first().map(|one| one.long), Some(first.opening.long));
        assert_eq!(outlook.quoted.first().map(|one| one.long), Some(first.opening.long));
        assert_eq!((answer.opening.short, answer.opening.long), (0, 0), "two words are no opening");
    }

    #[test]
    fn the_conversation_of_outlook_is_its_guid() {
        let header = |value: &str| vec![("Thread-Index".to_owned(), value.to_owned())];
        // 01 c0 0d 4a 5b 6c, then the bytes 1 to 16, then the 5 bytes of an answer.
        let first = read(&header("AcANSltsAQIDBAUGBwgJCgsMDQ4PEA=="), None, "", &Zones::default());
        let answer = read(&header("AcANSltsAQIDBAUGBwgJCgsM\r\n DQ4PEAAAAAAB"), None, "", &Zones::default());
        assert_eq!(first.outlook_index.as_deref(), Some("0102030405060708090a0b0c0d0e0f10"));
        assert_eq!(first.outlook_index, answer.outlook_index);
        for broken in ["", "AAAA", "not base64!", "AcANSltsAAAAAAAAAAAAAAAAAAAAAA=="] {
            assert_eq!(read(&header(broken), None, "", &Zones::default()).outlook_index, None, "{broken}");
        }
        assert_eq!(gmail(" 1234567890123456789 ").as_deref(), Some("1234567890123456789"));
        assert_eq!(gmail("12a"), None);
    }
}
