//! SVG and ECharts are read back, and both say what went in.

use std::collections::BTreeMap;

use proptest::prelude::*;
use resvg::usvg::roxmltree::{Document, Node};
use serde_json::Value;
use taizhang::documents::chart::{Chart, ChartKind, echarts, svg};

use super::chart;

/// series, category → count.
type Numbers = BTreeMap<(usize, usize), u64>;

fn put_in(chart: &Chart) -> Numbers {
    let mut out = Numbers::new();
    for (at, series) in chart.series().iter().enumerate() {
        for (category, value) in series.values().iter().enumerate() {
            out.insert((at, category), u64::from(*value));
        }
    }
    out
}

fn number(node: Node<'_, '_>, name: &str) -> usize {
    node.attribute(name).unwrap().parse().unwrap()
}

/// What the marks of the SVG carry, each also said in its title.
pub(super) fn of_svg(chart: &Chart) -> Numbers {
    let text = svg(chart);
    let document = Document::parse(&text).unwrap();
    let mut out = Numbers::new();
    for node in document.descendants().filter(|n| n.has_attribute("data-value")) {
        let value = number(node, "data-value") as u64;
        let at = (number(node, "data-series"), number(node, "data-category"));
        let title = node.first_element_child().and_then(|n| n.text()).unwrap();
        let series = chart.series()[at.0].name();
        assert!(title.starts_with(chart.categories()[at.1].as_str()), "{title}");
        assert!(title.contains(&format!("{series}{value}")), "{title}");
        assert!(out.insert(at, value).is_none(), "{at:?} stands twice");
    }
    out
}

/// What the dataset holds where the series look for it.
pub(super) fn of_echarts(chart: &Chart) -> Numbers {
    let option = echarts(chart);
    let dimensions = option["dataset"]["dimensions"].as_array().unwrap();
    let column = |name: &str| dimensions.iter().position(|d| d["name"] == name).unwrap();
    let mut out = Numbers::new();
    for (at, series) in option["series"].as_array().unwrap().iter().enumerate() {
        assert_eq!(series["name"], chart.series()[at].name());
        let count = column(series["encode"]["tooltip"][0].as_str().unwrap());
        for row in option["dataset"]["source"].as_array().unwrap() {
            let category = row[0].as_u64().unwrap() as usize;
            assert!(out.insert((at, category), row[count].as_u64().unwrap()).is_none());
        }
    }
    out
}

/// The names of an ECharts axis.
fn axis(option: &Value) -> &Value {
    let axis = if option["xAxis"]["type"] == "category" { "xAxis" } else { "yAxis" };
    &option[axis]["data"]
}

fn kinds() -> impl Strategy<Value = ChartKind> {
    proptest::sample::select(ChartKind::ALL)
}

fn tables() -> impl Strategy<Value = (usize, Vec<Vec<u32>>)> {
    let count = prop_oneof![4 => 0_u32..40, 1 => Just(0), 1 => any::<u32>()];
    (0_usize..12, 0_usize..=8).prop_flat_map(move |(rows, series)| {
        let values = proptest::collection::vec(proptest::collection::vec(count.clone(), rows), series);
        (Just(rows), values)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_outputs_agree(kind in kinds(), (rows, values) in tables()) {
        let names: Vec<String> = (0..rows).map(|n| format!("单位{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let chart = chart(kind, &names, &values);
        let expected = put_in(&chart);
        prop_assert_eq!(&of_svg(&chart), &expected);
        prop_assert_eq!(&of_echarts(&chart), &expected);
        let option = echarts(&chart);
        prop_assert_eq!(axis(&option), &serde_json::json!(names));
        prop_assert_eq!(svg(&chart), svg(&chart.clone()));
        if kind == ChartKind::Shares {
            for row in option["dataset"]["source"].as_array().unwrap() {
                let shares: f64 = row.as_array().unwrap()[1 + values.len()..].iter().map(|v| v.as_f64().unwrap()).sum();
                let counts: u64 = row.as_array().unwrap()[1..=values.len()].iter().map(|v| v.as_u64().unwrap()).sum();
                prop_assert!((shares - if counts == 0 { 0.0 } else { 100.0 }).abs() < 1e-6, "{}", shares);
            }
        }
    }

    #[test]
    fn lengths_follow_the_numbers(values in proptest::collection::vec(0_u32..500, 1..9)) {
        let names: Vec<&str> = values.iter().map(|_| "单位").collect();
        let chart = chart(ChartKind::Stacked, &names, std::slice::from_ref(&values));
        let text = svg(&chart);
        let document = Document::parse(&text).unwrap();
        let widths: Vec<f64> = document
            .descendants()
            .filter(|n| n.has_attribute("data-value"))
            .map(|n| n.attribute("width").unwrap().parse().unwrap())
            .collect();
        let longest = f64::from(*values.iter().max().unwrap()).max(1.0);
        let scale = widths.iter().copied().fold(0.0, f64::max) / longest;
        for (width, value) in widths.iter().zip(&values) {
            prop_assert!((width - f64::from(*value) * scale).abs() < 0.02 * longest.max(2.0), "{width} for {value}");
        }
    }
}

#[test]
fn axes_are_whole_numbers() {
    for kind in ChartKind::ALL {
        let chart = chart(*kind, &["甲", "乙"], &[vec![1, 0], vec![2, 0]]);
        let option = echarts(&chart);
        let value = if option["xAxis"]["type"] == "value" { &option["xAxis"] } else { &option["yAxis"] };
        assert_eq!(value["minInterval"], 1, "{kind:?}");
        let text = svg(&chart);
        let document = Document::parse(&text).unwrap();
        for node in document.descendants().filter(|n| n.has_tag_name("text")) {
            let shown = node.text().unwrap();
            assert!(!(shown.contains('.') && shown.parse::<f64>().is_ok()), "{kind:?} shows {shown}");
        }
    }
}

#[test]
fn two_units_of_the_same_name_stay_two() {
    let chart = chart(ChartKind::Stacked, &["办公室", "办公室"], &[vec![3, 5]]);
    assert_eq!(of_echarts(&chart), Numbers::from([((0, 0), 3), ((0, 1), 5)]));
    let option = echarts(&chart);
    assert_eq!(option["series"][0]["encode"]["y"], "category");
    assert_eq!(option["dataset"]["source"][1][0], 1, "tied by number, because ECharts joins equal names");
}

#[test]
fn one_category_and_many() {
    for kind in ChartKind::ALL {
        for rows in [1, 200, 300] {
            let names: Vec<String> = (0..rows).map(|n| format!("虚构单位{n}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let values: Vec<u32> = (0..rows).collect();
            let chart = chart(*kind, &names, &[values.clone(), values]);
            assert_eq!(of_svg(&chart), put_in(&chart), "{kind:?} with {rows}");
            assert_eq!(of_echarts(&chart), put_in(&chart), "{kind:?} with {rows}");
        }
    }
}

#[test]
fn nothing_is_said_to_be_nothing() {
    for kind in ChartKind::ALL {
        let none = svg(&chart(*kind, &[], &[vec![]]));
        assert!(none.contains("暂无数据") && none.contains("<desc id="), "{none}");
        assert_eq!(echarts(&chart(*kind, &[], &[vec![]]))["dataset"]["source"], serde_json::json!([]));
        let zero = chart(*kind, &["甲"], &[vec![0], vec![0]]);
        assert!(!svg(&zero).contains("NaN"), "{kind:?}");
        assert_eq!(of_svg(&zero), put_in(&zero));
    }
}
