//! Bytes to text: declared charsets, and guesses where nothing usable is declared.

use crate::model::ProblemKind;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

/// What a charset label stands for.
#[derive(Clone, Copy, Debug)]
pub enum Charset {
    /// Nothing declared, or an empty name.
    Undeclared,
    /// us-ascii by name.
    Ascii,
    /// utf-8 by name.
    Utf8,
    /// One of the WHATWG standard.
    Known(&'static Encoding),
    /// One that only mail knows (utf-7, ibm850).
    Rare(fn(&[u8]) -> String),
    /// A name nobody knows.
    Unknown,
}

impl Charset {
    /// The charset of a label, case-insensitive; language suffixes (RFC 2231 section 5) are to be cut off before.
    pub fn from_label(label: &[u8]) -> Charset {
        let label = label.trim_ascii();
        if label.is_empty() {
            return Charset::Undeclared;
        }
        if label.eq_ignore_ascii_case(b"us-ascii") || label.eq_ignore_ascii_case(b"ascii") {
            return Charset::Ascii;
        }
        match Encoding::for_label_no_replacement(label) {
            Some(encoding) if encoding == UTF_8 => Charset::Utf8,
            Some(encoding) => Charset::Known(encoding),
            None if label.eq_ignore_ascii_case(b"utf8mb4") => Charset::Utf8,
            None if label.len() > 44 => Charset::Unknown,
            None => charset_decoder(label).map_or(Charset::Unknown, Charset::Rare),
        }
    }

    /// Decodes all of `bytes`, and says if that took a guess. A character cut off at the end is dropped where the
    /// text was cut (`truncated`).
    pub fn decode(self, bytes: &[u8], truncated: bool) -> (String, Option<ProblemKind>) {
        if bytes.is_ascii() && !matches!(self, Charset::Known(_) | Charset::Rare(_)) {
            let text = super::text_of(bytes);
            return (text, matches!(self, Charset::Unknown).then_some(ProblemKind::CharsetUnknown));
        }
        match self {
            Charset::Known(encoding) => {
                let (text, _) = encoding.decode_without_bom_handling(bytes);
                (text.into_owned(), None)
            }
            Charset::Rare(decoder) => (super::guard(|| decoder(bytes)), None),
            Charset::Utf8 => declared_utf8(bytes, truncated),
            Charset::Undeclared | Charset::Ascii => (guess(bytes, truncated), Some(ProblemKind::CharsetGuessed)),
            Charset::Unknown => (guess(bytes, truncated), Some(ProblemKind::CharsetUnknown)),
        }
    }
}

fn whole_characters(bytes: &[u8], truncated: bool) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if truncated && error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    }
}

/// A few damaged characters do not make a text something else than UTF-8.
fn declared_utf8(bytes: &[u8], truncated: bool) -> (String, Option<ProblemKind>) {
    let bytes = whole_characters(bytes, truncated);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), None);
    }
    let text = String::from_utf8_lossy(bytes);
    let (mut damaged, mut foreign) = (0usize, 0usize);
    for character in text.chars().filter(|c| !c.is_ascii()) {
        foreign += 1;
        damaged += usize::from(character == '\u{fffd}');
    }
    let text = if damaged * 4 < foreign { text.into_owned() } else { guess(bytes, false) };
    (text, Some(ProblemKind::CharsetGuessed))
}

/// Text in no declared charset: UTF-8 if it is valid, else what its bytes look like.
pub fn guess(bytes: &[u8], truncated: bool) -> String {
    let bytes = whole_characters(bytes, truncated);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(64 * 1024)], true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged { WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned() } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(label: &str, bytes: &[u8]) -> (String, Option<ProblemKind>) {
        Charset::from_label(label.as_bytes()).decode(bytes, false)
    }

    #[test]
    fn declared_unknown_and_missing() {
        assert_eq!(decode("ISO-8859-1", b"J\xfcrgen"), ("Jürgen".into(), None));
        assert_eq!(decode("utf-8", "Jürgen".as_bytes()), ("Jürgen".into(), None));
        assert_eq!(decode("", "Jürgen".as_bytes()), ("Jürgen".into(), Some(ProblemKind::CharsetGuessed)));
        assert_eq!(decode("us-ascii", b"Gr\xfc\xdfe").0, "Grüße");
        assert_eq!(decode("x-nobody", b"plain"), ("plain".into(), Some(ProblemKind::CharsetUnknown)));
        assert_eq!(decode("utf-7", b"a+AOQ-b"), ("aäb".into(), None));
        assert_eq!(decode("gb2312", b"\xc4\xe3"), ("你".into(), None));
        assert_eq!(decode("iso-2022-kr", b"\x0e").1, None);
    }
}
