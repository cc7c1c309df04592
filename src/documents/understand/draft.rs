//! A task as its rows have it, before its units and times are understood.

/// A text of a cell, and whether it comes from a cell above.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) text: String,
    /// From a merged cell that begins above.
    pub(super) merged: bool,
    /// From the row above, because this cell is blank.
    pub(super) guessed: bool,
    /// A sign says that nothing stands here: it is no blank that takes the text above.
    pub(super) nothing: bool,
    pub(super) place: String,
    pub(super) date: Option<chrono::NaiveDate>,
}

/// A task as its rows have it, before units and times are understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) number: Option<String>,
    pub(super) value: Option<u32>,
    pub(super) section: Vec<String>,
    pub(super) title: Option<String>,
    pub(super) requirement: Option<String>,
    pub(super) lead: Option<Printed>,
    pub(super) units: Option<Printed>,
    pub(super) support: Option<Printed>,
    pub(super) deadline: Option<Printed>,
    /// What is planned until when: the heading and the text.
    pub(super) plans: Vec<(String, String)>,
    /// What stands in other columns: marks may stand there.
    pub(super) other: String,
    pub(super) place: String,
    /// The row of the table, for those who know more about rows.
    pub(super) row: usize,
    pub(super) split: bool,
    pub(super) merged_rows: bool,
    /// The units of the row or sheet over the task, where no column says them.
    pub(super) units_above: Option<String>,
    /// The title of a section over it that says a last day.
    pub(super) section_due: Option<(String, chrono::NaiveDate)>,
    /// Where the number cell begins: rows under one number cell belong together.
    pub(super) number_origin: Option<usize>,
}

impl Draft {
    /// Adds what a further row says.
    pub(super) fn add(&mut self, more: Draft) {
        for (mine, new) in [
            (&mut self.lead, more.lead),
            (&mut self.units, more.units),
            (&mut self.support, more.support),
            (&mut self.deadline, more.deadline),
        ] {
            let Some(new) = new.filter(|n| !n.merged && !n.text.is_empty()) else { continue };
            match mine {
                Some(old) if !old.text.is_empty() && !old.text.contains(&new.text) => {
                    old.text.push('；');
                    old.text.push_str(&new.text);
                }
                Some(old) if !old.text.is_empty() => {}
                _ => *mine = Some(new),
            }
        }
        self.merged_rows = true;
    }
}

impl Draft {
    /// 激励性指标, also across line breaks.
    pub(super) fn incentive(&self) -> bool {
        let all = [self.title.as_deref(), self.requirement.as_deref(), Some(self.other.as_str())];
        let text: String = all.into_iter().flatten().map(super::clean::key).collect();
        ["激励性指标", "激励指标", "激励性考核", "加分指标"].iter().any(|w| text.contains(w))
    }
}
