//! Small files with pieces worked out by hand. `F` stands for a `From ` line of 34 bytes.

use super::{Framer, Survey};
use crate::model::{Dialect, Format, Piece, ProblemKind, SegmentKind};

const FROM: &str = "From a@b Tue Mar 19 09:13:51 2019\n";

fn expand(text: &str) -> String {
    text.replace("F|", FROM)
}

fn pieces(format: Format, bytes: &[u8]) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut framer = Framer::new(format);
    framer.push(bytes, &mut out);
    framer.finish(&mut out);
    out
}

/// What each piece holds: a message as its text, anything else as its kind.
fn read(format: Format, bytes: &[u8]) -> Vec<String> {
    let text = |start: u64, end: u64| String::from_utf8_lossy(&bytes[start as usize..end as usize]).into_owned();
    pieces(format, bytes)
        .iter()
        .map(|piece| match piece {
            Piece::Frame(frame) => text(frame.message.offset_bytes, frame.message.end()),
            Piece::Outside(kind, span, _) => format!("{} {}", kind.as_str(), span.length_bytes),
        })
        .collect()
}

#[track_caller]
fn check(dialect: Dialect, text: &str, expected: &[&str]) {
    assert_eq!(read(Format::Mbox(dialect), expand(text).as_bytes()), expected);
}

#[track_caller]
fn check_problems(dialect: Dialect, text: &str, expected: &[ProblemKind]) {
    let of = |piece: Piece| match piece {
        Piece::Frame(frame) => frame.problems,
        Piece::Outside(_, _, problems) => problems,
    };
    let pieces = pieces(Format::Mbox(dialect), expand(text).as_bytes());
    let kinds: Vec<ProblemKind> = pieces.into_iter().flat_map(of).map(|problem| problem.kind).collect();
    assert_eq!(kinds, expected);
}

#[test]
fn the_blank_line_of_the_format_is_no_part_of_the_message() {
    check(Dialect::Rd, "F|To: a\n\nx\n\nF|To: b\n\ny\n\n\n", &["To: a\n\nx\n", "To: b\n\ny\n\n"]);
    check(Dialect::Rd, "F|To: a\n\nx\nF|To: b\n\ny", &["To: a\n\nx\n", "To: b\n\ny"]);
}

#[test]
fn every_line_end_will_do() {
    let lf = expand("F|To: a\n\nx\n\nF|To: b\n\ny\n\n");
    for (line_end, expected) in
        [("\r\n", ["To: a\r\n\r\nx\r\n", "To: b\r\n\r\ny\r\n"]), ("\r", ["To: a\r\rx\r", "To: b\r\ry\r"])]
    {
        assert_eq!(read(Format::Mbox(Dialect::Rd), lf.replace('\n', line_end).as_bytes()), expected);
    }
}

#[test]
fn sentences_do_not_split() {
    check(
        Dialect::Plain,
        "F|To: a\n\nx\n\nFrom here on,\nall is well\n",
        &["To: a\n\nx\n\nFrom here on,\nall is well\n"],
    );
    check(Dialect::Plain, "F|To: a\n\n\nFrom the office:\n\nhi\n", &["To: a\n\n\nFrom the office:\n\nhi\n"]);
    check(
        Dialect::Plain,
        "F|To: a\n\nFrom Jane Doe\nSubject: x\nTo: y\n",
        &["To: a\n\nFrom Jane Doe\nSubject: x\nTo: y\n"],
    );
}

#[test]
fn separators_without_a_date_or_a_blank_line_split() {
    check(Dialect::Plain, "F|To: a\n\nx\nF|To: b\n\ny\n", &["To: a\n\nx\n", "To: b\n\ny\n"]);
    check(
        Dialect::Plain,
        "From ???@??? \nTo: a\nSubject: x\n\nx\n\nFrom ???@??? \nTo: b\nSubject: y\n\ny\n",
        &["To: a\nSubject: x\n\nx\n", "To: b\nSubject: y\n\ny\n"],
    );
    check(
        Dialect::Plain,
        "From \nTo: a\nCc: x\n\nx\n\nFrom \nTo: b\nCc: y\n\n",
        &["To: a\nCc: x\n\nx\n", "To: b\nCc: y\n"],
    );
}

#[test]
fn what_stands_before_the_first_separator_is_kept() {
    check(Dialect::Rd, "\n\nF|To: a\n\nx\n", &["padding 2", "To: a\n\nx\n"]);
    check(Dialect::Rd, "\u{feff}F|To: a\n\nx\n", &["padding 3", "To: a\n\nx\n"]);
    check(Dialect::Rd, "rest of a line\nF|To: a\n\nx\n", &["gap 15", "To: a\n\nx\n"]);
    check(
        Dialect::Rd,
        "To: a\nFrom: b\nDate: c\n\nx\n\nF|To: d\n\nx\n",
        &["To: a\nFrom: b\nDate: c\n\nx\n", "To: d\n\nx\n"],
    );
    check(Dialect::Rd, "nothing here\n", &["gap 13"]);
    check_problems(Dialect::Rd, "junk\nF|To: a\n\nx\n", &[ProblemKind::Gap]);
}

#[test]
fn runs_of_nul_are_padding() {
    let nuls = "\0".repeat(100);
    check(
        Dialect::Rd,
        &format!("F|To: a\n\nx\n\n{nuls}\nF|To: b\n\ny\n{nuls}"),
        &["To: a\n\nx\n", "padding 101", "To: b\n\ny\n", "padding 100"],
    );
    check(
        Dialect::Rd,
        &format!("F|To: a\n\nx\n\n{nuls}F|To: b\n\ny\n"),
        &["To: a\n\nx\n", "padding 100", "To: b\n\ny\n"],
    );
    check(Dialect::Rd, "F|To: a\n\nx\0y\0\nz\n", &["To: a\n\nx\0y\0\nz\n"]);
}

#[test]
fn a_length_is_believed_where_it_leads_to_the_next_separator() {
    let inner = expand("F|To: inner\nSubject: s\n\nz\n");
    let first = format!("To: a\nContent-Length: {}\n\n{inner}", inner.len());
    check(Dialect::Cl2, &format!("F|{first}\nF|To: b\n\ny\n"), &[&first, "To: b\n\ny\n"]);
    check_problems(Dialect::Cl2, &format!("F|{first}\nF|To: b\n\ny\n"), &[ProblemKind::MailboxInMessage]);
    // At the end of the file as well.
    check(Dialect::Cl2, &format!("F|{first}"), &[&first]);
    // A lie changes nothing.
    for lie in [inner.len() - 3, inner.len() + 9, 999_999_999] {
        let first = format!("To: a\nContent-Length: {lie}\n\n");
        let expected = [first.as_str(), "To: inner\nSubject: s\n\nz\n", "To: b\n\ny\n"];
        assert_eq!(
            read(Format::Mbox(Dialect::Cl2), expand(&format!("F|{first}\n{inner}\nF|To: b\n\ny\n")).as_bytes()),
            expected,
        );
    }
}

#[test]
fn a_length_keeps_blank_lines_in_the_message() {
    check(
        Dialect::Cl,
        "F|To: a\nContent-Length: 4\n\nx\n\n\n\nF|To: b\n\ny\n",
        &["To: a\nContent-Length: 4\n\nx\n\n\n", "To: b\n\ny\n"],
    );
}

#[test]
fn an_open_multipart_keeps_a_mailbox_inside() {
    let head = "To: a\nContent-Type: multipart/mixed; boundary=\"bound\"\n\n--bound\n\n";
    let closed = format!("{head}F|To: in\nSubject: s\n\nF|To: in2\nSubject: t\n\n--bound--\n");
    check(Dialect::Plain, &format!("F|{closed}\nF|To: b\n\ny\n"), &[&expand(&closed), "To: b\n\ny\n"]);
    check_problems(Dialect::Plain, &format!("F|{closed}"), &[ProblemKind::MailboxInMessage]);
    // Without a delimiter after it, the message was cut off and the next ones are messages.
    check(Dialect::Plain, &format!("F|{head}\nF|To: b\nSubject: t\n\ny\n"), &[head, "To: b\nSubject: t\n\ny\n"]);
    // A second copy of the same message has its own claim to the boundary.
    let copy = format!("{head}--bound--\n");
    check(Dialect::Plain, &format!("F|{head}F|{copy}"), &[&head[..head.len() - 1], &copy]);
    // A bounce names the boundary once more before its delimiters.
    let bounce = format!("To: b\nSubject: t\n\n{copy}");
    check(Dialect::Plain, &format!("F|{head}F|{bounce}"), &[&head[..head.len() - 1], &bounce]);
}

#[test]
fn an_included_message_stays_inside() {
    for lead in ["----- Begin Included Message -----\n\n", "----- Forwarded message from Ada <ada@x.example> -----\n\n"]
    {
        let message = expand(&format!("To: a\nSubject: s\n\nsee\n\n{lead}F|To: in\nSubject: t\n\nz\n"));
        check(Dialect::Plain, &format!("F|{message}\nF|To: b\n\ny\n"), &[&message, "To: b\n\ny\n"]);
        check_problems(Dialect::Plain, &format!("F|{message}"), &[ProblemKind::MailboxInMessage]);
    }
    let part = "--open\nContent-Type: message/rfc822;\n name=x\nContent-Description: y\n\n";
    let message = expand(&format!("To: a\nSubject: s\n\n{part}F|To: in\nSubject: t\n\nz\n"));
    check(Dialect::Plain, &format!("F|{message}\nF|To: b\n\ny\n"), &[&message, "To: b\n\ny\n"]);
    let ended = "To: a\n\nx\n\n----- End Included Message -----\n";
    check(Dialect::Plain, &format!("F|{ended}\nF|To: b\n\ny\n"), &[ended, "To: b\n\ny\n"]);
}

/// Outlook and Apple Mail write these lines before a quoted `From:`, never before an envelope line: at the end of a
/// message they are all that is left of a quotation, and what follows is the next message.
#[test]
fn a_mark_of_quotation_at_the_end_swallows_nothing() {
    for last in ["-----Original Message-----", "Begin forwarded message:", "---------- Forwarded message ----------"] {
        let message = format!("To: a\nSubject: s\n\nsee\n\n{last}\n");
        check(Dialect::Plain, &format!("F|{message}\nF|To: b\n\ny\n"), &[&message, "To: b\n\ny\n"]);
        check_problems(Dialect::Plain, &format!("F|{message}\nF|To: b\n\ny\n"), &[]);
    }
}

#[test]
fn mozillas_deleted_bit_counts_only_before_the_messages_own_fields() {
    let deleted = |text: &str| match &pieces(Format::Mbox(Dialect::Thunderbird), text.as_bytes())[0] {
        Piece::Frame(frame) => frame.deleted,
        other => panic!("{other:?}"),
    };
    assert!(deleted("From - Tue Mar 19 09:13:51 2019\nX-Mozilla-Status: 0009\nX-Mozilla-Status2: 00000000\nTo: a\n\n"));
    assert!(!deleted("From - Tue Mar 19 09:13:51 2019\nX-Mozilla-Status: 0001\nTo: a\n\n"));
    assert!(!deleted("From - Tue Mar 19 09:13:51 2019\nTo: a\nX-Mozilla-Status: 0009\n\n"));
}

#[test]
fn ends_of_files_are_told() {
    check_problems(Dialect::Rd, "F|To: a\n\nx", &[ProblemKind::NoFinalNewline]);
    check_problems(Dialect::Rd, "F|To: a\nSubj", &[ProblemKind::TruncatedMessage, ProblemKind::NoFinalNewline]);
    check_problems(
        Dialect::Cl,
        "F|To: a\nContent-Length: 99\n\nx\n",
        &[ProblemKind::ContentLengthLies, ProblemKind::TruncatedMessage],
    );
    check_problems(Dialect::Rd, "F|F|To: a\n\nx\n", &[ProblemKind::EmptyMessage]);
}

#[test]
fn long_lines_do_not_stop_the_framer() {
    let long = "x".repeat(200_000);
    check(
        Dialect::Rd,
        &format!("F|To: {long}\n\n{long}\n\nF|To: b\n\nFrom {long}\n"),
        &[&format!("To: {long}\n\n{long}\n"), &format!("To: b\n\nFrom {long}\n")],
    );
}

#[test]
fn single_messages_may_stand_after_a_banner() {
    let message = "To: a\nFrom: b\nDate: c\n\nx\n";
    for lead in ["", "\u{feff}", "Microsoft Mail Internet Headers Version 2.0\n", FROM, "\n"] {
        assert_eq!(read(Format::Single, format!("{lead}{message}").as_bytes()), [message], "{lead:?}");
    }
    assert_eq!(read(Format::Single, b"no headers at all\n"), ["no headers at all\n"]);
    assert_eq!(read(Format::Single, b"\0\0\n"), ["padding 3"]);
}

#[test]
fn emlx_lies_are_noticed() {
    let plist = "<?xml version=\"1.0\"?>\n<plist></plist>\n";
    for (length, problems) in [("8", 0), ("3", 1), ("99999", 1)] {
        let text = format!("{length}   \nTo: a\n\n\n{plist}");
        let Piece::Frame(frame) = &pieces(Format::Emlx, text.as_bytes())[0] else { panic!() };
        assert_eq!((frame.message.length_bytes, frame.problems.len()), (8, problems), "{length}");
        assert_eq!(frame.frame.length_bytes, text.len() as u64);
    }
}

#[test]
fn the_dialect_is_told_by_what_the_store_wrote() {
    let dialect = |text: &str| {
        let mut survey = Survey::new();
        survey.push(expand(text).as_bytes());
        survey.dialect()
    };
    assert_eq!(dialect("F|To: a\n\nx\n"), Dialect::Plain);
    assert_eq!(dialect("F|To: a\n\n>From x\n"), Dialect::O);
    assert_eq!(dialect("F|To: a\n\n>From x\n\n>a\n>>From y\n"), Dialect::Rd);
    assert_eq!(dialect("F|To: a\n\n>From x\n\n>>a\n>>From y\n"), Dialect::O);
    assert_eq!(dialect("F|To: a\n\nFrom x\n"), Dialect::Plain);
    assert_eq!(dialect("F|To: a\nContent-Length: 2\n\nx\n\n"), Dialect::Cl);
    assert_eq!(dialect("F|To: a\nContent-Length: 7\n\nFrom x\n\n"), Dialect::Cl2);
    assert_eq!(dialect("F|To: a\nContent-Length: 5\n\nx\n\n"), Dialect::Plain);
    assert_eq!(dialect("From - Tue Mar 19 09:13:51 2019\nX-Mozilla-Status: 0001\nTo: a\n\nx\n"), Dialect::Thunderbird);
    assert_eq!(dialect("From 12@xxx Tue Mar 19 09:13:51 +0000 2019\nX-GM-THRID: 1\nTo: a\n\nx\n"), Dialect::Takeout);
    assert_eq!(dialect("From a at b  Tue Mar 19 09:13:51 2019\nTo: a\n\nx\n"), Dialect::Pipermail);
}

#[test]
fn a_name_decides_where_the_content_does_not() {
    let dialect = |name: &str, text: &str| {
        let mut survey = Survey::new().named(name.as_bytes());
        survey.push(expand(text).as_bytes());
        survey.dialect()
    };
    assert_eq!(dialect("x.mboxrd", "F|To: a\n\n>From x\n"), Dialect::Rd);
    assert_eq!(dialect("x.MBOXO", "F|To: a\n\n>>From x\n"), Dialect::O);
    assert_eq!(dialect("x.mboxrd", "F|To: a\n\n>>a\n>>From x\n"), Dialect::O);
    assert_eq!(dialect("x.mboxcl2", "F|To: a\nContent-Length: 2\n\nx\n\n"), Dialect::Cl2);
    assert_eq!(dialect("x.mboxrd", "F|To: a\n\nFrom x\n"), Dialect::Plain);
}

#[test]
fn kinds_outside_frames_are_told_apart() {
    let all = pieces(Format::Mbox(Dialect::Rd), expand("junk\nF|To: a\n\nx\n").as_bytes());
    assert!(
        matches!(&all[0], Piece::Outside(SegmentKind::Gap, span, problems) if span.length_bytes == 5 && problems.len() == 1)
    );
}
