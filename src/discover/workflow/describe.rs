//! A process in words: what it is called, what kind it is, who owns it, where it starts, what cannot be seen.

use std::collections::{BTreeMap, BTreeSet};

use super::activity::Activity;
use super::letter::{Mail, Who};
use super::mask::is_common;
use super::run::Run;
use super::shape::{money, quantile};
use super::state::States;
use crate::model::cue;
use crate::store::workflow::FactRow;
use foldhash::HashMap;

/// What the runs come from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Origin<'a> {
    /// They are alike.
    Shape,
    /// They come by the clock.
    Clock(&'a crate::discover::estate::cadence::Cadence),
    /// There are two, a year apart.
    Yearly,
}

/// Texts with how many runs have them, most first.
fn counted<T: Ord + Clone>(all: impl Iterator<Item = T>) -> Vec<(u32, T)> {
    let mut counts: BTreeMap<T, u32> = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_default() += 1);
    let mut found: Vec<(u32, T)> = counts.into_iter().map(|(one, n)| (n, one)).collect();
    found.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    found
}

/// The part of the runs for which something holds.
pub fn share(runs: &[Run<'_>], holds: impl Fn(&Run<'_>) -> bool) -> f64 {
    runs.iter().filter(|run| holds(run)).count() as f64 / runs.len().max(1) as f64
}

/// The series of identifiers that most runs have, one of their own each: a place or a customer is none.
pub fn series(mail: &Mail, runs: &[Run<'_>]) -> Option<u32> {
    let mut values: BTreeMap<u32, (u32, BTreeSet<u32>)> = BTreeMap::new();
    for run in runs {
        let keys: BTreeSet<(u32, u32)> =
            run.letters(mail).flat_map(|letter| letter.keys.iter().map(|key| (key.kind, key.core))).collect();
        let mut before = None;
        for (kind, core) in keys {
            let entry = values.entry(kind).or_default();
            entry.0 += u32::from(before != Some(kind));
            entry.1.insert(core);
            before = Some(kind);
        }
    }
    let own = values.into_iter().filter(|(_, (runs, values))| values.len() * 10 >= *runs as usize * 3);
    let most = own.max_by_key(|(kind, (runs, _))| (*runs, std::cmp::Reverse(*kind)));
    most.filter(|(_, (n, _))| f64::from(*n) >= runs.len() as f64 * 0.3).map(|(kind, _)| kind)
}

/// What it is called: words that most first subjects share in their usual order, else where it goes.
pub fn name(mail: &Mail, runs: &[Run<'_>], entry: Option<&str>) -> String {
    let tokens = |run: &Run<'_>| -> Vec<u32> {
        let first = run.first(mail);
        let mut tokens = first.tokens.clone();
        tokens.retain(|word| *word != mail.hole && !mail.names.contains(word) && !is_common(mail.words.text(*word)));
        tokens
    };
    let all = counted(runs.iter().flat_map(|run| tokens(run).into_iter().collect::<BTreeSet<u32>>()));
    let mut kept: Vec<(f64, u32)> = Vec::new();
    for (n, word) in all.iter().filter(|(n, _)| f64::from(*n) >= runs.len() as f64 * 0.4).take(5) {
        let places = runs.iter().filter_map(|run| tokens(run).iter().position(|one| one == word));
        kept.push((places.sum::<usize>() as f64 / f64::from(*n), *word));
    }
    kept.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let mut words: Vec<&str> = kept.iter().map(|(_, word)| mail.words.text(*word)).collect();
    if words.is_empty() {
        // No word is in most subjects: the two most frequent, as alternatives.
        words = all.iter().take(2).filter(|(n, _)| *n > 1).map(|(_, word)| mail.words.text(*word)).collect();
        if words.len() == 2 {
            words.insert(1, "/");
        }
    }
    let text = words.join(" ");
    let series =
        series(mail, runs).map(|kind| mail.words.text(kind)).filter(|kind| kind.chars().any(char::is_alphabetic));
    match (text.is_empty(), series, entry) {
        (false, Some(series), _) => format!("{text} ({series})"),
        (false, None, _) => text,
        (true, Some(series), _) => series.to_owned(),
        (true, None, Some(entry)) => format!("mail to {entry}"),
        (true, None, None) => "without a name".to_owned(),
    }
}

/// Where most runs start: a shared address if there is one, else the person who gets most of them.
pub fn entry(mail: &Mail, runs: &[Run<'_>]) -> Option<u32> {
    let to = |wanted: fn(Who) -> bool| {
        let all = runs.iter().flat_map(|run| run.first(mail).to.iter().copied().collect::<BTreeSet<u32>>());
        counted(all.filter(|to| wanted(mail.who(*to))))
    };
    let shared = to(|who| matches!(who, Who::Shared | Who::List));
    let person = to(|who| who == Who::Person);
    let half = runs.len() as f64 * 0.4;
    shared.first().filter(|(n, _)| f64::from(*n) >= half).or_else(|| person.first()).map(|(_, to)| *to)
}

/// `approval`, `queue`, … for `workflow.kind`.
pub fn kind(mail: &Mail, runs: &[Run<'_>], origin: Origin<'_>, states: &States) -> &'static str {
    let decided = share(runs, |run| run.does(Activity::Approve) || run.does(Activity::Refuse));
    let machine = share(runs, |run| run.first(mail).by_machine || mail.who(run.first(mail).from) == Who::Machine);
    let drafts = share(runs, |run| {
        run.letters(mail).filter(|letter| letter.cues & cue::DRAFT != 0 && letter.cues & cue::FILE != 0).count() > 1
    });
    let form = share(runs, |run| run.first(mail).fields.len() >= 3);
    let in_states = share(runs, |run| states.of_run(mail, run).is_some());
    let outside = share(runs, |run| mail.who(run.first(mail).from) == Who::Outside);
    if let Origin::Clock(_) = origin {
        let files = share(runs, |run| run.first(mail).cues & (cue::REPORT | cue::FILE) != 0);
        return if machine < 0.5 || files > 0.5 { "report" } else { "notice" };
    }
    match () {
        () if origin == Origin::Yearly => "renewal",
        () if in_states >= 0.4 => "queue",
        () if drafts >= 0.4 => "review",
        () if decided >= 0.4 => "approval",
        () if machine >= 0.5 => "ticket",
        () if form >= 0.5 => "form",
        () if outside >= 0.5 => "intake",
        () => "handoff",
    }
}

/// The kind of system that could run it, and why.
pub fn target(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "approval" => {
            ("approval system", "somebody decides; the decision, the amount and the deputy should be recorded")
        }
        "queue" => ("ticket system", "a shared address is worked by moving mail; state and owner should be fields"),
        "ticket" => ("ticket system", "a program opens the runs and people answer them"),
        "review" => ("document management with review", "versions of one document go back and forth"),
        "form" => ("form with approval", "the same fields are filled in each time"),
        "intake" => ("ticket system", "outsiders start the runs; none may get lost"),
        "report" => {
            ("scheduled report", "it comes by the clock; a recipient list and a monitor for missed runs are enough")
        }
        "notice" => ("monitoring", "a program tells that something ran; only what is missing matters"),
        "renewal" => ("calendar with reminders", "it comes once a year and must not be forgotten"),
        _ => ("task list", "work is handed from one person to another"),
    }
}

/// Sentences of the dossier.
pub fn facts(mail: &Mail, runs: &[Run<'_>], kind: &str) -> Vec<FactRow> {
    let mut facts = Vec::new();
    let mut add = |section: &'static str, sentence: String| facts.push(FactRow { section, sentence });
    informed(mail, runs, &mut add);
    documents(mail, runs, &mut add);
    parties(mail, runs, &mut add);
    volume(mail, runs, &mut add);
    deadlines(mail, runs, &mut add);
    variants(runs, &mut add);
    not_visible(mail, runs, kind, &mut add);
    decisions(mail, runs, &mut add);
    facts
}

type Add<'a> = &'a mut dyn FnMut(&'static str, String);

fn informed(mail: &Mail, runs: &[Run<'_>], add: Add<'_>) {
    let all = runs.iter().flat_map(|run| {
        let copied: BTreeSet<u32> = run.letters(mail).flat_map(|letter| letter.cc.iter().copied()).collect();
        copied
    });
    for (n, who) in
        counted(all).into_iter().take(6).filter(|(n, _)| *n > 1 && f64::from(*n) >= runs.len() as f64 * 0.15)
    {
        add("informed", format!("{} gets a copy in {n} of {} runs", mail.words.text(who), runs.len()));
    }
}

fn documents(mail: &Mail, runs: &[Run<'_>], add: Add<'_>) {
    let all = runs.iter().flat_map(|run| {
        let mut files: BTreeSet<(bool, u32)> = BTreeSet::new();
        for (at, letter) in run.letters(mail).enumerate() {
            files.extend(letter.files.iter().map(|file| (at > 0, *file)));
        }
        files
    });
    for (n, (later, file)) in counted(all).into_iter().take(6).filter(|(n, _)| *n > 1) {
        let way = if later { "comes out" } else { "goes in" };
        add("document", format!("{} {way} in {n} of {} runs", mail.words.text(file), runs.len()));
    }
    let places = runs.iter().flat_map(|run| {
        let all: BTreeSet<(u32, u32)> = run.last(mail).places.iter().copied().collect();
        all
    });
    for (n, (mailbox, folder)) in
        counted(places).into_iter().take(4).filter(|(n, _)| f64::from(*n) >= runs.len() as f64 * 0.2)
    {
        let (mailbox, folder) = (mail.words.text(mailbox), mail.words.text(folder));
        add("document", format!("the last message of {n} of {} runs lies in {folder} of {mailbox}", runs.len()));
    }
}

fn parties(mail: &Mail, runs: &[Run<'_>], add: Add<'_>) {
    let of = |wanted: Who| {
        let all = runs.iter().flat_map(move |run| {
            let found: BTreeSet<u32> =
                run.letters(mail).map(|letter| letter.from).filter(|from| mail.who(*from) == wanted).collect();
            found
        });
        counted(all)
    };
    for (n, who) in of(Who::Machine).into_iter().take(4) {
        add("system", format!("{} writes in {n} of {} runs", mail.words.text(who), runs.len()));
    }
    let outside = of(Who::Outside);
    if !outside.is_empty() {
        let domains: BTreeSet<&str> = outside
            .iter()
            .filter_map(|(_, who)| mail.words.text(*who).rsplit_once('@'))
            .map(|(_, domain)| domain)
            .collect();
        let names: Vec<&str> = outside.iter().take(5).map(|(_, who)| mail.words.text(*who)).collect();
        add("outside", format!("{} outside domains take part; most often {}", domains.len(), names.join(", ")));
    }
}

fn month(at: i64) -> String {
    jiff::Timestamp::from_second(at).map(|stamp| stamp.to_string()[..7].to_owned()).unwrap_or_default()
}

fn volume(mail: &Mail, runs: &[Run<'_>], add: Add<'_>) {
    let months = counted(runs.iter().map(|run| month(run.first(mail).at)));
    if let Some((peak, when)) = months.first() {
        let first = runs.iter().map(|run| run.first(mail).at).min().unwrap_or(0);
        let last = runs.iter().map(|run| run.first(mail).at).max().unwrap_or(0);
        let span = ((last - first) as f64 / 86_400.0 / 30.44).max(1.0);
        add("volume", format!("{:.1} runs a month on average, most in {when} ({peak})", runs.len() as f64 / span));
    }
}

fn deadlines(mail: &Mail, runs: &[Run<'_>], add: Add<'_>) {
    let due = runs.iter().filter(|run| run.letters(mail).any(|letter| letter.cues & cue::DEADLINE != 0)).count();
    if due * 5 >= runs.len() {
        add("deadline", format!("a time by which is named in {due} of {} runs", runs.len()));
    }
    let escalated = runs.iter().filter(|run| run.does(Activity::Escalate)).count();
    let reminded = runs.iter().filter(|run| run.does(Activity::Remind)).count();
    if reminded + escalated > 0 {
        add("deadline", format!("{reminded} runs were reminded, {escalated} were taken to a higher place"));
    }
    let mut hours: Vec<f64> = runs.iter().map(|run| run.first(mail).local.rem_euclid(86_400) as f64 / 3600.0).collect();
    hours.sort_by(f64::total_cmp);
    if let (Some(early), Some(late)) = (quantile(&hours, 0.05), quantile(&hours, 0.95))
        && runs.len() >= 8
    {
        add("deadline", format!("nine of ten runs start between {:02}:00 and {:02}:00", early as u32, late as u32 + 1));
    }
}

fn variants(runs: &[Run<'_>], add: Add<'_>) {
    let all = counted(runs.iter().map(Run::variant));
    for (n, variant) in all.iter().take(3) {
        add("variant", format!("{n} of {}: {variant}", runs.len()));
    }
    let rare: u32 = all.iter().skip(3).map(|(n, _)| *n).sum();
    if rare > 0 {
        add("exception", format!("{rare} of {} runs go another way, {} ways in all", runs.len(), all.len()));
    }
    for (n, variant) in all.iter().skip(3).take(3) {
        add("exception", format!("{n} of {}: {variant}", runs.len()));
    }
}

fn not_visible(mail: &Mail, runs: &[Run<'_>], kind: &str, add: Add<'_>) {
    let decided = |run: &Run<'_>| run.does(Activity::Approve) || run.does(Activity::Refuse);
    let with = runs.iter().filter(|run| decided(run)).count();
    let without = runs.len() - with;
    if kind == "approval" && without > 0 {
        add("not visible", format!("{without} of {} runs show no decision; ask how it is given there", runs.len()));
    }
    // Work that is done after a request without anybody's yes: the yes may be given elsewhere.
    let done =
        runs.iter().filter(|run| !decided(run) && run.does(Activity::Request) && run.does(Activity::Confirm)).count();
    let asked = share(runs, |run| run.first(mail).cues & cue::ASKED != 0 || run.first(mail).cues & cue::MONEY != 0);
    if done * 2 >= runs.len() && asked >= 0.3 && with * 4 < runs.len() {
        add(
            "not visible",
            format!("{done} of {} runs are carried out and show no approval; ask where it is given", runs.len()),
        );
    }
    let single = runs.iter().filter(|run| run.case.letters.len() == 1).count();
    if single * 3 >= runs.len() && !matches!(kind, "report" | "notice") {
        add(
            "not visible",
            format!("{single} of {} runs are one message; what happens next is not in the mail", runs.len()),
        );
    }
}

fn decisions(mail: &Mail, runs: &[Run<'_>], add: Add<'_>) {
    let mut by: BTreeMap<(u32, &str), (u32, Vec<f64>)> = BTreeMap::new();
    for run in runs {
        for (letter, (activity, _)) in run.letters(mail).zip(&run.steps) {
            if matches!(activity, Activity::Approve | Activity::Refuse) {
                let entry = by.entry((letter.acting, activity.as_str())).or_default();
                entry.0 += 1;
                entry.1.extend(run.amount(mail).map(|amount| amount as f64));
            }
        }
    }
    let mut rows: Vec<_> = by.into_iter().collect();
    rows.sort_by(|one, other| other.1.0.cmp(&one.1.0).then(one.0.cmp(&other.0)));
    for ((who, activity), (n, mut amounts)) in rows.into_iter().take(12) {
        amounts.sort_by(f64::total_cmp);
        let range = match (amounts.first(), amounts.last()) {
            (Some(low), Some(high)) => format!(", amounts {} to {}", money(*low as i64), money(*high as i64)),
            _ => String::new(),
        };
        let word = if activity == "approve" { "approved" } else { "refused" };
        add("decision", format!("{} {word} {n} times{range}", mail.words.text(who)));
    }
}

/// Three real runs: a usual one, a refused one, the slowest. Index and what it stands for.
pub fn samples(mail: &Mail, runs: &[Run<'_>]) -> Vec<(usize, &'static str)> {
    let usual = counted(runs.iter().map(Run::variant)).first().map(|(_, variant)| variant.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut same: Vec<usize> = (0..runs.len()).filter(|at| runs[*at].variant() == usual).collect();
    same.sort_by(|one, other| runs[*one].hours(mail).total_cmp(&runs[*other].hours(mail)).then(one.cmp(other)));
    found.extend(same.get(same.len() / 2).map(|at| (*at, "usual")));
    found.extend((0..runs.len()).find(|at| runs[*at].does(Activity::Refuse)).map(|at| (at, "refused")));
    let slowest = (0..runs.len())
        .filter(|at| found.iter().all(|(known, _)| known != at))
        .max_by(|one, other| runs[*one].hours(mail).total_cmp(&runs[*other].hours(mail)).then(other.cmp(one)));
    found.extend(slowest.map(|at| (at, "slowest")));
    found
}

/// Whoever usually acts after an activity.
pub fn next_actors(mail: &Mail, runs: &[Run<'_>]) -> HashMap<Activity, u32> {
    let mut after: BTreeMap<(Activity, u32), u32> = BTreeMap::new();
    for run in runs {
        let actors: Vec<u32> = run.letters(mail).map(|letter| letter.acting).collect();
        for (at, pair) in run.steps.windows(2).enumerate() {
            *after.entry((pair[0].0, actors[at + 1])).or_default() += 1;
        }
    }
    let mut best: HashMap<Activity, (u32, u32)> = HashMap::default();
    for ((activity, actor), n) in after {
        let entry = best.entry(activity).or_insert((0, actor));
        if n > entry.0 {
            *entry = (n, actor);
        }
    }
    best.into_iter().map(|(activity, (_, actor))| (activity, actor)).collect()
}
