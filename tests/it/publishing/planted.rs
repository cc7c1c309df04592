//! A thousand telephone numbers in all the free texts of a list and its reports: none of them in the clear where it
//! should not be.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use taizhang::domain::personal_data::find;

use super::scene::*;
use crate::mutation::reports_stage::*;
use crate::support::database::execute;
use crate::support::world::phone;

const PLANTED: usize = 1_000;

/// A number as somebody or other writes it.
fn written(nth: usize) -> String {
    let n = phone(u128::try_from(nth).unwrap());
    let wide = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c })
            .collect()
    };
    match nth % 6 {
        0 => n,
        1 => format!("{} {} {}", &n[..3], &n[3..7], &n[7..]),
        2 => format!("{}-{}-{}", &n[..3], &n[3..7], &n[7..]),
        3 => wide(&n),
        4 => format!("+86 {n}"),
        _ => wide(&format!("{}-{}", &n[..3], &n[3..])),
    }
}

/// The digits of a text in one width, without anything between them.
fn digits(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '0'..='9' => Some(c),
            '０'..='９' => char::from_u32(c as u32 - 0xFEE0),
            ' ' | '-' | '－' | '\u{3000}' => None,
            _ => Some('|'),
        })
        .collect()
}

fn in_the_clear(text: &str, numbers: &BTreeSet<String>) -> usize {
    let digits = digits(text);
    digits.match_indices("138").filter(|(at, _)| digits.get(*at..at + 11).is_some_and(|n| numbers.contains(n))).count()
}

/// Ten numbers in a sentence, and so on until there are enough.
fn texts() -> Vec<String> {
    let all: Vec<String> = (0..PLANTED).map(written).collect();
    all.chunks(50).map(|part| format!("由张某（{}）负责。", part.join("）、李某（"))).collect()
}

#[tokio::test]
async fn a_thousand_numbers_none_in_the_clear() {
    let p = Scene::new().await;
    let numbers: BTreeSet<String> = (0..PLANTED).map(|nth| phone(u128::try_from(nth).unwrap())).collect();
    assert_eq!(numbers.len(), PLANTED);
    let texts = texts();
    let period = p.s.opened().await;
    // In what units write, and in the header field that is masked by the rules there are.
    let report = p.accepted(&period, &p.s.lead, p.s.lead_unit, p.s.task, &texts[10..15].concat()).await;
    p.accepted(&period, &p.s.responsible, p.s.responsible_unit, p.s.task, &texts[15..18].concat()).await;
    p.accepted(&period, &p.s.responsible, p.s.responsible_unit, p.s.second, &texts[18..].concat()).await;
    p.closed(&period).await;
    // In what the office wrote.
    for (column, from) in [("title", 0), ("requirement", 3), ("unit_text", 0), ("lead_text", 0)] {
        let sql = format!("UPDATE task SET {column} = '{}'", texts[from..from + 3].concat());
        execute(&p.s.t.database.url, &sql).await;
    }
    execute(&p.s.t.database.url, &format!("UPDATE assignment SET scope_note = '{}'", texts[6..8].concat())).await;
    execute(&p.s.t.database.url, &format!("UPDATE task_list SET document_number = '{}'", texts[8])).await;
    execute(&p.s.t.database.url, &format!("UPDATE reporting_period SET label = '{}'", texts[9])).await;

    let mut found = BTreeSet::new();
    let mut published = Vec::new();
    for input in [
        p.of_list(&format!("虚构清单，咨询{}", written(0))),
        json!({ "kind": "PROGRESS", "period": period, "title": "虚构落实情况" }),
        json!({ "kind": "ANNUAL_REPORT", "period": period, "title": "虚构年报" }),
    ] {
        let made = p.prepared(input).await;
        let key = text(&made["id"]);
        // What the office sees of the findings is masked; the text itself it sees as it is, to mend it.
        assert_eq!(in_the_clear(&made["findings"].to_string(), &numbers), 0);
        let raw = p.document(&p.s.office, &key).await["content"].to_string();
        for one in find(&raw) {
            found.insert(digits(&raw[one.start..one.end]).trim_start_matches("86").to_owned());
        }
        assert_eq!(in_the_clear(&raw, &numbers) > 0, number(&made["openFindingCount"]) > 0);
        assert_eq!(errors(&review(&p.content, &key, pass("CONTENT_REVIEW", 1)).await), []);
        let blocked = review(&p.secrecy, &key, pass("SECRECY_REVIEW", 2)).await;
        assert_eq!(codes(&blocked), ["CONFLICT"], "open findings stop it");
        assert_eq!(errors(&review(&p.secrecy, &key, back("SECRECY_REVIEW", 2)).await), []);
        let masked = redact(&p.s.office, &key, json!({ "expectedVersion": 3, "maskFindings": true })).await;
        assert_eq!(errors(&masked), []);
        assert_eq!(masked["publication"]["openFindingCount"], 0);
        published.push(p.published(&masked["publication"]).await);
    }
    assert!(numbers.is_subset(&found), "{} of {PLANTED} found", numbers.intersection(&found).count());

    let mut public = vec![p.get("/public/publications").await.body];
    for one in &published {
        let path = text(&one["publicPath"]);
        let page = p.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("****"));
        public.push(page.body);
        public.push(p.document(&p.s.inspector, &text(&one["id"])).await.to_string());
        for figure in ["by-section", "by-unit"] {
            public.push(p.get(&format!("{path}/figures/{figure}.svg")).await.body);
        }
    }
    for said in &public {
        assert_eq!(in_the_clear(said, &numbers), 0, "{}", said.chars().take(400).collect::<String>());
    }
    let kept = p.s.t.database.raw().await;
    let sql = "SELECT document FROM publication_public";
    let rows = sea_orm::ConnectionTrait::query_all_raw(
        &kept,
        sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(&kept), sql),
    );
    for row in rows.await.unwrap() {
        assert_eq!(in_the_clear(&row.try_get::<String>("", "document").unwrap(), &numbers), 0);
    }

    // The header field, for everybody who is not to have it.
    let query = "query($id: ID!) { progressReport(id: $id) { reporterPhone } progressReports { nodes { reporterPhone reporterName } } }";
    for client in [&p.s.office, &p.s.inspector, &p.s.lead, &p.s.responsible, &p.s.support, &p.s.foreign] {
        let data: Value = client.data(query, json!({ "id": report })).await;
        assert!(!data.to_string().contains("13987654321"), "{data}");
    }
    // Those who are not on the list see none of it at all.
    for client in [&p.s.foreign, &p.s.admin] {
        let everything = "{ publications { nodes { id title } } taskLists { nodes { title documentNumber } } tasks { nodes { title requirement } }
            progressReports { nodes { narrative } } }";
        let data = client.data(everything, json!({})).await.to_string();
        assert_eq!(in_the_clear(&data, &numbers), 0, "{data}");
    }
}
