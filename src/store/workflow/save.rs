//! Writing processes: what is no longer found stays with its id where a decision may hang on it.

use rusqlite::{Result, params};

use crate::store::Inventory;
use crate::store::write::time;

/// A row of `workflow`. Times are Unix seconds.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct WorkflowRow {
    pub workflow_id: i64,
    pub name: String,
    pub kind: &'static str,
    pub standing: &'static str,
    pub purpose: String,
    pub owner_address: Option<String>,
    pub entry: Option<String>,
    pub trigger: Option<String>,
    pub template: String,
    pub cases: u32,
    pub open_cases: u32,
    pub messages: u32,
    pub people: u32,
    pub first: Option<i64>,
    pub last: Option<i64>,
    pub median_hours: Option<f64>,
    pub p90_hours: Option<f64>,
    pub cadence: Option<String>,
    pub missed_runs: Option<u32>,
    pub target: &'static str,
    pub target_reason: String,
    pub evidence: String,
    pub score: f64,
    pub fields: Vec<FieldRow>,
    pub transitions: Vec<TransitionRow>,
    pub persons: Vec<PersonRow>,
    pub facts: Vec<FactRow>,
    pub states: Vec<StateRow>,
    pub activities: Vec<ActivityRow>,
}

/// A row of `workflow_state`.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct StateRow {
    pub kind: &'static str,
    pub mailbox: String,
    pub label: String,
    pub runs: u32,
    pub open_runs: u32,
    pub is_last: bool,
}

/// A row of `workflow_activity`.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct ActivityRow {
    pub activity: &'static str,
    pub input: String,
    pub output: String,
    pub wait_p50_hours: Option<f64>,
    pub wait_p90_hours: Option<f64>,
}

/// A row of `workflow_field`.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct FieldRow {
    pub label: String,
    pub kind: &'static str,
    pub runs: u32,
    pub source: &'static str,
}

/// A row of `workflow_transition`.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct TransitionRow {
    pub from: &'static str,
    pub to: &'static str,
    pub runs: u32,
    pub wait_p50_hours: Option<f64>,
    pub wait_p90_hours: Option<f64>,
    pub condition: String,
}

/// A row of `workflow_person`.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct PersonRow {
    pub activity: &'static str,
    pub role: &'static str,
    pub actor: String,
    pub steps: u32,
    pub share: f64,
    pub amount_max_cents: Option<i64>,
}

/// A row of `workflow_fact`.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct FactRow {
    pub section: &'static str,
    pub sentence: String,
}

/// A row of `workflow_case` with its steps.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct CaseRow {
    pub case_id: i64,
    pub workflow_id: i64,
    pub key: String,
    pub status: &'static str,
    pub opened: i64,
    pub last: i64,
    pub outcome: Option<&'static str>,
    pub amount_cents: Option<i64>,
    pub variant: String,
    pub initiator: String,
    pub waiting_on: Option<String>,
    /// Days since 1970.
    pub due_day: Option<i64>,
    pub state_folder: Option<String>,
    pub steps: Vec<StepRow>,
}

/// A row of `workflow_step`.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct StepRow {
    pub message_id: i64,
    pub activity: &'static str,
    pub actor: String,
    pub at: i64,
    pub role: &'static str,
    pub wait_hours: Option<f64>,
    pub seen: &'static str,
}

/// Ids of processes, ascending, and of runs, each with its process.
pub type Living = (Vec<i64>, Vec<(i64, i64)>);

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

impl Inventory {
    /// Living processes and the runs of each: ids ascending; a run with its process.
    pub fn living_workflows(&self) -> Result<Living> {
        let mut rows = self.db.prepare("SELECT workflow_id FROM workflow WHERE retired_into IS NULL ORDER BY 1")?;
        let workflows = rows.query_map([], |r| r.get(0))?.collect::<Result<_>>()?;
        let mut rows =
            self.db.prepare("SELECT case_id, workflow_id FROM workflow_case WHERE retired_into IS NULL ORDER BY 1")?;
        let cases = rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_>>()?;
        Ok((workflows, cases))
    }

    /// The first ids that no process and no run ever had.
    pub fn next_workflow_ids(&self) -> Result<(i64, i64)> {
        self.db.query_row(
            "SELECT (SELECT coalesce(max(workflow_id), 0) + 1 FROM workflow),
               (SELECT coalesce(max(case_id), 0) + 1 FROM workflow_case)",
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
    }

    /// Replaces all processes; retired ids keep their names and what they went into (0: nothing).
    pub fn save_workflows(
        &self,
        workflows: &[WorkflowRow],
        cases: &[CaseRow],
        retired: &[(i64, Option<i64>)],
        retired_cases: &[(i64, Option<i64>)],
    ) -> Result<()> {
        self.db.execute_batch(
            "DELETE FROM workflow_step; DELETE FROM workflow_field; DELETE FROM workflow_transition;
             DELETE FROM workflow_person; DELETE FROM workflow_fact; DELETE FROM workflow_state;
             DELETE FROM workflow_activity;",
        )?;
        for one in workflows {
            self.put_workflow(one)?;
            self.put_dossier(one)?;
        }
        let mut retire = self.db.prepare(
            "UPDATE workflow SET cases = 0, open_cases = 0, messages = 0, people = 0, retired_into = ? WHERE workflow_id = ?",
        )?;
        for (id, into) in retired {
            retire.execute(params![into.unwrap_or(0), id])?;
        }
        let mut retire =
            self.db.prepare("UPDATE workflow_case SET status = 'retired', retired_into = ? WHERE case_id = ?")?;
        for (id, into) in retired_cases {
            retire.execute(params![into.unwrap_or(0), id])?;
        }
        cases.iter().try_for_each(|one| self.put_case(one))
    }

    fn put_workflow(&self, one: &WorkflowRow) -> Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO workflow (workflow_id, name, kind, cases, messages, people, first_at, last_at, median_hours,
                   cadence, recommended_target, score, standing, purpose, owner_address, entry, trigger, template,
                   open_cases, p90_hours, missed_runs, target_reason, evidence)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (workflow_id) DO UPDATE SET name = excluded.name, kind = excluded.kind, cases = excluded.cases,
                   messages = excluded.messages, people = excluded.people, first_at = excluded.first_at,
                   last_at = excluded.last_at, median_hours = excluded.median_hours, cadence = excluded.cadence,
                   recommended_target = excluded.recommended_target, score = excluded.score, retired_into = NULL,
                   standing = excluded.standing, purpose = excluded.purpose, owner_address = excluded.owner_address,
                   entry = excluded.entry, trigger = excluded.trigger, template = excluded.template,
                   open_cases = excluded.open_cases, p90_hours = excluded.p90_hours, missed_runs = excluded.missed_runs,
                   target_reason = excluded.target_reason, evidence = excluded.evidence",
            )?
            .execute(params![
                one.workflow_id,
                one.name,
                one.kind,
                one.cases,
                one.messages,
                one.people,
                one.first.and_then(time),
                one.last.and_then(time),
                one.median_hours.map(round),
                one.cadence,
                one.target,
                round(one.score),
                one.standing,
                one.purpose,
                one.owner_address,
                one.entry,
                one.trigger,
                one.template,
                one.open_cases,
                one.p90_hours.map(round),
                one.missed_runs,
                one.target_reason,
                one.evidence,
            ])?;
        Ok(())
    }

    fn put_dossier(&self, one: &WorkflowRow) -> Result<()> {
        let id = one.workflow_id;
        let mut put = self.db.prepare_cached("INSERT INTO workflow_field VALUES (?, ?, ?, ?, ?, ?)")?;
        for (ordinal, field) in (1i64..).zip(&one.fields) {
            put.execute(params![id, ordinal, field.label, field.kind, field.runs, field.source])?;
        }
        let mut put =
            self.db.prepare_cached("INSERT OR IGNORE INTO workflow_transition VALUES (?, ?, ?, ?, ?, ?, ?)")?;
        for step in &one.transitions {
            let (p50, p90) = (step.wait_p50_hours.map(round), step.wait_p90_hours.map(round));
            put.execute(params![id, step.from, step.to, step.runs, p50, p90, step.condition])?;
        }
        let mut put = self.db.prepare_cached("INSERT OR IGNORE INTO workflow_person VALUES (?, ?, ?, ?, ?, ?, ?)")?;
        for who in &one.persons {
            put.execute(params![
                id,
                who.activity,
                who.role,
                who.actor,
                who.steps,
                round(who.share),
                who.amount_max_cents
            ])?;
        }
        let mut put = self.db.prepare_cached("INSERT INTO workflow_fact VALUES (?, ?, ?, ?)")?;
        for (ordinal, fact) in (1i64..).zip(&one.facts) {
            put.execute(params![id, fact.section, ordinal, fact.sentence])?;
        }
        let mut put = self.db.prepare_cached("INSERT INTO workflow_state VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
        for (ordinal, one) in (1i64..).zip(&one.states) {
            put.execute(params![id, ordinal, one.kind, one.mailbox, one.label, one.runs, one.open_runs, one.is_last])?;
        }
        let mut put = self.db.prepare_cached("INSERT INTO workflow_activity VALUES (?, ?, ?, ?, ?, ?)")?;
        for one in &one.activities {
            let (p50, p90) = (one.wait_p50_hours.map(round), one.wait_p90_hours.map(round));
            put.execute(params![id, one.activity, one.input, one.output, p50, p90])?;
        }
        Ok(())
    }

    fn put_case(&self, one: &CaseRow) -> Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO workflow_case (case_id, workflow_id, case_key, status, opened_at, last_at, outcome, amount_cents,
                   variant, initiator, waiting_on, state_folder, due_on)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (case_id) DO UPDATE SET workflow_id = excluded.workflow_id, case_key = excluded.case_key,
                   status = excluded.status, opened_at = excluded.opened_at, last_at = excluded.last_at,
                   outcome = excluded.outcome, amount_cents = excluded.amount_cents, variant = excluded.variant,
                   initiator = excluded.initiator, waiting_on = excluded.waiting_on,
                   state_folder = excluded.state_folder, due_on = excluded.due_on, retired_into = NULL",
            )?
            .execute(params![
                one.case_id,
                one.workflow_id,
                one.key,
                one.status,
                time(one.opened),
                time(one.last),
                one.outcome,
                one.amount_cents,
                one.variant,
                one.initiator,
                one.waiting_on,
                one.state_folder,
                one.due_day.and_then(|day| time(day * 86_400)).map(|at| at[..10].to_owned())
            ])?;
        let mut put = self.db.prepare_cached("INSERT INTO workflow_step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
        for (ordinal, step) in (1i64..).zip(&one.steps) {
            put.execute(params![
                one.case_id,
                ordinal,
                step.message_id,
                step.activity,
                step.actor,
                time(step.at),
                step.role,
                step.wait_hours.map(round),
                step.seen
            ])?;
        }
        Ok(())
    }
}
