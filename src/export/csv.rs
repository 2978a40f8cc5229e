//! The files of the CSV package: RFC 4180, UTF-8, CR LF line ends, a header, a row a line.
//!
//! They begin with a byte order mark: Excel takes a CSV file without one for the machine's old code page and shows
//! `BrÃ¼ckner`. LibreOffice, SQLite's `.import`, DuckDB, R's readr and pandas skip it; in Python, open the file as
//! `utf-8-sig`. `MANIFEST.csv` has none: its words are ASCII, and plain tools should read it.

use std::borrow::Cow;
use std::io::Write;

use super::columns::{Column, Holds, columns};
use super::{ExportError, Text, safe};
use crate::model::ProblemKind;
use crate::report::words;
use crate::store::Inventory;
use crate::store::read::{Cell, Scope, Table};

/// UTF-8's byte order mark.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes one file of the package and returns how many rows it has, without the header.
///
/// # Errors
/// The inventory's. Those of `out` come as `Io` with an empty path: the caller knows the place.
pub fn write(
    inventory: &Inventory,
    table: Table,
    scope: Scope<'_>,
    text: Text,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    let shown = shown(table, text);
    out.write_all(BYTE_ORDER_MARK).map_err(io)?;
    let mut csv = writer(out);
    csv.write_record(shown.iter().map(|(_, c)| c.name)).map_err(csv_error)?;
    let rows = inventory.rows(table, scope, &mut |cells: &[Cell<'_>]| {
        for (at, column) in &shown {
            csv.write_field(field(&cells[*at], column.holds, text).as_ref()).map_err(csv_error)?;
        }
        csv.write_record(None::<&[u8]>).map_err(csv_error)
    })?;
    csv.flush().map_err(io)?;
    Ok(rows)
}

/// A writer for RFC 4180.
pub(super) fn writer(out: &mut dyn Write) -> csv::Writer<&mut dyn Write> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
}

/// The columns that are there at this setting, with their places in a row.
pub(super) fn shown(table: Table, text: Text) -> Vec<(usize, &'static Column)> {
    columns(table).iter().enumerate().filter(|(_, c)| c.holds != Holds::Words || text == Text::Full).collect()
}

/// A value in the client's words, not yet made safe; empty where the setting leaves it out.
pub(super) fn shown_text<'a>(text: &'a str, holds: Holds, setting: Text) -> Cow<'a, str> {
    let kind = || ProblemKind::ALL.iter().find(|kind| kind.as_str() == text);
    match holds {
        Holds::Name if setting == Text::None => Cow::Borrowed(""),
        Holds::Class => Cow::Borrowed(words::class_word(text)),
        Holds::Uses => Cow::Owned(words::use_words(text)),
        Holds::Signals => Cow::Owned(words::signal_words(text)),
        Holds::Meaning => Cow::Borrowed(kind().map_or("", |kind| kind.meaning())),
        Holds::Remedy => Cow::Borrowed(kind().map_or("", |kind| kind.remedy())),
        _ => Cow::Borrowed(text),
    }
}

fn field<'a>(cell: &'a Cell<'_>, holds: Holds, setting: Text) -> Cow<'a, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Whole(number) if holds == Holds::YesNo => Cow::Borrowed(if *number == 0 { "no" } else { "yes" }),
        Cell::Whole(number) => Cow::Owned(number.to_string()),
        Cell::Real(number) => Cow::Owned(format!("{number:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()),
        Cell::Text(text) => match shown_text(text, holds, setting) {
            Cow::Borrowed(text) => safe::cell(text),
            Cow::Owned(text) => Cow::Owned(safe::cell(&text).into_owned()),
        },
    }
}

pub(super) fn io(error: std::io::Error) -> ExportError {
    ExportError::Io(Default::default(), error)
}

pub(super) fn csv_error(error: csv::Error) -> ExportError {
    io(error.into())
}
