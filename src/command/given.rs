//! What a scan is told beside the paths: domains, the roster, the engagement, the largest message a target takes.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::Digest as _;

use super::scan::ScanArgs;
use crate::exit::Refused;
use crate::model::Digest;
use crate::model::expected::{Engagement, Given};
use crate::source::{engagement, expectation};
use crate::store::Inventory;

/// Read and checked before the scan starts.
#[derive(Debug, Default)]
pub struct Told {
    domains: Vec<String>,
    roster: Option<(String, Vec<Given>)>,
    engagement: Option<Engagement>,
    max_message_bytes: Option<u64>,
    open_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EngagementFile {
    client: Option<String>,
    received_from: Option<String>,
    received_at: Option<toml::Value>,
    medium: Option<String>,
    hash_list: Option<PathBuf>,
}

impl Told {
    /// Reads the files named in the arguments.
    ///
    /// # Errors
    /// `Refused` with file, line and column of the first thing wrong.
    pub fn read(args: &ScanArgs) -> anyhow::Result<Told> {
        let max_message_bytes = args.max_message.map(|mb| mb << 20);
        let mut told = Told { max_message_bytes, open_days: args.open_days, ..Told::default() };
        for domain in &args.domain {
            let domain = domain.trim().trim_start_matches('@').to_lowercase();
            if !domain.contains('.') || domain.contains(['@', ' ', '/']) {
                return Err(Refused::because(format!(
                    "--domain {domain}: not a domain\nhint: give it like example.com"
                )));
            }
            told.domains.push(domain);
        }
        if let Some(path) = &args.expect {
            let lines = expectation::roster(&path.display().to_string(), &read(path)?)
                .map_err(|error| Refused(format!("{error}\nhint: --expect takes a CSV file with a header row")))?;
            told.roster = Some((path.display().to_string(), lines));
        }
        if let Some(path) = &args.engagement {
            told.engagement = Some(engagement_of(path)?);
        }
        Ok(told)
    }

    /// Whether anything was told, so that the estate and the tasks must be found anew.
    pub fn is_something(&self) -> bool {
        !self.domains.is_empty()
            || self.roster.is_some()
            || self.engagement.is_some()
            || self.max_message_bytes.is_some()
            || self.open_days.is_some()
    }

    /// Writes it into the inventory; what was not told stays as it was.
    ///
    /// # Errors
    /// Those of the store.
    pub fn write(&self, inventory: &Inventory) -> anyhow::Result<()> {
        if !self.is_something() {
            return Ok(());
        }
        inventory.begin()?;
        if !self.domains.is_empty() {
            inventory.set_domains(&self.domains)?;
        }
        if let Some(roster) = &self.roster {
            inventory.set_expectations("roster", std::slice::from_ref(roster))?;
        }
        if let Some(engagement) = &self.engagement {
            inventory.set_engagement(engagement, engagement::algorithm)?;
        }
        if let Some(bytes) = self.max_message_bytes {
            inventory.set_setting("max_message_bytes", &bytes.to_string())?;
        }
        if let Some(days) = self.open_days {
            inventory.set_setting("open_days", &days.to_string())?;
        }
        inventory.commit()?;
        Ok(())
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        Refused::because(format!(
            "{}: {}\nhint: give the path of a file",
            path.display(),
            crate::source::walk::plain(&error)
        ))
    })
}

fn sha256(bytes: &[u8]) -> String {
    Digest(sha2::Sha256::digest(bytes).into()).to_hex()
}

fn engagement_of(path: &Path) -> anyhow::Result<Engagement> {
    let bytes = read(path)?;
    let shown = path.display().to_string();
    let file: EngagementFile = toml::from_str(&String::from_utf8_lossy(&bytes)).map_err(|error| {
        Refused(format!("{shown}: {error}hint: it may say client, received_from, received_at, medium and hash_list"))
    })?;
    let mut given = Engagement {
        path: shown,
        sha256: sha256(&bytes),
        client: file.client,
        received_from: file.received_from,
        received_at: file.received_at.map(|at| at.as_str().map_or_else(|| at.to_string(), str::to_owned)),
        medium: file.medium,
        ..Engagement::default()
    };
    if let Some(list) = file.hash_list {
        // Beside the file that names it.
        let list = path.parent().map_or_else(|| list.clone(), |folder| folder.join(&list));
        let text = read(&list)?;
        given.digests = engagement::digests(&String::from_utf8_lossy(&text));
        if given.digests.is_empty() {
            return Err(Refused::because(format!(
                "{}: no line with a digest and a path\nhint: hash_list takes the output of sha256sum, sha1sum or md5sum",
                list.display()
            )));
        }
        given.hash_list = Some(list.display().to_string());
        given.hash_list_sha256 = Some(sha256(&text));
    }
    Ok(given)
}
