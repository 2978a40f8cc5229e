//! A file of labels: JSON, an object a line, or the CSV that `eval --sample` wrote, filled in.

use std::io::BufRead;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::model::reading::{Class, Flag, Use};
use crate::model::{Digest, MessageId};
use crate::report::evaluation::{Stratum, flag_at, use_at};
use crate::ui::escape::shorten;

mod table;

/// How a label names its message. A digest, where there is one, decides alone; then the id; then the path.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Names {
    /// `stored_sha256`, or gold's `sha256`, lower-case.
    pub stored_sha256: Option<String>,
    /// `message_sha256`, or gold's `sha256`, lower-case.
    pub message_sha256: Option<String>,
    /// M17-204.
    pub id: Option<MessageId>,
    /// As written.
    pub path: Option<String>,
}

impl Names {
    /// The name for a person: the shortest that is there.
    pub(super) fn shown(&self) -> String {
        let digest = self.stored_sha256.as_ref().or(self.message_sha256.as_ref()).map(|hex| shorten(hex, 17));
        let id = self.id.map(|id| id.to_string());
        id.or_else(|| self.path.as_ref().map(|path| shorten(path, 60))).or(digest).unwrap_or_default()
    }
}

/// What a person says a message was used for.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Label {
    /// Line in the file, from 1.
    pub line: u64,
    pub names: Names,
    pub class: Class,
    pub alternatives: Vec<Class>,
    /// `None`: not scored.
    pub uses: [Option<bool>; 3],
    pub flags: [Option<bool>; 9],
    pub stratum: Option<Stratum>,
}

/// All labels of a file.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Labels {
    /// Of the file.
    pub sha256: String,
    pub labels: Vec<Label>,
    /// Rows of a sample whose class is still empty.
    pub blank: usize,
    /// Messages of strata in which no row is filled in.
    pub unlabelled_messages: u64,
    /// `line: what is wrong`.
    pub invalid: Vec<String>,
}

/// Reads a file of labels.
///
/// # Errors
/// If the file cannot be read. What is wrong in it is in `invalid`.
pub(super) fn read(path: &Path) -> std::io::Result<Labels> {
    let bytes = std::fs::read(path)?;
    let sha256 = Digest(Sha256::digest(&bytes).into()).to_hex();
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut labels = Labels { sha256, ..Labels::default() };
    match text.trim_ascii_start().first() {
        Some(b'{') => lines(text, &mut labels),
        _ => table::read(text, &mut labels),
    }
    Ok(labels)
}

fn lines(text: &[u8], labels: &mut Labels) {
    for (number, line) in (1u64..).zip(text.split(|b| *b == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Value>(line) {
            Ok(object) => match label(number, &object) {
                Ok(label) => labels.labels.push(label),
                Err(why) => labels.invalid.push(format!("{number}: {why}")),
            },
            Err(error) => labels.invalid.push(format!("{number}: no JSON object ({error})")),
        }
    }
}

fn label(line: u64, object: &Value) -> Result<Label, String> {
    if !object.is_object() {
        return Err("no JSON object".to_owned());
    }
    let names = names(object)?;
    let class = match text(object, "primary")?.or(text(object, "class")?) {
        Some(word) => class(word)?,
        None => return Err("has neither `primary` nor `class`".to_owned()),
    };
    let mut alternatives = Vec::new();
    for word in list(object, "alternatives")?.unwrap_or_default().into_iter().chain(text(object, "alternative")?) {
        alternatives.push(self::class(word)?);
    }
    let mut uses = marked(list(object, "uses")?, use_at, &Use::ALL.map(Use::as_str), "use")?;
    for word in list(object, "uses_disputed")?.unwrap_or_default() {
        uses[use_at(word).ok_or_else(|| unknown("use", word, &Use::ALL.map(Use::as_str)))?] = None;
    }
    let flags = marked(list(object, "flags")?, flag_at, &Flag::ALL.map(Flag::as_str), "flag")?;
    let whole = |key: &str| match &object[key] {
        Value::Null => Ok(None),
        value => value.as_u64().map(Some).ok_or_else(|| format!("`{key}` is no whole number")),
    };
    Ok(Label {
        line,
        names,
        class,
        alternatives,
        uses,
        flags,
        stratum: stratum(whole("stratum")?, whole("stratum_messages")?)?,
    })
}

fn stratum(number: Option<u64>, messages: Option<u64>) -> Result<Option<Stratum>, String> {
    match (number, messages) {
        (Some(_), Some(0)) => Err("`stratum_messages` is 0".to_owned()),
        (Some(number), Some(messages)) => Ok(Some(Stratum { number, messages })),
        (None, None) => Ok(None),
        _ => Err("`stratum` and `stratum_messages` go together".to_owned()),
    }
}

fn names(object: &Value) -> Result<Names, String> {
    let digest =
        |key: &str| -> Result<Option<String>, String> { text(object, key)?.map(|hex| digest(key, hex)).transpose() };
    let (stored, message, either) = (digest("stored_sha256")?, digest("message_sha256")?, digest("sha256")?);
    let names = Names {
        stored_sha256: stored.or_else(|| either.clone()),
        message_sha256: message.or(either),
        // Other ids, such as those of gold.jsonl, are names of labels.
        id: text(object, "id")?.and_then(MessageId::parse),
        path: text(object, "path")?.map(str::to_owned),
    };
    if names == Names::default() {
        return Err("names no message: give `stored_sha256`, `message_sha256`, `path` or `id` (M17-204)".to_owned());
    }
    Ok(names)
}

fn digest(key: &str, hex: &str) -> Result<String, String> {
    if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(hex.to_ascii_lowercase())
    } else {
        Err(format!("`{key}` is no SHA-256: {}", shorten(hex, 70)))
    }
}

fn text<'a>(object: &'a Value, key: &str) -> Result<Option<&'a str>, String> {
    match &object[key] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(format!("`{key}` is no text")),
    }
}

fn list<'a>(object: &'a Value, key: &str) -> Result<Option<Vec<&'a str>>, String> {
    let no_list = || format!("`{key}` is no list of words");
    match &object[key] {
        Value::Null => Ok(None),
        Value::Array(words) => {
            words.iter().map(|word| word.as_str().ok_or_else(no_list)).collect::<Result<_, _>>().map(Some)
        }
        _ => Err(no_list()),
    }
}

/// The class of a word of the guide, or of the words that clients read.
fn class(word: &str) -> Result<Class, String> {
    let plain = word.trim().to_lowercase();
    match plain.as_str() {
        "process" => Ok(Class::Workflow),
        "announcements" | "announcement" | "announcements and automatic mail" => Ok(Class::Bulk),
        _ => Class::from_word(&plain)
            .filter(|class| *class != Class::Unsure)
            .ok_or_else(|| unknown("class", word, &Class::ALL.map(Class::as_str)[..5])),
    }
}

fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    format!("`{}` is no {what}; one of {}", shorten(word, 40), known.join(", "))
}

/// Words as marks; `None` for all of them if there is no list.
fn marked<const N: usize>(
    words: Option<Vec<&str>>,
    at: impl Fn(&str) -> Option<usize>,
    known: &[&str],
    what: &str,
) -> Result<[Option<bool>; N], String> {
    let Some(words) = words else { return Ok([None; N]) };
    let mut marks = [Some(false); N];
    for word in words {
        marks[at(word).ok_or_else(|| unknown(what, word, known))?] = Some(true);
    }
    Ok(marks)
}

/// Whether two readers of one message would be asked to talk.
pub(super) fn contradict(a: &Label, b: &Label) -> bool {
    a.class != b.class
}

/// The first line, for the complaint about a file that is neither.
fn first_line(text: &[u8]) -> String {
    let line = text.lines().next().and_then(Result::ok).unwrap_or_default();
    shorten(&line, 60)
}

#[cfg(test)]
mod tests;
