//! What an expression says: blocks of segments of members.

use std::fmt;

use entity::vocabulary::{AssignmentRole, AssignmentTarget};

use super::words;

/// A whole expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// The blocks between ；.
    pub blocks: Vec<Block>,
}

/// What stands between two ；.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The segments between ， or ended by a role word.
    pub segments: Vec<Segment>,
}

/// Members that share a role word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// A role word before them: 牵头单位：.
    pub heading: Option<AssignmentRole>,
    /// The members.
    pub members: Vec<Member>,
    /// A role word behind them: 牵头.
    pub role: Option<AssignmentRole>,
    /// 按职责分别落实, 执行.
    pub tail: Option<String>,
}

/// A name with what its brackets say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The name as printed, without white space; "（等）" for a bare 等.
    pub name: String,
    /// It follows 等.
    pub open: bool,
    /// Its scope.
    pub scope: Option<String>,
    /// Its own role: （牵头）.
    pub role: Option<AssignmentRole>,
    /// The bracket could not be placed.
    pub unclear: bool,
}

/// The name of a bare 等.
pub const OPEN_NAME: &str = "（等）";

/// A member with its role, as it becomes an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The name as printed.
    pub name: String,
    /// What it is to the task.
    pub role: AssignmentRole,
    /// What kind of name it is, by its words.
    pub target: AssignmentTarget,
    /// Its scope.
    pub scope: Option<String>,
}

/// Something in an expression that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Words that look like no unit.
    NoUnit(String),
    /// A bracket that could name or scope.
    Bracket {
        /// The name before it.
        name: String,
        /// What is in it.
        inside: String,
    },
    /// Names before a comma that could share the lead or not.
    LeadReach(Vec<String>),
    /// A role word without names.
    RoleAlone(AssignmentRole),
}

impl Expression {
    /// The assignments; names without any role word get `default`, the same one is said once.
    pub fn assignments(&self, default: AssignmentRole) -> Vec<Assigned> {
        let mut out: Vec<Assigned> = Vec::new();
        for block in &self.blocks {
            for (segment, role) in block.segments.iter().zip(block.roles(default)) {
                for member in &segment.members {
                    let assigned = Assigned {
                        name: member.name.clone(),
                        role: member.role.unwrap_or(role),
                        target: if member.open { AssignmentTarget::Open } else { words::target_by_words(&member.name) },
                        scope: member.scope.clone(),
                    };
                    if !out.contains(&assigned) {
                        out.push(assigned);
                    }
                }
            }
        }
        out
    }

    /// What a person should look at.
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut out = Vec::new();
        for block in &self.blocks {
            let mut waiting: Vec<String> = Vec::new();
            for segment in &block.segments {
                for member in &segment.members {
                    if member.unclear {
                        let inside = member.scope.clone().unwrap_or_default();
                        out.push(Doubt::Bracket { name: member.name.clone(), inside });
                    }
                    if !member.open && !words::looks_like_a_unit(&member.name) {
                        out.push(Doubt::NoUnit(member.name.clone()));
                    }
                }
                match segment.role.or(segment.heading) {
                    Some(role) if segment.members.is_empty() => {
                        // 配合配合: the second one repeats the first.
                        if !block.segments.iter().any(|s| !s.members.is_empty() && s.role == Some(role)) {
                            out.push(Doubt::RoleAlone(role));
                        }
                    }
                    Some(AssignmentRole::Lead) if segment.heading.is_none() && !waiting.is_empty() => {
                        out.push(Doubt::LeadReach(std::mem::take(&mut waiting)));
                    }
                    Some(_) => waiting.clear(),
                    None => waiting.extend(segment.members.iter().map(|m| m.name.clone())),
                }
            }
        }
        out
    }
}

impl Block {
    /// The role of each segment.
    fn roles(&self, default: AssignmentRole) -> Vec<AssignmentRole> {
        let mut roles = vec![default; self.segments.len()];
        let mut heading = None;
        // Where the segments begin that have no role word yet, and whether a lead came before them.
        let (mut open_from, mut after_lead) = (0, false);
        for (i, segment) in self.segments.iter().enumerate() {
            if segment.heading.is_some() {
                heading = segment.heading;
                open_from = i;
            }
            roles[i] = heading.unwrap_or(default);
            match segment.role {
                Some(role) => {
                    roles[i] = role;
                    if role == AssignmentRole::Support && after_lead {
                        // 甲牵头，乙、丙，丁配合: everything behind the lead is meant.
                        roles[open_from..i].fill(role);
                    }
                    after_lead |= role == AssignmentRole::Lead;
                    open_from = i + 1;
                }
                None if segment.tail.is_some() => open_from = i + 1,
                None => {}
            }
        }
        roles
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (b, block) in self.blocks.iter().enumerate() {
            if b > 0 {
                f.write_str("；")?;
            }
            for (s, segment) in block.segments.iter().enumerate() {
                if s > 0 {
                    f.write_str("，")?;
                }
                segment.fmt(f)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(role) = self.heading {
            write!(f, "{}单位：", role_word(role))?;
        }
        for (i, member) in self.members.iter().enumerate() {
            match (i, member.open) {
                (0, _) | (_, true) => {}
                _ => f.write_str("、")?,
            }
            if member.open {
                f.write_str("等")?;
            }
            if member.name != OPEN_NAME {
                f.write_str(&member.name)?;
            }
            if let Some(scope) = &member.scope {
                write!(f, "（{scope}）")?;
            }
            if let Some(role) = member.role {
                write!(f, "（{}）", role_word(role))?;
            }
        }
        if let Some(role) = self.role {
            f.write_str(role_word(role))?;
        }
        f.write_str(self.tail.as_deref().unwrap_or_default())
    }
}

const fn role_word(role: AssignmentRole) -> &'static str {
    match role {
        AssignmentRole::Lead => "牵头",
        AssignmentRole::Support => "配合",
        AssignmentRole::Responsible => "责任",
    }
}
