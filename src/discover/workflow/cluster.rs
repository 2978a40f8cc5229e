//! Runs of one shape, found from what founds them.
//!
//! Every feature that may found a process (a series of identifiers, words of subjects, a shared address, a machine, a form)
//! gathers the runs that have it. How alike those are is judged on a bounded sample, so the work is linear in runs. The best
//! foundations come first, take their runs, and draw in foundations whose runs look like theirs; at the end runs that look
//! like one process and like no other join it.

use super::centre::{Centre, Near, sample};
use super::feature::{About, Profile, Space};
use super::unite::{most_of, series, unite, unite_series};

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
    /// The largest part of its runs in which the same person, address or program has the same role.
    pub role: f32,
    /// Whether its runs are numbered in one series.
    pub is_numbered: bool,
}

impl Cluster {
    /// How much it speaks for a process that the same people have the same part in its runs; colleagues who write to each
    /// other about one thing have none. What is numbered needs no such sign.
    pub fn roles(&self) -> f32 {
        let roles = (0.6 + 0.6 * self.role).min(1.15);
        if self.is_numbered { roles.max(1.0) } else { roles }
    }

    /// Whether people begin the one and a program the other: then they are two, even at one address.
    pub fn is_other_kind(&self, other: &Cluster) -> bool {
        (self.by_machine - other.by_machine).abs() > 0.6
    }
}

/// What fewer runs have founds nothing.
pub const FEWEST: usize = 3;

/// The thresholds, in one place.
const MIN_LIKENESS: f32 = 0.38;
const MIN_COHESION: f32 = 0.3;
/// What runs of one series are worth, however they are worded.
const SERIES_COHESION: f32 = 0.45;
const MERGE: f32 = 0.62;
const JOIN: f32 = 0.42;
/// What is less sure is not said.
pub const LEAST_SCORE: f64 = 0.38;

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
    finish(space, profiles, found)
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
        ..Cluster::default()
    })
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
        let alone = Centre::of(std::iter::once(profile));
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

fn finish(space: &Space, profiles: &[Profile], found: Vec<(Cluster, Centre)>) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = found.into_iter().map(|(cluster, _)| cluster).collect();
    for cluster in &mut clusters {
        cluster.cases.sort_unstable();
        let sum: f32 = cluster.cases.iter().map(|case| profiles[*case as usize].likeness).sum();
        cluster.likeness = sum / cluster.cases.len().max(1) as f32;
        cluster.is_numbered = series(space, profiles, cluster).is_some();
        cluster.role = most_of(space, profiles, cluster, About::is_role).map_or(0.0, |(_, part)| part);
    }
    clusters.sort_by(|one, other| one.cases.first().cmp(&other.cases.first()));
    clusters
}
