//! Times that no calendar has: soon, as soon as possible, before something happens.

use super::span::clause_end;
use super::{Due, DueKind, Reader, Relation};

const SOON: [&str; 44] = [
    "as soon as possible",
    "as soon as practicable",
    "as soon as practical",
    "as soon as you can",
    "as soon as you get a chance",
    "as soon as i can",
    "as soon as we can",
    "as early as possible",
    "as quickly as possible",
    "as quickly as you can",
    "at your earliest convenience",
    "at your convenience",
    "at your earliest opportunity",
    "at the earliest possible",
    "when you get a chance",
    "when you have a chance",
    "when you get a minute",
    "when you have time",
    "in the near future",
    "in the next few days",
    "in the next couple of days",
    "in the next couple of weeks",
    "in the next several days",
    "in the next few weeks",
    "during the next several days",
    "within the next few days",
    "in a few days",
    "in a couple of days",
    "in the coming days",
    "a . s . a . p",
    "asap",
    "a s a p",
    "right away",
    "immediately",
    "so bald wie möglich",
    "so schnell wie möglich",
    "schnellstmöglich",
    "baldmöglichst",
    "umgehend",
    "zeitnah",
    "dès que possible",
    "au plus vite",
    "le plus tôt possible",
    "immédiatement",
];
/// Weaker words for the same.
const LATER: [&str; 10] = [
    "shortly thereafter",
    "shortly",
    "very soon",
    "soon",
    "promptly",
    "urgently",
    "immediate",
    "sofort",
    "bald",
    "rapidement",
];

/// A time that hangs on something, at `at`; `from` is the token after its preposition.
pub(super) fn read(
    reader: &Reader<'_>,
    at: usize,
    from: usize,
    relation: Relation,
) -> Option<(usize, Option<(u8, Due)>)> {
    let due = |next: usize, kind: DueKind, rank: u8| {
        let (start, end) = (reader.tokens[at].start, reader.tokens[next - 1].end);
        Some((next, Some((rank, Due { start, end, kind, on: None, at: None, readings: None, firm: rank > 2 }))))
    };
    if let Some(next) = reader.any(at, &SOON) {
        return due(next, DueKind::Vague, 3);
    }
    if let Some(next) = reader.any(at, &LATER) {
        let much = at > 0 && reader.is(at - 1, &["how", "too", "so", "as"]);
        return if much { None } else { due(next, DueKind::Vague, 1) };
    }
    if let Some(next) = gathering(reader, at) {
        return due(next, DueKind::Event, 1);
    }
    if let Some(next) = reader.any(at, &["as soon as", "sobald", "dès que"]) {
        return due(clause_end(reader, next, 6), DueKind::Event, 2);
    }
    let prior = reader.any(at, &["prior to", "in advance of", "ahead of", "before", "no later than"]);
    if let Some(next) = prior.filter(|_| matches!(relation, Relation::Before | Relation::By)) {
        // "As before", "before, …": nothing follows.
        let follows = reader.tokens.get(next).is_some_and(|token| token.word.starts_with(char::is_alphabetic));
        if follows && from >= next {
            return due(clause_end(reader, next, 6), DueKind::Event, 2);
        }
    }
    None
}

/// "At the Friday meeting", "during the EC meeting", "when I reach the hotel": the token after it.
fn gathering(reader: &Reader<'_>, at: usize) -> Option<usize> {
    if reader.is(at, &["when", "once"]) {
        const COMES: [&str; 10] =
            ["reach", "get", "gets", "return", "returns", "receive", "receives", "arrive", "arrives", "comes"];
        return reader.is(at + 2, &COMES).then(|| clause_end(reader, at + 2, 6));
    }
    const MEETINGS: [&str; 8] =
        ["meeting", "call", "conference", "session", "class", "sitzung", "besprechung", "réunion"];
    let from =
        reader.any(at, &["in the", "during the", "during our", "at the", "at our", "in der", "bei der", "à la"])?;
    (from..from + 5).find(|at| reader.is(*at, &MEETINGS)).map(|last| last + 1)
}
