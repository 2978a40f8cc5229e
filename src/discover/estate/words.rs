//! The words of `words.toml`, ready to be looked for.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};
use serde::Deserialize;

/// The words that come with the program.
pub static WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::read(include_str!("words.toml")).expect("the words that come with the program are read by a test")
});

/// Every list.
#[derive(Debug)]
pub struct Words {
    folders: Vec<(String, List)>,
    roles: Vec<(String, List)>,
    /// Local parts of shared addresses.
    pub shared: List,
    /// Local parts of lists.
    pub list: List,
    /// Local parts of machines.
    pub service: List,
    /// Senders and subjects of announcements.
    pub newsletter: List,
    /// Subjects of automatic replies.
    pub auto_reply: List,
    /// Kinds of systems.
    pub systems: Vec<SystemWords>,
    free_mail: HashSet<String>,
    access: HashSet<String>,
}

/// The words of one kind of system.
#[derive(Debug)]
pub struct SystemWords {
    /// Such as `scanner`.
    pub kind: String,
    /// Local part and display name.
    pub sender: List,
    /// Masked subjects.
    pub subject: List,
    /// X-Mailer.
    pub mailer: List,
    /// Domain and first hop.
    pub host: List,
    /// Names of attached files.
    pub file: List,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    folder: Vec<Named>,
    role: Vec<Named>,
    roles: Roles,
    newsletter: Plain,
    system: Vec<SystemSheet>,
    auto_reply: Plain,
    free_mail: Domains,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    kind: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    shared: Vec<String>,
    list: Vec<String>,
    service: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SystemSheet {
    kind: String,
    sender: Vec<String>,
    subject: Vec<String>,
    mailer: Vec<String>,
    host: Vec<String>,
    file: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Domains {
    domains: Vec<String>,
    labels: Vec<String>,
}

/// Words with their borders as blanks, found in one pass however many they are.
#[derive(Debug)]
pub struct List {
    patterns: Vec<String>,
    /// Anywhere; the leftmost word.
    anywhere: AhoCorasick,
    /// At the start; the first word of the list.
    at_start: AhoCorasick,
}

impl List {
    fn of(words: &[String]) -> List {
        let pattern = |word: &String| {
            let anywhere = word.strip_prefix('*');
            let body = plain(anywhere.unwrap_or(word).trim_end_matches('$'));
            let body = body.trim();
            let front = if anywhere.is_some() { "" } else { " " };
            let back = if word.ends_with('$') || word.ends_with(' ') { " " } else { "" };
            format!("{front}{body}{back}")
        };
        let patterns: Vec<String> = words.iter().map(pattern).collect();
        let automaton = |start| {
            AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).start_kind(start).build(&patterns).expect(
                "lists of a few hundred words are far below the limits of an automaton; a test reads those of the program",
            )
        };
        let (anywhere, at_start) = (automaton(StartKind::Unanchored), automaton(StartKind::Anchored));
        List { patterns, anywhere, at_start }
    }

    /// The leftmost word of the list in `text`, which `plain` has made.
    pub fn hit<'a>(&'a self, text: &str) -> Option<&'a str> {
        self.anywhere.find(text).map(|found| self.patterns[found.pattern().as_usize()].trim())
    }

    /// The first word of the list that the text starts with.
    pub fn hit_start<'a>(&'a self, text: &str) -> Option<&'a str> {
        let input = Input::new(text).anchored(Anchored::Yes);
        self.at_start.find(input).map(|found| self.patterns[found.pattern().as_usize()].trim())
    }

    /// The same, only at the start or end of the text.
    pub fn hit_border<'a>(&'a self, text: &str) -> Option<&'a str> {
        let border = |word: &&String| text.starts_with(word.as_str()) || text.trim_end().ends_with(word.trim_end());
        self.patterns.iter().find(border).map(|word| word.trim())
    }
}

/// Lower case, all that is no letter or digit one blank, with a blank at both ends.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(' ');
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

impl Words {
    fn read(text: &str) -> Result<Words, toml::de::Error> {
        let sheet: Sheet = toml::from_str(text)?;
        let named = |all: Vec<Named>| all.into_iter().map(|one| (one.kind, List::of(&one.words))).collect();
        Ok(Words {
            folders: named(sheet.folder),
            roles: named(sheet.role),
            shared: List::of(&sheet.roles.shared),
            list: List::of(&sheet.roles.list),
            service: List::of(&sheet.roles.service),
            newsletter: List::of(&sheet.newsletter.words),
            auto_reply: List::of(&sheet.auto_reply.words),
            systems: sheet
                .system
                .into_iter()
                .map(|one| SystemWords {
                    kind: one.kind,
                    sender: List::of(&one.sender),
                    subject: List::of(&one.subject),
                    mailer: List::of(&one.mailer),
                    host: List::of(&one.host),
                    file: List::of(&one.file),
                })
                .collect(),
            free_mail: sheet.free_mail.domains.into_iter().collect(),
            access: sheet.free_mail.labels.into_iter().collect(),
        })
    }

    /// What a mail program's own folder is for, by its name; `other` for a person's own.
    pub fn folder(&self, name: &str) -> &str {
        let last = plain(name.rsplit('/').next().unwrap_or(name));
        // `Sent/2023` is sent mail, too.
        let first = plain(name.split('/').next().unwrap_or(name));
        let of = |text: &str| {
            self.folders.iter().find(|(_, list)| list.hit_start(text).is_some()).map(|(kind, _)| kind.as_str())
        };
        of(&last).or_else(|| of(&first).filter(|kind| *kind != "inbox")).unwrap_or("other")
    }

    /// The probable role of a folder by its name, with the word that says so.
    pub fn role(&self, name: &str) -> Option<(&str, &str)> {
        let last = plain(name.rsplit('/').next().unwrap_or(name));
        self.roles.iter().find_map(|(kind, list)| list.hit(&last).map(|word| (kind.as_str(), word)))
    }

    /// Whether a subject says that the message was passed on.
    pub fn is_forward(&self, subject: &str) -> bool {
        const PASSED_ON: [&str; 8] = ["fw", "fwd", "wg", "tr", "rv", "enc", "i", "doorst"];
        let word = subject.split(':').next().unwrap_or_default().trim();
        PASSED_ON.iter().any(|known| known.eq_ignore_ascii_case(word))
    }

    /// Whether private people have their mail there: free mail and internet access, also in a domain under it.
    pub fn is_free_mail(&self, domain: &str) -> bool {
        let mut rest = domain;
        loop {
            if self.free_mail.contains(rest) {
                return true;
            }
            // The last two labels are whose it is.
            match rest.split_once('.') {
                Some((label, above)) if above.contains('.') => {
                    if self.access.contains(label) {
                        return true;
                    }
                    rest = above;
                }
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_by_their_names() {
        for (name, kind) in [
            ("INBOX", "inbox"),
            ("INBOX/Invoices", "other"),
            ("Sent Items", "sent"),
            ("Gesendete Elemente", "sent"),
            ("Sent/2023", "sent"),
            ("Elementos enviados", "sent"),
            ("_sent_mail", "sent"),
            ("Entwürfe", "drafts"),
            ("Deleted Items", "trash"),
            ("Orders - done", "other"),
        ] {
            assert_eq!(WORDS.folder(name), kind, "{name}");
        }
        assert_eq!(WORDS.role("Orders - done"), Some(("state", "done")));
    }

    #[test]
    fn access_is_no_partner() {
        for domain in ["gmail.com", "houston.rr.com", "ix.netcom.com", "dsl.provider.example"] {
            assert!(WORDS.is_free_mail(domain), "{domain}");
        }
        assert!(!WORDS.is_free_mail("cable.example") && !WORDS.is_free_mail("mygmail.com"));
    }

    #[test]
    fn words_match_at_their_borders() {
        let list = List::of(&["scan".to_owned(), "ap$".to_owned()]);
        assert!(list.hit(&plain("Scanner-3")).is_some() && list.hit(&plain("my.ap")).is_some());
        assert!(list.hit(&plain("apple toscana")).is_none());
        assert!(
            WORDS.shared.hit_start(&plain("post.anna")).is_some()
                && WORDS.shared.hit_start(&plain("anna.post")).is_none()
        );
    }
}
