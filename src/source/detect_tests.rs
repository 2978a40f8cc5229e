use super::{Content, ItemKind, detect};

#[track_caller]
fn check(head: &[u8], name: &str, expected: Content) {
    assert_eq!(detect(head, head.len() as u64, name.as_bytes()), expected, "{name}");
}

const MAIL: &[u8] = b"Received: by x\nFrom: a@b\nTo: c@d\nMessage-ID: <1@2>\nSubject: x\n\nbody\n";

#[test]
fn one_message() {
    check(MAIL, "x", Content::Message);
    check(b"Subject: x\n\nbody\n", "x.txt", Content::Message);
    check(b"To: a@b.c\n", "x", Content::Message);
    check(b"X-Weird: 1\n\n", "17", Content::Message);
    check(&[b"\xEF\xBB\xBF", MAIL].concat(), "x", Content::Message);
    check(&[b"Microsoft Mail Internet Headers Version 2.0\r\n", MAIL].concat(), "x", Content::Message);
    check(&[b"From a@b Tue Mar 19 09:13:51 2019\n", MAIL].concat(), "x.eml", Content::Message);
    check(&String::from_utf8_lossy(MAIL).replace('\n', "\r").into_bytes(), "x", Content::Message);
}

#[test]
fn a_mailbox() {
    let mbox = [b"From a@b Tue Mar 19 09:13:51 2019\n", MAIL].concat();
    check(&mbox, "x", Content::Mbox);
    check(&[&mbox[..], b"\n", &mbox].concat(), "x.eml", Content::Mbox);
    check(&[b"\n\n", &mbox[..]].concat(), "x", Content::Mbox);
    check(&[b"some junk, and more\nof it\n", &mbox[..]].concat(), "x", Content::Mbox);
    check(&[b"From ???@??? \n", MAIL].concat(), "x", Content::Mbox);
    check(b"From a@b Tue Mar 19 09:13:51 2019\n\nbody\n", "subscriptions", Content::Mbox);
}

#[test]
fn emlx() {
    check(&[b"63        \n", MAIL, b"<?xml version=\"1.0\"?>\n"].concat(), "1.emlx", Content::Emlx);
    check(b"63\n", "uidvalidity", Content::NotMail);
    check(b"this is no emlx", "x.emlx", Content::NotMail);
    check(b"this has no headers", "x.eml", Content::Message);
}

#[test]
fn text_is_no_mail() {
    for text in [
        "Note: buy milk\nAlso: bread\n\nfoo",
        "From the start we knew\nthat it was so.\n",
        "Package: x\nVersion: 1\nMaintainer: a@b\nDescription: z\n",
        "Metadata-Version: 2.1\nName: x\nSummary: y\nKeywords: z\nLicense: w\n",
        "fn main() {\n    let to: u8 = 3;\n}\n",
        "#!/bin/sh\nSubject: x\n",
        "---\ntitle: x\ndate: 2020\n---\n",
        "HTTP/1.1 200 OK\nContent-Type: text/html\nDate: x\nServer: y\n\n",
        "Dear Sir,\n\nSubject: x\nTo: y\n",
        "<html><head><title>Subject: x</title>",
        "cur: 1-3\nunseen: 5\n",
    ] {
        check(text.as_bytes(), "x.txt", Content::NotMail);
    }
}

#[test]
fn items_and_support() {
    check(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "x", Content::Items(ItemKind::Calendar));
    check(b"\xEF\xBB\xBFbegin:vcard\n", "x", Content::Items(ItemKind::Contacts));
    check(b"// <!-- <mdb:mork:z v=\"1.4\"/> -->\n", "x", Content::Support("Thunderbird summary (Mork)"));
    check(b"cur: 1-3\nunseen: 5\n", "a/.mh_sequences", Content::Support("MH"));
    check(b"3 V1 N5\n1 :a\n", "dovecot-uidlist", Content::Support("Dovecot"));
    check(b"\x00\x05\x16\x07\x00", "__MACOSX/._x.eml", Content::Support("AppleDouble"));
    check(b"", "maildirfolder", Content::Support("Maildir++"));
    check(b"", "Drafts", Content::Empty);
    check(b"\0\0\0\n", "Drafts", Content::Zeros);
}

#[test]
fn stores_that_are_not_read() {
    for head in [
        &b"!BDN\0"[..],
        b"\xCF\xAD\x12\xFE\0",
        b"*mbx*\r\n",
        b"BABYL OPTIONS: -*- rmail",
        b"\x1F\x8B\x08",
        b"Rar!\x1A\x07\0",
    ] {
        assert!(matches!(detect(head, 9, b"x.mbox"), Content::Unsupported(_)), "{head:?}");
    }
    let entry =
        |name: &str| [b"PK\x03\x04".to_vec(), vec![0; 22], vec![name.len() as u8, 0, 0, 0], name.into()].concat();
    check(&entry("a.mbox"), "x.zip", Content::Unsupported("zip archive"));
    check(&entry("[Content_Types].xml"), "x.docx", Content::NotMail);
    check(&entry("mimetype"), "x.odt", Content::NotMail);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(MAIL.iter().flat_map(|&b| [b, 0])).collect();
    check(&utf16, "x", Content::Unsupported("mail in UTF-16"));
}
