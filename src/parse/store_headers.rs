//! Flags and labels that a mail store writes into the headers of the messages it keeps.

use super::word;

/// How many bytes of a message are looked at for them.
const HEAD_BYTES: usize = 64 << 10;
/// And how many fields.
const FIELDS_LIMIT: usize = 1000;

/// Sorted IMAP flags and keywords from `Status`, `X-Status`, `X-Keywords`, `X-Mozilla-Status` and `X-Mozilla-Keys`,
/// and the labels of `X-Gmail-Labels`, from the headers of the message as stored: what a store added is no part of the
/// recovered message.
pub fn read(stored: &[u8]) -> (Vec<String>, Vec<String>) {
    let mut flags = Vec::new();
    let mut labels = Vec::new();
    for (name, value) in fields(&stored[..stored.len().min(HEAD_BYTES)]) {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        let text = || String::from_utf8_lossy(value.trim_ascii());
        let bits = || u32::from_str_radix(&text(), 16).unwrap_or(0);
        if is("Status") {
            flags.extend(text().contains('R').then(|| "\\Seen".to_owned()));
        } else if is("X-Status") {
            flags.extend(text().chars().filter_map(x_status));
        } else if is("X-Mozilla-Status") {
            flags.extend(mozilla_status(bits()));
        } else if is("X-Mozilla-Status2") {
            flags.extend((bits() & 0x0001_0000 != 0).then(|| "$New".to_owned()));
        } else if is("X-Keywords") || is("X-Mozilla-Keys") {
            flags.extend(text().split_ascii_whitespace().map(str::to_owned));
        } else if is("X-Gmail-Labels") && labels.is_empty() {
            labels = split_labels(&word::decode(&word::unfold(value)));
        }
    }
    if !labels.is_empty() {
        flags.extend(gmail_flags(&labels));
    }
    flags.sort();
    flags.dedup();
    (flags, labels)
}

/// Gmail's number of the conversation, which Takeout writes before the message.
pub fn gmail_thread(stored: &[u8]) -> Option<String> {
    let head = &stored[..stored.len().min(1 << 10)];
    // Takeout's are the first two headers; no other mailbox pays for looking further.
    let mut known = fields_up_to(head, 3).into_iter();
    let (_, value) = known.find(|(name, _)| name.eq_ignore_ascii_case(b"X-GM-THRID"))?;
    super::conversation::gmail(&String::from_utf8_lossy(value))
}

/// Names and folded values of the fields before the first empty line, whatever the line ends are.
fn fields(head: &[u8]) -> Vec<(&[u8], &[u8])> {
    fields_up_to(head, FIELDS_LIMIT)
}

fn fields_up_to(head: &[u8], limit: usize) -> Vec<(&[u8], &[u8])> {
    let mut fields = Vec::new();
    let mut rest = head;
    while fields.len() < limit {
        let mut end = line_length(rest);
        if rest[..end].trim_ascii().is_empty() {
            break;
        }
        // A field goes on in lines that start with a blank.
        while matches!(rest.get(end), Some(b' ' | b'\t')) {
            end += line_length(&rest[end..]);
        }
        let (field, after) = rest.split_at(end);
        rest = after;
        if let Some(colon) = memchr::memchr(b':', field) {
            fields.push((field[..colon].trim_ascii_end(), &field[colon + 1..]));
        }
    }
    fields
}

fn line_length(text: &[u8]) -> usize {
    let Some(at) = memchr::memchr2(b'\n', b'\r', text) else { return text.len() };
    at + if text[at..].starts_with(b"\r\n") { 2 } else { 1 }
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
    fn labels_are_decoded_as_a_whole_with_any_line_end() {
        let value = "=?UTF-8?Q?Ablage,\"3._Kult?=\n =?UTF-8?Q?ur,_M=C3=BChle\",Wichtig?=";
        let head = format!("X-GM-THRID: 1\nX-Gmail-Labels: {value}\nTo: a\n\nX-Gmail-Labels: no\n");
        for line_end in ["\n", "\r\n", "\r"] {
            let (_, labels) = read(head.replace('\n', line_end).as_bytes());
            assert_eq!(labels, ["Ablage", "3. Kultur, Mühle", "Wichtig"], "{line_end:?}");
        }
    }

    #[test]
    fn mozilla_bits_are_flags() {
        assert_eq!(mozilla_status(0x0009), ["\\Seen", "\\Deleted"]);
        assert_eq!(mozilla_status(0x1003), ["\\Seen", "\\Answered", "$Forwarded"]);
    }
}
