//! What an audit says: each mismatch with its hint, one sentence with the numbers, or one JSON object.

use serde_json::{Value, json};

use super::number::{counted, thousands};
use crate::exit::Exit;
use crate::model::path::display;
use crate::ui::escape::escape;
use crate::verify::{Audit, Depth, Finding};

/// So many findings are shown on a screen.
const SHOWN: usize = 20;

/// The findings and the sentence, as lines.
pub fn text(audit: &Audit) -> String {
    let mut text = String::new();
    for finding in audit.findings.list.iter().take(SHOWN) {
        text.push_str(&format!("{}\n  hint: {}\n", line(finding), finding.kind.hint()));
    }
    let more = audit.findings.total().saturating_sub(SHOWN as u64);
    if more > 0 {
        text.push_str(&format!("and {} more: `mailcensus audit --json` lists them\n", thousands(more)));
    }
    text.push_str(&sentence(audit));
    text.push('\n');
    text
}

/// One finding on one line.
fn line(finding: &Finding) -> String {
    let mut what = escape(&display(&finding.path)).into_owned();
    if let Some(id) = finding.message_id {
        what.push_str(&format!(", message {id}"));
    }
    if let (Some(offset), Some(length)) = (finding.offset_bytes, finding.length_bytes) {
        what.push_str(&format!(", {} at {}", counted(length, "byte", "bytes"), thousands(offset)));
    }
    format!("{what}: {}: {}", finding.kind.as_str().replace('_', " "), escape(&finding.detail))
}

/// The last word, with the numbers.
pub fn sentence(audit: &Audit) -> String {
    let totals = &audit.totals;
    let mut looked_at = format!(
        "{}, {} with {} and {}",
        counted(totals.entries, "entry", "entries"),
        counted(totals.mail_files, "file", "files"),
        counted(totals.messages, "message", "messages"),
        counted(totals.bytes, "byte", "bytes")
    );
    if audit.part.of > 1 {
        let Audit { part, .. } = audit;
        looked_at = format!(
            "part {} of {}, which is {} of {}: {looked_at}",
            part.number,
            part.of,
            thousands(totals.files),
            counted(totals.files_in_all, "file", "files")
        );
    }
    if audit.is_interrupted {
        let found = counted(audit.findings.total(), "finding", "findings");
        return format!("Interrupted, so nothing is proved: {found} so far in {looked_at}.");
    }
    let limits = limits(audit);
    if audit.findings.is_empty() && !audit.is_unfinished {
        let verdict = match audit.depth {
            Depth::Content => "every byte is where the inventory says, with the digest it says",
            Depth::Times => "every size and every time is what the inventory says",
        };
        return format!("{}: {verdict}{limits}.", capital(&looked_at));
    }
    let mut verdicts = Vec::new();
    if audit.findings.mismatches > 0 {
        verdicts.push(counted(audit.findings.mismatches, "mismatch", "mismatches"));
    }
    if audit.findings.unproved > 0 {
        let unproved = audit.findings.unproved;
        verdicts.push(format!("{} not proved", counted(unproved, "entry", "entries")));
    }
    if audit.is_unfinished {
        verdicts.push("the inventory is unfinished (run the same `mailcensus scan` again)".to_owned());
    }
    format!("{}: {looked_at}{limits}.", capital(&verdicts.join(", ")))
}

/// What was not looked at.
fn limits(audit: &Audit) -> &'static str {
    match (audit.depth, audit.part.of > 1) {
        (Depth::Content, false) => "",
        (Depth::Content, true) => "; the other parts were not read, only listed",
        (Depth::Times, false) => "; no content was read, so this is no proof of it (run without --quick for that)",
        (Depth::Times, true) => {
            "; no content was read, so this is no proof of it, and the other parts were only listed"
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One object: the same numbers, and every finding that is kept.
pub fn json(audit: &Audit, exit: Exit, seconds: f64) -> Value {
    let totals = &audit.totals;
    let mismatches: Vec<Value> = audit.findings.list.iter().map(mismatch).collect();
    json!({
        "schema_version": 1,
        "command": "audit",
        "exit_code": exit.code(),
        "finished": !audit.is_unfinished,
        "content_read": audit.depth == Depth::Content,
        "part": format!("{}/{}", audit.part.number, audit.part.of),
        "entries": totals.entries,
        "files": totals.files,
        "files_in_all": totals.files_in_all,
        "mail_files": totals.mail_files,
        "messages": totals.messages,
        "bytes": totals.bytes,
        "mismatches_found": audit.findings.mismatches,
        "not_proved": audit.findings.unproved,
        "mismatches": mismatches,
        "sentence": sentence(audit),
        "seconds": (seconds * 1000.0).round() / 1000.0,
    })
}

fn mismatch(finding: &Finding) -> Value {
    json!({
        "path": display(&finding.path),
        "offset_bytes": finding.offset_bytes,
        "length_bytes": finding.length_bytes,
        "kind": finding.kind.as_str(),
        "message_id": finding.message_id.map(|id| id.to_string()),
        "detail": finding.detail,
        "hint": finding.kind.hint(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileId, MessageId};
    use crate::store::read::audit::Part;
    use crate::verify::{Findings, Kind, audit::Totals};

    fn clean() -> Audit {
        let totals =
            Totals { entries: 172, files: 150, files_in_all: 150, mail_files: 132, messages: 273, bytes: 353_580 };
        Audit {
            depth: Depth::Content,
            part: Part::ALL,
            totals,
            findings: Findings::default(),
            is_unfinished: false,
            is_interrupted: false,
        }
    }

    #[test]
    fn the_sentence_says_what_was_proved_and_no_more() {
        let mut audit = clean();
        assert_eq!(
            sentence(&audit),
            "172 entries, 132 files with 273 messages and 353,580 bytes: every byte is where the inventory says, with the digest it says."
        );
        audit.depth = Depth::Times;
        assert!(sentence(&audit).contains("no proof"));
        audit.part = Part { number: 2, of: 5 };
        assert!(sentence(&audit).starts_with("Part 2 of 5, which is 150 of 150 files: 172 entries"));
        audit.is_unfinished = true;
        assert!(sentence(&audit).starts_with("The inventory is unfinished"));
        audit.is_interrupted = true;
        assert!(sentence(&audit).starts_with("Interrupted, so nothing is proved: 0 findings so far"));
    }

    #[test]
    fn a_finding_has_its_place_and_nothing_that_acts() {
        let mut audit = clean();
        let id = MessageId::new(FileId(5), 2);
        let finding = Finding::new(Kind::MessageChanged, b"/x/\x1b[2J", "other").at(1000, 1001).of(Some(id));
        audit.findings.push(finding);
        audit.findings.push(Finding::new(Kind::NotProved, b"/y", "the scan could not read it"));
        let text = text(&audit);
        assert!(
            text.starts_with("/x/\\u{1b}[2J, message M5-2, 1 byte at 1,000: message changed: other\n  hint: "),
            "{text}"
        );
        assert!(text.ends_with(
            "1 mismatch, 1 entry not proved: 172 entries, 132 files with 273 messages and 353,580 bytes.\n"
        ));
        let json = json(&audit, Exit::Findings, 1.0);
        assert_eq!(json["mismatches"][0]["message_id"], "M5-2");
        assert_eq!(json["mismatches"][0]["offset_bytes"], 1000);
        assert_eq!(json["exit_code"], 1);
    }
}
