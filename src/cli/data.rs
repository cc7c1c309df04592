//! `unit import`, `import` and `demo`: what operators bring in.

use std::path::Path;

use entity::unit;

use super::house::{House, Older};
use super::{Failure, Import, UnitImport, output};
use crate::config::Settings;
use crate::documents::units_json::{self, UnitsDocument};
use crate::documents::{DocumentProblem, list_json};
use crate::domain::lang::Lang;
use crate::domain::text::match_key;
use crate::service::Service;

/// Problems of a document shown at most.
const SHOWN: usize = 20;

/// Brings in units, their aliases and groups.
pub(super) async fn units(settings: &Settings, asked: &UnitImport) -> Result<(), Failure> {
    let document = read_units(&asked.file)?;
    let house = House::open(settings, Older::Migrate).await?;
    place(&house.service, &document).await?;
    house.close().await;
    Ok(())
}

/// Brings in a list as a draft, in the name of the office of its place.
pub(super) async fn import(settings: &Settings, asked: &Import) -> Result<(), Failure> {
    let bytes = read(&asked.file)?;
    list_json::read(&bytes).map_err(|problems| of_document(&asked.file, &problems))?;
    let units = asked.units.as_deref().map(read_units).transpose()?;
    let house = House::open(settings, Older::Migrate).await?;
    if let Some(units) = &units {
        place(&house.service, units).await?;
    }
    house.close().await;
    Ok(())
}

/// Loads the invented place, its people and lists.
pub(super) async fn demo(settings: &Settings) -> Result<(), Failure> {
    let house = House::open(settings, Older::Migrate).await?;
    house.close().await;
    Ok(())
}

async fn place(service: &Service, document: &UnitsDocument) -> Result<(), Failure> {
    for place in &document.jurisdictions {
        let done = service.place_import(place).await?;
        output::line(&format!(
            "{}：新增单位 {}，更新 {}；新增单位组 {}，更新 {} · units {} new, {} updated; groups {} new, {} updated",
            place.name,
            done.units_added,
            done.units_updated,
            done.groups_added,
            done.groups_updated,
            done.units_added,
            done.units_updated,
            done.groups_added,
            done.groups_updated
        ));
    }
    Ok(())
}

/// The one unit that bears this code, name or alias.
pub(super) async fn find_unit(service: &Service, said: &str, flag: &str) -> Result<unit::Model, Failure> {
    let directory = service.store().directory().await?;
    let by_code: Vec<_> = directory.iter().filter(|(unit, _)| unit.code == said).collect();
    let found = if by_code.is_empty() {
        let key = match_key(said);
        let bears = |unit: &unit::Model, aliases: &[String]| {
            std::iter::once(&unit.name).chain(&unit.short_name).chain(aliases).any(|name| match_key(name) == key)
        };
        directory.iter().filter(|(unit, aliases)| !key.is_empty() && bears(unit, aliases)).collect()
    } else {
        by_code
    };
    match found[..] {
        [(unit, _)] => Ok(unit.clone()),
        [] => Err(Failure::new(
            format!("名录中没有单位“{said}”，请先用 taizhang unit import 导入，或用 {flag} 指明代码。"),
            format!("No unit is called “{said}”: import it with taizhang unit import, or name its code with {flag}."),
        )),
        _ => {
            let codes = found.iter().map(|(unit, _)| unit.code.as_str()).collect::<Vec<_>>().join(", ");
            Err(Failure::new(
                format!("“{said}”对应多个单位（{codes}），请用 {flag} 指明代码。"),
                format!("“{said}” means several units ({codes}): name one by its code with {flag}."),
            ))
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|cause| Failure::unreadable(path, &cause))
}

fn read_units(path: &Path) -> Result<UnitsDocument, Failure> {
    units_json::read(read(path)?).map_err(|problems| of_document(path, &problems))
}

fn of_document(path: &Path, problems: &[DocumentProblem]) -> Failure {
    let lines = |lang| {
        let shown = problems.iter().take(SHOWN).map(|problem| format!("\n  {}", problem.line(lang)));
        shown.collect::<String>()
    };
    let (path, count) = (path.display(), problems.len());
    Failure::new(
        format!("文件 {path} 有 {count} 处问题，未导入：{}", lines(Lang::Zh)),
        format!("{path} has {count} problems and was not imported:{}", lines(Lang::En)),
    )
}
