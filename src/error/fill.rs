//! The sentences about drafts that are filled from what is there.

/// Why a draft can't be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FillMessage {
    /// Nothing was reported on the task before.
    NothingToCarry,
    /// No co-unit has handed anything in.
    NothingToMerge,
    /// What is merged comes to more than a report holds: characters, and how many there may be.
    MergedTooLong(usize, usize),
}

impl FillMessage {
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::NothingToCarry => "该任务此前没有已报送的落实情况可以沿用。".into(),
            Self::NothingToMerge => "其他单位尚未报送可供汇总的落实情况。".into(),
            Self::MergedTooLong(chars, most) => {
                format!("汇总后共 {chars} 字，最多 {most} 字：请用 sources 选择部分单位，或由各单位精简后再汇总。")
            }
        }
    }

    pub(super) fn english(&self) -> String {
        match self {
            Self::NothingToCarry => "Nothing was handed in on this task for an earlier period.".into(),
            Self::NothingToMerge => "No other unit has handed anything in that could be merged.".into(),
            Self::MergedTooLong(chars, most) => format!(
                "Merged it has {chars} characters, and {most} are the most: choose some units by sources, or have them shorten."
            ),
        }
    }
}
