//! The estate on the screen: a few lines, and what is proved kept apart from what is estimated.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::number::{counted, thousands};
use crate::store::read::EstateCounts;
use crate::ui::escape::{escape, shorten};

/// How many holes are named one by one.
const HOLES_SHOWN: usize = 5;
/// Columns of the screen.
const WIDTH: usize = 79;

fn list(groups: &[(String, u64)]) -> String {
    groups.iter().map(|(word, n)| format!("{word} {}", thousands(*n))).collect::<Vec<_>>().join(", ")
}

/// The lines of the estate; empty if nothing is known of it.
pub fn screen(estate: &EstateCounts) -> String {
    let mut screen = String::new();
    let sum = |groups: &[(String, u64)]| groups.iter().map(|(_, n)| n).sum::<u64>();
    let mut line = |label: &str, text: String| {
        let _ = writeln!(screen, "{label:<10}{}", shorten(&text, WIDTH - 10));
    };
    if let Some(client) = &estate.client {
        line("client", client.clone());
    }
    if !estate.domains.is_empty() {
        let inferred = if estate.domains.iter().any(|(_, inferred)| *inferred) { " (inferred, not given)" } else { "" };
        let names: Vec<&str> = estate.domains.iter().map(|(domain, _)| domain.as_str()).collect();
        line("domains", format!("{}{inferred}", names.join(", ")));
    }
    if sum(&estate.addresses) > 0 {
        line("addresses", format!("{}: {}", thousands(sum(&estate.addresses)), list(&estate.addresses)));
    }
    if sum(&estate.systems) > 0 {
        line("systems", format!("{}: {}", thousands(sum(&estate.systems)), list(&estate.systems)));
        line("", format!("{} may break at the cut-over: see systems.csv", thousands(estate.may_break)));
    }
    if estate.partners > 0 {
        let domains = counted(estate.partners, "outside domain", "outside domains");
        line("partners", format!("{domains} both ways, {} to be told before the move", thousands(estate.to_tell)));
    }
    if estate.expected > 0 {
        line("expected", format!("{}: {}", counted(estate.expected, "mailbox", "mailboxes"), list(&estate.delivered)));
    }
    if !estate.supplied.is_empty() {
        line("delivery", format!("digests that came with it: {}", list(&estate.supplied)));
    }
    for (number, hole) in estate.holes.iter().take(HOLES_SHOWN).enumerate() {
        line(if number == 0 { "holes" } else { "" }, hole.clone());
    }
    if estate.holes.len() > HOLES_SHOWN {
        line("", format!("and {} more: see coverage.csv", estate.holes.len() - HOLES_SHOWN));
    }
    if screen.is_empty() { screen } else { format!("\nthe estate; kinds, partners and holes are estimated\n{screen}") }
}

/// The sentence on whether everything was delivered.
pub fn coverage_sentence(estate: &EstateCounts) -> Option<String> {
    if estate.expected == 0 {
        return None;
    }
    let missing: u64 = estate
        .delivered
        .iter()
        .filter(|(word, _)| word == "not delivered" || word == "delivered short")
        .map(|(_, n)| n)
        .sum();
    let list = escape(&list(&estate.delivered)).into_owned();
    Some(match missing {
        0 => format!(
            "of {} nothing is missing: {list}",
            counted(estate.expected, "expected mailbox", "expected mailboxes")
        ),
        _ => format!(
            "of {}: {list}; see coverage.csv",
            counted(estate.expected, "expected mailbox", "expected mailboxes")
        ),
    })
}

/// The estate as JSON.
pub fn object(estate: &EstateCounts) -> Value {
    let map = |groups: &[(String, u64)]| groups.iter().map(|(word, n)| (word.clone(), json!(n))).collect::<Map<_, _>>();
    json!({
        "domains": estate.domains.iter().map(|(domain, inferred)| json!({"domain": domain, "inferred": inferred})).collect::<Vec<_>>(),
        "addresses": map(&estate.addresses),
        "systems": map(&estate.systems),
        "systems_that_may_break": estate.may_break,
        "partners": estate.partners,
        "partners_to_tell": estate.to_tell,
        "expected": estate.expected,
        "coverage": map(&estate.delivered),
        "supplied_digests": map(&estate.supplied),
        "holes": estate.holes,
        "seconds": estate.milliseconds as f64 / 1000.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short_and_hostile_names_harmless() {
        let estate = EstateCounts {
            client: Some("A\u{1b}[31m".to_owned()),
            domains: vec![("x.example".to_owned(), true)],
            holes: (0..9).map(|n| format!("{n}{}", "x".repeat(99))).collect(),
            expected: 2,
            delivered: vec![("delivered".to_owned(), 1), ("not delivered".to_owned(), 1)],
            ..EstateCounts::default()
        };
        let text = screen(&estate);
        assert!(!text.contains('\u{1b}') && text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("x.example (inferred, not given)") && text.contains("and 4 more"));
        assert_eq!(
            coverage_sentence(&estate).unwrap(),
            "of 2 expected mailboxes: delivered 1, not delivered 1; see coverage.csv"
        );
        assert_eq!(screen(&EstateCounts::default()), "");
    }
}
