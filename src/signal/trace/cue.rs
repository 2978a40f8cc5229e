//! What the first words of a short text do: agree, refuse, ask for reasons, take something to a higher place.
//!
//! Steps of a process are often a few words ("ok from me", "passt", "not this quarter"). A word alone says little; that it
//! stands at the beginning of what somebody wrote says more. What is missed here `discover` learns from the place in the run.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::model::cue as cues;
use crate::signal::fold::Folded;

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
    search: AhoCorasick,
    /// Cue and whether the last word may go on.
    of: Vec<(u32, bool)>,
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
    let all = || lists.iter().flat_map(|(words, cue)| words.iter().map(move |word| (word.as_str(), *cue)));
    let search = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(all().map(|(word, _)| word.trim_end_matches('*')))
        .expect("a few hundred short words");
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
