use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::{Opened, Opener, tnef};
use crate::parse::Limits;
use crate::parse::harvest::Harvest;

/// A TNEF attribute (MS-OXTNEF section 2.1.3): level, id, length, content, checksum.
fn attribute(level: u8, id: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![level];
    bytes.extend(id.to_le_bytes());
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(content);
    bytes.extend(content.iter().map(|byte| u16::from(*byte)).fold(0u16, u16::wrapping_add).to_le_bytes());
    bytes
}

fn start() -> Vec<u8> {
    let mut bytes = tnef::SIGNATURE.to_vec();
    bytes.extend([1, 0]);
    bytes.extend(attribute(1, 0x0006_9007, &1252u64.to_le_bytes()));
    bytes
}

fn file(title: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = attribute(2, 0x0006_9002, &[0; 14]);
    bytes.extend(attribute(2, 0x0001_8010, format!("{title}\0").as_bytes()));
    bytes.extend(attribute(2, 0x0006_800f, content));
    bytes
}

/// An attachment whose properties hold a name and an object of a message: 16 bytes of interface id, then a TNEF.
fn message(inner: &[u8]) -> Vec<u8> {
    let mut object = vec![7; 16];
    object.extend(inner);
    let mut list = 1u32.to_le_bytes().to_vec();
    list.extend(0x3701_000du32.to_le_bytes());
    list.extend(1u32.to_le_bytes());
    list.extend((object.len() as u32).to_le_bytes());
    list.extend(&object);
    list.resize(list.len().next_multiple_of(4), 0);
    let mut bytes = attribute(2, 0x0006_9002, &[0; 14]);
    bytes.extend(attribute(2, 0x0006_9005, &list));
    bytes
}

fn open(mut opener: Opener, bytes: &[u8], size: usize) -> Opened {
    let mut harvest = Harvest::new(&Limits::default());
    bytes.chunks(size.max(1)).for_each(|piece| opener.push("2", piece, &mut harvest));
    opener.finish("2", &mut harvest)
}

/// Part, name, size and digest.
type Row = (String, Option<String>, u64, String);

/// Every file, whether all was opened, and why not.
fn seen(opened: Opened) -> (Vec<Row>, bool, Option<&'static str>) {
    let (whole, damage) = (opened.whole, opened.damage);
    let rows = opened.files.into_iter().map(|one| one.into_row(0));
    (rows.map(|row| (row.part, row.file_name, row.size_bytes, row.sha256.to_hex())).collect(), whole, damage)
}

fn row(part: &str, name: &str, content: &[u8]) -> Row {
    let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    (part.to_owned(), Some(name.to_owned()).filter(|name| !name.is_empty()), content.len() as u64, digest)
}

#[test]
fn files_of_a_tnef_and_of_the_messages_in_it() {
    let inner = [start(), file("inner.txt", b"inside")].concat();
    let whole = [start(), file("a.txt", b"first"), message(&inner), file("b.txt", b"last")].concat();
    for size in [1, 2, 7, 64, whole.len()] {
        let (files, opened, damage) = seen(open(Opener::Sniffing(Vec::new()), &whole, size));
        let expected = [
            row("2.tnef.1", "a.txt", b"first"),
            row("2.tnef.2", "", &inner),
            row("2.tnef.2.tnef.1", "inner.txt", b"inside"),
            row("2.tnef.3", "b.txt", b"last"),
        ];
        assert_eq!((files, opened, damage), (expected.to_vec(), true, None), "in pieces of {size}");
    }
}

#[test]
fn what_is_cut_off_says_so_and_keeps_what_it_has() {
    let whole = [start(), file("a.txt", b"first"), file("b.txt", &[9; 500])].concat();
    let (files, opened, damage) = seen(open(Opener::Sniffing(Vec::new()), &whole[..whole.len() - 100], 64));
    assert_eq!((files[0].clone(), opened, damage), (row("2.tnef.1", "a.txt", b"first"), false, Some("it is cut off")));
    assert_eq!(files[1].2, 402);
}

#[test]
fn lengths_that_lie_hold_no_memory() {
    for id in [0x0006_9005u32, 0x0006_800f, 0x0001_8010, 0x0006_9003] {
        let mut bytes = [start(), attribute(2, 0x0006_9002, &[0; 14])].concat();
        bytes.push(2);
        bytes.extend(id.to_le_bytes());
        bytes.extend(u32::MAX.to_le_bytes());
        bytes.extend([5; 1000]);
        assert!(!open(Opener::Sniffing(Vec::new()), &bytes, 100).whole);
    }
}

#[test]
fn nesting_has_an_end() {
    let mut inner = [start(), file("deepest.txt", b"x")].concat();
    for _ in 0..200 {
        inner = [start(), message(&inner)].concat();
    }
    let opened = open(Opener::Sniffing(Vec::new()), &inner, 1000);
    assert!(opened.files.len() <= 6 && !opened.whole);
}

#[test]
fn files_in_texts() {
    let text = b"Hi\nbegin 644 cat.txt\n#0V%T\n`\nend\nbegin 644 things\nat once\n=ybegin line=128 size=3 name=dog\n\x8e\x99\x91\n=yend size=3\n";
    for size in [1, 3, 1000] {
        let (files, _, damage) = seen(open(Opener::Text(Box::default()), text, size));
        assert_eq!(
            (files, damage),
            (vec![row("2.uu.1", "cat.txt", b"Cat"), row("2.yenc.2", "dog", b"dog")], None),
            "{size}"
        );
    }
    let cut = seen(open(Opener::Text(Box::default()), b"begin 644 cat.txt\n#0V%T\n", 4));
    assert_eq!((cut.0.len(), cut.2), (1, Some("a file in the text is cut off")));
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_give_the_same_files(
        seed in prop::collection::vec(any::<u8>(), 0..400), size in 1usize..50, kind in 0u8..3, cut in 0usize..600,
    ) {
        let bytes = match kind {
            0 => [start(), seed.clone()].concat(),
            1 => {
                let whole = [start(), file("a", &seed), message(&[start(), file("b", &seed)].concat())].concat();
                whole[..whole.len().saturating_sub(cut)].to_vec()
            }
            _ => {
                let mut text = b"begin 644 a\n#0V%T\n".to_vec();
                text.extend(seed.iter().map(|byte| if byte % 7 == 0 { b'\n' } else { b' ' + byte % 64 }));
                text.extend(b"\nbegin 600 b\n#0V%T\nend\n");
                text
            }
        };
        let opener = || if kind == 2 { Opener::Text(Box::default()) } else { Opener::Sniffing(Vec::new()) };
        prop_assert_eq!(seen(open(opener(), &bytes, size)), seen(open(opener(), &bytes, bytes.len())));
    }
}
