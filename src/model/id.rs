//! Ids that survive a second scan, and how people see them.

use std::fmt;

/// One directory entry, numbered by the sorted walk from 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub i64);

/// One message: `file_id * 2^32 + serial`, the serial counting from 1 in file order and never used again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MessageId(pub i64);

impl MessageId {
    /// The id of the message with this serial in this file.
    pub fn new(file: FileId, serial: u32) -> MessageId {
        MessageId((file.0 << 32) | i64::from(serial))
    }

    /// The file it lies in.
    pub fn file(self) -> FileId {
        FileId(self.0 >> 32)
    }

    /// Its number in the file, from 1.
    pub fn serial(self) -> u32 {
        (self.0 & 0xffff_ffff) as u32
    }

    /// Reads `M17-204`, also without the `M` and in lower case.
    pub fn parse(text: &str) -> Option<MessageId> {
        let rest = text.strip_prefix(['M', 'm']).unwrap_or(text);
        let (file, serial) = rest.split_once('-')?;
        let file: i64 = file.parse().ok()?;
        let serial: u32 = serial.parse().ok()?;
        (0 < file && file < 1 << 31 && serial > 0).then(|| MessageId::new(FileId(file), serial))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "M{}-{}", self.file().0, self.serial())
    }
}

#[cfg(test)]
mod tests {
    use super::{FileId, MessageId};

    #[test]
    fn people_see_file_and_serial() {
        let id = MessageId::new(FileId(17), 204);
        assert_eq!(id.0, 17 * 4_294_967_296 + 204);
        assert_eq!(id.to_string(), "M17-204");
        assert_eq!(MessageId::parse("M17-204"), Some(id));
        assert_eq!(MessageId::parse("m17-204"), Some(id));
        assert_eq!(MessageId::parse("17"), None);
        assert_eq!(MessageId::parse("M0-1"), None);
    }
}
