//! Flags and labels that a mail store writes into the headers of the messages it keeps.

use crate::model::message::Facts;

/// How many bytes of a message are looked at for them.
const HEAD_BYTES: usize = 64 << 10;

/// Sorted IMAP flags and keywords from `Status`, `X-Status`, `X-Keywords`, `X-Mozilla-Status` and `X-Mozilla-Keys`,
/// and the labels of `X-Gmail-Labels`, from the headers of the message as stored.
pub fn read(stored: &[u8], facts: &Facts) -> (Vec<String>, Vec<String>) {
    let mut flags = Vec::new();
    let head = &stored[..stored.len().min(HEAD_BYTES)];
    for line in head.split(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        let (name, value) = (&line[..colon], String::from_utf8_lossy(&line[colon + 1..]));
        let value = value.trim();
        if name.eq_ignore_ascii_case(b"Status") {
            flags.extend(value.contains('R').then(|| "\\Seen".to_owned()));
        } else if name.eq_ignore_ascii_case(b"X-Status") {
            flags.extend(value.chars().filter_map(x_status));
        } else if name.eq_ignore_ascii_case(b"X-Mozilla-Status") {
            flags.extend(mozilla_status(u32::from_str_radix(value, 16).unwrap_or(0)));
        } else if name.eq_ignore_ascii_case(b"X-Mozilla-Status2") {
            let bits = u32::from_str_radix(value, 16).unwrap_or(0);
            flags.extend((bits & 0x0001_0000 != 0).then(|| "$New".to_owned()));
        } else if name.eq_ignore_ascii_case(b"X-Keywords") || name.eq_ignore_ascii_case(b"X-Mozilla-Keys") {
            flags.extend(value.split_ascii_whitespace().map(str::to_owned));
        }
    }
    let labels = facts.header("X-Gmail-Labels").map(split_labels).unwrap_or_default();
    if !labels.is_empty() {
        flags.extend(gmail_flags(&labels));
    }
    flags.sort();
    flags.dedup();
    (flags, labels)
}

fn x_status(letter: char) -> Option<String> {
    let flag = match letter {
        'A' => "\\Answered",
        'F' => "\\Flagged",
        'D' => "\\Deleted",
        'T' => "\\Draft",
        _ => return None,
    };
    Some(flag.to_owned())
}

/// The bits of X-Mozilla-Status that say what a person did with the message.
fn mozilla_status(bits: u32) -> Vec<String> {
    const BITS: [(u32, &str); 5] = [
        (0x0001, "\\Seen"),
        (0x0002, "\\Answered"),
        (0x0004, "\\Flagged"),
        (0x0008, "\\Deleted"),
        (0x1000, "$Forwarded"),
    ];
    BITS.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, flag)| flag.to_owned()).collect()
}

/// Divides at commas outside quotation marks.
fn split_labels(value: &str) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    let mut label = String::new();
    let mut quoted = false;
    let mut chars = value.chars().chain([',']).peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|next| matches!(next, '"' | '\'')) => label.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => {
                let name = std::mem::take(&mut label).trim().to_owned();
                if !name.is_empty() && !labels.contains(&name) {
                    labels.push(name);
                }
            }
            _ => label.push(c),
        }
    }
    if !label.trim().is_empty() {
        labels.push(label.trim().trim_end_matches(',').to_owned());
    }
    labels
}

/// What Gmail's own labels say of the state of a message, in the languages of its exports that we know.
fn gmail_flags(labels: &[String]) -> Vec<String> {
    let has = |names: &[&str]| labels.iter().any(|label| names.iter().any(|name| label.eq_ignore_ascii_case(name)));
    let mut flags = Vec::new();
    if !has(&["Unread", "Ungelesen", "Non lus", "No leído", "Ongelezen", "Da leggere", "Não lida"]) {
        flags.push("\\Seen".to_owned());
    }
    if has(&["Starred", "Markiert", "Suivis", "Destacados", "Met ster", "Speciali", "Com estrela"]) {
        flags.push("\\Flagged".to_owned());
    }
    if has(&["Drafts", "Entwürfe", "Brouillons", "Borradores", "Concepten", "Bozze", "Rascunhos"]) {
        flags.push("\\Draft".to_owned());
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_quotes_divide_nothing() {
        assert_eq!(split_labels("Inbox,\"Offers, open\",Opened"), ["Inbox", "Offers, open", "Opened"]);
        assert_eq!(split_labels(r#"\'single,"a \"b\", c""#), ["'single", "a \"b\", c"]);
        assert_eq!(split_labels("\"never closed, label"), ["never closed, label"]);
    }

    #[test]
    fn mozilla_bits_are_flags() {
        assert_eq!(mozilla_status(0x0009), ["\\Seen", "\\Deleted"]);
        assert_eq!(mozilla_status(0x1003), ["\\Seen", "\\Answered", "$Forwarded"]);
    }
}
