//! The rule of a deadline that has no day of its own: so long after an event, or so often per span.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Offsets beyond ten years are typing errors.
pub const MAX_OFFSET: i32 = 3_660;

/// What a deadline without a day says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Rule {
    /// So long after an event.
    Relative(RelativeRule),
    /// So often per span.
    Recurring(RecurringRule),
    /// Printed words that say no more ("频次未定").
    Words(String),
}

/// "收到申请后 20 个工作日内".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelativeRule {
    /// The event that starts the clock, as printed.
    pub event: String,
    /// How many units after the event; negative means before it.
    pub offset: i32,
    /// What is counted.
    pub unit: OffsetUnit,
    /// Under which condition the deadline holds at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

impl RelativeRule {
    /// Whether the clock starts on the day this very list is issued.
    ///
    /// Other lists are published too (权责清单发布), so only the plain words count; everything else waits for a person.
    pub fn starts_at_issue(&self) -> bool {
        const WORDS: &[&str] = &[
            "清单",
            "任务清单",
            "工作任务清单",
            "重点工作任务清单",
            "政务公开重点工作任务清单",
            "任务分工",
            "任务分工表",
            "分工表",
            "台账",
        ];
        let event: String = self.event.chars().filter(|c| !c.is_whitespace()).collect();
        let event = event.trim_end_matches("之日").trim_end_matches('后');
        let Some(thing) = ["发布", "印发", "下发"].iter().find_map(|verb| event.strip_suffix(verb)) else {
            return false;
        };
        let thing =
            ["本", "全市", "全县", "全区", "全镇"].iter().find_map(|start| thing.strip_prefix(start)).unwrap_or(thing);
        WORDS.contains(&thing)
    }
}

/// What an offset counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// Calendar days (天).
    Day,
    /// Working days (工作日).
    Workday,
    /// Calendar months (个月).
    Month,
}

/// "每年至少一次".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecurringRule {
    /// The spans: one, or several at once (月自查、季督查).
    pub every: Every,
    /// How often per span at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_times: Option<u32>,
}

/// One span or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Every {
    /// One span.
    One(Span),
    /// Several spans at once.
    Many(Vec<Span>),
}

impl Every {
    /// The spans as a slice.
    pub fn spans(&self) -> &[Span] {
        match self {
            Self::One(span) => std::slice::from_ref(span),
            Self::Many(spans) => spans,
        }
    }
}

/// A span of time, written "year" or "2 weeks".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Span {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: SpanUnit,
}

/// The unit of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpanUnit {
    /// 日.
    Day,
    /// 周.
    Week,
    /// 月.
    Month,
    /// 季度.
    Quarter,
    /// 年.
    Year,
}

impl SpanUnit {
    /// Every unit with its English word.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Day, "day"),
        (Self::Week, "week"),
        (Self::Month, "month"),
        (Self::Quarter, "quarter"),
        (Self::Year, "year"),
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str(self.unit.word()),
            n => write!(f, "{n} {}s", self.unit.word()),
        }
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

/// The text is no span.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a span is written \"year\" or \"2 weeks\"")]
pub struct NotASpan;

impl TryFrom<String> for Span {
    type Error = NotASpan;

    fn try_from(text: String) -> Result<Self, NotASpan> {
        text.parse()
    }
}

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let (count, word) = match text.split_once(' ') {
            Some((count, word)) => {
                (count.parse::<u32>().map_err(|_| NotASpan)?, word.strip_suffix('s').unwrap_or(word))
            }
            None => (1, text),
        };
        let (unit, _) = SpanUnit::ALL.iter().find(|(_, w)| *w == word).ok_or(NotASpan)?;
        if count == 0 || count > 1_000 {
            return Err(NotASpan);
        }
        Ok(Self { count, unit: *unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_forms_survive_a_round_trip() {
        for text in [
            r#"{"event":"收到申请","offset":20,"unit":"workday","condition":"不能当场答复的"}"#,
            r#"{"event":"清单发布","offset":30,"unit":"day"}"#,
            r#"{"every":"year","min_times":1}"#,
            r#"{"every":["month","quarter"]}"#,
            r#"{"every":"2 weeks"}"#,
            r#""频次未定""#,
        ] {
            let rule: Rule = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&rule).unwrap(), text);
        }
    }

    #[test]
    fn spans_that_are_none_are_refused() {
        for text in ["", "0 days", "decade", "2", "-1 weeks", "1001 days", "two weeks"] {
            assert_eq!(text.parse::<Span>(), Err(NotASpan), "{text}");
        }
    }

    #[test]
    fn only_this_list_starts_the_clock_at_issue() {
        let starts = |event: &str| {
            RelativeRule { event: event.into(), offset: 1, unit: OffsetUnit::Day, condition: None }.starts_at_issue()
        };
        for event in ["清单发布", "清单印发", "本清单发布后", "全市政务公开重点工作任务清单发布", "任务分工表印发之日"]
        {
            assert!(starts(event), "{event}");
        }
        for event in ["收到申请", "权责清单发布", "政策文件发布", "清单", "发布"] {
            assert!(!starts(event), "{event}");
        }
    }
}
