//! One JSON object a message, a line each: for programs. Classes, uses and signals keep the inventory's own words, and
//! text is exact; nothing is escaped for spreadsheets here.

use std::io::Write;

use serde_json::{Map, Value};

use super::columns::{Column, Holds};
use super::csv::{io, shown};
use super::{ExportError, Text};
use crate::store::Inventory;
use crate::store::read::{Cell, Scope, Table};

/// Writes all messages inside `scope` and returns how many there were. Keys are the columns of `messages.csv`.
///
/// # Errors
/// As `csv::write`.
pub fn write(inventory: &Inventory, scope: Scope<'_>, text: Text, out: &mut dyn Write) -> Result<u64, ExportError> {
    let shown = shown(Table::Messages, text);
    inventory.rows(Table::Messages, scope, &mut |cells: &[Cell<'_>]| {
        let mut object = Map::new();
        for (at, column) in &shown {
            object.insert(column.name.to_owned(), value(&cells[*at], column, text));
        }
        serde_json::to_writer(&mut *out, &object).map_err(|e| io(e.into()))?;
        out.write_all(b"\n").map_err(io)
    })
}

fn value(cell: &Cell<'_>, column: &Column, text: Text) -> Value {
    if column.holds == Holds::Name && text == Text::None {
        return Value::Null;
    }
    let list = |separator: &str| {
        let items = cell.text().split(separator).filter(|item| !item.is_empty());
        Value::Array(items.map(Value::from).collect())
    };
    match (column.name, cell) {
        ("to" | "cc" | "bcc", _) => list("; "),
        ("uses" | "signs" | "why" | "flags", _) => list(" "),
        (_, Cell::Empty) => Value::Null,
        (_, Cell::Whole(number)) if column.holds == Holds::YesNo => Value::from(*number != 0),
        (_, Cell::Whole(number)) => Value::from(*number),
        (_, Cell::Real(number)) => Value::from(*number),
        (_, Cell::Text(text)) => Value::from(text.as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn one_object_a_message() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        let mut out = Vec::new();
        assert_eq!(write(&inventory, Scope::default(), Text::Usual, &mut out).unwrap(), 6);
        let lines: Vec<Value> =
            out.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).unwrap()).collect();
        assert_eq!(lines.len(), 6);
        assert_eq!(lines[1]["subject"], "=1+1");
        assert_eq!(lines[2]["uses"], serde_json::json!(["workflow", "task"]));
        assert_eq!(lines[0]["to"], serde_json::json!(["anna@x.example", "+49 30 1234"]));
        assert!(lines[0].get("excerpt").is_none());
    }
}
