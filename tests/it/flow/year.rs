//! A whole year of a list of 74 tasks and 45 units, with everybody who has a part in it, through HTTP.
//!
//! The invented list is always run; where the real one lies beside the repository it goes the same way. Twelve monthly and
//! four quarterly periods open by themselves. In the quarters everybody reports on everything; in the months a few units
//! do (from October on one of them through its own system) and the rest is taken as missing, because sixteen full rounds would
//! show nothing that four don't and take minutes.
//! On the real list, whose groups make more than two thousand obligations to a period, each unit reports on three of its
//! tasks in three of the quarters for the same reason. After each step the sums of the program, by unit, section, lead, group
//! and list, are compared with books kept beside it. Rules urge in spring, a due day is moved in summer, a unit sends its form
//! in as a file, and in autumn one unit becomes a part of another and one is divided. The list goes before the public as soon
//! as it is received; in the January after, the annual report is published and taken back, somebody looks back at what was
//! reported, and what is not done goes on in the next list and in the list of a unit below.

use std::time::Instant;

use super::annual::annual_report;
use super::days::{by_form, moved, urged_by_rules};
use super::events::*;
use super::eyes::ADMINISTRATORS;
use super::going_on::gone_on;
use super::ground::Year;
use super::looking_back::looked_back;
use super::papers::{Papers, invented, real};
use super::publishing::list_published;
use super::reform::{Reform, divided, joined};
use super::spine::*;

/// How much is reported in the quarters.
pub type Pace = &'static (dyn Fn(usize, usize) -> bool + Sync);

#[tokio::test]
async fn a_year_of_an_invented_list() {
    Box::pin(seventy_four_tasks(invented(), &|_, _| true)).await;
}

#[tokio::test]
async fn a_year_of_the_real_list() {
    let Some(papers) = real("shulan", "shulan-2024") else { return };
    Box::pin(seventy_four_tasks(papers, &|quarter, nth| quarter == 4 && nth % 8 == 0 || nth < 3)).await;
}

async fn seventy_four_tasks(papers: Papers, pace: Pace) {
    let mut y = Year::begin(papers).await;
    assert_eq!((y.papers.place.units.len(), y.papers.list.tasks.len()), (45, 74));
    whole_year(&mut y, pace).await;
}

pub async fn whole_year(y: &mut Year, pace: Pace) {
    let clock = Instant::now();
    let cast = Cast::of(y);
    let step = |what: &str| println!("{:>6.1} s {what}", clock.elapsed().as_secs_f64());

    issue(y, &cast).await;
    receive(y, &cast).await;
    schedule(y).await;
    step("issued and received");
    let published = list_published(y, &cast.late).await;
    step("published");
    let (january, _) = turn(y, 1).await;
    first_month(y, &cast, january).await;
    step("January");
    let (february, _) = turn(y, 2).await;
    second_month(y, &cast, february, january).await;
    step("February");
    let (march, first) = turn(y, 3).await;
    let first = first.unwrap();
    plain_month(y, march, &[&cast.signed, &cast.asking]).await;
    quarter(y, &cast, first, &[&cast.missing], &|nth| pace(1, nth)).await;
    reopened(y, &cast, first).await;
    step("first quarter");
    let (april, _) = turn(y, 4).await;
    urged_by_rules(y, &cast, april).await;
    step("urged by rules");
    let (may, _) = turn(y, 5).await;
    amended(y, &cast, may).await;
    y.stands_published(&published).await;
    step("amended");
    let (june, second) = turn(y, 6).await;
    plain_month(y, june, &[&cast.signed]).await;
    let second = second.unwrap();
    merged(y, second).await;
    quarter(y, &cast, second, &[], &|nth| pace(2, nth)).await;
    step("second quarter");
    let (july, _) = turn(y, 7).await;
    let before_it_was_moved = moved(y, &cast, july).await;
    renamed(y, &cast, july).await;
    plain_month(y, july, &[&cast.renamed]).await;
    // What the books say at the end of a day in summer.
    let past = [before_it_was_moved, (y.today(), y.books.clone())];
    let (august, _) = turn(y, 8).await;
    too_early(y).await;
    by_form(y, august, &cast.changing).await;
    plain_month(y, august, &[]).await;
    let (september, third) = turn(y, 9).await;
    plain_month(y, september, &[&cast.late]).await;
    let third = third.unwrap();
    quarter(y, &cast, third, &[], &|nth| pace(3, nth)).await;
    step("third quarter");
    for login in ADMINISTRATORS {
        y.sees_nothing(login).await;
    }
    y.by_machine(&cast.signed).await;
    let (october, _) = turn(y, 10).await;
    let reform = Reform::of(y, &cast);
    joined(y, &reform, october, third).await;
    plain_month(y, october, &[&cast.signed]).await;
    step("joined");
    let (november, _) = turn(y, 11).await;
    plain_month(y, november, &[&cast.renamed]).await;
    divided(y, &reform).await;
    step("divided");
    let (december, last) = turn(y, 12).await;
    plain_month(y, december, &[&cast.late]).await;
    let last = last.unwrap();
    quarter(y, &cast, last, &[&cast.missing], &|nth| pace(4, nth)).await;
    step("last quarter");
    assert_eq!(y.books.spans.len(), 16);
    annual_report(y, &cast, last, &published).await;
    step("annual report");
    let round = looked_back(y).await;
    step("looked back");
    gone_on(y, &round).await;
    step("gone on");
    year_end(y, &past).await;
    y.stands_published(&published).await;
    step("put away");
    assert_eq!(y.t.findings().await, [], "everything holds that must hold");
    step("checked");
}
