use super::*;

fn from(text: &str) -> Labels {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels");
    std::fs::write(&path, text).unwrap();
    read(&path).unwrap()
}

const HEX: &str = "a0eba065c2abea35b4da93315ca345540cb964e724faf88490dcc1d8fed574eb";

#[test]
fn gold_is_read() {
    let labels = from(&format!(
        "{{\"id\": \"D003\", \"path\": \"mail/x/D003.eml\", \"sha256\": \"{HEX}\", \"primary\": \"task\", \"alternatives\": [\"workflow\"], \"uses\": [\"task\", \"document\"], \"uses_disputed\": [\"document\"], \"flags\": [\"request\"], \"tasks\": [{{\"quote\": \"x\"}}]}}\n\n{{\"id\": \"M17-204\", \"class\": \"bulk\", \"alternative\": null}}\n"
    ));
    assert_eq!(labels.invalid, Vec::<String>::new());
    let [first, second] = &labels.labels[..] else { panic!("{labels:?}") };
    assert_eq!((first.class, &first.alternatives[..]), (Class::Task, &[Class::Workflow][..]));
    assert_eq!(first.names.stored_sha256.as_deref(), Some(HEX));
    assert_eq!((first.names.id, first.names.path.as_deref()), (None, Some("mail/x/D003.eml")));
    assert_eq!(first.uses, [Some(false), None, Some(true)]);
    assert_eq!((first.flags[0], first.flags[1]), (Some(true), Some(false)));
    assert_eq!((second.line, second.uses, second.names.shown().as_str()), (3, [None; 3], "M17-204"));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let labels = from(
        "{\"id\": \"M1-1\", \"class\": \"bulk\"}\n{broken\n{\"id\": \"D1\", \"class\": \"bulk\"}\n{\"id\": \"M1-2\"}\n\
         {\"id\": \"M1-3\", \"class\": \"spam\"}\n{\"id\": \"M1-3\", \"class\": \"unsure\"}\n\
         {\"sha256\": \"12\", \"class\": \"bulk\"}\n{\"id\": \"M1-3\", \"class\": \"bulk\", \"uses\": \"task\"}\n\
         {\"id\": \"M1-3\", \"class\": \"bulk\", \"flags\": [\"urgent\"]}\n[1]\n{\"id\": \"M1-3\", \"class\": 1}\n\
         {\"id\": \"M1-3\", \"class\": \"bulk\", \"stratum\": 3}\n",
    );
    assert_eq!(labels.labels.len(), 1);
    let lines: Vec<&str> = labels.invalid.iter().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
    let words = [
        "no JSON", "names no", "neither", "`spam`", "`unsure`", "SHA-256", "list", "`urgent`", "no JSON", "text",
        "together",
    ];
    for (line, word) in labels.invalid.iter().zip(words) {
        assert!(line.contains(word), "{line} has no {word}");
    }
}

#[test]
fn a_filled_sample_is_read_however_it_was_saved() {
    let rows = "id,stratum,stratum_messages,subject,class,alternative,uses,flags\n\
                M1-1,1,40,\"a, b\nc\",Process,task,process; task,due date request\n\
                M1-2,1,40,,bulk,,none,\n\
                M1-3,2,7,,,,,\n\
                ,,,,,,,\n";
    for text in [rows.to_owned(), format!("\u{feff}{}", rows.replace('\n', "\r\n"))] {
        let labels = from(&text);
        assert_eq!(labels.invalid, Vec::<String>::new());
        let [first, second] = &labels.labels[..] else { panic!("{labels:?}") };
        assert_eq!((first.class, &first.alternatives[..]), (Class::Workflow, &[Class::Task][..]));
        assert_eq!(first.uses, [Some(true), Some(false), Some(true)]);
        assert_eq!((first.flags[0], first.flags[2]), (Some(true), Some(true)));
        assert_eq!(second.uses, [Some(false); 3], "an empty cell of a column that is used");
        assert_eq!((labels.blank, labels.unlabelled_messages), (1, 7));
        assert_eq!(first.stratum, Some(Stratum { number: 1, messages: 40 }));
    }
    let other = from("id;class;uses\r\nM1-1;task;\r\nM1-2;Aufgabe;\r\nM12;task;\r\n");
    assert_eq!((other.labels.len(), other.labels[0].uses), (1, [None; 3]));
    assert!(other.invalid[0].starts_with("3: `Aufgabe` is no class") && other.invalid[1].starts_with("4: `id`"));
    assert!(from("a,b\n1,2\n").invalid[0].contains("a,b"));
    assert_eq!(from("").invalid.len(), 1);
    let sizes = from("id,class,stratum,stratum_messages\nM1-1,bulk,1,4\nM1-2,bulk,1,5\nM1-3,bulk,x,5\n");
    assert_eq!((sizes.invalid.len(), sizes.labels.len()), (2, 1));
}
