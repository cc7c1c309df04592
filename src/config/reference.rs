//! docs/configuration.md, printed from the table; a test compares the file.

use std::fmt::Write;

use super::{Setting, table};

const HEAD: &str = "\
# Configuration · 配置

Printed by `taizhang config --markdown`; do not edit. 本文由程序生成，请勿手工修改。

A flag wins over a variable, a variable over the start value; an empty variable counts as absent.
`taizhang config` shows the values in force and where each came from, with secrets masked.
命令行参数优先于环境变量，环境变量优先于初始值；空的环境变量视为未设置。`taizhang config` 显示生效的值及其来源，密码已遮盖。
";

/// The whole document.
pub fn markdown() -> String {
    let (limits, general): (Vec<_>, Vec<_>) = table::all().iter().partition(|setting| setting.limit);
    let mut text = HEAD.to_owned();
    section(&mut text, "General · 一般", &general);
    section(&mut text, "Limits · 限制", &limits);
    text
}

fn section(text: &mut String, title: &str, settings: &[&Setting]) {
    let _ = write!(
        text,
        "\n## {title}\n\n| Flag | Variable | Start value | Allowed | 含义 | Meaning |\n| --- | --- | --- | --- | --- | --- |\n"
    );
    for setting in settings {
        let variables: Vec<_> = setting.variables.iter().map(|variable| format!("`{variable}`")).collect();
        let _ = writeln!(
            text,
            "| `--{}` | {} | `{}` | {} | {} | {} |",
            setting.name,
            variables.join(", "),
            setting.default,
            setting.allowed,
            setting.zh,
            setting.en
        );
    }
}
