//! Holes seen from inside: what other mailboxes hold and this one does not, and times without any mail. Pure.
//!
//! People delete mail. So only what is concentrated counts: a stretch of time in which nearly everything is missing, in a
//! mailbox that otherwise holds most; and only if chance would hardly do it.

use std::collections::BTreeMap;

use super::tally::{Due, MailboxTally};

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
/// So much of the other mail must be there.
const KEPT: f64 = 0.6;
/// Fewest missing messages of everybody.
const FEWEST_OF_ALL: u32 = 10;
/// Fewest missing messages of one sender: people do throw one conversation away.
const FEWEST_OF_ONE: u32 = 8;
/// Stretches so close together are one hole.
const NEAR_DAYS: i32 = 14;
/// Fewest days with mail that a silence must have swallowed; days, because messages come in bursts.
const SWALLOWED: f64 = 15.0;
/// Shortest silence in days.
const SILENCE_DAYS: i32 = 21;

/// All holes of one mailbox but those of the whole export. `days` are the letters of each day in all mailboxes; `is_person` whether replies must have
/// been sent from it.
pub fn holes(mailbox: &MailboxTally, days: &BTreeMap<i32, u32>, is_person: bool) -> Vec<Hole> {
    let mut holes = silences(mailbox, days);
    let no_sent = is_person.then(|| no_sent_mail(mailbox)).flatten();
    let span = mailbox.days.first_key_value().zip(mailbox.days.last_key_value()).map(|((a, _), (b, _))| (*a, *b));
    for (due, what) in [(&mailbox.internal, "to it"), (&mailbox.sent, "from it")] {
        if no_sent.is_some() && what == "from it" {
            continue;
        }
        for cut in cuts(due, span) {
            match holes.iter_mut().find(|hole| overlaps(hole, &cut)) {
                Some(hole) => {
                    hole.expected = Some(hole.expected.unwrap_or(0) + cut.expected);
                    hole.found = Some(hole.found.unwrap_or(0) + cut.found);
                    hole.sentence.push_str(&format!("; {}", cut.sentence(what)));
                }
                None => holes.push(Hole {
                    kind: "missing internal mail",
                    from: Some(cut.from),
                    to: Some(cut.to),
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
    cut.from <= to && cut.to >= from
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
    senders: usize,
}

impl Cut {
    /// The same hole, seen in other mail.
    fn join(&mut self, other: &Cut) {
        self.to = self.to.max(other.to);
        self.expected += other.expected;
        self.found += other.found;
        self.expected_else += other.expected_else;
        self.found_else += other.found_else;
        self.senders = if self.senders == 0 || other.senders == 0 { 0 } else { self.senders + other.senders };
    }

    fn sentence(&self, what: &str) -> String {
        let whose = match self.senders {
            0 => String::new(),
            1 => " of one sender".to_owned(),
            n => format!(" of {n} senders"),
        };
        format!(
            "of {} internal messages{whose} {what} that other mailboxes hold from {} to {}, {} are not in it (of {} at other times, {})",
            self.expected,
            day_words(self.from),
            day_words(self.to),
            self.expected - self.found,
            self.expected_else,
            self.expected_else - self.found_else
        )
    }
}

/// Runs in which nearly all is missing that should be there, of everybody or else of single senders. `span` is the
/// mailbox's own first and last day: what lies before or after it may be a person who came or left.
fn cuts(due: &[Due], span: Option<(i32, i32)>) -> Vec<Cut> {
    let Some((first, last)) = span else { return Vec::new() };
    let mut due: Vec<Due> = due.iter().copied().filter(|one| (first..=last).contains(&one.day)).collect();
    due.sort_unstable();
    let mut found: Vec<Cut> = Vec::new();
    let mut rest = due.clone();
    for _ in 0..3 {
        let Some(cut) = longest_run(&rest, FEWEST_OF_ALL) else { break };
        rest.retain(|one| one.day < cut.from || one.day > cut.to);
        found.push(cut);
    }
    let mut by_sender: BTreeMap<u32, Vec<Due>> = BTreeMap::new();
    for one in rest {
        by_sender.entry(one.other).or_default().push(one);
    }
    for of in by_sender.values() {
        if let Some(mut cut) = longest_run(of, FEWEST_OF_ONE) {
            cut.senders = 1;
            found.push(cut);
        }
    }
    found.sort_by_key(|cut| cut.from);
    let mut joined: Vec<Cut> = Vec::new();
    for cut in found {
        match joined.last_mut().filter(|old| cut.from <= old.to + NEAR_DAYS) {
            Some(old) => old.join(&cut),
            None => joined.push(cut),
        }
    }
    joined
}

/// The stretch with most missing messages and hardly any found one, if chance would hardly do it.
fn longest_run(due: &[Due], fewest: u32) -> Option<Cut> {
    const FOUND_COSTS: i32 = 5;
    let (mut best, mut sum, mut start) = ((0, 0, 0), 0, 0);
    for (at, one) in due.iter().enumerate() {
        if sum <= 0 {
            (sum, start) = (0, at);
        }
        sum += if one.found { -FOUND_COSTS } else { 1 };
        if sum > best.0 {
            best = (sum, start, at);
        }
    }
    let (points, from, to) = best;
    if points <= 0 {
        return None;
    }
    let inside = &due[from..=to];
    let all_found = due.iter().filter(|one| one.found).count() as u32;
    let found = inside.iter().filter(|one| one.found).count() as u32;
    let cut = Cut {
        from: inside[0].day,
        to: inside[inside.len() - 1].day,
        expected: inside.len() as u32,
        found,
        expected_else: (due.len() - inside.len()) as u32,
        found_else: all_found - found,
        senders: 0,
    };
    let missing = f64::from(cut.expected - cut.found);
    let kept = f64::from(cut.found_else) / f64::from(cut.expected_else + 1);
    let accident = (1.0 - kept).powf(missing) * due.len() as f64;
    let before_and_after = from > 0 && to + 1 < due.len();
    (cut.expected - cut.found >= fewest
        && cut.expected_else >= 5
        && kept >= KEPT
        && accident < ACCIDENT
        && before_and_after)
        .then_some(cut)
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
        let rate = |from: i32, to: i32| mailbox.days.range(from..=to).count() as f64 / f64::from(window);
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
                    "no message from {} to {}, where mail is to be expected on about {expected:.0} days and other mailboxes go on",
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

/// Where next to no mailbox holds sent mail, the export was made so: one hole, not one for every owner. `own_sent` says of
/// each mailbox of a known owner whether it holds any.
pub fn without_sent_mail(own_sent: &[bool]) -> Option<Hole> {
    let with = own_sent.iter().filter(|has| **has).count();
    (own_sent.len() >= 3 && with * 10 <= own_sent.len()).then(|| Hole {
        kind: "no sent mail",
        from: None,
        to: None,
        expected: None,
        found: None,
        sentence: format!(
            "{with} of {} mailboxes hold sent mail: the export was made without folders of sent mail, so nothing is said of each",
            own_sent.len()
        ),
    })
}

/// Others received what it sent, and it holds none of it.
fn no_sent_mail(mailbox: &MailboxTally) -> Option<Hole> {
    let expected = mailbox.sent.len() as u32;
    let found = mailbox.sent.iter().filter(|one| one.found).count() as u32;
    let received: u32 = mailbox.days.values().sum();
    let months: std::collections::BTreeSet<i32> = mailbox.sent.iter().map(|one| one.day / 30).collect();
    let months = months.len();
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

    /// 2024-01-01.
    const START: i32 = 19_723;

    fn busy(days: std::ops::Range<i32>, without: std::ops::Range<i32>, each: u32) -> BTreeMap<i32, u32> {
        days.filter(|day| !without.contains(day) && day % 7 < 5).map(|day| (START + day, each)).collect()
    }

    /// A letter every third day from each of two people; `found` says which are there.
    fn due(found: impl Fn(i32, u32) -> bool) -> Vec<Due> {
        (0..350)
            .step_by(3)
            .flat_map(|day| [1, 2].map(|other| Due { day: START + day, other, found: found(day, other) }))
            .collect()
    }

    fn mailbox(days: BTreeMap<i32, u32>) -> MailboxTally {
        MailboxTally { name: "anna".into(), days, ..MailboxTally::default() }
    }

    fn kinds(mailbox: &MailboxTally, is_person: bool) -> Vec<&'static str> {
        holes(mailbox, &busy(0..360, 0..0, 50), is_person).iter().map(|hole| hole.kind).collect()
    }

    #[test]
    fn a_cut_is_named_once() {
        let mut anna = mailbox(busy(0..360, 60..121, 4));
        anna.internal = due(|day, _| !(60..121).contains(&day) && day % 9 > 0);
        let found = holes(&anna, &busy(0..360, 0..0, 50), true);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].kind, found[0].found), ("empty time", Some(0)));
        assert!(
            found[0].sentence.contains("internal messages to it that other mailboxes hold from 2024-0"),
            "{}",
            found[0].sentence
        );
    }

    #[test]
    fn deletions_and_quiet_people_are_no_holes() {
        let mut scattered = mailbox(busy(0..360, 0..0, 4));
        scattered.internal = due(|day, other| (day * 7 + other as i32 * 5) % 10 < 6);
        assert_eq!(kinds(&scattered, true), Vec::<&str>::new());
        let quiet = mailbox((0..12).map(|m| (START + m * 61, 3)).collect());
        assert_eq!(kinds(&quiet, true), Vec::<&str>::new());
        let on_holiday = mailbox(busy(0..360, 200..221, 2));
        assert_eq!(holes(&on_holiday, &busy(0..360, 200..221, 50), true), []);
    }

    #[test]
    fn only_received_mail_is_missing() {
        let mut anna = mailbox(busy(0..360, 0..0, 2));
        anna.internal = due(|day, _| !(100..140).contains(&day));
        assert_eq!(kinds(&anna, true), ["missing internal mail"]);
        anna.internal = due(|day, other| other == 1 || !(100..140).contains(&day));
        let found = holes(&anna, &busy(0..360, 0..0, 50), true);
        assert!(found.len() == 1 && found[0].sentence.contains("of one sender"), "{found:?}");
    }

    #[test]
    fn no_sent_folder() {
        let mut anna = mailbox(busy(0..360, 0..0, 2));
        anna.sent = due(|_, _| false);
        assert_eq!(kinds(&anna, true), ["no sent mail"]);
        assert_eq!(kinds(&anna, false), Vec::<&str>::new(), "a shared mailbox may keep it with its people");
        anna.sent = due(|day, _| day % 4 > 0);
        assert_eq!(kinds(&anna, true), Vec::<&str>::new());
        assert!(without_sent_mail(&[false; 12]).unwrap().sentence.starts_with("0 of 12"));
        assert_eq!(without_sent_mail(&[true, false, false, false]), None);
    }
}
