//! Mailboxes on disk, each in the form its program or export has: mbox in three dialects, a Thunderbird profile,
//! Maildir++, a directory of `.eml` files a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::cast::{Mailbox, Store};
use super::clock::from_line_date;
use super::deliver::{Came, Copy, system_folders};
use super::post::Post;
use super::render::{Delivery, base64, render};

/// The bytes of one copy, LF line ends, without what a store puts around it.
pub fn copy_text(post: &Post, copy: &Copy, domain: &str) -> String {
    let (delivered_to, original_to) = match &copy.came {
        Came::Received { to, original } => (Some(to.as_str()), original.as_deref()),
        _ => (None, None),
    };
    render(post, &Delivery { delivered_to, original_to, domain })
}

/// Writes one mailbox below `export`.
pub fn write(export: &Path, mailbox: &Mailbox, copies: &[&Copy], posts: &[Post], domain: &str) -> io::Result<()> {
    let mut folders: BTreeMap<&str, Vec<&Copy>> = BTreeMap::new();
    let names = system_folders(mailbox.store);
    folders.entry(names[0]).or_default();
    for copy in copies {
        folders.entry(&copy.folder).or_default().push(copy);
    }
    let root = export.join(&mailbox.dir);
    fs::create_dir_all(&root)?;
    for (folder, mut copies) in folders {
        copies.sort_by_key(|copy| (posts[copy.post].at, copy.post));
        let texts = copies.iter().map(|copy| (*copy, &posts[copy.post], copy_text(&posts[copy.post], copy, domain)));
        match mailbox.store {
            Store::Maildir => maildir(&root.join("Maildir"), folder, texts)?,
            Store::Eml => eml(&root.join(folder), texts)?,
            Store::Thunderbird => thunderbird(&root, folder, domain, texts)?,
            dialect => {
                let name = if dialect == Store::MboxCl2 { format!("{folder}.mbox") } else { folder.to_owned() };
                let mut file = io::BufWriter::new(fs::File::create(root.join(name))?);
                for (copy, post, text) in texts {
                    file.write_all(in_mbox(&text, post, copy, dialect).as_bytes())?;
                }
                file.flush()?;
            }
        }
    }
    Ok(())
}

/// A message as it stands in an mbox of this dialect, with its `From ` line and the blank line after it.
fn in_mbox(text: &str, post: &Post, copy: &Copy, dialect: Store) -> String {
    let (head, body) = text.split_once("\n\n").expect("a body");
    let mut out = format!("From {} {}\n", post.from.address, from_line_date(post.at));
    match dialect {
        Store::Thunderbird => {
            let status = u32::from(copy.seen) | u32::from(copy.flagged) << 2;
            out.push_str(&format!("X-Mozilla-Status: {status:04x}\nX-Mozilla-Status2: 00000000\n{head}\n"));
        }
        Store::MboxCl2 => out.push_str(&format!("{head}\nContent-Length: {}\n", body.len())),
        _ => out.push_str(&format!("{head}\nStatus: {}\n", if copy.seen { "RO" } else { "O" })),
    }
    out.push('\n');
    for line in body.split_inclusive('\n') {
        let bare = if dialect == Store::MboxO { line } else { line.trim_start_matches('>') };
        if dialect != Store::MboxCl2 && bare.starts_with("From ") {
            out.push('>');
        }
        out.push_str(line);
    }
    out.push('\n');
    out
}

fn thunderbird<'a>(
    root: &Path,
    folder: &str,
    domain: &str,
    texts: impl Iterator<Item = (&'a Copy, &'a Post, String)>,
) -> io::Result<()> {
    let token: String = domain.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let profile = root.join(format!("Thunderbird/Profiles/{token}.default-release"));
    let server = profile.join(format!("ImapMail/imap.{domain}"));
    let place = if system_folders(Store::Thunderbird).contains(&folder) { server } else { server.join("INBOX.sbd") };
    fs::create_dir_all(&place)?;
    fs::write(profile.join("prefs.js"), "user_pref(\"mail.server.server1.type\", \"imap\");\n")?;
    fs::write(place.join(format!("{folder}.msf")), "// <!-- <mdb:mork:z v=\"1.4\"/> -->\n")?;
    let mut file = io::BufWriter::new(fs::File::create(place.join(folder))?);
    for (copy, post, text) in texts {
        let text = in_mbox(&text, post, copy, Store::Thunderbird);
        file.write_all(text.replace('\n', "\r\n").as_bytes())?;
    }
    file.flush()
}

fn maildir<'a>(root: &Path, folder: &str, texts: impl Iterator<Item = (&'a Copy, &'a Post, String)>) -> io::Result<()> {
    let place = if folder == "INBOX" { root.to_owned() } else { root.join(format!(".{}", modified_utf7(folder))) };
    for inner in ["cur", "new", "tmp"] {
        fs::create_dir_all(place.join(inner))?;
    }
    if folder != "INBOX" {
        fs::write(place.join("maildirfolder"), "")?;
    }
    for (nth, (copy, post, text)) in texts.enumerate() {
        let base = format!("{}.M{}P{}.mail,S={}", post.at + 3, post.at * 7 % 1_000_000, 2_000 + nth, text.len());
        let path = match copy.seen {
            true => place.join("cur").join(format!("{base}:2,{}S", if copy.flagged { "F" } else { "" })),
            false => place.join("new").join(base),
        };
        fs::write(path, text)?;
    }
    Ok(())
}

fn eml<'a>(place: &Path, texts: impl Iterator<Item = (&'a Copy, &'a Post, String)>) -> io::Result<()> {
    fs::create_dir_all(place)?;
    for (nth, (_, post, text)) in texts.enumerate() {
        let slug: String = post.subject.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(40).collect();
        fs::write(place.join(format!("{:05} {slug}.eml", nth + 1)), text.replace('\n', "\r\n"))?;
    }
    Ok(())
}

/// A folder name as Maildir++ writes it (RFC 3501 section 5.1.3).
fn modified_utf7(name: &str) -> String {
    let (mut text, mut wide) = (String::new(), Vec::new());
    let shift = |text: &mut String, wide: &mut Vec<u8>| {
        if !wide.is_empty() {
            text.push_str(&format!("&{}-", base64(wide, usize::MAX).trim_end_matches('=').replace('/', ",")));
            wide.clear();
        }
    };
    for letter in name.chars() {
        if (' '..='~').contains(&letter) {
            shift(&mut text, &mut wide);
            text.push(letter);
            text.push_str(if letter == '&' { "-" } else { "" });
        } else {
            let mut units = [0; 2];
            wide.extend(letter.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    shift(&mut text, &mut wide);
    text
}

/// The name of a store for the truth.
pub fn store_name(store: Store) -> &'static str {
    match store {
        Store::MboxRd => "mboxrd",
        Store::MboxO => "mboxo",
        Store::MboxCl2 => "mboxcl2",
        Store::Thunderbird => "thunderbird",
        Store::Maildir => "maildir",
        Store::Eml => "eml",
    }
}

/// The folder as a reader of the store sees it: Thunderbird keeps folders below the inbox.
pub fn seen_folder(store: Store, folder: &str) -> String {
    match store {
        Store::Thunderbird if !system_folders(store).contains(&folder) => format!("INBOX/{folder}"),
        _ => folder.to_owned(),
    }
}
