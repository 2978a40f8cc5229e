//! Statistics of labels against readings. Pure: the same numbers in, the same out; randomness comes from a seed.

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// Bins of a calibration table.
pub const BINS: usize = 10;

/// What lies between is believed with 95 % confidence.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Wilson's score interval for a share that was seen in `n` cases (Wilson 1927); `n` need not be whole: for weighted
/// cases it is their effective number. `None` without cases.
pub fn wilson(share: f64, n: f64) -> Option<Interval> {
    if n <= 0.0 || !share.is_finite() {
        return None;
    }
    let (squared, n) = (Z * Z, n);
    let middle = share + squared / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + squared / (4.0 * n * n)).max(0.0).sqrt();
    let scale = 1.0 + squared / n;
    Some(Interval { low: ((middle - half) / scale).max(0.0), high: ((middle + half) / scale).min(1.0) })
}

impl Interval {
    /// The two together.
    pub fn with(self, other: Option<Interval>) -> Interval {
        other.map_or(self, |other| Interval { low: self.low.min(other.low), high: self.high.max(other.high) })
    }
}

/// The 2.5 % and 97.5 % points of resampled values, linear between neighbours. `None` if there are fewer than half as
/// many as were `asked` for: then the value is mostly undefined, and an interval would pretend.
pub fn percentile_interval(mut values: Vec<f64>, asked: usize) -> Option<Interval> {
    if values.is_empty() || values.len() * 2 < asked {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let point = |share: f64| {
        let at = share * (values.len() - 1) as f64;
        let (below, above) = (values[at.floor() as usize], values[at.ceil() as usize]);
        below + (above - below) * at.fract()
    };
    Some(Interval { low: point(0.025), high: point(0.975) })
}

/// Weighted counts of a yes-or-no question: what is labelled so, what was read so.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tally {
    both: f64,
    said: f64,
    there: f64,
    total: f64,
    /// Sums of squared weights, for effective numbers.
    said_squared: f64,
    there_squared: f64,
    total_squared: f64,
    either_squared: f64,
}

impl Tally {
    /// One case.
    pub fn add(&mut self, there: bool, said: bool, weight: f64) {
        let squared = weight * weight;
        self.total += weight;
        self.total_squared += squared;
        if there {
            self.there += weight;
            self.there_squared += squared;
        }
        if said {
            self.said += weight;
            self.said_squared += squared;
        }
        if there && said {
            self.both += weight;
        }
        if there || said {
            self.either_squared += squared;
        }
    }

    /// Share of what was read so that is labelled so.
    pub fn precision(&self) -> Option<f64> {
        share(self.both, self.said)
    }

    /// Share of what is labelled so that was read so.
    pub fn recall(&self) -> Option<f64> {
        share(self.both, self.there)
    }

    /// Harmonic mean of the two; `None` where nothing is labelled so and nothing was read so.
    pub fn f1(&self) -> Option<f64> {
        share(2.0 * self.both, self.said + self.there)
    }

    /// What F1 may be, by Wilson: F1 is 2·j/(1 + j) for the share j of `there and said` in `there or said`. Unlike
    /// resamples, it does not shrink to nothing where few cases all agree.
    pub fn f1_interval(&self) -> Option<Interval> {
        let either = self.said + self.there - self.both;
        let of = |j: f64| 2.0 * j / (1.0 + j);
        let j = wilson(share(self.both, either)?, effective(either, self.either_squared))?;
        Some(Interval { low: of(j.low), high: of(j.high) })
    }

    /// Share of cases in which label and reading agree.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.total - self.said - self.there + 2.0 * self.both, self.total)
    }

    /// Effective numbers of cases behind precision, recall and accuracy.
    pub fn effective(&self) -> [f64; 3] {
        [
            effective(self.said, self.said_squared),
            effective(self.there, self.there_squared),
            effective(self.total, self.total_squared),
        ]
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Kish's effective number of weighted cases: (sum of weights)² / sum of squared weights.
fn effective(sum: f64, squared: f64) -> f64 {
    if squared > 0.0 { sum * sum / squared } else { 0.0 }
}

/// One line of a calibration table.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Bin {
    /// Cases in it.
    pub cases: usize,
    /// Sum of their weights.
    pub weight: f64,
    /// Lowest and highest score.
    pub range: (f64, f64),
    /// Mean score.
    pub score: f64,
    /// Share of right ones.
    pub right: f64,
}

/// One scored reading.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scored {
    /// What the program said its probability was.
    pub score: f64,
    /// Whether it was right.
    pub right: bool,
    /// What it counts.
    pub weight: f64,
}

/// Divides cases, sorted by score, into ten bins of equal weight. A case lies where its middle lies; cases without
/// weight lie nowhere. Empty bins are left out.
pub fn bins(sorted: impl Iterator<Item = Scored> + Clone) -> Vec<Bin> {
    let total: f64 = sorted.clone().map(|one| one.weight).sum();
    let mut bins = [Bin::default(); BINS];
    let mut before = 0.0;
    for one in sorted.filter(|one| one.weight > 0.0) {
        let middle = (before + one.weight / 2.0) / total;
        before += one.weight;
        let bin = &mut bins[((middle * BINS as f64) as usize).min(BINS - 1)];
        if bin.cases == 0 {
            bin.range.0 = one.score;
        }
        bin.range.1 = one.score;
        bin.cases += 1;
        bin.weight += one.weight;
        bin.score += one.weight * one.score;
        bin.right += one.weight * f64::from(u8::from(one.right));
    }
    let mut bins: Vec<Bin> = bins.into_iter().filter(|bin| bin.cases > 0).collect();
    for bin in &mut bins {
        bin.score /= bin.weight;
        bin.right /= bin.weight;
    }
    bins
}

/// Expected calibration error: the mean distance between score and share of right ones, by weight of the bins.
pub fn calibration_error(bins: &[Bin]) -> Option<f64> {
    let total: f64 = bins.iter().map(|bin| bin.weight).sum();
    share(bins.iter().map(|bin| bin.weight * (bin.score - bin.right).abs()).sum(), total)
}

/// SplitMix64 (Steele, Lea, Flood 2014): a stream of numbers that depends on its seed only.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which must not be 0. The bias is below `limit` / 2⁶⁴.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.bits()) * limit as u128) >> 64) as usize
    }
}

/// How often each case is in one resample: from every group, as many members (which may be several cases that belong
/// together) are drawn with replacement as it has.
pub fn resample(groups: &[Vec<Vec<usize>>], times: &mut [u32], random: &mut Random) {
    times.fill(0);
    for members in groups.iter().filter(|members| !members.is_empty()) {
        for _ in 0..members.len() {
            for case in &members[random.below(members.len())] {
                times[*case] += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Option<f64>, b: f64) {
        assert!(a.is_some_and(|a| (a - b).abs() < 1e-9), "{a:?} is not {b}");
    }

    /// scipy 1.17.1: `binomtest(k, n).proportion_ci(0.95, method='wilson')`.
    #[test]
    fn wilson_as_scipy_has_it() {
        for (k, n, low, high) in [
            (83.0, 100.0, 0.7445199523239887, 0.8910643388594006),
            (0.0, 10.0, 0.0, 0.27753279986288926),
            (10.0, 10.0, 0.7224672001371109, 1.0),
            (1.0, 2.0, 0.09453120573423074, 0.9054687942657693),
            (5.0, 8.0, 0.3057423946026273, 0.8631557141764027),
        ] {
            let found = wilson(k / n, n).unwrap();
            near(Some(found.low), low);
            near(Some(found.high), high);
        }
        assert_eq!(wilson(0.5, 0.0), None);
    }

    /// numpy: `percentile([5, 1, 4, 2, 3], [2.5, 97.5])` is [1.1, 4.9].
    #[test]
    fn percentiles_as_numpy_has_them() {
        let found = percentile_interval(vec![5.0, 1.0, 4.0, 2.0, 3.0], 5).unwrap();
        near(Some(found.low), 1.1);
        near(Some(found.high), 4.9);
        assert_eq!(percentile_interval(vec![1.0; 4], 10), None);
    }

    /// By hand: 3 labelled and read, 1 read only, 2 labelled only, 4 neither.
    #[test]
    fn tallies() {
        let mut tally = Tally::default();
        for (there, said, times) in [(true, true, 3), (false, true, 1), (true, false, 2), (false, false, 4)] {
            (0..times).for_each(|_| tally.add(there, said, 1.0));
        }
        near(tally.precision(), 3.0 / 4.0);
        near(tally.recall(), 3.0 / 5.0);
        near(tally.f1(), 6.0 / 9.0);
        near(tally.accuracy(), 7.0 / 10.0);
        assert_eq!(tally.effective(), [4.0, 5.0, 10.0]);
        // scipy 1.17.1: binomtest(3, 6).proportion_ci(method='wilson') is 0.18761 to 0.81239; 2j/(1+j) of these.
        let f1 = tally.f1_interval().unwrap();
        assert!((f1.low - 0.315954).abs() < 1e-5 && (f1.high - 0.896481).abs() < 1e-5, "{f1:?}");
        assert_eq!((Tally::default().f1(), Tally::default().precision()), (None, None));
        // Kish by hand: weights 3 and 1 are worth (3+1)²/(9+1) = 1.6 cases.
        let mut tally = Tally::default();
        tally.add(true, true, 3.0);
        tally.add(true, false, 1.0);
        near(tally.recall(), 0.75);
        near(Some(tally.effective()[1]), 1.6);
    }

    const SCORES: [f64; 20] = [
        0.31, 0.35, 0.4, 0.42, 0.45, 0.5, 0.52, 0.55, 0.6, 0.61, 0.65, 0.7, 0.72, 0.75, 0.8, 0.85, 0.9, 0.92, 0.95,
        0.99,
    ];
    const RIGHT: [u8; 20] = [0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1];

    /// numpy: the mean over `array_split(arange(20), 10)` of |mean score - share right| is 0.23.
    #[test]
    fn calibration_as_numpy_has_it() {
        let scored =
            SCORES.iter().zip(RIGHT).map(|(score, right)| Scored { score: *score, right: right == 1, weight: 1.0 });
        let found = bins(scored);
        assert!(found.len() == 10 && found.iter().all(|bin| bin.cases == 2));
        near(calibration_error(&found), 0.23);
        assert_eq!((found[0].range, found[9].right), ((0.31, 0.35), 1.0));
        let few = [0.2, 0.9].map(|score| Scored { score, right: true, weight: 1.0 });
        assert_eq!(bins(few.into_iter()).len(), 2);
        assert_eq!(calibration_error(&bins([].into_iter())), None);
        // A case that counts twice is two cases.
        let one = |score, weight| Scored { score, right: score > 0.5, weight };
        let twice = bins([one(0.1, 2.0), one(0.9, 1.0)].into_iter());
        let apart = bins([one(0.1, 1.0), one(0.1, 1.0), one(0.9, 1.0)].into_iter());
        assert_eq!(calibration_error(&twice), calibration_error(&apart));
    }

    #[test]
    fn resamples_keep_their_sizes_and_depend_on_the_seed_alone() {
        // The first output for seed 1234567 in the reference implementation (prng.di.unimi.it/splitmix64.c).
        assert_eq!(Random(1_234_567).bits(), 6_457_827_717_110_365_317);
        let groups = vec![vec![vec![0], vec![1], vec![2]], vec![vec![3, 4], vec![5, 6]]];
        let (mut one, mut same) = ([0; 7], [0; 7]);
        resample(&groups, &mut one, &mut Random(7));
        resample(&groups, &mut same, &mut Random(7));
        assert_eq!(one, same);
        assert_eq!((one[..3].iter().sum::<u32>(), one[3..].iter().sum::<u32>()), (3, 4));
        assert_eq!((one[3], one[5]), (one[4], one[6]), "what belongs together is drawn together");
    }
}
