//! What can stand for a person at another service.

/// Longest subject, characters (OpenID Connect Core 1.0, section 2, has 255).
pub const SUBJECT_CHARS: usize = 255;

/// Whether a text can stand for a person: a name that looks like another one would be an invitation, so it has no blanks at
/// its ends and nothing that is not seen.
pub fn is_subject(text: &str) -> bool {
    (1..=SUBJECT_CHARS).contains(&text.chars().count())
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.chars().any(|c| c.is_control() || is_unseen(c))
}

/// Format characters (Unicode category Cf: of no width, or turning the direction of writing) and the separators of lines.
const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}'
        | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_and_nothing_else() {
        for good in ["a", "李雷", "a b", "248289761001", "İ@x", &"字".repeat(255)] {
            assert!(is_subject(good), "{good:?}");
        }
        for bad in ["", " a", "a\u{3000}", "\u{a0}a", "a\u{200b}", "a\u{202e}b", "a\u{ad}b", "\u{feff}a", "a\u{7}"] {
            assert!(!is_subject(bad), "{bad:?}");
        }
        for bad in ["a\u{e0041}", "a\u{2028}b", "a\u{61c}b", &"字".repeat(256)] {
            assert!(!is_subject(bad), "{bad:?}");
        }
    }
}
