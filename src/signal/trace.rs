//! What a message leaves for the search for processes: cues of what it does, the first words, identifiers, the fields of
//! a form, an amount. Bounded per message; texts themselves are not kept.

mod cue;
mod key;
mod when;

use super::fold::Folded;
use super::{Finder, table};
use crate::model::cue as cues;
use crate::parse::zones::{ZoneKind, Zones};

pub use key::Key;
pub use when::Day;

/// So many first words are kept as numbers.
pub const MOST_WORDS: usize = 40;
/// So many identifiers.
const MOST_KEYS: usize = 8;
/// So many fields.
const MOST_FIELDS: usize = 16;
/// So many bytes of the sender's text are searched for identifiers and fields.
const LOOK_BYTES: usize = 6_000;

/// What kind of value stands in a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FieldKind {
    /// A date or time.
    Date,
    /// An amount of money.
    Amount,
    /// A number.
    Number,
    /// An address.
    Address,
    /// An identifier.
    Key,
    /// Words.
    Text,
    /// Nothing.
    Empty,
}

impl FieldKind {
    /// The letter in `trace.fields`.
    pub fn letter(self) -> char {
        match self {
            FieldKind::Date => 'd',
            FieldKind::Amount => 'm',
            FieldKind::Number => 'n',
            FieldKind::Address => 'a',
            FieldKind::Key => 'k',
            FieldKind::Text => 't',
            FieldKind::Empty => 'e',
        }
    }
}

/// A line `Label: value`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// As written; hostile.
    pub label: String,
    /// What stands behind it.
    pub kind: FieldKind,
}

/// What one message leaves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trace {
    /// Bits of [`crate::model::cue`].
    pub cues: u32,
    /// Hashes of the first words of the sender's text, as in [`super::grams::Grams::words`].
    pub words: Vec<u32>,
    /// Identifiers in the subject, then in the text.
    pub keys: Vec<Key>,
    /// Fields of a form, two or more.
    pub fields: Vec<Field>,
    /// The first amount of money, in hundredths.
    pub amount_cents: Option<i64>,
    /// The day by which something is wanted.
    pub due: Option<Day>,
}

const SIGNALS: &[(&str, u32)] = &[
    ("approval_asked", cues::ASKED),
    ("subject_approval", cues::ASKED),
    ("approval_given", cues::APPROVED),
    ("approval_refused", cues::REFUSED),
    ("question", cues::QUESTION),
    ("request_please", cues::REQUEST),
    ("request_can_you", cues::REQUEST),
    ("request_need", cues::REQUEST),
    ("request_imperative", cues::REQUEST),
    ("request_review", cues::REQUEST),
    ("request_reply", cues::REQUEST),
    ("subject_request", cues::REQUEST),
    ("delivery", cues::DELIVERY),
    ("here_is", cues::DELIVERY),
    ("done", cues::DONE),
    ("reminder", cues::REMINDER),
    ("commitment", cues::COMMITMENT),
    ("answer", cues::ANSWER),
    ("thanks", cues::THANKS),
    ("report_words", cues::REPORT),
    ("run_notice", cues::NOTICE),
    ("auto_submitted", cues::NOTICE),
    ("sender_machine", cues::NOTICE),
    ("forward_bare", cues::FORWARD),
    ("forward_comment", cues::FORWARD),
    ("subject_fw", cues::FORWARD),
    ("process_step", cues::STEP),
    ("subject_process", cues::STEP),
    ("attachment", cues::FILE),
    ("deadline", cues::DEADLINE),
    ("money", cues::MONEY),
    ("money_amount", cues::MONEY),
    ("has_quote", cues::QUOTE),
    ("text_tiny", cues::SHORT),
    ("text_short", cues::SHORT),
    ("out_of_office", cues::AUTOMATIC),
    ("bounce", cues::AUTOMATIC),
    ("invitation_form", cues::MEETING),
    ("calendar_header", cues::MEETING),
    ("list_header", cues::BULK),
    ("list_unsubscribe_header", cues::BULK),
    ("bulk_header", cues::BULK),
    ("unsubscribe", cues::BULK),
    ("form_lines", cues::FORM),
    ("contract", cues::DRAFT),
    ("revision", cues::DRAFT),
];

/// Bits of each signal of the table.
static BITS: std::sync::LazyLock<Vec<u32>> = std::sync::LazyLock::new(|| {
    let bit = |name: &str| SIGNALS.iter().filter(|(known, _)| *known == name).fold(0, |all, (_, bit)| all | bit);
    table::TABLE.iter().map(|row| bit(row.name)).collect()
});

/// Reads what the finder has found and the sender's text once more, up to a limit.
pub(super) fn read(finder: &Finder<'_>, zones: &Zones, folded: &Folded, words: &[u32]) -> Trace {
    let facts = finder.facts;
    let mut trace = Trace { words: words.iter().copied().take(MOST_WORDS).collect(), ..Trace::default() };
    for signal in &finder.found {
        trace.cues |= BITS[usize::from(signal.number)];
    }
    trace.cues |= cue::read(folded);
    let subject = facts.subject.as_deref().unwrap_or_default();
    let mut day = key::read(crate::model::subject::base(subject).words, true, MOST_KEYS, &mut trace.keys);
    trace.amount_cents = key::money(subject);
    let mut left = LOOK_BYTES;
    for zone in zones.spoken(&facts.body_text) {
        let text = &facts.body_text[zone.start..zone.end];
        let text = &text[..text.floor_char_boundary(left)];
        left -= text.len();
        day |= key::read(text, false, MOST_KEYS, &mut trace.keys);
        if trace.amount_cents.is_none() && may_speak_of_money(text) {
            trace.amount_cents = key::money(text);
        }
        if zone.kind == ZoneKind::New || zones.bare_forward {
            fields(text, &mut trace.fields);
        }
    }
    if day {
        trace.cues |= cues::DAY;
    }
    trace.due = when::read(finder.facts, folded, trace.cues);
    if trace.fields.len() < 2 {
        trace.fields.clear();
    }
    trace
}

/// Cheaper than to look at every word.
fn may_speak_of_money(text: &str) -> bool {
    ["€", "$", "£", "EUR", "uro", "USD", "CHF", "GBP", "dollar", " eur", " usd"].iter().any(|sign| text.contains(sign))
}

/// Lines `Label: value`; labels are short and begin a line.
fn fields(text: &str, found: &mut Vec<Field>) {
    for line in text.lines().take(80) {
        let line = line.trim();
        let Some(colon) = line.bytes().take(41).position(|b| b == b':') else { continue };
        let (label, value) = (line[..colon].trim(), line[colon + 1..].trim());
        let words = label.split_whitespace().count();
        let plain = label.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '.' | '(' | ')'));
        let starts = label.chars().next().is_some_and(|c| c.is_uppercase());
        // A greeting with a colon, a time and a link are no fields.
        if !plain || !starts || !(1..=4).contains(&words) || value.len() > 80 || value.starts_with("//") {
            continue;
        }
        if label.bytes().all(|b| b.is_ascii_digit()) || found.len() >= MOST_FIELDS {
            continue;
        }
        if found.iter().all(|one| one.label != label) {
            found.push(Field { label: label.to_owned(), kind: kind(value) });
        }
    }
}

fn kind(value: &str) -> FieldKind {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    if value.is_empty() {
        FieldKind::Empty
    } else if value.contains('@') && value.contains('.') {
        FieldKind::Address
    } else if key::has_currency(value) {
        FieldKind::Amount
    } else if key::is_date(value) {
        FieldKind::Date
    } else if digits > 0 && letters == 0 {
        FieldKind::Number
    } else if digits >= 2 && value.split_whitespace().count() == 1 {
        FieldKind::Key
    } else {
        FieldKind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_form() {
        let mut found = Vec::new();
        fields(
            "Leave request\n\nName: Ada Muster\nFrom: 03.05.2024\nDays: 4\nCost: 1,200.00 EUR\nOrder: PO-4711\nMail: a@b.example\n\
             Hi Bo: this is a very long line that goes on and on, so that nobody would take it for the field of a form, would they? No.\n\
             http://x.example/\n12:30: lunch\n",
            &mut found,
        );
        let found: Vec<(&str, FieldKind)> = found.iter().map(|one| (one.label.as_str(), one.kind)).collect();
        assert_eq!(
            found,
            [
                ("Name", FieldKind::Text),
                ("From", FieldKind::Date),
                ("Days", FieldKind::Number),
                ("Cost", FieldKind::Amount),
                ("Order", FieldKind::Key),
                ("Mail", FieldKind::Address),
            ]
        );
    }

    #[test]
    fn every_signal_of_the_list_exists() {
        for (name, _) in SIGNALS {
            assert!(table::index_of(name).is_some(), "{name}");
        }
    }
}
