//! Whatever the bytes are: a message is read without a panic, every recovered byte has one place, and the size of the
//! blocks changes nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailcensus::model::{Dialect, Recovery};
use mailcensus::parse::{Limits, MessageReader, Parsed, headers_only, store_headers, zones};

fn read(recovery: Recovery, bytes: &[u8], block: usize) -> Parsed {
    let mut reader = MessageReader::new(recovery, b"", &Limits::default());
    bytes.chunks(block).for_each(|part| reader.push(part));
    reader.finish()
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let recovery = match choice & 3 {
        0 => Recovery::Mbox(Dialect::Rd),
        1 => Recovery::Mbox(Dialect::Takeout),
        _ => Recovery::AsStored,
    };
    let whole = read(recovery, bytes, bytes.len().max(1));
    // `MessageReader::finish` checks that the account sums up to the length.
    assert_eq!(read(recovery, bytes, 5), whole);
    let found = zones::zones(&whole.facts.body_text);
    let _ = zones::excerpt(&whole.facts.body_text, &found);
    let _ = store_headers::read(bytes);
    let _ = headers_only(recovery, b"", bytes, &Limits::default());
});
