//! The one font in which a picture is drawn: it can show Chinese, or there is no picture.

use std::sync::Arc;

use resvg::usvg::fontdb::{self, Database, ID};
use skrifa::{FontRef, MetadataProvider};

use crate::domain::lang::Lang;

/// Characters that a font for these pictures must be able to show: everyday ones, and 〓, which stands for a missing one.
const PROBE: &str = "政务公开台账项年月日完成报送县镇街道办局委0123456789，。：（）…〓";
/// Fonts in one file at most.
const MAX_FACES: usize = 64;

/// Why there is no font.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FontError {
    /// No file could be read as a font that shows Chinese.
    NoChinese {
        /// How many font files were looked at.
        looked_at: usize,
    },
}

impl FontError {
    /// A sentence for people, with what to do.
    pub fn text(&self, lang: Lang) -> String {
        let Self::NoChinese { looked_at } = self;
        match lang {
            Lang::Zh => format!(
                "服务器上没有可显示中文的字体（检查了{looked_at}个字体文件），无法生成PNG图片。\
                 请安装思源黑体或文泉驿正黑等中文字体，或在配置中指定字体文件；SVG图片不受影响。"
            ),
            Lang::En => format!(
                "No font on the server can show Chinese ({looked_at} font files looked at), so no PNG can be made. \
                 Install a Chinese font such as Noto Sans CJK SC or WenQuanYi Zen Hei, or name a font file in the \
                 configuration; SVG pictures are not concerned."
            ),
        }
    }
}

/// A font that shows Chinese, regular and, if there is one, bold.
#[derive(Clone, Debug)]
pub struct Fonts {
    pub(super) database: Arc<Database>,
    pub(super) regular: ID,
    pub(super) bold: ID,
    family: String,
}

impl Fonts {
    /// The first face that shows Chinese in a font file or collection; bold too, if the file has it.
    ///
    /// # Errors
    /// When it shows no Chinese or is no font.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, FontError> {
        Self::regular(bytes).ok_or(FontError::NoChinese { looked_at: 1 })
    }

    fn regular(bytes: Vec<u8>) -> Option<Self> {
        let mut database = Database::new();
        let faces = load(&mut database, bytes);
        let chinese: Vec<ID> = faces.into_iter().filter(|id| shows(&database, *id, PROBE)).collect();
        // A collection names the same shapes for several regions; the mainland's come first where they are marked.
        let best = |id: &&ID| {
            database.face(**id).map_or((true, true, u16::MAX), |face| {
                let name = face.families.first().map_or("", |(name, _)| name.as_str());
                let elsewhere =
                    name.contains("Mono") || (name.contains("CJK") && !name.ends_with("SC") && !name.ends_with("CN"));
                (elsewhere, face.style != fontdb::Style::Normal, face.weight.0.abs_diff(400))
            })
        };
        let regular = *chinese.iter().min_by_key(best)?;
        let family = database.face(regular)?.families.first().map(|(name, _)| name.clone()).unwrap_or_default();
        let bold = chinese.iter().copied().find(|id| is_bold_of(&database, *id, &family)).unwrap_or(regular);
        Some(Self { database: Arc::new(database), regular, bold, family })
    }

    /// The same font with the bold face of another file, if it has one of the same family.
    #[must_use]
    pub fn and_bold(mut self, bytes: Vec<u8>) -> Self {
        let mut database = (*self.database).clone();
        let faces = load(&mut database, bytes);
        let fits = |id: &ID| is_bold_of(&database, *id, &self.family) && shows(&database, *id, PROBE);
        if let Some(bold) = faces.into_iter().find(fits) {
            self.database = Arc::new(database);
            self.bold = bold;
        }
        self
    }

    /// The name of the font.
    pub fn family(&self) -> &str {
        &self.family
    }

    /// Whether the regular and the bold face can show a character.
    pub fn shows(&self, c: char) -> bool {
        let text = c.to_string();
        shows(&self.database, self.regular, &text)
            && (self.bold == self.regular || shows(&self.database, self.bold, &text))
    }
}

fn load(database: &mut Database, bytes: Vec<u8>) -> Vec<ID> {
    let source = fontdb::Source::Binary(Arc::new(bytes));
    database.load_font_source(source).into_iter().take(MAX_FACES).collect()
}

fn is_bold_of(database: &Database, id: ID, family: &str) -> bool {
    database.face(id).is_some_and(|face| {
        face.weight.0 >= 600
            && face.style == fontdb::Style::Normal
            && face.families.first().is_some_and(|(name, _)| name == family)
    })
}

/// Whether a face has a glyph of its own for every character.
fn shows(database: &Database, id: ID, text: &str) -> bool {
    let asked = database.with_face_data(id, |bytes, index| {
        let Ok(font) = FontRef::from_index(bytes, index) else { return false };
        let characters = font.charmap();
        text.chars().all(|c| characters.map(c).is_some_and(|glyph| glyph.to_u32() != 0))
    });
    asked.unwrap_or_default()
}
