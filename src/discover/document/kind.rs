//! What kind of document a content is: by its name, its type, and the text around it.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The words of `kinds.toml`.
#[derive(Deserialize)]
struct Lists {
    kind: Vec<List>,
}

#[derive(Deserialize)]
struct List {
    name: String,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    around: Vec<String>,
    #[serde(default)]
    extensions: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
}

static LISTS: LazyLock<Lists> =
    LazyLock::new(|| toml::from_str(include_str!("kinds.toml")).expect("kinds.toml is checked by a test"));
static BY_EXTENSION: LazyLock<HashMap<&str, &'static str>> = LazyLock::new(|| {
    LISTS.kind.iter().flat_map(|list| list.extensions.iter().map(|e| (e.as_str(), list.name.as_str()))).collect()
});

/// A kind and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kind {
    /// contract, invoice, …; `unknown` where nothing says.
    pub name: &'static str,
    /// In plain words.
    pub evidence: String,
}

/// What is known of a content.
pub struct About<'a> {
    /// Lower-case words of its name, blank between, with those that mark versions.
    pub words: &'a str,
    /// Lower-case.
    pub extension: &'a str,
    /// Declared and detected media type.
    pub types: [&'a str; 2],
    /// Subject and first words of a message that carries it.
    pub around: &'a str,
}

/// Says what kind it is. Words of its name go first, then what the type alone decides, then words around it, then what
/// the type suggests.
pub fn kind(about: &About<'_>) -> Kind {
    let sure = BY_EXTENSION.get(about.extension).copied();
    if let Some(name @ ("executable or macro" | "calendar" | "contact card")) = sure {
        return Kind { name, evidence: format!("ends in .{}", about.extension) };
    }
    if let Some((name, word)) = by_words(about.words, |list| &list.names) {
        return Kind { name, evidence: format!("its name says {word}") };
    }
    if let Some((name, which)) = by_type(&about.types) {
        return Kind { name, evidence: format!("its type is {which}") };
    }
    if let Some((name, word)) = by_words(about.around, |list| &list.around) {
        return Kind { name, evidence: format!("the text around it says {word}") };
    }
    match sure {
        Some(name) => Kind { name, evidence: format!("ends in .{}", about.extension) },
        None => Kind { name: "unknown", evidence: String::new() },
    }
}

fn by_type(types: &[&str; 2]) -> Option<(&'static str, String)> {
    types.iter().rev().filter(|one| !one.is_empty()).find_map(|one| {
        let fits = |known: &String| match known.strip_suffix('*') {
            Some(start) => one.starts_with(start),
            None => one == known,
        };
        LISTS.kind.iter().find(|list| list.types.iter().any(fits)).map(|list| (list.name.as_str(), (*one).to_owned()))
    })
}

/// The kind whose word stands first in the text.
fn by_words(text: &str, of: impl Fn(&'static List) -> &'static Vec<String>) -> Option<(&'static str, &'static str)> {
    let mut best: Option<(usize, &'static str, &'static str)> = None;
    for list in &LISTS.kind {
        for word in of(list) {
            if let Some(at) = find_word(text, word).filter(|at| best.is_none_or(|(first, ..)| *at < first)) {
                best = Some((at, list.name.as_str(), word.as_str()));
            }
        }
    }
    best.map(|(_, name, word)| (name, word))
}

/// Where a word (or words) stands by itself; `*` at its end stands for any letters.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let (word, open) = word.strip_suffix('*').map_or((word, false), |word| (word, true));
    let free = |byte: Option<&u8>| byte.is_none_or(|b| !b.is_ascii_alphabetic() && *b < 0x80);
    memchr::memmem::find_iter(text.as_bytes(), word.as_bytes()).find(|at| {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        free(before) && (open || free(text.as_bytes().get(at + word.len())))
    })
}

/// What may make a target refuse it, or keep it closed.
pub fn flag(extension: &str, types: &[&str; 2], opaque: Option<&str>) -> Option<&'static str> {
    const MACROS: [&str; 8] = ["docm", "xlsm", "pptm", "dotm", "xlsb", "xlam", "potm", "ppam"];
    if opaque == Some("encrypted") {
        return Some("encrypted");
    }
    if MACROS.contains(&extension) {
        return Some("macro");
    }
    const PROGRAMS: [&str; 5] = [
        "application/vnd.microsoft.portable-executable",
        "application/x-msdownload",
        "application/x-executable",
        "application/x-mach-binary",
        "application/java-archive",
    ];
    let runs = BY_EXTENSION.get(extension).is_some_and(|name| *name == "executable or macro");
    (runs || types.iter().any(|one| PROGRAMS.contains(one))).then_some("executable")
}

/// Which documents can be versions of each other by their type.
pub fn type_group(extension: &str, types: &[&str; 2]) -> &'static str {
    let one = if types[1].is_empty() { types[0] } else { types[1] };
    match extension {
        "doc" | "docx" | "docm" | "dot" | "dotx" | "rtf" | "odt" | "wpd" | "wps" | "pages" => "text",
        "xls" | "xlsx" | "xlsm" | "xlsb" | "xlt" | "ods" | "csv" | "numbers" | "wk4" => "sheet",
        "ppt" | "pptx" | "pptm" | "pps" | "ppsx" | "odp" | "key" => "slides",
        "pdf" | "ps" | "eps" => "pdf",
        "dwg" | "dxf" | "vsd" | "vsdx" => "drawing",
        "zip" | "rar" | "7z" | "gz" | "tar" | "tgz" => "archive",
        "mdb" | "accdb" => "database",
        "mpp" => "project",
        "txt" | "log" | "md" => "plain",
        "htm" | "html" => "html",
        "ics" | "vcs" => "calendar",
        "vcf" => "card",
        _ if one.starts_with("image/") => "image",
        _ if one == "application/pdf" => "pdf",
        _ if one.starts_with("text/") => "plain",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, types: [&str; 2], around: &str) -> String {
        let lower = name.to_lowercase();
        let (words, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        let words = words.replace(['_', '-'], " ");
        let about = About { words: &words, extension, types, around };
        kind(&about).name.to_owned()
    }

    #[test]
    fn kinds() {
        for (name, types, around, kind) in [
            ("Master Agreement.doc", ["application/msword", ""], "", "contract"),
            ("Rechnung 4711.pdf", ["application/pdf", ""], "", "invoice"),
            ("PO_2231.pdf", ["application/pdf", ""], "", "purchase order"),
            ("x.pdf", ["application/pdf", ""], "quotation for pipes", "quote"),
            ("Protokoll 14.5.doc", ["application/msword", ""], "", "minutes"),
            ("model.xls", ["application/vnd.ms-excel", ""], "", "spreadsheet model"),
            ("site.dwg", ["application/octet-stream", ""], "", "drawing"),
            ("a.tif", ["image/tiff", ""], "", "scan"),
            ("invite.ics", ["text/calendar", ""], "please find the invoice", "calendar"),
            ("ada.vcf", ["text/x-vcard", ""], "", "contact card"),
            ("all.zip", ["application/zip", ""], "", "archive"),
            ("setup.exe", ["application/octet-stream", ""], "", "executable or macro"),
            ("x.bin", ["application/octet-stream", ""], "", "unknown"),
            ("Weekly report.doc", ["application/msword", ""], "", "report"),
        ] {
            assert_eq!(of(name, types, around), kind, "{name}");
        }
    }

    #[test]
    fn flags() {
        assert_eq!(flag("exe", &["", ""], None), Some("executable"));
        assert_eq!(flag("xlsm", &["", ""], None), Some("macro"));
        assert_eq!(flag("zip", &["", ""], Some("encrypted")), Some("encrypted"));
        assert_eq!(flag("doc", &["application/msword", ""], None), None);
    }
}
