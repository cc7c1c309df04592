//! What a heading of a column says.

use super::clean::key;
use super::labels;
use crate::domain::text::half_width;

/// What a heading says; some say less than a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Word {
    Number,
    /// 类别, 领域: groups of tasks.
    Section,
    /// 工作任务, 项目名称: a section, a title or the requirement.
    Task,
    Requirement,
    Lead,
    Units,
    Support,
    Deadline,
    Progress,
    /// 年度目标, 整改目标: what is to be reached; the requirement when nothing else says it.
    Goal,
    /// 存在问题: the task when its remedy stands behind it.
    Problem,
    /// 一季度, 上半年, 6月底: what is planned until then.
    Period,
    /// 责任分工: only what stands below it tells.
    Parent,
    Other,
}

const LONGEST: usize = 24;

/// What a heading says, if it is one.
pub(super) fn word(text: &str) -> Option<Word> {
    // Most cells of a list are far too long for a heading, however much white space a heading may have.
    if text.chars().filter(|c| !c.is_whitespace()).nth(LONGEST).is_some() {
        return None;
    }
    let key = key(text);
    if key.is_empty() || key.contains(['。', ';']) {
        return None;
    }
    let bare: String = strip_brackets(&key);
    let bare = bare.trim_matches(|c: char| matches!(c, ':' | '*' | '.' | '、'));
    let has = |words: &[&str]| words.iter().any(|w| bare.contains(w));
    let is = |words: &[&str]| words.contains(&bare);
    if is(&["序号", "编号", "序", "号", "No", "NO", "no", "任务编号", "项目编号", "任务序号", "项目序号", "序列"])
    {
        return Some(Word::Number);
    }
    // 事项编号, 问题序号; 大项序号 numbers the sections.
    if ["编号", "序号"].iter().any(|w| bare.ends_with(w))
        && bare.chars().count() <= 6
        && !has(&["大项", "类别", "领域", "分类", "板块", "一级", "章", "篇", "文件", "发文"])
    {
        return Some(Word::Number);
    }
    if is_period(&strip_brackets(&key)) {
        return Some(Word::Period);
    }
    if labels::section(text).is_some() || bare.chars().next().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let lower = bare.to_ascii_lowercase();
    if let Some(word) = english(&lower) {
        return Some(word);
    }
    let unit_noun = has(&["单位", "部门", "科室", "股室", "主体", "机构", "处室", "站所", "办所", "镇街"]);
    let person = has(&["责任人", "负责人", "联系人"]) && unit_noun && !has(&["填报"]);
    if !person && has(&["领导", "责任人", "联系人", "负责人", "联络员", "电话", "填报", "责任科长", "经办"])
    {
        return Some(Word::Other);
    }
    if has(&[
        "备注",
        "分值",
        "权重",
        "评分",
        "依据",
        "来源",
        "佐证",
        "资金",
        "投资",
        "说明",
        "是否",
        "渠道",
        "附注",
        "金额",
        "预算",
        "状态",
        "地点",
        "联系方式",
    ]) {
        return Some(Word::Other);
    }
    if has(&["考核"]) && !has(&["内容", "任务", "要点", "指标", "事项"]) {
        return Some(Word::Other);
    }
    // When it was handed over, begins or was written down is not when it is due.
    if has(&[
        "交办时间",
        "下达时间",
        "填报时间",
        "填表时间",
        "发布时间",
        "印发时间",
        "开始时间",
        "启动时间",
        "开工时间",
        "立项时间",
        "更新时间",
        "起始时间",
        "交办日期",
        "下达日期",
        "开始日期",
        "发现时间",
        "受理时间",
        "实际完成",
    ]) && !has(&["时限", "期限", "完成时间", "竣工"])
    {
        return Some(Word::Other);
    }
    if has(&[
        "落实情况",
        "进展",
        "完成情况",
        "推进情况",
        "工作成效",
        "进度情况",
        "办理情况",
        "完成进度",
        "实施情况",
        "目前进度",
    ]) {
        return Some(Word::Progress);
    }
    if has(&[
        "时限",
        "期限",
        "时间",
        "截止",
        "时序",
        "完成日期",
        "进度安排",
        "进度要求",
        "时间节点",
        "办结",
        "何时",
        "工期",
        "完成节点",
        "推进计划",
        "进度计划",
        "完成时",
    ]) {
        return Some(Word::Deadline);
    }
    let lead = has(&["牵头", "主办", "主责"]);
    let support = has(&["配合", "协办", "协同", "参与", "参加", "协助", "协作"]);
    let duty = has(&["责任", "承办", "落实", "实施", "承担", "执行", "主管", "完成单位", "完成部门"]);
    // 市级牵头 and 县区配合 are headings of units without the noun.
    let role_alone = bare.chars().count() <= 6 && ["牵头", "主办", "配合", "协办"].iter().any(|w| bare.ends_with(w));
    if unit_noun || role_alone || is(&["责任"]) {
        return match (lead, support, duty) {
            (true, false, false) => Some(Word::Lead),
            (false, true, false) => Some(Word::Support),
            (false, false, false) if has(&["任务", "工作", "内容", "信息"]) => Some(Word::Requirement),
            _ => Some(Word::Units),
        };
    }
    if is(&["责任分工", "任务分工", "职责分工", "分工", "责任落实", "责任", "责任体系", "工作分工", "分工情况"])
    {
        return Some(Word::Parent);
    }
    if has(&["类别", "领域", "分类", "大项", "板块", "类型", "一级", "所属", "方面", "维度", "篇章", "章节"])
    {
        return Some(Word::Section);
    }
    if has(&["问题"]) && !has(&["整改", "措施", "举措", "要求", "对策", "解决"]) {
        return Some(Word::Problem);
    }
    let task = ["任务", "项目", "事项", "名称", "要点", "工作", "行动", "工程"].iter().any(|w| bare.ends_with(w));
    if task && !has(&["要求", "内容", "举措", "措施", "标准", "做法", "描述", "小项", "二级"]) {
        return Some(Word::Task);
    }
    if has(&["目标", "预期", "成效"]) && !has(&["内容", "举措", "措施", "任务", "要求"]) {
        return Some(Word::Goal);
    }
    if has(&[
        "要求",
        "内容",
        "举措",
        "措施",
        "标准",
        "做法",
        "描述",
        "目标",
        "二级",
        "小项",
        "细化",
        "事项明细",
        "任务清单",
        "清单内容",
        "计划",
    ]) {
        return Some(Word::Requirement);
    }
    if has(&["任务", "项目", "事项", "要点", "工作", "指标", "名称", "主题", "重点"]) {
        return Some(Word::Task);
    }
    None
}

/// Whether a text is a heading, of a list or of another table.
pub(super) fn names_a_column(text: &str) -> bool {
    const ELSEWHERE: &[&str] =
        &["姓名", "职务", "单位", "科室", "部门", "手机", "座机", "邮箱", "地址", "职责", "电话"];
    ELSEWHERE.contains(&key(text).as_str()) || word(text).is_some()
}

/// 一季度, 第二季度目标, 上半年, 6月底: the heading of what is planned until then.
fn is_period(bare: &str) -> bool {
    let plain: String = bare.chars().map(half_width).collect();
    let tail = [
        "",
        "目标",
        "计划",
        "进度",
        "任务",
        "安排",
        "目标任务",
        "工作目标",
        "进度安排",
        "进度目标",
        "节点",
        "推进计划",
        "完成",
        "底",
        "末",
        "底前",
        "份",
    ];
    let rest = |text: &str| tail.contains(&text);
    if let Some(behind) = ["上半年", "下半年"].iter().find_map(|w| plain.strip_prefix(w)) {
        return rest(behind);
    }
    let plain = plain.trim_start_matches('第');
    let number: String =
        plain.chars().take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)).collect();
    if number.is_empty() || number.chars().count() > 2 {
        return false;
    }
    let behind = &plain[number.len()..];
    ["季度", "月份", "月"].iter().find_map(|w| behind.strip_prefix(w)).is_some_and(|behind| {
        ["底前", "底", "末"].iter().find_map(|w| behind.strip_prefix(w)).map_or_else(|| rest(behind), rest)
    })
}

fn english(lower: &str) -> Option<Word> {
    Some(match lower {
        "no" | "no." | "number" | "id" => Word::Number,
        "section" | "category" | "area" => Word::Section,
        "task" | "title" | "item" => Word::Task,
        "requirement" | "requirements" | "content" | "description" => Word::Requirement,
        "lead" | "leadunit" | "leadunits" | "lead unit" => Word::Lead,
        "unit" | "units" | "responsible" | "responsibleunits" | "department" => Word::Units,
        "support" | "supportunits" => Word::Support,
        "deadline" | "due" | "duedate" => Word::Deadline,
        "progress" | "status" => Word::Progress,
        "remark" | "remarks" | "note" | "notes" => Word::Other,
        _ => return None,
    })
}

fn strip_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    if out.is_empty() { text.into() } else { out }
}
