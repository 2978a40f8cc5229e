//! Threads on real files: known conversations, and public lists with a part of their headers hidden.

use std::collections::HashMap;
use std::path::Path;

use crate::harness::{dump, number, program, repository, rows, scan, workspace};

/// Pairs that are together, as (in both, in the first, in the second).
pub fn pairs<'a>(both: impl Iterator<Item = (&'a str, &'a str)>) -> (f64, f64, f64) {
    let (mut shared, mut first, mut second) =
        (HashMap::<(&str, &str), u64>::new(), HashMap::<&str, u64>::new(), HashMap::<&str, u64>::new());
    for (one, other) in both {
        *shared.entry((one, other)).or_default() += 1;
        *first.entry(one).or_default() += 1;
        *second.entry(other).or_default() += 1;
    }
    let sum = |all: &mut dyn Iterator<Item = u64>| all.map(|n| n * (n - 1) / 2).sum::<u64>() as f64;
    (sum(&mut shared.into_values()), sum(&mut first.into_values()), sum(&mut second.into_values()))
}

/// Pairwise F1 of two ways to put the same things into groups.
pub fn pairwise_f1<'a>(both: impl Iterator<Item = (&'a str, &'a str)>) -> f64 {
    let (shared, first, second) = pairs(both);
    if first + second == 0.0 { 1.0 } else { 2.0 * shared / (first + second) }
}

/// The messages of a pipermail archive: a `From ` line, then at once `From: `.
fn split(archive: &str) -> Vec<&str> {
    let mut starts: Vec<usize> =
        archive.match_indices("\nFrom ").map(|(at, _)| at + 1).chain(std::iter::once(0)).collect();
    starts.retain(|at| archive[*at..].lines().nth(1).is_some_and(|line| line.starts_with("From: ")));
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(archive.len()));
    starts.iter().copied().zip(ends).map(|(start, end)| &archive[start..end]).collect()
}

/// The value of a header, unfolded.
fn header(message: &str, name: &str) -> Option<String> {
    let head = message.split("\n\n").next()?;
    let mut lines = head.lines().skip_while(|line| !line.starts_with(name));
    let mut value = lines.next()?[name.len()..].to_owned();
    for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push_str(line);
    }
    Some(value)
}

fn ids(value: &str) -> Vec<String> {
    value.split(['<', '>', ' ', '\t', ',']).filter(|word| word.contains('@')).map(str::to_owned).collect()
}

/// Without the header fields that say what a message answers.
fn hidden(message: &str) -> String {
    let (head, body) = message.split_once("\n\n").unwrap_or((message, ""));
    let mut kept = String::new();
    let mut dropping = false;
    for line in head.lines() {
        dropping = line.starts_with("In-Reply-To:")
            || line.starts_with("References:")
            || dropping && line.starts_with([' ', '\t']);
        if !dropping {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept + "\n" + body
}

fn find(parent: &mut HashMap<String, String>, one: &str) -> String {
    let mut at = one.to_owned();
    while let Some(above) = parent.get(&at).filter(|above| **above != at) {
        at = above.clone();
    }
    parent.insert(one.to_owned(), at.clone());
    at
}

#[test]
fn threads_of_a_public_list_survive_hidden_headers() {
    let list = repository().join("target/shared/mailboxes/r-devel");
    let names = ["2009-March.txt", "2009-April.txt", "2009-May.txt"];
    if names.iter().any(|name| !list.join(name).exists()) {
        eprintln!("skipped: target/shared/mailboxes/r-devel is not here");
        return;
    }
    let (_folder, export, inventory) = workspace();
    let mut parent: HashMap<String, String> = HashMap::new();
    let mut known: Vec<String> = Vec::new();
    let (mut all, mut hid) = (0, 0);
    for name in names {
        let text = String::from_utf8_lossy(&std::fs::read(list.join(name)).expect("an archive")).into_owned();
        let mut written = String::new();
        for message in split(&text) {
            let id = header(message, "Message-ID: ").map(|value| ids(&value)).and_then(|all| all.into_iter().next());
            let Some(id) = id else { continue };
            let links = ["In-Reply-To:", "References:"].iter().filter_map(|name| header(message, name));
            for other in links.flat_map(|value| ids(&value)) {
                let (one, other) = (find(&mut parent, &id), find(&mut parent, &other));
                parent.insert(one, other);
            }
            all += 1;
            // Every fifth by its id: the same ones every time.
            let sum = id.bytes().fold(17u32, |sum, b| sum.wrapping_mul(31).wrapping_add(u32::from(b)));
            if sum % 5 == 0 {
                hid += 1;
                written.push_str(&hidden(message));
            } else {
                written.push_str(message);
            }
            known.push(id);
        }
        std::fs::write(export.join(name), written).expect("a copy");
    }
    assert!(all > 800 && hid * 4 < all && hid * 7 > all, "{hid} of {all}");
    assert_eq!(scan(&[&export], &inventory).code & !1, 0);
    let found: HashMap<String, String> =
        rows(&inventory, "SELECT rfc_message_id, thread_id FROM message WHERE rfc_message_id IS NOT NULL")
            .into_iter()
            .filter_map(|row| row.rsplit_once('|').map(|(id, thread)| (id.to_owned(), thread.to_owned())))
            .collect();
    let truth: Vec<(String, String)> = known.iter().map(|id| (id.clone(), find(&mut parent, id))).collect();
    let both = truth.iter().filter_map(|(id, truth)| Some((truth.as_str(), found.get(id)?.as_str())));
    let f1 = pairwise_f1(both);
    eprintln!("r-devel, three months, {hid} of {all} without headers: pairwise F1 {f1:.3}");
    assert!(f1 >= 0.90, "pairwise F1 {f1:.3}");
}

fn mail(number: u32, day: u32, from: &str, to: &str, subject: &str, more: &str) -> String {
    format!(
        "From {from} Mon Mar  6 09:00:00 2023\nFrom: {from}\nTo: {to}\nSubject: {subject}\nDate: {day} Mar 2023 09:{number:02}:00 \
         +0100\nMessage-ID: <{number}@wendholt.example>\n{more}\nText number {number} of this conversation, in eight words.\n\n"
    )
}

const ADA: &str = "ada@wendholt.example";
const BEN: &str = "ben@wendholt.example";

fn write(export: &Path, name: &str, mails: &[String]) {
    let path = export.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, mails.concat()).expect("a mailbox");
}

#[test]
fn a_message_in_two_mailboxes_is_one_step_with_two_copies() {
    let (_folder, export, inventory) = workspace();
    let crane = mail(1, 1, ADA, BEN, "Crane", "");
    let answer = mail(2, 2, BEN, ADA, "Re: Crane", "In-Reply-To: <1@wendholt.example>\n");
    let passed =
        mail(3, 3, BEN, "cleo@wendholt.example", "Lifting gear", "References: <0@gone.example> <2@wendholt.example>\n");
    write(&export, "ada/Sent.mbox", &[crane.clone(), mail(4, 4, ADA, BEN, "Lunch", "")]);
    write(&export, "ben/Inbox.mbox", &[crane]);
    write(&export, "ben/Sent.mbox", &[answer, passed]);
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let found = rows(
        &inventory,
        "SELECT subject, messages, letters, mailboxes, ghosts, joined_by FROM thread ORDER BY messages DESC",
    );
    assert_eq!(found, ["Crane|4|3|2|1|references", "Lunch|1|1|1|0|alone"]);
    assert_eq!(number(&inventory, "SELECT count(*) FROM message WHERE thread_id IS NULL"), 0);
}

#[test]
fn ids_of_threads_survive_more_mail_and_do_not_depend_on_workers() {
    let (folder, export, inventory) = workspace();
    let old: Vec<String> = (1..9)
        .map(|n| {
            let more = if n % 2 == 0 { format!("In-Reply-To: <{}@wendholt.example>\n", n - 1) } else { String::new() };
            let (from, to) = if n % 2 == 0 { (BEN, ADA) } else { (ADA, BEN) };
            mail(n, n, from, to, &format!("Job {}", n.div_ceil(2)), &more)
        })
        .collect();
    write(&export, "ada/b.mbox", &old);
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let threads = "SELECT rfc_message_id, thread_id, joined_by FROM message ORDER BY 1";
    let before = rows(&inventory, threads);
    // More mail in a file that sorts before: a new conversation, and an answer that brings two together.
    let more = "References: <1@wendholt.example> <3@wendholt.example>\n";
    write(&export, "ada/a.mbox", &[mail(20, 20, ADA, BEN, "New", ""), mail(21, 21, ADA, BEN, "Both jobs", more)]);
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let after = rows(&inventory, threads);
    for row in before.iter().filter(|row| row.starts_with(['5', '6', '7', '8'])) {
        assert!(after.contains(row), "{row} is not in {after:?}");
    }
    let retired = rows(&inventory, "SELECT thread_id, retired_into FROM thread WHERE retired_into IS NOT NULL");
    assert_eq!(retired.len(), 1, "two became one: {retired:?}");
    let other = folder.path().join("other.db");
    let run = program().args(["scan", "--jobs", "1", "--to"]).arg(&other).arg(&export).output().expect("it runs");
    let fresh = folder.path().join("fresh.db");
    let again = program().args(["scan", "--jobs", "4", "--to"]).arg(&fresh).arg(&export).output().expect("it runs");
    assert!(run.status.success() && again.status.success());
    assert_eq!(dump(&other)["thread"], dump(&fresh)["thread"]);
}
