//! To-dos of calendar parts: VTODO of RFC 5545, section 3.6.2.

use crate::model::action::{Action, ActionDue, ActionKind, ActionOwner};
use crate::model::message::Facts;
use crate::model::reading::Place;
use crate::signal::clip;

/// The to-dos that are neither completed nor cancelled, in the order of the parts.
pub fn read(facts: &Facts) -> Vec<Action> {
    let mut all = Vec::new();
    for (part, text) in &facts.calendars {
        let mut todo: Option<Todo> = None;
        for line in unfold(text).lines().take(5_000) {
            let Some((property, value)) = line.split_once(':') else { continue };
            let (name, parameters) = property.split_once(';').unwrap_or((property, ""));
            match (name.to_ascii_uppercase().as_str(), todo.as_mut()) {
                ("BEGIN", None) if value.eq_ignore_ascii_case("VTODO") => todo = Some(Todo::default()),
                ("END", Some(_)) if value.eq_ignore_ascii_case("VTODO") => {
                    all.extend(todo.take().and_then(|todo| todo.action(part)));
                }
                (name, Some(todo)) => todo.property(name, parameters, value),
                _ => {}
            }
        }
    }
    all
}

/// Joins folded lines (section 3.1).
fn unfold(text: &str) -> String {
    text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
}

#[derive(Default)]
struct Todo {
    summary: String,
    attendee: Option<String>,
    due: Option<ActionDue>,
    closed: bool,
    /// Inside an alarm or the like: its properties are not the to-do's.
    inner: usize,
}

impl Todo {
    fn property(&mut self, name: &str, parameters: &str, value: &str) {
        match name {
            "BEGIN" => self.inner += 1,
            "END" => self.inner = self.inner.saturating_sub(1),
            _ if self.inner > 0 => {}
            "SUMMARY" => self.summary = unescape(value),
            "STATUS" => self.closed = ["COMPLETED", "CANCELLED"].iter().any(|word| value.eq_ignore_ascii_case(word)),
            "ATTENDEE" if self.attendee.is_none() => self.attendee = mailto(value),
            "DUE" => self.due = due(parameters, value),
            _ => {}
        }
    }

    fn action(self, part: &str) -> Option<Action> {
        let quote = clip(&self.summary, 0, Action::QUOTE_BYTES).trim().to_owned();
        (!quote.is_empty() && !self.closed).then(|| Action {
            kind: ActionKind::Todo,
            quote,
            place: Place::Attachment(part.to_owned()),
            owner: ActionOwner::Recipient,
            owner_address: self.attendee,
            due: self.due,
            score: 1.0,
        })
    }
}

/// TEXT of section 3.3.11.
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    text
}

fn mailto(value: &str) -> Option<String> {
    let start = value.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"))?;
    let address = value[start.len()..].trim().to_lowercase();
    address.contains('@').then_some(address)
}

/// `20010518` or `20010518T170000`, with or without Z. The hour is kept where it stands in no other zone.
fn due(parameters: &str, value: &str) -> Option<ActionDue> {
    let value = value.trim();
    let digits = |from: usize, to: usize| value.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let (year, month, day) = (digits(0, 4)?, digits(4, 6)?, digits(6, 8)?);
    let on = format!("{year}-{month}-{day}").parse::<jiff::civil::Date>().ok()?;
    let local = !value.ends_with('Z') && !parameters.to_ascii_uppercase().contains("TZID");
    let clock = digits(9, 11).zip(digits(11, 13)).filter(|(hour, minute)| local && *hour < "24" && *minute < "60");
    Some(ActionDue {
        text: clip(value, 0, 40).to_owned(),
        kind: "day",
        on: Some(on.to_string()),
        at: clock.map(|(hour, minute)| format!("{hour}:{minute}")),
        readings: None,
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::signal::tests::message;

    #[test]
    fn open_to_dos_are_read() {
        let mut facts = message("To do", "");
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:Pay the roofer\\, and\r\n  the gutter\r\nDUE:20010518T170000\r\n\
            ATTENDEE;CN=Ben:MAILTO:Ben@x.example\r\nBEGIN:VALARM\r\nSUMMARY:ring\r\nEND:VALARM\r\nEND:VTODO\r\n\
            BEGIN:VTODO\r\nSUMMARY:Old\r\nSTATUS:COMPLETED\r\nEND:VTODO\r\nBEGIN:VTODO\r\nDUE;VALUE=DATE:20019999\r\nSUMMARY:No day\r\nEND:VTODO\r\n";
        facts.calendars = vec![("2".to_owned(), text.to_owned())];
        let found = read(&facts);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            (found[0].quote.as_str(), found[0].place.to_string().as_str()),
            ("Pay the roofer, and the gutter", "attachment:2")
        );
        assert_eq!(found[0].owner_address.as_deref(), Some("ben@x.example"));
        let due = found[0].due.as_ref().unwrap();
        assert_eq!((due.on.as_deref(), due.at.as_deref()), (Some("2001-05-18"), Some("17:00")));
        assert_eq!(found[1].due, None);
    }
}
