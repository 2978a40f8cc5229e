//! Files told by their first bytes: stores of other programs, archives, and what is surely no mail.

use memchr::memmem;

/// What the first bytes of a file say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Binary {
    /// Belongs to a mail store without holding messages.
    Support(&'static str),
    /// Holds mail or items, or may hold them, and is not read by this version.
    Unsupported(&'static str),
    /// Neither.
    Other,
}

/// First bytes of stores and archives.
const STORES: &[(&[u8], &str)] = &[
    (b"!BDN", "Outlook data file (PST or OST)"),
    (b"\xCF\xAD\x12\xFE", "Outlook Express folder (DBX)"),
    (b"\x1A\x00\x00\x04\x00\x00", "Lotus Notes database (NSF)"),
    (b"*mbx*\r\n", "UW-IMAP mailbox (mbx)"),
    (b"*mix*", "Panda IMAP mailbox (mix)"),
    (b"BABYL OPTIONS:", "Emacs Rmail file (Babyl)"),
    (b"\x01\x01\x01\x01\n", "MMDF mailbox"),
    (b"\x01\x01\x01\x01\r\n", "MMDF mailbox"),
    (b"\x10\x10\x10\x10\x10\x10\x11\x11\x11\x11\x11\x11", "Foxmail mailbox"),
    (b"\x1F\x8B", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xFD7zXZ\x00", "xz archive"),
    (b"\x28\xB5\x2F\xFD", "Zstandard archive"),
    (b"7z\xBC\xAF\x27\x1C", "7-Zip archive"),
    (b"Rar!\x1A\x07", "RAR archive"),
    (b"\x04\x22\x4D\x18", "LZ4 archive"),
    (b"\x1F\x9D", "compress archive"),
    (b"MSCF\0\0\0\0", "Windows cabinet"),
    (b"-----BEGIN PGP MESSAGE-----", "encrypted file (OpenPGP)"),
    (b"Salted__", "encrypted file (OpenSSL)"),
];

/// First bytes of what mail stores keep beside their messages.
const SUPPORT: &[(&[u8], &str)] = &[
    (b"// <!-- <mdb:mork", "Thunderbird summary (Mork)"),
    (b"\x00\x05\x16\x07", "AppleDouble"),
    (b"\x00\x00\x00\x01Bud1", "macOS folder view"),
    (b"OFFLINEIMAP LocalStatus", "OfflineIMAP"),
];

/// First bytes of what is surely no mail.
const OTHERS: &[&[u8]] = &[
    b"\x89PNG\r\n\x1A\n",
    b"\xFF\xD8\xFF",
    b"GIF87a",
    b"GIF89a",
    b"%PDF-",
    b"\x7FELF",
    b"MZ\x90\0",
    b"SQLite format 3\0",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"\x78\x9F\x3E\x22",
    b"bplist00",
    b"PK\x05\x06",
];

/// What the first bytes say; `None` if they say nothing. The name helps only where a file is too large to see enough.
pub(super) fn of(head: &[u8], name: &[u8]) -> Option<Binary> {
    if let Some((_, what)) = SUPPORT.iter().find(|(start, _)| head.starts_with(start)) {
        return Some(Binary::Support(what));
    }
    if let Some((_, what)) = STORES.iter().find(|(start, _)| head.starts_with(start)) {
        return Some(Binary::Unsupported(what));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some(zip(head));
    }
    if is_dbox(head) {
        return Some(Binary::Unsupported("Dovecot dbox"));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(Binary::Unsupported("tar archive"));
    }
    if head.get(4..8) == Some(b"\xEF\xCD\xAB\x89") {
        return Some(Binary::Unsupported("Exchange database (EDB)"));
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Some(compound_file(head, name));
    }
    OTHERS.iter().any(|start| head.starts_with(start)).then_some(Binary::Other)
}

/// A line such as `2 M1e C5f0a1b2c`, then the mark of the first message.
fn is_dbox(head: &[u8]) -> bool {
    let Some(end) = head.iter().take(256).position(|&b| b == b'\n') else { return false };
    let versioned = head.first().is_some_and(u8::is_ascii_digit) && head.get(1) == Some(&b' ');
    versioned && memmem::find(&head[..end], b" C").is_some() && head[end + 1..].starts_with(b"\x01\x02N")
}

/// A zip is read as an archive unless its first entries are those of a document or program.
fn zip(head: &[u8]) -> Binary {
    let documents: [&[u8]; 9] = [
        b"[Content_Types].xml",
        b"_rels/",
        b"docProps/",
        b"word/",
        b"xl/",
        b"ppt/",
        b"mimetype",
        b"META-INF/",
        b"AndroidManifest.xml",
    ];
    for at in memmem::find_iter(head, b"PK\x03\x04").take(8) {
        let Some(entry) = head.get(at + 26..) else { break };
        let Some(&[low, high]) = entry.first_chunk::<2>() else { break };
        let length = usize::from(u16::from_le_bytes([low, high]));
        let Some(name) = entry.get(4..4 + length) else { break };
        if documents.iter().any(|start| name.starts_with(start)) {
            return Binary::Other;
        }
        if name.starts_with(b"Local/com.microsoft") || name == b"Categories.xml" {
            return Binary::Unsupported("Outlook for Mac archive (OLM)");
        }
    }
    Binary::Unsupported("zip archive")
}

/// An OLE compound file is an Outlook message if its directory names the streams of one ([MS-OXMSG] section 2.2).
fn compound_file(head: &[u8], name: &[u8]) -> Binary {
    let wide = |text: &str| -> Vec<u8> { text.bytes().flat_map(|b| [b, 0]).collect() };
    let is_message = ["__nameid_version1.0", "__substg1.0_", "__properties_version1.0"]
        .iter()
        .any(|stream| memmem::find(head, &wide(stream)).is_some());
    let directory_seen = directory_offset(head).is_some_and(|at| at + 512 <= head.len() as u64);
    let named_so = name.to_ascii_lowercase().ends_with(b".msg");
    if is_message || (named_so && !directory_seen) {
        Binary::Unsupported("Outlook message (MSG)")
    } else {
        Binary::Other
    }
}

/// Where the directory of a compound file starts ([MS-CFB] section 2.2).
fn directory_offset(head: &[u8]) -> Option<u64> {
    let shift = u16::from_le_bytes(*head.get(30..)?.first_chunk()?);
    let sector = u32::from_le_bytes(*head.get(48..)?.first_chunk()?);
    (7..=16).contains(&shift).then(|| (u64::from(sector) + 1) << shift)
}
