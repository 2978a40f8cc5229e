//! What an evaluation found, kept in the inventory so that every later report says how far to trust it.

use rusqlite::{OptionalExtension, Result, params};

use super::Inventory;

/// One row of `evaluation`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Evaluation {
    /// Of the file of labels.
    pub labels_sha256: String,
    /// Labels in the file.
    pub labels: u64,
    /// Labels that were compared.
    pub matched: u64,
    /// Of these, read as labelled.
    pub correct: u64,
    /// Share of readings that agree; of all messages if weighted.
    pub accuracy: f64,
    /// 95 % confidence.
    pub accuracy_low: f64,
    /// 95 % confidence.
    pub accuracy_high: f64,
    /// `None` where no class occurs.
    pub macro_f1: Option<f64>,
    /// Whether the shares are weighted to all messages by stratum.
    pub is_weighted: bool,
    /// `2001-05-14T23:39:00Z`.
    pub evaluated_at: String,
    /// Whether the readings are still those that were compared. Ignored when it is written.
    pub is_current: bool,
}

impl Inventory {
    /// Records an evaluation of the readings of the last scan, in a transaction of its own. `at` is Unix seconds.
    pub fn put_evaluation(&self, found: &Evaluation, at: i64) -> Result<()> {
        self.db.execute(
            "INSERT INTO evaluation (labels_sha256, labels, matched, correct, accuracy, accuracy_low, accuracy_high,
               macro_f1, weighted, evaluated_at, rules_sha256, model_sha256)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, rules_sha256, model_sha256
             FROM scan ORDER BY scan_id DESC LIMIT 1",
            params![
                found.labels_sha256,
                found.labels as i64,
                found.matched as i64,
                found.correct as i64,
                found.accuracy,
                found.accuracy_low,
                found.accuracy_high,
                found.macro_f1,
                found.is_weighted,
                super::write::time(at).unwrap_or_default(),
            ],
        )?;
        Ok(())
    }

    /// The last evaluation; `None` if there was none, also in an inventory that is older than the table.
    pub fn last_evaluation(&self) -> Result<Option<Evaluation>> {
        let known = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'evaluation'";
        if self.db.query_row(known, [], |_| Ok(())).optional()?.is_none() {
            return Ok(None);
        }
        self.db
            .query_row(
                "SELECT labels_sha256, labels, matched, correct, accuracy, accuracy_low, accuracy_high, macro_f1,
                   weighted, evaluated_at,
                   (SELECT s.rules_sha256 = e.rules_sha256 AND s.model_sha256 = e.model_sha256
                    FROM scan s ORDER BY scan_id DESC LIMIT 1)
                 FROM evaluation e ORDER BY evaluation_id DESC LIMIT 1",
                [],
                |r| {
                    Ok(Evaluation {
                        labels_sha256: r.get(0)?,
                        labels: r.get::<_, i64>(1)? as u64,
                        matched: r.get::<_, i64>(2)? as u64,
                        correct: r.get::<_, i64>(3)? as u64,
                        accuracy: r.get(4)?,
                        accuracy_low: r.get(5)?,
                        accuracy_high: r.get(6)?,
                        macro_f1: r.get(7)?,
                        is_weighted: r.get(8)?,
                        evaluated_at: r.get(9)?,
                        is_current: r.get::<_, Option<bool>>(10)?.unwrap_or(false),
                    })
                },
            )
            .optional()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn the_last_one_counts_until_other_rules_read_the_mail() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        assert_eq!(inventory.last_evaluation().unwrap(), None);
        let mut found = Evaluation { labels: 100, matched: 98, correct: 80, accuracy: 0.8, ..Evaluation::default() };
        inventory.put_evaluation(&found, 1_700_000_000).unwrap();
        found.matched = 99;
        inventory.put_evaluation(&found, 1_700_000_000).unwrap();
        let last = inventory.last_evaluation().unwrap().unwrap();
        assert_eq!((last.matched, last.is_current, last.evaluated_at.as_str()), (99, true, "2023-11-14T22:13:20Z"));
        inventory.db.execute("UPDATE scan SET rules_sha256 = 'other'", []).unwrap();
        assert!(!inventory.last_evaluation().unwrap().unwrap().is_current);
        inventory.db.execute("DROP TABLE evaluation", []).unwrap();
        assert_eq!(inventory.last_evaluation().unwrap(), None, "an inventory of an earlier version");
    }
}
