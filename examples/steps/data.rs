//! Runs with known activities, as they stand in `training/steps.jsonl`.

use anyhow::Context as _;
use base64::Engine as _;
use mailcensus::discover::step::{self, Event, Marks, Who, subject_words};
use mailcensus::model::activity::Activity;
use mailcensus::model::subject;

/// Texts that belong to no run.
pub const PHRASES: &str = "phrases";
/// The company of the project's own generator.
pub const GENERATED: &str = "generated";

/// A line of the file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Which company.
    pub company: String,
    /// Its process.
    #[serde(default)]
    pub process: String,
    steps: Vec<Step>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    does: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    cc: Vec<String>,
    #[serde(default)]
    minutes: i64,
    subject: String,
    cues: u32,
    /// Hashes of words, base64.
    words: String,
    #[serde(default)]
    files: Vec<u32>,
    #[serde(default)]
    fields: usize,
    #[serde(default)]
    program: u8,
}

/// What is fitted to: marks and the activity.
pub struct Example {
    pub marks: Vec<u32>,
    pub does: Activity,
}

pub fn runs(text: &str) -> anyhow::Result<Vec<Run>> {
    let run = |(at, line): (usize, &str)| serde_json::from_str(line).with_context(|| format!("line {}", at + 1));
    let runs: Vec<Run> = text.lines().enumerate().map(run).collect::<anyhow::Result<_>>()?;
    for step in runs.iter().flat_map(|run| &run.steps) {
        Activity::of(&step.does).with_context(|| format!("no activity {:?}", step.does))?;
    }
    Ok(runs)
}

/// A letter for who it is, and a number.
fn person(name: &str) -> (Who, u32) {
    let who = match name.chars().next() {
        Some('s') => Who::Shared,
        Some('l') => Who::List,
        Some('m') => Who::Machine,
        Some('o') => Who::Outside,
        _ => Who::Person,
    };
    (who, name.get(1..).and_then(|number| number.parse().ok()).unwrap_or_default())
}

fn words(step: &Step) -> Vec<u32> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(&step.words).unwrap_or_default();
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

impl Run {
    /// What each step really does.
    pub fn truth(&self) -> impl Iterator<Item = Activity> + '_ {
        self.steps.iter().filter_map(|step| Activity::of(&step.does))
    }

    /// Marks of its steps.
    pub fn marks(&self) -> Vec<Marks> {
        let numbers = |names: &[String]| -> Vec<u32> { names.iter().map(|name| person(name).1).collect() };
        let parts: Vec<_> = self.steps.iter().map(|step| (words(step), numbers(&step.to), numbers(&step.cc))).collect();
        let mut events: Vec<Event<'_>> = Vec::with_capacity(self.steps.len());
        for (step, (words, to, cc)) in self.steps.iter().zip(&parts) {
            let (who, from) = person(&step.from);
            events.push(Event {
                from,
                who,
                to,
                to_who: step.to.first().map(|name| person(name).0),
                cc,
                at: step.minutes * 60,
                subject: subject_words(&step.subject),
                opening: subject::base(&step.subject).opening,
                cues: step.cues,
                words,
                files: &step.files,
                fields: step.fields,
                by_program: step.program != 0,
            });
        }
        step::marks(&events)
    }

    /// What a model is fitted to: each step, after what the step before really does.
    pub fn examples(&self) -> Vec<Example> {
        if self.company == PHRASES {
            let example =
                |(step, does): (&Step, Activity)| Example { marks: step::alone(&words(step), step.cues), does };
            return self.steps.iter().zip(self.truth()).map(example).collect();
        }
        let mut before = None;
        let examples = self.marks().into_iter().zip(self.truth()).map(|(step, does)| {
            let mut marks = step.fixed.clone();
            step.after(before, &mut marks);
            before = Some(does);
            Example { marks, does }
        });
        examples.collect()
    }
}
