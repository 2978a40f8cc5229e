//! Probabilities from sums of weights, without the platform's mathematics library: equal bits on every machine.

use std::sync::LazyLock;

/// Whole numbers below have their logarithm kept: most are counts.
const KEPT_COUNTS: usize = 256;
/// Hundredths of log-odds up to which probabilities are kept: those of sentences are asked for again and again.
const KEPT_ODDS: i32 = 2_000;

static LOGARITHMS: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..KEPT_COUNTS).map(|count| reckon_ln(count.max(1) as f64)).collect());
static PROBABILITIES: LazyLock<Vec<f64>> = LazyLock::new(|| (-KEPT_ODDS..=KEPT_ODDS).map(reckon_logistic).collect());

/// e to the power of x, by range reduction and a polynomial; only additions and multiplications.
fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let k = (x * std::f64::consts::LOG2_E).round();
    let r = x - k * std::f64::consts::LN_2;
    // Taylor to the 13th power; |r| <= 0.35, so the rest is below 1e-16.
    let mut sum = 1.0;
    for n in (1..=13).rev() {
        sum = 1.0 + sum * r / f64::from(n);
    }
    sum * f64::from_bits(((1023 + k as i64) as u64) << 52)
}

/// The natural logarithm of a finite number from 1 on; only the four operations.
pub(super) fn ln(x: f64) -> f64 {
    let count = x as usize;
    if count < KEPT_COUNTS && count as f64 == x { LOGARITHMS[count] } else { reckon_ln(x) }
}

fn reckon_ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let k = (bits >> 52) as i64 - 1023;
    let mut m = f64::from_bits(bits & ((1 << 52) - 1) | 1023 << 52);
    let mut k = k as f64;
    if m > std::f64::consts::SQRT_2 {
        (m, k) = (m / 2.0, k + 1.0);
    }
    // 2 artanh((m-1)/(m+1)); the argument is at most 0.172, so that twelve terms leave less than 1e-19.
    let y = (m - 1.0) / (m + 1.0);
    let square = y * y;
    let sum = (0..12).rev().fold(0.0, |sum, n| sum * square + 1.0 / f64::from(2 * n + 1));
    k * std::f64::consts::LN_2 + 2.0 * y * sum
}

/// Probability of a yes, from hundredths of log-odds.
pub(super) fn logistic(hundredths: i32) -> f64 {
    let at = usize::try_from(hundredths.saturating_add(KEPT_ODDS)).ok();
    at.and_then(|at| PROBABILITIES.get(at)).copied().unwrap_or_else(|| reckon_logistic(hundredths))
}

fn reckon_logistic(hundredths: i32) -> f64 {
    1.0 / (1.0 + exp(-f64::from(hundredths) / 100.0))
}

/// Probabilities that sum to one, from hundredths of log-odds.
pub(super) fn softmax(hundredths: &[i32], out: &mut [f64]) {
    let most = hundredths.iter().copied().max().unwrap_or(0);
    let mut sum = 0.0;
    for (value, to) in hundredths.iter().zip(out.iter_mut()) {
        *to = exp(f64::from(value - most) / 100.0);
        sum += *to;
    }
    for to in out.iter_mut() {
        *to /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::{exp, ln, logistic, softmax};

    #[test]
    fn agrees_with_the_library() {
        for n in -6000..6000 {
            let x = f64::from(n) / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "{x}");
        }
        for n in 1..100_000 {
            let x = 1.0 + f64::from(n) / 37.0;
            assert!((ln(x) - x.ln()).abs() < 1e-13 * x.ln().max(1.0), "{x}");
        }
        assert_eq!(ln(1.0), 0.0);
        assert!((logistic(0) - 0.5).abs() < 1e-12);
        let mut out = [0.0; 3];
        softmax(&[100, 100, -5000], &mut out);
        assert!((out.iter().sum::<f64>() - 1.0).abs() < 1e-12 && (out[0] - 0.5).abs() < 1e-9);
    }
}
