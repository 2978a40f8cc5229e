//! Probabilities from sums of weights, without the platform's mathematics library: equal bits on every machine.

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

/// Probability of a yes, from hundredths of log-odds.
pub(super) fn logistic(hundredths: i32) -> f64 {
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
    use super::{exp, logistic, softmax};

    #[test]
    fn agrees_with_the_library() {
        for n in -6000..6000 {
            let x = f64::from(n) / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "{x}");
        }
        assert!((logistic(0) - 0.5).abs() < 1e-12);
        let mut out = [0.0; 3];
        softmax(&[100, 100, -5000], &mut out);
        assert!((out.iter().sum::<f64>() - 1.0).abs() < 1e-12 && (out[0] - 0.5).abs() < 1e-9);
    }
}
