//! Why a message was read as it was: for the screen, and as JSON. Text from mail is escaped.

use std::fmt::Write;

use serde_json::{Value, json};

use super::number::{counted, thousands};
use super::words;
use crate::exit::Exit;
use crate::model::path::display;
use crate::store::read::{EvidenceRow, FoundMessage, StoredReading};
use crate::ui::escape::{escape, shorten, shorten_start};

/// Columns of the screen.
const WIDTH: usize = 79;
/// So many lines of the sender's own text are shown, and of any other zone.
const LINES: (usize, usize) = (200, 12);

/// A part of the body text in which one voice speaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ZoneRow {
    /// `new`, `quoted`, `forwarded`, `quote_header`, `signature`, `disclaimer` or `footer`.
    pub kind: &'static str,
    /// Who speaks, in plain words.
    pub words: &'static str,
    /// Whether what stands here speaks for the sender.
    pub speaks: bool,
    /// First byte in the body text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// What reading the message again gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Again {
    /// The body text that `text:START-END` counts in, in UTF-8 bytes.
    pub text: String,
    /// A partition of the text.
    pub zones: Vec<ZoneRow>,
    /// The text goes on behind what was kept of it.
    pub is_cut: bool,
    /// For each piece of evidence, whether its words stand where it says; `None` where that cannot be looked up here.
    pub stands: Vec<Option<bool>>,
}

/// All there is to say of one message.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Which message.
    pub message: FoundMessage,
    /// What the inventory says of it.
    pub reading: StoredReading,
    /// For each piece of evidence, what its signal means.
    pub meanings: Vec<String>,
    /// `None` if its bytes are no longer what was scanned: then nothing was read again.
    pub again: Option<Again>,
    /// Whether the scan of the inventory came to its end.
    pub is_finished: bool,
}

impl Explanation {
    /// How many pieces of evidence do not stand where they say.
    pub fn misplaced(&self) -> usize {
        self.again.as_ref().map_or(0, |again| again.stands.iter().filter(|stands| **stands == Some(false)).count())
    }

    /// Evidence by what it speaks of: the class held, other classes, uses, flags; strongest first.
    fn groups(&self) -> Vec<(String, Vec<usize>)> {
        let held = format!("class:{}", self.reading.class);
        let uses: Vec<String> = self.reading.uses.iter().map(|(name, _)| format!("use:{name}")).collect();
        let rank = |subject: &str| match uses.iter().position(|name| name == subject) {
            _ if subject == held => 0,
            _ if subject.starts_with("class:") => 1,
            Some(at) => 2 + at,
            None => 9,
        };
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (at, piece) in self.reading.evidence.iter().enumerate() {
            match groups.iter_mut().find(|(subject, _)| *subject == piece.subject) {
                Some((_, pieces)) => pieces.push(at),
                None => groups.push((piece.subject.clone(), vec![at])),
            }
        }
        for (_, pieces) in &mut groups {
            pieces.sort_by(|a, b| {
                let weight = |at: &usize| self.reading.evidence[*at].weight.abs();
                weight(b).total_cmp(&weight(a)).then(a.cmp(b))
            });
        }
        groups.sort_by(|a, b| rank(&a.0).cmp(&rank(&b.0)).then_with(|| a.0.cmp(&b.0)));
        groups
    }
}

/// The screen: what was read, why, and the text with its zones.
pub fn text(explanation: &Explanation) -> String {
    let mut screen = String::new();
    head(&mut screen, explanation);
    readings(&mut screen, &explanation.reading);
    reasons(&mut screen, explanation);
    match &explanation.again {
        Some(again) => zones(&mut screen, again),
        None => screen.push_str("\nThe text is not shown: the message cannot be read again as it was scanned.\n"),
    }
    if explanation.misplaced() > 0 {
        let _ = writeln!(
            screen,
            "\n{} no longer where the inventory says:\n\
             another version of the program, or other rules, read it.\n\
             hint: run the same `mailcensus scan` again",
            counted(explanation.misplaced() as u64, "piece of evidence stands", "pieces of evidence stand")
        );
    }
    if !explanation.is_finished {
        screen.push_str("\nThe scan of this inventory did not finish; run the same `mailcensus scan` again.\n");
    }
    screen
}

fn head(screen: &mut String, explanation: &Explanation) {
    // A `String` takes everything: the results of `write!` say nothing.
    let Explanation { message, reading, .. } = explanation;
    let FoundMessage { message_id, mailbox, sent_at, subject, .. } = message;
    let folders = reading.folders.join(", ");
    let date = sent_at.as_deref().unwrap_or("no date");
    let _ = writeln!(screen, "{message_id}  {}, {}  {}", shorten(mailbox, 30), shorten(&folders, 30), escape(date));
    let (name, address) = &reading.from;
    let from = shorten(&if name.is_empty() { address.clone() } else { format!("{name} <{address}>") }, 55);
    let _ = writeln!(screen, "from     {from} ({})", reading.sender_kind);
    let subject = subject.as_deref().map_or("no subject".to_owned(), |subject| shorten(subject, 70));
    let _ = writeln!(screen, "subject  {subject}");
    let _ = writeln!(screen, "lies in  {}", shorten_start(&display(&message.path), 70));
    let bytes = counted(message.length_bytes, "byte", "bytes");
    let _ = writeln!(screen, "         {bytes} at {}", thousands(message.offset_bytes));
}

fn readings(screen: &mut String, reading: &StoredReading) {
    let share = |score: f64| format!("{:.0} %", score * 100.0);
    let _ = writeln!(screen, "\nEstimated, by rules and a model");
    let class = words::class_word(&reading.class);
    let _ = writeln!(screen, "  read as    {class}, {}", share(reading.class_score));
    let others = reading.classes.iter().filter(|(name, _)| *name != reading.class);
    let others: Vec<String> =
        others.map(|(name, score)| format!("{} {}", words::class_word(name), share(*score))).collect();
    if !others.is_empty() {
        let (first, rest) = others.split_at(others.len().min(2));
        let _ = writeln!(screen, "  or         {}", first.join(", "));
        if !rest.is_empty() {
            let _ = writeln!(screen, "             {}", rest.join(", "));
        }
    }
    let uses: Vec<String> =
        reading.uses.iter().map(|(name, score)| format!("{} {}", words::use_words(name), share(*score))).collect();
    let _ =
        writeln!(screen, "  served as  {}", if uses.is_empty() { "none of the three".into() } else { uses.join(", ") });
    if !reading.signals.is_empty() {
        let _ = writeln!(screen, "  marks      {}", words::signal_words(&reading.signals.join(" ")));
    }
    if reading.headers_only {
        screen.push_str("  Only its headers were read: its content made the program fail before.\n");
    }
    if !reading.opaque.is_empty() {
        let _ = writeln!(screen, "  Not looked into: {}.", escape(&reading.opaque.replace(',', ", ")));
    }
}

fn reasons(screen: &mut String, explanation: &Explanation) {
    let groups = explanation.groups();
    if groups.is_empty() {
        screen.push_str("\nNo evidence for or against anything.\n");
    }
    for (subject, pieces) in groups {
        let heading = match subject.split_once(':') {
            Some(("class", class)) if class == explanation.reading.class => {
                format!("Why it was read as {}", words::class_word(class))
            }
            // What spoke for the likeliest class was not enough.
            Some(("class", class)) => format!("What speaks for and against {}", words::class_word(class)),
            Some(("use", name)) => format!("Why it served as {}", words::use_words(name)),
            _ => format!("Why: {}", escape(&subject)),
        };
        let _ = writeln!(screen, "\n{heading}");
        for at in pieces {
            let row = &explanation.reading.evidence[at];
            let stands = explanation.again.as_ref().and_then(|again| again.stands[at]);
            let origin = if row.origin == "message" { String::new() } else { format!(", by {}", escape(&row.origin)) };
            let _ = writeln!(
                screen,
                "  {:>+6.2}  {} ({}){origin}",
                row.weight,
                escape(&explanation.meanings[at]),
                escape(&row.signal)
            );
            let note = if stands == Some(false) { "; NO LONGER THERE" } else { "" };
            let place = place_words(&row.place);
            let room = WIDTH.saturating_sub(13 + place.chars().count()).max(30);
            let words = if row.excerpt.is_empty() { "nothing".to_owned() } else { quoted(&row.excerpt, room) };
            let _ = writeln!(screen, "          {place}: {words}{note}");
        }
    }
}

/// The words on one line, in quotation marks.
fn quoted(excerpt: &str, room: usize) -> String {
    let line: Vec<&str> = excerpt.split_whitespace().collect();
    format!("\"{}\"", shorten(&line.join(" "), room))
}

fn place_words(place: &str) -> String {
    match place.split_once(':') {
        Some(("text", range)) => format!("text {}", escape(range)),
        Some(("header", name)) => format!("header {}", escape(name)),
        Some(("attachment", part)) => format!("attachment {}", escape(part)),
        _ => escape(place).into_owned(),
    }
}

fn zones(screen: &mut String, again: &Again) {
    if again.text.is_empty() {
        screen.push_str("\nThere is no text in it.\n");
        return;
    }
    let cut = if again.is_cut { "; it goes on behind that, and was not looked at" } else { "" };
    let _ = writeln!(
        screen,
        "\nIts text, {}{cut}. What is marked | speaks for the sender.",
        counted(again.text.len() as u64, "byte", "bytes")
    );
    for zone in &again.zones {
        let _ = writeln!(screen, "  [{}, {} to {}]", zone.words, zone.start, zone.end);
        let mark = if zone.speaks { '|' } else { ' ' };
        let lines: Vec<&str> = again.text[zone.start..zone.end].lines().collect();
        let shown = if zone.speaks { LINES.0 } else { LINES.1 };
        for line in lines.iter().take(shown) {
            let line = format!("  {mark} {}", escape(line.trim_end()));
            let _ = writeln!(screen, "{}", line.trim_end());
        }
        if lines.len() > shown {
            let more = counted((lines.len() - shown) as u64, "line", "lines");
            let _ = writeln!(screen, "  {mark} … {more} more; --json has all");
        }
    }
}

/// The object that `explain --json` prints. `text` and `zones` are null if the message could not be read again.
pub fn json(explanation: &Explanation, exit: Exit) -> Value {
    let Explanation { message, reading, again, .. } = explanation;
    let scores = |key: &str, list: &[(String, f64)]| -> Vec<Value> {
        list.iter().map(|(name, score)| json!({ key: name, "score": score })).collect()
    };
    let piece = |(at, row): (usize, &EvidenceRow)| {
        json!({
            "subject": row.subject,
            "signal": row.signal,
            "meaning": explanation.meanings[at],
            "origin": row.origin,
            "weight": row.weight,
            "excerpt": row.excerpt,
            "place": row.place,
            "stands": again.as_ref().and_then(|again| again.stands[at]),
        })
    };
    let zones = again.as_ref().map(|again| {
        let zone =
            |zone: &ZoneRow| json!({ "kind": zone.kind, "start": zone.start, "end": zone.end, "speaks": zone.speaks });
        again.zones.iter().map(zone).collect::<Vec<Value>>()
    });
    json!({
        "schema_version": 1,
        "command": "explain",
        "exit_code": exit.code(),
        "finished": explanation.is_finished,
        "message_id": message.message_id.to_string(),
        "path": display(&message.path),
        "offset_bytes": message.offset_bytes,
        "length_bytes": message.length_bytes,
        "stored_sha256": message.stored_sha256,
        "message_sha256": message.message_sha256,
        "mailbox": message.mailbox,
        "folders": reading.folders,
        "sent_at": message.sent_at,
        "from_name": reading.from.0,
        "from_address": reading.from.1,
        "sender_kind": reading.sender_kind,
        "subject": message.subject,
        "class": reading.class,
        "class_score": reading.class_score,
        "classes": scores("class", &reading.classes),
        "uses": scores("use", &reading.uses),
        "signals": reading.signals,
        "evidence": explanation.groups().iter().flat_map(|(_, pieces)| pieces)
            .map(|at| piece((*at, &reading.evidence[*at]))).collect::<Vec<Value>>(),
        "headers_only": reading.headers_only,
        "not_looked_into": reading.opaque.split(',').filter(|word| !word.is_empty()).collect::<Vec<_>>(),
        "text": again.as_ref().map(|again| again.text.as_str()),
        "text_is_cut": again.as_ref().map(|again| again.is_cut),
        "zones": zones,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileId, MessageId};
    use crate::store::read::MessageName;
    use crate::store::tiny::{self, State};

    fn explanation() -> Explanation {
        let folder = tempfile::tempdir().unwrap();
        let inventory = tiny::inventory(&folder.path().join("tiny.db"), State::Done);
        let id = MessageId::new(FileId(2), 3);
        let message = inventory.find_messages(&MessageName::Id(id), 1).unwrap().remove(0);
        let reading = inventory.reading_of(id).unwrap().unwrap();
        let text = "Please approve order 4711.\n> \u{1b}[2J old\n".to_owned();
        let zone = |kind, words, speaks, start, end| ZoneRow { kind, words, speaks, start, end };
        let zones = vec![zone("new", "new text", true, 0, 27), zone("quoted", "quoted", false, 27, text.len())];
        let stands = vec![Some(true), Some(true), Some(false)];
        let again = Some(Again { text, zones, is_cut: false, stands });
        let meanings = vec!["asks for an approval".into(), "asks politely".into(), "greets".into()];
        Explanation { message, reading, meanings, again, is_finished: true }
    }

    #[test]
    fn the_screen() {
        insta::assert_snapshot!(text(&explanation()), @r#"
        M2-3  anna, INBOX/Orders  2023-05-02T08:00:00Z
        from     Anna <anna@x.example> (person)
        subject  Order 4711, "please" approve
        lies in  \u{2}
                 49 bytes at 170

        Estimated, by rules and a model
          read as    process, 90 %
          served as  process 90 %, task 60 %
          marks      approval; request

        Why it was read as process
           +1.50  asks for an approval (approval_asked)
                  text 0-14: "Please approve"

        What speaks for and against announcements and automatic mail
           -0.50  greets (greeting)
                  text 0-5: "Hello"; NO LONGER THERE

        Why it served as task
           +2.50  asks politely (request_please)
                  text 0-6: "Please"

        Its text, 38 bytes. What is marked | speaks for the sender.
          [new text, 0 to 27]
          | Please approve order 4711.
          [quoted, 27 to 38]
            > \u{1b}[2J old

        1 piece of evidence stands no longer where the inventory says:
        another version of the program, or other rules, read it.
        hint: run the same `mailcensus scan` again
        "#);
    }

    #[test]
    fn the_object() {
        let mut explanation = explanation();
        let object = json(&explanation, Exit::Findings);
        assert_eq!(object["text"].as_str().map(str::len), Some(38));
        assert_eq!(object["zones"][1]["end"], 38);
        assert_eq!(object["evidence"][2]["stands"], true, "the class held goes first, then other classes, then uses");
        assert_eq!(object["evidence"][1]["subject"], "class:bulk");
        assert_eq!(object["uses"][0]["use"], "workflow");
        explanation.again = None;
        assert_eq!(json(&explanation, Exit::Findings)["text"], Value::Null);
        assert!(text(&explanation).contains("The text is not shown"));
    }
}
