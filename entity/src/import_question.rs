//! What the reader of a file asks a person about a draft.

use sea_orm::entity::prelude::*;

use crate::vocabulary::ImportQuestionStatus;

/// What the reader of a file asks a person about a draft.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_question")]
pub struct Model {
    /// The identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The list.
    pub task_list_id: Uuid,
    /// The task it is about; none when it is about the list as a whole.
    pub task_id: Option<Uuid>,
    /// The place among the questions, in the order of the file.
    pub position: i32,
    /// The kind of question, a code of the reader.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// The part of the draft it is about: `deadline`, `assignments`, `year`.
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// Where in the file the words stand.
    #[sea_orm(column_type = "Text", nullable)]
    pub place: Option<String>,
    /// The words as printed.
    #[sea_orm(column_type = "Text", nullable)]
    pub printed: Option<String>,
    /// The question in Chinese.
    #[sea_orm(column_type = "Text")]
    pub text_zh: String,
    /// The question in English.
    #[sea_orm(column_type = "Text")]
    pub text_en: String,
    /// Values it could be: a list of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub candidates: Json,
    /// The value that is proposed.
    #[sea_orm(column_type = "Text", nullable)]
    pub proposal: Option<String>,
    /// Whether a person has answered.
    pub status: ImportQuestionStatus,
    /// The answer; none when the draft was left as it stood.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<Uuid>,
    /// When it was answered.
    pub answered_at: Option<DateTimeUtc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// The row behind `task_list_id`.
    #[sea_orm(belongs_to, from = "task_list_id", to = "id")]
    pub task_list: BelongsTo<super::task_list::Entity>,
    /// The row behind `task_id`.
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<Option<super::task::Entity>>,
    /// The row behind `answered_by`.
    #[sea_orm(belongs_to, from = "answered_by", to = "id")]
    pub answered_by_user: BelongsTo<Option<super::user_account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
