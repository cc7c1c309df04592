//! The two profiles as tables, and what holds for any text.

use chrono::NaiveDate;
use proptest::prelude::*;
use taizhang::domain::password::{MOST_CHARS, Profile, Weakness as W};

#[test]
fn the_profiles_as_tables() {
    let (d, a) = (Profile::DENGBAO, Profile::ASVS);
    let long = "Aa1".repeat(43);
    for (profile, password, expected) in [
        (d, "Abcdefgh1!", vec![]),
        (d, "Abcdefgh1", vec![W::TooShort(10)]),
        (d, "abcdefghi1", vec![W::TooFewClasses(3)]),
        (d, "Abcdefghij", vec![W::TooFewClasses(3)]),
        (d, "ABCDEFGH1!", vec![]),
        (d, "云汀市三月的江水ab", vec![W::TooFewClasses(3)]),
        (d, "云汀市三月的江水a1", vec![]),
        (d, "aB1", vec![W::TooShort(10)]),
        (d, "", vec![W::TooShort(10), W::TooFewClasses(3)]),
        (d, "xx-Zhang.San-9", vec![W::HoldsLogin]),
        (d, "xx-ZHANG.SAN-a9", vec![W::HoldsLogin]),
        (d, &long[..128], vec![]),
        (d, &long, vec![W::TooLong(128)]),
        (a, "twelve chars", vec![]),
        (a, "eleven char", vec![W::TooShort(12)]),
        (a, "云汀市三月的江水绿如蓝", vec![W::TooShort(12)]),
        (a, "云汀市三月的江水绿如蓝天", vec![]),
        (a, "my zhang.san password", vec![W::HoldsLogin]),
        (a, "            ", vec![]),
    ] {
        assert_eq!(profile.weaknesses(password, "zhang.san", false), expected, "{password}");
    }
    assert_eq!(d.weaknesses("Abcdefgh1!", "x", true), [W::Breached]);
    assert_eq!(d.weaknesses("Abcdefgh1!", "b", false), [], "a login of one letter is in half of all words");
}

#[test]
fn days_and_locks() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(Profile::DENGBAO.expires_on(day("2026-07-01")), Some(day("2026-09-29")));
    assert_eq!(Profile::ASVS.expires_on(day("2026-07-01")), None);
    assert_eq!(Profile::DENGBAO.expires_on(NaiveDate::MAX), None);
    let now: chrono::DateTime<chrono::Utc> = "2026-07-01T00:00:00Z".parse().unwrap();
    for failures in 0..4 {
        assert_eq!(Profile::DENGBAO.after_failure(failures, now), (failures + 1, None));
    }
    for failures in [4, 5, i32::MAX] {
        let until = now + chrono::TimeDelta::minutes(30);
        assert_eq!(Profile::DENGBAO.after_failure(failures, now), (0, Some(until)));
    }
    assert_eq!(Profile::ASVS.after_failure(8, now), (9, None));
    assert!(Profile::ASVS.after_failure(9, now).1.is_some());
}

proptest! {
    #[test]
    fn length_counts_characters_and_any_text_is_judged(password in "\\PC{0,200}", login in "\\PC{0,20}") {
        for profile in [Profile::DENGBAO, Profile::ASVS] {
            let weak = profile.weaknesses(&password, &login, false);
            let chars = password.chars().count();
            prop_assert_eq!(weak.contains(&W::TooShort(profile.least_chars)), chars < profile.least_chars);
            prop_assert_eq!(weak.contains(&W::TooLong(MOST_CHARS)), chars > MOST_CHARS);
            prop_assert!(!weak.contains(&W::Breached));
            // Whatever is taken is still taken with one character more of a kind it has.
            if weak.is_empty() && chars < MOST_CHARS {
                let longer = format!("{password}{password}").chars().take(MOST_CHARS).collect::<String>();
                prop_assert!(profile.weaknesses(&longer, "no such login", false).is_empty());
            }
        }
    }
}
