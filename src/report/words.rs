//! The words a client reads (DESIGN section 1).

use crate::model::reading::{Class, Use};

/// A class in the client's words.
pub fn class(class: Class) -> &'static str {
    match class {
        Class::Workflow => "process",
        Class::Document => "document",
        Class::Task => "task",
        Class::Correspondence => "correspondence",
        Class::Bulk => "announcements and automatic mail",
        Class::Unsure => "unsure",
    }
}

/// A use in the client's words.
pub fn usage(usage: Use) -> &'static str {
    match usage {
        Use::Workflow => "process",
        Use::Document => "document",
        Use::Task => "task",
    }
}

/// The word of `message.class` in the client's words; a word this program does not know stays.
pub fn class_word(word: &str) -> &str {
    match Class::from_word(word) {
        Some(known) => class(known),
        None => word,
    }
}

/// Words of `message_use.use`, blank between, in the client's words, `; ` between.
pub fn use_words(words: &str) -> String {
    let word =
        |word: &str| Use::ALL.into_iter().find(|u| u.as_str() == word).map_or(word.to_owned(), |u| usage(u).into());
    words.split(' ').filter(|w| !w.is_empty()).map(word).collect::<Vec<String>>().join("; ")
}

/// Names of signals, blank between, as words, `; ` between: `approval_asked` is read as `approval asked`.
pub fn signal_words(names: &str) -> String {
    names.split(' ').filter(|n| !n.is_empty()).map(|n| n.replace('_', " ")).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::{class_word, signal_words, use_words};

    #[test]
    fn clients_read_their_own_words() {
        assert_eq!(class_word("bulk"), "announcements and automatic mail");
        assert_eq!(use_words("workflow task"), "process; task");
        assert_eq!(signal_words("approval_asked due_date"), "approval asked; due date");
        assert_eq!(signal_words(""), "");
    }
}
