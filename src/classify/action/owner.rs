//! Who is to do it: the one who is asked, the one who writes, or somebody who is named.

use crate::model::action::ActionOwner;
use crate::model::message::{Address, Facts, Role};
use crate::signal::Signals;

/// Words that begin a sentence with a capital and are no name.
const NO_NAMES: [&str; 72] = [
    "please",
    "also",
    "thanks",
    "thank",
    "hi",
    "hello",
    "dear",
    "if",
    "when",
    "as",
    "so",
    "then",
    "and",
    "but",
    "the",
    "this",
    "that",
    "these",
    "those",
    "we",
    "i",
    "you",
    "he",
    "she",
    "they",
    "it",
    "all",
    "everyone",
    "anyone",
    "someone",
    "can",
    "could",
    "would",
    "will",
    "what",
    "who",
    "how",
    "where",
    "why",
    "note",
    "attached",
    "regarding",
    "re",
    "fyi",
    "ok",
    "okay",
    "yes",
    "no",
    "first",
    "second",
    "finally",
    "next",
    "today",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "per",
    "due",
    "any",
    "each",
    "there",
    "let",
    "make",
    "bitte",
    "guys",
    "folks",
    "team",
];
/// What a third person is told to do begins with.
const SHALL: [&str; 14] =
    ["will", "to", "should", "must", "needs", "shall", "is", "has", "can", "may", "would", "plans", "soll", "wird"];
/// What follows a name that is called.
const CALLS: [&str; 16] = [
    "please", "pls", "can", "could", "would", "will", "kindly", "i", "you", "we", "let", "do", "have", "if", "bitte",
    "just",
];
/// How the sender speaks of his or her own doing.
const MINE: [&str; 38] = [
    "i will",
    "i'll",
    "i shall",
    "i am going to",
    "i'm going to",
    "we will",
    "we'll",
    "we shall",
    "we are going to",
    "we're going to",
    "i plan to",
    "i intend to",
    "i need to",
    "i have to",
    "i must",
    "i should",
    "i can",
    "let me",
    "i am sending",
    "i'm sending",
    "i am working",
    "i'm working",
    "i would be happy to",
    "i'd be happy to",
    "i hope to",
    "i want to",
    "i promise",
    "i agreed to",
    "we plan to",
    "we need to",
    "we have to",
    "i expect to",
    "i am planning",
    "i'm planning",
    "ich werde",
    "wir werden",
    "ich schicke",
    "i would like to",
];
/// How the sender speaks of what somebody else should do, though it begins with "I".
const YOURS: [&str; 24] = [
    "you to",
    "please",
    "can you",
    "could you",
    "would you",
    "will you",
    "let me know",
    "need you",
    "like you",
    "want you",
    "need your",
    "you need",
    "you should",
    "you must",
    "you will need",
    "you'll need",
    "i need the",
    "i need a",
    "i would appreciate",
    "i'd appreciate",
    "if you could",
    "we need your",
    "let us know",
    "bitte",
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
    if let Some((name, address)) = called_within(facts, text) {
        return resolve_to(facts, name, address);
    }
    let lower: Vec<String> =
        words.iter().map(|word| word.trim_matches(['.', ',', ';', ':', '!', '?', '-']).to_lowercase()).collect();
    let line = format!(" {} ", lower.join(" "));
    let place = |all: &[&str]| all.iter().filter_map(|one| line.find(&format!(" {one} "))).min();
    let mine = place(&MINE).or_else(|| going_on(&line));
    let asked = place(&YOURS).into_iter().chain(needs_a_thing(&line)).min();
    let told = mine.is_some_and(|mine| mine > 20) && sentence_has(signals, at, &["request_imperative"]);
    let sender = match (mine, asked) {
        (Some(mine), Some(asked)) => mine < asked && !line[mine..].starts_with(" i would ") || mine + 40 < asked,
        (Some(mine), None) => mine < 60 || !line.starts_with(" if "),
        _ => false,
    };
    if sender && !told && !sentence_has(signals, at, &["request_please", "request_can_you"]) {
        return (ActionOwner::Sender, own());
    }
    // "An agenda will be distributed": by the one who says so.
    const PASSIVE: [&str; 12] = [
        "sent",
        "distributed",
        "provided",
        "coordinated",
        "forwarded",
        "prepared",
        "mailed",
        "faxed",
        "updated",
        "scheduled",
        "posted",
        "issued",
    ];
    let passive =
        |verb: &&str| line.contains(&format!(" will be {verb} ")) || line.contains(&format!(" would be {verb} "));
    if asked.is_none() && !line.contains(" you ") && PASSIVE.iter().any(passive) {
        return (ActionOwner::Sender, own());
    }
    if let Some((name, address)) = still_called(facts, signals, at) {
        return resolve_to(facts, name, address);
    }
    (ActionOwner::Recipient, recipient(facts, signals))
}

/// "I'm preparing", "we are in touch and will send": what goes on is promised, unless it is about the letter itself.
fn going_on(line: &str) -> Option<usize> {
    const STARTS: [&str; 5] = [" i'm ", " i am ", " we're ", " we are ", " i was "];
    const TALK: [&str; 14] = [
        "writing",
        "wondering",
        "looking",
        "asking",
        "hoping",
        "requesting",
        "trying",
        "following",
        "attaching",
        "forwarding",
        "calling",
        "assuming",
        "interested",
        "thinking",
    ];
    let (at, start) = STARTS.iter().filter_map(|start| Some((line.find(start)?, *start))).min()?;
    let rest = &line[at + start.len()..];
    let verb = rest.split(' ').next().unwrap_or_default();
    let promised = verb.ends_with("ing") && !TALK.contains(&verb);
    (promised || rest.contains(" and will ") || rest.starts_with("happy to") || rest.contains("going to "))
        .then_some(at)
}

/// "I will need the numbers": asked of the reader, unless the sender will need to do something.
fn needs_a_thing(line: &str) -> Option<usize> {
    [" i will need ", " i'll need ", " we will need ", " we'll need "].iter().find_map(|start| {
        let at = line.find(start)?;
        (!line[at + start.len()..].starts_with("to ")).then_some(at)
    })
}

/// "In addition, Miranda, we need …", "could you send it, Pete": a recipient who is called within the sentence.
fn called_within<'a>(facts: &Facts, text: &'a str) -> Option<(&'a str, String)> {
    let mut parts = text.split([',', ';']).skip(1);
    parts.find_map(|part| {
        let name = part.trim().trim_end_matches(['.', '?', '!']);
        (name.split_whitespace().count() == 1 && is_name(name)).then_some(())?;
        Some((name, only_recipient(facts, name)?))
    })
}

/// The person who is called by a sentence before, in the same paragraph ("Maria: please …. When you …").
fn still_called<'a>(facts: &'a Facts, signals: &Signals, at: usize) -> Option<(&'a str, String)> {
    let sentences = &signals.grams.sentences;
    for before in (at.saturating_sub(4)..at).rev() {
        let gap = &facts.body_text[sentences[before].end..sentences[before + 1].start];
        if gap.matches('\n').count() > 1 {
            return None;
        }
        let text = &facts.body_text[sentences[before].start..sentences[before].end];
        if let Some((name, _)) =
            text.split_once(':').filter(|(name, _)| name.split_whitespace().count() <= 2 && is_name(name))
        {
            return Some((name, only_recipient(facts, name)?));
        }
    }
    None
}

/// The address of the only recipient whom the name fits; short forms of names count where no full one does.
fn only_recipient(facts: &Facts, name: &str) -> Option<String> {
    let found = |fits: &dyn Fn(&Address) -> bool| {
        let mut all: Vec<&str> = facts
            .recipients
            .iter()
            .map(|(_, one)| one)
            .filter(|one| fits(one))
            .map(|one| one.address.as_str())
            .collect();
        all.retain(|address| !address.is_empty());
        all.sort_unstable();
        all.dedup();
        all
    };
    let exact = found(&|one| one.is_called(name));
    let all = if exact.is_empty() { found(&|one| one.is_called_in_short(name)) } else { exact };
    match all[..] {
        [one] => Some(one.to_owned()),
        _ => None,
    }
}

fn resolve_to(facts: &Facts, name: &str, address: String) -> (ActionOwner, Option<String>) {
    let mut to = facts.recipients.iter().filter(|(role, _)| *role == Role::To).map(|(_, one)| one.address.as_str());
    let only = to.clone().all(|one| one == address) && to.next().is_some();
    (if only { ActionOwner::Recipient } else { ActionOwner::Named(name.to_owned()) }, Some(address))
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
    text.split_whitespace()
        .take(40)
        .map(|word| word.trim_matches(['"', '(', ')', '*', '>', '\u{2022}']))
        .filter(|word| !word.is_empty())
        .collect()
}

/// A name at the start: called ("John, please …", "@John") or told of ("John to send", "John will").
fn named(words: &[&str]) -> Option<(String, bool)> {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let bare = first.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if bare.is_empty()
            || ["hi", "hello", "dear", "hey", "hallo", "liebe", "lieber", "thanks", "also", "and"]
                .contains(&bare.as_str())
        {
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
                (false, true, _) if follows != "can" && follows != "will" || !asks(words) => {
                    Some((name.join(" "), false))
                }
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
    if let Some(from) = facts.from.as_ref().filter(|from| !called && from.is_called(name)) {
        return (ActionOwner::Sender, Some(from.address.clone()).filter(|address| !address.is_empty()));
    }
    let found = only_recipient(facts, name);
    let mut to: Vec<&str> =
        facts.recipients.iter().filter(|(role, _)| *role == Role::To).map(|(_, one)| one.address.as_str()).collect();
    to.sort_unstable();
    to.dedup();
    match (found, &to[..]) {
        (Some(one), [only]) if one == *only => (ActionOwner::Recipient, Some(one)),
        (None, [only]) if called => (ActionOwner::Recipient, Some((*only).to_owned()).filter(|one| !one.is_empty())),
        (found, _) => (ActionOwner::Named(name.to_owned()), found),
    }
}

/// The address of the one whom the message is for: the only one of To, or the one who is greeted.
fn recipient(facts: &Facts, signals: &Signals) -> Option<String> {
    let mut to: Vec<&Address> =
        facts.recipients.iter().filter(|(role, _)| *role == Role::To).map(|(_, one)| one).collect();
    to.retain(|one| !one.address.is_empty());
    to.dedup_by(|one, other| one.address == other.address);
    if let [only] = to[..] {
        return Some(only.address.clone());
    }
    let first = signals.grams.sentences.first()?;
    let greeting = crate::signal::clip(&facts.body_text, first.start, first.end.min(first.start + 60));
    let names: Vec<&str> =
        words(greeting).into_iter().map(|word| word.trim_end_matches([',', ':', '-', '!', '.'])).collect();
    let name = names.into_iter().find(|word| is_name(word))?;
    only_recipient(facts, name)
}
