//! Which senders are machines, what kind of machine each is, and how regularly it writes. Pure.

use super::cadence::{self, Cadence};
use super::ground::local;
use super::kind::{Base, clues, kind_of};
use super::tally::{SenderTally, Template};
use super::words::{WORDS, plain};

/// A machine that was recognised.
#[derive(Clone, Debug)]
pub struct System {
    /// Masked subject that tells it from others of the same address; empty for the main one.
    pub pattern: String,
    /// `scanner`, `ERP or orders`, `alarms and monitoring`, `web form`, `bank`, `SaaS`, `fax`, `backup`, `mail system`, `calendar`, `newsletter`, `other`.
    pub kind: String,
    /// Why it is taken for a machine, and why for that kind.
    pub evidence: String,
    /// How regular.
    pub cadence: Cadence,
    /// Letters.
    pub letters: Vec<i64>,
    /// Unix seconds.
    pub first: Option<i64>,
    /// Unix seconds.
    pub last: Option<i64>,
    /// At most three subjects as they were.
    pub subjects: Vec<String>,
    /// How sure it is that this is a machine, 0 to 1.
    pub score: f64,
}

/// Fewest letters of a sender that is known for a machine by what it says of itself.
const FEWEST_MARKED: u32 = 3;
/// Fewest letters of a sender that is known for a machine by its regularity alone.
const FEWEST_REGULAR: u32 = 10;
/// Fewest runs of a masked subject that has a cadence of its own.
const FEWEST_RUNS: usize = 5;

/// A part of a whole, 0 of nothing.
pub(super) fn share(n: u32, of: u32) -> f64 {
    if of == 0 { 0.0 } else { f64::from(n) / f64::from(of) }
}

/// Whether a sender is a machine: how sure, and why.
///
/// `posted` are its letters through mailing lists of several senders.
pub fn is_machine(address: &str, sender: &SenderTally, posted: u32) -> Option<(f64, String)> {
    let letters = sender.letters;
    let own_mail = letters.saturating_sub(sender.answers + sender.replied);
    // Posts of people to a mailing list carry its marks, not theirs.
    if sender.human || share(posted, letters) > 0.5 || own_mail < FEWEST_MARKED {
        return None;
    }
    let service = WORDS.service.hit_start(&plain(local(address)));
    let marked = share(sender.generated.max(sender.null_path).max(sender.machine), letters);
    let answered = share(sender.answers, letters);
    let mut reasons = Vec::new();
    if let Some(word) = service {
        reasons.push(format!("its address begins with \"{word}\""));
    }
    if share(sender.generated, letters) >= 0.3 {
        reasons.push(format!("{} of {letters} messages say that they are automatic", sender.generated));
    }
    if share(sender.null_path, letters) >= 0.3 {
        reasons.push(format!("{} have a null Return-Path", sender.null_path));
    }
    if share(sender.machine, letters) >= 0.5 {
        reasons.push(format!("{} have a machine's sender", sender.machine));
    }
    if share(sender.bulk, letters) >= 0.5 {
        reasons.push(format!("{} are marked as a distribution", sender.bulk));
    }
    let often: usize = sender.templates.values().filter(|one| one.runs.len() >= 3).map(|one| one.runs.len()).sum();
    // `Accepted: …` and `Declined: …` are two subjects, too.
    let starts: u32 = sender
        .first_words
        .sorted()
        .into_iter()
        .take(4)
        .filter(|(word, n)| *n >= 5 && word.len() > 2)
        .map(|(_, n)| n)
        .sum();
    let alike = if letters >= 20 && sender.answers * 50 <= letters { share(starts, letters) } else { 0.0 };
    let uniform = (often as f64 / f64::from(letters)).max(alike);
    if alike >= 0.8 {
        reasons.push(format!("{starts} of {letters} messages begin with the same few words"));
    } else if uniform >= 0.6 {
        let kinds = sender.templates.values().filter(|one| one.runs.len() >= 3).count();
        reasons.push(format!("{often} of {letters} messages have one of {kinds} subjects"));
    }
    let by_marks = !reasons.is_empty()
        && answered < 0.3
        && (service.is_some() || marked >= 0.5 || share(sender.bulk, letters) >= 0.5);
    // Without marks: the same subjects again and again, no answers, and a clock or very many of them.
    // A person may write a series of memos; only a clock tells a machine from somebody diligent.
    let steady = || {
        let all = times(sender.templates.values());
        let main = sender.templates.values().filter(|one| one.runs.len() >= 10 && one.runs.len() * 5 >= all.len() * 2);
        cadence::read(&all).is_regular()
            || letters >= 40 && !is_name(address, sender)
            || main
                .into_iter()
                .map(|one| cadence::read(&times(std::iter::once(one))))
                .any(|of| of.is_regular() && of.period_days < 1.0)
    };
    let by_habit = own_mail >= FEWEST_REGULAR && uniform >= 0.8 && answered < 0.1 && steady();
    if !by_marks && !by_habit {
        return None;
    }
    let score =
        (0.4 + 0.3 * f64::from(u8::from(service.is_some())) + 0.3 * marked + 0.2 * uniform - answered).clamp(0.1, 0.99);
    Some((score, reasons.join("; ")))
}

/// Whether a person's name stands in the address: `anna.berg`, or any part of the full name that it is shown with. Words
/// put together otherwise (`daily_update`) are no name.
fn is_name(address: &str, sender: &SenderTally) -> bool {
    let words = plain(local(address));
    let lists = [&WORDS.shared, &WORDS.list, &WORDS.service];
    if lists.iter().any(|list| list.hit_start(&words).is_some()) || words.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let mut parts = local(address).split('.');
    let dotted =
        parts.clone().count() >= 2 && parts.all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic));
    let called = sender.names.top().and_then(|(name, _)| super::person::full_name(name));
    let is_called = |name: Vec<String>| words.split_whitespace().any(|word| name.iter().any(|one| one == word));
    dotted || called.is_some_and(is_called)
}

fn times<'a>(templates: impl Iterator<Item = &'a Template>) -> Vec<i64> {
    let mut all: Vec<i64> = templates.flat_map(|one| one.runs.iter().map(|(local, _, _)| *local)).collect();
    all.sort_unstable();
    all
}

/// The period without its time of the day.
fn period(label: &str) -> &str {
    label.find(|c: char| c.is_ascii_digit()).filter(|_| label.contains(':')).map_or(label, |at| label[..at].trim_end())
}

/// A masked subject with its kind.
type Sorted<'a> = (String, (&'a String, &'a Template));

struct Group<'a> {
    key: (String, String),
    templates: Vec<(&'a String, &'a Template)>,
}

impl Group<'_> {
    fn letters(&self) -> usize {
        self.templates.iter().map(|(_, one)| one.runs.len()).sum()
    }
}

/// The systems behind one address. `existing` are the patterns that earlier scans gave to systems of this address.
pub fn systems(address: &str, sender: &SenderTally, posted: u32, outside: bool, existing: &[String]) -> Vec<System> {
    let Some((score, why)) = is_machine(address, sender, posted) else { return Vec::new() };
    let mut all: Vec<(&String, &Template)> = sender.templates.iter().collect();
    all.sort_by_key(|(mask, one)| (std::cmp::Reverse(one.runs.len()), *mask));
    let base = Base::of(address, sender);
    let groups = groups(&base, sender, &all, outside);
    let mut found = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let pattern = if at == 0 { String::new() } else { pattern(group, existing) };
        let clues = clues(&base, &group.templates);
        let (kind, because) = kind_of(&clues, sender, outside);
        let mut runs: Vec<(i64, i64, i64)> =
            group.templates.iter().flat_map(|(_, one)| one.runs.iter().copied()).collect();
        runs.sort_unstable();
        if runs.is_empty() {
            continue;
        }
        found.push(System {
            pattern,
            kind,
            evidence: if because.is_empty() { why.clone() } else { format!("{why}; {because}") },
            cadence: cadence_of(group, &runs),
            first: runs.iter().map(|(_, at, _)| *at).min(),
            last: runs.iter().map(|(_, at, _)| *at).max(),
            letters: runs.iter().map(|(_, _, letter)| *letter).collect(),
            subjects: group.templates.iter().take(3).map(|(_, one)| one.sample.clone()).collect(),
            score,
        });
    }
    found
}

/// Of all its mail, else of the subject that has one.
fn cadence_of(group: &Group<'_>, runs: &[(i64, i64, i64)]) -> Cadence {
    let times: Vec<i64> = runs.iter().map(|(local, _, _)| *local).collect();
    let whole = cadence::read(&times);
    if whole.is_regular() {
        return whole;
    }
    let parts = group.templates.iter().filter(|(_, one)| one.runs.len() * 2 > runs.len());
    parts
        .map(|(mask, one)| (mask, cadence::read(&self::times(std::iter::once(*one)))))
        .find(|(_, cadence)| cadence.is_regular())
        .map(|(mask, mut cadence)| {
            cadence.evidence = format!("\"{mask}\": {}", cadence.evidence);
            cadence
        })
        .unwrap_or(whole)
}

fn pattern(group: &Group<'_>, existing: &[String]) -> String {
    let known = group.templates.iter().find(|(mask, _)| existing.contains(mask));
    known.or(group.templates.first()).map_or(String::new(), |(mask, _)| (*mask).clone())
}

/// Divides the mail of one address where kinds or cadences differ clearly; the largest group comes first.
fn groups<'a>(base: &Base, sender: &SenderTally, all: &[(&'a String, &'a Template)], outside: bool) -> Vec<Group<'a>> {
    let one =
        |templates: Vec<(&'a String, &'a Template)>| vec![Group { key: (String::new(), String::new()), templates }];
    let whole = clues(base, all);
    let named = whole.guesses().first().filter(|guess| guess.points >= 3.0).map(|guess| guess.kind.clone());
    let news = Some(kind_of(&whole, sender, outside).0).filter(|kind| kind == "newsletter");
    let by_name = news.or(WORDS.systems.iter().find(|words| words.sender.hit(&base.sender).is_some()).and(named));
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut rest = Vec::new();
    for (mask, template) in all {
        let cadence = if template.runs.len() >= FEWEST_RUNS {
            cadence::read(&times(std::iter::once(*template)))
        } else {
            Cadence {
                label: String::new(),
                evidence: String::new(),
                missed_runs: None,
                missed: Vec::new(),
                period_days: 0.0,
            }
        };
        let kind = match &by_name {
            Some(kind) => kind.clone(),
            None => kind_of(&clues(base, &[(*mask, *template)]), sender, outside).0,
        };
        if !cadence.is_regular() {
            rest.push((kind, (*mask, *template)));
            continue;
        }
        let key = (kind, period(&cadence.label).to_owned());
        match groups.iter_mut().find(|group| group.key == key) {
            Some(group) => group.templates.push((*mask, *template)),
            None => groups.push(Group { key, templates: vec![(*mask, *template)] }),
        }
    }
    rest = apart_if_on_demand(&mut groups, rest);
    rest.sort_by_key(|(_, (mask, one))| (std::cmp::Reverse(one.runs.len()), *mask));
    for (kind, template) in rest {
        let largest = |same: bool| {
            let fitting = (0..groups.len()).filter(|at| !same || groups[*at].key.0 == kind);
            fitting.max_by_key(|at| groups[*at].letters())
        };
        let apart = template.1.runs.len() >= FEWEST_RUNS && kind != "other" && kind != "SaaS" && by_name.is_none();
        // What begins alike comes from one program, whatever it tells of.
        let begin = |mask: &str| mask.split(' ').next().unwrap_or_default().to_owned();
        let alike = largest(false).filter(|at| {
            let (first, _) = groups[*at].templates[0];
            begin(first).len() > 3 && begin(first) == begin(template.0)
        });
        match largest(true).or(alike).or_else(|| largest(false).filter(|_| !apart)) {
            Some(at) => groups[at].templates.push(template),
            None => groups.push(Group { key: (kind, String::new()), templates: vec![template] }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.letters()));
    if groups.len() > 6 { one(all.to_vec()) } else { groups }
}

/// Mail on demand beside a clock of the same kind: where both are many and together have no cadence, they are two.
fn apart_if_on_demand<'a>(groups: &mut Vec<Group<'a>>, rest: Vec<Sorted<'a>>) -> Vec<Sorted<'a>> {
    let mut by_kind: std::collections::BTreeMap<String, Vec<(&'a String, &'a Template)>> = Default::default();
    for (kind, template) in rest {
        by_kind.entry(kind).or_default().push(template);
    }
    let mut left = Vec::new();
    for (kind, templates) in by_kind {
        let letters: usize = templates.iter().map(|(_, one)| one.runs.len()).sum();
        let regular = groups.iter().filter(|group| group.key.0 == kind).max_by_key(|group| group.letters());
        let apart = regular.is_some_and(|group| {
            let together = group.templates.iter().chain(&templates).map(|(_, one)| *one);
            letters >= 20 && letters * 10 >= 3 * group.letters() && !cadence::read(&times(together)).is_regular()
        });
        if apart {
            groups.push(Group { key: (kind, String::new()), templates });
        } else {
            left.extend(templates.into_iter().map(|template| (kind.clone(), template)));
        }
    }
    left
}

#[cfg(test)]
#[path = "system_tests.rs"]
mod tests;
