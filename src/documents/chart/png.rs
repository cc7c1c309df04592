//! The picture as PNG: the very SVG, drawn in a font that is known to show what stands in it.

use std::collections::BTreeSet;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, ImageHrefResolver, Options, Tree};

use crate::domain::lang::Lang;

use super::fonts::{FontError, Fonts};
use super::model::Chart;
use super::svg::svg_showing;

/// Pixels for each unit of the SVG, so that print is crisp.
pub const SCALE: f32 = 2.0;
/// Pixels of a picture at most (a page of A4 at 200 dpi has four million); eight bytes of memory each while it is made.
pub const MAX_PIXELS: u64 = 8_000_000;
/// Pixels of a side at most; what shows the pictures gives up beyond.
pub const MAX_SIDE: u32 = 16_000;
/// Below this scale nobody can read the picture.
const LEAST_SCALE: f32 = 0.6;
/// 缺字: how Chinese print marks a character that the type does not have.
const GETA: char = '〓';

/// A PNG and what is to be known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// Characters that the font does not have; 〓 stands in their place.
    pub missing: Vec<char>,
}

/// Why there is no PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PngError {
    /// No font.
    Font(FontError),
    /// The picture would be larger than is good for the server and for those who open it.
    TooLarge,
    /// The picture could not be drawn.
    Drawing(String),
}

impl From<FontError> for PngError {
    fn from(error: FontError) -> Self {
        Self::Font(error)
    }
}

impl PngError {
    /// A sentence for people.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Font(error) => error.text(lang),
            Self::TooLarge => lang
                .pick(
                    "图片过大，无法生成PNG，请减少行数或改用SVG。",
                    "The picture is too large for a PNG; use fewer rows or the SVG.",
                )
                .to_owned(),
            // The cause is for the log.
            Self::Drawing(_) => {
                lang.pick("无法生成PNG图片，请改用SVG。", "The PNG could not be made; use the SVG.").to_owned()
            }
        }
    }
}

/// The chart as PNG. Large charts get fewer pixels for each unit, so that the limits hold.
///
/// Takes a processor for a while; not for a thread that serves requests.
///
/// # Errors
/// When the picture would be too large, or cannot be drawn.
pub fn png(chart: &Chart, fonts: &Fonts) -> Result<Picture, PngError> {
    let missing = missing(chart, fonts);
    let document = svg_showing(chart, &|c| if missing.contains(&c) { GETA } else { c });
    let (regular, bold) = (fonts.regular, fonts.bold);
    let options = Options {
        fontdb: fonts.database.clone(),
        font_resolver: FontResolver {
            select_font: Box::new(move |font, _| Some(if font.weight() >= 600 { bold } else { regular })),
            select_fallback: Box::new(|_, _, _| None),
        },
        // Nothing is loaded from anywhere.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(&document, &options).map_err(|e| PngError::Drawing(e.to_string()))?;
    let scale = scale(tree.size().width(), tree.size().height()).ok_or(PngError::TooLarge)?;
    let size = tree.size().to_int_size().scale_by(scale).ok_or(PngError::TooLarge)?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or(PngError::TooLarge)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let bytes = pixels.encode_png().map_err(|e| PngError::Drawing(e.to_string()))?;
    Ok(Picture { bytes, width: size.width(), height: size.height(), missing: missing.into_iter().collect() })
}

/// The largest scale up to `SCALE` within the limits.
fn scale(width: f32, height: f32) -> Option<f32> {
    let by_area = (MAX_PIXELS as f32 / (width * height)).sqrt();
    let by_side = MAX_SIDE as f32 / width.max(height);
    // A hair less, so that rounding up does not step over.
    let most = by_area.min(by_side) * 0.999;
    (most >= LEAST_SCALE).then(|| most.min(SCALE))
}

/// Characters of the chart that the font cannot show.
fn missing(chart: &Chart, fonts: &Fonts) -> BTreeSet<char> {
    let texts = [&chart.title, &chart.subtitle, &chart.unit, &chart.source];
    let names = chart.categories.iter().chain(chart.series.iter().map(|s| &s.name));
    let all: BTreeSet<char> = texts.into_iter().chain(names).flat_map(|text| text.chars()).collect();
    all.into_iter().filter(|c| !fonts.shows(*c)).collect()
}
