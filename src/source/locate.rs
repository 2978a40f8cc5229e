//! Which account and folder a source stands for, told by the layout of the directories.
//!
//! An account is a directory that is a maildir, or that holds a folder every mail program has (Inbox, Sent, …), or
//! that a mail program lays out in its own way (a profile, folders as bundles). Where nothing says so, it is the first
//! directory under the given path.

use super::folder_names::{GENERIC, KNOWN_FOLDERS, WRAPPERS};
use super::maildir;

/// Endings of mailbox files that are no part of the folder's name.
const ENDINGS: &[&str] = &[".mbox", ".mboxrd", ".mboxo", ".mboxcl", ".mboxcl2", ".mbx", ".mail", ".eml", ".txt"];
/// Endings of directories that are one folder each (Apple Mail).
const BUNDLE_ENDINGS: &[&str] = &[".mbox", ".imapmbox", ".newmbox"];

/// How the names of a directory's children are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// A child directory is a folder.
    Plain,
    /// A maildir: dots divide the levels of its folders.
    Maildir,
    /// One folder of Apple Mail, however many directories it takes.
    Bundle,
    /// A profile of Mozilla's family: `Mail` and `ImapMail` hold a directory a server.
    Profile,
    /// Directories of servers; their names count as levels where there is more than one.
    Servers { several: bool },
    /// An export of Google: a directory a product.
    Products,
}

/// Account and folder levels of one directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The account, once a directory on the way was one.
    account: Option<String>,
    /// Names below the account; while there is none, the likely owner and the names below it.
    levels: Vec<String>,
    /// Name of the given path, or of the directory it lies in if its own says nothing.
    root: String,
    layout: Layout,
    /// Whether folder names spell some characters as `_2E`, as Evolution does.
    escapes: bool,
}

/// Whether a folder of this name is one that every mail program has.
pub fn is_known_folder(name: &str) -> bool {
    let stem = strip_ending(name, ENDINGS).to_lowercase();
    KNOWN_FOLDERS.contains(&stem.as_str())
}

/// Whether a directory of this name with these children is one folder of Apple Mail.
pub fn is_bundle(name: &str, children: &[String]) -> bool {
    let is_part = |child: &String| {
        matches!(child.as_str(), "mbox" | "Messages" | "table_of_contents" | "Info.plist" | "Attachments")
            || is_uuid(child)
            || child.to_lowercase().ends_with(".mbox")
    };
    bundle_stem(name).is_some() && children.iter().any(is_part)
}

fn bundle_stem(name: &str) -> Option<&str> {
    let stem = strip_ending(name, BUNDLE_ENDINGS);
    (stem.len() < name.len()).then_some(stem)
}

fn strip_ending<'a>(name: &'a str, endings: &[&str]) -> &'a str {
    endings
        .iter()
        .find_map(|ending| {
            let at = name.len().checked_sub(ending.len()).filter(|at| *at > 0 && name.is_char_boundary(*at))?;
            name[at..].eq_ignore_ascii_case(ending).then(|| &name[..at])
        })
        .unwrap_or(name)
}

fn is_generic(name: &str) -> bool {
    let version = name.strip_prefix('V').is_some_and(|digits| is_digits(digits) && digits.len() <= 2);
    version || is_uuid(name) || GENERIC.contains(&name.to_lowercase().as_str())
}

/// Whether it only leads to the directory of a program.
fn is_wrapper(name: &str, children: &[String]) -> bool {
    let leads_on = |child: &String| {
        let child = child.to_lowercase();
        let is_profile = child.split_once('.').is_some_and(|(random, name)| random.len() == 8 && !name.is_empty());
        GENERIC.contains(&child.as_str()) || WRAPPERS.contains(&child.as_str()) || is_profile
    };
    WRAPPERS.contains(&name.to_lowercase().as_str()) && children.iter().any(leads_on)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_uuid(name: &str) -> bool {
    name.len() == 36
        && name.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// A profile directory is `abcd1234.name`; the name says something unless the program chose it.
fn is_profile(name: &str, children: &[String]) -> bool {
    let has = |known: &str| children.iter().any(|child| child == known);
    let random = name.split_once('.').is_some_and(|(random, rest)| {
        random.len() == 8 && random.bytes().all(|b| b.is_ascii_alphanumeric()) && rest.starts_with("default")
    });
    (random || has("prefs.js")) && (has("Mail") || has("ImapMail"))
}

fn profile_owner(name: &str) -> Option<&str> {
    let own = name.split_once('.').map_or(name, |(random, own)| if random.len() == 8 { own } else { name });
    (!own.contains("default") && !is_generic(own)).then_some(own)
}

/// Apple Mail writes the protocol before the account.
fn without_protocol(name: &str) -> &str {
    ["IMAP-", "POP-", "EWS-", "Exchange-", "Mac-", "AosImap-"]
        .iter()
        .find_map(|protocol| name.strip_prefix(protocol).filter(|rest| !rest.is_empty()))
        .unwrap_or(name)
}

impl Context {
    /// The context above a given path; `parent` is the directory it lies in, `name` its own name.
    pub fn root(parent: &str, name: &str) -> Context {
        let root = if is_generic(name) && !parent.is_empty() { parent } else { name };
        Context { account: None, levels: Vec::new(), root: root.to_owned(), layout: Layout::Plain, escapes: false }
    }

    /// The context inside the given directory itself, which is called `name` and lies in `parent`.
    pub fn at_root(&self, parent: &str, name: &str, children: &[String]) -> Context {
        if is_bundle(name, children) || is_profile(name, children) || holds_servers(name, children) {
            let above = if parent.is_empty() || is_generic(parent) { self.root.as_str() } else { parent };
            return Context { root: above.to_owned(), ..self.clone() }.enter(name, children);
        }
        let mut inner = self.clone();
        inner.layout = layout_of(name, children);
        inner.escapes = has_escapes(name, children);
        if inner.layout == Layout::Maildir || children.iter().any(|child| is_known_folder(child)) {
            inner.account = Some(inner.root.clone());
        }
        inner
    }

    /// The context inside the child directory `name`, which holds `children`.
    pub fn enter(&self, name: &str, children: &[String]) -> Context {
        let mut inner = self.clone();
        inner.escapes |= has_escapes(name, children);
        inner.layout = layout_of(name, children);
        if self.layout == Layout::Maildir && name.starts_with('.') && children.iter().any(|child| child == "new") {
            inner.layout = Layout::Maildir;
        }
        match self.layout {
            Layout::Maildir if matches!(name, "cur" | "new" | "tmp") => {
                inner.layout = Layout::Plain;
                return inner;
            }
            Layout::Bundle if is_bundle_inside(name) => {
                inner.layout = Layout::Bundle;
                return inner;
            }
            Layout::Profile if matches!(name, "Mail" | "ImapMail" | "News" | "Feeds") => {
                inner.layout = servers(children);
                return inner;
            }
            Layout::Servers { several } => {
                let is_local = name.eq_ignore_ascii_case("Local Folders");
                inner.levels.extend((several && !is_local).then(|| name.to_owned()));
                return inner;
            }
            Layout::Products => {
                inner.settle();
                return inner;
            }
            _ => {}
        }
        if self.account.is_some() {
            inner.go_down(self, name, children);
        } else {
            inner.go_down_unsettled(name, children);
        }
        inner
    }

    /// Below an account, a directory is a folder.
    fn go_down(&mut self, above: &Context, name: &str, children: &[String]) {
        if self.layout == Layout::Bundle && !is_bundle(name, children) {
            return;
        }
        if above.layout == Layout::Maildir && name.starts_with('.') {
            self.extend_dotted(name);
            return;
        }
        let level = name.strip_suffix(".sbd").filter(|level| !level.is_empty()).unwrap_or(name);
        let level = bundle_stem(level).unwrap_or(level);
        self.levels.push(self.unescape(&maildir::decode_folder(level)));
    }

    /// While no account is known, a directory may be one, or the owner of one, or a folder.
    fn go_down_unsettled(&mut self, name: &str, children: &[String]) {
        let known = children.iter().any(|child| is_known_folder(child));
        if is_bundle(name, children) {
            self.settle();
            self.levels.extend(bundle_stem(name).map(str::to_owned));
        } else if is_profile(name, children) {
            self.account = Some(profile_owner(name).unwrap_or(self.innermost()).to_owned());
            self.levels.clear();
            self.layout = Layout::Profile;
        } else if holds_servers(name, children) {
            self.account = Some(self.innermost().to_owned());
            self.levels.clear();
            self.layout = servers(children);
        } else if self.layout == Layout::Bundle {
            // The messages of a bundle whose outer directory is missing.
        } else if let Some(level) = name.strip_suffix(".sbd").filter(|level| !level.is_empty()) {
            self.settle();
            self.levels.push(maildir::decode_folder(level));
        } else if self.layout == Layout::Maildir && name.starts_with('.') && !is_generic(name) {
            self.account = Some(self.innermost().to_owned());
            self.levels.clear();
            self.extend_dotted(name);
        } else if self.layout == Layout::Maildir || known {
            let by_name = !is_generic(name) && !is_known_folder(name);
            let owner = if by_name { without_protocol(name) } else { self.innermost() };
            self.account = Some(owner.to_owned());
            self.levels.clear();
            self.levels.extend(is_known_folder(name).then(|| name.to_owned()));
        } else if !((is_generic(name) || is_wrapper(name, children)) && self.levels.len() <= 1) {
            self.levels.push(name.to_owned());
        }
    }

    /// The first directory is the account from here on.
    fn settle(&mut self) {
        if self.account.is_none() {
            let owner = self.mailbox();
            self.account = Some(without_protocol(&owner).to_owned());
            self.levels.drain(..self.levels.len().min(1));
        }
    }

    /// The directory nearest above whose name says something.
    fn innermost(&self) -> &str {
        self.levels.iter().rev().find(|level| !is_generic(level)).unwrap_or(&self.root)
    }

    fn extend_dotted(&mut self, name: &str) {
        let levels: Vec<String> = maildir::folder_levels(name).iter().map(|level| self.unescape(level)).collect();
        self.levels.extend(levels);
    }

    /// Evolution spells what may not stand in a folder's name as `_` and two digits.
    fn unescape(&self, level: &str) -> String {
        if self.escapes { maildir::unescape_underscores(level) } else { level.to_owned() }
    }

    /// The account of what lies in this directory.
    pub fn mailbox(&self) -> String {
        self.account.as_ref().or(self.levels.first()).unwrap_or(&self.root).clone()
    }

    /// The account of the file `name` in this directory: a mailbox that is called after an address is that person's.
    pub fn mailbox_of(&self, name: &str) -> String {
        let address = if self.account.is_none() { address_in(name) } else { None };
        address.map_or_else(|| self.mailbox(), str::to_owned)
    }

    /// The folder of a message that is a file of its own; `INBOX` for the account's own directory.
    pub fn folder(&self) -> String {
        let owner = usize::from(self.account.is_none()).min(self.levels.len());
        let levels = &self.levels[owner..];
        if levels.is_empty() { "INBOX".to_owned() } else { levels.join("/") }
    }
}

fn layout_of(name: &str, children: &[String]) -> Layout {
    let has = |name: &str| children.iter().any(|child| child == name);
    let is_messages = name == "Messages" && children.iter().any(|child| child.ends_with(".emlx"));
    if is_bundle(name, children) || is_messages {
        Layout::Bundle
    } else if has("cur") || has("new") && has("tmp") {
        // Copies of maildirs often lack the directories that were empty, so `cur` alone is enough.
        Layout::Maildir
    } else if is_profile(name, children) {
        Layout::Profile
    } else if name.eq_ignore_ascii_case("takeout") {
        Layout::Products
    } else {
        Layout::Plain
    }
}

/// `Mail` and `ImapMail` of a profile whose other parts were left behind.
fn holds_servers(name: &str, children: &[String]) -> bool {
    name == "ImapMail" || name == "Mail" && children.iter().any(|child| child == "Local Folders")
}

fn servers(children: &[String]) -> Layout {
    let is_server = |child: &&String| !child.ends_with(".msf") && !child.starts_with('.') && *child != "Local Folders";
    Layout::Servers { several: children.iter().filter(is_server).count() > 1 }
}

/// Directories that Apple Mail makes inside a folder.
fn is_bundle_inside(name: &str) -> bool {
    let is_part = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    matches!(name, "Messages" | "Data" | "Attachments") || is_part || is_uuid(name)
}

fn has_escapes(name: &str, children: &[String]) -> bool {
    let marks = |child: &String| child == "..maildir++" || child.ends_with(".cmeta") || child.ends_with(".ibex.index");
    matches!(name, "evolution" | ".evolution") || children.iter().any(marks)
}

/// The address that a mailbox file is called after: `ada@wendholt.example.mbox`, also with what an exporter adds:
/// `ada@wendholt.example-1.mbox`.
fn address_in(file_name: &str) -> Option<&str> {
    let stem = strip_ending(file_name, &ENDINGS[..6]);
    let (local, domain) = stem.split_once('@').filter(|_| stem.len() < file_name.len())?;
    let (_, last) = domain.rsplit_once('.')?;
    let top = last.split_once('-').map_or(last, |(top, _)| top);
    let address = &stem[..stem.len() - last.len() + top.len()];
    let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b));
    let well_formed = !local.is_empty() && is_word(local) && is_word(domain) && top.len() >= 2;
    (well_formed && top.bytes().all(|b| b.is_ascii_alphabetic())).then_some(address)
}

/// The folder of an mbox: the folder of its directory and its own name without the ending of mailbox files. A file that
/// is just called `mbox` stands for its directory. `INBOX` is the folder of a directory that says nothing; it counts only
/// where the directory's own name (`directory_name`) says it, as in `INBOX.sbd`.
pub fn mbox_folder(directory_folder: &str, directory_name: &str, file_name: &str) -> String {
    let own = strip_ending(file_name, ENDINGS);
    match directory_folder {
        folder if file_name == "mbox" => folder.to_owned(),
        "INBOX" if !strip_ending(directory_name, &[".sbd"]).eq_ignore_ascii_case("INBOX") => own.to_owned(),
        folder => format!("{folder}/{own}"),
    }
}

#[cfg(test)]
#[path = "locate_tests.rs"]
mod tests;
