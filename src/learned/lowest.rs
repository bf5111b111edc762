//! A fair sample of bounded size that does not depend on the order of what it is drawn from: what has the lowest lots.

/// At most `N` values, those with the lowest lots.
#[derive(Debug)]
pub(super) struct Lowest<T, const N: usize>(Vec<(u64, T)>);

impl<T, const N: usize> Default for Lowest<T, N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const N: usize> Lowest<T, N> {
    pub(super) fn add(&mut self, lot: u64, value: T) {
        let at = self.0.partition_point(|&(other, _)| other <= lot);
        if at < N {
            self.0.truncate(N - 1);
            self.0.insert(at, (lot, value));
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }
}
