//! The scalars: days, moments, and values in a form of somebody else.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};

use crate::domain::years::is_in_years;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

/// 日期，按北京时间，形如 2026-06-30，须在 1900 年至 2200 年之间。
/// A calendar day in Asia/Shanghai, such as 2026-06-30, in the years 1900 to 2200.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        // Ten characters only: the library would also take a signed or five-digit year.
        if text.len() != 10 {
            return Err(InputValueError::custom("a day looks like 2026-06-30"));
        }
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map_err(|_| InputValueError::custom("a day looks like 2026-06-30"))?;
        if !is_in_years(&day) {
            return Err(InputValueError::custom("a day lies in the years 1900 to 2200"));
        }
        Ok(Self(day))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub chrono::DateTime<Utc>);

/// 时刻，RFC 3339 格式，精确到毫秒，以 UTC 给出，须在 1900 年至 2200 年之间。
/// A moment in RFC 3339 form, in UTC, to the millisecond, in the years 1900 to 2200.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let at = chrono::DateTime::parse_from_rfc3339(text)
            .map_err(|_| InputValueError::custom("a moment looks like 2026-06-30T08:00:00Z"))?
            .with_timezone(&Utc);
        if !is_in_years(&at) {
            return Err(InputValueError::custom("a moment lies in the years 1900 to 2200"));
        }
        Ok(Self(at))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// A value whose form somebody else has laid down.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub serde_json::Value);

/// JSON 值，仅用于外部规定的格式（如 ECharts 配置）。
/// A JSON value; only where somebody else has laid down its form, such as an ECharts option.
#[Scalar(name = "JSON", specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self).map_err(|_| InputValueError::custom("this is no JSON value"))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}
