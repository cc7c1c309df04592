//! What a printed name of a list means.

use entity::vocabulary::AssignmentTarget;
use uuid::Uuid;

use crate::documents::understand::QuestionKind;
use crate::domain::names::Found;
use crate::service::names::{Directory, Named};

/// What a printed name means: a unit, a group, nobody in particular, or nothing yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) struct Meaning {
    pub(in crate::service) target: AssignmentTarget,
    pub(in crate::service) unit: Option<Uuid>,
    pub(in crate::service) group: Option<Uuid>,
}

/// What a printed name means, and what has to be asked about it. Where the document calls a group a unit, or the
/// reverse, the directory knows better.
pub(in crate::service) fn meaning(
    directory: &Directory,
    target: AssignmentTarget,
    name: &str,
) -> (Meaning, Option<QuestionKind>) {
    let nothing = Meaning { target, unit: None, group: None };
    if target == AssignmentTarget::Open {
        return (nothing, None);
    }
    let fits = |named: &Named| matches!(named, Named::Unit(_)) == (target == AssignmentTarget::Unit);
    let found = match directory.find(name) {
        // The document says which kind of name it is; that settles it if only one thing of the kind is called so.
        Found::Several(all) => match all.iter().filter(|named| fits(named)).copied().collect::<Vec<_>>().as_slice() {
            [one] => Found::One(*one),
            _ => Found::Several(all),
        },
        found => found,
    };
    match found {
        Found::One(Named::Unit(unit)) => {
            let inactive = directory.units.get(&unit).is_some_and(|row| !row.active);
            let meaning = Meaning { target: AssignmentTarget::Unit, unit: Some(unit), group: None };
            (meaning, inactive.then_some(QuestionKind::InactiveUnit))
        }
        Found::One(Named::Group(group)) => {
            (Meaning { target: AssignmentTarget::Group, unit: None, group: Some(group) }, None)
        }
        Found::Nothing => (nothing, Some(QuestionKind::UnknownName)),
        Found::Several(_) => (nothing, Some(QuestionKind::AmbiguousName)),
    }
}
