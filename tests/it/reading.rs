//! How a message was packed for its way does not change how it is read.

use mailcensus::classify::Classifier;
use mailcensus::model::Recovery;
use mailcensus::model::message::Location;
use mailcensus::model::reading::Reading;
use mailcensus::parse::zones::zones;
use mailcensus::parse::{Limits, MessageReader};
use mailcensus::signal;
use proptest::prelude::*;

fn read(classifier: &Classifier, raw: &[u8]) -> Reading {
    let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
    reader.push(raw);
    let facts = reader.finish().facts;
    let location = Location { mailbox: "ada".to_owned(), folders: vec!["INBOX".to_owned()], ..Location::default() };
    let signals = signal::read(&facts, &location, &zones(&facts.body_text));
    let mut reading = classifier.read(&facts, &location, &signals);
    reading.evidence.sort_by(|a, b| {
        let key =
            |one: &mailcensus::model::reading::Evidence| (one.subject, one.signal.to_string(), one.place.to_string());
        key(a).cmp(&key(b))
    });
    reading
}

/// RFC 2045 section 6.8, in lines of 76 characters.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let group = three.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = char::from(LETTERS[(group >> (18 - 6 * at) & 63) as usize]);
            out.push(if at <= three.len() { letter } else { '=' });
        }
        if out.len() % 77 == 76 {
            out.push('\n');
        }
    }
    out + "\n"
}

const LINES: &str = "(Please send me the signed contract by Friday\\.|Attached is the revised draft, v2\\.|Approved\\. |I will call \
                     the bank tomorrow\\.|Grüße, Anna|On Monday, Ben wrote:|> can you check\\?|PO 4711: 1\\.200,00 EUR|To \
                     unsubscribe click here|https://x\\.example/a|-- |Anna Weiß|\n|[a-zäé ,.?]{0,40})";

// Blank lines at the end are no part of a message unless they are encoded.
fn case() -> impl Strategy<Value = (Vec<String>, Vec<usize>, String)> {
    let headers = vec![
        "From: Anna Weiss <anna@example.com>".to_owned(),
        "To: Ben <ben@example.com>, orders@example.org".to_owned(),
        "Cc: cleo@example.com".to_owned(),
        "Subject: Re: Order 4711, please approve".to_owned(),
        "Date: Mon, 5 Feb 2024 10:00:00 +0100".to_owned(),
        "Message-ID: <1@example.com>".to_owned(),
        "List-Id: <team.example.com>".to_owned(),
        "Auto-Submitted: auto-generated".to_owned(),
        "X-Mailer: Ledger 3".to_owned(),
    ];
    let some = proptest::sample::subsequence(headers, 1..=9);
    (
        some,
        prop::collection::vec(any::<usize>(), 9),
        prop::collection::vec(LINES, 0..12).prop_map(|lines| format!("{}\n", lines.join("\n").trim_end())),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300)))]
    #[test]
    fn packing_changes_nothing((headers, order, text) in case()) {
        thread_local!(static CLASSIFIER: Classifier = Classifier::built_in());
        let mime = |encoding: &str| vec![
            "MIME-Version: 1.0".to_owned(),
            "Content-Type: text/plain; charset=utf-8".to_owned(),
            format!("Content-Transfer-Encoding: {encoding}"),
        ];
        let message = |headers: &[String], encoding: &str, body: &str| {
            let all: Vec<String> = headers.iter().cloned().chain(mime(encoding)).collect();
            format!("{}\n\n{body}", all.join("\n"))
        };
        let plain = message(&headers, "8bit", &text);
        let mut shuffled: Vec<(usize, String)> = order.iter().copied().zip(headers.iter().cloned()).collect();
        shuffled.sort();
        let shuffled: Vec<String> = shuffled.into_iter().map(|(_, line)| line).collect();
        let upper: Vec<String> = headers.iter().map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            format!("{}:{value}", name.to_uppercase())
        }).collect();
        CLASSIFIER.with(|classifier| {
            let expected = read(classifier, plain.as_bytes());
            prop_assert_eq!(&read(classifier, message(&shuffled, "8bit", &text).as_bytes()), &expected, "order");
            prop_assert_eq!(&read(classifier, message(&upper, "8BIT", &text).as_bytes()), &expected, "case");
            prop_assert_eq!(&read(classifier, plain.replace('\n', "\r\n").as_bytes()), &expected, "CR LF");
            prop_assert_eq!(&read(classifier, message(&headers, "base64", &base64(text.as_bytes())).as_bytes()), &expected, "base64");
            Ok(())
        })?;
    }
}

/// RFC 4648 section 10.
#[test]
fn the_tests_own_base64_is_right() {
    assert_eq!(base64(b"foob"), "Zm9vYg==\n");
    assert_eq!(base64(b"fooba"), "Zm9vYmE=\n");
    assert_eq!(base64(b"foobar"), "Zm9vYmFy\n");
}
