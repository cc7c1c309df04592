//! schema.graphql is what the program prints.

use crate::support::binary;

#[test]
fn the_file_is_the_one_the_program_prints() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let file = std::fs::read_to_string(path).expect("schema.graphql is there");
    assert_eq!(file, taizhang::graphql::schema_text(), "print it again: cargo run -q -- schema > schema.graphql");
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(binary::done(folder.path(), &["schema"]), file);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "printing makes no database");
}

#[test]
fn everything_stands_in_alphabetical_order() {
    let text = taizhang::graphql::schema_text();
    let mut before = String::new();
    for line in text.lines().filter(|line| line.starts_with("type ")) {
        let name = line.split_whitespace().nth(1).unwrap().to_owned();
        assert!(before < name, "{name} after {before}");
        before = name;
    }
}
