//! The pages that name tests name tests that are there.

use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_test_that_a_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("tests"), &mut files);
    sources(&root.join("src"), &mut files);
    let mut named = 0;
    for page in ["security.md"] {
        let text = std::fs::read_to_string(root.join("docs").join(page)).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let Some((file, test)) = quoted.split_once(".rs::") else { continue };
            named += 1;
            let there = files
                .iter()
                .filter(|path| path.file_stem().is_some_and(|stem| stem == file))
                .any(|path| std::fs::read_to_string(path).unwrap().contains(&format!("fn {test}(")));
            assert!(there, "{page} names {quoted}, and there is no such test");
        }
    }
    assert!(named > 40, "only {named} tests are named");
}

/// The page of trials names tests by their modules, and the next ones of a line without.
#[test]
fn every_trial_that_the_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("tests/it"), &mut files);
    let text = std::fs::read_to_string(root.join("docs/trials.md")).unwrap();
    let has = |path: &Path, test: &str| std::fs::read_to_string(path).unwrap().contains(&format!("fn {test}("));
    let module = |name: &str, path: &Path| {
        path.file_stem().is_some_and(|stem| stem == name) || path.ends_with(format!("{name}/mod.rs"))
    };
    let mut named = 0;
    for quoted in text.split('`').skip(1).step_by(2) {
        let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let parts: Vec<&str> = quoted.trim_start_matches("…::").split("::").collect();
        if !parts.iter().all(|part| word(part))
            || parts.len() == 1 && !quoted.contains("::") && quoted.matches('_').count() < 2
        {
            continue;
        }
        named += 1;
        let last = parts[parts.len() - 1];
        let there = match parts[..] {
            [.., before, _] if files.iter().any(|path| module(before, path) && has(path, last)) => true,
            _ => files.iter().any(|path| has(path, last) || parts.len() > 1 && module(last, path)),
        };
        assert!(there, "docs/trials.md names {quoted}, and there is no such test");
    }
    assert!(named > 25, "only {named} tests are named");
}

/// The files of `deploy/` set what there is to set.
#[test]
fn every_setting_that_deploy_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = std::fs::read_to_string(root.join("docs/configuration.md")).unwrap();
    let mut named = 0;
    for file in ["Dockerfile", "compose.yaml", "taizhang.service"] {
        let text = std::fs::read_to_string(root.join("deploy").join(file)).unwrap();
        for piece in text.split("TAIZHANG_").skip(1) {
            let rest: String = piece.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            named += 1;
            assert!(known.contains(&format!("`TAIZHANG_{rest}`")), "deploy/{file} sets TAIZHANG_{rest}");
        }
    }
    assert!(named > 8, "only {named} settings are named");
}
