//! Weights of marks, as bytes: what each adds to the score of each activity.

use std::sync::LazyLock;

use foldhash::HashMap;

use crate::model::activity::Activity;

/// Log-odds of each activity, in the order of [`Activity::ALL`].
pub type Scores = [f32; Activity::COUNT];

/// The weights of a model.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Weights {
    /// What a byte is worth.
    unit: f32,
    bias: Scores,
    rows: HashMap<u32, [i8; Activity::COUNT]>,
}

static BUILT_IN: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(include_bytes!("weights.bin")).expect("the weights are checked by a test"));

/// A row in the file: the mark, little endian, and its bytes.
const ROW_BYTES: usize = 4 + Activity::COUNT;
const HEAD_BYTES: usize = 4 + 4 * Activity::COUNT;

impl Weights {
    /// Those that come with the program.
    pub fn built_in() -> &'static Weights {
        &BUILT_IN
    }

    /// Weights of marks as they were fitted; those that round to nothing are left out.
    pub fn new(bias: Scores, rows: &[(u32, [f64; Activity::COUNT])]) -> Weights {
        let most = rows.iter().flat_map(|(_, row)| row).fold(0.0f64, |most, weight| most.max(weight.abs()));
        let unit = (most / 127.0).max(1e-6);
        let byte = |weight: &f64| (weight / unit).round() as i8;
        let rows = rows.iter().map(|(mark, row)| (*mark, std::array::from_fn(|at| byte(&row[at]))));
        Weights { unit: unit as f32, bias, rows: rows.filter(|(_, row)| row.iter().any(|one| *one != 0)).collect() }
    }

    /// Reads what [`Weights::to_bytes`] wrote; `None` if it is something else.
    pub fn parse(bytes: &[u8]) -> Option<Weights> {
        let float = |at: usize| Some(f32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let mut bias = Scores::default();
        for (at, one) in bias.iter_mut().enumerate() {
            *one = float(4 + 4 * at)?;
        }
        let rows = bytes.get(HEAD_BYTES..)?;
        if rows.len() % ROW_BYTES != 0 {
            return None;
        }
        let row = |row: &[u8]| {
            (u32::from_le_bytes([row[0], row[1], row[2], row[3]]), std::array::from_fn(|at| row[4 + at] as i8))
        };
        Some(Weights { unit: float(0)?, bias, rows: rows.chunks_exact(ROW_BYTES).map(row).collect() })
    }

    /// The file: unit, biases, rows by mark.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.unit.to_le_bytes().into();
        bytes.extend(self.bias.iter().flat_map(|one| one.to_le_bytes()));
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_unstable();
        for (mark, row) in rows {
            bytes.extend(mark.to_le_bytes());
            bytes.extend(row.iter().map(|one| *one as u8));
        }
        bytes
    }

    /// The sum of the bytes of marks; those that the training never saw add nothing.
    pub fn sum(&self, marks: &[u32]) -> [i32; Activity::COUNT] {
        let mut sum = [0; Activity::COUNT];
        for row in marks.iter().filter_map(|mark| self.rows.get(mark)) {
            sum.iter_mut().zip(row).for_each(|(sum, one)| *sum += i32::from(*one));
        }
        sum
    }

    /// Scores of sums.
    pub fn scores(&self, one: &[i32; Activity::COUNT], other: &[i32; Activity::COUNT]) -> Scores {
        std::array::from_fn(|at| self.bias[at] + self.unit * (one[at] + other[at]) as f32)
    }
}
