//! What the first words of a short text do: agree, refuse, ask for reasons, take something to a higher place.
//!
//! Steps of a process are often a few words ("ok from me", "passt", "not this quarter"). A word alone says little; that it
//! stands at the beginning of what somebody wrote says more. What is missed here `discover` learns from the place in the run.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::cue as cues;
use crate::signal::fold::Folded;
use crate::signal::trie::Trie;

/// So many folded bytes are the beginning of a text.
const BEGINNING_BYTES: usize = 260;

/// The words, by cue.
#[derive(serde::Deserialize)]
struct Lists {
    assent: Vec<String>,
    dissent: Vec<String>,
    why: Vec<String>,
    escalate: Vec<String>,
    reminder: Vec<String>,
    done: Vec<String>,
    decision: Vec<String>,
    negation: Vec<String>,
    not_yet: Vec<String>,
    modal: Vec<String>,
}

/// Bits that no message keeps: what a sentence is put together from.
const DECISION: u64 = 1 << 32;
const NEGATION: u64 = 1 << 33;
const NOT_YET: u64 = 1 << 34;
const MODAL: u64 = 1 << 35;
const ASSENT: u64 = cues::ASSENT as u64;
const DISSENT: u64 = cues::DISSENT as u64;
const DONE: u64 = cues::DONE as u64;

struct Book {
    search: Trie,
    /// Of each word: cues if it ends there, cues also if it goes on.
    of: Vec<(u64, u64)>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let lists: Lists = toml::from_str(include_str!("cues.toml")).expect("cues.toml is checked by a test");
    let lists = [
        (lists.assent, ASSENT),
        (lists.dissent, DISSENT),
        (lists.why, u64::from(cues::WHY)),
        (lists.escalate, u64::from(cues::ESCALATE)),
        (lists.reminder, u64::from(cues::REMINDER)),
        (lists.done, DONE),
        (lists.decision, DECISION),
        (lists.negation, NEGATION),
        (lists.not_yet, NOT_YET),
        (lists.modal, MODAL),
    ];
    let mut of: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (words, cue) in &lists {
        for word in words {
            let (ends, goes_on) = of.entry(word.trim_end_matches('*')).or_default();
            *if word.ends_with('*') { goes_on } else { ends } |= cue;
        }
    }
    let words: Vec<&[u8]> = of.keys().map(|word| word.as_bytes()).collect();
    Book { search: Trie::build(&words).expect("a few hundred short words"), of: of.into_values().collect() }
});

fn inside(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Cues of the words of a text.
fn cues_of(text: &[u8]) -> u64 {
    let mut found = 0;
    for from in (0..text.len()).filter(|at| *at == 0 || !inside(text[at - 1])) {
        BOOK.search.walk(text, from, |to, word| {
            let (ends, goes_on) = BOOK.of[word];
            found |= goes_on | if text.get(to).is_some_and(|byte| inside(*byte)) { 0 } else { ends };
        });
    }
    found
}

/// Cues of the first words that the sender speaks.
pub(super) fn read(folded: &Folded) -> u32 {
    let mut found = 0;
    let mut left = BEGINNING_BYTES;
    for (at, sentence) in folded.sentences.iter().filter(|one| one.spoken).take(5).enumerate() {
        let text = &folded.bytes[sentence.from..sentence.to.min(sentence.from + left)];
        left -= text.len();
        let mut words = cues_of(text);
        if words & NOT_YET != 0 {
            words &= !(ASSENT | DISSENT | DONE);
        } else if words & DECISION != 0 && words & NEGATION != 0 {
            words = words & !(ASSENT | DONE) | DISSENT;
        }
        // "Can be signed" allows; it is not done.
        if words & MODAL != 0 && words & DONE != 0 && words & DISSENT == 0 {
            words = words & !DONE | ASSENT;
        }
        // Agreement is a matter of the first sentences; a greeting is one.
        if at > 2 {
            words &= !(ASSENT | DISSENT);
        }
        if words & DISSENT != 0 {
            words &= !ASSENT;
        }
        if sentence.question {
            // "Is that ok?" agrees to nothing.
            words = words & !(ASSENT | DONE | DISSENT) | u64::from(cues::QUESTION);
        }
        // The first to speak of agreement decides.
        if u64::from(found) & (ASSENT | DISSENT) != 0 {
            words &= !(ASSENT | DISSENT);
        }
        found |= words as u32;
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
        for text in ["We can't accept this, sorry.", "So unterschreiben wir nicht.", "Did not pass: final plumbing."] {
            assert_eq!(of(text) & (cues::ASSENT | cues::DISSENT | cues::DONE), cues::DISSENT, "{text}");
        }
        assert_eq!(of("Kann so unterschrieben werden.") & (cues::ASSENT | cues::DONE), cues::ASSENT);
        assert_eq!(of("Not yet signed.") & (cues::ASSENT | cues::DISSENT), 0);
        assert_eq!(of("The tokyo book is nonfiction.") & (cues::ASSENT | cues::DISSENT), 0, "words, not letters");
        assert_ne!(of("We escalated this to the board.") & cues::ESCALATE, 0);
    }
}
