//! Cursors: the place of a row in an order, as an opaque text that clients hold and may have made up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::Value;
use sea_orm::sea_query::ColumnType;
use uuid::Uuid;

/// The place of a row in an order: the value it is sorted by, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    value: serde_json::Value,
    key: Uuid,
}

impl Cursor {
    /// The place of a row that is sorted by this value.
    pub(super) fn at(value: &Value, key: Uuid) -> Self {
        let value = match value {
            Value::String(Some(text)) => serde_json::json!(text),
            Value::Int(Some(number)) => serde_json::json!(number),
            Value::BigInt(Some(number)) => serde_json::json!(number),
            Value::Bool(Some(yes)) => serde_json::json!(yes),
            Value::Uuid(Some(id)) => serde_json::json!(id),
            Value::ChronoDate(Some(day)) => serde_json::json!(day),
            Value::ChronoDateTimeUtc(Some(at)) => serde_json::json!(at),
            _ => serde_json::Value::Null,
        };
        Self { value, key }
    }

    /// The place of something that is sorted by what it is and known by its key alone.
    pub fn of_key(key: Uuid) -> Self {
        Self { value: serde_json::Value::Null, key }
    }

    /// The key.
    pub fn key(&self) -> Uuid {
        self.key
    }

    /// The opaque text clients hold.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::json!([self.value, self.key]).to_string())
    }

    /// Reads it back; `None` when it is none of ours.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (value, key) = serde_json::from_slice(&bytes).ok()?;
        Some(Self { value, key })
    }

    /// The value for an order by a column of this type; `None` when it comes from another order.
    pub(super) fn value(&self, column: &ColumnType) -> Option<Value> {
        match column {
            ColumnType::Integer => self.value.as_i64().and_then(|n| i32::try_from(n).ok()).map(Value::from),
            ColumnType::Boolean => self.value.as_bool().map(Value::from),
            ColumnType::Uuid => serde_json::from_value::<Uuid>(self.value.clone()).ok().map(Value::from),
            ColumnType::Date => self.day(),
            ColumnType::TimestampWithTimeZone | ColumnType::DateTime | ColumnType::Timestamp => {
                self.time::<chrono::DateTime<chrono::Utc>>()
            }
            // PostgreSQL has no text with this character; a cursor is written by whoever asks.
            _ => self.value.as_str().filter(|text| !text.contains('\0')).map(Value::from),
        }
    }

    /// The value for an order by a whole number.
    pub(super) fn number(&self) -> Option<Value> {
        self.value.as_i64().map(Value::from)
    }

    /// The value for an order by a day.
    pub(super) fn day(&self) -> Option<Value> {
        self.time::<chrono::NaiveDate>()
    }

    /// A day or a moment; PostgreSQL has none before 4713 BC.
    fn time<T: serde::de::DeserializeOwned + chrono::Datelike + Into<Value>>(&self) -> Option<Value> {
        let time = serde_json::from_value::<T>(self.value.clone()).ok();
        time.filter(crate::domain::years::is_in_years).map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, Utc};
    use proptest::prelude::*;

    use super::*;

    fn columns() -> [ColumnType; 8] {
        [
            ColumnType::Integer,
            ColumnType::Boolean,
            ColumnType::Uuid,
            ColumnType::Date,
            ColumnType::TimestampWithTimeZone,
            ColumnType::DateTime,
            ColumnType::Timestamp,
            ColumnType::Text,
        ]
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
    }

    /// A value, and the columns that are sorted by such values.
    fn values() -> Vec<(Value, Vec<ColumnType>)> {
        let at: DateTime<Utc> = "2026-03-02T01:02:03.000004Z".parse().unwrap();
        let moments = vec![ColumnType::TimestampWithTimeZone, ColumnType::DateTime, ColumnType::Timestamp];
        vec![
            (Value::from(7), vec![ColumnType::Integer]),
            (Value::from(i32::MIN), vec![ColumnType::Integer]),
            (Value::from(true), vec![ColumnType::Boolean]),
            (Value::from("（一）"), vec![ColumnType::Text]),
            // A key and a day are written as texts, and a text they may be.
            (Value::from(Uuid::from_u128(5)), vec![ColumnType::Uuid, ColumnType::Text]),
            (Value::from(day()), vec![ColumnType::Date, ColumnType::Text]),
            (Value::from(at), [moments, vec![ColumnType::Text]].concat()),
        ]
    }

    #[test]
    fn it_comes_back_as_it_was_and_fits_its_own_order_alone() {
        for (value, own) in values() {
            let key = Uuid::from_u128(9);
            let cursor = Cursor::decode(&Cursor::at(&value, key).encode()).unwrap();
            assert_eq!(cursor.key(), key);
            assert_eq!(cursor.value(&own[0]), Some(value.clone()));
            for column in columns() {
                assert_eq!(cursor.value(&column).is_some(), own.contains(&column), "{value:?} for {column:?}");
            }
            assert_eq!(cursor.day().is_some(), own.contains(&ColumnType::Date), "{value:?}");
            assert_eq!(cursor.number().is_some(), own.contains(&ColumnType::Integer), "{value:?}");
        }
    }

    #[test]
    fn a_number_beyond_the_small_ones_comes_back() {
        for number in [0, i64::MAX, i64::MIN] {
            let cursor = Cursor::decode(&Cursor::at(&Value::from(number), Uuid::nil()).encode()).unwrap();
            assert_eq!(cursor.number(), Some(Value::from(number)));
        }
    }

    #[test]
    fn a_key_alone_is_no_place_in_any_order() {
        let cursor = Cursor::decode(&Cursor::of_key(Uuid::from_u128(9)).encode()).unwrap();
        assert_eq!((cursor.key(), cursor.day(), cursor.number()), (Uuid::from_u128(9), None, None));
        assert!(columns().iter().all(|column| cursor.value(column).is_none()));
        assert_eq!(cursor, Cursor::at(&Value::Double(Some(1.5)), Uuid::from_u128(9)), "no order is by such values");
    }

    #[test]
    fn what_a_database_can_not_hold_is_no_value() {
        let cursor = |value: serde_json::Value| {
            Cursor::decode(&URL_SAFE_NO_PAD.encode(serde_json::json!([value, Uuid::nil()]).to_string())).unwrap()
        };
        assert_eq!(cursor("a\0b".into()).value(&ColumnType::Text), None);
        assert_eq!(cursor((i64::from(i32::MAX) + 1).into()).value(&ColumnType::Integer), None);
        for year in ["-4800-01-01", "+262000-01-01"] {
            assert_eq!(cursor(year.into()).day(), None, "{year}");
            assert_eq!(cursor(format!("{year}T00:00:00Z").into()).value(&ColumnType::Timestamp), None, "{year}");
        }
    }

    #[test]
    fn other_texts_are_none_of_ours() {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let key = "\"00000000-0000-0000-0000-000000000009\"";
        assert!(Cursor::decode(&encode(&format!("[1,{key}]"))).is_some());
        for text in ["", "[]", "[1]", "[1,2]", "{}", &format!("[1,{key},2]"), &format!("[1,{key}] ]")] {
            assert_eq!(Cursor::decode(&encode(text)), None, "{text}");
        }
        assert_eq!(Cursor::decode("no cursor"), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in ".{0,80}", json in "[\\[\\]{}\",0-9a-z:-]{0,40}") {
            for text in [text, URL_SAFE_NO_PAD.encode(json)] {
                if let Some(cursor) = Cursor::decode(&text) {
                    for column in columns() {
                        let _ = cursor.value(&column);
                    }
                }
            }
        }
    }
}
