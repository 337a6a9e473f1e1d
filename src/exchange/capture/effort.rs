//! Counts the work of a reading, in tests only: a page's cost must grow with its length and no faster, and a clock
//! cannot prove that.

#[cfg(test)]
thread_local! {
    static SPENT: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Notes `steps` of work (characters looked at, lines compared).
#[cfg(test)]
pub(super) fn spend(steps: usize) {
    SPENT.with(|spent| spent.set(spent.get() + steps as u64));
}

/// Nothing: work is counted in tests only.
#[cfg(not(test))]
#[inline]
pub(super) const fn spend(_steps: usize) {}

/// What `work` spent.
#[cfg(test)]
pub(super) fn spent_by(work: impl FnOnce()) -> u64 {
    SPENT.with(|spent| spent.set(0));
    work();
    SPENT.with(std::cell::Cell::get)
}
