//! Files that a text speaks of and that are not in it: links to documents and shares, files promised or named and not
//! attached, marks that a program left when it took one out.
//!
//! Only the sender's own words and what is passed on count; quoted text was counted where it was new. Everything is
//! bounded, linear, and finds nothing rather than something wrong: trackers, pictures and unsubscribe links are no
//! documents.

mod link;

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

pub use link::{Link, LinkKind, hrefs};
use link::{is_document_extension, links};

use super::zones::{ZoneKind, Zones};
use crate::model::message::{Attachment, Facts};
use crate::model::{Problem, ProblemKind};

/// Most links of one message.
const LINKS: usize = 50;
/// Most files named in one message.
const NAMES: usize = 20;

/// Why a file is spoken of and not there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Missing {
    /// The text says that something is attached.
    Promised,
    /// A mail program left the name where the file was: `<<offer.doc>>`.
    Named,
    /// A program says that it took something out.
    Stripped,
    /// The text speaks of a file that may be what is passed on or linked to.
    Mentioned,
}

impl Missing {
    /// The word in `missing_file.why`.
    pub fn as_str(self) -> &'static str {
        match self {
            Missing::Promised => "promised",
            Missing::Named => "named",
            Missing::Stripped => "stripped",
            Missing::Mentioned => "mentioned",
        }
    }
}

/// What a message refers to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct References {
    /// Different links, in order.
    pub links: Vec<Link>,
    /// Files that are not there; the name where there is one.
    pub missing: Vec<(Missing, Option<String>)>,
}

/// Reads what a message refers to. `facts.hrefs` are the links of its HTML.
pub fn read(facts: &Facts, zones: &Zones) -> References {
    let mut found = References::default();
    let mut seen = HashSet::new();
    let text = facts.body_text.as_str();
    for zone in zones.all.iter().filter(|zone| matches!(zone.kind, ZoneKind::New | ZoneKind::Forwarded)) {
        links(&text[zone.start..zone.end], &mut |link| found.add(link, &mut seen));
    }
    for href in &facts.hrefs {
        links(href, &mut |link| found.add(link, &mut seen));
    }
    found.missing(facts, zones);
    found
}

impl References {
    /// What a person should know of it: names stay in the inventory, problems hold no text.
    pub fn problems(&self) -> impl Iterator<Item = Problem> + '_ {
        let kinds = [
            (Missing::Promised, ProblemKind::AttachmentPromised),
            (Missing::Named, ProblemKind::AttachmentNamed),
            (Missing::Stripped, ProblemKind::AttachmentStripped),
        ];
        kinds.into_iter().filter_map(|(why, kind)| match self.missing.iter().filter(|(one, _)| *one == why).count() {
            0 => None,
            1 => Some(Problem::new(kind, "")),
            n => Some(Problem::new(kind, format!("{n} files"))),
        })
    }

    fn add(&mut self, link: Link, seen: &mut HashSet<String>) {
        if self.links.len() < LINKS && seen.insert(link.target.clone()) {
            self.links.push(link);
        }
    }

    fn missing(&mut self, facts: &Facts, zones: &Zones) {
        let text = facts.body_text.as_str();
        let mut names = HashSet::new();
        for zone in zones.all.iter().filter(|zone| matches!(zone.kind, ZoneKind::New | ZoneKind::Forwarded)) {
            named(&text[zone.start..zone.end], &mut |name| {
                let attached = facts.attachments.iter().any(|one| is_called(one, name));
                if !attached && names.len() < NAMES && names.insert(name.to_lowercase()) {
                    self.missing.push((Missing::Named, Some(name.to_owned())));
                }
            });
        }
        let marked = zones
            .all
            .iter()
            .filter(|zone| !matches!(zone.kind, ZoneKind::Quoted | ZoneKind::QuoteHeader))
            .any(|zone| STRIPPED.is_match(&text[zone.start..zone.end]));
        if marked {
            self.missing.push((Missing::Stripped, None));
        }
        let holds_something = facts.attachments.iter().any(is_file) || !facts.opaque.is_empty();
        let says_more = zones.has(ZoneKind::Forwarded) || !self.links.is_empty() || !self.missing.is_empty();
        if holds_something {
            return;
        }
        let promised = zones.of(ZoneKind::New).any(|zone| promises(&text[zone.start..zone.end]));
        if promised && !says_more {
            self.missing.push((Missing::Promised, None));
        } else if promised || zones.of(ZoneKind::Forwarded).any(|zone| promises(&text[zone.start..zone.end])) {
            self.missing.push((Missing::Mentioned, None));
        }
    }
}

/// Something a person may have meant by "attached".
fn is_file(one: &Attachment) -> bool {
    let paper = one.inline && one.media_type.starts_with("image/") && one.file_name.is_none();
    !(paper || one.media_type.ends_with("-signature"))
}

fn is_called(one: &Attachment, name: &str) -> bool {
    one.file_name.as_deref().is_some_and(|own| own.trim().eq_ignore_ascii_case(name))
}

static STRIPPED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    insensitive(&[
        "[attachment removed",
        "[attachment deleted",
        "attachments removed]",
        "attachment was removed",
        "attachment has been removed",
        "attachment was scrubbed",
        "attachment was stripped",
        "attachment has been stripped",
        "attachments have been removed",
        "portions of this message have been removed",
        "attachment of type ",
        "(see attached file removed",
        "[deleted attachment",
        "[removed an attachment",
        "the following attachment was deleted",
        "\" deleted by ",
        "anhang wurde entfernt",
        "anlage wurde entfernt",
        "pièce jointe supprimée",
    ])
});

/// Extensions of what people attach.
fn is_file_extension(extension: &str) -> bool {
    is_document_extension(extension)
        || ["jpg", "jpeg", "gif", "bmp", "png", "txt", "htm", "html", "exe", "wav", "mpg", "avi"]
            .iter()
            .any(|one| extension.eq_ignore_ascii_case(one))
}

static PROMISES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    insensitive(&[
        "the attached ",
        "attached is ",
        "attached are ",
        "attached please find",
        "attached you will find",
        "attached for your",
        "find attached",
        "find the attached",
        "see attached",
        "see the attached",
        "have attached",
        "i've attached",
        "i attached",
        "i am attaching",
        "i'm attaching",
        "attached hereto",
        "attached file",
        "attached document",
        "attached spreadsheet",
        "attached draft",
        "enclosed please find",
        "the enclosed ",
        "enclosed is ",
        "please find enclosed",
        "anbei ",
        "im anhang",
        "in der anlage",
        "als anhang",
        "ci-joint",
        "en pièce jointe",
        "le adjunto",
        "adjunto ",
        "in allegato",
        "bijgevoegd",
    ])
});

fn insensitive(patterns: &[&str]) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(patterns)
        .expect("a short list of short words")
}

/// Words that turn a promise around, shortly before it.
const NEGATIONS: [&str; 6] = ["not ", "n't ", "no ", "forgot", "without", "kein"];

fn promises(text: &str) -> bool {
    PROMISES.find_iter(text).any(|hit| {
        let own_word = hit.start() == 0 || !text.as_bytes()[hit.start() - 1].is_ascii_alphanumeric();
        let mut from = hit.start().saturating_sub(20);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let before = text[from..hit.start()].to_ascii_lowercase();
        own_word && !NEGATIONS.iter().any(|word| before.contains(word))
    })
}

/// Names in `<<name.doc>>` and on lines like ` - name.doc` (Outlook), and in `(See attached file: name.doc)` (Lotus Notes).
fn named<'a>(text: &'a str, each: &mut dyn FnMut(&'a str)) {
    let mut give = |name: &'a str| {
        let name = name.trim();
        let name = name.strip_prefix("File: ").unwrap_or(name).trim();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let plausible = (2..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric());
        if plausible && !name.contains(['\n', '<', '>', '@']) && !name.contains("//") {
            each(name);
        }
    };
    for at in memmem::find_iter(text.as_bytes(), b"<<") {
        let rest = &text[at + 2..];
        if let Some(end) = memmem::find(&rest.as_bytes()[..rest.len().min(260)], b">>") {
            give(&rest[..end]);
        }
    }
    let marked = text.lines().filter_map(|line| line.trim().strip_prefix("- "));
    for name in
        marked.filter(|name| name.len() < 100 && name.rsplit_once('.').is_some_and(|(_, end)| is_file_extension(end)))
    {
        give(name);
    }
    const NOTES: &str = "(See attached file: ";
    for at in memmem::find_iter(text.as_bytes(), NOTES) {
        let rest = &text[at + NOTES.len()..];
        if let Some(end) = memchr::memchr(b')', &rest.as_bytes()[..rest.len().min(260)]) {
            give(&rest[..end]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_where_files_were() {
        let mut names = Vec::new();
        named(
            "x <<Offer v2.doc>> y << not a file >> (See attached file: b.xls)\n<<a\nb.doc>>\n - c d.xls\n- not. one\n<< File: e.doc >>",
            &mut |name| names.push(name),
        );
        assert_eq!(names, ["Offer v2.doc", "e.doc", "c d.xls", "b.xls"]);
    }

    #[test]
    fn promises_and_what_turns_them_around() {
        for text in
            ["Attached is the offer.", "Please find attached our list", "Anbei die Rechnung", "I've attached it"]
        {
            assert!(promises(text), "{text}");
        }
        for text in [
            "It is not attached, see attached",
            "she is attached to it",
            "unattached is best",
            "I forgot: see attached",
        ] {
            assert!(!promises(text), "{text}");
        }
    }
}
