//! Documents with a part that the program's own tables decide.

use std::path::Path;

const BEGIN: &str = "<!-- generated: begin -->\n";
const END: &str = "<!-- generated: end -->\n";

/// Asserts that the generated part of a document is `text`; with `MAILCENSUS_WRITE_DOCS` set, writes it.
pub(crate) fn part_of(document: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let whole = std::fs::read_to_string(&path).expect("the document");
    let start = whole.find(BEGIN).expect("a begin mark") + BEGIN.len();
    let end = whole.find(END).expect("an end mark");
    if std::env::var_os("MAILCENSUS_WRITE_DOCS").is_some() {
        std::fs::write(&path, format!("{}{text}{}", &whole[..start], &whole[end..])).expect("written");
    } else {
        assert!(whole[start..end] == *text, "{document} is out of date: run the tests with MAILCENSUS_WRITE_DOCS=1");
    }
}
