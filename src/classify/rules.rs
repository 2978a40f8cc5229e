//! Rules as data: the weights of `rules.toml` and what users add to them.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use toml::Spanned;

use super::RULES;
use crate::model::Digest;
use crate::signal::phrases::{PhraseBook, PhraseFile, PhraseList};
use crate::signal::table::{TABLE, index_of};
use crate::signal::{PHRASE_FILE, PHRASES};

/// What a weight may speak for: classes, uses, flags.
pub const SUBJECTS: [&str; 17] = [
    "class:workflow",
    "class:document",
    "class:task",
    "class:correspondence",
    "class:bulk",
    "use:workflow",
    "use:document",
    "use:task",
    "flag:request",
    "flag:commitment",
    "flag:due_date",
    "flag:approval",
    "flag:automated",
    "flag:meeting",
    "flag:carries_document",
    "flag:self_sent",
    "flag:list",
];
/// Position of the first use in [`SUBJECTS`].
pub(super) const USES_FROM: usize = 5;

/// What is wrong with a file of rules, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}, line {line}: `{key}`: {detail}")]
pub struct RuleError {
    /// Name of the file as given.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// The key, or the text around the place where the TOML is broken.
    pub key: String,
    /// What is wrong, in words.
    pub detail: String,
}

type Words = BTreeMap<Spanned<String>, Spanned<f64>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    /// Probability below which a class is `unsure`.
    unsure: Option<Spanned<f64>>,
    /// Probability from which a use or flag is held.
    #[serde(default)]
    threshold: Words,
    /// Log-odds before any signal.
    #[serde(default)]
    bias: Words,
    /// Log-odds that a signal adds.
    #[serde(default)]
    weight: BTreeMap<Spanned<String>, Words>,
    /// Signals of the user's own: name and meaning.
    #[serde(default)]
    signal: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    sets: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    phrase: Vec<Spanned<PhraseList>>,
}

/// All rules in force, in the form that scoring wants.
#[derive(Debug)]
pub(super) struct Rules {
    pub unsure: f32,
    pub thresholds: [f32; SUBJECTS.len()],
    /// Hundredths of log-odds.
    pub bias: [i32; SUBJECTS.len()],
    /// A row for each signal of the table, then for each of the user's own.
    pub weights: Vec<[i16; SUBJECTS.len()]>,
    /// Names of the user's own signals.
    pub own_names: Vec<String>,
    /// The user's phrases; built-in ones are searched by `signal`.
    pub book: Option<PhraseBook>,
    pub rules_sha256: Digest,
    pub weights_sha256: Digest,
}

/// One file on its way in: knows how to say what is wrong with it.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn error(&self, at: usize, key: &str, detail: impl Into<String>) -> RuleError {
        let line = self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|b| **b == b'\n').count() + 1;
        RuleError { file: self.file.to_owned(), line, key: key.to_owned(), detail: detail.into() }
    }

    fn parse(&self) -> Result<RuleFile, RuleError> {
        toml::from_str(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let key = self.text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
            self.error(span.start, &key.chars().take(60).collect::<String>(), error.message())
        })
    }

    fn subject(&self, key: &Spanned<String>) -> Result<usize, RuleError> {
        let at = SUBJECTS.iter().position(|subject| subject == key.get_ref());
        at.ok_or_else(|| {
            self.error(
                key.span().start,
                key.get_ref(),
                format!("no class, use or flag; one of {}", SUBJECTS.join(", ")),
            )
        })
    }

    fn hundredths(&self, key: &str, value: &Spanned<f64>) -> Result<i16, RuleError> {
        let weight = *value.get_ref();
        if !weight.is_finite() || weight.abs() > 100.0 {
            return Err(self.error(value.span().start, key, "a weight is a number from -100 to 100"));
        }
        Ok((weight * 100.0).round() as i16)
    }

    fn probability(&self, key: &str, value: &Spanned<f64>) -> Result<f32, RuleError> {
        if !(0.0..=1.0).contains(value.get_ref()) {
            return Err(self.error(value.span().start, key, "a threshold is a number from 0 to 1"));
        }
        Ok(*value.get_ref() as f32)
    }
}

impl Rules {
    /// The built-in rules, then each file over what was before.
    pub(super) fn load(files: &[(String, String)]) -> Result<Rules, RuleError> {
        let built_in = Source { file: "rules.toml", text: RULES };
        Rules::read(std::iter::once(built_in).chain(files.iter().map(|(file, text)| Source { file, text })))
    }

    fn read<'a>(sources: impl Iterator<Item = Source<'a>>) -> Result<Rules, RuleError> {
        let none = Digest([0; 32]);
        let mut rules = Rules {
            unsure: 0.0,
            thresholds: [0.5; SUBJECTS.len()],
            bias: [0; SUBJECTS.len()],
            weights: vec![[0; SUBJECTS.len()]; TABLE.len()],
            own_names: Vec::new(),
            book: None,
            rules_sha256: none,
            weights_sha256: none,
        };
        let mut phrases = PhraseFile { sets: PHRASE_FILE.sets.clone(), lists: Vec::new() };
        let mut digest = Sha256::new();
        digest.update(PHRASES);
        let mut last = String::new();
        for source in sources {
            source.file.clone_into(&mut last);
            digest.update((source.text.len() as u64).to_le_bytes());
            digest.update(source.text);
            rules.add(&source, source.parse()?, &mut phrases)?;
        }
        if !phrases.lists.is_empty() {
            let book = PhraseBook::build(&phrases, |name| rules.number(name));
            rules.book =
                Some(book.map_err(|detail| RuleError { file: last, line: 1, key: "phrase".to_owned(), detail })?);
        }
        rules.rules_sha256 = Digest(digest.finalize().into());
        rules.weights_sha256 = rules.digest_of_weights();
        Ok(rules)
    }

    fn number(&self, name: &str) -> Option<usize> {
        index_of(name).or_else(|| self.own_names.iter().position(|own| own == name).map(|at| TABLE.len() + at))
    }

    fn add(&mut self, source: &Source<'_>, file: RuleFile, phrases: &mut PhraseFile) -> Result<(), RuleError> {
        if let Some(unsure) = &file.unsure {
            self.unsure = source.probability("unsure", unsure)?;
        }
        for (key, value) in &file.threshold {
            self.thresholds[source.subject(key)?] = source.probability(key.get_ref(), value)?;
        }
        for (key, value) in &file.bias {
            self.bias[source.subject(key)?] = i32::from(source.hundredths(key.get_ref(), value)?);
        }
        for key in file.signal.keys() {
            if index_of(key.get_ref()).is_some() {
                let detail = "the program has a signal of that name: weigh it in [weight], or take another name";
                return Err(source.error(key.span().start, key.get_ref(), detail));
            }
            if self.number(key.get_ref()).is_none() {
                self.own_names.push(key.get_ref().clone());
                self.weights.push([0; SUBJECTS.len()]);
            }
        }
        for (signal, words) in &file.weight {
            let number = self.number(signal.get_ref());
            let unknown = || source.error(signal.span().start, signal.get_ref(), "no signal is called so");
            let number = number.ok_or_else(unknown)?;
            for (key, value) in words {
                self.weights[number][source.subject(key)?] = source.hundredths(key.get_ref(), value)?;
            }
        }
        phrases.sets.extend(file.sets);
        for list in file.phrase {
            let at = list.span().start;
            let list = list.into_inner();
            if self.number(&list.signal).is_none() {
                return Err(source.error(at, &list.signal, "no signal is called so"));
            }
            phrases.check(&list).map_err(|detail| source.error(at, &list.signal, detail))?;
            phrases.lists.push(list);
        }
        Ok(())
    }

    fn digest_of_weights(&self) -> Digest {
        let mut digest = Sha256::new();
        digest.update(self.unsure.to_le_bytes());
        for (at, subject) in SUBJECTS.iter().enumerate() {
            digest.update(subject);
            digest.update(self.thresholds[at].to_le_bytes());
            digest.update(self.bias[at].to_le_bytes());
        }
        let names = TABLE.iter().map(|kind| kind.name).chain(self.own_names.iter().map(String::as_str));
        for (name, row) in names.zip(&self.weights) {
            digest.update((name.len() as u64).to_le_bytes());
            digest.update(name);
            for weight in row {
                digest.update(weight.to_le_bytes());
            }
        }
        Digest(digest.finalize().into())
    }
}
