//! One-time passwords by time (RFC 6238): SHA-1, six digits, thirty seconds, which is what every authenticator app knows.

use std::fmt::Write;

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};

use super::{Random, SecretsError};

/// Bytes of a secret: what RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Seconds of a step.
const STEP: i64 = 30;
/// Steps that two clocks may be apart.
const DRIFT: i64 = 1;
/// Digits of a password.
const DIGITS: u32 = 6;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret, in base32, as it is typed into an app.
pub fn new_secret(random: &dyn Random) -> Result<String, SecretsError> {
    let mut bytes = [0; SECRET_BYTES];
    random.fill(&mut bytes)?;
    Ok(base32(&bytes))
}

/// The step that this password is for, if it is for one around `now` that lies behind the last one that was used.
pub fn matching_step(secret: &str, password: &str, now: DateTime<Utc>, last: Option<i64>) -> Option<i64> {
    let secret = bytes_of(secret)?;
    let given: String = password.chars().filter(|c| !c.is_whitespace()).collect();
    if given.len() != DIGITS as usize || !given.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let present = now.timestamp().div_euclid(STEP);
    // All of them are looked at, whichever it is.
    let steps = (present - DRIFT)..=(present + DRIFT);
    let found = steps.filter(|step| same(&at_step(&secret, *step, DIGITS), &given)).max();
    found.filter(|step| last.is_none_or(|last| last < *step))
}

/// The password of a step.
pub fn at_step(secret: &[u8], step: i64, digits: u32) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let mac = mac.as_ref();
    let offset = usize::from(mac.last().copied().unwrap_or_default() & 0xf);
    let mut four = [0; 4];
    four.copy_from_slice(&mac[offset..offset + 4]);
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(digits);
    format!("{number:0width$}", width = digits as usize)
}

/// The address that an app reads from a picture.
pub fn address(issuer: &str, login: &str, secret: &str) -> String {
    let (issuer, login) = (percent(issuer), percent(login));
    format!(
        "otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}"
    )
}

/// The bytes of a secret in base32.
pub fn bytes_of(secret: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for c in secret.bytes() {
        let value = BASE32.iter().position(|known| *known == c.to_ascii_uppercase())?;
        bits = (bits << 5) | u32::try_from(value).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

fn base32(bytes: &[u8]) -> String {
    // Five bytes are eight letters, and a secret has a multiple of five bytes.
    let mut text = String::new();
    for five in bytes.chunks(5) {
        let number = five.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        for letter in (0..8).rev() {
            text.push(char::from(BASE32[usize::try_from((number >> (letter * 5)) & 31).unwrap_or_default()]));
        }
    }
    text
}

fn same(a: &str, b: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        // Writing to a string can't fail.
        let _ = match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' | b'~' => write!(out, "{}", char::from(byte)),
            _ => write!(out, "%{byte:02X}"),
        };
        out
    })
}

#[cfg(test)]
mod tests {
    use super::super::SystemRandom;
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (seconds, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(at_step(secret, seconds / 30, 8), expected, "{seconds}");
        }
    }

    #[test]
    fn one_step_of_drift_either_way_and_each_step_once() {
        let secret = new_secret(&SystemRandom).unwrap();
        assert_eq!((secret.len(), bytes_of(&secret).unwrap().len()), (32, 20));
        let bytes = bytes_of(&secret).unwrap();
        let now = at(1_800_000_000);
        let present = now.timestamp() / 30;
        for (drift, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let password = at_step(&bytes, present + drift, 6);
            let found = matching_step(&secret, &password, now, None);
            assert_eq!(found, good.then_some(present + drift), "{drift}");
            assert_eq!(matching_step(&secret, &password, now, Some(present + drift)), None, "used before");
        }
        let password = at_step(&bytes, present, 6);
        let spaced = format!("{} {}", &password[..3], &password[3..]);
        assert!(matching_step(&secret, &spaced, now, None).is_some());
        for bad in ["", "1", "abcdef", "１２３４５６", &password[..5], &format!("{password}0")] {
            assert_eq!(matching_step(&secret, bad, now, None), None, "{bad}");
        }
        assert_eq!(matching_step("not base32!", &password, now, None), None);
    }

    #[test]
    fn the_address_holds_any_name() {
        let address = address("台账 A", "zhang:san", "ABC");
        assert_eq!(
            address,
            "otpauth://totp/%E5%8F%B0%E8%B4%A6%20A:zhang%3Asan?secret=ABC&issuer=%E5%8F%B0%E8%B4%A6%20A&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(base32(b"foobarfoobarfoo"), "MZXW6YTBOJTG633CMFZGM33P");
    }
}
