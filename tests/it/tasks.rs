//! Tasks from mail to the files for the client: one task however often it lies around, its status, its id, its privacy.

use std::fs;
use std::path::Path;

use crate::harness::*;

/// An invented message. `extra` are further headers, each with its line end.
fn letter(id: &str, from: &str, to: &str, date: &str, subject: &str, extra: &str, text: &str) -> String {
    format!(
        "From: {from}\nTo: {to}\nSubject: {subject}\nDate: {date}\nMessage-ID: <{id}@wendholt.example>\n{extra}\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
}

const ADA: &str = "Ada Berg <ada@wendholt.example>";
const BEN: &str = "Ben Lund <ben@wendholt.example>";

fn mbox_of(letters: &[&str]) -> String {
    letters.iter().map(|letter| format!("From x@wendholt.example Wed May 16 10:20:00 2001\n{letter}\n")).collect()
}

/// Ada asks Ben for a lease, and for a call on 6/7; Ben sends the lease.
fn office(export: &Path) {
    let asked = letter(
        "lease",
        ADA,
        BEN,
        "Wed, 16 May 2001 10:20:00 -0500",
        "Lease",
        "",
        "Ben,\n\nPlease send me the signed lease by Friday.\n\nAda",
    );
    let answered = "From: Ben Lund <ben@wendholt.example>\nTo: Ada Berg <ada@wendholt.example>\nSubject: Re: Lease\n\
        Date: Thu, 17 May 2001 09:00:00 -0500\nMessage-ID: <answer@wendholt.example>\n\
        In-Reply-To: <lease@wendholt.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
        --b\nContent-Type: text/plain\n\nHere you are.\n\n> Please send me the signed lease by Friday.\n\
        --b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=lease.pdf\n\n%PDF-1.4\n--b--\n";
    let met = letter(
        "met",
        ADA,
        BEN,
        "Wed, 30 May 2001 10:00:00 -0500",
        "Minutes",
        "",
        "We met on 5/25/01 and talked about the roof.",
    );
    let call = letter(
        "call",
        ADA,
        BEN,
        "Fri, 1 Jun 2001 10:00:00 -0500",
        "Landlord",
        "",
        "Please send the landlord our notice by 6/7.",
    );
    let old = letter(
        "old",
        BEN,
        ADA,
        "Mon, 3 Jan 2000 10:00:00 -0600",
        "Cellar",
        "",
        "Please send me the list of everything in the cellar by Friday.",
    );
    let draft = letter("draft", ADA, "", "Tue, 5 Jun 2001 10:00:00 -0500", "Letter to the bank", "", "Dear Sirs,");
    for (path, letters) in [
        ("ada/Inbox.mbox", vec![answered, &old]),
        ("ada/Sent.mbox", vec![&asked, &met, &call]),
        ("ada/Drafts.mbox", vec![&draft]),
        ("ben/Inbox.mbox", vec![&asked, &met, &call]),
        ("ben/Sent.mbox", vec![answered, &old]),
    ] {
        let path = export.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, mbox_of(&letters)).expect("a file");
    }
}

const TASKS: &str =
    "SELECT t.kind, replace(t.quote, char(10), ' '), t.owner, t.owner_address, t.asked_by, t.due_text, t.due_on,
    t.due_kind, t.due_reading, t.status, t.copies FROM task t WHERE retired_into IS NULL ORDER BY asked_at";

#[test]
fn one_task_however_often_it_lies_around() {
    let (_folder, export, inventory) = workspace();
    office(&export);
    let ended = scan(&[&export], &inventory);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(
        rows(&inventory, TASKS),
        [
            "request|Please send me the list of everything in the cellar by Friday.|recipient|ada@wendholt.example|\
             ben@wendholt.example|by Friday|2000-01-07|day|∅|unknown|2",
            "request|Please send me the signed lease by Friday.|recipient|ben@wendholt.example|ada@wendholt.example|\
             by Friday|2001-05-18|day|∅|done|2",
            // 5/25 shows that Ada writes the month first.
            "request|Please send the landlord our notice by 6/7.|recipient|ben@wendholt.example|ada@wendholt.example|\
             by 6/7|2001-06-07|day|2001-07-06|open|2",
            "draft|Letter to the bank|sender|ada@wendholt.example|ada@wendholt.example|∅|∅|∅|∅|open|1",
        ]
    );
    let why = "SELECT t.status_words, t.status_place, m.rfc_message_id FROM task t JOIN message m ON m.message_id = t.status_message_id";
    assert_eq!(rows(&inventory, why), ["lease.pdf|attachment:2|answer@wendholt.example"]);
    // The newest message is of 5 June 2001, 10 o'clock: an hour less than 519 days, 20 minutes less than 20, and 4.
    assert_eq!(rows(&inventory, "SELECT age_days FROM task ORDER BY asked_at"), ["518", "19", "4", "0"]);
    let places = "SELECT count(*) FROM task t JOIN task_message USING (task_id)";
    assert_eq!(number(&inventory, places), 7);
}

#[test]
fn ids_stay_and_what_is_gone_is_retired() {
    let (_folder, export, inventory) = workspace();
    office(&export);
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let ids = "SELECT task_id, quote FROM task WHERE retired_into IS NULL ORDER BY task_id";
    let before = rows(&inventory, ids);
    // More mail that is listed first, with tasks of its own.
    let more = letter(
        "more",
        "Cleo Orth <cleo@wendholt.example>",
        BEN,
        "Mon, 7 May 2001 10:00:00 -0500",
        "Roof",
        "",
        "Please send me the bill of the roofer by Monday.",
    );
    fs::create_dir_all(export.join("aaron")).expect("a folder");
    fs::write(export.join("aaron/Inbox.mbox"), mbox_of(&[&more])).expect("a file");
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let after = rows(&inventory, ids);
    assert_eq!(after.len(), before.len() + 1);
    assert!(before.iter().all(|row| after.contains(row)), "{before:?} {after:?}");
    // The draft is sent or thrown away; its task is retired, not forgotten.
    fs::remove_file(export.join("ada/Drafts.mbox")).expect("it is there");
    scan(&[&export], &inventory);
    let retired = "SELECT quote, retired_into FROM task WHERE retired_into IS NOT NULL";
    assert_eq!(rows(&inventory, retired), ["Letter to the bank|0"]);
    assert_eq!(rows(&inventory, ids).len(), after.len() - 1);
    // Told another age. Without the draft, the newest message is that of 1 June: only its own task is younger.
    let mut command = program();
    command.arg("scan").arg(&export).args(["--open-days", "3", "--to"]).arg(&inventory);
    let ended: Run = command.output().expect("the program starts").into();
    assert!(ended.code <= 1, "{}", ended.stderr);
    assert_eq!(number(&inventory, "SELECT count(*) FROM task WHERE status = 'open' AND retired_into IS NULL"), 1);
    assert_eq!(rows(&inventory, "SELECT value FROM setting WHERE name = 'open_days'"), ["3"]);
}

/// Every file below a folder as one text.
fn all_text(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        text.push_str(&String::from_utf8_lossy(&fs::read(entry).unwrap_or_default()));
    }
    text
}

#[test]
fn packages_hold_their_own_mail_only() {
    let (folder, export, inventory) = workspace();
    office(&export);
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let boxes = folder.path().join("boxes");
    let out = |words: &[&str]| {
        let ended = run(words);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    };
    let database = inventory.to_string_lossy().into_owned();
    out(&["export", &database, "--by-mailbox", &boxes.to_string_lossy()]);
    let (ada, ben) = (all_text(&boxes.join("ada")), all_text(&boxes.join("ben")));
    assert!(ada.contains("Letter to the bank") && !ben.contains("Letter to the bank"));
    assert!(ben.contains("Please send me the signed lease by Friday."), "the copy in Ben's mailbox");
    let tasks = fs::read_to_string(boxes.join("ben/tasks.csv")).expect("a file");
    assert!(tasks.lines().skip(1).all(|line| line.contains(",ben,")), "{tasks}");
    assert!(tasks.contains(",done,") && tasks.contains("lease.pdf"), "Ben's own answer says so: {tasks}");
    let quiet = folder.path().join("quiet");
    out(&["export", &database, "--csv", &quiet.to_string_lossy(), "--no-text"]);
    let tasks = fs::read_to_string(quiet.join("tasks.csv")).expect("a file");
    assert!(!tasks.contains("lease") && tasks.contains("2001-05-18"), "{tasks}");
}

/// Property of a component as the other program understands it.
fn value(todo: &icalendar::parser::Component<'_>, name: &str) -> Option<String> {
    let property = todo.properties.iter().find(|property| property.name == name)?;
    Some(property.val.as_str().to_owned())
}

#[test]
fn the_calendar_is_read_by_another_program() {
    let (folder, export, inventory) = workspace();
    office(&export);
    let hostile = letter(
        "hostile",
        "\"A\\\"; CN=x\" <ada@wendholt.example>",
        BEN,
        "Mon, 4 Jun 2001 10:00:00 -0500",
        "Roof",
        "",
        "Please send \u{202e}me the bill, the plan; and C:\\plans\\END:VTODO by 5 pm on Friday, äöü €€€€ and whatever else \
         there is in the folder of the roof.",
    );
    fs::write(export.join("ben/More.mbox"), mbox_of(&[&hostile])).expect("a file");
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let path = folder.path().join("tasks.ics");
    let (database, file) = (inventory.to_string_lossy().into_owned(), path.to_string_lossy().into_owned());
    let ended = run(&["export", &database, "--ics", &file]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let text = fs::read_to_string(&path).expect("a file");
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let unfolded = icalendar::parser::unfold(&text);
    let calendar = icalendar::parser::read_calendar(&unfolded).expect("the other program reads it");
    let todos: Vec<_> = calendar.components.iter().filter(|one| one.name == "VTODO").collect();
    assert_eq!(todos.len(), 5);
    let of = |quote: &str| {
        *todos.iter().find(|todo| value(todo, "SUMMARY").is_some_and(|text| text.contains(quote))).expect("a task")
    };
    let lease = of("signed lease");
    assert_eq!(value(lease, "DUE").as_deref(), Some("20010518"));
    assert_eq!(value(lease, "STATUS").as_deref(), Some("COMPLETED"));
    assert_eq!(value(lease, "COMPLETED").as_deref(), Some("20010517T140000Z"));
    assert_eq!(value(lease, "ORGANIZER").as_deref(), Some("mailto:ada@wendholt.example"));
    assert_eq!(value(lease, "ATTENDEE").as_deref(), Some("mailto:ben@wendholt.example"));
    let id = rows(
        &inventory,
        "SELECT printf('M%d-%d', message_id >> 32, message_id & 4294967295) FROM task WHERE quote LIKE '%signed lease%'",
    );
    assert!(value(lease, "COMMENT").expect("a comment").contains(&id[0]));
    let strange = of("C:\\plans\\END:VTODO");
    assert_eq!(value(strange, "DUE").as_deref(), Some("20010608T220000Z"));
    assert!(!text.contains('\u{202e}') && value(strange, "SUMMARY").expect("words").contains("\\u{202e}"));
    // Exported again after another scan, every task has the same UID.
    let uids = |text: &str| {
        let mut all: Vec<String> = text.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect();
        all.sort();
        all
    };
    scan(&[&export], &inventory);
    assert_eq!(run(&["export", &database, "--ics", &file]).code, 0);
    assert_eq!(uids(&fs::read_to_string(&path).expect("a file")), uids(&text));
    // A file of somebody else's stays.
    let foreign = folder.path().join("mine.ics");
    fs::write(&foreign, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//other//EN\r\nEND:VCALENDAR\r\n").expect("a file");
    assert_eq!(run(&["export", &database, "--ics", &foreign.to_string_lossy()]).code, 2);
}

#[test]
fn the_result_does_not_depend_on_threads() {
    let (folder, export, inventory) = workspace();
    office(&export);
    let other = folder.path().join("other.db");
    for (jobs, to) in [("1", &inventory), ("7", &other)] {
        let mut command = program();
        command.arg("scan").arg(&export).args(["--jobs", jobs, "--to"]).arg(to);
        let ended: Run = command.output().expect("the program starts").into();
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
    let all = "SELECT * FROM task ORDER BY task_id";
    assert_eq!(rows(&inventory, all), rows(&other, all));
}
