//! What an actor reaches and does, grant by grant.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::DateTime;
use entity::vocabulary::{Role, UserKind};
use taizhang::authz::{Action, Actor, Area, Grant, MachineAction, Reach, Reason, Scope, State, Subject, decide};
use uuid::Uuid;

const HERE: Uuid = Uuid::from_u128(1);
const ELSEWHERE: Uuid = Uuid::from_u128(2);
const ROOT: Uuid = Uuid::from_u128(3);

fn actor(grants: Vec<Grant>) -> Actor {
    Actor {
        user_id: Uuid::from_u128(9),
        kind: UserKind::Person,
        display_name: "某人（虚构）".to_owned(),
        unit_id: HERE,
        root_id: ROOT,
        session_id: Uuid::from_u128(8),
        grants,
        predecessors: BTreeMap::from([(HERE, BTreeSet::from([ELSEWHERE]))]),
        at: DateTime::UNIX_EPOCH,
        narrowed: None,
    }
}

fn grant(role: Role, scopes: &[Scope]) -> Grant {
    Grant { role, unit_id: HERE, scopes: scopes.iter().copied().collect(), named_lists: None }
}

fn with(role: Role, scopes: &[Scope]) -> Actor {
    actor(vec![grant(role, scopes)])
}

#[test]
fn each_role_reaches_what_the_design_says() {
    use Role::{Approver, AuditAdmin, Inspector, Integration, Office, Reporter, SecurityAdmin, SystemAdmin};
    for role in [SystemAdmin, SecurityAdmin, AuditAdmin] {
        let administrator = with(role, Scope::ALL);
        assert!(administrator.reach(Area::Lists).is_empty() && administrator.reach(Area::Reports).is_empty());
        assert!(!administrator.writes() && !administrator.reports_for(HERE) && !administrator.signs_for(HERE));
    }
    for area in [Area::Lists, Area::Reports] {
        assert_eq!(with(Office, &[]).reach(area), [Reach::Issuer(HERE)]);
        assert_eq!(with(Inspector, &[]).reach(area), [Reach::Issuer(HERE)]);
        assert_eq!(with(Reporter, &[]).reach(area), [Reach::Unit(HERE)]);
        assert_eq!(with(Approver, &[]).reach(area), [Reach::Unit(HERE)]);
        assert!(with(Integration, &[Scope::ReportsWrite]).reach(area).is_empty(), "who writes need not read");
    }
    let lists = BTreeSet::from([Uuid::from_u128(7)]);
    let named = actor(vec![Grant { named_lists: Some(lists.clone()), ..grant(Inspector, &[]) }]);
    assert_eq!(named.reach(Area::Lists), [Reach::Lists(&lists, ROOT)]);
    let reads_lists = with(Integration, &[Scope::ListsRead]);
    assert_eq!(reads_lists.reach(Area::Lists), [Reach::Unit(HERE)]);
    assert!(reads_lists.reach(Area::Reports).is_empty());
    let reads_reports = with(Integration, &[Scope::ReportsRead]);
    assert_eq!(reads_reports.reach(Area::Reports), [Reach::Unit(HERE)]);
    assert!(reads_reports.reach(Area::Lists).is_empty());
    let both = actor(vec![grant(Office, &[]), grant(SystemAdmin, &[]), grant(Reporter, &[])]);
    assert_eq!(both.reach(Area::Lists), [Reach::Issuer(HERE), Reach::Unit(HERE)], "the union of its grants");
}

#[test]
fn who_writes_and_signs_does_so_for_his_unit_alone() {
    for (role, scopes, writes, reports, signs) in [
        (Role::Office, &[][..], true, false, false),
        (Role::Reporter, &[], true, true, false),
        (Role::Approver, &[], true, true, true),
        (Role::Inspector, &[], false, false, false),
        (Role::Integration, &[Scope::ReportsWrite], true, true, false),
        (Role::Integration, &[Scope::ListsRead, Scope::ReportsRead], false, false, false),
    ] {
        let actor = with(role, scopes);
        assert_eq!(
            (actor.writes(), actor.reports_for(HERE), actor.signs_for(HERE)),
            (writes, reports, signs),
            "{role:?} {scopes:?}"
        );
        assert!(!actor.reports_for(ELSEWHERE) && !actor.signs_for(ELSEWHERE), "{role:?}");
        assert!(actor.has(role) && !actor.has(Role::AuditAdmin));
        assert_eq!(actor.units_with(role).collect::<Vec<_>>(), [HERE]);
    }
    assert!(!actor(Vec::new()).writes());
}

#[test]
fn power_over_a_unit_is_held_there_or_above() {
    let (around, apart) = (HashSet::from([HERE, ROOT]), HashSet::from([ELSEWHERE]));
    let (office, system) = (with(Role::Office, &[]), with(Role::SystemAdmin, &[]));
    assert!(office.office_over(&around) && !office.office_over(&apart) && !office.administers(&around));
    assert!(system.administers(&around) && !system.administers(&apart) && !system.office_over(&around));
    let security = with(Role::SecurityAdmin, &[]);
    assert!(security.keeps_grants(&around) && !security.keeps_grants(&apart) && !system.keeps_grants(&around));
    let below = with(Role::AuditAdmin, &[]);
    let above = actor(vec![Grant { unit_id: ROOT, ..grant(Role::AuditAdmin, &[]) }]);
    let other = actor(vec![Grant { unit_id: ROOT, ..grant(Role::SystemAdmin, &[]) }]);
    assert!(above.audits_all() && !below.audits_all() && !other.audits_all());
}

#[test]
fn predecessors_are_those_of_the_unit_asked_for() {
    let actor = actor(Vec::new());
    assert_eq!(actor.predecessors(HERE).collect::<Vec<_>>(), [ELSEWHERE]);
    assert_eq!(actor.predecessors(ELSEWHERE).count(), 0);
}

#[test]
fn scopes_are_read_word_by_word() {
    for scope in Scope::ALL {
        assert_eq!(Scope::parse_all(scope.as_str()), BTreeSet::from([*scope]));
    }
    assert_eq!(Scope::ALL.iter().map(|scope| scope.as_str()).collect::<BTreeSet<_>>().len(), Scope::ALL.len());
    assert_eq!(Scope::parse_all("lists:read reports:write"), BTreeSet::from([Scope::ListsRead, Scope::ReportsWrite]));
    for words in ["", "lists", "lists:reader", "LISTS:READ", "lists:read,reports:read", "*"] {
        assert!(Scope::parse_all(words).is_empty(), "{words}");
    }
}

#[test]
fn a_session_that_asked_for_less_has_less() {
    let reporter = grant(Role::Reporter, &[Scope::ReportsWrite]);
    let wide = actor(vec![
        reporter,
        grant(Role::Integration, &[Scope::ListsRead, Scope::ReportsRead]),
        Grant { unit_id: ELSEWHERE, ..grant(Role::Integration, &[Scope::ReportsWrite]) },
    ]);
    assert_eq!(wide.scopes(), BTreeSet::from([Scope::ListsRead, Scope::ReportsRead, Scope::ReportsWrite]));
    let narrow = wide.clone().narrowed_to("reports:read reports:write nonsense");
    let left: Vec<_> = narrow.grants.iter().map(|grant| (grant.role, grant.unit_id, grant.scopes.clone())).collect();
    let (read, write) = (BTreeSet::from([Scope::ReportsRead]), BTreeSet::from([Scope::ReportsWrite]));
    assert_eq!(left, [(Role::Integration, HERE, read), (Role::Integration, ELSEWHERE, write)], "no role of a person");
    assert_eq!(narrow.narrowed, Some(BTreeSet::from([Scope::ReportsRead, Scope::ReportsWrite])));
    assert!(with(Role::Reporter, Scope::ALL).scopes().is_empty(), "scopes are for machines");
    assert!(wide.narrowed_to("").grants.is_empty());
}

#[test]
fn who_keeps_machines() {
    use MachineAction::{EndOthers, Keep, Secret};
    let refused = |action, subject| {
        decide(Action::Machine(action), subject, State::default()).err().map(|denied| (denied.reason, denied.forbidden))
    };
    for bits in 0..8 {
        let (system_admin, is_it, narrowed) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
        let subject = Subject { system_admin, is_it, narrowed, ..Subject::default() };
        assert_eq!(refused(EndOthers, subject), narrowed.then_some((Reason::PeopleOnly, true)));
        for action in [Keep, Secret] {
            let wanted = match (system_admin, is_it) {
                (false, _) => Some((Reason::AdminOnly, true)),
                (true, true) => Some((Reason::OwnAccount, true)),
                (true, false) => None,
            };
            assert_eq!(refused(action, subject), wanted, "{action:?}");
        }
    }
}
