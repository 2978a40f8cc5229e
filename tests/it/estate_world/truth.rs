//! What is known about the estate because it was made so. Written as `truth.json`; numbers count what lies on disk.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub struct Truth {
    pub seed: u64,
    pub scale: f64,
    pub company: String,
    /// The client's own domains, the main one first.
    pub domains: Vec<String>,
    pub first_day: String,
    pub last_day: String,
    /// Copies on disk, drafts and trash included.
    pub copies: usize,
    /// Distinct Message-IDs among them.
    pub messages: usize,
    pub mailboxes: Vec<MailboxTruth>,
    pub roster: Vec<RosterLine>,
    pub addresses: Vec<AddressTruth>,
    pub machines: Vec<MachineTruth>,
    /// Every outside domain that wrote or was written to.
    pub outside: Vec<OutsideTruth>,
    pub people: Vec<PersonTruth>,
    /// Pairs of addresses that look alike and are two people.
    pub different_people: Vec<(String, String)>,
    pub holes: Vec<Hole>,
    /// What looks like a hole and is none; naming one of these is a false hole.
    pub not_holes: Vec<NotHole>,
    pub rules: Vec<RuleTruth>,
    /// Senders that count neither as found nor as false machines, `newsletter`, `list`, `spam`, `device`, but for the
    /// `person`, who is none.
    pub decoys: Vec<Decoy>,
    pub queue: Queue,
    pub workflows: Vec<Workflow>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct MailboxTruth {
    /// Directory below `export/`.
    pub dir: String,
    pub address: String,
    /// `person`, `shared` or `archive` (a machine's Bcc copies).
    pub kind: &'static str,
    /// mbox dialect, `thunderbird`, `maildir` or `eml`.
    pub store: String,
    pub messages: usize,
    /// Copies by folder, as the store names it.
    pub folders: BTreeMap<String, usize>,
    /// Copies that the owner sent.
    pub sent: usize,
    pub has_sent_folder: bool,
    pub first_at: String,
    pub last_at: String,
    /// `2023-04`: months between the first and the last without any copy.
    pub empty_months: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct RosterLine {
    pub address: String,
    pub person: String,
    /// `active`, `leaver`, `shared`, `list`, `service`.
    pub status: &'static str,
    pub aliases: Vec<String>,
    pub expected_items: Option<usize>,
    /// Server sizes, with CRLF line ends.
    pub expected_bytes: Option<usize>,
    pub hold: bool,
    /// `delivered`, `short`, `not_delivered`, or `no_mailbox` for what never has one.
    pub delivery: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct AddressTruth {
    pub address: String,
    /// `person`, `shared`, `list`, `alias`, `service`, `leaver`.
    pub kind: &'static str,
    /// For an alias: the address it leads to.
    pub of: Option<String>,
    pub on_roster: bool,
    pub has_mailbox: bool,
    /// Distinct messages on disk with the address in From.
    pub sent: usize,
    /// Distinct messages on disk with the address in To, Cc.
    pub received: usize,
    /// Whether any header of mail on disk names it.
    pub seen: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Cadence {
    /// `daily`, `weekdays` (bank holidays left out), `weekly`, `month_end` (last working day), `irregular`.
    pub rhythm: &'static str,
    /// 0 is Monday.
    pub weekday: Option<usize>,
    /// Local minute of the day; runs come up to 4 minutes later.
    pub minute: Option<i64>,
}

#[derive(Clone, Debug, Serialize)]
pub struct MachineTruth {
    pub key: &'static str,
    pub kind: &'static str,
    pub address: String,
    pub direction: &'static str,
    /// `06:10`, for people.
    pub cadence_text: String,
    pub cadence: Cadence,
    pub first_hop_host: String,
    pub first_hop_ip: String,
    pub inside: bool,
    pub own_domain: bool,
    pub mailer: String,
    pub recipients: Vec<String>,
    /// Distinct messages on disk.
    pub messages: usize,
    pub copies: usize,
    pub last_seen: String,
    /// Days whose run did not come.
    pub missed_runs: Vec<String>,
    /// `relays_through_old_server`, `sends_from_client_domain`, `personal_mailbox_reads_it`.
    pub may_break: Vec<&'static str>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct OutsideTruth {
    pub domain: String,
    /// `partner`, `freemail`, `machine`, `newsletter`, `list`, `spam`, `private`.
    pub kind: &'static str,
    /// Name of the firm.
    pub name: String,
    /// Distinct messages on disk from it.
    pub messages_in: usize,
    /// Distinct messages on disk of ours to it, machines' and automatic ones included.
    pub messages_out: usize,
    pub files_in: usize,
    pub files_out: usize,
    pub last_at: String,
    /// Addresses of ours in messages with it (From, To, Cc).
    pub our_addresses: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PersonTruth {
    pub name: String,
    pub names: Vec<String>,
    pub addresses: Vec<String>,
    /// `maiden_name`, `alias`, `second_domain`, `private_address`.
    pub why: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Hole {
    /// `months_missing`, `no_sent_folder`, `internal_mail_missing`.
    pub kind: &'static str,
    pub mailbox: String,
    /// Senders whose mail is missing; empty for all.
    pub from: Vec<String>,
    pub first_day: String,
    pub last_day: String,
    /// Copies that were taken out.
    pub copies: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct NotHole {
    pub mailbox: String,
    /// `parental_leave`, `left`, `low_volume`, `long_holiday`, `quiet_month`, `never_sends`,
    /// `short_seen_by_roster_only`.
    pub why: &'static str,
    pub first_day: String,
    pub last_day: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct RuleTruth {
    /// `filing`, `forwarding`, `auto_reply`, `delegation`.
    pub kind: &'static str,
    pub mailbox: String,
    /// Whose mail it concerns, or the person in whose name is written.
    pub about: String,
    /// Folder, or outside address.
    pub to: String,
    pub hits: usize,
    pub of: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct Decoy {
    pub kind: &'static str,
    pub address: String,
    pub why: &'static str,
}

/// The shared mailbox that is worked by moving mail between folders.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Queue {
    pub mailbox: String,
    pub agents: Vec<String>,
    /// Folder, state (`new`, `in_progress`, `waiting`, `done`), copies.
    pub folders: Vec<(String, &'static str, usize)>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Workflow {
    /// `order_queue`, `purchase_approval`, `leave_request`, `invoice_handoff`.
    pub name: &'static str,
    /// `queue`, `approval`, `form`, `handoff`.
    pub kind: &'static str,
    /// What a run is started with, as far as it stands in its mail in a third of the runs or more.
    pub fields: Vec<Field>,
    /// Folders that stand for a state, and the states that subjects of a program and names of files name.
    pub states: Vec<String>,
    pub cases: Vec<Case>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// The label of a form; none for what stands in the subject, the text or an attachment.
    pub label: Option<&'static str>,
    /// As in `workflow_field.kind`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct Case {
    pub key: String,
    /// `open` or `closed`.
    pub status: &'static str,
    /// `approved`, `refused`, `done`, `waiting`, …
    pub outcome: &'static str,
    /// Euros, where the case is about money.
    pub amount: Option<i64>,
    /// State folder of the queue that its mail lies in.
    pub folder: Option<String>,
    /// States that its messages name.
    pub named: Vec<String>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub activity: &'static str,
    /// Address of who did it, the agent's own where a shared address was used.
    pub actor: String,
    pub at: String,
    pub message_id: String,
    /// Copies on disk; 0 if all were deleted or not delivered.
    pub copies: usize,
}
