//! Signals of headers and of the subject.

use super::Finder;
use super::fold::fold_line;
use super::phrases::{PhraseBook, Where};
use super::table::id;

/// Headers whose presence says something: name, signal.
const PRESENT: [(&str, u16); 35] = [
    ("List-Id", id!("list_header")),
    ("List-Post", id!("list_header")),
    ("List-Help", id!("list_header")),
    ("List-Archive", id!("list_header")),
    ("List-Owner", id!("list_header")),
    ("Mailing-List", id!("list_header")),
    ("X-Mailing-List", id!("list_header")),
    ("X-BeenThere", id!("list_header")),
    ("X-Mailman-Version", id!("list_header")),
    ("X-Loop", id!("list_header")),
    ("List-Unsubscribe", id!("list_unsubscribe_header")),
    ("X-Auto-Response-Suppress", id!("auto_submitted")),
    ("X-Autoreply", id!("auto_submitted")),
    ("X-Autorespond", id!("auto_submitted")),
    ("X-Auto-Reply", id!("auto_submitted")),
    ("X-Cron-Env", id!("auto_submitted")),
    ("X-Failed-Recipients", id!("auto_submitted")),
    ("Feedback-ID", id!("bulk_header")),
    ("X-Campaign", id!("bulk_header")),
    ("X-CampaignID", id!("bulk_header")),
    ("X-Campaign-Id", id!("bulk_header")),
    ("X-Mailgun-Sid", id!("bulk_header")),
    ("X-MC-User", id!("bulk_header")),
    ("X-SG-EID", id!("bulk_header")),
    ("X-CSA-Complaints", id!("bulk_header")),
    ("X-Report-Abuse", id!("bulk_header")),
    ("X-Report-Abuse-To", id!("bulk_header")),
    ("X-Bulkmail", id!("bulk_header")),
    ("X-Mailer-Recptid", id!("bulk_header")),
    ("X-eGroups-Return", id!("bulk_header")),
    ("Disposition-Notification-To", id!("receipt_asked")),
    ("In-Reply-To", id!("reply_header")),
    ("References", id!("reply_header")),
    ("X-MS-Exchange-Calendar-Series-Instance-Id", id!("calendar_header")),
    ("X-Microsoft-CDO-Busystatus", id!("calendar_header")),
];

/// Reads every header once; signals come out in the order of the table above, whatever the order in the mail.
pub(super) fn read(finder: &mut Finder<'_>) {
    let facts = finder.facts;
    let mut first: [Option<&str>; PRESENT.len()] = [None; PRESENT.len()];
    let mut valued: [Option<(u16, &'static str, &str)>; 6] = [None; 6];
    for (name, value) in &facts.headers {
        if let Some(at) = PRESENT.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)) {
            first[at] = Some(first[at].map_or(value.as_str(), |was| was.min(value)));
        } else if let Some((slot, found)) = by_value(name, value) {
            valued[slot] = Some(valued[slot].map_or(found, |was| if was.2 <= found.2 { was } else { found }));
        }
    }
    for ((header, signal), value) in PRESENT.iter().zip(first) {
        if let Some(value) = value {
            finder.header(*signal, header, value);
        }
    }
    for (signal, header, value) in valued.into_iter().flatten() {
        finder.header(signal, header, value);
    }
}

/// Headers whose value decides.
fn by_value<'a>(name: &str, value: &'a str) -> Option<(usize, (u16, &'static str, &'a str))> {
    let is = |word: &str| value.trim().eq_ignore_ascii_case(word);
    let starts =
        |word: &str| value.len() >= word.len() && value.as_bytes()[..word.len()].eq_ignore_ascii_case(word.as_bytes());
    if name.eq_ignore_ascii_case("Precedence") && (is("bulk") || is("list") || is("junk")) {
        Some((0, (id!("precedence_bulk"), "Precedence", value)))
    } else if name.eq_ignore_ascii_case("Auto-Submitted") && !is("no") {
        Some((1, (id!("auto_submitted"), "Auto-Submitted", value)))
    } else if name.eq_ignore_ascii_case("X-Spam-Flag") && is("yes") {
        Some((2, (id!("spam_header"), "X-Spam-Flag", value)))
    } else if name.eq_ignore_ascii_case("Content-Class") && starts("urn:content-classes:c") {
        Some((3, (id!("calendar_header"), "Content-Class", value)))
    } else if name.eq_ignore_ascii_case("Importance") && is("high") {
        Some((4, (id!("importance_high"), "Importance", value)))
    } else if name.eq_ignore_ascii_case("X-Priority") && (starts("1") || starts("2")) {
        Some((5, (id!("importance_high"), "X-Priority", value)))
    } else {
        None
    }
}

/// Reads the subject.
pub(super) fn subject(finder: &mut Finder<'_>, book: &PhraseBook) {
    let facts = finder.facts;
    let subject = facts.subject.as_deref().unwrap_or_default().trim();
    let (bare, prefixes) = strip(subject);
    for (number, there) in [(id!("subject_re"), prefixes.0), (id!("subject_fw"), prefixes.1)] {
        if there {
            finder.header(number, "Subject", subject);
        }
    }
    if bare.is_empty() {
        // The header is missing or says nothing; either way the place to look is there.
        finder.header(id!("subject_none"), "Subject", subject);
        return;
    }
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = bare.chars().filter(|c| c.is_uppercase()).count();
    let run = bare.as_bytes().split(|b| !b.is_ascii_digit()).map(<[u8]>::len).max().unwrap_or(0);
    let dated = bare
        .as_bytes()
        .windows(3)
        .any(|w| w[0].is_ascii_digit() && matches!(w[1], b'/' | b'.' | b'-') && w[2].is_ascii_digit());
    let fields = bare.matches([':', ';', '|', '=']).count() >= 2 || bare.contains("- ") && digits > 3;
    let signs = [
        (id!("subject_id"), run >= 4 || bare.contains('#')),
        (id!("subject_date"), dated),
        (id!("subject_fields"), fields),
        (id!("subject_capitals"), letters > 6 && capitals * 10 > letters * 8),
        (id!("subject_tag"), bare.starts_with('[')),
        (id!("subject_short"), bare.split_whitespace().count() <= 2),
    ];
    for (number, there) in signs {
        if there {
            finder.header(number, "Subject", subject);
        }
    }
    let folded = fold_line(bare);
    book.in_line(Where::Subject, &folded, |hit| finder.header(hit.signal as u16, "Subject", subject));
}

/// The subject without Re: and Fw:, and which of the two it had.
fn strip(mut subject: &str) -> (&str, (bool, bool)) {
    const RE: [&str; 6] = ["re", "aw", "antw", "antwort", "sv", "res"];
    const FW: [&str; 6] = ["fw", "fwd", "wg", "tr", "rv", "enc"];
    let mut seen = (false, false);
    for _ in 0..8 {
        let Some(colon) = subject.bytes().take(10).position(|b| b == b':') else { break };
        let word = subject[..colon].trim();
        let word = word.split('[').next().unwrap_or(word);
        if RE.iter().any(|re| re.eq_ignore_ascii_case(word)) {
            seen.0 = true;
        } else if FW.iter().any(|fw| fw.eq_ignore_ascii_case(word)) {
            seen.1 = true;
        } else {
            break;
        }
        subject = subject[colon + 1..].trim_start();
    }
    (subject, seen)
}
