//! Service accounts: who keeps them, and what is left of one's rights in a session that asked for less.

use std::collections::BTreeSet;

use entity::vocabulary::Role;

use super::actor::{Actor, Scope};
use super::policy::{Denied, Subject, forbidden};
use super::reason::Reason;

/// What somebody wants to do with a service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MachineAction {
    /// Make, disable or enable one.
    Keep,
    /// Make a secret of one, or take it back.
    Secret,
    /// End the other sessions of one's own account.
    EndOthers,
}

/// Whether it may be done. Keepers of users keep machines too; making one gives it no right.
pub(super) fn decide(action: MachineAction, subject: Subject) -> Result<(), Denied> {
    match action {
        // A token that was made narrow to be given away must not end the wide ones of its account.
        MachineAction::EndOthers if subject.narrowed => forbidden(Reason::PeopleOnly),
        MachineAction::EndOthers => Ok(()),
        MachineAction::Keep | MachineAction::Secret if !subject.system_admin => forbidden(Reason::AdminOnly),
        MachineAction::Keep | MachineAction::Secret if subject.is_it => forbidden(Reason::OwnAccount),
        MachineAction::Keep | MachineAction::Secret => Ok(()),
    }
}

impl Actor {
    /// A machine that came by its secret: of the grants only those of machines, and of their scopes only these. What a
    /// person's role would allow is not to be had by a secret, whoever granted it.
    pub fn narrowed_to(mut self, scopes: &str) -> Self {
        let asked = Scope::parse_all(scopes);
        self.grants.retain_mut(|grant| {
            grant.scopes = grant.scopes.intersection(&asked).copied().collect();
            grant.role == Role::Integration && !grant.scopes.is_empty()
        });
        self.narrowed = Some(asked);
        self
    }

    /// The scopes of all grants of machines.
    pub fn scopes(&self) -> BTreeSet<Scope> {
        let grants = self.grants.iter().filter(|grant| grant.role == Role::Integration);
        grants.flat_map(|grant| grant.scopes.iter().copied()).collect()
    }
}

impl Scope {
    /// The words of scopes, in their order, with blanks between them.
    pub fn words(scopes: &BTreeSet<Self>) -> String {
        scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The words of every choice among these.
    pub fn choices(scopes: &BTreeSet<Self>) -> Vec<String> {
        let mut all = vec![BTreeSet::new()];
        for scope in scopes {
            let with = all.iter().cloned().map(|mut choice: BTreeSet<Self>| {
                choice.insert(*scope);
                choice
            });
            all.extend(with.collect::<Vec<_>>());
        }
        all.iter().map(Self::words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_every_choice_is_there_once() {
        let all: BTreeSet<Scope> = Scope::ALL.iter().copied().collect();
        assert_eq!(Scope::parse_all(&Scope::words(&all)), all);
        let choices: BTreeSet<String> = Scope::choices(&all).into_iter().collect();
        assert_eq!(choices.len(), 1 << all.len());
        assert!(choices.contains("") && choices.contains(&Scope::words(&all)));
    }
}
