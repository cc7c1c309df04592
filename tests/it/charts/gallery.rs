//! Pictures for people: `cargo test --test it charts::gallery -- --ignored`, then look into `target/tmp/charts`.

use std::path::Path;

use taizhang::documents::chart::{Chart, ChartKind, echarts, find_fonts, png, svg};

use super::{caption, row, units};

#[test]
#[ignore = "writes pictures to be looked at"]
fn gallery() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("charts");
    std::fs::create_dir_all(&folder).unwrap();
    let fonts = find_fonts(&[]).unwrap();
    let sections = [
        row("一、聚焦主责主业，深化重点领域信息公开", [1, 4, 6, 12, 2, 0], [3, 1, 2]),
        row("二、加强政策解读和政民互动", [0, 2, 5, 9, 0, 1], [0, 0, 0]),
        row("三、夯实公开平台基础", [0, 0, 2, 3, 1, 0], [1, 0, 4]),
        row("四、强化组织保障", [0, 0, 0, 2, 0, 0], [0, 0, 0]),
    ];
    let periods = [
        row("1–3月", [4, 6, 2, 1, 2, 0], [5, 2, 9]),
        row("1–6月", [2, 8, 4, 5, 1, 0], [4, 1, 4]),
        row("1–9月", [0, 6, 8, 10, 1, 0], [2, 1, 1]),
        row("1–12月", [0, 1, 6, 20, 0, 2], [0, 0, 0]),
    ];
    let many: Vec<_> = (0..60_u32)
        .map(|n| row(&format!("虚构乡镇{n}人民政府"), [0, n % 3, n % 4, n % 7, 1, 0], [n % 2, 0, n % 5]))
        .collect();
    let receipt = Chart::receipt(caption("虚构市2026年政务公开重点工作报送情况"), &units()).unwrap();
    let progress = Chart::progress(caption("虚构市2026年政务公开重点工作落实进展"), &sections).unwrap();
    let course = Chart::periods(caption("虚构市2026年政务公开重点工作各期报送情况"), &periods).unwrap();
    let mut english = caption("Reports on open-government tasks (invented data)");
    (english.lang, english.source, english.subtitle) =
        (taizhang::domain::lang::Lang::En, "Invented office", "January to June 2026");
    let many = Chart::receipt(caption("虚构市各乡镇报送情况"), &many).unwrap();
    for (name, chart) in [
        ("receipt", receipt.clone()),
        ("receipt-grouped", receipt.drawn_as(ChartKind::Grouped)),
        ("progress", progress.clone()),
        ("progress-columns", progress.clone().drawn_as(ChartKind::StackedColumns)),
        ("overview", progress.drawn_as(ChartKind::Shares)),
        ("periods", course.clone()),
        ("periods-lines", course.drawn_as(ChartKind::Lines)),
        ("many-page", many.pages(30).remove(1)),
        ("many", many),
        ("english", Chart::receipt(english, &units()).unwrap()),
        ("nothing", Chart::receipt(caption("虚构市报送情况"), &[]).unwrap()),
    ] {
        std::fs::write(folder.join(format!("{name}.svg")), svg(&chart)).unwrap();
        std::fs::write(folder.join(format!("{name}.json")), echarts(&chart).to_string()).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), png(&chart, &fonts).unwrap().bytes).unwrap();
    }
}
