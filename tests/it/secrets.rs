//! The keyring folder and encrypted columns.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::DateTime;
use taizhang::{
    clock::FixedClock,
    id::{ClockIdMaker, IdMaker},
    secrets::{CannotOpen, Keyring, SecretsError, place},
};
use tempfile::TempDir;
use uuid::Uuid;

/// An id maker at a fixed time.
pub fn ids() -> ClockIdMaker {
    ClockIdMaker::new(Arc::new(FixedClock::new(DateTime::from_timestamp(1_767_225_600, 0).expect("a time"))))
}

fn keys() -> (TempDir, PathBuf) {
    let home = TempDir::new().expect("a folder");
    let dir = home.path().join("data").join("keys");
    (home, dir)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("is there").permissions().mode() & 0o777
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(dir).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    found.retain(|path| !path.file_name().expect("a name").to_string_lossy().starts_with('.'));
    found.sort();
    found
}

#[test]
fn the_first_start_makes_private_keys_and_the_second_finds_them() {
    let (_home, dir) = keys();
    let first = Keyring::open_or_create(&dir, &ids()).expect("makes keys");
    assert_eq!(mode(&dir), 0o700);
    let made = files(&dir);
    assert_eq!(made.len(), 2, "{made:?}");
    assert!(fs::read_dir(&dir).unwrap().all(|e| mode(&e.unwrap().path()) == 0o600));
    let before: Vec<_> = made.iter().map(|path| fs::read(path).unwrap()).collect();

    let second = Keyring::open_or_create(&dir, &ids()).expect("finds keys");
    assert_eq!(first.public_keys(), second.public_keys());
    assert_eq!(second.public_keys()[0].algorithm, "EdDSA");
    assert_eq!(files(&dir), made);
    assert_eq!(made.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>(), before);
    let sealed = first.data_cipher().unwrap().seal("13800001234", "here").unwrap();
    assert_eq!(second.data_cipher().unwrap().open(&sealed, "here").as_deref(), Ok("13800001234"));
}

#[test]
fn many_starting_at_once_end_with_the_same_keys() {
    for _ in 0..20 {
        let (_home, dir) = keys();
        let barrier = std::sync::Barrier::new(8);
        let seen: Vec<_> = std::thread::scope(|scope| {
            let start = || {
                barrier.wait();
                Keyring::open_or_create(&dir, &ids()).expect("keys").public_keys()
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert!(seen.iter().all(|keys| *keys == seen[0]));
        assert_eq!(files(&dir).len(), 2);
    }
}

#[test]
fn keys_others_may_read_are_refused_in_one_sentence() {
    let (_home, dir) = keys();
    Keyring::open_or_create(&dir, &ids()).unwrap();
    for path in files(&dir) {
        for open in [0o640, 0o604, 0o620, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
            let refusal = Keyring::open_or_create(&dir, &ids()).unwrap_err();
            assert!(matches!(&refusal, SecretsError::NotPrivate { mode, .. } if *mode == open), "{refusal}");
            let text = refusal.to_string();
            assert!(text.contains("chmod 600") && !text.contains('\n'), "{text}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        Keyring::open_or_create(&dir, &ids()).expect("read-only is private too");
    }
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    let refusal = Keyring::open_or_create(&dir, &ids()).unwrap_err().to_string();
    assert!(refusal.contains("chmod 700"), "{refusal}");
}

#[test]
fn a_damaged_or_missing_key_is_said_and_never_replaced() {
    let (_home, dir) = keys();
    Keyring::open_or_create(&dir, &ids()).unwrap();
    let [data, signing] = files(&dir).try_into().expect("two files");
    for path in [&data, &signing] {
        let whole = fs::read(path).unwrap();
        for bad in [&whole[..whole.len() - 1], &[], &[7; 5000]] {
            fs::write(path, bad).unwrap();
            let refusal = Keyring::open_or_create(&dir, &ids()).unwrap_err();
            assert!(matches!(refusal, SecretsError::NotAKey { .. }), "{refusal}");
            assert_eq!(fs::read(path).unwrap(), bad);
        }
        fs::write(path, whole).unwrap();
    }
    for stray in ["data-0002-abc.key.bak", "signing-x.pk8", "data-0002-../x.key", "notes.txt"] {
        let path = dir.join(stray);
        if fs::write(&path, [1; 32]).is_ok() {
            let refusal = Keyring::open_or_create(&dir, &ids()).unwrap_err();
            assert!(matches!(refusal, SecretsError::NotAKey { .. } | SecretsError::NotPrivate { .. }), "{refusal}");
            fs::remove_file(path).unwrap();
        }
    }
    fs::rename(&data, dir.join(".away")).unwrap();
    let refusal = Keyring::open_or_create(&dir, &ids()).unwrap_err();
    assert!(matches!(refusal, SecretsError::DataKeyMissing { .. }), "{refusal}");
    assert_eq!(files(&dir), std::slice::from_ref(&signing));

    // A lost signing key only ends sessions: a new one is made.
    fs::rename(dir.join(".away"), &data).unwrap();
    fs::remove_file(&signing).unwrap();
    Keyring::open_or_create(&dir, &ids()).expect("makes a signing key");
}

#[test]
fn what_can_be_printed_holds_no_key() {
    let (_home, dir) = keys();
    let ring = Keyring::open_or_create(&dir, &ids()).unwrap();
    let rules = super::tokens::rules();
    let printed = format!("{ring:?} {:?} {:?}", ring.data_cipher().unwrap(), ring.token_maker(rules).unwrap());
    for path in files(&dir) {
        let secret = fs::read(path).unwrap();
        let hex: String = secret.iter().map(|b| format!("{b:02x}")).collect();
        let list = format!("{secret:?}");
        // Any four bytes in a row, in the forms Debug would choose.
        assert!(!printed.contains(&list[1..list.len() - 1]));
        assert!(!(0..hex.len() - 8).step_by(2).any(|i| printed.replace(' ', "").contains(&hex[i..i + 8])));
    }
    assert!(printed.contains(&ring.public_keys()[0].kid));
}

#[test]
fn an_encrypted_value_opens_only_whole_and_in_its_place() {
    let (_home, dir) = keys();
    let cipher = Keyring::open_or_create(&dir, &ids()).unwrap().data_cipher().unwrap();
    let maker = ids();
    let (row, other) = (maker.next(), maker.next());
    let here = place("user", "phone", row);
    for text in ["", "13800001234", "+86 138 0000 1234（办）"] {
        let sealed = cipher.seal(text, &here).unwrap();
        assert!(sealed.starts_with("v1.0001-") && sealed.is_ascii());
        assert!(text.is_empty() || !sealed.contains(text));
        assert_eq!(cipher.open(&sealed, &here).as_deref(), Ok(text));
        assert_ne!(sealed, cipher.seal(text, &here).unwrap(), "equal values must not look equal");
        for there in
            [place("user", "phone", other), place("user", "email", row), place("unit", "phone", row), String::new()]
        {
            assert_eq!(cipher.open(&sealed, &there), Err(CannotOpen));
        }
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            for changed in [bytes[at] ^ 1, b'A', b'.', b'='] {
                if changed == sealed.as_bytes()[at] || !changed.is_ascii() {
                    continue;
                }
                bytes[at] = changed;
                let tampered = String::from_utf8(bytes.clone()).unwrap();
                assert_eq!(cipher.open(&tampered, &here), Err(CannotOpen), "byte {at} as {changed}");
            }
            assert_eq!(cipher.open(&sealed[..at], &here), Err(CannotOpen), "cut at {at}");
        }
        assert_eq!(cipher.open(&format!("{sealed}A"), &here), Err(CannotOpen));
    }
    assert_eq!(place("user", "phone", Uuid::nil()), "user/phone/00000000-0000-0000-0000-000000000000");
}

#[test]
fn after_a_rotation_the_old_key_still_opens_and_the_new_one_seals() {
    let (_home, dir) = keys();
    let mut ring = Keyring::open_or_create(&dir, &ids()).unwrap();
    let before = ring.data_cipher().unwrap();
    let old = before.seal("13800001234", "here").unwrap();
    assert!(!before.needs_reseal(&old));
    ring.add_data_key(&ids()).unwrap();
    let after = Keyring::open_or_create(&dir, &ids()).unwrap().data_cipher().unwrap();
    assert_eq!(after.open(&old, "here").as_deref(), Ok("13800001234"));
    assert!(after.needs_reseal(&old) && after.needs_reseal("nonsense"));
    let new = after.seal("13800001234", "here").unwrap();
    assert!(new.starts_with("v1.0002-") && !after.needs_reseal(&new));
    assert_eq!(
        before.open(&new, "here").as_deref(),
        Ok("13800001234"),
        "what is new in the folder is read when it is met"
    );
    // The key id is bound: the same bytes under the other key's name do not open.
    let id = |sealed: &str| sealed.split('.').nth(1).unwrap().to_owned();
    assert_eq!(after.open(&new.replace(&id(&new), &id(&old)), "here"), Err(CannotOpen));
}

#[test]
fn for_a_key_that_is_not_there_the_folder_is_read_once() {
    let ((_home, dir), (_other_home, other)) = (keys(), keys());
    let mut ring = Keyring::open_or_create(&other, &ids()).unwrap();
    ring.add_data_key(&ids()).unwrap();
    let sealed = ring.data_cipher().unwrap().seal("13800001234", "here").unwrap();
    let key = format!("data-{}.key", ring.data_keys().pop().unwrap());
    let cipher = Keyring::open_or_create(&dir, &ids()).unwrap().data_cipher().unwrap();
    assert_eq!(cipher.open(&sealed, "here"), Err(CannotOpen));
    fs::copy(other.join(&key), dir.join(&key)).unwrap();
    assert_eq!(cipher.open(&sealed, "here"), Err(CannotOpen), "the miss is remembered");
    cipher.reload().unwrap();
    assert_eq!(cipher.open(&sealed, "here").as_deref(), Ok("13800001234"));
}
