//! Means of runs, and which of them have something in common.

use super::feature::Profile;
use foldhash::HashMap;

/// A mean of vectors.
#[derive(Clone, Debug, Default)]
pub struct Centre {
    /// Weights by number of the feature.
    pub sum: HashMap<u32, f32>,
    /// The length of the sum.
    pub length: f32,
}

impl Centre {
    /// Of so many runs.
    pub fn of<'a>(profiles: impl Iterator<Item = &'a Profile>) -> Centre {
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

    /// Of these features only.
    pub fn only(&self, wanted: impl Fn(u32) -> bool) -> Centre {
        let sum = self.sum.iter().filter(|(feature, _)| wanted(**feature)).map(|(feature, w)| (*feature, *w)).collect();
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

    /// How alike a run is.
    pub fn likeness(&self, profile: &Profile) -> f32 {
        let dot: f32 =
            profile.vector.iter().map(|(feature, w)| w * self.sum.get(feature).copied().unwrap_or(0.0)).sum();
        dot / self.length.max(1e-6)
    }

    /// How alike another is.
    pub fn cosine(&self, other: &Centre) -> f32 {
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
pub struct Near {
    by_feature: HashMap<u32, Vec<usize>>,
}

/// So many features of a process are its strong ones …
const STRONG: usize = 16;
/// … and so many processes are compared with one thing.
const MOST_NEAR: usize = 48;

impl Near {
    /// One more, at this place.
    pub fn add(&mut self, at: usize, centre: &Centre) {
        for feature in centre.strong() {
            let all = self.by_feature.entry(feature).or_default();
            if !all.contains(&at) && all.len() < 4 * MOST_NEAR {
                all.push(at);
            }
        }
    }

    /// Those that share most strong features, ascending.
    pub fn like(&self, centre: &Centre) -> Vec<usize> {
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

/// So many runs of one kind are looked at.
const SAMPLE: usize = 48;

/// Every `n`-th, so that at most `SAMPLE` are left.
pub fn sample(cases: &[u32]) -> impl Iterator<Item = u32> + '_ {
    cases.iter().copied().step_by(cases.len().div_ceil(SAMPLE).max(1))
}
