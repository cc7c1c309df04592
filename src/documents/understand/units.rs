//! The unit cells of a task: parsed, put together, corrected by the registry.

use entity::vocabulary::{AssignmentRole, AssignmentTarget};

use super::clean::cut;
use super::draft::{Draft, Printed};
use super::question::{QuestionKind, Questions};
use super::registry::{Known, Registry};
use super::remarks::first_leads;
use crate::documents::list_json::{AssignmentItem, MAX_ASSIGNMENTS, MAX_NAME};
use crate::domain::unit_expression::{Doubt, OPEN_NAME, parse, target_by_words};

/// Reads the unit cells of a task.
pub(super) fn assignments(
    draft: &Draft,
    path: &str,
    registry: Option<&Registry>,
    questions: &mut Questions,
) -> Vec<AssignmentItem> {
    let mut out: Vec<AssignmentItem> = Vec::new();
    let columns = [
        (&draft.lead, AssignmentRole::Lead, "leadText"),
        (&draft.units, AssignmentRole::Responsible, "unitText"),
        (&draft.support, AssignmentRole::Support, "unitText"),
    ];
    for (printed, role, field) in columns {
        let Some(printed) = printed.as_ref().filter(|p| !p.text.is_empty()) else { continue };
        // A merged or inherited text was asked about where it stands.
        let first_time = !printed.merged && !printed.guessed;
        let (text, first_leads) = without_rank(&printed.text);
        let expression = parse(&text);
        if first_time && first_leads {
            let question = questions.ask(QuestionKind::FirstLeads, format!("{path}.{field}")).at(&printed.place);
            question.task(draft.number.as_deref()).printed(&printed.text);
            question.propose("RESPONSIBLE").or(["LEAD".to_owned()]);
        }
        if first_time {
            for doubt in expression.doubts() {
                ask(&doubt, printed, draft, &format!("{path}.{field}"), registry, questions);
            }
        }
        for assigned in expression.assignments(role) {
            let mut item = AssignmentItem {
                name: assigned.name,
                role: assigned.role,
                target: assigned.target,
                scope_note: assigned.scope,
            };
            if let Some(registry) = registry {
                correct(&mut item, registry, printed, draft, path, first_time, questions);
            }
            cut(&mut item.name, MAX_NAME);
            if let Some(scope) = &mut item.scope_note {
                cut(scope, MAX_NAME);
            }
            if !out.contains(&item) && out.len() < MAX_ASSIGNMENTS {
                out.push(item);
            }
        }
    }
    out
}

/// Whether each name of an expression is one that the registry knows.
pub(super) fn all_known(text: &str, registry: &Registry) -> bool {
    let assigned = parse(text).assignments(AssignmentRole::Responsible);
    let known = |name: &str| matches!(registry.look_up(name), Known::One(..));
    !assigned.is_empty() && assigned.iter().all(|a| a.target == AssignmentTarget::Open || known(&a.name))
}

/// 市甲局、市乙局（排名第一的为牵头单位）: the names, and whether a bracket says that the first one leads.
fn without_rank(text: &str) -> (String, bool) {
    let mut from = 0;
    while let Some(open) = text[from..].find(['（', '(']).map(|at| from + at) {
        let Some(close) = text[open..].find(['）', ')']).map(|at| open + at) else { break };
        if first_leads(&text[open..close]) {
            let behind = text[close..].chars().next().map_or(close, |c| close + c.len_utf8());
            return (format!("{}{}", &text[..open], &text[behind..]), true);
        }
        from = close;
    }
    (text.to_owned(), false)
}

fn ask(
    doubt: &Doubt,
    printed: &Printed,
    draft: &Draft,
    path: &str,
    registry: Option<&Registry>,
    questions: &mut Questions,
) {
    let (kind, words) = match doubt {
        Doubt::NoUnit(name) => (QuestionKind::Name, name.clone()),
        Doubt::Bracket { name, inside } => (QuestionKind::Bracket, format!("{name}（{inside}）")),
        Doubt::LeadReach(names) => (QuestionKind::LeadReach, names.join("、")),
        Doubt::RoleAlone(role) => (QuestionKind::RoleAlone, role.as_str().to_owned()),
    };
    // What the registry knows is a unit, whatever it looks like; what it does not know is asked about as a name.
    if let (Doubt::NoUnit(name), Some(registry)) = (doubt, registry)
        && (matches!(registry.look_up(name), Known::One(..)) || target_by_words(name) != AssignmentTarget::Open)
    {
        return;
    }
    let question = questions.ask(kind, path).at(&printed.place).task(draft.number.as_deref()).printed(&words);
    match doubt {
        Doubt::Bracket { name, inside } => {
            question.propose(format!("{name}｜{inside}")).or([format!("{name}（{inside}）")]);
        }
        Doubt::LeadReach(_) => {
            question.propose(AssignmentRole::Responsible.as_str()).or([AssignmentRole::Lead.as_str().to_owned()]);
        }
        Doubt::NoUnit(name) => {
            question.propose(name.clone());
        }
        Doubt::RoleAlone(_) => {}
    }
}

fn correct(
    item: &mut AssignmentItem,
    registry: &Registry,
    printed: &Printed,
    draft: &Draft,
    path: &str,
    first_time: bool,
    questions: &mut Questions,
) {
    if item.name == OPEN_NAME {
        return;
    }
    let (kind, candidates) = match registry.look_up(&item.name) {
        Known::One(target, _) => {
            // What follows 等 stays open even when a group has the same words.
            if item.target != AssignmentTarget::Open {
                item.target = target;
            }
            return;
        }
        Known::Several(names) => (QuestionKind::AmbiguousName, names),
        Known::Nothing(_) if item.target == AssignmentTarget::Open => return,
        Known::Nothing(nearest) => (QuestionKind::UnknownName, nearest),
    };
    if first_time {
        let question = questions
            .ask(kind, format!("{path}.assignments"))
            .at(&printed.place)
            .task(draft.number.as_deref())
            .printed(&item.name);
        if let Some(first) = candidates.first() {
            question.propose(first.clone());
        }
        question.or(candidates);
    }
}
