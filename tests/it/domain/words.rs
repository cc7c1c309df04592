//! Printed numbers, names and telephones.

use std::cmp::Ordering;

use proptest::prelude::*;
use taizhang::domain::numbering::{Piece, compare, compare_paths, natural_key};
use taizhang::domain::text::{mask_phone, match_key, parse_phone};

#[test]
fn printed_numbers_have_a_natural_order() {
    for row in [
        &["1", "2", "9", "10", "26", "100"][..],
        &["一", "二", "九", "十", "十一", "十九", "二十", "二十一", "九十九", "一百", "一百〇五", "一百一十"],
        &["（一）", "（二）", "（十）", "（十二）"],
        &["①", "②", "⑩", "⑳"],
        &["1.1", "1.2", "1.10", "2", "2.1"],
        &["第1条", "第2条", "第10条"],
        &["３", "4", "１０"],
    ] {
        for pair in row.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
    }
    assert_eq!(natural_key("（二十三）"), [Piece::Number(23)]);
    assert_eq!(natural_key("二〇二六"), [Piece::Number(2026)]);
    assert_eq!(natural_key("1. "), [Piece::Number(1)]);
    let path = |labels: &[&str]| labels.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    assert_eq!(compare_paths(&path(&["一"]), &path(&["一", "（一）"])), Ordering::Less);
    assert_eq!(compare_paths(&path(&["二"]), &path(&["一", "（十）"])), Ordering::Greater);
}

#[test]
fn names_match_whatever_the_width() {
    for (a, b) in [
        ("各县（区）人民政府（管委会）", "各县(区)人民政府(管委会)"),
        ("工 作 要 求", "工作要求"),
        ("ＡＢＣ１２", "abc12"),
        ("市\u{3000}教育局\u{200B}", "市教育局"),
        ("〔2026〕5号", "[2026]5号"),
    ] {
        assert_eq!(match_key(a), match_key(b));
    }
    assert_ne!(match_key("市教育局"), match_key("县教育局"));
}

#[test]
fn telephones_are_known_and_masked() {
    for (text, stored, masked) in [
        ("13812341234", "13812341234", "138****1234"),
        ("+86 138-1234-1234", "13812341234", "138****1234"),
        ("１９９００００１２３４", "19900001234", "199****1234"),
        ("0431-12345678", "", "****"),
        ("0431-82345678", "0431-82345678", "0431-****678"),
        ("(0431)82345678", "0431-82345678", "0431-****678"),
        ("010 65432109", "010-65432109", "010-****109"),
        ("0598-2345678-801", "0598-2345678-801", "0598-****678"),
        ("12812341234", "", "****"),
        ("1381234123", "", "****"),
        ("82345678", "", "****"),
        ("张三 13812341234", "", "****"),
        ("", "", "****"),
    ] {
        assert_eq!(parse_phone(text), (!stored.is_empty()).then(|| stored.to_owned()), "{text}");
        assert_eq!(mask_phone(text), masked, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mask_never_shows_more_than_seven_digits(text in "[0-9+() -]{0,20}") {
        let shown = mask_phone(&text);
        prop_assert!(shown.contains("****"));
        prop_assert!(shown.chars().filter(char::is_ascii_digit).count() <= 7, "{}", shown);
        if let Some(stored) = parse_phone(&text) {
            prop_assert_eq!(parse_phone(&stored), Some(stored.clone()));
            prop_assert_eq!(mask_phone(&stored), shown);
        }
    }

    #[test]
    fn any_text_can_be_masked_ordered_and_matched(a in ".{0,20}", b in ".{0,20}") {
        let _ = mask_phone(&a);
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
        prop_assert_eq!(match_key(&match_key(&a)), match_key(&a));
    }
}
