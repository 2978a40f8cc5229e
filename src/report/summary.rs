//! An inventory on one screen.

use std::fmt::Write;

use super::closing::closing;
use super::number::{counted, percent, size, thousands};
use crate::model::reading::Class;
use crate::report::words;
use crate::store::read::{Counts, MailboxTotal, ProblemRow};
use crate::ui::escape::{shorten, shorten_start};

/// How many mailboxes have a line of their own.
pub const MAILBOXES_SHOWN: usize = 8;
/// Columns of the screen.
const WIDTH: usize = 79;

/// The screen for these counts: `mailboxes` are the largest ones, `errors` the first of level `error`. Text from mail
/// and paths is escaped.
pub fn summary(path: &str, counts: &Counts, mailboxes: &[MailboxTotal], errors: &[ProblemRow]) -> String {
    let mut screen = String::new();
    head(&mut screen, path, counts);
    mailbox_table(&mut screen, counts, mailboxes);
    screen.push_str(&super::estate::screen(&counts.estate));
    screen.push_str(&super::document_lines::screen(&counts.documents));
    class_bars(&mut screen, counts);
    let _ = write!(screen, "\n{}", closing(counts, errors));
    screen
}

fn day(at: &Option<String>) -> &str {
    at.as_deref().and_then(|at| at.get(..10)).unwrap_or("-")
}

fn head(screen: &mut String, path: &str, counts: &Counts) {
    // A `String` takes everything: the results of `write!` say nothing.
    let _ = writeln!(screen, "{}", shorten_start(path, WIDTH));
    if let Some(scan) = &counts.scan {
        let given = scan.roots.first().map_or(String::new(), |root| shorten_start(root, 44));
        let more = match scan.roots.len() {
            0 | 1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        let state = if counts.is_unfinished() { "UNFINISHED" } else { "finished" };
        let at = scan.started_at.get(..16).unwrap_or(&scan.started_at).replace('T', " ");
        let _ = writeln!(screen, "scanned   {given}{more}, {at} UTC, {state}");
    }
    let _ = writeln!(
        screen,
        "mail      {}, {} of them copies; {} to {}",
        counted(counts.messages, "message", "messages"),
        thousands(counts.duplicates),
        day(&counts.first_at),
        day(&counts.last_at)
    );
    let _ = writeln!(
        screen,
        "lies in   {}, {}; {} ({})",
        counted(counts.mailboxes, "mailbox", "mailboxes"),
        counted(counts.folders, "folder", "folders"),
        counted(counts.attachments, "attachment", "attachments"),
        size(counts.attachment_bytes)
    );
    if counts.absent_messages > 0 {
        let _ = writeln!(screen, "          {} of earlier scans no longer there", thousands(counts.absent_messages));
    }
    let [open, done, unknown] = counts.tasks;
    if open + done + unknown > 0 {
        let _ = writeln!(
            screen,
            "to do     {}, estimated: {} open, {} done, {} unknown",
            counted(open + done + unknown, "task", "tasks"),
            thousands(open),
            thousands(done),
            thousands(unknown)
        );
    }
    let _ = writeln!(
        screen,
        "problems  {}, {}, {}",
        counted(counts.problems_of("error"), "error", "errors"),
        counted(counts.problems_of("warning"), "warning", "warnings"),
        counted(counts.problems_of("note"), "note", "notes")
    );
}

fn mailbox_table(screen: &mut String, counts: &Counts, mailboxes: &[MailboxTotal]) {
    if mailboxes.is_empty() {
        return;
    }
    let _ = writeln!(screen, "\n{:<32}{:>11}{:>10}  {:<12}newest", "mailbox", "messages", "size", "oldest");
    for mailbox in mailboxes.iter().take(MAILBOXES_SHOWN) {
        let _ = writeln!(
            screen,
            "{:<32}{:>11}{:>10}  {:<12}{}",
            shorten(&mailbox.name, 31),
            thousands(mailbox.messages),
            size(mailbox.bytes),
            day(&mailbox.first_at),
            day(&mailbox.last_at)
        );
    }
    let more = counts.mailboxes.saturating_sub(mailboxes.len().min(MAILBOXES_SHOWN) as u64);
    if more > 0 {
        let _ = writeln!(screen, "and {} more: see mailboxes.csv", thousands(more));
    }
}

fn class_bars(screen: &mut String, counts: &Counts) {
    if counts.messages == 0 {
        return;
    }
    let _ = writeln!(screen, "\n{:<32}{:>11}   estimated", "read as", "messages");
    let largest = counts.classes.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    for class in Class::ALL {
        let n = counts.classes.iter().filter(|(c, _)| *c == class).map(|(_, n)| *n).sum::<u64>();
        if n == 0 {
            continue;
        }
        // At least one block for what occurs at all.
        let blocks = (n * 25).div_ceil(largest) as usize;
        let line = format!(
            "{:<32}{:>11}{:>7} {}",
            words::class(class),
            thousands(n),
            percent(n, counts.messages),
            "█".repeat(blocks)
        );
        let _ = writeln!(screen, "{}", line.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::read::Scope;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn one_screen() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        let counts = inventory.counts(Scope::default()).unwrap();
        let errors = inventory.errors(Scope::default(), 10).unwrap();
        let mailboxes = inventory.largest_mailboxes(MAILBOXES_SHOWN).unwrap();
        insta::assert_snapshot!(summary("/cases/tiny.db", &counts, &mailboxes, &errors), @"
        /cases/tiny.db
        scanned   /data, 2023-10-01 10:00 UTC, finished
        mail      6 messages, 1 of them copies; 2023-05-01 to 2023-05-04
        lies in   2 mailboxes, 4 folders; 3 attachments (4.0 kB)
                  1 of earlier scans no longer there
        to do     2 tasks, estimated: 2 open, 0 done, 0 unknown
        problems  2 errors, 1 warning, 2 notes

        mailbox                            messages      size  oldest      newest
        anna                                      3     147 B  2023-05-01  2023-05-02
        boss                                      3     258 B  2023-05-01  2023-05-04

        documents; kinds, versions and texts are estimated
        attached  2 file contents (3.0 kB), 1 of them once in this export
                  stored once each they would take 1.0 kB less
        kinds     quote 1, unknown 1

        read as                            messages   estimated
        process                                   1   17 % █████████████
        document                                  2   33 % █████████████████████████
        task                                      1   17 % █████████████
        correspondence                            1   17 % █████████████
        announcements and automatic mail          1   17 % █████████████

        Proved
          entries found: 6 = 3 mail files read + 1 empty + 1 not read by this version +
            1 folder
          bytes found: 570 = 405 in messages + 100 in lines between messages + 5 blank
            + 10 that are no part of a message + 50 in files that are no mail source
          every message that was found is in the inventory: 6 messages from 3 files
          NOT complete: 2 errors are to be read first; whether all mailboxes were given
            was not checked
        Estimated
          6 messages = process 1 + document 2 + task 1 + correspondence 1 +
            announcements and automatic mail 1 + unsure 0
          served 1 as process, 2 as document, 2 as task; a message may serve as several
          by rules and a model, not checked on your mail
        To read
          /data/anna/Inbox, 10 bytes at 0: Bytes of a mail file that are no part of a
            message (before the first message)
            hint: Look at the bytes; they may be the rest of a damaged message.
          /data/boss/old.pst: The file holds mail or items and this version does not
            read it (Outlook store (PST))
            hint: Export it as mbox, maildir or .eml, or unpack it, and scan the
              result.
          1 warning (1 doubtful_boundary): see problems.csv
          2 notes (1 date_implausible, 1 empty_store): see problems.csv
        ");
    }
}
