//! What must hold for the framer and the recovery whatever the bytes are.

use mailcensus::framing::{Framer, Recover};
use mailcensus::model::{Dialect, Format, Frame, Piece, Recovery, SegmentKind};
use proptest::prelude::*;

/// All pieces of these bytes, read in blocks of `block_bytes`.
fn pieces_of(format: Format, bytes: &[u8], block_bytes: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut framer = Framer::new(format);
    for block in bytes.chunks(block_bytes) {
        framer.push(block, &mut pieces);
        let covered = pieces.last().map_or(0, |piece| piece.span().end());
        assert_eq!(framer.held_from(), covered, "held_from is the end of the last piece");
    }
    framer.finish(&mut pieces);
    assert_eq!(framer.held_from(), bytes.len() as u64);
    pieces
}

fn frames_of(dialect: Dialect, bytes: &[u8]) -> Vec<Frame> {
    let keep = |piece| if let Piece::Frame(frame) = piece { Some(frame) } else { None };
    pieces_of(Format::Mbox(dialect), bytes, 1 << 16).into_iter().filter_map(keep).collect()
}

fn recovered(recovery: Recovery, stored: &[u8], block_bytes: usize) -> Vec<u8> {
    let mut all = Vec::new();
    let mut recover = Recover::new(recovery);
    for block in stored.chunks(block_bytes) {
        recover.push(block, &mut |text| all.extend_from_slice(text));
    }
    recover.finish(&mut |text| all.extend_from_slice(text));
    all
}

fn check_partition(bytes: &[u8], pieces: &[Piece]) {
    let mut at = 0;
    for piece in pieces {
        let span = piece.span();
        assert_eq!(span.offset_bytes, at, "pieces touch");
        assert!(span.length_bytes > 0, "no piece is empty");
        at = span.end();
        match piece {
            Piece::Frame(frame) => {
                assert!(frame.message.offset_bytes >= span.offset_bytes && frame.message.end() <= span.end());
                assert!(frame.separator.len() <= 1024);
            }
            Piece::Outside(kind, span, problems) => {
                let inside = &bytes[span.offset_bytes as usize..span.end() as usize];
                let blank = inside.iter().all(|b| b"\r\n \t\0\xEF\xBB\xBF".contains(b));
                assert_eq!(*kind == SegmentKind::Padding, blank, "padding is blank and nothing else is");
                assert_eq!(*kind == SegmentKind::Gap, !problems.is_empty(), "a gap says why");
            }
        }
    }
    assert_eq!(at, bytes.len() as u64, "pieces cover the file");
}

const FRAGMENTS: &[&str] = &[
    "From a@b Tue Mar 19 09:13:51 2019\n",
    "From - Tue Mar 19 09:13:51 2019\r\n",
    "From ???@??? \n",
    "From ",
    "From the start\n",
    "From x at y  Tue Mar 19 09:13:51 2019\n",
    ">From a\n",
    ">>From b\n",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "\0\0\0\0\0\0\0\0\0",
    "\u{feff}",
    "Subject: x\n",
    "To: a@b\r\n",
    "Received: by c\n",
    "Content-Length: 5\n",
    "Content-Length: 40\n",
    "Content-Length: 120\n",
    "Content-Type: multipart/mixed; boundary=\"bound\"\n",
    "--bound\n",
    "--bound--\n",
    "--bound2\n",
    "body text\n",
    "a",
    " folded\n",
    "X-Mozilla-Status: 0009\n",
    "Message-ID: <x@y>\n",
    "\n\nFrom a@b Tue Mar 19 09:13:51 2019\nReceived: z\n\n",
    "text From here\n",
];

fn mboxish() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(FRAGMENTS), 0..60).prop_map(|parts| parts.concat().into_bytes())
}

fn any_dialect() -> impl Strategy<Value = Dialect> {
    use Dialect::*;
    prop::sample::select(vec![O, Rd, Cl, Cl2, Thunderbird, Takeout, Pipermail, Plain])
}

fn any_format() -> impl Strategy<Value = Format> {
    prop_oneof![8 => any_dialect().prop_map(Format::Mbox), 1 => Just(Format::Single), 1 => Just(Format::Emlx)]
}

/// One text as a store would write it: `>` before every `>*From `.
fn quoted(text: &str) -> String {
    let quote = |line: &str| {
        let is_from = line.trim_start_matches('>').starts_with("From ");
        if is_from { format!(">{line}") } else { line.to_owned() }
    };
    text.split('\n').map(quote).collect::<Vec<_>>().join("\n")
}

fn mailbox_of(bodies: &[String]) -> String {
    let one = |body: &String| {
        format!("From a@b Tue Mar 19 09:13:51 2019\nFrom: a@b\nSubject: x\nMessage-ID: <1@2>\n\n{}\n\n", quoted(body))
    };
    bodies.iter().map(one).collect()
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(256);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn pieces_partition_any_bytes(format in any_format(), bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        check_partition(&bytes, &pieces_of(format, &bytes, 97));
    }

    #[test]
    fn pieces_partition_mailboxes_of_any_shape(format in any_format(), bytes in mboxish()) {
        check_partition(&bytes, &pieces_of(format, &bytes, 4096));
    }

    #[test]
    fn the_size_of_blocks_changes_nothing(format in any_format(), bytes in mboxish()) {
        let whole = pieces_of(format, &bytes, bytes.len().max(1));
        for block_bytes in [1, 2, 3, 7, 64, 4096] {
            prop_assert_eq!(&pieces_of(format, &bytes, block_bytes), &whole, "blocks of {}", block_bytes);
        }
    }

    #[test]
    fn a_framer_resumes_where_a_piece_ended(dialect in any_dialect(), bytes in mboxish()) {
        let format = Format::Mbox(dialect);
        let mut framer = Framer::new(format);
        let mut emitted = Vec::new();
        let mut resume_points = Vec::new();
        for block in bytes.chunks(5) {
            framer.push(block, &mut emitted);
            if let Some(Piece::Frame(_)) = emitted.last() {
                resume_points.push(emitted.len());
            }
        }
        framer.finish(&mut emitted);
        resume_points.dedup();
        for at in resume_points {
            let start = emitted[at - 1].span().end();
            let mut rest = Vec::new();
            let mut resumed = Framer::starting_at(format, start);
            resumed.push(&bytes[start as usize..], &mut rest);
            resumed.finish(&mut rest);
            prop_assert_eq!(&rest[..], &emitted[at..], "from {} of {}", start, String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn unquoting_undoes_quoting(text in "(>{0,3}(From )?[a-c ]{0,5}\n){0,20}", block_bytes in 1usize..40) {
        let expected = format!("{}\n", text.trim_end_matches('\n'));
        let restored = recovered(Recovery::Mbox(Dialect::Rd), quoted(&text).as_bytes(), block_bytes);
        prop_assert_eq!(String::from_utf8_lossy(&restored), expected);
    }

    #[test]
    fn recovery_does_not_depend_on_blocks(dialect in any_dialect(), bytes in mboxish()) {
        let whole = recovered(Recovery::Mbox(dialect), &bytes, bytes.len().max(1));
        for block_bytes in [1, 2, 3, 7, 4096] {
            prop_assert_eq!(&recovered(Recovery::Mbox(dialect), &bytes, block_bytes), &whole);
        }
    }

    #[test]
    fn quoted_text_never_splits(bodies in prop::collection::vec("(>{0,2}(From (a@b )?)?[a-z:@ ]{0,9}\n?){0,9}", 1..6)) {
        let frames = frames_of(Dialect::Rd, mailbox_of(&bodies).as_bytes());
        prop_assert_eq!(frames.len(), bodies.len());
    }

    #[test]
    fn line_ends_change_no_boundary(bodies in prop::collection::vec("([a-z>]{0,9}\n){0,9}", 1..6)) {
        let lf = mailbox_of(&bodies);
        let (crlf, cr) = (lf.replace('\n', "\r\n"), lf.replace('\n', "\r"));
        let restored = |text: &str| -> Vec<Vec<u8>> {
            let of = |frame: &Frame| {
                let (start, end) = (frame.message.offset_bytes as usize, frame.message.end() as usize);
                recovered(Recovery::Mbox(Dialect::Rd), &text.as_bytes()[start..end], 4096)
            };
            frames_of(Dialect::Rd, text.as_bytes()).iter().map(of).collect()
        };
        prop_assert_eq!(restored(&lf).len(), bodies.len());
        prop_assert_eq!(restored(&crlf), restored(&lf));
        prop_assert_eq!(restored(&cr), restored(&lf));
    }
}
