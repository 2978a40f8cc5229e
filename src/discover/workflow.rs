//! Processes that run through the mail.
//!
//! Letters become runs (`case`), runs get features (`feature`), runs of one shape become processes (`cluster`), what comes by
//! the clock is found apart (`rhythm`), each step gets an activity (`activity`), and what the runs of a process have in
//! common is described (`run`, `shape`, `describe`). All is judged from what the scan left in `trace`; no text is read.

mod activity;
mod case;
mod centre;
mod cluster;
mod condition;
mod describe;
mod feature;
mod letter;
mod likeness;
mod mask;
mod rhythm;
mod run;
mod series;
mod shape;
mod stage;
mod state;
mod unite;
mod yearly;

use std::collections::BTreeSet;

use super::reconcile::reconcile;
use crate::store::Inventory;
use crate::store::estate::LetterCopies;
use crate::store::workflow::{CaseRow, FactRow, StepMail, WorkflowRow};
use case::Case;
use describe::Origin;
use foldhash::HashMap;
use letter::Mail;
use run::{Ground, Run};
use state::States;

/// Runs that belong together, before they are described.
struct Found {
    cases: Vec<u32>,
    origin: Source,
    score: f64,
}

enum Source {
    Shape,
    Clock(crate::discover::estate::cadence::Cadence),
    Yearly,
}

/// Finds the processes and writes them.
///
/// # Errors
/// Those of the store.
pub fn find(inventory: &Inventory, copies: &LetterCopies) -> rusqlite::Result<()> {
    let mut mail = read(inventory, copies)?;
    mail.assume_own();
    mail.learn_names();
    mail.drop_days();
    let cases = case::cases(&mail);
    let found = group(&mail, &cases);
    let end = mail.end();
    let mut workflows = Vec::with_capacity(found.len());
    let mut rows: Vec<CaseRow> = Vec::new();
    let mut of_row: Vec<usize> = Vec::new();
    for (at, one) in found.iter().enumerate() {
        let (workflow, runs) = describe_one(&mail, &cases, one, end);
        workflows.push(workflow);
        of_row.extend(std::iter::repeat_n(at, runs.len()));
        rows.extend(runs);
    }
    name_ids(inventory, &mail, &mut workflows, &mut rows, &of_row)
}

fn read(inventory: &Inventory, copies: &LetterCopies) -> rusqlite::Result<Mail> {
    let mut mail = Mail::new(inventory.own_domains()?, &inventory.address_kinds()?, &inventory.machine_addresses()?);
    mail.lay_out(&inventory.made_folders()?, &inventory.shared_mailboxes()?);
    mail.join_addresses(&inventory.second_addresses()?);
    inventory.step_letters(copies, &mut |mail_or_copy| match mail_or_copy {
        StepMail::Letter(letter) => mail.add(*letter),
        StepMail::Copy(letter_id, copy) => mail.add_copy(letter_id, &copy),
    })?;
    Ok(mail)
}

fn group(mail: &Mail, cases: &[Case]) -> Vec<Found> {
    let mut taken = vec![false; cases.len()];
    let mut found: Vec<Found> = rhythm::rhythms(mail, cases, &mut taken)
        .into_iter()
        .map(|one| Found { score: 0.9, cases: one.cases, origin: Source::Clock(one.cadence) })
        .collect();
    let (space, profiles) = feature::profiles(mail, cases);
    let day = |case: u32| mail.letters[cases[case as usize].letters[0] as usize].at.div_euclid(86_400);
    for one in cluster::clusters(&space, &profiles, &mut taken, &day) {
        let runs = one.cases.len() as f64;
        let score = f64::from(one.cohesion).sqrt()
            * f64::from(one.likeness).sqrt()
            * (1.0 - 1.0 / (1.0 + runs / 4.0))
            * f64::from(one.roles());
        if score < cluster::LEAST_SCORE {
            one.cases.iter().for_each(|case| taken[*case as usize] = false);
            continue;
        }
        found.push(Found { cases: one.cases, origin: Source::Shape, score: score.min(1.0) });
    }
    for cases in yearly::yearly(mail, cases, &space, &profiles, &mut taken) {
        found.push(Found { cases, origin: Source::Yearly, score: 0.4 });
    }
    found.sort_by(|one, other| one.cases.first().cmp(&other.cases.first()));
    found
}

fn describe_one(mail: &Mail, cases: &[Case], found: &Found, end: i64) -> (WorkflowRow, Vec<CaseRow>) {
    let members: Vec<&Case> = found.cases.iter().map(|case| &cases[*case as usize]).collect();
    let steps = activity::activities(mail, &members);
    let mut runs: Vec<Run<'_>> = members.into_iter().zip(steps).map(|(case, steps)| Run { case, steps }).collect();
    let origin = match &found.origin {
        Source::Shape => Origin::Shape,
        Source::Clock(cadence) => Origin::Clock(cadence),
        Source::Yearly => Origin::Yearly,
    };
    let states = States::of(mail, &runs);
    let kind = describe::kind(mail, &runs, origin, &states);
    if kind == "report" || kind == "notice" {
        let first = if kind == "report" { activity::Activity::Report } else { activity::Activity::Notify };
        runs.iter_mut().filter_map(|run| run.steps.first_mut()).for_each(|step| *step = (first, true));
    }
    let habits = run::Habits::of(mail, &runs, end);
    let next = describe::next_actors(mail, &runs);
    let series = describe::series(mail, &runs);
    let ground =
        Ground { habits: &habits, states: &states, end, series, dated: run::are_dated(mail, &runs), next: &next };
    let rows: Vec<CaseRow> = runs.iter().map(|run| run::row(mail, run, &ground)).collect();
    let mut workflow = summary(mail, &runs, &rows, found, origin, kind);
    let is_open = |at: usize| rows[at].status == "open";
    workflow.states = states.rows(mail, &runs, &is_open);
    workflow.states.extend(stage::rows(mail, &runs, &is_open));
    (workflow, rows)
}

fn summary(
    mail: &Mail,
    runs: &[Run<'_>],
    rows: &[CaseRow],
    found: &Found,
    origin: Origin<'_>,
    kind: &'static str,
) -> WorkflowRow {
    let entry = describe::entry(mail, runs);
    let entry_text = entry.map(|entry| mail.words.text(entry).to_owned());
    let mut hours: Vec<f64> = runs.iter().filter(|run| run.steps.len() > 1).map(|run| run.hours(mail)).collect();
    hours.sort_by(f64::total_cmp);
    let people: BTreeSet<u32> = runs.iter().flat_map(|run| run.letters(mail).map(|letter| letter.acting)).collect();
    let persons = shape::persons(mail, runs);
    let owner = persons
        .iter()
        .filter(|one| matches!(one.role, "approver" | "handler" | "reporter") && one.steps > 1)
        .max_by(|one, other| one.steps.cmp(&other.steps).then(other.actor.cmp(&one.actor)))
        .map(|one| one.actor.clone())
        .or_else(|| entry_text.clone());
    let (target, reason) = describe::target(kind);
    let name = describe::name(mail, runs, entry_text.as_deref());
    let trigger = trigger(mail, runs, origin, entry_text.as_deref());
    let mut facts = describe::facts(mail, runs, kind);
    for (at, what) in describe::samples(mail, runs) {
        let row = &rows[at];
        let first = crate::model::MessageId(row.steps[0].message_id);
        facts.push(FactRow {
            section: "sample",
            sentence: format!("{what}: {} (begins with {first}): {}", row.key, row.variant),
        });
    }
    let cadence = match origin {
        Origin::Clock(cadence) => Some(cadence),
        _ => None,
    };
    let missed: Vec<String> = cadence.map(|one| one.missed.iter().take(12).cloned().collect()).unwrap_or_default();
    if !missed.is_empty() {
        facts
            .push(FactRow { section: "exception", sentence: format!("runs that did not come: {}", missed.join(", ")) });
    }
    let standing = if origin == Origin::Yearly { "candidate" } else { "process" };
    WorkflowRow {
        workflow_id: 0,
        purpose: format!("{kind}: {trigger}"),
        kind,
        standing,
        owner_address: owner,
        trigger: Some(trigger),
        template: describe::series(mail, runs).map(|kind| mail.words.text(kind).to_owned()).unwrap_or_default(),
        cases: rows.len() as u32,
        open_cases: rows.iter().filter(|row| row.status == "open").count() as u32,
        messages: rows.iter().map(|row| row.steps.len() as u32).sum(),
        people: people.len() as u32,
        first: rows.iter().map(|row| row.opened).min(),
        last: rows.iter().map(|row| row.last).max(),
        median_hours: shape::quantile(&hours, 0.5),
        p90_hours: shape::quantile(&hours, 0.9),
        cadence: cadence.map(|one| one.label.clone()).or((origin == Origin::Yearly).then(|| "yearly".to_owned())),
        missed_runs: cadence.and_then(|one| one.missed_runs),
        target,
        target_reason: reason.to_owned(),
        evidence: evidence(runs, cadence.map(|one| one.evidence.as_str())),
        score: found.score,
        fields: shape::fields(mail, runs),
        transitions: shape::transitions(mail, runs),
        activities: shape::activities(mail, runs),
        states: Vec::new(),
        persons,
        facts,
        name,
        entry: entry_text,
    }
}

fn trigger(mail: &Mail, runs: &[Run<'_>], origin: Origin<'_>, entry: Option<&str>) -> String {
    if let Origin::Clock(cadence) = origin {
        return format!("it comes {}", cadence.label);
    }
    let outside = describe::share(runs, |run| mail.who(run.first(mail).from) == letter::Who::Outside);
    let machine = describe::share(runs, |run| run.first(mail).by_machine);
    let who = match () {
        () if machine >= 0.5 => "a program",
        () if outside >= 0.5 => "somebody outside",
        () => "somebody of the company",
    };
    format!("{who} writes to {}", entry.unwrap_or("one of several people"))
}

fn evidence(runs: &[Run<'_>], cadence: Option<&str>) -> String {
    let steps: usize = runs.iter().map(|run| run.steps.len()).sum();
    let seen: usize = runs.iter().flat_map(|run| &run.steps).filter(|(_, seen)| *seen).count();
    let clock = cadence.map(|text| format!("; {text}")).unwrap_or_default();
    format!("{} runs of one shape, {steps} steps of which {seen} say themselves what they do{clock}", runs.len())
}

/// Gives ids to processes and runs, those of before where they share most messages, and saves all.
fn name_ids(
    inventory: &Inventory,
    mail: &Mail,
    workflows: &mut [WorkflowRow],
    rows: &mut [CaseRow],
    of_row: &[usize],
) -> rusqlite::Result<()> {
    let (living, living_cases) = inventory.living_workflows()?;
    let (next, next_case) = inventory.next_workflow_ids()?;
    let workflow_of: HashMap<i64, i64> = living_cases.iter().copied().collect();
    let old: HashMap<i64, i64> =
        mail.letters.iter().filter_map(|letter| Some((letter.message_id, letter.old_case?))).collect();
    let members = |rows: &[CaseRow]| -> Vec<(usize, Option<i64>)> {
        let of = rows.iter().enumerate();
        of.flat_map(|(at, row)| row.steps.iter().map(move |step| (at, step.message_id)))
            .map(|(at, message)| (at, old.get(&message).copied()))
            .collect()
    };
    let of_cases = members(rows);
    let of_workflows =
        of_cases.iter().map(|(at, case)| (of_row[*at], case.and_then(|case| workflow_of.get(&case).copied())));
    let named = reconcile(workflows.len(), of_workflows, &living, next);
    let ids: Vec<i64> = living_cases.iter().map(|(case, _)| *case).collect();
    let named_cases = reconcile(rows.len(), of_cases.into_iter(), &ids, next_case);
    for (workflow, id) in workflows.iter_mut().zip(&named.ids) {
        workflow.workflow_id = *id;
    }
    for ((row, id), at) in rows.iter_mut().zip(&named_cases.ids).zip(of_row) {
        (row.case_id, row.workflow_id) = (*id, named.ids[*at]);
    }
    inventory.save_workflows(workflows, rows, &named.retired, &named_cases.retired)
}
