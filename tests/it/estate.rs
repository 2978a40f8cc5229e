//! The estate against the known truth of a generated company, and what stays when mail is added.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::estate_world::truth::{MachineTruth, Truth};
use crate::estate_world::{Options, generate};
use crate::harness::*;

/// Kinds of the truth as the inventory calls them.
fn kind(truth: &str) -> &'static str {
    match truth {
        "scanner" => "scanner",
        "fax" => "fax",
        "calendar" => "calendar",
        "erp" | "report" => "ERP or orders",
        "backup" => "backup",
        "monitoring" => "alarms and monitoring",
        "web_form" => "web form",
        "bank" => "bank",
        "saas" => "SaaS",
        other => panic!("no word for {other}"),
    }
}

fn cadence(machine: &MachineTruth) -> String {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let clock = machine.cadence.minute.map_or(String::new(), |m| format!(" {:02}:{:02}", m / 60, m % 60));
    match machine.cadence.rhythm {
        "weekly" => format!("weekly {}{clock}", DAYS[machine.cadence.weekday.expect("a day")]),
        "month_end" => format!("month-end{clock}"),
        "irregular" => "irregular".to_owned(),
        daily => format!("{daily}{clock}"),
    }
}

/// Scans a generated estate and returns its truth and the inventory.
fn scanned(folder: &Path, options: Options, with_roster: bool) -> (Truth, std::path::PathBuf) {
    let estate = generate(options);
    estate.write(folder).expect("the estate is written");
    let inventory = folder.join("inventory.db");
    let mut command = program();
    command.arg("scan").arg(folder.join("export")).arg("--to").arg(&inventory);
    if with_roster {
        command.arg("--expect").arg(folder.join("roster.csv"));
        for domain in &estate.truth.domains {
            command.args(["--domain", domain]);
        }
    }
    let ended: Run = command.output().expect("the program starts").into();
    assert!(ended.code <= 1, "{}", ended.stderr);
    (estate.truth, inventory)
}

/// Which of the machines are found with their kind, and which with their cadence.
fn machines(truth: &Truth, inventory: &Path) -> (usize, usize, Vec<String>) {
    let found = rows(inventory, "SELECT address, kind, cadence FROM system WHERE messages > 0");
    let (mut kinds, mut cadences, mut wrong) = (0, 0, Vec::new());
    for machine in &truth.machines {
        let line = |cadence: &str| format!("{}|{}|{cadence}", machine.address, kind(machine.kind));
        let right_kind = found.iter().any(|row| row.starts_with(&line("")));
        let right_cadence = found.contains(&line(&cadence(machine)));
        kinds += usize::from(right_kind);
        cadences += usize::from(right_cadence);
        if !right_kind || !right_cadence {
            wrong.push(format!("{} {} {}", machine.address, machine.kind, cadence(machine)));
        }
    }
    (kinds, cadences, wrong)
}

fn kinds_of_addresses(truth: &Truth, inventory: &Path) -> (usize, Vec<String>) {
    let found: BTreeSet<String> = rows(inventory, "SELECT address, kind FROM address").into_iter().collect();
    let seen: Vec<_> = truth.addresses.iter().filter(|one| one.seen).collect();
    let wrong = seen.iter().map(|one| format!("{}|{}", one.address, one.kind)).filter(|line| !found.contains(line));
    (seen.len(), wrong.collect())
}

/// Holes that are in the truth and not found, and found ones that are not in it.
fn holes(truth: &Truth, inventory: &Path) -> (Vec<String>, Vec<String>) {
    let found = rows(
        inventory,
        "SELECT kind, address FROM hole WHERE kind IN ('empty time', 'missing internal mail', 'no sent mail')",
    );
    let expected: Vec<String> = truth
        .holes
        .iter()
        .map(|hole| {
            let kind = match hole.kind {
                "months_missing" => "empty time",
                "no_sent_folder" => "no sent mail",
                _ => "missing internal mail",
            };
            format!("{kind}|{}", hole.mailbox)
        })
        .collect();
    let missing = expected.iter().filter(|hole| !found.contains(hole)).cloned().collect();
    (missing, found.into_iter().filter(|hole| !expected.contains(hole)).collect())
}

/// One estate of seed 3; a full one for each of the seeds in `ESTATE_SEEDS`, blank between, if there are any.
#[test]
fn the_estate_is_found_without_being_told() {
    let told = std::env::var("ESTATE_SEEDS").unwrap_or_default();
    let mut estates: Vec<Options> =
        told.split_whitespace().map(|seed| Options::full(seed.parse().expect("a seed"))).collect();
    if estates.is_empty() {
        estates.push(Options { scale: 0.6, ..Options::full(3) });
    }
    for options in estates {
        let seed = options.seed;
        let folder = tempfile::tempdir().unwrap();
        let (truth, inventory) = scanned(folder.path(), options, false);
        let (kinds, cadences, wrong_machines) = machines(&truth, &inventory);
        let all = truth.machines.len();
        let (seen, wrong) = kinds_of_addresses(&truth, &inventory);
        let (missing, false_ones) = holes(&truth, &inventory);
        println!(
            "seed {seed}: machines {kinds}/{all}, cadences {cadences}/{all}, addresses {}/{seen}, holes {}/{}, false {}",
            seen - wrong.len(),
            truth.holes.len() - missing.len(),
            truth.holes.len(),
            false_ones.len()
        );
        assert!(kinds * 12 >= all * 11 && cadences * 12 >= all * 11, "{wrong_machines:#?}");
        assert!(wrong.len() * 20 <= seen, "{wrong:#?}");
        assert_eq!((missing, false_ones), (vec![], vec![]));
        assert_eq!(rows(&inventory, "SELECT DISTINCT origin FROM own_domain"), ["inferred"]);
        let sentence = "SELECT count(*) FROM rule_seen WHERE sentence LIKE '%are in no mail export%'";
        assert_eq!(number(&inventory, sentence), 1);
    }
}

#[test]
fn the_roster_says_what_was_not_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let (truth, inventory) = scanned(folder.path(), Options::quick(4), true);
    let found: BTreeMap<String, String> =
        rows(&inventory, "SELECT address, delivered FROM coverage WHERE on_roster = 1 AND holes IS NULL")
            .into_iter()
            .map(|row| row.split_once('|').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("two columns"))
            .collect();
    for line in &truth.roster {
        let expected = match line.delivery {
            "short" => "delivered short",
            "not_delivered" => "not delivered",
            "no_mailbox" => "no mailbox expected",
            _ => "delivered",
        };
        if let Some(delivered) = found.get(&line.address) {
            assert_eq!(delivered, expected, "{}", line.address);
        }
    }
    let (_, wrong) = kinds_of_addresses(&truth, &inventory);
    assert_eq!(wrong, Vec::<String>::new(), "the roster wins");
}

#[test]
fn ids_and_decisions_stay_when_mail_is_added() {
    let (folder, export, inventory) = workspace();
    let mut post = String::new();
    for day in 1..29 {
        post.push_str(&format!(
            "From x Mon Jan  1 06:10:00 2024\nFrom: Backup <backup@wendholt.example>\nTo: ada@wendholt.example\n\
             Subject: Backup job {day} ok\nDate: {day} Feb 2024 06:10:00 +0100\nMessage-ID: <b{day}@wendholt.example>\n\n\
             Done.\n\n"
        ));
    }
    fs::create_dir(export.join("ada")).unwrap();
    fs::write(export.join("ada/Inbox"), format!("{post}{}", mbox(1..9))).unwrap();
    fs::write(export.join("ada/Sent"), mbox(20..40)).unwrap();
    scan(&[&export], &inventory);
    let ids =
        "SELECT 'system', system_id, address, pattern FROM system UNION ALL SELECT 'address', address_id, address, ''
               FROM address UNION ALL SELECT 'mailbox', mailbox_id, name, '' FROM mailbox ORDER BY 1, 2";
    let before = rows(&inventory, ids);
    assert!(before.iter().any(|row| row.starts_with("system|") && row.contains("backup@")), "{before:?}");
    rusqlite::Connection::open(&inventory)
        .unwrap()
        .execute_batch(
            "INSERT INTO decision (subject_kind, subject_id, decision, decided_by, decided_at)
             SELECT 'system', system_id, 'move to the relay', 'kim', '2024-03-01T00:00:00Z' FROM system",
        )
        .unwrap();
    fs::create_dir(export.join("aaron")).unwrap();
    fs::write(export.join("aaron/Sent"), mbox(50..70).replace("Ada <ada@", "Aaron <aaron@")).unwrap();
    scan(&[&export], &inventory);
    let after = rows(&inventory, ids);
    assert!(before.iter().all(|row| after.contains(row)) && after.len() > before.len(), "{before:?} {after:?}");
    assert_eq!(rows(&inventory, "SELECT decision FROM current_decision"), ["move to the relay"]);
    drop(folder);
}

#[test]
fn what_is_told_is_checked_and_kept() {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox(1..3)).unwrap();
    fs::write(export.join("Extra"), mbox(3..4)).unwrap();
    fs::write(export.join("all-results-count.csv"), "Account,Count\nada@wendholt.example,9\n").unwrap();
    let told = folder.path().join("told");
    fs::create_dir(&told).unwrap();
    fs::write(told.join("roster.csv"), "address,status\nben@wendholt.example,gone\n").unwrap();
    let scan = |arguments: &[&str]| -> Run {
        let mut command = program();
        command.current_dir(&told).arg("scan").arg(&export).arg("--to").arg(&inventory).args(arguments);
        command.output().unwrap().into()
    };
    let refused = scan(&["--expect", "roster.csv"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("roster.csv, line 2, column status"), "{}", refused.stderr);
    fs::write(told.join("roster.csv"), "address,status\nben@wendholt.example,active\n").unwrap();
    use sha2::Digest as _;
    let hex: String =
        sha2::Sha256::digest(fs::read(export.join("Inbox")).unwrap()).iter().map(|b| format!("{b:02x}")).collect();
    let list = format!("{hex}  Inbox\n{}  export/Extra\n{hex}  Gone.mbox\n", "0".repeat(64));
    fs::write(told.join("list.sha256"), list).unwrap();
    fs::write(told.join("e.toml"), "client = \"Wendholt\"\nhash_list = \"list.sha256\"\n").unwrap();
    let ended = scan(&[
        "--expect",
        "roster.csv",
        "--domain",
        "wendholt.example",
        "--engagement",
        "e.toml",
        "--max-message",
        "1",
    ]);
    assert!(ended.code <= 1, "{}", ended.stderr);
    assert_eq!(
        rows(&inventory, "SELECT outcome, count(*) FROM supplied_digest GROUP BY 1 ORDER BY 1"),
        ["differs|1", "missing|1", "not on the list|1", "ok|1"]
    );
    let expected =
        "SELECT address, delivered, expected_items FROM coverage WHERE address <> '(mailbox) export' ORDER BY 1";
    assert_eq!(rows(&inventory, expected)[1], "ben@wendholt.example|not delivered|∅");
    assert_eq!(number(&inventory, "SELECT expected_items FROM coverage WHERE address = 'ada@wendholt.example'"), 9);
    assert_eq!(ended.code, 1, "a digest that differs and a file that is missing are errors: {}", ended.stderr);
    assert_eq!(
        rows(&inventory, "SELECT kind, level, count(*) FROM problem WHERE kind LIKE 'supplied%' GROUP BY 1 ORDER BY 1"),
        ["supplied_digest_differs|error|1", "supplied_file_missing|error|1", "supplied_not_listed|warning|1"]
    );
    // MD5 and SHA-1 are taken by reading again.
    fn shown(bytes: impl AsRef<[u8]>) -> String {
        bytes.as_ref().iter().map(|b| format!("{b:02x}")).collect()
    }
    let md5 = shown(md5::Md5::digest(fs::read(export.join("Inbox")).unwrap()));
    let sha1 = shown(sha1::Sha1::digest(fs::read(export.join("Extra")).unwrap()));
    let wrong = "0".repeat(32);
    let list = format!("{md5} *.\\export\\Inbox\r\n{sha1}  Extra\n{wrong}  all-results-count.csv\n");
    fs::write(told.join("list.sha256"), list).unwrap();
    scan(&["--engagement", "e.toml"]);
    assert_eq!(
        rows(&inventory, "SELECT outcome, count(*) FROM supplied_digest GROUP BY 1 ORDER BY 1"),
        ["differs|1", "ok|2"]
    );
    assert_eq!(
        rows(&inventory, "SELECT kind, detail FROM problem WHERE kind LIKE 'supplied%'").len(),
        1,
        "what was found before is replaced"
    );
    // A later scan knows it still.
    scan(&[]);
    assert_eq!(rows(&inventory, "SELECT domain, origin FROM own_domain"), ["wendholt.example|given"]);
    assert_eq!(rows(&inventory, "SELECT client FROM engagement"), ["Wendholt"]);
}

#[test]
fn a_package_of_one_mailbox_tells_nothing_of_another() {
    let (folder, export, inventory) = workspace();
    let mut mail = [String::new(), String::new()];
    for n in 1..28 {
        let letter = |from: &str, to: &str, subject: &str, file: &str| {
            format!(
                "From x Mon Jan  1 06:10:00 2024\nFrom: {from}\nTo: {to}\nSubject: {subject} {n}\n\
                 Date: Mon, {n:02} Jan 2024 06:10:00 +0000\nMessage-ID: <{n}.{subject}@x.example>\n\
                 X-Mailer: {file}-mailer\nMIME-Version: 1.0\nContent-Type: application/pdf; name=\"{file}-{n}.pdf\"\n\n\
                 x{n}\n\n"
            )
        };
        mail[0] += &letter("scan@ours.example", "ada@ours.example", "Copyroom", "adascan");
        mail[0] += &letter("Kim <kim@supplier.example>", "ada@ours.example", "Delivery", "adanote");
        mail[1] += &letter("scan@ours.example", "boss@ours.example", "Dismissals", "secretscan");
        mail[1] += &letter("noreply@headhunter.example", "boss@ours.example", "Candidates", "secretlist");
        mail[1] += &letter("Lee <lee@takeover.example>", "boss@ours.example", "Takeover", "secretbid");
    }
    for (name, text) in ["ada", "boss"].iter().zip(&mail) {
        fs::create_dir(export.join(name)).unwrap();
        fs::write(export.join(name).join("Inbox"), text).unwrap();
    }
    let told =
        program().arg("scan").arg(&export).args(["--domain", "ours.example", "--to"]).arg(&inventory).output().unwrap();
    assert!(told.status.code().is_some_and(|code| code <= 1));
    let boxes = folder.path().join("boxes");
    let packed = program().arg("export").arg(&inventory).arg("--by-mailbox").arg(&boxes).output().unwrap();
    assert!(packed.status.code().is_some_and(|code| code <= 1), "{}", String::from_utf8_lossy(&packed.stderr));
    let text = |table: &str| fs::read_to_string(boxes.join("ada").join(table)).unwrap();
    for entry in fs::read_dir(boxes.join("ada")).unwrap() {
        let path = entry.unwrap().path();
        let held = fs::read_to_string(&path).unwrap();
        for word in ["boss", "Dismissals", "Candidates", "Takeover", "takeover", "headhunter", "lee@", "secret"] {
            assert!(!held.contains(word), "{word} in {}", path.display());
        }
    }
    assert!(text("systems.csv").contains("scan@ours.example") && text("systems.csv").contains("Copyroom"));
    assert!(text("partners.csv").contains("supplier.example") && text("addresses.csv").contains("ada@ours.example"));
}
