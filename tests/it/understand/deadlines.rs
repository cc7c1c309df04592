//! The words of deadlines: a table of what offices print, and properties of generated texts.

use chrono::NaiveDate;
use entity::vocabulary::DeadlineKind as Kind;
use proptest::prelude::*;
use taizhang::domain::deadline::month_end;
use taizhang::domain::deadline_text::{TimeDoubt, find, read_cell};

fn brief(time: &taizhang::domain::deadline_text::Time) -> String {
    let rule = time.rule.as_ref().map(|r| serde_json::to_string(r).unwrap()).unwrap_or_default();
    let window = time.from.zip(time.to).map(|(a, b)| format!("{a}..{b}")).unwrap_or_default();
    let date = time.date.map(|d| d.to_string()).unwrap_or_default();
    format!("{} {date}{window}{rule}", time.kind.as_str()).trim_end().to_owned()
}

#[test]
fn cells_that_are_sure() {
    for (text, expected) in [
        ("2024年12月底前", "MONTH_END 2024-12-31"),
        ("12月底", "MONTH_END 2026-12-31"),
        ("十二月底前", "MONTH_END 2026-12-31"),
        ("２０２６年２月底前完成", "MONTH_END 2026-02-28"),
        ("2028年2月末", "MONTH_END 2028-02-29"),
        ("二〇二六年十月三十一日前", "FIXED_DATE 2026-10-31"),
        ("6月", "MONTH_END 2026-06-30"),
        ("2026年9月20日以前", "FIXED_DATE 2026-09-20"),
        ("2026-09-30", "FIXED_DATE 2026-09-30"),
        ("2026/9/30", "FIXED_DATE 2026-09-30"),
        ("2026.12", "MONTH_END 2026-12-31"),
        ("年底前", "MONTH_END 2026-12-31"),
        ("2025年底前", "MONTH_END 2025-12-31"),
        ("明年3月底", "MONTH_END 2027-03-31"),
        ("年内完成", "MONTH_END 2026-12-31"),
        ("上半年", "MONTH_END 2026-06-30"),
        ("2026年下半年", "MONTH_END 2026-12-31"),
        ("一季度", "MONTH_END 2026-03-31"),
        ("第三季度末", "MONTH_END 2026-09-30"),
        ("Q2", "MONTH_END 2026-06-30"),
        ("3月上旬", "FIXED_DATE 2026-03-10"),
        ("11月中旬", "FIXED_DATE 2026-11-20"),
        ("至2026年12月底", "MONTH_END 2026-12-31"),
        ("截至10月底", "MONTH_END 2026-10-31"),
        ("26年6月底", "MONTH_END 2026-06-30"),
        ("26年底前", "MONTH_END 2026-12-31"),
        ("20261031", "FIXED_DATE 2026-10-31"),
        ("2026/06/30 00:00", "FIXED_DATE 2026-06-30"),
        ("2026-06-30 00:00:00", "FIXED_DATE 2026-06-30"),
        ("6月下旬", "MONTH_END 2026-06-30"),
        ("全年", "ALL_YEAR 2026-12-31"),
        ("全年推进", "ALL_YEAR 2026-12-31"),
        ("1-12月", "ALL_YEAR 2026-12-31"),
        ("持续推进", "ONGOING"),
        ("长期坚持", "ONGOING"),
        ("常态化开展", "ONGOING"),
        ("立即", "ONGOING"),
        ("立即整改", "ONGOING"),
        ("即知即办", "ONGOING"),
        ("即知即改", "ONGOING"),
        ("按序时进度推进", "ONGOING"),
        ("长期坚持，立行立改", "ONGOING"),
        ("7月-8月", "WINDOW 2026-07-01..2026-08-31"),
        ("5—6月份", "WINDOW 2026-05-01..2026-06-30"),
        ("2026年3月1日至5月31日", "WINDOW 2026-03-01..2026-05-31"),
        ("3月1日-15日", "WINDOW 2026-03-01..2026-03-15"),
        ("11月至2月", "WINDOW 2026-11-01..2027-02-28"),
        ("每季度至少更新1次", r#"RECURRING {"every":"quarter","min_times":1}"#),
        ("每年不少于两次", r#"RECURRING {"every":"year","min_times":2}"#),
        ("每月", r#"RECURRING {"every":"month"}"#),
        ("每半年一次", r#"RECURRING {"every":"6 months","min_times":1}"#),
        ("每两周1次", r#"RECURRING {"every":"2 weeks","min_times":1}"#),
        ("一季一报", r#"RECURRING {"every":"quarter","min_times":1}"#),
        (
            "收到申请后，不能当场答复的，20个工作日内答复。",
            r#"RELATIVE {"event":"收到申请","offset":20,"unit":"workday","condition":"不能当场答复的"}"#,
        ),
        ("本清单印发后三十天内", r#"RELATIVE {"event":"本清单印发","offset":30,"unit":"day"}"#),
        ("自信息形成之日起二十个工作日内", r#"RELATIVE {"event":"信息形成","offset":20,"unit":"workday"}"#),
        ("自评结束后10日内", r#"RELATIVE {"event":"自评结束","offset":10,"unit":"day"}"#),
        ("会议召开前3个工作日", r#"RELATIVE {"event":"会议召开","offset":-3,"unit":"workday"}"#),
        ("受理后2个月内", r#"RELATIVE {"event":"受理","offset":2,"unit":"month"}"#),
        ("接件后24小时内", r#"RELATIVE {"event":"接件","offset":1,"unit":"day"}"#),
    ] {
        let reading = read_cell(text, 2026);
        assert_eq!(brief(&reading.deadline), expected, "{text}");
        assert_eq!((reading.doubts, reading.others), (vec![], vec![]), "{text}");
    }
}

#[test]
fn cells_that_need_a_person() {
    for (text, expected, doubt) in [
        ("6月前", "MONTH_END 2026-05-31", TimeDoubt::BeforeMonth),
        ("12.31", "FIXED_DATE 2026-12-31", TimeDoubt::BareNumbers),
        ("2026年", "MONTH_END 2026-12-31", TimeDoubt::BareYear),
        ("汛期前", "NONE", TimeDoubt::NotUnderstood),
        ("定期更新", "ONGOING", TimeDoubt::HowOften),
        ("每季度首月10日前", r#"RECURRING {"every":"quarter"}"#, TimeDoubt::Rest),
        ("每学期1次", r#"RECURRING {"every":"6 months","min_times":1}"#, TimeDoubt::Rest),
        ("5个工作日内", r#"RELATIVE {"event":"（未写明）","offset":5,"unit":"workday"}"#, TimeDoubt::NoEvent),
        ("2026年7月起", "ONGOING", TimeDoubt::NoEnd),
        ("3月底开工，11月底完工", "MONTH_END 2026-11-30", TimeDoubt::SeveralDays),
        ("6月底前，视情况再议", "MONTH_END 2026-06-30", TimeDoubt::Rest),
        ("2月30日前", "NONE", TimeDoubt::NotUnderstood),
        ("20261331", "NONE", TimeDoubt::NotUnderstood),
        ("11月中旬前", "FIXED_DATE 2026-11-20", TimeDoubt::BeforeTenDays),
        ("6月下旬前", "MONTH_END 2026-06-30", TimeDoubt::BeforeTenDays),
        ("2026.1", "MONTH_END 2026-01-31", TimeDoubt::BareNumbers),
        ("2026年春节前", "NONE", TimeDoubt::NotUnderstood),
        ("2026年两会期间", "NONE", TimeDoubt::NotUnderstood),
        ("每月5日前", r#"RECURRING {"every":"month"}"#, TimeDoubt::Rest),
        ("每月15日前至少报送1次", r#"RECURRING {"every":"month","min_times":1}"#, TimeDoubt::Rest),
        ("每周五前", r#"RECURRING {"every":"week"}"#, TimeDoubt::Rest),
        ("每季度首月", r#"RECURRING {"every":"quarter"}"#, TimeDoubt::Rest),
        ("每年12月底前", r#"RECURRING {"every":"year"}"#, TimeDoubt::Rest),
        ("每年上半年", r#"RECURRING {"every":"year"}"#, TimeDoubt::Rest),
    ] {
        let reading = read_cell(text, 2026);
        assert_eq!(brief(&reading.deadline), expected, "{text}");
        assert_eq!(reading.doubts, [doubt], "{text}");
    }
    let both = read_cell("2026年6月底前，并持续推进", 2026);
    assert_eq!((brief(&both.deadline), both.others.len()), ("MONTH_END 2026-06-30".into(), 1));
}

/// 1月、7月: the last is the deadline, none is lost, and a person is asked once.
#[test]
fn several_in_a_row_are_all_kept() {
    for (text, last, others) in [
        ("1月、7月", "2026-07-31", vec!["1月 2026-01-31"]),
        ("2026年第一、三季度", "2026-09-30", vec!["2026年第一、三季度 2026-03-31"]),
        ("二、四季度末", "2026-12-31", vec!["二、四季度末 2026-06-30"]),
        ("6月和12月各一次", "2026-12-31", vec!["6月 2026-06-30"]),
        (
            "3、6、9、12月底",
            "2026-12-31",
            vec!["3、6、9、12月底 2026-03-31", "3、6、9、12月底 2026-06-30", "3、6、9、12月底 2026-09-30"],
        ),
        ("上、下半年各一次", "2026-12-31", vec!["上、下半年 2026-06-30"]),
        ("2026年10月、2027年3月底前", "2027-03-31", vec!["2026年10月 2026-10-31"]),
    ] {
        let reading = read_cell(text, 2026);
        assert_eq!(reading.deadline.date.unwrap().to_string(), last, "{text}");
        let kept: Vec<String> = reading.others.iter().map(|t| format!("{} {}", t.text, t.date.unwrap())).collect();
        assert_eq!(kept, others, "{text}");
        assert_eq!(reading.doubts[0], TimeDoubt::SeveralDays, "{text}");
    }
    // Every span with nothing but its end says no day of its own.
    for text in ["每月底前", "每季度末", "每年年底前", "每季度", "每年至少听取2次", "每半年一次"]
    {
        assert!(read_cell(text, 2026).doubts.is_empty(), "{text}");
    }
}

#[test]
fn running_text_gives_only_times_that_are_times() {
    for (text, expected) in [
        ("2026年11月20日前公开目录。", vec!["2026年11月20日前 FIXED_DATE 2026-11-20 !"]),
        ("2026年底前，集中公开。", vec!["2026年底前 MONTH_END 2026-12-31 !"]),
        ("二维码于9月底前报办公室。", vec!["9月底前 MONTH_END 2026-09-30 !"]),
        ("每年至少听取1次汇报。", vec![r#"每年至少听取1次 RECURRING {"every":"year","min_times":1} !"#]),
        ("年内至少听取1次汇报。", vec![r#"年内至少听取1次 RECURRING {"every":"year","min_times":1} !"#]),
        ("每日发布情况，做好引导。", vec![r#"每日发布情况 RECURRING {"every":"day"}"#]),
        ("继续月自查、季督查机制。", vec![r#"月自查、季督查 RECURRING {"every":["month","quarter"]}"#]),
        ("定期组织开展培训。", vec![r#"定期组织开展培训 RECURRING "频次未定""#]),
        ("避免2周内信息不更新情况发生。", vec![r#"避免2周内信息不更新情况发 RECURRING {"every":"2 weeks"}"#]),
        ("各乡镇7月-8月集中开展活动。", vec!["7月-8月集中开展活动 WINDOW 2026-07-01..2026-08-31 !"]),
        (
            "自收到之日起10个工作日内答复。",
            vec![r#"自收到之日起10个工作日内 RELATIVE {"event":"收到","offset":10,"unit":"workday"} !"#],
        ),
        // None of these is a time by which anything is due.
        ("落实“十四五”规划，公开2024年民生实事和年度报告。", vec![]),
        ("（国办公开办函〔2019〕60号）要求，26个领域，12345热线。", vec![]),
        ("《2021年底前取消的事项》已公布。", vec![]),
        ("截至2025年底，自2020年1月1日起施行。", vec![]),
        ("建立2026年工作台账，3个月以来的成效。", vec![]),
    ] {
        let found: Vec<String> = find(text, 2026)
            .iter()
            .map(|f| format!("{} {}{}", f.time.text, brief(&f.time), if f.binds { " !" } else { "" }))
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

/// 1 to 31 in Chinese numerals, written apart from the reader.
fn chinese(n: u32) -> String {
    let digit = |d: u32| ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"][d as usize];
    match n {
        1..=9 => digit(n).to_owned(),
        10..=19 => format!("十{}", digit(n - 10)),
        _ => format!("{}十{}", digit(n / 10), digit(n % 10)),
    }
}

fn full_width(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }).collect()
}

/// A number in one of three scripts.
fn script(n: u32, which: u8) -> String {
    match which {
        0 => n.to_string(),
        1 => full_width(&n.to_string()),
        _ => chinese(n),
    }
}

fn soup() -> impl Strategy<Value = String> {
    let words = vec![
        "2026",
        "年",
        "12",
        "月",
        "日",
        "底",
        "前",
        "每",
        "季度",
        "至少",
        "1次",
        "个工作日",
        "内",
        "收到申请",
        "后",
        "之日起",
        "自",
        "-",
        "至",
        "上半年",
        "全年",
        "持续",
        "第",
        "三",
        "十",
        "，",
        "。",
        "；",
        "定期",
        "5",
        "周",
        "Q",
        ".",
        "/",
        "《",
        "》",
        "提前",
        "会议",
        " ",
    ];
    prop::collection::vec(prop::sample::select(words), 0..20).prop_map(|w| w.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_panics(text in prop_oneof![any::<String>(), soup()], year in 2000..2100_i32) {
        let reading = read_cell(&text, year);
        // What was not understood is said, and a date is always inside the calendar of lists.
        if reading.deadline.kind == Kind::None {
            prop_assert!(!reading.doubts.is_empty() || text.chars().all(|c| c.is_whitespace() || c.is_control()));
        }
        for time in find(&text, year).into_iter().map(|f| f.time).chain(reading.others).chain([reading.deadline]) {
            match time.kind {
                Kind::FixedDate | Kind::MonthEnd => prop_assert!(time.date.is_some()),
                Kind::Window => prop_assert!(time.from.unwrap() <= time.to.unwrap()),
                Kind::Relative | Kind::Recurring => prop_assert!(time.rule.is_some()),
                _ => {}
            }
        }
    }

    #[test]
    fn ends_of_months_round_trip(
        year in 2020..2040_i32, month in 1..=12_u32, which in 0..3_u8, has_year: bool,
        end in prop::sample::select(vec!["底", "底前", "末", "底之前", "份底前", "底以前完成", ""]),
    ) {
        let text = format!("{}{}月{end}", if has_year { format!("{year}年") } else { String::new() }, script(month, which));
        let reading = read_cell(&text, year);
        prop_assert_eq!(reading.deadline.date, month_end(year, month), "{}", &text);
        prop_assert_eq!(reading.deadline.kind, Kind::MonthEnd);
        prop_assert_eq!(reading.deadline.text, text);
        prop_assert!(reading.doubts.is_empty());
    }

    #[test]
    fn days_round_trip(
        year in 2020..2040_i32, month in 1..=12_u32, day in 1..=31_u32, which in 0..3_u8,
        end in prop::sample::select(vec!["前", "之前", "以前", "", "前完成"]),
    ) {
        let text = format!("{year}年{}月{}日{end}", script(month, which), script(day, which));
        let date = NaiveDate::from_ymd_opt(year, month, day);
        let reading = read_cell(&text, 2000);
        prop_assert_eq!(reading.deadline.date, date, "{}", &text);
        if date.is_some() {
            let inside = find(&format!("各单位{text}报送材料。"), 2000);
            prop_assert_eq!(inside.first().is_some_and(|f| f.time.date == date), !end.is_empty(), "{}", &text);
        } else {
            prop_assert_eq!(reading.doubts, vec![TimeDoubt::NotUnderstood]);
        }
    }

    #[test]
    fn windows_round_trip(from in 1..=11_u32, more in 1..=11_u32, which in 0..3_u8, sign in prop::sample::select(vec!["-", "至", "—", "～", "到"])) {
        let to = (from + more).min(12);
        prop_assume!((from, to) != (1, 12));
        let text = format!("{}月{sign}{}月", script(from, which), script(to, which));
        let time = read_cell(&text, 2026).deadline;
        prop_assert_eq!(time.from, NaiveDate::from_ymd_opt(2026, from, 1), "{}", &text);
        prop_assert_eq!(time.to, month_end(2026, to));
    }

    #[test]
    fn counts_round_trip(
        times in 1..=12_u32, which in 0..3_u8,
        (word, span) in prop::sample::select(vec![("日", "day"), ("周", "week"), ("月", "month"), ("季度", "quarter"), ("年", "year"), ("半年", "6 months")]),
    ) {
        let text = format!("每{word}至少{}次", script(times, which));
        let expected = format!(r#"RECURRING {{"every":"{span}","min_times":{times}}}"#);
        prop_assert_eq!(brief(&read_cell(&text, 2026).deadline), expected, "{}", text);
    }
}
