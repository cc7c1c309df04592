//! The marks of an axis of counts.

/// Marks on an axis at most, the zero included.
pub const MAX_TICKS: usize = 11;

/// Whole numbers from 0 in steps of 1, 2 or 5 times a power of ten; the last one reaches `max`, at least 1.
///
/// Half a task does not exist, so there is never a mark between whole numbers. `at_most` below 2 counts as 2.
pub fn ticks(max: u64, at_most: usize) -> Vec<u64> {
    let max = max.max(1);
    let gaps = at_most.max(2) as u64 - 1;
    let step = step(max, gaps);
    let last = max.div_ceil(step);
    (0..=last).map(|n| step.saturating_mul(n)).collect()
}

/// The smallest nice step that needs no more than so many gaps.
fn step(max: u64, gaps: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if max.div_ceil(step) <= gaps {
                return step;
            }
        }
        match power.checked_mul(10) {
            Some(next) => power = next,
            None => return max,
        }
    }
}
