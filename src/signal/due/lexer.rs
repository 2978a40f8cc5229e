//! Words, numbers and marks of a sentence.

use std::borrow::Cow;

/// A word in lower case, a number or a mark.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub start: usize,
    pub end: usize,
    /// The word or mark; for a number its digits.
    pub word: Cow<'a, str>,
    /// Up to eight digits.
    pub number: Option<u32>,
    /// The digits.
    pub digits: usize,
    /// "15th", "1er": an ordinal.
    pub ordinal: bool,
    /// White space stands before it.
    pub spaced: bool,
    /// Begins with a capital.
    pub capital: bool,
    /// A time can begin with it.
    pub begins: bool,
}

/// The first `most` tokens. An apostrophe between letters belongs to the word; hyphens are marks.
pub(super) fn tokens(text: &str, most: usize) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut spaced = true;
    let mut at = 0;
    while at < text.len() && all.len() < most {
        let Some(first) = text[at..].chars().next() else { break };
        if first.is_whitespace() {
            spaced = true;
            at += first.len_utf8();
            continue;
        }
        let token = if first.is_ascii_digit() {
            number(text, at)
        } else if first.is_alphabetic() {
            word(text, at)
        } else {
            let end = at + first.len_utf8();
            let word = if matches!(first, '\u{2013}' | '\u{2014}') { "-" } else { &text[at..end] };
            plain(at, end, Cow::Borrowed(word))
        };
        at = token.end;
        let begins = token.number.is_some() || super::begin::can_begin(&token.word);
        all.push(Token { spaced, begins, ..token });
        spaced = false;
    }
    all
}

fn plain(start: usize, end: usize, word: Cow<'_, str>) -> Token<'_> {
    Token { start, end, word, number: None, digits: 0, ordinal: false, spaced: false, capital: false, begins: false }
}

fn number(text: &str, start: usize) -> Token<'_> {
    let bytes = text.as_bytes();
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = start + digits;
    let letters = text[end..].bytes().take_while(u8::is_ascii_alphabetic).count();
    let suffix = text[end..end + letters].to_ascii_lowercase();
    let follows = text[end + letters..].chars().next().is_some_and(char::is_alphabetic);
    let ordinal = !follows && matches!(suffix.as_str(), "st" | "nd" | "rd" | "th" | "er");
    if ordinal {
        end += letters;
    }
    let word = Cow::Borrowed(&text[start..start + digits]);
    let number = (digits <= 8).then(|| word.parse().ok()).flatten();
    Token { number, digits, ordinal, ..plain(start, end, word) }
}

fn word(text: &str, start: usize) -> Token<'_> {
    let rest = &text[start..];
    let mut end = rest.len();
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner = matches!(c, '\'' | '\u{2019}') && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !c.is_alphabetic() && !inner {
            end = at;
            break;
        }
    }
    let written = &rest[..end];
    let capital = written.chars().next().is_some_and(char::is_uppercase);
    let plain_lower = written.bytes().all(|byte| byte.is_ascii_lowercase());
    let word =
        if plain_lower { Cow::Borrowed(written) } else { Cow::Owned(written.to_lowercase().replace('\u{2019}', "'")) };
    Token { capital, ..plain(start, start + end, word) }
}
