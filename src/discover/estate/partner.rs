//! Outside domains that the company writes with, and what passes through mail. Pure.

use super::tally::{PartnerTally, Tally};
use crate::store::estate::PartnerRow;

const DAY: i64 = 86_400;
/// Who has not written for so long need not be told.
const RECENT_DAYS: i64 = 400;

/// One row for each domain and address of ours, the strongest domain first. `end` is the last day of the export.
pub fn partners(tally: &Tally, end: i64) -> Vec<PartnerRow> {
    let words = |(domain, ours): &(u32, u32)| (tally.names.of(*domain), &tally.addresses[*ours as usize].address);
    let mut pairs: Vec<(&(u32, u32), &PartnerTally)> = tally.partners.iter().collect();
    pairs.sort_by_key(|(pair, _)| words(pair));
    pairs
        .into_iter()
        .map(|((domain, ours), sums)| {
            let (file_transfer, files_why) = file_transfer(sums);
            let (tell, why) = tell(sums, end, file_transfer != "no");
            PartnerRow {
                domain: tally.names.of(*domain).to_owned(),
                our_address: tally.addresses[*ours as usize].address.clone(),
                messages_in: sums.letters_in,
                messages_out: sums.letters_out,
                files_in: sums.files_in,
                files_out: sums.files_out,
                bytes: sums.bytes,
                first: sums.first,
                last: sums.last,
                file_transfer: file_transfer.to_owned(),
                tell_before_the_move: tell.to_owned(),
                evidence: [why, files_why].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; "),
            }
        })
        .collect()
}

/// Whether mail serves to pass files on regularly.
fn file_transfer(sums: &PartnerTally) -> (&'static str, String) {
    let all = sums.letters_in + sums.letters_out;
    let words = format!("{} of {all} messages carry files, in {} months", sums.with_files, sums.months.len());
    if sums.with_files >= 6 && sums.with_files * 2 > all && sums.months.len() >= 3 {
        ("yes", words)
    } else if sums.with_files >= 3 && sums.with_files * 3 > all {
        ("perhaps", words)
    } else {
        ("no", String::new())
    }
}

fn tell(sums: &PartnerTally, end: i64, files: bool) -> (&'static str, String) {
    let all = sums.letters_in + sums.letters_out;
    let recent = sums.last.is_some_and(|last| end - last <= RECENT_DAYS * DAY);
    if !recent {
        ("no", "nothing for more than a year before the end of the export".to_owned())
    } else if sums.automatic * 10 > all * 9 && sums.letters_out == 0 {
        ("no", format!("only announcements and automatic mail from it ({} of {all})", sums.automatic))
    } else if sums.letters_in > 0 && sums.letters_out > 0 && all >= 6 || files && all >= 6 {
        ("yes", format!("{} in, {} out, still alive", sums.letters_in, sums.letters_out))
    } else if sums.letters_in > 0 && sums.letters_out > 0 || all >= 6 {
        ("perhaps", format!("{} in, {} out", sums.letters_in, sums.letters_out))
    } else {
        ("no", format!("{all} messages only"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_told() {
        let mut sums = PartnerTally { letters_in: 9, letters_out: 4, last: Some(0), ..PartnerTally::default() };
        assert_eq!((tell(&sums, 0, false).0, tell(&sums, 500 * DAY, false).0), ("yes", "no"));
        sums.letters_out = 0;
        sums.automatic = 9;
        assert_eq!(tell(&sums, 0, false).0, "no");
        let files = PartnerTally { letters_in: 9, with_files: 8, months: [1, 2, 3].into(), ..PartnerTally::default() };
        assert_eq!(file_transfer(&files).0, "yes");
    }
}
