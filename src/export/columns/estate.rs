//! Who and what hangs on the mail system.

use super::{Column, DECISION, NOTE, OWNER, TARGET, fact, name};

pub(super) const COVERAGE: &[Column] = &[
    fact("address", "the address expected or seen"),
    name("person", "whose it is"),
    fact("status", "active, leaver, shared, list or service, from the roster"),
    fact("on_roster", "yes or no"),
    fact("mailbox", "the mailbox that was delivered for it"),
    fact("delivered", "delivered, delivered short, not delivered, not on the roster"),
    fact("expected_items", "from the roster or a count file in the export"),
    fact("found_items", "messages found"),
    fact("expected_bytes", "from the roster or a count file in the export"),
    fact("found_bytes", "bytes found"),
    fact("hold", "under legal hold, from the roster"),
    fact("evidence", "why"),
];

pub(super) const SYSTEMS: &[Column] = &[
    fact("id", "`Y` and its number"),
    name("name", "what it calls itself"),
    fact("address", "the address it sends from"),
    fact("kind", "scanner, orders, monitoring, web form, bank, SaaS, fax, backup, calendar, …"),
    fact("direction", "into the company or out of it"),
    fact("first_hop", "host or IP that handed the mail over first"),
    fact("first_hop_internal", "yes or no"),
    fact("x_mailer", "the program it names"),
    fact("recipients", "who gets it"),
    fact("messages", "how many"),
    fact("cadence", "daily 06:10, weekdays, month-end, …"),
    fact("first_at", "first seen"),
    fact("last_at", "last seen"),
    fact("missed_runs", "expected by the cadence and not there"),
    fact("may_break", "why it may break at the cut-over"),
    DECISION,
    TARGET,
    OWNER,
    NOTE,
];

pub(super) const ADDRESSES: &[Column] = &[
    fact("address", "of one of the client's domains"),
    name("name", "most frequent display name"),
    fact("kind", "person, shared, list, alias, service, leaver; estimated"),
    fact("mailbox", "the mailbox that was delivered for it"),
    fact("sent", "messages"),
    fact("received", "messages"),
    fact("outside_senders", "how many outside addresses write to it"),
    fact("last_received_at", "UTC"),
    fact("last_sent_at", "UTC"),
    fact("delivered_to", "addresses its mail was delivered to"),
    fact("sent_on_behalf_of", "addresses it wrote for"),
];

pub(super) const PARTNERS: &[Column] = &[
    fact("domain", "outside the company"),
    fact("our_address", "address of ours it writes with"),
    fact("messages_in", "from it"),
    fact("messages_out", "to it"),
    fact("files_in", "attachments from it"),
    fact("files_out", "attachments to it"),
    fact("bytes", "of those attachments"),
    fact("first_at", "first seen"),
    fact("last_at", "last seen"),
    fact("file_transfer", "whether mail serves to pass files on regularly"),
    fact("tell_before_the_move", "whether they should be told"),
];
