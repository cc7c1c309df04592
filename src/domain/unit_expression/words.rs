//! The words of unit expressions: roles, tails, connectors, and what makes a name look like a unit or a group.

use entity::vocabulary::{AssignmentRole, AssignmentTarget};

use crate::domain::text::half_width;

/// Words that may stand before 牵头 and 配合 and belong to them.
pub(super) const ROLE_PREFIXES: &[&str] =
    &["负责", "共同", "联合", "积极", "密切", "协助", "协同", "分别", "总", "予以", "做好", "主要", "轮流", "具体"];
/// Words that may stand behind them and belong to them.
pub(super) const ROLE_SUFFIXES: &[&str] = &[
    "抓总",
    "总抓",
    "统筹",
    "负责",
    "落实",
    "组织实施",
    "实施",
    "组织",
    "单位",
    "部门",
    "工作",
    "抓好",
    "推进",
    "办理",
];
/// Role words that are found anywhere in a run of characters.
pub(super) const LOUD: &[(&str, AssignmentRole)] = &[("牵头", AssignmentRole::Lead), ("配合", AssignmentRole::Support)];
/// Role words that count only at the end of a run: they could be part of a name elsewhere.
pub(super) const QUIET: &[(&str, AssignmentRole)] = &[
    ("主办", AssignmentRole::Lead),
    ("协办", AssignmentRole::Support),
    ("协助", AssignmentRole::Support),
    ("协同", AssignmentRole::Support),
    ("参与", AssignmentRole::Support),
    ("参加", AssignmentRole::Support),
];
/// Headings inside a cell, written with a colon.
pub(super) const HEADINGS: &[(&str, AssignmentRole)] = &[
    ("牵头", AssignmentRole::Lead),
    ("主办", AssignmentRole::Lead),
    ("主责", AssignmentRole::Lead),
    ("配合", AssignmentRole::Support),
    ("协办", AssignmentRole::Support),
    ("协同", AssignmentRole::Support),
    ("参与", AssignmentRole::Support),
    ("参加", AssignmentRole::Support),
    ("协助", AssignmentRole::Support),
    ("责任", AssignmentRole::Responsible),
    ("承办", AssignmentRole::Responsible),
    ("落实", AssignmentRole::Responsible),
    ("实施", AssignmentRole::Responsible),
];
/// What may follow the role in a heading.
pub(super) const HEADING_NOUNS: &[&str] = &["单位", "部门", "科室", "股室", "主体", ""];
/// Words between two names of the same role.
pub(super) const CONNECTORS: &[&str] = &["以及", "及其", "会同", "及", "和", "与", "并"];
/// Fillers in front of a name.
pub(super) const FILLERS: &[&str] = &["由", "请"];

const TAIL_STARTS: &[&str] = &["按照", "按", "依照", "依据", "依", "根据", "结合"];
const TAIL_NOUNS: &[&str] = &[
    "各自", "职责", "职能", "分工", "权限", "任务", "业务", "范围", "工作", "实际", "要求", "法定", "本", "部门",
    "单位", "和", "或",
];
const TAIL_VERBS: &[&str] = &[
    "分别", "分头", "各自", "共同", "具体", "抓好", "做好", "认真", "组织", "负责", "落实", "执行", "实施", "承办",
    "办理", "推进", "完成", "贯彻", "开展", "工作", "抓",
];
/// Whether these words only say that more of a kind are meant: 部门, 有关单位, 4个部门.
pub(super) fn is_several(run: &[char]) -> bool {
    let text: String = run.iter().map(|c| half_width(*c)).filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十多余".contains(c));
    let text = text.trim_start_matches(['个', '家', '各']);
    let text = ["有关", "相关", "职能", "责任"].iter().find_map(|w| text.strip_prefix(w)).unwrap_or(text);
    matches!(text, "部门" | "单位" | "机构" | "部门(单位)" | "单位(部门)" | "部门和单位" | "部门及单位")
}

/// Ends of words: a line that begins so goes on with the word before it.
pub(crate) const WORD_ENDS: &[&str] = &["公室", "位", "门", "事处", "委会", "府", "心"];
/// Verbs that end an expression without any "by their duties" before them.
const BARE_TAILS: &[&str] =
    &["执行", "落实", "负责", "实施", "承办", "办理", "推进", "完成", "抓好", "具体", "分别", "共同", "组织", "贯彻"];

/// How many characters at the end of a run are a tail (按职责分别落实, 执行).
pub(super) fn tail_length(run: &[char]) -> usize {
    let text: String = run.iter().collect();
    // 按…: the earliest start whose remainder is nothing but words of duties.
    for (at, _) in text.char_indices().filter(|(at, _)| *at > 0) {
        let rest = &text[at..];
        if let Some(after) = TAIL_STARTS.iter().find_map(|s| rest.strip_prefix(s))
            && only(after, &[TAIL_NOUNS, TAIL_VERBS])
            && !after.is_empty()
        {
            return rest.chars().count();
        }
    }
    let mut left = text.as_str();
    while let Some(shorter) = BARE_TAILS.iter().find_map(|verb| left.strip_suffix(verb)) {
        left = shorter;
    }
    if left.is_empty() { 0 } else { run.len() - left.chars().count() }
}

/// Whether the whole run is a tail that stands alone behind a separator.
pub(super) fn is_tail_alone(run: &[char]) -> bool {
    let text: String = run.iter().collect();
    let after = TAIL_STARTS.iter().find_map(|s| text.strip_prefix(s));
    match after {
        Some(after) => !after.is_empty() && only(after, &[TAIL_NOUNS, TAIL_VERBS]),
        None => !text.is_empty() && only(&text, &[BARE_TAILS]),
    }
}

fn only(mut text: &str, lists: &[&[&str]]) -> bool {
    while !text.is_empty() {
        match lists.iter().flat_map(|l| l.iter()).find_map(|word| text.strip_prefix(word)) {
            Some(rest) => text = rest,
            None => return false,
        }
    }
    true
}

const UNIT_ENDS: &[&str] = &[
    "中心",
    "单位",
    "部门",
    "政府",
    "办事处",
    "机构",
    "公司",
    "集团",
    "乡镇",
    "镇街",
    "街道",
    "社区",
    "机关",
    "银行",
    "大学",
    "企业",
    "组织",
    "窗口",
    "专班",
    "小组",
    "基地",
    "园区",
    "主体",
    "平台",
    "系统",
    "工会",
    "成员",
    "科室",
    "支局",
    "总站",
    "大队",
    "支队",
    "总队",
    "各级",
    "人大",
    "政协",
    "热线",
    "信用社",
    "事务",
    "委员",
    "各地",
];
const UNIT_END_CHARS: &str = "局办委室部院所股科处厅署站队馆校会团社司行镇乡县区市村联台组场库旗州盟省园厂矿协关";

/// Whether a name ends the way units and groups end; brackets at its end are looked through.
pub fn looks_like_a_unit(name: &str) -> bool {
    let name = name.trim().trim_end_matches(['等', '。']);
    let bare = without_last_bracket(name);
    if bare.chars().count() < 2 {
        return false;
    }
    UNIT_ENDS.iter().any(|end| bare.ends_with(end)) || bare.chars().last().is_some_and(|c| UNIT_END_CHARS.contains(c))
}

fn without_last_bracket(name: &str) -> &str {
    let closed = name.chars().last().is_some_and(|c| matches!(half_width(c), ')' | ']'));
    match name.char_indices().rev().find(|(_, c)| matches!(half_width(*c), '(' | '[')) {
        Some((at, _)) if closed && at > 0 => &name[..at],
        _ => name,
    }
}

/// Names that mean all units of a kind although nothing says "each".
const GENERIC: &[&str] = &[
    "街道办事处",
    "街道办",
    "开发区管委会",
    "开发区",
    "乡镇人民政府",
    "镇人民政府",
    "乡人民政府",
    "乡镇政府",
    "乡镇",
    "街道",
    "镇街",
    "乡镇街道",
    "乡镇场",
    "县区",
    "县市区",
    "市县区",
    "区县",
    "县区人民政府",
    "县市区人民政府",
    "属下单位",
    "下属单位",
    "所属单位",
    "直属单位",
    "直属机构",
    "内设机构",
    "成员单位",
    "事业单位",
    "市直部门",
    "市直单位",
    "市级部门",
    "县直部门",
    "县直单位",
    "县级部门",
    "区直部门",
    "区直单位",
    "区级部门",
    "省直部门",
    "政府部门",
    "公共企事业单位",
    "股室",
    "科室",
    "市直机关",
    "村居",
    "村社区",
];

/// What kind of target a name is, by its words alone.
pub fn target_by_words(name: &str) -> AssignmentTarget {
    let plain: String = name.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let bare: String = plain.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']')).collect();
    let vague = ["相关", "有关"];
    if vague.iter().any(|w| bare.starts_with(w)) || ["等", "部门", "单位"].contains(&bare.as_str()) {
        return AssignmentTarget::Open;
    }
    // 成员单位 of something, 有关部门 of somewhere: several units under one name.
    let several = ["部门", "单位", "股室", "科室", "机构", "企业", "乡镇", "街道", "办公室"];
    let ends_several = several.iter().any(|w| without_last_bracket(&plain).ends_with(w));
    let group = bare.starts_with('各')
        || ["其他", "其它", "其余", "全体", "所有", "全市各", "全县各", "全区各"].iter().any(|w| bare.starts_with(w))
        || (bare.contains('各') && ends_several)
        || (vague.iter().any(|w| bare.contains(w)) && ends_several)
        || bare.ends_with("成员单位")
        || bare.ends_with("各乡镇")
        || bare.ends_with("直属单位")
        || bare.ends_with("主管部门")
        || ["下属单位", "属下单位", "所属单位", "市直部门", "市直单位", "县直部门", "县直单位"]
            .iter()
            .any(|w| bare.ends_with(w))
        || GENERIC.contains(&bare.as_str());
    if group { AssignmentTarget::Group } else { AssignmentTarget::Unit }
}

/// What a bracket behind a name does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    /// It belongs to the name: （管委会）.
    Name,
    /// It says for what: （负责市政府规章）.
    Scope,
    /// It gives the role: （牵头）.
    Role(AssignmentRole),
    /// Nobody can say; it is kept as a scope and asked about.
    Unclear,
}

/// Decides what a bracket does by the words inside it.
pub(super) fn bracket(inside: &str, more_name_follows: bool) -> Bracket {
    let inside: String = inside.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let role = HEADINGS.iter().take(9).find(|(word, _)| {
        inside.strip_prefix(word).is_some_and(|rest| rest.is_empty() || HEADING_NOUNS.contains(&rest))
    });
    if let Some((_, role)) = role {
        return Bracket::Role(*role);
    }
    // 排名第一的为牵头单位: about all names before it.
    if inside.contains("牵头") && ["第一", "首位", "居首", "排首"].iter().any(|w| inside.contains(w)) {
        return Bracket::Scope;
    }
    if more_name_follows {
        return Bracket::Name;
    }
    const SCOPE: &[&str] = &[
        "负责",
        "按",
        "仅",
        "除",
        "限",
        "涉及",
        "参照",
        "方面",
        "领域",
        "工作",
        "事项",
        "部分",
        "相关内容",
        "规章",
        "信息",
        "任务",
        "落实",
        "配合",
        "牵头",
        "项目",
        "数据",
        "材料",
        "段",
        "业务",
    ];
    if SCOPE.iter().any(|word| inside.contains(word)) && !looks_like_a_unit(&inside)
        || ["负责", "仅", "除", "限", "涉及"].iter().any(|word| inside.starts_with(word))
    {
        return Bracket::Scope;
    }
    if looks_like_a_unit(&inside)
        || inside.chars().count() <= 2
        || inside.split(['、', ',', '/']).all(looks_like_a_unit)
    {
        return Bracket::Name;
    }
    Bracket::Unclear
}
