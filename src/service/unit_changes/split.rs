//! A split: others take parts of a unit; what it does in lists the office moves on purpose.

use entity::unit;
use entity::vocabulary::UnitChangeKind;
use uuid::Uuid;

use super::{Split, check_end, keep, occasion, others, remember, take};
use crate::id::{GlobalId, Kind};
use crate::service::work::Checks;
use crate::service::{Stop, Work};

pub(super) async fn split(work: &mut Work, id: Uuid, input: Split) -> Result<Uuid, Stop> {
    let (directory, row) = take(work, id, input.expected_version).await?;
    let mut checks = Checks::default();
    let document_number = occasion(work, &mut checks, &input.occasion);
    let parts = others(work, &mut checks, &directory, id, &input.into, "input.into").await?;
    if input.ends {
        check_end(&mut checks, &directory, &row, "input.ends");
    }
    checks.done()?;

    for part in &parts {
        let (from, to, on) = ((&row, row.name.as_str()), (part, part.name.as_str()), input.occasion.on);
        remember(work, UnitChangeKind::Split, from, to, on, document_number.as_ref()).await?;
    }
    let active = row.active && !input.ends;
    keep(work, unit::Model { active, ..row }).await?;
    work.audit(GlobalId::new(Kind::Unit, id), &["history", "active"]);
    work.tell("unit.split", serde_json::json!({ "unit": id }));
    Ok(id)
}
