//! A dossier for each process, from which it can be rebuilt elsewhere: Markdown with a picture of its flow beside it.
//!
//! Text from mail is hostile here, too: what Markdown or HTML would act on stands as text.

mod picture;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{ExportError, Text};
use crate::store::Inventory;
use crate::store::read::{Dossier, Part, Transition};

/// Writes `workflows/<id>.md` and `<id>.svg` into `directory`; returns how many processes there were. Files of an earlier
/// export with the same names are replaced; nothing else is touched.
///
/// # Errors
/// `Refused` if `directory` is a file.
pub fn write(inventory: &Inventory, directory: &Path, text: Text) -> Result<u64, ExportError> {
    let folder = directory.join("workflows");
    if directory.exists() && !directory.is_dir() {
        return Err(ExportError::Refused(directory.to_owned(), "this is no folder".to_owned()));
    }
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| ExportError::Io(path, error)
    };
    std::fs::create_dir_all(&folder).map_err(failed(&folder))?;
    let mut count = 0;
    let mut index = String::from(
        "# Processes found in the mail\n\nEstimated from the messages; each is to be confirmed.\n\n| process | kind | runs | open | last |\n|---|---|---|---|---|\n",
    );
    inventory.dossiers(&mut |dossier| {
        count += 1;
        let id = format!("W{}", dossier.workflow_id);
        let _ = writeln!(
            index,
            "| [{} {}]({id}.md) | {} | {} | {} | {} |",
            id,
            name(&dossier, text),
            plain(&dossier.kind),
            dossier.cases,
            dossier.open_cases,
            day(dossier.last_at.as_deref())
        );
        put(&folder.join(format!("{id}.md")), &page(&dossier, &id, text))?;
        put(&folder.join(format!("{id}.svg")), &picture::draw(&dossier))
    })?;
    put(&folder.join("README.md"), &index)?;
    Ok(count)
}

fn put(path: &PathBuf, text: &str) -> Result<(), ExportError> {
    std::fs::write(path, text).map_err(|error| ExportError::Io(path.clone(), error))
}

/// So many transitions are shown even if they were taken once.
const FEW_WAYS: usize = 12;

/// Text that Markdown and HTML leave alone, on one line.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in crate::ui::escape::escape(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '|' | '!' | '~' | '$' | '{' | '}' => {
                safe.push('\\');
                safe.push(c);
            }
            // No address and no link becomes one that can be clicked.
            ':' => safe.push_str("&#58;"),
            '@' => safe.push_str("&#64;"),
            c => safe.push(c),
        }
    }
    safe
}

fn name(dossier: &Dossier, text: Text) -> String {
    if text == Text::None { "(name left out)".to_owned() } else { plain(&dossier.name) }
}

fn day(at: Option<&str>) -> &str {
    at.and_then(|at| at.get(..10)).unwrap_or("")
}

fn hours(hours: Option<f64>) -> String {
    match hours {
        None => "–".to_owned(),
        Some(hours) if hours < 1.0 => format!("{:.0} min", hours * 60.0),
        Some(hours) if hours < 48.0 => format!("{hours:.1} h"),
        Some(hours) => format!("{:.1} days", hours / 24.0),
    }
}

fn page(one: &Dossier, id: &str, text: Text) -> String {
    let mut page = String::new();
    let _ = write!(page, "# {id} {}\n\n", name(one, text));
    let _ = write!(
        page,
        "{} – {}. Estimated from {} messages in {} runs; confidence {:.2}. {}.\n\n![flow]({id}.svg)\n\n",
        plain(&one.kind),
        plain(&one.standing),
        one.messages,
        one.cases,
        one.score,
        plain(&one.evidence)
    );
    overview(&mut page, one);
    fields(&mut page, one, text);
    states(&mut page, one, text);
    steps(&mut page, one, text);
    transitions(&mut page, one, text);
    reasons(&mut page, one, text);
    let sections = [
        ("Decisions", "decision", false),
        ("Who is informed", "informed", false),
        ("Deadlines, reminders, hours", "deadline", false),
        ("Documents in and out, and where they are filed", "document", true),
        ("Systems", "system", false),
        ("Outside parties", "outside", false),
        ("Volume", "volume", false),
        ("Usual ways", "variant", false),
        ("Exceptions", "exception", true),
        ("Not visible in the mail: ask", "not visible", false),
        ("Three real runs as acceptance tests", "sample", true),
    ];
    for (title, section, quotes) in sections {
        let lines: Vec<&String> = one.facts.iter().filter(|(of, _)| of == section).map(|(_, line)| line).collect();
        if lines.is_empty() {
            continue;
        }
        let _ = write!(page, "## {title}\n\n");
        for line in lines {
            let shown = if quotes && text == Text::None { "(left out)".to_owned() } else { plain(line) };
            let _ = writeln!(page, "- {shown}");
        }
        page.push('\n');
    }
    open(&mut page, one, text);
    let _ = write!(
        page,
        "## Recommended target\n\n{}: {}.\n",
        plain(one.target.as_deref().unwrap_or("")),
        plain(&one.target_reason)
    );
    page
}

fn overview(page: &mut String, one: &Dossier) {
    let _ = write!(page, "| | |\n|---|---|\n");
    let mut row = |title: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(page, "| {title} | {value} |");
        }
    };
    row("Purpose", plain(&one.purpose));
    row("Probable owner (to confirm)", plain(one.owner_address.as_deref().unwrap_or("")));
    row("Entry", plain(one.entry.as_deref().unwrap_or("")));
    row("Trigger", plain(one.trigger.as_deref().unwrap_or("")));
    row("Cadence", plain(one.cadence.as_deref().unwrap_or("")));
    row("Missed runs", one.missed_runs.map(|n| n.to_string()).unwrap_or_default());
    row("Time covered", format!("{} to {}", day(one.first_at.as_deref()), day(one.last_at.as_deref())));
    row(
        "Length of a run",
        format!("half within {}, nine of ten within {}", hours(one.median_hours), hours(one.p90_hours)),
    );
    row("People", one.people.to_string());
    page.push('\n');
}

fn fields(page: &mut String, one: &Dossier, text: Text) {
    if one.fields.is_empty() {
        return;
    }
    page.push_str("## Fields\n\n| field | kind | filled | where |\n|---|---|---|---|\n");
    for (label, kind, runs, source) in &one.fields {
        let label = if text == Text::None && source != "subject" { "(left out)".to_owned() } else { plain(label) };
        let share = 100.0 * *runs as f64 / one.cases.max(1) as f64;
        let _ = writeln!(
            page,
            "| {label} | {} | {runs} of {} ({share:.0} %) | {} |",
            plain(kind),
            one.cases,
            plain(source)
        );
    }
    page.push('\n');
}

fn steps(page: &mut String, one: &Dossier, text: Text) {
    page.push_str(
        "## Steps\n\n| activity | role | who | deputy | runs | input | output | wait (half) | wait (nine of ten) | seen or inferred | starts | ends |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for step in &one.steps {
        let parts: Vec<&Part> = one.people_of.iter().filter(|part| part.activity == step.activity).collect();
        let who = |at: usize| {
            parts
                .get(at)
                .map(|part| format!("{} ({:.0} %)", plain(&part.actor), part.share * 100.0))
                .unwrap_or_default()
        };
        // Names of files are words of the mail.
        let files = |what: &str| if text == Text::None { String::new() } else { plain(what) };
        let seen = if step.inferred * 2 > step.messages { "inferred" } else { "seen" };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {seen} ({} of {} inferred) | {} | {} |",
            plain(&step.activity),
            plain(parts.first().map_or("", |part| &part.role)),
            who(0),
            who(1),
            step.runs,
            files(&step.input),
            files(&step.output),
            hours(step.wait_p50_hours),
            hours(step.wait_p90_hours),
            step.inferred,
            step.messages,
            step.starts,
            step.ends
        );
    }
    page.push('\n');
}

fn states(page: &mut String, one: &Dossier, text: Text) {
    if one.states.is_empty() {
        return;
    }
    page.push_str("## States\n\n| state | kept as | runs | of these open | |\n|---|---|---|---|---|\n");
    for state in &one.states {
        let label = if text == Text::None { "(left out)".to_owned() } else { plain(&state.label) };
        let place = if state.mailbox.is_empty() { String::new() } else { format!(" of {}", plain(&state.mailbox)) };
        let last = if state.is_last { "where runs end" } else { "" };
        let (kind, runs, open) = (plain(&state.kind), state.runs, state.open_runs);
        let _ = writeln!(page, "| {label} | {kind}{place} | {runs} | {open} | {last} |");
    }
    page.push('\n');
}

/// First words of messages that say no, for whoever writes the reasons into a list.
fn reasons(page: &mut String, one: &Dossier, text: Text) {
    if one.reasons.is_empty() || text != Text::Full {
        return;
    }
    page.push_str("## Reasons for refusal, as they were written\n\n");
    for (message_id, excerpt) in &one.reasons {
        let _ = writeln!(page, "- {}: {}", crate::model::MessageId(*message_id), plain(excerpt));
    }
    page.push('\n');
}

fn transitions(page: &mut String, one: &Dossier, text: Text) {
    if one.transitions.is_empty() {
        return;
    }
    page.push_str("## Transitions\n\n| from | to | runs | wait (half) | wait (nine of ten) | condition seen |\n|---|---|---|---|---|---|\n");
    // What was taken once is shown where there is not much else.
    let (shown, once): (Vec<&Transition>, Vec<&Transition>) =
        one.transitions.iter().partition(|way| way.runs > 1 || one.transitions.len() <= FEW_WAYS);
    for way in shown {
        let of_mail = way.condition.starts_with('"') && text == Text::None;
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            plain(&way.from),
            plain(&way.to),
            way.runs,
            hours(way.wait_p50_hours),
            hours(way.wait_p90_hours),
            if of_mail { String::new() } else { plain(&way.condition) }
        );
    }
    if !once.is_empty() {
        let _ = write!(page, "\n{} more were taken once.\n", once.len());
    }
    page.push('\n');
}

fn open(page: &mut String, one: &Dossier, text: Text) {
    if one.open.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "## Open runs to load at the cut-over ({})\n\n| run | key | state | last step | waiting on | since | due |\n|---|---|---|---|---|---|---|\n",
        one.open_cases
    );
    for run in &one.open {
        let words = |words: &str| if text == Text::None { String::new() } else { plain(words) };
        let _ = writeln!(
            page,
            "| C{} | {} | {} | {} | {} | {} | {} |",
            run.case_id,
            words(&run.key),
            words(run.state.as_deref().unwrap_or("")),
            plain(&run.last_step),
            plain(run.waiting_on.as_deref().unwrap_or("")),
            day(run.since.as_deref()),
            run.due_on.as_deref().unwrap_or("")
        );
    }
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn hostile_names_stay_text() {
        assert_eq!(plain("[a](http://x) <b> a@b | `c`"), "\\[a\\]\\(http&#58;//x\\) &lt;b&gt; a&#64;b \\| \\`c\\`");
    }

    #[test]
    fn a_dossier_and_its_picture() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        assert_eq!(write(&inventory, folder.path(), Text::Usual).unwrap(), 1);
        let page = std::fs::read_to_string(folder.path().join("workflows/W1.md")).unwrap();
        assert!(page.starts_with("# W1 Order approval\n") && page.contains("## Steps"), "{page}");
        let svg = std::fs::read_to_string(folder.path().join("workflows/W1.svg")).unwrap();
        assert!(svg.contains("request") && svg.ends_with("</svg>\n"), "{svg}");
        let page = {
            write(&inventory, folder.path(), Text::None).unwrap();
            std::fs::read_to_string(folder.path().join("workflows/W1.md")).unwrap()
        };
        assert!(!page.contains("Order approval"), "{page}");
    }
}
