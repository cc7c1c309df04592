//! The lexer guard against generated documents: it agrees with the parser behind it and never panics.

use async_graphql::parser::parse_query;
use proptest::{collection::vec, prelude::*};
use taizhang::{
    config::Limits,
    web::guard::{Lexed, check, json_depth},
};

fn wide() -> Limits {
    Limits { document_chars: usize::MAX, document_tokens: usize::MAX, bracket_depth: usize::MAX, ..Limits::default() }
}

/// One lexical token after another: the text of a valid piece of a document.
type Tokens = Vec<String>;

fn one(text: &str) -> Tokens {
    vec![text.to_owned()]
}

fn name() -> impl Strategy<Value = Tokens> {
    // A prefix keeps the names away from the words of the grammar.
    "[_A-Za-z0-9]{0,6}".prop_map(|rest| vec![format!("x{rest}")])
}

fn string() -> impl Strategy<Value = Tokens> {
    prop_oneof![
        r#"([a-z\[\]{}()#, 台]|\\"|\\\\|\\n|\\u4e00){0,12}"#.prop_map(|s| vec![format!("\"{s}\"")]),
        r#"([a-z\[\]{}()#\n台\\ ]|\\"""|"[a-z]){0,12}"#.prop_map(|s| {
            let s = if s.ends_with(['"', '\\']) { format!("{s} ") } else { s };
            vec![format!("\"\"\"{s}\"\"\"")]
        }),
    ]
}

fn number() -> impl Strategy<Value = Tokens> {
    "-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?".prop_map(|n| one(&n))
}

fn between(open: &str, inner: Vec<Tokens>, close: &str) -> Tokens {
    [one(open), inner.concat(), one(close)].concat()
}

fn value() -> impl Strategy<Value = Tokens> {
    let leaf = prop_oneof![
        string(),
        number(),
        name(),
        name().prop_map(|n| [one("$"), n].concat()),
        Just(one("true")),
        Just(one("null")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|items| between("[", items, "]")),
            vec((name(), inner), 0..4).prop_map(|pairs| {
                let pairs = pairs.into_iter().map(|(n, v)| [n, one(":"), v].concat()).collect();
                between("{", pairs, "}")
            }),
        ]
    })
}

fn field() -> impl Strategy<Value = Tokens> {
    let head = (name(), proptest::option::of(name()), vec((name(), value()), 0..3), proptest::option::of(name()));
    let head = head.prop_map(|(name, alias, arguments, directive)| {
        let mut tokens = alias.map(|a| [a, one(":")].concat()).unwrap_or_default();
        tokens.extend(name);
        if !arguments.is_empty() {
            let arguments = arguments.into_iter().map(|(n, v)| [n, one(":"), v].concat()).collect();
            tokens.extend(between("(", arguments, ")"));
        }
        tokens.extend(directive.map(|d| [one("@"), d].concat()).unwrap_or_default());
        tokens
    });
    head.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            (name(), vec(inner.clone(), 1..4)).prop_map(|(n, set)| [n, between("{", set, "}")].concat()),
            vec(inner, 1..3).prop_map(|set| [one("..."), between("{", set, "}")].concat()),
            name().prop_map(|n| [one("..."), n].concat()),
        ]
    })
}

fn document() -> impl Strategy<Value = Tokens> {
    vec(field(), 1..4).prop_map(|fields| between("{", fields, "}"))
}

/// What may stand between two tokens.
fn gap() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(" ".to_owned()),
        1 => Just("\n".to_owned()),
        1 => Just(", ".to_owned()),
        1 => Just("\t\u{feff}\r\n".to_owned()),
        1 => "[a-z\\[{(\"台]{0,8}".prop_map(|text| format!("#{text}\n")),
    ]
}

fn depth(tokens: &Tokens) -> usize {
    let (mut open, mut deepest) = (0, 0_usize);
    for token in tokens {
        match token.as_str() {
            "(" | "[" | "{" => {
                open += 1;
                deepest = deepest.max(open);
            }
            ")" | "]" | "}" => open -= 1,
            _ => {}
        }
    }
    deepest
}

proptest! {
    #[test]
    fn counts_what_the_parser_reads(tokens in document(), gaps in vec(gap(), 1..20)) {
        let text: String = tokens.iter().zip(gaps.iter().cycle()).flat_map(|(t, g)| [t.as_str(), g.as_str()]).collect();
        prop_assert!(parse_query(&text).is_ok(), "not valid: {text}");
        let wanted = Lexed { characters: text.chars().count(), tokens: tokens.len(), depth: depth(&tokens) };
        prop_assert_eq!(check(&text, &wide()), Ok(wanted), "{}", text);
    }

    /// What the parser reads the guard reads too: nobody is refused for a difference between the two.
    #[test]
    fn reads_whatever_the_parser_reads(text in "[a-c{}()\\[\\]:$@!.\"#\\\\ \n0-9eE+-]{0,30}") {
        let text = format!("{{{text}}}");
        if parse_query(&text).is_ok() {
            prop_assert!(check(&text, &wide()).is_ok(), "{text}");
        }
    }

    #[test]
    fn never_panics(text in any::<String>(), limits in (0..50_usize, 0..50_usize, 0..9_usize)) {
        let (document_chars, document_tokens, bracket_depth) = limits;
        let limits = Limits { document_chars, document_tokens, bracket_depth, ..Limits::default() };
        let _ = check(&text, &limits);
        let _ = check(&format!("{{a(b:\"\"\"{text}"), &wide());
        let _ = json_depth(text.as_bytes());
    }

    #[test]
    fn depth_of_json(depth in 0..60_usize, text in "[a-z\\[{\"\\\\]{0,9}") {
        let mut value = serde_json::Value::String(text);
        for level in 0..depth {
            value = if level % 2 == 0 { serde_json::json!([value]) } else { serde_json::json!({ "[{": value }) };
        }
        prop_assert_eq!(json_depth(value.to_string().as_bytes()), depth);
    }
}

#[test]
fn tokens_at_their_edges() {
    let tokens = |text: &str| check(text, &wide()).map(|lexed| lexed.tokens).ok();
    for (text, wanted) in [
        ("", Some(0)),
        ("#", Some(0)),
        ("...a", Some(2)),
        ("..a", None),
        ("-", None),
        ("-1.5e+3", Some(1)),
        ("1.", None),
        ("1.a", None),
        ("1a", None),
        ("1e", None),
        ("\"\"", Some(1)),
        ("\"\"\"\"\"\"", Some(1)),
        ("\"\"\"a\\\"\"\"b\"\"\"", Some(1)),
        ("\"\"\"a", None),
        ("\"a\nb\"", None),
        ("\"a\\", None),
        ("\"a\\\"", None),
        ("台", None),
        ("a;b", None),
        ("{a|b&c=d}", Some(9)),
    ] {
        assert_eq!(tokens(text), wanted, "{text}");
    }
}

#[test]
fn time_is_linear() {
    let began = std::time::Instant::now();
    for piece in ["[", "\"\"\"", "\"", "#\n", "...", "1e", "\\\"\"\"", "a ", "\"\\"] {
        let _ = check(&piece.repeat(200_000), &wide());
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
}
