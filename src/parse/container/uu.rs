//! Lines of uuencoded (POSIX `uuencode`, historical algorithm), xxencoded and yEnc files.

/// How six bits stand as a character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alphabet {
    /// Blank to grave accent.
    Uu,
    /// `+-0-9A-Za-z`.
    Xx,
}

/// What a line of an encoded file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line {
    /// Bytes; they were appended.
    Data,
    /// A line of length zero: the file is over, `end` follows.
    Empty,
    /// `end`.
    End,
    /// No line of such a file.
    Foreign,
}

impl Alphabet {
    fn value(self, byte: u8) -> Option<u8> {
        match self {
            Alphabet::Uu => (b' '..=b'`').contains(&byte).then(|| byte.wrapping_sub(b' ') & 63),
            Alphabet::Xx => match byte {
                b'+' => Some(0),
                b'-' => Some(1),
                b'0'..=b'9' => Some(byte - b'0' + 2),
                b'A'..=b'Z' => Some(byte - b'A' + 12),
                b'a'..=b'z' => Some(byte - b'a' + 38),
                _ => None,
            },
        }
    }

    /// Decodes one line without its line end. Blanks that a transport cut off at the end are put back.
    pub fn line(self, line: &[u8], out: &mut Vec<u8>) -> Line {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii_end() == b"end" {
            return Line::End;
        }
        let Some((first, rest)) = line.split_first() else { return Line::Empty };
        let Some(length) = self.value(*first).map(usize::from) else { return Line::Foreign };
        if length == 0 {
            return if rest.len() <= 2 { Line::Empty } else { Line::Foreign };
        }
        let wanted = length.div_ceil(3) * 4;
        // Some programs leave out what pads the last group, some add a character of checksum.
        let least = length / 3 * 4 + [0, 2, 3][length % 3];
        let stripped = self == Alphabet::Uu && rest.len() < least;
        if rest.len() > wanted + 2 || (rest.len() < least && !stripped) {
            return Line::Foreign;
        }
        if stripped && rest.len() + 8 < least {
            return Line::Foreign;
        }
        let start = out.len();
        let mut group = [0u8; 4];
        for at in 0..wanted {
            let Some(value) = rest.get(at).map_or(Some(0), |byte| self.value(*byte)) else {
                out.truncate(start);
                return Line::Foreign;
            };
            group[at % 4] = value;
            if at % 4 == 3 {
                let [a, b, c, d] = group;
                out.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
            }
        }
        out.truncate(start + length);
        Line::Data
    }

    /// The alphabet in which this is the first line of a file, if there is one.
    pub fn of_first_line(line: &[u8]) -> Option<Alphabet> {
        [Alphabet::Uu, Alphabet::Xx].into_iter().find(|one| one.line(line, &mut Vec::new()) == Line::Data)
    }
}

/// The name in `begin 644 name`.
pub fn begin(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?.trim_ascii();
    let mode = rest.iter().take_while(|b| (b'0'..=b'7').contains(*b)).count();
    let name = rest.get(mode..)?;
    ((3..=6).contains(&mode) && name.first() == Some(&b' ')).then(|| name.trim_ascii())
}

/// The name in `=ybegin line=128 size=1234 name=a file` (yEnc draft 1.3).
pub fn yenc_begin(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"=ybegin ")?;
    memchr::memmem::find(rest, b"size=")?;
    let at = memchr::memmem::find(rest, b"name=")?;
    Some(rest[at + 5..].trim_ascii())
}

/// Decodes one line of yEnc: each byte is 42 higher; `=` and 64 more for those that a line cannot hold.
pub fn yenc_line(line: &[u8], out: &mut Vec<u8>) {
    let mut bytes = line.strip_suffix(b"\r").unwrap_or(line).iter();
    // A dot at the start of a line is doubled by news servers and mail transports undo it.
    while let Some(byte) = bytes.next() {
        match byte {
            b'=' => out.extend(bytes.next().map(|next| next.wrapping_sub(64).wrapping_sub(42))),
            other => out.push(other.wrapping_sub(42)),
        }
    }
}

/// Content-Transfer-Encoding x-uuencode as a stream: the first file in it. Without a `begin` line near the start the
/// bytes pass as they are.
#[derive(Debug, Default)]
pub struct UuStream {
    line: Vec<u8>,
    held: Vec<u8>,
    state: StreamState,
    /// The file was cut off or damaged.
    pub damage: u64,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum StreamState {
    #[default]
    Before,
    Begun,
    Inside(Xx),
    After,
    Plain,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
struct Xx(bool);

/// Bytes before the `begin` line that are waited for.
const LEAD_BYTES: usize = 64 * 1024;
/// A line longer than this is no line of an encoded file.
const LINE_BYTES: usize = 1024;

impl UuStream {
    /// Whether a file was found.
    pub fn is_open(&self) -> bool {
        matches!(self.state, StreamState::Inside(_) | StreamState::After)
    }

    /// Appends the decoded bytes of `input` to `out`.
    pub fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        let mut rest = input;
        while !rest.is_empty() {
            if self.state == StreamState::Plain {
                out.extend_from_slice(rest);
                return;
            }
            let end = memchr::memchr(b'\n', rest);
            self.line.extend_from_slice(&rest[..end.unwrap_or(rest.len())]);
            if end.is_some() || self.line.len() > LINE_BYTES {
                let line = std::mem::take(&mut self.line);
                self.line(&line, end.is_some(), out);
            }
            rest = end.map_or(&[][..], |end| &rest[end + 1..]);
        }
    }

    fn line(&mut self, line: &[u8], has_lf: bool, out: &mut Vec<u8>) {
        if matches!(self.state, StreamState::Before | StreamState::Begun) {
            self.held.extend_from_slice(line);
            self.held.extend_from_slice(if has_lf { b"\n" } else { b"" });
            if self.state == StreamState::Before {
                if begin(line).is_some() {
                    self.state = StreamState::Begun;
                } else if self.held.len() > LEAD_BYTES {
                    out.append(&mut self.held);
                    self.state = StreamState::Plain;
                }
                return;
            }
            match Alphabet::of_first_line(line) {
                Some(alphabet) => {
                    self.held = Vec::new();
                    self.state = StreamState::Inside(Xx(alphabet == Alphabet::Xx));
                }
                None => {
                    self.state = StreamState::Before;
                    return;
                }
            }
        }
        if let StreamState::Inside(Xx(xx)) = self.state {
            let alphabet = if xx { Alphabet::Xx } else { Alphabet::Uu };
            match alphabet.line(line, out) {
                Line::Data | Line::Empty => {}
                Line::End => self.state = StreamState::After,
                Line::Foreign => self.damage += 1,
            }
        }
    }

    /// Appends what is left at the end of the part.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.line(&line, false, out);
        }
        match self.state {
            StreamState::Before | StreamState::Begun => out.append(&mut self.held),
            StreamState::Inside(_) => self.damage += 1,
            StreamState::After | StreamState::Plain => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(alphabet: Alphabet, line: &str) -> Option<String> {
        let mut out = Vec::new();
        let kind = alphabet.line(line.as_bytes(), &mut out);
        (kind == Line::Data).then(|| String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn lines_as_posix_writes_them() {
        // The example of POSIX.1-2017, uuencode, and of Wikipedia's article: "Cat".
        assert_eq!(decode(Alphabet::Uu, "#0V%T").as_deref(), Some("Cat"));
        assert_eq!(
            decode(Alphabet::Uu, "::'1T<#HO+W=W=RYW:6MI<&5D:6$N;W)G#0H").as_deref(),
            Some("http://www.wikipedia.org\r\n")
        );
        assert_eq!(decode(Alphabet::Xx, "1Eq3oR5BoPG++").as_deref(), None);
        assert_eq!(decode(Alphabet::Uu, "things at once"), None);
        assert_eq!(Alphabet::Uu.line(b"`", &mut Vec::new()), Line::Empty);
        assert_eq!(Alphabet::Uu.line(b"end", &mut Vec::new()), Line::End);
        assert_eq!(Alphabet::Uu.line(b"#0V%", &mut Vec::new()), Line::Data, "a blank at the end was cut off");
    }

    #[test]
    fn begin_lines() {
        assert_eq!(begin(b"begin 644 a file.txt\r"), Some(&b"a file.txt"[..]));
        assert_eq!(begin(b"begin 0644 x"), Some(&b"x"[..]));
        assert_eq!(begin(b"begin 64 x"), None);
        assert_eq!(begin(b"begin with 644"), None);
        assert_eq!(yenc_begin(b"=ybegin line=128 size=5 name=a b.txt"), Some(&b"a b.txt"[..]));
    }

    #[test]
    fn a_part_without_a_file_stays_as_it_is() {
        let text = b"no file here\nbegin 644 but\nnothing at all\n";
        for size in [1, 3, 100] {
            let (mut stream, mut out) = (UuStream::default(), Vec::new());
            text.chunks(size).for_each(|piece| stream.push(piece, &mut out));
            stream.finish(&mut out);
            assert_eq!(out, text);
        }
        let (mut stream, mut out) = (UuStream::default(), Vec::new());
        stream.push(b"\nbegin 644 cat\n#0V%T\n`\nend\nrest", &mut out);
        stream.finish(&mut out);
        assert_eq!((out.as_slice(), stream.damage, stream.is_open()), (&b"Cat"[..], 0, true));
    }
}
