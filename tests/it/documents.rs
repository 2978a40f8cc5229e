//! Documents: containers opened, contents found once, families, `extract` and `compare-files`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::harness::*;

/// A message with these parts: name as it stands in the header, and bytes.
fn mail(number: usize, from: &str, subject: &str, text: &str, files: &[(&str, &[u8])]) -> String {
    let mut mail = format!(
        "From: {from}\nTo: Ben <ben@wendholt.example>\nSubject: {subject}\n\
         Date: Mon, 6 Mar 2023 {:02}:{:02}:00 +0100\nMessage-ID: <document-{number}@wendholt.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=\"cut here\"\n\n--cut here\nContent-Type: text/plain; charset=utf-8\n\n{text}\n",
        8 + number / 60 % 12,
        number % 60
    );
    for (name, bytes) in files {
        mail.push_str(&format!(
            "--cut here\nContent-Type: application/octet-stream\nContent-Disposition: attachment; {name}\n\
             Content-Transfer-Encoding: base64\n\n{}\n",
            base64(bytes)
        ));
    }
    mail.push_str("--cut here--\n");
    mail
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (number, group) in bytes.chunks(3).enumerate() {
        let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63] as char;
            out.push(if at > group.len() { '=' } else { digit });
        }
        if number % 19 == 18 {
            out.push('\n');
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn store(export: &Path, mails: &[String]) {
    for (number, mail) in mails.iter().enumerate() {
        fs::write(export.join(format!("{number:03}.eml")), mail).unwrap();
    }
}

/// Every file below a folder, with its bytes.
fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()) {
            assert!(!entry.file_type().unwrap().is_symlink());
            if entry.file_type().unwrap().is_dir() {
                waiting.push(entry.path());
            } else {
                found.push((entry.path(), fs::read(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Names that hurt somewhere, as they may stand in a header.
fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "..",
        ".",
        "../x",
        "../../../../tmp/mailcensus-was-here",
        "..\\\\..\\\\x.doc",
        "/etc/passwd",
        "/tmp/mailcensus-was-here",
        "C:\\\\windows\\\\x.exe",
        "\\\\\\\\host\\\\share\\\\x",
        "CON",
        "con.txt",
        "PRN.doc",
        "AUX",
        "NUL",
        "nul.tar.gz",
        "COM1",
        "LPT9.pdf",
        "CLOCK$",
        "x.",
        "x. . .",
        "x ",
        " x",
        "-rf",
        "--help",
        "-",
        "~",
        "~root",
        "$HOME",
        "$(touch x)",
        "`touch x`",
        "a;b",
        "a|b",
        "a&b",
        "a>b",
        "a<b",
        "a*b?",
        "a:b",
        "a:b:$DATA",
        "%00",
        "%2e%2e%2f",
        "...",
        ".bashrc",
        ".git/config",
        "Report.doc",
        "REPORT.DOC",
        "report.doc",
        "repor\u{74}.doc",
        "Ärger.pdf",
        "A\u{308}rger.pdf",
        "gpj\u{202e}exe.doc",
        "\u{200b}",
        "\u{feff}x",
        "ﬁle.doc",
        "名前.xls",
        "x\u{0301}\u{0301}\u{0301}.doc",
        "INDEX.csv",
        ".mailcensus-part",
        "MANIFEST.csv",
        "desktop.ini",
        "x.lnk",
    ]
    .iter()
    .map(|name| format!("filename=\"{name}\""))
    .collect();
    names.push(format!("filename=\"{}.doc\"", "long ".repeat(180)));
    names.push(format!("filename=\"{}\"", "ü".repeat(500)));
    names.push(format!("filename=\"a.{}\"", "e".repeat(300)));
    for coded in [
        "..%2F..%2Fx",
        "a%00b.doc",
        "a%0Ab.doc",
        "%FF%FE%80.doc",
        "%1B%5B2J.doc",
        "%C0%AE%C0%AE/x",
        "%E2%80%AExcod.exe",
    ] {
        names.push(format!("filename*=utf-8''{coded}"));
    }
    names.push("filename=\"\"".to_owned());
    names
}

#[test]
fn hostile_names_stay_in_the_folder_and_nothing_is_lost() {
    let names = hostile_names();
    assert!(names.len() >= 60, "{}", names.len());
    let (folder, export, inventory) = workspace();
    let contents: Vec<Vec<u8>> =
        (0..names.len()).map(|n| format!("content {n} \0\r\n\u{fc}").repeat(n + 1).into_bytes()).collect();
    let mails: Vec<String> = names
        .iter()
        .zip(&contents)
        .enumerate()
        .map(|(n, (name, bytes))| {
            mail(n, &format!("p{n}@x.example"), &format!("Subject {n}"), "here", &[(name, bytes)])
        })
        .collect();
    store(&export, &mails);
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let out = folder.path().join("inner/documents");
    let run = run(&[
        "extract".as_ref(),
        inventory.as_os_str(),
        "--documents".as_ref(),
        out.as_os_str(),
        "--all-versions".as_ref(),
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let found: BTreeSet<String> = files_below(&out).iter().map(|(_, bytes)| hex(bytes)).collect();
    for (name, bytes) in names.iter().zip(&contents) {
        assert!(found.contains(&hex(bytes)), "{name} is lost");
    }
    let around: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(around.len(), 3, "{around:?}: export, inventory, inner");
    assert!(!Path::new("/tmp/mailcensus-was-here").exists());
    let mut lower: Vec<String> =
        files_below(&out).iter().map(|(path, _)| path.to_string_lossy().to_lowercase()).collect();
    lower.sort();
    lower.dedup();
    assert_eq!(lower.len(), files_below(&out).len(), "unique on file systems that do not tell cases apart");
    for (path, _) in files_below(&out) {
        let name = path.file_name().unwrap().to_str().expect("UTF-8").to_owned();
        assert!(name.len() <= 160 && !name.ends_with(['.', ' ']) && !name.starts_with(['.', '-', '~']), "{name}");
        assert!(!name.chars().any(|c| c.is_control() || "<>:\"/\\|?*$`;\u{202e}\u{200b}".contains(c)), "{name}");
    }
    let index = fs::read_to_string(out.join("INDEX.csv")).unwrap();
    assert_eq!(index.matches(",written,").count(), names.len());
    for bytes in &contents {
        assert!(index.contains(&hex(bytes)));
    }
}

#[test]
fn a_changed_source_is_a_finding_and_gives_nothing() {
    let (folder, export, inventory) = workspace();
    let bytes = b"the only copy of the drawing".repeat(40);
    store(&export, &[mail(1, "ada@x.example", "Drawing", "see below", &[("filename=\"hall.dwg\"", &bytes)])]);
    scan(&[&export], &inventory);
    let path = export.join("000.eml");
    let text = fs::read_to_string(&path).unwrap().replacen("dGhl", "dGhm", 1);
    fs::write(&path, text).unwrap();
    let out = folder.path().join("documents");
    let ended = run(&["extract".as_ref(), inventory.as_os_str(), "--documents".as_ref(), out.as_os_str()]);
    assert_eq!(ended.code, 1, "{}", ended.stdout);
    assert!(files_below(&out).iter().all(|(path, _)| path.ends_with("INDEX.csv")));
    assert!(fs::read_to_string(out.join("INDEX.csv")).unwrap().contains("could not be taken"));
}

#[test]
fn a_folder_with_other_files_or_links_is_refused() {
    let (folder, export, inventory) = workspace();
    store(&export, &[mail(1, "ada@x.example", "Plan", "x", &[("filename=\"plan of the hall.dwg\"", b"plan")])]);
    scan(&[&export], &inventory);
    let extract =
        |out: &Path| run(&["extract".as_ref(), inventory.as_os_str(), "--documents".as_ref(), out.as_os_str()]);
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("mine.txt"), "mine").unwrap();
    assert_eq!(extract(&other).code, 2);
    assert_eq!(extract(&export.join("inside")).code, 2, "nothing is ever written under the scanned paths");
    let out = folder.path().join("documents");
    assert_eq!(extract(&out).code, 0);
    assert_eq!(extract(&out).code, 0, "again over its own files");
    fs::remove_dir_all(out.join("drawing")).unwrap();
    std::os::unix::fs::symlink(&other, out.join("drawing")).unwrap();
    assert_eq!(extract(&out).code, 3, "a link in the way");
    assert_eq!(fs::read_dir(&other).unwrap().count(), 1);
}

#[test]
fn one_document_for_each_content_with_its_copies_and_versions() {
    let (_folder, export, inventory) = workspace();
    let attach = |n: usize, subject: &str, name: &str, bytes: &[u8]| {
        mail(
            n,
            "Ada <ada@wendholt.example>",
            subject,
            "Attached is the file.",
            &[(&format!("filename=\"{name}\""), bytes)],
        )
    };
    let (first, second) = (b"first ".repeat(3000), b"second ".repeat(3000));
    let mut mails = vec![
        attach(1, "Lease of the hall", "Lease hall 4 v1.doc", &first),
        attach(2, "Re: Lease of the hall", "Copy of Lease hall 4 v1.doc", &first),
        attach(3, "Re: Lease of the hall", "Lease_hall_4_FINAL.doc", &second),
    ];
    for n in 4..9 {
        mails.push(attach(n, &format!("Bill {n}"), "invoice.pdf", format!("bill {n}").repeat(900).as_bytes()));
    }
    store(&export, &mails);
    scan(&[&export], &inventory);
    let lease = rows(
        &inventory,
        "SELECT d.version, d.copies, d.kind, f.versions, f.relation, f.current_document_id = d.document_id, f.current_why
         FROM document d JOIN document_family f USING (family_id) WHERE d.carrier = 'attachment' AND f.versions > 1
         ORDER BY d.version",
    );
    let why = "the newest, and marked as final";
    assert_eq!(lease, [format!("1|2|contract|2|versions|0|{why}"), format!("2|1|contract|2|versions|1|{why}")]);
    let bills = "SELECT count(DISTINCT family_id) FROM document WHERE name = 'invoice.pdf'";
    assert_eq!(number(&inventory, bills), 5, "never joined only because of such a name");
}

#[test]
fn ids_of_families_survive_more_mail() {
    let (_folder, export, inventory) = workspace();
    let attach = |n: usize, name: &str, bytes: &str| {
        mail(
            n,
            "ada@wendholt.example",
            name,
            "see file",
            &[(&format!("filename=\"{name}\""), bytes.repeat(500).as_bytes())],
        )
    };
    store(
        &export,
        &[
            attach(1, "Gasometer contract.doc", "one"),
            attach(2, "Gasometer contract v2.doc", "two"),
            attach(3, "Hall plan.dwg", "hall"),
        ],
    );
    scan(&[&export], &inventory);
    let before = rows(&inventory, "SELECT sha256, document_id, family_id FROM document ORDER BY 1");
    fs::write(export.join("100.eml"), attach(4, "Gasometer contract v3.doc", "three")).unwrap();
    fs::write(export.join("0000.eml"), attach(5, "Tramway contract.doc", "tram")).unwrap();
    scan(&[&export], &inventory);
    let after = rows(&inventory, "SELECT sha256, document_id, family_id FROM document ORDER BY 1");
    assert_eq!(after.len(), 5);
    for row in &before {
        assert!(after.contains(row), "{row} in {after:?}");
    }
    assert_eq!(number(&inventory, "SELECT versions FROM document_family WHERE name = 'Gasometer contract v3.doc'"), 3);
    let fresh = inventory.with_file_name("fresh.db");
    scan(&[&export], &fresh);
    let groups = "SELECT group_concat(sha256) FROM (SELECT family_id, sha256 FROM document ORDER BY sha256) GROUP BY family_id ORDER BY 1";
    assert_eq!(rows(&inventory, groups), rows(&fresh, groups), "the same whatever was there before");
}

#[test]
fn files_in_texts_are_attachments() {
    let (folder, export, inventory) = workspace();
    // By Python: binascii.b2a_uu of b"Cat" and of 45 bytes 0..44.
    let coded = "begin 644 cat.txt\n#0V%T\n`\nend\n\nbegin 644 bytes.bin\nM  $\" P0%!@<(\"0H+# T.#Q 1$A,4%187&!D:&QP='A\\@(2(C)\"4F)R@I*BLL\n \nend\n";
    let text = format!("Hello,\n{coded}Bye\n");
    fs::write(
        export.join("a.eml"),
        format!("From: a@x.example\nSubject: two files\nDate: Mon, 6 Mar 2023 09:00:00 +0100\n\n{text}"),
    )
    .unwrap();
    scan(&[&export], &inventory);
    let found = rows(&inventory, "SELECT part, file_name, size_bytes, sha256, opaque FROM attachment ORDER BY part");
    let bytes: Vec<u8> = (0..45).collect();
    assert_eq!(
        found,
        [format!("1.uu.1|cat.txt|3|{}|∅", hex(b"Cat")), format!("1.uu.2|bytes.bin|45|{}|∅", hex(&bytes))]
    );
    let out = folder.path().join("documents");
    run(&["extract".as_ref(), inventory.as_os_str(), "--documents".as_ref(), out.as_os_str()]);
    assert!(files_below(&out).iter().any(|(_, found)| *found == bytes));
}

#[test]
fn files_spoken_of_and_not_there_are_notes() {
    let (_folder, export, inventory) = workspace();
    let plain = |n: usize, text: &str| {
        format!(
            "From: a{n}@x.example\nTo: b@x.example\nSubject: s{n}\nDate: Mon, 6 Mar 2023 09:00:00 +0100\n\n{text}\n"
        )
    };
    store(
        &export,
        &[
            plain(1, "Attached is the offer."),
            plain(2, "See <<Offer v2.doc>> please."),
            plain(3, "The report lies at \\\\fs01\\deals\\report 2001.xls and https://x.example/a.pdf"),
            plain(4, "Nothing is attached here."),
            mail(5, "a@x.example", "with it", "Attached is <<a.doc>>", &[("filename=\"A.DOC\"", b"x")]),
        ],
    );
    scan(&[&export], &inventory);
    let missing = rows(&inventory, "SELECT why, name FROM missing_file ORDER BY message_id");
    assert_eq!(missing, ["promised|∅", "named|Offer v2.doc"]);
    let problems = rows(&inventory, "SELECT kind, level FROM problem WHERE kind LIKE 'attachment%' ORDER BY kind");
    assert_eq!(problems, ["attachment_named|note", "attachment_promised|note"]);
    let links = rows(&inventory, "SELECT kind, target, host FROM document_link ORDER BY kind");
    assert_eq!(links, ["unc|\\\\fs01\\deals\\report 2001.xls|fs01", "url|https://x.example/a.pdf|x.example"]);
}

#[test]
fn a_share_is_compared_and_only_read() {
    let (folder, export, inventory) = workspace();
    let named = |n: usize, name: &str, bytes: &[u8]| {
        mail(n, "ada@x.example", name, "file", &[(&format!("filename=\"{name}\""), bytes)])
    };
    store(
        &export,
        &[named(1, "there.doc", b"there"), named(2, "changed.doc", b"as mailed"), named(3, "=nowhere.doc", b"nowhere")],
    );
    scan(&[&export], &inventory);
    let share = folder.path().join("share");
    fs::create_dir_all(share.join("deep")).unwrap();
    fs::write(share.join("deep/other name.doc"), b"there").unwrap();
    fs::write(share.join("changed.doc"), b"as saved").unwrap();
    std::os::unix::fs::symlink(&export, share.join("loop")).unwrap();
    let csv = folder.path().join("found.csv");
    let before = files_below(&share.join("deep"));
    let ended =
        run(&["compare-files".as_ref(), inventory.as_os_str(), share.as_os_str(), "--csv".as_ref(), csv.as_os_str()]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("2 were not found on the shares given; 1 of them"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("only in mail"));
    let lines = fs::read_to_string(&csv).unwrap();
    let line = |name: &str| lines.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(line("there.doc").contains(",yes,") && line("there.doc").contains("other name.doc"), "{lines}");
    assert!(
        line("changed.doc").contains("not found on the shares given") && line("changed.doc").contains("/changed.doc")
    );
    assert!(line("nowhere").contains("'=nowhere.doc"));
    assert_eq!(files_below(&share.join("deep")), before);
    let json = run(&["compare-files".as_ref(), inventory.as_os_str(), share.as_os_str(), "--json".as_ref()]);
    let object: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((object["documents"].as_u64(), object["found"].as_u64()), (Some(3), Some(1)));
    let none = run(&["compare-files".as_ref(), inventory.as_os_str(), folder.path().join("none").as_os_str()]);
    assert_eq!(none.code, 2);
    let inside = run(&[
        "compare-files".as_ref(),
        inventory.as_os_str(),
        share.as_os_str(),
        "--csv".as_ref(),
        share.join("x.csv").as_os_str(),
    ]);
    assert_eq!(inside.code, 2, "shares are only read");
}

#[test]
fn no_output_says_that_something_is_only_in_mail() {
    let (_folder, export, inventory) = workspace();
    store(&export, &[mail(1, "ada@x.example", "Plan", "x", &[("filename=\"hall.dwg\"", b"plan")])]);
    scan(&[&export], &inventory);
    for verb in ["summary", "compare-files", "extract", "export", "scan"] {
        let help = run(&[verb, "--help"]).stdout.to_lowercase();
        assert!(!help.contains("only in mail") && !help.contains("only copy"), "{verb}");
    }
    let screen = run(&["summary".as_ref(), inventory.as_os_str()]).stdout;
    assert!(screen.contains("1 of them once in this export"), "{screen}");
    assert!(!screen.contains("only in mail"));
}
