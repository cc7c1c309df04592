//! What a password must be, how long it lasts, and what becomes of an account whose password is guessed at: pure rules,
//! in two profiles.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

/// Characters of a password at most, so that the work it makes is bounded.
pub const MOST_CHARS: usize = 128;
/// A login name of fewer characters is in too many words to be looked for in a password.
const LOGIN_CHARS: usize = 3;

/// A set of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Characters at least.
    pub least_chars: usize,
    /// Of the four classes (small and capital letters, digits, everything else) so many.
    pub classes: usize,
    /// The login name must not stand in it.
    pub forbids_login: bool,
    /// Days after which it has to be changed.
    pub days: Option<u64>,
    /// So many of the last passwords must not come again.
    pub history: usize,
    /// So many failures in a row lock the account.
    pub failures: i32,
    /// For so many minutes.
    pub locked_minutes: i64,
}

impl Profile {
    /// What an assessor of 等级保护 asks for.
    pub const DENGBAO: Self = Self {
        least_chars: 10,
        classes: 3,
        forbids_login: true,
        days: Some(90),
        history: 5,
        failures: 5,
        locked_minutes: 30,
    };
    /// What OWASP ASVS and NIST SP 800-63B ask for: long, unknown to guessers, and not changed for the sake of it.
    pub const ASVS: Self = Self {
        least_chars: 12,
        classes: 1,
        forbids_login: true,
        days: None,
        history: 1,
        failures: 10,
        locked_minutes: 15,
    };

    /// Everything that is wrong with a password in itself; whether it is a known one is found out elsewhere.
    pub fn weaknesses(&self, password: &str, login: &str, breached: bool) -> Vec<Weakness> {
        let mut all = Vec::new();
        let chars = password.chars().count();
        if chars < self.least_chars {
            all.push(Weakness::TooShort(self.least_chars));
        }
        if chars > MOST_CHARS {
            all.push(Weakness::TooLong(MOST_CHARS));
        }
        if classes(password) < self.classes {
            all.push(Weakness::TooFewClasses(self.classes));
        }
        let within = login.chars().count() >= LOGIN_CHARS && password.to_lowercase().contains(&login.to_lowercase());
        if self.forbids_login && within {
            all.push(Weakness::HoldsLogin);
        }
        if breached {
            all.push(Weakness::Breached);
        }
        all
    }

    /// From which day on a password of this day has to be changed.
    pub fn expires_on(&self, changed_on: NaiveDate) -> Option<NaiveDate> {
        self.days.and_then(|days| changed_on.checked_add_days(Days::new(days)))
    }

    /// Failures and lock after one more failure; a lock begins the count anew.
    pub fn after_failure(&self, failures: i32, now: DateTime<Utc>) -> (i32, Option<DateTime<Utc>>) {
        let failures = failures.saturating_add(1);
        if failures >= self.failures {
            (0, Some(now + TimeDelta::minutes(self.locked_minutes)))
        } else {
            (failures, None)
        }
    }
}

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer characters than so many.
    TooShort(usize),
    /// More characters than so many.
    TooLong(usize),
    /// Fewer classes of characters than so many.
    TooFewClasses(usize),
    /// The login name stands in it.
    HoldsLogin,
    /// It is among the known ones.
    Breached,
    /// It is one of so many last ones.
    UsedBefore(usize),
}

/// How many of the four classes there are in it.
fn classes(password: &str) -> usize {
    let is: [fn(char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_lowercase() && !c.is_uppercase() && !c.is_ascii_digit(),
    ];
    is.iter().filter(|is| password.chars().any(**is)).count()
}
