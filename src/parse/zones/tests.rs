use proptest::prelude::*;

use super::{ZoneKind, zones};

fn parts(text: &str, kind: ZoneKind) -> String {
    zones(text).of(kind).map(|zone| &text[zone.start..zone.end]).collect()
}

#[test]
fn an_outlook_reply() {
    let text = "Hello Ms Brandt,\n\nthe oak doors are ready.\n\nRegards,\nJonas Feld\nTel. 0441 555 0199\n\n-----Original \
                Message-----\nFrom: Brandt, Ida\nSent: Monday, 3 May 2021 09:12\nTo: Feld, Jonas\nSubject: doors\n\nWhen \
                are they ready?\n";
    assert_eq!(parts(text, ZoneKind::New), "Hello Ms Brandt,\n\nthe oak doors are ready.\n\n");
    assert_eq!(parts(text, ZoneKind::Signature), "Regards,\nJonas Feld\nTel. 0441 555 0199\n\n");
    assert!(parts(text, ZoneKind::Quoted).contains("When are they ready?"));
    assert!(parts(text, ZoneKind::QuoteHeader).contains("Subject: doors"));
}

#[test]
fn a_bare_lotus_forward_speaks_through_what_it_forwards() {
    let text = "---------------------- Forwarded by Jonas Feld/Shop/Feld on 05/03/2021 10:12 \nAM \
                ---------------------------\n\n\nIda Brandt <ida@brandt.example> on 05/03/2021 09:54:55 AM\nTo: Jonas \
                Feld\ncc: \n\nSubject: stairs\n\nPlease send the drawing.\n";
    let zones = zones(text);
    assert!(zones.bare_forward);
    let spoken: String = zones.spoken(text).map(|zone| &text[zone.start..zone.end]).collect();
    assert_eq!(spoken.trim(), "Please send the drawing.");
}

#[test]
fn attributions_in_seven_languages() {
    for line in [
        "On Mon, 3 May 2021 at 09:12, Ida Brandt <ida@brandt.example> wrote:",
        "Am 03.05.2021 um 09:12 schrieb Ida Brandt <ida@brandt.example>:",
        "Le 3 mai 2021 à 09:12, Ida Brandt a écrit :",
        "El 3 may 2021, a las 09:12, Ida Brandt escribió:",
        "Op 3 mei 2021 om 09:12 schreef Ida Brandt <ida@brandt.example>:",
        "Il giorno 3 mag 2021, alle ore 09:12, Ida Brandt ha scritto:",
        "Em 3 de mai. de 2021, às 09:12, Ida Brandt escreveu:",
    ] {
        let text = format!("Yes, that fits.\n\n{line}\n> Does it fit?\n> Ida\n");
        assert_eq!(parts(&text, ZoneKind::New).trim(), "Yes, that fits.", "{line}");
        assert_eq!(parts(&text, ZoneKind::QuoteHeader).trim(), line);
        assert_eq!(parts(&text, ZoneKind::Quoted), "> Does it fit?\n> Ida\n");
    }
}

#[test]
fn a_german_header_block_and_a_notes_reply_without_banner() {
    let text = "Passt so.\n\nVon: Ida Brandt\nGesendet: Montag, 3. Mai 2021 09:12\nAn: Jonas Feld\nBetreff: Treppe\n\nIst \
                das Maß richtig?\n";
    assert_eq!(parts(text, ZoneKind::New).trim(), "Passt so.");
    let text = "Fine with me.\n\nJonas\n\n\n\nida@brandt.example on 05/03/2021 09:54:55 AM\nTo: Jonas Feld\ncc: \nSubject: \
                stairs\n\nIs it right?\n";
    assert!(parts(text, ZoneKind::New).trim().starts_with("Fine with me."));
    assert!(!parts(text, ZoneKind::New).contains("05/03"));
    assert!(parts(text, ZoneKind::Quoted).contains("Is it right?"));
}

#[test]
fn disclaimers_and_footers_are_not_the_senders_words() {
    let text = "The glue has arrived.\n\n****************\nThis e-mail and any files transmitted with it are \
                confidential.\nIf you have received this in error, delete it.\n****************\n";
    assert_eq!(parts(text, ZoneKind::New).trim(), "The glue has arrived.");
    let text = "Which saw do you use?\n\n_______________________________________________\nWood mailing list\nhttp://wood.\
                example/mailman/listinfo/wood\n";
    assert_eq!(parts(text, ZoneKind::New).trim(), "Which saw do you use?");
    assert!(parts(text, ZoneKind::Footer).contains("listinfo"));
}

proptest! {
    #[test]
    fn zones_are_a_partition(text in prop::collection::vec(prop_oneof![
        Just("From: a\n".to_owned()), Just("To: b\n".to_owned()), Just("Subject: c\n".to_owned()), Just("\n".to_owned()),
        Just("> q\n".to_owned()), Just("-- \n".to_owned()), Just("-----Original Message-----\n".to_owned()),
        Just("On 1.1.20 x wrote:\n".to_owned()), Just("to unsubscribe\n".to_owned()), Just("Grüße\n".to_owned()),
        Just("\u{a0}Von: ä\r\n".to_owned()), ".{0,20}", ".{0,9}\n"], 0..60)) {
        let text = text.concat();
        let zones = zones(&text);
        let mut at = 0;
        for zone in &zones.all {
            prop_assert_eq!(zone.start, at);
            prop_assert!(zone.end > zone.start && text.is_char_boundary(zone.end));
            at = zone.end;
        }
        prop_assert_eq!(at, text.len());
    }
}
