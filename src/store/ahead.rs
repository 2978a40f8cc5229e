//! Tables walked side by side in the order of one id.

use rusqlite::{Result, Row, Rows, Statement};

/// A row of a statement that was looked at and not taken.
pub(super) struct Ahead<'a> {
    rows: Rows<'a>,
    at: Option<i64>,
}

impl<'a> Ahead<'a> {
    /// Before the first row. Column 0 of the statement is an id, and rows come in its order.
    pub(super) fn new(statement: &'a mut Statement<'_>) -> Result<Ahead<'a>> {
        let mut ahead = Ahead { rows: statement.query([])?, at: None };
        ahead.step()?;
        Ok(ahead)
    }

    fn step(&mut self) -> Result<()> {
        self.at = match self.rows.next()? {
            Some(row) => Some(row.get(0)?),
            None => None,
        };
        Ok(())
    }

    /// Calls `each` with the rows of `id`, after passing over those before it.
    pub(super) fn take(&mut self, id: i64, each: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        while let Some(at) = self.at.filter(|at| *at <= id) {
            if at == id
                && let Some(row) = self.rows.get_row()
            {
                each(row)?;
            }
            self.step()?;
        }
        Ok(())
    }
}

trait CurrentRow {
    fn get_row(&self) -> Option<&Row<'_>>;
}

impl CurrentRow for Rows<'_> {
    fn get_row(&self) -> Option<&Row<'_>> {
        use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
        self.get()
    }
}
