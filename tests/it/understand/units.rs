//! The unit expression: tables of expressions and properties of all of them.

use entity::vocabulary::{AssignmentRole as Role, AssignmentTarget as Target};
use proptest::prelude::*;
use taizhang::domain::unit_expression::*;

/// Name, role and target as letters: 市甲局/LU.
fn said(text: &str) -> Vec<String> {
    parse(text)
        .assignments(Role::Responsible)
        .into_iter()
        .map(|a| {
            let scope = a.scope.map(|s| format!("〔{s}〕")).unwrap_or_default();
            format!("{}{scope}/{}{}", a.name, &a.role.as_str()[..1], &a.target.as_str()[..1])
        })
        .collect()
}

#[test]
fn roles_reach_as_far_as_the_words_say() {
    for (text, expected) in [
        ("市甲局", vec!["市甲局/RU"]),
        ("市甲局牵头，市乙局配合", vec!["市甲局/LU", "市乙局/SU"]),
        (
            "市甲局、市乙局牵头；各乡镇人民政府、街道办事处按职责分别落实",
            vec!["市甲局/LU", "市乙局/LU", "各乡镇人民政府/RG", "街道办事处/RG"],
        ),
        ("甲股牵头,其他股室及属下单位配合。", vec!["甲股/LU", "其他股室/SG", "属下单位/SG"]),
        ("甲办牵头，各职能办公室配合配合", vec!["甲办/LU", "各职能办公室/SG"]),
        ("市甲局牵头，市乙局、市丙局，市丁局配合", vec!["市甲局/LU", "市乙局/SU", "市丙局/SU", "市丁局/SU"]),
        ("市甲局，市乙局配合", vec!["市甲局/RU", "市乙局/SU"]),
        ("市甲局（牵头）、市乙局", vec!["市甲局/LU", "市乙局/RU"]),
        ("牵头单位：市甲局；配合单位：市乙局、市丙局", vec!["市甲局/LU", "市乙局/SU", "市丙局/SU"]),
        ("牵头单位:市甲局\n责任单位:市乙局", vec!["市甲局/LU", "市乙局/RU"]),
        ("牵头单位：市甲局\n配合单位：市乙局、各镇街", vec!["市甲局/LU", "市乙局/SU", "各镇街/SG"]),
        ("牵头单位：市甲局配合单位：市乙局", vec!["市甲局/LU", "市乙局/SU"]),
        ("市甲局牵头，参加单位：市乙局", vec!["市甲局/LU", "市乙局/SU"]),
        ("由市甲局牵头负责，市乙局等配合", vec!["市甲局/LU", "市乙局/SU", "（等）/SO"]),
        ("市甲局牵头市乙局配合", vec!["市甲局/LU", "市乙局/SU"]),
        ("市甲局主办，市乙局协办", vec!["市甲局/LU", "市乙局/SU"]),
        ("市甲局牵头，市乙局协助，各区执行", vec!["市甲局/LU", "市乙局/SU", "各区/RG"]),
        ("市甲局和市乙局共同牵头", vec!["市甲局/LU", "市乙局/LU"]),
        ("（牵头）市甲局（配合）市乙局、市丙局", vec!["市甲局/LU", "市乙局/SU", "市丙局/SU"]),
        ("（牵头）市甲局；（配合）市乙局", vec!["市甲局/LU", "市乙局/SU"]),
        ("市甲局牵头会同市乙局", vec!["市甲局/LU", "市乙局/RU"]),
        ("市甲局牵头，会同市乙局、市丙局落实", vec!["市甲局/LU", "市乙局/RU", "市丙局/RU"]),
        ("市甲局负责牵头抓总，市乙局具体落实", vec!["市甲局/LU", "市乙局/RU"]),
        ("市甲局、市乙局轮流牵头", vec!["市甲局/LU", "市乙局/LU"]),
        ("会同县司法局", vec!["会同县司法局/RU"]),
        ("①市甲局；②各起草部门", vec!["市甲局/RU", "各起草部门/RG"]),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn brackets_name_or_scope() {
    for (text, expected) in [
        ("各县（区）人民政府（管委会）", vec!["各县（区）人民政府（管委会）/RG"]),
        ("各县（市、区）人民政府", vec!["各县（市、区）人民政府/RG"]),
        ("综合股(审批甲股)牵头", vec!["综合股(审批甲股)/LU"]),
        ("市甲局（负责制度建设），各县区", vec!["市甲局〔负责制度建设〕/RU", "各县区/RG"]),
        ("市甲局（负责规章）和市乙局", vec!["市甲局〔负责规章〕/RU", "市乙局/RU"]),
        (
            "市政府各相关部门（单位），驻市有关部门（单位）",
            vec!["市政府各相关部门（单位）/RG", "驻市有关部门（单位）/RG"],
        ),
        ("市甲局（市大数据乙局）", vec!["市甲局（市大数据乙局）/RU"]),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
    let doubts = parse("市甲局（检测结果）").doubts();
    assert_eq!(doubts, [Doubt::Bracket { name: "市甲局".into(), inside: "检测结果".into() }]);
}

#[test]
fn what_follows_deng_is_open() {
    for (text, expected) in [
        ("市甲局、市乙局等相关部门（单位）按职责分别落实", vec!["市甲局/RU", "市乙局/RU", "相关部门（单位）/RO"]),
        ("市甲局等，各镇人民政府", vec!["市甲局/RU", "（等）/RO", "各镇人民政府/RG"]),
        ("市甲局等公共企事业单位行政主管部门", vec!["市甲局/RU", "公共企事业单位行政主管部门/RO"]),
        ("市甲局等各相关部门", vec!["市甲局/RU", "各相关部门/RO"]),
        ("相关部门（单位）", vec!["相关部门（单位）/RO"]),
        ("公安局、税务等部门", vec!["公安局/RU", "税务/RU", "部门/RO"]),
        ("发改、财政等4个部门", vec!["发改/RU", "财政/RU", "4个部门/RO"]),
        ("各有关部门及单位", vec!["各有关部门及单位/RG"]),
        ("各有关部门、单位", vec!["各有关部门/RG", "单位/RO"]),
        ("市属高等院校", vec!["市属高等院校/RU"]),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn a_name_with_a_connector_inside_stays_whole() {
    for name in
        ["市人力资源和社会保障局", "文化广电和旅游甲局", "住房和城乡建设乙局", "市公安局和平分局", "综合行政执法局"]
    {
        assert_eq!(said(name), [format!("{name}/RU")]);
    }
    assert_eq!(said("市文化馆和图书馆"), ["市文化馆/RU", "图书馆/RU"]);
    assert_eq!(said("市甲局以及各直属机构"), ["市甲局/RU", "各直属机构/RG"]);
}

#[test]
fn white_space_separates_only_finished_names() {
    assert_eq!(said("市甲委\n市乙资源局"), ["市甲委/RU", "市乙资源局/RU"]);
    assert_eq!(said("各乡镇人民政府、街道办\n事处"), ["各乡镇人民政府/RG", "街道办事处/RG"].map(String::from).to_vec());
}

#[test]
fn doubts_are_spoken() {
    assert_eq!(parse("尽快办理").doubts(), [Doubt::NoUnit("尽快".into())]);
    assert_eq!(parse("市甲局，市乙局牵头").doubts(), [Doubt::LeadReach(vec!["市甲局".into()])]);
    assert_eq!(parse("牵头").doubts(), [Doubt::RoleAlone(Role::Lead)]);
    assert!(parse("市甲局牵头，各职能办公室配合配合").doubts().is_empty());
    assert!(parse("").assignments(Role::Lead).is_empty());
}

fn name() -> impl Strategy<Value = String> {
    (
        prop::sample::select(vec!["市", "县", "区", "各县", "镇", "云汀"]),
        prop::sample::select(vec!["甲", "乙", "财务", "教育", "人力资源和社会保障", "行政执法", "水丙"]),
        prop::sample::select(vec!["局", "办公室", "委员会", "中心", "股", "局（管委会）", "部门（单位）"]),
    )
        .prop_map(|(a, b, c)| format!("{a}{b}{c}"))
}

fn member() -> impl Strategy<Value = Member> {
    let scope = prop::option::of(prop::sample::select(vec!["负责规章", "涉及民生的事项", "仅限市区工作"]));
    let role = prop::option::weighted(0.2, prop::sample::select(vec![Role::Lead, Role::Support]));
    (name(), scope, role).prop_map(|(name, scope, role)| Member {
        name,
        scope: scope.map(str::to_owned),
        role,
        ..Member::default()
    })
}

fn segment() -> impl Strategy<Value = Segment> {
    let open =
        prop::option::weighted(0.3, prop::sample::select(vec![OPEN_NAME, "相关部门（单位）", "部门", "市直单位"]));
    let role = prop::option::of(prop::sample::select(vec![Role::Lead, Role::Support]));
    let tail = prop::option::of(prop::sample::select(vec!["按职责分别落实", "执行", "按照职能分别落实", "分别负责"]));
    let heading = prop::option::weighted(0.2, prop::sample::select(vec![Role::Lead, Role::Support, Role::Responsible]));
    (prop::collection::vec(member(), 1..4), open, role, tail, heading).prop_map(
        |(mut members, open, role, tail, heading)| {
            members.extend(open.map(|name| Member { name: name.into(), open: true, ..Member::default() }));
            let tail = tail.filter(|_| role.is_none()).map(str::to_owned);
            Segment { heading, members, role, tail }
        },
    )
}

fn expression() -> impl Strategy<Value = Expression> {
    let block = prop::collection::vec(segment(), 1..4).prop_map(|segments| Block { segments });
    prop::collection::vec(block, 1..4).prop_map(|blocks| Expression { blocks })
}

/// Text made of the words of expressions, in any order.
fn soup() -> impl Strategy<Value = String> {
    let words = vec![
        "市甲局",
        "牵头",
        "配合",
        "等",
        "相关部门",
        "（",
        "）",
        "(",
        ")",
        "、",
        "，",
        "；",
        "按职责",
        "分别落实",
        "执行",
        "各",
        "及",
        "和",
        " ",
        "\n",
        "。",
        "：",
        "牵头单位",
        "负责",
        "其他股室",
        "由",
        "会同",
        "人民政府",
        "（管委会）",
        "（牵头）",
        "［",
        "A",
        "1",
    ];
    prop::collection::vec(prop::sample::select(words), 0..24).prop_map(|w| w.concat())
}

fn covered(text: &str) {
    let tokens = tokens(text);
    let mut at = 0;
    for token in &tokens {
        assert_eq!(token.start, at, "a gap in {text:?}: {tokens:?}");
        assert!(token.end > token.start);
        at = token.end;
    }
    assert_eq!(at, text.chars().count(), "the end of {text:?} is lost");
    let expression = parse(text);
    // Every name of the tokens is said by somebody.
    let chars: Vec<char> = text.chars().collect();
    let all: String =
        expression.blocks.iter().flat_map(|b| &b.segments).flat_map(|s| &s.members).map(|m| m.name.as_str()).collect();
    for token in tokens.iter().filter(|t| t.kind == TokenKind::Name) {
        let name: String = chars[token.start..token.end].iter().filter(|c| !c.is_whitespace()).collect();
        assert!(all.contains(&name), "{name} of {text:?} is nobody");
    }
    let _ = expression.assignments(Role::Responsible);
    let _ = expression.doubts();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_is_printed_is_covered(text in any::<String>()) {
        covered(&text);
    }

    #[test]
    fn the_words_of_expressions_in_any_order_are_covered(text in soup()) {
        covered(&text);
    }

    #[test]
    fn what_was_parsed_can_be_printed_and_parsed_again(expression in expression()) {
        let printed = expression.to_string();
        prop_assert_eq!(parse(&printed), expression, "{}", printed);
    }

    #[test]
    fn the_target_follows_the_words(name in name()) {
        let expected = if name.starts_with('各') { Target::Group } else { Target::Unit };
        prop_assert_eq!(target_by_words(&name), expected);
        prop_assert!(looks_like_a_unit(&name));
    }
}
