//! Settings: every one by flag, by variable and by default; bad values are one plain sentence.

use std::{collections::HashMap, ffi::OsString, path::Path, time::Duration};

use taizhang::{
    cli::{
        self, Answer, Command, ConfigArgs, Down, Import, Invocation, Issue, Migrate, Token, UnitCommand, UnitImport,
    },
    config::{self, Engine, Limits, LogFormat, Setting, Settings, Source, reference},
};

fn run(args: &[&str], variables: &[(&str, &str)]) -> Result<Invocation, clap::Error> {
    let variables: HashMap<_, _> = variables.iter().map(|(name, value)| (*name, OsString::from(value))).collect();
    let args = std::iter::once("taizhang").chain(args.iter().copied());
    cli::parse_with(args, &|name| variables.get(name).cloned())
}

fn settings(args: &[&str], variables: &[(&str, &str)]) -> Settings {
    run(args, variables).expect("good settings").settings
}

fn refusal(args: &[&str], variables: &[(&str, &str)]) -> String {
    let text = run(args, variables).expect_err("bad settings").to_string();
    text.trim_end().to_owned()
}

#[test]
fn nothing_said_means_the_start_values() {
    let s = settings(&[], &[]);
    assert_eq!(s.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(s.database_url.expose(), "sqlite://./data/taizhang.db");
    assert_eq!(s.database_url.engine(), Engine::Sqlite);
    assert_eq!(s.keys_dir(), Path::new("./data/keys"));
    assert_eq!(s.holidays_dir, Path::new("./data/holidays"));
    assert_eq!((s.log_format, s.log_filter.as_str()), (LogFormat::Text, "info"));
    assert!(s.metrics && s.graphiql && s.demo);
    assert_eq!(s.limits, Limits::default());
    assert_eq!(s.token_rules().lifetime, Duration::from_secs(900));
    assert!(s.in_force().iter().all(|line| line.source == Source::Default));
    let shown: Vec<_> = s.in_force().iter().map(|line| line.name).collect();
    let listed: Vec<_> = config::all().iter().map(|setting| setting.name.as_str()).collect();
    assert_eq!(shown, listed, "every setting is shown, in the order of the documentation");
}

/// Another good value and a bad one for a setting.
fn samples(setting: &Setting) -> (&'static str, &'static str) {
    match setting.name.as_str() {
        "listen" => ("[::1]:9000", "localhost:9000"),
        "data-dir" => ("/srv/台账 data", "\0"),
        "database-url" => ("postgres://u@h/db", "mysql://u@h/db"),
        "issuer" | "audience" => ("https://a.example", "两 个"),
        "log-format" => ("json", "JSON"),
        "log-filter" => ("warn,taizhang=debug", "taizhang=loud"),
        "metrics" | "graphiql" | "public-reader" | "demo" => ("off", "maybe"),
        "migration-backups" => ("0", "101"),
        "holidays-dir" => ("/srv/holidays", "\0"),
        "password-profile" => ("asvs", "strict"),
        "breached-passwords" => ("/srv/breached.txt", "\0"),
        "audit-anchor-file" => ("/srv/anchors.txt", "\0"),
        "external-providers" => ("/srv/providers.json", "\0"),
        "totp-required-for" => ("administrators", "everybody"),
        "trusted-proxies" => ("10.0.0.1,192.168.0.0/16", "proxy.example"),
        "limit-grant-request" => ("7h", "59m"),
        "limit-password-memory" => ("65536", "8191"),
        "limit-password-passes" | "limit-password-lanes" => ("3", "0"),
        "limit-page-default" => ("30", "1001"),
        "limit-page-max" => ("150", "0"),
        "limit-file-unpacked" => ("2097152", "0"),
        "limit-file-memory" => ("268435456", "0"),
        _ if setting.value_name == "COUNT" => ("50", "-1"),
        _ => ("70s", "70"),
    }
}

#[test]
fn every_setting_is_taken_from_flag_and_variable_and_refused_in_one_sentence() {
    for setting in config::all() {
        let (mut good, bad) = samples(setting);
        if Settings::resolve(&HashMap::from([(setting.name.clone(), good.to_owned())]), &|_| None).is_err() {
            // Some ranges do not hold the common sample.
            good = if setting.value_name == "COUNT" { "4096" } else { "7s" };
        }
        let flag = format!("--{}", setting.name);
        let source = |s: &Settings| {
            let line = s.in_force().iter().find(|line| line.name == setting.name).expect("listed").clone();
            (line.value, line.source)
        };
        for args in [vec![flag.as_str(), good], vec![flag.as_str(), good, "doctor"], vec!["migrate", "up", &flag, good]]
        {
            assert_eq!(source(&settings(&args, &[])), (good.to_owned(), Source::Flag), "{args:?}");
        }
        for variable in &setting.variables {
            let from_variable = settings(&[], &[(variable, good)]);
            assert_eq!(source(&from_variable), (good.to_owned(), Source::Variable(variable.clone())));
            let other = settings(&[], &[(variable, "")]);
            assert_eq!(source(&other).1, Source::Default, "an empty {variable} is absent");
            assert_eq!(source(&settings(&[&flag, good], &[(variable, bad)])).1, Source::Flag, "the flag wins");
            let sentence = refusal(&[], &[(variable, bad)]);
            assert!(sentence.starts_with(&format!("error: {variable} is \"")), "{sentence}");
            assert!(sentence.ends_with(&format!("but must be {}", setting.allowed)), "{sentence}");
            assert_eq!(sentence.lines().count(), 1, "{sentence}");
        }
        let sentence = refusal(&[&flag, bad], &[]);
        assert!(sentence.starts_with(&format!("error: {flag} is \"")), "{sentence}");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
    }
}

#[test]
fn the_database_has_two_variables_and_ours_wins() {
    let ours = ("TAIZHANG_DATABASE_URL", "postgres://a@h/ours");
    let theirs = ("DATABASE_URL", "postgres://a@h/theirs");
    assert_eq!(settings(&[], &[ours, theirs]).database_url.expose(), ours.1);
    assert_eq!(settings(&[], &[theirs]).database_url.expose(), theirs.1);
    assert_eq!(settings(&[], &[theirs]).database_url.engine(), Engine::Postgres);
    let moved = settings(&["--data-dir", "/srv/t"], &[]);
    assert_eq!(moved.database_url.expose(), "sqlite:///srv/t/taizhang.db");
}

#[test]
fn a_password_is_never_printed() {
    for url in ["postgres://clerk:geheim@h/db", "postgres://h/db?password=geheim", "mysql://clerk:geheim@h/db"] {
        for (args, variables) in [(vec!["--database-url", url], vec![]), (vec![], vec![("DATABASE_URL", url)])] {
            let printed = match run(&args, &variables) {
                Ok(good) => {
                    assert!(good.settings.database_url.expose().contains("geheim"));
                    format!("{0} {0:?} {1:?}", good.settings, good.command)
                }
                Err(refusal) => format!("{refusal} {refusal:?}"),
            };
            assert!(printed.contains("***") && !printed.contains("geheim"), "{printed}");
        }
    }
}

#[test]
fn limits_hold_at_their_ends_and_not_one_past_them() {
    for setting in config::all().iter().filter(|setting| setting.limit) {
        let words: Vec<_> = setting.allowed.split(' ').collect();
        let [.., low, _, high] = words[..] else { panic!("{}", setting.allowed) };
        let end = |text: &str| {
            // The largest page must not fall under the usual one.
            let mut args = vec![format!("--{}", setting.name), text.to_owned()];
            if setting.name == "limit-page-max" && text != "0" && text != "1001" {
                args.extend(["--limit-page-default".to_owned(), "1".to_owned()]);
            }
            if setting.name == "limit-page-default" {
                args.extend(["--limit-page-max".to_owned(), "1000".to_owned()]);
            }
            run(&args.iter().map(String::as_str).collect::<Vec<_>>(), &[]).is_ok()
        };
        assert!(end(low) && end(high), "{}: {low} and {high} are allowed", setting.name);
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let step = |text: &str, by: i64| {
            let (number, unit) = text.split_at(digits(text));
            format!("{}{unit}", number.parse::<i64>().unwrap() + by)
        };
        assert!(!end(&step(high, 1)), "{} past {high}", setting.name);
        assert!(!end(&step(low, -1)), "{} before {low}", setting.name);
    }
    let sentence = refusal(&["--limit-page-default", "300"], &[]);
    assert_eq!(sentence, "error: limit-page-default is \"300\", but must be at most limit-page-max (200)");
}

#[test]
fn the_commands_are_understood() {
    let path = |text: &str| Path::new(text).to_owned();
    let import = |units: Option<&str>| {
        Command::Import(Import {
            file: path("a.json"),
            list_json: true,
            dry_run: false,
            json: false,
            units: units.map(path),
            issuer: None,
        })
    };
    for (line, expected) in [
        ("", Command::Serve),
        ("serve", Command::Serve),
        ("migrate up", Command::Migrate(Migrate::Up)),
        ("migrate down", Command::Migrate(Migrate::Down(Down { steps: 1 }))),
        ("migrate down --steps 3", Command::Migrate(Migrate::Down(Down { steps: 3 }))),
        ("migrate status", Command::Migrate(Migrate::Status)),
        ("schema", Command::Schema),
        ("import a.json --list-json", import(None)),
        ("import --list-json --units u.json a.json", import(Some("u.json"))),
        ("answer a.docx", Command::Answer(Answer { list: "a.docx".to_owned(), ..Answer::default() })),
        (
            "answer list_1 --keep 3=x=y 甲局=乙局",
            Command::Answer(Answer {
                list: "list_1".to_owned(),
                answers: [("3", "x=y"), ("甲局", "乙局")].map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
                keep: true,
            }),
        ),
        (
            "issue a.docx --issued-on 2026-03-02",
            Command::Issue(Issue {
                list: "a.docx".to_owned(),
                issued_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 2),
                document_number: None,
            }),
        ),
        ("token zhang", Command::Token(Token { user: "zhang".to_owned(), ..Token::default() })),
        ("unit import u.json", Command::Unit(UnitCommand::Import(UnitImport { file: path("u.json") }))),
        ("demo", Command::Demo),
        ("demo --demo off", Command::Demo),
        ("doctor", Command::Doctor),
        ("access", Command::Access),
        ("config", Command::Config(ConfigArgs { markdown: false })),
        ("config --markdown", Command::Config(ConfigArgs { markdown: true })),
    ] {
        let args: Vec<_> = line.split_whitespace().collect();
        assert_eq!(run(&args, &[]).expect(line).command, expected, "{line}");
    }
    for line in [
        "import a.json --json",
        "import --list-json",
        "migrate",
        "migrate down --steps 0",
        "token",
        "answer",
        "answer a.docx x",
        "answer a.docx =x",
        "issue",
        "issue a.docx --issued-on 3月2日",
        "unit",
        "fly",
        "--fly",
    ] {
        let args: Vec<_> = line.split_whitespace().collect();
        assert!(run(&args, &[]).is_err(), "{line}");
    }
}

#[test]
fn the_command_tree_is_sound_and_its_help_names_every_setting() {
    let mut tree = cli::tree();
    tree.clone().debug_assert();
    let help = tree.render_long_help().to_string();
    for setting in config::all() {
        assert!(
            help.contains(&format!("--{}", setting.name)) && help.contains(&setting.variables[0]),
            "{}",
            setting.name
        );
    }
}

#[test]
fn who_may_do_what_is_what_the_policy_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/access.md");
    let file = std::fs::read_to_string(path).expect("docs/access.md is there");
    assert_eq!(file, taizhang::access::markdown(), "print it again: cargo run -q -- access > docs/access.md");
}

#[test]
fn the_reference_is_the_one_the_program_prints() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
    let file = std::fs::read_to_string(path).expect("docs/configuration.md is there");
    assert_eq!(
        file,
        reference::markdown(),
        "print it again: cargo run -q -- config --markdown > docs/configuration.md"
    );
}
