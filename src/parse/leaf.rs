//! One leaf as a stream: decoded, counted, digested, its start and its text kept.

use super::container::Opener;
use super::decode::{Decoder, Encoding};
use super::field::name_length;
use super::harvest::{Harvest, Row, TextForm};
use super::identity::TextDigest;
use super::part::{Disposition, PartHead};
use super::skeleton::Scanner;
use crate::model::Digest;
use sha2::{Digest as _, Sha256};

/// Where a part stands in the message.
#[derive(Clone, Debug)]
pub struct Entity {
    /// IMAP section number (RFC 3501 section 6.4.5); of the root of a message: the section of that message.
    pub section: String,
    /// It is the whole content of a message.
    pub root: bool,
    /// How many messages it lies in, beside the outermost.
    pub depth: u16,
    /// The outermost multipart/alternative around it within its message.
    pub alternative: Option<u32>,
    /// The media type if none is named.
    pub default_type: &'static str,
}

impl Entity {
    /// The section of a leaf: the only part of a message is its part 1.
    pub fn leaf_section(&self) -> String {
        if self.root { child_section(&self.section, 1) } else { self.section.clone() }
    }
}

/// The section of the part with this number in a message or multipart.
pub fn child_section(prefix: &str, number: u32) -> String {
    if prefix.is_empty() { number.to_string() } else { format!("{prefix}.{number}") }
}

const SCRATCH: usize = 32 * 1024;

/// A leaf that is being read.
pub struct Leaf {
    entity: Entity,
    section: String,
    head: PartHead,
    form: Option<TextForm>,
    decoder: Decoder,
    size: u64,
    sha256: Option<Sha256>,
    first: Vec<u8>,
    text: Option<TextDigest>,
    kept: Vec<u8>,
    truncated: bool,
    /// The message inside, if it is an encoded message/rfc822, and its row, which stands before those of its parts.
    inner: Option<(Box<Scanner>, usize)>,
    sniffing: Option<Vec<u8>>,
    opener: Opener,
}

impl Leaf {
    const FIRST_BYTES: usize = 4096;
    const CALENDAR_BYTES: usize = 64 << 10;

    /// A leaf that starts here.
    pub fn new(entity: Entity, head: PartHead) -> Leaf {
        let form = TextForm::of(&head, &entity);
        let body = form.is_some() && entity.depth == 0;
        let text = (head.is_text() || head.media_type.starts_with("message/") || form.is_some())
            .then(|| TextDigest::new(head.charset));
        let opener = match &text {
            None => Opener::Sniffing(Vec::new()),
            Some(_) if head.media_type == "text/plain" || form == Some(TextForm::Plain) => Opener::Text(Box::default()),
            Some(_) => Opener::Nothing,
        };
        Leaf {
            opener,
            section: entity.leaf_section(),
            decoder: Decoder::new(head.encoding),
            sha256: (!body).then(Sha256::new),
            size: 0,
            first: Vec::new(),
            kept: Vec::new(),
            truncated: false,
            inner: None,
            sniffing: None,
            entity,
            head,
            form,
            text,
        }
    }

    /// An encoded message/rfc822: what is decoded is scanned as a message.
    pub fn message(entity: Entity, head: PartHead, scanner: Scanner, harvest: &mut Harvest) -> Leaf {
        let mut leaf = Leaf::new(entity, head);
        leaf.text = None;
        leaf.opener = Opener::Nothing;
        leaf.sniffing = (leaf.head.encoding == Encoding::Base64).then(Vec::new);
        let row = harvest.add_row(leaf.row(Digest([0; 32])));
        leaf.inner = Some((Box::new(scanner), row));
        leaf
    }

    /// The next raw bytes.
    pub fn push(&mut self, raw: &[u8], harvest: &mut Harvest) {
        if let Some(mut start) = self.sniffing.take() {
            start.extend_from_slice(raw);
            if start.len() < 1024 && !start.trim_ascii_start().contains(&b'\n') {
                self.sniffing = Some(start);
                return;
            }
            self.stop_sniffing(&start, harvest);
            return;
        }
        if matches!(self.decoder, Decoder::Identity) {
            self.take(raw, harvest);
            return;
        }
        let mut scratch = harvest.lend_scratch();
        for block in raw.chunks(SCRATCH) {
            scratch.clear();
            match &mut self.decoder {
                Decoder::Identity => {}
                Decoder::Base64(base64) => base64.push(block, &mut scratch),
                Decoder::QuotedPrintable(quoted) => quoted.push(block, &mut scratch),
                Decoder::Uuencode(coded) => coded.push(block, &mut scratch),
            }
            self.take(&scratch, harvest);
        }
        harvest.return_scratch(scratch);
    }

    /// Some programs name base64 and then write the message as it is: its first line is a header field.
    fn stop_sniffing(&mut self, start: &[u8], harvest: &mut Harvest) {
        let first = start.trim_ascii_start();
        if name_length(first).is_some() {
            self.decoder = Decoder::Identity;
        }
        self.push(start, harvest);
    }

    fn take(&mut self, decoded: &[u8], harvest: &mut Harvest) {
        if decoded.is_empty() {
            return;
        }
        if harvest.has_tap() {
            harvest.give(&self.section, self.size == 0, decoded);
        }
        self.size += decoded.len() as u64;
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(decoded);
        }
        let most = if self.is_calendar() { Self::CALENDAR_BYTES } else { Self::FIRST_BYTES };
        let room = most - self.first.len().min(most);
        if room > 0 && self.sha256.is_some() {
            self.first.extend_from_slice(&decoded[..decoded.len().min(room)]);
        }
        if let Some(text) = &mut self.text {
            text.update(decoded);
        }
        if let Some(form) = self.form {
            let room = harvest.text_room(form, self.entity.depth).min(decoded.len());
            self.kept.extend_from_slice(&decoded[..room]);
            harvest.use_text_room(form, self.entity.depth, room);
            self.truncated |= room < decoded.len();
        }
        match &mut self.opener {
            Opener::Nothing => {}
            opener => opener.push(&self.section, decoded, harvest),
        }
        if let Some((scanner, _)) = &mut self.inner {
            scanner.push(decoded, harvest);
        }
    }

    /// The leaf ends: its row, its text and its digests go to the harvest.
    pub fn finish(mut self, harvest: &mut Harvest) {
        if let Some(start) = self.sniffing.take() {
            self.stop_sniffing(&start, harvest);
        }
        let mut rest = Vec::new();
        match &mut self.decoder {
            Decoder::Identity => {}
            Decoder::Base64(base64) => base64.finish(&mut rest),
            Decoder::QuotedPrintable(quoted) => quoted.finish(&mut rest),
            Decoder::Uuencode(coded) => coded.finish(&mut rest),
        }
        if !rest.is_empty() {
            self.take(&rest, harvest);
        }
        harvest.note_decoding(&self.head, self.decoder.damage());
        let sha256 = self.sha256.take().map_or(Digest([0; 32]), |sha256| Digest(sha256.finalize().into()));
        if let Some((scanner, row)) = self.inner.take() {
            scanner.finish(harvest);
            harvest.set_row(row, self.size, sha256);
            return;
        }
        harvest.digest_leaf(self.text.take(), self.size, sha256);
        let opened = std::mem::replace(&mut self.opener, Opener::Nothing).finish(&self.section, harvest);
        if self.is_calendar() && self.entity.depth == 0 {
            harvest.add_calendar(&self.entity.leaf_section(), &self.first);
        }
        let row = self.row(sha256);
        let at = harvest.add_leaf(row, opened);
        if let Some(form) = self.form {
            harvest.add_text(at, form, &self.head, &self.entity, std::mem::take(&mut self.kept), self.truncated);
        }
    }

    fn is_calendar(&self) -> bool {
        self.head.media_type == "text/calendar"
    }

    fn row(&self, sha256: Digest) -> Row {
        let told = Some(&self.first).filter(|first| !first.is_empty()).and_then(|first| infer::get(first));
        Row {
            part: self.section.clone(),
            file_name: self.head.file_name.clone(),
            media_type: self.head.media_type.clone(),
            detected_type: told.map(|kind| kind.mime_type().to_owned()),
            size_bytes: self.size,
            sha256,
            inline: match self.head.disposition {
                Disposition::Inline => true,
                Disposition::Unsaid => self.head.has_content_id,
                Disposition::Attachment => false,
            },
            opaque: self.head.opaque(&self.first).filter(|_| !self.decoder.has_found_a_file()),
            problem: self.head.problem(self.size),
            form: self.form,
            alternative: self.entity.alternative,
            depth: self.entity.depth,
            opened: false,
        }
    }
}
