//! Addresses that people give as evidence.

/// Characters of an address at most.
pub const MAX_LINK: usize = 2_000;

/// Whether it is a plain http or https address: with a host, without credentials, without anything unseen.
pub fn is_link(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && text.chars().count() <= MAX_LINK
        && !host.is_empty()
        && !authority.contains('@')
        && !text.contains('\\')
        && !text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || super::text::is_unwanted(c) || "<>\"".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_links() {
        for good in [
            "https://example.gov.cn/a?b=c#d",
            "HTTP://example.com",
            "https://示例.cn/公开/1.html",
            "http://10.0.0.1:8080/x@y",
        ] {
            assert!(is_link(good), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "https://",
            "https:///x",
            "https://:80/",
            "ftp://example.com",
            "javascript://example.com/%0aalert(1)",
            "https://user:secret@example.com/",
            "https://user@example.com",
            "https://example.com\\@evil.com",
            "https://example.com/a b",
            "https://example.com/\u{202e}x",
            "https://example.com/\n",
            "https://example.com/<script>",
        ] {
            assert!(!is_link(bad), "{bad}");
        }
        assert!(is_link(&format!("https://e.cn/{}", "长".repeat(MAX_LINK - 13))));
        assert!(!is_link(&format!("https://e.cn/{}", "长".repeat(MAX_LINK - 12))));
    }
}
