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
    ("..maildir++", "Evolution"),
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
    (".isync", "mbsync"),
    (".sylpheed_", "Sylpheed"),
    (".claws_", "Claws Mail"),
    (".nnmaildir", "Gnus"),
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
    (".ibex", "Evolution"),
    (".ev-summary.mmap", "Evolution"),
    ("-metadata.xml", "Google Vault"),
    ("-metadata.csv", "Google Vault"),
    ("-results-count.csv", "Google Vault"),
    ("-result-counts.csv", "Google Vault"),
    ("-account-info.csv", "Google Vault"),
];

/// Names of directories, in lower case, that a program keeps for itself; everything below them is its own.
const FOLDERS: &[(&str, &str)] = &[
    ("__macosx", "AppleDouble"),
    ("courierimapkeywords", "Courier"),
    ("courierimaphieracl", "Courier"),
    ("localstatus", "OfflineIMAP"),
    ("localstatus-sqlite", "OfflineIMAP"),
    ("folder-validity", "OfflineIMAP"),
    (".mbsync", "mbsync"),
    (".getmail", "getmail"),
];

/// Which store a file of this name (or path) belongs to.
pub(super) fn support_by_name(name: &[u8]) -> Option<&'static str> {
    let file_name = name.rsplit(|&b| b == b'/').next().unwrap_or(name).to_ascii_lowercase();
    let lower = String::from_utf8_lossy(&file_name);
    let whole = NAMES.iter().find(|(known, _)| lower == *known);
    let start = || STARTS.iter().find(|(known, _)| lower.starts_with(known));
    let end = || ENDS.iter().find(|(known, _)| lower.ends_with(known) && lower.len() > known.len());
    let folder = || FOLDERS.iter().find(|(known, _)| lies_in(name, known));
    whole.or_else(start).or_else(end).or_else(folder).map(|(_, what)| *what)
}

/// Whether one of the two directories right above is called `folder`.
fn lies_in(path: &[u8], folder: &str) -> bool {
    let mut levels = path.rsplit(|&b| b == b'/').skip(1).take(2);
    levels.any(|level| level.eq_ignore_ascii_case(folder.as_bytes()))
}
