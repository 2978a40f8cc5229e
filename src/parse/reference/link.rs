//! Links to documents and file shares in a text and in the tags of HTML.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::memmem;

use super::insensitive;

/// Longest link, in bytes; longer ones carry data, not a place.
const LINK_BYTES: usize = 1000;

/// What kind of place a link names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LinkKind {
    /// A URL.
    Url,
    /// A UNC path, `\\host\share\…` or `file://host/share/…`.
    Unc,
    /// A path on a mapped drive, `H:\…`.
    Drive,
}

impl LinkKind {
    /// The word in `document_link.kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            LinkKind::Url => "url",
            LinkKind::Unc => "unc",
            LinkKind::Drive => "drive",
        }
    }
}

/// A link to a document or a file share. Hostile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// What kind of place.
    pub kind: LinkKind,
    /// As written.
    pub target: String,
    /// Lower-case; the letter and colon of a drive.
    pub host: String,
}

/// Every link to a document in a text.
pub(super) fn links(text: &str, each: &mut dyn FnMut(Link)) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = memchr::memchr2(b':', b'\\', &bytes[from..]).map(|at| from + at) {
        from = at + 1;
        if bytes[at] == b':' && bytes[at..].starts_with(b"://") {
            let start = scheme_start(bytes, at);
            let end = end_of(text, start);
            from = end.max(at + 1);
            match text[start..at].to_ascii_lowercase().as_str() {
                "http" | "https" | "ftp" | "ftps" => url(&text[start..end]).into_iter().for_each(&mut *each),
                "file" => file_url(&text[start..end]).into_iter().for_each(&mut *each),
                _ => {}
            }
        } else if bytes[at] == b':' && bytes.get(at + 1) == Some(&b'\\') {
            let alone = at == 1 || at > 1 && !bytes[at - 2].is_ascii_alphanumeric();
            // C: is the writer's own disk.
            if at > 0 && alone && matches!(bytes[at - 1].to_ascii_uppercase(), b'D'..=b'Z') {
                let end = end_of(text, at - 1);
                from = end.max(at + 1);
                path(LinkKind::Drive, &text[at - 1..end]).into_iter().for_each(&mut *each);
            }
        } else if bytes[at..].starts_with(b"\\\\") {
            let end = end_of(text, at);
            from = end.max(at + 2);
            let alone =
                at == 0 || matches!(bytes[at - 1], b' ' | b'\n' | b'\t' | b'<' | b'"' | b'\'' | b'(' | b':' | b'[');
            if alone {
                path(LinkKind::Unc, &text[at..end]).into_iter().for_each(&mut *each);
            }
        }
    }
}

fn scheme_start(bytes: &[u8], colon: usize) -> usize {
    let letters = bytes[..colon].iter().rev().take(5).take_while(|b| b.is_ascii_alphabetic()).count();
    colon - letters
}

/// Where a link that starts here ends: at the bracket or quote that opened before it, else at a blank; a path may hold
/// single blanks before its last `.doc`.
fn end_of(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let limit = (start + LINK_BYTES).min(bytes.len());
    let line = memchr::memchr(b'\n', &bytes[start..limit]).map_or(limit, |at| start + at);
    let close = match start.checked_sub(1).map(|at| bytes[at]) {
        Some(b'<') => Some(b'>'),
        Some(b'"') => Some(b'"'),
        Some(b'[') => Some(b']'),
        _ => None,
    };
    let mut end = close.and_then(|close| memchr::memchr(close, &bytes[start..line])).map(|at| start + at);
    if end.is_none() {
        let blank = |at: usize| bytes[at].is_ascii_whitespace() || matches!(bytes[at], b'<' | b'>' | b'"');
        let word = (start..line).find(|at| blank(*at)).unwrap_or(line);
        let is_path = bytes[start] == b'\\' || bytes.get(start + 1) == Some(&b':');
        end = Some(if is_path { path_end(&bytes[start..line]).map_or(word, |at| start + at) } else { word });
    }
    let mut end = end.unwrap_or(line);
    while end > start
        && (!text.is_char_boundary(end)
            || matches!(bytes[end - 1], b'.' | b',' | b';' | b')' | b'\'' | b' ' | b'!' | b'?' | b':'))
    {
        end -= 1;
    }
    end
}

/// The end of the first document name in a path that may hold blanks.
fn path_end(line: &[u8]) -> Option<usize> {
    for at in memchr::memchr_iter(b'.', line) {
        let extension: Vec<u8> = line[at + 1..]
            .iter()
            .take(6)
            .take_while(|b| b.is_ascii_alphanumeric())
            .map(u8::to_ascii_lowercase)
            .collect();
        let stops = line[..at].windows(2).any(|two| two == b"  ") || line[..at].iter().any(|b| b"<>\"|".contains(b));
        if stops {
            return None;
        }
        if std::str::from_utf8(&extension).is_ok_and(is_document_extension) {
            return Some(at + 1 + extension.len());
        }
    }
    None
}

fn path(kind: LinkKind, target: &str) -> Option<Link> {
    let host = match kind {
        LinkKind::Drive => {
            let rest = target.get(3..)?;
            // A tab or a blank is no file name, `n:\n` no path.
            (rest.len() >= 3).then(|| target.get(..2)).flatten()?.to_lowercase()
        }
        _ => {
            let rest = target.trim_start_matches('\\');
            let (host, share) = rest.split_once('\\')?;
            let named = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.$".contains(&b));
            (named && !host.is_empty() && !share.is_empty()).then(|| host.to_lowercase())?
        }
    };
    Some(Link { kind, target: target.to_owned(), host })
}

fn file_url(target: &str) -> Option<Link> {
    let rest = target.get(7..)?.trim_start_matches(['/', '\\']);
    let (host, share) = rest.split_once(['/', '\\'])?;
    if share.is_empty() || host.is_empty() {
        return None;
    }
    let drive = host.len() == 2 && host.ends_with([':', '|']);
    let kind = if drive { LinkKind::Drive } else { LinkKind::Unc };
    Some(Link { kind, target: target.to_owned(), host: host.to_lowercase().replace('|', ":") })
}

fn url(target: &str) -> Option<Link> {
    let (_, rest) = target.split_once("://")?;
    let split = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(split);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    if host.is_empty() || !host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b >= 0x80) {
        return None;
    }
    let tail = tail.to_ascii_lowercase();
    let (place, query) = tail.split_once('?').unwrap_or((&tail, ""));
    if NO_DOCUMENT.is_match(&tail) {
        return None;
    }
    let place = place.split('#').next().unwrap_or_default();
    let extension = place.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, e)| e);
    let is_share = SHARES.iter().any(|share| match share.strip_prefix('*') {
        Some(part) => host.contains(part),
        None => host == *share || host.strip_suffix(share).is_some_and(|rest| rest.ends_with('.')),
    });
    let intranet =
        !host.contains('.') && host != "localhost" && host.bytes().any(|b| b.is_ascii_alphabetic()) && place.len() > 1;
    let names_one = is_document_extension(extension)
        || DOCUMENT_PLACES.iter().any(|part| place.contains(part))
        || query.split('&').any(|one| one.rsplit_once('.').is_some_and(|(_, e)| is_document_extension(e)));
    (names_one || (is_share && place.len() > 1) || intranet).then(|| Link {
        kind: LinkKind::Url,
        target: target.to_owned(),
        host,
    })
}

/// Hosts where people keep files; `*` stands for anything before and behind.
const SHARES: [&str; 19] = [
    "sharepoint.com",
    "onedrive.live.com",
    "1drv.ms",
    "drive.google.com",
    "docs.google.com",
    "dropbox.com",
    "db.tt",
    "box.com",
    "wetransfer.com",
    "we.tl",
    "sharefile.com",
    "egnyte.com",
    "mediafire.com",
    "*nextcloud",
    "*owncloud",
    "*sharepoint",
    "hightail.com",
    "yousendit.com",
    "egroupware.org",
];

/// Parts of addresses that name a document or its folder.
const DOCUMENT_PLACES: [&str; 6] =
    ["/_layouts/", "/shared documents/", "/shared%20documents/", "/index.php/s/", "/livelink", "/webdav/"];

static NO_DOCUMENT: LazyLock<AhoCorasick> = LazyLock::new(|| {
    insensitive(&[
        "unsubscri",
        "optout",
        "opt-out",
        "opt_out",
        "abmelde",
        "abbestell",
        "desabonn",
        "/track",
        "/click",
        "/wf/open",
        "/pixel",
        "utm_source",
        "mailman/listinfo",
        "/redirect",
        "privacy",
        "/ls/click",
    ])
});

/// Extensions of what people file: documents, tables, slides, drawings, archives.
pub(super) fn is_document_extension(extension: &str) -> bool {
    const ALL: [&str; 42] = [
        "accdb", "csv", "doc", "docm", "docx", "dot", "dotx", "dwg", "dxf", "eps", "gz", "key", "mdb", "mpp", "msg",
        "numbers", "odp", "ods", "odt", "one", "pages", "pdf", "pot", "pps", "ppsx", "ppt", "pptm", "pptx", "ps",
        "rar", "rtf", "tar", "tgz", "tif", "tiff", "vsd", "vsdx", "xls", "xlsb", "xlsm", "xlsx", "zip",
    ];
    ALL.binary_search(&extension.to_ascii_lowercase().as_str()).is_ok()
}

/// Links in the tags of an HTML text, at most 200: values of `href`, `&amp;` undone.
pub fn hrefs(html: &[u8], found: &mut Vec<String>) {
    const MOST: usize = 200;
    for name in [b"href=".as_slice(), b"HREF="] {
        for at in memmem::find_iter(html, name) {
            if found.len() >= MOST {
                return;
            }
            let rest = &html[at + name.len()..];
            let rest = &rest[..rest.len().min(LINK_BYTES + 2)];
            let value = match rest.first() {
                Some(quote @ (b'"' | b'\'')) => memchr::memchr(*quote, &rest[1..]).map(|end| &rest[1..=end]),
                _ => rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'>').map(|end| &rest[..end]),
            };
            let value = value.map(|value| crate::parse::text_of(value.trim_ascii()).replace("&amp;", "&"));
            let is_link = |value: &String| value.contains("://") || value.starts_with("\\\\");
            found.extend(value.filter(|value| is_link(value) && !value.contains('\n')));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, String, String)> {
        let mut all = Vec::new();
        links(text, &mut |link| all.push((link.kind.as_str(), link.target, link.host)));
        all
    }

    fn targets(text: &str) -> Vec<String> {
        found(text).into_iter().map(|(_, target, _)| target).collect()
    }

    #[test]
    fn the_list_is_sorted() {
        for extension in ["accdb", "zip", "doc", "DOCX"] {
            assert!(is_document_extension(extension), "{extension}");
        }
        assert!(!is_document_extension("html") && !is_document_extension(""));
    }

    #[test]
    fn documents_and_shares() {
        assert_eq!(
            found("see http://www.x.example/a/Offer.PDF, or \\\\FS01\\deals\\2001\\gas.xls."),
            [
                ("url", "http://www.x.example/a/Offer.PDF".into(), "www.x.example".into()),
                ("unc", "\\\\FS01\\deals\\2001\\gas.xls".into(), "fs01".into())
            ]
        );
        assert_eq!(
            targets("O:\\Legal\\My folder\\Master agreement v2.doc is it"),
            ["O:\\Legal\\My folder\\Master agreement v2.doc"]
        );
        assert_eq!(targets("<\\\\srv\\share\\a b\\c>"), ["\\\\srv\\share\\a b\\c"]);
        assert_eq!(
            targets("(https://acme.sharepoint.com/:w:/s/x/Ea1?e=2)"),
            ["https://acme.sharepoint.com/:w:/s/x/Ea1?e=2"]
        );
        assert_eq!(targets("file://srv/public/plan.mpp"), ["file://srv/public/plan.mpp"]);
        assert_eq!(targets("http://intranet/hr/forms"), ["http://intranet/hr/forms"]);
        assert_eq!(targets("https://x.example/get?file=plan.docx&x=1"), ["https://x.example/get?file=plan.docx&x=1"]);
    }

    #[test]
    fn what_is_no_document() {
        for text in [
            "http://www.x.example/",
            "http://x.example/news.html",
            "http://x.example/unsubscribe?list=a.pdf",
            "http://t.example/track/open.gif",
            "http://news.x.example/click?u=http://x.example/a.pdf",
            "C:\\temp\\a.doc",
            "a\\\\b\\\\c",
            "D:\\",
            "12:30 http://",
            "\\\\ \\x",
            "ratio a:\\ b",
        ] {
            assert_eq!(targets(text), Vec::<String>::new(), "{text}");
        }
    }
}
