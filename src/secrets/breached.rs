//! Passwords that everybody tries first: a few that are built in, and a list of the operator's own.

use std::{
    collections::HashSet,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use super::SecretsError;

/// Bytes of a list at most; it is kept in memory, twenty bytes a line.
const LONGEST: u64 = 256 * 1024 * 1024;
/// Bytes of a line at most.
const LINE: usize = 512;

/// The most common ones that are long enough for a profile at all.
const BUILT_IN: &str = "\
1234567890 0123456789 0987654321 9876543210 1111111111 0000000000 8888888888 6666666666 1234512345 1122334455
qwertyuiop qwerty12345 qwerty123456 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv zaq12wsxcde3 1qaz@wsx3edc 1qaz!qaz2wsx
password12 password123 password1234 passw0rd123 p@ssw0rd123 p@ssw0rd1234 p@ssword123 password@123 password2026 password@2026
abc1234567 abcd123456 abcd1234567 abcdef123456 a123456789 aa12345678 aa123456789 aa123456@@ abc@123456 abcd@123456
admin12345 admin123456 admin@12345 admin@123456 admin@2026 administrator administrator1 administrator123 root123456 root@123456
woaini1314 woaini1314520 woaini520520 5201314520 52013145201314 woaizhongguo zhongguo123 zhongguo2026 zhengfu123 zhengfu@123 taizhang123 taizhang@123
iloveyou123 letmein12345 welcome123 welcome@123 changeme123 changeme@123 test123456 test@123456 huawei@123 huawei12#$
123456789012 1234567890123 123456123456 123123123123 111111111111 000000000000 112233445566 147258369147 aaaaaaaaaaaa passwordpassword
qwertyuiopasdf qwertyuiop123 qwertyuiop[] asdfghjkl123 zxcvbnm12345 1234qwerasdf qwer1234asdf 123456abcdef abcdefghijkl 123qweasdzxc !qaz2wsx#edc";

/// Passwords that nobody should use.
pub struct Breached(HashSet<[u8; 20]>);

impl Breached {
    /// Those that are built in.
    pub fn built_in() -> Self {
        Self(BUILT_IN.split_whitespace().map(sha1).collect())
    }

    /// Those, and the lines of a file: plain passwords, or SHA-1 in hexadecimal digits with or without a count behind a
    /// colon, as the public lists have them.
    pub fn with_file(path: &Path) -> Result<Self, SecretsError> {
        let refused = |why: String| SecretsError::BreachList { path: path.to_owned(), why };
        let file = File::open(path).map_err(|error| refused(error.to_string()))?;
        let size = file.metadata().map_err(|error| refused(error.to_string()))?.len();
        if size > LONGEST {
            return Err(refused(format!("it has more than {LONGEST} bytes; take the most common ones")));
        }
        let Self(mut known) = Self::built_in();
        let mut lines = BufReader::new(file.take(LONGEST));
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line).map_err(|error| refused(error.to_string()))? == 0 {
                return Ok(Self(known));
            }
            if line.len() > LINE {
                return Err(refused("it has a line that is no password".to_owned()));
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\r', '\n']);
            if !text.is_empty() {
                known.insert(hexadecimal(text).unwrap_or_else(|| sha1(text)));
            }
        }
    }

    /// Whether it is one of them, as it is written or in small letters.
    pub fn contains(&self, password: &str) -> bool {
        self.0.contains(&sha1(password)) || self.0.contains(&sha1(&password.to_lowercase()))
    }
}

fn sha1(text: &str) -> [u8; 20] {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref());
    bytes
}

/// The digest of a line that is one.
fn hexadecimal(line: &str) -> Option<[u8; 20]> {
    let text = line.split(':').next().filter(|text| text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let mut bytes = [0; 20];
    for (byte, place) in bytes.iter_mut().zip(0..) {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_plain_and_digested() {
        let built_in = Breached::built_in();
        assert!(built_in.contains("password1234") && built_in.contains("Password1234"));
        assert!(!built_in.contains("云汀 三月 江水 六渡"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        // The digest is that of "correct horse battery staple".
        std::fs::write(&path, "正确的马\r\n\nABF7AAD6438836DBE526AA231ABDE2D0EEF74D42:97\n").unwrap();
        let known = Breached::with_file(&path).unwrap();
        for bad in ["正确的马", "correct horse battery staple", "password1234"] {
            assert!(known.contains(bad), "{bad}");
        }
        assert!(!known.contains("ABF7AAD6438836DBE526AA231ABDE2D0EEF74D42"));
        std::fs::write(&path, "x".repeat(LINE + 1)).unwrap();
        for path in [path, folder.path().join("nothing")] {
            let refused = Breached::with_file(&path).err().unwrap().to_string();
            assert!(refused.contains(&path.display().to_string()), "{refused}");
        }
    }
}
