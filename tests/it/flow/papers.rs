//! The papers of a year: the units of a place and its list as a file, invented in the shape of the real ones, or the real
//! ones themselves where they lie beside the repository.

use serde_json::{Value, json};
use taizhang::documents::list_json::{self, ListDocument};
use taizhang::documents::units_json::{self, Jurisdiction};
use taizhang::documents::write::{Form, Profile, list as write_list};

use crate::support::shared;

/// What an office begins its year with.
pub struct Papers {
    /// Its units and groups.
    pub place: Jurisdiction,
    /// The list as a careful clerk reads it.
    pub list: ListDocument,
    /// The file that is brought in.
    pub file: (String, Vec<u8>),
    /// What the questions about printed words are answered with.
    pub answers: Vec<(&'static str, Value)>,
    /// Whether everything that is asked is known beforehand.
    pub invented: bool,
}

/// Another county, which has nothing to do with it.
pub fn elsewhere() -> Jurisdiction {
    let units = json!([
        { "id": "linzhou.zfb", "name": "邻洲县人民政府办公室", "short": "县政府办", "kind": "government_office", "aliases": [] },
        { "id": "linzhou.jyj", "name": "邻洲县教育局", "short": "县教育局", "kind": "bureau", "aliases": [] },
    ]);
    place("linzhou", "邻洲县（虚构）", units, json!([]))
}

fn place(key: &str, name: &str, units: Value, groups: Value) -> Jurisdiction {
    let document = json!({ "format": "taizhang-units/1", "jurisdictions": [{
        "key": key, "name": name, "level": "county_level_city", "office": format!("{key}.zfb"), "list": [],
        "units": units, "groups": groups,
    }] });
    units_json::read(document.to_string()).unwrap_or_else(|e| panic!("{e:?}")).jurisdictions.remove(0)
}

const BUREAUS: [(&str, &str); 20] = [
    ("发展和改革局", "发改局"),
    ("教育局", "教育局"),
    ("科学技术局", "科技局"),
    ("民政局", "民政局"),
    ("司法局", "司法局"),
    ("财政局", "财政局"),
    ("人力资源和社会保障局", "人社局"),
    ("自然资源局", "自然资源局"),
    ("生态环境局", "生态环境局"),
    ("住房和城乡建设局", "住建局"),
    ("交通运输局", "交通局"),
    ("水利局", "水利局"),
    ("农业农村局", "农业农村局"),
    ("商务局", "商务局"),
    ("文化和旅游局", "文旅局"),
    ("卫生健康局", "卫健局"),
    ("应急管理局", "应急局"),
    ("审计局", "审计局"),
    ("市场监督管理局", "市场监管局"),
    ("政务服务和数据管理局", "政务数据局"),
];
const TOWNS: [&str; 15] = [
    "青石", "白沙", "临溪", "望江", "柳塘", "石桥", "东林", "西坪", "南渡", "北岭", "云岗", "长滩", "新和", "古渡",
    "竹湾",
];
const STREETS: [&str; 5] = ["城东", "城西", "城南", "城北", "河滨"];
const NUMERALS: [&str; 14] =
    ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四"];

/// The invented city: 45 units in five groups.
fn city() -> Jurisdiction {
    let unit = |code: String, name: String, short: String, kind: &str| json!({ "id": format!("lanping.{code}"), "name": name, "short": short, "kind": kind, "aliases": [] });
    let mut units = vec![unit("zfb".into(), "澜屏市人民政府办公室".into(), "市政府办".into(), "government_office")];
    for (n, (name, short)) in BUREAUS.iter().enumerate() {
        units.push(unit(format!("b{n:02}"), format!("澜屏市{name}"), format!("市{short}"), "bureau"));
    }
    for (n, name) in TOWNS.iter().enumerate() {
        units.push(unit(format!("t{n:02}"), format!("澜屏市{name}镇人民政府"), format!("{name}镇"), "township"));
    }
    for (n, name) in STREETS.iter().enumerate() {
        units.push(unit(format!("s{n:02}"), format!("澜屏市{name}街道办事处"), format!("{name}街道"), "street"));
    }
    units.push(unit("kfq".into(), "澜屏市高新园区管理委员会".into(), "高新园区管委会".into(), "zone"));
    for (n, name) in ["税务局", "气象局", "供电公司"].iter().enumerate() {
        units.push(unit(format!("z{n:02}"), format!("国家驻澜屏市{name}"), format!("市{name}"), "stationed"));
    }
    assert_eq!(units.len(), 45);
    let members =
        |letter: &str, count: usize| -> Vec<String> { (0..count).map(|n| format!("lanping.{letter}{n:02}")).collect() };
    let group = |code: &str, name: &str, members: Vec<String>, complete: bool| json!({ "id": format!("lanping.g.{code}"), "name": name, "aliases": [], "members": members, "members_complete": complete });
    let groups = json!([
        group("xz", "各乡镇人民政府", members("t", 15), true),
        group("jd", "各街道办事处", members("s", 5), true),
        group("bm", "市政府有关部门", members("b", 8), false),
        group("zs", "驻市有关单位", members("z", 3), false),
        group("qt", "其他市直单位", members("b", 20), false),
    ]);
    place("lanping", "澜屏市（虚构）", Value::Array(units), groups)
}

fn named(name: &str, role: &str, target: &str) -> Value {
    json!({ "name": name, "role": role, "target": target, "scopeNote": null })
}

/// Who does the nth task, as printed and as understood: ten ways that real lists print it.
fn who(n: usize) -> (String, Vec<Value>) {
    let bureau = |n: usize| format!("市{}", BUREAUS[n % 20].1);
    let (a, b, c) = (bureau(n), bureau(n + 1 + n % 7), bureau(n + 9 + n % 5));
    let lead = |name: &str| named(name, "LEAD", "UNIT");
    let does = |name: &str| named(name, "RESPONSIBLE", "UNIT");
    let group = |name: &str| named(name, "RESPONSIBLE", "GROUP");
    let helps = |name: &str| named(name, "SUPPORT", "UNIT");
    match n % 10 {
        0 => (
            format!("{a}牵头；各乡镇人民政府、各街道办事处按职责分别落实"),
            vec![lead(&a), group("各乡镇人民政府"), group("各街道办事处")],
        ),
        1 if n == 41 => ("高新园区管委会".into(), vec![does("高新园区管委会")]),
        // A name that the directory does not have; a person says what is meant.
        1 if n == 71 => ("市文广旅局".into(), vec![does("市文旅局")]),
        1 => (a.clone(), vec![does(&a)]),
        2 => (format!("{a}、{b}牵头；{c}配合"), vec![lead(&a), lead(&b), helps(&c)]),
        3 => (format!("{a}牵头，{b}配合"), vec![lead(&a), helps(&b)]),
        4 => (format!("{a}、{b}"), vec![does(&a), does(&b)]),
        5 => (
            format!("市政府办牵头；{a}、{b}等相关单位按职责分别落实"),
            vec![lead("市政府办"), does(&a), does(&b), named("相关单位", "RESPONSIBLE", "OPEN")],
        ),
        6 => (format!("{a}牵头；驻市有关单位"), vec![lead(&a), group("驻市有关单位")]),
        7 => ("市政府有关部门".into(), vec![group("市政府有关部门")]),
        8 => {
            let mut first = does(&a);
            first["scopeNote"] = json!("负责门户网站");
            (format!("{a}（负责门户网站）、市政府办"), vec![first, does("市政府办")])
        }
        _ => (
            format!("市政府办、{a}牵头；其他市直单位配合"),
            vec![lead("市政府办"), lead(&a), named("其他市直单位", "SUPPORT", "GROUP")],
        ),
    }
}

fn when(n: usize, year: i32) -> (String, Value) {
    let column = |kind: &str, date: Option<String>, rule: Value| json!({ "kind": kind, "date": date, "rule": rule, "source": "COLUMN" });
    match n {
        60 => (
            "清单发布后30天内".into(),
            column("RELATIVE", None, json!({ "event": "清单发布", "offset": 30, "unit": "day" })),
        ),
        // Nobody can say when that is.
        70 => ("视情况而定".into(), json!({ "kind": "NONE", "date": null, "rule": null, "source": null })),
        _ => match n % 6 {
            0 => (format!("{year}年12月底前"), column("MONTH_END", Some(format!("{year}-12-31")), Value::Null)),
            1 => (format!("{year}年6月底前"), column("MONTH_END", Some(format!("{year}-06-30")), Value::Null)),
            2 => ("全年".into(), column("ALL_YEAR", None, Value::Null)),
            3 => ("持续推进".into(), column("ONGOING", None, Value::Null)),
            4 => (format!("{year}年10月15日前"), column("FIXED_DATE", Some(format!("{year}-10-15")), Value::Null)),
            _ => ("每年至少1次".into(), column("RECURRING", None, json!({ "every": "year", "min_times": 1 }))),
        },
    }
}

/// The invented list of 74 tasks in 14 sections for 45 units, as a Word file.
pub fn invented() -> Papers {
    let year = 2025;
    let sections: Vec<Value> =
        NUMERALS.iter().map(|n| json!({ "path": [n], "title": format!("虚构工作第{n}类，推进主动公开") })).collect();
    let tasks: Vec<Value> = (0..74)
        .map(|n| {
            let ((text, assignments), (deadline_text, deadline)) = (who(n), when(n, year));
            json!({
                "number": (n + 1).to_string(), "sectionPath": [NUMERALS[n * 14 / 74]], "title": null,
                "requirement": format!("虚构要求之{}：在门户网站设专栏公开有关事项，并及时更新。", n + 1),
                "leadText": null, "unitText": text, "inherited": false, "assignments": assignments,
                "deadlineText": deadline_text, "deadline": deadline, "otherTimes": [],
                "incentive": n % 17 == 3, "needsReview": false,
            })
        })
        .collect();
    let columns = json!([
        { "header": "序号", "role": "NUMBER" }, { "header": "工作任务", "role": "SECTION" },
        { "header": "具体要求", "role": "REQUIREMENT" }, { "header": "责任单位", "role": "UNITS" },
        { "header": "完成时限", "role": "DEADLINE" },
    ]);
    papers(city(), year, "澜屏市2025年政务公开重点工作任务清单（虚构）", Value::Null, columns, sections, tasks)
}

fn papers(
    place: Jurisdiction,
    year: i32,
    title: &str,
    period: Value,
    columns: Value,
    sections: Vec<Value>,
    tasks: Vec<Value>,
) -> Papers {
    let list = json!({
        "format": "taizhang-list/1", "title": title, "year": year, "issuer": "澜屏市人民政府办公室",
        "reportingPeriod": period, "columns": columns, "sections": sections, "tasks": tasks,
    });
    let list = list_json::read(list.to_string()).unwrap_or_else(|e| panic!("{e:?}"));
    let file = write_list(&list, Profile::Own, Form::Docx).unwrap();
    let answers = vec![("市文广旅局", json!({ "value": "市文旅局" }))];
    Papers { place, list, file: ("虚构清单.docx".into(), file), answers, invented: true }
}

/// The invented report form: 4 sections with 13 subsections, 37 tasks, 21 units, lead and other units in columns of their
/// own, and the column that the year fills.
pub fn invented_form() -> Papers {
    let mut place = city();
    let keep = |code: &str| {
        let nth = code.strip_prefix("lanping.").unwrap();
        nth == "zfb" || nth.starts_with('b') && nth < "b13" || nth.starts_with('t') && nth < "t07"
    };
    place.units.retain(|unit| keep(&unit.id));
    assert_eq!(place.units.len(), 21);
    for group in &mut place.groups {
        group.members.retain(|code| keep(code));
    }
    place.groups.retain(|group| !group.members.is_empty());
    let mut sections = Vec::new();
    let mut paths = Vec::new();
    for (n, count) in [4, 3, 3, 3].into_iter().enumerate() {
        sections.push(json!({ "path": [NUMERALS[n]], "title": format!("虚构第{}方面", n + 1) }));
        for (sub, numeral) in NUMERALS.iter().enumerate().take(count) {
            let path = json!([NUMERALS[n], format!("（{numeral}）")]);
            sections.push(json!({ "path": path, "title": format!("虚构第{}方面之{}", n + 1, sub + 1) }));
            paths.push(path);
        }
    }
    assert_eq!((sections.len(), paths.len()), (17, 13));
    let tasks: Vec<Value> = (0..37)
        .map(|n| {
            let bureau = |n: usize| format!("市{}", BUREAUS[n % 13].1);
            let (a, b) = (bureau(n), bureau(n + 4));
            let (leads, units) = match n % 4 {
                0 => (vec![a], vec![("各乡镇人民政府", "GROUP")]),
                1 => (vec!["市政府办".to_owned(), a], vec![("市政府有关部门", "GROUP")]),
                2 => (vec![], vec![("各乡镇人民政府", "GROUP")]),
                _ => (vec![a, b], vec![("各乡镇人民政府", "GROUP")]),
            };
            let mut assignments: Vec<Value> = leads.iter().map(|name| named(name, "LEAD", "UNIT")).collect();
            assignments.extend(units.iter().map(|(name, target)| named(name, "RESPONSIBLE", target)));
            let lead_text = Some(leads.join(" ")).filter(|text| !text.is_empty());
            let unit_text = units.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("、");
            // Such a form has no column for the day; some requirements name one.
            let (by, deadline) = if n % 6 == 1 {
                (
                    Some("2025年9月底前"),
                    json!({ "kind": "MONTH_END", "date": "2025-09-30", "rule": null, "source": "TEXT" }),
                )
            } else {
                (None, json!({ "kind": "NONE", "date": null, "rule": null, "source": null }))
            };
            let requirement = format!("虚构要求之{}：{}集中公开，及时更新。", n + 1, by.unwrap_or_default());
            json!({
                "number": (n + 1).to_string(), "sectionPath": paths[n * 13 / 37],
                "title": format!("做好虚构事项{}公开。", n + 1), "requirement": requirement,
                "leadText": lead_text, "unitText": unit_text, "inherited": false, "assignments": assignments,
                "deadlineText": by, "deadline": deadline,
                "otherTimes": [], "incentive": false, "needsReview": false,
            })
        })
        .collect();
    let columns = json!([
        { "header": "工作任务", "role": "TITLE" }, { "header": "工作要求", "role": "REQUIREMENT" },
        { "header": "牵头单位", "role": "LEAD_UNITS" }, { "header": "责任单位", "role": "UNITS" },
        { "header": "落实情况", "role": "PROGRESS" },
    ]);
    let title = "2025年澜屏市政务公开主要任务落实情况表（1-X月）（虚构）";
    papers(place, 2025, title, json!("1-X月"), columns, sections, tasks)
}

/// A real list with its units, where this machine has it.
pub fn real(place: &str, list: &str) -> Option<Papers> {
    let (units, expected) = (shared("units.json")?, shared(&format!("{list}.expected.json"))?);
    let mut places = units_json::read(&units).unwrap().jurisdictions;
    let place = places.remove(places.iter().position(|p| p.key == place).unwrap());
    let name = format!("{list}.docx");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/documents").join(&name);
    let file = (name, std::fs::read(path).unwrap());
    Some(Papers { place, list: list_json::read(&expected).unwrap(), file, answers: Vec::new(), invented: false })
}
