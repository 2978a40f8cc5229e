//! Tasks as an iCalendar file (RFC 5545): one VTODO each, for the task list of the new system.
//!
//! Lines end in CR LF and are folded at 75 octets between characters (section 3.1); text is escaped (3.3.11), what may
//! not stand in it is made visible; parameters take neither quotes nor controls (3.2). UIDs are made of the ids of the
//! inventory and the task, so that a later export replaces what an earlier one brought.

use std::borrow::Cow;
use std::io::Write;

use super::columns::columns;
use super::csv::io;
use super::{ExportError, Text};
use crate::store::Inventory;
use crate::store::read::{Cell, Scope, Table};
use crate::ui::escape::escape;

/// Who made the file: our mark.
pub const PRODUCT: &str = "PRODID:-//mailcensus//tasks//EN";

/// Octets of a line, line end aside (RFC 5545 section 3.1).
const LINE_OCTETS: usize = 75;

/// Writes every task inside `scope` and returns how many there were.
///
/// # Errors
/// As `csv::write`.
pub fn write(inventory: &Inventory, scope: Scope<'_>, text: Text, out: &mut dyn Write) -> Result<u64, ExportError> {
    let scan = inventory.counts(scope)?.scan.unwrap_or_default();
    let stamp = scan.finished_at.as_deref().unwrap_or(&scan.started_at).to_owned();
    let about = About { inventory_id: scan.inventory_id, stamp: stamp_of(&stamp), text };
    let names: Vec<&str> = columns(Table::Tasks).iter().map(|column| column.name).collect();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", PRODUCT, "CALSCALE:GREGORIAN"] {
        put(out, line)?;
    }
    let rows = inventory.rows(Table::Tasks, scope, &mut |cells: &[Cell<'_>]| {
        let task = Task { names: &names, cells };
        lines(&task, &about).iter().try_for_each(|line| put(out, line))
    })?;
    put(out, "END:VCALENDAR")?;
    Ok(rows)
}

struct About {
    inventory_id: String,
    /// `20010514T233900Z`.
    stamp: String,
    text: Text,
}

/// A row of `tasks.csv` by the names of its columns.
struct Task<'a> {
    names: &'a [&'a str],
    cells: &'a [Cell<'a>],
}

impl Task<'_> {
    fn text(&self, name: &str) -> &str {
        self.names.iter().position(|known| *known == name).map_or("", |at| self.cells[at].text())
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.names.iter().position(|known| *known == name).map(|at| &self.cells[at]) {
            Some(Cell::Whole(number)) => Some(*number),
            _ => None,
        }
    }
}

fn lines(task: &Task<'_>, about: &About) -> Vec<String> {
    let id = task.text("id");
    let words = about.text != Text::None;
    let status = task.text("status");
    let summary = if words { flat(task.text("quote")) } else { format!("Task {id}") };
    let mut all = vec![
        "BEGIN:VTODO".to_owned(),
        format!("UID:{id}@{}.mailcensus", about.inventory_id),
        format!("DTSTAMP:{}", about.stamp),
        format!("SUMMARY:{}", escaped(&summary)),
    ];
    let sent = stamp_of(task.text("sent_at"));
    if !sent.is_empty() {
        all.push(format!("CREATED:{sent}"));
    }
    all.extend(due(task.text("due_on"), task.text("due_at")));
    let done = status == "done";
    all.extend(person("ORGANIZER", "", task.text("asked_by")));
    let part = if done { ";PARTSTAT=COMPLETED" } else { ";PARTSTAT=NEEDS-ACTION" };
    all.extend(person("ATTENDEE", part, task.text("who_address")));
    // There is no word for "unknown": it needs action, namely a look, and says so.
    all.push(format!("STATUS:{}", if done { "COMPLETED" } else { "NEEDS-ACTION" }));
    let ended = stamp_of(task.text("status_at"));
    if done && !ended.is_empty() {
        all.push(format!("COMPLETED:{ended}"));
    }
    all.push(format!("CATEGORIES:{},{}", escaped(task.text("kind")), escaped(status)));
    all.push(format!("COMMENT:{}", escaped(&comment(task, words))));
    all.push(format!("X-MAILCENSUS-TASK:{}", escaped(id)));
    all.push(format!("X-MAILCENSUS-STATUS:{}", escaped(status)));
    all.push("END:VTODO".to_owned());
    all
}

/// What leads back to the message, and why the status is what it is.
fn comment(task: &Task<'_>, words: bool) -> String {
    let mut text = format!(
        "{} in message {} ({}) of mailbox {}",
        task.text("id"),
        task.text("message_id"),
        task.text("place"),
        flat(task.text("mailbox"))
    );
    let mut add = |before: &str, what: &str| {
        if !what.is_empty() {
            text.push_str(before);
            text.push_str(what);
        }
    };
    add(", folder ", &flat(task.text("folder")));
    add(", sent ", task.text("sent_at"));
    add(". Status (estimated) ", task.text("status"));
    add(": ", task.text("status_why"));
    add(", see message ", task.text("status_message_id"));
    if let Some(days) = task.number("age_days") {
        add(". Age at the end of the export in days: ", &days.to_string());
    }
    if words {
        add(". By when, as written: ", &flat(task.text("due_text")));
    }
    if task.text("due_on").is_empty() {
        add(". It can be read as ", task.text("due_reading"));
    }
    text
}

/// Text on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `2001-05-14T23:39:00Z` as `20010514T233900Z`; empty for anything else.
fn stamp_of(time: &str) -> String {
    match time.parse::<jiff::Timestamp>() {
        Ok(time) => time.strftime("%Y%m%dT%H%M%SZ").to_string(),
        Err(_) => String::new(),
    }
}

/// A day, or a moment in UTC where the hour and its zone are known.
fn due(day: &str, clock: &str) -> Option<String> {
    let date: jiff::civil::Date = day.parse().ok()?;
    let moment = format!("{day}T{}:00{}", clock.get(..5).unwrap_or_default(), clock.get(5..).unwrap_or_default());
    let moment = moment.parse::<jiff::Timestamp>().ok();
    Some(match moment {
        Some(moment) => format!("DUE:{}", moment.strftime("%Y%m%dT%H%M%SZ")),
        None => format!("DUE;VALUE=DATE:{}", date.strftime("%Y%m%d")),
    })
}

/// A property with a mailto address; `None` for what is no address.
fn person(property: &str, parameters: &str, address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    if local.is_empty() || domain.is_empty() || address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let mut uri = String::new();
    for byte in address.bytes() {
        // RFC 6068 section 2; everything else in percent.
        if byte.is_ascii_alphanumeric() || b"-._~@+!$*".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(format!("{property}{parameters}:mailto:{uri}"))
}

/// TEXT of RFC 5545 section 3.3.11; hostile characters are made visible first, as everywhere.
fn escaped(text: &str) -> String {
    let visible: Cow<'_, str> = escape(text);
    let mut safe = String::with_capacity(visible.len() + 8);
    for c in visible.chars() {
        if matches!(c, '\\' | ';' | ',') {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

/// Writes one content line, folded.
fn put(out: &mut dyn Write, line: &str) -> Result<(), ExportError> {
    let mut folded = String::with_capacity(line.len() + line.len() / 20 + 2);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LINE_OCTETS {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(c);
        octets += c.len_utf8();
    }
    folded.push_str("\r\n");
    out.write_all(folded.as_bytes()).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{State, inventory};

    fn file(text: Text) -> String {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        let mut out = Vec::new();
        assert_eq!(write(&inventory, Scope::default(), text, &mut out).unwrap(), 2);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_task_is_a_todo() {
        let text = file(Text::Usual).replace("\r\n ", "");
        assert!(
            text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"),
            "{text}"
        );
        for line in [
            "SUMMARY:Raise the salary by Friday",
            "DUE;VALUE=DATE:20230505",
            "STATUS:NEEDS-ACTION",
            "ORGANIZER:mailto:boss@x.example",
        ] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
        }
        assert!(text.contains("COMMENT:T1 in message M4-1 (text:0-25) of mailbox boss"), "{text}");
        assert!(!file(Text::None).contains("salary"));
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = Vec::new();
        let line = format!("SUMMARY:{}", "ü€😀a".repeat(60));
        put(&mut out, &line).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(text.replace("\r\n ", "").trim_end(), line);
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(escaped("a;b,c\\d"), "a\\;b\\,c\\\\d");
        assert_eq!(escaped("x\r\nEND:VTODO"), "x\\\\r\\\\nEND:VTODO");
        assert_eq!(person("ATTENDEE", "", "a\"b@x.example"), Some("ATTENDEE:mailto:a%22b@x.example".to_owned()));
        assert_eq!(person("ATTENDEE", "", "a@x.example\r\nX:y"), None);
        assert_eq!(person("ATTENDEE", "", "Anna"), None);
    }

    #[test]
    fn an_hour_is_told_in_utc() {
        assert_eq!(due("2001-05-18", "17:00-05:00").unwrap(), "DUE:20010518T220000Z");
        assert_eq!(due("2001-05-18", "").unwrap(), "DUE;VALUE=DATE:20010518");
        assert_eq!(due("soon", ""), None);
    }
}
