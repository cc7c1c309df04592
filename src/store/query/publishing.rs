//! Publications, their steps and findings.

use entity::vocabulary::{PublicationKind, PublicationStatus};
use entity::{publication, publication_finding, publication_release, publication_step};
use sea_orm::{ColumnTrait, Condition};

use super::{OrderBy, order_fields, query};
use crate::store::filter::{Filter, KeyMatch, Terms, TextMatch, WordMatch};
use crate::store::page::{PageArgs, PageQuery};

order_fields! {
    /// Orders of publications.
    PublicationOrder for publication {
        /// By the time they were prepared.
        CreatedAt => CreatedAt,
        /// By the last change.
        UpdatedAt => UpdatedAt,
        /// By title.
        Title => Title,
    }
}

order_fields! {
    /// Orders of steps.
    PublicationStepOrder for publication_step {
        /// As they were taken.
        CreatedAt => CreatedAt,
    }
}

order_fields! {
    /// Orders of findings.
    PublicationFindingOrder for publication_finding {
        /// As they stand in the document.
        Position => Position,
    }
}

order_fields! {
    /// Orders of what was let through.
    PublicationReleaseOrder for publication_release {
        /// As it stood in the document.
        Position => Position,
    }
}

/// Comparisons of publications.
#[derive(Clone, Debug, Default)]
pub struct PublicationLeaf {
    /// What is published.
    pub kind: Option<WordMatch<PublicationKind>>,
    /// Where it stands.
    pub status: Option<WordMatch<PublicationStatus>>,
    /// The title.
    pub title: Option<TextMatch>,
    /// The list.
    pub task_list: Option<KeyMatch>,
    /// The period.
    pub period: Option<KeyMatch>,
    /// The unit that publishes.
    pub issuer: Option<KeyMatch>,
}

fn condition(leaf: &PublicationLeaf) -> Condition {
    use publication::Column;
    let mut terms = Terms::new();
    terms.word(Column::Kind, leaf.kind.as_ref());
    terms.word(Column::Status, leaf.status.as_ref());
    terms.text(Column::Title, leaf.title.as_ref());
    terms.key(Column::TaskListId, leaf.task_list.as_ref());
    terms.key(Column::ReportingPeriodId, leaf.period.as_ref());
    terms.key(Column::IssuerUnitId, leaf.issuer.as_ref());
    terms.0
}

/// Publications.
pub fn publications(
    filter: &Filter<PublicationLeaf>,
    order: OrderBy<PublicationOrder>,
    page: PageArgs,
) -> PageQuery<publication::Entity> {
    query(filter.condition(&condition), order, page, None)
}

/// What was done to publications, the earliest first.
pub fn publication_steps(page: PageArgs) -> PageQuery<publication_step::Entity> {
    let order = OrderBy { field: PublicationStepOrder::CreatedAt, descending: false };
    query(Condition::all(), order, page, Some(publication_step::Column::PublicationId))
}

/// What steps let through, in the order of the document as it was then.
pub fn publication_releases(page: PageArgs) -> PageQuery<publication_release::Entity> {
    let order = OrderBy { field: PublicationReleaseOrder::Position, descending: false };
    query(Condition::all(), order, page, Some(publication_release::Column::PublicationStepId))
}

/// What was found in publications, in the order of the document; only what is open, or everything.
pub fn publication_findings(page: PageArgs, open: bool) -> PageQuery<publication_finding::Entity> {
    let order = OrderBy { field: PublicationFindingOrder::Position, descending: false };
    let mut wanted = Condition::all();
    if open {
        wanted = wanted.add(publication_finding::Column::ReleasedBy.is_null());
    }
    query(wanted, order, page, Some(publication_finding::Column::PublicationId))
}
