//! What stands above a table: title, issuer, reporting period, year.

use super::clean::key;
use super::labels;
use crate::domain::text::half_width;

const NOUNS: &[&str] = &[
    "清单",
    "分工",
    "台账",
    "情况表",
    "一览表",
    "任务表",
    "计划表",
    "分解表",
    "责任表",
    "明细表",
    "进度表",
    "汇总表",
    "分解",
    "实事",
    "要点",
    "统计表",
    "推进表",
    "落实表",
    "任务",
    "项目表",
    "目标",
];

/// A line that could be the title, the better the higher.
fn worth(line: &str) -> i32 {
    let key = key(line);
    let n = key.chars().count();
    if !(5..=90).contains(&n) || key.starts_with("附件") || key.contains('>') || labels::numbered(line, None).is_some()
    {
        return 0;
    }
    let noun = NOUNS.iter().any(|w| key.contains(w));
    let ends = NOUNS.iter().any(|w| strip_period(&key).ends_with(w)) || key.ends_with('表');
    let mut worth = 0;
    worth += if noun { 3 } else { 0 };
    worth += if ends { 3 } else { 0 };
    worth += if year_in(line).is_some() { 2 } else { 0 };
    worth -= if key.contains(['。', ';', ':']) { 5 } else { 0 };
    worth -= if key.starts_with("关于") || key.contains("的通知") { 2 } else { 0 };
    worth -= if labels::section(line).is_some() { 6 } else { 0 };
    worth
}

fn strip_period(key: &str) -> &str {
    match key.rfind(['(', '[']) {
        Some(at) if key.ends_with([')', ']']) && at > 0 => &key[..at],
        _ => key,
    }
}

/// The title among the lines above a table; the last of the best.
pub(super) fn title(lines: &[String]) -> Option<String> {
    let lines: Vec<&str> = lines.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
    let mut best: Option<(i32, usize)> = None;
    for (i, line) in lines.iter().enumerate() {
        let worth = worth(line);
        if worth >= 3 && best.is_none_or(|(b, _)| worth >= b) {
            best = Some((worth, i));
        }
    }
    let (_, at) = best?;
    let mut title = one_line(lines[at]);
    // A title over two lines: the first has the year and no noun at its end.
    if year_in(&title).is_none()
        && let Some(before) = at.checked_sub(1).map(|i| lines[i])
        && (year_in(before).is_some() || key(before).ends_with("政府") || key(before).ends_with('市'))
        && key(before).chars().count() <= 40
        && !key(before).contains([':', '。', ';', '>', ')', ']'])
        && !key(before).ends_with(['日', '号'])
    {
        title = format!("{}{title}", one_line(before));
    }
    Some(title)
}

fn one_line(line: &str) -> String {
    super::clean::joined(line)
}

/// The year in a text: 2024年, 2024 年, 二〇二四年.
pub(super) fn year_in(text: &str) -> Option<i32> {
    years_in(text).into_iter().next()
}

/// All years in a text that are followed by 年, outside 〔〕 and 《》.
pub(super) fn years_in(text: &str) -> Vec<i32> {
    let chars: Vec<char> = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let mut out = Vec::new();
    let mut depth = 0_usize;
    for (i, c) in chars.iter().enumerate() {
        match c {
            '《' | '[' => depth += 1,
            '》' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let digit = |j: usize| {
            chars.get(j).and_then(|c| {
                c.to_digit(10).or_else(|| {
                    "〇一二三四五六七八九".chars().position(|d| d == *c).and_then(|n| u32::try_from(n).ok())
                })
            })
        };
        let before = i.checked_sub(1).and_then(digit).is_some();
        if depth == 0 && !before && chars.get(i + 4) == Some(&'年') {
            let digits: Vec<u32> = (i..i + 4).map_while(digit).collect();
            let year = digits.iter().fold(0_u32, |n, d| n * 10 + d);
            if digits.len() == 4 && (2000..=2100).contains(&year) {
                out.extend(i32::try_from(year).ok());
            }
        }
    }
    out
}

/// （1-X月）, （第一季度）, （上半年）: the reporting period in a title.
pub(super) fn period(title: &str) -> Option<String> {
    let chars: Vec<char> = title.chars().collect();
    let mut start = None;
    for (i, c) in chars.iter().enumerate() {
        match half_width(*c) {
            '(' | '[' => start = Some(i + 1),
            ')' | ']' => {
                let inside: String = chars[start.take()?..i].iter().collect();
                let plain = key(&inside);
                let months = plain.ends_with('月') || plain.ends_with("月份");
                let spans = plain.contains('-') || plain.contains('至') || plain.chars().count() <= 4;
                if plain.chars().count() <= 20 && (months && spans || plain.contains("季度") || plain.contains("半年"))
                {
                    return Some(inside.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    None
}

/// What a line says behind one of these words and a colon: 年度：2024年.
fn field(lines: &[String], words: &[&str]) -> Option<String> {
    let value = |line: &String| {
        let at = line.find([':', '：'])?;
        let behind = line[at..].trim_start_matches([':', '：']);
        words.contains(&key(&line[..at]).as_str()).then(|| one_line(behind)).filter(|v| !v.is_empty())
    };
    lines.iter().find_map(value)
}

/// The issuer on a line that says so: 印发单位：….
pub(super) fn stated_issuer(lines: &[String]) -> Option<String> {
    field(lines, &["印发单位", "发文单位", "制发单位", "发布单位", "印发机关", "发文机关"]).map(|mut issuer| {
        super::clean::cut(&mut issuer, 500);
        issuer
    })
}

/// The year on a line that says so: 年度：2024年.
pub(super) fn stated_year(lines: &[String]) -> Option<i32> {
    let said = field(lines, &["年度", "年份", "所属年度"])?;
    year_in(&said).or_else(|| year_in(&format!("{said}年")))
}

/// Who issued a list.
pub(super) enum Issuer {
    /// Printed on a line of its own.
    Printed(String),
    /// Put together from the place in the title.
    Guessed(String),
}

const ISSUER_ENDS: &[&str] =
    &["人民政府办公室", "人民政府", "办公室", "委员会", "管委会", "领导小组", "办事处", "局", "党委"];

/// The issuer on a line above the table, else by the place in the title.
pub(super) fn issuer(lines: &[String], title: Option<&str>) -> Option<Issuer> {
    for line in lines {
        let key = key(line);
        let n = key.chars().count();
        let fine = (4..=30).contains(&n) && !key.contains(['、', ',', '。', ':', ';', '>', '(', '《', '年', '月']);
        if fine && ISSUER_ENDS.iter().any(|end| key.ends_with(end)) && worth(line) < 3 {
            return Some(Issuer::Printed(one_line(line)));
        }
    }
    // （某镇）2021年…: the brackets only say that the name was put there later.
    let title: String = title.map(key)?.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']')).collect();
    let name = title.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '年' | '度'));
    let name = name.strip_prefix("中共").unwrap_or(name);
    // The words up to the year or to the subject.
    let head: String = name.chars().take(20).collect();
    if let Some((at, end)) = ["人民政府办公室", "人民政府", "局", "委员会", "管委会"]
        .iter()
        .filter_map(|e| head.find(e).map(|at| (at, e)))
        .min()
        && at > 0
        && head[..at].chars().count() >= 2
        && !head[..at].contains(['的', '和', '各'])
        && !head[..at].contains("工作")
    {
        return Some(Issuer::Guessed(format!("{}{end}", &head[..at])));
    }
    let (at, end) =
        head.char_indices().find(|(at, c)| *at > 0 && matches!(c, '市' | '县' | '区' | '镇' | '乡' | '旗' | '州'))?;
    let place = &head[..at + end.len_utf8()];
    let whole = ["全", "各", "本", "我"].iter().any(|w| place.starts_with(w));
    if whole || !(2..=8).contains(&place.chars().count()) {
        return None;
    }
    let office = if matches!(end, '镇' | '乡') { "人民政府" } else { "人民政府办公室" };
    Some(Issuer::Guessed(format!("{place}{office}")))
}

/// Lines and rows that are notes, signatures or fields of a form.
pub(super) fn is_note(text: &str) -> bool {
    let key = key(text);
    let starts = [
        "注:",
        "注：",
        "备注:",
        "说明:",
        "附注",
        "注1",
        "*",
        "※",
        "填报单位",
        "填报人",
        "填报时间",
        "填表人",
        "填表单位",
        "填表时间",
        "审核人",
        "审核:",
        "签字",
        "负责人",
        "联系人",
        "联系电话",
        "制表",
        "单位(盖章)",
        "单位盖章",
        "主要领导",
        "分管领导",
        "报送时间",
        "抄送",
        "附:",
        "附件",
        "合计",
        "总计",
        "共计",
        "小计",
        "单位负责人",
        "打印时间",
        "第一页",
        "填表说明",
        "备注1",
        "日期:",
        "note:",
        "Note:",
        "注释",
        "续表",
        "(续",
        "续上表",
        "接上表",
        "单位:万",
        "单位:亿",
        "单位:元",
        "计量单位",
        "金额单位",
    ];
    starts.iter().any(|w| key.starts_with(w))
}
