//! Real mailboxes with a known answer, where they are present.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mailcensus::framing::{Framer, Recover, Survey};
use mailcensus::model::{Dialect, Format, Frame, Piece, ProblemKind, Recovery};
use mailcensus::source::detect::{Content, detect};
use mailcensus::source::from_line::parse_from_line;
use sha2::{Digest, Sha256};

use crate::harness::{rows, scan};

/// The folder with `corpora` and `mailboxes`, if it is present.
pub fn shared() -> Option<PathBuf> {
    let given = std::env::var_os("MAILCENSUS_SHARED").map(PathBuf::from);
    let shared = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/shared"));
    if shared.join("corpora").is_dir() {
        return Some(shared);
    }
    eprintln!("skipped: no shared corpora");
    None
}

/// The rows of a TSV file as maps from column to value.
fn rows_of(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let mut lines = text.lines();
    let names: Vec<String> = lines.next().unwrap().split('\t').map(str::to_owned).collect();
    lines.map(|line| names.iter().cloned().zip(line.split('\t').map(str::to_owned)).collect()).collect()
}

pub fn dialect_of(bytes: &[u8]) -> Dialect {
    let mut survey = Survey::new();
    bytes.chunks(1 << 20).for_each(|block| survey.push(block));
    survey.dialect()
}

pub fn frames_by(format: Format, bytes: &[u8]) -> Vec<Frame> {
    let mut pieces = Vec::new();
    let mut framer = Framer::new(format);
    bytes.chunks(1 << 20).for_each(|block| framer.push(block, &mut pieces));
    framer.finish(&mut pieces);
    pieces.into_iter().filter_map(|piece| if let Piece::Frame(frame) = piece { Some(frame) } else { None }).collect()
}

fn message<'a>(bytes: &'a [u8], frame: &Frame) -> &'a [u8] {
    &bytes[frame.message.offset_bytes as usize..frame.message.end() as usize]
}

fn recovered(recovery: Recovery, stored: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let mut recover = Recover::new(recovery);
    stored.chunks(4096).for_each(|block| recover.push(block, &mut |text| all.extend_from_slice(text)));
    recover.finish(&mut |text| all.extend_from_slice(text));
    all
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Does the restored message have this digest? The truth counts the blank lines at the end of the original, which
/// the recovered message does not keep (rule 4), so they are put back.
fn is_original(restored: &[u8], truth: &BTreeMap<String, String>) -> bool {
    let length: usize = truth["raw_len"].parse().unwrap();
    let mut text = restored[..restored.len().min(length)].to_vec();
    text.resize(length, b'\n');
    hex(&Sha256::digest(&text)) == truth["raw_sha256"]
}

#[test]
fn derived_containers_give_back_every_original() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("corpora/derived-usrp-users");
    let truth = rows_of(&folder.join("truth-shared.tsv"));
    for (name, ambiguous) in [("s1.mboxo", 2), ("s3.mboxcl", 0), ("s4-crlf.mboxrd", 0), ("s6-thunderbird", 0)] {
        let bytes = fs::read(folder.join(name)).unwrap();
        let rows: Vec<_> = truth.iter().filter(|row| row["container"] == name).collect();
        let dialect = dialect_of(&bytes);
        let frames = frames_by(Format::Mbox(dialect), &bytes);
        let offsets: Vec<String> = frames.iter().map(|frame| frame.frame.offset_bytes.to_string()).collect();
        let expected: Vec<String> = rows.iter().map(|row| row["offset_of_From_line_or_0"].clone()).collect();
        assert_eq!(offsets, expected, "{name}");
        let recovery = Recovery::Mbox(dialect);
        let wrong: Vec<_> = (frames.iter().zip(&rows).enumerate())
            .filter(|(_, (frame, row))| !is_original(&recovered(recovery, message(&bytes, frame)), row))
            .map(|(at, (_, row))| (at, row["body_From_lines"].clone()))
            .collect();
        eprintln!("{name}: {dialect:?}, {} of {} restored, not: {wrong:?}", frames.len() - wrong.len(), frames.len());
        assert!(wrong.len() <= ambiguous, "{name}: {wrong:?}");
    }
}

#[test]
fn one_message_a_file_is_the_original() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("corpora/derived-usrp-users");
    let truth = rows_of(&folder.join("truth-shared.tsv"));
    for row in truth.iter().filter(|row| row["container"] == "s8-mh") {
        let bytes = fs::read(folder.join(&row["file"])).unwrap();
        let frames = frames_by(Format::Single, &bytes);
        assert_eq!(frames.len(), 1, "{}", row["file"]);
        assert!(is_original(&recovered(Recovery::AsStored, message(&bytes, &frames[0])), row), "{}", row["file"]);
    }
}

/// Where upstream's own test expects something else, with the reason why it is wrong here.
const UPSTREAM_DIFFERS: &[(&str, usize, &str)] = &[(
    "mboxWithOneMessageMissingSeparator.mbox",
    1,
    "upstream refuses a file that starts with headers instead of a separator; it is one message all the same",
)];

/// MANIFEST.tsv, which is not in the unpacked folder.
fn manifest(shared: &Path) -> Option<Vec<BTreeMap<String, String>>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/MANIFEST.tsv");
    let given = std::env::var_os("MAILCENSUS_MANIFEST").map(PathBuf::from);
    let places = [given, Some(shared.join("corpora/MANIFEST.tsv")), Some(beside)];
    let place = places.into_iter().flatten().find(|place| place.is_file());
    if place.is_none() {
        eprintln!("skipped: no MANIFEST.tsv");
    }
    place.map(|place| rows_of(&place))
}

fn content_of(path: &str, bytes: &[u8]) -> Content {
    detect(&bytes[..bytes.len().min(64 << 10)], bytes.len() as u64, path.as_bytes())
}

/// The frames of a file as a scan would find them.
fn frames_as_detected(path: &str, bytes: &[u8]) -> Vec<Frame> {
    match content_of(path, bytes) {
        Content::Mbox => frames_by(Format::Mbox(dialect_of(bytes)), bytes),
        Content::Message => frames_by(Format::Single, bytes),
        Content::Emlx => frames_by(Format::Emlx, bytes),
        _ => Vec::new(),
    }
}

#[test]
fn mailboxes_hold_as_many_messages_as_upstream_says() {
    let Some(shared) = shared() else { return };
    let Some(rows) = manifest(&shared) else { return };
    let mut checked = 0;
    for row in rows.iter().filter(|row| row["kind"] == "mbox") {
        let Ok(bytes) = fs::read(shared.join("corpora").join(&row["path"])) else { continue };
        let stated: String = row["expected"].chars().take_while(char::is_ascii_digit).collect();
        let differs =
            UPSTREAM_DIFFERS.iter().find(|(name, ..)| row["path"].ends_with(name)).map(|(_, count, _)| *count);
        let Some(expected) = differs.or_else(|| stated.parse().ok()) else { continue };
        assert_eq!(frames_as_detected(&row["path"], &bytes).len(), expected, "{}: {}", row["path"], row["expected"]);
        checked += 1;
    }
    eprintln!("{checked} mailboxes with a stated count agree");
    assert!(checked >= 30, "{checked}");
}

#[test]
fn mailboxes_without_a_stated_count_agree_with_python() {
    let Some(shared) = shared() else { return };
    let Some(rows) = manifest(&shared) else { return };
    for row in rows.iter().filter(|row| row["kind"] == "mbox") {
        let Ok(bytes) = fs::read(shared.join("corpora").join(&row["path"])) else { continue };
        if content_of(&row["path"], &bytes) != Content::Mbox {
            continue;
        }
        let ours = frames_as_detected(&row["path"], &bytes).len().to_string();
        if ours != row["py_mailbox_count"] {
            // Python splits at the sentence `From perl5-porters:`, and knows no bare CR.
            let known = ["mboxes/mboxcl2", "mboxes/mboxcl2.lies", "mboxes/testmbox.mac"];
            assert!(known.iter().any(|name| row["path"].ends_with(name)), "{ours} {row:?}");
        }
    }
}

#[test]
fn lying_lengths_change_no_boundary() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("corpora/perl-Email-Folder/t/mboxes");
    let frames = |name: &str| {
        let bytes = fs::read(folder.join(name)).unwrap();
        frames_as_detected(name, &bytes).into_iter().map(|frame| frame.frame).collect::<Vec<_>>()
    };
    assert_eq!(frames("mboxcl2"), frames("mboxcl2.lies"));
    let kinds = [("testmbox", "testmbox.dos"), ("testmbox", "testmbox.mac")];
    for (one, other) in kinds {
        assert_eq!(frames(one).len(), frames(other).len(), "{other}");
    }
}

#[test]
fn messages_are_those_that_mime4j_keeps_beside_the_mailbox() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("corpora/mime4j/mbox/src/test/resources/test-1");
    let bytes = fs::read(folder.join("mbox.rlug")).unwrap();
    for (serial, frame) in frames_as_detected("mbox.rlug", &bytes).iter().enumerate() {
        let expected = fs::read(folder.join(format!("mbox.rlug-{serial}"))).unwrap();
        // Upstream keeps the blank line that the format adds.
        let frame = &bytes[frame.message.offset_bytes as usize..frame.frame.end() as usize];
        assert_eq!(String::from_utf8_lossy(frame), String::from_utf8_lossy(&expected), "mbox.rlug-{serial}");
    }
}

#[test]
fn message_ids_are_those_of_ponymail() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("corpora/ponymail");
    for (yaml, name) in [
        ("pars-asterix-dev-201709-mailarchivesao.yaml", "asterix-dev-201709-mailarchivesao.mbox"),
        ("parsing-commits-ponymail-2016-06.yaml", "commits_ponymail_apache_org_2016-06.mbox"),
    ] {
        let yaml = fs::read_to_string(folder.join("yaml").join(yaml)).unwrap();
        let expected: Vec<&str> = yaml.lines().filter_map(|line| line.trim().strip_prefix("message-id: ")).collect();
        let bytes = fs::read(folder.join("corpus").join(name)).unwrap();
        let id_of = |frame: &Frame| {
            let text = String::from_utf8_lossy(message(&bytes, frame)).into_owned();
            let at = text.to_ascii_lowercase().find("\nmessage-id:").unwrap() + "\nmessage-id:".len();
            text[at..].split_whitespace().next().unwrap().to_owned()
        };
        let ids: Vec<String> = frames_as_detected(name, &bytes).iter().map(id_of).collect();
        assert_eq!(ids, expected, "{name}");
    }
}

#[test]
fn emlx_gives_the_message_that_the_converter_gives() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("corpora/partial-emlx/test/__testdata");
    for entry in fs::read_dir(folder.join("input/Messages")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(content_of(&name, &bytes), Content::Emlx, "{name}");
        let frames = frames_by(Format::Emlx, &bytes);
        assert_eq!(frames.len(), 1);
        // Some samples were made anonymous without correcting the length.
        let lies = frames[0].problems.iter().all(|problem| problem.kind == ProblemKind::ContentLengthLies);
        assert!(lies, "{name}: {:?}", frames[0].problems);
        assert!(bytes[frames[0].message.end() as usize..].trim_ascii_start().starts_with(b"<?xml"), "{name}");
        if name == "114862.emlx" {
            let expected = fs::read(folder.join("expected_results/114862.eml")).unwrap();
            assert_eq!(message(&bytes, &frames[0]), expected);
        }
    }
}

/// The converter writes the attachments back into the message; the inventory takes them from the files beside it.
#[test]
fn attachments_beside_a_partial_emlx_are_those_that_the_converter_puts_in() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let inventory = folder.path().join("inventory.db");
    let data = shared.join("corpora/partial-emlx/test/__testdata");
    scan(&[&data], &inventory);
    let attachments = |name: &str| {
        let query = format!(
            "SELECT a.part, a.file_name, a.size_bytes, a.sha256
             FROM attachment a JOIN message m USING (message_id) JOIN file f USING (file_id)
             WHERE f.path LIKE '%/{name}' ORDER BY 1"
        );
        rows(&inventory, &query)
    };
    assert_eq!(attachments("114892.partial.emlx").len(), 4);
    assert_eq!(attachments("114892.partial.emlx"), attachments("114892.eml"));
}

/// The same folder with both line ends; apart from `Content-Length`, which counts the line ends, the 45 messages are
/// equal to the byte once recovered.
#[test]
fn both_line_ends_of_mail_box_hold_the_same_messages() {
    let Some(shared) = shared() else { return };
    let messages = |name: &str| -> Vec<Vec<u8>> {
        let bytes = fs::read(shared.join("corpora/perl-Mail-Box/t/folders").join(name)).unwrap();
        let frames = frames_as_detected(name, &bytes);
        let recovered = frames.iter().map(|frame| recovered(Recovery::Mbox(Dialect::Cl), message(&bytes, frame)));
        let counts = |line: &[u8]| line.starts_with(b"Content-Length: ");
        recovered
            .map(|one| one.split_inclusive(|b| *b == b'\n').filter(|line| !counts(line)).flatten().copied().collect())
            .collect()
    };
    assert_eq!(messages("mbox.src").len(), 45);
    assert_eq!(messages("mbox.src"), messages("mbox.win"));
}

#[test]
fn kinds_are_told_by_content() {
    let Some(shared) = shared() else { return };
    let Some(rows) = manifest(&shared) else { return };
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in &rows {
        let Ok(bytes) = fs::read(shared.join("corpora").join(&row["path"])) else { continue };
        let content = content_of(&row["path"], &bytes);
        let word = format!("{content:?}").split('(').next().unwrap().to_owned();
        let is_mail = matches!(content, Content::Mbox | Content::Message | Content::Emlx);
        match row["kind"].as_str() {
            "mh" | "maildir" | "mbox" => assert!(is_mail || content == Content::Empty, "{content:?} {row:?}"),
            "archive" | "pst" | "msg" => assert!(matches!(content, Content::Unsupported(_)), "{content:?} {row:?}"),
            "mh-meta" => assert_eq!(content, Content::Support("MH"), "{row:?}"),
            _ => {}
        }
        *counts.entry((row["kind"].clone(), word)).or_default() += 1;
    }
    eprintln!("{counts:?}");
    // Plain texts, signatures and keys among the samples of other projects; each was looked at.
    assert!(counts[&("eml".to_owned(), "NotMail".to_owned())] <= 50, "{counts:?}");
}

/// Offsets of lines that start with `From ` after a blank line or at the start, as Python's mailbox module has it.
fn naive_offsets(bytes: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<u64> {
    let mut offsets = Vec::new();
    let (mut at, mut after_blank) = (0, true);
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        if line.starts_with(b"From ") && after_blank && wanted(line) {
            offsets.push(at as u64);
        }
        after_blank = line == b"\n" || line == b"\r\n";
        at += line.len();
    }
    offsets
}

/// r-devel by three counters. Python's rule splits sentences and overlooks separators without a blank line before
/// them; every difference must be of one of these two kinds.
#[test]
fn lists_differ_from_naive_counters_only_where_those_are_wrong() {
    let Some(shared) = shared() else { return };
    let mut folders = vec![shared.join("mailboxes/r-devel"), shared.join("mailboxes/rlists")];
    let (mut ours, mut python, mut timed, mut sentences, mut unblanked) = (0, 0, 0, 0, 0);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let line_at = |at: u64| bytes[at as usize..].split(|&b| b == b'\n').next().unwrap_or_default();
            let is_dated = |at: &u64| parse_from_line(line_at(*at)).is_some_and(|from| from.date.is_some());
            let name = path.to_string_lossy().into_owned();
            let found: BTreeSet<u64> = frames_as_detected(&name, &bytes).iter().map(|f| f.frame.offset_bytes).collect();
            let naive: BTreeSet<u64> = naive_offsets(&bytes, |_| true).into_iter().collect();
            timed += naive_offsets(&bytes, has_time).len();
            for at in naive.difference(&found) {
                assert!(!is_dated(at), "{name} at {at}: {:?}", String::from_utf8_lossy(line_at(*at)));
                sentences += 1;
            }
            for at in found.difference(&naive) {
                assert!(is_dated(at), "{name} at {at}: {:?}", String::from_utf8_lossy(line_at(*at)));
                unblanked += 1;
            }
            ours += found.len();
            python += naive.len();
        }
    }
    eprintln!(
        "lists: ours {ours}, after a blank line {python}, the same with a time {timed}; \
         {sentences} sentences not split, {unblanked} separators without a blank line found"
    );
    assert_eq!(ours, python - sentences + unblanked);
}

/// r-devel against its own README, which says 77,342: the lines that start with `From ` and hold a time. Ours has three
/// more, all in `2001-January.txt` (the archive holds that month three times over): the sender's name ends in a line
/// end, so that the archiver folded the `From ` line, and the time stands in its second line. Headers (From, Date,
/// Subject, Message-ID) and a text of its own follow: the framer is right, and every counter that looks at one line
/// swallows the message into the one before it. No line with a time is overlooked.
#[test]
fn r_devel_has_three_messages_more_than_its_readme_says() {
    let Some(shared) = shared() else { return };
    let Ok(entries) = fs::read_dir(shared.join("mailboxes/r-devel")) else { return };
    let (mut total, mut counted, mut more) = (0, 0, Vec::new());
    for path in entries.map(|entry| entry.unwrap().path()) {
        let bytes = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found: BTreeSet<u64> = frames_as_detected(&name, &bytes).iter().map(|f| f.frame.offset_bytes).collect();
        let timed: BTreeSet<u64> = lines_that_start_with_from(&bytes, has_time).collect();
        assert_eq!(timed.difference(&found).count(), 0, "{name}");
        more.extend(found.difference(&timed).map(|at| (name.clone(), *at)));
        (total, counted) = (total + found.len(), counted + timed.len());
    }
    more.sort();
    assert_eq!((total, counted), (77_345, 77_342));
    let place = |at| ("2001-January.txt".to_owned(), at);
    assert_eq!(more, [place(127_405), place(409_744), place(692_083)]);
}

/// Offsets of lines that start with `From ` and please `wanted`, whatever stands before them.
fn lines_that_start_with_from(bytes: &[u8], wanted: impl Fn(&[u8]) -> bool) -> impl Iterator<Item = u64> {
    let mut at = 0;
    bytes.split_inclusive(|&b| b == b'\n').filter_map(move |line| {
        let start = at;
        at += line.len() as u64;
        (line.starts_with(b"From ") && wanted(line)).then_some(start)
    })
}

fn has_time(line: &[u8]) -> bool {
    line.windows(6).any(|w| w[0] == b':' && w[3] == b':' && w[1].is_ascii_digit())
}

#[test]
fn a_mailbox_in_an_open_multipart_stays_inside() {
    let Some(shared) = shared() else { return };
    let name = "corpora/notmuch/test/corpora/insert/mbox-attachment.eml";
    let frames = frames_by(Format::Mbox(Dialect::Plain), &fs::read(shared.join(name)).unwrap());
    assert_eq!(frames.len(), 1);
    assert_eq!(frames[0].problems[0].kind, ProblemKind::MailboxInMessage);
}
