//! `unit import`, `import` and `demo`: what operators bring in.

use std::path::Path;

use entity::unit;

use super::house::{House, Older};
use super::progress::Progress;
use super::{Failure, Import, UnitImport, draft, output};
use crate::config::Settings;
use crate::documents::DocumentProblem;
use crate::documents::list_json;
use crate::documents::units_json::{self, UnitsDocument};
use crate::domain::lang::Lang;
use crate::domain::text::match_key;
use crate::id::{GlobalId, Kind};
use crate::service::import::{ReadList, TaskListImport};
use crate::service::{Caller, Service, demo};
use crate::store::StoreError;

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
    if asked.dry_run {
        let (document, questions) = draft::document(&settings.limits, asked).await?;
        draft::ask_all(&questions);
        draft::show(&asked.file, &document, asked.json);
        return Ok(());
    }
    let units = asked.units.as_deref().map(read_units).transpose()?;
    let bytes = read(&asked.file)?;
    let known = if asked.list_json { Some(list_of_json(asked, &bytes)?) } else { None };
    let house = House::open(settings, Older::Migrate).await?;
    let service = &house.service;
    if let Some(units) = &units {
        place(service, units).await?;
    }
    let progress = Progress::start();
    let said = said_issuer(service, asked, units.as_ref()).await?;
    let (issuer, office, read) = match (said, known) {
        (Some(issuer), known) => {
            let office = office(service, &issuer).await?;
            let read = match known {
                Some(read) => read,
                None => list(service, &office, asked, bytes, &progress).await?,
            };
            (issuer, office, read)
        }
        (None, Some(read)) => {
            let issuer = printed_issuer(service, &read).await?;
            (issuer.clone(), office(service, &issuer).await?, read)
        }
        // Only the list itself says whose it is: read with the names of one place, and again with those of the right one.
        (None, None) => {
            let roots = service.store().roots().await?;
            let first = roots.first().ok_or_else(no_issuer)?;
            let read = list(service, &office(service, first).await?, asked, bytes.clone(), &progress).await?;
            let issuer = printed_issuer(service, &read).await?;
            let office = office(service, &issuer).await?;
            let same = issuer.root_id == first.id;
            let read = if same { read } else { list(service, &office, asked, bytes, &progress).await? };
            (issuer, office, read)
        }
    };
    progress.step("写入", "writing");
    let input = TaskListImport { issuer: issuer.id, read, title: None, support_reports: false, dry_run: false };
    let imported = service.task_list_import(&office, None, input).await?.map_err(|errors| Failure::refused(&errors))?;
    progress.done();
    let id = imported.list.map(|list| GlobalId::new(Kind::TaskList, list).to_string()).unwrap_or_default();
    let (zh, en) = if imported.before {
        ("此前已导入，未作改动", "was imported before")
    } else {
        ("已导入为草稿", "imported as a draft")
    };
    output::line(&format!("{id}  {zh} · {en} · {}", issuer.name));
    output::line(&format!("任务 {} 项 · {} tasks", imported.tasks, imported.tasks));
    draft::ask_all(&imported.questions);
    if !imported.questions.is_empty() {
        output::line(&format!(
            "以上 {} 个问题须人工确认后才能印发：taizhang answer · {} questions to a person before the list is issued",
            imported.questions.len(),
            imported.questions.len()
        ));
    }
    house.close().await;
    Ok(())
}

/// The list of a file, read with the names of the office's place.
async fn list(
    service: &Service,
    office: &Caller,
    asked: &Import,
    bytes: Vec<u8>,
    progress: &Progress,
) -> Result<ReadList, Failure> {
    progress.step("读取", "reading");
    let read = service.list_read(office, &draft::name(&asked.file), bytes, None).await?;
    read.map_err(|errors| Failure::refused(&errors))
}

fn list_of_json(asked: &Import, bytes: &[u8]) -> Result<ReadList, Failure> {
    list_json::read(bytes).map(ReadList::from).map_err(|problems| of_document(&asked.file, &problems))
}

async fn printed_issuer(service: &Service, read: &ReadList) -> Result<unit::Model, Failure> {
    let printed = read.document.issuer.as_deref().ok_or_else(no_issuer)?;
    find_unit(service, printed, "--issuer").await
}

/// The office of a unit's place, from the command line.
async fn office(service: &Service, unit: &unit::Model) -> Result<Caller, Failure> {
    let roots = service.store().roots().await?;
    let root = roots.iter().find(|root| root.id == unit.root_id);
    Ok(service.operator_caller(root.ok_or(StoreError::Misuse("a unit without a root"))?).await?)
}

fn no_issuer() -> Failure {
    Failure::new(
        "文件没有写明发文单位，请用 --issuer 指明单位代码或名称。",
        "The file does not say who issues the list: name the unit with --issuer, by its code or name.",
    )
}

/// Who issues the list: as asked, or as the units file says of this list.
async fn said_issuer(
    service: &Service,
    asked: &Import,
    units: Option<&UnitsDocument>,
) -> Result<Option<unit::Model>, Failure> {
    if let Some(said) = &asked.issuer {
        return find_unit(service, said, "--issuer").await.map(Some);
    }
    // A units file names the lists of each place by the start of their file names.
    match units.and_then(|units| draft::place_of_file(units, &asked.file)) {
        Some(place) => find_unit(service, &place.office, "--issuer").await.map(Some),
        None => Ok(None),
    }
}

/// Loads the invented place, its people and lists.
pub(super) async fn demo(settings: &Settings) -> Result<(), Failure> {
    let house = House::open(settings, Older::Migrate).await?;
    for person in demo::load(&house.service).await? {
        output::line(&format!("{:<15} {} · {}", person.login, person.zh, person.en));
    }
    output::line("令牌 · token: taizhang token LOGIN");
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

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|cause| Failure::unreadable(path, &cause))
}

pub(super) fn read_units(path: &Path) -> Result<UnitsDocument, Failure> {
    units_json::read(read(path)?).map_err(|problems| of_document(path, &problems))
}

pub(super) fn of_document(path: &Path, problems: &[DocumentProblem]) -> Failure {
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
