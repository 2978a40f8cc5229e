//! Whether a sender writes the day or the month first: by dates that can be read in one way only.

use std::collections::HashMap;

use crate::store::Inventory;

/// Sums by sender, by account, and of all.
pub(super) struct Orders {
    senders: HashMap<String, Sum>,
    mailboxes: HashMap<String, Sum>,
    all: Sum,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    day_first: u32,
    month_first: u32,
}

impl Sum {
    fn add(&mut self, day_first: u32, month_first: u32) {
        self.day_first += day_first;
        self.month_first += month_first;
    }

    /// Day first? `None` without a clear majority.
    fn says(self, least: u32) -> Option<bool> {
        let (day, month) = (self.day_first, self.month_first);
        match day + month >= least {
            true if day > 4 * month => Some(true),
            true if month > 4 * day => Some(false),
            _ => None,
        }
    }
}

impl Orders {
    pub fn read(inventory: &Inventory) -> rusqlite::Result<Orders> {
        let mut orders = Orders { senders: HashMap::new(), mailboxes: HashMap::new(), all: Sum::default() };
        for row in inventory.date_orders()? {
            orders.senders.entry(row.from_address).or_default().add(row.day_first, row.month_first);
            orders.mailboxes.entry(row.mailbox).or_default().add(row.day_first, row.month_first);
            orders.all.add(row.day_first, row.month_first);
        }
        Ok(orders)
    }

    /// The day that is meant, if the sender's dates, or those of the account, or all of them say so; and the other one.
    /// Without a clear majority both are given as the other reading.
    pub fn choose(&self, sender: &str, mailbox: &str, readings: &(String, String)) -> (Option<String>, String) {
        let of = |sums: &HashMap<String, Sum>, key: &str, least: u32| sums.get(key).and_then(|sum| sum.says(least));
        let day_first =
            of(&self.senders, sender, 1).or_else(|| of(&self.mailboxes, mailbox, 3)).or_else(|| self.all.says(5));
        let (day, month) = readings.clone();
        match day_first {
            Some(true) => (Some(day), month),
            Some(false) => (Some(month), day),
            None => (None, format!("{day} or {month}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Orders, Sum};
    use std::collections::HashMap;

    fn orders(sender: (u32, u32), mailbox: (u32, u32), all: (u32, u32)) -> Orders {
        let sum = |(day_first, month_first)| Sum { day_first, month_first };
        Orders {
            senders: HashMap::from([("a@x.example".to_owned(), sum(sender))]),
            mailboxes: HashMap::from([("anna".to_owned(), sum(mailbox))]),
            all: sum(all),
        }
    }

    #[test]
    fn the_nearest_evidence_decides() {
        let readings = ("2001-07-06".to_owned(), "2001-06-07".to_owned());
        let chosen = |orders: Orders| orders.choose("a@x.example", "anna", &readings);
        let day = (Some(readings.0.clone()), readings.1.clone());
        let month = (Some(readings.1.clone()), readings.0.clone());
        assert_eq!(chosen(orders((1, 0), (0, 9), (0, 99))), day);
        assert_eq!(chosen(orders((0, 0), (0, 9), (99, 0))), month);
        assert_eq!(chosen(orders((1, 1), (0, 2), (99, 0))), day);
        let open = chosen(orders((1, 1), (2, 2), (3, 3)));
        assert_eq!(open, (None, "2001-07-06 or 2001-06-07".to_owned()));
    }
}
