//! What the first words of a short text do: agree, refuse, ask for reasons, take something to a higher place.
//!
//! Steps of a process are often a few words ("ok from me", "passt", "not this quarter"). A word alone says little; that it
//! stands at the beginning of what somebody wrote says more. What is missed here `discover` learns from the place in the run.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::model::cue as cues;
use crate::signal::fold::Folded;

/// So many folded bytes are the beginning of a text.
const BEGINNING_BYTES: usize = 260;

const ASSENT: &[&str] = &[
    "ok",
    "okay",
    "o.k.",
    "yes",
    "yep",
    "yeah",
    "sure",
    "fine",
    "approved",
    "approve",
    "agreed",
    "agree",
    "granted",
    "go ahead",
    "green light",
    "works for me",
    "no objection",
    "no objections",
    "no issue",
    "no issues",
    "no problem",
    "happy with",
    "go for it",
    "please proceed",
    "proceed",
    "authorised",
    "authorized",
    "accepted",
    "confirmed",
    "good to go",
    "by all means",
    "looks right",
    "all good",
    "cleared",
    "signed",
    "ja",
    "jep",
    "passt",
    "einverstanden",
    "freigegeben",
    "genehmigt",
    "geht klar",
    "in ordnung",
    "geht in ordnung",
    "von mir aus",
    "kein problem",
    "keine einwände",
    "gerne",
    "bewilligt",
    "kannst du machen",
    "können sie machen",
    "stimmt so",
    "bestätigt",
    "zugestimmt",
    "machen wir",
    "mach das",
    "kann bezahlt werden",
    "sachlich richtig",
    "kann raus",
    "meinen segen",
    "nichts dagegen",
    "d'accord",
    "oui",
    "accordé",
    "approuvé",
    "validé",
    "bon pour accord",
    "de acuerdo",
    "sí",
    "aprobado",
    "vale",
    "akkoord",
    "goedgekeurd",
    "va bene",
    "approvato",
];
const DISSENT: &[&str] = &[
    "no,",
    "no.",
    "nope",
    "not approved",
    "cannot approve",
    "can't approve",
    "can not approve",
    "refused",
    "rejected",
    "declined",
    "denied",
    "not this",
    "not now",
    "not possible",
    "too expensive",
    "no budget",
    "out of budget",
    "over budget",
    "unfortunately",
    "i'm afraid",
    "afraid not",
    "sorry, but",
    "turn this down",
    "turned down",
    "have to refuse",
    "must decline",
    "cannot support",
    "can't support",
    "cannot agree",
    "can't agree",
    "do not agree",
    "don't agree",
    "not going to happen",
    "won't work",
    "put on hold",
    "hold off",
    "postpone",
    "do not pay",
    "not as ordered",
    "never received",
    "disagree",
    "reject",
    "decline",
    "not convinced",
    "nein",
    "abgelehnt",
    "ablehnen",
    "geht nicht",
    "geht leider nicht",
    "leider nicht",
    "leider",
    "kann ich so nicht",
    "nicht freigeben",
    "nicht genehmigen",
    "nicht genehmigt",
    "nicht freigegeben",
    "zurückstellen",
    "zurückgestellt",
    "verschieben",
    "kein budget",
    "budget ist",
    "zu teuer",
    "nicht zahlen",
    "stimmt nicht",
    "nie bekommen",
    "nicht bekommen",
    "nicht mehr dieses",
    "nicht einverstanden",
    "keine freigabe",
    "dagegen",
    "fehlen",
    "nicht möglich",
    "refusé",
    "non",
    "malheureusement",
    "rechazado",
    "lo siento",
    "afgewezen",
    "rifiutato",
];
const WHY: &[&str] = &[
    "why",
    "what for",
    "how come",
    "which one",
    "which of",
    "who else",
    "is there a",
    "are there",
    "do we have",
    "could you explain",
    "can you explain",
    "can you clarify",
    "please clarify",
    "more detail",
    "more information",
    "before i",
    "what is the",
    "what's the",
    "what does",
    "where does",
    "what happened",
    "how much",
    "how many",
    "second quote",
    "another quote",
    "second offer",
    "have you asked",
    "have you checked",
    "did you",
    "warum",
    "wieso",
    "weshalb",
    "wofür",
    "wozu",
    "gibt es",
    "reicht nicht",
    "welche",
    "wer hat",
    "wie viel",
    "wie lange",
    "was ist mit",
    "habt ihr",
    "hast du schon",
    "haben sie schon",
    "noch ein angebot",
    "zweites angebot",
    "genauer",
    "bevor ich",
    "brauchen wir das",
    "pourquoi",
    "por qué",
    "waarom",
    "perché",
];
const ESCALATE: &[&str] = &[
    "escalat*",
    "bring this to",
    "taking this to",
    "take this up",
    "copying in",
    "looping in",
    "adding your manager",
    "over your head",
    "no response for",
    "still no answer",
    "third time",
    "needs a decision from",
    "deadlock",
    "eskalier*",
    "eskalation",
    "wende mich an",
    "immer noch keine",
    "zum dritten mal",
    "nehme jetzt",
    "mit der bitte um entscheidung",
    "in den verteiler",
    "muss ich jetzt",
];
const REMINDER: &[&str] = &[
    "reminder",
    "any news",
    "any update",
    "did you get a chance",
    "had a chance",
    "just checking",
    "still waiting",
    "still open",
    "following up",
    "chasing",
    "nudge",
    "gentle",
    "overdue",
    "have you had",
    "erinnerung",
    "nachfrage",
    "wie steht es",
    "wie sieht es aus",
    "schon dazu gekommen",
    "noch offen",
    "steht noch aus",
    "noch nichts gehört",
    "kurz nachfragen",
    "nachhaken",
    "gibt es was neues",
    "gibt's was neues",
    "ausstehend",
];
const DONE: &[&str] = &[
    "done",
    "completed",
    "finished",
    "ordered",
    "booked",
    "paid",
    "fixed",
    "resolved",
    "closed",
    "shipped",
    "dispatched",
    "entered",
    "posted",
    "set up",
    "is ready",
    "are ready",
    "signed copy",
    "has been sent",
    "went out",
    "taken care of",
    "all set",
    "sorted",
    "works again",
    "back up",
    "filed",
    "received",
    "scheduled for payment",
    "we confirm",
    "i confirm",
    "is confirmed",
    "order confirmation",
    "reserved",
    "on it",
    "i'll take care",
    "looking into",
    "have a look",
    "working on",
    "erledigt",
    "bestellt",
    "gebucht",
    "eingetragen",
    "angewiesen",
    "behoben",
    "geschlossen",
    "versandt",
    "verschickt",
    "ausgelöst",
    "überwiesen",
    "abgeschlossen",
    "abgelegt",
    "eingerichtet",
    "fertig",
    "angelegt",
    "bezahlt",
    "zahlung vorgemerkt",
    "läuft wieder",
    "geht wieder",
    "ist raus",
    "ist da",
    "liegt bereit",
    "unterschrieben",
    "bestätigen wir",
    "wir bestätigen",
    "auftragsbestätigung",
    "eingeplant",
    "erfasst",
    "reserviert",
    "in arbeit",
    "bin dran",
    "kümmere mich",
    "übernommen",
    "vorgemerkt",
];

struct Book {
    search: AhoCorasick,
    /// Cue and whether the last word may go on.
    of: Vec<(u32, bool)>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let lists = [
        (ASSENT, cues::ASSENT),
        (DISSENT, cues::DISSENT),
        (WHY, cues::WHY),
        (ESCALATE, cues::ESCALATE),
        (REMINDER, cues::REMINDER),
        (DONE, cues::DONE),
    ];
    let all = || lists.iter().flat_map(|(words, cue)| words.iter().map(move |word| (*word, *cue)));
    let search =
        AhoCorasick::new(all().map(|(word, _)| word.trim_end_matches('*'))).expect("a few hundred short words");
    Book { search, of: all().map(|(word, cue)| (cue, word.ends_with('*'))).collect() }
});

/// Cues of the first words that the sender speaks.
pub(super) fn read(folded: &Folded) -> u32 {
    let mut found = 0;
    let mut left = BEGINNING_BYTES;
    for (at, sentence) in folded.sentences.iter().filter(|one| one.spoken).take(5).enumerate() {
        let text = &folded.bytes[sentence.from..sentence.to.min(sentence.from + left)];
        left -= text.len();
        let mut words = 0;
        for hit in BOOK.search.find_overlapping_iter(text) {
            let (cue, goes_on) = BOOK.of[hit.pattern().as_usize()];
            let inside = |at: Option<&u8>| at.is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
            let before = hit.start().checked_sub(1).and_then(|at| text.get(at));
            if !inside(before) && (goes_on || !inside(text.get(hit.end()))) {
                words |= cue;
            }
        }
        // Agreement is a matter of the first sentences; a greeting is one.
        if at > 2 {
            words &= !(cues::ASSENT | cues::DISSENT);
        }
        if words & cues::DISSENT != 0 {
            words &= !cues::ASSENT;
        }
        if sentence.question {
            // "Is that ok?" agrees to nothing.
            words = words & !(cues::ASSENT | cues::DONE | cues::DISSENT) | cues::QUESTION;
        }
        // The first to speak of agreement decides.
        if found & (cues::ASSENT | cues::DISSENT) != 0 {
            words &= !(cues::ASSENT | cues::DISSENT);
        }
        found |= words;
        if left == 0 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::zones::zones;
    use crate::signal::fold::fold;

    fn of(text: &str) -> u32 {
        read(&fold(text, &zones(text)))
    }

    #[test]
    fn first_words() {
        for text in ["Ok from my side, please order.", "Hi Bo,\n\nworks for me.\n", "Geht klar, danke.", "Passt."] {
            assert_eq!(of(text) & (cues::ASSENT | cues::DISSENT), cues::ASSENT, "{text}");
        }
        for text in ["No, the budget is used up.", "Hallo Anna,\ndas geht leider nicht.", "Unfortunately not, ok?"] {
            assert_ne!(of(text) & cues::ASSENT, cues::ASSENT, "{text}");
        }
        assert_eq!(of("Is that ok for you?") & cues::ASSENT, 0);
        assert_ne!(of("Warum so teuer?") & cues::WHY, 0);
        assert_eq!(of("The tokyo book is nonfiction.") & (cues::ASSENT | cues::DISSENT), 0, "words, not letters");
        assert_ne!(of("We escalated this to the board.") & cues::ESCALATE, 0);
    }
}
