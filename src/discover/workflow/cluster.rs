//! Runs of one shape, found from what founds them.
//!
//! Every feature that may found a process (a series of identifiers, words of subjects, a shared address, a machine, a form)
//! gathers the runs that have it. How alike those are is judged on a bounded sample, so the work is linear in runs. The best
//! foundations come first, take their runs, and draw in foundations whose runs look like theirs; at the end runs that look
//! like one process and like no other join it.

use std::collections::{BTreeMap, BTreeSet};

use super::feature::{About, Profile, Space};
use foldhash::HashMap;

/// Runs of a process before it is one.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// Indices of runs, ascending.
    pub cases: Vec<u32>,
    /// Features on which it was founded.
    pub founded_on: Vec<u32>,
    /// How alike its runs are, 0 to 1.
    pub cohesion: f32,
    /// How much they look like runs of a process.
    pub likeness: f32,
    /// The part of its runs that a program begins.
    pub by_machine: f32,
}

impl Cluster {
    /// Whether people begin the one and a program the other: then they are two, even at one address.
    fn is_other_kind(&self, other: &Cluster) -> bool {
        (self.by_machine - other.by_machine).abs() > 0.6
    }
}

/// So many runs of a foundation are looked at.
const SAMPLE: usize = 48;
/// What fewer runs have founds nothing.
pub const FEWEST: usize = 3;

/// The thresholds, in one place.
const MIN_LIKENESS: f32 = 0.38;
const MIN_COHESION: f32 = 0.3;
/// What runs of one series are worth, however they are worded.
const SERIES_COHESION: f32 = 0.45;
const MERGE: f32 = 0.62;
/// Of one series: where it is the same in so many runs of both.
const MERGE_SERIES: f32 = 0.3;
const MERGE_TITLED: f32 = 0.02;
const OF_SERIES: f32 = 0.6;
const JOIN: f32 = 0.42;
const SAME_WAY: f32 = 0.7;
const SAME_NAME: f32 = 0.3;
/// Where the way is the same to the last person, names may differ more.
const VERY_SAME_WAY: f32 = 0.8;
const HARDLY_NAMED: f32 = 0.16;
/// Where each has numbers of its own: invoices of several suppliers.
const NUMBERED_WAY: f32 = 0.6;
const NUMBERED_NAMED: f32 = 0.06;
/// What is less sure is not said.
pub const LEAST_SCORE: f64 = 0.38;

/// A mean of vectors.
#[derive(Clone, Debug, Default)]
struct Centre {
    sum: HashMap<u32, f32>,
    length: f32,
}

impl Centre {
    fn of<'a>(profiles: impl Iterator<Item = &'a Profile>) -> Centre {
        let mut sum: HashMap<u32, f32> = HashMap::default();
        for profile in profiles {
            for (feature, weight) in &profile.vector {
                *sum.entry(*feature).or_default() += weight;
            }
        }
        let mut centre = Centre { sum, length: 0.0 };
        centre.measure();
        centre
    }

    fn measure(&mut self) {
        // Sorted, so that rounding is the same every time.
        let mut squares: Vec<(u32, f32)> = self.sum.iter().map(|(feature, w)| (*feature, w * w)).collect();
        squares.sort_unstable_by_key(|(feature, _)| *feature);
        self.length = squares.iter().map(|(_, w)| f64::from(*w)).sum::<f64>().sqrt() as f32;
    }

    /// Its heaviest features.
    fn strong(&self) -> Vec<u32> {
        let mut all: Vec<(u32, f32)> = self.sum.iter().map(|(feature, w)| (*feature, *w)).collect();
        all.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        all.into_iter().take(STRONG).map(|(feature, _)| feature).collect()
    }

    fn likeness(&self, profile: &Profile) -> f32 {
        let dot: f32 =
            profile.vector.iter().map(|(feature, w)| w * self.sum.get(feature).copied().unwrap_or(0.0)).sum();
        dot / self.length.max(1e-6)
    }

    fn cosine(&self, other: &Centre) -> f32 {
        let (small, large) = if self.sum.len() < other.sum.len() { (self, other) } else { (other, self) };
        let mut shared: Vec<(u32, f32)> =
            small.sum.iter().filter_map(|(f, w)| Some((*f, w * large.sum.get(f)?))).collect();
        shared.sort_unstable_by_key(|(f, _)| *f);
        let dot: f64 = shared.iter().map(|(_, w)| f64::from(*w)).sum();
        (dot / f64::from((self.length * other.length).max(1e-6))) as f32
    }
}

/// Which processes have a strong feature in common with something: only those are compared.
#[derive(Default)]
struct Near {
    by_feature: HashMap<u32, Vec<usize>>,
}

/// So many features of a process are its strong ones …
const STRONG: usize = 16;
/// … and so many processes are compared with one thing.
const MOST_NEAR: usize = 48;

impl Near {
    fn add(&mut self, at: usize, centre: &Centre) {
        for feature in centre.strong() {
            let all = self.by_feature.entry(feature).or_default();
            if !all.contains(&at) && all.len() < 4 * MOST_NEAR {
                all.push(at);
            }
        }
    }

    /// Those that share most strong features, ascending.
    fn like(&self, centre: &Centre) -> Vec<usize> {
        let mut counts: HashMap<usize, u32> = HashMap::default();
        for at in centre.strong().iter().filter_map(|feature| self.by_feature.get(feature)).flatten() {
            *counts.entry(*at).or_default() += 1;
        }
        let mut found: Vec<(u32, usize)> = counts.into_iter().map(|(at, n)| (n, at)).collect();
        found.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        found.truncate(MOST_NEAR);
        let mut found: Vec<usize> = found.into_iter().map(|(_, at)| at).collect();
        found.sort_unstable();
        found
    }
}

/// Every `n`-th, so that at most `SAMPLE` are left.
fn sample(cases: &[u32]) -> impl Iterator<Item = u32> + '_ {
    cases.iter().copied().step_by(cases.len().div_ceil(SAMPLE).max(1))
}

/// Finds clusters among the runs that are not `taken`. `day_of` gives the day of a run.
pub fn clusters(space: &Space, profiles: &[Profile], taken: &mut [bool], day_of: &dyn Fn(u32) -> i64) -> Vec<Cluster> {
    let mut with: Vec<Vec<u32>> = vec![Vec::new(); space.features.len()];
    for (case, profile) in (0u32..).zip(profiles) {
        if taken[case as usize] {
            continue;
        }
        for (feature, _) in &profile.vector {
            if space.features[*feature as usize].0.founds() {
                with[*feature as usize].push(case);
            }
        }
    }
    let mut foundations: Vec<(f32, u32, Cluster)> = Vec::new();
    for (feature, cases) in (0u32..).zip(&with) {
        if let Some(found) = foundation(space, profiles, feature, cases, day_of) {
            let about = space.features[feature as usize].0;
            let bonus = match about {
                About::Series | About::Machine => 1.25,
                About::Entry | About::Template => 1.1,
                _ => 1.0,
            };
            let score = found.cohesion * found.likeness * bonus * (1.0 + cases.len() as f32).ln();
            foundations.push((score, feature, found));
        }
    }
    foundations.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut found: Vec<(Cluster, Centre)> = Vec::new();
    let mut near = Near::default();
    for (_, feature, mut foundation) in foundations {
        let all = foundation.cases.len();
        foundation.cases.retain(|case| !taken[*case as usize]);
        if foundation.cases.is_empty() {
            continue;
        }
        let centre = Centre::of(sample(&foundation.cases).map(|case| &profiles[case as usize]));
        let nearest = near
            .like(&centre)
            .into_iter()
            .filter(|at| !found[*at].0.is_other_kind(&foundation))
            .map(|at| (found[at].1.cosine(&centre), at))
            .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
        // Most of its runs are already one process: the rest of them are it, too, if they look so.
        let rest_of_one = foundation.cases.len() * 2 < all;
        match nearest {
            Some((close, at)) if close >= MERGE || rest_of_one && close >= MERGE * 0.8 => {
                foundation.cases.iter().for_each(|case| taken[*case as usize] = true);
                let (cluster, centre) = &mut found[at];
                cluster.cases.extend(&foundation.cases);
                cluster.founded_on.push(feature);
                *centre = Centre::of(sample(&cluster.cases).map(|case| &profiles[case as usize]));
                near.add(at, centre);
            }
            _ if foundation.cases.len() >= FEWEST && days(&foundation.cases, day_of) >= FEWEST => {
                foundation.cases.iter().for_each(|case| taken[*case as usize] = true);
                foundation.founded_on = vec![feature];
                near.add(found.len(), &centre);
                found.push((foundation, centre));
            }
            _ => {}
        }
    }
    unite_series(space, profiles, &mut found);
    unite(space, profiles, &mut found);
    draw_in(profiles, taken, &mut found);
    finish(profiles, found)
}

fn days(cases: &[u32], day_of: &dyn Fn(u32) -> i64) -> usize {
    let mut days: Vec<i64> = sample(cases).map(day_of).collect();
    days.sort_unstable();
    days.dedup();
    days.len()
}

fn foundation(
    space: &Space,
    profiles: &[Profile],
    feature: u32,
    cases: &[u32],
    day_of: &dyn Fn(u32) -> i64,
) -> Option<Cluster> {
    if cases.len() < FEWEST || days(cases, day_of) < FEWEST {
        return None;
    }
    let looked: Vec<&Profile> = sample(cases).map(|case| &profiles[case as usize]).collect();
    let count = looked.len() as f32;
    let likeness = looked.iter().map(|one| one.likeness).sum::<f32>() / count;
    if likeness < MIN_LIKENESS {
        return None;
    }
    let by_machine = looked.iter().filter(|one| one.by_machine).count() as f32 / count;
    let centre = Centre::of(looked.iter().copied());
    // The mean cosine of two different runs: the squared length of the sum, without each with itself, and without what
    // they were gathered by.
    let by: Vec<f32> =
        looked.iter().flat_map(|one| one.vector.iter().filter(|(f, _)| *f == feature).map(|(_, w)| *w)).collect();
    let gathered = by.iter().sum::<f32>().powi(2) - by.iter().map(|w| w * w).sum::<f32>();
    let together = (centre.length * centre.length - count - gathered) / (count * (count - 1.0)).max(1.0);
    let cohesion = together.max(0.0).sqrt();
    let (needed, cohesion) = match space.features[feature as usize].0 {
        // That each run has a number of its own series is more than that they read alike.
        About::Series => (MIN_COHESION * 0.5, cohesion.max(SERIES_COHESION)),
        About::Machine | About::Entry => (MIN_COHESION * 0.85, cohesion),
        _ => (MIN_COHESION, cohesion),
    };
    (cohesion >= needed).then(|| Cluster {
        cases: cases.to_vec(),
        founded_on: Vec::new(),
        cohesion,
        likeness,
        by_machine,
    })
}

/// The series that most of the runs are numbered in, and whether they begin with it in the subject.
fn series(space: &Space, profiles: &[Profile], cluster: &Cluster) -> Option<(u32, bool)> {
    let mut counts: BTreeMap<(u32, bool), usize> = BTreeMap::new();
    let mut all = 0;
    for case in sample(&cluster.cases) {
        all += 1;
        let features = profiles[case as usize].vector.iter();
        let kinds: BTreeSet<(u32, bool)> =
            features.filter_map(|(feature, _)| space.series.get(feature).copied()).collect();
        kinds.into_iter().for_each(|kind| *counts.entry(kind).or_default() += 1);
    }
    let (kind, n) = counts.into_iter().max_by_key(|(kind, n)| (*n, std::cmp::Reverse(*kind)))?;
    (n as f32 >= all as f32 * OF_SERIES).then_some(kind)
}

/// Makes one process of those whose runs are numbered in one series and that are not wholly unlike.
fn unite_series(space: &Space, profiles: &[Profile], found: &mut Vec<(Cluster, Centre)>) {
    let mut of_kind: BTreeMap<(u32, bool), Vec<usize>> = BTreeMap::new();
    for (at, (cluster, _)) in found.iter().enumerate() {
        if let Some(kind) = series(space, profiles, cluster) {
            of_kind.entry(kind).or_default().push(at);
        }
    }
    for ((_, titled), all) in of_kind.into_iter().filter(|(_, all)| all.len() > 1) {
        // What begins with a number of the series in its subject is called by it.
        let enough = if titled { MERGE_TITLED } else { MERGE_SERIES };
        let mut kept: Vec<usize> = Vec::new();
        for at in all {
            let like = kept
                .iter()
                .copied()
                .find(|one| found[*one].1.cosine(&found[at].1) >= enough && !found[*one].0.is_other_kind(&found[at].0));
            let Some(one) = like else {
                kept.push(at);
                continue;
            };
            let (cluster, _) = std::mem::take(&mut found[at]);
            found[one].0.cases.extend(cluster.cases);
            found[one].0.founded_on.extend(cluster.founded_on);
            found[one].1 = Centre::of(sample(&found[one].0.cases).map(|case| &profiles[case as usize]));
        }
    }
    found.retain(|(cluster, _)| !cluster.cases.is_empty());
}

/// Makes one process of those that are called differently and go the same way: to the same people, answered by the same
/// people, in the same turns.
fn unite(space: &Space, profiles: &[Profile], found: &mut Vec<(Cluster, Centre)>) {
    let is_way = |feature: &u32| space.features[*feature as usize].0.is_way();
    let way = |cluster: &Cluster| {
        let mut centre = Centre::of(sample(&cluster.cases).map(|case| &profiles[case as usize]));
        centre.sum.retain(|feature, _| is_way(feature));
        centre.measure();
        centre
    };
    let mut ways: Vec<Option<Centre>> = found.iter().map(|(cluster, _)| Some(way(cluster))).collect();
    let numbered: Vec<bool> = found.iter().map(|(cluster, _)| series(space, profiles, cluster).is_some()).collect();
    let mut near = Near::default();
    for (at, centre) in ways.iter().enumerate() {
        near.add(at, centre.as_ref().unwrap_or(&Centre::default()));
    }
    // Each is taken in by the first that is like it; what took something in is asked again.
    let mut at = 0;
    while at < found.len() {
        let Some(own) = &ways[at] else {
            at += 1;
            continue;
        };
        let like = near.like(own).into_iter().filter(|other| *other > at).find(|other| {
            let close = ways[*other].as_ref().map_or(0.0, |way| way.cosine(own));
            let all = found[at].1.cosine(&found[*other].1);
            !found[*other].0.is_other_kind(&found[at].0)
                && (close >= SAME_WAY && all >= SAME_NAME
                    || close >= VERY_SAME_WAY && all >= HARDLY_NAMED
                    || close >= NUMBERED_WAY && all >= NUMBERED_NAMED && numbered[at] && numbered[*other])
        });
        let Some(other) = like else {
            at += 1;
            continue;
        };
        let (cluster, _) = std::mem::take(&mut found[other]);
        ways[other] = None;
        found[at].0.cases.extend(cluster.cases);
        found[at].0.founded_on.extend(cluster.founded_on);
        found[at].1 = Centre::of(sample(&found[at].0.cases).map(|case| &profiles[case as usize]));
        let own = way(&found[at].0);
        near.add(at, &own);
        ways[at] = Some(own);
    }
    found.retain(|(cluster, _)| !cluster.cases.is_empty());
}

/// Runs that no foundation took and that look like one process.
fn draw_in(profiles: &[Profile], taken: &mut [bool], found: &mut [(Cluster, Centre)]) {
    // Only processes that share a strong feature are asked.
    let mut near = Near::default();
    for (at, (_, centre)) in found.iter().enumerate() {
        near.add(at, centre);
    }
    for (case, profile) in (0u32..).zip(profiles) {
        if taken[case as usize] || profile.likeness < MIN_LIKENESS * 0.6 {
            continue;
        }
        let alone = Centre { sum: profile.vector.iter().copied().collect(), length: 1.0 };
        let mut best: Vec<(f32, usize)> = near
            .like(&alone)
            .into_iter()
            .filter(|at| (found[*at].0.by_machine - f32::from(u8::from(profile.by_machine))).abs() <= 0.6)
            .map(|at| (found[at].1.likeness(profile), at))
            .collect();
        best.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let second = best.get(1).map_or(0.0, |one| one.0);
        if let Some((close, at)) = best.first()
            && *close >= JOIN
            && *close >= second * 1.15
        {
            taken[case as usize] = true;
            found[*at].0.cases.push(case);
        }
    }
}

fn finish(profiles: &[Profile], found: Vec<(Cluster, Centre)>) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = found.into_iter().map(|(cluster, _)| cluster).collect();
    for cluster in &mut clusters {
        cluster.cases.sort_unstable();
        let sum: f32 = cluster.cases.iter().map(|case| profiles[*case as usize].likeness).sum();
        cluster.likeness = sum / cluster.cases.len().max(1) as f32;
    }
    clusters.sort_by(|one, other| one.cases.first().cmp(&other.cases.first()));
    clusters
}
