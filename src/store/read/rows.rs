//! Rows for the files of the CSV package.

use std::borrow::Cow;

use rusqlite::types::ValueRef;

use super::{estate_sql, expand, mail_sql, system_sql, work_sql};
use crate::store::Inventory;

/// What a row query tells of. The variants are the files of the CSV package that come from rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    /// Expected and delivered mailboxes.
    Coverage,
    /// Accounts.
    Mailboxes,
    /// Folders of accounts.
    Folders,
    /// Directory entries.
    Files,
    /// Messages that are there.
    Messages,
    /// Distinct content kept in mail.
    Documents,
    /// Action items.
    Tasks,
    /// Processes.
    Workflows,
    /// Steps of processes.
    WorkflowSteps,
    /// Runs that are not over.
    OpenCases,
    /// The event log.
    Events,
    /// Machines that send mail.
    Systems,
    /// Addresses of the company.
    Addresses,
    /// Outside domains.
    Partners,
    /// Filing, forwarding, automatic replies, delegation.
    RulesSeen,
    /// People with their names and addresses.
    People,
    /// What a person should know.
    Problems,
}

impl Table {
    /// Every table, in the order of the package.
    pub const ALL: [Table; 17] = [
        Table::Coverage,
        Table::Mailboxes,
        Table::Folders,
        Table::Files,
        Table::Messages,
        Table::Documents,
        Table::Tasks,
        Table::Workflows,
        Table::WorkflowSteps,
        Table::OpenCases,
        Table::Events,
        Table::Systems,
        Table::Addresses,
        Table::Partners,
        Table::RulesSeen,
        Table::People,
        Table::Problems,
    ];

    /// Name of its file in the package without `.csv`.
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Coverage => "coverage",
            Table::Mailboxes => "mailboxes",
            Table::Folders => "folders",
            Table::Files => "files",
            Table::Messages => "messages",
            Table::Documents => "documents",
            Table::Tasks => "tasks",
            Table::Workflows => "workflows",
            Table::WorkflowSteps => "workflow_steps",
            Table::OpenCases => "open_cases",
            Table::Events => "events",
            Table::Systems => "systems",
            Table::Addresses => "addresses",
            Table::Partners => "partners",
            Table::RulesSeen => "rules_seen",
            Table::People => "people",
            Table::Problems => "problems",
        }
    }

    fn sql(self) -> Option<&'static str> {
        match self {
            Table::Coverage => Some(system_sql::COVERAGE),
            Table::Systems => Some(system_sql::SYSTEMS),
            Table::Addresses => Some(system_sql::ADDRESSES),
            Table::Partners => Some(system_sql::PARTNERS),
            Table::RulesSeen => Some(system_sql::RULES_SEEN),
            Table::People => Some(system_sql::PEOPLE),
            Table::Mailboxes => Some(estate_sql::MAILBOXES),
            Table::Folders => Some(estate_sql::FOLDERS),
            Table::Files => Some(estate_sql::FILES),
            Table::Problems => Some(estate_sql::PROBLEMS),
            Table::Messages => Some(mail_sql::MESSAGES),
            Table::Documents => Some(mail_sql::DOCUMENTS),
            Table::Tasks => Some(work_sql::TASKS),
            Table::Workflows => Some(work_sql::WORKFLOWS),
            Table::WorkflowSteps => Some(work_sql::WORKFLOW_STEPS),
            Table::OpenCases => Some(work_sql::OPEN_CASES),
            Table::Events => Some(work_sql::EVENTS),
        }
    }
}

/// Whether file names may hold names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Names {
    /// Paths as they are.
    #[default]
    Shown,
    /// Names of single files stand as `[F17]`: they often are the subject of the message.
    LeftOut,
}

/// Which part of the inventory is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Scope<'a> {
    /// Only what lies in this mailbox; `None` for everything.
    pub mailbox: Option<&'a str>,
    /// How paths are shown.
    pub names: Names,
}

/// One value. Text is hostile.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell<'a> {
    /// Nothing known.
    Empty,
    /// Text.
    Text(Cow<'a, str>),
    /// A count, a size, an offset, a score of 0 or 1.
    Whole(i64),
    /// A score or a duration.
    Real(f64),
}

impl Cell<'_> {
    /// The text, empty for anything else.
    pub fn text(&self) -> &str {
        match self {
            Cell::Text(text) => text,
            _ => "",
        }
    }
}

fn cell(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Empty,
        ValueRef::Integer(number) => Cell::Whole(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Cell::Text(String::from_utf8_lossy(bytes)),
    }
}

impl Inventory {
    /// Calls `each` with every row of `table` inside `scope`, and returns how many there were. Columns are those of
    /// `column_names`, in that order; the order of rows depends on nothing but the inventory's content.
    ///
    /// # Errors
    /// Those of `each`, and SQLite's.
    pub fn rows<E: From<rusqlite::Error>>(
        &self,
        table: Table,
        scope: Scope<'_>,
        each: &mut dyn FnMut(&[Cell<'_>]) -> Result<(), E>,
    ) -> Result<u64, E> {
        let Some(sql) = table.sql() else { return Ok(0) };
        let mut statement = self.db.prepare(&expand(sql, scope))?;
        let columns = statement.column_count();
        for at in 1..=statement.parameter_count() {
            match at {
                1 => statement.raw_bind_parameter(at, scope.mailbox)?,
                _ => statement.raw_bind_parameter(at, scope.names == Names::LeftOut)?,
            }
        }
        let mut rows = statement.raw_query();
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let mut cells = Vec::with_capacity(columns);
            for at in 0..columns {
                cells.push(cell(row.get_ref(at)?));
            }
            each(&cells)?;
            count += 1;
        }
        Ok(count)
    }

    /// Names of the columns that `rows` gives; none for a table that no step fills yet.
    pub fn column_names(&self, table: Table) -> rusqlite::Result<Vec<String>> {
        let Some(sql) = table.sql() else { return Ok(Vec::new()) };
        let statement = self.db.prepare(&expand(sql, Scope::default()))?;
        Ok(statement.column_names().map(str::to_owned).collect())
    }
}
