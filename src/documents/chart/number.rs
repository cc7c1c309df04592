//! Numbers as they are written into a picture.

/// A coordinate with at most two decimals, the same on every machine.
pub fn coordinate(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    // No "-0" in the file.
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// Parts of a whole in hundredths of a per cent; they add up to 10,000, or to nothing when there is no whole.
///
/// What is lost in rounding goes to the largest remainders, the earlier of two equal ones first.
pub fn shares(values: &[u32]) -> Vec<u32> {
    const WHOLE: u128 = 10_000;
    let total: u128 = values.iter().map(|v| u128::from(*v)).sum();
    if total == 0 {
        return vec![0; values.len()];
    }
    let exact: Vec<u128> = values.iter().map(|v| u128::from(*v) * WHOLE).collect();
    let mut parts: Vec<u32> = exact.iter().map(|e| u32::try_from(e / total).unwrap_or_default()).collect();
    let given: u128 = parts.iter().map(|p| u128::from(*p)).sum();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(exact[*at] % total), *at));
    for at in order.into_iter().take(usize::try_from(WHOLE - given).unwrap_or_default()) {
        parts[at] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_stable() {
        for (value, text) in [(0.0, "0"), (-0.001, "0"), (1.0, "1"), (1.005, "1"), (12.346, "12.35"), (960.0, "960")] {
            assert_eq!(coordinate(value), text);
        }
    }

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(&[1, 1, 1]), [3_334, 3_333, 3_333]);
        assert_eq!(shares(&[0, 0]), [0, 0]);
        assert_eq!(shares(&[u32::MAX, u32::MAX, 0]), [5_000, 5_000, 0]);
        assert_eq!(shares(&[]), [0_u32; 0]);
    }
}
