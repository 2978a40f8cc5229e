//! How regularly something happens, from its times alone.
//!
//! Pure. Times are seconds of local time (UTC plus the sender's offset), so that a job at 06:10 stays at 06:10 when the
//! clocks change. A few missed runs and some minutes of jitter are normal; what is less regular than the thresholds
//! below is called irregular rather than guessed at.

/// What is known of the regularity of something.
#[derive(Clone, PartialEq, Debug)]
pub struct Cadence {
    /// `daily 06:10`, `weekdays 18:00`, `weekly Monday`, `month-end`, `monthly day 5`, `hourly`, `irregular`, ….
    pub label: String,
    /// How well it fits, in words.
    pub evidence: String,
    /// Runs that were to be expected between the first and the last and are not there; `None` where nothing can be.
    pub missed_runs: Option<u32>,
    /// Their days or months.
    pub missed: Vec<String>,
    /// Mean time between runs, in days; 0 if irregular.
    pub period_days: f64,
}

impl Cadence {
    /// Whether runs can be expected.
    pub fn is_regular(&self) -> bool {
        self.period_days > 0.0
    }

    fn regular(label: String, evidence: String, missed: Vec<String>, period_days: f64) -> Cadence {
        Cadence { label, evidence, missed_runs: Some(missed.len() as u32), missed, period_days }
    }

    fn irregular(evidence: String) -> Cadence {
        Cadence { label: "irregular".to_owned(), evidence, missed_runs: None, missed: Vec::new(), period_days: 0.0 }
    }
}

const DAY: i64 = 86_400;
const MINUTE: i64 = 60;
/// Messages so close together are one run.
const RUN_SECONDS: i64 = 30 * MINUTE;
/// A weekday belongs to the cadence if so many of its days have a run.
const WEEKDAY_COVERAGE: f64 = 0.6;
/// So many of the days with a run must lie on weekdays of the cadence.
const IN_SET: f64 = 0.9;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Reads the cadence of `times`, sorted seconds of local time. Times before 1971 and after 2100 are left out.
pub fn read(times: &[i64]) -> Cadence {
    let plausible = 365 * DAY..47_482 * DAY;
    let times: Vec<i64> = times.iter().copied().filter(|at| plausible.contains(at)).collect();
    let times = times.as_slice();
    if times.len() < 4 {
        return Cadence::irregular(format!("{} messages are too few to tell", times.len()));
    }
    if let Some(found) = within_a_day(times) {
        return found;
    }
    let runs = runs(times);
    let clock = Clock::of(&runs);
    // A run at 23:55 that is late by ten minutes still belongs to its day.
    let shift = if clock.is_late() { 6 * 3600 } else { 0 };
    let mut days: Vec<i64> = runs.iter().map(|at| (at - shift).div_euclid(DAY)).collect();
    days.dedup();
    if days.len() < 4 {
        return Cadence::irregular(format!("runs on {} days are too few to tell", days.len()));
    }
    // Several times on nearly every day and at no fixed time: somebody presses a button.
    let scattered = clock.at.is_empty() && runs.len() * 5 > days.len() * 6;
    let on_demand = |found: &Cadence| scattered && found.period_days < 2.0;
    monthly(&days, &clock)
        .or_else(|| by_weekday(&days, &clock))
        .map(|found| match on_demand(&found) {
            true => Cadence::irregular(format!(
                "{} at no fixed time, {} runs on {} days",
                found.label,
                runs.len(),
                days.len()
            )),
            false => found,
        })
        .or_else(|| every_other_week(&days, &clock))
        .unwrap_or_else(|| Cadence::irregular(format!("{} runs on {} days without a pattern", runs.len(), days.len())))
}

/// What a person does week by week or month by month, some days early or late. `times` as for [`read`].
pub fn by_hand(times: &[i64]) -> Cadence {
    let days: Vec<i64> = runs(times).iter().map(|at| at.div_euclid(DAY)).collect();
    let gaps: Vec<i64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (label, period, slack) in [("weekly", 7, 3), ("monthly", 30, 9), ("quarterly", 91, 20)] {
        let near = |gap: i64, times: i64| (gap - times * period).abs() <= slack;
        let exact = gaps.iter().filter(|gap| near(**gap, 1)).count();
        let skipped: Vec<(i64, i64)> = days
            .windows(2)
            .filter_map(|pair| (2..=4).find(|n| near(pair[1] - pair[0], *n)).map(|n| (pair[0], n)))
            .collect();
        if gaps.len() < 5 || exact * 10 < gaps.len() * 6 || (exact + skipped.len()) * 10 < gaps.len() * 9 {
            continue;
        }
        let missed = skipped
            .iter()
            .flat_map(|(from, n)| (1..*n).map(move |step| civil(from + step * period).to_string()))
            .collect();
        let evidence = format!("{exact} of {} gaps are about {period} days", gaps.len());
        return Cadence::regular(format!("about {label}"), evidence, missed, period as f64);
    }
    Cadence::irregular(format!("{} runs without a pattern", days.len()))
}

/// The first time of each run.
fn runs(times: &[i64]) -> Vec<i64> {
    let mut runs: Vec<i64> = Vec::new();
    let mut last = i64::MIN / 2;
    for at in times {
        if at - last > RUN_SECONDS {
            runs.push(*at);
        }
        last = *at;
    }
    runs
}

fn median(sorted: &[i64]) -> i64 {
    sorted[sorted.len() / 2]
}

/// Every hour, every 15 minutes, …
fn within_a_day(times: &[i64]) -> Option<Cadence> {
    let mut distinct = times.to_vec();
    distinct.dedup_by(|later, earlier| *later - *earlier < MINUTE);
    if distinct.len() < 12 {
        return None;
    }
    let gaps: Vec<i64> = distinct.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut sorted = gaps.clone();
    sorted.sort_unstable();
    let middle = median(&sorted);
    let minutes = [5, 10, 15, 20, 30, 60, 120, 180, 240, 360];
    let period =
        minutes.into_iter().find(|m| (middle - m * MINUTE).abs() <= (m * MINUTE / 8).max(2 * MINUTE))? * MINUTE;
    let near = |gap: i64, times: i64| (gap - times * period).abs() <= (period / 8).max(3 * MINUTE);
    let exact = gaps.iter().filter(|gap| near(**gap, 1)).count();
    let missed: i64 =
        gaps.iter().filter(|gap| (2..=4).any(|n| near(**gap, n))).map(|gap| (gap + period / 2) / period - 1).sum();
    // Bursts are no clock: the runs must fill a good part of the time.
    let span = distinct[distinct.len() - 1] - distinct[0];
    if exact * 10 < gaps.len() * 6 || (gaps.len() as i64) * period * 7 < span {
        return None;
    }
    let label = match period / MINUTE {
        60 => "hourly".to_owned(),
        m if m < 60 => format!("every {m} minutes"),
        m => format!("every {} hours", m / 60),
    };
    let evidence = format!("{exact} of {} gaps are of that length", gaps.len());
    let missed_runs = Some(u32::try_from(missed).unwrap_or(0));
    Some(Cadence { label, evidence, missed_runs, missed: Vec::new(), period_days: period as f64 / DAY as f64 })
}

/// At what time of the day.
struct Clock {
    /// Minutes after midnight; one or two.
    at: Vec<i64>,
}

impl Clock {
    fn of(runs: &[i64]) -> Clock {
        let minutes: Vec<i64> = runs.iter().map(|at| at.rem_euclid(DAY) / MINUTE).collect();
        let Some((first, inside)) = window(&minutes) else { return Clock { at: Vec::new() } };
        if inside.len() * 10 >= minutes.len() * 7 {
            return Clock { at: vec![likely(first, &inside)] };
        }
        let rest: Vec<i64> = minutes.iter().copied().filter(|m| !inside.contains(m)).collect();
        let Some((second, others)) = window(&rest) else { return Clock { at: Vec::new() } };
        if (inside.len() + others.len()) * 10 < minutes.len() * 8 || others.len() * 10 < minutes.len() * 2 {
            return Clock { at: Vec::new() };
        }
        let (one, two) = (likely(first, &inside), likely(second, &others));
        // A clock that does not follow summer time: the same job, an hour apart by season.
        if ((one - two).abs() - 60).abs() <= 10 {
            return Clock { at: vec![one] };
        }
        Clock { at: vec![one.min(two), one.max(two)] }
    }

    fn is_late(&self) -> bool {
        self.at.len() == 1 && self.at[0] >= 23 * 60
    }

    fn words(&self) -> String {
        let times: Vec<String> = self.at.iter().map(|m| format!("{:02}:{:02}", m / 60, m % 60)).collect();
        if times.is_empty() { String::new() } else { format!(" {}", times.join(" and ")) }
    }
}

/// The 40 minutes of the day with most runs: where they begin, and the runs in them.
fn window(minutes: &[i64]) -> Option<(i64, Vec<i64>)> {
    const WIDTH: i64 = 40;
    let mut counts = [0usize; 1440];
    for m in minutes {
        counts[*m as usize] += 1;
    }
    let sum = |start: i64| (0..WIDTH).map(|k| counts[((start + k) % 1440) as usize]).sum::<usize>();
    // The middle one of the best windows, so that the runs lie in its middle.
    let best = (0..1440).map(sum).max().filter(|n| *n > 0)?;
    let starts: Vec<i64> = (0..1440).filter(|start| sum(*start) == best).collect();
    let start = starts[starts.len() / 2];
    let inside = minutes.iter().copied().filter(|m| (m - start).rem_euclid(1440) < WIDTH).collect();
    Some((start, inside))
}

/// The minute a job is set to: people choose round ones, and jobs are late rather than early.
fn likely(start: i64, inside: &[i64]) -> i64 {
    let mut offsets: Vec<i64> = inside.iter().map(|m| (m - start).rem_euclid(1440)).collect();
    offsets.sort_unstable();
    let at = |share: usize| offsets[(offsets.len() - 1) * share / 100];
    let (low, high, middle) = (at(5), at(95), at(50));
    let mut chosen = middle;
    if high - low > 1 {
        let round = |step: i64| {
            let within = (low..=high).filter(|offset| (start + offset).rem_euclid(step) == 0);
            within.min_by_key(|offset| ((offset - middle).abs(), *offset))
        };
        let first = (low..=high).find(|offset| (start + offset).rem_euclid(5) == 0);
        let nearest = round(10).filter(|o| (o - middle).abs() <= 5).or_else(|| round(5));
        chosen = if high - low <= 12 { first } else { nearest }.unwrap_or(middle);
    }
    (start + chosen).rem_euclid(1440)
}

fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// The same weekdays again and again; all seven are daily.
fn by_weekday(days: &[i64], clock: &Clock) -> Option<Cadence> {
    let (first, last) = (days[0], *days.last()?);
    let (mut seen, mut there) = ([0u32; 7], [0u32; 7]);
    days.iter().for_each(|day| seen[weekday(*day)] += 1);
    (first..=last).for_each(|day| there[weekday(day)] += 1);
    let member = |day: usize| there[day] > 0 && f64::from(seen[day]) >= WEEKDAY_COVERAGE * f64::from(there[day]);
    let set: Vec<usize> = (0..7).filter(|day| member(*day)).collect();
    let inside: u32 = set.iter().map(|day| seen[*day]).sum();
    let expected: u32 = set.iter().map(|day| there[*day]).sum();
    let weeks = (last - first) / 7;
    if set.is_empty() || f64::from(inside) < IN_SET * days.len() as f64 || weeks < 2 && set.len() < 5 {
        return None;
    }
    let label = match set.as_slice() {
        [0, 1, 2, 3, 4, 5, 6] => "daily".to_owned(),
        [0, 1, 2, 3, 4] => "weekdays".to_owned(),
        [one] => format!("weekly {}", WEEKDAYS[*one]),
        many => many.iter().map(|day| WEEKDAYS[*day]).collect::<Vec<_>>().join(", "),
    };
    let missed = (first..=last).filter(|day| set.contains(&weekday(*day)) && days.binary_search(day).is_err());
    Some(Cadence::regular(
        format!("{label}{}", clock.words()),
        format!("runs on {inside} of {expected} such days, on {} others", days.len() as u32 - inside),
        missed.map(date).collect(),
        7.0 / set.len() as f64,
    ))
}

fn every_other_week(days: &[i64], clock: &Clock) -> Option<Cadence> {
    let mut seen = [0usize; 7];
    days.iter().for_each(|day| seen[weekday(*day)] += 1);
    let day = (0..7).max_by_key(|day| seen[*day])?;
    let gaps = days.windows(2).map(|pair| pair[1] - pair[0]);
    let fitting = gaps.clone().filter(|gap| *gap == 14 || *gap == 28).count();
    let fits = seen[day] * 10 >= days.len() * 8 && fitting * 10 >= (days.len() - 1) * 7;
    let missed = days.windows(2).filter(|pair| pair[1] - pair[0] == 28).map(|pair| date(pair[0] + 14)).collect();
    let evidence = format!("{fitting} of {} gaps are of 14 or 28 days", days.len() - 1);
    fits.then(|| Cadence::regular(format!("every 2 weeks {}{}", WEEKDAYS[day], clock.words()), evidence, missed, 14.0))
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy)]
struct Date {
    /// Months since the year 0.
    month: i64,
    /// From 1.
    day: i64,
    /// Days of the month.
    length: i64,
    number: i64,
}

impl Date {
    fn of(number: i64) -> Date {
        let date = civil(number);
        let first = date.first_of_month();
        Date {
            month: i64::from(date.year()) * 12 + i64::from(date.month()) - 1,
            day: i64::from(date.day()),
            length: i64::from(first.days_in_month()),
            number,
        }
    }

    /// The last working day of the month, or anything after it.
    fn is_month_end(self) -> bool {
        let end = self.number + self.length - self.day;
        let last_working = (0..3).map(|back| end - back).find(|day| weekday(*day) < 5).unwrap_or(end);
        self.number >= last_working.min(end - 1)
    }

    /// Whether a run set to this day of the month would come now, put off or brought forward by a weekend.
    fn fits(self, day: i64) -> bool {
        let off = self.day - day;
        let set = weekday(self.number - off);
        off == 0 || set >= 5 && (off == 7 - set as i64 || off == 4 - set as i64) || off == 1
    }
}

fn civil(day: i64) -> jiff::civil::Date {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.saturating_add(jiff::Span::new().days(day.clamp(-700_000, 2_900_000)))
}

fn date(day: i64) -> String {
    civil(day).to_string()
}

/// Once a month or once a quarter.
fn monthly(days: &[i64], clock: &Clock) -> Option<Cadence> {
    let dates: Vec<Date> = days.iter().map(|day| Date::of(*day)).collect();
    let mut months: Vec<i64> = dates.iter().map(|date| date.month).collect();
    months.dedup();
    let (first, last) = (months[0], *months.last()?);
    let span = last - first + 1;
    // Now and then there is a second run; a run put off may fall into the next month.
    if months.len() < 3
        || days.len() * 10 > months.len() * 13
        || (months.len() as i64) * 10 < span.min(span / 3 * 2) * 5
    {
        return None;
    }
    let share = |n: usize| n as f64 / dates.len() as f64;
    let ends = dates.iter().filter(|date| date.is_month_end()).count();
    let fixed = (1..=28)
        .map(|day| {
            (dates.iter().filter(|date| date.fits(day)).count(), dates.iter().filter(|d| d.day == day).count(), day)
        })
        .max()?;
    let nth = |date: &Date| (weekday(date.number), (date.day - 1) / 7);
    let same_nth = dates.iter().filter(|date| nth(date) == nth(&dates[0])).count();
    let (label, fitting) = if share(ends) >= 0.75 && ends >= fixed.0 {
        ("month-end".to_owned(), ends)
    } else if share(same_nth) >= 0.9 && same_nth > fixed.1 {
        let (day, n) = nth(&dates[0]);
        (format!("monthly {} {}", ["first", "second", "third", "fourth", "fifth"][n as usize], WEEKDAYS[day]), same_nth)
    } else if share(fixed.0) >= 0.75 {
        (format!("monthly day {}", fixed.2), fixed.0)
    } else {
        return None;
    };
    let quarterly = months.len() >= 4
        && months.windows(2).filter(|pair| pair[1] - pair[0] == 3).count() * 10 >= (months.len() - 1) * 7;
    if !quarterly && (months.len() as i64) * 10 < span * 6 {
        return None;
    }
    let step = if quarterly { 3 } else { 1 };
    let missed = (first..=last).step_by(step).filter(|month| !months.contains(month));
    Some(Cadence::regular(
        format!("{}{label}{}", if quarterly { "quarterly, " } else { "" }, clock.words()),
        format!("{fitting} of {} runs fit", dates.len()),
        missed.map(|month| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)).collect(),
        30.4 * step as f64,
    ))
}

#[cfg(test)]
#[path = "cadence_tests.rs"]
mod tests;
