//! Measurements of the framer, run by hand: rates on real mailboxes, and on files made to take long.

use std::fs;

use mailcensus::framing::Recover;
use mailcensus::model::{Dialect, Format, Recovery};

use crate::framing_corpora::{dialect_of, frames_by, shared};

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

/// Files made to take long: bytes a second must not fall with their size.
/// `cargo test --release --test it hostile -- --ignored --nocapture`
#[test]
#[ignore = "measures"]
fn speed_on_hostile_files() {
    let from = "From a@b Tue Mar 19 09:13:51 2019\nSubject: x\nTo: a@b\n";
    let open = |n: usize| format!("{from}Content-Type: multipart/mixed; boundary=\"b{n:06}\"\n\n--b{n:06}\n\ntext\n\n");
    let many = |part: &str, bytes: usize| part.repeat(bytes / part.len());
    let size = 8 << 20;
    for (name, text) in [
        ("open multiparts", (0..size / 130).map(open).collect::<String>()),
        ("delimiters of an open multipart", format!("{}{}", open(1), many("--b000001\n", size))),
        ("lying lengths", many(&format!("{from}Content-Length: 1000000\n\nx\n\n"), size)),
        ("nul and From", format!("{from}\n{}", many("\0From ", size))),
        ("From lines", format!("{from}\n{}", many("\nFrom a@b Tue Mar 19 09:13:51 2019\nx\n", size))),
        ("From words", format!("{from}\n{}", many("\nFrom \n", size))),
        ("empty messages", many("From a@b Tue Mar 19 09:13:51 2019\n", size)),
        ("nul", many("\0", size)),
        ("blank lines", format!("{from}\n{}", many("\n", size))),
        ("bare CR", format!("{from}\n{}", many("\r", size))),
        ("headers", format!("{from}{}", many("A: b\n", size))),
        ("one header", format!("{from}{}", many("x", size))),
        ("continuations", format!("{from}Content-Type: multipart/mixed;\n{}", many(" x\n", size))),
    ] {
        let rate = |bytes: &[u8]| {
            let start = std::time::Instant::now();
            let frames = frames_by(Format::Mbox(Dialect::Cl), bytes).len();
            (bytes.len() as f64 / 1e6 / start.elapsed().as_secs_f64(), frames)
        };
        let half = rate(&text.as_bytes()[..text.len() / 2]);
        let whole = rate(text.as_bytes());
        eprintln!("{name}: {:.0} MB/s for a half, {:.0} MB/s for the whole, {} frames", half.0, whole.0, whole.1);
    }
}
