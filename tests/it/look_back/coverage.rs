//! What of a list was taken up below, over what the asker sees.

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::id::Kind;

use super::lineage::draft;
use super::*;

async fn ask(client: &Client, list: &str, arguments: &str) -> Value {
    let query = format!(
        "query($id: ID!) {{ lineageCoverage(id: $id{arguments}) {{ ownListDueOn isOwnListOverdue expectedCount coveredCount
        uncovered {{ totalCount nodes {{ task {{ id }} unit {{ id }} }} }} unitsWithoutList {{ totalCount nodes {{ id }} }} }} }}"
    );
    client.answer(&query, json!({ "id": list })).await
}

fn figures(answer: &Value) -> [i64; 4] {
    let coverage = &answer["data"]["lineageCoverage"];
    [
        number(&coverage["expectedCount"]),
        number(&coverage["coveredCount"]),
        number(&coverage["uncovered"]["totalCount"]),
        number(&coverage["unitsWithoutList"]["totalCount"]),
    ]
}

#[tokio::test]
async fn what_was_taken_up_below_and_who_has_no_list() {
    let s = stage().await;
    let list = id(Kind::TaskList, s.list);
    let tx = s.t.service.store().begin().await.unwrap();
    let column = entity::task_list::Column::Id;
    let mut row = tx.all_where::<entity::task_list::Entity>(column, &[s.list]).await.unwrap().remove(0);
    row.issued_on = Some("2026-06-01".parse().unwrap());
    tx.update::<entity::task_list::Entity>(row).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(figures(&ask(&s.both, &list, "").await), [0, 0, 0, 0], "no unit has units below it");
    // The responsible unit, which is on both tasks, gets a unit below it.
    let unit = s.responsible_unit;
    let below =
        json!({ "parent": id(Kind::Unit, unit), "code": "yunting.jyj.x", "name": "虚构学校", "kind": "school" });
    assert_eq!(errors(&make(&s.both, "unitCreate", "unit { id }", below).await), []);
    let before = ask(&s.both, &list, "").await;
    assert_eq!(figures(&before), [2, 0, 2, 1]);
    let coverage = &before["data"]["lineageCoverage"];
    assert_eq!((&coverage["ownListDueOn"], &coverage["isOwnListOverdue"]), (&json!("2026-07-01"), &json!(false)));
    for (arguments, day, over) in [
        (", days: 29", "2026-06-30", true),
        (", workingDays: 20", "2026-06-30", true),
        (", workingDays: 22", "2026-07-02", false),
    ] {
        let coverage = ask(&s.both, &list, arguments).await["data"]["lineageCoverage"].clone();
        assert_eq!(
            (&coverage["ownListDueOn"], &coverage["isOwnListOverdue"]),
            (&json!(day), &json!(over)),
            "{arguments}"
        );
    }
    for wrong in [", days: 0", ", days: 367", ", days: 3, workingDays: 3"] {
        assert_eq!(ask(&s.both, &list, wrong).await["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    }

    let low = s.t.user("low", unit, &[(Role::Office, unit), (Role::Reporter, unit)]).await;
    let own = draft(&low, unit, 2026).await;
    let items = json!({ "expectedVersion": 1, "items": [{ "task": id(Kind::Task, s.task) }] });
    let taken = change(&low, "taskListDerive", "TaskListDeriveInput", "outcomes { task { id } }", &own, items).await;
    let task = &taken["outcomes"][0]["task"]["id"];
    assert_eq!(figures(&ask(&s.both, &list, "").await), [2, 0, 2, 1], "a draft is no list yet");
    let who = json!({ "task": task, "role": "LEAD", "unit": id(Kind::Unit, unit) });
    assert_eq!(errors(&make(&low, "assignmentCreate", "assignment { id }", who).await), []);
    let issue = json!({ "expectedVersion": 3 });
    let issued = change(&low, "taskListIssue", "TaskListIssueInput", "taskList { status }", &own, issue).await;
    assert_eq!(errors(&issued), []);
    let after = ask(&s.both, &list, "").await;
    assert_eq!(figures(&after), [2, 1, 1, 0]);
    let left = &after["data"]["lineageCoverage"]["uncovered"]["nodes"][0];
    assert_eq!(*left, json!({ "task": { "id": id(Kind::Task, s.second) }, "unit": { "id": id(Kind::Unit, unit) } }));
    // The office of the issuer sees no lists beside its own: for it nothing was taken up.
    assert_eq!(figures(&ask(&s.office, &list, "").await), [2, 0, 2, 1]);
    assert_eq!(figures(&ask(&s.inspector, &list, "").await), [2, 1, 1, 0]);
    for client in [&s.responsible, &s.lead, &s.foreign, &s.admin, &low] {
        assert!(ask(client, &list, "").await["data"]["lineageCoverage"].is_null());
    }
    assert!(ask(&s.both, &draft(&s.both, unit, 2027).await, "").await["data"]["lineageCoverage"].is_null());
}
