//! The paper: elements are written onto it from the top to the bottom, its height is known at the end.

use std::fmt::Write;

use super::super::model::Chart;
use super::super::number::coordinate;
use super::super::text::escape;
use super::super::tone::{Hatch, Tone};

/// The width of a picture that needs no more, in units of the SVG.
pub(super) const WIDTH: f64 = 960.0;
/// The empty edge around everything.
pub(super) const MARGIN: f64 = 28.0;
/// The colour of writing.
pub(super) const INK: &str = "#1A1A1A";
/// The colour of what is said beside.
pub(super) const PALE: &str = "#4A5260";
/// Fonts with Chinese that offices have, free ones first.
const FONTS: &str = "'Source Han Sans SC','Noto Sans CJK SC','Noto Sans SC','WenQuanYi Zen Hei','WenQuanYi Micro Hei',\
    'Microsoft YaHei','PingFang SC','SimHei',sans-serif";

/// Where a text stands by its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub size: f64,
    pub bold: bool,
    pub ink: &'static str,
    /// A white rim, for writing on hatched surfaces.
    pub rim: bool,
}

impl Type {
    pub(super) const fn plain(size: f64) -> Self {
        Self { size, bold: false, ink: INK, rim: false }
    }

    pub(super) const fn pale(size: f64) -> Self {
        Self { size, bold: false, ink: PALE, rim: false }
    }

    pub(super) const fn bold(size: f64) -> Self {
        Self { size, bold: true, ink: INK, rim: false }
    }
}

/// A rectangle.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// The paper and the pen.
pub(super) struct Sheet<'a> {
    pub chart: &'a Chart,
    pub width: f64,
    /// How far down it is written.
    pub y: f64,
    show: &'a dyn Fn(char) -> char,
    id: String,
    out: String,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(chart: &'a Chart, show: &'a dyn Fn(char) -> char) -> Self {
        let id = format!("tz{:016x}", fingerprint(chart));
        Self { chart, width: WIDTH, y: MARGIN, show, id, out: String::new() }
    }

    /// A text whose base line runs through the point; the full text for the mouse when it was shortened.
    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, look: Type, text: &str, full: Option<&str>) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let shown: String = text.chars().map(self.show).collect();
        let _ = write!(
            self.out,
            r#"<text x="{}" y="{}" text-anchor="{anchor}" font-size="{}" fill="{}""#,
            coordinate(x),
            coordinate(y),
            coordinate(look.size),
            look.ink
        );
        if look.bold {
            self.out.push_str(r#" font-weight="bold""#);
        }
        if look.rim {
            self.out.push_str(r##" stroke="#FFFFFF" stroke-width="3" stroke-linejoin="round" paint-order="stroke""##);
        }
        self.out.push('>');
        if let Some(full) = full.filter(|full| *full != text) {
            let _ = write!(self.out, "<title>{}</title>", escape(full));
        }
        let _ = writeln!(self.out, "{}</text>", escape(&shown));
    }

    /// Several lines of text below each other, the first with the full text.
    pub(super) fn lines(&mut self, (x, y): (f64, f64), anchor: Anchor, look: Type, lines: &[String], full: &str) {
        for (at, line) in lines.iter().enumerate() {
            let y = y + at as f64 * look.size * 1.25;
            self.text((x, y), anchor, look, line, (at == 0).then_some(full));
        }
    }

    /// A straight line.
    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), ink: &str, thick: f64) {
        let _ = writeln!(
            self.out,
            r#"<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{ink}" stroke-width="{}"/>"#,
            coordinate(x1),
            coordinate(y1),
            coordinate(x2),
            coordinate(y2),
            coordinate(thick)
        );
    }

    /// A surface in the look of a tone.
    pub(super) fn surface(&mut self, area: Area, tone: Tone) {
        self.rect(area, tone, "");
        self.out.push_str("/>\n");
    }

    /// The surface of one count, which it carries.
    pub(super) fn count(&mut self, area: Area, series: usize, category: usize) {
        let one = &self.chart.series[series];
        let data = data(series, category, one.values[category]);
        self.rect(area, one.tone, &data);
        let sentence = escape(&self.chart.sentence(series, category));
        let _ = writeln!(self.out, "><title>{sentence}</title></rect>");
    }

    fn rect(&mut self, area: Area, tone: Tone, data: &str) {
        let fill = match tone.hatch() {
            Some(_) => format!("url(#{}-{})", self.id, tone.name()),
            None => tone.fill().to_owned(),
        };
        let _ = write!(
            self.out,
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}" stroke="{}" stroke-width="0.8"{data}"#,
            coordinate(area.x),
            coordinate(area.y),
            coordinate(area.width.max(0.0)),
            coordinate(area.height.max(0.0)),
            tone.edge()
        );
    }

    /// The point of one count on a line, which it carries.
    pub(super) fn point(&mut self, path: &str, series: usize, category: usize) {
        let one = &self.chart.series[series];
        let data = data(series, category, one.values[category]);
        let sentence = escape(&self.chart.sentence(series, category));
        let (fill, edge) = (one.tone.fill(), one.tone.edge());
        let _ = writeln!(
            self.out,
            r#"<path d="{path}" fill="{fill}" stroke="{edge}" stroke-width="1.2"{data}><title>{sentence}</title></path>"#
        );
    }

    /// Something that is written as it stands; the caller answers for it.
    pub(super) fn raw(&mut self, element: &str) {
        self.out.push_str(element);
        self.out.push('\n');
    }

    /// The document.
    pub(super) fn finish(self) -> String {
        let (width, height) = (coordinate(self.width), coordinate((self.y + MARGIN * 0.6).ceil()));
        let (id, lang) = (&self.id, self.chart.lang.tag());
        let title = escape(&self.chart.title);
        let desc = escape(&self.chart.description());
        let patterns = patterns(self.chart, id);
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" "#,
                r#"role="img" aria-labelledby="{id}-title {id}-desc" xml:lang="{lang}" font-family="{fonts}">"#,
                "\n<title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{desc}</desc>\n{patterns}",
                "<rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n{body}</svg>\n"
            ),
            width = width,
            height = height,
            id = id,
            lang = lang,
            fonts = FONTS,
            title = title,
            desc = desc,
            patterns = patterns,
            body = self.out,
        )
    }
}

/// The number in a form that programs read.
fn data(series: usize, category: usize, value: u32) -> String {
    format!(r#" data-series="{series}" data-category="{category}" data-value="{value}""#)
}

/// The hatches of the series that have one.
fn patterns(chart: &Chart, id: &str) -> String {
    let mut out = String::new();
    for series in &chart.series {
        let tone = series.tone;
        let Some(hatch) = tone.hatch() else { continue };
        let (fill, edge, name) = (tone.fill(), tone.edge(), tone.name());
        let strokes = match hatch {
            Hatch::Rising => format!(r#"<path d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" stroke="{edge}"/>"#),
            Hatch::Falling => {
                format!(r#"<path d="M-1,5 l2,2 M0,0 l6,6 M5,-1 l2,2" stroke="{edge}" stroke-width="0.7"/>"#)
            }
            Hatch::Dots => format!(r#"<circle cx="3" cy="3" r="0.9" fill="{edge}"/>"#),
        };
        let _ = writeln!(
            out,
            concat!(
                r#"<pattern id="{}-{}" width="6" height="6" patternUnits="userSpaceOnUse">"#,
                r#"<rect width="6" height="6" fill="{}"/>{}</pattern>"#
            ),
            id, name, fill, strokes
        );
    }
    if out.is_empty() { out } else { format!("<defs>\n{out}</defs>\n") }
}

/// A number that differs between charts, so that several fit into one page (FNV-1a).
fn fingerprint(chart: &Chart) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0xFF]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    eat(&[chart.kind as u8]);
    eat(&chart.reach.to_be_bytes());
    for text in [&chart.title, &chart.subtitle, &chart.unit, &chart.source].into_iter().chain(&chart.categories) {
        eat(text.as_bytes());
    }
    for series in &chart.series {
        eat(series.name.as_bytes());
        series.values.iter().for_each(|v| eat(&v.to_be_bytes()));
    }
    hash
}
