//! A header block cut into fields, and the parameters of MIME fields (RFC 2045 section 5.1, RFC 2231).

use super::charset::Charset;
use super::decode::hex;
use super::word;

/// One header field as it stands: the value still folded and encoded.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The name without white space around it.
    pub name: &'a [u8],
    /// Everything after the colon, with its folds, without the last line end.
    pub value: &'a [u8],
}

impl Field<'_> {
    /// Whether this is the field of that name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// Where the name of a field ends if `line` starts one (RFC 5322 section 2.2; blanks before the colon as in 4.5.8).
pub fn name_length(line: &[u8]) -> Option<usize> {
    let name = line.iter().take_while(|b| b.is_ascii_graphic() && **b != b':').count();
    let blanks = line[name..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    (name > 0 && line.get(name + blanks) == Some(&b':')).then_some(name)
}

/// The fields of a header block in order. Every line of a block is a field or a continuation (the scanner saw to that);
/// lines without a colon are passed over.
pub fn fields(block: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut rest = block;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let first = line_length(rest);
            let Some(colon) = memchr::memchr(b':', &rest[..first]) else {
                rest = &rest[first..];
                continue;
            };
            let mut end = first;
            while matches!(rest.get(end), Some(b' ' | b'\t')) {
                end += line_length(&rest[end..]);
            }
            let (field, after) = rest.split_at(end);
            rest = after;
            let value = &field[colon + 1..];
            return Some(Field {
                name: field[..colon].trim_ascii_end(),
                value: value.strip_suffix(b"\n").unwrap_or(value),
            });
        }
    })
}

fn line_length(text: &[u8]) -> usize {
    memchr::memchr(b'\n', text).map_or(text.len(), |at| at + 1)
}

/// A field such as Content-Type: the value before the first `;`, and the parameters.
#[derive(Debug, Default)]
pub struct Parameters {
    /// Lower-case, without white space and comments.
    pub value: String,
    all: Vec<(String, Vec<u8>)>,
}

impl Parameters {
    /// Reads a value; never fails. A quoted string that does not end reaches to the end of the field.
    pub fn parse(value: &[u8]) -> Parameters {
        const MOST: usize = 500;
        let value = word::unfold(value);
        let end = memchr::memchr(b';', &value).unwrap_or(value.len());
        let mut all = Vec::new();
        let mut rest = &value[end..];
        while let (Some(after), true) = (rest.strip_prefix(b";"), all.len() < MOST) {
            rest = parameter(after, &mut all);
        }
        let head: String = String::from_utf8_lossy(&value[..end])
            .split('(')
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '"')
            .flat_map(char::to_lowercase)
            .take(255)
            .collect();
        Parameters { value: head, all }
    }

    /// The raw value of a parameter; the first, where it stands twice.
    pub fn raw(&self, name: &str) -> Option<&[u8]> {
        self.all.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_slice())
    }

    /// The value of a parameter as lower-case text up to the first white space or comment: charset, format, smime-type.
    pub fn word(&self, name: &str) -> Option<String> {
        let extended = || self.extended(name).map(String::into_bytes);
        let value = self.raw(name).map(<[u8]>::to_vec).or_else(extended)?;
        let text = String::from_utf8_lossy(&value).to_lowercase();
        Some(text.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_owned())
    }

    /// The decoded text of a parameter: RFC 2231 continuations and charsets, else RFC 2047 words, else raw bytes.
    pub fn text(&self, name: &str) -> Option<String> {
        self.extended(name).or_else(|| self.raw(name).map(word::decode))
    }

    /// `name*`, or `name*0`, `name*1*` … (RFC 2231 sections 3 and 4): the pieces are joined before they are decoded.
    fn extended(&self, name: &str) -> Option<String> {
        let mut pieces: Vec<(u32, bool, &[u8])> = Vec::new();
        for (key, value) in &self.all {
            let Some(mark) = key.strip_prefix(name).and_then(|rest| rest.strip_prefix('*')) else { continue };
            let (number, encoded) = match mark.strip_suffix('*') {
                Some(number) => (number, true),
                None => (mark, mark.is_empty()),
            };
            match (number, number.parse()) {
                ("", _) => pieces.push((0, true, value)),
                (_, Ok(number)) => pieces.push((number, encoded, value)),
                _ => {}
            }
        }
        pieces.sort_by_key(|piece| piece.0);
        let (mut label, mut bytes, mut any_encoded) = (Vec::new(), Vec::new(), false);
        for (at, (_, encoded, value)) in pieces.iter().enumerate() {
            let mut value = *value;
            if at == 0 && *encoded && value.iter().filter(|b| **b == b'\'').count() >= 2 {
                let mut parts = value.splitn(3, |b| *b == b'\'');
                label = parts.next().unwrap_or_default().to_vec();
                value = parts.nth(1).unwrap_or_default();
            }
            any_encoded |= *encoded;
            if *encoded { percent(value, &mut bytes) } else { bytes.extend_from_slice(value) }
        }
        if pieces.is_empty() {
            return None;
        }
        Some(if any_encoded { Charset::from_label(&label).decode(&bytes, false).0 } else { word::decode(&bytes) })
    }
}

/// Reads one `name=value` after a `;` and gives the rest, which starts with the next `;`.
fn parameter<'a>(text: &'a [u8], all: &mut Vec<(String, Vec<u8>)>) -> &'a [u8] {
    let stop = text.iter().position(|b| matches!(b, b'=' | b';')).unwrap_or(text.len());
    if text.get(stop) != Some(&b'=') {
        return &text[stop..];
    }
    let name: String = String::from_utf8_lossy(text[..stop].trim_ascii()).to_lowercase();
    let text = text[stop + 1..].trim_ascii_start();
    let (value, rest) = match text.strip_prefix(b"\"") {
        Some(quoted) => quoted_string(quoted),
        None => {
            let end = memchr::memchr(b';', text).unwrap_or(text.len());
            (text[..end].trim_ascii().to_vec(), &text[end..])
        }
    };
    all.push((name, value));
    &rest[memchr::memchr(b';', rest).unwrap_or(rest.len())..]
}

/// A backslash escapes only `"` and itself: Windows paths are not escaped by those who write them.
fn quoted_string(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut rest = text;
    loop {
        match rest {
            [] | [b'"'] => return (value, &[]),
            [b'"', after @ ..] => return (value, after),
            [b'\\', escaped @ (b'"' | b'\\'), after @ ..] => {
                value.push(*escaped);
                rest = after;
            }
            [byte, after @ ..] => {
                value.push(*byte);
                rest = after;
            }
        }
    }
}

fn percent(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, rest) {
            (b'%', [high, low, after @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                out.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                rest = after;
            }
            _ => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_folds() {
        let block = b"A: 1\nb :x\n\ty\njunk line\nC:\n";
        let found: Vec<_> = fields(block).map(|f| (f.name.to_vec(), f.value.to_vec())).collect();
        assert_eq!(
            found,
            vec![(b"A".to_vec(), b" 1".to_vec()), (b"b".to_vec(), b"x\n\ty".to_vec()), (b"C".to_vec(), b"".to_vec())]
        );
        assert_eq!(name_length(b": x"), None);
        assert_eq!(name_length(b"no colon"), None);
    }

    #[test]
    fn file_names_in_every_dress() {
        let name = |value: &str| Parameters::parse(value.as_bytes()).text("filename");
        assert_eq!(name("attachment; filename=plain.txt"), Some("plain.txt".into()));
        assert_eq!(name("attachment; filename=two words.txt; size=1"), Some("two words.txt".into()));
        assert_eq!(name("attachment; filename=\"a;\\\"b\\\".txt\""), Some("a;\"b\".txt".into()));
        assert_eq!(name("attachment; filename=\"C:\\new\\x.doc\""), Some("C:\\new\\x.doc".into()));
        assert_eq!(name("attachment; filename*=iso-8859-1'de'%FCber.txt"), Some("über.txt".into()));
        assert_eq!(name("attachment; filename*0*=utf-8''%C3; filename*1*=%BC; filename*2=.txt"), Some("ü.txt".into()));
        assert_eq!(name("attachment; filename=\"=?utf-8?Q?=C3=BC.txt?=\""), Some("ü.txt".into()));
        assert_eq!(name("attachment; filename*1=b.txt; filename*0=a"), Some("ab.txt".into()));
        assert_eq!(name("attachment"), None);
        let raw = Parameters::parse(b"attachment; filename=\"\xfcber.txt\"").text("filename");
        assert_eq!(raw, Some("über.txt".into()));
    }

    #[test]
    fn values_and_words() {
        let parsed = Parameters::parse(b"Text/Plain (x); Charset=US-ASCII (plain); FORMAT=\"Flowed\"");
        assert_eq!(parsed.value, "text/plain");
        assert_eq!(parsed.word("charset"), Some("us-ascii".into()));
        assert_eq!(parsed.word("format"), Some("flowed".into()));
    }
}
