use proptest::prelude::*;

use super::{Classifier, RuleError};
use crate::model::message::Location;
use crate::model::reading::{Class, Place, Reading, Use};
use crate::signal::tests::{attached, message, signals};

fn read(subject: &str, text: &str) -> Reading {
    let facts = message(subject, text);
    Classifier::built_in().read(&facts, &Location::default(), &signals(&facts))
}

fn with(text: &str) -> Result<Classifier, RuleError> {
    Classifier::with_rules(&[("own.toml".to_owned(), text.to_owned())])
}

#[test]
fn plain_cases() {
    let reading = read(
        "This week's special offers",
        "Dear customer,\n\nfree shipping! Click here to save up to 50%.\n\nTo \
                       unsubscribe click here. All rights reserved.\n",
    );
    assert_eq!(reading.class, Class::Bulk);
    assert!(reading.uses.is_empty());
    let mut facts = message("Drawing stairs, revised", "Attached is the revised drawing.\n");
    facts.attachments.push(attached("stairs_v2.pdf"));
    let reading = Classifier::built_in().read(&facts, &Location::default(), &signals(&facts));
    assert!(reading.uses.contains(&Use::Document), "{reading:?}");
    let reading = read("glazier", "Jonas,\n\nplease call the glazier by Friday and make sure the order is changed.\n");
    assert!(reading.uses.contains(&Use::Task), "{reading:?}");
}

#[test]
fn users_add_signals_and_phrases() {
    let rules = with("[signal]\njob_sheet = \"a job sheet\"\n[[phrase]]\nsignal = \"job_sheet\"\nlanguage = \"en\"\nwhere = \
                      \"text\"\nany = [\"job sheet\"]\n[weight.job_sheet]\n\"use:workflow\" = 9.0\n\"class:workflow\" = 9.0\n")
        .unwrap();
    let facts = message("oak", "The job sheet is on the bench.");
    let reading = rules.read(&facts, &Location::default(), &signals(&facts));
    assert_eq!((reading.class, &reading.uses[..]), (Class::Workflow, &[Use::Workflow][..]));
    let own = reading.evidence.iter().find(|one| one.signal == "job_sheet").unwrap();
    assert_eq!(own.place, Place::Text(0, 30));
    assert_ne!(rules.rules_sha256(), Classifier::built_in().rules_sha256());
    assert_ne!(rules.model_sha256(), Classifier::built_in().model_sha256());
}

#[test]
fn users_phrases_are_looked_for_in_folders() {
    let rules = with(
        "[signal]\nbench = \"lies on the bench\"\n[[phrase]]\nsignal = \"bench\"\nlanguage = \"en\"\nwhere = \
                      \"folder\"\nany = [\"bench\"]\n[weight.bench]\n\"use:workflow\" = 9.0\n",
    )
    .unwrap();
    let facts = message("oak", "It is sawn.");
    let on = |folder: &str| {
        let location = Location { folders: vec![folder.to_owned()], ..Location::default() };
        rules.read(&facts, &location, &signals(&facts)).uses.contains(&Use::Workflow)
    };
    assert!(on("Workshop/Bench") && !on("Workshop/Benches"));
}

#[test]
fn errors_name_file_line_and_key() {
    for (text, line, key) in [
        ("unsure = 0.3\n[weight.nonsense]\n\"use:task\" = 1.0\n", 2, "nonsense"),
        ("[weight.question]\n\"use:tusk\" = 1.0\n", 2, "use:tusk"),
        ("\n\n[weight.question]\n\"use:task\" = 1000.0\n", 4, "use:task"),
        ("[threshold]\n\"use:task\" = 7.0\n", 2, "use:task"),
        ("\nunknown_key = 1\n", 2, "unknown_key"),
        ("[[phrase]]\nsignal = \"money\"\nlanguage = \"en\"\nwhere = \"text\"\nany = [\"{nothing}\"]\n", 1, "money"),
    ] {
        let error = with(text).unwrap_err();
        assert_eq!((error.file.as_str(), error.line, error.key.as_str()), ("own.toml", line, key), "{error}");
    }
    assert!(with("weight = [").is_err());
}

proptest! {
    #[test]
    fn uses_have_evidence_and_evidence_has_a_place(subject in ".{0,30}", text in "(please check|by Friday|attached is|draft|\
        approved|\n|\\.| |invoice|.{0,4}){0,40}", file in prop::option::of("[a-z]{1,5}\\.(doc|xls|pdf)")) {
        let mut facts = message(&subject, &text);
        facts.attachments.extend(file.map(|name| attached(&name)));
        let reading = BUILT_IN.with(|rules| rules.read(&facts, &Location::default(), &signals(&facts)));
        let sum: f32 = reading.class_scores.iter().map(|(_, score)| score).sum();
        prop_assert!((sum - 1.0).abs() < 1e-4);
        for one in &reading.uses {
            let subject = format!("use:{}", one.as_str());
            prop_assert!(reading.evidence.iter().any(|e| e.subject == subject && e.weight > 0.0));
        }
        for evidence in &reading.evidence {
            if let Place::Text(start, end) = evidence.place {
                prop_assert_eq!(facts.body_text.get(start..end), Some(evidence.excerpt.as_str()));
            }
        }
    }
}

thread_local! {
    static BUILT_IN: Classifier = Classifier::built_in();
}
