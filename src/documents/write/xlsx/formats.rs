//! What cells look like.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

/// The looks of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Title,
    Field,
    Heading,
    Section,
    Subsection,
    Text,
    Top,
    Short,
    Share,
    Day,
    Sum,
    SumShare,
    Note,
}

impl Look {
    /// The look of a number.
    pub(super) const fn centered(self) -> Self {
        if matches!(self, Self::Text) { Self::Short } else { self }
    }

    /// The look of a share.
    pub(super) const fn share(self) -> Self {
        if matches!(self, Self::Sum) { Self::SumShare } else { Self::Share }
    }

    /// The look of a day.
    pub(super) const fn day(self) -> Self {
        Self::Day
    }
}

/// The formats, made once.
pub(super) struct Formats {
    title: Format,
    field: Format,
    heading: Format,
    section: Format,
    subsection: Format,
    text: Format,
    top: Format,
    short: Format,
    share: Format,
    day: Format,
    sum: Format,
    sum_share: Format,
    note: Format,
}

impl Default for Formats {
    fn default() -> Self {
        // 134 is the set of Chinese characters.
        let font = |name: &str, size: f64| {
            Format::new()
                .set_font_name(name)
                .set_font_size(size)
                .set_font_charset(134)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
        };
        let framed = |format: Format| format.set_border(FormatBorder::Thin);
        let center = |format: Format| format.set_align(FormatAlign::Center);
        let text = framed(font("仿宋_GB2312", 10.5)).set_align(FormatAlign::Left);
        let short = center(text.clone());
        let sum = center(framed(font("黑体", 10.5)).set_bold());
        Self {
            title: center(font("方正小标宋简体", 22.0)),
            field: font("仿宋_GB2312", 12.0),
            heading: center(framed(font("黑体", 11.0)).set_bold()),
            section: framed(font("黑体", 11.0)).set_bold().set_align(FormatAlign::Left),
            subsection: framed(font("楷体_GB2312", 11.0)).set_bold().set_align(FormatAlign::Left),
            share: short.clone().set_num_format("0.0%"),
            day: short.clone().set_num_format("yyyy-mm-dd"),
            sum_share: sum.clone().set_num_format("0.0%"),
            note: font("仿宋_GB2312", 10.5).set_align(FormatAlign::Left),
            top: text.clone().set_align(FormatAlign::Top),
            text,
            short,
            sum,
        }
    }
}

impl Formats {
    /// The format of a look.
    pub(super) const fn of(&self, look: Look) -> &Format {
        match look {
            Look::Title => &self.title,
            Look::Field => &self.field,
            Look::Heading => &self.heading,
            Look::Section => &self.section,
            Look::Subsection => &self.subsection,
            Look::Text => &self.text,
            Look::Top => &self.top,
            Look::Short => &self.short,
            Look::Share => &self.share,
            Look::Day => &self.day,
            Look::Sum => &self.sum,
            Look::SumShare => &self.sum_share,
            Look::Note => &self.note,
        }
    }
}
