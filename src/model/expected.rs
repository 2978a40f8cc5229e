//! What is said of a mailbox before anybody looked into it.

/// What an address is, by the roster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// A person who works there.
    Active,
    /// A person who left.
    Leaver,
    /// Of several people.
    Shared,
    /// A distribution list.
    List,
    /// A machine's.
    Service,
}

impl Status {
    /// The word in a roster and in `expectation.status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Leaver => "leaver",
            Status::Shared => "shared",
            Status::List => "list",
            Status::Service => "service",
        }
    }

    /// The status of that word.
    pub fn from_word(word: &str) -> Option<Status> {
        [Status::Active, Status::Leaver, Status::Shared, Status::List, Status::Service]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// One line of a roster or a count file. Strings are as written; addresses are lower-case.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Given {
    /// From 1, the header's.
    pub line: u64,
    /// The main address.
    pub address: String,
    /// Whose it is.
    pub person: Option<String>,
    /// What it is.
    pub status: Option<Status>,
    /// Further addresses.
    pub aliases: Vec<String>,
    /// Items that should be there.
    pub items: Option<u64>,
    /// Bytes that should be there.
    pub bytes: Option<u64>,
    /// Legal hold.
    pub hold: Option<String>,
}

/// What is known of the delivery: `--engagement`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Engagement {
    /// The file it comes from.
    pub path: String,
    /// Digest of that file, hex.
    pub sha256: String,
    /// Whose mail it is.
    pub client: Option<String>,
    /// Who handed it over.
    pub received_from: Option<String>,
    /// When, as written.
    pub received_at: Option<String>,
    /// On what.
    pub medium: Option<String>,
    /// The list of digests that came with it.
    pub hash_list: Option<String>,
    /// Digest of that list, hex.
    pub hash_list_sha256: Option<String>,
    /// Its lines: path as written and digest, lower-case hex.
    pub digests: Vec<(String, String)>,
}
