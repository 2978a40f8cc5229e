//! What the header of one part says about it (RFC 2045, RFC 2183), and what its content turns out to be.

use super::charset::Charset;
use super::decode::Encoding;
use super::field::{Parameters, fields};
use crate::model::ProblemKind;
use crate::model::message::Opaque;

/// Content-Disposition (RFC 2183).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Disposition {
    /// Not said.
    #[default]
    Unsaid,
    /// `inline`.
    Inline,
    /// `attachment`, and every other word (RFC 2183 section 2.8).
    Attachment,
}

/// The MIME fields of a part, decoded.
#[derive(Debug)]
pub struct PartHead {
    /// Lower-case; `text/plain` where the value is no media type (RFC 2045 section 5.2).
    pub media_type: String,
    /// The boundary of a multipart without trailing white space; at most 1,000 bytes, else `None`.
    pub boundary: Option<Vec<u8>>,
    /// The declared charset.
    pub charset: Charset,
    /// `format=flowed` (RFC 3676).
    pub flowed: bool,
    /// `delsp=yes` (RFC 3676).
    pub delsp: bool,
    /// `smime-type` of application/pkcs7-mime, lower-case.
    pub smime_type: String,
    /// The transfer encoding.
    pub encoding: Encoding,
    /// The disposition.
    pub disposition: Disposition,
    /// Content-Disposition `filename`, else Content-Type `name`; at most 1,000 characters; hostile.
    pub file_name: Option<String>,
    /// Whether there is a Content-ID.
    pub has_content_id: bool,
    /// The content was taken out and lies elsewhere (Thunderbird).
    pub detached: bool,
    /// The content lies elsewhere if there is none here (Apple Mail's `.partial.emlx`).
    pub may_be_detached: bool,
}

impl PartHead {
    /// Reads the MIME fields of a header block; the first of a name counts.
    pub fn parse(block: &[u8], default_type: &str) -> PartHead {
        let (mut content_type, mut disposition, mut encoding) = (None, None, None);
        let (mut has_content_id, mut detached, mut may_be_detached) = (false, false, false);
        for field in fields(block).filter(|field| matches!(field.name.first(), Some(b'C' | b'c' | b'X' | b'x'))) {
            if field.is("Content-Type") && content_type.is_none() {
                content_type = Some(Parameters::parse(field.value));
            } else if field.is("Content-Disposition") && disposition.is_none() {
                disposition = Some(Parameters::parse(field.value));
            } else if field.is("Content-Transfer-Encoding") && encoding.is_none() {
                encoding = Some(Encoding::from_value(field.value));
            } else if field.is("Content-ID") {
                has_content_id = true;
            } else if field.is("X-Mozilla-External-Attachment-URL") {
                detached = true;
            } else if field.is("X-Apple-Content-Length") {
                may_be_detached = true;
            }
        }
        let kind = content_type.unwrap_or_default();
        let media_type = match kind.value.as_str() {
            "" => default_type.to_owned(),
            value if value.matches('/').count() == 1 && !value.starts_with('/') && !value.ends_with('/') => {
                value.to_owned()
            }
            _ => "text/plain".to_owned(),
        };
        let disposition_field = disposition.unwrap_or_default();
        let file_name = disposition_field.text("filename").or_else(|| kind.text("name"));
        PartHead {
            boundary: if media_type.starts_with("multipart/") { boundary(&kind) } else { None },
            charset: Charset::from_label(kind.word("charset").unwrap_or_default().trim_matches('\'').as_bytes()),
            flowed: kind.word("format").as_deref() == Some("flowed"),
            delsp: kind.word("delsp").as_deref() == Some("yes"),
            smime_type: kind.word("smime-type").unwrap_or_default(),
            encoding: encoding.unwrap_or_default(),
            disposition: match disposition_field.value.as_str() {
                "" => Disposition::Unsaid,
                "inline" => Disposition::Inline,
                _ => Disposition::Attachment,
            },
            file_name: file_name
                .filter(|name| !name.trim().is_empty())
                .map(|name| name.chars().take(LONGEST_NAME).collect()),
            media_type,
            has_content_id,
            detached,
            may_be_detached,
        }
    }

    /// A part of this type about which nothing else is known.
    pub fn bare(media_type: &str) -> PartHead {
        PartHead::parse(b"", media_type)
    }

    /// Whether it is `text/…`.
    pub fn is_text(&self) -> bool {
        self.media_type.starts_with("text/")
    }

    /// Whether it is a whole message (RFC 2046 section 5.2.1, RFC 6532 section 3.7).
    pub fn is_message(&self) -> bool {
        matches!(self.media_type.as_str(), "message/rfc822" | "message/global")
    }

    /// The problem that a part of this type and decoded size is by itself, if it is one.
    pub fn problem(&self, size_bytes: u64) -> Option<ProblemKind> {
        match self.media_type.as_str() {
            "message/partial" => Some(ProblemKind::MessagePartial),
            "message/external-body" => Some(ProblemKind::ExternalBody),
            _ if self.detached || (self.may_be_detached && size_bytes == 0) => Some(ProblemKind::AttachmentDetached),
            _ => None,
        }
    }

    /// Why a leaf of this type that starts with these decoded bytes cannot be looked into.
    pub fn opaque(&self, first: &[u8]) -> Option<Opaque> {
        const TNEF: &[u8] = &[0x78, 0x9f, 0x3e, 0x22];
        match self.media_type.as_str() {
            "application/ms-tnef" | "application/vnd.ms-tnef" => return Some(Opaque::Tnef),
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                let signed = self.smime_type == "signed-data" || (self.smime_type.is_empty() && is_signed_data(first));
                return match self.smime_type.as_str() {
                    "certs-only" => None,
                    _ if signed || self.smime_type == "compressed-data" => Some(Opaque::Signed),
                    _ => Some(Opaque::Encrypted),
                };
            }
            "application/pgp-encrypted" => return Some(Opaque::Encrypted),
            _ => {}
        }
        if first.starts_with(TNEF) {
            Some(Opaque::Tnef)
        } else if self.encoding == Encoding::Uuencode {
            Some(Opaque::Uuencode)
        } else if is_locked_zip(first) || first.trim_ascii_start().starts_with(b"-----BEGIN PGP MESSAGE-----") {
            Some(Opaque::Encrypted)
        } else {
            None
        }
    }
}

/// Characters of a file name that are kept.
const LONGEST_NAME: usize = 1000;

fn boundary(kind: &Parameters) -> Option<Vec<u8>> {
    const LONGEST: usize = 1000;
    let extended = || kind.text("boundary").map(String::into_bytes);
    let mut boundary = kind.raw("boundary").map(<[u8]>::to_vec).or_else(extended)?;
    boundary.truncate(boundary.trim_ascii_end().len());
    (!boundary.is_empty() && boundary.len() <= LONGEST && !boundary.contains(&b'\n')).then_some(boundary)
}

/// General-purpose flag bit 0 of the first local header (APPNOTE.TXT section 4.3.7, 4.4.4).
fn is_locked_zip(first: &[u8]) -> bool {
    first.starts_with(b"PK\x03\x04") && first.get(6).is_some_and(|flags| flags & 1 == 1)
}

/// The object identifier 1.2.840.113549.1.7.2 near the start (RFC 5652 section 5.1).
fn is_signed_data(first: &[u8]) -> bool {
    const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    memchr::memmem::find(&first[..first.len().min(40)], SIGNED_DATA).is_some()
}

/// Whether a text holds an OpenPGP message (RFC 9580 section 6.2) at the start of a line.
pub fn has_pgp_message(text: &[u8]) -> bool {
    const MARK: &[u8] = b"-----BEGIN PGP MESSAGE-----";
    memchr::memmem::find_iter(text, MARK).any(|at| at == 0 || text[at - 1] == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_part_says() {
        let head = PartHead::parse(
            b"content-type: Application/PDF; name=a.pdf\nContent-Disposition: inline\nContent-ID: <x>\n",
            "text/plain",
        );
        assert_eq!((head.media_type.as_str(), head.file_name.as_deref()), ("application/pdf", Some("a.pdf")));
        assert_eq!((head.disposition, head.has_content_id), (Disposition::Inline, true));
        assert_eq!(PartHead::parse(b"Content-Type: text\n", "message/rfc822").media_type, "text/plain");
        assert_eq!(PartHead::parse(b"", "message/rfc822").media_type, "message/rfc822");
    }

    #[test]
    fn opaque_content_by_its_bytes() {
        let stream = PartHead::bare("application/octet-stream");
        assert_eq!(stream.opaque(&[0x78, 0x9f, 0x3e, 0x22, 1]), Some(Opaque::Tnef));
        assert_eq!(stream.opaque(b"PK\x03\x04\x14\x00\x09\x00"), Some(Opaque::Encrypted));
        assert_eq!(stream.opaque(b"PK\x03\x04\x14\x00\x08\x00"), None);
        assert!(has_pgp_message(b"x\n-----BEGIN PGP MESSAGE-----\n"));
    }
}
