//! Who is to do it: the one who is asked, the one who writes, or somebody who is named.

use crate::model::action::ActionOwner;
use crate::model::message::{Address, Facts, Role};
use crate::signal::Signals;

/// Words that begin a sentence with a capital and are no name.
const NO_NAMES: [&str; 72] = [
    "please", "also", "thanks", "thank", "hi", "hello", "dear", "if", "when", "as", "so", "then", "and", "but", "the",
    "this", "that", "these", "those", "we", "i", "you", "he", "she", "they", "it", "all", "everyone", "anyone", "someone",
    "can", "could", "would", "will", "what", "who", "how", "where", "why", "note", "attached", "regarding", "re", "fyi",
    "ok", "okay", "yes", "no", "first", "second", "finally", "next", "today", "tomorrow", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", "per", "due", "any", "each", "there", "let", "make", "bitte",
    "guys", "folks", "team",
];
/// What a third person is told to do begins with.
const SHALL: [&str; 14] = [
    "will", "to", "should", "must", "needs", "shall", "is", "has", "can", "may", "would", "plans", "soll", "wird",
];
/// What follows a name that is called.
const CALLS: [&str; 16] = [
    "please", "pls", "can", "could", "would", "will", "kindly", "i", "you", "we", "let", "do", "have", "if", "bitte",
    "just",
];
/// How the sender speaks of his or her own doing.
const MINE: [&str; 38] = [
    "i will", "i'll", "i shall", "i am going to", "i'm going to", "we will", "we'll", "we shall", "we are going to",
    "we're going to", "i plan to", "i intend to", "i need to", "i have to", "i must", "i should", "i can", "let me",
    "i am sending", "i'm sending", "i am working", "i'm working", "i would be happy to", "i'd be happy to", "i hope to",
    "i want to", "i promise", "i agreed to", "we plan to", "we need to", "we have to", "i expect to", "i am planning",
    "i'm planning", "ich werde", "wir werden", "ich schicke", "i would like to",
];
/// How the sender speaks of what somebody else should do, though it begins with "I".
const YOURS: [&str; 26] = [
    "you to", "please", "can you", "could you", "would you", "will you", "let me know", "need you", "like you",
    "want you", "need your", "you need", "you should", "you must", "you will need", "you'll need", "i need the",
    "i need a", "i will need", "i'll need", "i would appreciate", "i'd appreciate", "if you could", "we need your",
    "let us know", "bitte",
];

/// Who is to do what the sentence of that number says, and the address of one person of the message who fits.
pub fn read(facts: &Facts, signals: &Signals, at: usize) -> (ActionOwner, Option<String>) {
    let one = &signals.grams.sentences[at];
    let text = &facts.body_text[one.start..one.end];
    let own = || facts.from.as_ref().map(|from| from.address.clone()).filter(|address| !address.is_empty());
    if signals.has("recipient_self") {
        return (ActionOwner::Sender, own());
    }
    let words = words(text);
    if let Some((name, called)) = named(&words) {
        return resolve(facts, &name, called);
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let line = format!(" {} ", lower.join(" "));
    let place = |all: &[&str]| all.iter().filter_map(|one| line.find(&format!(" {one} "))).min();
    let mine = place(&MINE);
    let yours = place(&YOURS);
    let sender = match (mine, yours) {
        (Some(mine), Some(yours)) => mine < yours && !line[mine..].starts_with(" i would") || mine + 40 < yours,
        (Some(mine), None) => mine < 60 || !line.starts_with(" if "),
        _ => false,
    };
    if sender && !sentence_has(signals, at, &["request_please", "request_can_you"]) {
        return (ActionOwner::Sender, own());
    }
    (ActionOwner::Recipient, recipient(facts, signals))
}

fn sentence_has(signals: &Signals, at: usize, names: &[&str]) -> bool {
    let one = &signals.grams.sentences[at];
    signals.found.iter().any(|signal| {
        names.contains(&signal.name)
            && matches!(signal.place, crate::model::reading::Place::Text(from, _) if (one.start..one.end).contains(&from))
    })
}

/// The first words of a sentence; marks that end a call stay with their word.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().take(40).map(|word| word.trim_matches(['"', '(', ')', '*', '>', '\u{2022}'])).filter(|word| !word.is_empty()).collect()
}

/// A name at the start: called ("John, please …", "@John") or told of ("John to send", "John will").
fn named(words: &[&str]) -> Option<(String, bool)> {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let bare = first.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if bare.is_empty() || ["hi", "hello", "dear", "hey", "hallo", "liebe", "lieber", "thanks", "also", "and"].contains(&bare.as_str()) {
            words = rest;
        } else {
            break;
        }
    }
    if let Some(at) = words.first().and_then(|word| word.strip_prefix('@')) {
        let name = at.trim_end_matches(|c: char| !c.is_alphanumeric());
        return (!name.is_empty()).then(|| (name.to_owned(), true));
    }
    let mut name: Vec<&str> = Vec::new();
    for (at, word) in words.iter().enumerate().take(4) {
        let bare = word.trim_end_matches([',', ':', '-', '\u{2013}', ';', '.']);
        if !is_name(bare) {
            // "John Smith will", "John to send".
            let follows = word.to_lowercase();
            let shall = SHALL.contains(&follows.as_str()) && third_person(words, at);
            let call = CALLS.contains(&follows.as_str()) || *word == "-" || *word == "\u{2013}" || *word == "--";
            return match (name.is_empty(), shall, call) {
                (false, true, _) if follows != "can" && follows != "will" || !asks(words) => Some((name.join(" "), false)),
                (false, _, true) => Some((name.join(" "), true)),
                _ => None,
            };
        }
        name.push(bare);
        if bare.len() < word.len() && word.ends_with([',', ':', '-', ';', '\u{2013}']) {
            let more = words.len() > at + 1;
            return more.then(|| (name.join(" "), true));
        }
    }
    None
}

/// "Is to", "has to", "needs to" but not "is" and "has".
fn third_person(words: &[&str], at: usize) -> bool {
    let verb = words[at].to_lowercase();
    let then = words.get(at + 1).map(|word| word.to_lowercase()).unwrap_or_default();
    !matches!(verb.as_str(), "is" | "has" | "needs" | "plans") || then == "to" || then == "going"
}

fn asks(words: &[&str]) -> bool {
    words.iter().any(|word| word.ends_with('?')) && words.iter().any(|word| word.eq_ignore_ascii_case("you"))
}

fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    let capital = chars.next().is_some_and(char::is_uppercase);
    let rest = chars.as_str();
    capital
        && !rest.is_empty()
        && word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'')
        && rest.chars().any(char::is_lowercase)
        && !NO_NAMES.contains(&word.to_lowercase().as_str())
}

/// Finds a named person among the people of the message. Someone called who is the only recipient is the recipient,
/// under whatever name.
fn resolve(facts: &Facts, name: &str, called: bool) -> (ActionOwner, Option<String>) {
    let people: Vec<&Address> = facts.recipients.iter().map(|(_, one)| one).collect();
    if let Some(from) = facts.from.as_ref().filter(|from| !called && from.is_called(name)) {
        return (ActionOwner::Sender, Some(from.address.clone()).filter(|address| !address.is_empty()));
    }
    let mut found: Vec<&str> =
        people.iter().filter(|one| one.is_called(name)).map(|one| one.address.as_str()).filter(|one| !one.is_empty()).collect();
    found.sort_unstable();
    found.dedup();
    let mut to: Vec<&str> =
        facts.recipients.iter().filter(|(role, _)| *role == Role::To).map(|(_, one)| one.address.as_str()).collect();
    to.sort_unstable();
    to.dedup();
    match (&found[..], &to[..]) {
        ([one], [only]) if one == only => (ActionOwner::Recipient, Some((*one).to_owned())),
        ([], [only]) if called => (ActionOwner::Recipient, Some((*only).to_owned()).filter(|one| !one.is_empty())),
        ([one], _) => (ActionOwner::Named(name.to_owned()), Some((*one).to_owned())),
        _ => (ActionOwner::Named(name.to_owned()), None),
    }
}

/// The address of the one whom the message is for: the only one of To, or the one who is greeted.
fn recipient(facts: &Facts, signals: &Signals) -> Option<String> {
    let mut to: Vec<&Address> = facts.recipients.iter().filter(|(role, _)| *role == Role::To).map(|(_, one)| one).collect();
    to.retain(|one| !one.address.is_empty());
    to.dedup_by(|one, other| one.address == other.address);
    if let [only] = to[..] {
        return Some(only.address.clone());
    }
    let first = signals.grams.sentences.first()?;
    let greeting = crate::signal::clip(&facts.body_text, first.start, first.end.min(first.start + 60));
    let names: Vec<&str> = words(greeting).into_iter().map(|word| word.trim_end_matches([',', ':', '-', '!', '.'])).collect();
    let name = names.into_iter().find(|word| is_name(word))?;
    let mut fitting = to.iter().filter(|one| one.is_called(name));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Some(one.address.clone()),
        _ => None,
    }
}
