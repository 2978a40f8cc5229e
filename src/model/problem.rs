//! Everything a person should know about a file, a frame or a message: data, never an abort.

/// How much a problem matters. Only `Error` changes the exit code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Level {
    /// A person must read it before saying "that is everything".
    Error,
    /// Read, and there is another way to read it.
    Warning,
    /// Worth knowing.
    Note,
}

impl Level {
    /// The word in `problem.level`.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// One problem at one place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Which problem.
    pub kind: ProblemKind,
    /// Where in the file; `None` for the file or message as a whole.
    pub offset_bytes: Option<u64>,
    /// How many bytes of the file are concerned.
    pub length_bytes: Option<u64>,
    /// Particulars in plain words; never text of a message.
    pub detail: String,
}

impl Problem {
    /// A problem of the whole file or message.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Problem {
        Problem { kind, offset_bytes: None, length_bytes: None, detail: detail.into() }
    }

    /// A problem of these bytes of the file.
    pub fn at(kind: ProblemKind, span: super::frame::Span, detail: impl Into<String>) -> Problem {
        Problem {
            kind,
            offset_bytes: Some(span.offset_bytes),
            length_bytes: Some(span.length_bytes),
            detail: detail.into(),
        }
    }
}

macro_rules! problem_kinds {
    ($($name:ident $word:literal $level:ident $what:literal $remedy:literal;)*) => {
        /// Kinds of problems. `docs/problems.md` lists them all with level, meaning and remedy.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum ProblemKind {
            $(#[doc = $what] $name,)*
        }

        impl ProblemKind {
            /// Every kind, in the order of the documentation.
            pub const ALL: &[ProblemKind] = &[$(ProblemKind::$name),*];

            /// The word in `problem.kind`.
            pub fn as_str(self) -> &'static str {
                match self { $(ProblemKind::$name => $word,)* }
            }

            /// Its level.
            pub fn level(self) -> Level {
                match self { $(ProblemKind::$name => Level::$level,)* }
            }

            /// What it means, one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(ProblemKind::$name => $what,)* }
            }

            /// What to do about it, one sentence.
            pub fn remedy(self) -> &'static str {
                match self { $(ProblemKind::$name => $remedy,)* }
            }
        }
    };
}

problem_kinds! {
    // files
    UnreadableFile "unreadable_file" Error "A file could not be opened or read." "Check its permissions and the medium, then scan again.";
    UnreadableFolder "unreadable_folder" Error "A folder could not be listed, so what lies in it is unknown." "Check its permissions, then scan again.";
    UnreadableBytes "unreadable_bytes" Error "Reading stopped inside the file; what follows is unknown." "Copy the file from another medium or a backup, then scan again.";
    FileChanged "file_changed" Error "The file was different after it was read." "Export to a place nobody writes to, then scan again.";
    FileVanished "file_vanished" Error "The file was listed and gone when it was to be read." "Find out who removed it, then scan again.";
    UnsupportedStore "unsupported_store" Error "The file holds mail or items and this version does not read it." "Export it as mbox, maildir or .eml, or unpack it, and scan the result.";
    SymlinkOutside "symlink_outside" Error "A symbolic link points to something outside the given paths." "Give that path too, or scan with --follow-links.";
    SymlinkNotFollowed "symlink_not_followed" Warning "A symbolic link was not followed; what it points to lies under the given paths and is counted there." "Nothing, unless the folder structure matters.";
    SymlinkBroken "symlink_broken" Warning "A symbolic link points to nothing." "Ask whether something is missing from the export.";
    SymlinkLoop "symlink_loop" Warning "A symbolic link leads back to a folder above it." "Nothing: what it points to is counted once.";
    SpecialFile "special_file" Note "A FIFO, socket or device; never opened." "Nothing.";
    NameNotUtf8 "name_not_utf8" Note "The file's name is not UTF-8; `path_bytes` holds it exactly." "Nothing.";
    EmptyStore "empty_store" Note "A file of zero bytes: a folder without mail, or an export that failed." "Compare with the mail program if the folder should hold mail.";
    NoMessage "no_message" Warning "A mail file in which no message was found; a file of NUL bytes is often what a failed copy leaves." "Compare with the mail program, and ask for the file again if the folder should hold mail.";
    DirectoryNamedLikeAFile "directory_named_like_a_file" Note "A folder whose name ends like a mailbox file; its contents were scanned." "Nothing.";
    SuppliedDigestDiffers "supplied_digest_differs" Error "The file's digest is not the one on the list that came with the delivery." "Ask for the file again: it was changed or damaged on its way.";
    SuppliedFileMissing "supplied_file_missing" Error "The list that came with the delivery names a file that was not found under the given paths." "Give the path where it lies, or ask for the file.";
    SuppliedDigestUnchecked "supplied_digest_unchecked" Error "A file on the list that came with the delivery could not be read to compare its digest." "Check its permissions and the medium, then scan again.";
    SuppliedNotListed "supplied_not_listed" Warning "The file was delivered and is not on the list that came with the delivery." "Ask whether it belongs to the delivery.";
    ParserDied "parser_died" Error "Reading this message killed the program twice; only its bytes and headers are in the inventory." "Look at the message with `mailcensus show --raw`, and report it.";
    // framing
    Gap "gap" Error "Bytes of a mail file that are no part of a message." "Look at the bytes; they may be the rest of a damaged message.";
    DoubtfulBoundary "doubtful_boundary" Warning "The end of one message and the start of the next can be read in two ways; the detail names the other." "Look at both messages with `mailcensus show`.";
    MailboxInMessage "mailbox_in_message" Warning "A message holds lines that look like a whole mailbox; they were kept inside it." "Look at the message; the inner messages are not counted.";
    ContentLengthLies "content_length_lies" Note "The Content-Length of a message does not lead to the next one and was not used." "Nothing.";
    NoSeparatorDate "no_separator_date" Note "The `From ` line of a message has no date." "Nothing.";
    TruncatedMessage "truncated_message" Warning "The file ends inside a message." "Ask for a complete export of this file.";
    NoFinalNewline "no_final_newline" Note "The file's last line has no line end." "Nothing.";
    EmptyMessage "empty_message" Warning "A message without a single byte, or with nothing but blank lines." "Compare with the mail program.";
    DeletedNotCompacted "deleted_not_compacted" Note "The mail program marked the message as deleted and had not removed it yet." "Decide whether it moves.";
    UnfinishedDelivery "unfinished_delivery" Note "The message lies in `tmp` of a maildir: its delivery was never finished." "Compare with the sender's copy.";
    LongLine "long_line" Note "A line is longer than 64 KiB." "Nothing.";
    LeadingBanner "leading_banner" Note "A line that is no header stands before the headers." "Nothing.";
    // structure
    NoHeaders "no_headers" Warning "The message has no header field." "Look at the message; it may be the rest of another.";
    HeaderJunk "header_junk" Note "A line among the headers is no header field." "Nothing; its bytes are in the residue.";
    HeadersTooLong "headers_too_long" Warning "The headers are longer than the limit and were read in part." "Look at the message.";
    NulBytes "nul_bytes" Note "The message holds NUL bytes; some servers change or refuse them." "Expect a changed byte after the move.";
    TooDeep "too_deep" Warning "Parts are nested deeper than the limit; the inner ones are kept as one piece." "Look at the message.";
    TooManyParts "too_many_parts" Warning "The message has more parts than the limit; the rest is kept as one piece." "Look at the message.";
    UnclosedMultipart "unclosed_multipart" Note "A multipart has no closing boundary; it may have been cut off." "Look at the last attachment.";
    NoBoundary "no_boundary" Note "A multipart names no boundary; it was read as text." "Look at the message.";
    Residue "residue" Note "The message holds bytes that are in no header and no part." "Nothing; they have a digest of their own.";
    MessagePartial "message_partial" Warning "A fragment of a larger message (RFC 2046 section 5.2.2)." "Find the other fragments.";
    ExternalBody "external_body" Note "The content lies elsewhere (RFC 2046 section 5.2.3)." "Fetch it before the old system is switched off.";
    AttachmentDetached "attachment_detached" Warning "The attachment was removed or stored outside the message." "Look for the file under the name given.";
    AttachmentPromised "attachment_promised" Note "The text says that something is attached, and nothing is." "Ask the sender, or look for the file on the shares with `mailcensus compare-files`.";
    AttachmentNamed "attachment_named" Note "The text names a file where a mail program showed it, and the file is not in the message." "Look for the file in the sender's mailbox or on the shares.";
    AttachmentStripped "attachment_stripped" Note "A program left a mark that it took an attachment out." "Look for the file in another copy of the message.";
    // content
    Base64Damaged "base64_damaged" Warning "A base64 part holds characters that are no base64, or is cut off." "Open the attachment and compare it with another copy.";
    QuotedPrintableDamaged "quoted_printable_damaged" Note "A quoted-printable part holds escapes that are none." "Nothing.";
    UnknownEncoding "unknown_encoding" Warning "A part names a transfer encoding nobody knows; its bytes were kept as they are." "Open the attachment.";
    CharsetUnknown "charset_unknown" Note "A text names a charset nobody knows; it was guessed." "Look at names and umlauts.";
    CharsetGuessed "charset_guessed" Note "A text in 8 bit names no charset, or not the one it is in; it was guessed." "Look at names and umlauts.";
    HeaderNotAscii "header_not_ascii" Note "A header holds raw 8-bit bytes; some servers change them." "Expect a changed header after the move.";
    TextTruncated "text_truncated" Note "The text is longer than the limit; only its start was read for its meaning. The digest covers all of it." "Nothing.";
    OpaqueTnef "opaque_tnef" Note "The content is in Outlook's own form (winmail.dat) and could not be opened wholly." "Open it with Outlook or `tnef`.";
    OpaqueUuencode "opaque_uuencode" Note "An uuencoded or yEnc file inside the text is damaged or incomplete; what could be read of it was taken out." "Look at the message, and ask for another copy.";
    TextInTnef "text_in_tnef" Note "The message has no text but the one in its winmail.dat, which was not read for its meaning." "Open it with Outlook.";
    OpaqueEncrypted "opaque_encrypted" Warning "The content is encrypted and could not be read." "Ask who holds the key before the old system is switched off.";
    OpaqueSigned "opaque_signed" Note "The content is wrapped in its signature and was not opened." "Open it in a mail program.";
    // dates
    DateMissing "date_missing" Note "The message has no Date header." "Nothing; the time was taken from where `sent_at_source` says.";
    DateUnreadable "date_unreadable" Note "The Date header is no date." "Nothing; the time was taken from where `sent_at_source` says.";
    DateImplausible "date_implausible" Note "The date lies before 1970 or far after every other trace of the message." "Do not sort by it.";
    // programs on the way
    MessageIdMissing "message_id_missing" Note "The message has no Message-ID." "Nothing; it is told apart by its content.";
    InventoryInterrupted "inventory_interrupted" Error "The scan did not finish." "Run the same command again.";
}

#[cfg(test)]
mod tests {
    use super::ProblemKind;

    #[test]
    fn words_are_unique_and_lower_case() {
        let mut words: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.as_str()).collect();
        words.sort_unstable();
        let all = words.len();
        words.dedup();
        assert_eq!(words.len(), all);
        assert!(
            words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()))
        );
    }
}
