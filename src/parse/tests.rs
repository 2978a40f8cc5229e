//! Whole messages with hand-worked expectations, and what must hold for all bytes.

use super::*;
use crate::model::message::{Facts, Opaque, TextSource};
use crate::model::{ProblemKind, Recovery};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

fn parse(message: impl AsRef<[u8]>) -> Parsed {
    parse_split(message.as_ref(), usize::MAX)
}

fn parse_split(message: &[u8], block: usize) -> Parsed {
    let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
    message.chunks(block.max(1)).for_each(|block| reader.push(block));
    reader.finish()
}

fn kinds(parsed: &Parsed) -> Vec<ProblemKind> {
    parsed.problems.iter().map(|problem| problem.kind).collect()
}

fn parts(facts: &Facts) -> Vec<(&str, &str, u64)> {
    facts.attachments.iter().map(|a| (a.part.as_str(), a.media_type.as_str(), a.size_bytes)).collect()
}

fn sha256(bytes: &[u8]) -> String {
    crate::model::Digest(Sha256::digest(bytes).into()).to_hex()
}

const HEAD: &str = "From: Anna <anna@x.org>\nTo: bo@y.org\nSubject: Offer\nDate: Mon, 14 May 2001 16:39:00 -0700\nMessage-ID: <1@x.org>\n";

fn multipart(boundary: &str, parts: &[&str]) -> String {
    let mut text = format!("{HEAD}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\n\n");
    for part in parts {
        text.push_str(&format!("--{boundary}\n{part}\n"));
    }
    text + &format!("--{boundary}--\n")
}

#[test]
fn a_plain_message() {
    let parsed = parse(format!("{HEAD}\nHello Bo,\n\nhere it is.\n"));
    let facts = &parsed.facts;
    assert_eq!(facts.body_text, "Hello Bo,\n\nhere it is.\n");
    assert_eq!(facts.text_source, TextSource::Plain);
    assert_eq!(facts.sent_at, Some(989_883_540));
    assert_eq!(facts.sent_offset_minutes, Some(-420));
    assert_eq!(facts.subject.as_deref(), Some("Offer"));
    assert_eq!(facts.header("subject"), Some("Offer"));
    assert_eq!(facts.rfc_message_id.as_deref(), Some("1@x.org"));
    assert_eq!((facts.attachments.len(), parsed.problems.len(), facts.identity.leaves), (0, 0, 1));
}

#[test]
fn attachments_have_sections_sizes_and_digests() {
    let parsed = parse(multipart(
        "b",
        &[
            "Content-Type: text/plain\n\nHello\n",
            "Content-Type: application/pdf; name=\"a.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n",
            "Content-Type: text/plain\nContent-Disposition: attachment; filename=n.txt\n\nnote",
        ],
    ));
    assert_eq!(parts(&parsed.facts), vec![("2", "application/pdf", 8), ("3", "text/plain", 4)]);
    assert_eq!(parsed.facts.attachments[0].sha256.to_hex(), sha256(b"%PDF-1.4"));
    assert_eq!(parsed.facts.attachments[0].detected_type.as_deref(), Some("application/pdf"));
    assert_eq!(parsed.facts.attachments[1].sha256.to_hex(), sha256(b"note"), "the LF belongs to the boundary");
    assert_eq!(parsed.facts.body_text, "Hello\n");
    assert_eq!(kinds(&parsed), vec![]);
}

#[test]
fn a_forwarded_message_is_a_row_and_its_leaves_follow() {
    let inner = "From: c@d\nSubject: inner\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nold text\n--i\n\
                 Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--i--";
    let parsed = parse(multipart("b", &["\nNew text", &format!("Content-Type: message/rfc822\n\n{inner}")]));
    assert_eq!(
        parts(&parsed.facts),
        vec![("2", "message/rfc822", inner.len() as u64), ("2.1", "text/plain", 8), ("2.2", "image/png", 8)]
    );
    assert_eq!(parsed.facts.attachments[0].sha256.to_hex(), sha256(inner.as_bytes()));
    assert_eq!(parsed.facts.body_text, "New text");
    let only = parse(multipart("b", &[&format!("Content-Type: message/rfc822\n\n{inner}")]));
    assert_eq!(only.facts.body_text, "old text", "there is no other text");
    assert_eq!(parts(&only.facts).len(), 2);
}

#[test]
fn an_encoded_message_is_read_as_in_place() {
    let encoded = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKaGkK\n";
    let parsed = parse(multipart("b", &["\nNew", encoded]));
    assert_eq!(parts(&parsed.facts), vec![("2", "message/rfc822", 15), ("2.1", "text/plain", 3)]);
    assert_eq!(parsed.facts.attachments[0].sha256.to_hex(), sha256(b"Subject: x\n\nhi\n"));
    let lies = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nSubject: x\n\nhi\n";
    let parsed = parse(multipart("b", &["\nNew", lies]));
    assert_eq!(parts(&parsed.facts), vec![("2", "message/rfc822", 15), ("2.1", "text/plain", 3)]);
}

#[test]
fn alternatives_are_forms_of_the_body() {
    let parsed = parse(format!(
        "{HEAD}Content-Type: multipart/alternative; boundary=a\n\n--a\n\nplain\n--a\nContent-Type: text/html\n\n<b>html</b>\n--a\n\
         Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n--a--\n"
    ));
    assert_eq!(parsed.facts.body_text, "plain");
    assert_eq!(parts(&parsed.facts), vec![("3", "text/calendar", 15)]);
    let blank = parse(format!(
        "{HEAD}Content-Type: multipart/alternative; boundary=a\n\n--a\n\n \n--a\nContent-Type: text/html\n\n<b>h</b>\n--a--\n"
    ));
    assert_eq!((blank.facts.body_text.as_str(), blank.facts.text_source), ("h\n", TextSource::Html));
    assert_eq!(parts(&blank.facts), vec![]);
}

#[test]
fn broken_structure_loses_nothing() {
    let open = parse(format!("{HEAD}Content-Type: multipart/mixed; boundary=a\n\n--a\n\ntext\n"));
    assert_eq!((open.facts.body_text.as_str(), kinds(&open)), ("text\n", vec![ProblemKind::UnclosedMultipart]));
    let never = parse(format!("{HEAD}Content-Type: multipart/mixed; boundary=a\n\ntext\n"));
    assert_eq!((never.facts.body_text.as_str(), kinds(&never)), ("text\n", vec![ProblemKind::UnclosedMultipart]));
    assert_eq!(never.account.residue, 0);
    let none = parse(format!("{HEAD}Content-Type: multipart/mixed\n\ntext\n"));
    assert_eq!((none.facts.body_text.as_str(), kinds(&none)), ("text\n", vec![ProblemKind::NoBoundary]));
    let outer = parse(multipart("o", &["Content-Type: multipart/mixed; boundary=i\n\n--i\n\nin", "\nout"]));
    assert_eq!(outer.facts.body_text, "in\nout");
    assert_eq!(kinds(&outer), vec![ProblemKind::UnclosedMultipart]);
    let digest = parse(format!(
        "{HEAD}Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: a\n\none\n--d\n\nSubject: b\n\ntwo\n--d--\n"
    ));
    assert_eq!(parts(&digest.facts).iter().map(|p| p.0).collect::<Vec<_>>(), vec!["1", "2"]);
    assert_eq!(digest.facts.body_text, "one\ntwo");
}

#[test]
fn lines_that_are_no_headers() {
    let junk = parse(format!("Subject: x\nno field here\n{HEAD}\ntext\n"));
    assert_eq!((junk.facts.body_text.as_str(), kinds(&junk)), ("text\n", vec![ProblemKind::HeaderJunk]));
    assert!(junk.facts.identity.residue_sha256.is_some());
    let missing = parse(format!("{HEAD}Hello Bo,\n\ntext\n"));
    assert_eq!(missing.facts.body_text, "Hello Bo,\n\ntext\n", "the blank line was forgotten");
    let banner = parse(format!("Microsoft Mail Internet Headers Version 2.0\n{HEAD}\ntext\n"));
    assert_eq!((banner.facts.body_text.as_str(), kinds(&banner)), ("text\n", vec![ProblemKind::LeadingBanner]));
    let text = parse("just text\nand more\n");
    assert_eq!(text.facts.body_text, "just text\nand more\n");
    assert_eq!(kinds(&text)[0], ProblemKind::NoHeaders);
    assert!(kinds(&parse("\n\n")).contains(&ProblemKind::EmptyMessage));
    assert!(kinds(&parse("")).contains(&ProblemKind::EmptyMessage));
    let from = parse("From anna Mon May 14 23:39:00 2001\nSubject: x\n\n");
    assert_eq!(from.facts.sent_at, Some(989_883_540));
}

#[test]
fn opaque_content_is_said_to_be() {
    let parsed = parse(multipart(
        "b",
        &[
            "\nhi\nbegin 644 a.txt\n#0V%T\n`\nend\n",
            "Content-Type: application/octet-stream; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+IgE=",
            "Content-Type: message/partial; id=x; number=1\n\npiece",
            "Content-Type: image/png\nX-Mozilla-External-Attachment-URL: file:///a.png\n\ngone",
        ],
    ));
    assert_eq!(parsed.facts.opaque, vec![Opaque::Tnef]);
    assert!(parsed.facts.attachments.iter().any(|one| (one.part.as_str(), one.size_bytes) == ("1.uu.1", 3)));
    let expected = [ProblemKind::MessagePartial, ProblemKind::AttachmentDetached, ProblemKind::OpaqueTnef];
    assert_eq!(kinds(&parsed), expected);
}

fn nested_messages(levels: usize) -> Vec<u8> {
    "Content-Type: message/rfc822\n\n".repeat(levels).into_bytes()
}

#[test]
fn a_begin_without_a_name_is_text() {
    for text in ["begin ", "begin ", "begin 644", "begin 644 ", "begin 644 x", "begin \n\n", "begin  \nend\n"] {
        let parsed = parse(format!("{HEAD}\n{text}"));
        assert!(parsed.facts.opaque.is_empty(), "{text:?}");
        parse(text);
    }
}

#[test]
fn hostile_sizes_take_linear_time() {
    let deep = parse(nested_messages(100_000));
    assert_eq!(deep.facts.attachments.len(), 101);
    assert!(kinds(&deep).contains(&ProblemKind::TooDeep));
    let mut boundaries = String::new();
    for level in 0..100_000 {
        boundaries.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    }
    assert!(kinds(&parse(boundaries)).contains(&ProblemKind::TooDeep));
    let open = format!("{HEAD}Content-Type: multipart/mixed; boundary=a\n\n{}", "--a\n".repeat(250_000));
    let many = parse(&open);
    assert!(kinds(&many).contains(&ProblemKind::TooManyParts));
    assert!(many.facts.attachments.len() <= 10_000);
    let lines = format!("{HEAD}Content-Type: multipart/mixed; boundary=a\n\n--a\n\n{}", "--aa\n".repeat(1_000_000));
    assert_eq!(parse(&lines).account.leaf, 5_000_000);
    let headers = parse("X: y\n".repeat(200_000) + "\nbody\n");
    assert_eq!((headers.facts.headers.len(), headers.facts.body_text.as_str()), (2000, "body\n"));
    let long = parse(format!("Subject: {}\nFrom: a@b\n\nbody\n", "x".repeat(3_000_000)));
    assert_eq!(long.facts.body_text, "body\n");
    assert!(kinds(&long).contains(&ProblemKind::HeadersTooLong));
    let no_line = parse("x".repeat(3_000_000));
    assert_eq!(no_line.account.leaf, 3_000_001);
}

#[test]
fn headers_only_looks_at_no_body() {
    let head = format!("{HEAD}Content-Type: multipart/mixed; boundary=a\n\n--a\n\ntext\n");
    let parsed = headers_only(Recovery::AsStored, b"", head.as_bytes(), &Limits::default());
    assert_eq!(parsed.facts.subject.as_deref(), Some("Offer"));
    assert_eq!(parsed.facts.body_text, "");
    assert_eq!((parsed.facts.attachments.len(), kinds(&parsed)), (0, vec![]));
}

#[test]
fn what_apple_mail_left_elsewhere() {
    let gone = "Content-Type: image/png; name=a.png\nX-Apple-Content-Length: 9\n\n";
    assert_eq!(kinds(&parse(multipart("b", &["\nhi", gone]))), vec![ProblemKind::AttachmentDetached]);
    let here = "Content-Type: image/png; name=a.png\nX-Apple-Content-Length: 9\n\nabc";
    assert_eq!(kinds(&parse(multipart("b", &["\nhi", here]))), vec![]);
}

fn base64(bytes: &[u8]) -> String {
    let word = String::from_utf8(word::recode(format!("=?utf-8?Q?{}?=", quoted(bytes, true)).as_bytes())).unwrap();
    word.trim_start_matches("=?utf-8?B?").trim_end_matches("?=").to_owned()
}

fn quoted(bytes: &[u8], all: bool) -> String {
    bytes
        .iter()
        .map(|b| match b {
            b'\n' if !all => "\n".into(),
            b if all || !b.is_ascii_alphanumeric() => format!("={b:02X}"),
            b => (*b as char).to_string(),
        })
        .collect()
}

/// The same message as several transports would carry it.
fn dressed(subject: &str, text: &str, boundary: &str, encoding: &str, dress: u8) -> String {
    let fold = if dress & 1 == 1 { "\n\t" } else { " " };
    let mut fields = vec![
        format!("From:{fold}Anna <anna@{}>", if dress & 2 == 2 { "X.org" } else { "x.org" }),
        format!("{}:{fold}{subject}", if dress & 4 == 4 { "SUBJECT" } else { "Subject" }),
        "Date: Mon, 14 May 2001 16:39:00 -0700".to_owned(),
        format!("Content-Type: multipart/mixed;{fold}boundary=\"{boundary}\""),
    ];
    if dress & 8 == 8 {
        fields.reverse();
        fields.insert(0, "Received: by relay; Mon, 14 May 2001 16:40:00 -0700".to_owned());
    }
    let body = match encoding {
        "base64" => base64(text.as_bytes()),
        "quoted-printable" => quoted(text.as_bytes(), false),
        _ => text.to_owned(),
    };
    format!(
        "{}\n\n--{boundary}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}\n--{boundary}--\n",
        fields.join("\n")
    )
}

fn mail_like() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just("Content-Type: multipart/mixed; boundary=a".to_owned()),
        Just("Content-Type: multipart/alternative; boundary=\"b\"".to_owned()),
        Just("Content-Type: message/rfc822".to_owned()),
        Just("Content-Type: text/html; charset=iso-8859-1".to_owned()),
        Just("Content-Transfer-Encoding: base64".to_owned()),
        Just("Content-Transfer-Encoding: quoted-printable".to_owned()),
        Just("--a".to_owned()),
        Just("--b".to_owned()),
        Just("--a--".to_owned()),
        Just("--b--".to_owned()),
        Just(String::new()),
        Just("-".to_owned()),
        Just("--".to_owned()),
        Just("U3ViamVjdDogeAoKaGkK".to_owned()),
        Just("=?utf-8?Q?=C3?=\r".to_owned()),
        Just("Date: 1 Jan 01".to_owned()),
        "[ -~\\x00]{0,12}",
    ];
    prop_oneof![
        proptest::collection::vec(line, 0..40).prop_map(|lines| lines.join("\n").into_bytes()),
        proptest::collection::vec(any::<u8>(), 0..400),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_and_splits_do_not_matter(bytes in mail_like(), block in 1usize..20) {
        let whole = parse(&bytes);
        prop_assert_eq!(whole.stored_length_bytes, bytes.len() as u64);
        prop_assert_eq!(&parse_split(&bytes, block), &whole);
        let mut recovered = Vec::new();
        let mut recover = crate::framing::recover::Recover::new(Recovery::AsStored);
        recover.push(&bytes, &mut |piece| recovered.extend_from_slice(piece));
        recover.finish(&mut |piece| recovered.extend_from_slice(piece));
        prop_assert_eq!(whole.stored_sha256.to_hex(), sha256(&bytes));
        prop_assert_eq!(whole.message_sha256.to_hex(), sha256(&recovered));
        prop_assert_eq!(whole.account.total(), recovered.len() as u64);
    }

    #[test]
    fn identity_does_not_depend_on_dress(
        subject in "[a-z]{1,6}( [a-z]{1,6}){0,3}", text in "[a-zäß=.\\-]{1,20}( ?\n[a-z€ ]{0,10}[a-z]){0,4}",
        boundary in "[a-z0-9]{3,20}X", dress in 0u8..16, crlf: bool
    ) {
        let plain = parse(dressed(&subject, &text, "bXoundary", "8bit", 0)).facts.identity;
        for encoding in ["8bit", "base64", "quoted-printable"] {
            let mut other = dressed(&subject, &text, &boundary, encoding, dress);
            if crlf {
                other = other.replace('\n', "\r\n");
            }
            prop_assert_eq!(&parse(other).facts.identity, &plain);
        }
    }
}
