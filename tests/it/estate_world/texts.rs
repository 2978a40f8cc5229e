//! What people write. Sentences are drawn part by part, so that two letters of one kind seldom read the same.

use super::names::{PARTS, TOPICS};
use super::rng::Rng;

const HELLO_DE: &[&str] =
    &["Hallo {to},", "Moin {to},", "Guten Morgen {to},", "Liebe(r) {to},", "Hi {to},", "{to},", "Guten Tag,", ""];
const HELLO_EN: &[&str] = &["Hi {to},", "Hello {to},", "Dear {to},", "{to},", "Morning {to},", ""];

const OPEN_DE: &[&str] = &[
    "kurze Frage zu {topic}: wie ist da der Stand?",
    "anbei der Stand zu {topic}.",
    "wie eben besprochen noch die Punkte zu {topic}.",
    "zu {topic} habe ich gestern mit der Werkstatt gesprochen.",
    "der Kunde hat wegen {part} angerufen.",
    "für {topic} fehlt mir noch die Stückliste.",
    "ich sitze gerade an {topic} und komme bei {part} nicht weiter.",
    "hast du die Maße für {part} noch?",
    "nächste Woche wird es bei {topic} eng.",
    "{part} ist heute gekommen, {n} Stück, zwei davon beschädigt.",
    "die Preise für {part} steigen zum Quartal um {n} Prozent.",
    "können wir uns wegen {topic} zusammensetzen?",
    "ich habe die Zahlen für {topic} noch einmal gerechnet und komme auf {eur} Euro.",
    "zur Info: {topic} verschiebt sich um {n} Tage.",
];
const OPEN_EN: &[&str] = &[
    "quick one on {topic}: where do we stand?",
    "please find the latest on {topic} below.",
    "I spoke to the workshop about {part} yesterday.",
    "the customer called about the {part} again.",
    "we are still missing the parts list for {topic}.",
    "could you send me the dimensions of the {part}?",
    "{topic} moves back by {n} days, sorry.",
    "I recalculated {topic}, it comes to EUR {eur} now.",
    "{n} of the {part} arrived today, two are damaged.",
    "can we sit down on {topic} this week?",
    "the test of the {part} went well, leak rate is below {n} ml.",
];
const MORE_DE: &[&str] = &[
    "Die Zeichnung liegt im Projektordner.",
    "Bitte gib mir bis {weekday} Bescheid.",
    "Das hatten wir beim letzten Mal auch schon.",
    "Der Liefertermin steht damit auf der Kippe.",
    "Ich bin heute bis 15 Uhr im Haus.",
    "Ruf mich sonst einfach an.",
    "Die anderen wissen Bescheid.",
    "Wir brauchen mindestens {n} Stück auf Lager.",
    "Mit {eur} Euro wären wir im Budget.",
    "Ob das reicht, sehen wir erst beim Probelauf.",
    "Die Spedition holt um {n} Uhr ab.",
    "Ich würde das gerne noch vor dem Urlaub klären.",
    "From Monday on the crane is blocked, so please plan around it.",
    "Das Angebot gilt noch {n} Tage.",
    "Protokoll folgt.",
];
const MORE_EN: &[&str] = &[
    "The drawing is in the project folder.",
    "Let me know by {weekday}.",
    "We had the same thing last time.",
    "I am in the office until three.",
    "From what I see the delivery date is at risk.",
    "The others know about it.",
    "With EUR {eur} we would be within budget.",
    "We should keep {n} of them in stock.",
    "The forwarder picks up at {n}.",
    "Minutes to follow.",
    "Otherwise just call me.",
];
const ANSWER_DE: &[&str] = &[
    "danke, passt so.",
    "da muss ich erst nachsehen, melde mich bis {weekday}.",
    "ja, machen wir so.",
    "nein, das geht leider nicht vor {weekday}.",
    "die {n} Stück sind bestellt.",
    "habe ich weitergegeben.",
    "sehe ich auch so, aber {part} fehlt noch.",
    "alles klar.",
    "siehe Anlage.",
    "das klärt sich morgen in der Runde.",
    "{eur} Euro sind zu viel, geht da noch etwas?",
    "der Prüfstand ist ab {weekday} frei.",
];
const ANSWER_EN: &[&str] = &[
    "thanks, that works.",
    "let me check, I will come back to you by {weekday}.",
    "yes, go ahead.",
    "not before {weekday}, I am afraid.",
    "the {n} pieces are on order.",
    "see attached.",
    "agreed, though the {part} is still missing.",
    "noted.",
    "passed it on.",
    "EUR {eur} is too much, is there any room?",
    "we will settle it in the meeting tomorrow.",
];
const DAYS_DE: &[&str] = &["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"];
const DAYS_EN: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

/// Puts drawn words in place of `{part}`, `{topic}`, `{n}`, `{eur}`, `{weekday}`.
pub fn fill(template: &str, topic: &str, to: &str, english: bool, rng: &mut Rng) -> String {
    let mut text = template.replace("{topic}", topic).replace("{to}", to);
    if text.contains("{part}") {
        text = text.replace("{part}", rng.word(PARTS));
    }
    if text.contains("{n}") {
        text = text.replace("{n}", &rng.between(2, 18).to_string());
    }
    if text.contains("{eur}") {
        text = text.replace("{eur}", &euros(rng.between(90, 24_000), english));
    }
    if text.contains("{weekday}") {
        text = text.replace("{weekday}", rng.word(if english { DAYS_EN } else { DAYS_DE }));
    }
    text
}

/// `12.450,00` or `12,450.00`
pub fn euros(amount: i64, english: bool) -> String {
    let digits = amount.to_string();
    let (thousand, decimal) = if english { (',', '.') } else { ('.', ',') };
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(thousand);
        }
        text.push(digit);
    }
    format!("{text}{decimal}00")
}

/// The first letter of a conversation.
pub fn opening(english: bool, topic: &str, to: &str, rng: &mut Rng) -> String {
    let (hello, open) = if english { (HELLO_EN, OPEN_EN) } else { (HELLO_DE, OPEN_DE) };
    let mut text = fill(rng.word(hello), topic, to, english, rng);
    text.push_str("\n\n");
    text.push_str(&fill(rng.word(open), topic, to, english, rng));
    for _ in 0..rng.below(4) {
        text.push_str(if rng.chance(0.3) { "\n\n" } else { " " });
        text.push_str(&fill(rng.word(if english { MORE_EN } else { MORE_DE }), topic, to, english, rng));
    }
    text.trim_start().to_owned()
}

/// A letter that answers another one.
pub fn answer(english: bool, topic: &str, to: &str, rng: &mut Rng) -> String {
    let (hello, answers) = if english { (HELLO_EN, ANSWER_EN) } else { (HELLO_DE, ANSWER_DE) };
    let mut text = match rng.chance(0.6) {
        true => fill(rng.word(hello), topic, to, english, rng) + "\n\n",
        false => String::new(),
    };
    text.push_str(&fill(rng.word(answers), topic, to, english, rng));
    if rng.chance(0.4) {
        text.push('\n');
        text.push_str(&fill(rng.word(if english { MORE_EN } else { MORE_DE }), topic, to, english, rng));
    }
    text.trim_start().to_owned()
}

/// One of several phrasings of a step in a process, with `{…}` to be filled by the caller.
pub fn phrase(phrases: &[&str], slots: &[(&str, &str)], rng: &mut Rng) -> String {
    let mut text = rng.word(phrases).to_owned();
    for (slot, value) in slots {
        text = text.replace(slot, value);
    }
    let (topic, english) = (rng.word(TOPICS), false);
    fill(&text, topic, "", english, rng)
}
