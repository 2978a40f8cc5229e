//! Logistic regression by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4): one thread, one order of
//! additions, so that the same data give the same bits.

/// A sparse row: feature and value.
pub type Row = Vec<(u32, f32)>;

/// What is fitted: a row and its weight for each example, and the number of features.
pub struct Problem<'a> {
    pub rows: Vec<&'a Row>,
    pub weights: Vec<f64>,
    pub features: usize,
    /// Strength of the data against the prior, as scikit-learn's C.
    pub c: f64,
}

/// Weights of one or several classes; the bias of each stands behind its features.
#[derive(Clone)]
pub struct Fitted {
    pub features: usize,
    pub classes: usize,
    pub theta: Vec<f64>,
}

impl Fitted {
    pub fn weights(&self, class: usize) -> &[f64] {
        let width = self.features + 1;
        &self.theta[class * width..(class + 1) * width]
    }

    /// Log-odds of each class.
    pub fn scores(&self, row: &Row) -> Vec<f64> {
        (0..self.classes).map(|class| dot(self.weights(class), row)).collect()
    }
}

fn dot(weights: &[f64], row: &Row) -> f64 {
    let bias = weights[weights.len() - 1];
    row.iter().fold(bias, |sum, (at, value)| sum + weights[*at as usize] * f64::from(*value))
}

/// Fits classes against each other (softmax); with one class, yes against no.
pub fn fit(problem: &Problem<'_>, classes: usize, truth: &[usize]) -> Fitted {
    let width = problem.features + 1;
    let mut theta = vec![0.0; width * classes];
    minimize(&mut theta, |theta, gradient| {
        gradient.fill(0.0);
        let mut loss = 0.0;
        let mut scores = vec![0.0; classes];
        for (at, row) in problem.rows.iter().enumerate() {
            for (class, score) in scores.iter_mut().enumerate() {
                *score = dot(&theta[class * width..(class + 1) * width], row);
            }
            loss += problem.weights[at] * slopes(&mut scores, truth[at]);
            for (class, slope) in scores.iter().enumerate() {
                let slope = slope * problem.weights[at];
                let part = &mut gradient[class * width..(class + 1) * width];
                row.iter().for_each(|(feature, value)| part[*feature as usize] += slope * f64::from(*value));
                part[width - 1] += slope;
            }
        }
        for (at, (weight, slope)) in theta.iter().zip(gradient.iter_mut()).enumerate() {
            if at % width != width - 1 {
                loss += weight * weight / (2.0 * problem.c);
                *slope += weight / problem.c;
            }
        }
        loss
    });
    Fitted { features: problem.features, classes, theta }
}

/// Turns scores into slopes and gives the loss. One score: `truth` 1 is yes.
fn slopes(scores: &mut [f64], truth: usize) -> f64 {
    if let [score] = scores {
        let sign = if truth == 1 { 1.0 } else { -1.0 };
        let margin = sign * *score;
        let loss = if margin > 0.0 { (-margin).exp().ln_1p() } else { -margin + margin.exp().ln_1p() };
        *score = -sign / (1.0 + margin.exp());
        return loss;
    }
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let sum: f64 = scores.iter().map(|score| (score - most).exp()).sum();
    let loss = sum.ln() + most - scores[truth];
    for (class, score) in scores.iter_mut().enumerate() {
        *score = (*score - most).exp() / sum - f64::from(u8::from(class == truth));
    }
    loss
}

const MEMORY: usize = 12;
const MOST_STEPS: usize = 250;

fn minimize(x: &mut [f64], mut f: impl FnMut(&[f64], &mut [f64]) -> f64) {
    let n = x.len();
    let mut gradient = vec![0.0; n];
    let mut loss = f(x, &mut gradient);
    let start = norm(&gradient);
    let mut memory: std::collections::VecDeque<(Vec<f64>, Vec<f64>, f64)> = Default::default();
    let mut next = vec![0.0; n];
    let mut next_gradient = vec![0.0; n];
    for step in 0..MOST_STEPS {
        let direction = direction(&gradient, &memory);
        let slope = inner(&direction, &gradient);
        let mut length = if step == 0 { 1.0 / start.max(1.0) } else { 1.0 };
        let found = (0..30).any(|_| {
            next.iter_mut().zip(x.iter().zip(&direction)).for_each(|(to, (x, d))| *to = x + length * d);
            let candidate = f(&next, &mut next_gradient);
            let good = candidate <= loss + 1e-4 * length * slope;
            if good {
                loss = candidate;
            } else {
                length /= 2.0;
            }
            good
        });
        if !found {
            return;
        }
        let s: Vec<f64> = next.iter().zip(x.iter()).map(|(a, b)| a - b).collect();
        let y: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = inner(&s, &y);
        if curvature > 1e-12 {
            if memory.len() == MEMORY {
                memory.pop_front();
            }
            memory.push_back((s, y, 1.0 / curvature));
        }
        x.copy_from_slice(&next);
        gradient.copy_from_slice(&next_gradient);
        if norm(&gradient) < 2e-4 * start.max(1.0) {
            return;
        }
    }
}

fn direction(gradient: &[f64], memory: &std::collections::VecDeque<(Vec<f64>, Vec<f64>, f64)>) -> Vec<f64> {
    let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut alphas = Vec::with_capacity(memory.len());
    for (s, y, rho) in memory.iter().rev() {
        let alpha = rho * inner(s, &q);
        q.iter_mut().zip(y).for_each(|(q, y)| *q -= alpha * y);
        alphas.push(alpha);
    }
    if let Some((s, y, _)) = memory.back() {
        let scale = inner(s, y) / inner(y, y);
        q.iter_mut().for_each(|q| *q *= scale);
    }
    for ((s, y, rho), alpha) in memory.iter().zip(alphas.into_iter().rev()) {
        let beta = rho * inner(y, &q);
        q.iter_mut().zip(s).for_each(|(q, s)| *q += (alpha - beta) * s);
    }
    q
}

fn inner(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

fn norm(one: &[f64]) -> f64 {
    inner(one, one).sqrt()
}
