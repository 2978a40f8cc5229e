//! Which account and folder a source stands for, told by the layout of the directories.
//!
//! An account is a directory that is a maildir, or that holds a folder every mail program has (Inbox, Sent, …).
//! Where nothing says so, it is the first directory under the given path.

use super::maildir;

/// Names that mail programs give to their own folders, in lower case.
const KNOWN_FOLDERS: &[&str] = &[
    "inbox",
    "sent",
    "sent items",
    "sent mail",
    "sent messages",
    "sent-mail",
    "_sent_mail",
    "_sent",
    "drafts",
    "draft",
    "trash",
    "deleted items",
    "deleted messages",
    "deleted_items",
    "sent_items",
    "junk",
    "junk e-mail",
    "junk email",
    "spam",
    "outbox",
    "unsent messages",
    "posteingang",
    "gesendet",
    "gesendete elemente",
    "gesendete objekte",
    "entwürfe",
    "papierkorb",
    "gelöschte elemente",
    "gelöschte objekte",
    "postausgang",
    "boîte de réception",
    "éléments envoyés",
    "brouillons",
    "corbeille",
    "éléments supprimés",
    "bandeja de entrada",
    "enviados",
    "elementos enviados",
    "borradores",
    "papelera",
    "posta in arrivo",
    "posta inviata",
    "bozze",
    "cestino",
    "postvak in",
    "verzonden items",
    "verzonden",
    "concepten",
    "prullenbak",
    "caixa de entrada",
    "itens enviados",
    "rascunhos",
    "lixeira",
];

/// Directories that belong to a program, not to a person.
const GENERIC: &[&str] = &[
    "maildir",
    ".maildir",
    "mail",
    ".mail",
    "mails",
    "email",
    "e-mail",
    "mbox",
    "mboxes",
    "local folders",
    "mailbox",
    "mailboxes",
    "folders",
    "takeout",
    "imapmail",
    "evolution",
    ".local",
    "local",
    "top of information store",
    "pop3",
    "imap",
];

/// Endings of mailbox files that are no part of the folder's name.
const ENDINGS: &[&str] = &[".mbox", ".mboxrd", ".mboxo", ".mboxcl", ".mboxcl2", ".mbx", ".mail", ".eml", ".txt"];

/// Account and folder levels of one directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The account, once a directory on the way was one.
    account: Option<String>,
    /// Names below the account, or below the given path while there is no account.
    levels: Vec<String>,
    /// Name of the given path.
    root: String,
    /// Whether this directory is a maildir, so that dots in its children's names divide folders.
    maildir: bool,
}

/// Whether a folder of this name is one that every mail program has.
pub fn is_known_folder(name: &str) -> bool {
    let stem = strip_ending(name).to_lowercase();
    KNOWN_FOLDERS.contains(&stem.as_str())
}

fn strip_ending(name: &str) -> &str {
    ENDINGS
        .iter()
        .find_map(|ending| {
            let at = name.len().checked_sub(ending.len()).filter(|at| *at > 0 && name.is_char_boundary(*at))?;
            name[at..].eq_ignore_ascii_case(ending).then(|| &name[..at])
        })
        .unwrap_or(name)
}

fn is_generic(name: &str) -> bool {
    GENERIC.contains(&name.to_lowercase().as_str())
}

impl Context {
    /// The context above a given path; `parent` is the directory it lies in, `name` its own name.
    pub fn root(parent: &str, name: &str) -> Context {
        let root = if is_generic(name) && !parent.is_empty() { parent } else { name };
        Context { account: None, levels: Vec::new(), root: root.to_owned(), maildir: false }
    }

    /// The context inside the given directory itself.
    pub fn at_root(mut self, children: &[String]) -> Context {
        self.maildir = is_maildir(children);
        if self.maildir || children.iter().any(|child| is_known_folder(child)) {
            self.account = Some(self.root.clone());
        }
        self
    }

    /// The context inside the child directory `name`, which holds `children`.
    pub fn enter(&self, name: &str, children: &[String]) -> Context {
        let mut inner = self.clone();
        inner.maildir =
            is_maildir(children) || self.maildir && name.starts_with('.') && children.iter().any(|c| c == "new");
        if self.maildir && matches!(name, "cur" | "new" | "tmp") {
            inner.maildir = false;
            return inner;
        }
        let level = name.strip_suffix(".sbd").unwrap_or(name);
        if self.account.is_some() {
            if self.maildir && name.starts_with('.') {
                inner.levels.extend(maildir::folder_levels(name));
            } else {
                inner.levels.push(maildir::decode_folder(level));
            }
            return inner;
        }
        if inner.maildir || children.iter().any(|child| is_known_folder(child)) {
            let owner = if is_generic(name) || is_known_folder(name) {
                self.levels.iter().rev().find(|level| !is_generic(level)).unwrap_or(&self.root)
            } else {
                name
            };
            inner.account = Some(owner.to_owned());
            inner.levels.clear();
            if is_known_folder(name) {
                inner.levels.push(name.to_owned());
            }
        } else {
            inner.levels.push(level.to_owned());
        }
        inner
    }

    /// The account of a file in this directory.
    pub fn mailbox(&self) -> String {
        match (&self.account, self.levels.iter().find(|level| !is_generic(level))) {
            (Some(account), _) => account.clone(),
            (None, Some(first)) => first.clone(),
            (None, None) => self.root.clone(),
        }
    }

    /// The folder of a message that is a file of its own; `INBOX` for the account's own directory.
    pub fn folder(&self) -> String {
        let levels: &[String] = if self.account.is_some() {
            &self.levels
        } else {
            let owner = self.levels.iter().position(|level| !is_generic(level)).map_or(self.levels.len(), |at| at + 1);
            &self.levels[owner..]
        };
        if levels.is_empty() { "INBOX".to_owned() } else { levels.join("/") }
    }
}

/// Copies of maildirs often lack the directories that were empty, so `cur` alone is enough.
fn is_maildir(children: &[String]) -> bool {
    let has = |name: &str| children.iter().any(|child| child == name);
    has("cur") || has("new") && has("tmp")
}

/// The folder of an mbox: the folder of its directory and its own name without the ending of mailbox files.
pub fn mbox_folder(directory_folder: &str, file_name: &str) -> String {
    let own = strip_ending(file_name);
    let own = if own.is_empty() { file_name } else { own };
    if directory_folder == "INBOX" { own.to_owned() } else { format!("{directory_folder}/{own}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn a_maildir_is_an_account_and_dots_divide_its_folders() {
        let export = Context::root("srv", "export").at_root(&names(&["anna", "bob"]));
        let anna = export.enter("anna", &names(&["Maildir"]));
        let maildir = anna.enter("Maildir", &names(&["cur", "new", "tmp", ".INBOX.Invoices"]));
        let cur = maildir.enter("cur", &[]);
        assert_eq!((cur.mailbox(), cur.folder()), ("anna".to_owned(), "INBOX".to_owned()));
        let invoices = maildir.enter(".INBOX.Invoices", &names(&["cur", "new", "tmp"])).enter("cur", &[]);
        assert_eq!((invoices.mailbox(), invoices.folder()), ("anna".to_owned(), "INBOX/Invoices".to_owned()));
    }

    #[test]
    fn a_directory_with_an_inbox_is_an_account() {
        let export = Context::root("srv", "export").at_root(&names(&["site1"]));
        let site = export.enter("site1", &names(&["bob"]));
        let bob = site.enter("bob", &names(&["Inbox", "Sent.mbox", "Projects"]));
        assert_eq!((bob.mailbox(), mbox_folder(&bob.folder(), "Sent.mbox")), ("bob".to_owned(), "Sent".to_owned()));
        let gas = bob.enter("Projects", &names(&["Gas"])).enter("Gas", &[]);
        assert_eq!((gas.mailbox(), gas.folder()), ("bob".to_owned(), "Projects/Gas".to_owned()));
    }

    #[test]
    fn without_a_sign_the_first_directory_is_the_account() {
        let lists = Context::root("srv", "lists").at_root(&names(&["devel"]));
        let devel = lists.enter("devel", &names(&["2001-May.txt"]));
        assert_eq!(devel.mailbox(), "devel");
        assert_eq!(mbox_folder(&devel.folder(), "2001-May.txt"), "2001-May");
        assert_eq!(lists.mailbox(), "lists");
    }

    #[test]
    fn thunderbird_subfolders_hang_under_their_parent() {
        let profile = Context::root("srv", "carl").at_root(&names(&["Mail"]));
        let local = profile
            .enter("Mail", &names(&["Local Folders"]))
            .enter("Local Folders", &names(&["Inbox", "Inbox.msf", "Clients.sbd"]));
        let clients = local.enter("Clients.sbd", &names(&["Meyer"]));
        assert_eq!(
            (clients.mailbox(), mbox_folder(&clients.folder(), "Meyer")),
            ("carl".to_owned(), "Clients/Meyer".to_owned())
        );
    }
}
