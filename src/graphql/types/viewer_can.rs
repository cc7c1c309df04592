//! What the caller may do with a thing, from the same policy the verbs ask; so no front end writes the rules again.

use async_graphql::SimpleObject;
use entity::task_list;
use uuid::Uuid;

use crate::authz::{Action, State, Subject, decide};
use crate::domain::lang::Lang;
use crate::error;
use crate::graphql::context::RequestContext;
use crate::graphql::loader::{AncestorsOf, StandingOfList, StandingOfRectification};
use crate::graphql::user_error::UserErrorCode;
use crate::store::reports::ListStanding;

/// 一项操作是否可用。
/// Whether an operation is open to the caller.
#[derive(Clone, Debug, SimpleObject)]
pub struct Permission {
    /// 是否可以操作。
    /// Whether it is allowed.
    pub allowed: bool,
    /// 不可操作时的代码。
    /// The code it would be refused with.
    pub code: Option<UserErrorCode>,
    /// 不可操作时的原因。
    /// Why it would be refused.
    pub reason: Option<String>,
}

impl Permission {
    /// Asks the policy.
    pub fn ask(action: Action, subject: Subject, state: State, lang: Lang) -> Self {
        match decide(action, subject, state) {
            Ok(()) => Self { allowed: true, code: None, reason: None },
            Err(denied) => {
                let error = error::UserError::from(denied);
                Self { allowed: false, code: Some(error.code.into()), reason: Some(error.message.text(lang)) }
            }
        }
    }
}

impl RequestContext {
    /// Who the caller is to whatever belongs to this unit.
    pub async fn subject_over(&self, unit: Uuid) -> async_graphql::Result<Subject> {
        let above = self.load(AncestorsOf(unit)).await?.unwrap_or_default();
        Ok(Subject {
            office: self.actor().office_over(&above),
            system_admin: self.actor().administers(&above),
            security_admin: self.actor().keeps_grants(&above),
            ..Subject::default()
        })
    }

    /// Who the caller is to a list, and in what state it is; nobody, when it is invisible.
    pub async fn standing_on_list(&self, list: Uuid) -> async_graphql::Result<(Subject, State)> {
        let Some(row) = self.row::<task_list::Entity>(list).await? else {
            return Ok((Subject::default(), State::default()));
        };
        let subject = self.subject_over(row.issuer_unit_id).await?;
        Ok((subject, State { list: Some(row.status), ..State::default() }))
    }

    /// Who the caller is to the reporting on a list, and in what state the list is. One may report for a list without
    /// reading it, so this is not asked of the list itself.
    pub async fn standing_on_reporting(&self, list: Uuid) -> async_graphql::Result<(Subject, State)> {
        self.by_standing(self.load(StandingOfList(list)).await?).await
    }

    /// The same of a rectification, which one may have to put right when nothing else of the list is one's own any more.
    pub async fn standing_on_rectification(&self, rectification: Uuid) -> async_graphql::Result<(Subject, State)> {
        self.by_standing(self.load(StandingOfRectification(rectification)).await?).await
    }

    async fn by_standing(&self, standing: Option<ListStanding>) -> async_graphql::Result<(Subject, State)> {
        let Some(standing) = standing else { return Ok((Subject::default(), State::default())) };
        let subject = self.subject_over(standing.issuer).await?;
        Ok((subject, State { list: Some(standing.status), ..State::default() }))
    }
}
