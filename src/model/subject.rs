//! Subjects without what answering, passing on and mailing lists put before them.

/// What came before the words of a subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Opening {
    /// Nothing: a new subject.
    #[default]
    New,
    /// `Fwd:` and its like.
    PassedOn,
    /// `Re:` and its like, alone or with others.
    Answer,
}

/// A subject and what came before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Base<'a> {
    /// The words themselves, as they stand.
    pub words: &'a str,
    /// What was taken away.
    pub opening: Opening,
}

const ANSWERS: [&str; 13] = ["re", "aw", "antw", "antwort", "sv", "res", "r", "rif", "ref", "odp", "vs", "ynt", "回复"];
const PASSED: [&str; 12] = ["fw", "fwd", "wg", "tr", "rv", "enc", "i", "vl", "vb", "doorst", "weitergeleitet", "转发"];

/// Takes `Re:`, `AW:`, `Re[2]:`, `Re^3:`, `Fwd:`, `[list]` and `(fwd)` away, however often they stand there.
pub fn base(subject: &str) -> Base<'_> {
    let mut words = subject.trim();
    let mut opening = Opening::New;
    // Twenty of them are a loop between two machines; more say nothing more.
    for _ in 0..20 {
        if let Some((found, rest)) = marker(words) {
            opening = opening.max(found);
            words = rest;
        } else if let Some(rest) = tag(words) {
            words = rest;
        } else {
            break;
        }
    }
    while let Some(rest) = strip_end(words, "(fwd)") {
        words = rest.trim_end();
        opening = opening.max(Opening::PassedOn);
    }
    Base { words, opening }
}

fn strip_end<'a>(words: &'a str, end: &str) -> Option<&'a str> {
    let at = words.len().checked_sub(end.len())?;
    (words.is_char_boundary(at) && words[at..].eq_ignore_ascii_case(end)).then(|| &words[..at])
}

fn marker(words: &str) -> Option<(Opening, &str)> {
    let colon = words.char_indices().take(16).find(|(_, c)| matches!(c, ':' | '：'))?;
    let word = words[..colon.0].trim_end();
    let word = word.split(['[', '(', '^', '*']).next().unwrap_or_default().trim_end();
    let is = |known: &str| known.eq_ignore_ascii_case(word);
    let found = if ANSWERS.iter().any(|known| is(known)) {
        Opening::Answer
    } else if PASSED.iter().any(|known| is(known)) {
        Opening::PassedOn
    } else {
        return None;
    };
    Some((found, words[colon.0 + colon.1.len_utf8()..].trim_start()))
}

/// `[list] ` before other words; a subject that is nothing but brackets keeps them.
fn tag(words: &str) -> Option<&str> {
    let inside = words.strip_prefix('[')?;
    let end = inside.char_indices().take(40).find(|(_, c)| matches!(c, ']' | '['))?;
    let rest = inside[end.0..].strip_prefix(']')?.trim_start();
    // A number in brackets is a ticket, not the name of a list.
    (!rest.is_empty() && !inside[..end.0].bytes().any(|b| b.is_ascii_digit())).then_some(rest)
}

/// What programs put before the subject of an answer that nobody wrote.
const AUTOMATIC: [&str; 14] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "out of office",
    "out of the office",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesend",
    "réponse automatique",
    "respuesta automática",
    "risposta automatica",
    "automatisch antwoord",
    "resposta automática",
];

/// Whether a subject says that a program answered.
pub fn is_automatic(subject: &str) -> bool {
    let start: String = subject.trim_start().chars().take(24).flat_map(char::to_lowercase).collect();
    AUTOMATIC.iter().any(|known| start.starts_with(known))
}

/// The words in lower case with single blanks between them, for comparing.
pub fn fold(words: &str) -> String {
    let mut folded = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    let end = folded.trim_end_matches(['.', ' ', '!']).len();
    folded.truncate(end);
    folded
}

#[cfg(test)]
mod tests {
    use super::{Opening, base, fold};

    #[test]
    fn marks_of_answers_are_taken_away() {
        let of = |subject| (base(subject).words, base(subject).opening);
        assert_eq!(of("Re: [Rd] RE[2]: Antw: Offer"), ("Offer", Opening::Answer));
        assert_eq!(of("Fwd: AW: Offer"), ("Offer", Opening::Answer));
        assert_eq!(of("WG: Offer (fwd)"), ("Offer", Opening::PassedOn));
        assert_eq!(of("Re^3: Offer"), ("Offer", Opening::Answer));
        assert_eq!(of("Return: Offer"), ("Return: Offer", Opening::New));
        assert_eq!(of("[#4711] Printer"), ("[#4711] Printer", Opening::New));
        assert_eq!(of("[all]"), ("[all]", Opening::New));
        assert_eq!(of("Re:"), ("", Opening::Answer));
        assert_eq!(of("回复：订单"), ("订单", Opening::Answer));
        assert_eq!(fold("The  OFFER\tof today. "), "the offer of today");
    }

    #[test]
    fn hostile_subjects_end() {
        assert_eq!(base(&"Re: ".repeat(100_000)).opening, Opening::Answer);
        base(&"[".repeat(100_000));
        base(&"é".repeat(10));
    }
}
