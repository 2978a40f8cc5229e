//! Times this crate's reader against mail-parser on the same bytes, one thread, the best of five rounds by CPU time
//! (Linux); reads paths of single messages from standard input and holds them in memory.

use mailcensus::model::Recovery;
use mailcensus::parse::{Limits, MessageReader};
use std::io::BufRead;

fn cpu_seconds() -> f64 {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    schedstat.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

fn best(work: impl Fn() -> usize) -> (f64, usize) {
    let rounds = (0..5).map(|_| {
        let start = cpu_seconds();
        let found = work();
        (cpu_seconds() - start, found)
    });
    rounds.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
}

fn main() -> anyhow::Result<()> {
    let paths: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let mails = paths.iter().map(fs_err::read).collect::<Result<Vec<_>, _>>()?;
    let megabytes = mails.iter().map(Vec::len).sum::<usize>() as f64 / 1e6;
    let ours = best(|| {
        let read = |mail: &Vec<u8>| {
            let mut reader = MessageReader::new(Recovery::AsStored, b"", &Limits::default());
            mail.chunks(1 << 20).for_each(|block| reader.push(block));
            reader.finish().facts.attachments.len()
        };
        mails.iter().map(read).sum()
    });
    let theirs = best(|| {
        let parser = mail_parser::MessageParser::default();
        mails.iter().map(|mail| parser.parse(mail.as_slice()).map_or(0, |message| message.attachment_count())).sum()
    });
    println!("{} mails, {megabytes:.1} MB, CPU time", mails.len());
    for (name, (seconds, attachments)) in [("mailcensus", ours), ("mail-parser", theirs)] {
        println!("{name:12} {seconds:.3} s, {:.0} MB/s, {attachments} attachments", megabytes / seconds);
    }
    println!("{:.2} times mail-parser's time", ours.0 / theirs.0);
    Ok(())
}
