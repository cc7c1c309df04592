//! The verbs of looking back, and of tasks that go on in other lists.

use serde_json::json;
use taizhang::id::Kind;

use super::verbs::{Verbs, stale};

/// Each with an input that fails in the end.
pub fn verbs(v: &mut Verbs<'_>) {
    for list in ["draft", "issued", "closed", "county", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        v.make("lookBackCreate", list, json!({ "taskList": id, "title": " ", "dueOn": "2026-07-31" }));
    }
    for (about, round) in [
        ("open, of the issued list", "round-open"),
        ("finished, of the issued list", "round-done"),
        ("of the county's list", "round-county"),
        ("elsewhere", "round-foreign"),
    ] {
        let id = v.id(Kind::LookBack, round);
        v.change("lookBackFinish", about, "VersionInput", &id, stale());
        v.change("lookBackDelete", about, "VersionInput", &id, stale());
    }
    for (about, item) in [
        ("resp1's, round open", "round-open: t1 resp1"),
        ("resp1's, round finished", "round-done: t1 resp1"),
        ("of the county's list", "round-county: county-t1 a.county.bureau"),
        ("elsewhere", "round-foreign: foreign-t1 b.bureau"),
    ] {
        let id = v.id(Kind::LookBackItem, item);
        let found = json!({ "expectedVersion": 999, "finding": "DONE" });
        v.change("lookBackItemRecord", about, "LookBackItemRecordInput", &id, found);
        let found = json!({ "id": id, "expectedVersion": 999, "finding": "DONE" });
        v.many("lookBackItemRecordMany", about, found);
        v.make("rectificationOpen", about, json!({ "lookBackItem": id, "problem": " ", "dueOn": "2026-07-31" }));
    }
    for (about, rectification) in [
        ("resp1's, opened", "rect-resp1"),
        ("resp1's, reported", "rect-resp1-2"),
        ("lead1's, planned", "rect-lead1"),
        ("of the county's list", "rect-county"),
        ("elsewhere", "rect-foreign"),
    ] {
        let id = v.id(Kind::Rectification, rectification);
        let input = json!({ "expectedVersion": 999, "measure": "改" });
        v.change("rectificationPlan", about, "RectificationPlanInput", &id, input);
        let input = json!({ "expectedVersion": 999, "result": "改" });
        v.change("rectificationReport", about, "RectificationReportInput", &id, input);
        let input = json!({ "expectedVersion": 999, "decision": "CLOSED" });
        v.change("rectificationRecheck", about, "RectificationRecheckInput", &id, input);
        let input = json!({ "expectedVersion": 999, "reason": "误" });
        v.change("rectificationCancel", about, "RectificationCancelInput", &id, input);
    }
    for list in ["draft", "issued", "county-draft", "foreign"] {
        let id = v.id(Kind::TaskList, list);
        let input = json!({ "expectedVersion": 999, "items": [] });
        v.change("taskListCarryOver", list, "TaskListCarryOverInput", &id, input.clone());
        v.change("taskListDerive", list, "TaskListDeriveInput", &id, input);
    }
}
