//! The event log as XES (IEEE 1849-2016), which tools for process mining open: a trace is a run, an event is a step.

use std::io::Write;

use super::csv::io;
use super::{ExportError, Text};
use crate::store::Inventory;
use crate::store::read::{Cell, Scope, Table};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
    <string key="lifecycle:transition" value="complete"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
"#;

/// Writes all runs inside `scope`; returns runs and steps. Without text, addresses of actors stay and nothing else of
/// a message stands there in any case.
///
/// # Errors
/// As `csv::write`.
pub fn write(inventory: &Inventory, text: Text, out: &mut dyn Write) -> Result<(u64, u64), ExportError> {
    out.write_all(HEAD.as_bytes()).map_err(io)?;
    let columns = super::columns::columns(Table::Events);
    let at = |name: &str| columns.iter().position(|column| column.name == name).unwrap_or(0);
    let [case, process, activity, actor, time, message, role] =
        ["case_id", "workflow_id", "activity", "actor", "at", "message_id", "role"].map(at);
    let (mut runs, mut steps) = (0, 0);
    let mut open: Option<String> = None;
    let scope: Scope<'_> = text.scope(None);
    inventory.rows(Table::Events, scope, &mut |cells: &[Cell<'_>]| {
        let mut lines = String::new();
        let of = |place: usize| cells[place].text();
        if open.as_deref() != Some(of(case)) {
            if open.is_some() {
                lines.push_str("  </trace>\n");
            }
            open = Some(of(case).to_owned());
            runs += 1;
            lines.push_str("  <trace>\n");
            string(&mut lines, 4, "concept:name", of(case));
            string(&mut lines, 4, "process", of(process));
        }
        steps += 1;
        lines.push_str("    <event>\n");
        string(&mut lines, 6, "concept:name", of(activity));
        string(&mut lines, 6, "lifecycle:transition", "complete");
        string(&mut lines, 6, "org:resource", of(actor));
        string(&mut lines, 6, "org:role", of(role));
        string(&mut lines, 6, "message", of(message));
        let stamp = of(time).trim_end_matches('Z');
        if !stamp.is_empty() {
            lines.push_str(&format!("      <date key=\"time:timestamp\" value=\"{stamp}.000Z\"/>\n"));
        }
        lines.push_str("    </event>\n");
        out.write_all(lines.as_bytes()).map_err(io)
    })?;
    if open.is_some() {
        out.write_all(b"  </trace>\n").map_err(io)?;
    }
    out.write_all(b"</log>\n").map_err(io)?;
    Ok((runs, steps))
}

fn string(lines: &mut String, indent: usize, key: &str, value: &str) {
    lines.push_str(&format!("{:indent$}<string key=\"{key}\" value=\"{}\"/>\n", "", attribute(value)));
}

/// Text as the value of an XML attribute; characters that XML 1.0 does not know (section 2.2), and those that act on
/// what stands around them, are made visible.
pub(super) fn attribute(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c if crate::ui::escape::is_hostile(c) => safe.push_str(&crate::ui::escape::visible(c)),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn a_trace_is_a_run() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        let mut out = Vec::new();
        assert_eq!(write(&inventory, Text::Usual, &mut out).unwrap(), (1, 2));
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("<trace>").count(), text.matches("</trace>").count());
        assert!(text.contains("<date key=\"time:timestamp\" value=\"2023-05-02T08:00:00.000Z\"/>"), "{text}");
        assert!(text.ends_with("</log>\n"));
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(attribute("<a b=\"'&\u{1b}\u{202e}"), "&lt;a b=&quot;&#39;&amp;\\u{1b}\\u{202e}");
    }
}
