//! Documents on the screen: what is proved (contents, copies, bytes) apart from what is estimated (kinds, families).

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::number::{counted, size, thousands};
use crate::store::read::DocumentCounts;
use crate::ui::escape::shorten;

/// Columns of the screen.
const WIDTH: usize = 79;
/// Kinds and families named.
const NAMED: usize = 6;

fn list(groups: &[(String, u64)]) -> String {
    groups.iter().take(NAMED).map(|(word, n)| format!("{word} {}", thousands(*n))).collect::<Vec<_>>().join(", ")
}

/// The lines of documents; empty if there are none.
pub fn screen(counts: &DocumentCounts) -> String {
    let mut screen = String::new();
    if counts.attached + counts.texts + counts.links == 0 {
        return screen;
    }
    let mut line = |label: &str, text: String| {
        let _ = writeln!(screen, "{label:<10}{}", shorten(&text, WIDTH - 10));
    };
    line(
        "attached",
        format!(
            "{} ({}), {} of them once in this export",
            counted(counts.attached, "file content", "file contents"),
            size(counts.attached_bytes),
            thousands(counts.single_copies)
        ),
    );
    if counts.saved_bytes > 0 {
        line("", format!("stored once each they would take {} less", size(counts.saved_bytes)));
    }
    if counts.texts + counts.links > 0 {
        line(
            "also",
            format!(
                "{}, {}",
                counted(counts.texts, "text that is a document", "texts that are documents"),
                counted(counts.links, "link to files elsewhere", "links to files elsewhere")
            ),
        );
    }
    if counts.families > 0 {
        line(
            "versions",
            format!(
                "{} of {}: see documents.csv",
                thousands(counts.versions),
                counted(counts.families, "document in several versions", "documents in several versions")
            ),
        );
        for (id, name, versions, ..) in counts.largest.iter().take(3) {
            line("", format!("DF{id} {}: {}", shorten(name, 44), counted(*versions, "version", "versions")));
        }
    }
    line("kinds", list(&counts.kinds));
    let folders = counted(counts.cabinets, "folder used as a filing cabinet", "folders used as filing cabinets");
    match (counts.self_filed, counts.in_cabinets) {
        (0, 0) => {}
        (own, 0) => line("filed", format!("{} mailed to oneself", thousands(own))),
        (0, filed) => line("filed", format!("{} in {folders}", thousands(filed))),
        (own, filed) => {
            line("filed", format!("{} mailed to oneself, {} in {folders}", thousands(own), thousands(filed)))
        }
    }
    if !counts.flags.is_empty() {
        line("refused?", format!("a target may refuse: {}", list(&counts.flags)));
    }
    if !counts.missing.is_empty() {
        line("missing", format!("spoken of and not in the message: {}", list(&counts.missing)));
    }
    format!("\ndocuments; kinds, versions and texts are estimated\n{screen}")
}

/// Documents as JSON.
pub fn object(counts: &DocumentCounts) -> Value {
    let map = |groups: &[(String, u64)]| groups.iter().map(|(word, n)| (word.clone(), json!(n))).collect::<Map<_, _>>();
    json!({
        "attached": counts.attached, "attached_bytes": counts.attached_bytes, "texts": counts.texts, "links": counts.links,
        "listed_apart": counts.apart, "families": counts.families, "versions": counts.versions,
        "single_copies_in_this_export": counts.single_copies, "self_filed": counts.self_filed,
        "in_filing_cabinets": counts.in_cabinets, "saved_bytes": counts.saved_bytes, "flags": map(&counts.flags),
        "missing_files": map(&counts.missing), "kinds": map(&counts.kinds),
    })
}

/// The numbers as item, value and meaning, for `summary.csv`: first the proved ones, then the estimates.
pub fn lines(counts: &DocumentCounts) -> Vec<(&'static str, String, u64, &'static str)> {
    let mut lines = vec![
        ("proved", "documents attached".to_owned(), counts.attached, "distinct contents, see documents.csv"),
        ("proved", "documents attached bytes".to_owned(), counts.attached_bytes, "each content once"),
        ("proved", "documents in this export once".to_owned(), counts.single_copies, "says nothing of other places"),
        ("proved", "bytes saved if stored once".to_owned(), counts.saved_bytes, "what copies take beyond the first"),
        ("proved", "links to files elsewhere".to_owned(), counts.links, "distinct targets"),
        ("estimated", "documents listed apart".to_owned(), counts.apart, "logos, trackers, signatures"),
        ("estimated", "texts that are documents".to_owned(), counts.texts, "messages without a file"),
        ("estimated", "documents in several versions".to_owned(), counts.families, "families"),
        ("estimated", "versions of them".to_owned(), counts.versions, "documents in families of several"),
        ("estimated", "documents mailed to oneself".to_owned(), counts.self_filed, "self-filed"),
        ("estimated", "documents in filing cabinets".to_owned(), counts.in_cabinets, "folders used to file documents"),
    ];
    let more =
        counts.flags.iter().map(|(flag, n)| ("estimated", format!("documents {flag}"), *n, "a target may refuse them"));
    let missing =
        counts.missing.iter().map(|(why, n)| ("estimated", format!("files {why}, not there"), *n, "see problems.csv"));
    lines.extend(more.chain(missing));
    lines.extend(
        counts.kinds.iter().map(|(kind, n)| ("estimated", format!("document kind {kind}"), *n, "see documents.csv")),
    );
    lines
}
