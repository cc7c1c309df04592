//! What files need of the machine: a process of its own to read them in, and a font for pictures.

use super::Finding;
use crate::cli::house;
use crate::config::Limits;
use crate::documents::chart::find_fonts;
use crate::documents::sandbox;
use crate::domain::lang::Lang;

/// Whether the process that reads office files starts, takes its limits upon itself and answers.
pub(super) async fn reading(limits: &Limits) -> Finding {
    let reader = house::reader(limits);
    match sandbox::read("序号,任务\n1,试读\n".as_bytes(), "doctor.csv", &reader).await {
        Ok(_) => Ok("独立进程，受限 · in a process of its own, within limits".to_owned()),
        Err(error) => Err(format!("{} · {}", error.text(Lang::Zh), error.text(Lang::En))),
    }
}

/// Whether pictures can show Chinese.
pub(super) fn font() -> Finding {
    match find_fonts(&[]) {
        Ok(fonts) => Ok(fonts.family().to_owned()),
        Err(error) => Err(format!("{} · {}", error.text(Lang::Zh), error.text(Lang::En))),
    }
}
