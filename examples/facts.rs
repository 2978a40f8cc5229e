//! Prints the facts of single messages as JSON lines; reads their paths from standard input. For comparisons.

use mailcensus::model::Recovery;
use mailcensus::parse::{Limits, MessageReader};
use serde_json::json;
use std::io::BufRead;

fn main() -> anyhow::Result<()> {
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
        reader.push(&fs_err::read(&path)?);
        let parsed = reader.finish();
        let facts = &parsed.facts;
        let address = |one: &mailcensus::model::message::Address| json!([one.name, one.address]);
        let line = json!({
            "path": path,
            "subject": facts.subject,
            "date": facts.sent_at,
            "date_source": facts.sent_at_source.as_str(),
            "offset": facts.sent_offset_minutes,
            "from": facts.from.as_ref().map(address),
            "recipients": facts.recipients.iter().map(|(role, one)| json!([role.as_str(), one.name, one.address])).collect::<Vec<_>>(),
            "attachments": facts.attachments.iter().map(|a| json!({
                "part": a.part, "name": a.file_name, "type": a.media_type, "size": a.size_bytes, "sha256": a.sha256.to_hex(),
            })).collect::<Vec<_>>(),
            "text_bytes": facts.body_text.len(),
            "text_source": format!("{:?}", facts.text_source),
            "text": facts.body_text.chars().take(300).collect::<String>(),
            "problems": parsed.problems.iter().map(|p| p.kind.as_str()).collect::<Vec<_>>(),
        });
        println!("{line}");
    }
    Ok(())
}
