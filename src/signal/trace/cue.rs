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
}

struct Book {
    search: Trie,
    /// Of each word: cues if it ends there, cues also if it goes on.
    of: Vec<(u32, u32)>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let lists: Lists = toml::from_str(include_str!("cues.toml")).expect("cues.toml is checked by a test");
    let lists = [
        (lists.assent, cues::ASSENT),
        (lists.dissent, cues::DISSENT),
        (lists.why, cues::WHY),
        (lists.escalate, cues::ESCALATE),
        (lists.reminder, cues::REMINDER),
        (lists.done, cues::DONE),
    ];
    let mut of: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
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
fn cues_of(text: &[u8]) -> u32 {
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
