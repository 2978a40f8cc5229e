//! The closing sentences on counts made by hand.

use super::*;
use crate::model::MessageId;
use crate::model::reading::{Class, Use};
use crate::store::read::{LastScan, ProblemCount};

fn clean() -> Counts {
    Counts {
        scan: Some(LastScan { outcome: "done".to_owned(), ..LastScan::default() }),
        files: vec![(Outcome::Read, 132), (Outcome::Support, 14), (Outcome::Directory, 21)],
        bytes_found: 1_234_567,
        bytes: vec![(SegmentKind::Message, 1_200_000), (SegmentKind::Separator, 30_000), (SegmentKind::Other, 4_567)],
        messages: 273,
        classes: vec![(Class::Workflow, 100), (Class::Correspondence, 150), (Class::Bulk, 23)],
        uses: vec![(Use::Workflow, 110), (Use::Task, 40)],
        ..Counts::default()
    }
}

fn problem(level: &str, kind: &str, count: u64) -> ProblemCount {
    ProblemCount { level: level.to_owned(), kind: kind.to_owned(), count }
}

#[test]
fn a_clean_scan_says_that_everything_is_there() {
    let text = closing(&clean(), &[]).to_string();
    insta::assert_snapshot!(text, @"
    Proved
      entries found: 167 = 132 mail files read + 14 of a mail store's own + 21
        folders
      bytes found: 1,234,567 = 1,200,000 in messages + 30,000 in lines between
        messages + 4,567 in files that are no mail source
      every message is in the inventory: 273 messages from 132 files
      complete for the files given; whether all mailboxes were given was not
        checked
    Estimated
      273 messages = process 100 + document 0 + task 0 + correspondence 150 +
        announcements and automatic mail 23 + unsure 0
      served 110 as process, 40 as task; a message may serve as several
      by rules and a model, not checked on your mail
    ");
}

#[test]
fn an_evaluation_says_how_far_to_trust_the_estimates() {
    let mut found = Evaluation {
        matched: 100,
        correct: 83,
        accuracy: 0.83,
        accuracy_low: 0.744_519,
        accuracy_high: 0.891_064,
        evaluated_at: "2023-11-14T22:13:20Z".to_owned(),
        is_current: true,
        ..Evaluation::default()
    };
    let last = |found: &Evaluation| {
        let counts = Counts { evaluation: Some(found.clone()), ..clean() };
        closing(&counts, &[]).estimated.pop().unwrap()
    };
    assert_eq!(
        last(&found),
        "by rules and a model, checked on 100 labelled messages of your mail on 2023-11-14: 83 of 100 readings agree \
         (74 to 89 % with 95 % confidence)"
    );
    (found.is_weighted, found.is_current, found.accuracy) = (true, false, 0.9);
    assert!(last(&found).ends_with(
        "83 of 100 readings agree, which stands for 90 % of all (74 to 89 % with 95 % confidence); not checked since other rules read the mail"
    ));
}

#[test]
fn errors_come_first_and_nothing_is_called_complete() {
    let mut counts = clean();
    counts.files.push((Outcome::Unreadable, 1));
    counts.unreadable_bytes = 512;
    counts.problems =
        vec![problem("error", "unreadable_file", 11), problem("error", "gap", 1), problem("warning", "no_headers", 3)];
    let row = |path: &str, kind: &str| ProblemRow {
        level: "error".to_owned(),
        kind: kind.to_owned(),
        path: Some(path.to_owned()),
        message: None,
        offset_bytes: Some(1000),
        length_bytes: Some(1),
        detail: "from the \u{1b}[31mdisk".to_owned(),
    };
    let mut errors = vec![row("/data/a\u{202e}b", "gap")];
    errors.push(ProblemRow { message: Some(MessageId((2 << 32) + 7)), ..row("/data/x", "parser_died") });
    let closing = closing(&counts, &errors);
    let text = closing.to_string();
    assert!(!text.contains("complete for the files given"), "{text}");
    assert!(closing.proved[3].starts_with("NOT complete: 12 errors are to be read first"), "{text}");
    assert!(closing.proved[1].ends_with(" + 512 that could not be read"), "{text}");
    assert!(closing.findings[0].what.starts_with("/data/a\\u{202e}b, 1 byte at 1,000: Bytes of a mail file"));
    assert!(closing.findings[0].what.ends_with("(from the \\u{1b}[31mdisk)"));
    assert!(closing.findings[1].what.starts_with("/data/x, message M2-7: "));
    assert_eq!(closing.findings[2].what, "and 10 errors more: see problems.csv");
    assert_eq!(closing.findings[3].what, "3 warnings (3 no_headers): see problems.csv");
    assert!(text.chars().all(|c| c == '\n' || !crate::ui::escape::is_hostile(c)));
}

#[test]
fn an_unfinished_scan_proves_nothing() {
    for outcome in ["interrupted", "running", "failed", "done"] {
        let mut counts = clean();
        counts.scan = Some(LastScan { outcome: outcome.to_owned(), ..LastScan::default() });
        counts.files.push((Outcome::Pending, 2));
        counts.pending_bytes = 5_000;
        let text = closing(&counts, &[]).to_string();
        assert!(text.contains("nothing yet: "), "{text}");
        assert!(text.contains("not looked at: 2 files, 5,000 bytes"), "{text}");
        assert!(text.contains("so far, 273 messages ="), "{text}");
        assert!(!text.contains("every message") && !text.contains("complete"), "{text}");
    }
    let none = closing(&Counts::default(), &[]);
    assert_eq!(none.proved, ["nothing: no scan has written into this inventory"]);
    assert_eq!(none.estimated, ["nothing: there are no messages"]);
}

#[test]
fn bytes_without_a_place_are_no_proof() {
    let counts = Counts { unaccounted_bytes: 1, ..clean() };
    let text = closing(&counts, &[]).to_string();
    assert!(text.contains("NOT PROVED: 1 byte") && !text.contains("every message"), "{text}");
    assert!(counts.has_findings());
}
