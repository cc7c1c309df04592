//! Groups, and names that mean one thing only.

use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::id::Kind;

use super::lists_scene::{Scene, done, gid, refusals, refused, run};

const FIELDS: &str =
    "unitGroup { id name aliases version membersComplete expansion members { nodes { unit { id } addedAt } } }";

fn group(code: &str, name: &str, members: &[&str]) -> Value {
    json!({ "code": code, "name": name, "members": members, "aliases": ["甲类"] })
}

#[tokio::test]
async fn a_group_is_made_and_changed() {
    let s = Scene::new().await;
    let (jyj, fgj) = (s.unit("jyj").await, s.unit("fgj").await);
    let made = s.run("unitGroupCreate", "UnitGroupCreateInput", FIELDS, None, group("g1", "新组", &[&jyj, &jyj])).await;
    let made = &done(&made)["unitGroup"];
    assert_eq!(made["members"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!((&made["expansion"], &made["membersComplete"]), (&json!("MEMBERS"), &json!(false)));
    let since = made["members"]["nodes"][0]["addedAt"].clone();
    let id = made["id"].as_str().unwrap();
    s.t.clock.advance(chrono::TimeDelta::seconds(60));
    let change = json!({ "expectedVersion": 1, "members": [jyj, fgj], "membersComplete": true, "aliases": [] });
    let changed = s.run("unitGroupUpdate", "UnitGroupUpdateInput", FIELDS, Some(id), change.clone()).await;
    let members = done(&changed)["unitGroup"]["members"]["nodes"].as_array().unwrap();
    assert_eq!(members.len(), 2);
    for member in members {
        assert_eq!(member["addedAt"] == since, member["unit"]["id"] == json!(jyj), "who was there stays since then");
    }
    assert_eq!(changed["unitGroup"]["aliases"], json!([]));
    refused(
        &s.run("unitGroupUpdate", "UnitGroupUpdateInput", FIELDS, Some(id), change).await,
        "STALE",
        "expectedVersion",
    );
}

#[tokio::test]
async fn a_name_means_one_thing() {
    let s = Scene::new().await;
    let jyj = s.unit("jyj").await;
    let list = gid(Kind::Unit, uuid::Uuid::nil());
    for (name, taken) in
        [("市教育局", true), ("云汀市教育局", true), ("各乡镇", true), ("各 街道", true), ("全新的组", false)]
    {
        let mut input = group("g1", name, &[&jyj, &list]);
        input["aliases"] = json!(["市府办"]);
        let payload = s.run("unitGroupCreate", "UnitGroupCreateInput", FIELDS, None, input).await;
        let mut expected = vec![
            ("DUPLICATE".to_owned(), "input.aliases.0".to_owned()),
            ("NOT_FOUND".to_owned(), "input.members.1".to_owned()),
        ];
        if taken {
            expected.insert(0, ("DUPLICATE".to_owned(), "input.name".to_owned()));
        }
        assert_eq!(refusals(&payload), expected, "{name}");
    }
    let code = group("yunting.g.jiedao", "另一组", &[]);
    refused(&s.run("unitGroupCreate", "UnitGroupCreateInput", FIELDS, None, code).await, "DUPLICATE", "input.code");
    let unit = json!({ "parent": gid(Kind::Unit, s.root), "code": "yunting.jyj", "name": "各乡镇", "shortName": "市教育局", "kind": "bureau", "aliases": ["各街道"] });
    let payload = s.run("unitCreate", "UnitCreateInput", "unit { id }", None, unit).await;
    let fields: Vec<String> = refusals(&payload).into_iter().map(|(code, field)| format!("{code} {field}")).collect();
    assert_eq!(
        fields,
        ["DUPLICATE input.name", "DUPLICATE input.code", "DUPLICATE input.shortName", "DUPLICATE input.aliases.0"]
    );
    let update = json!({ "expectedVersion": 1, "name": "各街道" });
    refused(
        &s.run("unitUpdate", "UnitUpdateInput", "unit { id }", Some(&jyj), update).await,
        "DUPLICATE",
        "input.name",
    );
    let own = json!({ "expectedVersion": 1, "name": "云汀市教育局", "aliases": ["市教育局", "教体局"] });
    done(&s.run("unitUpdate", "UnitUpdateInput", "unit { id }", Some(&jyj), own).await);
}

#[tokio::test]
async fn groups_belong_to_the_root() {
    let s = Scene::new().await;
    let jyj = s.unit("jyj").await;
    let query = "{ unitGroups { totalCount nodes { id version } } }";
    let before = s.office.data(query, json!({})).await;
    let id = before["unitGroups"]["nodes"][0]["id"].as_str().unwrap();
    let change = json!({ "expectedVersion": 1, "name": "改名" });
    for (who, client, _) in s.others().await {
        let allowed = who == "administrator";
        let code = if who == "foreign office" { "NOT_FOUND" } else { "FORBIDDEN" };
        if !allowed {
            let payload =
                run(&client, "unitGroupUpdate", "UnitGroupUpdateInput", FIELDS, Some(id), change.clone()).await;
            assert_eq!(refusals(&payload)[0].0, code, "{who}");
            assert_eq!(payload["unitGroup"].is_null(), code == "NOT_FOUND" || payload["byGuard"] == true, "{who}");
        }
        let payload =
            run(&client, "unitGroupCreate", "UnitGroupCreateInput", FIELDS, None, group("g2", "某组", &[&jyj])).await;
        match (allowed, who) {
            (true, _) => drop(done(&payload)),
            (false, "foreign office") => refused(&payload, "NOT_FOUND", "input.members.0"),
            (false, _) => refused(&payload, "FORBIDDEN", ""),
        }
    }
    let after = s.office.data(query, json!({})).await;
    assert_eq!(after["unitGroups"]["totalCount"].as_i64(), before["unitGroups"]["totalCount"].as_i64().map(|n| n + 1));
    let low = s.somebody("zfb", Role::Office, "zfb").await;
    refused(&run(&low, "unitGroupUpdate", "UnitGroupUpdateInput", FIELDS, Some(id), change).await, "FORBIDDEN", "");
}
