//! Who sees what was found, what has to be put right, and where tasks come from, once more.

use std::collections::BTreeSet;

use entity::vocabulary::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::edges::Edge;
use super::{Part, Policy};

impl Policy<'_> {
    fn sees_list_whole(&self, list: Uuid) -> bool {
        self.whole(self.list_of(list).unwrap())
    }

    /// The whole of a list, or one's own finding once the round is finished; no lead reads that of its co-unit.
    fn sees_item(&self, item: &entity::look_back_item::Model) -> bool {
        let round = self.rows.look_back.iter().find(|r| r.id == item.look_back_id).unwrap();
        self.sees_list_whole(item.task_list_id)
            || (round.status == LookBackStatus::Finished
                && self.own_on(Part::Reports, item.task_id).contains(&item.unit_id))
    }

    fn sees_rectification(&self, id: Uuid) -> bool {
        let Some(row) = self.rows.rectification.iter().find(|r| r.id == id) else { return false };
        // An amendment does not undo the problem: it stays the unit's.
        self.sees_list_whole(row.task_list_id) || self.units(Part::Reports).contains(&row.unit_id)
    }

    pub(super) fn sees_look_back_evidence(&self, row: &entity::look_back_evidence::Model) -> bool {
        let item = row.look_back_item_id.and_then(|id| self.rows.look_back_item.iter().find(|i| i.id == id));
        item.is_some_and(|item| self.sees_item(item))
            || row.rectification_id.is_some_and(|id| self.sees_rectification(id))
    }

    /// As [`Policy::sees`]; `None` when it is about something else.
    pub(super) fn sees_look_back(&self, of: &str, id: Uuid) -> Option<bool> {
        let rows = self.rows;
        Some(match of {
            "LookBack" => rows.look_back.iter().any(|r| {
                let mut items = rows.look_back_item.iter().filter(|i| i.look_back_id == id);
                r.id == id && (self.sees_list_whole(r.task_list_id) || items.any(|i| self.sees_item(i)))
            }),
            "LookBackItem" => rows.look_back_item.iter().any(|i| i.id == id && self.sees_item(i)),
            "LookBackEvidence" => rows.look_back_evidence.iter().any(|e| e.id == id && self.sees_look_back_evidence(e)),
            "Rectification" => self.sees_rectification(id),
            "RectificationStep" => {
                rows.rectification_step.iter().any(|s| s.id == id && self.sees_rectification(s.rectification_id))
            }
            "TaskLineage" => rows
                .task_lineage
                .iter()
                .any(|l| l.id == id && self.sees_task(l.task_id) && self.sees_task(l.origin_task_id)),
            // By the key of the list.
            "LineageCoverage" => {
                rows.task_list.iter().any(|l| l.id == id && l.status != TaskListStatus::Draft && self.whole(l))
            }
            _ => return None,
        })
    }

    /// As [`Policy::all`]; `None` when it is about something else.
    pub(super) fn all_of_look_back(&self, of: &str) -> Option<Vec<Uuid>> {
        macro_rules! ids {
            ($table:ident) => {
                self.rows.$table.iter().map(|row| row.id).collect()
            };
        }
        Some(match of {
            "LookBack" => ids!(look_back),
            "LookBackItem" => ids!(look_back_item),
            "LookBackEvidence" => ids!(look_back_evidence),
            "Rectification" => ids!(rectification),
            "RectificationStep" => ids!(rectification_step),
            "TaskLineage" => ids!(task_lineage),
            "LineageCoverage" => ids!(task_list),
            _ => return None,
        })
    }

    /// As [`Policy::edge`].
    pub(super) fn edge_of_look_back(&self, from: &str, field: &str, id: Uuid) -> Option<Edge> {
        let rows = self.rows;
        macro_rules! row {
            ($table:ident) => {
                rows.$table.iter().find(|row| row.id == id)?
            };
        }
        macro_rules! those {
            ($of:literal, $table:ident, $column:ident = $key:expr) => {
                self.many($of, rows.$table.iter().filter(|row| row.$column == $key).map(|row| row.id))
            };
        }
        Some(match (from, field) {
            ("Query", "lookBack") => self.one("LookBack", Some(id)),
            ("Query", "lookBacks") => self.many("LookBack", self.all("LookBack").into_iter()),
            ("Query", "rectification") => self.one("Rectification", Some(id)),
            ("Query", "rectifications") => self.many("Rectification", self.all("Rectification").into_iter()),
            ("Query", "lineageCoverage") => self.one("LineageCoverage", Some(id)),
            ("LookBack", "taskList") => self.one("TaskList", Some(row!(look_back).task_list_id)),
            ("LookBack", "createdBy") => self.one("User", Some(row!(look_back).created_by)),
            ("LookBack", "items") => those!("LookBackItem", look_back_item, look_back_id = id),
            ("LookBackItem", "lookBack") => self.one("LookBack", Some(row!(look_back_item).look_back_id)),
            ("LookBackItem", "task") => self.one("Task", Some(row!(look_back_item).task_id)),
            ("LookBackItem", "assignment") => self.one("Assignment", Some(row!(look_back_item).assignment_id)),
            ("LookBackItem", "unit") => self.one("Unit", Some(row!(look_back_item).unit_id)),
            ("LookBackItem", "foundBy") => self.one("User", row!(look_back_item).found_by),
            ("LookBackItem", "evidence") => {
                those!("LookBackEvidence", look_back_evidence, look_back_item_id = Some(id))
            }
            ("LookBackItem", "rectifications") => those!("Rectification", rectification, look_back_item_id = id),
            ("LookBackEvidence", "file") => self.one("File", row!(look_back_evidence).file_id),
            ("Rectification", "item") => self.one("LookBackItem", Some(row!(rectification).look_back_item_id)),
            ("Rectification", "task") => self.one("Task", Some(row!(rectification).task_id)),
            ("Rectification", "unit") => self.one("Unit", Some(row!(rectification).unit_id)),
            ("Rectification", "evidence") => {
                those!("LookBackEvidence", look_back_evidence, rectification_id = Some(id))
            }
            ("Rectification", "steps") => those!("RectificationStep", rectification_step, rectification_id = id),
            ("RectificationStep", "user") => self.one("User", Some(row!(rectification_step).user_id)),
            ("Task", "origins") => those!("TaskLineage", task_lineage, task_id = id),
            ("Task", "derived") => those!("TaskLineage", task_lineage, origin_task_id = id),
            ("TaskLineage", "task") => self.one("Task", Some(row!(task_lineage).task_id)),
            ("TaskLineage", "origin") => self.one("Task", Some(row!(task_lineage).origin_task_id)),
            ("LineageCoverage", "taskList") => self.one("TaskList", Some(id)),
            ("LineageCoverage", "uncovered") => {
                self.many("Assignment", self.to_take_up(id).filter(|a| !self.taken_up(a)).map(|a| a.id))
            }
            ("LineageCoverage", "unitsWithoutList") => {
                let units: BTreeSet<Uuid> = self.to_take_up(id).filter_map(|a| a.unit_id).collect();
                self.many("Unit", units.into_iter().filter(|unit| !self.has_own_list(*unit, id)))
            }
            _ => return None,
        })
    }

    /// The visible assignments of a list to units that have units below them.
    fn to_take_up(&self, list: Uuid) -> impl Iterator<Item = &entity::assignment::Model> {
        let rows = self.rows;
        let has_units_below = |unit: Uuid| rows.unit.iter().any(|u| u.parent_id == Some(unit));
        let of_list = move |task: Uuid| rows.task.iter().any(|t| t.id == task && t.task_list_id == list);
        rows.assignment.iter().filter(move |a| {
            of_list(a.task_id) && self.sees("Assignment", a.id) && a.unit_id.is_some_and(has_units_below)
        })
    }

    fn taken_up(&self, a: &entity::assignment::Model) -> bool {
        self.rows.task_lineage.iter().any(|line| {
            let lower = self.list_of(line.task_list_id).unwrap();
            line.origin_task_id == a.task_id
                && line.kind == LineageKind::Derived
                && self.sees("TaskLineage", line.id)
                && self.sees("TaskList", lower.id)
                && lower.status != TaskListStatus::Draft
                && self.below(a.unit_id.unwrap(), lower.issuer_unit_id)
        })
    }

    fn has_own_list(&self, unit: Uuid, upper: Uuid) -> bool {
        let year = self.list_of(upper).unwrap().year;
        self.rows.task_list.iter().any(|list| {
            list.id != upper
                && list.year == year
                && list.status != TaskListStatus::Draft
                && self.sees("TaskList", list.id)
                && self.below(unit, list.issuer_unit_id)
        })
    }

    /// Values that are computed over other rows.
    pub(super) fn values_of_look_back(&self, of: &str, id: Uuid) -> Option<(&'static str, Value)> {
        match of {
            "TaskLineage" => {
                let row = self.rows.task_lineage.iter().find(|l| l.id == id)?;
                let reason = row.reason.clone().filter(|_| self.sees_list_whole(row.task_list_id));
                Some(("kind reason", json!({ "kind": row.kind, "reason": reason })))
            }
            "LineageCoverage" => {
                let expected = self.to_take_up(id).count();
                let covered = self.to_take_up(id).filter(|a| self.taken_up(a)).count();
                let values = json!({ "expectedCount": expected, "coveredCount": covered });
                Some(("expectedCount coveredCount", values))
            }
            "LookBackItem" => {
                let row = self.rows.look_back_item.iter().find(|i| i.id == id)?;
                Some(("finding text", json!({ "finding": row.finding, "text": row.finding_text })))
            }
            "Rectification" => {
                let row = self.rows.rectification.iter().find(|r| r.id == id)?;
                let over = matches!(row.status, RectificationStatus::Closed | RectificationStatus::Cancelled);
                let overdue = !over && row.due_on < self.today;
                let values = json!({ "status": row.status, "problem": row.problem, "isOverdue": overdue });
                Some(("status problem isOverdue", values))
            }
            _ => None,
        }
    }
}
