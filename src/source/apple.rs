//! Names and property lists of Apple Mail (.emlx; the bits of `flags` as Jamie Zawinski found them out).

use std::path::Path;

use memchr::memmem;

/// What the property list of an .emlx says of its message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropertyList {
    /// Sorted IMAP flags.
    pub flags: Vec<String>,
    /// When it was received, Unix seconds.
    pub received_at: Option<i64>,
}

impl PropertyList {
    /// Reads what follows the message in an .emlx.
    pub fn read(xml: &[u8]) -> PropertyList {
        let bits = number_of(xml, "flags").unwrap_or(0);
        const BITS: [(i64, &str); 8] = [
            (1 << 0, "\\Seen"),
            (1 << 1, "\\Deleted"),
            (1 << 2, "\\Answered"),
            (1 << 4, "\\Flagged"),
            (1 << 6, "\\Draft"),
            (1 << 8, "$Forwarded"),
            (1 << 24, "$Junk"),
            (1 << 25, "$NotJunk"),
        ];
        let mut flags: Vec<String> =
            BITS.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, flag)| flag.to_string()).collect();
        flags.sort();
        PropertyList { flags, received_at: number_of(xml, "date-received").filter(|&seconds| seconds > 0) }
    }
}

/// The number under `key`, whatever element it stands in.
fn number_of(xml: &[u8], key: &str) -> Option<i64> {
    let key = format!("<key>{key}</key>");
    let rest = &xml[memmem::find(xml, key.as_bytes())? + key.len()..];
    let rest = rest.trim_ascii_start().strip_prefix(b"<")?;
    let value = rest[memchr::memchr(b'>', rest)? + 1..].trim_ascii_start();
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&value[..digits]).ok()?.parse().ok()
}

/// For `…/Attachments/<id>/<part>/<name>` the id and the directory that holds `Attachments`.
pub fn attachment_place(path: &Path) -> Option<(&str, &Path)> {
    let part = path.parent()?;
    let id = part.parent()?;
    let attachments = id.parent()?;
    let is_part = part.file_name()?.to_str()?.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let id = id.file_name()?.to_str()?;
    let is_id = id.bytes().all(|b| b.is_ascii_digit());
    let fits = is_part && is_id && attachments.file_name()? == "Attachments";
    fits.then_some((id, attachments.parent()?))
}

/// The id of a message that Apple Mail stored without its attachments: `12.partial.emlx`.
pub fn partial_id(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    name.strip_suffix(".partial.emlx").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_flags() {
        let xml = b"<dict>\n\t<key>date-received</key>\n\t<integer>1303394185</integer>\n\t<key>flags</key>\n\t\
                    <integer>25803555845</integer>\n</dict>";
        let list = PropertyList::read(xml);
        assert_eq!(list.flags, ["$NotJunk", "\\Answered", "\\Seen"]);
        assert_eq!(list.received_at, Some(1_303_394_185));
        assert_eq!(PropertyList::read(b"<key>flags</key>").flags, Vec::<String>::new());
        assert_eq!(PropertyList::read(b"<key>flags</key><string>16</string>").flags, ["\\Flagged"]);
    }

    #[test]
    fn attachments_have_their_place() {
        let (id, folder) = attachment_place(Path::new("/a/Data/Attachments/12/2.2/plan.pdf")).unwrap();
        assert_eq!((id, folder), ("12", Path::new("/a/Data")));
        assert_eq!(attachment_place(Path::new("/a/Attachments/12/plan.pdf")), None);
    }
}
