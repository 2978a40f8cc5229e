//! What the program notices in labelled mail, as JSONL: the ground on which the weights are fitted and read. For
//! development only: the mail is real people's and stays where it is.
//!
//!     cargo run --release --example features -- ROOT LABELS.jsonl > features.jsonl
//!
//! A line of LABELS is an object with `path` (below ROOT) and, where the path does not say so, `mailbox` and `folder`;
//! everything else in it is handed through as `label`.

use std::io::Write as _;
use std::path::Path;

use mailcensus::model::Recovery;
use mailcensus::model::message::{Facts, Location, Role};
use mailcensus::parse::zones::{ZoneKind, zones};
use mailcensus::parse::{Limits, MessageReader};
use mailcensus::signal;
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [root, labels] = &args[..] else { anyhow::bail!("usage: features ROOT LABELS.jsonl") };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::fs::read_to_string(labels)?.lines() {
        let label: Value = serde_json::from_str(line)?;
        let path = label["path"].as_str().unwrap_or_default().to_owned();
        let raw = std::fs::read(Path::new(root).join(&path))?;
        let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
        reader.push(&raw);
        let facts = reader.finish().facts;
        writeln!(out, "{}", row(label, &facts))?;
    }
    Ok(())
}

fn row(label: Value, facts: &Facts) -> Value {
    let (mailbox, folder) = place(&label);
    let folders = if folder.is_empty() { Vec::new() } else { vec![folder.clone()] };
    let location = Location { mailbox: mailbox.clone(), folders, ..Location::default() };
    let zones = zones(&facts.body_text);
    let signals = signal::read(facts, &location, &zones);
    let text = |zone: &mailcensus::parse::zones::Zone| facts.body_text[zone.start..zone.end].to_owned();
    let spoken: Vec<String> = zones.spoken(&facts.body_text).map(|zone| text(&zone)).collect();
    let all: Vec<Value> = zones.all.iter().map(|zone| json!([kind(zone.kind), text(zone)])).collect();
    let found: Vec<Value> =
        signals.found.iter().map(|one| json!([one.name, one.excerpt, one.place.to_string()])).collect();
    let of = |role: Role| -> Vec<Value> {
        let all = facts.recipients.iter().filter(|(one, _)| *one == role);
        all.map(|(_, one)| json!([one.name, one.address])).collect()
    };
    json!({
        "label": label, "mailbox": mailbox, "folder": folder,
        "from": facts.from.as_ref().map(|from| json!([from.name, from.address])),
        "to": of(Role::To), "cc": of(Role::Cc), "bcc": of(Role::Bcc),
        "subject": facts.subject, "sent_at": facts.sent_at,
        "headers": facts.headers.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
        "attachments": facts.attachments.iter().map(|one| json!([one.file_name, one.media_type, one.size_bytes])).collect::<Vec<_>>(),
        "spoken": spoken, "zones": all, "bare_forward": zones.bare_forward, "signals": found,
        "sender_kind": signals.sender_kind.as_str(),
    })
}

fn kind(kind: ZoneKind) -> &'static str {
    match kind {
        ZoneKind::New => "new",
        ZoneKind::Quoted => "quoted",
        ZoneKind::Forwarded => "forwarded",
        ZoneKind::Signature => "signature",
        ZoneKind::Disclaimer => "disclaimer",
        ZoneKind::Footer => "footer",
        ZoneKind::QuoteHeader => "quote_header",
    }
}

/// Mailbox and folder: as told, else from the path (`mail/SET/USER/FOLDER…/FILE`).
fn place(label: &Value) -> (String, String) {
    if let Some(mailbox) = label["mailbox"].as_str() {
        return (mailbox.to_owned(), label["folder"].as_str().unwrap_or_default().to_owned());
    }
    let parts: Vec<&str> = label["path"].as_str().unwrap_or_default().split('/').collect();
    match parts.len() {
        0..4 => (String::new(), String::new()),
        n => (parts[2].to_owned(), parts[3..n - 1].join("/")),
    }
}
