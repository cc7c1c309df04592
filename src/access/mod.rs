//! docs/access.md: who may do what, read out of the policy, so that the paper cannot say anything else than the program.

mod dims;
mod labels;
mod people;

use std::fmt::Write;

use self::dims::{Dim, dims_of, product};
use self::labels::{SECTIONS, label};
use self::people::{PEOPLE, Person};
use crate::authz::{Action, Denied, State, decide};
use crate::domain::lang::Lang;
use crate::error::UserError;

const HEAD: &str = include_str!("head.md");

/// What comes of an action in each state.
type Outcomes = Vec<Result<(), Denied>>;

/// The whole document.
pub fn markdown() -> String {
    let mut text = HEAD.to_owned();
    for (zh, en, actions) in SECTIONS {
        let _ = write!(text, "\n## {zh} · {en}\n\n{TABLE}");
        for action in *actions {
            rows(&mut text, *action);
        }
    }
    text
}

const TABLE: &str = "\
| 操作 · action | 谁 · who | 状态 · state | 结果 · decision |
| --- | --- | --- | --- |
";

fn rows(text: &mut String, action: Action) {
    let dims = dims_of(action);
    let states = product(&dims);
    let outcomes = |person: &Person| -> Outcomes {
        states.iter().map(|(state, _)| decide(action, person.subject, *state)).collect()
    };
    // Those to whom the policy says the same stand in one row, those who are told apart for nothing are left out.
    let mut groups: Vec<(Vec<&Person>, Outcomes)> = Vec::new();
    for person in PEOPLE {
        let own = outcomes(person);
        if person.like.is_some_and(|nth| PEOPLE.get(nth).is_some_and(|base| outcomes(base) == own)) {
            continue;
        }
        match groups.iter_mut().find(|(_, theirs)| *theirs == own) {
            Some((people, _)) => people.push(person),
            None => groups.push((vec![person], own)),
        }
    }
    let (zh, en) = label(action);
    for (people, outcomes) in &groups {
        let names = |of: fn(&Person) -> &'static str| people.iter().map(|one| of(one)).collect::<Vec<_>>();
        let who = format!("{} · {}", names(|one| one.zh).join("；"), names(|one| one.en).join("; "));
        for (outcome, when) in whens(&dims, &states, outcomes) {
            let _ = writeln!(text, "| {zh} · {en} | {who} | {when} | {} |", decision(outcome));
        }
    }
}

fn decision(outcome: Result<(), Denied>) -> String {
    match outcome {
        Ok(()) => "**可以 · allowed**".to_owned(),
        Err(denied) => {
            let error = UserError::from(denied);
            let code = if denied.forbidden { "FORBIDDEN" } else { "INVALID_STATE" };
            format!("{code}：{} · {}", error.message.text(Lang::Zh), error.message.text(Lang::En))
        }
    }
}

/// Each outcome with the states it comes in. The policy asks one thing after the other, so that an outcome is told by which
/// values each thing may have; where it is not, it is what is left.
fn whens(dims: &[Dim], states: &[(State, Vec<usize>)], outcomes: &Outcomes) -> Vec<(Result<(), Denied>, String)> {
    let mut kinds: Vec<Result<(), Denied>> = Vec::new();
    kinds.extend(outcomes.iter().any(|outcome| outcome.is_ok()).then_some(Ok(())));
    for outcome in outcomes {
        if !kinds.contains(outcome) {
            kinds.push(*outcome);
        }
    }
    if let [only] = kinds[..] {
        return vec![(only, "任何 · any".to_owned())];
    }
    let of = |wanted: Result<(), Denied>| {
        let these: Vec<&Vec<usize>> =
            states.iter().zip(outcomes).filter(|(_, outcome)| **outcome == wanted).map(|((_, at), _)| at).collect();
        let mut parts = Vec::new();
        let mut exact = 1;
        for (nth, dim) in dims.iter().enumerate() {
            let taken: Vec<usize> =
                (0..dim.values.len()).filter(|value| these.iter().any(|at| at.get(nth) == Some(value))).collect();
            exact *= taken.len();
            if taken.len() < dim.values.len() {
                let words = |of: fn(&dims::Value) -> &'static str| {
                    taken.iter().filter_map(|value| dim.values.get(*value)).map(of).collect::<Vec<_>>()
                };
                let (zh, en) = (words(|value| value.zh).join("、"), words(|value| value.en).join(", "));
                parts.push(format!("{}：{zh} · {}: {en}", dim.zh, dim.en));
            }
        }
        if exact == these.len() { parts.join("<br>") } else { "其他 · otherwise".to_owned() }
    };
    kinds.into_iter().map(|kind| (kind, of(kind))).collect()
}
