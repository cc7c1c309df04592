//! The same year on the form with sections in two levels, a column of leads and one for what was done. The invented form is
//! always run, the real one where it is there.

use std::collections::BTreeSet;

use super::ground::{Year, ask, text};
use super::papers::{Papers, invented_form, real};
use super::year::whole_year;

#[tokio::test]
async fn an_invented_form_with_two_levels() {
    Box::pin(the_same_year(invented_form())).await;
}

#[tokio::test]
async fn the_real_form_with_two_levels() {
    let Some(papers) = real("putian", "putian-2021") else { return };
    Box::pin(the_same_year(papers)).await;
}

async fn the_same_year(papers: Papers) {
    let mut y = Year::begin(papers).await;
    assert_eq!((y.papers.place.units.len(), y.papers.list.tasks.len()), (21, 37));
    whole_year(&mut y, &|_, _| true).await;
    two_levels(&y).await;
}

/// Four sections with thirteen below them; a task stands in a subsection and counts in the section above it.
async fn two_levels(y: &Year) {
    let office = y.office().await;
    let query =
        "taskList(id: $id) { reportingPeriodText sections(first: 50) { totalCount nodes { label parent { label }
        children(first: 10) { totalCount } tasks(first: 50) { nodes { number } } } } }";
    let list = ask(&office, query, &y.list).await["taskList"].take();
    let sections = list["sections"]["nodes"].as_array().unwrap();
    let (top, below): (Vec<_>, Vec<_>) = sections.iter().partition(|section| section["parent"].is_null());
    assert_eq!((top.len(), below.len()), (4, 13));
    let children: u64 = top.iter().map(|section| section["children"]["totalCount"].as_u64().unwrap()).sum();
    assert_eq!(children, 13);
    assert!(top.iter().all(|section| section["tasks"]["nodes"].as_array().unwrap().is_empty()));
    let tasks: BTreeSet<(String, String)> = below
        .iter()
        .flat_map(|section| {
            let above = text(&section["parent"]["label"]);
            let tasks = section["tasks"]["nodes"].as_array().unwrap();
            tasks.iter().map(move |task| (text(&task["number"]), above.clone())).collect::<Vec<_>>()
        })
        .collect();
    let in_force: BTreeSet<&String> = y.books.seats.keys().map(|(task, _)| task).collect();
    let sections = y.books.sections.iter().filter(|(task, _)| in_force.contains(task));
    let expected: BTreeSet<(String, String)> =
        sections.map(|(task, section)| (task.clone(), section.clone())).collect();
    assert_eq!(tasks, expected);
    assert!(list["reportingPeriodText"].as_str().is_some_and(|text| text.contains("1-X月")), "{list}");
}
