//! Signals of attachments, folders and flags.

use super::Finder;
use super::fold::fold_line;
use super::phrases::{PhraseBook, Where};
use super::table::TABLE;
use crate::model::message::{Attachment, Location, Opaque};
use crate::model::reading::Place;

/// Extensions and the signal of their kind.
const KINDS: [(&str, &[&str]); 9] = [
    ("attachment_text_document", &["doc", "docx", "rtf", "odt", "wpd", "dot", "docm", "pages"]),
    ("attachment_sheet", &["xls", "xlsx", "xlsm", "xlsb", "ods", "csv", "numbers", "xlt"]),
    ("attachment_slides", &["ppt", "pptx", "odp", "key"]),
    ("attachment_pdf", &["pdf", "ps", "tif", "tiff", "dwg", "dxf", "vsd"]),
    ("attachment_picture", &["jpg", "jpeg", "gif", "png", "bmp", "heic", "webp"]),
    ("attachment_media", &["mpg", "mpeg", "avi", "wav", "mp3", "mov", "wmv", "exe", "pps", "mp4", "scr", "vbs"]),
    ("attachment_archive", &["zip", "7z", "rar", "gz", "tar", "tgz"]),
    ("attachment_calendar", &["ics", "vcs"]),
    ("attachment_contact", &["vcf"]),
];

/// Media types that say more than a name.
const TYPES: [(&str, &str); 12] = [
    ("text/calendar", "attachment_calendar"),
    ("text/vcard", "attachment_contact"),
    ("text/x-vcard", "attachment_contact"),
    ("message/", "attachment_message"),
    ("application/pdf", "attachment_pdf"),
    ("application/msword", "attachment_text_document"),
    ("application/vnd.ms-excel", "attachment_sheet"),
    ("application/vnd.ms-powerpoint", "attachment_slides"),
    ("image/", "attachment_picture"),
    ("audio/", "attachment_media"),
    ("video/", "attachment_media"),
    ("application/zip", "attachment_archive"),
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
        if !matches!(kind, Some("attachment_calendar" | "attachment_contact")) {
            finder.add("attachment", name, place());
        }
        if let Some(kind) = kind {
            finder.add(kind, name, place());
        }
        if count == 3 {
            finder.add("attachment_many", name, place());
        }
        if let Some(name) = &attachment.file_name {
            file_name(finder, book, name, place);
        }
        if words < 3 {
            finder.add("attachment_only", name, place());
        }
    }
}

fn file_name(finder: &mut Finder<'_>, book: &PhraseBook, name: &str, place: impl Fn() -> Place) {
    let folded = fold_line(name);
    book.in_line(Where::File, &folded, |hit| finder.add(TABLE[hit.signal].name, name, place()));
    if name.bytes().filter(u8::is_ascii_digit).count() >= 3 {
        finder.add("file_dated", name, place());
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

fn kind(attachment: &Attachment) -> Option<&'static str> {
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
        book.in_line(Where::Folder, &folded, |hit| finder.add(TABLE[hit.signal].name, folder, Place::Folder));
    }
    for flag in &location.flags {
        match flag.as_str() {
            "\\Flagged" => finder.add("flagged", flag, Place::Folder),
            "\\Draft" => finder.add("folder_draft", flag, Place::Folder),
            keyword if !keyword.starts_with(['\\', '$']) => finder.add("keyword", keyword, Place::Folder),
            _ => {}
        }
    }
}
