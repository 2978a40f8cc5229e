//! stub
pub mod identity;
pub mod store_headers;
pub mod zones;
use crate::framing::Recover;
use crate::model::message::*;
use crate::model::*;
/// stub
#[derive(Default)]
pub struct Limits;
/// stub
pub struct MessageReader {
    stored: Vec<u8>,
    recovery: Recovery,
}
/// stub
pub struct Parsed {
    pub stored_sha256: Digest,
    pub stored_length_bytes: u64,
    pub message_sha256: Digest,
    pub facts: Facts,
    pub problems: Vec<Problem>,
}
impl MessageReader {
    /// s
    pub fn new(recovery: Recovery, _sep: &[u8], _l: &Limits) -> Self {
        MessageReader { stored: vec![], recovery }
    }
    /// s
    pub fn push(&mut self, b: &[u8]) {
        self.stored.extend_from_slice(b)
    }
    /// s
    pub fn finish(self) -> Parsed {
        use sha2::Digest as _;
        let h = |b: &[u8]| Digest(sha2::Sha256::digest(b).into());
        let mut out = Vec::new();
        let mut r = Recover::new(self.recovery);
        r.push(&self.stored, &mut |b| out.extend_from_slice(b));
        r.finish(&mut |b| out.extend_from_slice(b));
        let d = h(&out);
        let m = mail_parser::MessageParser::default().parse_headers(&out[..out.len().min(65536)]);
        let subject = m.as_ref().and_then(|m| m.subject().map(|s| s.to_owned()));
        Parsed {
            stored_sha256: h(&self.stored),
            stored_length_bytes: self.stored.len() as u64,
            message_sha256: d,
            problems: vec![],
            facts: Facts {
                rfc_message_id: None,
                in_reply_to: vec![],
                references: vec![],
                sent_at: None,
                sent_at_source: DateSource::None,
                sent_offset_minutes: None,
                received_at: None,
                from: None,
                sender: None,
                reply_to: vec![],
                recipients: vec![],
                subject,
                headers: vec![],
                body_text: String::new(),
                text_source: TextSource::None,
                attachments: vec![],
                opaque: vec![],
                identity: Identity {
                    headers_sha256: d,
                    leaves_sha256: d,
                    leaves_nospace_sha256: d,
                    text_sha256: None,
                    structure_sha256: d,
                    residue_sha256: None,
                    fingerprint: d,
                    leaves: 1,
                    headers: vec![],
                },
            },
        }
    }
}
/// s
pub fn headers_only(r: Recovery, s: &[u8], b: &[u8]) -> Parsed {
    let mut m = MessageReader::new(r, s, &Limits);
    m.push(b);
    m.finish()
}
