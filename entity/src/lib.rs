//! Row types of taizhang's tables, one file per table, and the closed word lists they use.

pub mod vocabulary;
