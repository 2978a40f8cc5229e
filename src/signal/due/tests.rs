//! Invented sentences; every expected day was worked out by hand with a calendar.

use super::{Due, Sent, find};

/// Wednesday, 16 May 2001, 10:20 by the sender's clock (15:20 UTC, five hours behind).
fn wednesday() -> Option<Sent> {
    Sent::at(990_026_400, -300)
}

/// `words | kind | last day | time`; `-` for what is not there; for numbers of unknown order both days.
fn told(sentence: &str, sent: Option<Sent>) -> String {
    let Some(due) = find(sentence, sent) else { return "none".to_owned() };
    let Due { start, end, kind, on, at, readings, .. } = due;
    let day = match readings {
        Some((day_first, month_first)) => format!("{day_first} or {month_first}"),
        None => on.map_or("-".to_owned(), |on| on.to_string()),
    };
    let at = at.map_or("-".to_owned(), |(hour, minute)| format!("{hour:02}:{minute:02}"));
    format!("{} | {} | {day} | {at}", &sentence[start..end], kind.as_str())
}

fn check(cases: &[(&str, &str)], sent: Option<Sent>) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(sentence, expected)| {
            let found = told(sentence, sent);
            (found != *expected).then(|| format!("{sentence}\n    expected {expected}\n    found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_clock_of_the_sender_counts() {
    let sent = wednesday().unwrap();
    assert_eq!((sent.day.to_string().as_str(), sent.minutes), ("2001-05-16", 620));
    // 03:20 UTC on the 17th is still the 16th five hours west.
    assert_eq!(Sent::at(990_069_600, -300).unwrap().day.to_string(), "2001-05-16");
    assert_eq!(Sent::at(990_069_600, 0).unwrap().day.to_string(), "2001-05-17");
}

#[test]
fn weekdays() {
    check(
        &[
            ("Please send me the figures by Friday.", "by Friday | day | 2001-05-18 | -"),
            ("I need the signed pages by Monday", "by Monday | day | 2001-05-21 | -"),
            ("Get back to me by Wednesday please", "by Wednesday | day | 2001-05-23 | -"),
            ("Could you finish this before Friday?", "before Friday | day | 2001-05-17 | -"),
            ("Please call the landlord this Friday.", "this Friday | day | 2001-05-18 | -"),
            ("Please call the landlord next Tuesday.", "next Tuesday | day | 2001-05-22 | -"),
            ("The draft is due next Friday.", "due next Friday | day | 2001-05-25 | -"),
            ("Send it no later than Thursday.", "no later than Thursday | day | 2001-05-17 | -"),
            ("We must file on or before Monday.", "on or before Monday | day | 2001-05-21 | -"),
            ("I will call her on Thursday.", "on Thursday | day | 2001-05-17 | -"),
            ("Let us have it by Thursday of this week.", "by Thursday of this week | day | 2001-05-17 | -"),
            ("Let us have it by Thursday of next week.", "by Thursday of next week | day | 2001-05-24 | -"),
            ("Let us have it by Monday of this week.", "by Monday of this week | ambiguous | - | -"),
            ("I want it by Friday at the latest.", "by Friday at the latest | day | 2001-05-18 | -"),
            ("I want it Friday the latest", "Friday the latest | day | 2001-05-18 | -"),
            ("Please reply by Fri.", "by Fri | day | 2001-05-18 | -"),
            ("Please mail it out by Tues", "by Tues | day | 2001-05-22 | -"),
            ("I'll have the memo to you today or Monday.", "today or Monday | ambiguous | - | -"),
            ("Please answer by Friday or sooner.", "by Friday or sooner | day | 2001-05-18 | -"),
            ("Thank you for the call last Friday.", "none"),
            ("I have waited since Monday.", "none"),
            ("He sat down in the sun and wed his wife.", "none"),
        ],
        wednesday(),
    );
}

#[test]
fn days_and_hours() {
    check(
        &[
            ("Please send the list today.", "today | day | 2001-05-16 | -"),
            ("I need this by COB tomorrow.", "by COB tomorrow | day | 2001-05-17 | -"),
            ("Please confirm by EOD.", "by EOD | day | 2001-05-16 | -"),
            ("Please confirm by close of business.", "by close of business | day | 2001-05-16 | -"),
            (
                "Sign it by close of business on Tuesday, May 22.",
                "by close of business on Tuesday, May 22 | day | 2001-05-22 | -",
            ),
            ("Please fax it by noon tomorrow.", "by noon tomorrow | day | 2001-05-17 | 12:00"),
            ("Please fax it by noon on the 25th.", "by noon on the 25th | day | 2001-05-25 | 12:00"),
            ("Please fax it by noon.", "by noon | day | 2001-05-16 | 12:00"),
            ("Return the form by 3:30 pm.", "by 3:30 pm | day | 2001-05-16 | 15:30"),
            ("Return the form by 3:30.", "by 3:30 | day | 2001-05-16 | 15:30"),
            // 9 o'clock has gone by at 10:20.
            ("Return the form by 9 am.", "by 9 am | day | 2001-05-17 | 09:00"),
            ("Could you look at it today by 3:30", "today by 3:30 | day | 2001-05-16 | 15:30"),
            ("I need it by 10:00 a.m. tomorrow.", "by 10:00 a.m. tomorrow | day | 2001-05-17 | 10:00"),
            ("Send me comments by Friday noon.", "by Friday noon | day | 2001-05-18 | 12:00"),
            ("Send me comments by Friday at 5 pm.", "by Friday at 5 pm | day | 2001-05-18 | 17:00"),
            ("Send me comments by 5 p.m. on Friday.", "by 5 p.m. on Friday | day | 2001-05-18 | 17:00"),
            // Another clock than the sender's: the hour is not kept.
            ("Bids are due by 1:15 pm Pacific time.", "due by 1:15 pm Pacific time | day | 2001-05-16 | -"),
            ("Let me know by Tuesday evening.", "by Tuesday evening | day | 2001-05-22 | -"),
            ("I will drop it off tomorrow morning.", "tomorrow morning | day | 2001-05-17 | -"),
            ("I'll bring it the day after tomorrow.", "the day after tomorrow | day | 2001-05-18 | -"),
            ("Please print it this afternoon.", "this afternoon | day | 2001-05-16 | -"),
            ("Please have it ready by 5.", "by 5 | day | 2001-05-16 | 17:00"),
            ("Prices rose by 5 percent.", "none"),
            ("Please submit by midnight tonight.", "by midnight tonight | day | 2001-05-16 | 23:59"),
        ],
        wednesday(),
    );
}

#[test]
fn dates() {
    check(
        &[
            ("Please return it by May 25.", "by May 25 | day | 2001-05-25 | -"),
            ("Please return it by May 25th, 2001.", "by May 25th, 2001 | day | 2001-05-25 | -"),
            ("Please return it by Friday, May 25, 2001.", "by Friday, May 25, 2001 | day | 2001-05-25 | -"),
            ("Please return it by 25 May.", "by 25 May | day | 2001-05-25 | -"),
            ("We close on the 4th of June.", "on the 4th of June | day | 2001-06-04 | -"),
            ("All forms must be in by Nov. 30.", "by Nov. 30 | day | 2001-11-30 | -"),
            ("Pay the invoice by 11/30.", "by 11/30 | day | 2001-11-30 | -"),
            ("Pay the invoice by 30/11.", "by 30/11 | day | 2001-11-30 | -"),
            ("Pay the invoice by 11/30/01.", "by 11/30/01 | day | 2001-11-30 | -"),
            ("Pay the invoice by 6/7.", "by 6/7 | order | 2001-07-06 or 2001-06-07 | -"),
            ("Pay the invoice by 6/7/2001.", "by 6/7/2001 | order | 2001-07-06 or 2001-06-07 | -"),
            ("Pay the invoice before 6/7.", "before 6/7 | order | 2001-07-05 or 2001-06-06 | -"),
            ("Pay the invoice by 7/7.", "by 7/7 | day | 2001-07-07 | -"),
            // The weekday tells the order: 7 June 2001 was a Thursday, 6 July a Friday.
            ("Pay the invoice by Thursday 6/7.", "by Thursday 6/7 | day | 2001-06-07 | -"),
            ("Pay the invoice by Friday, 6/7.", "by Friday, 6/7 | day | 2001-07-06 | -"),
            ("Please file it by 2001-06-30.", "by 2001-06-30 | day | 2001-06-30 | -"),
            ("The application is due June 1st.", "due June 1st | day | 2001-06-01 | -"),
            ("Please comment by the 25th.", "by the 25th | day | 2001-05-25 | -"),
            // The 15th of May has gone by.
            ("Please comment by the 15th.", "by the 15th | day | 2001-06-15 | -"),
            // June has no 31st.
            ("Please comment by the 31st.", "by the 31st | day | 2001-05-31 | -"),
            ("I will see the doctor on Friday the 18th.", "on Friday the 18th | day | 2001-05-18 | -"),
            // The 19th is a Saturday.
            ("I will see the doctor on Friday the 19th.", "on Friday the 19th | ambiguous | - | -"),
            // A few days ago, and no year: which one?
            ("Please return it by May 10.", "by May 10 | ambiguous | - | -"),
            // The text says so.
            ("It was promised by May 10, 2001.", "by May 10, 2001 | day | 2001-05-10 | -"),
            ("Please return it by January 5.", "by January 5 | day | 2002-01-05 | -"),
            ("Deadline: June 15", "Deadline: June 15 | day | 2001-06-15 | -"),
            ("I refer to your letter of May 2.", "none"),
            ("We moved 24/7 service to 1/2 of the sites.", "none"),
            ("Take the lift to the 15th floor.", "none"),
            (
                "Choose a day between Monday, June 4 and Friday, June 8.",
                "between Monday, June 4 and Friday, June 8 | day | 2001-06-08 | -",
            ),
            ("Between now and Thursday we look at it.", "Between now and Thursday | day | 2001-05-17 | -"),
            ("They may need 3 more.", "none"),
            (
                "Bids no later than Wednesday, June 6, 2001, 5:00 p.m. Eastern Daylight Time count.",
                "no later than Wednesday, June 6, 2001, 5:00 p.m. Eastern Daylight Time | day | 2001-06-06 | -",
            ),
        ],
        wednesday(),
    );
}

#[test]
fn weeks_months_and_spans() {
    check(
        &[
            ("Please pay by end of month.", "by end of month | day | 2001-05-31 | -"),
            ("Please pay by the end of the month.", "by the end of the month | day | 2001-05-31 | -"),
            ("Please pay before the end of the month.", "before the end of the month | day | 2001-05-31 | -"),
            ("Please pay by month-end.", "by month-end | day | 2001-05-31 | -"),
            ("Please pay by the end of next month.", "by the end of next month | day | 2001-06-30 | -"),
            ("Please pay by the end of August.", "by the end of August | day | 2001-08-31 | -"),
            ("We must finish by the end of the quarter.", "by the end of the quarter | day | 2001-06-30 | -"),
            ("We must finish by year-end.", "by year-end | day | 2001-12-31 | -"),
            ("We must finish by end of week.", "by end of week | week | 2001-05-18 | -"),
            ("I'll look at it this week.", "this week | week | 2001-05-18 | -"),
            ("I'll look at it next week.", "next week | week | 2001-05-25 | -"),
            ("Send it by early next week.", "by early next week | week | 2001-05-22 | -"),
            ("Finish it before next week.", "before next week | day | 2001-05-20 | -"),
            ("Can you come the week of the 28th?", "the week of the 28th | week | 2001-06-01 | -"),
            ("I will write it over the weekend.", "over the weekend | week | 2001-05-20 | -"),
            ("Answer within 10 days.", "within 10 days | day | 2001-05-26 | -"),
            ("Answer within ten (10) days.", "within ten (10) days | day | 2001-05-26 | -"),
            ("Answer within two weeks please.", "within two weeks | day | 2001-05-30 | -"),
            // Thursday 17, Friday 18, Monday 21.
            ("Answer within 3 business days.", "within 3 business days | day | 2001-05-21 | -"),
            ("I'll be back in a month.", "in a month | day | 2001-06-16 | -"),
            // 10:20 and 24 hours.
            ("Answer within 24 hours.", "within 24 hours | day | 2001-05-17 | -"),
            ("Answer within 10 days of the start date.", "within 10 days of the start date | event | - | -"),
            ("Let us meet sometime in the next week or two.", "sometime in the next week or two | ambiguous | - | -"),
            ("We expect to hear from you by November.", "by November | ambiguous | - | -"),
            ("We expect to sign in November.", "in November | month | 2001-11-30 | -"),
            ("We expect to sign by mid November.", "by mid November | day | 2001-11-15 | -"),
            ("We expect to sign next month.", "next month | month | 2001-06-30 | -"),
            ("I wrote it 3 days ago.", "none"),
        ],
        wednesday(),
    );
}

#[test]
fn feasts_and_what_no_calendar_has() {
    check(
        &[
            ("Please finish it before Christmas.", "before Christmas | day | 2001-12-24 | -"),
            ("Please finish it by Thanksgiving.", "by Thanksgiving | day | 2001-11-22 | -"),
            ("Please finish it before Labor Day.", "before Labor Day | day | 2001-09-02 | -"),
            ("Please finish it by Memorial Day.", "by Memorial Day | day | 2001-05-28 | -"),
            // Easter 2001 was on 15 April; the next one is on 31 March 2002.
            ("Please finish it by Easter.", "by Easter | day | 2002-03-31 | -"),
            ("Please finish it before New Year's.", "before New Year's | day | 2001-12-31 | -"),
            ("Bring a cake to the Christmas party.", "none"),
            ("Please call me ASAP.", "ASAP | vague | - | -"),
            ("Please call me as soon as possible.", "as soon as possible | vague | - | -"),
            ("I will get back to you shortly.", "shortly | vague | - | -"),
            ("Read it before the meeting.", "before the meeting | event | - | -"),
            ("Please call ASAP, at the latest by Friday.", "by Friday | day | 2001-05-18 | -"),
            ("I will raise it at the Friday meeting.", "at the Friday meeting | event | - | -"),
            ("I will call you when I reach the hotel.", "when I reach the hotel | event | - | -"),
            // Thanksgiving 2001 was on 22 November, a Thursday.
            (
                "Let us talk on the Monday following Thanksgiving.",
                "on the Monday following Thanksgiving | day | 2001-11-26 | -",
            ),
            ("I am sending you the list this weekend.", "this weekend | week | 2001-05-20 | -"),
            ("There is nothing to date here.", "none"),
        ],
        wednesday(),
    );
}

#[test]
fn german() {
    check(
        &[
            ("Bitte bis Freitag zurückschicken.", "bis Freitag | day | 2001-05-18 | -"),
            ("Bitte bis spätestens Montag antworten.", "bis spätestens Montag | day | 2001-05-21 | -"),
            ("Ich brauche das bis morgen.", "bis morgen | day | 2001-05-17 | -"),
            ("Ich rufe übermorgen an.", "übermorgen | day | 2001-05-18 | -"),
            ("Bitte heute noch erledigen.", "heute noch | day | 2001-05-16 | -"),
            ("Rückmeldung bis 30.11. erbeten.", "bis 30.11. | day | 2001-11-30 | -"),
            ("Rückmeldung bis zum 6.7. erbeten.", "bis zum 6.7. | day | 2001-07-06 | -"),
            ("Rückmeldung bis 30.11.2001 erbeten.", "bis 30.11.2001 | day | 2001-11-30 | -"),
            ("Rückmeldung bis zum 25. Mai bitte.", "bis zum 25. Mai | day | 2001-05-25 | -"),
            ("Rückmeldung bis zum 25. bitte.", "bis zum 25. | day | 2001-05-25 | -"),
            ("Wir treffen uns am Freitag, den 18.05.", "am Freitag, den 18.05. | day | 2001-05-18 | -"),
            ("Bitte bis Ende der Woche prüfen.", "bis Ende der Woche | week | 2001-05-18 | -"),
            ("Bitte bis Monatsende überweisen.", "bis Monatsende | day | 2001-05-31 | -"),
            ("Zahlbar innerhalb von 14 Tagen.", "innerhalb von 14 Tagen | day | 2001-05-30 | -"),
            ("Bitte nächste Woche melden.", "nächste Woche | week | 2001-05-25 | -"),
            ("Bitte bis 17:00 Uhr melden.", "bis 17:00 Uhr | day | 2001-05-16 | 17:00"),
            ("Bitte vor Weihnachten liefern.", "vor Weihnachten | day | 2001-12-24 | -"),
            ("Bitte bis Ende KW 22 liefern.", "bis Ende KW 22 | week | 2001-06-01 | -"),
            ("Bitte umgehend bezahlen.", "umgehend | vague | - | -"),
            ("Guten Morgen, wie geht es?", "none"),
            ("Wir warten seit Montag.", "none"),
        ],
        wednesday(),
    );
}

#[test]
fn french() {
    check(
        &[
            ("Merci de répondre avant vendredi.", "avant vendredi | day | 2001-05-17 | -"),
            ("Merci de répondre d'ici vendredi.", "d'ici vendredi | day | 2001-05-18 | -"),
            ("Il me le faut pour demain.", "pour demain | day | 2001-05-17 | -"),
            ("Réponse au plus tard le 25 mai.", "au plus tard le 25 mai | day | 2001-05-25 | -"),
            ("Rendez-vous lundi prochain.", "lundi prochain | day | 2001-05-21 | -"),
            ("À payer avant la fin du mois.", "avant la fin du mois | day | 2001-05-31 | -"),
            ("À payer sous 8 jours.", "sous 8 jours | day | 2001-05-24 | -"),
            ("Je vous appelle la semaine prochaine.", "la semaine prochaine | week | 2001-05-25 | -"),
            ("Envoyez-le dès que possible.", "dès que possible | vague | - | -"),
            ("Merci de l'envoyer aujourd'hui.", "aujourd'hui | day | 2001-05-16 | -"),
        ],
        wednesday(),
    );
}

#[test]
fn ends_of_the_calendar() {
    // Friday, 28 December 2001, 16:00 UTC.
    let friday = Sent::at(1_009_555_200, 0);
    check(
        &[
            ("By Friday please.", "By Friday | day | 2002-01-04 | -"),
            ("By this Friday please.", "By this Friday | day | 2001-12-28 | -"),
            ("By January 5 please.", "By January 5 | day | 2002-01-05 | -"),
            ("By 1/5 please.", "By 1/5 | order | 2002-05-01 or 2002-01-05 | -"),
            ("By the 3rd please.", "By the 3rd | day | 2002-01-03 | -"),
            ("By the end of February please.", "By the end of February | day | 2002-02-28 | -"),
            ("Within 2 months please.", "Within 2 months | day | 2002-02-28 | -"),
            ("By the end of the quarter.", "By the end of the quarter | day | 2001-12-31 | -"),
            // A month and a half ago: not a promise for next year.
            ("By November 30 please.", "By November 30 | ambiguous | - | -"),
            // 30 November 2001 was a Friday, in 2002 it is not: the text says so.
            ("It was due Friday, November 30.", "due Friday, November 30 | day | 2001-11-30 | -"),
            ("By noon please.", "By noon | day | 2001-12-29 | 12:00"),
        ],
        friday,
    );
    // Leap year: Monday, 28 February 2000, noon.
    check(
        &[
            ("By tomorrow please.", "By tomorrow | day | 2000-02-29 | -"),
            ("By the end of the month please.", "By the end of the month | day | 2000-02-29 | -"),
            ("By February 29 please.", "By February 29 | day | 2000-02-29 | -"),
        ],
        Sent::at(951_739_200, 0),
    );
}

#[test]
fn without_a_date_only_full_dates_resolve() {
    check(
        &[
            ("By Friday please.", "By Friday | day | - | -"),
            ("By May 25, 2001 please.", "By May 25, 2001 | day | 2001-05-25 | -"),
            ("By May 25 please.", "By May 25 | day | - | -"),
            ("Within 10 days.", "Within 10 days | day | - | -"),
            ("By COB.", "By COB | day | - | -"),
            ("Before next month.", "Before next month | day | - | -"),
        ],
        None,
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_and_words_stand_in_it(text in "([a-z]{1,6}|by|before|the|of|next|week|[0-9]{1,4}|[./:,-]|Friday|May|am|é|ß| ){0,40}") {
        if let Some(due) = find(&text, wednesday()) {
            proptest::prop_assert!(due.start < due.end && text.get(due.start..due.end).is_some());
        }
        let _ = find(&text, None);
    }

    #[test]
    fn any_bytes_are_read(text in "\\PC{0,200}", seconds in proptest::num::i64::ANY) {
        let _ = find(&text, Sent::at(seconds, -300));
    }
}
