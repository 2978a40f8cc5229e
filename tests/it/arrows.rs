//! The arrows of ARCHITECTURE.md: who may know whom.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::repository;

/// The steps in the order of the flow: each may know itself and those before it.
const FLOW: &[&str] = &["model", "source", "framing", "parse", "signal", "classify", "store"];
/// These reach data through the store alone.
const READERS: &[&str] = &["discover", "export", "report", "verify"];
/// These wire the steps and may know all.
const WIRING: &[&str] = &["scan", "command", "cli", "ui", "exit", "lib", "main"];

fn files() -> Vec<(String, PathBuf, String)> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                collect(&entry, found);
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                found.push(entry);
            }
        }
    }
    let source = repository().join("src");
    let mut found = Vec::new();
    collect(&source, &mut found);
    found.sort();
    found
        .into_iter()
        .filter(|path| !path.file_stem().is_some_and(|name| name.to_string_lossy().ends_with("tests")))
        .map(|path| {
            let inner = path.strip_prefix(&source).expect("below src");
            let step = inner.components().next().expect("a name").as_os_str().to_string_lossy();
            let step = step.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).expect("a source file");
            (step, inner.to_owned(), text)
        })
        .collect()
}

/// Whether the step of `file` may name `other`.
fn may_know(step: &str, other: &str) -> bool {
    let place = |name: &str| FLOW.iter().position(|known| *known == name);
    if step == other || other == "model" || WIRING.contains(&step) {
        return true;
    }
    match (place(step), place(other)) {
        (Some(own), Some(others)) => others < own,
        // The client's words for things, and the escaping of hostile text, have one place each.
        _ => {
            READERS.contains(&step)
                && (["store", "ui", "exit"].contains(&other)
                    || step == "export" && other == "report"
                    || step == "report" && other == "verify")
        }
    }
}

/// The code of a file without its comments and without its tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(number, line)| (number + 1, line))
}

#[test]
fn no_step_knows_a_later_one() {
    let mut broken = Vec::new();
    for (step, path, text) in files() {
        assert!(
            FLOW.contains(&step.as_str()) || READERS.contains(&step.as_str()) || WIRING.contains(&step.as_str()),
            "{} belongs to no step",
            path.display()
        );
        for (number, line) in code(&text) {
            for part in line.split("crate::").skip(1) {
                let other: String = part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if !other.is_empty() && !may_know(&step, &other) {
                    broken.push(format!("{}:{number}: {step} names {other}", path.display()));
                }
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn special_powers_have_one_place() {
    let powers: &[(&str, &[&str])] = &[
        ("mail_parser", &["parse"]),
        ("std::thread", &["scan"]),
        ("println!", &["ui"]),
        ("print!(", &["ui"]),
        ("dbg!", &[]),
        ("std::net", &[]),
        ("\"SELECT ", &["store"]),
        ("INSERT INTO ", &["store"]),
        ("rusqlite::Connection", &["store"]),
    ];
    let mut broken = Vec::new();
    for (step, path, text) in files() {
        for (number, line) in code(&text) {
            for (power, holders) in powers {
                if line.contains(power) && !holders.contains(&step.as_str()) {
                    broken.push(format!("{}:{number}: {power} in {step}", path.display()));
                }
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn reading_and_judging_are_pure() {
    let forbidden = ["std::fs", "fs_err", "std::time", "SystemTime", "Timestamp::now", "std::env", "rand::"];
    let mut broken = Vec::new();
    for (step, path, text) in files() {
        if ["parse", "signal", "classify", "framing", "model"].contains(&step.as_str()) {
            for (number, line) in code(&text) {
                for name in forbidden.iter().filter(|name| line.contains(**name)) {
                    broken.push(format!("{}:{number}: {name}", path.display()));
                }
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn files_are_small() {
    let long: Vec<String> = files()
        .into_iter()
        .filter(|(_, _, text)| text.lines().count() > 600)
        .map(|(_, path, text)| format!("{} has {} lines", path.display(), text.lines().count()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}
