//! The detectors: a table of cases, and numbers planted in random surroundings.

use entity::vocabulary::PersonalDataKind::{self, BankCard, Email, IdCard, Phone};
use proptest::prelude::*;
use taizhang::domain::personal_data::{excerpt, find, mask};

fn found(text: &str) -> Vec<(PersonalDataKind, &str)> {
    find(text).into_iter().map(|one| (one.kind, &text[one.start..one.end])).collect()
}

#[test]
fn what_is_personal() {
    for (text, kind, what) in [
        ("联系人张某13800138000。", Phone, "13800138000"),
        ("电话：138 0013 8000", Phone, "138 0013 8000"),
        ("电话138-0013-8000转告", Phone, "138-0013-8000"),
        ("１３８００１３８０００", Phone, "１３８００１３８０００"),
        ("１３８－００１３－８０００", Phone, "１３８－００１３－８０００"),
        ("+86 13800138000", Phone, "86 13800138000"),
        ("＋86-138-0013-8000", Phone, "86-138-0013-8000"),
        ("008613800138000", Phone, "008613800138000"),
        ("8613800138000", Phone, "8613800138000"),
        ("138.0013.8000", Phone, "138.0013.8000"),
        ("138·0013·8000", Phone, "138·0013·8000"),
        ("1 3 8 0 0 1 3 8 0 0 0", Phone, "1 3 8 0 0 1 3 8 0 0 0"),
        ("138\u{200B}0013\u{200B}8000", Phone, "138\u{200B}0013\u{200B}8000"),
        ("138\u{3000}00138000", Phone, "138\u{3000}00138000"),
        ("1380013\n8000", Phone, "1380013\n8000"),
        ("𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", Phone, "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎"),
        ("Tel13800138000", Phone, "13800138000"),
        ("微信同号13800138000X", Phone, "13800138000"),
        ("2026年1月13800138000", Phone, "13800138000"),
        ("13800138000元旦值班", Phone, "13800138000"),
        ("1.13800138000", Phone, "13800138000"),
        ("0594-2345678", Phone, "0594-2345678"),
        ("（0594）2345678", Phone, "0594）2345678"),
        ("0594 2345678转801", Phone, "0594 2345678"),
        ("05942345678", Phone, "05942345678"),
        ("010-65432109", Phone, "010-65432109"),
        ("(010)6543-2109", Phone, "010)6543-2109"),
        ("０５９４－２３４５６７８", Phone, "０５９４－２３４５６７８"),
        ("+86 594 2345678", Phone, "86 594 2345678"),
        ("监督电话：2345678", Phone, "2345678"),
        ("热线 6543-2109", Phone, "6543-2109"),
        ("身份证11010519491231002X。", IdCard, "11010519491231002X"),
        ("11010519491231002x", IdCard, "11010519491231002x"),
        ("１１０１０５１９４９１２３１００２Ｘ", IdCard, "１１０１０５１９４９１２３１００２Ｘ"),
        ("110105 19491231 002X", IdCard, "110105 19491231 002X"),
        ("旧证号110105491231002", IdCard, "110105491231002"),
        ("账号6222021234567890128", BankCard, "6222021234567890128"),
        ("卡号 6222 0212 3456 7890 128", BankCard, "6222 0212 3456 7890 128"),
        ("4111 1111 1111 1111", BankCard, "4111 1111 1111 1111"),
        ("信箱：zhang.san@example.gov.cn。", Email, "zhang.san@example.gov.cn"),
        ("ｚｓ＠example.com", Email, "ｚｓ＠example.com"),
    ] {
        assert_eq!(found(text), [(kind, what)], "{text}");
        assert!(found(&mask(text)).is_empty(), "{text}: {}", mask(text));
    }
}

#[test]
fn several_in_one_text() {
    assert_eq!(
        found("13800138000、13900139000/0594-2345678，2345679；a@b.cn"),
        [
            (Phone, "13800138000"),
            (Phone, "13900139000"),
            (Phone, "0594-2345678"),
            (Phone, "2345679"),
            (Email, "a@b.cn")
        ]
    );
    assert_eq!(mask("张某138 0013 8000，李某0594-2345678"), "张某138****8000，李某0594-****678");
    assert_eq!(mask("证件11010519491231002X"), "证件****");
    let text = "前面有很多很多很多很多很多字的一段话，电话13800138000和13900139000，后面也有很多很多很多很多字。";
    let all = find(text);
    assert_eq!(excerpt(text, &all, all[0]), "…很多很多字的一段话，电话138****8000和139****9000…");
}

#[test]
fn what_only_looks_like_it() {
    for text in [
        "",
        "示府办〔2026〕13号",
        "示政发〔2026〕13800138000号",
        "闽示政办规〔2025〕12号，2026年1月1日起施行",
        "2026-01-01至2026-12-31",
        "20260101-20261231",
        "2026.01.01—2026.12.31",
        "投资13800138000元",
        "13800138000.50",
        "资金13,800,138,000元，约138亿元",
        "￥13800138000",
        "13800138000平方米",
        "统一社会信用代码91350100M000100Y43",
        "统一社会信用代码：91350100M000100Y43。",
        "91350100M000100Y43",
        "第13项、第2024项、第12345项",
        "13 2024 12345",
        "拨打12345热线或12315",
        "服务电话400-810-8888",
        "2026年办理8000138件，同比增长13.8%",
        "办结2345678件",
        "邮编351100",
        "发布时间20260501",
        "监督电话公布日期20260501",
        "1234567890123456",
        "0000000000000000",
        "序号138，编码0013",
        "微博@示例发布",
        "110105194912310020",
        "第6222021234567890129号档案",
        "http://www.example.gov.cn/zwgk/202605/t20260501_5213800.htm",
    ] {
        assert_eq!(found(text), [], "{text}");
        assert_eq!(mask(text), text);
    }
}

/// The check digit of an identity number, written apart from the program: the sum over all eighteen is 1 modulo 11.
fn id_card(region: u32, born: chrono::NaiveDate, serial: u32) -> String {
    let first = format!("{region:06}{}{serial:03}", born.format("%Y%m%d"));
    let fits = |last: u32| {
        let values = first.bytes().map(|b| u32::from(b - b'0')).chain([last]);
        let sum: u32 = values.enumerate().map(|(at, value)| value * (0..17 - at).fold(1, |w, _| w * 2 % 11)).sum();
        sum % 11 == 1
    };
    let last = (0..=10).find(|last| fits(*last)).unwrap();
    format!("{first}{}", if last == 10 { "X".to_owned() } else { last.to_string() })
}

/// A card number of so many digits.
fn card(first: &str, middle: u64, length: usize) -> String {
    let body: String = format!("{first}{middle:018}").chars().take(length - 1).collect();
    let fits = |last: &u32| {
        let digits: Vec<u32> = format!("{body}{last}").bytes().rev().map(|b| u32::from(b - b'0')).collect();
        let weigh = |(at, digit): (usize, &u32)| if at % 2 == 1 { (digit * 2) / 10 + (digit * 2) % 10 } else { *digit };
        digits.iter().enumerate().map(weigh).sum::<u32>() % 10 == 0
    };
    format!("{body}{}", (0..10).find(fits).unwrap())
}

fn wide(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }).collect()
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(
            &["落实", "公开", "市教育局", "，", "。", "第3项", "2026年", "（一）", "《办法》", "完成率98%", "\n"][..],
        ),
        0..8,
    )
    .prop_map(|parts| parts.concat())
}

/// A mobile number as people write it.
fn mobile() -> impl Strategy<Value = String> {
    (3_u32..=9, 0_u32..100_000_000, 0_usize..9, any::<bool>()).prop_map(|(second, rest, form, is_wide)| {
        let n = format!("1{second}{:01}{:08}", rest % 10, rest);
        let (a, b, c) = (&n[..3], &n[3..7], &n[7..]);
        let text = match form {
            0 => n.clone(),
            1 => format!("{a} {b} {c}"),
            2 => format!("{a}-{b}-{c}"),
            3 => format!("{a} {b}{c}"),
            4 => format!("+86 {n}"),
            5 => format!("+86-{a}-{b}-{c}"),
            6 => format!("{a}.{b}.{c}"),
            7 => format!("{a}\u{200B}{b}\u{200B}{c}"),
            _ => format!("{a}{b} {c}"),
        };
        if is_wide { wide(&text) } else { text }
    })
}

fn landline() -> impl Strategy<Value = String> {
    (0_usize..6, 2_000_000_u32..9_999_999, 0_usize..4).prop_map(|(area, number, form)| {
        let area = ["010", "021", "0594", "0431", "0755", "0991"][area];
        match form {
            0 => format!("{area}-{number}"),
            1 => format!("（{area}）{number}"),
            2 => format!("{area} {number}"),
            _ => wide(&format!("{area}-{number}")),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_planted_number_is_found_and_hidden(
        before in words(), number in prop_oneof![mobile(), landline()], after in words(),
    ) {
        // Digits that touch the number make another number of it.
        let text = format!("{before}，{number}；{after}");
        let hits = find(&text);
        prop_assert_eq!(hits.len(), 1, "{}: {:?}", text, hits);
        prop_assert_eq!(hits[0].kind, Phone);
        let digits: String = number.chars().filter(|c| c.is_numeric()).collect();
        let shown: String = text[hits[0].start..hits[0].end].chars().filter(|c| c.is_numeric()).collect();
        prop_assert_eq!(shown, digits);
        let masked = mask(&text);
        prop_assert!(find(&masked).is_empty(), "{}", masked);
        prop_assert!(!masked.contains(&number));
        let around = excerpt(&text, &hits, hits[0]);
        prop_assert!(find(&around).is_empty() && around.contains("****"), "{}", around);
    }

    #[test]
    fn identity_numbers_and_cards_are_found(
        region in prop::sample::select(&[110105_u32, 350302, 220102, 650102, 820000][..]),
        year in 1930_i32..2020, day in 1_u32..=365, serial in 0_u32..1000,
        first in prop::sample::select(&["62220", "621700", "4", "5", "95588", "60"][..]), middle in 0_u64..1_000_000_000_000_000_000,
        length in 16_usize..=19,
    ) {
        let born = chrono::NaiveDate::from_yo_opt(year, day).unwrap();
        let id = id_card(region, born, serial);
        let number = card(first, middle, length);
        let text = format!("证件{id}，卡号{number}。");
        let hits = found(&text);
        prop_assert_eq!(hits.len(), 2, "{} {:?}", text, hits);
        prop_assert_eq!(hits[0], (IdCard, id.as_str()));
        // Eighteen digits can be both.
        prop_assert_eq!(hits[1].1, number.as_str());
        prop_assert_eq!(mask(&text), "证件****，卡号****。");
    }

    #[test]
    fn documents_days_and_amounts_are_left_alone(
        year in 2019_u32..2030, number in 1_u32..3000, month in 1_u32..=12, day in 1_u32..=28, amount in 1_u64..99_999_999_999,
    ) {
        for text in [
            format!("示政办〔{year}〕{number}号"),
            format!("{year}年{month}月{day}日"),
            format!("{year}-{month:02}-{day:02}"),
            format!("{year}{month:02}{day:02}"),
            format!("{year}.{month}.{day}—{year}.12.31"),
            format!("投资{amount}元"),
            format!("{amount}.{:02}万元", number % 100),
            format!("办理{number}件，占{:.1}%", f64::from(number) / 10.0),
        ] {
            prop_assert!(find(&text).is_empty(), "{}: {:?}", text, found(&text));
        }
    }

    #[test]
    fn any_text_can_be_looked_through(text in "(\\PC|[0-9０-９ ./@+()-]){0,80}") {
        let hits = find(&text);
        let mut end = 0;
        for one in &hits {
            prop_assert!(one.start >= end && one.start < one.end && one.end <= text.len());
            prop_assert!(text.is_char_boundary(one.start) && text.is_char_boundary(one.end));
            end = one.end;
            let _ = excerpt(&text, &hits, *one);
        }
        let _ = mask(&text);
    }
}
