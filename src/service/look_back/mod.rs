//! Looking back at a list (回头看): a round freezes who was to have done what by which day, somebody writes down what was
//! found of each, and what is wrong becomes a rectification.
//!
//! Lock order: the list, then the round, then the item, then the rectification.

mod evidence;
mod findings;
mod hand_over;
mod rectify;
mod rounds;

use entity::vocabulary::LookBackStatus;
use entity::{look_back, look_back_item};
use uuid::Uuid;

pub use self::evidence::EvidenceItem;
pub use self::findings::{Found, FoundOutcome};
pub(super) use self::hand_over::hand_over;
pub use self::rectify::{NewRectification, Recheck, Rectified};
pub use self::rounds::NewLookBack;
use super::drafts::subject_over;
use super::{Stop, Work};
use crate::authz::{Action, LookBackAction, State, decide};
use crate::error::UserError;

/// Characters of a finding, a problem, a measure or a result at most.
pub const TEXT_CHARS: usize = 5_000;
/// Characters of the title of a round at most.
pub const TITLE_CHARS: usize = 200;
/// Items of a round at most.
pub const MAX_ITEMS: usize = 10_000;
/// Rounds over one list at most.
pub const MAX_ROUNDS: usize = 50;
/// Rectifications that come out of one item at most.
pub const MAX_RECTIFICATIONS: usize = 20;

/// Whether a round is changed, or only has to stay as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    /// It is changed; nobody writes in it meanwhile.
    Alone,
    /// Others may write in it too, and nobody finishes it.
    Together,
}

/// The round, held, if the actor may do this in it.
async fn round(
    work: &Work,
    id: Uuid,
    action: LookBackAction,
    hold: Hold,
    absent: UserError,
) -> Result<look_back::Model, Stop> {
    let Some(seen) = work.tx.visible::<look_back::Entity>(&work.actor, id).await? else {
        return Err(absent.into());
    };
    let list = work.tx.held_standing(&work.actor, seen.task_list_id).await?;
    let row = match hold {
        Hold::Alone => work.tx.locked::<look_back::Entity>(&work.actor, id).await?,
        Hold::Together => work.tx.held::<look_back::Entity>(&work.actor, id).await?,
    };
    let (Some(list), Some(row)) = (list, row) else { return Err(absent.into()) };
    let state = State { list: Some(list.status), look_back: Some(row.status), ..State::default() };
    decide(Action::LookBack(action), subject_over(work, list.issuer).await?, state)?;
    Ok(row.into_inner())
}

/// The item with its round, both held, if the actor may do this.
async fn item(
    work: &Work,
    id: Uuid,
    action: LookBackAction,
    absent: UserError,
) -> Result<(look_back::Model, look_back_item::Model), Stop> {
    let Some(seen) = work.tx.visible::<look_back_item::Entity>(&work.actor, id).await? else {
        return Err(absent.into());
    };
    let round = round(work, seen.look_back_id, action, Hold::Together, absent.clone()).await?;
    // A rectification refers to its item, and may do so meanwhile.
    match work.tx.claimed::<look_back_item::Entity>(&work.actor, id).await? {
        Some(row) => Ok((round, row.into_inner())),
        None => Err(absent.into()),
    }
}

/// Whether units see what was found.
const fn is_public(round: &look_back::Model) -> bool {
    matches!(round.status, LookBackStatus::Finished)
}
