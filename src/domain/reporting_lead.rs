//! Which of several leads reports for all.

use uuid::Uuid;

/// The lead that reports for all: the named one while it leads, else the only one; none of several before one is named.
///
/// Leads are given by the keys of their assignments in force.
pub fn reporting_lead(leads: &[Uuid], named: Option<Uuid>) -> Option<Uuid> {
    if let Some(named) = named.filter(|named| leads.contains(named)) {
        return Some(named);
    }
    match leads {
        [only] => Some(*only),
        _ => None,
    }
}
