//! Every column of every file: its name, what kind of thing it holds, and what it means.
//!
//! Names are a contract: add, never rename. The order is that of the row queries in `store::read`; a test compares.

mod estate;
mod mail;
mod work;

use crate::store::read::Table;

/// What kind of thing a column holds; decides how it is written and at which text setting it is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    /// Ids, counts, times, digests, addresses, places: always there.
    Fact,
    /// A subject, a name, a quote: empty with `--no-text`.
    Name,
    /// Other text of a message: a column of its own with `--with-text` only.
    Words,
    /// A class, in the client's words.
    Class,
    /// Uses, in the client's words.
    Uses,
    /// Names of signals, in plain words.
    Signals,
    /// 0 or 1, as `no` or `yes`.
    YesNo,
    /// The kind of a problem, as the sentence that explains it.
    Meaning,
    /// The kind of a problem, as the sentence that says what to do.
    Remedy,
    /// For the client: empty, or the decision in force.
    Decision,
}

/// One column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// In the header.
    pub name: &'static str,
    /// What kind of thing.
    pub holds: Holds,
    /// For the reference.
    pub meaning: &'static str,
}

const fn fact(name: &'static str, meaning: &'static str) -> Column {
    Column { name, holds: Holds::Fact, meaning }
}

const fn name(name: &'static str, meaning: &'static str) -> Column {
    Column { name, holds: Holds::Name, meaning }
}

const fn column(name: &'static str, holds: Holds, meaning: &'static str) -> Column {
    Column { name, holds, meaning }
}

const DECISION: Column = column("decision", Holds::Decision, "what the client decided; to fill in");
const TARGET: Column = column("target", Holds::Decision, "where it goes; to fill in");
const OWNER: Column = column("owner", Holds::Decision, "who answers for it; to fill in");
const NOTE: Column = column("note", Holds::Decision, "anything else; to fill in");

/// The columns of one file.
pub fn columns(table: Table) -> &'static [Column] {
    match table {
        Table::Coverage => estate::COVERAGE,
        Table::Mailboxes => mail::MAILBOXES,
        Table::Folders => mail::FOLDERS,
        Table::Files => mail::FILES,
        Table::Messages => mail::MESSAGES,
        Table::Documents => mail::DOCUMENTS,
        Table::Tasks => work::TASKS,
        Table::Workflows => work::WORKFLOWS,
        Table::WorkflowSteps => work::WORKFLOW_STEPS,
        Table::OpenCases => work::OPEN_CASES,
        Table::Events => work::EVENTS,
        Table::Systems => estate::SYSTEMS,
        Table::Addresses => estate::ADDRESSES,
        Table::Partners => estate::PARTNERS,
        Table::RulesSeen => estate::RULES_SEEN,
        Table::People => estate::PEOPLE,
        Table::Problems => mail::PROBLEMS,
    }
}

/// What a file holds, one line for the manifest.
pub fn describe(table: Table) -> &'static str {
    match table {
        Table::Coverage => "expected mailboxes and what was delivered of them",
        Table::Mailboxes => "every mailbox with its size, dates and kinds of mail; decision columns",
        Table::Folders => "every folder with mail",
        Table::Files => "every entry found under the given paths and what became of it",
        Table::Messages => "every message",
        Table::Documents => "every distinct piece of content kept in mail and where its copies lie; decision columns",
        Table::Tasks => "action items: what, who, by when; decision columns",
        Table::Workflows => "processes that run through mail; decision columns",
        Table::WorkflowSteps => "the activities of each process",
        Table::OpenCases => "runs that are not over",
        Table::Events => "the event log of all runs",
        Table::Systems => "machines that send mail; decision columns",
        Table::Addresses => "every address of the company",
        Table::Partners => "outside domains the company writes with",
        Table::RulesSeen => "filing, forwarding, automatic replies and delegation, as far as mail shows them",
        Table::People => "people with all their addresses and names, and why they are one; estimated",
        Table::Problems => "what a person should know, and what to do about it",
    }
}

/// The reference of all files as Markdown, one table a file: part of `docs/inventory.md`.
pub fn reference() -> String {
    let mut text = String::new();
    for table in Table::ALL {
        text.push_str(&format!("### {}.csv: {}\n\n| column | meaning |\n|---|---|\n", table.as_str(), describe(table)));
        for column in columns(table) {
            let when = match column.holds {
                Holds::Name => " (empty with `--no-text`)",
                Holds::Words => " (only with `--with-text`)",
                _ => "",
            };
            text.push_str(&format!("| `{}` | {}{when} |\n", column.name, column.meaning));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{columns, reference};
    use crate::store::read::Table;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn columns_are_those_of_the_queries() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        for table in Table::ALL {
            let named: Vec<_> = columns(table).iter().map(|c| c.name).collect();
            let queried = inventory.column_names(table).unwrap();
            assert!(queried.is_empty() || queried == named, "{table:?}: {queried:?} is not {named:?}");
        }
    }

    #[test]
    fn the_reference_is_up_to_date() {
        crate::report::document::part_of("docs/inventory.md", &reference());
    }
}
