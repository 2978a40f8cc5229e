//! The closing sentences: what is proved and what is estimated, never mixed (DESIGN section 4).
//!
//! Pure functions of counts. Nothing is said of what was not looked at, except that it was not.

use std::fmt;

use super::estate;
use super::number::{counted, thousands};
use crate::model::reading::Class;
use crate::model::{Outcome, ProblemKind, SegmentKind};
use crate::report::words;
use crate::store::Evaluation;
use crate::store::read::{Counts, ProblemRow};
use crate::ui::escape::escape;

/// How many errors are named one by one.
pub const ERRORS_SHOWN: usize = 10;

/// Something to read, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Where and what.
    pub what: String,
    /// What to do; empty if there is nothing.
    pub remedy: String,
}

/// The closing sentences of a scan. All text is escaped.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Closing {
    /// What anybody can recheck.
    pub proved: Vec<String>,
    /// What was concluded.
    pub estimated: Vec<String>,
    /// Problems worth reading: errors first.
    pub findings: Vec<Finding>,
}

/// The closing sentences for these counts; `errors` are the first problems of level `error`.
pub fn closing(counts: &Counts, errors: &[ProblemRow]) -> Closing {
    Closing { proved: proved(counts), estimated: estimated(counts), findings: findings(counts, errors) }
}

impl fmt::Display for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        block(f, "Proved", &self.proved)?;
        block(f, "Estimated", &self.estimated)?;
        if !self.findings.is_empty() {
            writeln!(f, "To read")?;
        }
        for finding in &self.findings {
            wrapped(f, &finding.what, "  ")?;
            if !finding.remedy.is_empty() {
                wrapped(f, &format!("hint: {}", finding.remedy), "    ")?;
            }
        }
        Ok(())
    }
}

fn block(f: &mut fmt::Formatter<'_>, heading: &str, sentences: &[String]) -> fmt::Result {
    writeln!(f, "{heading}")?;
    sentences.iter().try_for_each(|sentence| wrapped(f, sentence, "  "))
}

/// Breaks at blanks before column 80; a path longer than that stays whole, to be copied.
fn wrapped(f: &mut fmt::Formatter<'_>, text: &str, indent: &str) -> fmt::Result {
    let mut column = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if column == 0 {
            write!(f, "{indent}{word}")?;
            column = indent.len() + width;
        } else if column + 1 + width > 79 {
            write!(f, "\n{indent}  {word}")?;
            column = indent.len() + 2 + width;
        } else {
            write!(f, " {word}")?;
            column += 1 + width;
        }
    }
    writeln!(f)
}

/// What the bytes of a ledger segment are, for a client.
pub fn segment_words(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Message => "in messages",
        SegmentKind::Separator => "in lines between messages",
        SegmentKind::Padding => "blank",
        SegmentKind::Gap => "that are no part of a message",
        SegmentKind::Other => "in files that are no mail source",
    }
}

fn outcome_words(outcome: Outcome, number: u64) -> &'static str {
    match (outcome, number) {
        (Outcome::Pending, _) => "not looked at",
        (Outcome::Read, 1) => "mail file read",
        (Outcome::Read, _) => "mail files read",
        (Outcome::Empty, _) => "empty",
        (Outcome::Items, _) => "with calendars or contacts",
        (Outcome::Support, _) => "of a mail store's own",
        (Outcome::Unsupported, _) => "not read by this version",
        (Outcome::NotMail, _) => "without mail",
        (Outcome::Unreadable, _) => "unreadable",
        (Outcome::Changed, _) => "changed while being read",
        (Outcome::Vanished, _) => "vanished",
        (Outcome::Symlink, 1) => "link not followed",
        (Outcome::Symlink, _) => "links not followed",
        (Outcome::Special, _) => "special (pipe, socket or device)",
        (Outcome::Directory, 1) => "folder",
        (Outcome::Directory, _) => "folders",
    }
}

fn sum(parts: impl Iterator<Item = (u64, &'static str)>) -> String {
    parts.map(|(n, words)| format!("{} {words}", thousands(n))).collect::<Vec<_>>().join(" + ")
}

fn entries_sentence(counts: &Counts) -> String {
    let parts = sum(counts.files.iter().map(|(outcome, n)| (*n, outcome_words(*outcome, *n))));
    format!("entries found: {} = {parts}", thousands(counts.entries()))
}

fn bytes_sentence(counts: &Counts) -> String {
    let kinds = counts.bytes.iter().map(|(kind, n)| (*n, segment_words(*kind)));
    let apart = [(counts.unreadable_bytes, "that could not be read"), (counts.pending_bytes, "not looked at")];
    let parts = sum(kinds.chain(apart.into_iter().filter(|(n, _)| *n > 0)));
    if parts.is_empty() {
        "bytes found: 0".to_owned()
    } else {
        format!("bytes found: {} = {parts}", thousands(counts.bytes_found))
    }
}

fn proved(counts: &Counts) -> Vec<String> {
    let Some(scan) = &counts.scan else {
        return vec!["nothing: no scan has written into this inventory".to_owned()];
    };
    let mut sentences = Vec::new();
    if counts.is_unfinished() {
        let how = match scan.outcome.as_str() {
            "interrupted" => "the scan was interrupted",
            "failed" => "the scan broke off",
            "running" => "a scan is running, or was killed",
            _ => "there are files that nobody has looked at",
        };
        sentences.push(format!("nothing yet: {how}; the same command goes on where it stopped"));
        let pending = counts.files_with(Outcome::Pending);
        if pending > 0 {
            sentences.push(format!(
                "not looked at: {}, {}",
                counted(pending, "file", "files"),
                counted(counts.pending_bytes, "byte", "bytes")
            ));
        }
        sentences.push(format!("so far, {}", entries_sentence(counts)));
        sentences.push(format!("so far, {}", bytes_sentence(counts)));
        sentences.push(format!("so far, {} in the inventory", counted(counts.messages, "message", "messages")));
        return sentences;
    }
    sentences.push(entries_sentence(counts));
    sentences.push(bytes_sentence(counts));
    if counts.unaccounted_bytes > 0 {
        sentences.push(format!(
            "NOT PROVED: {} of the files read have no place, or two, in the ledger: run `mailcensus audit` and report this",
            counted(counts.unaccounted_bytes, "byte", "bytes")
        ));
        return sentences;
    }
    let messages = counted(counts.messages, "message", "messages");
    let from = counted(counts.files_with(Outcome::Read), "file", "files");
    let errors = counts.problems_of("error");
    if errors == 0 {
        sentences.push(format!("every message is in the inventory: {messages} from {from}"));
        sentences.push(match estate::coverage_sentence(&counts.estate) {
            Some(sentence) => format!("complete for the files given; {sentence}"),
            None => "complete for the files given; whether all mailboxes were given was not checked".to_owned(),
        });
    } else {
        sentences.push(format!("every message that was found is in the inventory: {messages} from {from}"));
        let given = estate::coverage_sentence(&counts.estate)
            .unwrap_or_else(|| "whether all mailboxes were given was not checked".to_owned());
        sentences
            .push(format!("NOT complete: {} to be read first; {given}", counted(errors, "error is", "errors are")));
    }
    sentences
}

fn estimated(counts: &Counts) -> Vec<String> {
    if counts.messages == 0 {
        return vec!["nothing: there are no messages".to_owned()];
    }
    let so_far = if counts.is_unfinished() { "so far, " } else { "" };
    let class = |c: Class| counts.classes.iter().filter(|(class, _)| *class == c).map(|(_, n)| *n).sum::<u64>();
    let classes = Class::ALL.map(|c| format!("{} {}", words::class(c), thousands(class(c)))).join(" + ");
    let mut sentences = vec![format!("{so_far}{} = {classes}", counted(counts.messages, "message", "messages"))];
    if !counts.uses.is_empty() {
        let uses = counts.uses.iter().map(|(u, n)| format!("{} as {}", thousands(*n), words::usage(*u)));
        let uses = uses.collect::<Vec<_>>().join(", ");
        sentences.push(format!("{so_far}served {uses}; a message may serve as several"));
    }
    sentences.push(checked(counts.evaluation.as_ref()));
    sentences
}

/// How far the estimates were compared with labels of this mail.
fn checked(evaluation: Option<&Evaluation>) -> String {
    let Some(found) = evaluation else { return "by rules and a model, not checked on your mail".to_owned() };
    let day = found.evaluated_at.get(..10).unwrap_or(&found.evaluated_at);
    let of = if found.is_weighted {
        format!(", which stands for {:.0} % of all", found.accuracy * 100.0)
    } else {
        String::new()
    };
    let since = if found.is_current { "" } else { "; not checked since other rules read the mail" };
    format!(
        "by rules and a model, checked on {} of your mail on {day}: {} of {} readings agree{of} ({:.0} to {:.0} % with 95 % confidence){since}",
        counted(found.matched, "labelled message", "labelled messages"),
        thousands(found.correct),
        thousands(found.matched),
        found.accuracy_low * 100.0,
        found.accuracy_high * 100.0
    )
}

/// The meaning and the remedy of a kind of problem; a kind this program does not know stays a word.
fn kind_words(kind: &str) -> (&str, &str) {
    ProblemKind::ALL.iter().find(|k| k.as_str() == kind).map_or((kind, ""), |k| (k.meaning(), k.remedy()))
}

fn findings(counts: &Counts, errors: &[ProblemRow]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = errors.iter().take(ERRORS_SHOWN).map(finding).collect();
    let total = counts.problems_of("error");
    let more = total.saturating_sub(findings.len() as u64);
    if more > 0 {
        let what = if findings.is_empty() {
            format!("{}: see problems.csv", counted(more, "error", "errors"))
        } else {
            format!("and {} more: see problems.csv", counted(more, "error", "errors"))
        };
        findings.push(Finding { what, remedy: String::new() });
    }
    for (level, one, many) in [("warning", "warning", "warnings"), ("note", "note", "notes")] {
        let kinds: Vec<_> = counts.problems.iter().filter(|p| p.level == level).collect();
        if kinds.is_empty() {
            continue;
        }
        let mut named: Vec<_> = kinds.iter().take(4).map(|p| format!("{} {}", thousands(p.count), p.kind)).collect();
        if kinds.len() > 4 {
            named.push("…".to_owned());
        }
        let what =
            format!("{} ({}): see problems.csv", counted(counts.problems_of(level), one, many), named.join(", "));
        findings.push(Finding { what, remedy: String::new() });
    }
    findings
}

fn finding(problem: &ProblemRow) -> Finding {
    let (meaning, remedy) = kind_words(&problem.kind);
    let mut what = escape(problem.path.as_deref().unwrap_or("the inventory")).into_owned();
    if let Some(message) = problem.message {
        what.push_str(&format!(", message {message}"));
    } else if let (Some(offset), Some(length)) = (problem.offset_bytes, problem.length_bytes) {
        what.push_str(&format!(", {} at {}", counted(length, "byte", "bytes"), thousands(offset)));
    }
    what.push_str(&format!(": {}", meaning.trim_end_matches('.')));
    if !problem.detail.is_empty() {
        what.push_str(&format!(" ({})", escape(&problem.detail)));
    }
    Finding { what, remedy: remedy.to_owned() }
}

#[cfg(test)]
#[path = "closing_tests.rs"]
mod tests;
