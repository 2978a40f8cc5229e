//! Bytes on their way to a terminal: what acts is made visible, block by block.

use std::io::{self, Write};

use super::escape::{is_hostile, visible};

/// Passes text on and makes everything visible that would act on a terminal, except line ends and tabs: control
/// characters, bidirectional controls, and bytes that are no UTF-8 (as `\xFF`).
pub struct Visible<'a> {
    inner: &'a mut dyn Write,
    /// The start of a character whose rest is in the next block; at most 3 bytes.
    held: Vec<u8>,
}

impl<'a> Visible<'a> {
    /// Nothing written yet.
    pub fn new(inner: &'a mut dyn Write) -> Visible<'a> {
        Visible { inner, held: Vec::new() }
    }

    /// Hands on what was held back.
    ///
    /// # Errors
    /// Those of the writer below.
    pub fn finish(mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.held);
        self.invalid(&rest)
    }

    fn invalid(&mut self, bytes: &[u8]) -> io::Result<()> {
        bytes.iter().try_for_each(|byte| write!(self.inner, "\\x{byte:02X}"))
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in text.char_indices() {
            if is_hostile(c) && c != '\n' && c != '\t' {
                self.inner.write_all(&text.as_bytes()[from..at])?;
                self.inner.write_all(visible(c).as_bytes())?;
                from = at + c.len_utf8();
            }
        }
        self.inner.write_all(&text.as_bytes()[from..])
    }
}

impl Write for Visible<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut joined = std::mem::take(&mut self.held);
        joined.extend_from_slice(bytes);
        let mut rest = joined.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.text(text)?;
                    break;
                }
                Err(error) => {
                    let (good, after) = rest.split_at(error.valid_up_to());
                    self.text(std::str::from_utf8(good).unwrap_or_default())?;
                    let Some(length) = error.error_len() else {
                        self.held = after.to_vec();
                        break;
                    };
                    self.invalid(&after[..length])?;
                    rest = &after[length..];
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_cut_gives_the_same() {
        let mail = "Brückner \u{1b}[2J\ttab\r\nnext \u{202e}gpj \u{9b}1m 請求書".as_bytes().to_vec();
        let mail = [mail.as_slice(), b" \xff\x9b end \xe8\xab"].concat();
        let expected = "Brückner \\u{1b}[2J\ttab\\r\nnext \\u{202e}gpj \\u{9b}1m 請求書 \\xFF\\x9B end \\xE8\\xAB";
        for size in [1, 2, 3, 7, 1000] {
            let mut out = Vec::new();
            let mut shown = Visible::new(&mut out);
            mail.chunks(size).for_each(|block| shown.write_all(block).unwrap());
            shown.finish().unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected, "blocks of {size}");
        }
    }
}
