//! Encoded files that stand between the lines of a text.

use super::uu::{Alphabet, Line, begin, yenc_begin, yenc_line};
use super::{LONGEST_NAME, Opened, Taken};
use crate::parse::harvest::Harvest;
use memchr::memmem;

/// A line longer than this is no line of an encoded file.
const LINE_BYTES: usize = 1024;
/// Lines that are foreign to a file may stand in it: a blank one at a page end, a folded one.
const FOREIGN_LINES: u32 = 2;

enum State {
    Outside,
    /// A `begin` line; the next one tells if it is one.
    Begun(Vec<u8>),
    Coded(Alphabet, Taken, u32),
    Yenc(Taken),
}

/// A text in which files are looked for.
pub struct UuText {
    state: State,
    /// The start of a line, as far as it was read.
    line: Vec<u8>,
    /// The line is too long to matter; its end is waited for.
    long: bool,
    files: Vec<Taken>,
    scratch: Vec<u8>,
    damage: Option<&'static str>,
}

impl Default for UuText {
    fn default() -> UuText {
        UuText {
            state: State::Outside,
            line: Vec::new(),
            long: false,
            files: Vec::new(),
            scratch: Vec::new(),
            damage: None,
        }
    }
}

impl UuText {
    /// The next bytes of the text with this section; any split gives the same files.
    pub fn push(&mut self, section: &str, bytes: &[u8], harvest: &mut Harvest) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if matches!(self.state, State::Outside) && self.line.is_empty() && !self.long {
                rest = skip(rest);
            }
            let end = memchr::memchr(b'\n', rest);
            let piece = &rest[..end.unwrap_or(rest.len())];
            if self.line.len() + piece.len() > LINE_BYTES {
                self.long = true;
                self.line.clear();
            }
            if !self.long {
                if end.is_some() && self.line.is_empty() {
                    self.line(section, piece, harvest);
                } else {
                    self.line.extend_from_slice(piece);
                    if end.is_some() {
                        let line = std::mem::take(&mut self.line);
                        self.line(section, &line, harvest);
                    }
                }
            } else if end.is_some() {
                self.long = false;
                self.line(section, b"\x7f", harvest);
            }
            rest = end.map_or(&[][..], |end| &rest[end + 1..]);
        }
    }

    fn line(&mut self, section: &str, line: &[u8], harvest: &mut Harvest) {
        match std::mem::replace(&mut self.state, State::Outside) {
            State::Outside => self.outside(section, line, harvest),
            State::Begun(name) => match Alphabet::of_first_line(line) {
                Some(alphabet) => match self.open(section, "uu", &name, harvest) {
                    Some(file) => {
                        self.state = State::Coded(alphabet, file, 0);
                        self.line(section, line, harvest);
                    }
                    None => self.damage = Some("the text holds more files than are counted"),
                },
                None => self.outside(section, line, harvest),
            },
            State::Coded(alphabet, mut file, foreign) => {
                let mut out = std::mem::take(&mut self.scratch);
                out.clear();
                match alphabet.line(line, &mut out) {
                    Line::Data => {
                        file.push(&out, harvest);
                        self.state = State::Coded(alphabet, file, foreign);
                    }
                    Line::Empty => self.state = State::Coded(alphabet, file, foreign),
                    Line::End => self.files.push(file),
                    Line::Foreign if foreign < FOREIGN_LINES && begin(line).is_none() => {
                        self.state = State::Coded(alphabet, file, foreign + 1);
                    }
                    Line::Foreign => {
                        self.damage = Some("a file in the text has no end");
                        self.files.push(file);
                        self.outside(section, line, harvest);
                    }
                }
                self.scratch = out;
            }
            State::Yenc(mut file) => {
                if line.starts_with(b"=yend") {
                    self.files.push(file);
                    return;
                }
                if line.starts_with(b"=ypart") {
                    self.damage = Some("a file in the text is one piece of a larger one");
                } else {
                    let mut out = std::mem::take(&mut self.scratch);
                    out.clear();
                    yenc_line(line, &mut out);
                    file.push(&out, harvest);
                    self.scratch = out;
                }
                self.state = State::Yenc(file);
            }
        }
    }

    fn outside(&mut self, section: &str, line: &[u8], harvest: &mut Harvest) {
        if let Some(name) = begin(line) {
            self.state = State::Begun(name.to_vec());
        } else if let Some(name) = yenc_begin(line)
            && let Some(file) = self.open(section, "yenc", name, harvest)
        {
            self.state = State::Yenc(file);
        }
    }

    fn open(&mut self, section: &str, word: &str, name: &[u8], harvest: &mut Harvest) -> Option<Taken> {
        harvest.parts += 1;
        if harvest.parts >= harvest.limits.parts {
            return None;
        }
        let mut file = Taken::new(format!("{section}.{word}.{}", self.files.len() + 1));
        file.file_name = Some(crate::parse::text_of(name).chars().take(LONGEST_NAME).collect());
        Some(file)
    }

    /// The text ends.
    pub fn finish(mut self, section: &str, harvest: &mut Harvest) -> Opened {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.line(section, &line, harvest);
        }
        if let State::Coded(_, file, _) | State::Yenc(file) = self.state {
            self.damage = Some("a file in the text is cut off");
            self.files.push(file);
        }
        Opened { files: self.files, whole: false, damage: self.damage }
    }
}

/// What may be the start of an encoded file, from the start of its line; else the start of the last line.
fn skip(bytes: &[u8]) -> &[u8] {
    let starts = |rest: &[u8]| rest.starts_with(b"begin ") || rest.starts_with(b"=ybegin ");
    if starts(bytes) {
        return bytes;
    }
    let coded = memmem::find(bytes, b"\nbegin ");
    let yenc = memmem::find(&bytes[..coded.unwrap_or(bytes.len())], b"\n=ybegin ");
    match yenc.or(coded) {
        Some(at) => &bytes[at + 1..],
        None => memchr::memrchr(b'\n', bytes).map_or(bytes, |at| &bytes[at + 1..]),
    }
}
