//! Pictures of a period, over exactly the rows that whoever asks may see.

use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use super::views::PeriodView;
use super::{Caller, Service};
use crate::clock::day_of;
use crate::documents::chart::{Caption, Chart, ChartError, Row, echarts, svg};
use crate::domain::lang::Lang;
use crate::domain::roll_up::RollUp;
use crate::error::Fault;

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// 报送进度: accepted, waiting, returned, missing.
    Receipt,
    /// 完成程度.
    Progress,
}

/// What its bars are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Units, in the order of the directory.
    Unit,
    /// Outermost sections, in printed order.
    Section,
}

/// The same picture in two forms.
#[derive(Clone, Debug)]
pub struct Picture {
    /// As a drawing.
    pub svg: String,
    /// As an ECharts option.
    pub echarts: serde_json::Value,
}

impl Service {
    /// A picture of a period; `None` when the period is invisible or nothing in it is visible.
    pub async fn reporting_period_chart(
        &self,
        caller: &Caller,
        period: Uuid,
        shown: Shown,
        grouping: Grouping,
        lang: Lang,
    ) -> Result<Option<Picture>, Fault> {
        let reader = self.store().reader_for(Arc::clone(&caller.actor));
        let Some(view) = PeriodView::read(&reader, period).await? else { return Ok(None) };
        let today = day_of(self.clock().now());
        let drawn = tokio::task::spawn_blocking(move || {
            if view.rows.is_empty() {
                return Ok(None);
            }
            match chart(&view, shown, grouping, today, lang) {
                Ok(chart) => Ok(Some(Picture { svg: svg(&chart), echarts: echarts(&chart) })),
                Err(error) => Err(Fault::BadRequest(error.text(lang))),
            }
        });
        drawn.await.map_err(|e| Fault::Internal(e.to_string()))?
    }
}

/// The receipt per unit.
pub(super) fn receipt(view: &PeriodView, today: NaiveDate, lang: Lang) -> Result<Chart, ChartError> {
    chart(view, Shown::Receipt, Grouping::Unit, today, lang)
}

fn chart(
    view: &PeriodView,
    shown: Shown,
    grouping: Grouping,
    today: NaiveDate,
    lang: Lang,
) -> Result<Chart, ChartError> {
    let sums = match grouping {
        Grouping::Unit => view.by_unit(),
        Grouping::Section => view.by_section(),
    };
    let rows: Vec<Row> = sums.into_iter().map(|(name, sums): (String, RollUp)| Row { name, sums }).collect();
    let title = match shown {
        Shown::Receipt => lang.pick("报送进度", "Reports received"),
        Shown::Progress => lang.pick("完成程度", "Progress of tasks"),
    };
    let title = format!("{} {title}", view.period.label);
    let caption = Caption { title: &title, subtitle: &view.list.title, source: "", as_of: today, lang };
    match shown {
        Shown::Receipt => Chart::receipt(caption, &rows),
        Shown::Progress => Chart::progress(caption, &rows),
    }
}
