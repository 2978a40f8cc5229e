//! `mailcensus explain`: why a message was read as it was.

use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use super::message::{self, CHANGED, GONE};
use crate::exit::{Exit, Refused};
use crate::model::ProblemKind;
use crate::model::message::Facts;
use crate::parse::zones::{self, ZoneKind};
use crate::parse::{Limits, MessageReader, Parsed, headers_only};
use crate::report::explain::{Again, Explanation, ZoneRow, json, text};
use crate::signal::table;
use crate::store::Inventory;
use crate::store::read::{EvidenceRow, FoundMessage, StoredReading};
use crate::verify::Moved;

/// Show what a message was read as, why, and the words that say so.
///
/// Class, uses and evidence come from the inventory. The message is read again from its source, and its text is shown
/// with its zones: new text, quoted, forwarded, signature, disclaimer, footer. Only what is marked | speaks for the
/// sender. Places such as `text 12-40` count bytes (UTF-8) of that text, which --json prints exactly.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  mailcensus scan fixtures/company --to inventory.db
  mailcensus explain inventory.db M124-1
  mailcensus explain inventory.db M124-1 --json

Exit codes: 0 explained; 1 the source has changed or is gone, a place no longer holds, or an unfinished inventory;
2 no such message, or several.")]
pub struct ExplainArgs {
    /// The inventory that `mailcensus scan` made
    pub inventory: PathBuf,
    /// An id (M17-204), a Message-ID, or at least 8 digits of a digest: message_sha256, stored_sha256, fingerprint
    pub message: String,
    /// Print one JSON object: text, zones, class, uses, signals, evidence
    #[arg(long)]
    pub json: bool,
    /// The export lies elsewhere now; repeatable, the longest FROM that fits wins
    #[arg(long, value_name = "FROM=TO")]
    pub moved: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// `Refused` for what is no inventory, and for a name that fits no message or several.
pub fn run(args: &ExplainArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(&args.inventory).map_err(Refused::because)?;
    let (explanation, exit) = inventory.snapshot(|| -> anyhow::Result<_> {
        let roots = inventory.audit_head()?.roots;
        let moved = Moved::parse(&args.moved, &roots).map_err(Refused::because)?;
        let found = message::find(&inventory, &args.message)?;
        let reading = inventory
            .reading_of(found.message_id)?
            .ok_or_else(|| Refused::because(format!("{}: its row is gone", found.message_id)))?;
        let place = moved.place(&found.path);
        let mut exit = Exit::Done;
        let again = match read_again(&place, &found, &reading) {
            Ok(parsed) => Some(look(parsed, &reading, &found.mailbox)),
            Err(why) => {
                exit = message::complain(&place, found.message_id, &why);
                None
            }
        };
        let meanings = reading.evidence.iter().map(|row| meaning(&row.signal)).collect();
        let is_finished = inventory.is_finished()?;
        let explanation = Explanation { message: found, reading, meanings, again, is_finished };
        if explanation.misplaced() > 0 || !is_finished {
            exit = Exit::Findings;
        }
        Ok((explanation, exit))
    })?;
    if args.json {
        writeln!(out, "{}", json(&explanation, exit))?;
    } else {
        out.write_all(text(&explanation).as_bytes())?;
    }
    Ok(exit)
}

fn meaning(signal: &str) -> String {
    let known = table::index_of(signal).map(|at| table::TABLE[at].meaning);
    known.unwrap_or("a signal of rules that were given with --rules").to_owned()
}

/// The message, parsed by the code that the scan used; the error says in plain words why not.
pub(super) fn read_again(
    place: &std::path::Path,
    found: &FoundMessage,
    reading: &StoredReading,
) -> Result<Parsed, String> {
    if !found.is_present {
        return Err(GONE.to_owned());
    }
    let file = message::open(place)?;
    let recovery = message::recovery(found.format.as_deref());
    let limits = Limits::default();
    // A message that once killed the parser: its bytes are hashed, and its headers are read.
    let mut head = Vec::new();
    let mut reader = MessageReader::new(recovery, &[], &limits);
    let mut hashed = sha2::Sha256::default();
    let died = |_| "its content makes the program fail; this version cannot read it".to_owned();
    let mut broke = Ok(());
    message::read(&file, found, |block| {
        sha2::Digest::update(&mut hashed, block);
        if reading.headers_only {
            let room = limits.header_bytes.saturating_sub(head.len());
            head.extend_from_slice(&block[..block.len().min(room)]);
        } else {
            broke = catch_unwind(AssertUnwindSafe(|| reader.push(block))).map_err(died);
        }
        broke.is_ok()
    })?;
    broke?;
    if crate::model::Digest(sha2::Digest::finalize(hashed).into()).to_hex() != found.stored_sha256 {
        return Err(CHANGED.to_owned());
    }
    catch_unwind(AssertUnwindSafe(|| match reading.headers_only {
        true => headers_only(recovery, &[], &head, &limits),
        false => reader.finish(),
    }))
    .map_err(died)
}

fn look(parsed: Parsed, reading: &StoredReading, mailbox: &str) -> Again {
    let Parsed { facts, problems, .. } = parsed;
    let zones = zones::zones(&facts.body_text);
    let spoken: Vec<usize> = zones.spoken(&facts.body_text).map(|zone| zone.start).collect();
    let row = |zone: &zones::Zone| ZoneRow {
        kind: zone_word(zone.kind),
        words: zone_words(zone.kind),
        speaks: spoken.contains(&zone.start),
        start: zone.start,
        end: zone.end,
    };
    let stands = reading.evidence.iter().map(|piece| stands(piece, &facts, reading, mailbox)).collect();
    Again {
        zones: zones.all.iter().map(row).collect(),
        is_cut: problems.iter().any(|problem| problem.kind == ProblemKind::TextTruncated),
        stands,
        text: facts.body_text,
    }
}

fn zone_word(kind: ZoneKind) -> &'static str {
    match kind {
        ZoneKind::New => "new",
        ZoneKind::Quoted => "quoted",
        ZoneKind::Forwarded => "forwarded",
        ZoneKind::QuoteHeader => "quote_header",
        ZoneKind::Signature => "signature",
        ZoneKind::Disclaimer => "disclaimer",
        ZoneKind::Footer => "footer",
    }
}

fn zone_words(kind: ZoneKind) -> &'static str {
    match kind {
        ZoneKind::New => "new text",
        ZoneKind::Quoted => "quoted from an earlier message",
        ZoneKind::Forwarded => "passed on from another message",
        ZoneKind::QuoteHeader => "says who is quoted",
        ZoneKind::Signature => "signature",
        ZoneKind::Disclaimer => "legal text",
        ZoneKind::Footer => "added by a mailing list or mail service",
    }
}

/// Whether the words of a piece of evidence stand where it says; `None` for places outside the message.
fn stands(piece: &EvidenceRow, facts: &Facts, reading: &StoredReading, mailbox: &str) -> Option<bool> {
    let (kind, at) = piece.place.split_once(':').unwrap_or((piece.place.as_str(), ""));
    match kind {
        "text" => {
            let range = at.split_once('-').and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
            Some(range.and_then(|range| facts.body_text.get(range)) == Some(piece.excerpt.as_str()))
        }
        "header" => Some(in_header(at, &piece.excerpt, facts, mailbox)),
        "attachment" => Some(facts.attachments.iter().any(|one| one.part == at)),
        "folder" => {
            let is_it = |word: &str| word.starts_with(&piece.excerpt);
            Some(reading.folders.iter().any(|folder| is_it(folder)) || reading.flags.split(' ').any(is_it))
        }
        _ => None,
    }
}

/// Whether the header holds the words; an empty excerpt tells of a header that is missing or empty. Names and addresses
/// are compared word by word, for their quotation marks and brackets are gone.
fn in_header(name: &str, excerpt: &str, facts: &Facts, mailbox: &str) -> bool {
    let values = facts.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut there: String = values.map(|(_, value)| format!("{value} ")).collect();
    if name.eq_ignore_ascii_case("Subject") {
        there.push_str(facts.subject.as_deref().unwrap_or_default());
    }
    // Long lists of recipients are cut in `headers`, not in `recipients`.
    let people = facts.recipients.iter().map(|(_, one)| one).chain(&facts.from).chain(&facts.reply_to);
    if ["From", "To", "Cc", "Bcc", "Reply-To"].iter().any(|of_people| of_people.eq_ignore_ascii_case(name)) {
        people.for_each(|one| there.push_str(&format!("{} {} ", one.name, one.address)));
        // "The owner stands in Cc only" quotes the name of the mailbox, which may be written otherwise there.
        if excerpt == mailbox {
            return !there.trim().is_empty();
        }
    }
    let there = there.to_lowercase();
    excerpt.to_lowercase().split(|c: char| !c.is_alphanumeric()).all(|word| there.contains(word))
}
