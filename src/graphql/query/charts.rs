//! Pictures of a period.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::graphql::context::{self, key};
use crate::graphql::enums::{PeriodChartGrouping, PeriodChartKind};
use crate::graphql::scalar::Json;
use crate::graphql::user_error::top_level;
use crate::id::Kind;

/// 报告期的图表，两种形式出自同一数据。
/// A picture of a period, in two forms of the same numbers.
#[derive(SimpleObject)]
pub struct ReportingPeriodChart {
    /// SVG 矢量图。
    /// As an SVG drawing.
    svg: String,
    /// ECharts 配置项，可直接传给 setOption。
    /// As an ECharts option, ready for `setOption`.
    echarts: Json,
}

/// Pictures of a period.
#[derive(Default)]
pub struct ChartQuery;

#[Object]
impl ChartQuery {
    /// 报告期的图表，只统计本人可见的内容；不可见或没有内容时为空。单位和章节按固有次序排列，不作排名。
    /// A picture of a period over exactly what the caller sees; null when it is invisible or there is nothing in it. Units and sections keep their order; nobody is ranked.
    async fn reporting_period_chart(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "报告期。\nThe period.")] id: ID,
        #[graphql(desc = "内容。\nWhat it shows.")] kind: PeriodChartKind,
        #[graphql(desc = "分组，默认按单位。\nWhat its bars are; units unless said.")] by: Option<PeriodChartGrouping>,
    ) -> async_graphql::Result<Option<ReportingPeriodChart>> {
        let request = context::of(ctx)?;
        let period = key(Kind::ReportingPeriod, &id)?;
        let by = by.unwrap_or(PeriodChartGrouping::Unit);
        let picture = request
            .service
            .reporting_period_chart(&request.caller, period, kind.into(), by.into(), request.lang)
            .await
            .map_err(top_level)?;
        Ok(picture.map(|picture| ReportingPeriodChart { svg: picture.svg, echarts: Json(picture.echarts) }))
    }
}
