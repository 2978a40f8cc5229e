//! Lists of MAPI properties as TNEF holds them (MS-OXTNEF section 2.1.3.4, MS-OXCDATA section 2.11.1), over a slice.

/// One property: its id, its type without the flag of many values, and its first value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Property<'a> {
    /// Such as 0x3707 for the long file name of an attachment.
    pub id: u16,
    /// Such as 0x001f for UTF-16.
    pub kind: u16,
    /// Without padding and length.
    pub value: &'a [u8],
}

/// 8-bit text.
pub const STRING8: u16 = 0x001e;
/// UTF-16, little-endian.
pub const UNICODE: u16 = 0x001f;
/// An object: 16 bytes of interface id, then its content.
pub const OBJECT: u16 = 0x000d;
/// Bytes.
pub const BINARY: u16 = 0x0102;
const MANY: u16 = 0x1000;

/// Walks a list; ends at the first thing that makes no sense.
pub struct Properties<'a> {
    rest: &'a [u8],
    left: u32,
    /// Something made no sense, or the list was cut off.
    pub damaged: bool,
}

impl<'a> Properties<'a> {
    /// A list that starts with its count.
    pub fn new(list: &'a [u8]) -> Properties<'a> {
        let mut properties = Properties { rest: list, left: 0, damaged: false };
        properties.left = properties.number().unwrap_or(0);
        properties
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(head)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
    }

    /// Values stand on multiples of four.
    fn padded(&mut self, length: usize) -> Option<&'a [u8]> {
        let value = self.take(length)?;
        let padding = length.wrapping_neg() & 3;
        self.rest = self.rest.get(padding..).unwrap_or_default();
        Some(value)
    }

    fn one(&mut self) -> Option<Property<'a>> {
        let tag = self.number()?;
        let (kind, id) = (tag as u16, (tag >> 16) as u16);
        if id >= 0x8000 {
            self.take(16)?;
            if self.number()? != 0 {
                let length = self.number()? as usize;
                self.padded(length)?;
            } else {
                self.number()?;
            }
        }
        let (many, kind) = (kind & MANY != 0, kind & !MANY);
        let fixed = match kind {
            0x0002..=0x0004 | 0x000a | 0x000b => Some(4),
            0x0005..=0x0007 | 0x0014 | 0x0040 => Some(8),
            0x0048 => Some(16),
            STRING8 | UNICODE | OBJECT | BINARY => None,
            _ => return None,
        };
        let count = if many || fixed.is_none() { self.number()? } else { 1 };
        let mut first: Option<&[u8]> = None;
        for _ in 0..count {
            let length = match fixed {
                Some(length) => length,
                None => self.number()? as usize,
            };
            let value = self.padded(length)?;
            first = first.or(Some(value));
        }
        Some(Property { id, kind, value: first.unwrap_or_default() })
    }
}

impl<'a> Iterator for Properties<'a> {
    type Item = Property<'a>;

    fn next(&mut self) -> Option<Property<'a>> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let property = self.one();
        if property.is_none() {
            self.damaged = true;
            self.left = 0;
        }
        property
    }
}

impl Property<'_> {
    /// Its text without the NUL at the end; `None` if it is no text.
    pub fn text(&self, eight_bit: &'static encoding_rs::Encoding) -> Option<String> {
        let text = match self.kind {
            UNICODE => encoding_rs::UTF_16LE.decode_without_bom_handling(self.value).0.into_owned(),
            STRING8 => eight_bit_text(self.value, eight_bit),
            _ => return None,
        };
        Some(text.trim_end_matches('\0').to_owned())
    }
}

/// 8-bit text up to its NUL.
pub fn eight_bit_text(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    encoding.decode_without_bom_handling(&bytes[..end]).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_padded_and_named_properties_skipped() {
        let mut list = 3u32.to_le_bytes().to_vec();
        list.extend(0x3705_0003u32.to_le_bytes());
        list.extend(5u32.to_le_bytes());
        list.extend(0x8001_001eu32.to_le_bytes());
        list.extend([7; 16]);
        list.extend(1u32.to_le_bytes());
        list.extend(6u32.to_le_bytes());
        list.extend(b"a\0b\0\0\0\0\0");
        list.extend(1u32.to_le_bytes());
        list.extend(2u32.to_le_bytes());
        list.extend(b"x\0\0\0");
        list.extend(0x3707_001fu32.to_le_bytes());
        list.extend(1u32.to_le_bytes());
        list.extend(8u32.to_le_bytes());
        list.extend(b"\xfc\0.\0p\0\0\0");
        let mut properties = Properties::new(&list);
        let found: Vec<_> = properties.by_ref().collect();
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].id, found[0].value), (0x3705, &[5u8, 0, 0, 0][..]));
        assert_eq!(found[1].text(encoding_rs::WINDOWS_1252).as_deref(), Some("x"));
        assert_eq!(found[2].text(encoding_rs::WINDOWS_1252).as_deref(), Some("ü.p"));
        assert!(!properties.damaged);
    }

    #[test]
    fn a_lying_count_or_length_ends_the_list() {
        for tail in [&[][..], &[1, 2, 3], &[0x02, 0x01, 0x01, 0x37, 255, 255, 255, 255]] {
            let mut list = u32::MAX.to_le_bytes().to_vec();
            list.extend(tail);
            let mut properties = Properties::new(&list);
            assert_eq!(properties.by_ref().count(), 0);
            assert!(properties.damaged);
        }
    }
}
