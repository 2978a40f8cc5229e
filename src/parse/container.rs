//! Files inside leaves: Outlook's winmail.dat (TNEF), uuencoded, xxencoded and yEnc files inside texts. Streaming, bounded,
//! never fails: what cannot be opened stays closed and says so.
//!
//! A file inside is a part of its own. Its `part` is that of the leaf, the word of the container, and its number:
//! `2.tnef.1`, `1.uu.2`, `1.yenc.1`; a file in a message that is attached inside a TNEF: `2.tnef.3.tnef.1`.

pub mod mapi;
pub mod tnef;
pub mod uu;
pub mod uu_text;

use super::harvest::{Harvest, Row};
use super::part::PartHead;
use crate::model::Digest;
use sha2::{Digest as _, Sha256};

/// A file that is being taken out: counted, digested, its start kept.
pub struct Taken {
    /// As in `attachment.part`.
    pub part: String,
    /// The name given; hostile.
    pub file_name: Option<String>,
    /// The type given.
    pub media_type: String,
    /// Its own content was opened in turn.
    pub opened: bool,
    size: u64,
    sha256: Sha256,
    first: Vec<u8>,
}

const FIRST_BYTES: usize = 4096;
/// Characters of a file name that are kept.
pub const LONGEST_NAME: usize = 1000;

impl Taken {
    /// A file without bytes yet.
    pub fn new(part: String) -> Taken {
        Taken {
            part,
            file_name: None,
            media_type: "application/octet-stream".to_owned(),
            opened: false,
            size: 0,
            sha256: Sha256::new(),
            first: Vec::new(),
        }
    }

    /// Its next bytes.
    pub fn push(&mut self, bytes: &[u8], harvest: &mut Harvest) {
        harvest.give(&self.part, self.size == 0, bytes);
        self.size += bytes.len() as u64;
        self.sha256.update(bytes);
        let room = FIRST_BYTES - self.first.len().min(FIRST_BYTES);
        self.first.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Bytes so far.
    pub fn size_bytes(&self) -> u64 {
        self.size
    }

    /// The row of the file.
    pub fn into_row(self, depth: u16) -> Row {
        let told = Some(&self.first).filter(|first| !first.is_empty()).and_then(|first| infer::get(first));
        Row {
            part: self.part,
            opaque: PartHead::bare(&self.media_type).opaque(&self.first).filter(|_| !self.opened),
            file_name: self.file_name.filter(|name| !name.trim().is_empty()),
            media_type: self.media_type,
            detected_type: told.map(|kind| kind.mime_type().to_owned()),
            size_bytes: self.size,
            sha256: Digest(self.sha256.finalize().into()),
            inline: false,
            problem: None,
            form: None,
            alternative: None,
            depth,
            opened: self.opened,
        }
    }
}

/// What looks for files in the decoded bytes of a leaf.
pub enum Opener {
    /// There is nothing to look for.
    Nothing,
    /// The first bytes will tell.
    Sniffing(Vec<u8>),
    /// A TNEF.
    Tnef(Box<tnef::Tnef>),
    /// A text.
    Text(Box<uu_text::UuText>),
}

/// What an opener found when its leaf ended.
#[derive(Default)]
pub struct Opened {
    /// The files, in order.
    pub files: Vec<Taken>,
    /// The whole leaf was a container, and was opened to its end.
    pub whole: bool,
    /// Why something stayed closed.
    pub damage: Option<&'static str>,
}

impl Opener {
    /// The next decoded bytes of the leaf with this section.
    pub fn push(&mut self, section: &str, bytes: &[u8], harvest: &mut Harvest) {
        match self {
            Opener::Nothing => {}
            Opener::Sniffing(start) => {
                start.extend_from_slice(&bytes[..bytes.len().min(4)]);
                if start.len() < 4 {
                    return;
                }
                let before = start.len() - bytes.len().min(4);
                let held = std::mem::take(start);
                if !held.starts_with(&tnef::SIGNATURE) {
                    *self = Opener::Nothing;
                    return;
                }
                let mut reader = tnef::Tnef::new(section, 0);
                reader.push(&held[..before], harvest);
                reader.push(bytes, harvest);
                *self = Opener::Tnef(Box::new(reader));
            }
            Opener::Tnef(reader) => reader.push(bytes, harvest),
            Opener::Text(reader) => reader.push(section, bytes, harvest),
        }
    }

    /// The leaf ends.
    pub fn finish(self, section: &str, harvest: &mut Harvest) -> Opened {
        match self {
            Opener::Nothing | Opener::Sniffing(_) => Opened::default(),
            Opener::Tnef(reader) => reader.finish(harvest),
            Opener::Text(reader) => reader.finish(section, harvest),
        }
    }
}

#[cfg(test)]
#[path = "container/container_tests.rs"]
mod tests;
