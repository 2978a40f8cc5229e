//! The rows that the estate is written as. Times are Unix seconds.

/// A row of `system`. Times are Unix seconds.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct SystemRow {
    pub address: String,
    pub pattern: String,
    pub name: String,
    pub kind: String,
    pub evidence: String,
    pub direction: String,
    pub first_hop: Option<String>,
    pub first_hop_internal: Option<bool>,
    pub mailer: Option<String>,
    pub recipients: String,
    pub recipient_count: u32,
    pub cadence: String,
    pub cadence_evidence: String,
    pub first: Option<i64>,
    pub last: Option<i64>,
    pub missed_runs: Option<u32>,
    pub missed_on: String,
    pub may_break: String,
    pub subjects: String,
    pub score: f64,
    pub letters: Vec<i64>,
}

/// A row of `address`.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct AddressRow {
    pub address: String,
    pub name: Option<String>,
    pub kind: String,
    pub evidence: String,
    pub mailbox: Option<String>,
    pub sent: u32,
    pub received: u32,
    pub outside_senders: u32,
    pub last_received: Option<i64>,
    pub last_sent: Option<i64>,
    pub delivered_to: Option<String>,
    pub sent_on_behalf_of: Option<String>,
}

/// A row of `partner`.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct PartnerRow {
    pub domain: String,
    pub our_address: String,
    pub messages_in: u32,
    pub messages_out: u32,
    pub files_in: u32,
    pub files_out: u32,
    pub bytes: u64,
    pub first: Option<i64>,
    pub last: Option<i64>,
    pub file_transfer: String,
    pub tell_before_the_move: String,
    pub evidence: String,
}

/// A row of `rule_seen`.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct RuleRow {
    pub kind: &'static str,
    pub mailbox: Option<String>,
    pub subject: String,
    pub target: String,
    pub messages: Option<u32>,
    pub of_messages: Option<u32>,
    pub first: Option<i64>,
    pub last: Option<i64>,
    pub sentence: String,
}

/// A row of `coverage`.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct CoverageRow {
    pub address: String,
    pub person: Option<String>,
    pub status: Option<String>,
    pub on_roster: Option<bool>,
    pub mailbox: Option<String>,
    pub delivered: &'static str,
    pub expected_items: Option<u64>,
    pub found_items: Option<u64>,
    pub expected_bytes: Option<u64>,
    pub found_bytes: Option<u64>,
    pub hold: Option<String>,
    pub holes: String,
    pub evidence: String,
}

/// A row of `hole`.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct HoleRow {
    pub kind: &'static str,
    pub address: Option<String>,
    pub mailbox: Option<String>,
    pub from_on: Option<String>,
    pub to_on: Option<String>,
    pub expected: Option<u64>,
    pub found: Option<u64>,
    pub sentence: String,
}

/// What the estate knows of a mailbox beside its counts.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct MailboxRow {
    pub name: String,
    pub kind: &'static str,
    pub address: Option<String>,
    pub custodian: Option<String>,
    pub evidence: String,
    pub last_received: Option<i64>,
    pub last_sent: Option<i64>,
    pub empty_months: Option<u32>,
    pub replies_to_unknown: u32,
}

/// A row of `folder`.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct FolderRow {
    pub mailbox: String,
    pub name: String,
    pub role: String,
    pub evidence: String,
    pub messages: u64,
}

/// Mailbox, folder, flags, class, messages.
pub type FolderState = (String, String, String, String, u64);

/// A person with names and addresses.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the tables, see docs/inventory.md")]
pub struct PersonRow {
    pub name: String,
    pub main_address: String,
    /// With the evidence.
    pub addresses: Vec<(String, String)>,
    /// With the number of messages.
    pub names: Vec<(String, u32)>,
}
