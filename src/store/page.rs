//! Pages of scoped rows: keyset cursors, offsets, totals, and the same for many parents in one statement.

use std::collections::HashMap;

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Order, OverStatement, Query, SelectStatement, SimpleExpr, WindowStatement,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, ModelTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, Value,
};
use uuid::Uuid;

use super::cursor::Cursor;
use super::{StoreError, Visible, scope::Scoped};
use crate::authz::Actor;

/// Which rows of a connection are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageArgs {
    /// How many.
    pub size: u64,
    /// From the end instead of from the start.
    pub backward: bool,
    /// Rows behind this one (before it, when backward).
    pub cursor: Option<Cursor>,
    /// Rows to pass over first.
    pub offset: u64,
    /// Whether the total is wanted.
    pub total: bool,
    /// Whether the rows themselves are wanted.
    pub rows: bool,
}

/// An order by one column; it always ends in the key.
#[derive(Clone, Copy, Debug)]
pub struct SortBy<C> {
    /// The column; never a nullable one.
    pub column: C,
    /// From the last to the first.
    pub descending: bool,
}

/// What rows are sorted by that is no column of theirs; never nothing.
#[derive(Clone, Debug)]
pub enum Instead {
    /// A day.
    Day(SimpleExpr),
    /// A whole number.
    Number(SimpleExpr),
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page<M> {
    /// The rows in the order asked for, each with its cursor.
    pub rows: Vec<(String, Visible<M>)>,
    /// Whether more rows follow.
    pub has_next: bool,
    /// Whether rows precede.
    pub has_previous: bool,
    /// All rows that meet the filter, when asked for.
    pub total: Option<u64>,
}

impl<M> Default for Page<M> {
    fn default() -> Self {
        Self { rows: Vec::new(), has_next: false, has_previous: false, total: None }
    }
}

/// A question for pages of `E`: a filter, an order, a page, and, for nested connections, the column of the parent.
#[derive(Clone, Debug)]
pub struct PageQuery<E: EntityTrait> {
    /// Which rows.
    pub(super) filter: Condition,
    /// In which order.
    pub(super) sort: SortBy<E::Column>,
    /// What to sort by instead of the column.
    pub(super) instead: Option<Instead>,
    /// Which part.
    pub(super) page: PageArgs,
    /// The column that names the parent.
    pub(super) parent: Option<E::Column>,
}

/// The page of a root connection.
pub(super) async fn page<E: Scoped>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    query: &PageQuery<E>,
) -> Result<Page<E::Model>, StoreError> {
    let base = E::scoped(actor).filter(query.filter.clone());
    let mut page = Page::default();
    if query.page.total {
        page.total = Some(count(db, base.clone()).await?);
    }
    if query.page.rows {
        let mut selected =
            ordered::<E>(keyset::<E>(base, query)?, query).offset(query.page.offset).limit(query.page.size + 1);
        if query.instead.is_some() {
            selected = selected.expr_as(place(query), SORTED_BY);
        }
        let mut rows = Vec::new();
        for row in db.query_all(&selected.into_query()).await? {
            rows.push(Sorted::<E>::read(&row, query)?);
        }
        finish::<E>(&mut page, rows, query);
    }
    Ok(page)
}

async fn count<E: EntityTrait>(db: &impl ConnectionTrait, select: Select<E>) -> Result<u64, StoreError> {
    let counted: Option<i64> = select.select_only().expr(Expr::cust("COUNT(*)")).into_tuple().one(db).await?;
    Ok(counted.and_then(|n| u64::try_from(n).ok()).unwrap_or_default())
}

/// The pages of a nested connection for many parents: one statement for the rows, one for the totals.
pub(super) async fn pages_by_parent<E: Scoped>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    query: &PageQuery<E>,
    parents: &[Uuid],
) -> Result<HashMap<Uuid, Page<E::Model>>, StoreError> {
    let Some(parent) = query.parent else {
        return Err(StoreError::Misuse("a nested page without a parent column"));
    };
    let parents = padded(parents);
    let base = E::scoped(actor).filter(query.filter.clone()).filter(parent.is_in(parents.iter().copied()));
    let mut pages: HashMap<Uuid, Page<E::Model>> = parents.iter().map(|id| (*id, Page::default())).collect();

    if query.page.total {
        let totals: Vec<(Uuid, i64)> = base
            .clone()
            .select_only()
            .column(parent)
            .expr(Expr::cust("COUNT(*)"))
            .group_by(parent)
            .into_tuple()
            .all(db)
            .await?;
        pages.values_mut().for_each(|page| page.total = Some(0));
        for (id, total) in totals {
            if let Some(page) = pages.get_mut(&id) {
                page.total = u64::try_from(total).ok();
            }
        }
    }
    if query.page.rows {
        let mut by_parent: HashMap<Uuid, Vec<Sorted<E>>> = HashMap::new();
        for row in db.query_all(&numbered_by::<E>(keyset::<E>(base, query)?, parent, query)).await? {
            let row = Sorted::<E>::read(&row, query)?;
            if let Value::Uuid(Some(id)) = row.0.get(parent) {
                by_parent.entry(id).or_default().push(row);
            }
        }
        for (id, rows) in by_parent {
            if let Some(page) = pages.get_mut(&id) {
                finish::<E>(page, rows, query);
            }
        }
    }
    Ok(pages)
}

/// The first rows of every parent, by a window; one statement, whatever the number of parents.
fn numbered_by<E: Scoped>(base: Select<E>, parent: E::Column, query: &PageQuery<E>) -> SelectStatement {
    let (numbered, number) = (Alias::new("numbered"), Alias::new("row_number_in_parent"));
    let direction = direction(query);
    let mut window = WindowStatement::new();
    window
        .partition_by((E::default(), parent))
        .order_by_expr(place(query), direction.clone())
        .order_by((E::default(), E::key()), direction);
    let mut inner = base.into_query();
    if query.instead.is_some() {
        inner.expr_as(place(query), SORTED_BY);
    }
    inner.expr_window_as(Expr::cust("ROW_NUMBER()"), window, number.clone());
    let first = i64::try_from(query.page.offset).unwrap_or(i64::MAX);
    let last = first.saturating_add(i64::try_from(query.page.size).unwrap_or(i64::MAX)).saturating_add(1);
    let mut outer = Query::select();
    for column in E::Column::iter() {
        outer.column(column);
    }
    if query.instead.is_some() {
        outer.column(SORTED_BY);
    }
    outer
        .from_subquery(inner, numbered)
        .and_where(Expr::col(number.clone()).gt(first))
        .and_where(Expr::col(number.clone()).lte(last))
        .order_by(number, Order::Asc)
        .take()
}

fn direction<E: EntityTrait>(query: &PageQuery<E>) -> Order {
    if query.sort.descending != query.page.backward { Order::Desc } else { Order::Asc }
}

fn ordered<E: Scoped>(select: Select<E>, query: &PageQuery<E>) -> Select<E> {
    let direction = direction(query);
    select.order_by(place(query), direction.clone()).order_by(E::key(), direction)
}

/// What rows are sorted by.
fn place<E: EntityTrait>(query: &PageQuery<E>) -> SimpleExpr {
    match &query.instead {
        Some(Instead::Day(by) | Instead::Number(by)) => by.clone(),
        None => Expr::col((E::default(), query.sort.column)),
    }
}

/// The name of what rows are sorted by that is no column of theirs.
const SORTED_BY: &str = "sorted_by";

/// A row with what it is sorted by.
struct Sorted<E: Scoped>(E::Model, Value);

impl<E: Scoped> Sorted<E> {
    fn read(row: &sea_orm::QueryResult, query: &PageQuery<E>) -> Result<Self, StoreError> {
        let model = E::Model::from_query_result(row, "")?;
        let value = match query.instead {
            Some(Instead::Day(_)) => Value::ChronoDate(row.try_get("", SORTED_BY)?),
            Some(Instead::Number(_)) => Value::BigInt(row.try_get("", SORTED_BY)?),
            None => model.get(query.sort.column),
        };
        Ok(Self(model, value))
    }
}

/// Rows behind the cursor, in the direction of the page.
fn keyset<E: Scoped>(select: Select<E>, query: &PageQuery<E>) -> Result<Select<E>, StoreError> {
    let Some(cursor) = &query.page.cursor else { return Ok(select) };
    let value = match query.instead {
        Some(Instead::Day(_)) => cursor.day(),
        Some(Instead::Number(_)) => cursor.number(),
        None => cursor.value(query.sort.column.def().get_column_type()),
    };
    let value = value.ok_or(StoreError::BadCursor)?;
    let key: SimpleExpr = Expr::col((E::default(), E::key()));
    let beyond: fn(SimpleExpr, Value) -> SimpleExpr = match direction(query) {
        Order::Desc => |left, right| left.lt(right),
        _ => |left, right| left.gt(right),
    };
    let after = Condition::any()
        .add(beyond(place(query), value.clone()))
        .add(Condition::all().add(place(query).eq(value)).add(beyond(key, Value::Uuid(Some(cursor.key())))));
    Ok(select.filter(after))
}

fn finish<E: Scoped>(page: &mut Page<E::Model>, mut rows: Vec<Sorted<E>>, query: &PageQuery<E>) {
    let size = usize::try_from(query.page.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let passed = query.page.cursor.is_some() || query.page.offset > 0;
    (page.has_next, page.has_previous) = if query.page.backward { (passed, more) } else { (more, passed) };
    if query.page.backward {
        rows.reverse();
    }
    page.rows = rows
        .into_iter()
        .map(|Sorted(row, value)| {
            let cursor = Cursor::at(&value, E::key_of(&row));
            (cursor.encode(), Visible::new(row))
        })
        .collect();
}

/// The scoped rows with these keys.
pub(super) async fn by_keys<E: Scoped>(
    db: &impl ConnectionTrait,
    actor: &Actor,
    keys: &[Uuid],
) -> Result<HashMap<Uuid, Visible<E::Model>>, StoreError> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = E::scoped(actor).filter(E::key().is_in(padded(keys))).all(db).await?;
    Ok(rows.into_iter().map(|row| (E::key_of(&row), Visible::new(row))).collect())
}

/// Fills up to the next power of two with the last key: few statement texts, so the statement cache stays useful.
pub(super) fn padded(keys: &[Uuid]) -> Vec<Uuid> {
    let mut padded = keys.to_vec();
    if let Some(last) = padded.last().copied() {
        padded.resize(padded.len().next_power_of_two(), last);
    }
    padded
}
