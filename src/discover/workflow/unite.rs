//! Processes that were found apart and are one: numbered in one series, or going the same way whatever they are called.

use std::collections::{BTreeMap, BTreeSet};

use super::centre::{Centre, Near, sample};
use super::cluster::Cluster;
use super::feature::{About, Profile, Space};

/// Of one series: where it is the same in so many runs of both.
const MERGE_SERIES: f32 = 0.3;
const MERGE_TITLED: f32 = 0.02;
const OF_SERIES: f32 = 0.6;
const SAME_WAY: f32 = 0.7;
const SAME_NAME: f32 = 0.3;
/// Where the way is the same to the last person, names may differ more.
const VERY_SAME_WAY: f32 = 0.8;
const HARDLY_NAMED: f32 = 0.16;
/// Where each has numbers of its own: invoices of several suppliers.
const NUMBERED_WAY: f32 = 0.6;
const NUMBERED_NAMED: f32 = 0.06;
/// So many of the runs go to one shared address; and they must be called so much alike.
const SAME_ENTRY: f32 = 0.8;
const ENTRY_NAMED: f32 = 0.25;
/// The same people in the same turns, one of them always: in two languages, say.
const SAME_PEOPLE: f32 = 0.55;
const PEOPLE_AND_NAME: f32 = 0.73;
const PEOPLE_NAMED: f32 = 0.1;
const SAME_ROLE: f32 = 0.6;
const UNLIKE: f32 = 0.25;
const UNLIKE_BY_CHANCE: f32 = 0.6;
/// Where one of the two is numbered.
const HALF_SAME_PEOPLE: f32 = 0.5;
const CALLED_THE_SAME: f32 = 0.5;

/// The series that most of the runs are numbered in, and whether they begin with it in the subject.
pub fn series(space: &Space, profiles: &[Profile], cluster: &Cluster) -> Option<(u32, bool)> {
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

/// The feature of a kind that most of the runs have, and how large a part of them does.
pub fn most_of(
    space: &Space,
    profiles: &[Profile],
    cluster: &Cluster,
    wanted: impl Fn(About) -> bool,
) -> Option<(u32, f32)> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let mut all = 0;
    for case in sample(&cluster.cases) {
        all += 1;
        for (feature, _) in &profiles[case as usize].vector {
            if wanted(space.features[*feature as usize].0) {
                *counts.entry(*feature).or_default() += 1;
            }
        }
    }
    let (feature, n) = counts.into_iter().max_by_key(|(feature, n)| (*n, std::cmp::Reverse(*feature)))?;
    Some((feature, n as f32 / all as f32))
}

/// Makes one process of those whose runs are numbered in one series and that are not wholly unlike.
pub fn unite_series(space: &Space, profiles: &[Profile], found: &mut Vec<(Cluster, Centre)>) {
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

/// How the runs of a process go, whatever they are called.
#[derive(Clone, Debug)]
struct Way {
    /// Who takes part in which turns, with which forms and files.
    centre: Centre,
    /// Who takes part in which turns.
    people: Centre,
    /// All but the series.
    unnumbered: Centre,
    /// The shared address to which nearly all go.
    entry: Option<u32>,
    /// As [`Cluster::role`].
    role: f32,
    /// What the runs hold: parts of them, as in [`Profile::content`].
    content: [f32; 4],
    runs: usize,
    is_numbered: bool,
}

impl Way {
    fn of(space: &Space, profiles: &[Profile], cluster: &Cluster) -> Way {
        let about = |feature: u32| space.features[feature as usize].0;
        let looked: Vec<&Profile> = sample(&cluster.cases).map(|case| &profiles[case as usize]).collect();
        let all = Centre::of(looked.iter().copied());
        let entry = most_of(space, profiles, cluster, |about| about == About::Entry);
        let part = |at: usize| looked.iter().filter(|one| one.content[at]).count() as f32 / looked.len().max(1) as f32;
        Way {
            centre: all.only(|feature| about(feature).is_way()),
            people: all.only(|feature| about(feature).is_people()),
            unnumbered: all.only(|feature| !matches!(about(feature), About::Series | About::Titled)),
            entry: entry.filter(|(_, part)| *part >= SAME_ENTRY).map(|(feature, _)| feature),
            role: most_of(space, profiles, cluster, About::is_role).map_or(0.0, |(_, part)| part),
            content: std::array::from_fn(part),
            runs: cluster.cases.len(),
            is_numbered: series(space, profiles, cluster).is_some(),
        }
    }

    /// Whether their runs hold an amount, a day, a file, a decision about as often; few runs differ by chance.
    fn holds_what(&self, other: &Way) -> bool {
        let most = UNLIKE + UNLIKE_BY_CHANCE / (self.runs.min(other.runs) as f32).sqrt();
        self.content.iter().zip(other.content).all(|(one, other)| (one - other).abs() <= most)
    }

    /// Whether two are one process; `all` is how alike they are in everything.
    fn is_that_of(&self, other: &Way, all: f32) -> bool {
        let close = self.centre.cosine(&other.centre);
        let both_numbered = self.is_numbered && other.is_numbered;
        if close >= SAME_WAY && all >= SAME_NAME
            || close >= VERY_SAME_WAY && all >= HARDLY_NAMED
            || close >= NUMBERED_WAY && all >= NUMBERED_NAMED && both_numbered
        {
            return true;
        }
        // Each with numbers of its own they are two, unless they go the very same way.
        if both_numbered {
            return false;
        }
        let people = self.people.cosine(&other.people);
        let role = self.role.min(other.role);
        let same_entry = self.entry.is_some() && self.entry == other.entry && all >= ENTRY_NAMED;
        let same_people =
            role >= SAME_ROLE && all >= PEOPLE_NAMED && people >= SAME_PEOPLE && people + all * 0.5 >= PEOPLE_AND_NAME;
        if (same_entry || same_people) && self.holds_what(other) {
            return true;
        }
        // Called the same, but only the one has the other side's numbers.
        self.is_numbered != other.is_numbered
            && role >= SAME_ROLE
            && people >= HALF_SAME_PEOPLE
            && self.unnumbered.cosine(&other.unnumbered) >= CALLED_THE_SAME
    }
}

/// Makes one process of those that are called differently and go the same way: to the same people, answered by the same
/// people, in the same turns.
pub fn unite(space: &Space, profiles: &[Profile], found: &mut Vec<(Cluster, Centre)>) {
    let mut ways: Vec<Option<Way>> = found.iter().map(|(cluster, _)| Some(Way::of(space, profiles, cluster))).collect();
    let mut near = Near::default();
    for (at, way) in ways.iter().enumerate() {
        if let Some(way) = way {
            near.add(at, &way.centre);
            near.add(at, &way.people);
        }
    }
    // Each is taken in by the first that is like it; what took something in is asked again.
    let mut at = 0;
    while at < found.len() {
        let Some(own) = &ways[at] else {
            at += 1;
            continue;
        };
        let mut candidates = near.like(&own.centre);
        candidates.extend(near.like(&own.people));
        candidates.sort_unstable();
        candidates.dedup();
        let like = candidates.into_iter().filter(|other| *other > at).find(|other| {
            let Some(way) = &ways[*other] else { return false };
            let all = found[at].1.cosine(&found[*other].1);
            !found[*other].0.is_other_kind(&found[at].0) && own.is_that_of(way, all)
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
        let own = Way::of(space, profiles, &found[at].0);
        near.add(at, &own.centre);
        near.add(at, &own.people);
        ways[at] = Some(own);
    }
    found.retain(|(cluster, _)| !cluster.cases.is_empty());
}
