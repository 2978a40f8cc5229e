//! The numbers of the estate, for the screen and the closing sentences.

use rusqlite::{OptionalExtension, Result};

use crate::store::Inventory;

/// The estate in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EstateCounts {
    /// The client, if an engagement names it; hostile.
    pub client: Option<String>,
    /// The client's domains, and whether they were inferred; hostile.
    pub domains: Vec<(String, bool)>,
    /// Addresses of the client's domains for each kind, most first.
    pub addresses: Vec<(String, u64)>,
    /// Machines for each kind without announcements, most first.
    pub systems: Vec<(String, u64)>,
    /// Machines that may break at the cut-over.
    pub may_break: u64,
    /// Outside domains with mail in both directions or files.
    pub partners: u64,
    /// Outside domains to be told before the move.
    pub to_tell: u64,
    /// Lines of a roster, and of count files that the roster does not name.
    pub expected: u64,
    /// Rows of the coverage that were expected, by what became of them.
    pub delivered: Vec<(String, u64)>,
    /// Holes, in words; hostile.
    pub holes: Vec<String>,
    /// Lines of the delivery's own list of digests, by outcome.
    pub supplied: Vec<(String, u64)>,
    /// Milliseconds that the estate took.
    pub milliseconds: u64,
}

impl Inventory {
    /// Counts the estate.
    pub fn estate_counts(&self) -> Result<EstateCounts> {
        let groups = |sql: &str| -> Result<Vec<(String, u64)>> {
            let mut rows = self.db.prepare(sql)?;
            rows.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64)))?.collect()
        };
        let one = |sql: &str| self.db.query_row(sql, [], |r| r.get::<_, i64>(0).map(|n| n as u64));
        let mut holes = self.db.prepare("SELECT sentence FROM hole ORDER BY hole_id")?;
        let mut domains = self.db.prepare("SELECT domain, origin = 'inferred' FROM own_domain ORDER BY domain")?;
        Ok(EstateCounts {
            client: self.db.query_row("SELECT client FROM engagement", [], |r| r.get(0)).optional()?.flatten(),
            domains: domains.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_>>()?,
            addresses: groups(
                "SELECT kind, count(*) FROM address WHERE sent + received > 0 GROUP BY 1 ORDER BY 2 DESC, 1",
            )?,
            systems: groups(
                "SELECT kind, count(*) FROM system WHERE messages > 0 AND kind <> 'newsletter' GROUP BY 1 ORDER BY 2 DESC, 1",
            )?,
            may_break: one(
                "SELECT count(*) FROM system WHERE messages > 0 AND kind <> 'newsletter' AND may_break IS NOT NULL",
            )?,
            partners: one("SELECT count(*) FROM (SELECT domain FROM partner GROUP BY domain
                 HAVING sum(messages_in) > 0 AND sum(messages_out) > 0)")?,
            to_tell: one("SELECT count(DISTINCT domain) FROM partner WHERE tell_before_the_move = 'yes'")?,
            expected: one("SELECT count(DISTINCT address) FROM expectation")?,
            delivered: groups(
                "SELECT delivered, count(*) FROM coverage WHERE address IN (SELECT address FROM expectation)
                 GROUP BY 1 ORDER BY 2 DESC, 1",
            )?,
            holes: holes.query_map([], |r| r.get(0))?.collect::<Result<_>>()?,
            supplied: groups("SELECT outcome, count(*) FROM supplied_digest GROUP BY 1 ORDER BY 1")?,
            milliseconds: one("SELECT coalesce((SELECT estate_ms FROM scan ORDER BY scan_id DESC LIMIT 1), 0)")?,
        })
    }
}
