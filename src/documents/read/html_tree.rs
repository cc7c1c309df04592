//! The tree of a web page, as a browser would build it, in one list of nodes.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, parse_document};

use super::{ReadError, limits};

/// Number of a node in the list.
pub(super) type Id = usize;

/// What a node is.
pub(super) enum Kind {
    /// An element.
    Element(QualName, Vec<Attribute>),
    /// Text.
    Text(String),
    /// The document, comments, and what else has no text.
    Other,
}

/// A node.
pub(super) struct Node {
    /// What it is.
    pub(super) kind: Kind,
    /// What stands in it.
    pub(super) children: Vec<Id>,
    parent: Option<Id>,
    depth: usize,
}

impl Node {
    /// The name of an element, else nothing.
    pub(super) fn name(&self) -> &str {
        match &self.kind {
            Kind::Element(name, _) => &name.local,
            _ => "",
        }
    }

    /// An attribute of an element.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        match &self.kind {
            Kind::Element(_, attributes) => attributes.iter().find(|a| &*a.name.local == name).map(|a| &*a.value),
            _ => None,
        }
    }
}

/// A tree; node 0 is the document.
pub(super) struct Tree(pub(super) Vec<Node>);

/// Parses a page. It is fed in pieces, so that one that nests or multiplies without end is left early.
pub(super) fn parse(text: &str) -> Result<Tree, ReadError> {
    let builder = Builder { nodes: RefCell::new(vec![Node::new(Kind::Other)]), fault: Cell::new(None) };
    let mut parser = parse_document(builder, ParseOpts::default());
    let mut rest = text;
    while !rest.is_empty() {
        let mut at = rest.len().min(PIECE);
        while !rest.is_char_boundary(at) {
            at -= 1;
        }
        let (piece, after) = rest.split_at(at);
        parser.process(StrTendril::from_slice(piece));
        if let Some(fault) = parser.tokenizer.sink.sink.fault.take() {
            return Err(fault);
        }
        rest = after;
    }
    let (nodes, fault) = parser.finish();
    fault.map_or(Ok(Tree(nodes)), Err)
}

const PIECE: usize = 16 * 1024;
const MAX_NODES: usize = 3_000_000;

struct Builder {
    nodes: RefCell<Vec<Node>>,
    fault: Cell<Option<ReadError>>,
}

impl Node {
    fn new(kind: Kind) -> Self {
        Self { kind, children: Vec::new(), parent: None, depth: 0 }
    }
}

impl Builder {
    fn make(&self, kind: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() > MAX_NODES {
            self.fault.set(Some(ReadError::TooManyCells));
            return nodes.len() - 1;
        }
        nodes.push(Node::new(kind));
        nodes.len() - 1
    }

    fn detach(nodes: &mut [Node], child: Id) {
        if let Some(parent) = nodes[child].parent.take() {
            let siblings = &mut nodes[parent].children;
            if siblings.last() == Some(&child) {
                siblings.pop();
            } else {
                siblings.retain(|id| *id != child);
            }
        }
    }

    fn put(&self, parent: Id, at: usize, child: NodeOrText<Id>) {
        let child = match child {
            NodeOrText::AppendNode(id) => id,
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                if let Some(before) = at.checked_sub(1).and_then(|at| nodes[parent].children.get(at)).copied()
                    && let Kind::Text(existing) = &mut nodes[before].kind
                {
                    existing.push_str(&text);
                    return;
                }
                drop(nodes);
                self.make(Kind::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        if parent == child {
            return;
        }
        Self::detach(&mut nodes, child);
        let depth = nodes[parent].depth + 1;
        if depth > limits::MAX_DEPTH {
            self.fault.set(Some(ReadError::TooDeep));
        }
        nodes[child].depth = depth;
        nodes[child].parent = Some(parent);
        let at = at.min(nodes[parent].children.len());
        nodes[parent].children.insert(at, child);
    }

    fn end_of(&self, parent: Id) -> usize {
        self.nodes.borrow()[parent].children.len()
    }
}

#[derive(Debug)]
struct Name<'a>(Ref<'a, QualName>);

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Builder {
    type Handle = Id;
    type Output = (Vec<Node>, Option<ReadError>);
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Self::Output {
        (self.nodes.into_inner(), self.fault.into_inner())
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Name<'a> {
        static NOTHING: std::sync::LazyLock<QualName> =
            std::sync::LazyLock::new(|| QualName::new(None, Namespace::default(), LocalName::default()));
        Name(Ref::map(self.nodes.borrow(), |nodes| match &nodes[*target].kind {
            Kind::Element(name, _) => name,
            _ => &*NOTHING,
        }))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Id {
        self.make(Kind::Element(name, attributes))
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.make(Kind::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.make(Kind::Other)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.put(*parent, self.end_of(*parent), child);
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let nodes = self.nodes.borrow();
        let Some(parent) = nodes[*sibling].parent else { return };
        let at = nodes[parent].children.iter().rposition(|id| id == sibling).unwrap_or_default();
        drop(nodes);
        self.put(parent, at, child);
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        if let Kind::Element(_, existing) = &mut nodes[*target].kind {
            for attribute in attributes.into_iter().take(100) {
                if existing.len() < 1_000 && !existing.iter().any(|e| e.name == attribute.name) {
                    existing.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        Self::detach(&mut self.nodes.borrow_mut(), *target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        let depth = nodes[*new_parent].depth + 1;
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
            nodes[*child].depth = depth;
        }
        nodes[*new_parent].children.extend(children);
    }
}
