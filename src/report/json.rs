//! The JSON that `scan --json` and `summary --json` print (DESIGN section 8).

use serde_json::{Map, Value, json};

use crate::exit::Exit;
use crate::model::reading::Class;
use crate::model::{Outcome, SegmentKind};
use crate::store::read::{Counts, TASK_STATUS};

/// One object about an inventory. Every outcome, kind, class and level has its key, 0 where there is none.
pub fn inventory(command: &str, exit: Exit, counts: &Counts, seconds: f64) -> Value {
    let files: Map<String, Value> =
        Outcome::ALL.into_iter().map(|o| (o.as_str().to_owned(), counts.files_with(o).into())).collect();
    let kinds =
        [SegmentKind::Message, SegmentKind::Separator, SegmentKind::Padding, SegmentKind::Gap, SegmentKind::Other];
    let bytes: Map<String, Value> =
        kinds.into_iter().map(|k| (k.as_str().to_owned(), counts.bytes_of(k).into())).collect();
    let mut messages = Map::from_iter([("total".to_owned(), counts.messages.into())]);
    for class in Class::ALL {
        let n = counts.classes.iter().filter(|(c, _)| *c == class).map(|(_, n)| *n).sum::<u64>();
        messages.insert(class.as_str().to_owned(), n.into());
    }
    let problems: Map<String, Value> = ["error", "warning", "note"]
        .map(|level| (level.to_owned(), counts.problems_of(level).into()))
        .into_iter()
        .collect();
    json!({
        "schema_version": 1,
        "command": command,
        "exit_code": exit.code(),
        "finished": !counts.is_unfinished(),
        "files": files,
        "bytes": bytes,
        "bytes_found": counts.bytes_found,
        "bytes_unreadable": counts.unreadable_bytes,
        "bytes_pending": counts.pending_bytes,
        "messages": messages,
        "duplicates": counts.duplicates,
        "mailboxes": counts.mailboxes,
        "problems": problems,
        "tasks": Map::from_iter(TASK_STATUS.iter().zip(counts.tasks).map(|(word, n)| ((*word).to_owned(), n.into()))),
        "estate": super::estate::object(&counts.estate),
        "documents": super::document_lines::object(&counts.documents),
        "evaluation": counts.evaluation.as_ref().map(|found| json!({
            "labels": found.labels,
            "matched": found.matched,
            "correct": found.correct,
            "accuracy": found.accuracy,
            "accuracy_low": found.accuracy_low,
            "accuracy_high": found.accuracy_high,
            "macro_f1": found.macro_f1,
            "weighted": found.is_weighted,
            "evaluated_at": found.evaluated_at,
            "current": found.is_current,
        })),
        "seconds": (seconds * 1000.0).round() / 1000.0,
    })
}

#[cfg(test)]
mod tests {
    use super::inventory;
    use crate::exit::Exit;
    use crate::store::read::Scope;
    use crate::store::tiny::{self, State};

    #[test]
    fn the_sums_close() {
        let folder = tempfile::tempdir().unwrap();
        let tiny = tiny::inventory(&folder.path().join("tiny.db"), State::Interrupted);
        let counts = tiny.counts(Scope::default()).unwrap();
        let json = inventory("summary", Exit::Findings, &counts, 42.0);
        assert_eq!(json["schema_version"], 1);
        assert_eq!(json["exit_code"], 1);
        assert_eq!(json["finished"], false);
        assert_eq!(json["files"]["read"], 3);
        assert_eq!(json["files"]["pending"], 1);
        let sum = |object: &serde_json::Value| {
            object
                .as_object()
                .unwrap()
                .iter()
                .filter(|(k, _)| *k != "total")
                .map(|(_, n)| n.as_u64().unwrap())
                .sum::<u64>()
        };
        assert_eq!(sum(&json["messages"]), 6);
        assert_eq!(json["messages"]["total"], 6);
        assert_eq!(sum(&json["bytes"]) + 1000, json["bytes_found"].as_u64().unwrap());
        assert_eq!(json["bytes"]["gap"], 10);
        assert_eq!(json["problems"]["error"], 2);
        assert_eq!(counts.unaccounted_bytes, 0);
    }
}
