//! Charts out of roll-ups.

use taizhang::documents::chart::{Chart, ChartError, ChartKind, MAX_CATEGORIES, Series, Tone, echarts, svg};
use taizhang::domain::lang::Lang;

use super::{caption, row, units};

#[test]
fn the_parts_add_up_to_what_was_expected() {
    let rows = units();
    for chart in [
        Chart::receipt(caption("报送情况"), &rows).unwrap(),
        Chart::progress(caption("进展"), &rows).unwrap(),
        Chart::overview(caption("进展"), &rows).unwrap(),
    ] {
        for (at, row) in rows.iter().enumerate() {
            let sum: u32 = chart.series().iter().map(|s| s.values()[at]).sum();
            assert_eq!(sum, row.sums.expected, "{} in {:?}", row.name, chart.kind());
        }
    }
}

#[test]
fn nobody_is_ranked() {
    let mut rows = units();
    for _ in 0..2 {
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        let chart = Chart::receipt(caption("报送情况"), &rows).unwrap();
        assert_eq!(chart.categories(), names);
        assert_eq!(echarts(&chart)["yAxis"]["data"], serde_json::json!(names));
        let text = svg(&chart);
        let places: Vec<usize> = names.iter().map(|name| text.find(&format!("<title>{name}：")).unwrap()).collect();
        assert!(places.is_sorted(), "the order of the caller, not of the numbers");
        rows.reverse();
    }
}

#[test]
fn periods_are_cumulative_and_not_summed() {
    let rows = [row("1–3月", [0, 1, 0, 2, 0, 0], [0, 0, 1]), row("1–6月", [0, 0, 1, 3, 0, 0], [0, 0, 0])];
    let chart = Chart::periods(caption("各期报送情况"), &rows).unwrap();
    assert_eq!(chart.kind(), ChartKind::GroupedColumns);
    let names: Vec<&str> = chart.series().iter().map(Series::name).collect();
    assert_eq!(names, ["应报", "已报", "已通过"]);
    assert_eq!(chart.series()[0].values(), [4, 4]);
    let lines = svg(&chart.drawn_as(ChartKind::Lines));
    assert!(lines.contains("共2期。") && !lines.contains("合计"), "{lines}");
}

#[test]
fn a_long_chart_is_cut_into_pages_of_one_scale() {
    let rows: Vec<_> = (0..70).map(|n| row(&format!("虚构单位{n}"), [0, 0, 0, n, 0, 0], [0, 0, 1])).collect();
    let chart = Chart::receipt(caption("报送情况"), &rows).unwrap();
    let pages = chart.pages(30);
    assert_eq!(pages.iter().map(|page| page.categories().len()).collect::<Vec<_>>(), [30, 30, 10]);
    let names: Vec<&String> = pages.iter().flat_map(Chart::categories).collect();
    assert!(names.into_iter().eq(chart.categories()));
    let values: Vec<u32> = pages.iter().flat_map(|page| page.series()[0].values().to_vec()).collect();
    assert_eq!(values, chart.series()[0].values());
    for (number, page) in pages.iter().enumerate() {
        let text = svg(page);
        assert!(text.contains(&format!("2026年1–6月（第{}/3页）", number + 1)));
        assert!(text.contains(">70</text>"), "the axis reaches as far as that of the whole");
        assert_eq!(echarts(page)["xAxis"]["max"], 70);
    }
    assert_eq!(chart.pages(70), std::slice::from_ref(&chart));
    assert_eq!(chart.pages(0).len(), 70);
    assert_eq!(Chart::receipt(caption("报送情况"), &[]).unwrap().pages(30).len(), 1);
}

#[test]
fn the_small_print_names_day_and_source() {
    let rows = units();
    let zh = svg(&Chart::receipt(caption("报送情况"), &rows).unwrap());
    assert!(zh.contains("数据截至2026年7月5日。来源：虚构的云州市政府办公室（演示数据）。"));
    let english = taizhang::documents::chart::Caption { lang: Lang::En, source: "", ..caption("Reports") };
    let en = svg(&Chart::receipt(english, &rows).unwrap());
    assert!(en.contains("As of 2026-07-05.") && en.contains("Not handed in") && en.contains("xml:lang=\"en\""));
    assert!(!en.contains("未报送"));
}

#[test]
fn what_does_not_fit_is_refused_in_a_sentence() {
    let rows: Vec<_> = (0..=MAX_CATEGORIES).map(|n| row(&format!("单位{n}"), [0; 6], [0, 0, 1])).collect();
    assert_eq!(Chart::receipt(caption("报送情况"), &rows), Err(ChartError::TooManyCategories));
    assert!(Chart::receipt(caption("报送情况"), &rows[1..]).is_ok());
    let new = |series| Chart::new("图", ChartKind::Stacked, &["甲"], series, "项", Lang::Zh);
    let one = |name: &str, tone| Series::new(name, tone, vec![1]);
    assert_eq!(new(vec![Series::new("a", Tone::Done, vec![])]), Err(ChartError::UnevenSeries));
    assert_eq!(new(vec![one("a", Tone::Done), one("a", Tone::Open)]), Err(ChartError::SameSeries));
    assert_eq!(new(vec![one("a", Tone::Done), one("b", Tone::Done)]), Err(ChartError::SameSeries));
    assert_eq!(new((0..9).map(|n| one(&n.to_string(), Tone::Done)).collect()), Err(ChartError::TooManySeries));
    for error in
        [ChartError::TooManyCategories, ChartError::TooManySeries, ChartError::UnevenSeries, ChartError::SameSeries]
    {
        assert!(error.text(Lang::Zh).chars().any(|c| c > '\u{4e00}') && error.text(Lang::En).is_ascii());
    }
}

#[test]
fn one_picture_as_it_is() {
    let rows = &units()[2..5];
    let chart = Chart::receipt(caption("虚构市政务公开重点工作报送情况"), rows).unwrap();
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("chart", svg(&chart));
    });
}
