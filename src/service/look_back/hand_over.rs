//! Rectifications that go over to the unit that took another one over.

use entity::{rectification, rectification_step, unit};
use serde_json::json;
use uuid::Uuid;

use crate::id::{GlobalId, Kind};
use crate::service::{Stop, Work};

/// Gives what the sources still have to put right to their successor, whose people are told; what was said and done so far
/// stays with it, and a step says where it came from. What is over stays with who did it.
pub(in crate::service) async fn hand_over(
    work: &mut Work,
    successor: &unit::Model,
    sources: &[unit::Model],
    reason: &str,
) -> Result<(), Stop> {
    let keys: Vec<Uuid> = sources.iter().map(|row| row.id).collect();
    let mut steps = Vec::new();
    for row in work.tx.running_rectifications(&keys).await? {
        let Some(source) = sources.iter().find(|source| source.id == row.unit_id) else { continue };
        steps.push(rectification_step::Model {
            id: work.id(),
            rectification_id: row.id,
            status: row.status,
            text: Some(format!("单位合并，由{}转至{}：{reason}", source.name, successor.name)),
            user_id: work.actor.user_id,
            created_at: work.now,
        });
        work.audit_also("unitMerge", GlobalId::new(Kind::Rectification, row.id), &["unit"]);
        let told = json!({
            "rectification": row.id,
            "lookBackItem": row.look_back_item_id,
            "taskList": row.task_list_id,
            "unit": successor.id,
        });
        work.tell("rectification.moved", told);
        let version = row.version + 1;
        let moved = rectification::Model { unit_id: successor.id, version, updated_at: work.now, ..row };
        work.tx.update::<rectification::Entity>(moved).await?;
    }
    Ok(work.tx.insert_all::<rectification_step::Entity>(steps).await?)
}
