//! What changed in a text.

use proptest::prelude::*;
use taizhang::domain::redline::{MAX_EDITS, Segment, SegmentKind, redline};

fn side(segments: &[Segment], gone: SegmentKind) -> String {
    segments.iter().filter(|s| s.kind != gone).map(|s| s.text.as_str()).collect()
}

fn shown(before: &str, after: &str) -> String {
    let mark = |s: Segment| match s.kind {
        SegmentKind::Equal => s.text,
        SegmentKind::Delete => format!("[-{}-]", s.text),
        SegmentKind::Insert => format!("[+{}+]", s.text),
    };
    redline(before, after).into_iter().map(mark).collect()
}

#[test]
fn by_example() {
    assert_eq!(redline("", ""), []);
    assert_eq!(shown("全年", "全年"), "全年");
    assert_eq!(shown("", "新增"), "[+新增+]");
    assert_eq!(shown("取消", ""), "[-取消-]");
    assert_eq!(shown("6月底前完成", "9月底前完成"), "[-6-][+9+]月底前完成");
    assert_eq!(shown("每季度公开一次。", "每季度至少公开一次。"), "每季度[+至少+]公开一次。");
    assert_eq!(shown("甲乙丙丁", "甲丙丁戊"), "甲[-乙-]丙丁[+戊+]");
    assert_eq!(shown("甲甲甲", "甲甲"), "甲甲[-甲-]");
}

#[test]
fn texts_too_far_apart_are_told_as_a_whole_and_quickly() {
    let (old, new) = ("旧文".repeat(10_000), "新句".repeat(10_000));
    let begun = std::time::Instant::now();
    let segments = redline(&format!("头{old}尾"), &format!("头{new}尾"));
    assert!(begun.elapsed().as_secs() < 5);
    let kinds: Vec<_> = segments.iter().map(|s| s.kind).collect();
    use SegmentKind::{Delete, Equal, Insert};
    assert_eq!(kinds, [Equal, Delete, Insert, Equal]);
    assert_eq!((segments[1].text.as_str(), segments[2].text.as_str()), (old.as_str(), new.as_str()));
}

/// The number of edits of the shortest way, by the table of the textbooks.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut last = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y { last } else { 1 + above.min(row[j]) };
            last = above;
        }
    }
    row[b.len()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applied_it_gives_both_texts(a in "[甲乙丙a\n]{0,40}", b in "[甲乙丙a\n]{0,40}") {
        let segments = redline(&a, &b);
        prop_assert_eq!(side(&segments, SegmentKind::Insert), a.clone());
        prop_assert_eq!(side(&segments, SegmentKind::Delete), b.clone());
        prop_assert!(segments.iter().all(|s| !s.text.is_empty()));
        prop_assert!(segments.windows(2).all(|w| w[0].kind != w[1].kind));
        let insert_first = |w: &[Segment]| w[0].kind == SegmentKind::Insert && w[1].kind == SegmentKind::Delete;
        prop_assert!(!segments.windows(2).any(insert_first));
        let edits: usize =
            segments.iter().filter(|s| s.kind != SegmentKind::Equal).map(|s| s.text.chars().count()).sum();
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        prop_assert_eq!(edits, distance(&a, &b), "the shortest way");
    }

    #[test]
    fn any_text_is_bounded(a in "\\PC{0,600}", b in "\\PC{0,600}") {
        let segments = redline(&a, &b);
        prop_assert_eq!(side(&segments, SegmentKind::Insert), a);
        prop_assert_eq!(side(&segments, SegmentKind::Delete), b);
        prop_assert!(segments.len() <= 2 * MAX_EDITS + 3);
    }
}
