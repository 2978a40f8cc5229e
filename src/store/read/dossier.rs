//! All that is known of each process, for its dossier.

use rusqlite::{Result, Row};

use crate::store::Inventory;

/// A process with its parts. Strings are hostile.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the tables, see docs/inventory.md")]
pub struct Dossier {
    pub workflow_id: i64,
    pub name: String,
    pub kind: String,
    pub standing: String,
    pub purpose: String,
    pub owner_address: Option<String>,
    pub entry: Option<String>,
    pub trigger: Option<String>,
    pub template: String,
    pub cases: i64,
    pub open_cases: i64,
    pub messages: i64,
    pub people: i64,
    pub first_at: Option<String>,
    pub last_at: Option<String>,
    pub median_hours: Option<f64>,
    pub p90_hours: Option<f64>,
    pub cadence: Option<String>,
    pub missed_runs: Option<i64>,
    pub target: Option<String>,
    pub target_reason: String,
    pub score: f64,
    pub evidence: String,
    /// label, kind, runs, source
    pub fields: Vec<(String, String, i64, String)>,
    pub transitions: Vec<Transition>,
    pub people_of: Vec<Part>,
    /// section, sentence
    pub facts: Vec<(String, String)>,
    pub steps: Vec<Step>,
    pub open: Vec<OpenRun>,
    pub states: Vec<State>,
    /// What refusing messages begin with: id of the message, its excerpt.
    pub reasons: Vec<(i64, String)>,
}

/// A run that is not over.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table")]
pub struct OpenRun {
    pub case_id: i64,
    pub key: String,
    pub last_step: String,
    pub waiting_on: Option<String>,
    pub since: Option<String>,
    pub due_on: Option<String>,
    pub state: Option<String>,
}

/// A row of `workflow_state`.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table")]
pub struct State {
    pub kind: String,
    pub mailbox: String,
    pub label: String,
    pub runs: i64,
    pub open_runs: i64,
    pub is_last: bool,
}

/// A row of `workflow_transition`.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table")]
pub struct Transition {
    pub from: String,
    pub to: String,
    pub runs: i64,
    pub wait_p50_hours: Option<f64>,
    pub wait_p90_hours: Option<f64>,
    pub condition: String,
}

/// A row of `workflow_person`.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "as the columns of the table")]
pub struct Part {
    pub activity: String,
    pub role: String,
    pub actor: String,
    pub steps: i64,
    pub share: f64,
    pub amount_max_cents: Option<i64>,
}

/// An activity over all runs.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "plain counts")]
pub struct Step {
    pub activity: String,
    pub runs: i64,
    pub messages: i64,
    pub inferred: i64,
    /// Mean place in a run, from 1.
    pub place: f64,
    pub starts: i64,
    pub ends: i64,
    pub input: String,
    pub output: String,
    pub wait_p50_hours: Option<f64>,
    pub wait_p90_hours: Option<f64>,
}

/// So many open runs stand in a dossier; all are in `open_cases.csv`.
const MOST_OPEN: usize = 40;
/// So many refusals are quoted.
const MOST_REASONS: usize = 8;

impl Inventory {
    /// Calls `each` with every process, in the order of ids.
    ///
    /// # Errors
    /// Those of `each`, and SQLite's.
    pub fn dossiers<E: From<rusqlite::Error>>(
        &self,
        each: &mut dyn FnMut(Dossier) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let ids: Vec<i64> = {
            let mut rows =
                self.db.prepare("SELECT workflow_id FROM workflow WHERE retired_into IS NULL ORDER BY workflow_id")?;
            rows.query_map([], |r| r.get(0))?.collect::<Result<_>>()?
        };
        for id in ids {
            each(self.dossier(id)?)?;
        }
        Ok(())
    }

    fn dossier(&self, id: i64) -> Result<Dossier> {
        let mut dossier = self
            .db
            .prepare_cached(
                "SELECT workflow_id, name, kind, standing, purpose, owner_address, entry, trigger, template, cases, open_cases,
                   messages, people, first_at, last_at, median_hours, p90_hours, cadence, missed_runs, recommended_target,
                   target_reason, score, evidence
                 FROM workflow WHERE workflow_id = ?",
            )?
            .query_row([id], head)?;
        dossier.fields = self.parts(
            "SELECT label, kind, runs, source FROM workflow_field WHERE workflow_id = ? ORDER BY ordinal",
            id,
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
        )?;
        dossier.transitions = self.parts(
            "SELECT from_activity, to_activity, runs, wait_p50_hours, wait_p90_hours, condition FROM workflow_transition
             WHERE workflow_id = ? ORDER BY runs DESC, from_activity, to_activity",
            id,
            |r| {
                let (from, to, runs) = (r.get(0)?, r.get(1)?, r.get(2)?);
                let (wait_p50_hours, wait_p90_hours, condition) = (r.get(3)?, r.get(4)?, r.get(5)?);
                Ok(Transition { from, to, runs, wait_p50_hours, wait_p90_hours, condition })
            },
        )?;
        dossier.people_of = self.parts(
            "SELECT activity, role, actor, steps, share, amount_max_cents FROM workflow_person
             WHERE workflow_id = ? ORDER BY activity, steps DESC, actor",
            id,
            |r| {
                let (activity, role, actor) = (r.get(0)?, r.get(1)?, r.get(2)?);
                Ok(Part { activity, role, actor, steps: r.get(3)?, share: r.get(4)?, amount_max_cents: r.get(5)? })
            },
        )?;
        dossier.facts = self.parts(
            "SELECT section, sentence FROM workflow_fact WHERE workflow_id = ? ORDER BY ordinal",
            id,
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        dossier.steps = self.parts(
            "WITH one AS (
               SELECT s.activity, s.case_id, s.ordinal, s.seen, count(*) OVER (PARTITION BY s.case_id) AS n
               FROM workflow_step s JOIN workflow_case c USING (case_id) WHERE c.workflow_id = ?1)
             SELECT activity, count(DISTINCT case_id), count(*), sum(seen = 'inferred'), avg(ordinal), sum(ordinal = 1),
               sum(ordinal = n), coalesce(input, ''), coalesce(output, ''), wait_p50_hours, wait_p90_hours
             FROM one LEFT JOIN workflow_activity a USING (activity) WHERE coalesce(a.workflow_id, ?1) = ?1
             GROUP BY activity ORDER BY avg(ordinal), activity",
            id,
            |r| {
                let (activity, runs, messages) = (r.get(0)?, r.get(1)?, r.get(2)?);
                let (inferred, place) = (r.get(3)?, r.get(4)?);
                let (starts, ends, input, output) = (r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?);
                let (wait_p50_hours, wait_p90_hours) = (r.get(9)?, r.get(10)?);
                Ok(Step {
                    activity,
                    runs,
                    messages,
                    inferred,
                    place,
                    starts,
                    ends,
                    input,
                    output,
                    wait_p50_hours,
                    wait_p90_hours,
                })
            },
        )?;
        dossier.open = self.parts(
            "SELECT c.case_id, c.case_key,
               (SELECT activity FROM workflow_step s WHERE s.case_id = c.case_id ORDER BY ordinal DESC LIMIT 1),
               c.waiting_on, c.last_at, c.due_on, c.state_folder
             FROM workflow_case c WHERE c.workflow_id = ? AND c.status = 'open' AND c.retired_into IS NULL
             ORDER BY c.last_at DESC, c.case_id",
            id,
            |r| {
                let (case_id, key, last_step) = (r.get(0)?, r.get(1)?, r.get(2)?);
                let (waiting_on, since, due_on, state) = (r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?);
                Ok(OpenRun { case_id, key, last_step, waiting_on, since, due_on, state })
            },
        )?;
        dossier.open.truncate(MOST_OPEN);
        dossier.states = self.parts(
            "SELECT kind, mailbox, label, runs, open_runs, is_last FROM workflow_state WHERE workflow_id = ? ORDER BY ordinal",
            id,
            |r| {
                let (kind, mailbox, label) = (r.get(0)?, r.get(1)?, r.get(2)?);
                Ok(State { kind, mailbox, label, runs: r.get(3)?, open_runs: r.get(4)?, is_last: r.get(5)? })
            },
        )?;
        dossier.reasons = self.parts(
            "SELECT s.message_id, m.excerpt FROM workflow_step s JOIN workflow_case c USING (case_id)
               JOIN message m ON m.message_id = s.message_id
             WHERE c.workflow_id = ? AND s.activity = 'refuse' AND coalesce(m.excerpt, '') <> ''
             ORDER BY s.seen DESC, s.message_id",
            id,
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        dossier.reasons.truncate(MOST_REASONS);
        Ok(dossier)
    }

    fn parts<T>(&self, sql: &str, id: i64, row: fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        self.db.prepare_cached(sql)?.query_map([id], row)?.collect()
    }
}

fn head(r: &Row<'_>) -> Result<Dossier> {
    Ok(Dossier {
        workflow_id: r.get(0)?,
        name: r.get(1)?,
        kind: r.get(2)?,
        standing: r.get(3)?,
        purpose: r.get(4)?,
        owner_address: r.get(5)?,
        entry: r.get(6)?,
        trigger: r.get(7)?,
        template: r.get(8)?,
        cases: r.get(9)?,
        open_cases: r.get(10)?,
        messages: r.get(11)?,
        people: r.get(12)?,
        first_at: r.get(13)?,
        last_at: r.get(14)?,
        median_hours: r.get(15)?,
        p90_hours: r.get(16)?,
        cadence: r.get(17)?,
        missed_runs: r.get(18)?,
        target: r.get(19)?,
        target_reason: r.get(20)?,
        score: r.get(21)?,
        evidence: r.get(22)?,
        ..Dossier::default()
    })
}
