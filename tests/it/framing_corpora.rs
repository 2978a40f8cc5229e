//! Real mailboxes with a known answer, where they are present.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mailcensus::framing::{Framer, Recover, Survey};
use mailcensus::model::{Dialect, Format, Frame, Piece, Recovery};
use sha2::{Digest, Sha256};

/// The folder with `corpora` and `mailboxes`, if it is present.
fn shared() -> Option<PathBuf> {
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

fn dialect_of(bytes: &[u8]) -> Dialect {
    let mut survey = Survey::new();
    bytes.chunks(1 << 20).for_each(|block| survey.push(block));
    survey.dialect()
}

fn frames_by(format: Format, bytes: &[u8]) -> Vec<Frame> {
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

#[test]
fn zz_counts() {
    let Some(shared) = shared() else { return };
    let manifest = Path::new("/work/shared/corpora/MBOX_COUNTS.tsv");
    for row in rows_of(manifest) {
        let Ok(bytes) = fs::read(shared.join("corpora").join(&row["path"])) else { continue };
        let dialect = dialect_of(&bytes);
        let frames = frames_by(Format::Mbox(dialect), &bytes);
        let n = frames.len().to_string();
        let problems: BTreeMap<_, usize> = frames.iter().flat_map(|f| &f.problems).fold(BTreeMap::new(), |mut m, p| {
            *m.entry(p.kind.as_str()).or_default() += 1;
            m
        });
        let sign = if n == row["py"] { "  " } else { "!!" };
        eprintln!("{sign} {n} py={} {dialect:?} {problems:?} {}", row["py"], row["path"]);
    }
}

#[test]
fn zz_detect() {
    let Some(shared) = shared() else { return };
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in rows_of(Path::new("/work/shared/corpora/MANIFEST.tsv")) {
        let Ok(bytes) = fs::read(shared.join("corpora").join(&row["path"])) else { continue };
        let head = &bytes[..bytes.len().min(65536)];
        let content =
            format!("{:?}", mailcensus::source::detect::detect(head, bytes.len() as u64, row["path"].as_bytes()));
        let key = content.split('(').next().unwrap().to_owned();
        let kind = row["kind"].clone();
        let odd = match kind.as_str() {
            "eml" | "maildir" | "mh" => key != "Message",
            "mbox" => key != "Mbox",
            "emlx" => key != "Emlx",
            "oracle" | "other" => key != "NotMail",
            _ => false,
        };
        if odd {
            eprintln!(
                "{kind} {content} {} {} {:?}",
                bytes.len(),
                row["path"],
                String::from_utf8_lossy(&head[..head.len().min(70)])
            );
        }
        *counts.entry((kind, key)).or_default() += 1;
    }
    eprintln!("{counts:#?}");
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

#[test]
fn zz_lists() {
    let Some(shared) = shared() else { return };
    let mut stack = vec![
        shared.join("mailboxes/r-devel"),
        shared.join("mailboxes/rlists"),
        shared.join("mailboxes/berkeley_enron"),
    ];
    let (mut ours, mut py, mut timed) = (0, 0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(dir) = stack.pop() {
        let mut entries: Vec<_> = fs::read_dir(&dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                stack.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let head = &bytes[..bytes.len().min(65536)];
            let content =
                mailcensus::source::detect::detect(head, bytes.len() as u64, path.as_os_str().as_encoded_bytes());
            *kinds.entry(format!("{:?} {content:?}", dir.file_name().unwrap())).or_default() += 1;
            if content != mailcensus::source::detect::Content::Mbox {
                if dir.ends_with("r-devel") || dir.to_string_lossy().contains("rlists") {
                    eprintln!("{content:?} {}", path.display());
                }
                continue;
            }
            let dialect = dialect_of(&bytes);
            let frames = frames_by(Format::Mbox(dialect), &bytes);
            *kinds.entry(format!("{:?} {dialect:?}", dir.file_name().unwrap())).or_default() += 1;
            for problem in frames.iter().flat_map(|f| &f.problems) {
                *kinds.entry(format!("problem {:?}", problem.kind)).or_default() += 1;
                if matches!(
                    problem.kind.as_str(),
                    "doubtful_boundary" | "mailbox_in_message" | "gap" | "truncated_message"
                ) {
                    let at = problem.offset_bytes.unwrap() as usize;
                    eprintln!(
                        "  {:?} {} {}: {:?}",
                        problem.kind,
                        path.file_name().unwrap().to_string_lossy(),
                        problem.detail,
                        String::from_utf8_lossy(&bytes[at..(at + 120).min(bytes.len())])
                    );
                }
            }
            let mine: std::collections::BTreeSet<u64> = frames.iter().map(|f| f.frame.offset_bytes).collect();
            let a: std::collections::BTreeSet<u64> = naive_offsets(&bytes, |_| true).into_iter().collect();
            let b = naive_offsets(&bytes, |line| {
                line.windows(6).any(|w| w[0] == b':' && w[3] == b':' && w[1].is_ascii_digit())
            })
            .len();
            ours += mine.len();
            py += a.len();
            timed += b;
            for at in a.symmetric_difference(&mine) {
                let s = (*at as usize).saturating_sub(60);
                eprintln!(
                    "{} {} {:?}",
                    if mine.contains(at) { "+" } else { "-" },
                    path.file_name().unwrap().to_string_lossy(),
                    String::from_utf8_lossy(&bytes[s..(*at as usize + 160).min(bytes.len())])
                );
            }
        }
    }
    eprintln!("ours {ours} py {py} timed {timed} {kinds:#?}");
}

#[test]
fn zz_eml() {
    let Some(shared) = shared() else { return };
    let bytes = fs::read(shared.join("corpora/notmuch/test/corpora/insert/mbox-attachment.eml")).unwrap();
    for f in frames_by(Format::Mbox(Dialect::Plain), &bytes) {
        eprintln!("{:?}", f);
    }
}

/// `cargo test --release --test it speed -- --ignored --nocapture`
#[test]
#[ignore = "measures"]
fn speed_of_framing() {
    let Some(shared) = shared() else { return };
    let mut rlists = Vec::new();
    let mut paths: Vec<_> =
        fs::read_dir(shared.join("mailboxes/r-devel")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.iter().for_each(|path| rlists.extend(fs::read(path).unwrap()));
    let folder = shared.join("corpora/derived-usrp-users");
    let crlf = fs::read(folder.join("s4-crlf.mboxrd")).unwrap();
    for (name, bytes, dialect) in [
        ("r-devel", rlists, Dialect::O),
        ("s1.mboxo", fs::read(folder.join("s1.mboxo")).unwrap(), Dialect::O),
        ("s3.mboxcl", fs::read(folder.join("s3.mboxcl")).unwrap(), Dialect::Cl),
        ("s4-crlf.mboxrd", crlf, Dialect::Rd),
        ("s6-thunderbird", fs::read(folder.join("s6-thunderbird")).unwrap(), Dialect::Thunderbird),
    ] {
        let best = |work: &mut dyn FnMut()| {
            let time = |_| {
                let start = std::time::Instant::now();
                work();
                start.elapsed().as_secs_f64()
            };
            bytes.len() as f64 / 1e9 / (0..5).map(time).fold(f64::MAX, f64::min)
        };
        let framing = best(&mut || {
            std::hint::black_box(frames_by(Format::Mbox(dialect), &bytes));
        });
        let survey = best(&mut || {
            std::hint::black_box(dialect_of(&bytes));
        });
        let recovery = best(&mut || {
            let mut recover = Recover::new(Recovery::Mbox(dialect));
            let mut sum = 0;
            bytes.chunks(1 << 20).for_each(|block| recover.push(block, &mut |text| sum += text.len()));
            recover.finish(&mut |text| sum += text.len());
            std::hint::black_box(sum);
        });
        eprintln!(
            "{name}: framing {framing:.2} GB/s, recovery {recovery:.2} GB/s, survey {survey:.2} GB/s of the file"
        );
    }
}
