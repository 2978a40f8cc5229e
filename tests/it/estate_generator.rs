//! The synthetic estate itself: what its truth says is what a naive reader of the files finds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::estate_world::truth::Truth;
use crate::estate_world::{Options, generate};

/// A copy as a naive reader sees it: which mailbox, and its header fields with lower-case names, unfolded.
struct Naive {
    dir: String,
    path: PathBuf,
    fields: Vec<(String, String)>,
}

impl Naive {
    fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    fn from(&self) -> &str {
        addresses(self.field("from"))[0]
    }
}

fn addresses(field: &str) -> Vec<&str> {
    field.split([',', ' ', '<', '>', '\t', '"']).filter(|word| word.contains('@')).collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn head(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().take_while(|line| !line.is_empty()) {
        match (line.strip_prefix([' ', '\t']), line.split_once(": ")) {
            (Some(more), _) => fields.last_mut().unwrap().1.push_str(&format!(" {}", more.trim())),
            (None, Some((name, value))) => fields.push((name.to_lowercase(), value.to_owned())),
            _ => panic!("no header: {line}"),
        }
    }
    fields
}

/// Every copy below `export`, read with no knowledge of stores but that `From ` and an address after a blank line begin one.
fn read(export: &Path) -> Vec<Naive> {
    let mut paths = Vec::new();
    files(export, &mut paths);
    let mut copies = Vec::new();
    for path in paths {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).replace("\r\n", "\n");
        let dir = path.strip_prefix(export).unwrap().iter().next().unwrap().to_string_lossy().into_owned();
        let texts: Vec<&str> = match &text {
            _ if path.ends_with("prefs.js") || path.extension().is_some_and(|ending| ending == "msf") => continue,
            text if text.is_empty() => continue,
            text if text.starts_with("From ") => {
                // A sentence that begins with "From " has no address in its first word.
                let lines =
                    text.strip_prefix("From ").unwrap().split("\n\nFrom ").filter_map(|one| one.split_once('\n'));
                lines.filter(|(line, _)| line.split(' ').next().unwrap().contains('@')).map(|(_, one)| one).collect()
            }
            text => vec![text],
        };
        copies.extend(texts.into_iter().map(|text| Naive { dir: dir.clone(), path: path.clone(), fields: head(text) }));
    }
    copies
}

fn made(options: Options) -> (tempfile::TempDir, Truth, Vec<Naive>) {
    let folder = tempfile::tempdir().unwrap();
    let estate = generate(options);
    estate.write(folder.path()).unwrap();
    let copies = read(&folder.path().join("export"));
    (folder, estate.truth, copies)
}

/// SHA-256 over all paths and bytes.
fn digest(folder: &Path) -> String {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let mut hash = Sha256::new();
    for path in paths {
        hash.update(path.strip_prefix(folder).unwrap().to_string_lossy().as_bytes());
        hash.update(fs::read(&path).unwrap());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Distinct messages among copies.
fn distinct<'a>(copies: impl Iterator<Item = &'a Naive>) -> usize {
    copies.map(|copy| copy.field("message-id")).collect::<BTreeSet<_>>().len()
}

#[test]
fn truth_counts_what_lies_on_disk() {
    let (_folder, truth, copies) = made(Options::quick(5));
    assert_eq!(truth.copies, copies.len());
    assert_eq!(truth.messages, distinct(copies.iter()));
    let mut by_dir: BTreeMap<&str, usize> = BTreeMap::new();
    copies.iter().for_each(|copy| *by_dir.entry(&copy.dir).or_default() += 1);
    for mailbox in &truth.mailboxes {
        assert_eq!(by_dir.get(mailbox.dir.as_str()), Some(&mailbox.messages), "{}", mailbox.dir);
        assert_eq!(mailbox.folders.values().sum::<usize>(), mailbox.messages, "{}", mailbox.dir);
    }
    for machine in &truth.machines {
        let all = truth.machines.iter().filter(|other| other.address == machine.address);
        let expected: usize = all.map(|other| other.messages).sum();
        let found = distinct(copies.iter().filter(|copy| copy.from() == machine.address));
        assert_eq!(found, expected, "{}", machine.key);
    }
    for address in truth.addresses.iter() {
        let sent =
            distinct(copies.iter().filter(|copy| !copy.field("from").is_empty() && copy.from() == address.address));
        assert_eq!(sent, address.sent, "{}", address.address);
        let is_to = |copy: &&Naive| {
            ["to", "cc"].iter().any(|name| addresses(copy.field(name)).contains(&address.address.as_str()))
        };
        assert_eq!(distinct(copies.iter().filter(is_to)), address.received, "{}", address.address);
    }
    for outside in &truth.outside {
        let own = |copy: &Naive| copy.from().ends_with(&format!("@{}", outside.domain));
        let found = distinct(copies.iter().filter(|copy| own(copy)));
        assert_eq!(found, outside.messages_in, "{}", outside.domain);
    }
}

#[test]
fn the_estate_is_as_wide_as_promised() {
    let (_folder, truth, copies) = made(Options::quick(3));
    assert!((4_000..8_000).contains(&truth.copies), "{}", truth.copies);
    assert_eq!(truth.mailboxes.len(), 30);
    let stores: BTreeSet<&str> = truth.mailboxes.iter().map(|mailbox| mailbox.store.as_str()).collect();
    assert_eq!(stores.len(), 6);
    assert_eq!(truth.machines.len(), 13);
    assert!(truth.machines.iter().all(|machine| machine.messages >= 10), "a machine that hardly sends");
    let partners = truth.outside.iter().filter(|one| ["partner", "freemail"].contains(&one.kind)).count();
    assert!(partners >= 36, "{partners}");
    for kind in ["person", "shared", "list", "alias", "service", "leaver"] {
        assert!(truth.addresses.iter().any(|address| address.kind == kind && address.seen), "{kind}");
    }
    for kind in ["filing", "forwarding", "auto_reply", "delegation"] {
        assert!(truth.rules.iter().any(|rule| rule.kind == kind && rule.hits > 0), "{kind}");
    }
    for flow in &truth.workflows {
        assert!(flow.cases.len() >= 5, "{}", flow.name);
        assert!(flow.cases.iter().all(|case| !case.steps.is_empty()), "{}", flow.name);
    }
    let offsets: BTreeSet<&str> = copies.iter().map(|copy| &copy.field("date")[26..]).collect();
    assert!(offsets.contains("+0100") && offsets.contains("+0200"), "{offsets:?}");
}

#[test]
fn holes_are_holes() {
    for seed in [1, 2] {
        let (_folder, truth, copies) = made(Options::quick(seed));
        assert_eq!(truth.holes.len(), 3);
        for hole in &truth.holes {
            let mailbox = truth.mailboxes.iter().find(|mailbox| mailbox.address == hole.mailbox).unwrap();
            assert!(hole.copies >= 20, "seed {seed}: {} took {}", hole.kind, hole.copies);
            let mine = copies.iter().filter(|copy| copy.dir == mailbox.dir);
            let days = &hole.first_day..=&hole.last_day;
            let inside: Vec<&Naive> = mine.filter(|copy| days.contains(&&local_day(copy))).collect();
            match hole.kind {
                "months_missing" => {
                    assert!(inside.is_empty());
                    assert!((2..=3).contains(&mailbox.empty_months.len()), "{:?}", mailbox.empty_months);
                }
                "no_sent_folder" => {
                    assert!(!mailbox.has_sent_folder);
                    assert!(inside.iter().all(|copy| !copy.field("received").is_empty()));
                    assert!(!inside.iter().any(|copy| copy.path.ends_with("Sent")));
                }
                _ => {
                    let theirs = |copy: &&&Naive| {
                        hole.from.iter().any(|from| copy.from() == from && !copy.field("received").is_empty())
                    };
                    assert_eq!(inside.iter().filter(theirs).count(), 0);
                    assert!(inside.len() > 8, "seed {seed}: other mail is there");
                    let sent = copies.iter().filter(|copy| {
                        hole.from.iter().any(|from| copy.from() == from)
                            && addresses(copy.field("to")).contains(&hole.mailbox.as_str())
                            && days.contains(&&local_day(copy))
                    });
                    assert!(distinct(sent) >= 15, "seed {seed}: the senders kept it");
                }
            }
        }
        let short = truth.roster.iter().find(|line| line.delivery == "short").unwrap();
        let has = truth.mailboxes.iter().find(|mailbox| mailbox.address == short.address).unwrap().messages;
        assert!(short.expected_items.unwrap() * 95 > has * 100, "seed {seed}: {has}");
        let gone = truth.roster.iter().find(|line| line.delivery == "not_delivered").unwrap();
        assert!(truth.mailboxes.iter().all(|mailbox| mailbox.address != gone.address));
        let without = truth.mailboxes.iter().filter(|mailbox| mailbox.kind == "person" && !mailbox.has_sent_folder);
        assert_eq!(without.count(), 1, "seed {seed}");
    }
}

/// The day on the writer's wall clock.
fn local_day(copy: &Naive) -> String {
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let date = copy.field("date");
    let month = months.find(&date[8..11]).unwrap() / 3 + 1;
    format!("{}-{month:02}-{}", &date[12..16], &date[5..7])
}

#[test]
fn people_rest_on_weekends_and_machines_do_not() {
    let (_folder, truth, copies) = made(Options::quick(4));
    let weekend = |copy: &&Naive| ["Sat", "Sun"].contains(&&copy.field("date")[..3]);
    let is_sent = |copy: &&Naive| copy.field("received").is_empty() && copy.field("auto-submitted").is_empty();
    assert_eq!(copies.iter().filter(is_sent).filter(weekend).count(), 0);
    let backup = truth.machines.iter().find(|machine| machine.key == "backup").unwrap();
    let days: BTreeSet<String> = copies.iter().filter(|copy| copy.from() == backup.address).map(local_day).collect();
    assert_eq!(backup.missed_runs.len(), 2);
    assert!(backup.missed_runs.iter().all(|day| !days.contains(day)));
    assert_eq!(days.len(), backup.messages);
}

#[test]
fn every_message_has_its_own_id() {
    let estate = generate(Options::quick(6));
    let ids: BTreeSet<&str> = estate.posts.iter().map(|post| post.message_id.as_str()).collect();
    assert_eq!(ids.len(), estate.posts.len());
}

#[test]
fn many_mailboxes_have_an_address_and_a_folder_each() {
    let estate = generate(Options { mailboxes: 200, scale: 0.02, ..Options::quick(7) });
    assert_eq!(estate.cast.mailboxes.len(), 200);
    let addresses: Vec<&str> =
        estate.cast.people.iter().flat_map(|who| who.others.iter().chain([&who.address])).map(String::as_str).collect();
    assert_eq!(addresses.iter().collect::<BTreeSet<_>>().len(), addresses.len());
    let dirs: BTreeSet<&str> = estate.cast.mailboxes.iter().map(|mailbox| mailbox.dir.as_str()).collect();
    assert_eq!(dirs.len(), estate.cast.mailboxes.len());
}

#[test]
fn a_seed_is_an_estate() {
    let write = |seed| {
        let folder = tempfile::tempdir().unwrap();
        generate(Options::quick(seed)).write(folder.path()).unwrap();
        (digest(folder.path()), folder)
    };
    let ((one, _first), (same, _second), (other, _third)) = (write(1), write(1), write(2));
    assert_eq!(one, same);
    assert_ne!(one, other);
}
