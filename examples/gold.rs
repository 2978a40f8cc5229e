//! Reads the labelled mail below `target/shared` and says how well the rules do; `--features FILE` writes the signals
//! of every message as JSONL for `examples/fit_weights.py`. For development only: the mail is real people's.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use mail_parser::{MessageParser, MimeHeaders as _, PartType};
use mailcensus::classify::Classifier;
use mailcensus::model::Digest;
use mailcensus::model::message::{Address, Attachment, DateSource, Facts, Identity, Location, Role, TextSource};
use mailcensus::model::reading::{Flag, Reading, Use};
use mailcensus::parse::zones::{Zones, zones};
use mailcensus::signal::{self, Signals};
use serde_json::Value;

struct Item {
    label: Value,
    user: String,
    facts: Facts,
    location: Location,
}

fn main() -> anyhow::Result<()> {
    let root = Path::new("target/shared");
    let args: Vec<String> = std::env::args().skip(1).collect();
    let gold = load_gold(root)?;
    let spam = load_spam(root)?;
    if let [option, file] = &args[..]
        && option == "--features"
    {
        return write_features(file, gold.iter().chain(&spam));
    }
    let classifier = Classifier::built_in();
    if let [option, id] = &args[..]
        && option == "--show"
    {
        return show(&classifier, gold.iter().chain(&spam).find(|item| item.label["id"] == id.as_str()));
    }
    report(&classifier, &gold);
    let mut bulk = Count::default();
    for item in &spam {
        bulk.add(item.label["bulk"] == true, read(&classifier, item).class.as_str() == "bulk");
    }
    println!("spamassassin bulk F1 {:.3} (precision {:.3}, recall {:.3})", bulk.f1(), bulk.precision(), bulk.recall());
    speed(&classifier, &gold);
    Ok(())
}

fn show(classifier: &Classifier, item: Option<&Item>) -> anyhow::Result<()> {
    let Some(item) = item else { anyhow::bail!("no such id") };
    println!("{}", item.label);
    let (zones, _) = signals(item);
    for zone in &zones.all {
        println!("[{:?}] {}", zone.kind, &item.facts.body_text[zone.start..zone.end]);
    }
    println!("{:#?}", read(classifier, item));
    Ok(())
}

fn signals(item: &Item) -> (Zones, Signals) {
    let zones = zones(&item.facts.body_text);
    let signals = signal::read(&item.facts, &item.location, &zones);
    (zones, signals)
}

fn read(classifier: &Classifier, item: &Item) -> Reading {
    classifier.read(&item.facts, &item.location, &signals(item).1)
}

#[derive(Default)]
struct Count {
    both: f64,
    said: f64,
    there: f64,
}

impl Count {
    fn add(&mut self, there: bool, said: bool) {
        self.both += f64::from(u8::from(there && said));
        self.said += f64::from(u8::from(said));
        self.there += f64::from(u8::from(there));
    }

    fn f1(&self) -> f64 {
        2.0 * self.both / (self.said + self.there).max(1.0)
    }

    fn precision(&self) -> f64 {
        self.both / self.said.max(1.0)
    }

    fn recall(&self) -> f64 {
        self.both / self.there.max(1.0)
    }
}

fn report(classifier: &Classifier, gold: &[Item]) {
    let words = ["workflow", "document", "task", "correspondence", "bulk"];
    let mut classes: BTreeMap<&str, Count> = words.iter().map(|word| (*word, Count::default())).collect();
    let mut confusion: BTreeMap<(String, String), usize> = BTreeMap::new();
    let (mut right, mut accepted, mut unsure) = (0usize, 0usize, 0usize);
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for item in gold {
        let reading = read(classifier, item);
        let label = item.label["primary"].as_str().unwrap_or_default();
        let said = reading.class.as_str();
        for (word, count) in &mut classes {
            count.add(*word == label, *word == said);
        }
        right += usize::from(label == said);
        unsure += usize::from(said == "unsure");
        let alternative = holds(&item.label["alternatives"], said);
        accepted += usize::from(label == said || alternative);
        if label != said && !alternative {
            *confusion.entry((label.to_owned(), said.to_owned())).or_default() += 1;
        }
        for one in Use::ALL {
            if !holds(&item.label["uses_disputed"], one.as_str()) {
                let count = counts.entry(format!("use {}", one.as_str())).or_default();
                count.add(holds(&item.label["uses"], one.as_str()), reading.uses.contains(&one));
            }
        }
        for flag in Flag::ALL {
            let count = counts.entry(format!("flag {}", flag.as_str())).or_default();
            count.add(holds(&item.label["flags"], flag.as_str()), reading.flags.contains(&flag));
        }
    }
    let total = gold.len() as f64;
    println!("NOTE: the weights were fitted on these messages; the honest figures are those of fit_weights.py");
    println!("macro-F1 {:.3}", classes.values().map(Count::f1).sum::<f64>() / 5.0);
    println!("accuracy {:.3}, primary or alternative {:.3}", right as f64 / total, accepted as f64 / total);
    println!("unsure {:.3}", unsure as f64 / total);
    for (word, count) in
        classes.iter().map(|(w, c)| ((*w).to_owned(), c)).chain(counts.iter().map(|(w, c)| (w.clone(), c)))
    {
        println!("{word:24} F1 {:.3}  precision {:.3}  recall {:.3}", count.f1(), count.precision(), count.recall());
    }
    let mut worst: Vec<_> = confusion.into_iter().collect();
    worst.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for ((label, said), count) in worst.iter().take(8) {
        println!("{count:4} {label} read as {said}");
    }
}

/// Processor time of this process so far, in seconds; 0 where there is no /proc.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    stat.split(' ').nth(13).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0) / 100.0
}

fn speed(classifier: &Classifier, gold: &[Item]) {
    let start = Instant::now();
    let busy = processor_seconds();
    let mut sum = 0;
    for _ in 0..10 {
        for item in gold {
            sum += read(classifier, item).evidence.len();
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{:.0} messages a processor second", gold.len() as f64 * 10.0 / (processor_seconds() - busy));
    let start = Instant::now();
    for item in gold.iter().cycle().take(gold.len() * 10) {
        sum += zones(&item.facts.body_text).all.len();
    }
    let zoning = start.elapsed().as_secs_f64() / seconds;
    let start = Instant::now();
    for item in gold.iter().cycle().take(gold.len() * 10) {
        sum += signals(item).1.found.len();
    }
    let noticing = start.elapsed().as_secs_f64() / seconds - zoning;
    println!("of the time: zones {zoning:.2}, signals {noticing:.2}");
    let bytes: usize = gold.iter().map(|item| item.facts.body_text.len()).sum();
    println!(
        "{:.0} messages a second (mean text {} bytes; {sum})",
        gold.len() as f64 * 10.0 / seconds,
        bytes / gold.len().max(1)
    );
}

fn holds(list: &Value, word: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|one| one == word))
}

fn write_features<'a>(file: &str, items: impl Iterator<Item = &'a Item>) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    for item in items {
        let (zones, signals) = signals(item);
        let spoken: Vec<&str> =
            zones.spoken(&item.facts.body_text).map(|zone| &item.facts.body_text[zone.start..zone.end]).collect();
        let names: Vec<&str> = signals.found.iter().map(|signal| signal.name).collect();
        let subject = item.facts.subject.clone().unwrap_or_default();
        let row = serde_json::json!({ "label": item.label, "user": item.user, "signals": names, "subject": subject, "text": spoken.concat() });
        writeln!(out, "{row}")?;
    }
    Ok(())
}

fn load_gold(root: &Path) -> anyhow::Result<Vec<Item>> {
    let folder = root.join("gold");
    let mut items = Vec::new();
    for line in std::fs::read_to_string(folder.join("gold.jsonl"))?.lines() {
        let label: Value = serde_json::from_str(line)?;
        let path = label["path"].as_str().unwrap_or_default().to_owned();
        let parts: Vec<&str> = path.split('/').collect();
        let single = parts.len() < 4;
        let user = if single { path.clone() } else { parts[2].to_owned() };
        let location = if single { Location::default() } else { located(&user, &parts[3..parts.len() - 1].join("/")) };
        items.push(Item { facts: facts(&std::fs::read(folder.join(&path))?), label, user, location });
    }
    Ok(items)
}

fn located(user: &str, folder: &str) -> Location {
    Location { mailbox: user.to_owned(), folders: vec![folder.to_owned()], ..Location::default() }
}

fn load_spam(root: &Path) -> anyhow::Result<Vec<Item>> {
    let mut items = Vec::new();
    for line in std::fs::read_to_string(root.join("sets/spamassassin.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let mut raw = String::new();
        for (header, key) in [("From", "frm"), ("Subject", "subject"), ("List-Id", "list_id")] {
            if let Some(value) = row[key].as_str().filter(|value| !value.is_empty()) {
                raw.push_str(&format!("{header}: {}\r\n", value.replace(['\r', '\n'], " ")));
            }
        }
        let mut facts = facts(raw.as_bytes());
        facts.body_text = row["text"].as_str().unwrap_or_default().replace("\r\n", "\n");
        facts.text_source = TextSource::Plain;
        let label = serde_json::json!({ "id": row["id"], "bulk": row["label"] != "correspondence_list", "raw": row["label"], "group": row["group"] });
        items.push(Item { facts, label, user: "spamassassin".to_owned(), location: Location::default() });
    }
    Ok(items)
}

fn addresses(address: Option<&mail_parser::Address<'_>>) -> Vec<Address> {
    let all = address.into_iter().flat_map(|address| address.iter());
    all.map(|one| Address {
        name: one.name().unwrap_or_default().to_owned(),
        address: one.address().unwrap_or_default().to_lowercase(),
    })
    .collect()
}

/// A rough stand-in for the `parse` step.
fn facts(raw: &[u8]) -> Facts {
    let none = Digest([0; 32]);
    let message = MessageParser::default().parse(raw).unwrap_or_default();
    let mut recipients = Vec::new();
    for (role, list) in [(Role::To, message.to()), (Role::Cc, message.cc()), (Role::Bcc, message.bcc())] {
        recipients.extend(addresses(list).into_iter().map(|one| (role, one)));
    }
    let mut body_text = String::new();
    let mut text_source = TextSource::None;
    for (at, id) in message.text_body.iter().enumerate() {
        if let Some(text) = message.body_text(at) {
            let html = message.parts.get(*id as usize).is_some_and(|part| matches!(part.body, PartType::Html(_)));
            text_source = if html { TextSource::Html } else { TextSource::Plain };
            body_text.push_str(&text.replace("\r\n", "\n"));
            body_text.push('\n');
        }
    }
    let attachments = message.attachments().enumerate().map(|(at, part)| Attachment {
        part: (at + 2).to_string(),
        file_name: part.attachment_name().map(str::to_owned),
        media_type: part.content_type().map_or_else(String::new, |kind| {
            format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_lowercase()
        }),
        detected_type: None,
        size_bytes: part.len() as u64,
        sha256: none,
        inline: part.content_disposition().is_some_and(|d| d.is_inline()),
        opaque: None,
    });
    Facts {
        rfc_message_id: message.message_id().map(str::to_owned),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        sent_at: message.date().map(mail_parser::DateTime::to_timestamp),
        sent_at_source: DateSource::Header,
        sent_offset_minutes: None,
        received_at: None,
        from: addresses(message.from()).into_iter().next(),
        sender: None,
        reply_to: addresses(message.reply_to()),
        recipients,
        subject: message.subject().map(str::to_owned),
        headers: message.headers_raw().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect(),
        attachments: attachments.collect(),
        body_text,
        text_source,
        opaque: Vec::new(),
        identity: Identity {
            headers_sha256: none,
            leaves_sha256: none,
            leaves_nospace_sha256: none,
            text_sha256: None,
            structure_sha256: none,
            residue_sha256: None,
            fingerprint: none,
            leaves: 0,
            headers: Vec::new(),
        },
    }
}
