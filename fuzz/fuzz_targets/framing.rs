//! Whatever the bytes are: the pieces touch and cover them, a message lies in its frame, and neither the size of the
//! blocks nor a restart at the end of a piece changes a boundary.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailcensus::framing::{Framer, Recover, Survey};
use mailcensus::model::{Dialect, Format, Piece, Recovery, SegmentKind};

const DIALECTS: [Dialect; 8] = [
    Dialect::O,
    Dialect::Rd,
    Dialect::Cl,
    Dialect::Cl2,
    Dialect::Thunderbird,
    Dialect::Takeout,
    Dialect::Pipermail,
    Dialect::Plain,
];

fn pieces(format: Format, bytes: &[u8], block: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut framer = Framer::new(format);
    let mut pushed = 0;
    for part in bytes.chunks(block) {
        framer.push(part, &mut pieces);
        pushed += part.len() as u64;
        assert!(framer.held_from() <= pushed);
    }
    framer.finish(&mut pieces);
    pieces
}

fn assert_partition(bytes: &[u8], pieces: &[Piece]) {
    let mut at = 0;
    for piece in pieces {
        let span = piece.span();
        assert_eq!(span.offset_bytes, at, "pieces touch");
        assert!(span.length_bytes > 0, "no piece is empty");
        at = span.end();
        match piece {
            Piece::Frame(frame) => {
                let inside = frame.message.offset_bytes >= span.offset_bytes && frame.message.end() <= span.end();
                assert!(inside, "the message lies in its frame");
            }
            Piece::Outside(SegmentKind::Gap, _, problems) => assert!(!problems.is_empty(), "a gap has a reason"),
            Piece::Outside(SegmentKind::Padding, span, _) => {
                let text = &bytes[span.offset_bytes as usize..span.end() as usize];
                let is_blank = |b: &u8| matches!(b, b'\r' | b'\n' | b' ' | b'\t' | 0 | 0xEF | 0xBB | 0xBF);
                assert!(text.iter().all(is_blank), "padding is blank");
            }
            Piece::Outside(..) => {}
        }
    }
    assert_eq!(at, bytes.len() as u64, "the file is covered to its end");
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let mut survey = Survey::new();
    bytes.chunks(1000).for_each(|block| survey.push(block));
    let dialect = match choice & 15 {
        at @ 0..=7 => DIALECTS[usize::from(at)],
        _ => survey.dialect(),
    };
    let format = match choice >> 4 {
        0..=11 => Format::Mbox(dialect),
        12 | 13 => Format::Emlx,
        _ => Format::Single,
    };
    let whole = pieces(format, bytes, bytes.len().max(1));
    assert_partition(bytes, &whole);
    for block in [1, 7, 4096] {
        assert_eq!(pieces(format, bytes, block), whole, "blocks of {block}");
    }
    for piece in &whole {
        if let Piece::Frame(frame) = piece {
            let text = &bytes[frame.message.offset_bytes as usize..frame.message.end() as usize];
            let recover = |block: usize| {
                let mut all = Vec::new();
                let mut recover = Recover::new(Recovery::Mbox(dialect));
                text.chunks(block).for_each(|part| recover.push(part, &mut |text| all.extend_from_slice(text)));
                recover.finish(&mut |text| all.extend_from_slice(text));
                all
            };
            let recovered = recover(4096);
            assert_eq!(recovered, recover(3), "recovery does not see blocks");
            assert!(recovered.ends_with(b"\n") && !recovered.contains(&b'\r'));
        }
    }
});
