//! Content-Transfer-Encoding undone as a stream (RFC 2045 section 6), lenient: damage is counted, never an error.

use super::container::uu::UuStream;

/// How a part's bytes are wrapped for transport (RFC 2045 section 6.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// 7bit, 8bit, binary, or nothing said.
    #[default]
    Identity,
    /// base64 (section 6.8).
    Base64,
    /// quoted-printable (section 6.7).
    QuotedPrintable,
    /// x-uuencode and its other names: the first file in it; kept as it is and noted where there is none.
    Uuencode,
    /// A name nobody knows: kept as it is, and noted.
    Unknown,
}

impl Encoding {
    /// The encoding of a Content-Transfer-Encoding value; comments, case, quotes and a trailing `;` do not matter.
    pub fn from_value(value: &[u8]) -> Encoding {
        let word: Vec<u8> = value
            .iter()
            .copied()
            .skip_while(|b| b.is_ascii_whitespace() || *b == b'"')
            .take_while(|b| !b.is_ascii_whitespace() && !b"\";(,".contains(b))
            .map(|b| b.to_ascii_lowercase())
            .collect();
        match word.as_slice() {
            b"" | b"7bit" | b"8bit" | b"binary" | b"7-bit" | b"8-bit" | b"none" => Encoding::Identity,
            b"base64" => Encoding::Base64,
            b"quoted-printable" => Encoding::QuotedPrintable,
            b"x-uuencode" | b"uuencode" | b"x-uue" | b"uue" => Encoding::Uuencode,
            _ => Encoding::Unknown,
        }
    }
}

/// A running decoder for one part. Any split of the input gives the same output.
#[derive(Debug)]
pub enum Decoder {
    /// Bytes pass as they are.
    Identity,
    /// See [`Base64`].
    Base64(Base64),
    /// See [`QuotedPrintable`].
    QuotedPrintable(QuotedPrintable),
    /// See [`UuStream`].
    Uuencode(Box<UuStream>),
}

impl Decoder {
    /// The decoder for an encoding; unknown ones pass as they are.
    pub fn new(encoding: Encoding) -> Decoder {
        match encoding {
            Encoding::Base64 => Decoder::Base64(Base64::default()),
            Encoding::QuotedPrintable => Decoder::QuotedPrintable(QuotedPrintable::default()),
            Encoding::Uuencode => Decoder::Uuencode(Box::default()),
            Encoding::Identity | Encoding::Unknown => Decoder::Identity,
        }
    }

    /// How many places were damaged.
    pub fn damage(&self) -> u64 {
        match self {
            Decoder::Identity => 0,
            Decoder::Base64(base64) => base64.damage,
            Decoder::QuotedPrintable(quoted) => quoted.damage,
            Decoder::Uuencode(coded) => coded.damage,
        }
    }

    /// Whether it is uuencode and a file was in it.
    pub fn has_found_a_file(&self) -> bool {
        matches!(self, Decoder::Uuencode(coded) if coded.is_open())
    }
}

const BAD: u32 = 0x8000_0000;

/// `TABLE[i][b]` is the value of character `b` at place `i` of its group of four, or has `BAD` set.
static TABLE: [[u32; 256]; 4] = table();

const fn table() -> [[u32; 256]; 4] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [[BAD; 256]; 4];
    let mut value = 0;
    while value < 64 {
        let mut place = 0;
        while place < 4 {
            table[place][alphabet[value] as usize] = (value as u32) << (18 - 6 * place);
            place += 1;
        }
        value += 1;
    }
    table
}

/// base64, lenient: characters outside the alphabet are skipped, padding may lack or stand in the middle.
#[derive(Debug, Default)]
pub struct Base64 {
    bits: u32,
    count: u8,
    padded: bool,
    /// Runs of garbage, padding in the wrong place, and a cut-off end.
    damage: u64,
    in_garbage: bool,
}

impl Base64 {
    /// Appends the decoded bytes of `input` to `out`.
    pub fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        let mut at = 0;
        while at < input.len() {
            if self.count == 0 && !self.padded {
                at += Self::whole_groups(&input[at..], out);
                if at >= input.len() {
                    break;
                }
            }
            self.one(input[at], out);
            at += 1;
        }
    }

    /// Decodes groups of four until something is no base64; gives the number of bytes read.
    fn whole_groups(input: &[u8], out: &mut Vec<u8>) -> usize {
        let groups = input.len() / 4;
        let start = out.len();
        out.resize(start + groups * 3, 0);
        let mut done = 0;
        for (group, bytes) in input.chunks_exact(4).zip(out[start..].chunks_exact_mut(3)) {
            let value = TABLE[0][usize::from(group[0])]
                | TABLE[1][usize::from(group[1])]
                | TABLE[2][usize::from(group[2])]
                | TABLE[3][usize::from(group[3])];
            if value & BAD != 0 {
                break;
            }
            let [_, a, b, c] = value.to_be_bytes();
            bytes.copy_from_slice(&[a, b, c]);
            done += 1;
        }
        out.truncate(start + done * 3);
        done * 4
    }

    fn one(&mut self, byte: u8, out: &mut Vec<u8>) {
        let value = TABLE[3][usize::from(byte)];
        if value & BAD == 0 {
            if self.padded {
                self.damage += 1;
                self.padded = false;
            }
            self.in_garbage = false;
            self.bits = (self.bits << 6) | value;
            self.count += 1;
            if self.count == 4 {
                out.extend_from_slice(&self.bits.to_be_bytes()[1..]);
                (self.bits, self.count) = (0, 0);
            }
        } else if byte == b'=' {
            match self.count {
                0 if self.padded => {}
                0 | 1 => self.damage += 1,
                _ => self.flush(out),
            }
            self.padded = true;
        } else if !byte.is_ascii_whitespace() && !self.in_garbage {
            self.damage += 1;
            self.in_garbage = true;
        }
    }

    fn flush(&mut self, out: &mut Vec<u8>) {
        match self.count {
            2 => out.push((self.bits >> 4) as u8),
            3 => out.extend_from_slice(&((self.bits >> 2) as u16).to_be_bytes()),
            _ => {}
        }
        (self.bits, self.count) = (0, 0);
    }

    /// Appends what is left at the end of the part.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if self.count > 0 {
            self.damage += 1;
            self.flush(out);
        }
    }
}

/// quoted-printable, lenient: an `=` that starts no escape stays. White space at line ends is kept, as Python's
/// `quopri` does: what a transport added there cannot be told from what was written.
#[derive(Debug, Default)]
pub struct QuotedPrintable {
    /// What was read since an `=` whose meaning is open: `=`, `=` and white space, or `=` and a hexadecimal digit.
    held: Vec<u8>,
    damage: u64,
}

impl QuotedPrintable {
    /// Appends the decoded bytes of `input` to `out`.
    pub fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        let mut rest = input;
        while !rest.is_empty() {
            if self.held.is_empty() {
                let run = memchr::memchr(b'=', rest).unwrap_or(rest.len());
                out.extend_from_slice(&rest[..run]);
                rest = &rest[run..];
                if let [b'=', high, low, after @ ..] = rest
                    && let (Some(high), Some(low)) = (hex(*high), hex(*low))
                {
                    out.push(high << 4 | low);
                    rest = after;
                } else if let [b'=', b'\n', after @ ..] = rest {
                    rest = after;
                } else if let [_, after @ ..] = rest {
                    self.held.push(b'=');
                    rest = after;
                }
                continue;
            }
            rest = &rest[usize::from(self.escape(rest[0], out))..];
        }
    }

    /// One byte after an open `=`; false if it has to be read again as plain text.
    fn escape(&mut self, byte: u8, out: &mut Vec<u8>) -> bool {
        let second = self.held.get(1).copied();
        match (second, byte) {
            (None | Some(b' ' | b'\t' | b'\r'), b'\n') => {
                self.held.clear();
                true
            }
            (None | Some(b' ' | b'\t' | b'\r'), b' ' | b'\t' | b'\r') if self.held.len() < 1000 => {
                self.held.push(byte);
                true
            }
            (None, _) if hex(byte).is_some() => {
                self.held.push(byte);
                true
            }
            (Some(high), _) if hex(high).is_some() && hex(byte).is_some() => {
                self.held.clear();
                out.push(hex(high).unwrap_or(0) << 4 | hex(byte).unwrap_or(0));
                true
            }
            _ => {
                self.damage += 1;
                out.append(&mut self.held);
                false
            }
        }
    }

    /// Appends what is left at the end of the part.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if self.held.len() > 1 && self.held.get(1).is_some_and(|b| hex(*b).is_some()) {
            self.damage += 1;
            out.append(&mut self.held);
        }
        self.held.clear();
    }
}

/// The value of a hexadecimal digit of either case.
pub fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base64(input: &str) -> (String, u64) {
        let (mut decoder, mut out) = (Base64::default(), Vec::new());
        decoder.push(input.as_bytes(), &mut out);
        decoder.finish(&mut out);
        (String::from_utf8_lossy(&out).into_owned(), decoder.damage)
    }

    fn quoted(input: &str) -> (String, u64) {
        let (mut decoder, mut out) = (QuotedPrintable::default(), Vec::new());
        for byte in input.as_bytes() {
            decoder.push(&[*byte], &mut out);
        }
        decoder.finish(&mut out);
        let (mut whole, mut at_once) = (QuotedPrintable::default(), Vec::new());
        whole.push(input.as_bytes(), &mut at_once);
        whole.finish(&mut at_once);
        assert_eq!((&out, decoder.damage), (&at_once, whole.damage));
        (String::from_utf8_lossy(&out).into_owned(), decoder.damage)
    }

    #[test]
    fn base64_survives_what_mail_does_to_it() {
        assert_eq!(base64("SGVsbG8="), ("Hello".into(), 0));
        assert_eq!(base64("SGVs\nbG8=\n"), ("Hello".into(), 0));
        assert_eq!(base64("SGV\nsb\nG8="), ("Hello".into(), 0));
        assert_eq!(base64("SGVsbG8"), ("Hello".into(), 1), "padding missing");
        assert_eq!(base64("SGVs!!bG8="), ("Hello".into(), 1), "one run of garbage");
        assert_eq!(base64("SGVsbG8=SGVsbG8="), ("HelloHello".into(), 1), "padding in the middle");
        assert_eq!(base64("SA=="), ("H".into(), 0));
        assert_eq!(base64("S"), ("".into(), 1));
        assert_eq!(base64("===="), ("".into(), 1));
    }

    #[test]
    fn quoted_printable_as_python_does() {
        assert_eq!(quoted("a=3Db=\nc"), ("a=bc".into(), 0));
        assert_eq!(quoted("a=3db \n"), ("a=b \n".into(), 0));
        assert_eq!(quoted("a=  \nb"), ("ab".into(), 0), "white space after a soft break");
        assert_eq!(quoted("1 = 2"), ("1 = 2".into(), 1));
        assert_eq!(quoted("=4"), ("=4".into(), 1));
        assert_eq!(quoted("=4=41"), ("=4A".into(), 1));
        assert_eq!(quoted("end="), ("end".into(), 0));
    }

    #[test]
    fn names_of_encodings() {
        assert_eq!(Encoding::from_value(b" Base64 (really)"), Encoding::Base64);
        assert_eq!(Encoding::from_value(b"\"quoted-printable\";"), Encoding::QuotedPrintable);
        assert_eq!(Encoding::from_value(b""), Encoding::Identity);
        assert_eq!(Encoding::from_value(b"yenc"), Encoding::Unknown);
    }
}
