//! The parser: tokens become blocks, segments and members.

use super::ast::{Block, Expression, Member, OPEN_NAME, Segment};
use super::lexer::{Token, TokenKind, tokens};

/// Parses an expression; whatever is written, something comes out.
pub fn parse(text: &str) -> Expression {
    let chars: Vec<char> = text.chars().collect();
    let mut parser = Parser::default();
    for token in tokens(text) {
        parser.take(token, &chars);
    }
    parser.end_block();
    Expression { blocks: parser.blocks }
}

#[derive(Default)]
struct Parser {
    blocks: Vec<Block>,
    block: Block,
    segment: Segment,
    /// 等 was read, and the name that may follow it was not.
    open: bool,
    /// The next name continues the one before a bracket.
    last_end: Option<usize>,
}

impl Parser {
    fn take(&mut self, token: Token, chars: &[char]) {
        let text = || -> String { chars[token.start..token.end].iter().filter(|c| !c.is_whitespace()).collect() };
        match token.kind {
            TokenKind::Name => {
                let name = text();
                if name.is_empty() {
                    return;
                }
                if std::mem::take(&mut self.open) && self.last_end == Some(token.start) {
                    self.member(Member { name, open: true, ..Member::default() });
                } else {
                    self.member(Member { name, ..Member::default() });
                }
            }
            TokenKind::Open => {
                self.bare_open();
                self.open = true;
            }
            TokenKind::Separator | TokenKind::Filler => self.bare_open(),
            TokenKind::Comma => self.end_segment(),
            TokenKind::Block => self.end_block(),
            TokenKind::Role(role) => {
                self.bare_open();
                self.segment.role = Some(role);
                self.end_segment();
            }
            TokenKind::Heading(role) => {
                self.end_segment();
                self.segment.heading = Some(role);
            }
            TokenKind::OwnRole(role) => {
                if let Some(member) = self.segment.members.last_mut() {
                    member.role = Some(role);
                }
            }
            TokenKind::Scope | TokenKind::Unclear => {
                let text = text();
                let inside: String = inner(&text);
                if let Some(member) = self.segment.members.last_mut() {
                    member.unclear = token.kind == TokenKind::Unclear;
                    member.scope = Some(match member.scope.take() {
                        Some(first) => format!("{first}；{inside}"),
                        None => inside,
                    })
                    .filter(|s| !s.is_empty());
                }
            }
            TokenKind::Tail => {
                self.bare_open();
                self.segment.tail = Some(text());
            }
        }
        self.last_end = Some(token.end);
    }

    /// 等 with nothing behind it.
    fn bare_open(&mut self) {
        if std::mem::take(&mut self.open) {
            self.member(Member { name: OPEN_NAME.into(), open: true, ..Member::default() });
        }
    }

    fn member(&mut self, member: Member) {
        // Behind a tail a new segment begins: "…按职责落实 市甲局".
        if self.segment.tail.is_some() {
            self.end_segment();
        }
        self.segment.members.push(member);
    }

    fn end_segment(&mut self) {
        self.bare_open();
        let segment = std::mem::take(&mut self.segment);
        if segment != Segment::default() {
            self.block.segments.push(segment);
        }
    }

    fn end_block(&mut self) {
        self.end_segment();
        let block = std::mem::take(&mut self.block);
        if !block.segments.is_empty() {
            self.blocks.push(block);
        }
    }
}

fn inner(bracket: &str) -> String {
    let mut chars = bracket.chars();
    chars.next();
    chars.next_back();
    chars.collect()
}
