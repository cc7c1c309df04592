//! The address of the database, which may hold a password and therefore prints itself masked.

use std::{fmt, path::Path};

/// Which engine an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// The production engine.
    Postgres,
}

/// A database address; `Debug` and `Display` never show a password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: String,
    engine: Engine,
}

/// Parameters that may be shown; any other may be a secret.
const HARMLESS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "application_name",
    "mode",
    "cache",
    "immutable",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
];

impl DatabaseUrl {
    /// Takes a `sqlite:`, `postgres://` or `postgresql://` address.
    pub fn read(text: &str) -> Option<Self> {
        let engine = match text.split_once(':')? {
            ("sqlite", rest) if !rest.trim_start_matches('/').is_empty() => Engine::Sqlite,
            ("postgres" | "postgresql", rest) if rest.len() > 2 && rest.starts_with("//") => Engine::Postgres,
            _ => return None,
        };
        Some(Self { text: text.to_owned(), engine })
    }

    /// The embedded database in the data folder.
    pub fn embedded(data_dir: &Path) -> Option<Self> {
        let path = data_dir.join("taizhang.db");
        // These three would be read as the start of something else in an address.
        let path = path.to_str()?.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        Self::read(&format!("sqlite://{path}"))
    }

    /// Which engine it names.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The address with its password, for the one that connects.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The address with `***` in place of everything that may be secret.
    pub fn masked(&self) -> String {
        mask(&self.text)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.masked())
    }
}

/// Masks what may be a password in any text meant as an address, also in a broken one.
pub(super) fn mask(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.split_once('@').map_or_else(|| text.to_owned(), |(_, after)| format!("***@{after}"));
    };
    // The last @ of all: an unescaped / ? or @ within a password must not uncover the rest of it.
    let (user, rest) = match rest.rsplit_once('@') {
        Some((user, rest)) => match user.split_once(':') {
            Some((name, _)) => (format!("{name}:***@"), rest),
            None => (format!("{user}@"), rest),
        },
        None => (String::new(), rest),
    };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    let query = query.map_or_else(String::new, |query| {
        let shown = query.split('&').map(|pair| match pair.split_once('=') {
            Some((key, _)) if !HARMLESS.contains(&key) => format!("{key}=***"),
            _ => pair.to_owned(),
        });
        format!("?{}", shown.collect::<Vec<_>>().join("&"))
    });
    format!("{scheme}://{user}{place}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked_however_they_are_written() {
        for (text, shown) in [
            ("postgres://u:geheim@h/db", "postgres://u:***@h/db"),
            ("postgresql://u:geheim@h:5432/db?sslmode=require", "postgresql://u:***@h:5432/db?sslmode=require"),
            ("postgres://u:ge/he?im@h/db", "postgres://u:***@h/db"),
            ("postgres://u:ge@he:im@h/db", "postgres://u:***@h/db"),
            ("postgres://u:gehe#im@h/db", "postgres://u:***@h/db"),
            ("postgres://h/db?user=u&password=geheim", "postgres://h/db?user=u&password=***"),
            ("postgres://h/db?%70assword=geheim", "postgres://h/db?%70assword=***"),
            ("postgres://u@h/db", "postgres://u@h/db"),
            ("u:geheim@h/db", "***@h/db"),
            ("sqlite://./data/taizhang.db?mode=rwc", "sqlite://./data/taizhang.db?mode=rwc"),
        ] {
            assert_eq!(mask(text), shown);
            if let Some(url) = DatabaseUrl::read(text) {
                assert!(!format!("{url} {url:?}").contains("geheim"), "{text}");
                assert_eq!(url.expose(), text);
            }
        }
    }

    #[test]
    fn only_two_engines_are_known() {
        for (text, engine) in [
            ("sqlite://a.db", Some(Engine::Sqlite)),
            ("sqlite::memory:", Some(Engine::Sqlite)),
            ("postgres://h", Some(Engine::Postgres)),
            ("postgresql:///db?host=/run", Some(Engine::Postgres)),
            ("mysql://h/db", None),
            ("sqlite:", None),
            ("sqlite://", None),
            ("postgres:", None),
            ("a.db", None),
            ("", None),
        ] {
            assert_eq!(DatabaseUrl::read(text).map(|url| url.engine()), engine, "{text}");
        }
        let odd = DatabaseUrl::embedded(Path::new("/tmp/a?b#c%d")).unwrap();
        assert_eq!(odd.expose(), "sqlite:///tmp/a%3Fb%23c%25d/taizhang.db");
    }
}
