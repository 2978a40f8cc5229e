//! Invented messages; what is to be done in them was said by hand.

use super::{WEIGHTS, Weights};
use crate::classify::Classifier;
use crate::model::Recovery;
use crate::model::action::{Action, ActionOwner};
use crate::model::message::Location;
use crate::parse::zones::zones;
use crate::parse::{Limits, MessageReader};
use crate::signal;

/// The actions and the body text of a message with these headers and text.
fn actions(headers: &str, text: &str) -> (Vec<Action>, String) {
    let raw =
        format!("{headers}Date: Wed, 16 May 2001 10:20:00 -0500\nContent-Type: text/plain; charset=utf-8\n\n{text}");
    let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
    reader.push(raw.as_bytes());
    let facts = reader.finish().facts;
    let location = Location::default();
    let signals = signal::read(&facts, &location, &zones(&facts.body_text));
    (Classifier::built_in().read(&facts, &location, &signals).actions, facts.body_text)
}

const TO_JOHN: &str = "From: Anna Berg <anna.berg@x.example>\nTo: John Smith <john.smith@x.example>\nSubject: Lease\n";
const TO_MANY: &str = "From: Anna Berg <anna.berg@x.example>\nTo: John Smith <john.smith@x.example>, Mary Major <mary@x.example>\nCc: Bo Lund <bo@x.example>\nSubject: Lease\n";

#[test]
fn the_weights_are_read_and_written() {
    let weights = Weights::parse(WEIGHTS).unwrap();
    assert_eq!(Weights::parse(&weights.to_text()).unwrap().weights.len(), weights.weights.len());
    assert!(Weights::parse("threshold = 0.5\nbias = 0\n[weight]\nmoon = 1").unwrap_err().contains("moon"));
}

#[test]
fn quotes_are_exact_and_due_dates_resolved() {
    let text = "Hi John,\n\nPlease send me the signed lease by Friday.\nThe weather is fine.\n";
    let (found, body) = actions(TO_JOHN, text);
    assert_eq!(found.len(), 1, "{found:?}");
    let one = &found[0];
    assert_eq!(one.quote, "Please send me the signed lease by Friday.");
    let place = one.place.to_string();
    let (start, end) = place.strip_prefix("text:").unwrap().split_once('-').unwrap();
    assert_eq!(&body[start.parse().unwrap()..end.parse().unwrap()], one.quote);
    assert_eq!((&one.owner, one.owner_address.as_deref()), (&ActionOwner::Recipient, Some("john.smith@x.example")));
    let due = one.due.as_ref().unwrap();
    assert_eq!((due.text.as_str(), due.on.as_deref()), ("by Friday", Some("2001-05-18")));
}

#[test]
fn quoted_requests_are_not_asked_again() {
    let text = "All fine.\n\n-----Original Message-----\nFrom: John Smith\nSent: Monday\nTo: Anna\nSubject: Lease\n\nPlease send me the signed lease by Friday.\n";
    assert_eq!(actions(TO_JOHN, text).0, []);
}

/// Who is to do the sentence, however probable it is.
fn owner(headers: &str, text: &str, sentence: usize) -> (ActionOwner, Option<String>) {
    let raw = format!("{headers}Content-Type: text/plain; charset=utf-8\n\n{text}");
    let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
    reader.push(raw.as_bytes());
    let facts = reader.finish().facts;
    let signals = signal::read(&facts, &Location::default(), &zones(&facts.body_text));
    super::owner::read(&facts, &signals, sentence)
}

#[test]
fn owners() {
    use ActionOwner::{Named, Recipient, Sender};
    let named = |name: &str| Named(name.to_owned());
    let cases: [(&str, &str, ActionOwner, Option<&str>); 24] = [
        (TO_MANY, "In addition, Mary, we need the old lease.", named("Mary"), Some("mary@x.example")),
        (TO_MANY, "Could you forward it to Peter, Mary?", named("Mary"), Some("mary@x.example")),
        // Three letters of a name are short for it.
        (TO_MANY, "Mar, please check the rent.", named("Mar"), Some("mary@x.example")),
        (TO_JOHN, "I'm preparing the lease.", Sender, Some("anna.berg@x.example")),
        (TO_JOHN, "An agenda will be distributed before the meeting.", Sender, Some("anna.berg@x.example")),
        (TO_JOHN, "I will need the number of your card.", Recipient, Some("john.smith@x.example")),
        (TO_JOHN, "I will need to see the landlord.", Sender, Some("anna.berg@x.example")),
        (TO_JOHN, "I am wondering whether you could call him.", Recipient, Some("john.smith@x.example")),
        (TO_JOHN, "Please send me the lease.", Recipient, Some("john.smith@x.example")),
        (TO_JOHN, "John, please send me the lease.", Recipient, Some("john.smith@x.example")),
        // A nickname of the only recipient.
        (TO_JOHN, "Jack, please send me the lease.", Recipient, Some("john.smith@x.example")),
        (TO_JOHN, "I will send you the lease.", Sender, Some("anna.berg@x.example")),
        (TO_JOHN, "We'll get back to you on Monday.", Sender, Some("anna.berg@x.example")),
        (TO_JOHN, "I need you to send me the lease.", Recipient, Some("john.smith@x.example")),
        (TO_JOHN, "I would appreciate it if you could call him.", Recipient, Some("john.smith@x.example")),
        (TO_MANY, "Mary, please send me the lease.", named("Mary"), Some("mary@x.example")),
        (TO_MANY, "Mary - please send me the lease.", named("Mary"), Some("mary@x.example")),
        (TO_MANY, "@Bo can you check the rent?", named("Bo"), Some("bo@x.example")),
        (TO_MANY, "Bo Lund to check the rent.", named("Bo Lund"), Some("bo@x.example")),
        (TO_MANY, "Mary will check the rent.", named("Mary"), Some("mary@x.example")),
        (TO_MANY, "Peter needs to check the rent.", named("Peter"), None),
        (TO_MANY, "Please check the rent.", Recipient, None),
        (TO_MANY, "Tomorrow is a holiday, so please check today.", Recipient, None),
        (TO_MANY, "Bitte prüfen Sie die Miete.", Recipient, None),
    ];
    for (headers, text, who, address) in cases {
        let found = owner(headers, text, 0);
        assert_eq!((found.0, found.1.as_deref()), (who, address), "{text}");
    }
    let greeted = owner(TO_MANY, "Hello Mary,\n\nplease check the rent.", 1);
    assert_eq!(greeted, (Recipient, Some("mary@x.example".to_owned())));
}

#[test]
fn a_name_before_a_colon_is_called_for_the_paragraph() {
    let text = "Mary: the lease is in the safe. When you find it, send it to the bank.\n\nThen call the landlord.";
    assert_eq!(owner(TO_MANY, text, 1), (ActionOwner::Named("Mary".to_owned()), Some("mary@x.example".to_owned())));
    assert_eq!(owner(TO_MANY, text, 2).0, ActionOwner::Recipient);
}

proptest::proptest! {
    /// A row is only given up without its words if no words could have saved it.
    #[test]
    fn what_is_given_up_could_not_be_reached(
        numbers in proptest::collection::vec(-6.0f64..6.0, super::features::COUNT),
        words in proptest::collection::vec(proptest::bool::ANY, super::features::OF_WORDS.len()),
    ) {
        let weights = Weights::built_in();
        let mut row: [f64; super::features::COUNT] = numbers.try_into().unwrap();
        row[super::features::OF_WORDS].fill(0.0);
        let reachable = weights.can_reach(&row);
        for (place, word) in row[super::features::OF_WORDS].iter_mut().zip(words) {
            *place = f64::from(u8::from(word));
        }
        proptest::prop_assert!(reachable || weights.score(&row) < weights.threshold);
    }
}
