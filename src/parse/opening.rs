//! The scanner among headers: which line is a field, where the body starts, and what a header opens.

use super::decode::Encoding;
use super::field::name_length;
use super::harvest::Harvest;
use super::identity;
use super::leaf::{Entity, Leaf};
use super::level::{Header, HeaderLine, Inner, Level, Multipart, Residue};
use super::part::PartHead;
use super::skeleton::{Pending, Scanner, State};
use crate::model::ProblemKind;
use sha2::Digest as _;

impl Scanner {
    pub(super) fn header_bytes<'a>(&mut self, bytes: &'a [u8], harvest: &mut Harvest) -> &'a [u8] {
        let Some(end) = memchr::memchr(b'\n', bytes) else {
            self.line.extend_from_slice(bytes);
            if self.line.len() > harvest.limits.header_bytes {
                self.overlong_header_line(harvest);
            }
            return &[];
        };
        if self.line.is_empty() {
            self.header_line(&bytes[..end], true, harvest);
        } else {
            let mut line = std::mem::take(&mut self.line);
            line.extend_from_slice(&bytes[..end]);
            self.header_line(&line, true, harvest);
        }
        &bytes[end + 1..]
    }

    /// A header line longer than all headers may be: its start is treated as a line of its own.
    fn overlong_header_line(&mut self, harvest: &mut Harvest) {
        let line = std::mem::take(&mut self.line);
        if name_length(&line).is_none() && !matches!(line.first(), Some(b' ' | b'\t')) {
            self.start_body(&line, false, harvest);
            return;
        }
        harvest.problems.note(ProblemKind::HeadersTooLong, "");
        self.header_line(&line, false, harvest);
        if let State::Header(header) = &mut self.state {
            header.line_goes_on = true;
        }
    }

    /// One line without its LF.
    pub(super) fn header_line(&mut self, line: &[u8], has_lf: bool, harvest: &mut Harvest) {
        if self.open > 0 && line.starts_with(b"--") && self.boundary_line(line, has_lf, harvest) {
            return;
        }
        let State::Header(header) = &mut self.state else { return };
        match header.judge(line) {
            HeaderLine::End => {
                self.framing(line, has_lf);
                self.end_header(harvest);
            }
            HeaderLine::Keep => {
                self.settle_junk(harvest);
                self.framing(line, has_lf);
                if let State::Header(header) = &mut self.state
                    && !header.keep(line)
                {
                    harvest.problems.note(ProblemKind::HeadersTooLong, "");
                }
            }
            HeaderLine::Doubt => header.doubt(line, has_lf),
            HeaderLine::Body => self.start_body(line, has_lf, harvest),
        }
    }

    /// Lines that were no fields stand among fields: they are residue.
    fn settle_junk(&mut self, harvest: &mut Harvest) {
        let State::Header(header) = &mut self.state else { return };
        if header.junk.is_empty() {
            return;
        }
        let (junk, leading) = (header.take_junk(), header.is_empty());
        let kind = if leading { ProblemKind::LeadingBanner } else { ProblemKind::HeaderJunk };
        if !junk.trim_ascii().is_empty() {
            harvest.problems.note(kind, "");
        }
        if leading && harvest.leading_from_line.is_empty() && self.levels.is_empty() && self.base_depth == 0 {
            harvest.leading_from_line = junk.split(|b| *b == b'\n').next().unwrap_or_default().to_vec();
        }
        let mut residue = Residue::default();
        residue.push(&junk);
        residue.finish(harvest);
        self.account.residue += junk.len() as u64;
        self.flush_pending(harvest);
        let without_lf = junk.strip_suffix(b"\n").unwrap_or(&junk);
        self.raw(without_lf);
        self.pending = Pending::Framing;
    }

    /// The headers end without a blank line: what was in doubt, and this line, are the start of the body.
    fn start_body(&mut self, line: &[u8], has_lf: bool, harvest: &mut Harvest) {
        let State::Header(header) = &mut self.state else { return };
        let mut start = header.take_junk();
        start.extend_from_slice(line);
        if has_lf {
            start.push(b'\n');
        }
        self.open_entity(harvest);
        self.push(&start, harvest);
    }

    fn framing(&mut self, line: &[u8], has_lf: bool) {
        self.account.header += line.len() as u64 + u64::from(has_lf);
        self.framing_raw(line, has_lf);
    }

    pub(super) fn framing_raw(&mut self, line: &[u8], has_lf: bool) {
        if self.pending != Pending::None {
            self.raw(b"\n");
        }
        self.raw(line);
        self.pending = if has_lf { Pending::Framing } else { Pending::None };
    }

    pub(super) fn end_header(&mut self, harvest: &mut Harvest) {
        let State::Header(header) = &mut self.state else { return };
        let junk = header.take_junk();
        self.open_entity(harvest);
        if !junk.is_empty() {
            self.push(&junk, harvest);
        }
    }

    /// The header is complete: what does it open?
    fn open_entity(&mut self, harvest: &mut Harvest) {
        let State::Header(header) = std::mem::replace(&mut self.state, State::Ended) else { return };
        let Header { block, entity, .. } = *header;
        self.line_start = true;
        harvest.parts += 1;
        let head = PartHead::parse(&block, entity.default_type);
        if entity.root && entity.depth > 0 {
            harvest.digest_inner_headers(identity::inner_headers(&block));
        } else if entity.root {
            harvest.top_block = block;
        }
        let deep = self.base_depth + self.levels.len() >= harvest.limits.depth;
        let is_multipart = head.media_type.starts_with("multipart/");
        if deep && (is_multipart || head.is_message()) {
            harvest.problems.note(ProblemKind::TooDeep, "");
        }
        harvest.structure.update(b"(");
        harvest.structure.update(head.media_type.as_bytes());
        if is_multipart && !deep {
            if let Some(boundary) = head.boundary.clone() {
                self.open_multipart(boundary, entity, head, harvest);
                return;
            }
            harvest.problems.note(ProblemKind::NoBoundary, "");
        } else if head.is_message() && !deep {
            self.open_message(entity, head, harvest);
            return;
        }
        self.state = State::Leaf(Box::new(Leaf::new(entity, head)));
    }

    fn open_multipart(&mut self, boundary: Vec<u8>, entity: Entity, head: PartHead, harvest: &mut Harvest) {
        if head.media_type == "multipart/encrypted" {
            harvest.problems.note(ProblemKind::OpaqueEncrypted, &format!("part {}", entity.leaf_section()));
        }
        let alternative = if head.media_type == "multipart/alternative" && entity.alternative.is_none() {
            harvest.alternatives += 1;
            Some(harvest.alternatives)
        } else {
            entity.alternative
        };
        let digest = head.media_type == "multipart/digest";
        self.levels.push(Level::Multipart(Multipart {
            boundary,
            prefix: entity.section.clone(),
            children: 0,
            closed: false,
            child_type: if digest { "message/rfc822" } else { "text/plain" },
            depth: entity.depth,
            alternative,
        }));
        self.open += 1;
        let mut text = PartHead::bare("text/plain");
        text.charset = head.charset;
        self.state = State::Preamble(Box::new(Leaf::new(entity, text)), Box::default());
    }

    fn open_message(&mut self, entity: Entity, head: PartHead, harvest: &mut Harvest) {
        let section = entity.leaf_section();
        let inner = Entity {
            section,
            root: true,
            depth: entity.depth.saturating_add(1),
            alternative: None,
            default_type: "text/plain",
        };
        let encoded = matches!(head.encoding, Encoding::Base64 | Encoding::QuotedPrintable);
        if encoded && self.encoded_depth >= harvest.limits.encoded_depth {
            harvest.problems.note(ProblemKind::TooDeep, "");
            self.state = State::Leaf(Box::new(Leaf::new(entity, head)));
        } else if encoded {
            let depth = self.base_depth + self.levels.len() + 1;
            let scanner = Scanner::inside(inner, harvest, depth, self.encoded_depth + 1);
            self.state = State::Leaf(Box::new(Leaf::message(entity, head, scanner, harvest)));
        } else {
            self.flush_pending(harvest);
            self.levels.push(Level::Message(Inner::new(&entity, &head, harvest)));
            self.messages += 1;
            self.state = State::Header(Box::new(Header::new(inner, harvest.limits.header_bytes)));
        }
    }
}
