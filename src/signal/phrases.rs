//! Phrase lists as data: loaded from TOML, searched in one pass.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::trie::Trie;

/// Where a phrase is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Where {
    /// What the sender says.
    Text,
    /// What the sender says, signature, disclaimer, footer.
    Any,
    /// The subject.
    Subject,
    /// A folder's name.
    Folder,
    /// The name of an attached file.
    File,
    /// The sender's address and name.
    Sender,
    /// The recipients' addresses and names.
    Recipient,
}

/// One phrase list as written; the syntax stands at the head of `phrases.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseList {
    /// The signal it raises.
    pub signal: String,
    /// Language of the phrases, such as `de`; for people only.
    pub language: String,
    /// Where it is looked for.
    #[serde(rename = "where")]
    pub place: Where,
    /// The phrases.
    pub any: Vec<String>,
}

/// The phrase part of a file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PhraseFile {
    /// Words that stand for each other.
    #[serde(default)]
    pub sets: BTreeMap<String, Vec<String>>,
    /// The lists.
    #[serde(default, rename = "phrase")]
    pub lists: Vec<PhraseList>,
}

/// What one pattern means.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    signal: usize,
    place: Where,
    head: bool,
    question: bool,
    open: bool,
    digit: bool,
}

/// A phrase found: the signal's number, and folded offsets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Hit {
    pub signal: usize,
    pub from: usize,
    pub to: usize,
    pub place: Where,
    pub head: bool,
    pub question: bool,
}

/// Many phrases, searched in one pass. Built once.
#[derive(Debug)]
pub struct PhraseBook {
    text: Automaton,
    short: Automaton,
}

/// Patterns and what they mean.
#[derive(Debug)]
struct Automaton {
    trie: Trie,
    /// Of each pattern, its first meaning in `meanings`.
    first: Vec<usize>,
    meanings: Vec<Meaning>,
}

impl PhraseFile {
    /// Says what is wrong with one list, using the sets of this file.
    pub fn check(&self, list: &PhraseList) -> Result<(), String> {
        for phrase in &list.any {
            for phrase in expand(phrase, &self.sets)? {
                read(&phrase, 0, list.place)?;
            }
        }
        Ok(())
    }
}

impl PhraseBook {
    /// Builds the automata; `number` gives a signal's number. The error names the signal or set that does not exist.
    pub fn build(file: &PhraseFile, mut number: impl FnMut(&str) -> Option<usize>) -> Result<PhraseBook, String> {
        let mut texts: HashMap<String, Vec<Meaning>> = HashMap::new();
        let mut shorts: HashMap<String, Vec<Meaning>> = HashMap::new();
        for list in &file.lists {
            let signal = number(&list.signal).ok_or_else(|| format!("no signal is called `{}`", list.signal))?;
            let into = if matches!(list.place, Where::Text | Where::Any) { &mut texts } else { &mut shorts };
            for phrase in &list.any {
                for phrase in expand(phrase, &file.sets)? {
                    let (pattern, meaning) = read(&phrase, signal, list.place)?;
                    into.entry(pattern).or_default().push(meaning);
                }
            }
        }
        Ok(PhraseBook { text: Automaton::build(texts)?, short: Automaton::build(shorts)? })
    }

    /// Calls `found` for every phrase in folded text.
    pub(crate) fn in_text(&self, folded: &[u8], found: impl FnMut(Hit)) {
        self.text.each(folded, found);
    }

    /// Calls `found` for every phrase meant for `place` in a folded line.
    pub(crate) fn in_line(&self, place: Where, folded: &[u8], mut found: impl FnMut(Hit)) {
        self.short.each(folded, |hit| {
            if hit.place == place && (!hit.head || hit.from == 0) {
                found(hit);
            }
        });
    }
}

impl Automaton {
    fn build(patterns: HashMap<String, Vec<Meaning>>) -> Result<Automaton, String> {
        let mut sorted: Vec<(String, Vec<Meaning>)> = patterns.into_iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut first = Vec::with_capacity(sorted.len() + 1);
        let mut meanings = Vec::new();
        for (_, of) in &sorted {
            first.push(meanings.len());
            meanings.extend_from_slice(of);
        }
        first.push(meanings.len());
        let patterns: Vec<&[u8]> = sorted.iter().map(|(pattern, _)| pattern.as_bytes()).collect();
        Ok(Automaton { trie: Trie::build(&patterns)?, first, meanings })
    }

    fn each(&self, folded: &[u8], mut found: impl FnMut(Hit)) {
        let mut inside = false;
        for (from, byte) in folded.iter().enumerate() {
            let word = WORD[usize::from(*byte)];
            if !(inside && word) {
                self.trie.walk(folded, from, |to, pattern| self.meant(folded, from, to, pattern, &mut found));
            }
            inside = word;
        }
    }

    fn meant(&self, folded: &[u8], from: usize, to: usize, pattern: usize, found: &mut impl FnMut(Hit)) {
        let next = folded.get(to).copied().unwrap_or(b'\n');
        let cut = is_word(next) && is_word(folded[to - 1]);
        for meaning in &self.meanings[self.first[pattern]..self.first[pattern + 1]] {
            if cut && !meaning.open || meaning.digit && !next.is_ascii_digit() {
                continue;
            }
            let Meaning { signal, place, head, question, .. } = *meaning;
            found(Hit { signal, from, to, place, head, question });
        }
    }
}

/// Whether a byte belongs to a word.
static WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        word[byte] = byte >= 0x80 || (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    word
};

fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

fn expand(phrase: &str, sets: &BTreeMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let Some((before, rest)) = phrase.split_once('{') else { return Ok(vec![phrase.to_owned()]) };
    let Some((name, after)) = rest.split_once('}') else { return Err(format!("`{phrase}` has `{{` without `}}`")) };
    let set = sets.get(name).ok_or_else(|| format!("no set is called `{name}`"))?;
    let mut all = Vec::new();
    for word in set {
        all.extend(expand(&format!("{before}{word}{after}"), sets)?);
        if all.len() > 10_000 {
            return Err(format!("`{phrase}` stands for more than 10,000 phrases"));
        }
    }
    Ok(all)
}

fn read(phrase: &str, signal: usize, place: Where) -> Result<(String, Meaning), String> {
    let mut words = phrase.trim().to_lowercase();
    let head = words.starts_with('^');
    if head {
        words.remove(0);
    }
    let mut meaning = Meaning { signal, place, head, question: false, open: false, digit: false };
    if words.len() > 1 && words.ends_with('?') {
        words.pop();
        meaning.question = true;
    }
    if words.len() > 1 && words.ends_with('*') {
        words.pop();
        meaning.open = true;
    }
    if words.len() > 1 && words.ends_with('#') {
        words.pop();
        meaning.digit = true;
        meaning.open = true;
    }
    if words.trim().is_empty() {
        return Err(format!("`{phrase}` is empty"));
    }
    Ok((words, meaning))
}
