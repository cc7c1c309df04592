//! The annual report: the sums in words and in pictures. Every number comes from the tables, and those from accepted
//! reports.

use entity::vocabulary::Completion;

use super::{AnnualContent, Content, Figure, FigureName, PublicationDocument, Sums, SumsEntry};
use crate::documents::chart::{Caption, Chart, ChartError, Row, echarts};
use crate::domain::lang::Lang;
use crate::domain::roll_up::RollUp;

/// The sums in words: `截至…，共…项应报事项，通过审核…项，…`.
pub fn paragraph(document: &PublicationDocument, content: &AnnualContent) -> String {
    let total = &content.total;
    let period = document.period.as_ref().map_or("", |period| period.label.as_str());
    let mut text = format!(
        "{}年{period}，《{}》共有应报事项{}项，涉及{}个单位；已报送并通过审核{}项",
        document.list.year,
        document.list.title,
        total.expected,
        content.by_unit.len(),
        total.accepted,
    );
    let words = [
        (Completion::Completed, "已完成"),
        (Completion::Substantial, "基本完成"),
        (Completion::Limited, "有限进展"),
        (Completion::NotStarted, "未启动"),
        (Completion::NothingToReport, "本期无新增情况"),
        (Completion::NotApplicable, "不适用"),
    ];
    let said: Vec<String> = words
        .iter()
        .filter(|(completion, _)| total.of(*completion) > 0)
        .map(|(completion, word)| format!("{word}{}项", total.of(*completion)))
        .collect();
    if !said.is_empty() {
        text.push_str("，其中");
        text.push_str(&said.join("、"));
    }
    let open = total.expected.saturating_sub(total.accepted);
    if open > 0 {
        text.push_str(&format!("；尚无通过审核的报告{open}项"));
    }
    text.push('。');
    text
}

/// The pictures of a document, ready to be drawn; none where it has no sums.
///
/// # Errors
/// When there are more rows than a picture can show.
pub fn figures(document: &PublicationDocument) -> Result<Vec<(FigureName, Chart)>, ChartError> {
    let Content::AnnualReport(content) = &document.content else { return Ok(Vec::new()) };
    let period = document.period.as_ref().map_or("", |period| period.label.as_str());
    let draw = |word: &str, rows: &[SumsEntry]| {
        let title = format!("{period} {word}");
        let caption = Caption {
            title: title.trim(),
            subtitle: &document.list.title,
            source: &document.issuer,
            as_of: document.as_of,
            lang: Lang::Zh,
        };
        Chart::accepted(caption, &rows.iter().map(row).collect::<Vec<_>>())
    };
    let mut all = Vec::new();
    if !content.by_section.is_empty() {
        all.push((FigureName::BySection, draw("各部分任务完成情况", &content.by_section)?));
    }
    if !content.by_unit.is_empty() {
        all.push((FigureName::ByUnit, draw("各单位任务完成情况", &content.by_unit)?));
    }
    Ok(all)
}

/// The same as ECharts options. A list with more units than a picture takes is published without pictures.
pub(super) fn drawn(document: &PublicationDocument, _: &AnnualContent) -> Vec<Figure> {
    let figures = figures(document).unwrap_or_default();
    figures.into_iter().map(|(name, chart)| Figure { name, echarts: echarts(&chart) }).collect()
}

fn row(entry: &SumsEntry) -> Row {
    let Sums { expected, accepted, completion } = entry.sums.clone();
    let missing = expected.saturating_sub(accepted);
    Row {
        name: entry.name.clone(),
        sums: RollUp { expected, received: accepted, accepted, missing, completion, ..RollUp::default() },
    }
}
