//! The entry of this step: stored bytes in, facts out.

use super::Limits;
use super::body::{self, Body};
use super::harvest::{Harvest, Tap};
use super::header::{self, HeaderFacts};
use super::identity;
use super::lines;
use super::skeleton::{Account, Scanner};
use super::twin::Twin;
use crate::framing::recover::Recover;
use crate::model::message::{Attachment, Facts, Identity, Opaque};
use crate::model::{Digest, Problem, ProblemKind, Recovery};
use sha2::{Digest as _, Sha256};

/// Reads one message as a stream. Memory: headers, kept text and one row a part, all limited; not the message.
pub struct MessageReader {
    recover: Recover,
    separator: Vec<u8>,
    stored_length: u64,
    inside: Inside,
}

/// What sees the recovered message.
struct Inside {
    scanner: Scanner,
    harvest: Harvest,
    twin: Twin,
    length: u64,
    nul: u64,
    blank: bool,
}

/// One message, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// Of the bytes that were pushed.
    pub stored_sha256: Digest,
    /// How many they were.
    pub stored_length_bytes: u64,
    /// Of the recovered message.
    pub message_sha256: Digest,
    /// Where the bytes of the recovered message went.
    pub account: Account,
    /// What it says.
    pub facts: Facts,
    /// At most one problem of a kind, in the order of kinds.
    pub problems: Vec<Problem>,
}

impl MessageReader {
    /// A reader for a message stored like this. `separator` is the `From ` line of an mbox, else empty.
    pub fn new(recovery: Recovery, separator: &[u8], limits: &Limits) -> MessageReader {
        let harvest = Harvest::new(limits);
        MessageReader {
            recover: Recover::new(recovery),
            separator: separator.to_vec(),
            stored_length: 0,
            inside: Inside {
                scanner: Scanner::new(&harvest),
                harvest,
                twin: Twin::default(),
                length: 0,
                nul: 0,
                blank: true,
            },
        }
    }

    /// Gives the decoded bytes of every part to somebody, too.
    pub fn give_decoded_to(&mut self, tap: Tap) {
        self.inside.harvest.set_tap(tap);
    }

    /// The next stored bytes; any split gives the same result.
    pub fn push(&mut self, stored: &[u8]) {
        self.stored_length += stored.len() as u64;
        let (inside, mut taken) = (&mut self.inside, 0);
        self.recover.push(stored, &mut |bytes| inside.push(bytes, stored, &mut taken));
        inside.twin.end_block(stored, taken);
    }

    /// The message ends.
    pub fn finish(self) -> Parsed {
        let MessageReader { recover, separator, stored_length, mut inside } = self;
        recover.finish(&mut |bytes| inside.push(bytes, b"", &mut 0));
        let Inside { scanner, mut harvest, twin, length, nul, blank } = inside;
        let (stored_sha256, message_sha256) = twin.finish();
        let account = scanner.finish(&mut harvest);
        debug_assert_eq!(account.total(), length);
        if nul > 0 {
            harvest.problems.note(ProblemKind::NulBytes, &format!("{nul} bytes"));
        }
        let (facts, problems) = facts(harvest, &separator, blank);
        Parsed { stored_sha256, stored_length_bytes: stored_length, message_sha256, account, facts, problems }
    }
}

impl Inside {
    /// Recovered bytes, from this stored block of which so many bytes were matched.
    fn push(&mut self, bytes: &[u8], stored: &[u8], taken: &mut usize) {
        self.twin.recovered(bytes, stored, taken);
        self.length += bytes.len() as u64;
        if memchr::memchr(0, bytes).is_some() {
            self.nul += memchr::memchr_iter(0, bytes).count() as u64;
        }
        self.blank = self.blank && bytes.trim_ascii().is_empty();
        self.scanner.push(bytes, &mut self.harvest);
    }
}

/// Reads the headers alone, for a message that killed the parser before: nothing of its body is looked at, and the
/// digests of its content are those of a message without any. `head` is its start; at most the limit for headers of it
/// is read. The digests of the bytes are those of `head`.
pub fn headers_only(recovery: Recovery, separator: &[u8], head: &[u8], limits: &Limits) -> Parsed {
    let head = &head[..head.len().min(limits.header_bytes)];
    let end = memchr::memmem::find(head, b"\n\n").or_else(|| memchr::memmem::find(head, b"\n\r\n"));
    let mut reader = MessageReader::new(recovery, separator, &Limits { depth: 0, ..limits.clone() });
    reader.push(&head[..end.map_or(head.len(), |end| end + 1)]);
    let mut parsed = reader.finish();
    parsed.facts.attachments.clear();
    parsed.facts.opaque.clear();
    parsed.problems.retain(|problem| of_headers(problem.kind));
    parsed
}

fn of_headers(kind: ProblemKind) -> bool {
    use ProblemKind::*;
    let of_date = matches!(kind, DateMissing | DateUnreadable | DateImplausible);
    of_date
        || matches!(kind, NoHeaders | HeaderJunk | HeadersTooLong | HeaderNotAscii | LeadingBanner | MessageIdMissing)
}

fn facts(mut harvest: Harvest, separator: &[u8], blank: bool) -> (Facts, Vec<Problem>) {
    let block = std::mem::take(&mut harvest.top_block);
    if blank {
        harvest.problems.note(ProblemKind::EmptyMessage, "");
    } else if block.is_empty() {
        harvest.problems.note(ProblemKind::NoHeaders, "");
    }
    let separator =
        if separator.is_empty() { std::mem::take(&mut harvest.leading_from_line) } else { separator.to_vec() };
    let mut headers = header::read(&block, &separator, &mut harvest.problems);
    let body = body::body(&mut harvest);
    let identity = identify(&mut harvest, std::mem::take(&mut headers.rows), &body);
    let Harvest { rows, problems, calendars, .. } = harvest;
    let mut opaque: Vec<Opaque> = Vec::new();
    for one in rows.iter().filter_map(|row| row.opaque).chain(body.opaque.iter().copied()) {
        if !opaque.contains(&one) {
            opaque.push(one);
        }
    }
    let attachments = rows
        .into_iter()
        .zip(&body.is_body)
        .filter(|(_, is_body)| !**is_body)
        .map(|(row, _)| Attachment {
            part: row.part,
            file_name: row.file_name,
            media_type: row.media_type,
            detected_type: row.detected_type,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            inline: row.inline,
            opaque: row.opaque,
            opened: row.opened,
        })
        .collect();
    let mut facts = assemble(headers, body, attachments, opaque, identity);
    facts.calendars = calendars;
    (facts, problems.into_problems())
}

fn identify(harvest: &mut Harvest, headers: Vec<(&'static str, String)>, body: &Body) -> Identity {
    let take = |sha256: &mut Sha256| Digest(std::mem::take(sha256).finalize().into());
    let headers_sha256 = identity::digest_rows(&headers);
    let leaves_sha256 = take(&mut harvest.leaves);
    let leaves_nospace_sha256 = take(&mut harvest.leaves_nospace);
    let text = lines::text_digest(&body.text);
    Identity {
        headers_sha256,
        leaves_sha256,
        leaves_nospace_sha256,
        // A text that was cut says nothing about its rest; the leaves do.
        text_sha256: text.map(|text| if body.truncated { identity::both(text, leaves_nospace_sha256) } else { text }),
        structure_sha256: take(&mut harvest.structure),
        residue_sha256: harvest.residue.take().map(|residue| Digest(residue.finalize().into())),
        fingerprint: identity::both(headers_sha256, leaves_sha256),
        leaves: harvest.leaf_count,
        headers,
    }
}

fn assemble(
    headers: HeaderFacts,
    body: Body,
    attachments: Vec<Attachment>,
    opaque: Vec<Opaque>,
    identity: Identity,
) -> Facts {
    Facts {
        rfc_message_id: headers.rfc_message_id,
        in_reply_to: headers.in_reply_to,
        references: headers.references,
        sent_at: headers.sent_at,
        sent_at_source: headers.sent_at_source,
        sent_offset_minutes: headers.sent_offset_minutes,
        received_at: headers.received_at,
        from: headers.from,
        sender: headers.sender,
        reply_to: headers.reply_to,
        recipients: headers.recipients,
        subject: headers.subject,
        headers: headers.headers,
        body_text: body.text,
        hrefs: body.hrefs,
        text_source: body.source,
        attachments,
        opaque,
        identity,
        calendars: Vec::new(),
    }
}
