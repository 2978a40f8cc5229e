//! The one table of all signals.

/// How much of the text a signal quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// The sentence, once for each sentence, at most four of them.
    Sentence,
    /// The words found, once; `NAME_many` where the table has it when there are three.
    Words,
}

/// One kind of signal.
#[derive(Clone, Copy, Debug)]
pub struct SignalKind {
    /// Its name in evidence and rules.
    pub name: &'static str,
    /// What it means, in plain words.
    pub meaning: &'static str,
    /// How much of the text it quotes.
    pub extent: Extent,
}

const fn act(name: &'static str, meaning: &'static str) -> SignalKind {
    SignalKind { name, meaning, extent: Extent::Sentence }
}

const fn sign(name: &'static str, meaning: &'static str) -> SignalKind {
    SignalKind { name, meaning, extent: Extent::Words }
}

/// Every signal, by what it is read from.
pub const TABLE: &[SignalKind] = &[
    // What the sender's sentences do.
    act("request_please", "asks politely for something to be done"),
    act("request_can_you", "asks whether somebody can do something"),
    act("request_need", "says that something must be done"),
    act("request_imperative", "tells somebody to do something"),
    act("request_reply", "asks for an answer"),
    act("request_review", "asks for a review or comments"),
    act("courtesy", "offers to answer questions; not a request"),
    act("question", "a question"),
    act("note_to_self", "a list of things to do"),
    act("commitment", "promises to do something"),
    act("reminder", "reminds, chases, says it is urgent"),
    act("deadline", "names a time by which"),
    act("approval_asked", "asks for an approval"),
    act("approval_given", "gives an approval"),
    act("approval_refused", "refuses an approval"),
    act("delivery", "hands over something attached"),
    act("here_is", "hands over something in the text"),
    act("meeting", "arranges or mentions a meeting"),
    act("done", "says that something is done"),
    act("process_step", "names the state of something that goes through steps"),
    act("out_of_office", "says that the sender is away"),
    act("bounce", "says that mail was not delivered"),
    // What the model makes of the words as a whole; never weighed by itself.
    act("wording", "the words of this sentence, as the model weighs them"),
    act("subject_wording", "the words of the subject, as the model weighs them"),
    // What the words are about.
    sign("revision", "speaks of drafts and versions"),
    sign("revision_many", "speaks much of drafts and versions"),
    sign("paper", "speaks of reports, letters, lists"),
    sign("paper_many", "speaks much of reports, letters, lists"),
    sign("contract", "speaks of contracts"),
    sign("contract_many", "speaks much of contracts"),
    sign("pass_on", "passes something on for information"),
    sign("shared_file", "says where a shared file lies"),
    sign("operations", "speaks of daily operations"),
    sign("operations_many", "speaks much of daily operations"),
    sign("money", "speaks of invoices and payments"),
    sign("money_many", "speaks much of invoices and payments"),
    sign("personnel", "speaks of leave, hiring, training"),
    sign("personnel_many", "speaks much of leave, hiring, training"),
    sign("access_it", "speaks of passwords, access, computers"),
    sign("travel_booking", "speaks of travel and bookings"),
    sign("travel_booking_many", "speaks much of travel and bookings"),
    sign("run_notice", "sounds like a program"),
    sign("run_notice_many", "sounds very much like a program"),
    sign("report_words", "sounds like a periodic report"),
    sign("report_words_many", "sounds very much like a periodic report"),
    sign("invitation_form", "has the fields of an invitation"),
    sign("invitation_form_many", "has several fields of an invitation"),
    sign("social", "speaks of private things"),
    sign("social_many", "speaks much of private things"),
    sign("thanks", "thanks"),
    sign("opinion", "says what the sender thinks or is"),
    sign("opinion_many", "says much of what the sender thinks or is"),
    sign("answer", "answers"),
    sign("unsubscribe", "says how to leave a list"),
    sign("unsubscribe_many", "says much about subscriptions"),
    sign("marketing", "advertises"),
    sign("marketing_many", "advertises much"),
    sign("news", "sounds like news"),
    sign("news_many", "sounds very much like news"),
    sign("to_all_staff", "speaks to many people at once"),
    sign("to_all_staff_many", "speaks very much to many people at once"),
    // The form of the text.
    sign("text_none", "the sender wrote nothing"),
    sign("text_tiny", "the sender wrote under 60 bytes"),
    sign("text_short", "the sender wrote 60 to 300 bytes"),
    sign("text_long", "the sender wrote 1,500 to 5,000 bytes"),
    sign("text_very_long", "the sender wrote over 5,000 bytes"),
    sign("text_html", "the text exists as HTML only"),
    sign("one_sentence", "one or two sentences"),
    sign("form_lines", "lines that look like the fields of a form"),
    sign("table_lines", "lines that look like a table of numbers"),
    sign("bullets", "a list with bullets or numbers"),
    sign("rule_lines", "ruled lines between sections"),
    sign("many_numbers", "a large part of the text is digits"),
    sign("money_amount", "an amount of money"),
    sign("date_in_text", "a date"),
    sign("clock_time", "a time of day"),
    sign("exclaims", "exclamation marks"),
    sign("exclaims_many", "many exclamation marks"),
    sign("capitals", "much text in capital letters"),
    sign("image_marks", "places where pictures stood"),
    sign("greeting_by_name", "begins with a name"),
    sign("link", "a link"),
    sign("links_many", "four links or more"),
    sign("link_to_file", "a link to a file or a file sharing service"),
    sign("unc_path", "a path on a file server"),
    sign("names_file", "names a document file"),
    sign("names_picture", "names a picture, sound or film file"),
    sign("file_mark", "a mark that a mail program left for an attachment"),
    sign("has_quote", "answers words quoted below"),
    sign("forward_bare", "passes a message on without a word"),
    sign("forward_comment", "passes a message on with words"),
    sign("has_signature", "is signed"),
    sign("signature_contact", "is signed with telephone number or address"),
    sign("has_disclaimer", "has a disclaimer"),
    sign("has_footer", "has the footer of a list"),
    // Headers.
    sign("list_header", "List-Id, List-Post or the like"),
    sign("list_unsubscribe_header", "List-Unsubscribe"),
    sign("precedence_bulk", "Precedence: bulk, list or junk"),
    sign("auto_submitted", "Auto-Submitted, or a like header of a program"),
    sign("bulk_header", "a header of a bulk mailing service"),
    sign("spam_header", "a filter called it spam"),
    sign("calendar_header", "a header of a calendar message"),
    sign("importance_high", "marked as important"),
    sign("reply_header", "In-Reply-To or References"),
    sign("reply_to_differs", "answers go elsewhere"),
    sign("receipt_asked", "asks for a receipt"),
    // People.
    sign("sender_machine", "the sender is a program"),
    sign("sender_role", "the sender is a role address"),
    sign("sender_bulk", "the sender's name sounds like a mailing"),
    sign("sender_person", "the sender is a person"),
    sign("sender_unknown", "the sender has no address"),
    sign("sender_private", "the sender writes from a private mail service"),
    sign("sender_outside", "the sender is of another domain than the recipients"),
    sign("sender_owner", "the owner of the mailbox wrote it"),
    sign("recipient_private", "goes to a private mail service"),
    sign("recipient_outside", "goes to another domain"),
    sign("recipient_none", "names no recipient"),
    sign("recipient_one", "to one person"),
    sign("recipient_few", "to two to five people"),
    sign("recipient_many", "to six to fifteen people"),
    sign("recipient_crowd", "to more than fifteen people"),
    sign("recipient_list", "to a list or group"),
    sign("recipient_cc", "others get a copy"),
    sign("recipient_self", "mailed to oneself"),
    sign("owner_cc_only", "the owner only gets a copy"),
    sign("owner_not_named", "the owner is not among the recipients"),
    // Subject.
    sign("subject_none", "no subject"),
    sign("subject_re", "Re:"),
    sign("subject_fw", "Fw:"),
    sign("subject_id", "a number or id in the subject"),
    sign("subject_date", "a date in the subject"),
    sign("subject_fields", "the subject looks filled in by a program"),
    sign("subject_capitals", "the subject is in capital letters"),
    sign("subject_tag", "a [tag] in the subject"),
    sign("subject_short", "a subject of one or two words"),
    sign("subject_request", "the subject asks or chases"),
    sign("subject_approval", "the subject speaks of approval"),
    sign("subject_document", "the subject names a document"),
    sign("subject_contract", "the subject names a contract"),
    sign("subject_process", "the subject names a step of a process"),
    sign("subject_meeting", "the subject names a meeting"),
    sign("subject_bulk", "the subject sounds like a mailing"),
    // Attachments.
    sign("attachment", "a file is attached"),
    sign("attachment_text_document", "a text document is attached"),
    sign("attachment_sheet", "a table is attached"),
    sign("attachment_slides", "slides are attached"),
    sign("attachment_pdf", "a PDF is attached"),
    sign("attachment_picture", "a picture is attached"),
    sign("attachment_media", "sound, film or a program is attached"),
    sign("attachment_archive", "an archive is attached"),
    sign("attachment_message", "a message is attached"),
    sign("attachment_calendar", "a calendar entry is attached"),
    sign("attachment_contact", "a contact is attached"),
    sign("attachment_many", "three files or more are attached"),
    sign("attachment_only", "nothing but an attachment"),
    sign("file_version", "the file name speaks of a version"),
    sign("file_dated", "the file name has a date or number"),
    sign("file_process", "the file name names a form or periodic report"),
    sign("file_contract", "the file name names a contract or letter"),
    // Folder and flags.
    sign("folder_sent", "lies among sent mail"),
    sign("folder_trash", "lies among deleted mail"),
    sign("folder_junk", "lies among junk mail"),
    sign("folder_task", "lies in a folder for things to do"),
    sign("folder_process", "lies in a folder for a process"),
    sign("folder_document", "lies in a folder for documents"),
    sign("folder_calendar", "lies in a calendar"),
    sign("folder_contacts", "lies among contacts"),
    sign("folder_personal", "lies in a private folder"),
    sign("folder_draft", "lies among drafts"),
    sign("flagged", "flagged by the owner"),
    sign("keyword", "has a keyword of the owner's"),
];

/// Position of a signal in [`TABLE`], where the name is known when the program is built: a wrong one does not build.
pub(crate) const fn number(name: &str) -> u16 {
    let mut at = 0;
    while at < TABLE.len() {
        if same(TABLE[at].name.as_bytes(), name.as_bytes()) {
            return at as u16;
        }
        at += 1;
    }
    panic!("the table has no signal of that name")
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// [`number`], found when the program is built.
macro_rules! id {
    ($name:literal) => {
        const { crate::signal::table::number($name) }
    };
}
pub(crate) use id;

/// Position of a signal in [`TABLE`].
pub fn index_of(name: &str) -> Option<usize> {
    use std::collections::HashMap;
    use std::sync::LazyLock;
    static INDEX: LazyLock<HashMap<&'static str, usize>> =
        LazyLock::new(|| TABLE.iter().enumerate().map(|(index, kind)| (kind.name, index)).collect());
    INDEX.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::{TABLE, index_of};

    #[test]
    fn names_are_unique_and_found() {
        for (index, kind) in TABLE.iter().enumerate() {
            assert_eq!(index_of(kind.name), Some(index), "{} stands twice", kind.name);
            assert!(!kind.meaning.is_empty());
        }
    }
}
