//! How one text differs from another, in pieces that a person can read.
//!
//! The longest common subsequence, first over clauses, then over the characters of what changed between them. The work is
//! bounded: where two texts are too large and too different for that, they are one piece taken out and one put in.

/// Cells of a table of lengths at most.
const CELLS: usize = 1_000_000;

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// In both.
    Equal,
    /// Only in the new text.
    Insert,
    /// Only in the old text.
    Delete,
}

/// A piece of text and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What became of it.
    pub change: Change,
    /// The piece.
    pub text: String,
}

/// The pieces in reading order, what was taken out before what was put in. Neighbours are never alike, and none is empty.
pub fn diff(old: &str, new: &str) -> Vec<Segment> {
    let mut out = Vec::new();
    let (a, b) = (clauses(old), clauses(new));
    for block in blocks(&a, &b) {
        match block {
            Block::Equal(text) => push(&mut out, Change::Equal, &text),
            Block::Differs(old, new) => {
                let (x, y): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
                for piece in blocks(&x, &y) {
                    match piece {
                        Block::Equal(text) => push(&mut out, Change::Equal, &text),
                        Block::Differs(old, new) => {
                            push(&mut out, Change::Delete, &old);
                            push(&mut out, Change::Insert, &new);
                        }
                    }
                }
            }
        }
    }
    out
}

fn push(out: &mut Vec<Segment>, change: Change, text: &str) {
    if text.is_empty() {
        return;
    }
    match out.last_mut() {
        Some(last) if last.change == change => last.text.push_str(text),
        _ => out.push(Segment { change, text: text.to_owned() }),
    }
}

/// A text in pieces that end with a mark of punctuation.
fn clauses(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '，', '、', '！', '？', '：', '\n', ',', ';', '.', ' ']).collect()
}

enum Block {
    Equal(String),
    Differs(String, String),
}

/// Something that texts are made of.
trait Piece: PartialEq {
    fn write(&self, text: &mut String);
}

impl Piece for &str {
    fn write(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Piece for char {
    fn write(&self, text: &mut String) {
        text.push(*self);
    }
}

fn joined<T: Piece>(pieces: &[T]) -> String {
    pieces.iter().fold(String::new(), |mut text, piece| {
        piece.write(&mut text);
        text
    })
}

/// What is equal and what differs between two sequences.
fn blocks<T: Piece>(old: &[T], new: &[T]) -> Vec<Block> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new, head) = (&old[start..], &new[start..], &old[..start]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, tail) = old.split_at(old.len() - end);
    let new = &new[..new.len() - end];
    let mut out = vec![Block::Equal(joined(head))];
    if old.len().saturating_mul(new.len()) > CELLS {
        out.push(Block::Differs(joined(old), joined(new)));
    } else {
        walk(old, new, &mut out);
    }
    out.push(Block::Equal(joined(tail)));
    out
}

/// Follows the longest common subsequence from the start.
fn walk<T: Piece>(old: &[T], new: &[T], out: &mut Vec<Block>) {
    let width = new.len() + 1;
    // How long the longest common subsequence of what is left is, for each pair of places.
    let mut left = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            left[i * width + j] = if old[i] == new[j] {
                left[(i + 1) * width + j + 1] + 1
            } else {
                left[(i + 1) * width + j].max(left[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        let (from_i, from_j) = (i, j);
        while i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        }
        if i > from_i {
            out.push(Block::Equal(joined(&old[from_i..i])));
        }
        let (from_i, from_j) = (i, j.max(from_j));
        while (i < old.len() || j < new.len()) && !(i < old.len() && j < new.len() && old[i] == new[j]) {
            let down = i < old.len() && (j == new.len() || left[(i + 1) * width + j] >= left[i * width + j + 1]);
            if down { i += 1 } else { j += 1 }
        }
        if i > from_i || j > from_j {
            out.push(Block::Differs(joined(&old[from_i..i]), joined(&new[from_j..j])));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> String {
        diff(old, new)
            .iter()
            .map(|segment| match segment.change {
                Change::Equal => segment.text.clone(),
                Change::Insert => format!("[+{}]", segment.text),
                Change::Delete => format!("[-{}]", segment.text),
            })
            .collect()
    }

    #[test]
    fn changes_are_told_as_people_would() {
        assert_eq!(shown("", ""), "");
        assert_eq!(shown("已公开。", "已公开。"), "已公开。");
        assert_eq!(shown("", "已公开。"), "[+已公开。]");
        assert_eq!(shown("已公开。", ""), "[-已公开。]");
        assert_eq!(shown("公开3条。已完成。", "公开5条。已完成。"), "公开[-3][+5]条。已完成。");
        assert_eq!(shown("甲。丙。", "甲。乙。丙。"), "甲。[+乙。]丙。");
        assert_eq!(shown("甲。乙。丙。", "甲。丙。"), "甲。[-乙。]丙。");
    }

    #[test]
    fn the_largest_texts_take_no_time() {
        let (a, b): (String, String) = ("甲".repeat(10_000), "乙".repeat(10_000));
        assert_eq!(diff(&a, &b).len(), 2);
        let (a, b): (String, String) = ("甲。".repeat(5_000), "乙，".repeat(5_000));
        assert_eq!(diff(&a, &b).len(), 2);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_out_of_it(old in "[甲乙丙。，\n a]{0,60}", new in "[甲乙丙。，\n a]{0,60}") {
            let pieces = diff(&old, &new);
            let read = |without: Change| -> String {
                pieces.iter().filter(|piece| piece.change != without).map(|piece| piece.text.as_str()).collect()
            };
            prop_assert_eq!(read(Change::Insert), old);
            prop_assert_eq!(read(Change::Delete), new);
            prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
            prop_assert!(pieces.windows(2).all(|pair| pair[0].change != pair[1].change));
        }
    }
}
