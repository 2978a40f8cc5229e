//! stub
/// stub
pub const HEAD_BYTES: usize = 64 << 10;
/// stub
pub enum Content {
    /// a
    Mbox,
    /// b
    Message,
    /// c
    Emlx,
    /// d
    Items(&'static str),
    /// e
    Support(&'static str),
    /// f
    Unsupported(&'static str),
    /// g
    NotMail,
}
/// stub
pub fn detect(head: &[u8], _size: u64, _name: &[u8]) -> Content {
    if head.starts_with(b"From ") {
        return Content::Mbox;
    }
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default();
    if crate::source::header_line::is_header_line(line) { Content::Message } else { Content::NotMail }
}
