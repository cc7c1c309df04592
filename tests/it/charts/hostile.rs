//! Names of strangers stay names.

use proptest::prelude::*;
use resvg::usvg::roxmltree::Document;
use serde_json::Value;
use taizhang::documents::chart::{Chart, ChartKind, MAX_LABEL, Series, Tone, echarts, svg};
use taizhang::domain::lang::Lang;

use super::numbers::{of_echarts, of_svg};

const NAMES: &[&str] = &[
    "<script>alert(1)</script>",
    "]]>",
    "\"'><image href=\"file:///etc/passwd\"/><a x='",
    "&lt;b&gt; &amp; &#0; &undefined;",
    "甲\u{0}\u{1}\u{8}\u{b}\u{1b}[31m乙\u{7f}\u{85}丙",
    "\u{202E}局育教\u{2066}市\u{2069}\u{200B}\u{FEFF}",
    "👨‍👩‍👧‍👦单位🏛️",
    "{b}{c|x}<%= 1 %>${1}{{1}}",
    "\u{FFFE}\u{FFFF}\u{FDD0}",
    "第一行\n第二行\r\n\t第三行",
    "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
    "-->",
    "",
    "   ",
];

fn hostile(kind: ChartKind, name: &str) -> Chart {
    let series = vec![
        Series::new(name, Tone::Done, vec![1, 2]),
        Series::new(&format!("另一个{name}"), Tone::Behind, vec![0, 3]),
    ];
    Chart::new(name, kind, &[name, "乙"], series, name, Lang::Zh).unwrap().with_subtitle(name).with_source(name)
}

/// Only the elements that we write, no links, no scripts, no styles, and nothing that XML forbids.
fn assert_harmless(chart: &Chart) {
    let text = svg(chart);
    let document = Document::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let known = ["svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "line", "text"];
    for node in document.descendants().filter(|n| n.is_element()) {
        assert!(known.contains(&node.tag_name().name()), "<{}>", node.tag_name().name());
        for attribute in node.attributes() {
            let name = attribute.name();
            assert!(!name.starts_with("on") && !name.contains("href") && name != "style", "{name}");
        }
    }
    assert!(
        !text
            .chars()
            .any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
    );
    let option = echarts(chart);
    let json = serde_json::to_string(&option).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), option);
    assert!(!json.contains("formatter") && !json.contains("\"rich\"") && !json.contains("\"link\""));
    assert_eq!(option["tooltip"]["renderMode"], "richText");
    assert_eq!(option["title"]["text"], chart.title());
}

#[test]
fn hostile_names_are_text() {
    for kind in ChartKind::ALL {
        for name in NAMES {
            let chart = hostile(*kind, name);
            assert_harmless(&chart);
            assert_eq!(of_svg(&chart), of_echarts(&chart), "{name:?}");
        }
    }
}

#[test]
fn what_is_shown_is_what_was_given() {
    let chart = hostile(ChartKind::Stacked, "<script>alert(1)</script>");
    let text = svg(&chart);
    let document = Document::parse(&text).unwrap();
    let title = document.root_element().first_element_child().unwrap();
    assert_eq!(title.text(), Some("<script>alert(1)</script>"));
    assert_eq!(document.root_element().attribute("role"), Some("img"));
    let cleaned = hostile(ChartKind::Stacked, "甲\u{0}\u{202E} \n 乙");
    assert_eq!(cleaned.title(), "甲 乙");
}

#[test]
fn long_names_are_cut_and_shown_short() {
    for kind in ChartKind::ALL {
        let exact = "虚".repeat(MAX_LABEL);
        assert_eq!(hostile(*kind, &exact).title(), exact);
        let chart = hostile(*kind, &"虚".repeat(MAX_LABEL + 1));
        assert_harmless(&chart);
        assert_eq!(chart.title().chars().count(), MAX_LABEL);
        assert!(chart.title().ends_with('…'));
        let text = svg(&chart);
        let document = Document::parse(&text).unwrap();
        let full = document
            .descendants()
            .filter(|n| n.has_tag_name("text"))
            .filter_map(|n| n.first_element_child().and_then(|n| n.text()))
            .any(|full| full == chart.categories()[0]);
        assert!(full, "{kind:?}: the whole name is told by the title of the shortened one");
        for node in document.descendants().filter(|n| n.has_tag_name("text")) {
            let drawn = node.children().filter(|n| n.is_text()).filter_map(|n| n.text()).collect::<String>();
            assert!(drawn.chars().count() < 90, "{kind:?}: {drawn}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn any_name_is_harmless(name in any::<String>(), at in 0..ChartKind::ALL.len()) {
        assert_harmless(&hostile(ChartKind::ALL[at], &name));
    }
}
