//! `mailcensus explain`: every reason stands where it says.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::*;

fn explain(inventory: &Path, arguments: &[&str]) -> Run {
    program().arg("explain").arg(inventory).args(arguments).output().expect("the program starts").into()
}

fn object(inventory: &Path, id: &str) -> Value {
    let ended = explain(inventory, &[id, "--json"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{id}");
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{id}: {error}: {}", ended.stdout))
}

fn words(list: &Value, key: &str) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|one| one[key].as_str().unwrap_or_default().to_owned()).collect()
}

/// Asserts what DESIGN promises of evidence; returns how many pieces were looked up in the text.
fn assert_reasons_hold(inventory: &Path, id: &str) -> usize {
    let object = object(inventory, id);
    let text = object["text"].as_str().expect("a text");
    let zones = object["zones"].as_array().expect("zones");
    let mut end = 0;
    for zone in zones {
        assert_eq!(zone["start"].as_u64(), Some(end), "{id}: zones touch");
        end = zone["end"].as_u64().expect("an end");
        assert!(text.is_char_boundary(end as usize));
    }
    assert_eq!(end as usize, text.len(), "{id}: zones cover the text");
    let evidence = object["evidence"].as_array().expect("evidence");
    let mut in_text = 0;
    for piece in evidence {
        let (place, excerpt) = (piece["place"].as_str().unwrap(), piece["excerpt"].as_str().unwrap());
        assert_eq!(piece["stands"], true, "{id}: {piece}");
        assert!(!piece["meaning"].as_str().unwrap().is_empty());
        match place.split_once(':') {
            Some(("text", range)) => {
                let (start, end) = range.split_once('-').expect("two offsets");
                let range = start.parse().unwrap()..end.parse().unwrap();
                assert_eq!(text.get(range), Some(excerpt), "{id}: {piece}");
                in_text += 1;
            }
            Some(("header", "Subject")) => {
                let subject = object["subject"].as_str().unwrap_or_default();
                assert!(subject.contains(excerpt), "{id}: {piece}");
            }
            Some(("header", name)) => assert!(!name.is_empty()),
            Some(("attachment", part)) => {
                let known = format!(
                    "SELECT count(*) FROM attachment WHERE part = '{part}'
                     AND printf('M%d-%d', message_id >> 32, message_id & 4294967295) = '{id}'"
                );
                assert_eq!(number(inventory, &known), 1, "{id}: {piece}");
            }
            None => assert_eq!(place, "folder", "{id}: {piece}"),
            other => panic!("{id}: {other:?}"),
        }
    }
    for one in words(&object["uses"], "use") {
        let subject = format!("use:{one}");
        assert!(evidence.iter().any(|piece| piece["subject"] == *subject), "{id} has no reason for {subject}");
    }
    in_text
}

fn ids(inventory: &Path, with: &str) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT printf('M%d-%d', message_id >> 32, message_id & 4294967295) FROM {with} ORDER BY message_id"
    );
    rows(inventory, &sql)
}

#[test]
fn every_reason_in_the_fixtures_stands_where_it_says() {
    for (fixture, with) in [("fixtures/company", "message_use"), ("fixtures/broken", "message")] {
        let (_folder, _, inventory) = workspace();
        scan(&[&repository().join(fixture)], &inventory);
        let ids = ids(&inventory, with);
        let looked_up: usize = ids.iter().map(|id| assert_reasons_hold(&inventory, id)).sum();
        assert!(ids.len() > 40 && looked_up > 20, "{fixture}: {} messages, {looked_up} places", ids.len());
    }
}

#[test]
fn every_reason_in_real_mail_stands_where_it_says() {
    for (folder, step) in [("gold/mail", 4), ("mailboxes/spamassassin", 40)] {
        let Some(mail) = crate::corpora_scan::shared(folder) else { continue };
        let (_folder, _, inventory) = workspace();
        scan(&[&mail], &inventory);
        for id in ids(&inventory, "message_use").iter().step_by(step) {
            assert_reasons_hold(&inventory, id);
        }
    }
}

#[test]
fn the_screen_says_why_in_plain_words_and_escapes_mail() {
    let (_folder, export, inventory) = workspace();
    let mail = "From: Ada <ada@wendholt.example>\nTo: Ben <ben@wendholt.example>\nSubject: the \u{1b}[2Jglazier\n\
                Message-ID: <glazier@wendholt.example>\n\nBen, please call the glazier by Friday.\u{7}\n\n\
                On Mon, 6 Mar 2023 at 09:00, Ben wrote:\n> shall I?\n\n-- \nAda\n+49 30 1234\n";
    fs::write(export.join("a.eml"), mail).unwrap();
    scan(&[&export], &inventory);
    let ended = explain(&inventory, &["glazier@wendholt.example"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    for words in [
        "Why it served as task",
        "names a time by which",
        "new text, 0 to",
        "quoted from",
        "signature",
        "\\u{1b}[2J",
        "Friday.\\u{7}",
    ] {
        assert!(ended.stdout.contains(words), "no {words} in {}", ended.stdout);
    }
    assert!(!ended.stdout.contains(['\u{1b}', '\u{7}']));
    let object = object(&inventory, "<glazier@wendholt.example>");
    let kinds = words(&object["zones"], "kind");
    assert_eq!(kinds.first().map(String::as_str), Some("new"));
    assert!(kinds.contains(&"quoted".to_owned()) && kinds.contains(&"signature".to_owned()), "{kinds:?}");
    assert_eq!(object["finished"], true);
}

#[test]
fn names_are_resolved_as_show_does() {
    let (_folder, export, inventory) = workspace();
    fs::write(export.join("a.eml"), message(1)).unwrap();
    fs::write(export.join("b.eml"), message(1)).unwrap();
    scan(&[&export], &inventory);
    let ended = explain(&inventory, &["delivery-1@wendholt.example"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("several messages go by that name"), "{}", ended.stderr);
    assert_eq!(explain(&inventory, &["nobody@nowhere.example"]).code, 2);
    assert_eq!(explain(&export.join("none.db"), &["M1-1"]).code, 2);
}

#[test]
fn a_source_that_changed_is_told_and_nothing_is_read_from_it() {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("a.eml"), message(1)).unwrap();
    scan(&[&export], &inventory);
    let moved = folder.path().join("moved");
    fs::rename(&export, &moved).unwrap();
    let ended = explain(&inventory, &["M2-1"]);
    assert!(ended.code == 1 && ended.stderr.contains("the file is gone"), "{}", ended.stderr);
    assert!(ended.stdout.contains("read as") && ended.stdout.contains("The text is not shown"), "{}", ended.stdout);
    let option = format!("{}={}", export.display(), moved.display());
    assert_eq!(explain(&inventory, &["M2-1", "--moved", &option]).code, 0);
    fs::write(moved.join("a.eml"), message(2)).unwrap();
    let ended = explain(&inventory, &["M2-1", "--moved", &option, "--json"]);
    let object: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, &object["text"], &object["exit_code"]), (1, &Value::Null, &1.into()));
    assert!(ended.stderr.contains("changed since"), "{}", ended.stderr);
}

#[test]
fn evidence_that_no_longer_fits_and_unfinished_inventories_are_findings() {
    let (_folder, export, inventory) = workspace();
    let mail = message(1).replace("The lorry", "Please call the glazier by Friday. The lorry");
    fs::write(export.join("a.eml"), mail).unwrap();
    scan(&[&export], &inventory);
    assert_eq!(explain(&inventory, &["M2-1"]).code, 0);
    let db = rusqlite::Connection::open(&inventory).unwrap();
    db.execute("UPDATE evidence SET excerpt = 'other words' WHERE place LIKE 'text:%'", []).unwrap();
    let ended = explain(&inventory, &["M2-1"]);
    assert!(ended.code == 1 && ended.stdout.contains("NO LONGER THERE"), "{}", ended.stdout);
    assert!(ended.stdout.contains("no longer where the inventory says"), "{}", ended.stdout);
    db.execute("DELETE FROM evidence", []).unwrap();
    db.execute("UPDATE scan SET outcome = 'interrupted'", []).unwrap();
    let ended = explain(&inventory, &["M2-1"]);
    assert!(ended.code == 1 && ended.stdout.contains("did not finish"), "{}", ended.stdout);
}

#[test]
fn what_was_not_looked_into_is_said() {
    let (_folder, export, inventory) = workspace();
    let head = "From: Ada <ada@wendholt.example>\nSubject: secret\nDate: Mon, 6 Mar 2023 09:00:00 +0100\n";
    let encrypted = format!(
        "{head}MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\
         Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CAMIACAQAx\n"
    );
    fs::write(export.join("a.eml"), encrypted).unwrap();
    fs::write(export.join("b.eml"), format!("{head}\n")).unwrap();
    scan(&[&export], &inventory);
    let ended = explain(&inventory, &["M2-1"]);
    assert!(ended.code == 0 && ended.stdout.contains("Not looked into: encrypted"), "{}", ended.stdout);
    let ended = explain(&inventory, &["M3-1"]);
    assert!(ended.code == 0 && ended.stdout.contains("There is no text in it"), "{}", ended.stdout);
    let db = rusqlite::Connection::open(&inventory).unwrap();
    db.execute("INSERT INTO problem (file_id, message_id, level, kind, detail) SELECT file_id, message_id, 'warning', 'parser_died', '' FROM message", []).unwrap();
    let ended = explain(&inventory, &["M2-1"]);
    assert!(ended.stdout.contains("Only its headers were read"), "{}", ended.stdout);
}
