//! Logistic regression with a ridge penalty: cyclic coordinate descent with a trust region for every coefficient, which never overshoots and
//! needs no line search (Genkin, Lewis & Madigan 2007, "Large-scale Bayesian logistic regression for text categorization", Technometrics
//! 49(3), algorithm CLG with a Gaussian prior). Same input, same coefficients, to the last bit.

/// Change of a coefficient below which a pass has converged. Unit: log-odds.
const TOLERANCE: f64 = 3e-3;

/// A smaller step is not worth going over the rows for.
const SMALLEST_STEP: f64 = 1e-5;

/// Passes over all coefficients at most; fits of a few thousand rows need a few dozen.
const MAX_PASSES: usize = 200;

/// A column of the design: the rows whose segment holds the cue, and the penalty on its coefficient.
pub(super) struct Column {
    pub(super) rows: Vec<u32>,
    pub(super) penalty: f64,
}

/// What is fitted: minimise Σ weight × log(1 + exp(−sign × margin)) + Σ penalty × coefficient² ÷ 2. The intercept bears no penalty.
pub(super) struct Problem {
    /// By row: whether it is positive, and its weight.
    pub(super) rows: Vec<(bool, f64)>,
    pub(super) columns: Vec<Column>,
}

/// The coefficients at the minimum, in log-odds. The intercept is not asked for: thresholds are taken from data that were not fitted.
pub(super) fn solve(problem: &Problem) -> Vec<f64> {
    let all: Vec<u32> = (0..).take(problem.rows.len()).collect();
    let signs: Vec<f64> = problem.rows.iter().map(|&(is_positive, _)| if is_positive { 1.0 } else { -1.0 }).collect();
    let mut margins = vec![0.0_f64; problem.rows.len()];
    // exp(margin), asked for more often than it changes.
    let mut odds = vec![1.0; problem.rows.len()];
    let (mut intercept, mut intercept_trust) = (0.0, 1.0);
    let mut coefficients = vec![0.0; problem.columns.len()];
    let mut trusts = vec![1.0; problem.columns.len()];
    for _ in 0..MAX_PASSES {
        let mut largest: f64 = 0.0;
        let mut descend = |rows: &[u32], penalty: f64, value: &mut f64, trust: &mut f64| {
            let step = step(problem, &signs, &odds, rows, penalty, *value, *trust);
            if step.abs() >= SMALLEST_STEP {
                *value += step;
                for &row in rows {
                    let row = row as usize;
                    margins[row] += signs[row] * step;
                    odds[row] = margins[row].exp();
                }
            }
            *trust = (2.0 * step.abs()).max(*trust / 2.0);
            largest = largest.max(step.abs());
        };
        descend(&all, 0.0, &mut intercept, &mut intercept_trust);
        for (at, column) in problem.columns.iter().enumerate() {
            descend(&column.rows, column.penalty, &mut coefficients[at], &mut trusts[at]);
        }
        if largest < TOLERANCE {
            break;
        }
    }
    coefficients
}

/// The step of one coefficient: Newton's with a bound on the curvature over the trust region (Genkin et al., equations 8 and 16).
fn step(problem: &Problem, signs: &[f64], odds: &[f64], rows: &[u32], penalty: f64, value: f64, trust: f64) -> f64 {
    let (mut slope, mut curvature) = (0.0, 0.0);
    let nearer = (-trust).exp();
    for &row in rows {
        let row = row as usize;
        let (odds, weight) = (odds[row], problem.rows[row].1);
        slope += weight * signs[row] / (1.0 + odds);
        // exp(|margin| − trust): the smallest distance from 0 within the trust region.
        let beyond = odds.max(1.0 / odds) * nearer;
        curvature += weight * if beyond <= 1.0 { 0.25 } else { 1.0 / (2.0 + beyond + 1.0 / beyond) };
    }
    curvature += penalty;
    if curvature == 0.0 { 0.0 } else { ((slope - penalty * value) / curvature).clamp(-trust, trust) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four rows, two columns: where the first stands three to one are positive, elsewhere one to three; the second stands nowhere.
    fn problem(penalty: f64) -> Problem {
        let rows = vec![(true, 3.0), (true, 1.0), (false, 1.0), (false, 3.0)];
        let columns = vec![Column { rows: vec![0, 2], penalty }, Column { rows: vec![], penalty }];
        Problem { rows, columns }
    }

    #[test]
    fn without_penalty_the_coefficient_is_the_log_odds_ratio() {
        let coefficients = solve(&problem(0.0));
        assert!((coefficients[0] - 9.0_f64.ln()).abs() < 0.02, "{coefficients:?}");
        assert_eq!(coefficients[1].to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn the_penalty_shrinks_the_coefficient_to_where_the_slope_equals_its_pull() {
        // Where the column stands three to one are positive, elsewhere one to three: by symmetry the intercept is −coefficient / 2, and the
        // slope is 3 (1 − p) − p = penalty × coefficient with p = 1 / (1 + exp(−coefficient / 2)).
        let penalty = 0.5;
        let coefficient = solve(&problem(penalty))[0];
        let p = 1.0 / (1.0 + (-coefficient / 2.0_f64).exp());
        assert!((3.0 * (1.0 - p) - p - penalty * coefficient).abs() < 0.02, "{coefficient}");
    }

    #[test]
    fn a_large_penalty_leaves_next_to_nothing() {
        assert!(solve(&problem(1e4))[0].abs() < 1e-3);
    }
}
