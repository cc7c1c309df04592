//! PNG: Chinese characters or a plain sentence, never boxes.

use std::path::PathBuf;
use std::sync::OnceLock;

use resvg::tiny_skia::Pixmap;
use taizhang::documents::chart::{
    Chart, ChartKind, FontError, Fonts, MAX_PIXELS, MAX_SIDE, PngError, Series, Tone, find_fonts, png, svg,
};
use taizhang::domain::lang::Lang;

use super::{caption, chart, units};

/// The font of this machine; without one the sentence is proven, and the test says loudly that it saw no picture.
fn fonts() -> Option<Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS.get_or_init(look).clone()
}

fn look() -> Option<Fonts> {
    match find_fonts(&[]) {
        Ok(fonts) => Some(fonts),
        Err(error) => {
            assert!(matches!(error, FontError::NoChinese { .. }));
            assert!(error.text(Lang::Zh).contains("没有可显示中文的字体"));
            println!("NO CHINESE FONT ON THIS MACHINE: no picture was looked at");
            None
        }
    }
}

fn named(name: &str) -> Chart {
    Chart::new(name, ChartKind::Stacked, &["甲"], vec![Series::new("数", Tone::Done, vec![3])], "项", Lang::Zh).unwrap()
}

/// The dark pixels of the band in which the title stands.
fn title_pixels(chart: &Chart, fonts: &Fonts) -> Vec<bool> {
    let picture = png(chart, fonts).unwrap();
    let pixels = Pixmap::decode_png(&picture.bytes).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (picture.width, picture.height));
    let band = pixels.width() as usize * 110;
    pixels.pixels()[..band].iter().map(|p| p.red() < 128).collect()
}

#[test]
fn chinese_characters_are_drawn_and_differ() {
    let Some(fonts) = fonts() else { return };
    let drawn: Vec<Vec<bool>> = ["政", "务", "公"].iter().map(|c| title_pixels(&named(c), &fonts)).collect();
    for pixels in &drawn {
        let dark = pixels.iter().filter(|dark| **dark).count();
        assert!(dark > 100, "{dark} dark pixels are no character");
    }
    // Three missing characters would be three times the same box.
    assert!(drawn[0] != drawn[1] && drawn[1] != drawn[2] && drawn[0] != drawn[2]);
}

#[test]
fn a_character_that_the_font_lacks_becomes_the_mark_of_print() {
    let Some(fonts) = fonts() else { return };
    // A private character shows something else, or nothing, in every font.
    let lacking = ('\u{F0000}'..'\u{F0100}').find(|c| !fonts.shows(*c)).unwrap();
    let picture = png(&named(&format!("甲{lacking}乙")), &fonts).unwrap();
    assert_eq!(picture.missing, [lacking]);
    assert_eq!(title_pixels(&named(&format!("甲{lacking}乙")), &fonts), title_pixels(&named("甲〓乙"), &fonts));
    assert!(svg(&named(&format!("甲{lacking}乙"))).contains(lacking), "the SVG keeps it");
    assert!(png(&named("甲乙"), &fonts).unwrap().missing.is_empty());
}

#[test]
fn pictures_are_sharp_bounded_and_the_same_again() {
    let Some(fonts) = fonts() else { return };
    let small = png(&Chart::receipt(caption("报送情况"), &units()).unwrap(), &fonts).unwrap();
    assert_eq!(small.width, 1_920, "two pixels for each unit");
    assert_eq!(small, png(&Chart::receipt(caption("报送情况"), &units()).unwrap(), &fonts).unwrap());
    let names: Vec<String> = (0..200).map(|n| format!("虚构单位{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let large = png(&chart(ChartKind::Stacked, &names, &[(0..200).collect()]), &fonts).unwrap();
    assert!(large.width <= MAX_SIDE && large.height <= MAX_SIDE);
    assert!(large.width < 1_920 && u64::from(large.width) * u64::from(large.height) <= MAX_PIXELS);
    let names: Vec<&str> = (0..300).map(|_| "单位").collect();
    let many = vec![vec![1_000_000; 300]; 8];
    let huge = png(&chart(ChartKind::Grouped, &names, &many), &fonts).unwrap_err();
    assert_eq!(huge, PngError::TooLarge);
    assert!(huge.text(Lang::Zh).contains("过大"));
}

#[test]
fn without_a_chinese_font_there_is_a_sentence_and_no_boxes() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().to_owned(), PathBuf::from("/nowhere/at/all")];
    assert_eq!(find_fonts(&paths).unwrap_err(), FontError::NoChinese { looked_at: 0 });
    for (name, bytes) in [("a.ttf", b"no font".to_vec()), ("b.ttc", vec![0; 4_096]), ("c.otf", b"OTTO\0\x01".to_vec())]
    {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    std::fs::write(folder.path().join("readme.txt"), "no font").unwrap();
    let error = find_fonts(&paths).unwrap_err();
    assert_eq!(error, FontError::NoChinese { looked_at: 3 });
    assert!(error.text(Lang::Zh).contains("检查了3个字体文件"));
    assert!(error.text(Lang::En).contains("3 font files"));
    assert_eq!(PngError::from(error.clone()).text(Lang::En), error.text(Lang::En));
}
