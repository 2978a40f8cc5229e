//! The day by which something is wanted, as far as a message names one.
//!
//! "By Friday", "due 17-02-2025" and "bis 6.3." are firm; a day that is only named ("crane for Wed 10/2") is kept as what it
//! is: `discover` takes it for a due day where most runs of a process begin with one.

use jiff::civil::Date;

use crate::model::cue;
use crate::model::message::Facts;
use crate::signal::due::{self, Due, DueKind, Sent};
use crate::signal::fold::Folded;

/// So many sentences that may name a day are read.
const MOST_SENTENCES: usize = 6;
/// So many bytes of a sentence.
const MOST_BYTES: usize = 240;
/// Later than that after the message is no day by which.
const MOST_DAYS: i32 = 400;

/// A day, and whether it is said to be a limit.
pub type Day = (Date, bool);

/// Reads the subject and the first sentences that the sender speaks; the first firm day, else the first day, after the
/// message.
pub(super) fn read(facts: &Facts, folded: &Folded, cues: u32) -> Option<Day> {
    // Circulars name days that are nobody's task; forms and dates show in cues.
    if cues & cue::BULK != 0 || cues & (cue::DAY | cue::DEADLINE | cue::FORM) == 0 {
        return None;
    }
    let sent = Sent::of(facts)?;
    let spoken = folded.sentences.iter().filter(|one| one.spoken);
    let texts = spoken.filter_map(|one| {
        let digits = folded.bytes[one.from..one.to].iter().any(u8::is_ascii_digit);
        let text = facts.body_text.get(folded.original(one.from)..folded.original(one.to))?;
        (digits || cues & cue::DEADLINE != 0).then(|| &text[..text.floor_char_boundary(MOST_BYTES)])
    });
    let texts = facts.subject.as_deref().into_iter().chain(texts).take(MOST_SENTENCES);
    let mut named = None;
    // "Due: 17 May" is "due 17 May".
    let texts = texts.map(|text| text.replace(": ", " "));
    for found in texts.filter_map(|text| due::find(&text, Some(sent))) {
        let Some(day) = day(&found, sent) else { continue };
        if found.firm {
            return Some((day, true));
        }
        named = named.or(Some((day, false)));
    }
    named
}

/// The day that is meant, if it is one and comes after the message: of two readings the nearer.
fn day(found: &Due, sent: Sent) -> Option<Date> {
    let ahead = |day: &Date| {
        let days = (*day - sent.day).get_days();
        (1..=MOST_DAYS).contains(&days)
    };
    match (found.kind, found.readings) {
        (DueKind::Day, _) => found.on.filter(ahead),
        (DueKind::Order, Some((one, other))) => [one, other].into_iter().filter(ahead).min(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::tests::message;

    /// Sent on Monday, 12 February 2024.
    fn of(subject: &str, text: &str) -> Option<(String, bool)> {
        let facts = Facts { sent_at: Some(1_707_728_400), sent_offset_minutes: Some(60), ..message(subject, text) };
        let zones = crate::parse::zones::zones(&facts.body_text);
        let found = read(&facts, &crate::signal::fold::fold(&facts.body_text, &zones), cue::DAY | cue::DEADLINE);
        found.map(|(day, firm)| (day.to_string(), firm))
    }

    #[test]
    fn days() {
        let day = |day: &str, firm: bool| Some((day.to_owned(), firm));
        assert_eq!(of("Invoice 4711", "Please pay by 23 February 2024."), day("2024-02-23", true));
        assert_eq!(of("Offer", "Sent on 9 February. Needed by: 01.03.2024"), day("2024-03-01", true));
        assert_eq!(of("Crane", "We want the crane on 21 February, it is heavy."), day("2024-02-21", false));
        assert_eq!(of("Fällig 15.03.2024", "Anbei."), day("2024-03-15", true));
        // The nearer of two readings.
        assert_eq!(of("Inspection", "Please by 3/4/2024."), day("2024-03-04", true));
        assert_eq!(of("Report", "Delivered on 9 February 2024."), None);
        assert_eq!(of("Hello", "How are you?"), None);
    }
}
