use super::{Sender, parse_from_line};

/// 2019-03-19T09:13:51Z, by `date -u -d @1552986831`.
const T: i64 = 1_552_986_831;

#[test]
fn shapes_with_a_date() {
    for (line, sender, kind, date) in [
        ("From a@b Tue Mar 19 09:13:51 2019", "a@b", Sender::Address, T),
        ("From a@b  Tue Mar 19 09:13:51 2019\r\n", "a@b", Sender::Address, T),
        ("From a@b Tue Mar 19 09:13:51 UTC 2019", "a@b", Sender::Address, T),
        ("From a@b Tue Mar 19 09:13:51 2019 GMT", "a@b", Sender::Address, T),
        ("From a@b Tue Mar 19 10:13:51 MET 2019", "a@b", Sender::Address, T),
        ("From a@b Tue Mar 19 11:13:51 2019 +0200", "a@b", Sender::Address, T),
        ("From a@b Tue Mar 19 04:13:51 -0500 2019", "a@b", Sender::Address, T),
        ("From 123@xxx Tue Mar 19 09:13:51 +0000 2019", "123@xxx", Sender::Address, T),
        ("From user at host.com  Tue Mar 19 09:13:51 2019", "user at host.com", Sender::Obscured, T),
        ("From - Tue Mar 19 09:13:51 2019", "-", Sender::Dash, T),
        ("From ???@??? Tue Mar 19 09:13:51 2019", "???@???", Sender::Unknown, T),
        ("From MAILER-DAEMON Tue Mar 19 09:13:51 2019", "MAILER-DAEMON", Sender::Word, T),
        ("From MAILER_DAEMON@host Tue, 19 Mar 2019 09:13:51 +0000 (UTC)", "MAILER_DAEMON@host", Sender::Address, T),
        ("From a@b Tue, 19 Mar 2019 05:13:51 EDT", "a@b", Sender::Address, T),
        ("From a Tue Mar 19 09:13:51 2019 remote from host", "a", Sender::Word, T),
        ("From \"a b\"@c Tue Mar 19 09:13:51 2019", "\"a b\"@c", Sender::Address, T),
        ("From <a@b> Tue Mar 19 09:13:51 2019", "<a@b>", Sender::Address, T),
        ("From @ Tue Mar 19 09:13:51 2019", "@", Sender::Address, T),
        ("From Tue Mar 19 09:13:51 2019", "", Sender::Missing, T),
        ("From  Tue Mar 19 09:13:51 2019", "", Sender::Missing, T),
        ("From a@b 2019-03-19T09:13:51Z", "a@b", Sender::Address, T),
        ("From a@b 2019-03-19 10:13:51 +0100", "a@b", Sender::Address, T),
        ("From a@b 19 Mar 2019 09:13:51", "a@b", Sender::Address, T),
        ("From a@b Tue Mar 19 09:13 2019", "a@b", Sender::Address, T - 51),
        ("From a@b Tue Mar 19 09:13 MET 2019", "a@b", Sender::Address, T - 51 - 3600),
        ("From a@b Tue Mar 19 9:13:51 19", "a@b", Sender::Address, T),
        ("From a@b Thu Jan  1 00:00:00 1970", "a@b", Sender::Address, 0),
        ("From Jane Doe Tue Mar 19 09:13:51 2019", "Jane Doe", Sender::Words, T),
    ] {
        let from = parse_from_line(line.as_bytes()).unwrap();
        assert_eq!(String::from_utf8_lossy(&from.envelope_sender), sender, "{line}");
        assert_eq!((from.sender, from.date), (kind, Some(date)), "{line}");
    }
}

#[test]
fn shapes_without_a_date() {
    for (line, kind) in [
        ("From ", Sender::Missing),
        ("From -", Sender::Dash),
        ("From - ", Sender::Dash),
        ("From ???@??? ", Sender::Unknown),
        ("From a@b", Sender::Address),
        ("From a at b", Sender::Obscured),
        ("From nobody", Sender::Word),
        ("From the very beginning", Sender::Words),
        ("From perl5-porters:", Sender::Word),
        ("From Monday on, we meet at 9:30", Sender::Missing),
        ("From May 3 to June 4", Sender::Words),
        ("From Tue Mar 19 2019 to now", Sender::Missing),
    ] {
        let from = parse_from_line(line.as_bytes()).unwrap();
        assert_eq!((from.sender, from.date), (kind, None), "{line}");
    }
}

#[test]
fn other_lines_are_none() {
    for line in ["From: a@b", ">From a@b", "from a@b", "From", "", "Frommage"] {
        assert_eq!(parse_from_line(line.as_bytes()), None, "{line}");
    }
}

#[test]
fn separators_of_one_program_are_alike() {
    let parse = |line: &str| parse_from_line(line.as_bytes()).unwrap();
    let asctime = parse("From a@b Tue Mar 19 09:13:51 2019");
    assert!(asctime.is_like(&parse("From MAILER-DAEMON Wed Mar 20 09:13:51 2019")));
    assert!(!asctime.is_like(&parse("From a@b")));
    assert!(!asctime.is_like(&parse("From - Tue Mar 19 09:13:51 2019")));
}
