//! By when: the words of a sentence that name a time, and the day that they mean.
//!
//! Days are reckoned from the day on which the message was sent, in its sender's zone. A day without a year is the next
//! one; a time that has gone by is never promised unless the text gives its year. What can be read in two ways stays
//! unresolved and says so. English, German and French. Pure and linear: at most [`MOST_TOKENS`] tokens of a sentence.

use std::cell::Cell;

use jiff::civil::Date;

use crate::model::message::Facts;

mod begin;
mod calendar;
mod clock;
mod day;
mod lexer;
mod relative;
mod span;
#[cfg(test)]
mod tests;
mod vague;

use lexer::{Token, tokens};

/// So many tokens of a sentence are looked at.
pub const MOST_TOKENS: usize = 300;

/// When a message was sent, by its sender's clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sent {
    /// The day.
    pub day: Date,
    /// Minutes since midnight.
    pub minutes: u16,
}

impl Sent {
    /// By the date and the zone of a message; without a zone, UTC. `None` without a date.
    pub fn of(facts: &Facts) -> Option<Sent> {
        Sent::at(facts.sent_at?, facts.sent_offset_minutes.unwrap_or(0))
    }

    /// Unix seconds and minutes east of UTC.
    pub fn at(seconds: i64, offset_minutes: i32) -> Option<Sent> {
        let local = seconds.checked_add(i64::from(offset_minutes) * 60)?;
        let moment = jiff::Timestamp::from_second(local).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
        let minutes = u16::from(moment.hour().unsigned_abs()) * 60 + u16::from(moment.minute().unsigned_abs());
        Some(Sent { day: moment.date(), minutes })
    }
}

/// How exactly a time is named.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DueKind {
    /// A day.
    Day,
    /// A week; `on` is its Friday, or its Sunday for a weekend.
    Week,
    /// A month or a longer time; `on` is its last day.
    Month,
    /// A day whose numbers can be day and month or month and day: both readings are kept.
    Order,
    /// More than one day is meant or can be.
    Ambiguous,
    /// Hangs on something that happens ("before the meeting").
    Event,
    /// Soon, as soon as possible.
    Vague,
}

impl DueKind {
    /// The word in `due_kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            DueKind::Day => "day",
            DueKind::Week => "week",
            DueKind::Month => "month",
            DueKind::Order => "order",
            DueKind::Ambiguous => "ambiguous",
            DueKind::Event => "event",
            DueKind::Vague => "vague",
        }
    }
}

/// A time by which, as a sentence names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// First byte of the words in the sentence.
    pub start: usize,
    /// One past their last byte.
    pub end: usize,
    /// How exactly.
    pub kind: DueKind,
    /// The last day on which it is in time.
    pub on: Option<Date>,
    /// The hour and minute on that day, by the sender's clock, where one is named and no other zone.
    pub at: Option<(u8, u8)>,
    /// For `Order`: with the day first, with the month first.
    pub readings: Option<(Date, Date)>,
    /// Said to be a limit: "by", "before", "due", "no later than".
    pub firm: bool,
}

/// What the words of a moment mean, before a preposition says how it limits.
#[derive(Clone, Copy, Debug)]
struct Moment {
    /// The token after it.
    next: usize,
    kind: DueKind,
    /// First and last day; `None` if they cannot be told.
    days: Option<(Date, Date)>,
    at: Option<(u8, u8)>,
    readings: Option<(Date, Date)>,
    /// An end ("end of May", "noon"): "before" it is the same as "by" it.
    limit: bool,
    /// Counts only after a preposition, such as "the 15th" or "3/4".
    shy: bool,
}

impl Moment {
    fn new(next: usize, kind: DueKind, days: Option<(Date, Date)>) -> Moment {
        Moment { next, kind, days, at: None, readings: None, limit: false, shy: false }
    }

    fn day(next: usize, day: Option<Date>) -> Moment {
        Moment::new(next, DueKind::Day, day.map(|day| (day, day)))
    }

    fn limit(self) -> Moment {
        Moment { limit: true, ..self }
    }

    fn shy(self) -> Moment {
        Moment { shy: true, ..self }
    }
}

/// How the words before a moment relate to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Relation {
    /// By, until, no later than, due.
    By,
    /// Before, prior to.
    Before,
    /// On, at, in, around.
    On,
    /// Nothing.
    Bare,
    /// After, since, of, last: no time by which.
    Not,
}

/// One sentence being read.
struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    sent: Option<Sent>,
    /// What begins at each token, once it has been looked for.
    moments: Vec<Cell<Option<Option<Moment>>>>,
}

/// The time by which, as `sentence` names it: the firmest, of equals the first. `None` if it names none.
pub fn find(sentence: &str, sent: Option<Sent>) -> Option<Due> {
    if !begin::is_there(sentence) {
        return None;
    }
    let tokens = tokens(sentence, MOST_TOKENS);
    let reader = Reader { moments: vec![Cell::new(None); tokens.len()], tokens, sent };
    let mut best: Option<(u8, Due)> = None;
    let mut at = 0;
    while at < reader.tokens.len() {
        let Some((next, found)) = reader.one(at) else {
            at += 1;
            continue;
        };
        if let Some((rank, due)) = found
            && best.is_none_or(|(best, _)| rank > best)
        {
            best = Some((rank, due));
        }
        at = next.max(at + 1);
    }
    best.map(|(_, due)| due)
}

impl<'a> Reader<'a> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.word.as_ref())
    }

    fn number(&self, at: usize) -> Option<u32> {
        self.tokens.get(at).and_then(|token| token.number)
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.word(at))
    }

    /// The token after `words`, if they stand at `at`.
    fn run(&self, at: usize, words: &str) -> Option<usize> {
        let mut next = at;
        for word in words.split(' ') {
            if self.word(next) != word {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    /// The token after the first of `runs` that stands at `at`; longer ones must come first.
    fn any(&self, at: usize, runs: &[&str]) -> Option<usize> {
        let first = self.word(at).as_bytes();
        // Most phrases fail at their first word.
        let may = |run: &str| run.as_bytes().strip_prefix(first).is_some_and(|rest| rest.is_empty() || rest[0] == b' ');
        runs.iter().filter(|run| may(run)).find_map(|run| self.run(at, run))
    }

    fn today(&self) -> Option<Date> {
        self.sent.map(|sent| sent.day)
    }

    /// What begins at `at`: the token after it, and what it says; `None` within if it says nothing of a limit.
    fn one(&self, at: usize) -> Option<(usize, Option<(u8, Due)>)> {
        let token = self.tokens.get(at)?;
        let word = token.word.as_ref();
        if !token.begins && !begin::RELATIONS.contains_key(word) && !begin::VAGUE.contains(word) {
            return None;
        }
        let (from, relation) = self.relation(at);
        // The day of "at the Friday meeting" is that of the meeting.
        if self.any(at, &["at the", "at our", "during the", "during our"]).is_some()
            && let Some(found) = vague::read(self, at, from, relation)
        {
            return Some(found);
        }
        if let Some((next, relation, moment)) = self.range(at, from, relation) {
            let shy = moment.shy && relation == Relation::Bare;
            if relation == Relation::Not || shy {
                return Some((next, None));
            }
            return Some((next, Some(self.due(at, next, relation, &moment))));
        }
        vague::read(self, at, from, relation)
    }

    /// A moment with what may stand before and after it: "between … and …", "… or …", "at the latest".
    fn range(&self, at: usize, from: usize, relation: Relation) -> Option<(usize, Relation, Moment)> {
        if let Some(and) = self.any(at, &["between now and", "from now until"]) {
            let end = self.moment(self.skip(and))?;
            return Some((end.next, Relation::By, end));
        }
        // "In" is part of "in three weeks", and a preposition in "in May".
        let mut moment = self.moment(from).or_else(|| self.moment(at))?;
        let mut relation = relation;
        if self.is(at, &["between", "zwischen", "entre"])
            && let Some(and) = self.any(moment.next, &["and", "und", "et"])
            && let Some(second) = self.moment(self.skip(and))
        {
            return Some((second.next, Relation::By, second));
        }
        if self.is(moment.next, &["or", "oder", "ou"]) && !self.is(moment.next + 1, &["sooner", "earlier", "before"]) {
            let second = self.moment(self.relation(moment.next + 1).0);
            if let Some(second) = second.filter(|second| second.days != moment.days || second.days.is_none()) {
                moment = Moment { next: second.next, ..Moment::new(0, DueKind::Ambiguous, None) };
            } else if self.is(moment.next + 1, &["two", "so", "zwei", "deux"]) {
                moment = Moment::new(moment.next + 2, DueKind::Ambiguous, None);
            }
        }
        const LATEST: [&str; 8] = [
            "at the very latest",
            "at the latest",
            "at latest",
            "the latest",
            "latest",
            "or sooner",
            "or earlier",
            "au plus tard",
        ];
        if let Some(next) =
            self.any(moment.next, &LATEST).or_else(|| self.any(moment.next, &["spätestens", "deadline"]))
        {
            if relation != Relation::Before {
                relation = Relation::By;
            }
            moment.next = next;
        }
        Some((moment.next, relation, moment))
    }

    /// What stands before a moment; the token after it.
    fn relation(&self, at: usize) -> (usize, Relation) {
        let Some(runs) = begin::RELATIONS.get(self.word(at)) else { return (self.skip(at), Relation::Bare) };
        for (run, relation) in runs.iter().copied() {
            if let Some(next) = self.run(at, run) {
                // "am" is also a time of the day; "by about Friday", "by early next week", "before the 15th".
                let (inner, more) = if relation == Relation::On { (next, Relation::On) } else { self.relation(next) };
                let soft = matches!(more, Relation::On | Relation::Bare);
                return (self.skip(if soft { inner } else { next }), relation);
            }
        }
        (self.skip(at), Relation::Bare)
    }

    /// Skips what may stand between a preposition and a moment.
    fn skip(&self, at: usize) -> usize {
        const FILL: [&str; 9] = ["the", "approximately", "say", "den", "dem", "der", "about", "roughly", "ca"];
        let mut next = at;
        // "the" is part of "the 15th", "the week of", "the end of".
        while self.is(next, &FILL) && next < at + 2 && self.moment(next).is_none() {
            next += 1;
        }
        next
    }

    /// A clock and a day, in either order, or one of them.
    fn moment(&self, at: usize) -> Option<Moment> {
        if !self.tokens.get(at)?.begins {
            return None;
        }
        let known = self.moments[at].get();
        let found = known.unwrap_or_else(|| self.look_for_moment(at));
        self.moments[at].set(Some(found));
        found
    }

    fn look_for_moment(&self, at: usize) -> Option<Moment> {
        // A part of a day needs its day: "am" alone is a verb.
        let clock = clock::read(self, at).filter(|clock| !clock.part);
        if let Some(clock) = clock {
            let next = self.any(clock.next, &[", on", "on", ",", "of", "am", "le"]).unwrap_or(clock.next);
            // "today" and the rest after a clock; "by noon on the 15th".
            if let Some(day) = self.whole_day(next).or_else(|| self.whole_day(clock.next)) {
                return Some(Moment { at: clock.at, limit: true, shy: false, ..day });
            }
            return Some(self.clock_alone(&clock));
        }
        let day = self.whole_day(at)?;
        const LEADS: [&str; 12] =
            [", at", ", by", "at", "by", "before", "around", "um", "bis", "à", "@", ", no later than", ","];
        let lead = self.any(day.next, &LEADS);
        let clock = lead.and_then(|next| clock::read(self, next)).or_else(|| clock::read(self, day.next));
        let Some(clock) = clock else { return Some(day) };
        Some(Moment { next: clock.next, at: clock.at, limit: day.limit || !clock.part, shy: false, ..day })
    }

    fn whole_day(&self, at: usize) -> Option<Moment> {
        relative::read(self, at).or_else(|| day::read(self, at)).or_else(|| relative::month(self, at))
    }

    /// A clock without a day: today, or tomorrow if that has gone by.
    fn clock_alone(&self, clock: &clock::Clock) -> Moment {
        let day = self.sent.map(|sent| {
            let gone = clock.at.is_some_and(|(hour, minute)| u16::from(hour) * 60 + u16::from(minute) <= sent.minutes);
            calendar::plus(sent.day, i32::from(gone))
        });
        let moment = Moment { at: clock.at, ..Moment::day(clock.next, day) }.limit();
        if clock.end_of_day { moment } else { moment.shy() }
    }

    fn due(&self, at: usize, next: usize, relation: Relation, moment: &Moment) -> (u8, Due) {
        let firm = matches!(relation, Relation::By | Relation::Before);
        let before = relation == Relation::Before && !moment.limit;
        let (mut kind, mut on) = (moment.kind, moment.days.map(|(_, last)| last));
        if before {
            on = moment.days.map(|(first, _)| calendar::plus(first, -1));
            // The day before the moment is a day, whatever the moment is.
            if matches!(kind, DueKind::Week | DueKind::Month) {
                kind = DueKind::Day;
            }
        } else if relation == Relation::By && kind == DueKind::Month && !moment.limit {
            // "By November": before it begins, or before it ends?
            (kind, on) = (DueKind::Ambiguous, None);
        }
        // "Before" a day that is today leaves no time: what is meant is not known.
        if before && self.today().zip(on).is_some_and(|(today, on)| on < today) && moment.kind != DueKind::Order {
            (kind, on) = (DueKind::Ambiguous, None);
        }
        let readings = moment.readings.map(|(one, other)| {
            let back = -i32::from(before);
            (calendar::plus(one, back), calendar::plus(other, back))
        });
        let rank = match (relation, kind) {
            (Relation::By | Relation::Before, DueKind::Event | DueKind::Vague) => 3,
            (Relation::By | Relation::Before, _) => 5,
            (_, DueKind::Vague | DueKind::Event) => 2,
            _ => 4,
        };
        let due = Due {
            start: self.tokens[at].start,
            end: self.tokens[next - 1].end,
            kind,
            on: if readings.is_some() { None } else { on },
            at: moment.at,
            readings,
            firm,
        };
        (rank, due)
    }
}
