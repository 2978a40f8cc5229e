//! What the scanner collects from one message, with the limits that keep it small.

use super::Limits;
use super::charset::Charset;
use super::container::Opened;
use super::decode::Encoding;
use super::identity::TextDigest;
use super::leaf::Entity;
use super::part::{Disposition, PartHead};
use crate::model::message::Opaque;
use crate::model::{Digest, Problem, ProblemKind};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// So many calendar parts of a message are kept.
const MOST_CALENDARS: usize = 8;

/// In which form a leaf can be the body text of its message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextForm {
    /// text/plain, and what is read as such.
    Plain,
    /// text/html.
    Html,
    /// Another `text/…` type that is an alternative to one of these; never read.
    Other,
}

impl TextForm {
    /// The form of a leaf, `None` if it is an attachment.
    pub fn of(head: &PartHead, entity: &Entity) -> Option<TextForm> {
        let bare_multipart = head.media_type.starts_with("multipart/");
        if !(head.is_text() || bare_multipart) || head.disposition == Disposition::Attachment || head.detached {
            return None;
        }
        if head.file_name.is_some() && !entity.root {
            return None;
        }
        match head.media_type.as_str() {
            "text/plain" => Some(TextForm::Plain),
            "text/html" => Some(TextForm::Html),
            "text/calendar" => None,
            _ if entity.root || bare_multipart => Some(TextForm::Plain),
            _ if entity.alternative.is_some() => Some(TextForm::Other),
            _ => None,
        }
    }
}

/// One leaf or inner message, before it is known whether it is body or attachment.
#[derive(Debug)]
pub struct Row {
    /// See [`crate::model::message::Attachment`] for this and the next six.
    pub part: String,
    /// Name given.
    pub file_name: Option<String>,
    /// Declared type.
    pub media_type: String,
    /// Type by first bytes.
    pub detected_type: Option<String>,
    /// Decoded size.
    pub size_bytes: u64,
    /// Of the decoded bytes; zeros for body text of the outermost message, where nobody asks for it.
    pub sha256: Digest,
    /// Shown in place.
    pub inline: bool,
    /// Not looked into, and why.
    pub opaque: Option<Opaque>,
    /// What the type by itself means to a person.
    pub problem: Option<ProblemKind>,
    /// How it could be body text.
    pub form: Option<TextForm>,
    /// As in [`Entity`].
    pub alternative: Option<u32>,
    /// As in [`Entity`].
    pub depth: u16,
    /// A container whose files all have rows of their own.
    pub opened: bool,
}

/// A leaf that may be body text; its decoded bytes, still in their charset.
#[derive(Debug)]
pub struct TextLeaf {
    /// Which row it is.
    pub row: usize,
    /// Its form; never `Other`.
    pub form: TextForm,
    /// As declared.
    pub charset: Charset,
    /// `format=flowed`.
    pub flowed: bool,
    /// `delsp=yes`.
    pub delsp: bool,
    /// As in [`Entity`].
    pub depth: u16,
    /// As in [`Entity`].
    pub alternative: Option<u32>,
    /// Decoded from the transfer encoding only.
    pub bytes: Vec<u8>,
    /// There was more than the limit lets be kept.
    pub truncated: bool,
}

/// Problems of one message: one of a kind, with how often.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<ProblemKind, (u64, String)>);

impl Tally {
    /// Notes a problem; the first detail of a kind is kept.
    pub fn note(&mut self, kind: ProblemKind, detail: &str) {
        let entry = self.0.entry(kind).or_insert_with(|| (0, detail.to_owned()));
        entry.0 += 1;
    }

    /// The problems in the order of their kinds.
    pub fn into_problems(self) -> Vec<Problem> {
        self.0
            .into_iter()
            .map(|(kind, (count, detail))| {
                let times = if count > 1 { format!("{count} times") } else { String::new() };
                let gap = if times.is_empty() || detail.is_empty() { "" } else { ", " };
                Problem::new(kind, format!("{detail}{gap}{times}"))
            })
            .collect()
    }
}

/// Gets the decoded bytes of every leaf and contained file, by its part; `None` before the first ones. A part may start
/// again: then what came before was no part (a preamble).
pub type Tap = Box<dyn FnMut(&str, Option<&[u8]>)>;

/// Everything the scanner finds. Grows with the number of parts (limited) and with kept text (limited), nothing else.
pub struct Harvest {
    /// The limits in force.
    pub limits: Limits,
    /// Parts so far, multiparts and messages included.
    pub parts: usize,
    /// Leaves and inner messages in the order of their section numbers.
    pub rows: Vec<Row>,
    /// Candidates for the body text.
    pub texts: Vec<TextLeaf>,
    /// The header block of the outermost message, without junk lines.
    pub top_block: Vec<u8>,
    /// The first line, if it is a `From ` line in a message without framing.
    pub leading_from_line: Vec<u8>,
    /// Problems so far.
    pub problems: Tally,
    /// Calendar parts: section number and text.
    pub calendars: Vec<(String, String)>,
    /// Digest of the pieces of residue that are not blank.
    pub residue: Option<Sha256>,
    /// Digest of types and nesting.
    pub structure: Sha256,
    /// Digest of all leaves.
    pub leaves: Sha256,
    /// Digest of all leaves, texts without white space.
    pub leaves_nospace: Sha256,
    /// Leaves with at least one byte that counts.
    pub leaf_count: u32,
    /// multipart/alternative so far.
    pub alternatives: u32,
    /// A winmail.dat holds a text of its own.
    pub text_in_tnef: bool,
    tap: Option<Tap>,
    text_used: [usize; 4],
    scratch: Vec<u8>,
}

impl Harvest {
    /// An empty harvest.
    pub fn new(limits: &Limits) -> Harvest {
        Harvest {
            limits: limits.clone(),
            parts: 0,
            rows: Vec::new(),
            texts: Vec::new(),
            top_block: Vec::new(),
            leading_from_line: Vec::new(),
            problems: Tally::default(),
            calendars: Vec::new(),
            residue: None,
            structure: Sha256::new(),
            leaves: Sha256::new(),
            leaves_nospace: Sha256::new(),
            leaf_count: 0,
            alternatives: 0,
            text_in_tnef: false,
            tap: None,
            text_used: [0; 4],
            scratch: Vec::new(),
        }
    }

    /// Adds a row and gives its index.
    pub fn add_row(&mut self, row: Row) -> usize {
        if let Some(kind) = row.problem {
            self.problems.note(kind, &format!("part {}", row.part));
        }
        let kind = row.opaque.map(|opaque| match opaque {
            Opaque::Tnef => ProblemKind::OpaqueTnef,
            Opaque::Uuencode => ProblemKind::OpaqueUuencode,
            Opaque::Encrypted => ProblemKind::OpaqueEncrypted,
            Opaque::Signed => ProblemKind::OpaqueSigned,
        });
        if let Some(kind) = kind {
            self.problems.note(kind, &format!("part {}", row.part));
        }
        self.rows.push(row);
        self.rows.len() - 1
    }

    /// Adds the row of a leaf and those of the files that were found in it; gives the index of the leaf's.
    pub fn add_leaf(&mut self, mut row: Row, opened: Opened) -> usize {
        let (part, depth) = (row.part.clone(), row.depth);
        let mut closed = None;
        if opened.whole {
            (row.opaque, row.opened) = (None, true);
        } else if let Some(why) = opened.damage {
            let in_text = row.opaque.take().is_none();
            let kind = if in_text { ProblemKind::OpaqueUuencode } else { ProblemKind::OpaqueTnef };
            self.problems.note(kind, &format!("part {part}: {why}"));
            closed = Some(if in_text { Opaque::Uuencode } else { Opaque::Tnef });
        }
        let at = self.add_row(row);
        self.rows[at].opaque = self.rows[at].opaque.or(closed);
        for file in opened.files {
            self.add_row(file.into_row(depth));
        }
        at
    }

    /// Sets what is known of an inner message when it ends.
    pub fn set_row(&mut self, at: usize, size_bytes: u64, sha256: Digest) {
        if let Some(row) = self.rows.get_mut(at) {
            row.size_bytes = size_bytes;
            row.sha256 = sha256;
        }
    }

    /// Adds a candidate for the body text.
    pub fn add_text(
        &mut self,
        row: usize,
        form: TextForm,
        head: &PartHead,
        entity: &Entity,
        bytes: Vec<u8>,
        truncated: bool,
    ) {
        if form != TextForm::Other {
            self.texts.push(TextLeaf {
                row,
                form,
                charset: head.charset,
                flowed: head.flowed,
                delsp: head.delsp,
                depth: entity.depth,
                alternative: entity.alternative,
                bytes,
                truncated,
            });
        }
    }

    /// Keeps a calendar part, if there are not too many.
    pub fn add_calendar(&mut self, part: &str, bytes: &[u8]) {
        if self.calendars.len() < MOST_CALENDARS {
            self.calendars.push((part.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
        }
    }

    fn text_slot(form: TextForm, depth: u16) -> usize {
        usize::from(form == TextForm::Html) + 2 * usize::from(depth > 0)
    }

    /// How many more bytes of text of this form may be kept.
    pub fn text_room(&self, form: TextForm, depth: u16) -> usize {
        match form {
            TextForm::Other => 0,
            _ => self.limits.text_bytes.saturating_sub(self.text_used[Self::text_slot(form, depth)]),
        }
    }

    /// Counts kept text.
    pub fn use_text_room(&mut self, form: TextForm, depth: u16, bytes: usize) {
        self.text_used[Self::text_slot(form, depth)] += bytes;
    }

    /// Notes what a leaf's transfer encoding did.
    pub fn note_decoding(&mut self, head: &PartHead, damage: u64) {
        match head.encoding {
            Encoding::Base64 if damage > 0 => self.problems.note(ProblemKind::Base64Damaged, ""),
            Encoding::QuotedPrintable if damage > 0 => self.problems.note(ProblemKind::QuotedPrintableDamaged, ""),
            Encoding::Unknown => self.problems.note(ProblemKind::UnknownEncoding, ""),
            _ => {}
        }
    }

    /// Puts one leaf into the digests over all leaves; leaves that are empty (texts: blank) do not count.
    pub fn digest_leaf(&mut self, text: Option<TextDigest>, size: u64, sha256: Digest) {
        let (kind, exact, nospace) = match text {
            Some(text) => match text.finish() {
                Some((lines, nospace)) => (b't', lines, nospace),
                None => return,
            },
            None if size == 0 => return,
            None => (b'b', sha256, sha256),
        };
        self.leaf_count += 1;
        self.leaves.update([kind]);
        self.leaves.update(exact.0);
        self.leaves_nospace.update([kind]);
        self.leaves_nospace.update(nospace.0);
    }

    /// Puts the headers of an inner message into the digests over all leaves.
    pub fn digest_inner_headers(&mut self, digest: Digest) {
        for all in [&mut self.leaves, &mut self.leaves_nospace] {
            all.update(b"h");
            all.update(digest.0);
        }
    }

    /// Adds one piece of residue that is not blank.
    pub fn add_residue(&mut self, digest: Digest) {
        self.residue.get_or_insert_with(Sha256::new).update(digest.0);
    }

    /// Has decoded bytes given to somebody, too.
    pub fn set_tap(&mut self, tap: Tap) {
        self.tap = Some(tap);
    }

    /// Whether somebody wants decoded bytes.
    pub fn has_tap(&self) -> bool {
        self.tap.is_some()
    }

    /// Gives decoded bytes of a part to whoever wants them.
    pub fn give(&mut self, part: &str, starts: bool, bytes: &[u8]) {
        if let Some(tap) = &mut self.tap {
            if starts {
                tap(part, None);
            }
            tap(part, Some(bytes));
        }
    }

    /// A buffer for decoded bytes.
    pub fn lend_scratch(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.scratch)
    }

    /// Gives the buffer back.
    pub fn return_scratch(&mut self, scratch: Vec<u8>) {
        self.scratch = scratch;
    }
}
