//! What changed in a text, as a reader marks it: kept, struck out, put in.
//!
//! Character by character, because Chinese has no spaces to go by. Myers' greedy search, with a bound on the edits: past
//! it the middle is struck out and put in as a whole, so that no pair of texts costs much or gives many segments.

/// Edits that are looked for; texts further apart are told as one deletion and one insertion.
pub const MAX_EDITS: usize = 400;

/// What is done with a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    /// Stays.
    Equal,
    /// Is new.
    Insert,
    /// Is gone.
    Delete,
}

/// A piece of text and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What is done with it.
    pub kind: SegmentKind,
    /// The piece; never empty.
    pub text: String,
}

/// The way from one text to another. What is equal and deleted makes up `before`, what is equal and inserted `after`.
///
/// No two neighbours are of one kind, and a deletion stands before the insertion that takes its place.
pub fn redline(before: &str, after: &str) -> Vec<Segment> {
    let (a, b): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let (middle_a, middle_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut marks = Marks::default();
    marks.equal(&a[..head]);
    for step in steps(middle_a, middle_b) {
        match step {
            Step::Keep(x) => marks.equal(&middle_a[x..=x]),
            Step::Drop(x) => marks.deleted.push(middle_a[x]),
            Step::Take(y) => marks.inserted.push(middle_b[y]),
        }
    }
    marks.equal(&a[a.len() - tail..]);
    marks.finish()
}

/// One step of the way, with its place in the old or the new text.
enum Step {
    Keep(usize),
    Drop(usize),
    Take(usize),
}

fn steps(a: &[char], b: &[char]) -> Vec<Step> {
    match trace(a, b) {
        Some(trace) => back(a, b, &trace),
        None => (0..a.len()).map(Step::Drop).chain((0..b.len()).map(Step::Take)).collect(),
    }
}

/// The furthest places by number of edits and diagonal; nothing when the texts are too far apart.
fn trace(a: &[char], b: &[char]) -> Option<Vec<Vec<usize>>> {
    let most = (a.len() + b.len()).min(MAX_EDITS);
    let middle = most + 1;
    let mut reach = vec![0usize; 2 * most + 3];
    let mut trace = Vec::new();
    for edits in 0..=most {
        // Diagonals are counted from the middle, so that none is below zero.
        trace.push(reach[middle - edits - 1..=middle + edits + 1].to_vec());
        let mut at = middle - edits;
        while at <= middle + edits {
            let down = at == middle - edits || (at != middle + edits && reach[at - 1] < reach[at + 1]);
            let mut x = if down { reach[at + 1] } else { reach[at - 1] + 1 };
            let mut y = x + middle - at;
            while x < a.len() && y < b.len() && a[x] == b[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[at] = x;
            if x >= a.len() && y >= b.len() {
                return Some(trace);
            }
            at += 2;
        }
    }
    None
}

fn back(a: &[char], b: &[char], trace: &[Vec<usize>]) -> Vec<Step> {
    let (mut x, mut y) = (a.len(), b.len());
    let mut steps = Vec::new();
    for (edits, reach) in trace.iter().enumerate().rev() {
        // The diagonal x - y, counted from the first of this row.
        let at = x + edits + 1 - y;
        let down = at == 1 || (at != 2 * edits + 1 && reach[at - 1] < reach[at + 1]);
        let from = if down { at + 1 } else { at - 1 };
        let (start_x, start_y) = if edits == 0 { (0, 0) } else { (reach[from], reach[from] + edits + 1 - from) };
        let kept = if edits == 0 { x } else { x - if down { start_x } else { start_x + 1 } };
        for step in 1..=kept {
            steps.push(Step::Keep(x - step));
        }
        if edits > 0 {
            steps.push(if down { Step::Take(start_y) } else { Step::Drop(start_x) });
        }
        (x, y) = (start_x, start_y);
    }
    steps.reverse();
    steps
}

/// Segments in the making.
#[derive(Default)]
struct Marks {
    done: Vec<Segment>,
    kept: String,
    deleted: String,
    inserted: String,
}

impl Marks {
    fn equal(&mut self, text: &[char]) {
        if text.is_empty() {
            return;
        }
        if !self.deleted.is_empty() || !self.inserted.is_empty() {
            self.push();
        }
        self.kept.extend(text);
    }

    /// Writes down what was kept, then what was changed behind it.
    fn push(&mut self) {
        let parts = [
            (SegmentKind::Equal, std::mem::take(&mut self.kept)),
            (SegmentKind::Delete, std::mem::take(&mut self.deleted)),
            (SegmentKind::Insert, std::mem::take(&mut self.inserted)),
        ];
        let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
        self.done.extend(parts.map(|(kind, text)| Segment { kind, text }));
    }

    fn finish(mut self) -> Vec<Segment> {
        self.push();
        self.done
    }
}
