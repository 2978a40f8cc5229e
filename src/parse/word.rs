//! Header text: unfolding (RFC 5322 section 2.2.3), encoded words (RFC 2047) and raw 8-bit bytes.

use super::charset::{Charset, guess};
use super::decode::{Base64, hex};
use std::borrow::Cow;

/// One stretch of a header value.
enum Stretch<'a> {
    /// Bytes as they stand.
    Plain(&'a [u8]),
    /// Encoded words, decoded; white space between neighbours is gone, and a character split over two of them is whole.
    Words(String),
}

/// The value without line ends: each fold (line end and the white space after it) becomes one blank; trimmed.
pub fn unfold(value: &[u8]) -> Cow<'_, [u8]> {
    let value = value.trim_ascii();
    if memchr::memchr2(b'\n', b'\r', value).is_none() {
        return Cow::Borrowed(value);
    }
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
        let before = rest[..at].trim_ascii_end();
        out.extend_from_slice(before);
        out.push(b' ');
        rest = rest[at..].trim_ascii_start();
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// The text of an unfolded value. Never fails: what cannot be decoded stays as it is.
pub fn decode(value: &[u8]) -> String {
    if value.is_ascii() && !has_words(value) {
        return super::text_of(value);
    }
    let mut text = String::with_capacity(value.len());
    let all_utf8 = std::str::from_utf8(value).is_ok();
    for stretch in stretches(value) {
        match stretch {
            Stretch::Plain(bytes) if all_utf8 => text.push_str(&super::text_of(bytes)),
            Stretch::Plain(bytes) => text.push_str(&guess(bytes, false)),
            Stretch::Words(words) => text.push_str(&words),
        }
    }
    text
}

/// The same value with every run of encoded words as one word in UTF-8, and raw bytes as UTF-8. For parsers that
/// have to see the syntax around the words and that know fewer charsets.
pub fn recode(value: &[u8]) -> Vec<u8> {
    if value.is_ascii() && !has_words(value) {
        return value.to_vec();
    }
    const FALSE_STARTS: usize = 16;
    let mut out = Vec::with_capacity(value.len());
    let mut false_starts = 0;
    for stretch in stretches(value) {
        match stretch {
            Stretch::Words(words) => {
                out.extend_from_slice(b"=?utf-8?B?");
                encode_base64(words.as_bytes(), &mut out);
                out.extend_from_slice(b"?=");
            }
            Stretch::Plain(bytes) => {
                for byte in guess(bytes, false).bytes() {
                    if byte == b'?' && out.last() == Some(&b'=') {
                        false_starts += 1;
                        if false_starts > FALSE_STARTS {
                            continue;
                        }
                    }
                    out.push(byte);
                }
            }
        }
    }
    out
}

fn has_words(value: &[u8]) -> bool {
    memchr::memmem::find(value, b"=?").is_some()
}

fn stretches(value: &[u8]) -> Vec<Stretch<'_>> {
    let mut all = Vec::new();
    let mut words = Words::default();
    let (mut plain_start, mut at) = (0, 0);
    while let Some(found) = memchr::memmem::find(&value[at..], b"=?") {
        let start = at + found;
        let Some(word) = encoded_word(&value[start..]) else {
            at = start + 2;
            continue;
        };
        let plain = &value[plain_start..start];
        if words.is_empty() || !plain.iter().all(u8::is_ascii_whitespace) {
            words.end(&mut all);
            if !plain.is_empty() {
                all.push(Stretch::Plain(plain));
            }
        }
        words.add(word.charset, word.bytes);
        at = start + word.length;
        plain_start = at;
    }
    words.end(&mut all);
    if plain_start < value.len() {
        all.push(Stretch::Plain(&value[plain_start..]));
    }
    all
}

/// Neighbouring encoded words; those of one charset are decoded together.
#[derive(Default)]
struct Words {
    label: Vec<u8>,
    bytes: Vec<u8>,
    text: String,
    any: bool,
}

impl Words {
    fn is_empty(&self) -> bool {
        !self.any
    }

    fn add(&mut self, label: &[u8], bytes: Vec<u8>) {
        // In ISO-2022 each word starts anew (RFC 2047 section 5); joined, the escapes between them would be errors.
        let stateful = label.len() > 8 && label[..8].eq_ignore_ascii_case(b"iso-2022");
        if stateful || !self.label.eq_ignore_ascii_case(label) {
            self.decode();
            self.label = label.to_vec();
        }
        self.bytes.extend_from_slice(&bytes);
        self.any = true;
    }

    fn decode(&mut self) {
        let (text, _) = Charset::from_label(&self.label).decode(&self.bytes, false);
        self.text.push_str(&text);
        self.bytes.clear();
    }

    fn end(&mut self, all: &mut Vec<Stretch<'_>>) {
        if self.any {
            self.decode();
            all.push(Stretch::Words(std::mem::take(&mut self.text)));
            self.any = false;
            self.label.clear();
        }
    }
}

struct EncodedWord<'a> {
    charset: &'a [u8],
    bytes: Vec<u8>,
    length: usize,
}

/// The encoded word at the start of `value`. Words longer than the 75 characters allowed are read too, up to 8 KiB.
fn encoded_word(value: &[u8]) -> Option<EncodedWord<'_>> {
    let after = value.strip_prefix(b"=?")?;
    let charset_end = memchr::memchr(b'?', &after[..after.len().min(80)])?;
    let charset = after[..charset_end].split(|b| *b == b'*').next()?;
    if charset.is_empty() || !charset.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    let [encoding, b'?', data @ ..] = &after[charset_end + 1..] else { return None };
    let end = memchr::memmem::find(&data[..data.len().min(8192)], b"?=")?;
    let bytes = match encoding {
        b'q' | b'Q' => q(&data[..end]),
        b'b' | b'B' => {
            let (mut base64, mut out) = (Base64::default(), Vec::with_capacity(end));
            base64.push(&data[..end], &mut out);
            base64.finish(&mut out);
            out
        }
        _ => return None,
    };
    Some(EncodedWord { charset, bytes, length: 2 + charset_end + 1 + 2 + end + 2 })
}

/// The Q encoding (RFC 2047 section 4.2).
fn q(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'_' => out.push(b' '),
            b'=' => match rest {
                [high, low, after @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                    out.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                    rest = after;
                }
                _ => out.push(b'='),
            },
            other => out.push(*other),
        }
    }
    out
}

fn encode_base64(bytes: &[u8], out: &mut Vec<u8>) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for group in bytes.chunks(3) {
        let bits = u32::from_be_bytes([0, group[0], *group.get(1).unwrap_or(&0), *group.get(2).unwrap_or(&0)]);
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place)) as usize & 63];
            out.push(if place <= group.len() { digit } else { b'=' });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> String {
        decode(value.as_bytes())
    }

    #[test]
    fn words_join_and_characters_split_over_two_are_whole() {
        assert_eq!(text("=?utf-8?Q?J=C3?= =?utf-8?Q?=BCrgen?="), "Jürgen");
        assert_eq!(text("=?utf-8?B?w7w=?= =?iso-8859-1?Q?=FC?= x"), "üü x");
        assert_eq!(text("a =?utf-8?Q?b?= c"), "a b c");
        assert_eq!(text("Re: =?x-nobody?Q?caf=C3=A9_au?= lait"), "Re: café au lait");
        assert_eq!(text("=?iso-8859-1*de?Q?=FCber_alles?="), "über alles");
        assert_eq!(text("=?broken?Q?no end"), "=?broken?Q?no end");
        assert_eq!(text("=?utf-8?Q?=3D?="), "=");
        assert_eq!(text("1 =? 2 ?= 3"), "1 =? 2 ?= 3");
        let words = "=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?= =?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=";
        assert_eq!(text(words), "テストテスト");
    }

    #[test]
    fn raw_bytes_are_guessed() {
        assert_eq!(decode("Grüße".as_bytes()), "Grüße");
        assert_eq!(decode(b"Gr\xfc\xdfe aus K\xf6ln"), "Grüße aus Köln");
    }

    #[test]
    fn folds_become_one_blank() {
        assert_eq!(unfold(b" a\n\tb\n  c \n"), b"a b c".as_slice());
    }

    #[test]
    fn recoding_keeps_the_syntax() {
        assert_eq!(recode(b"=?utf-8?Q?J=C3?= =?utf-8?Q?=BCrg,en?= <a@b>"), b"=?utf-8?B?SsO8cmcsZW4=?= <a@b>");
    }
}
