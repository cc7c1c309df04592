//! The one source of all pictures.

use crate::domain::lang::Lang;

use super::text::clean;
use super::tone::Tone;

/// Units, sections or periods in one picture at most.
pub const MAX_CATEGORIES: usize = 300;
/// Series in one picture at most: as many as there are tones.
pub const MAX_SERIES: usize = 8;
/// Characters of a name, a title or a line of small print at most; more is cut with an ellipsis.
pub const MAX_LABEL: usize = 500;

/// How the numbers are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChartKind {
    /// Lying bars, the series one after the other.
    Stacked,
    /// Lying bars, the series below each other.
    Grouped,
    /// Standing bars, the series on top of each other.
    StackedColumns,
    /// Standing bars, the series beside each other.
    GroupedColumns,
    /// Lying bars of the same length: the share of each series in its category.
    Shares,
    /// A line for each series.
    Lines,
}

impl ChartKind {
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::Stacked, Self::Grouped, Self::StackedColumns, Self::GroupedColumns, Self::Shares, Self::Lines];

    /// Whether the categories stand below each other.
    pub(super) const fn is_lying(self) -> bool {
        matches!(self, Self::Stacked | Self::Grouped | Self::Shares)
    }

    /// Whether the series of a category add up.
    pub(super) const fn is_stacked(self) -> bool {
        matches!(self, Self::Stacked | Self::StackedColumns | Self::Shares)
    }
}

/// One kind of count over all categories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub(super) name: String,
    pub(super) values: Vec<u32>,
    pub(super) tone: Tone,
}

impl Series {
    /// A series with a look of its meaning.
    pub fn new(name: &str, tone: Tone, values: Vec<u32>) -> Self {
        Self { name: clean(name), values, tone }
    }

    /// The name in the legend.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A count for each category.
    pub fn values(&self) -> &[u32] {
        &self.values
    }
}

/// Why no chart can be made of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartError {
    /// More categories than a picture can show.
    TooManyCategories,
    /// More series than can be told apart.
    TooManySeries,
    /// A series has not one value for each category.
    UnevenSeries,
    /// Two series with the same name or the same look.
    SameSeries,
}

impl ChartError {
    /// A sentence for people.
    pub fn text(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::TooManyCategories, Lang::Zh) => format!("一张图最多显示{MAX_CATEGORIES}项，请分批生成"),
            (Self::TooManyCategories, Lang::En) => {
                format!("A picture shows at most {MAX_CATEGORIES} rows; make several")
            }
            (Self::TooManySeries, Lang::Zh) => format!("一张图最多显示{MAX_SERIES}个系列"),
            (Self::TooManySeries, Lang::En) => format!("A picture shows at most {MAX_SERIES} series"),
            (Self::UnevenSeries, Lang::Zh) => "系列的数值个数与分类个数不一致".to_owned(),
            (Self::UnevenSeries, Lang::En) => "A series does not have one value for each category".to_owned(),
            (Self::SameSeries, Lang::Zh) => "系列的名称或样式重复".to_owned(),
            (Self::SameSeries, Lang::En) => "Two series have the same name or the same look".to_owned(),
        }
    }
}

/// Counts to be looked at: what the SVG, the PNG and the description for ECharts are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) kind: ChartKind,
    pub(super) categories: Vec<String>,
    pub(super) series: Vec<Series>,
    pub(super) unit: String,
    pub(super) source: String,
    pub(super) lang: Lang,
    /// What the axis reaches at least: pages of one chart have the same axis.
    pub(super) reach: u64,
}

impl Chart {
    /// A chart of these numbers, in the order given.
    ///
    /// # Errors
    /// When there is more than a picture can show, or the series do not fit the categories.
    pub fn new(
        title: &str,
        kind: ChartKind,
        categories: &[&str],
        series: Vec<Series>,
        unit: &str,
        lang: Lang,
    ) -> Result<Self, ChartError> {
        if categories.len() > MAX_CATEGORIES {
            return Err(ChartError::TooManyCategories);
        }
        if series.len() > MAX_SERIES {
            return Err(ChartError::TooManySeries);
        }
        if series.iter().any(|s| s.values.len() != categories.len()) {
            return Err(ChartError::UnevenSeries);
        }
        for (at, one) in series.iter().enumerate() {
            if series[..at].iter().any(|other| other.name == one.name || other.tone == one.tone) {
                return Err(ChartError::SameSeries);
            }
        }
        Ok(Self {
            title: clean(title),
            subtitle: String::new(),
            kind,
            categories: categories.iter().map(|name| clean(name)).collect(),
            series,
            unit: clean(unit),
            source: String::new(),
            lang,
            reach: 0,
        })
    }

    /// The same chart with a line below its title.
    #[must_use]
    pub fn with_subtitle(mut self, subtitle: &str) -> Self {
        self.subtitle = clean(subtitle);
        self
    }

    /// The same chart with a line of small print: where the numbers come from, and of which day.
    #[must_use]
    pub fn with_source(mut self, source: &str) -> Self {
        self.source = clean(source);
        self
    }

    /// The same numbers, drawn in another way.
    #[must_use]
    pub fn drawn_as(mut self, kind: ChartKind) -> Self {
        self.kind = kind;
        self
    }

    /// The chart in parts of so many rows, with one axis and their number below the title, so that each fits on a page.
    pub fn pages(&self, rows: usize) -> Vec<Self> {
        let (rows, all) = (rows.max(1), self.categories.len());
        let pages = all.div_ceil(rows).max(1);
        if pages == 1 {
            return vec![self.clone()];
        }
        let page = |number: usize| {
            let range = number * rows..((number + 1) * rows).min(all);
            let place = match self.lang {
                Lang::Zh => format!("（第{}/{pages}页）", number + 1),
                Lang::En => format!(" (page {} of {pages})", number + 1),
            };
            let mut part = self.clone();
            part.reach = self.largest();
            part.categories = self.categories[range.clone()].to_vec();
            for series in &mut part.series {
                series.values = series.values[range.clone()].to_vec();
            }
            part.with_subtitle(&format!("{}{place}", self.subtitle))
        };
        (0..pages).map(page).collect()
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How the numbers are drawn.
    pub const fn kind(&self) -> ChartKind {
        self.kind
    }

    /// Units, sections or periods, in the order given.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// The counts.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// Whether there is nothing to draw.
    pub(super) fn is_empty(&self) -> bool {
        self.categories.is_empty() || self.series.is_empty()
    }

    /// All counts of a category together.
    pub(super) fn total(&self, category: usize) -> u64 {
        self.series.iter().map(|s| u64::from(s.values[category])).sum()
    }

    /// The counts of a category, one for each series.
    pub(super) fn column(&self, category: usize) -> Vec<u32> {
        self.series.iter().map(|s| s.values[category]).collect()
    }

    /// The largest number that the axis of counts has to reach.
    pub(super) fn largest(&self) -> u64 {
        let own = if self.kind.is_stacked() {
            (0..self.categories.len()).map(|at| self.total(at)).max()
        } else {
            self.series.iter().flat_map(|s| &s.values).copied().map(u64::from).max()
        };
        own.unwrap_or_default().max(self.reach)
    }

    /// What one bar or point says, for a reader of the screen and for the mouse.
    pub(super) fn sentence(&self, series: usize, category: usize) -> String {
        let (name, one) = (&self.categories[category], &self.series[series]);
        let (what, count) = (&one.name, one.values[category]);
        match self.lang {
            Lang::Zh => format!("{name}：{what}{count}{}", self.unit),
            Lang::En if self.unit.is_empty() => format!("{name}: {what} {count}"),
            Lang::En => format!("{name}: {what} {count} ({})", self.unit),
        }
    }

    /// What the picture shows, for those who cannot see it.
    pub(super) fn description(&self) -> String {
        let mut sums = Vec::new();
        for series in &self.series {
            let sum: u64 = series.values.iter().map(|v| u64::from(*v)).sum();
            sums.push(match self.lang {
                Lang::Zh => format!("{}{sum}{}", series.name, self.unit),
                Lang::En => format!("{} {sum}", series.name),
            });
        }
        match self.lang {
            Lang::Zh if self.is_empty() => "没有数据。".to_owned(),
            Lang::En if self.is_empty() => "No data.".to_owned(),
            // A line over periods is no sum: the periods overlap.
            Lang::Zh if self.kind == ChartKind::Lines => format!("共{}期。", self.categories.len()),
            Lang::En if self.kind == ChartKind::Lines => format!("{} periods.", self.categories.len()),
            Lang::Zh => format!("共{}行。合计：{}。", self.categories.len(), sums.join("，")),
            Lang::En => format!("{} rows. In total: {}.", self.categories.len(), sums.join(", ")),
        }
    }
}
