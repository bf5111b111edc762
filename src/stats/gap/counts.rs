//! What a gap rests on: the figures that the gate looks at, which cost no draws.

use super::AuthorPair;

/// How much the authors say of the two groups; index 0 is the numerator's group, 1 the denominator's.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Counts {
    /// Authors who name both groups.
    pub n_naming_both: usize,
    /// Those of them with a hit.
    pub n_contributing: usize,
    /// Segments that name each group, of all authors.
    pub naming: [u64; 2],
    /// Hits aimed at each group, of all authors.
    pub hits: [u64; 2],
    /// Hits to expect for each group if there were no gap, of all authors: `Σ h_a · n_at ÷ n_a` (Mantel & Haenszel 1959).
    pub expected: [f64; 2],
    /// `(Σw)² ÷ Σw²` over the Mantel–Haenszel weights `w = n_a0 · n_a1 ÷ n_a` (Kish 1965, effective size); 0 where nobody names both.
    pub effective_authors: f64,
    /// Shares of the two largest Mantel–Haenszel weights in all of them; 0 where nobody names both.
    pub largest_shares: [f64; 2],
}

impl Counts {
    /// The counts of one record an author, in any order.
    #[must_use]
    pub fn of(authors: &[AuthorPair]) -> Self {
        let mut all = authors.to_vec();
        all.sort_unstable();
        let both = |pick: fn(&AuthorPair, usize) -> u64| [0, 1].map(|group| all.iter().map(|author| pick(author, group)).sum());
        Self {
            n_naming_both: all.iter().filter(|author| author.names_both()).count(),
            n_contributing: all.iter().filter(|author| author.contributes()).count(),
            naming: both(|author, group| author.naming[group]),
            hits: both(|author, group| author.hits[group]),
            expected: [0, 1].map(|group| all.iter().map(|author| author.expected(group)).sum()),
            effective_authors: effective_size(all.iter().map(AuthorPair::weight)),
            largest_shares: largest_shares(all.iter().map(AuthorPair::weight).collect()),
        }
    }
}

/// `(Σw)² ÷ Σw²` (Kish 1965, effective size).
fn effective_size(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

fn largest_shares(mut weights: Vec<f64>) -> [f64; 2] {
    weights.sort_unstable_by(|a, b| b.total_cmp(a));
    let sum: f64 = weights.iter().sum();
    let share = |place: usize| weights.get(place).filter(|_| sum > 0.0).map_or(0.0, |weight| weight / sum);
    [share(0), share(1)]
}
