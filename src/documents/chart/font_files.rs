//! Where fonts lie on a server: a configured file or folder, else the folders of the system.

use std::path::{Path, PathBuf};

use super::fonts::{FontError, Fonts};

/// Where Linux keeps its fonts.
pub const DEFAULT_FOLDERS: &[&str] = &["/usr/share/fonts", "/usr/local/share/fonts"];

/// Folders below folders.
const MAX_DEPTH: usize = 6;
/// Files that are listed.
const MAX_FILES: usize = 5_000;
/// Bytes of one font file: the largest collections of the free Chinese fonts have 120 million.
const MAX_FILE: u64 = 160 * 1024 * 1024;
/// Bytes that are read until it is given up.
const MAX_READ: u64 = 512 * 1024 * 1024;

/// Words in the names of files that show Chinese, in the order of preference: free fonts first.
const KNOWN: &[&str] = &[
    "notosanssc",
    "notosanscjk",
    "sourcehansans",
    "wqy-zenhei",
    "wqy-microhei",
    "fz",
    "simhei",
    "msyh",
    "deng",
    "cjk",
    "wqy",
    "droidsansfallback",
    "simsun",
    "uming",
    "ukai",
    "hei",
    "song",
    "kai",
    "fang",
];
/// The plain weight of a family is tried first.
const PLAIN: &[&str] = &["regular", "zenhei", "microhei", "medium"];

/// The font for pictures: from these files and folders if some are named (then from nowhere else), else from the
/// folders of the system.
///
/// Reads files until one shows Chinese, so it blocks; call it once and keep the answer.
///
/// # Errors
/// When no font can show Chinese.
pub fn find_fonts(paths: &[PathBuf]) -> Result<Fonts, FontError> {
    let defaults: Vec<PathBuf> = DEFAULT_FOLDERS.iter().map(PathBuf::from).collect();
    let mut files = Vec::new();
    for path in if paths.is_empty() { &defaults } else { paths } {
        list(path, 0, &mut files);
    }
    files.sort_by_cached_key(|path| (rank(path), path.clone()));
    let mut left = MAX_READ;
    let mut found = None;
    let mut looked_at = 0;
    for (at, path) in files.iter().enumerate() {
        let Some(bytes) = read(path, &mut left) else { continue };
        looked_at += 1;
        if let Ok(fonts) = Fonts::from_bytes(bytes) {
            found = Some((at, fonts));
            break;
        }
    }
    let Some((at, fonts)) = found else { return Err(FontError::NoChinese { looked_at }) };
    Ok(match bold_sibling(&files[at]).and_then(|path| read(&path, &mut left)) {
        Some(bytes) => fonts.and_bold(bytes),
        None => fonts,
    })
}

/// `NotoSansCJK-Bold.ttc` beside `NotoSansCJK-Regular.ttc`.
fn bold_sibling(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let bold = name.replace("Regular", "Bold").replace("regular", "bold");
    (bold != name).then(|| path.with_file_name(bold)).filter(|path| path.is_file())
}

fn read(path: &Path, left: &mut u64) -> Option<Vec<u8>> {
    let size = std::fs::metadata(path).ok()?.len();
    if size == 0 || size > MAX_FILE || size > *left {
        return None;
    }
    *left -= size;
    std::fs::read(path).ok()
}

/// The font files of a path, links that lead in circles cut off by the depth.
fn list(path: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    if files.len() >= MAX_FILES || depth > MAX_DEPTH {
        return;
    }
    if path.is_dir() {
        let Ok(entries) = std::fs::read_dir(path) else { return };
        for entry in entries.flatten() {
            list(&entry.path(), depth + 1, files);
        }
    } else if depth == 0 || is_font(path) {
        files.push(path.to_owned());
    }
}

fn is_font(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    matches!(extension.as_str(), "ttf" | "ttc" | "otf" | "otc")
}

/// Files whose names promise Chinese come first; the others follow, so that nothing is missed.
///
/// Variable fonts come after all others of their kind, because they are drawn as their thinnest master.
fn rank(path: &Path) -> (bool, usize, bool, usize) {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_ascii_lowercase();
    let place = |words: &[&str]| words.iter().position(|word| name.contains(word)).unwrap_or(words.len());
    let known = place(KNOWN);
    let variable = ["vf.", "-vf", "variable", "[wght]"].iter().any(|word| name.contains(word));
    (known == KNOWN.len(), if variable { KNOWN.len() } else { known }, variable, place(PLAIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_free_fonts_are_tried_first() {
        let mut names = [
            "DejaVuSans.ttf",
            "NotoSerifCJK-Regular.ttc",
            "NotoSansSC-VF.otf",
            "wqy-zenhei.ttc",
            "NotoSansCJK-Bold.ttc",
            "simsun.ttc",
            "NotoSansCJK-Regular.ttc",
        ];
        names.sort_by_cached_key(|name| rank(Path::new(name)));
        assert_eq!(
            names,
            [
                "NotoSansCJK-Regular.ttc",
                "NotoSansCJK-Bold.ttc",
                "wqy-zenhei.ttc",
                "NotoSerifCJK-Regular.ttc",
                "simsun.ttc",
                "NotoSansSC-VF.otf",
                "DejaVuSans.ttf",
            ]
        );
    }
}
