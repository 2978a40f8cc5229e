use super::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

#[test]
fn a_maildir_is_an_account_and_dots_divide_its_folders() {
    let export = Context::root("srv", "export").at_root("srv", "export", &names(&["anna", "bob"]));
    let anna = export.enter("anna", &names(&["Maildir"]));
    let maildir = anna.enter("Maildir", &names(&["cur", "new", "tmp", ".INBOX.Invoices"]));
    let cur = maildir.enter("cur", &[]);
    assert_eq!((cur.mailbox(), cur.folder()), ("anna".to_owned(), "INBOX".to_owned()));
    let invoices = maildir.enter(".INBOX.Invoices", &names(&["cur", "new", "tmp"])).enter("cur", &[]);
    assert_eq!((invoices.mailbox(), invoices.folder()), ("anna".to_owned(), "INBOX/Invoices".to_owned()));
}

#[test]
fn a_directory_with_an_inbox_is_an_account() {
    let export = Context::root("srv", "export").at_root("srv", "export", &names(&["site1"]));
    let site = export.enter("site1", &names(&["bob"]));
    let bob = site.enter("bob", &names(&["Inbox", "Sent.mbox", "Projects"]));
    assert_eq!((bob.mailbox(), mbox_folder(&bob.folder(), "bob", "Sent.mbox")), ("bob".to_owned(), "Sent".to_owned()));
    let gas = bob.enter("Projects", &names(&["Gas"])).enter("Gas", &[]);
    assert_eq!((gas.mailbox(), gas.folder()), ("bob".to_owned(), "Projects/Gas".to_owned()));
}

#[test]
fn without_a_sign_the_first_directory_is_the_account() {
    let lists = Context::root("srv", "lists").at_root("srv", "lists", &names(&["devel"]));
    let devel = lists.enter("devel", &names(&["2001-May.txt"]));
    assert_eq!(devel.mailbox(), "devel");
    assert_eq!(mbox_folder(&devel.folder(), "devel", "2001-May.txt"), "2001-May");
    assert_eq!(lists.mailbox(), "lists");
}

#[test]
fn thunderbird_subfolders_hang_under_their_parent() {
    let profile = Context::root("srv", "carl").at_root("srv", "carl", &names(&["Mail"]));
    let local = profile
        .enter("Mail", &names(&["Local Folders"]))
        .enter("Local Folders", &names(&["Inbox", "Inbox.msf", "Clients.sbd"]));
    let clients = local.enter("Clients.sbd", &names(&["Meyer"]));
    assert_eq!(
        (clients.mailbox(), mbox_folder(&clients.folder(), "Clients.sbd", "Meyer")),
        ("carl".to_owned(), "Clients/Meyer".to_owned())
    );
    // Below INBOX and beside it may be folders of one name.
    for name in ["INBOX", "Inbox"] {
        let inbox = local.enter(&format!("{name}.sbd"), &names(&["Bank"]));
        assert_eq!(mbox_folder(&inbox.folder(), &format!("{name}.sbd"), "Bank"), format!("{name}/Bank"));
    }
    assert_eq!(mbox_folder(&local.folder(), "Local Folders", "Bank"), "Bank");
}
