//! Stores of mail programs and exports, each built in a folder of its own: accounts, folders, flags, and what lies
//! beside the messages.

use std::fs;
use std::path::Path;

use crate::harness::*;

/// Writes files under `folder`; a path that ends in `/` is a directory.
fn build(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if path.to_string_lossy().ends_with('/') {
            fs::create_dir_all(&path).unwrap();
        } else {
            fs::write(path, text).unwrap();
        }
    }
}

/// Scans `folder` and gives mailbox, folder, flags and subject of every message.
#[track_caller]
fn messages(folder: &Path, inventory: &Path) -> Vec<String> {
    let ended = scan(&[folder], inventory);
    assert!(matches!(ended.code, 0 | 1), "{}", ended.stderr);
    assert_ledger_holds(inventory);
    rows(inventory, "SELECT mailbox, folder, flags, subject FROM message ORDER BY subject, mailbox, folder")
}

/// Outcome and detail of every file that holds no message.
fn others(inventory: &Path) -> Vec<String> {
    let sql = "SELECT path, outcome, detail FROM file WHERE outcome NOT IN ('read', 'directory') ORDER BY path";
    let last = |row: String| row.rsplit('/').next().unwrap_or_default().to_owned();
    rows(inventory, sql).into_iter().map(last).collect()
}

fn emlx(number: usize, flags: u64) -> String {
    let message = message(number);
    emlx_of(&message, flags)
}

fn emlx_of(message: &str, flags: u64) -> String {
    format!(
        "{:<10}\n{message}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n\
         \t<key>date-received</key>\n\t<integer>1678089600</integer>\n\t<key>flags</key>\n\t<integer>{flags}</integer>\n\
         </dict>\n</plist>\n",
        message.len()
    )
}

/// A message whose second part was taken out by Apple Mail.
fn partial(number: usize) -> String {
    let (head, body) = (message(number), "Content-Type: multipart/mixed; boundary=\"cut-here\"\n");
    let (headers, text) = head.split_once("\n\n").unwrap();
    format!(
        "{headers}\n{body}\n--cut-here\n\n{text}\n--cut-here\nContent-Type: application/pdf; name=plan.pdf\n\
         Content-Disposition: attachment; filename=plan.pdf\nContent-Transfer-Encoding: base64\n\
         X-Apple-Content-Length: 4711\n\n\n--cut-here--\n"
    )
}

#[test]
fn apple_bundles_are_one_folder_each() {
    let (_folder, export, inventory) = workspace();
    let uuid = "1B2C3D4E-0000-4000-8000-00000000000A";
    let deep = format!("anna/Library/Mail/V10/{uuid}/INBOX.mbox/{uuid}/Data/3/Messages");
    let nested = format!("anna/Library/Mail/V10/{uuid}/[Gmail].mbox/All Mail.mbox/{uuid}/Data/Messages/7.emlx");
    build(
        &export,
        &[
            ("ben/Work.mbox/mbox", &mbox([1])),
            ("ben/Work.mbox/table_of_contents", "\x01"),
            ("ben/Old.mbox/Messages/12.emlx", &emlx(2, 0x15)),
            ("ben/Old.mbox/Info.plist", "<plist></plist>"),
            (&format!("{deep}/30.partial.emlx"), &emlx_of(&partial(3), 0x1)),
            (&format!("{deep}/31.partial.emlx"), &emlx_of(&partial(4), 0x2)),
            (&deep.replace("Messages", "Attachments/30/2/plan.pdf"), "%PDF-1.4 plan"),
            (&deep.replace("Messages", "Attachments/30/3/forwarded.eml"), &message(99)),
            (&nested, &emlx(5, 0)),
        ],
    );
    assert_eq!(
        messages(&export, &inventory),
        [
            "ben|Work||Delivery 1",
            "ben|Old|\\Answered \\Flagged \\Seen|Delivery 2",
            "anna|INBOX|\\Seen|Delivery 3",
            "anna|INBOX|\\Deleted|Delivery 4",
            "anna|[Gmail]/All Mail||Delivery 5",
        ]
    );
    assert_eq!(
        others(&inventory),
        [
            "plan.pdf|support|attachment of 30.partial.emlx",
            "forwarded.eml|support|attachment of 30.partial.emlx",
            "Info.plist|support|Apple Mail",
            "table_of_contents|support|Apple Mail",
        ]
    );
    let detached = "SELECT m.subject, p.detail FROM problem p JOIN message m USING (message_id)
                    WHERE p.kind = 'attachment_detached' ORDER BY 1";
    assert_eq!(
        rows(&inventory, detached),
        [
            "Delivery 3|part 2 lies in Attachments/30/2",
            "Delivery 4|part 2 is missing: there is no file in Attachments/31/2",
        ]
    );
    assert_eq!(number(&inventory, "SELECT count(*) FROM problem WHERE kind = 'directory_named_like_a_file'"), 0);
    // printf '%%PDF-1.4 plan' | sha256sum
    let plan = "ff306942528c22fec24a3515d4fa35545f253e040364f6c05a6f44c7fdfb0b0d";
    let attachments = "SELECT m.subject, a.size_bytes, a.sha256, coalesce(a.opaque, ''), coalesce(d.copies, 0)
                       FROM attachment a JOIN message m USING (message_id) LEFT JOIN document d USING (document_id)
                       WHERE m.subject IN ('Delivery 3', 'Delivery 4') ORDER BY 1";
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(
        rows(&inventory, attachments),
        [format!("Delivery 3|13|{plan}|beside|1"), format!("Delivery 4|0|{nothing}||0")]
    );
}

#[test]
fn a_bundle_may_be_given_alone() {
    let (_folder, export, inventory) = workspace();
    build(&export, &[("anna/Work.mbox/mbox", &mbox([1]))]);
    assert_eq!(messages(&export.join("anna/Work.mbox"), &inventory), ["anna|Work||Delivery 1"]);
}

#[test]
fn a_thunderbird_profile_belongs_to_its_owner() {
    let (_folder, export, inventory) = workspace();
    let box_of = |number: usize, status: &str| {
        mbox([number]).replacen(
            "From: ",
            &format!("X-Mozilla-Status: {status}\nX-Mozilla-Keys: urgent $label1 \nFrom: "),
            1,
        )
    };
    let profile = "dora/AppData/Roaming/Thunderbird/Profiles/k3x9q2ab.default-release";
    let at = |path: &str| format!("{profile}/{path}");
    build(
        &export,
        &[
            (&at("prefs.js"), "user_pref(\"a\", 1);\n"),
            (&at("Mail/Local Folders/Trash"), ""),
            (&at("Mail/Local Folders/Trash.msf"), "// <!-- <mdb:mork:z v=\"1.4\"/> -->\n"),
            (&at("Mail/Local Folders/Clients.sbd/Meyer"), &box_of(1, "0001")),
            (&at("Mail/Local Folders/Trash.sbd/Old"), &box_of(2, "0009")),
            (&at("ImapMail/imap.wendholt.example/INBOX"), &box_of(3, "1007")),
            (&at("ImapMail/imap.wendholt.example/INBOX.sbd/Bids.sbd/2023"), &box_of(4, "0000")),
            (&at("ImapMail/imap.wendholt.example/msgFilterRules.dat"), "version=\"9\"\n"),
            (&at("ImapMail/imap.wendholt.example.msf"), "// <!-- <mdb:mork:z v=\"1.4\"/> -->\n"),
        ],
    );
    assert_eq!(
        messages(&export, &inventory),
        [
            "dora|Clients/Meyer|$label1 \\Seen urgent|Delivery 1",
            "dora|Trash/Old|$label1 \\Deleted \\Seen urgent|Delivery 2",
            "dora|INBOX|$Forwarded $label1 \\Answered \\Flagged \\Seen urgent|Delivery 3",
            "dora|INBOX/Bids/2023|$label1 urgent|Delivery 4",
        ]
    );
    assert_eq!(number(&inventory, "SELECT count(*) FROM problem WHERE kind = 'deleted_not_compacted'"), 1);
    assert_eq!(number(&inventory, "SELECT count(*) FROM problem WHERE kind = 'empty_store'"), 1);
    assert_eq!(rows(&inventory, "SELECT count(*) FROM file WHERE outcome = 'support'"), ["3"]);
}

#[test]
fn servers_are_levels_where_there_are_several() {
    let (_folder, export, inventory) = workspace();
    build(
        &export,
        &[
            ("carl/ImapMail/one.example/INBOX", &mbox([1])),
            ("carl/ImapMail/two.example/INBOX", &mbox([2])),
            ("carl/Mail/Local Folders/Sub.sbd/Leaf", &mbox([3])),
        ],
    );
    assert_eq!(
        messages(&export, &inventory),
        ["carl|one.example/INBOX||Delivery 1", "carl|two.example/INBOX||Delivery 2", "carl|Sub/Leaf||Delivery 3"]
    );
}

#[test]
fn labels_of_a_takeout_are_folders() {
    let (_folder, export, inventory) = workspace();
    let labelled = |number: usize, labels: &str| {
        let from = format!("From 17{number}@xxx Mon Mar 06 09:00:00 +0000 2023\nX-GM-THRID: 17{number}\n");
        format!("{from}X-Gmail-Labels: {labels}\n{}\n", message(number)).replace('\n', "\r\n")
    };
    let takeout = [
        labelled(1, "Inbox,\"Offers, open\",Unread"),
        labelled(2, "=?UTF-8?Q?Gesendet,\"Angebote,_f=C3=BCr_M=C3?=\n =?UTF-8?Q?=BCnchen\",Markiert?="),
        labelled(3, "Archived,Projects/Bridge \n 12"),
    ];
    build(
        &export,
        &[
            ("anna/Takeout/archive_browser.html", "<html></html>"),
            ("anna/Takeout/Mail/All mail.mbox", &takeout.concat()),
        ],
    );
    assert_eq!(
        messages(&export, &inventory),
        ["anna|Inbox||Delivery 1", "anna|Gesendet|\\Flagged \\Seen|Delivery 2", "anna|Archived|\\Seen|Delivery 3",]
    );
    let labels = "SELECT m.subject, f.folder FROM message_folder f JOIN message m USING (message_id) ORDER BY 1, 2";
    assert_eq!(
        rows(&inventory, labels),
        [
            "Delivery 1|Inbox",
            "Delivery 1|Offers, open",
            "Delivery 1|Unread",
            "Delivery 2|Angebote, für München",
            "Delivery 2|Gesendet",
            "Delivery 2|Markiert",
            "Delivery 3|Archived",
            "Delivery 3|Projects/Bridge 12",
        ]
    );
}

#[test]
fn a_vault_export_names_its_accounts() {
    let (_folder, export, inventory) = workspace();
    build(
        &export,
        &[
            ("matter-7-metadata.xml", "<?xml version=\"1.0\"?><Root></Root>\n"),
            ("matter-7-results-count.csv", "Account,Count\nada@wendholt.example,1\n"),
            ("matter-7_0/ada@wendholt.example-Hb2.mbox", &mbox([1])),
            ("matter-7_0/ben.o@mail-in.wendholt.example.mbox", &mbox([2])),
        ],
    );
    let found = messages(&export, &inventory);
    assert_eq!(
        found,
        [
            "ada@wendholt.example|ada@wendholt.example-Hb2||Delivery 1",
            "ben.o@mail-in.wendholt.example|ben.o@mail-in.wendholt.example||Delivery 2",
        ]
    );
    assert_eq!(
        others(&inventory),
        ["matter-7-metadata.xml|support|Google Vault", "matter-7-results-count.csv|support|Google Vault"]
    );
}

#[test]
fn evolution_escapes_its_folder_names() {
    let (_folder, export, inventory) = workspace();
    let local = "erik/.local/share/evolution/mail/local";
    let at = |path: &str| format!("{local}/{path}");
    build(
        &export,
        &[
            (&at("..maildir++"), "maildir++ 1"),
            (&at(".Inbox.cmeta"), "x"),
            (&at("folders.db"), "x"),
            (&at(".Folder_2Esub/cur/1678089600.1.host:2,S"), &message(1)),
            (&at(".Folder_2Esub/new/"), ""),
            (&at(".Projects.B_5Fridge/cur/1678089600.2.host:2,FS"), &message(2)),
            (&at(".Folder_2Esub.ibex.index.data"), "x"),
        ],
    );
    assert_eq!(
        messages(&export, &inventory),
        ["erik|Folder.sub|\\Seen|Delivery 1", "erik|Projects/B_ridge|\\Flagged \\Seen|Delivery 2"]
    );
    assert_eq!(rows(&inventory, "SELECT count(*) FROM file WHERE outcome = 'support' AND detail = 'Evolution'"), ["4"]);
}

#[test]
fn sequences_of_an_mh_folder_are_flags() {
    let (_folder, export, inventory) = workspace();
    build(
        &export,
        &[
            ("fay/Mail/inbox/1", &message(1)),
            ("fay/Mail/inbox/2", &message(2)),
            ("fay/Mail/inbox/3", &message(3)),
            ("fay/Mail/inbox/,4", &message(4)),
            ("fay/Mail/inbox/.mh_sequences", "unseen: 2-3\nreplied: 1\nflagged: 3\ncur: 1\n"),
            ("fay/Mail/inbox/old/5", &message(5)),
            ("fay/Mail/inbox/old/.sylpheed_cache", "x"),
            ("fay/Mail/inbox/old/.sylpheed_mark", "\x02\0\0\0\x05\0\0\0\x14\0\0\0"),
        ],
    );
    assert_eq!(
        messages(&export, &inventory),
        [
            "fay|inbox|\\Answered \\Seen|Delivery 1",
            "fay|inbox||Delivery 2",
            "fay|inbox|\\Flagged|Delivery 3",
            "fay|inbox|\\Deleted|Delivery 4",
            "fay|inbox/old|\\Answered \\Flagged \\Seen|Delivery 5",
        ]
    );
    assert_eq!(number(&inventory, "SELECT count(*) FROM problem WHERE kind = 'deleted_not_compacted'"), 1);
}

#[test]
fn what_servers_and_fetchers_keep_is_support() {
    let (_folder, export, inventory) = workspace();
    let support = [
        ("gus/Maildir/dovecot-uidlist", "3 V1 N5\n1 :a\n"),
        ("gus/Maildir/dovecot.index.log", "\x01\x02"),
        ("gus/Maildir/courierimapkeywords/:list", "a\n\n1678089600.1.host:0\n"),
        ("gus/Maildir/courierimapuiddb", "1 1 1\n"),
        ("gus/Maildir/.uidvalidity", "1\n2\n"),
        ("gus/Maildir/.mbsyncstate", "FarUidValidity 1\n"),
        ("gus/.offlineimap/Account-gus/LocalStatus/INBOX", "OFFLINEIMAP LocalStatus CACHE DATA\n"),
        ("gus/.getmail/oldmail-pop.example-110-gus", "x\0y"),
        ("__MACOSX/gus/._letter.eml", "\0\x05\x16\x07\0\x02\0\0Mac OS X"),
        ("gus/._letter.eml", "\0\x05\x16\x07\0\x02\0\0Mac OS X"),
    ];
    build(&export, &support);
    build(
        &export,
        &[
            ("gus/Maildir/cur/1678089600.1.host:2,S", &message(1)),
            (
                "hal/mailboxes/INBOX/dbox-Mails/u.1",
                "2 M1e C5f0a1b2c\n\x01\x02N         000000000000002A\nFrom: a@b.example\n\nx\n",
            ),
        ],
    );
    assert_eq!(messages(&export, &inventory), ["gus|INBOX|\\Seen|Delivery 1"]);
    assert_eq!(number(&inventory, "SELECT count(*) FROM file WHERE outcome = 'support'"), support.len() as i64);
    assert_eq!(rows(&inventory, "SELECT detail FROM file WHERE outcome = 'unsupported'"), ["Dovecot dbox"]);
}
