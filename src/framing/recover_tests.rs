use super::Recover;
use crate::model::{Dialect, Recovery};

fn recovered_by(recovery: Recovery, stored: &[u8], block_bytes: usize) -> String {
    let mut all = Vec::new();
    let mut recover = Recover::new(recovery);
    for block in stored.chunks(block_bytes) {
        recover.push(block, &mut |text| all.extend_from_slice(text));
    }
    recover.finish(&mut |text| all.extend_from_slice(text));
    String::from_utf8_lossy(&all).into_owned()
}

#[track_caller]
fn check(recovery: Recovery, stored: &str, expected: &str) {
    for block_bytes in [1, 2, 3, 5, 7, 11, 4096] {
        assert_eq!(recovered_by(recovery, stored.as_bytes(), block_bytes), expected, "blocks of {block_bytes}");
    }
}

const RD: Recovery = Recovery::Mbox(Dialect::Rd);

#[test]
fn ends_in_exactly_one_line_feed() {
    for (stored, expected) in [("", "\n"), ("a", "a\n"), ("a\n", "a\n"), ("a\n\n\n", "a\n"), ("\n\na\r\r", "\n\na\n")] {
        check(Recovery::AsStored, stored, expected);
        check(RD, stored, expected);
    }
}

#[test]
fn line_ends_become_line_feeds() {
    check(Recovery::AsStored, "a\r\nb\rc\nd\r\r\ne\r", "a\nb\nc\nd\n\ne\n");
}

#[test]
fn as_stored_keeps_marks_and_store_fields() {
    let stored = "X-Mozilla-Status: 0001\nContent-Length: 3\n\n>From here\n";
    check(Recovery::AsStored, stored, stored);
}

#[test]
fn mboxrd_takes_one_mark_from_every_level() {
    check(
        RD,
        "A: b\n\n>From x\n>>>From y\n >From z\n>Fromage\n>>From\n>From \n",
        "A: b\n\nFrom x\n>>From y\n >From z\n>Fromage\n>>From\nFrom \n",
    );
    check(RD, ">From", ">From\n");
    check(RD, "A: b\r\n\r\n>From x\r>From y\r\n", "A: b\n\nFrom x\nFrom y\n");
}

#[test]
fn mboxo_takes_a_mark_only_from_the_first_level() {
    for dialect in [Dialect::O, Dialect::Cl, Dialect::Pipermail] {
        check(Recovery::Mbox(dialect), "A: b\n\n>From x\n>>From y\n", "A: b\n\nFrom x\n>>From y\n");
    }
}

#[test]
fn unquoted_dialects_keep_marks() {
    for dialect in [Dialect::Cl2, Dialect::Plain] {
        check(Recovery::Mbox(dialect), "A: b\n\n>From x\n", "A: b\n\n>From x\n");
    }
}

#[test]
fn thunderbirds_leading_fields_go_and_later_ones_stay() {
    check(
        Recovery::Mbox(Dialect::Thunderbird),
        "X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys: a\n b\nTo: c\nX-Mozilla-Status: 0\n\nd\n",
        "To: c\nX-Mozilla-Status: 0\n\nd\n",
    );
    check(Recovery::Mbox(Dialect::Thunderbird), "X-Mozilla-Status: 0001\n\nbody\n", "\nbody\n");
}

#[test]
fn takeouts_leading_fields_go_with_their_continuations() {
    let stored = "X-GM-THRID: 1\r\nX-Gmail-Labels: =?UTF-8?Q?a?=\r\n =?UTF-8?Q?b?=\r\nTo: c\r\n\r\nd\r\n";
    check(Recovery::Mbox(Dialect::Takeout), stored, "To: c\n\nd\n");
    check(RD, stored, "X-GM-THRID: 1\nX-Gmail-Labels: =?UTF-8?Q?a?=\n =?UTF-8?Q?b?=\nTo: c\n\nd\n");
}

#[test]
fn only_a_final_content_length_goes() {
    let cl = Recovery::Mbox(Dialect::Cl);
    check(cl, "To: c\nContent-Length: 2\n\nd\n", "To: c\n\nd\n");
    check(cl, "To: c\ncontent-length : 2\n 3\n\nd\n", "To: c\n\nd\n");
    check(cl, "Content-Length: 2\nTo: c\n\nd\n", "Content-Length: 2\nTo: c\n\nd\n");
    check(cl, "A: b\nContent-Length: 2\nContent-Length: 3\n\nd\n", "A: b\nContent-Length: 2\n\nd\n");
    check(cl, "To: c\n\nContent-Length: 2\n\nd\n", "To: c\n\nContent-Length: 2\n\nd\n");
    check(cl, "To: c\nContent-Length: 2", "To: c\n");
    check(RD, "To: c\nContent-Length: 2\n\nd\n", "To: c\nContent-Length: 2\n\nd\n");
}

#[test]
fn an_endless_content_length_is_the_messages_own() {
    let stored = format!("To: c\nContent-Length: {}\n\nd\n", "1".repeat(5000));
    check(Recovery::Mbox(Dialect::Cl2), &stored, &stored);
}

#[test]
fn very_long_runs_of_marks_are_kept() {
    let marks = ">".repeat(10_000);
    check(RD, &format!("\n{marks}From x\n{marks}\n"), &format!("\n{}From x\n{marks}\n", &marks[1..]));
}
