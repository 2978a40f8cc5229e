//! The CSV of `eval --sample`, filled in and perhaps saved again by a spreadsheet: `;` or tabs instead of commas, no byte
//! order mark, the words that clients read.

use std::collections::{BTreeMap, BTreeSet};

use super::{Label, Labels, Names, class, digest, first_line, flag_at, marked, stratum, unknown, use_at};
use crate::model::MessageId;
use crate::model::reading::{Flag, Use};
use crate::report::evaluation::Stratum;
use crate::ui::escape::shorten;

/// The places of the columns that are known.
struct Columns(BTreeMap<String, usize>);

impl Columns {
    fn cell<'a>(&self, row: &'a csv::StringRecord, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(|at| row.get(*at)).map(str::trim).filter(|cell| !cell.is_empty())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// Reads the rows of a table into `labels`.
pub(super) fn read(text: &[u8], labels: &mut Labels) {
    let head = text.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| head.iter().filter(|b| **b == delimiter).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text);
    let mut rows: Vec<(u64, csv::StringRecord)> = Vec::new();
    // Counted here: after CR LF the reader stands between the two, and would be a line behind.
    let (mut line, mut counted) = (1, 0);
    for row in reader.byte_records() {
        match row {
            Ok(row) => {
                let mut from = row.position().map_or(0, |at| at.byte() as usize).min(text.len());
                from += text[from..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
                line += text[counted..from.max(counted)].iter().filter(|b| **b == b'\n').count() as u64;
                counted = from.max(counted);
                // A spreadsheet may have saved another charset; what is read here is ASCII.
                rows.push((line, row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()));
            }
            Err(error) => labels.invalid.push(format!("{}: {error}", error.position().map_or(0, csv::Position::line))),
        }
    }
    let names = rows.first().map(|(_, row)| row.iter().enumerate().map(|(at, cell)| (cell.trim().to_lowercase(), at)));
    let columns = Columns(names.into_iter().flatten().collect());
    let named = ["id", "message_sha256", "stored_sha256", "path"].iter().any(|name| columns.has(name));
    if !named || !(columns.has("class") || columns.has("primary")) {
        labels.invalid.push(format!(
            "1: neither JSON lines nor a table with a column `class` and one of `id`, `message_sha256`, `path`: {}",
            first_line(text)
        ));
        return;
    }
    // A column that nobody filled in says nothing; an empty cell in one that somebody did says "none of them".
    let filled = |name: &str| rows.iter().skip(1).any(|(_, row)| columns.cell(row, name).is_some());
    let scored = (filled("uses"), filled("flags"));
    let (mut known, mut labelled) = (BTreeMap::new(), BTreeSet::new());
    for (line, row) in rows.iter().skip(1).filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty())) {
        let mut take = || -> Result<(), String> {
            let stratum = stratum_of(&columns, row, &mut known)?;
            if columns.cell(row, "class").or(columns.cell(row, "primary")).is_none() {
                labels.blank += 1;
                return Ok(());
            }
            labelled.extend(stratum.map(|stratum| stratum.number));
            labels.labels.push(label(*line, &columns, row, stratum, scored)?);
            Ok(())
        };
        if let Err(why) = take() {
            labels.invalid.push(format!("{line}: {why}"));
        }
    }
    labels.unlabelled_messages =
        known.iter().filter(|(number, _)| !labelled.contains(*number)).map(|(_, messages)| messages).sum();
}

fn stratum_of(
    columns: &Columns,
    row: &csv::StringRecord,
    known: &mut BTreeMap<u64, u64>,
) -> Result<Option<Stratum>, String> {
    let whole = |name: &str| -> Result<Option<u64>, String> {
        let Some(cell) = columns.cell(row, name) else { return Ok(None) };
        cell.parse().map(Some).map_err(|_| format!("`{name}` is no whole number: {}", shorten(cell, 20)))
    };
    let found = stratum(whole("stratum")?, whole("stratum_messages")?)?;
    if let Some(Stratum { number, messages }) = found
        && *known.entry(number).or_insert(messages) != messages
    {
        return Err(format!("stratum {number} has two sizes, {} and {messages}", known[&number]));
    }
    Ok(found)
}

fn label(
    line: u64,
    columns: &Columns,
    row: &csv::StringRecord,
    stratum: Option<Stratum>,
    scored: (bool, bool),
) -> Result<Label, String> {
    let cell = |name: &str| columns.cell(row, name);
    let hex = |name: &str| cell(name).map(|hex| digest(name, hex)).transpose();
    let id = cell("id")
        .map(|id| MessageId::parse(id).ok_or_else(|| format!("`id` is no id such as M17-204: {}", shorten(id, 40))));
    let names = Names {
        stored_sha256: hex("stored_sha256")?,
        message_sha256: hex("message_sha256")?,
        id: id.transpose()?,
        path: cell("path").map(str::to_owned),
    };
    if names == Names::default() {
        return Err("names no message".to_owned());
    }
    let mut alternatives = Vec::new();
    for name in ["alternative", "alternatives"] {
        for word in cell(name).unwrap_or_default().split([';', ',', '|']).map(str::trim).filter(|word| !is_none(word)) {
            alternatives.push(class(word)?);
        }
    }
    let uses = words(cell("uses"), use_at, "use", &Use::ALL.map(Use::as_str))?;
    let flags = words(cell("flags"), flag_at, "flag", &Flag::ALL.map(Flag::as_str))?;
    Ok(Label {
        line,
        names,
        class: class(cell("class").or(cell("primary")).unwrap_or_default())?,
        alternatives,
        uses: marked(scored.0.then(|| uses.iter().map(String::as_str).collect()), use_at, &[], "use")?,
        flags: marked(scored.1.then(|| flags.iter().map(String::as_str).collect()), flag_at, &[], "flag")?,
        stratum,
    })
}

fn is_none(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "" | "-" | "none" | "no")
}

/// Words of a cell, in the guide's spelling: `;`, `,`, `|` or blanks between; `due date` is `due_date`.
fn words(
    cell: Option<&str>,
    at: impl Fn(&str) -> Option<usize>,
    what: &str,
    known: &[&str],
) -> Result<Vec<String>, String> {
    let plain = |word: &str| match word.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
        "process" => "workflow".to_owned(),
        word => word.to_owned(),
    };
    let mut found = Vec::new();
    for part in cell.unwrap_or_default().split([';', ',', '|']).filter(|part| !is_none(part.trim())) {
        if at(&plain(part)).is_some() {
            found.push(plain(part));
            continue;
        }
        let mut rest: Vec<&str> = part.split_whitespace().collect();
        while let Some(first) = rest.first() {
            // `due date request` is two flags.
            let length = (1..=rest.len().min(2)).rev().find(|length| at(&plain(&rest[..*length].join(" "))).is_some());
            let length = length.ok_or_else(|| unknown(what, first, known))?;
            found.push(plain(&rest[..length].join(" ")));
            rest.drain(..length);
        }
    }
    Ok(found)
}
