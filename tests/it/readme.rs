//! The README tells the truth: its commands run, and what it shows is what comes out.

use std::fs;
use std::path::Path;

use crate::harness::*;

/// Where the README pretends that the repository lies.
const HOME: &str = "/home/you/mailcensus";

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).expect("README.md")
}

/// The fenced block after the mark `<!-- checked: NAME -->`.
fn block(name: &str) -> String {
    let text = readme();
    let mark = format!("<!-- checked: {name} -->");
    let after = text.split_once(&mark).unwrap_or_else(|| panic!("no {mark}")).1;
    let inside = after.split_once("```").expect("a fence").1;
    let inside = inside.split_once('\n').expect("a line end").1;
    inside.split_once("```").expect("the end of the fence").0.to_owned()
}

/// The first command of the README that holds these words, run in `folder`.
fn run_command(words: &str, folder: &Path) -> Run {
    let text = readme();
    let line = text.lines().find(|line| line.starts_with("cargo run --release -- ") && line.contains(words));
    let line = line.unwrap_or_else(|| panic!("no command with {words}")).trim_start_matches("cargo run --release -- ");
    let arguments = line.split(' ').map(|argument| match argument.strip_prefix("fixtures/") {
        Some(rest) => repository().join("fixtures").join(rest).into_os_string(),
        None => argument.into(),
    });
    program().current_dir(folder).args(arguments).output().expect("the program starts").into()
}

/// The same on every machine: no digests, no path of this one.
fn normal(text: &str) -> String {
    let text = text.replace(&repository().display().to_string(), HOME);
    let words = text.split(' ').map(|word| {
        let hex = word.trim_end();
        if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            word.replace(hex, "…")
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Line breaks follow the length of paths, so only the words are compared.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn the_main_job_prints_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run_command("fixtures/company", folder.path());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(words(&normal(&ended.stdout)), words(&block("scan")), "{}", normal(&ended.stdout));
    for query in block("sqlite").lines() {
        let sql = query.split_once('"').expect("a query").1.trim_end_matches('"');
        let found = rows(&folder.path().join("inventory.db"), sql);
        assert_eq!(found.is_empty(), sql.contains("trouble"), "{sql}");
    }
    assert!(folder.path().join("out/MANIFEST.csv").exists());
    let audited: Run = program().current_dir(folder.path()).args(["audit", "inventory.db"]).output().unwrap().into();
    assert_eq!((audited.code, words(&audited.stdout)), (0, words(&block("audit"))));
}

#[test]
fn the_damaged_files_print_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run_command("fixtures/broken", folder.path());
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(words(&normal(&ended.stdout)), words(&block("broken")), "{}", normal(&ended.stdout));
}

#[test]
fn every_help_has_an_example_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(&["--help"]);
    assert_eq!(help.code, 0);
    for command in ["scan", "summary", "export", "audit", "show", "explain", "eval"] {
        assert!(help.stdout.contains(command), "{}", help.stdout);
        let text = run(&[command, "--help"]).stdout;
        let example = text.lines().map(str::trim).find(|line| line.starts_with(&format!("mailcensus {command} ")));
        let example = example.unwrap_or_else(|| panic!("no example in the help of {command}:\n{text}"));
        let arguments = example.split(' ').skip(1).map(|argument| match argument.strip_prefix("fixtures/") {
            Some(rest) => repository().join("fixtures").join(rest).into_os_string(),
            None => argument.into(),
        });
        let ended: Run = program().current_dir(folder.path()).args(arguments).output().unwrap().into();
        assert_eq!(ended.code, 0, "{example}: {}", ended.stderr);
    }
}
