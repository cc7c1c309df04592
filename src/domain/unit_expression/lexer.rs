//! The lexer: every character of an expression becomes part of exactly one token.

use entity::vocabulary::AssignmentRole;

use crate::domain::text::half_width;

use super::words::{self, Bracket};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name, or a part of one beside its brackets.
    Name,
    /// 等: what follows, or nothing, stands for units that are not named.
    Open,
    /// A separator within a segment: 、 及 white space.
    Separator,
    /// A separator between segments: ，.
    Comma,
    /// A separator between blocks: ； 。 and the line break.
    Block,
    /// A role word behind the names it is about: 牵头.
    Role(AssignmentRole),
    /// A role word before the names it is about: 牵头单位.
    Heading(AssignmentRole),
    /// A role of one name: （牵头）.
    OwnRole(AssignmentRole),
    /// A bracket that says the scope.
    Scope,
    /// A bracket that nobody can place; treated as a scope.
    Unclear,
    /// 按职责分别落实, 执行.
    Tail,
    /// 由.
    Filler,
}

/// A token, by the positions of its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first character.
    pub start: usize,
    /// The character behind its last.
    pub end: usize,
}

/// Splits an expression into tokens that cover it without gaps.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut lexer = Lexer { chars: &chars, out: Vec::new(), roles_first: false };
    lexer.run();
    lexer.out
}

/// A bracket that closes later is an opening sign that somebody forgot to close.
const LONGEST_BRACKET: usize = 200;

struct Lexer<'a> {
    chars: &'a [char],
    out: Vec<Token>,
    /// Roles stand in brackets before the names: （牵头）市甲局（配合）市乙局.
    roles_first: bool,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let (mut i, mut start) = (0, 0);
        while i < self.chars.len() {
            let c = half_width(self.chars[i]);
            if matches!(c, '(' | '[') {
                let Some(close) = self.closing(i) else {
                    i += 1;
                    continue;
                };
                let inside: String = self.chars[i + 1..close].iter().collect();
                let kind = match words::bracket(&inside, self.name_goes_on(close + 1)) {
                    Bracket::Role(role) if self.roles_first || i == start && self.begins_anew() => {
                        self.roles_first = true;
                        Some(TokenKind::Heading(role))
                    }
                    // A bracket at the very start has no name to belong to and becomes part of one.
                    _ if i == start && !self.names_before() => None,
                    Bracket::Name => None,
                    Bracket::Scope => Some(TokenKind::Scope),
                    Bracket::Role(role) => Some(TokenKind::OwnRole(role)),
                    Bracket::Unclear => Some(TokenKind::Unclear),
                };
                if let Some(kind) = kind {
                    self.names(start, i);
                    self.push(kind, i, close + 1);
                    start = close + 1;
                }
                i = close + 1;
                continue;
            }
            if let Some(kind) = self.separator(i) {
                if matches!(c, ':') && self.heading(start, i) {
                    self.push(TokenKind::Separator, i, i + 1);
                } else {
                    self.names(start, i);
                    self.push(kind, i, i + 1);
                }
                start = i + 1;
            }
            i += 1;
        }
        self.names(start, self.chars.len());
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        if start < end {
            self.out.push(Token { kind, start, end });
        }
    }

    fn names_before(&self) -> bool {
        self.out.last().is_some_and(|t| t.kind == TokenKind::Name || is_bracket(t.kind))
    }

    /// Nothing was said yet in this block or segment.
    fn begins_anew(&self) -> bool {
        self.out.last().is_none_or(|t| matches!(t.kind, TokenKind::Comma | TokenKind::Block))
    }

    /// Whether a connector that stands here joins what follows to a name, also behind its role: 市甲局牵头会同市乙局.
    fn is_joined(&self) -> bool {
        let roles = |at: usize| self.out.iter().rev().nth(at).is_some_and(|t| matches!(t.kind, TokenKind::Role(_)));
        let comma = self.out.last().is_some_and(|t| t.kind == TokenKind::Comma);
        self.names_before() || roles(0) || comma && roles(1)
    }

    /// The bracket that closes the one at `open`.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (i, c) in self.chars.iter().enumerate().skip(open).take(LONGEST_BRACKET) {
            match half_width(*c) {
                '(' | '[' => depth += 1,
                ')' | ']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(i);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Whether the characters from `at` continue the name before a bracket: 各县（区）人民政府.
    fn name_goes_on(&self, at: usize) -> bool {
        let end = (at..self.chars.len())
            .find(|&i| self.separator(i).is_some() || matches!(half_width(self.chars[i]), '(' | '['))
            .unwrap_or(self.chars.len());
        let rest = &self.chars[at..end];
        let text: String = rest.iter().collect();
        let plain = text.trim();
        !plain.is_empty()
            && !words::is_tail_alone(rest)
            && !plain.starts_with('等')
            && !words::LOUD.iter().any(|(word, _)| plain.starts_with(word))
            && !words::ROLE_PREFIXES.iter().any(|word| plain.starts_with(word))
            && !words::CONNECTORS.iter().any(|word| plain.starts_with(word))
            && !words::QUIET.iter().any(|(word, _)| plain.starts_with(word))
    }

    fn separator(&self, i: usize) -> Option<TokenKind> {
        Some(match half_width(self.chars[i]) {
            '、' | '/' | '|' | '+' | '·' | ':' | '①'..='⑳' => TokenKind::Separator,
            ',' => TokenKind::Comma,
            ';' | '。' => TokenKind::Block,
            '.' if i + 1 == self.chars.len() => TokenKind::Block,
            c if c.is_whitespace() => {
                // White space separates only behind something that looks finished; else it is a wrapped line.
                let start = (0..i).rev().find(|&j| self.hard(j)).map_or(0, |j| j + 1);
                let before: String = self.chars[start..i].iter().filter(|c| !c.is_whitespace()).collect();
                let next = (i + 1..self.chars.len()).find(|&j| !self.chars[j].is_whitespace());
                let goes_on =
                    next.is_some_and(|j| words::WORD_ENDS.iter().any(|word| self.is_at(j, self.chars.len(), word)));
                let finished = before.is_empty()
                    || words::looks_like_a_unit(&before)
                    || words::LOUD.iter().any(|(word, _)| before.ends_with(word))
                    || next.is_none_or(|j| self.hard(j));
                if !finished || goes_on && !before.is_empty() {
                    return None;
                }
                TokenKind::Separator
            }
            _ => return None,
        })
    }

    fn hard(&self, i: usize) -> bool {
        let c = half_width(self.chars[i]);
        c.is_whitespace() || matches!(c, '、' | '/' | '|' | '+' | '·' | ',' | ';' | '。' | ':')
    }

    /// 牵头单位：, also behind a name that nothing separates from it.
    fn heading(&mut self, start: usize, end: usize) -> bool {
        const LONGEST: usize = 6;
        for at in std::iter::once(start).chain(start.max(end.saturating_sub(LONGEST))..end) {
            let text: String = self.chars[at..end].iter().filter(|c| !c.is_whitespace()).collect();
            let found = words::HEADINGS.iter().find(|(word, _)| {
                text.strip_prefix(word)
                    .is_some_and(|rest| words::HEADING_NOUNS.contains(&rest) && (at == start || !rest.is_empty()))
            });
            let before: String = self.chars[start..at].iter().collect();
            if let Some((_, role)) = found.filter(|_| at == start || words::looks_like_a_unit(&before)) {
                self.names(start, at);
                self.push(TokenKind::Heading(*role), at, end);
                return true;
            }
        }
        false
    }

    /// A run of characters between separators: names with role words and tails glued to them.
    fn names(&mut self, mut start: usize, end: usize) {
        while start < end {
            let Some((at, length, role)) = self.loud_role(start, end) else { break };
            self.members(start, at);
            self.push(TokenKind::Role(role), at, at + length);
            start = at + length;
        }
        if start < end {
            let run = &self.chars[start..end];
            if words::is_tail_alone(run) {
                self.push(TokenKind::Tail, start, end);
                return;
            }
            let text: String = run.iter().collect();
            let quiet = words::QUIET.iter().find(|(word, _)| text.len() > word.len() && text.ends_with(word));
            if let Some((word, role)) = quiet {
                let at = end - word.chars().count();
                self.members(start, at);
                self.push(TokenKind::Role(*role), at, end);
            } else {
                self.members(start, end);
            }
        }
    }

    /// The first 牵头 or 配合 of a run, with the words that belong to it.
    fn loud_role(&self, start: usize, end: usize) -> Option<(usize, usize, AssignmentRole)> {
        let (mut at, word, role) = (start..end).find_map(|i| {
            words::LOUD.iter().find(|(word, _)| self.is_at(i, end, word)).map(|(word, role)| (i, *word, *role))
        })?;
        let mut stop = at + word.chars().count();
        while let Some(prefix) = words::ROLE_PREFIXES.iter().find(|p| {
            let n = p.chars().count();
            at >= start + n && self.is_at(at - n, end, p)
        }) {
            at -= prefix.chars().count();
        }
        while let Some(suffix) = words::ROLE_SUFFIXES.iter().find(|s| self.is_at(stop, end, s)) {
            stop += suffix.chars().count();
        }
        Some((at, stop - at, role))
    }

    fn is_at(&self, i: usize, end: usize, word: &str) -> bool {
        (i..).zip(word.chars()).all(|(n, c)| n < end && self.chars[n] == c)
    }

    /// Names without role words: fillers, connectors, 等 and a tail are taken off.
    fn members(&mut self, mut start: usize, end: usize) {
        if start >= end {
            return;
        }
        if let Some(filler) = words::FILLERS.iter().find(|f| self.is_at(start, end, f) && start + 2 < end) {
            let stop = start + filler.chars().count();
            self.push(TokenKind::Filler, start, stop);
            start = stop;
        }
        if self.chars[start..end].iter().all(|c| c.is_whitespace()) {
            self.push(TokenKind::Separator, start, end);
            return;
        }
        let leading = CONNECTOR_START.iter().find(|c| self.is_joined() && self.is_at(start, end, c) && end > start + 3);
        if let Some(connector) = leading {
            let stop = start + connector.chars().count();
            self.push(TokenKind::Separator, start, stop);
            start = stop;
        }
        let tail = words::tail_length(&self.chars[start..end]);
        let stop = end - tail;
        let mut from = start;
        let mut i = start;
        while i < stop {
            let connector = words::CONNECTORS.iter().find(|c| self.is_at(i, stop, c));
            if self.chars[i] != '等' && connector.is_none() {
                i += 1;
                continue;
            }
            // The end of a name tells what it is; a name that is longer than this is none.
            let near = from.max(i.saturating_sub(LONGEST_BRACKET));
            let before: String = self.chars[near..i].iter().collect();
            let finished = (from < i && words::looks_like_a_unit(&before))
                || (from == i && self.out.last().is_some_and(|t| t.end == i && is_bracket(t.kind)));
            let opens = i + 1 == stop || words::is_several(&self.chars[i + 1..stop]);
            if self.chars[i] == '等' && (finished || opens && from < i) && !self.in_bracket(near, i) {
                self.push(TokenKind::Name, from, i);
                self.push(TokenKind::Open, i, i + 1);
                from = i + 1;
                i += 1;
                continue;
            }
            if let Some(connector) = connector
                && finished
                && from < i
                && !self.in_bracket(near, i)
                && !self.is_at(i, stop, "和平")
                && stop >= i + connector.chars().count() + 2
                && !words::is_several(&self.chars[i + connector.chars().count()..stop])
            {
                let next = i + connector.chars().count();
                self.push(TokenKind::Name, from, i);
                self.push(TokenKind::Separator, i, next);
                from = next;
                i = next;
                continue;
            }
            i += 1;
        }
        self.push(TokenKind::Name, from, stop);
        self.push(TokenKind::Tail, stop, end);
    }

    fn in_bracket(&self, from: usize, at: usize) -> bool {
        let count = |a: char, b: char| {
            self.chars[from..at].iter().map(|c| half_width(*c)).filter(|c| *c == a || *c == b).count()
        };
        count('(', '[') > count(')', ']')
    }
}

const CONNECTOR_START: &[&str] = &["以及", "及其", "会同", "及", "和", "与"];

const fn is_bracket(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Scope | TokenKind::OwnRole(_) | TokenKind::Unclear)
}
