//! A registry corrects what the words alone say, and names what it does not know.

use entity::vocabulary::AssignmentTarget as Target;
use taizhang::documents::read::read_here;
use taizhang::documents::understand::{Known, Options, QuestionKind, Registry, understand};

fn registry() -> Registry {
    let mut registry = Registry::default();
    registry.add("云汀市卫生健康委员会", ["市卫健委"], Target::Unit);
    registry.add("云汀市教育局", ["市教育局"], Target::Unit);
    registry.add("云汀湖片区", ["湖区"], Target::Group);
    registry.add("云汀市甲办公室", ["甲办"], Target::Unit);
    registry.add("柳溪区甲办公室", ["甲办"], Target::Unit);
    registry
}

#[test]
fn names_are_found_by_alias_and_the_nearest_are_offered() {
    let registry = registry();
    assert_eq!(registry.look_up("市卫健委"), Known::One(Target::Unit, "云汀市卫生健康委员会".into()));
    assert_eq!(registry.look_up("甲办"), Known::Several(vec!["云汀市甲办公室".into(), "柳溪区甲办公室".into()]));
    let Known::Nothing(near) = registry.look_up("卫健委") else { panic!("卫健委 is not in it") };
    assert_eq!(near.first().map(String::as_str), Some("云汀市卫生健康委员会"));
    let Known::Nothing(near) = registry.look_up("市教肓局") else { panic!("a typing error is not in it") };
    assert_eq!(near.first().map(String::as_str), Some("云汀市教育局"));
    assert_eq!(registry.look_up("完全不同之物"), Known::Nothing(vec![]));
}

#[test]
fn a_known_group_is_a_group_and_unknown_names_are_asked() {
    let html = "<body><p>2026年云汀市任务清单</p><table><tr><td>序号</td><td>任务内容</td><td>责任单位</td></tr>\
        <tr><td>1</td><td>公开目录。</td><td>湖区、市教肓局、甲办等部门</td></tr></table></body>";
    let pages = read_here(html.as_bytes(), "a.html").unwrap();
    let registry = registry();
    let without = understand(&pages, Options { registry: None, year: 2026, year_is_known: false });
    assert_eq!(without.list.tasks[0].assignments[0].target, Target::Unit);
    let with = understand(&pages, Options { registry: Some(&registry), year: 2026, year_is_known: false });
    let task = &with.list.tasks[0];
    assert_eq!(task.assignments[0].target, Target::Group);
    assert_eq!(task.assignments[1].name, "市教肓局", "typing errors are kept");
    assert_eq!(task.assignments[3].target, Target::Open);
    let ask = |kind: QuestionKind| with.questions.iter().find(|q| q.kind == kind).unwrap();
    assert_eq!(ask(QuestionKind::UnknownName).proposal.as_deref(), Some("云汀市教育局"));
    assert_eq!(ask(QuestionKind::AmbiguousName).candidates.len(), 2);
    assert_eq!(ask(QuestionKind::UnknownName).task.as_deref(), Some("1"));
}
