//! Idempotency results, audit rows, the outbox and quotas: unscoped, because they are the frame around what is scoped.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::{ExportStatus, FilePurpose, Role, TaskListStatus, UserKind};
use entity::{
    export_job, file, idempotency_result, notification, outbox, period_schedule, role_grant, task_list, unit_closure,
    urge_notice, urge_rule, user_account,
};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::page::padded;
use super::query::grants;
use super::scope::unscoped::rows;
use super::{Engine, Store, StoreError, Tx};

/// How much somebody keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

fn in_force(now: DateTime<Utc>) -> Condition {
    Condition::any().add(file::Column::ExpiresAt.is_null()).add(file::Column::ExpiresAt.gt(now))
}

impl Tx {
    /// What came of an earlier call of this user with this key.
    pub async fn idempotency_result(
        &self,
        user_id: Uuid,
        operation: &str,
        key: &str,
    ) -> Result<Option<idempotency_result::Model>, StoreError> {
        Ok(rows::<idempotency_result::Entity>()
            .filter(idempotency_result::Column::UserId.eq(user_id))
            .filter(idempotency_result::Column::Operation.eq(operation))
            .filter(idempotency_result::Column::Key.eq(key))
            .one(self.connection())
            .await?)
    }

    /// Counts what a user has uploaded and still keeps, for whatever unit; other uploads of this user wait until this
    /// transaction ends, so that two of them can't both take the last place.
    pub async fn files_kept(&self, user: Uuid, purpose: FilePurpose, now: DateTime<Utc>) -> Result<Kept, StoreError> {
        // The quota is the person's, and the lock is on the person.
        rows::<user_account::Entity>()
            .filter(user_account::Column::Id.eq(user))
            .lock(LockType::NoKeyUpdate)
            .one(self.connection())
            .await?;
        let sum: Option<(i64, i64)> = rows::<file::Entity>()
            .filter(file::Column::OwnerUserId.eq(user))
            .filter(file::Column::Purpose.eq(purpose))
            .filter(in_force(now))
            // What has no end is evidence: the report's and not the person's any more.
            .filter(file::Column::ExpiresAt.is_not_null())
            .select_only()
            .expr(Expr::cust("COUNT(*)"))
            .expr(Expr::cust("CAST(COALESCE(SUM(size), 0) AS BIGINT)"))
            .into_tuple()
            .one(self.connection())
            .await?;
        let (files, bytes) = sum.unwrap_or_default();
        Ok(Kept { files: files.try_into().unwrap_or_default(), bytes: bytes.try_into().unwrap_or_default() })
    }
}

impl Tx {
    /// A schedule and its list, both locked, the list first. Unscoped, because nobody asks: time does.
    pub async fn schedule_locked(
        &self,
        schedule: Uuid,
        list: Uuid,
    ) -> Result<Option<(period_schedule::Model, task_list::Model)>, StoreError> {
        let list =
            rows::<task_list::Entity>().filter(task_list::Column::Id.eq(list)).lock_exclusive().one(self.connection());
        let Some(list) = list.await? else { return Ok(None) };
        let row = rows::<period_schedule::Entity>()
            .filter(period_schedule::Column::Id.eq(schedule))
            .lock_exclusive()
            .one(self.connection())
            .await?;
        Ok(row.map(|row| (row, list)))
    }
}

impl Tx {
    /// A list and the rules by which its units are urged, the earliest first, if one of them was not followed on this day
    /// yet; the list and its rules are locked. Unscoped, because nobody asks: time does.
    pub async fn urge_rules_locked(
        &self,
        list: Uuid,
        today: NaiveDate,
    ) -> Result<Option<(task_list::Model, Vec<urge_rule::Model>)>, StoreError> {
        let list =
            rows::<task_list::Entity>().filter(task_list::Column::Id.eq(list)).lock_exclusive().one(self.connection());
        let Some(list) = list.await? else { return Ok(None) };
        let rules = rows::<urge_rule::Entity>()
            .filter(urge_rule::Column::TaskListId.eq(list.id))
            .filter(urge_rule::Column::Active.eq(true))
            .order_by_asc(urge_rule::Column::OffsetWorkingDays)
            .order_by_asc(urge_rule::Column::Id)
            .lock_exclusive()
            .all(self.connection())
            .await?;
        let waits = rules.iter().any(|rule| rule.ran_on.is_none_or(|day| day < today));
        Ok(waits.then_some((list, rules)))
    }
}

impl Store {
    /// The lists in force with a rule for urging that was not followed on this day yet.
    pub async fn lists_with_urge_rules(&self, today: NaiveDate) -> Result<Vec<Uuid>, StoreError> {
        let in_force = rows::<task_list::Entity>()
            .filter(task_list::Column::Status.eq(TaskListStatus::Issued))
            .select_only()
            .column(task_list::Column::Id)
            .into_query();
        let waits = Condition::any().add(urge_rule::Column::RanOn.is_null()).add(urge_rule::Column::RanOn.lt(today));
        Ok(rows::<urge_rule::Entity>()
            .filter(urge_rule::Column::Active.eq(true))
            .filter(waits)
            .filter(urge_rule::Column::TaskListId.in_subquery(in_force))
            .select_only()
            .column(urge_rule::Column::TaskListId)
            .distinct()
            .order_by_asc(urge_rule::Column::TaskListId)
            .into_tuple()
            .all(self.reader())
            .await?)
    }

    /// A portion of the notices of lists in force to which a reply is wanted between these days that has not come, in the
    /// order of the key and behind `after`; time asks for them.
    pub async fn replies_due(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        after: Uuid,
        most: u64,
    ) -> Result<Vec<urge_notice::Model>, StoreError> {
        let in_force = rows::<task_list::Entity>()
            .filter(task_list::Column::Status.eq(TaskListStatus::Issued))
            .select_only()
            .column(task_list::Column::Id)
            .into_query();
        Ok(rows::<urge_notice::Entity>()
            .filter(urge_notice::Column::ReplyDueOn.between(from, to))
            .filter(urge_notice::Column::RepliedAt.is_null())
            .filter(urge_notice::Column::TaskListId.in_subquery(in_force))
            .filter(urge_notice::Column::Id.gt(after))
            .order_by_asc(urge_notice::Column::Id)
            .limit(most)
            .all(self.reader())
            .await?)
    }

    /// The schedules that are in force, with their lists; time asks for them, and nobody else.
    pub async fn schedules_in_force(&self) -> Result<Vec<(period_schedule::Model, task_list::Model)>, StoreError> {
        let schedules = rows::<period_schedule::Entity>()
            .filter(period_schedule::Column::Active.eq(true))
            .order_by_asc(period_schedule::Column::Id)
            .all(self.reader())
            .await?;
        let keys: std::collections::HashSet<Uuid> = schedules.iter().map(|row| row.task_list_id).collect();
        let mut lists = std::collections::HashMap::new();
        for part in keys.into_iter().collect::<Vec<_>>().chunks(5_000) {
            let found = rows::<task_list::Entity>()
                .filter(task_list::Column::Id.is_in(super::page::padded(part)))
                .filter(task_list::Column::Status.eq(TaskListStatus::Issued))
                .all(self.reader());
            lists.extend(found.await?.into_iter().map(|row| (row.id, row)));
        }
        let with_list = |row: period_schedule::Model| lists.get(&row.task_list_id).cloned().map(|list| (row, list));
        Ok(schedules.into_iter().filter_map(with_list).collect())
    }

    /// Takes the oldest job that waits, for this program alone. A job that was begun before `stale` was left behind by a
    /// program that died, and waits again.
    pub async fn export_claim(
        &self,
        now: DateTime<Utc>,
        stale: DateTime<Utc>,
    ) -> Result<Option<export_job::Model>, StoreError> {
        let tx = self.begin().await?;
        // Work to be done belongs to nobody yet; it is done under the scope of whoever asked.
        let left = export_job::Column::Status.eq(ExportStatus::Running).and(export_job::Column::StartedAt.lt(stale));
        let mut next = rows::<export_job::Entity>()
            .filter(export_job::Column::Status.eq(ExportStatus::Queued).or(left))
            .order_by_asc(export_job::Column::CreatedAt)
            .order_by_asc(export_job::Column::Id);
        if self.engine() == Engine::Postgres {
            next = next.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let Some(mut job) = next.one(tx.connection()).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        job.status = ExportStatus::Running;
        job.started_at = Some(now);
        job.progress = 0;
        job.attempts += 1;
        tx.update::<export_job::Entity>(job.clone()).await?;
        tx.commit().await?;
        Ok(Some(job))
    }
}

impl Store {
    /// Whether messages wait to be delivered.
    pub async fn outbox_waits(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let next = waiting(now).select_only().column(outbox::Column::Id).limit(1);
        Ok(next.into_tuple::<Uuid>().one(self.reader()).await?.is_some())
    }
}

fn waiting(now: DateTime<Utc>) -> Select<outbox::Entity> {
    rows::<outbox::Entity>().filter(outbox::Column::DeliveredAt.is_null()).filter(outbox::Column::AvailableAt.lte(now))
}

/// The grants by which people, not machines, are reached on a day.
fn reaching(today: NaiveDate) -> Select<role_grant::Entity> {
    let people = Query::select()
        .column(user_account::Column::Id)
        .from(user_account::Entity)
        .and_where(user_account::Column::Kind.eq(UserKind::Person))
        .and_where(user_account::Column::DisabledAt.is_null())
        .take();
    rows::<role_grant::Entity>().filter(role_grant::Column::UserId.in_subquery(people)).filter(grants::in_force(today))
}

impl Tx {
    /// The oldest messages that wait, for this program alone until the transaction ends.
    pub async fn outbox_waiting(&self, now: DateTime<Utc>, most: u64) -> Result<Vec<outbox::Model>, StoreError> {
        let mut next = waiting(now).order_by_asc(outbox::Column::Id).limit(most);
        if self.engine() == Engine::Postgres {
            next = next.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        Ok(next.all(self.connection()).await?)
    }

    /// Remembers that messages were delivered.
    pub async fn outbox_delivered(&self, messages: &[Uuid], now: DateTime<Utc>) -> Result<(), StoreError> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::DeliveredAt, Expr::value(now))
            .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
            .filter(outbox::Column::Id.is_in(padded(messages)))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Changes nothing, by about the work of a message: who waits for the answer shall not learn whether somebody is told.
    pub async fn outbox_passed_over(&self) -> Result<(), StoreError> {
        let none = outbox::Entity::delete_many().filter(outbox::Column::Id.eq(Uuid::nil()));
        none.exec(self.connection()).await?;
        Ok(())
    }

    /// The people who hold one of these roles at units. Unscoped: a message is for whoever it is for.
    pub async fn people_with(
        &self,
        roles: &[Role],
        units: &[Uuid],
        today: NaiveDate,
    ) -> Result<HashMap<Uuid, HashSet<Uuid>>, StoreError> {
        let grants = reaching(today)
            .filter(role_grant::Column::Role.is_in(roles.iter().copied()))
            .filter(role_grant::Column::UnitId.is_in(padded(units)))
            .all(self.connection())
            .await?;
        let mut people: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
        for grant in grants {
            people.entry(grant.unit_id).or_default().insert(grant.user_id);
        }
        Ok(people)
    }

    /// The people of the office nearest to each unit: its own, or else the next one above it.
    pub async fn offices_of(
        &self,
        units: &[Uuid],
        today: NaiveDate,
    ) -> Result<HashMap<Uuid, HashSet<Uuid>>, StoreError> {
        let all = self.offices_above(units, today).await?;
        let nearest = all.into_iter().filter_map(|(unit, offices)| Some((unit, offices.into_iter().next()?)));
        Ok(nearest.collect())
    }

    /// The people of the offices of each unit and of those above it, the nearest first.
    pub async fn offices_above(
        &self,
        units: &[Uuid],
        today: NaiveDate,
    ) -> Result<HashMap<Uuid, Vec<HashSet<Uuid>>>, StoreError> {
        let above = rows::<unit_closure::Entity>()
            .filter(unit_closure::Column::DescendantId.is_in(padded(units)))
            .order_by_asc(unit_closure::Column::Depth)
            .all(self.connection())
            .await?;
        let places: HashSet<Uuid> = above.iter().map(|row| row.ancestor_id).collect();
        let places: Vec<Uuid> = places.into_iter().collect();
        let people = self.people_with(&[Role::Office], &places, today).await?;
        let mut offices: HashMap<Uuid, Vec<HashSet<Uuid>>> = HashMap::new();
        for row in above {
            if let Some(users) = people.get(&row.ancestor_id) {
                offices.entry(row.descendant_id).or_default().push(users.clone());
            }
        }
        Ok(offices)
    }

    /// Tells people; what somebody was told already, he is not told again.
    pub async fn tell_people(&self, mut told: Vec<notification::Model>) -> Result<(), StoreError> {
        let mut seen = HashSet::new();
        told.retain(|row| seen.insert((row.user_id, row.origin.clone())));
        let told_before =
            OnConflict::columns([notification::Column::UserId, notification::Column::Origin]).do_nothing().to_owned();
        for portion in told.chunks(1_000) {
            let rows = portion.iter().map(|row| row.clone().into_active_model().reset_all());
            let insert = notification::Entity::insert_many(rows).on_conflict(told_before.clone());
            match insert.exec_without_returning(self.connection()).await {
                Ok(_) | Err(DbErr::RecordNotInserted) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The last number of a list's notices in a year; whoever asks has locked the list.
    pub async fn last_urge_number(&self, list: Uuid, year: i32) -> Result<i32, StoreError> {
        let last: Option<Option<i32>> = rows::<urge_notice::Entity>()
            .filter(urge_notice::Column::TaskListId.eq(list))
            .filter(urge_notice::Column::Year.eq(year))
            .select_only()
            .expr(Expr::col(urge_notice::Column::Number).max())
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(last.flatten().unwrap_or_default())
    }
}
