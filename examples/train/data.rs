//! Labelled mail: what the program notices in it, and what a reader said of it.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use mailcensus::model::message::{Facts, Location};
use mailcensus::model::reading::Flag;
use mailcensus::model::{Digest, Recovery};
use mailcensus::parse::zones::zones;
use mailcensus::parse::{Limits, MessageReader};
use mailcensus::signal::{self, Signals};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub const CLASSES: [&str; 5] = ["workflow", "document", "task", "correspondence", "bulk"];
pub const USES: [&str; 3] = ["workflow", "document", "task"];

/// One message with its label.
pub struct Item {
    pub signals: Signals,
    pub class: usize,
    /// Classes not to be called wrong.
    pub alternatives: Vec<usize>,
    pub uses: [bool; 3],
    /// Uses that readers disagree about.
    pub disputed: [bool; 3],
    pub flags: [bool; 9],
    /// For each sentence of `signals.grams`: is it an action item?
    pub tasks: Vec<bool>,
    /// The action items: where they stand in the body text, and what the reader said of them.
    pub marked: Vec<Marked>,
    /// Who wrote to whom and what; the headers are left out.
    pub facts: Facts,
    /// Whose mailbox.
    pub user: String,
    /// Subject without numbers and Re:, to keep threads together.
    pub thread: String,
    pub set: Set,
}

/// One action item as a reader marked it.
pub struct Marked {
    /// Bytes of the body text; `None` if the quote does not stand there.
    pub range: Option<(usize, usize)>,
    pub quote: String,
    pub owner: String,
    pub due: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Set {
    Gold,
    /// More readings, by `training/readings.jsonl`.
    More,
    /// Only whether it is bulk.
    Spam,
}

pub fn gold(shared: &Path) -> anyhow::Result<Vec<Item>> {
    let folder = shared.join("gold");
    let text = fs::read_to_string(folder.join("gold.jsonl")).context("gold.jsonl")?;
    text.lines().map(|line| item(&serde_json::from_str(line)?, &folder, None, Set::Gold)).collect()
}

/// Messages of `training/readings.jsonl`, found in `mailboxes` by their digest.
pub fn more(shared: &Path, readings: &Path) -> anyhow::Result<Vec<Item>> {
    let mut files = HashMap::new();
    for set in ["enron", "enron_full_rebuilt"] {
        walk(&shared.join("mailboxes").join(set), &mut |path| {
            let bytes = fs::read(&path)?;
            files.entry(Digest(Sha256::digest(&bytes).into()).to_string()).or_insert(path);
            Ok(())
        })?;
    }
    let text = fs::read_to_string(readings).context("readings.jsonl")?;
    let mut items = Vec::new();
    for line in text.lines() {
        let label: Value = serde_json::from_str(line)?;
        let Some(path) = label["sha256"].as_str().and_then(|digest| files.get(digest)) else { continue };
        items.push(item(&label, shared, Some(path), Set::More)?);
    }
    Ok(items)
}

/// Messages of the spamassassin set with all their headers.
pub fn spam(shared: &Path) -> anyhow::Result<Vec<Item>> {
    let text = fs::read_to_string(shared.join("sets/spamassassin.jsonl")).context("spamassassin.jsonl")?;
    let mut items = Vec::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line)?;
        let path = shared.join("mailboxes").join(row["id"].as_str().unwrap_or_default());
        let class = if row["label"] == "correspondence_list" { "correspondence" } else { "bulk" };
        let label = serde_json::json!({ "id": row["id"], "primary": class, "user": row["group"] });
        items.push(item(&label, shared, Some(&path), Set::Spam)?);
    }
    Ok(items)
}

/// Sentences of the intent set as messages of one sentence: label, group.
pub fn intents(shared: &Path) -> anyhow::Result<Vec<(Signals, bool, String)>> {
    let text =
        fs::read_to_string(shared.join("sets/enron_intent_verified.jsonl")).context("enron_intent_verified.jsonl")?;
    let mut items = Vec::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line)?;
        let raw = format!(
            "From: a@x.example\nTo: b@x.example\nContent-Type: text/plain; charset=utf-8\n\n{}\n",
            row["text"].as_str().unwrap_or_default().replace('\n', " ")
        );
        let facts = facts(raw.as_bytes());
        let signals = signal::read(&facts, &Location::default(), &zones(&facts.body_text));
        items.push((signals, row["label"] == true, row["group"].as_str().unwrap_or_default().to_owned()));
    }
    Ok(items)
}

fn facts(raw: &[u8]) -> Facts {
    let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
    reader.push(raw);
    reader.finish().facts
}

fn item(label: &Value, root: &Path, path: Option<&PathBuf>, set: Set) -> anyhow::Result<Item> {
    let path = path.cloned().unwrap_or_else(|| root.join(label["path"].as_str().unwrap_or_default()));
    let mut facts = facts(&fs::read(&path).with_context(|| path.display().to_string())?);
    let (user, folder) = place(root, &path, label);
    let folders = if folder.is_empty() { Vec::new() } else { vec![folder] };
    let location = Location { mailbox: user.clone(), folders, ..Location::default() };
    let signals = signal::read(&facts, &location, &zones(&facts.body_text));
    let class_of = |word: &Value| CLASSES.iter().position(|class| word == class);
    let list = |key: &str| label[key].as_array().cloned().unwrap_or_default();
    let holds = |key: &str, word: &str| list(key).iter().any(|one| one == word);
    let marked = marked(label, &facts.body_text);
    let ranges: Vec<(usize, usize)> = marked.iter().filter_map(|one| one.range).collect();
    let tasks = signals.grams.sentences.iter().map(|one| {
        let overlap = |(start, end): &(usize, usize)| {
            let shared = one.end.min(*end).saturating_sub(one.start.max(*start));
            2 * shared > (one.end - one.start).min(end - start)
        };
        ranges.iter().any(overlap)
    });
    let tasks = tasks.collect();
    facts.headers = Vec::new();
    Ok(Item {
        tasks,
        marked,
        class: class_of(&label["primary"]).context("a label without a class")?,
        alternatives: list("alternatives").iter().filter_map(class_of).collect(),
        uses: USES.map(|one| holds("uses", one)),
        disputed: USES.map(|one| holds("uses_disputed", one)),
        flags: Flag::ALL.map(|one| holds("flags", one.as_str())),
        thread: thread(facts.subject.as_deref().unwrap_or_default()),
        facts,
        signals,
        user,
        set,
    })
}

/// User and folder from a path (`SET/USER/FOLDER…/FILE` below `mail` or `mailboxes`).
fn place(root: &Path, path: &Path, label: &Value) -> (String, String) {
    if let Some(user) = label["user"].as_str() {
        return (user.to_owned(), String::new());
    }
    let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    let parts: Vec<&str> = relative.split('/').collect();
    match parts.len() {
        0..5 => (relative.clone(), String::new()),
        n => (parts[2].to_owned(), parts[3..n - 1].join("/")),
    }
}

/// The action items: byte ranges as given, or where their quotes stand, white space aside.
fn marked(label: &Value, text: &str) -> Vec<Marked> {
    let solid: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect();
    let letters: String = solid.iter().map(|(_, c)| c).collect();
    let mut starts = BTreeMap::new();
    letters.char_indices().enumerate().for_each(|(at, (byte, _))| {
        starts.insert(byte, at);
    });
    let find = |quote: &str| {
        let quote: String = quote.chars().filter(|c| !c.is_whitespace()).collect();
        let from = letters.find(&quote).filter(|_| quote.len() > 5)?;
        let first = starts[&from];
        let last = first + quote.chars().count() - 1;
        Some((solid[first].0, solid[last].0 + solid[last].1.len_utf8()))
    };
    let word = |task: &Value, key: &str| task[key].as_str().map(str::to_owned);
    let one = |task: &Value| match task.as_array().map(Vec::as_slice) {
        Some([start, end]) => {
            let range = start.as_u64().zip(end.as_u64()).map(|(start, end)| (start as usize, end as usize));
            Marked { range, quote: String::new(), owner: String::new(), due: None }
        }
        _ => {
            let quote = word(task, "quote").unwrap_or_default();
            Marked {
                range: find(&quote),
                quote,
                owner: word(task, "owner").unwrap_or_default(),
                due: word(task, "due"),
            }
        }
    };
    label["tasks"].as_array().map(|tasks| tasks.iter().map(one).collect()).unwrap_or_default()
}

fn thread(subject: &str) -> String {
    let mut subject = subject.trim().to_lowercase();
    while let Some(rest) = ["re:", "fw:", "fwd:"].iter().find_map(|mark| subject.strip_prefix(mark)) {
        subject = rest.trim().to_owned();
    }
    subject.chars().filter(|c| !c.is_ascii_digit()).collect()
}

fn walk(folder: &Path, visit: &mut dyn FnMut(PathBuf) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() { walk(&path, visit)? } else { visit(path)? }
    }
    Ok(())
}
