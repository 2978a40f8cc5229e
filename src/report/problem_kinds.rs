//! `docs/problems.md`: every kind of problem, from the table in `model::problem`.

use crate::model::{Level, ProblemKind};

/// The table of all kinds as Markdown, errors first.
pub fn reference() -> String {
    let mut text = String::new();
    for (level, heading) in [
        (Level::Error, "Errors: a person must read them before saying \"that is everything\"; exit code 1"),
        (Level::Warning, "Warnings: read, and there is another way to read it"),
        (Level::Note, "Notes: worth knowing"),
    ] {
        text.push_str(&format!("## {heading}\n\n| kind | meaning | what to do |\n|---|---|---|\n"));
        for kind in ProblemKind::ALL.iter().filter(|kind| kind.level() == level) {
            text.push_str(&format!("| `{}` | {} | {} |\n", kind.as_str(), kind.meaning(), kind.remedy()));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_is_up_to_date() {
        crate::report::document::part_of("docs/problems.md", &super::reference());
    }
}
