//! What a folder is for, with the evidence; and what kind of mailbox a mailbox is. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::{Place, domain};
use super::tally::MailboxTally;
use super::words::{WORDS, plain};
use crate::store::estate::{FolderRow, FolderState, SenderInFolder};

/// Messages of one folder.
#[derive(Debug, Default)]
struct Content {
    messages: u64,
    unread: u64,
    workflow: u64,
    document: u64,
    keywords: BTreeSet<String>,
    marked: u64,
    senders: BTreeMap<String, u64>,
}

/// The role of every folder.
pub fn folders(states: &[FolderState], senders: &[SenderInFolder]) -> Vec<FolderRow> {
    let mut all: BTreeMap<(&str, &str), Content> = BTreeMap::new();
    for (mailbox, folder, flags, class, n) in states {
        let content = all.entry((mailbox, folder)).or_default();
        content.messages += n;
        content.unread += if flags.contains("\\Seen") { 0 } else { *n };
        content.workflow += if class == "workflow" { *n } else { 0 };
        content.document += if class == "document" { *n } else { 0 };
        let own = flags
            .split(' ')
            .filter(|flag| !flag.is_empty() && !flag.starts_with(['\\', '$']) && *flag != "NonJunk" && *flag != "Junk");
        let before = content.keywords.len();
        content.keywords.extend(own.clone().take(20).map(str::to_owned));
        content.marked += if own.count() > 0 || content.keywords.len() > before { *n } else { 0 };
    }
    for row in senders {
        if let Some(content) = all.get_mut(&(row.mailbox.as_str(), row.folder.as_str())) {
            *content.senders.entry(domain(&row.address).to_owned()).or_default() += row.messages;
        }
    }
    all.into_iter()
        .map(|((mailbox, name), content)| {
            let (role, evidence) = role(name, &content);
            FolderRow { mailbox: mailbox.to_owned(), name: name.to_owned(), role, evidence, messages: content.messages }
        })
        .collect()
}

fn role(name: &str, content: &Content) -> (String, String) {
    let found = |role: &str, evidence: String| (role.to_owned(), evidence);
    let n = content.messages;
    let states = || {
        let mut words = Vec::new();
        if content.unread > 0 && content.unread < n {
            words.push(format!("{} of {n} unread: unread may stand for open", content.unread));
        }
        if content.keywords.len() >= 2 && content.marked * 5 >= n {
            words.push(format!(
                "{} of {n} carry one of {} categories: a category may stand for a person or a state",
                content.marked,
                content.keywords.len()
            ));
        }
        words
    };
    if Place::of(name) != Place::Own {
        let evidence =
            format!("made by the mail program{}", states().iter().map(|word| format!("; {word}")).collect::<String>());
        return found("system", evidence);
    }
    if let Some((role, word)) = WORDS.role(name) {
        let more: String = states().iter().map(|word| format!("; {word}")).collect();
        return found(role, format!("\"{word}\" in its name{more}"));
    }
    if content.keywords.len() >= 2 && content.marked * 5 >= n && content.workflow * 10 >= n * 3 {
        return found("queue", states().join("; "));
    }
    if n >= 10 && content.unread * 20 >= n && content.unread * 10 <= n * 6 && content.workflow * 10 >= n * 4 {
        return found("queue", states().join("; "));
    }
    let digits = plain(name.rsplit('/').next().unwrap_or(name)).split_whitespace().any(|word| {
        word.len() >= 3
            && word.bytes().filter(u8::is_ascii_digit).count() >= 3
            && !(word.len() == 4 && word.starts_with("20"))
    });
    if digits {
        return found("case file", "a number in its name".to_owned());
    }
    let top = content.senders.iter().filter(|(at, _)| !at.is_empty()).max_by_key(|(_, n)| **n);
    let last = plain(name.rsplit('/').next().unwrap_or(name));
    if let Some((at, _)) = content.senders.iter().find(|(at, _)| {
        let label = at.split('.').next().unwrap_or_default();
        label.len() >= 4 && last.trim().replace(' ', "").contains(label)
    }) {
        return found("case file", format!("named like {at}, whose mail lies in it"));
    }
    if n >= 5 && content.document * 2 >= n {
        return found("filing cabinet", format!("{} of {n} messages carry something to keep", content.document));
    }
    if let Some((at, most)) = top.filter(|(at, most)| n >= 5 && **most * 10 >= n * 7 && !WORDS.is_free_mail(at)) {
        return found("case file", format!("{most} of {n} messages are from {at}"));
    }
    if n >= 10 && content.unread * 20 < n {
        return found("filing cabinet", format!("{n} messages put away, {} unread", content.unread));
    }
    found("unknown", String::new())
}

/// The kind of a mailbox by that of its owner's address, else by what lies in it, with the evidence.
pub fn mailbox_kind(
    mailbox: &MailboxTally,
    owner: Option<(&str, &str)>,
    list: Option<(&str, u32)>,
    senders: usize,
) -> (&'static str, String) {
    let all: u32 = mailbox.days.values().sum();
    if let Some((name, n)) = list.filter(|(_, n)| *n * 2 > all && mailbox.in_sent == 0) {
        return ("list archive", format!("{n} of {all} messages came through the list {name}"));
    }
    match owner {
        Some((address, kind)) => {
            let word = match kind {
                "person" | "leaver" => "person",
                "shared" | "alias" => "role or shared",
                "list" => "list archive",
                "service" => "machine",
                _ => "unknown",
            };
            (word, format!("its address {address} is of the kind {kind}"))
        }
        None if senders >= 20 && mailbox.in_sent == 0 && mailbox.unaddressed * 2 > all => (
            "list archive",
            format!("{senders} different senders, and {} of {all} messages name no recipient", mailbox.unaddressed),
        ),
        None => ("unknown", "nobody's sent mail lies in it, and it is named after no address".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_their_evidence() {
        let state = |folder: &str, flags: &str, class: &str, n| {
            ("anna".to_owned(), folder.to_owned(), flags.to_owned(), class.to_owned(), n)
        };
        let states = [
            state("INBOX", "\\Seen", "correspondence", 9),
            state("Orders - done", "\\Seen", "workflow", 9),
            state("P4711 Harbour", "\\Seen", "correspondence", 9),
            state("Requests from shops", "", "workflow", 5),
            state("Requests from shops", "\\Seen", "workflow", 15),
            state("Numbers", "\\Seen", "document", 9),
            state("Familie", "\\Seen", "correspondence", 2),
            state("Anything", "\\Seen", "correspondence", 2),
        ];
        let rows = folders(&states, &[]);
        let role = |name: &str| rows.iter().find(|row| row.name == name).map(|row| row.role.as_str()).unwrap();
        assert_eq!(role("INBOX"), "system");
        assert_eq!(role("Orders - done"), "state");
        assert_eq!(role("P4711 Harbour"), "case file");
        assert_eq!(role("Requests from shops"), "queue");
        assert_eq!(role("Numbers"), "filing cabinet");
        assert_eq!(role("Familie"), "personal");
        assert_eq!(role("Anything"), "unknown");
    }
}
