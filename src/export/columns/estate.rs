//! Who and what hangs on the mail system.

use super::{Column, DECISION, Holds, NOTE, OWNER, TARGET, column, fact, name};

pub(super) const COVERAGE: &[Column] = &[
    fact("address", "the address expected or seen"),
    name("person", "whose it is"),
    fact("status", "active, leaver, shared, list or service, from the roster"),
    column("on_roster", Holds::YesNo, "whether the roster names it; empty without a roster"),
    fact("mailbox", "the mailbox that was delivered for it"),
    fact(
        "delivered",
        "delivered, delivered short, not delivered, not on the roster, no mailbox expected (of a list, an alias, a machine)",
    ),
    fact("expected_items", "from the roster or a count file in the export"),
    fact("found_items", "messages found in it; proved"),
    fact("expected_bytes", "from the roster or a count file in the export"),
    fact("found_bytes", "bytes of them; proved"),
    fact("hold", "under legal hold, from the roster"),
    fact("evidence", "why"),
    fact("holes", "what other mailboxes show to be missing in it; estimated"),
];

pub(super) const SYSTEMS: &[Column] = &[
    fact("id", "`Y` and its number"),
    name("name", "what it calls itself"),
    fact("address", "the address it sends from"),
    fact(
        "kind",
        "scanner, ERP or orders, alarms and monitoring, web form, bank, SaaS, fax, backup, mail system, calendar, newsletter, other; estimated",
    ),
    fact("direction", "in, out or internal, as most of its messages"),
    fact("first_hop", "host or IP that handed the mail over first"),
    column("first_hop_internal", Holds::YesNo, "whether that is a machine inside"),
    fact("x_mailer", "the program it names"),
    fact("recipients", "who gets it"),
    fact("messages", "how many, each counted once; counted by the estimated groups"),
    fact("cadence", "daily 06:10, weekdays, month-end, … in the local time of its clock, or irregular; estimated"),
    fact("first_at", "first seen"),
    fact("last_at", "last seen"),
    fact("missed_runs", "expected by the cadence and not there"),
    fact("may_break", "why it may break at the cut-over"),
    fact("recipient_count", "how many addresses get it, counted up to 40"),
    fact("missed_on", "days or months of missed runs, the first 12"),
    fact("evidence", "why it is taken for a machine of this kind"),
    name("cadence_evidence", "how well the cadence fits"),
    name("subjects", "its most frequent subjects, one example each"),
    fact("score", "how sure it is that this is a machine, 0 to 1"),
    DECISION,
    TARGET,
    OWNER,
    NOTE,
];

pub(super) const ADDRESSES: &[Column] = &[
    fact("address", "of one of the client's domains"),
    name("name", "most frequent display name"),
    fact("kind", "person, shared, list, alias, service, leaver, unknown; estimated, but for what the roster says"),
    fact("mailbox", "the mailbox that was delivered for it"),
    fact("sent", "messages"),
    fact("received", "messages"),
    fact("outside_senders", "how many outside addresses write to it"),
    fact("last_received_at", "UTC"),
    fact("last_sent_at", "UTC"),
    fact("delivered_to", "addresses its mail was delivered to"),
    fact("sent_on_behalf_of", "addresses it wrote for"),
    fact("evidence", "why it is of that kind"),
];

pub(super) const PARTNERS: &[Column] = &[
    fact("domain", "outside the company; the whole address at providers of free mail"),
    fact("our_address", "address of ours it writes with"),
    fact("messages_in", "from it"),
    fact("messages_out", "to it"),
    fact("files_in", "attachments from it"),
    fact("files_out", "attachments to it"),
    fact("bytes", "of those attachments"),
    fact("first_at", "first seen"),
    fact("last_at", "last seen"),
    fact("file_transfer", "whether mail serves to pass files on regularly: yes, perhaps, no; estimated"),
    fact("tell_before_the_move", "whether they should be told: yes, perhaps, no; estimated"),
    fact("evidence", "why"),
];

pub(super) const RULES_SEEN: &[Column] = &[
    fact("kind", "not in mail, filing, forwarding, delivery, automatic reply, delegation"),
    fact("mailbox", "where it is seen"),
    fact("about", "the sender, list or address it is about"),
    fact("target", "the folder or address that mail goes to"),
    fact("messages", "messages that show it"),
    fact("of_messages", "of so many"),
    fact("first_at", "first seen"),
    fact("last_at", "last seen"),
    fact("sentence", "in words"),
];

pub(super) const PEOPLE: &[Column] = &[
    fact("id", "`H` and `person.person_id`"),
    name("name", "the full name used most"),
    fact("address", "one of the person's addresses"),
    column("is_main", Holds::YesNo, "whether it is the one used most"),
    fact("evidence", "why it belongs to the person"),
    name("names", "all names seen, the first 10"),
];
