//! Durations as people write them: `500ms`, `10s`, `15m`, `12h`.

use std::time::Duration;

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Reads a whole number with its unit; a bare number is refused, because nobody knows what it counts.
pub fn read(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let (_, millis) = UNITS.iter().find(|(name, _)| *name == unit)?;
    Some(Duration::from_millis(number.parse::<u64>().ok()?.checked_mul(*millis)?))
}

/// Writes it with the largest unit that leaves a whole number.
pub(super) fn show(duration: Duration) -> String {
    let all = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let unit = UNITS.iter().rev().find(|(_, millis)| all != 0 && all.is_multiple_of(*millis));
    unit.map_or_else(|| "0s".to_owned(), |(name, millis)| format!("{}{name}", all / millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_alike() {
        for text in ["1ms", "999ms", "1s", "90s", "1m", "15m", "1h", "12h", "0s"] {
            assert_eq!(show(read(text).unwrap()), text);
        }
        assert_eq!(read("60s"), Some(Duration::from_secs(60)));
        assert_eq!(show(Duration::from_secs(60)), "1m");
        for bad in
            ["", "10", "s", "1.5s", "-1s", "+1s", "1 s", "1d", "10S", "99999999999999999999s", "9999999999999999999h"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
