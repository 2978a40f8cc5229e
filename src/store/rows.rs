//! Several rows of one message in one statement: to begin and to end a statement costs more than a short row.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Result};

/// So many rows at most in one statement.
const MOST: usize = 16;

/// How rows of one table are inserted.
pub(super) struct RowInsert {
    values: usize,
    /// For one row, for two, …
    sql: Vec<String>,
}

impl RowInsert {
    /// `into` is what stands before `VALUES`, `row` the values of one row; in it `?1` is the message, `?` each other value.
    pub fn new(into: &str, row: &str) -> RowInsert {
        let sql = |rows| format!("{into} VALUES {}", vec![row; rows].join(", "));
        RowInsert { values: row.matches('?').count() - 1, sql: (1..=MOST).map(sql).collect() }
    }

    /// Inserts the rows whose values stand one after the other in `values`.
    pub fn run(&self, db: &Connection, message_id: i64, values: &[ToSqlOutput<'_>]) -> Result<()> {
        for values in values.chunks(MOST * self.values) {
            let mut statement = db.prepare_cached(&self.sql[values.len() / self.values - 1])?;
            statement.raw_bind_parameter(1, message_id)?;
            for (at, value) in (2..).zip(values) {
                statement.raw_bind_parameter(at, value)?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, RowInsert};

    #[test]
    fn any_number_of_rows_goes_in() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t (id, kind, one, other)").unwrap();
        let insert = RowInsert::new("INSERT INTO t", "(?1, 'x', ?, ?)");
        for (id, rows) in (1i64..).zip([0, 1, 3, MOST, MOST + 1, 2 * MOST + 5]) {
            let values: Vec<_> = (0..2 * rows as i64).map(Into::into).collect();
            insert.run(&db, id, &values).unwrap();
            let sql = "SELECT count(*), count(DISTINCT one), coalesce(sum(other - one), 0), coalesce(max(other), -1)
                FROM t WHERE id = ? AND kind = 'x'";
            let found: [i64; 4] =
                db.query_row(sql, [id], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?])).unwrap();
            let rows = rows as i64;
            assert_eq!(found, [rows, rows, rows, 2 * rows - 1]);
        }
    }
}
