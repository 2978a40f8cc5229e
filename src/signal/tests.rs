use proptest::prelude::*;

use super::{PHRASES, Signals, phrases::PhraseFile, read};
use crate::model::Digest;
use crate::model::message::{Address, Attachment, DateSource, Facts, Identity, Location, Role, TextSource};
use crate::model::reading::{Place, SenderKind};
use crate::parse::zones::zones;

fn person(address: &str) -> Address {
    Address { name: String::new(), address: address.to_owned() }
}

/// A message of an invented joinery firm.
pub(crate) fn message(subject: &str, text: &str) -> Facts {
    let none = Digest([0; 32]);
    Facts {
        rfc_message_id: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        sent_at: None,
        sent_at_source: DateSource::None,
        sent_offset_minutes: None,
        received_at: None,
        from: Some(person("ida.brandt@feld-joinery.example")),
        sender: None,
        reply_to: Vec::new(),
        recipients: vec![(Role::To, person("jonas.feld@feld-joinery.example"))],
        subject: Some(subject.to_owned()),
        headers: Vec::new(),
        hrefs: Vec::new(),
        body_text: text.to_owned(),
        text_source: TextSource::Plain,
        attachments: Vec::new(),
        opaque: Vec::new(),
        identity: Identity {
            headers_sha256: none,
            leaves_sha256: none,
            leaves_nospace_sha256: none,
            text_sha256: None,
            structure_sha256: none,
            residue_sha256: None,
            fingerprint: none,
            leaves: 0,
            headers: Vec::new(),
        },
        calendars: Vec::new(),
    }
}

pub(crate) fn attached(name: &str) -> Attachment {
    Attachment {
        part: "2".to_owned(),
        file_name: Some(name.to_owned()),
        media_type: "application/octet-stream".to_owned(),
        detected_type: None,
        size_bytes: 10,
        sha256: Digest([0; 32]),
        inline: false,
        opaque: None,
        opened: false,
    }
}

pub(crate) fn signals(facts: &Facts) -> Signals {
    read(facts, &Location::default(), &zones(&facts.body_text))
}

fn of(text: &str) -> Signals {
    signals(&message("stairs", text))
}

#[test]
fn the_phrases_load() {
    let file: PhraseFile = toml::from_str(PHRASES).unwrap();
    for list in &file.lists {
        assert!(super::table::index_of(&list.signal).is_some(), "{}", list.signal);
        file.check(list).unwrap();
    }
}

#[test]
fn speech_acts_english_and_german() {
    for (text, name) in [
        ("Could you measure the\n stairwell again?", "request_can_you"),
        ("Jonas, please check the drawing.", "request_please"),
        ("Jonas, call the glazier tomorrow.", "request_imperative"),
        ("Können Sie das Aufmaß noch einmal machen?", "request_can_you"),
        ("Bitte prüfen Sie die Zeichnung.", "request_please"),
        ("I'll send the offer on Monday.", "commitment"),
        ("Ich kümmere mich darum.", "commitment"),
        ("We need it by Friday.", "deadline"),
        ("Wir brauchen es bis Freitag.", "deadline"),
        ("It has to be there by 11/30.", "deadline"),
        ("Please approve the purchase of the band saw.", "approval_asked"),
        ("Bitte genehmigen: neue Bandsäge.", "approval_asked"),
        ("The band saw is approved.", "approval_given"),
        ("Der Urlaub ist genehmigt.", "approval_given"),
        ("The leave was rejected.", "approval_refused"),
        ("Attached is the drawing.", "delivery"),
        ("Anbei die Zeichnung.", "delivery"),
        ("Just a reminder about the timber order.", "reminder"),
        ("Shall we meet at the site?", "meeting"),
        ("The plans lie at \\\\server\\plans\\stairs.dwg now.", "unc_path"),
        ("See https://files.example/plans/stairs.pdf for it.", "link_to_file"),
    ] {
        let signals = of(text);
        assert!(signals.has(name), "{text}: {:?}", signals.found.iter().map(|s| s.name).collect::<Vec<_>>());
    }
}

#[test]
fn only_new_text_speaks() {
    let signals = of("All clear.\n\nOn 3 May 2021 Ida wrote:\n> Could you call the glazier by Friday?\n");
    assert!(!signals.has("request_can_you") && !signals.has("deadline"));
    assert!(signals.has("has_quote"));
    assert!(!of("Please call me if you have any questions.").has("request_please"));
}

#[test]
fn people_and_attachments() {
    let mut facts = message("Fwd: offer 20231", "");
    facts.from = Some(person("noreply@feld-joinery.example"));
    facts.attachments = vec![attached("offer_v2.docx")];
    let signals = signals(&facts);
    for name in [
        "sender_machine",
        "attachment_only",
        "attachment_text_document",
        "file_version",
        "subject_fw",
        "subject_id",
        "recipient_one",
        "text_none",
    ] {
        assert!(signals.has(name), "{name}");
    }
    assert_eq!(signals.sender_kind, SenderKind::Machine);
    assert_eq!(signals.get("file_version").unwrap().place, Place::Attachment("2".to_owned()));
    let mut facts = message("plane irons", "buy plane irons");
    facts.recipients = vec![(Role::To, person("ida.brandt@feld-joinery.example"))];
    assert!(super::tests::signals(&facts).has("recipient_self"));
}

#[test]
fn header_order_and_case_do_not_matter() {
    let mut facts = message("news", "hello");
    facts.headers = [("List-Id", "<wood>"), ("PRECEDENCE", "bulk"), ("X-Loop", "wood")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let one = signals(&facts);
    assert!(one.has("precedence_bulk") && one.has("list_header"));
    facts.headers.reverse();
    facts.headers[0].0 = "x-loop".to_owned();
    assert_eq!(one, signals(&facts));
}

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("please check ".to_owned()),
        Just("by Friday. ".to_owned()),
        Just("Übergabe  \n".to_owned()),
        Just("free offers!!!! ".to_owned()),
        Just("İİ\u{2019}s\u{a0}".to_owned()),
        Just("12/30/01 10:30 € 5,00 $5 ".to_owned()),
        Just("http://a.example/b.doc ".to_owned()),
        Just("x.pdf \\\\a\\b c:\\d ".to_owned()),
        Just("-- \n".to_owned()),
        Just("On 1.1.20 x wrote:\n> y\n".to_owned()),
        Just("Name: x\n".to_owned()),
        Just("[image]".to_owned()),
        ".{0,12}",
        "\\PC{0,6}\n"
    ];
    prop::collection::vec(word, 0..50).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn excerpts_are_the_bytes_at_their_place(text in text(), subject in ".{0,30}", file in ".{0,20}") {
        let mut facts = message(&subject, &text);
        facts.attachments.push(attached(&file));
        for signal in signals(&facts).found {
            prop_assert!(signal.excerpt.len() <= super::EXCERPT_BYTES);
            if let Place::Text(start, end) = signal.place {
                prop_assert_eq!(Some(signal.excerpt.as_str()), facts.body_text.get(start..end), "{}", signal.name);
            }
        }
    }
}
