//! What was expected: the roster of `--expect`, and count files that exports bring along.
//!
//! A count file is told by its header row: a column for an account (Google Vault's `…-results-count.csv` has an account
//! and a count a row; Purview's reports have a location, items and a size) and one for a number of items, with addresses
//! in most rows. Names of columns are compared without case, blanks and punctuation.

use crate::model::expected::{Given, Status};

/// Why a roster cannot be used: file, line and column are in the text.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file}, line {line}{column}: {what}")]
pub struct RosterError {
    file: String,
    line: u64,
    column: String,
    what: String,
}

/// Columns of a roster; `address` must be there.
pub const ROSTER_COLUMNS: [&str; 7] =
    ["address", "person", "status", "aliases", "expected_items", "expected_bytes", "hold"];

const ACCOUNT: [&str; 13] = [
    "account",
    "email",
    "emailaddress",
    "mailbox",
    "mailboxname",
    "user",
    "useremail",
    "location",
    "locationname",
    "custodian",
    "primarysmtpaddress",
    "contentlocation",
    "accountemail",
];
const ITEMS: [&str; 15] = [
    "count",
    "messagecount",
    "messages",
    "items",
    "itemcount",
    "itemscount",
    "hits",
    "estimateditems",
    "exporteditems",
    "numberofmessages",
    "totalitems",
    "itemsexported",
    "totalitemcount",
    "nachrichten",
    "emails",
];
const BYTES: [&str; 8] =
    ["bytes", "size", "sizebytes", "sizeinbytes", "totalsize", "itemsizebytes", "totalsizebytes", "estimatedsizebytes"];

fn key(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn reader(text: &[u8]) -> csv::Reader<&[u8]> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let first = text.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |byte: u8| first.iter().filter(|b| **b == byte).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|byte| (count(*byte), *byte == b',')).unwrap_or(b',');
    csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text)
}

/// Reads a roster. `file` is its name for errors.
///
/// # Errors
/// The first thing wrong, with line (from 1, the header's) and column.
pub fn roster(file: &str, text: &[u8]) -> Result<Vec<Given>, RosterError> {
    let wrong = |line: u64, column: &str, what: String| RosterError {
        file: file.to_owned(),
        line,
        column: if column.is_empty() { String::new() } else { format!(", column {column}") },
        what,
    };
    let mut reader = reader(text);
    let header = reader.byte_headers().map_err(|error| wrong(1, "", error.to_string()))?.clone();
    let header: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase()).collect();
    if let Some(unknown) = header.iter().find(|name| !ROSTER_COLUMNS.contains(&name.as_str())) {
        return Err(wrong(1, unknown, format!("not a column of a roster; they are {}", ROSTER_COLUMNS.join(", "))));
    }
    let place = |name: &str| header.iter().position(|column| column == name);
    if place("address").is_none() {
        return Err(wrong(1, "address", "this column is missing".to_owned()));
    }
    let mut lines: Vec<Given> = Vec::new();
    for record in reader.byte_records() {
        let record =
            record.map_err(|error| wrong(error.position().map_or(0, |at| at.line()), "", error.to_string()))?;
        let line = record.position().map_or(0, |at| at.line());
        let cell = |name: &str| -> String {
            let cell = place(name).and_then(|at| record.get(at)).map(String::from_utf8_lossy);
            cell.map_or(String::new(), |text| text.trim().to_owned())
        };
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let address = cell("address").to_lowercase();
        if !is_address(&address) {
            return Err(wrong(line, "address", format!("{address:?} is not an e-mail address")));
        }
        if lines.iter().any(|other| other.address == address) {
            return Err(wrong(line, "address", format!("{address} stands there twice")));
        }
        let status = match cell("status").to_lowercase().as_str() {
            "" => None,
            word => Some(Status::from_word(word).ok_or_else(|| {
                wrong(line, "status", format!("{word:?} is none of active, leaver, shared, list, service"))
            })?),
        };
        let number = |column: &str| match cell(column).replace([' ', ','], "") {
            text if text.is_empty() => Ok(None),
            text => text.parse::<u64>().map(Some).map_err(|_| wrong(line, column, format!("{text:?} is not a number"))),
        };
        let aliases: Vec<String> =
            cell("aliases").split([';', ' ']).filter(|one| !one.is_empty()).map(str::to_lowercase).collect();
        if let Some(alias) = aliases.iter().find(|alias| !is_address(alias)) {
            return Err(wrong(line, "aliases", format!("{alias:?} is not an e-mail address")));
        }
        let filled = |text: String| (!text.is_empty()).then_some(text);
        lines.push(Given {
            line,
            address,
            person: filled(cell("person")),
            status,
            aliases,
            items: number("expected_items")?,
            bytes: number("expected_bytes")?,
            hold: filled(cell("hold"))
                .filter(|word| !["no", "nein", "0", "false"].contains(&word.to_lowercase().as_str())),
        });
    }
    Ok(lines)
}

fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@'))
        && !text.contains(char::is_whitespace)
}

/// Reads a count file; `None` if the header row or the rows do not look like one.
pub fn counts(text: &[u8]) -> Option<Vec<Given>> {
    let mut reader = reader(text);
    let header: Vec<String> =
        reader.byte_headers().ok()?.iter().map(|name| key(&String::from_utf8_lossy(name))).collect();
    let find = |names: &[&str]| names.iter().find_map(|name| header.iter().position(|column| column == name));
    let (account, items, bytes) = (find(&ACCOUNT)?, find(&ITEMS)?, find(&BYTES));
    let (mut lines, mut others): (Vec<Given>, usize) = (Vec::new(), 0);
    for record in reader.byte_records().map_while(Result::ok) {
        let cell = |at: usize| record.get(at).map(String::from_utf8_lossy).unwrap_or_default().trim().to_lowercase();
        let number = |at: usize| cell(at).replace([' ', ','], "").parse::<u64>().ok();
        match (is_address(&cell(account)), number(items)) {
            (true, Some(items)) => lines.push(Given {
                line: record.position().map_or(0, |at| at.line()),
                address: cell(account),
                items: Some(items),
                bytes: bytes.and_then(number),
                ..Given::default()
            }),
            _ => others += 1,
        }
    }
    (lines.len() > others).then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rosters() {
        let text = b"address,status,aliases,expected_items,hold\nAnna@X.example,leaver,a@x.example;b@x.example,1200,yes\n\nc@x.example,,,,no\n";
        let lines = roster("r.csv", text).unwrap();
        assert_eq!(
            (lines[0].address.as_str(), lines[0].aliases.len(), lines[0].items),
            ("anna@x.example", 2, Some(1200))
        );
        assert_eq!((lines[1].hold.as_deref(), lines[1].status), (None, None));
        let error = |text: &str| roster("r.csv", text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            error("address,state\n"),
            "r.csv, line 1, column state: not a column of a roster; they are address, person, status, aliases, expected_items, expected_bytes, hold"
        );
        assert!(error("person\nx\n").contains("line 1, column address"));
        assert!(
            error("address,status\na@x.example,active\nb@x.example,gone\n")
                .starts_with("r.csv, line 3, column status: \"gone\"")
        );
        assert!(error("address,expected_items\na@x.example,many\n").contains("line 2, column expected_items"));
        assert!(error("address\na@x.example\nA@x.example\n").contains("twice"));
    }

    #[test]
    fn count_files_are_told_by_their_header() {
        let vault = counts(b"Account,Count\nanna@x.example,120\nben@x.example,7\n").unwrap();
        assert_eq!((vault[0].address.as_str(), vault[0].items, vault[1].line), ("anna@x.example", Some(120), 3));
        let purview = counts(b"Location type,Location name,Item count,Size (bytes)\nExchange,anna@x.example,\"1,200\",9000\nSharePoint,https://x,3,4\nExchange,b@x.example,1,2\n").unwrap();
        assert_eq!((purview[0].items, purview[0].bytes), (Some(1200), Some(9000)));
        assert_eq!(counts(b"Name,Count\nanna,3\n"), None);
        assert_eq!(counts(b"Account,Count\nanna,3\n"), None);
    }
}
