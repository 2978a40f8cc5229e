//! `mailcensus eval`: a sample is drawn, filled in, and compared; the result stays in the inventory.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::*;

fn eval(inventory: &Path, arguments: &[&str]) -> Run {
    program().arg("eval").arg(inventory).args(arguments).output().expect("the program starts").into()
}

fn object(inventory: &Path, labels: &Path) -> (i32, Value) {
    let ended = eval(inventory, &["--labels", labels.to_str().unwrap(), "--json"]);
    let object = serde_json::from_str(&ended.stdout);
    (ended.code, object.unwrap_or_else(|error| panic!("{error}: {} {}", ended.stdout, ended.stderr)))
}

fn company() -> (tempfile::TempDir, PathBuf) {
    let (folder, _, inventory) = workspace();
    assert_eq!(scan(&[&repository().join("fixtures/company")], &inventory).code, 0);
    (folder, inventory)
}

/// Class and uses that the inventory holds of a message.
fn reading(inventory: &Path, id: &str) -> (String, String) {
    let row = rows(
        inventory,
        &format!(
            "SELECT class, coalesce((SELECT group_concat(use, '; ') FROM message_use u WHERE u.message_id = m.message_id), 'none')
             FROM message m WHERE printf('M%d-%d', message_id >> 32, message_id & 4294967295) = '{id}'"
        ),
    )
    .remove(0);
    let (class, uses) = row.split_once('|').unwrap();
    (class.to_owned(), uses.to_owned())
}

/// Fills a sample in as the program read it, but for every `wrong`th row, and saves it as a spreadsheet may.
fn fill(inventory: &Path, sample: &Path, wrong: usize, delimiter: u8) -> usize {
    let bytes = fs::read(sample).unwrap();
    let mut table = csv::Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap());
    let header = table.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_path(sample).unwrap();
    out.write_record(&header).unwrap();
    let mut unsure = 0;
    for (number, row) in table.records().enumerate() {
        let mut row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        assert!(row[at("class")..].iter().all(String::is_empty), "nothing of the reading is told");
        let (class, uses) = reading(inventory, &row[at("id")]);
        unsure += usize::from(class == "unsure" && number % wrong != 0);
        let other = if class == "bulk" { "task" } else { "Announcements" };
        let class = if class == "unsure" { "correspondence" } else { &class };
        row[at("class")] = if number % wrong == 0 { other.to_owned() } else { class.to_owned() };
        row[at("uses")] = uses;
        out.write_record(&row).unwrap();
    }
    out.flush().unwrap();
    unsure
}

#[test]
fn a_sample_goes_round() {
    let (folder, inventory) = company();
    let sample = folder.path().join("sample.csv");
    let to = sample.to_str().unwrap();
    let ended = eval(&inventory, &["--sample", "60", "--to", to]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let text = fs::read_to_string(&sample).unwrap();
    assert_eq!(fs::metadata(&sample).unwrap().permissions().mode() & 0o777, 0o600);
    for id in ["sample.csv.mailcensus-part", "sample.csv-journal"] {
        assert!(!folder.path().join(id).exists());
    }
    let other = folder.path().join("other.csv");
    eval(&inventory, &["--sample", "60", "--to", other.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(&other).unwrap(), text, "the same seed draws the same");
    eval(&inventory, &["--sample", "60", "--to", other.to_str().unwrap(), "--force", "--seed", "2", "--no-text"]);
    let bare = fs::read_to_string(&other).unwrap();
    assert!(bare != text && !bare.contains("Order confirmation"));
    let unsure = fill(&inventory, &sample, 6, b';');
    assert_eq!(eval(&inventory, &["--sample", "60", "--to", to]).code, 2, "work is not overwritten");
    let (code, found) = object(&inventory, &sample);
    assert_eq!((code, &found["exit_code"]), (0, &0.into()));
    assert_eq!(found["labels"]["compared"], 60);
    assert_eq!(found["correct"].as_u64(), Some(50 - unsure as u64));
    assert_eq!((&found["weighted"], &found["labels"]["recorded"]), (&true.into(), &true.into()));
    let different = number(&inventory, "SELECT count(*) FROM message WHERE duplicate_of IS NULL AND present = 1");
    assert_eq!(found["stands_for_messages"].as_i64(), Some(different));
    for one in ["workflow", "document", "task"] {
        assert_eq!(found["uses"][one]["f1"]["value"], 1.0, "{one}");
    }
    assert_eq!(found["flags"]["request"]["scored"], 0, "nobody filled in the flags");
    let shown =
        run(&["summary".as_ref(), inventory.as_os_str()]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        shown.contains("checked on 60 labelled messages of your mail on 2") && shown.contains("of 60 readings agree"),
        "{shown}"
    );
    assert!(!shown.contains("not checked on your mail"));
    let again = scan(&[&repository().join("fixtures/company")], &inventory).stdout;
    assert!(
        again.split_whitespace().collect::<Vec<_>>().join(" ").contains("checked on 60 labelled messages"),
        "{again}"
    );
}

#[test]
fn the_screen_is_one_screen_and_ends_with_a_sentence() {
    let (folder, inventory) = company();
    let sample = folder.path().join("sample.csv");
    eval(&inventory, &["--sample", "100", "--to", sample.to_str().unwrap()]);
    fill(&inventory, &sample, 5, b',');
    let ended = eval(&inventory, &["--labels", sample.to_str().unwrap()]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert!(ended.stdout.lines().count() <= 52, "{}", ended.stdout);
    for words in [
        "Weighted by stratum",
        "unsure",
        "expected calibration error",
        "On 100 messages that you labelled, ",
        "with 95 % confidence",
    ] {
        assert!(ended.stdout.contains(words), "no {words} in {}", ended.stdout);
    }
    assert_eq!(number(&inventory, "SELECT count(*) FROM evaluation WHERE matched = 100 AND weighted = 1"), 1);
}

#[test]
fn a_sample_never_lands_where_it_must_not() {
    let (_folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox(1..30)).unwrap();
    scan(&[&export], &inventory);
    let before = rows(&inventory, "SELECT count(*) FROM message");
    for place in [export.join("sample.csv"), inventory.clone(), export.clone()] {
        let ended = eval(&inventory, &["--sample", "10", "--force", "--to", place.to_str().unwrap()]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{}", place.display());
        assert!(ended.stderr.contains("hint") || ended.stderr.contains("is the inventory"), "{}", ended.stderr);
    }
    assert_eq!(rows(&inventory, "SELECT count(*) FROM message"), before);
    assert_eq!(fs::read_dir(&export).unwrap().count(), 1);
    assert_eq!(eval(&inventory, &["--sample", "10"]).code, 2);
    assert_eq!(eval(&inventory, &[]).code, 2);
}

/// Labels that name messages of the company in every way.
fn label(inventory: &Path, at: usize) -> (Value, String) {
    let row = rows(
        inventory,
        &format!(
            "SELECT printf('M%d-%d', message_id >> 32, message_id & 4294967295), stored_sha256, message_sha256, path, class
             FROM message JOIN file USING (file_id) WHERE format = 'single' AND class NOT IN ('unsure')
             GROUP BY stored_sha256 HAVING count(*) = 1 ORDER BY message_id LIMIT 1 OFFSET {at}"
        ),
    )
    .remove(0);
    let cells: Vec<&str> = row.split('|').collect();
    let name = match at % 6 {
        0 => json!({ "id": cells[0] }),
        1 => json!({ "id": "D1", "sha256": cells[1].to_uppercase() }),
        2 => json!({ "stored_sha256": cells[1] }),
        3 => json!({ "message_sha256": cells[2] }),
        4 => json!({ "path": cells[3] }),
        _ => json!({ "path": cells[3].rsplit_once("company/").unwrap().1 }),
    };
    (name, cells[4].to_owned())
}

#[test]
fn labels_find_their_messages_by_every_name() {
    let (folder, inventory) = company();
    let mut lines = String::new();
    for at in 0..30 {
        let (mut label, class) = label(&inventory, at);
        label["primary"] = if at < 3 { if class == "bulk" { "task" } else { "bulk" } } else { &class }.into();
        label["alternatives"] = if at < 2 { json!([class]) } else { json!([]) };
        label["tasks"] = json!([]);
        lines.push_str(&format!("{label}\n"));
    }
    let labels = folder.path().join("labels.jsonl");
    fs::write(&labels, &lines).unwrap();
    let (code, found) = object(&inventory, &labels);
    assert_eq!((code, &found["labels"]["unmatched_labels"]), (0, &json!([])));
    assert_eq!((&found["compared"], &found["correct"], &found["weighted"]), (&30.into(), &27.into(), &false.into()));
    assert_eq!(found["accuracy"]["value"], 0.9);
    // scipy 1.17.1: binomtest(27, 30).proportion_ci(method='wilson') is 0.7438, 0.9654.
    assert_eq!((&found["accuracy"]["low"], &found["accuracy"]["high"]), (&0.7438.into(), &0.9654.into()));
    assert_eq!(found["primary_or_alternative"]["value"], 0.9667);
    assert_eq!(found["intervals"]["resampled_by"], "sender");
    let strange = format!(
        "{lines}{}\n{}\n",
        json!({"id": "M9999-1", "class": "bulk"}),
        json!({"path": "\u{1b}[2Jx.eml", "class": "bulk"})
    );
    fs::write(&labels, strange).unwrap();
    let ended = eval(&inventory, &["--labels", labels.to_str().unwrap()]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stdout.contains("line 31, M9999-1: no message") && !ended.stdout.contains('\u{1b}'),
        "{}",
        ended.stdout
    );
    fs::write(&labels, format!("{lines}{{\"id\": \"M1-1\"}}\nnonsense\n")).unwrap();
    let ended = eval(&inventory, &["--labels", labels.to_str().unwrap()]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    for words in ["2 labels are invalid", "labels.jsonl:31: has neither", "labels.jsonl:32: no JSON"] {
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
    assert_eq!(number(&inventory, "SELECT count(*) FROM evaluation"), 2, "nothing was compared the third time");
    assert_eq!(eval(&inventory, &["--labels", "/nowhere/labels.csv"]).code, 2);
}

#[test]
fn equal_bytes_count_once() {
    let (folder, export, inventory) = workspace();
    for name in ["a.eml", "b.eml"] {
        fs::write(export.join(name), message(1)).unwrap();
    }
    fs::write(export.join("c.eml"), message(2)).unwrap();
    scan(&[&export], &inventory);
    let digest = rows(&inventory, "SELECT stored_sha256 FROM message").remove(0);
    let class = reading(&inventory, "M2-1").0.replace("unsure", "task");
    let labels = folder.path().join("labels.jsonl");
    let label = json!({"sha256": digest, "path": "b.eml", "class": class});
    fs::write(&labels, format!("{label}\n{label}\n")).unwrap();
    let (code, found) = object(&inventory, &labels);
    assert_eq!((code, &found["compared"], &found["labels"]["repeated"]), (0, &1.into(), &1.into()));
    let other = json!({"sha256": digest, "path": "b.eml", "class": if class == "task" { "bulk" } else { "task" }});
    fs::write(&labels, format!("{label}\n{other}\n")).unwrap();
    let (code, found) = object(&inventory, &labels);
    assert_eq!((code, &found["labels"]["unmatched"]), (1, &1.into()), "two readers disagree");
}

#[test]
fn what_cannot_be_written_or_compared_is_said() {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("a.eml"), message(1)).unwrap();
    scan(&[&export], &inventory);
    let labels = folder.path().join("labels.jsonl");
    fs::write(&labels, "{\"id\": \"M2-1\", \"class\": \"task\"}\n").unwrap();
    // Another scan holds the lock; root may write anything, so permissions prove nothing here.
    let lock = fs::OpenOptions::new().write(true).open(&inventory).unwrap();
    lock.lock().unwrap();
    let ended = eval(&inventory, &["--labels", labels.to_str().unwrap()]);
    assert_eq!(ended.code, 0);
    assert!(ended.stderr.contains("not recorded in the inventory"), "{}", ended.stderr);
    assert!(ended.stdout.contains("On 1 message that you labelled"), "{}", ended.stdout);
    drop(lock);
    assert_eq!(number(&inventory, "SELECT count(*) FROM evaluation"), 0);
    fs::write(&labels, "{\"id\": \"M9-1\", \"class\": \"task\"}\n").unwrap();
    let (code, found) = object(&inventory, &labels);
    assert_eq!((code, &found["compared"], &found["labels"]["recorded"]), (1, &0.into(), &false.into()));
    let db = rusqlite::Connection::open(&inventory).unwrap();
    db.execute("UPDATE scan SET outcome = 'interrupted'", []).unwrap();
    fs::write(&labels, "{\"id\": \"M2-1\", \"class\": \"task\"}\n").unwrap();
    let (code, found) = object(&inventory, &labels);
    assert_eq!((code, &found["finished"]), (1, &false.into()));
}

#[test]
fn gold_is_compared_where_it_lies_beside_the_repository() {
    let Some(gold) = crate::corpora_scan::shared("gold") else { return };
    let (_folder, _, inventory) = workspace();
    scan(&[&gold.join("mail")], &inventory);
    let (code, found) = object(&inventory, &gold.join("gold.jsonl"));
    println!("{}", found["sentence"]);
    assert_eq!(code, 0, "{}", found["labels"]);
    let lines = fs::read_to_string(gold.join("gold.jsonl")).unwrap().lines().count() as u64;
    assert_eq!(found["labels"]["read"].as_u64(), Some(lines));
    assert_eq!(found["compared"].as_u64().unwrap() + found["labels"]["repeated"].as_u64().unwrap(), lines);
}
