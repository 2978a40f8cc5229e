//! One person over several names and addresses, with the evidence. Never on a first name alone. Pure.

use std::collections::{BTreeMap, HashMap};

use super::ground::local;
use super::words::plain;
use crate::store::estate::PersonRow;

/// An address that a person may have.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Lower-case.
    pub address: String,
    /// Of the client's domains.
    pub own: bool,
    /// Names with their numbers, most frequent first.
    pub names: Vec<(String, u32)>,
    /// Letters written and received.
    pub letters: u32,
    /// The address that it is another name of, and why.
    pub alias_of: Option<(String, String)>,
}

/// First and last name and what stands between, sorted; `None` for less than two words of letters.
pub fn full_name(name: &str) -> Option<Vec<String>> {
    const TITLES: [&str; 14] =
        ["dr", "prof", "mr", "mrs", "ms", "herr", "frau", "dipl", "ing", "jr", "sr", "phd", "mba", "esq"];
    // What stands in brackets is a department or another address.
    let outside: String = name.split(['(', '[', '<', '/']).next().unwrap_or_default().to_owned();
    if outside.contains('@') || outside.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let plain = plain(&outside);
    let mut words: Vec<String> = plain
        .split_whitespace()
        .filter(|word| word.chars().count() > 1 && !TITLES.contains(word))
        .map(str::to_owned)
        .collect();
    words.sort();
    words.dedup();
    (2..=4).contains(&words.len()).then_some(words)
}

/// Whether the part before the `@` is made of the name: its last name and anything, or both in full.
fn fits(address: &str, name: &[String]) -> bool {
    let local = plain(local(address)).replace(' ', "");
    let folded = |word: &str| -> String {
        word.chars()
            .map(|c| match c {
                'ä' => "ae".into(),
                'ö' => "oe".into(),
                'ü' => "ue".into(),
                'ß' => "ss".into(),
                c => c.to_string(),
            })
            .collect::<Vec<String>>()
            .concat()
    };
    name.iter()
        .any(|word| word.chars().count() >= 3 && (local.contains(word.as_str()) || local.contains(&folded(word))))
}

/// Brings addresses together. Rows come in the order of their main addresses.
pub fn people(candidates: &[Candidate]) -> Vec<PersonRow> {
    let mut group: Vec<usize> = (0..candidates.len()).collect();
    let mut why: HashMap<usize, String> = HashMap::new();
    fn root(group: &mut [usize], mut at: usize) -> usize {
        while group[at] != at {
            group[at] = group[group[at]];
            at = group[at];
        }
        at
    }
    let place: HashMap<&str, usize> =
        candidates.iter().enumerate().map(|(at, one)| (one.address.as_str(), at)).collect();
    let mut by_name: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (at, one) in candidates.iter().enumerate() {
        if let Some((other, evidence)) = &one.alias_of
            && let Some(other) = place.get(other.as_str())
        {
            let (a, b) = (root(&mut group, at), root(&mut group, *other));
            group[a] = b;
            why.insert(at, evidence.clone());
        }
        let total: u32 = one.names.iter().map(|(_, n)| n).sum();
        for (name, n) in &one.names {
            if let Some(words) = full_name(name)
                && *n * 5 >= total
                && fits(&one.address, &words)
            {
                by_name.entry(words).or_default().push(at);
            }
        }
    }
    for (words, members) in &by_name {
        let mut members = members.clone();
        members.dedup();
        let first = members
            .iter()
            .copied()
            .max_by_key(|at| (candidates[*at].own, candidates[*at].letters, std::cmp::Reverse(*at)));
        // Somebody outside with a name of nobody inside is no matter of the estate.
        let Some(first) = first.filter(|at| candidates[*at].own) else { continue };
        for at in members.into_iter().filter(|at| *at != first) {
            let (a, b) = (root(&mut group, at), root(&mut group, first));
            if a != b {
                group[a] = b;
                why.entry(at)
                    .or_insert_with(|| format!("the same full name ({} words) and an address made of it", words.len()));
            }
        }
    }
    let mut people: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..candidates.len() {
        let root = root(&mut group, at);
        people.entry(root).or_default().push(at);
    }
    let mut rows: Vec<PersonRow> = people.into_values().filter_map(|members| row(candidates, &members, &why)).collect();
    rows.sort_by(|a, b| a.main_address.cmp(&b.main_address));
    rows
}

fn row(candidates: &[Candidate], members: &[usize], why: &HashMap<usize, String>) -> Option<PersonRow> {
    let main = *members.iter().max_by_key(|at| {
        let one = &candidates[**at];
        (one.own, one.alias_of.is_none(), one.letters, std::cmp::Reverse(&one.address))
    })?;
    if !candidates[main].own {
        return None;
    }
    let mut names: BTreeMap<&str, u32> = BTreeMap::new();
    for at in members {
        for (name, n) in &candidates[*at].names {
            *names.entry(name).or_default() += n;
        }
    }
    let mut names: Vec<(String, u32)> = names.into_iter().map(|(name, n)| (name.to_owned(), n)).collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let shown = names.iter().find(|(name, _)| full_name(name).is_some()).or(names.first());
    let evidence = |at: usize| {
        why.get(&at).cloned().unwrap_or_else(|| {
            if at == main { "main address".to_owned() } else { "the same person's main address is merged".to_owned() }
        })
    };
    Some(PersonRow {
        name: shown.map_or_else(|| local(&candidates[main].address).to_owned(), |(name, _)| name.clone()),
        main_address: candidates[main].address.clone(),
        addresses: members.iter().map(|at| (candidates[*at].address.clone(), evidence(*at))).collect(),
        names,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(address: &str, own: bool, name: &str) -> Candidate {
        Candidate { address: address.into(), own, names: vec![(name.into(), 5)], letters: 5, alias_of: None }
    }

    #[test]
    fn names_in_both_orders_are_one_person() {
        let people = people(&[
            one("anna.berg@x.example", true, "Anna Berg"),
            one("berg@y.example", true, "Berg, Anna"),
            one("annaberg77@gmail.com", false, "Anna Berg"),
            one("anna.kranz@x.example", true, "Anna"),
            one("anna@other.example", false, "Anna"),
            one("berg.tools@z.example", false, "Carl Berg"),
        ]);
        let shown: Vec<_> = people.iter().map(|p| (p.main_address.as_str(), p.addresses.len())).collect();
        assert_eq!(shown, [("anna.berg@x.example", 3), ("anna.kranz@x.example", 1)]);
        assert_eq!(people[0].names[0].1, 10);
    }

    #[test]
    fn aliases_join_whatever_they_are_called() {
        let mut alias = one("info@x.example", true, "");
        alias.alias_of = Some(("anna.berg@x.example".into(), "the roster says so".into()));
        let people = people(&[one("anna.berg@x.example", true, "Anna Berg"), alias]);
        assert_eq!((people.len(), people[0].addresses[1].1.as_str()), (1, "the roster says so"));
    }

    #[test]
    fn first_names_are_no_full_names() {
        assert_eq!(full_name("Anna"), None);
        assert_eq!(full_name("Anna B."), None);
        assert_eq!(full_name("Dr. Anna Berg (Sales)"), full_name("BERG, Anna"));
        assert_eq!(full_name("anna@x.example"), None);
    }
}
