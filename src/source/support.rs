//! Files that mail stores keep beside their messages, told by name because their content says nothing.

/// Whole names, in lower case.
const NAMES: &[(&str, &str)] = &[
    (".mh_sequences", "MH"),
    (".mh_profile", "MH"),
    (".xmhcache", "MH"),
    (".uidvalidity", "IMAP client"),
    (".isyncuidmap.db", "mbsync"),
    (".subscriptions", "IMAP server"),
    ("subscriptions", "IMAP server"),
    (".mailboxlist", "IMAP server"),
    ("maildirfolder", "Maildir++"),
    ("maildirsize", "Maildir++"),
    ("msgfilterrules.dat", "Thunderbird"),
    ("virtualfolders.dat", "Thunderbird"),
    ("popstate.dat", "Thunderbird"),
    ("panacea.dat", "Thunderbird"),
    ("filterlog.html", "Thunderbird"),
    ("foldertree.json", "Thunderbird"),
    ("foldercache.json", "Thunderbird"),
    ("global-messages-db.sqlite", "Thunderbird"),
    ("table_of_contents", "Apple Mail"),
    ("info.plist", "Apple Mail"),
    ("envelope index", "Apple Mail"),
    ("envelope index-shm", "Apple Mail"),
    ("envelope index-wal", "Apple Mail"),
    ("cyrus.index", "Cyrus"),
    ("cyrus.cache", "Cyrus"),
    ("cyrus.header", "Cyrus"),
    ("cyrus.squat", "Cyrus"),
    ("folders.db", "Evolution"),
    (".cmeta", "Evolution"),
    (".overview", "Gnus"),
    (".marks", "Gnus"),
    (".ds_store", "macOS folder view"),
    ("thumbs.db", "Windows folder view"),
    ("desktop.ini", "Windows folder view"),
];

/// Starts of names, in lower case.
const STARTS: &[(&str, &str)] = &[
    ("dovecot.", "Dovecot"),
    ("dovecot-", "Dovecot"),
    (".dovecot", "Dovecot"),
    (".imap.index", "Dovecot"),
    ("courierimap", "Courier"),
    (".mbsyncstate", "mbsync"),
    (".offlineimap", "OfflineIMAP"),
    ("oldmail-", "getmail"),
    ("._", "AppleDouble"),
];

/// Ends of names, in lower case.
const ENDS: &[(&str, &str)] = &[
    (".msf", "Thunderbird summary (Mork)"),
    (".emlxpart", "Apple Mail attachment"),
    (".ev-summary", "Evolution"),
    (".ev-summary-meta", "Evolution"),
    (".ibex.index", "Evolution"),
    (".ibex.index.data", "Evolution"),
    (".cmeta", "Evolution"),
    (".index.ids", "KMail"),
    (".index.sorted", "KMail"),
    (".toc", "Eudora"),
];

/// Which store a file of this name (or path) belongs to.
pub(super) fn support_by_name(name: &[u8]) -> Option<&'static str> {
    let file_name = name.rsplit(|&b| b == b'/').next().unwrap_or(name).to_ascii_lowercase();
    let lower = String::from_utf8_lossy(&file_name);
    let whole = NAMES.iter().find(|(known, _)| lower == *known);
    let start = || STARTS.iter().find(|(known, _)| lower.starts_with(known));
    let end = || ENDS.iter().find(|(known, _)| lower.ends_with(known) && lower.len() > known.len());
    whole.or_else(start).or_else(end).map(|(_, what)| *what)
}
