//! Holes seen from inside: what other mailboxes hold and this one does not, and times without any mail. Pure.
//!
//! People delete mail. So only what is concentrated counts: a run of months in which nearly everything is missing, in a
//! mailbox that otherwise holds most; and only if chance would hardly do it.

use std::collections::BTreeMap;

use super::tally::{MailboxTally, Months};

/// Something that is not there and should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hole {
    /// The word in `hole.kind`.
    pub kind: &'static str,
    /// Days since 1970, inclusive.
    pub from: Option<i32>,
    /// The same.
    pub to: Option<i32>,
    /// Messages that should be there, where that is known.
    pub expected: Option<u32>,
    /// Messages of them that are there.
    pub found: Option<u32>,
    /// In words, without the name of the mailbox.
    pub sentence: String,
}

/// Chance that such a run of missing mail is an accident must be below this.
const ACCIDENT: f64 = 1e-4;
/// A month is gone if no more of it is there.
const LEFT_OVER: f64 = 0.15;
/// Fewest messages that a silence must have swallowed.
const SWALLOWED: f64 = 20.0;
/// Shortest silence in days.
const SILENCE_DAYS: i32 = 21;

/// All holes of one mailbox. `days` are the letters of each day in all mailboxes; `is_person` whether replies must have
/// been sent from it.
pub fn holes(mailbox: &MailboxTally, days: &BTreeMap<i32, u32>, is_person: bool) -> Vec<Hole> {
    let mut holes = silences(mailbox, days);
    let no_sent = is_person.then(|| no_sent_mail(mailbox)).flatten();
    let span = mailbox.days.first_key_value().zip(mailbox.days.last_key_value()).map(|((a, _), (b, _))| (*a, *b));
    for (months, what) in [(&mailbox.internal, "to it"), (&mailbox.sent, "from it")] {
        if no_sent.is_some() && what == "from it" {
            continue;
        }
        for cut in cuts(months, span) {
            match holes.iter_mut().find(|hole| overlaps(hole, &cut)) {
                Some(hole) if hole.kind == "empty time" => {
                    hole.expected = Some(hole.expected.unwrap_or(0) + cut.expected);
                    hole.found = Some(hole.found.unwrap_or(0) + cut.found);
                    hole.sentence.push_str(&format!("; {}", cut.sentence(what)));
                }
                Some(hole) => hole.sentence.push_str(&format!("; {}", cut.sentence(what))),
                None => holes.push(Hole {
                    kind: "missing internal mail",
                    from: Some(first_day(cut.from)),
                    to: Some(first_day(cut.to + 1) - 1),
                    expected: Some(cut.expected),
                    found: Some(cut.found),
                    sentence: cut.sentence(what),
                }),
            }
        }
    }
    holes.extend(no_sent);
    holes
}

fn overlaps(hole: &Hole, cut: &Cut) -> bool {
    let (Some(from), Some(to)) = (hole.from, hole.to) else { return false };
    first_day(cut.from) <= to && first_day(cut.to + 1) > from
}

/// Days since 1970 of the first of a month counted since the year 0.
fn first_day(month: i32) -> i32 {
    let date = jiff::civil::Date::new(month.div_euclid(12) as i16, (month.rem_euclid(12) + 1) as i8, 1);
    date.map_or(0, |date| (date - jiff::civil::date(1970, 1, 1)).get_days())
}

/// `2024-03`.
fn month_words(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// `2024-03-05`.
pub fn day_words(day: i32) -> String {
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(day)).to_string()
}

struct Cut {
    from: i32,
    to: i32,
    expected: u32,
    found: u32,
    expected_else: u32,
    found_else: u32,
}

impl Cut {
    fn sentence(&self, what: &str) -> String {
        format!(
            "of {} internal messages {what} that other mailboxes hold from {} to {}, {} are not in it (of {} at other times, {})",
            self.expected,
            month_words(self.from),
            month_words(self.to),
            self.expected - self.found,
            self.expected_else,
            self.expected_else - self.found_else
        )
    }
}

/// Runs of months in which nearly all is missing that should be there. `span` is the mailbox's own first and last day:
/// what lies before or after it may be a person who came or left.
fn cuts(months: &Months, span: Option<(i32, i32)>) -> Vec<Cut> {
    let Some((first, last)) = span else { return Vec::new() };
    let gone = |expected: u32, found: u32| f64::from(found) <= LEFT_OVER * f64::from(expected);
    let total = months.values().fold((0, 0), |sum, (e, f)| (sum.0 + e, sum.1 + f));
    let mut cuts: Vec<Cut> = Vec::new();
    let mut open: Option<Cut> = None;
    for (month, (expected, found)) in months {
        let inside = first_day(*month) >= first && first_day(month + 1) <= last + 1;
        if inside && *expected >= 2 && gone(*expected, *found) {
            let cut = open.get_or_insert(Cut { from: *month, to: *month, expected: 0, found: 0, expected_else: 0, found_else: 0 });
            cut.to = *month;
            cut.expected += expected;
            cut.found += found;
        } else if *expected >= 2 {
            cuts.extend(open.take());
        }
    }
    cuts.extend(open);
    let all_gone = cuts.iter().fold((0, 0), |sum, cut| (sum.0 + cut.expected, sum.1 + cut.found));
    for cut in &mut cuts {
        cut.expected_else = total.0 - all_gone.0;
        cut.found_else = total.1 - all_gone.1;
    }
    cuts.retain(|cut| {
        let missing = f64::from(cut.expected - cut.found);
        let kept = f64::from(cut.found_else + 1) / f64::from(cut.expected_else + 2);
        let accident = (1.0 - kept).powf(missing);
        cut.expected >= 5 && cut.expected_else >= 5 && kept >= 0.5 && accident < ACCIDENT
    });
    cuts
}

/// Times without any mail in a mailbox that is otherwise busy, while others go on.
fn silences(mailbox: &MailboxTally, days: &BTreeMap<i32, u32>) -> Vec<Hole> {
    let own: Vec<(i32, u32)> = mailbox.days.iter().map(|(day, n)| (*day, *n)).collect();
    let mut found = Vec::new();
    for pair in own.windows(2) {
        let (before, after) = (pair[0].0, pair[1].0);
        let length = after - before - 1;
        if length < SILENCE_DAYS {
            continue;
        }
        let sum = |from: i32, to: i32| f64::from(mailbox.days.range(from..=to).map(|(_, n)| n).sum::<u32>());
        // What the weeks before and after let expect; the quieter side counts.
        let window = 60.max(length.min(180));
        let rate = |from: i32, to: i32| sum(from, to) / f64::from(window);
        let quiet = rate(before - window + 1, before).min(rate(after, after + window - 1));
        let expected = quiet * f64::from(length);
        let longest_else = longest_gap(&own, before);
        let others = |from: i32, to: i32| {
            let all: u32 = days.range(from..=to).map(|(_, n)| n).sum();
            f64::from(all) - sum(from, to)
        };
        let around = (others(before - window, before) + others(after, after + window)) / f64::from(2 * window);
        let during = others(before + 1, after - 1) / f64::from(length);
        // A company on holiday is silent everywhere; one mailbox alone has nobody to compare with.
        let company = around > 0.0 && during >= 0.4 * around || around == 0.0 && length >= 60;
        if expected >= SWALLOWED && company && length >= 2 * longest_else.max(7) {
            found.push(Hole {
                kind: "empty time",
                from: Some(before + 1),
                to: Some(after - 1),
                expected: None,
                found: None,
                sentence: format!(
                    "no message from {} to {}, where about {expected:.0} are to be expected and other mailboxes go on",
                    day_words(before + 1),
                    day_words(after - 1)
                ),
            });
        }
    }
    found
}

/// The longest other silence of the half year around `before`, the one that begins there left out.
fn longest_gap(own: &[(i32, u32)], before: i32) -> i32 {
    let near = own.windows(2).filter(|pair| pair[0].0 != before && (pair[0].0 - before).abs() <= 365);
    let mut gaps: Vec<i32> = near.map(|pair| pair[1].0 - pair[0].0 - 1).collect();
    gaps.sort_unstable();
    // A second hole must not hide the first.
    gaps.len().checked_sub(2).map_or(0, |at| gaps[at])
}

/// Others received what it sent, and it holds none of it.
fn no_sent_mail(mailbox: &MailboxTally) -> Option<Hole> {
    let (expected, found) = mailbox.sent.values().fold((0, 0), |sum, (e, f)| (sum.0 + e, sum.1 + f));
    let received: u32 = mailbox.days.values().sum();
    let months = mailbox.sent.values().filter(|(expected, _)| *expected > 0).count();
    let nothing = f64::from(found) <= 0.05 * f64::from(expected) && mailbox.in_sent * 20 <= expected;
    (expected >= 8 && months >= 2 && received >= 8 && nothing).then(|| Hole {
        kind: "no sent mail",
        from: None,
        to: None,
        expected: Some(expected),
        found: Some(found),
        sentence: format!(
            "no sent mail is in it, though other mailboxes hold {expected} messages from its owner: the folder of sent mail was not delivered, or is kept elsewhere"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-01 and its first day.
    const JANUARY: i32 = 2024 * 12;

    fn busy(days: std::ops::Range<i32>, without: std::ops::Range<i32>, each: u32) -> BTreeMap<i32, u32> {
        let start = first_day(JANUARY);
        days.filter(|day| !without.contains(day) && day % 7 < 5).map(|day| (start + day, each)).collect()
    }

    fn mailbox(days: BTreeMap<i32, u32>) -> MailboxTally {
        MailboxTally { name: "anna".into(), days, ..MailboxTally::default() }
    }

    #[test]
    fn a_cut_is_named_once() {
        let all = busy(0..360, 0..0, 50);
        let mut anna = mailbox(busy(0..360, 60..121, 4));
        anna.internal = (0..12).map(|m| (JANUARY + m, (10, if (2..4).contains(&m) { 0 } else { 9 }))).collect();
        let found = holes(&anna, &all, true);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].kind, found[0].expected, found[0].found), ("empty time", Some(20), Some(0)));
        assert!(found[0].sentence.contains("from 2024-03 to 2024-04, 20 are not in it"), "{}", found[0].sentence);
    }

    #[test]
    fn deletions_and_quiet_people_are_no_holes() {
        let all = busy(0..360, 0..0, 50);
        let mut scattered = mailbox(busy(0..360, 0..0, 4));
        scattered.internal = (0..12).map(|m| (JANUARY + m, (10, 3 + (m % 3) as u32))).collect();
        assert_eq!(holes(&scattered, &all, true), []);
        let quiet = mailbox((0..12).map(|m| (first_day(JANUARY + m * 2), 3)).collect());
        assert_eq!(holes(&quiet, &all, true), []);
        let on_holiday = mailbox(busy(0..360, 200..221, 2));
        assert_eq!(holes(&on_holiday, &busy(0..360, 200..221, 50), true), []);
    }

    #[test]
    fn only_received_mail_is_missing() {
        let all = busy(0..360, 0..0, 50);
        let mut anna = mailbox(busy(0..360, 0..0, 2));
        anna.internal = (0..12).map(|m| (JANUARY + m, (10, if m == 5 { 1 } else { 10 }))).collect();
        let found = holes(&anna, &all, true);
        assert_eq!(found.iter().map(|hole| hole.kind).collect::<Vec<_>>(), ["missing internal mail"]);
    }

    #[test]
    fn no_sent_folder() {
        let all = busy(0..360, 0..0, 50);
        let mut anna = mailbox(busy(0..360, 0..0, 2));
        anna.sent = (0..12).map(|m| (JANUARY + m, (4, 0))).collect();
        assert_eq!(holes(&anna, &all, true).iter().map(|hole| hole.kind).collect::<Vec<_>>(), ["no sent mail"]);
        assert_eq!(holes(&anna, &all, false), [], "a shared mailbox may keep it with its people");
        anna.sent = (0..12).map(|m| (JANUARY + m, (4, 3))).collect();
        assert_eq!(holes(&anna, &all, true), []);
    }
}
