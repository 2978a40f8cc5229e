//! Reads one source from its first byte to its last and hands out its pieces. No threads, no store.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::framing::{Framer, Survey};
use crate::model::{Dialect, Digest, Format, Frame, Outcome, Piece, Problem, ProblemKind, SegmentKind, Span};
use crate::source::Stat;
use crate::source::detect::{Content, detect};
use crate::source::from_line::parse_from_line;
use crate::source::header_line::is_header_line;
use crate::source::items::ItemCounter;
use crate::source::locate;
use crate::store::{FileEnd, PendingFile};

/// Bytes read at once.
const BLOCK_BYTES: usize = 1 << 20;
/// So many bytes tell what a file is.
const HEAD_BYTES: u64 = 64 << 10;
/// A message longer than this never lies in memory whole.
pub const LONG_MESSAGE_BYTES: u64 = 32 << 20;
/// How much of an mbox decides its dialect.
const SURVEY_BYTES: u64 = 16 << 20;

/// The bytes of a message, or the word that there are too many of them to hand over.
pub enum Bytes<'a> {
    /// All of them.
    Held(&'a [u8]),
    /// Read them from the file, block by block.
    Long,
}

/// Takes the pieces of a source in file order.
pub trait Sink {
    /// The file is open and its format known; pieces follow. `resumed` if they do not start at the first byte.
    fn begin(&mut self, stat: &Stat, format: Option<Format>, resumed: bool);
    /// One message.
    ///
    /// # Errors
    /// To stop reading here.
    fn message(&mut self, frame: Frame, ordinal: u32, bytes: Bytes<'_>) -> Result<(), Stop>;
    /// Bytes outside every frame.
    fn outside(&mut self, kind: SegmentKind, span: Span, problems: Vec<Problem>);
    /// Whether it wants to know the digest of everything up to the end of the piece just given.
    fn wants_mark(&self) -> bool {
        false
    }
    /// The digest it wanted.
    ///
    /// # Errors
    /// To stop reading here.
    fn mark(&mut self, _offset_bytes: u64, _sha256: Digest) -> Result<(), Stop> {
        Ok(())
    }
}

/// Somebody asked for the end of the work.
#[derive(Debug, PartialEq, Eq)]
pub struct Stop;

/// How reading a file ended.
#[derive(Debug)]
pub enum ReadEnd {
    /// At its end, or where it could not be read any further.
    Done(FileEnd),
    /// The file was different after reading than before.
    Changed(FileEnd),
}

/// Opens for reading without ever waiting for a FIFO.
pub fn open(path: &[u8]) -> io::Result<File> {
    let path = Path::new(std::ffi::OsStr::from_bytes(path));
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// Reads `file` to its end; a source's pieces go into `sink`.
///
/// # Errors
/// Only what `sink` stops with. Trouble with the file is in the `FileEnd`.
pub fn read_file(file: &PendingFile, sink: &mut dyn Sink) -> Result<ReadEnd, Stop> {
    let opened = open(&file.path).and_then(|handle| handle.metadata().map(|meta| (handle, meta)));
    let (handle, meta) = match opened {
        Ok(opened) => opened,
        Err(error) => return Ok(ReadEnd::Done(not_opened(sink, &error))),
    };
    let stat = Stat::of(&meta);
    if !meta.is_file() {
        let problem = Problem::new(ProblemKind::FileChanged, "it was a regular file when it was listed");
        sink.begin(&stat, None, false);
        return Ok(ReadEnd::Done(end(Outcome::Changed, &stat, vec![problem])));
    }
    let reading = Reading { handle: &handle, stat, sha256: Sha256::new(), hashed_bytes: 0 };
    let done = reading.run(file, sink)?;
    let same = handle.metadata().is_ok_and(|meta| Stat::of(&meta) == stat)
        && matches!(handle.read_at(&mut [0u8; 1], stat.size_bytes), Ok(0));
    Ok(if same || done.outcome == Outcome::Unreadable { ReadEnd::Done(done) } else { ReadEnd::Changed(done) })
}

fn not_opened(sink: &mut dyn Sink, error: &io::Error) -> FileEnd {
    let nothing = Stat { place: (0, 0), size_bytes: 0, modified: (0, 0), changed: (0, 0) };
    sink.begin(&nothing, None, false);
    let plain = crate::source::walk::plain(error);
    let (outcome, kind) = if error.kind() == io::ErrorKind::NotFound {
        (Outcome::Vanished, ProblemKind::FileVanished)
    } else {
        (Outcome::Unreadable, ProblemKind::UnreadableFile)
    };
    let mut end = end(outcome, &nothing, vec![Problem::new(kind, plain.clone())]);
    end.detail = plain;
    end
}

fn end(outcome: Outcome, stat: &Stat, problems: Vec<Problem>) -> FileEnd {
    FileEnd {
        outcome,
        format: None,
        detail: String::new(),
        size_bytes: stat.size_bytes,
        sha256: None,
        stat: stat.to_string(),
        items: None,
        problems,
    }
}

struct Reading<'a> {
    handle: &'a File,
    stat: Stat,
    /// Of all bytes before `hashed_bytes`.
    sha256: Sha256,
    hashed_bytes: u64,
}

impl Reading<'_> {
    fn run(self, file: &PendingFile, sink: &mut dyn Sink) -> Result<FileEnd, Stop> {
        let size = self.stat.size_bytes;
        if size == 0 {
            sink.begin(&self.stat, None, false);
            let mut empty = end(Outcome::Empty, &self.stat, Vec::new());
            match detect(&[], 0, &file.path) {
                Content::Support(what) => empty.detail = what.to_owned(),
                _ => empty.problems.push(Problem::new(ProblemKind::EmptyStore, "")),
            }
            empty.sha256 = Some(self.digest());
            return Ok(empty);
        }
        let mut head = vec![0u8; size.min(HEAD_BYTES) as usize];
        if let Err((at, error)) = self.read_exact(&mut head, 0) {
            sink.begin(&self.stat, None, false);
            return Ok(self.broken(at, &error));
        }
        if let Some(owner) = super::beside::owner_of_attachment(&file.path) {
            return Ok(FileEnd { detail: owner, ..self.whole(Content::Support(""), file, sink)? });
        }
        match detect(&head, size, &file.path) {
            Content::Mbox => self.mbox(file, sink),
            // Mail may follow a hole: framing finds it, and gives padding where there is none.
            Content::Zeros => self.mbox(file, sink).map(blank),
            Content::Message if size > HEAD_BYTES && looks_like_mailbox(&file.path, &head) => self.mbox(file, sink),
            Content::Message => self.frames(Format::Single, 0, 0, sink),
            Content::Emlx => self.frames(Format::Emlx, 0, 0, sink),
            other => self.whole(other, file, sink),
        }
    }

    fn mbox(mut self, file: &PendingFile, sink: &mut dyn Sink) -> Result<FileEnd, Stop> {
        if let Some(resume) = &file.resume
            && resume.stat == self.stat.to_string()
            && let Some(dialect) = Dialect::from_word(&resume.format)
            && self.hash_prefix(resume.offset_bytes) == Some(resume.sha256)
        {
            return self.frames(Format::Mbox(dialect), resume.offset_bytes, resume.messages, sink);
        }
        self.sha256 = Sha256::new();
        self.hashed_bytes = 0;
        let mut survey = Survey::new().named(&file.path);
        let end = self.stat.size_bytes.min(SURVEY_BYTES);
        let mut block = vec![0u8; end.min(BLOCK_BYTES as u64) as usize];
        let mut at = 0;
        while at < end {
            let want = (end - at).min(BLOCK_BYTES as u64) as usize;
            // What cannot be read here cannot be read below either, and is reported there.
            let Ok(()) = self.read_exact(&mut block[..want], at) else { break };
            survey.push(&block[..want]);
            at += want as u64;
        }
        self.frames(Format::Mbox(survey.dialect()), 0, 0, sink)
    }

    /// Hashes the bytes before `offset`; `None` if they cannot be read.
    fn hash_prefix(&mut self, offset: u64) -> Option<Digest> {
        let mut block = vec![0u8; BLOCK_BYTES];
        let mut at = 0;
        while at < offset {
            let want = (offset - at).min(BLOCK_BYTES as u64) as usize;
            self.read_exact(&mut block[..want], at).ok()?;
            self.sha256.update(&block[..want]);
            at += want as u64;
        }
        self.hashed_bytes = offset;
        Some(self.digest())
    }

    fn frames(mut self, format: Format, from: u64, messages: u32, sink: &mut dyn Sink) -> Result<FileEnd, Stop> {
        sink.begin(&self.stat, Some(format), from > 0);
        let mut framer = Framer::starting_at(format, from);
        let mut window = Window { bytes: Vec::new(), offset: from, dropped: false };
        let mut pieces = Vec::new();
        let mut block = vec![0u8; self.stat.size_bytes.saturating_sub(from).min(BLOCK_BYTES as u64) as usize];
        let mut ordinal = messages;
        let mut at = from;
        let mut trouble = None;
        while at < self.stat.size_bytes {
            let want = (self.stat.size_bytes - at).min(BLOCK_BYTES as u64) as usize;
            let got = match self.read_exact(&mut block[..want], at) {
                Ok(()) => want,
                Err((broke_at, error)) => {
                    trouble = Some((broke_at, error));
                    (broke_at - at) as usize
                }
            };
            window.bytes.extend_from_slice(&block[..got]);
            framer.push(&block[..got], &mut pieces);
            at += got as u64;
            if at == self.stat.size_bytes || trouble.is_some() {
                framer.finish(&mut pieces);
            }
            for piece in pieces.drain(..) {
                self.give(piece, &window, &mut ordinal, sink)?;
            }
            window.keep_from(framer.held_from().min(at), &mut self);
            if trouble.is_some() {
                break;
            }
        }
        let mut end = match trouble {
            Some((broke_at, error)) => self.broken(broke_at, &error),
            None => {
                let sha256 = self.digest();
                FileEnd { sha256: Some(sha256), ..end(Outcome::Read, &self.stat, Vec::new()) }
            }
        };
        end.format = Some(format.as_str().to_owned());
        if ordinal == 0 {
            end.problems.push(Problem::new(ProblemKind::NoMessage, ""));
        }
        Ok(end)
    }

    fn give(&mut self, piece: Piece, window: &Window, ordinal: &mut u32, sink: &mut dyn Sink) -> Result<(), Stop> {
        let piece_end = piece.span().end();
        match piece {
            Piece::Frame(frame) => {
                *ordinal += 1;
                let bytes = window.slice(frame.message);
                sink.message(frame, *ordinal, bytes)?;
            }
            Piece::Outside(kind, span, problems) => sink.outside(kind, span, problems),
        }
        // After a long message more may be hashed than this piece: then a later mark serves.
        if sink.wants_mark() && self.hashed_bytes <= piece_end {
            window.hash_to(piece_end, self);
            sink.mark(piece_end, self.digest())?;
        }
        Ok(())
    }

    /// A file that is no source: hashed, one segment.
    fn whole(mut self, content: Content, file: &PendingFile, sink: &mut dyn Sink) -> Result<FileEnd, Stop> {
        let mut deep = (content == Content::NotMail).then(DeepLook::default);
        let mut counter = matches!(content, Content::Items(_)).then(ItemCounter::new);
        let mut block = vec![0u8; self.stat.size_bytes.min(BLOCK_BYTES as u64) as usize];
        let mut at = 0;
        while at < self.stat.size_bytes {
            let want = (self.stat.size_bytes - at).min(BLOCK_BYTES as u64) as usize;
            if let Err((broke_at, error)) = self.read_exact(&mut block[..want], at) {
                sink.begin(&self.stat, None, false);
                return Ok(self.broken(broke_at, &error));
            }
            self.sha256.update(&block[..want]);
            if deep.as_mut().is_some_and(|deep| deep.finds_mail(at, &block[..want])) {
                self.sha256 = Sha256::new();
                return self.mbox(file, sink);
            }
            if let Some(counter) = &mut counter {
                counter.push(&block[..want]);
            }
            at += want as u64;
        }
        sink.begin(&self.stat, None, false);
        let span = Span::between(0, self.stat.size_bytes);
        sink.outside(SegmentKind::Other, span, Vec::new());
        let (outcome, detail, problems) = verdict(content);
        Ok(FileEnd {
            sha256: Some(self.digest()),
            detail: counter.as_ref().map_or(detail, ItemCounter::describe),
            items: counter.as_ref().map(ItemCounter::total),
            ..end(outcome, &self.stat, problems)
        })
    }

    fn digest(&self) -> Digest {
        Digest(self.sha256.clone().finalize().into())
    }

    /// Reading stopped at `at`.
    fn broken(&self, at: u64, error: &io::Error) -> FileEnd {
        let plain = crate::source::walk::plain(error);
        let rest = Span::between(at, self.stat.size_bytes);
        let problem = Problem::at(ProblemKind::UnreadableBytes, rest, plain.clone());
        let mut end = end(Outcome::Unreadable, &self.stat, vec![problem]);
        end.detail = plain;
        end
    }

    /// Fills `block` from `offset`, or says at which offset it stopped.
    fn read_exact(&self, block: &mut [u8], offset: u64) -> Result<(), (u64, io::Error)> {
        let mut filled = 0;
        while filled < block.len() {
            let at = offset + filled as u64;
            match self.handle.read_at(&mut block[filled..], at) {
                Ok(0) => return Err((at, io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter"))),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err((at, error)),
            }
        }
        Ok(())
    }
}

/// Whether a long file whose start is one message may hold more of them behind it: framing then decides.
fn looks_like_mailbox(path: &[u8], head: &[u8]) -> bool {
    let name = path.rsplit(|&b| b == b'/').next().unwrap_or_default();
    let name = String::from_utf8_lossy(name);
    head.starts_with(b"From ") || name.to_lowercase().ends_with(".mbox") || locate::is_known_folder(&name)
}

/// Looks for mail behind the bytes that told what a file is: a damaged start must not hide what follows.
#[derive(Default)]
struct DeepLook {
    /// The end of the last block, in which a separator may have begun.
    tail: Vec<u8>,
}

impl DeepLook {
    /// So many bytes are enough for a separator and the header line after it.
    const TAIL_BYTES: usize = 2048;

    fn finds_mail(&mut self, offset: u64, block: &[u8]) -> bool {
        let before = self.tail.len() as u64;
        self.tail.extend_from_slice(block);
        let found = memchr::memmem::find_iter(&self.tail, b"\nFrom ").any(|hit| {
            let mut lines = self.tail[hit + 1..].split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end);
            let dated = lines.next().and_then(parse_from_line).is_some_and(|line| line.date.is_some());
            // What lies in the head was looked at by better means.
            offset + hit as u64 >= before + HEAD_BYTES && dated && lines.next().is_some_and(is_header_line)
        });
        let surplus = self.tail.len().saturating_sub(Self::TAIL_BYTES);
        self.tail.drain(..surplus);
        found
    }
}

/// A file of NULs and blanks is no mail after all.
fn blank(mut end: FileEnd) -> FileEnd {
    if end.outcome == Outcome::Read && end.problems.iter().any(|p| p.kind == ProblemKind::NoMessage) {
        end.outcome = Outcome::NotMail;
        end.detail = "nothing but NUL bytes and blanks".to_owned();
    }
    end
}

fn verdict(content: Content) -> (Outcome, String, Vec<Problem>) {
    match content {
        Content::Items(_) => (Outcome::Items, String::new(), Vec::new()),
        Content::Support(what) => (Outcome::Support, what.to_owned(), Vec::new()),
        Content::Unsupported(what) => {
            (Outcome::Unsupported, what.to_owned(), vec![Problem::new(ProblemKind::UnsupportedStore, what)])
        }
        _ => (Outcome::NotMail, String::new(), Vec::new()),
    }
}

/// The bytes of the file that may still be needed, from `offset`.
struct Window {
    bytes: Vec<u8>,
    offset: u64,
    dropped: bool,
}

impl Window {
    fn slice(&self, span: Span) -> Bytes<'_> {
        if span.offset_bytes < self.offset {
            return Bytes::Long;
        }
        let start = (span.offset_bytes - self.offset) as usize;
        Bytes::Held(&self.bytes[start..start + span.length_bytes as usize])
    }

    fn hash_to(&self, offset: u64, reading: &mut Reading<'_>) {
        if offset > reading.hashed_bytes {
            let start = (reading.hashed_bytes - self.offset) as usize;
            let end = (offset - self.offset) as usize;
            reading.sha256.update(&self.bytes[start..end]);
            reading.hashed_bytes = offset;
        }
    }

    /// Forgets the bytes before `offset`, and all of them once a message is too long to hold.
    fn keep_from(&mut self, offset: u64, reading: &mut Reading<'_>) {
        let end = self.offset + self.bytes.len() as u64;
        self.dropped = end - offset > LONG_MESSAGE_BYTES;
        let from = if self.dropped { end } else { offset.max(self.offset) };
        self.hash_to(from, reading);
        self.bytes.drain(..(from - self.offset) as usize);
        self.offset = from;
    }
}
