//! The content of reports, and the sums.

use entity::vocabulary::{Completion, ReportStatus};
use proptest::prelude::*;
use taizhang::domain::report::{MAX_NARRATIVE, ReportProblem, Stage, validate_report};
use taizhang::domain::roll_up::{Line, RollUp};

#[test]
fn the_content_of_a_report() {
    use Completion::{Completed, Limited, NotApplicable, NotStarted, NothingToReport};
    use ReportProblem::*;
    let submit = |text: &str, completion, percent| validate_report(text, completion, percent, Stage::Submit);
    assert_eq!(submit("已公开。", Some(Limited), Some(40)), []);
    assert_eq!(submit("已公开。", Some(Completed), None), []);
    assert_eq!(submit("已公开。", Some(Completed), Some(100)), []);
    assert_eq!(submit("已公开。", Some(Completed), Some(99)), [CompletedBelow100]);
    assert_eq!(submit("未启动。", Some(NotStarted), Some(0)), []);
    assert_eq!(submit("未启动。", Some(NotStarted), Some(1)), [NotStartedAbove0]);
    assert_eq!(submit(" \n", Some(Limited), Some(101)), [NarrativeRequired, PercentOutOfRange]);
    assert_eq!(submit("x", Some(Limited), Some(-1)), [PercentOutOfRange]);
    assert_eq!(submit("", Some(NothingToReport), None), []);
    assert_eq!(submit("", Some(NotApplicable), None), [ReasonRequired]);
    assert_eq!(submit("本单位无此事项。", Some(NotApplicable), None), []);
    assert_eq!(submit("", None, None), [NarrativeRequired, CompletionRequired]);
    assert_eq!(submit(&"公".repeat(MAX_NARRATIVE), Some(Limited), None), []);
    assert_eq!(submit(&"公".repeat(MAX_NARRATIVE + 1), Some(Limited), None), [NarrativeTooLong]);
    assert_eq!(submit("a\u{0}", Some(Limited), None), [NarrativeUnreadable]);
    assert_eq!(validate_report("", None, None, Stage::Save), [], "a draft may have gaps");
    assert_eq!(validate_report("", Some(Completed), Some(10), Stage::Save), [CompletedBelow100]);
    assert_eq!(PercentOutOfRange.field(), "percent");
}

fn any_line() -> impl Strategy<Value = Line> {
    let status = prop::option::of(prop::sample::select(ReportStatus::ALL));
    let completion = prop::option::of(prop::sample::select(Completion::ALL));
    (status, completion).prop_map(|(status, completion)| Line { status, completion })
}

#[test]
fn sums_by_example() {
    let line = |status, completion| Line { status, completion };
    let sums = RollUp::of([
        line(None, None),
        line(Some(ReportStatus::Draft), Some(Completion::Completed)),
        line(Some(ReportStatus::Returned), Some(Completion::Completed)),
        line(Some(ReportStatus::Submitted), Some(Completion::Limited)),
        line(Some(ReportStatus::Accepted), Some(Completion::Completed)),
        line(Some(ReportStatus::Accepted), Some(Completion::NothingToReport)),
        line(Some(ReportStatus::Submitted), Some(Completion::NotApplicable)),
    ]);
    assert_eq!(
        serde_json::to_value(&sums).unwrap(),
        serde_json::json!({
            "expected": 7, "received": 4, "submitted": 2, "accepted": 2, "returned": 1, "missing": 2, "nothingToReport": 1,
            "notApplicable": 1, "completion": {"LIMITED": 1, "COMPLETED": 1, "NOTHING_TO_REPORT": 1, "NOT_APPLICABLE": 1},
        })
    );
    assert_eq!(sums.receipt_rate(), Some(4.0 / 7.0));
    assert_eq!(sums.completion_rate(), Some(1.0 / 6.0));
    assert_eq!(RollUp::default().receipt_rate(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_agree_with_counting(lines in prop::collection::vec(any_line(), 0..60), cut in any::<prop::sample::Index>()) {
        let sums = RollUp::of(lines.iter().copied());
        let count = |test: &dyn Fn(&Line) -> bool| lines.iter().filter(|l| test(l)).count() as u32;
        prop_assert_eq!(sums.expected as usize, lines.len());
        prop_assert_eq!(sums.accepted, count(&|l| l.status == Some(ReportStatus::Accepted)));
        prop_assert_eq!(sums.returned, count(&|l| l.status == Some(ReportStatus::Returned)));
        prop_assert_eq!(sums.expected, sums.received + sums.returned + sums.missing);
        prop_assert_eq!(sums.received, sums.accepted + sums.submitted);
        prop_assert!(sums.completion.values().sum::<u32>() <= sums.received);
        let middle = if lines.is_empty() { 0 } else { cut.index(lines.len()) };
        let halves = RollUp::of(lines[..middle].iter().copied()).and(&RollUp::of(lines[middle..].iter().copied()));
        prop_assert_eq!(&halves, &sums);
        prop_assert_eq!(serde_json::from_str::<RollUp>(&serde_json::to_string(&sums).unwrap()).unwrap(), sums);
    }
}
