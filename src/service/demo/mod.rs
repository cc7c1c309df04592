//! The demo: an invented place with invented people, loaded through the same verbs that offices use.

mod story;

use entity::vocabulary::{Role, UserKind};
use uuid::Uuid;

use super::Service;
use super::operator::{NewGrant, NewUser};
use crate::authz::Scope;
use crate::documents::{demo, units_json};
use crate::error::Fault;
use crate::store::StoreError;

/// Somebody of the demo.
#[derive(Clone, Debug)]
pub struct Person {
    /// The login name.
    pub login: &'static str,
    /// Who that is, in Chinese.
    pub zh: &'static str,
    /// Who that is, in English.
    pub en: &'static str,
    /// A query worth a first look, for those shown on the first start.
    pub sample: Option<&'static str>,
    /// The user.
    pub user: Uuid,
}

struct Cast {
    login: &'static str,
    name: &'static str,
    unit: &'static str,
    /// At the root, or at the own unit.
    at_root: bool,
    roles: &'static [Role],
    zh: &'static str,
    en: &'static str,
    sample: Option<&'static str>,
}

const OFFICE_SAMPLE: &str = "{ viewer { name } taskLists { totalCount nodes { title year status } } }";
const UNIT_SAMPLE: &str =
    "{ viewer { name unit { name } } tasks(first: 5) { totalCount nodes { number deadlineText daysLeft } } }";

const CAST: &[Cast] = &[
    Cast {
        login: "demo.office",
        name: "林知远（虚构）",
        unit: "yunting.zfb",
        at_root: true,
        roles: &[Role::Office],
        zh: "市政府办（政务公开办）",
        en: "the office",
        sample: Some(OFFICE_SAMPLE),
    },
    Cast {
        login: "demo.lead",
        name: "陈望舒（虚构）",
        unit: "yunting.fgj",
        at_root: false,
        roles: &[Role::Reporter, Role::Approver],
        zh: "牵头单位：市发改局",
        en: "a lead unit",
        sample: Some(UNIT_SAMPLE),
    },
    Cast {
        login: "demo.unit",
        name: "周采薇（虚构）",
        unit: "yunting.t.liudu",
        at_root: false,
        roles: &[Role::Reporter, Role::Approver],
        zh: "责任单位：柳渡镇",
        en: "a responsible unit",
        sample: Some(UNIT_SAMPLE),
    },
    Cast {
        login: "demo.support",
        name: "沈既白（虚构）",
        unit: "yunting.zjj",
        at_root: false,
        roles: &[Role::Reporter],
        zh: "配合单位：市住建局",
        en: "a support unit",
        sample: None,
    },
    Cast {
        login: "demo.finance",
        name: "许小满（虚构）",
        unit: "yunting.czj",
        at_root: false,
        roles: &[Role::Reporter, Role::Approver],
        zh: "共同牵头单位：市财政局",
        en: "a joint lead unit",
        sample: None,
    },
    Cast {
        login: "demo.signer",
        name: "苏明远（虚构）",
        unit: "yunting.czj",
        at_root: false,
        roles: &[Role::Approver],
        zh: "市财政局审签人",
        en: "the approver of the joint lead",
        sample: None,
    },
    Cast {
        login: "demo.inspector",
        name: "顾长明（虚构）",
        unit: "yunting.swb",
        at_root: true,
        roles: &[Role::Inspector],
        zh: "督查（只读）",
        en: "an inspector, who only reads",
        sample: None,
    },
    Cast {
        login: "demo.admin",
        name: "何一帆（虚构）",
        unit: "yunting.zsj",
        at_root: true,
        roles: &[Role::SystemAdmin],
        zh: "系统管理员",
        en: "the system administrator",
        sample: None,
    },
    Cast {
        login: "demo.security",
        name: "罗青禾（虚构）",
        unit: "yunting.zsj",
        at_root: true,
        roles: &[Role::SecurityAdmin],
        zh: "安全管理员",
        en: "the security administrator",
        sample: None,
    },
    Cast {
        login: "demo.audit",
        name: "秦守静（虚构）",
        unit: "yunting.zsj",
        at_root: true,
        roles: &[Role::AuditAdmin],
        zh: "审计管理员",
        en: "the audit administrator",
        sample: None,
    },
    Cast {
        login: "demo.system",
        name: "发改局业务系统（虚构）",
        unit: "yunting.fgj",
        at_root: false,
        roles: &[Role::Integration],
        zh: "对接系统（服务账号）",
        en: "another system, a service account",
        sample: None,
    },
];

/// The users of the demo that are there.
pub async fn people(service: &Service) -> Result<Vec<Person>, StoreError> {
    let mut people = Vec::new();
    for cast in CAST {
        if let Some(user) = service.store().user_by_login(cast.login).await? {
            people.push(Person { login: cast.login, zh: cast.zh, en: cast.en, sample: cast.sample, user: user.id });
        }
    }
    Ok(people)
}

/// The place with its units, groups and people, and nothing to do yet.
pub async fn place(service: &Service) -> Result<Uuid, Fault> {
    let document =
        units_json::read(demo::UNITS).map_err(|problems| Fault::Internal(format!("demo units: {problems:?}")))?;
    let place = document.jurisdictions.first().ok_or_else(|| Fault::Internal("demo units".to_owned()))?;
    let root = service.place_import(place).await?.root;
    let mut new = Vec::new();
    for cast in CAST {
        if person(service, root, cast).await? {
            new.push(cast);
        }
    }
    for cast in new.into_iter().filter(|cast| cast.roles.contains(&Role::Reporter) && cast.unit != SIGNING) {
        one_signature(service, root, cast.unit).await?;
    }
    Ok(root)
}

/// The one unit of the demo with two people for two signatures; the others have one and do with one.
const SIGNING: &str = "yunting.czj";

async fn one_signature(service: &Service, root: Uuid, code: &str) -> Result<(), Fault> {
    let missing = |what: &str| Fault::Internal(format!("demo {what} is missing"));
    let office = service.store().user_by_login("demo.office").await?.ok_or_else(|| missing("office"))?;
    let office = service.caller_of(office.id, "demo").await?.ok_or_else(|| missing("office"))?;
    let tx = service.store().begin().await.map_err(StoreError::from)?;
    let unit = tx.unit_by_code(root, code).await?;
    tx.rollback().await.map_err(StoreError::from)?;
    let unit = unit.ok_or_else(|| missing(code))?;
    let set = service.unit_report_signing_set(&office, None, unit.id, unit.version, false).await?;
    set.map(|_| ()).map_err(|errors| Fault::Internal(format!("the demo was refused: {errors:?}")))
}

/// Loads the demo; what is there already is left as it is, so that a load that was cut off is taken up again.
pub async fn load(service: &Service) -> Result<Vec<Person>, Fault> {
    let root = place(service).await?;
    story::tell(service, root).await?;
    Ok(people(service).await?)
}

/// Adds somebody; whether he was missing.
async fn person(service: &Service, root: Uuid, cast: &Cast) -> Result<bool, Fault> {
    if service.store().user_by_login(cast.login).await?.is_some() {
        return Ok(false);
    }
    let tx = service.store().begin().await.map_err(StoreError::from)?;
    let unit = tx.unit_by_code(root, cast.unit).await?;
    tx.rollback().await.map_err(StoreError::from)?;
    let unit = unit.ok_or_else(|| Fault::Internal(format!("demo unit {}", cast.unit)))?.id;
    let machine = cast.roles.contains(&Role::Integration);
    let grants = cast.roles.iter().map(|role| NewGrant {
        role: *role,
        unit: if cast.at_root { root } else { unit },
        scopes: if machine { Scope::ALL.to_vec() } else { Vec::new() },
    });
    service
        .user_add(NewUser {
            kind: if machine { UserKind::Service } else { UserKind::Person },
            login: cast.login.to_owned(),
            display_name: cast.name.to_owned(),
            unit,
            grants: grants.collect(),
        })
        .await?;
    Ok(true)
}
