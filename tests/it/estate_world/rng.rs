//! Chance that can be repeated: splitmix64, one stream per subject.

/// A stream of numbers; the same seed and label give the same stream on every machine.
#[derive(Clone, Debug)]
pub struct Rng {
    seed: u64,
    state: u64,
}

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng { seed, state: seed ^ 0x9E37_79B9_7F4A_7C15 }
    }

    /// A stream of its own for `label`: what one subject draws does not shift the draws of another.
    pub fn fork(&self, label: &str) -> Rng {
        let hash = label
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut fork = Rng::new(self.seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ hash);
        fork.seed = fork.next();
        fork
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 up to but not `n`; 0 for an `n` of 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }

    /// Both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low).max(0) as usize + 1) as i64
    }

    /// From 0 up to but not 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// `count` different items, fewer if there are not so many.
    pub fn some<T: Clone>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut all = items.to_vec();
        self.shuffle(&mut all);
        all.truncate(count);
        all
    }

    /// How often something of this mean happens in one stretch of time.
    pub fn poisson(&mut self, mean: f64) -> usize {
        let (limit, mut product, mut count) = ((-mean.min(30.0)).exp(), self.unit(), 0);
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// Lower-case letters and digits.
    pub fn token(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(*self.pick(b"abcdefghijklmnopqrstuvwxyz0123456789"))).collect()
    }

    /// Upper-case hex digits.
    pub fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(*self.pick(b"0123456789ABCDEF"))).collect()
    }
}
