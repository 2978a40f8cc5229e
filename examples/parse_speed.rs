//! Times this crate's reader against mail-parser on the same bytes, one thread; reads paths of single messages from
//! standard input and holds them in memory.

use mailcensus::model::Recovery;
use mailcensus::parse::{Limits, MessageReader};
use std::io::BufRead;
use std::time::Instant;

fn main() -> anyhow::Result<()> {
    let paths: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let mails = paths.iter().map(fs_err::read).collect::<Result<Vec<_>, _>>()?;
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let report = |what: &str, start: Instant| {
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{what}: {} mails, {:.1} MB, {seconds:.2} s, {:.0} MB/s",
            mails.len(),
            bytes as f64 / 1e6,
            bytes as f64 / 1e6 / seconds
        );
    };
    for _ in 0..2 {
        let start = Instant::now();
        let mut attachments = 0;
        for mail in &mails {
            let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
            mail.chunks(1 << 20).for_each(|block| reader.push(block));
            attachments += reader.finish().facts.attachments.len();
        }
        report("mailcensus", start);
        let start = Instant::now();
        let mut parts = 0;
        for mail in &mails {
            parts += mail_parser::MessageParser::default().parse(mail.as_slice()).map_or(0, |m| m.attachment_count());
        }
        report("mail-parser", start);
        println!("attachments {attachments}, mail-parser {parts}");
    }
    Ok(())
}
