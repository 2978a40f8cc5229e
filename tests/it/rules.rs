//! `--rules`: the example of docs/rules.md works, and mistakes are named with file, line and key.

use std::fs;

use crate::harness::*;

fn example() -> String {
    let text = fs::read_to_string(repository().join("docs/rules.md")).unwrap();
    let after = text.split_once("<!-- checked: rules -->\n```toml\n").expect("the example").1;
    after.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_example_of_the_documentation_works() {
    let (folder, export, inventory) = workspace();
    let rules = folder.path().join("own.toml");
    fs::write(&rules, example()).unwrap();
    for (name, words) in
        [("a.eml", "The job sheets for the paint shop are ready."), ("b.eml", "Der Laufzettel liegt bei Ada.")]
    {
        fs::write(export.join(name), message(1).replace("The lorry for job 1 leaves at noon.", words)).unwrap();
    }
    let arguments = [
        "scan".as_ref(),
        export.as_os_str(),
        "--to".as_ref(),
        inventory.as_os_str(),
        "--rules".as_ref(),
        rules.as_os_str(),
    ];
    let ended = run(&arguments);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let found = rows(
        &inventory,
        "SELECT message_id & 7, weight, place FROM evidence WHERE signal = 'job_sheet' AND subject = 'use:workflow'",
    );
    assert_eq!(found, ["1|3|text:0-44", "1|3|text:0-29"]);
    let ended = run(&["explain".as_ref(), inventory.as_os_str(), "M2-1".as_ref()]);
    assert!(ended.code == 0 && ended.stdout.contains("(job_sheet)"), "{}", ended.stdout);
}

#[test]
fn mistakes_are_named_with_file_line_and_key() {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("a.eml"), message(1)).unwrap();
    let rules = folder.path().join("own.toml");
    for (text, line, key, why) in [
        ("\nsignals = 1\n", 2, "signals", "unknown field"),
        ("[weight.question]\n\"use:task\" = \"much\"\n", 2, "\"much\"", "expected"),
        ("unsure = [1]\n", 1, "[1]", "expected"),
        ("[weight.question]\n\"class:spam\" = 1.0\n", 2, "class:spam", "no class, use or flag"),
        ("[bias]\n\"class:unsure\" = 1.0\n", 2, "class:unsure", "no class, use or flag"),
        ("[weight.nonsense]\n\"use:task\" = 1.0\n", 1, "nonsense", "no signal is called so"),
        (
            "[[phrase]]\nsignal = \"nonsense\"\nlanguage = \"en\"\nwhere = \"text\"\nany = [\"x\"]\n",
            1,
            "nonsense",
            "no signal is called so",
        ),
        ("[weight.question]\n\"use:task\" = nan\n", 2, "use:task", "a number from -100 to 100"),
        ("[weight.question]\n\"use:task\" = -inf\n", 2, "use:task", "a number from -100 to 100"),
        ("[weight.question]\n\"use:task\" = 1e300\n", 2, "use:task", "a number from -100 to 100"),
        ("[threshold]\n\"use:task\" = nan\n", 2, "use:task", "a number from 0 to 1"),
        ("[weight.question]\n\"use:task\" = 1.0\n\"use:task\" = 2.0\n", 3, "\"use:task\"", "duplicate key"),
        ("[signal]\nown = \"a\"\nown = \"b\"\n", 3, "own", "duplicate key"),
        ("[signal]\nquestion = \"mine\"\n", 2, "question", "the program has a signal of that name"),
        (
            "[[phrase]]\nsignal = \"question\"\nlanguage = \"en\"\nwhere = \"body\"\nany = [\"x\"]\n",
            4,
            "\"body\"",
            "unknown variant",
        ),
        (
            "[[phrase]]\nsignal = \"question\"\nlanguage = \"en\"\nwhere = \"text\"\nany = [\"{gone}\"]\n",
            1,
            "question",
            "no set is called `gone`",
        ),
        ("[weight\n", 1, "", "unclosed table"),
    ] {
        fs::write(&rules, text).unwrap();
        let arguments = [
            "scan".as_ref(),
            export.as_os_str(),
            "--to".as_ref(),
            inventory.as_os_str(),
            "--rules".as_ref(),
            rules.as_os_str(),
        ];
        let ended = run(&arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{text}{}", ended.stderr);
        let place = format!("{}, line {line}: `", rules.display());
        assert!(ended.stderr.contains(&place), "{text}{}", ended.stderr);
        assert!(ended.stderr.contains(&format!("`{key}")) && ended.stderr.contains(why), "{text}{}", ended.stderr);
        assert!(!inventory.exists(), "nothing was begun");
    }
}
