//! Families: which documents are versions of one another, in which order, and which is the current one.
//!
//! Two documents are joined only if their names say the same without the marks of versions, their types and sizes are
//! near, **and** they met in one thread or in the hands of the same people. A name that could be anything (`invoice.pdf`)
//! needs the thread; a picture of such a name is never joined. Content decides nothing: it is not kept.

use std::collections::{HashMap, HashSet};

use super::name::Name;
use crate::discover::reconcile::Overlap;

/// What is known of one document, for joining.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    /// Its id.
    pub document_id: i64,
    /// Its name taken apart.
    pub name: Name,
    /// See `kind::type_group`.
    pub type_group: &'static str,
    /// Bytes.
    pub size_bytes: u64,
    /// Unix seconds of its oldest copy.
    pub first_at: Option<i64>,
    /// Threads, as numbers; few.
    pub threads: Vec<u64>,
    /// Who sent it, as numbers; few.
    pub senders: Vec<u64>,
    /// Who sent or got it in letters to few, as numbers; few.
    pub people: Vec<u64>,
    /// Copies in the export.
    pub copies: u64,
    /// The oldest message that holds it.
    pub first_message: i64,
}

/// One member in the order of its family.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Index of the candidate.
    pub at: usize,
    /// Initials, or what sets a parallel version apart.
    pub branch: Option<String>,
    /// Why it is a member; empty for the first.
    pub why: &'static str,
}

/// A family.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Family {
    /// Oldest first.
    pub members: Vec<Member>,
    /// single, versions or series.
    pub relation: &'static str,
    /// Index of the current one among the candidates.
    pub current: usize,
    /// Why that one.
    pub current_why: String,
    /// In plain words; empty if there are none.
    pub branches: String,
}

/// People alone join only what is at most so far apart.
const PEOPLE_DAYS: i64 = 200;
/// Sizes are near if the larger is at most so many times the smaller; both with the weight of an empty document.
const NEAR: u64 = 3;
const EMPTY_BYTES: u64 = 16 * 1024;

fn near(a: &Candidate, b: &Candidate) -> bool {
    let (small, large) = (a.size_bytes.min(b.size_bytes) + EMPTY_BYTES, a.size_bytes.max(b.size_bytes) + EMPTY_BYTES);
    large <= small.saturating_mul(NEAR)
}

fn within(a: &Candidate, b: &Candidate, days: i64) -> bool {
    match (a.first_at, b.first_at) {
        (Some(a), Some(b)) => (a - b).abs() <= days * 86_400,
        _ => false,
    }
}

/// Joined by what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    Thread,
    Sender,
    People,
}

impl By {
    fn words(self) -> &'static str {
        match self {
            By::Thread => "same name, type and thread, near size",
            By::Sender => "same name, type and sender, near size",
            By::People => "same name, type and people, near size",
        }
    }
}

/// Groups candidates into families; every candidate is in exactly one. The order of the candidates does not matter but
/// for ties, which ids decide. Linear but for sorting.
pub fn families(candidates: &[Candidate]) -> Vec<Family> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|at| (candidates[*at].first_at.unwrap_or(i64::MAX), candidates[*at].document_id));
    let mut groups = Groups::new(candidates);
    // The last two documents seen of each name and type under each thread, sender and person.
    let mut last: HashMap<(&str, &str, u8, u64), [usize; 2]> = HashMap::new();
    for at in order.iter().copied() {
        let one = &candidates[at];
        if one.name.stem.is_empty() && one.name.date.is_none()
            || one.type_group == "other" && one.name.extension.is_empty()
        {
            continue;
        }
        let keys = keys(one);
        for (by, key) in &keys {
            let place = (one.name.stem.as_str(), one.type_group, *by as u8, *key);
            let [newest, before] = *last.get(&place).unwrap_or(&[usize::MAX; 2]);
            for other in [newest, before].into_iter().filter(|other| *other != usize::MAX) {
                let earlier = &candidates[other];
                let fits = near(one, earlier)
                    && one.name.extension_family() == earlier.name.extension_family()
                    && (*by == By::Thread || within(one, earlier, PEOPLE_DAYS));
                if fits && groups.join(at, other, *by) {
                    break;
                }
            }
            last.insert(place, [at, newest]);
        }
    }
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for at in order {
        members.entry(groups.root(at)).or_default().push(at);
    }
    let mut families: Vec<Family> = members.into_values().map(|all| family(candidates, &all, &groups)).collect();
    families.sort_by_key(|one| one.members.iter().map(|member| candidates[member.at].document_id).min());
    families
}

/// Under what it may meet others.
fn keys(one: &Candidate) -> Vec<(By, u64)> {
    let picture = matches!(one.type_group, "image");
    if one.name.is_generic {
        let may_join = !picture && !matches!(one.type_group, "html" | "calendar" | "card");
        return if may_join { one.threads.iter().map(|key| (By::Thread, *key)).collect() } else { Vec::new() };
    }
    let threads = one.threads.iter().map(|key| (By::Thread, *key));
    if picture {
        return threads.collect();
    }
    let senders = one.senders.iter().map(|key| (By::Sender, *key));
    // A name of one word may be used twice by people who meet often.
    let words = one.name.stem.split(' ').filter(|word| word.chars().count() > 2).count();
    let people = one.people.iter().filter(|_| words >= 2).map(|key| (By::People, *key));
    threads.chain(senders).chain(people).collect()
}

/// Union-find; why each joined stays with it.
///
/// Two files that came in one message under names without any other mark are two things, not two versions: the mail
/// program wrote `(1)` because they differ. So no group ever holds two of the same first message and the same marks.
struct Groups<'a> {
    parent: Vec<usize>,
    why: Vec<Option<By>>,
    /// First messages and marks of each group, at its root.
    met: Vec<HashSet<(i64, &'a str)>>,
}

impl<'a> Groups<'a> {
    fn new(candidates: &'a [Candidate]) -> Groups<'a> {
        let met = candidates.iter().map(|one| HashSet::from([(one.first_message, one.name.marks.as_str())])).collect();
        Groups { parent: (0..candidates.len()).collect(), why: vec![None; candidates.len()], met }
    }

    fn root(&self, mut at: usize) -> usize {
        while self.parent[at] != at {
            at = self.parent[at];
        }
        at
    }

    /// Joins the groups of both, unless they are one or may not be; gives whether they are one now.
    fn join(&mut self, at: usize, other: usize, by: By) -> bool {
        let (a, b) = (self.root(at), self.root(other));
        if a == b {
            return true;
        }
        let (small, large) = if self.met[a].len() < self.met[b].len() { (a, b) } else { (b, a) };
        if !self.met[small].is_disjoint(&self.met[large]) {
            return false;
        }
        let moved = std::mem::take(&mut self.met[small]);
        self.met[large].extend(moved);
        // The smaller goes under the larger, so that paths stay short.
        self.parent[small] = large;
        self.why[at].get_or_insert(by);
        true
    }
}

fn family(candidates: &[Candidate], all: &[usize], groups: &Groups<'_>) -> Family {
    if let [at] = all {
        return Family {
            members: vec![Member { at: *at, branch: None, why: "" }],
            relation: "single",
            current: *at,
            current_why: String::new(),
            branches: String::new(),
        };
    }
    let mut order = all.to_vec();
    let numbered = all.iter().all(|at| candidates[*at].name.number.is_some());
    order.sort_by_key(|at| {
        let one = &candidates[*at];
        (
            numbered.then_some(one.name.number).flatten(),
            one.first_at.unwrap_or(i64::MAX),
            one.name.number,
            one.document_id,
        )
    });
    let dates: std::collections::HashSet<&str> =
        all.iter().filter_map(|at| candidates[*at].name.date.as_deref()).collect();
    let relation = if dates.len() * 3 >= all.len() * 2 && dates.len() > 1 { "series" } else { "versions" };
    let (current, current_why) = current(candidates, &order, relation);
    let members: Vec<Member> = order
        .iter()
        .enumerate()
        .map(|(place, at)| Member {
            at: *at,
            branch: branch(candidates, &order, place),
            why: groups.why[*at].map_or(if place == 0 { "" } else { "others join it" }, By::words),
        })
        .collect();
    let mut named: Vec<&str> = members.iter().filter_map(|member| member.branch.as_deref()).collect();
    named.sort_unstable();
    named.dedup();
    let branches = named.join("; ");
    Family { members, relation, current, current_why, branches }
}

/// Initials, or that another content goes by the same version number.
fn branch(candidates: &[Candidate], order: &[usize], place: usize) -> Option<String> {
    let name = &candidates[order[place]].name;
    if let Some(initials) = &name.initials {
        return Some(initials.clone());
    }
    let number = name.number?;
    let twin = order[..place]
        .iter()
        .any(|at| candidates[*at].name.number == Some(number) && candidates[*at].name.date == name.date);
    twin.then(|| format!("second version {}", version_words(number)))
}

fn version_words(number: u32) -> String {
    match number % 100 {
        0 => (number / 100).to_string(),
        minor => format!("{}.{minor}", number / 100),
    }
}

/// The current version: the last one, unless an earlier one is marked as final and nothing after it is.
fn current(candidates: &[Candidate], order: &[usize], relation: &str) -> (usize, String) {
    let last = order[order.len() - 1];
    if relation == "series" {
        let newest =
            order.iter().copied().max_by_key(|at| (date_key(&candidates[*at].name), candidates[*at].first_at, *at));
        let newest = newest.unwrap_or(last);
        return (newest, "the latest issue of a series; the others are no earlier versions of it".to_owned());
    }
    let numbered = order.iter().all(|at| candidates[*at].name.number.is_some());
    let finals = order.iter().rev().copied().find(|at| candidates[*at].name.is_final);
    match finals {
        Some(at) if at == last => (at, "the newest, and marked as final".to_owned()),
        Some(at) => {
            let after = order.iter().rev().take_while(|later| **later != at).count();
            let drafts = order.iter().rev().take(after).all(|later| candidates[*later].name.is_draft);
            if drafts {
                (at, format!("marked as final; {after} newer only marked as drafts"))
            } else {
                (last, format!("the newest; {after} older than it was marked as final: ask"))
            }
        }
        None if numbered => {
            let number = candidates[last].name.number.map(version_words).unwrap_or_default();
            (last, format!("has the highest version number, {number}"))
        }
        None => (last, "the newest by the date it was first sent".to_owned()),
    }
}

/// Dates with a year sort by themselves; others by when they were sent.
fn date_key(name: &Name) -> Option<&str> {
    name.date.as_deref().filter(|date| date.len() >= 6 && (date.starts_with("19") || date.starts_with("20")))
}

impl Name {
    /// Extensions that are the same thing to a person.
    fn extension_family(&self) -> &str {
        match self.extension.as_str() {
            "docx" | "docm" | "dot" | "rtf" => "doc",
            "xlsx" | "xlsm" | "xlsb" | "xlt" => "xls",
            "pptx" | "pptm" | "pps" => "ppt",
            "htm" => "html",
            "jpeg" => "jpg",
            other => other,
        }
    }
}

/// Gives new families the ids of old ones. `old` are documents with their old family, families not yet retired; documents
/// that are gone count there, too. Gives an id for each family, and the old ids that are gone with the family that most of
/// their documents are in.
pub fn reconcile(families: &[Vec<i64>], old: &[(i64, i64)], largest: i64) -> (Vec<i64>, Vec<(i64, i64)>) {
    let old_of: HashMap<i64, i64> = old.iter().copied().collect();
    let mut overlap = Overlap::default();
    for (_, family) in old {
        *overlap.old_sizes.entry(*family).or_default() += 1;
    }
    for (at, members) in families.iter().enumerate() {
        overlap.sizes.push(members.len() as u32);
        for family in members.iter().filter_map(|document| old_of.get(document)) {
            *overlap.shared.entry((at, *family)).or_default() += 1;
        }
    }
    let living: Vec<i64> = overlap.old_sizes.keys().copied().collect();
    let named = overlap.reconcile(living, largest + 1);
    // A family whose documents are all gone keeps its row: a decision may hang on it.
    let retired = named.retired.into_iter().filter_map(|(old, into)| Some((old, into?))).collect();
    (named.ids, retired)
}

#[cfg(test)]
#[path = "family_tests.rs"]
mod tests;
