//! Names in a maildir: flags, keywords and folder names (<https://cr.yp.to/proto/maildir.html>, Maildir++, Dovecot).

/// Splits `1684.M1P2.host,S=99:2,RS` into the unique part and the info part.
/// The separator is `:`, and `;` or `!` where the file system forbids that.
pub fn split_name(name: &[u8]) -> (&[u8], Option<&[u8]>) {
    let at = name.windows(3).rposition(|w| matches!(w[0], b':' | b';' | b'!') && w[1] == b'2' && w[2] == b',');
    match at {
        Some(at) => (&name[..at], Some(&name[at + 3..])),
        None => (name, None),
    }
}

/// IMAP flags of a message in `cur`, sorted; `keywords[0]` is the keyword of the letter `a`.
pub fn flags(name: &[u8], keywords: &[String]) -> Vec<String> {
    let mut flags = Vec::new();
    for letter in split_name(name).1.unwrap_or_default() {
        let flag = match letter {
            b'D' => "\\Draft",
            b'F' => "\\Flagged",
            b'P' => "$Forwarded",
            b'R' => "\\Answered",
            b'S' => "\\Seen",
            b'T' => "\\Deleted",
            b'a'..=b'z' => match keywords.get(usize::from(letter - b'a')) {
                Some(keyword) if !keyword.is_empty() => keyword,
                _ => continue,
            },
            _ => continue,
        };
        flags.push(flag.to_owned());
    }
    flags.sort();
    flags.dedup();
    flags
}

/// The delivery time at the start of a maildir file name, Unix seconds.
pub fn delivered_at(name: &[u8]) -> Option<i64> {
    let digits = name.iter().take_while(|b| b.is_ascii_digit()).count();
    if !(9..=10).contains(&digits) || name.get(digits) != Some(&b'.') {
        return None;
    }
    std::str::from_utf8(&name[..digits]).ok()?.parse().ok()
}

/// Reads a `dovecot-keywords` file: lines `0 $Label1`, the number is that of the letter.
pub fn dovecot_keywords(text: &str) -> Vec<String> {
    let mut keywords = vec![String::new(); 26];
    for line in text.lines() {
        if let Some((number, word)) = line.split_once(' ')
            && let Some(slot) = number.parse::<usize>().ok().and_then(|n| keywords.get_mut(n))
        {
            *slot = word.trim().to_owned();
        }
    }
    keywords
}

/// Folder levels of a Maildir++ directory name: `.INBOX.Entw&APw-rfe` is `INBOX`, `Entwürfe` (RFC 3501 section 5.1.3).
/// A name that is no modified UTF-7 stays as it is.
pub fn folder_levels(name: &str) -> Vec<String> {
    name.trim_start_matches('.').split('.').filter(|level| !level.is_empty()).map(decode_folder).collect()
}

/// One folder name from modified UTF-7; a name that is none stays as it is.
pub fn decode_folder(name: &str) -> String {
    let bytes = name.as_bytes();
    // Only names with a well-formed shift are decoded: `R&D` is a folder, not an encoding.
    let shifted = bytes.iter().enumerate().all(|(at, &b)| {
        b != b'&' || {
            let rest = &bytes[at + 1..];
            let run = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b',')).count();
            rest.get(run) == Some(&b'-') && (run == 0 || run * 6 / 16 * 16 + 5 >= run * 6)
        }
    });
    if !name.is_ascii() || !bytes.contains(&b'&') || !shifted {
        return name.to_owned();
    }
    utf7_imap::decode_utf7_imap(name.to_owned())
}

/// `Folder_2Esub` is `Folder.sub`; an underscore without two hexadecimal digits after it stays.
pub fn unescape_underscores(name: &str) -> String {
    let mut text = Vec::new();
    let mut rest = name.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| byte == b'_') {
            Some(escaped) if escaped >= b' ' => {
                text.push(escaped);
                rest = &after[2..];
            }
            _ => {
                text.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(text).unwrap_or_else(|_| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_follows_any_of_three_separators() {
        for name in ["1684.M1P2.host:2,RS", "1684.M1P2.host;2,RS", "1684.M1P2.host!2,RS"] {
            assert_eq!(flags(name.as_bytes(), &[]), ["\\Answered", "\\Seen"], "{name}");
            assert_eq!(split_name(name.as_bytes()).0, b"1684.M1P2.host");
        }
        assert_eq!(split_name(b"1684.host,S=12"), (&b"1684.host,S=12"[..], None));
    }

    #[test]
    fn letters_are_dovecot_keywords() {
        let keywords = dovecot_keywords("0 $Label1\n1 invoice\n");
        assert_eq!(flags(b"1.h:2,FSab", &keywords), ["$Label1", "\\Flagged", "\\Seen", "invoice"]);
        assert_eq!(flags(b"1.h:2,c", &keywords), Vec::<String>::new());
    }

    #[test]
    fn folder_names_are_modified_utf7() {
        assert_eq!(folder_levels(".INBOX.Entw&APw-rfe"), ["INBOX", "Entwürfe"]);
        assert_eq!(folder_levels(".R&D"), ["R&D"]);
        assert_eq!(folder_levels(".A &- B"), ["A & B"]);
        // RFC 3501 section 5.1.3: the mixed English, Japanese and Chinese example.
        assert_eq!(decode_folder("~peter/mail/&ZeVnLIqe-/&U,BTFw-"), "~peter/mail/日本語/台北");
    }

    #[test]
    fn delivery_time_is_the_first_number() {
        assert_eq!(delivered_at(b"1684230000.M1P2.host:2,S"), Some(1_684_230_000));
        assert_eq!(delivered_at(b"17"), None);
        assert_eq!(delivered_at(b"2001.txt"), None);
    }
}
