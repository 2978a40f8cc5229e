//! Signals of attachments, folders and flags.

use super::Finder;
use super::fold::fold_line;
use super::phrases::{PhraseBook, Where};
use super::table::id;
use crate::model::message::{Attachment, Location, Opaque};
use crate::model::reading::Place;

/// Extensions and the signal of their kind.
const KINDS: [(u16, &[&str]); 9] = [
    (id!("attachment_text_document"), &["doc", "docx", "rtf", "odt", "wpd", "dot", "docm", "pages"]),
    (id!("attachment_sheet"), &["xls", "xlsx", "xlsm", "xlsb", "ods", "csv", "numbers", "xlt"]),
    (id!("attachment_slides"), &["ppt", "pptx", "odp", "key"]),
    (id!("attachment_pdf"), &["pdf", "ps", "tif", "tiff", "dwg", "dxf", "vsd"]),
    (id!("attachment_picture"), &["jpg", "jpeg", "gif", "png", "bmp", "heic", "webp"]),
    (id!("attachment_media"), &["mpg", "mpeg", "avi", "wav", "mp3", "mov", "wmv", "exe", "pps", "mp4", "scr", "vbs"]),
    (id!("attachment_archive"), &["zip", "7z", "rar", "gz", "tar", "tgz"]),
    (id!("attachment_calendar"), &["ics", "vcs"]),
    (id!("attachment_contact"), &["vcf"]),
];

/// Media types that say more than a name.
const TYPES: [(&str, u16); 12] = [
    ("text/calendar", id!("attachment_calendar")),
    ("text/vcard", id!("attachment_contact")),
    ("text/x-vcard", id!("attachment_contact")),
    ("message/", id!("attachment_message")),
    ("application/pdf", id!("attachment_pdf")),
    ("application/msword", id!("attachment_text_document")),
    ("application/vnd.ms-excel", id!("attachment_sheet")),
    ("application/vnd.ms-powerpoint", id!("attachment_slides")),
    ("image/", id!("attachment_picture")),
    ("audio/", id!("attachment_media")),
    ("video/", id!("attachment_media")),
    ("application/zip", id!("attachment_archive")),
];

/// Reads attachments; `words` is how many words the sender wrote.
pub(super) fn attachments(finder: &mut Finder<'_>, book: &PhraseBook, words: usize) {
    let facts = finder.facts;
    let mut count = 0;
    for attachment in facts.attachments.iter().filter(|attachment| counts(attachment)).take(200) {
        count += 1;
        let name = attachment.file_name.as_deref().unwrap_or(&attachment.media_type);
        let place = || Place::Attachment(attachment.part.clone());
        let kind = kind(attachment);
        if kind != Some(id!("attachment_calendar")) && kind != Some(id!("attachment_contact")) {
            finder.add(id!("attachment"), name, place);
        }
        if let Some(kind) = kind {
            finder.add(kind, name, place);
        }
        if count == 3 {
            finder.add(id!("attachment_many"), name, place);
        }
        if let Some(name) = &attachment.file_name {
            file_name(finder, book, name, place);
        }
        if words < 3 {
            finder.add(id!("attachment_only"), name, place);
        }
    }
}

fn file_name(finder: &mut Finder<'_>, book: &PhraseBook, name: &str, place: impl Fn() -> Place) {
    let folded = fold_line(name);
    book.in_line(Where::File, &folded, |hit| finder.add(hit.signal as u16, name, &place));
    if name.bytes().filter(u8::is_ascii_digit).count() >= 3 {
        finder.add(id!("file_dated"), name, &place);
    }
}

/// Pictures that an HTML text shows and signatures are part of the letter paper.
fn counts(attachment: &Attachment) -> bool {
    let paper = attachment.inline && attachment.media_type.starts_with("image/");
    let signature = attachment.media_type.ends_with("-signature") || attachment.opaque == Some(Opaque::Signed);
    let nameless_text = attachment.file_name.is_none()
        && attachment.media_type.starts_with("text/")
        && !attachment.media_type.contains("cal")
        && !attachment.media_type.contains("vcard");
    !paper && !signature && !nameless_text
}

fn kind(attachment: &Attachment) -> Option<u16> {
    let extension = attachment.file_name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e.trim());
    let named = extension.and_then(|e| KINDS.iter().find(|(_, all)| all.iter().any(|one| one.eq_ignore_ascii_case(e))));
    named
        .map(|(kind, _)| *kind)
        .or_else(|| TYPES.iter().find(|(known, _)| attachment.media_type.starts_with(known)).map(|(_, kind)| *kind))
}

/// Reads folder names and flags.
pub(super) fn folders(finder: &mut Finder<'_>, location: &Location, book: &PhraseBook) {
    for folder in location.folders.iter().take(50) {
        let folded = fold_line(folder);
        book.in_line(Where::Folder, &folded, |hit| finder.add(hit.signal as u16, folder, || Place::Folder));
    }
    for flag in &location.flags {
        match flag.as_str() {
            "\\Flagged" => finder.add(id!("flagged"), flag, || Place::Folder),
            "\\Draft" => finder.add(id!("folder_draft"), flag, || Place::Folder),
            keyword if !keyword.starts_with(['\\', '$']) => finder.add(id!("keyword"), keyword, || Place::Folder),
            _ => {}
        }
    }
}
