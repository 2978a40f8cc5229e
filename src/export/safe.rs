//! Text that a spreadsheet neither runs nor mangles.
//!
//! A cell that begins with `= + - @` is a formula to Excel and LibreOffice, and a formula can fetch addresses and start
//! programs (OWASP, "CSV Injection"). An apostrophe before it makes it text. Where the list separator is `;` (Excel in
//! German, French, Spanish, …), a file with commas is split at every `;`, so that what follows one begins a cell too:
//! the rule holds there as well.
//!
//! **To get the value back:** at the start of a cell and after each `;`, drop one apostrophe if only blanks and
//! apostrophes stand between it and one of `= + - @ ＝ ＋ － ＠`.
//!
//! Control and bidirectional characters are shown as `\n`, `\t`, `\u{202e}`, so that a row is a line and names read as
//! they are. The inventory holds the exact text.

use std::borrow::Cow;

use crate::ui::escape::{is_hostile, visible};

/// Excel's limit for a cell, in UTF-16 units.
pub const CELL_UNITS: usize = 32_767;

fn starts_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

/// Whether a spreadsheet may run what begins here.
fn is_dangerous(text: &str) -> bool {
    let skipped = |c: &char| *c == '\'' || c.is_whitespace() && !is_hostile(*c);
    text.chars().find(|c| !skipped(c)).is_some_and(starts_formula)
}

/// The text as it stands in a cell: harmless, on one line, at most `CELL_UNITS` long. What is cut off is marked with
/// its length.
pub fn cell(text: &str) -> Cow<'_, str> {
    let short = text.len() <= CELL_UNITS;
    if short && !text.contains(';') && !text.chars().any(is_hostile) && !is_dangerous(text) {
        return Cow::Borrowed(text);
    }
    let mark = format!(" … [cut, {} characters]", text.chars().count());
    let room = CELL_UNITS - mark.encode_utf16().count();
    let mut safe = String::with_capacity(text.len().min(CELL_UNITS) + 16);
    // Where to cut if the rest turns out not to fit.
    let (mut units, mut cut_at) = (0, 0);
    let mut begins = true;
    for (at, c) in text.char_indices() {
        let before = safe.len();
        if begins && is_dangerous(&text[at..]) {
            safe.push('\'');
        }
        if is_hostile(c) {
            safe.push_str(&visible(c))
        } else {
            safe.push(c)
        }
        begins = c == ';';
        units += safe[before..].encode_utf16().count();
        if units <= room {
            cut_at = safe.len();
        }
        if units > CELL_UNITS {
            safe.truncate(cut_at);
            safe.push_str(&mark);
            break;
        }
    }
    Cow::Owned(safe)
}

/// The text that `cell` was given, except for characters made visible and text cut off.
pub fn value(cell: &str) -> String {
    let mut value = String::with_capacity(cell.len());
    let mut begins = true;
    for (at, c) in cell.char_indices() {
        if !(begins && c == '\'' && is_dangerous(&cell[at..])) {
            value.push(c);
        }
        begins = c == ';';
    }
    value
}

/// A name that is safe as a directory on any file system: letters, digits, `.`, `-`, `_` and `@` stay, others become
/// `_`; no leading dot, no reserved name of Windows, at most 60 characters. Two names may become one.
pub fn directory_name(name: &str) -> String {
    let mut safe: String =
        name.chars().map(|c| if c.is_alphanumeric() || "-_@.".contains(c) { c } else { '_' }).take(60).collect();
    while safe.ends_with(['.', ' ']) {
        safe.pop();
    }
    if safe.starts_with('.') || safe.starts_with('-') {
        safe.replace_range(..1, "_");
    }
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let stem = safe.split('.').next().unwrap_or_default().to_lowercase();
    let device = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    if RESERVED.contains(&device) && (stem.len() <= 4) {
        safe.insert(0, '_');
    }
    if safe.is_empty() { "no_name".to_owned() } else { safe }
}

/// A name for a file that no file system, shell or person takes for something else: what is not a letter, a digit or one
/// of `-_@.+,()[]&` and the blank becomes `_`; blanks are single; its extension is kept; at most 120 bytes. It is to stand
/// behind a prefix that makes it unique and keeps its start harmless.
pub fn file_name(name: &str) -> String {
    const LONGEST: usize = 120;
    let mut safe = String::with_capacity(name.len().min(400));
    for c in name.chars().take(1000) {
        let c = if c.is_alphanumeric() || "-_@.+,()[]& ".contains(c) { c } else { '_' };
        if !(c == ' ' && safe.ends_with(' ')) {
            safe.push(c);
        }
    }
    let safe = safe.trim_matches([' ', '.']);
    let (body, extension) = match safe.rsplit_once('.') {
        Some((body, extension)) if !body.is_empty() && extension.len() <= 10 && !extension.contains(' ') => {
            (body, extension)
        }
        _ => (safe, ""),
    };
    let room = LONGEST - extension.len() - 1;
    let mut end = body.len().min(room);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let body = body[..end].trim_end_matches([' ', '.']);
    match (body, extension) {
        ("", "") => "no_name".to_owned(),
        (body, "") => body.to_owned(),
        (body, extension) => format!("{body}.{extension}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{CELL_UNITS, cell, directory_name, value};
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("-5", "'-5"),
            ("+49 30 1234", "'+49 30 1234"),
            ("\t=1", "\\t=1"),
            ("\r=1", "\\r=1"),
            ("  =1", "'  =1"),
            ("'=1", "''=1"),
            ("＝1", "'＝1"),
            ("\u{200b}=1", "\\u{200b}=1"),
            ("offer;=HYPERLINK(\"x\")", "offer;'=HYPERLINK(\"x\")"),
            ("a@x.example; +49 30", "a@x.example;' +49 30"),
        ] {
            assert_eq!(cell(text), safe, "{text:?}");
        }
    }

    #[test]
    fn harmless_text_stays() {
        for text in
            ["", "Re: 1+1=2", "a-b", "'quoted'", "it's", "M17-204", "2001-05-14T23:39:00Z", "a; b", "say \"hi\""]
        {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn controls_are_shown() {
        assert_eq!(cell("two\nlines\r\n"), "two\\nlines\\r\\n");
        assert_eq!(cell("\t"), "\\t");
        assert_eq!(cell("gpj\u{202e}exe.\u{1b}[0m"), "gpj\\u{202e}exe.\\u{1b}[0m");
    }

    #[test]
    fn long_cells_are_cut_with_a_mark() {
        let exact = "x".repeat(CELL_UNITS);
        assert_eq!(cell(&exact), exact);
        let long = "🙂".repeat(20_000);
        let safe = cell(&long).into_owned();
        assert!(safe.encode_utf16().count() <= CELL_UNITS);
        assert!(safe.ends_with(" … [cut, 20000 characters]"), "{}", &safe[safe.len() - 40..]);
        let many = "\n".repeat(CELL_UNITS);
        assert!(cell(&many).encode_utf16().count() <= CELL_UNITS);
    }

    #[test]
    fn directory_names_stay_in_their_place() {
        for (name, safe) in [
            ("anna", "anna"),
            ("../../etc", "_._.._etc"),
            ("..", "no_name"),
            ("", "no_name"),
            ("C:\\x\u{202e}", "C__x_"),
            ("CON", "_CON"),
            ("lpt1.txt", "_lpt1.txt"),
            ("-rf", "_rf"),
            ("Brückner@x.example", "Brückner@x.example"),
        ] {
            assert_eq!(directory_name(name), safe, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn no_cell_is_a_formula_and_none_loses_its_value(text in "[ ;'=+@x\"-]{0,40}") {
            let safe = cell(&text).into_owned();
            for part in safe.split(';') {
                prop_assert!(!part.trim_start().starts_with(['=', '+', '-', '@']), "{:?}", safe);
            }
            prop_assert_eq!(value(&safe), text);
        }
    }
}
