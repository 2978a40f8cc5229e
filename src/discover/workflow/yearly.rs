//! What happened twice, a year apart: renewals, audits, yearly closings. Too rare for a process, too regular for chance.

use super::case::Case;
use super::feature::{About, Profile, Space};
use super::letter::{Mail, Who};
use foldhash::HashMap;

const DAY: i64 = 86_400;
/// What a year is, give or take.
const YEAR: std::ops::RangeInclusive<i64> = 335 * DAY..=400 * DAY;
/// How alike the two must be.
const ALIKE: f32 = 0.6;
/// How much it must look like a run of a process, and how much if a file of the same name comes with it.
const LIKENESS: f32 = 0.35;
const LEAST_LIKENESS: f32 = 0.1;
/// And where a file of the same name comes with both.
const ALIKE_WITH_FILE: f32 = 0.2;
/// More runs than that with one feature are no rarity.
const MOST: usize = 4;

/// Pairs (or rows) of runs that are a year apart and alike, among those that are not `taken`.
pub fn yearly(mail: &Mail, cases: &[Case], space: &Space, profiles: &[Profile], taken: &mut [bool]) -> Vec<Vec<u32>> {
    let mut with: HashMap<u32, Vec<u32>> = HashMap::default();
    for (case, profile) in (0u32..).zip(profiles) {
        if taken[case as usize] || profile.likeness < LEAST_LIKENESS {
            continue;
        }
        for (feature, _) in &profile.vector {
            let about = space.features[*feature as usize].0;
            let sure = profile.likeness >= LIKENESS || matches!(about, About::File | About::LaterFile);
            if sure && matches!(about, About::Template | About::Pair | About::File | About::LaterFile | About::Series) {
                with.entry(*feature).or_default().push(case);
            }
        }
    }
    let is_file = |feature: u32| matches!(space.features[feature as usize].0, About::File | About::LaterFile);
    let rare = with.into_iter().filter(|(_, all)| (2..=MOST).contains(&all.len()));
    let mut groups: Vec<(Vec<u32>, bool)> = rare.map(|(feature, all)| (all, is_file(feature))).collect();
    // Those with a file last, so that what is alike without one comes first.
    groups.sort();
    groups.dedup();
    let at = |case: u32| mail.letters[cases[case as usize].letters[0] as usize].at;
    let steps = |case: u32| cases[case as usize].letters.len();
    let mut found = Vec::new();
    for (mut group, with_file) in groups {
        group.retain(|case| !taken[*case as usize]);
        group.sort_by_key(|case| (at(*case), *case));
        let apart = group.windows(2).all(|pair| YEAR.contains(&(at(pair[1]) - at(pair[0]))));
        let enough = if with_file { ALIKE_WITH_FILE } else { ALIKE };
        let alike =
            group.windows(2).all(|pair| cosine(&profiles[pair[0] as usize], &profiles[pair[1] as usize]) >= enough);
        let side = |case: u32| {
            let from = mail.letters[cases[case as usize].letters[0] as usize].from;
            let address = mail.words.text(from);
            // A person of ours, or anybody of the same firm.
            if mail.who(from) == Who::Outside { address.rsplit('@').next().unwrap_or(address) } else { address }
        };
        let same_side = group.windows(2).all(|pair| side(pair[0]) == side(pair[1]));
        if group.len() >= 2 && same_side && apart && alike && group.iter().all(|case| steps(*case) >= 2) {
            group.iter().for_each(|case| taken[*case as usize] = true);
            group.sort_unstable();
            found.push(group);
        }
    }
    found
}

fn cosine(one: &Profile, other: &Profile) -> f32 {
    let weight = |feature: &u32| {
        let at = one.vector.binary_search_by_key(feature, |(known, _)| *known).ok()?;
        Some(one.vector[at].1)
    };
    other.vector.iter().filter_map(|(feature, w)| Some(w * weight(feature)?)).sum()
}
