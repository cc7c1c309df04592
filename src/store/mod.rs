//! The only owner of a database connection.

pub mod filter;
pub mod page;
pub mod query;
pub mod scope;
pub mod visible;

pub use page::{Cursor, Page, PageArgs, PageQuery, SortBy};
pub use visible::Visible;

/// What can go wrong on the way to the database; causes go to the log, never to a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Database(#[from] sea_orm::DbErr),
    /// A cursor that does not belong to this order.
    #[error("the cursor does not belong to this connection and order")]
    BadCursor,
    /// A mistake of ours.
    #[error("misuse of the store: {0}")]
    Misuse(&'static str),
}
