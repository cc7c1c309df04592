//! Which fields are connections and lists, learnt once from the printed schema.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, OperationType, Type, TypeKind, TypeSystemDefinition},
};

/// The printed schema cannot be read back.
#[derive(Debug, thiserror::Error)]
#[error("the schema cannot be read back: {0}")]
pub struct SchemaUnreadable(String);

/// What a field returns, as far as its cost is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Returns {
    /// The named type inside.
    pub ty: String,
    /// Whether it is a list.
    pub list: bool,
    /// Page size when none is asked, if the schema says one.
    pub default_page: Option<u64>,
}

/// The part of a schema that costs are computed from.
#[derive(Debug, Clone)]
pub struct CostSchema {
    types: HashMap<String, HashMap<String, Returns>>,
    query: String,
    mutation: String,
    subscription: String,
}

impl CostSchema {
    /// Reads the SDL of a schema.
    pub fn from_sdl(sdl: &str) -> Result<Self, SchemaUnreadable> {
        let document = parse_schema(sdl).map_err(|error| SchemaUnreadable(error.to_string()))?;
        let mut schema = Self {
            types: HashMap::new(),
            query: "Query".to_owned(),
            mutation: "Mutation".to_owned(),
            subscription: "Subscription".to_owned(),
        };
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(roots) => {
                    let name = |root: Option<Positioned<async_graphql::Name>>| root.map(|r| r.node.to_string());
                    schema.query = name(roots.node.query).unwrap_or(schema.query);
                    schema.mutation = name(roots.node.mutation).unwrap_or(schema.mutation);
                    schema.subscription = name(roots.node.subscription).unwrap_or(schema.subscription);
                }
                TypeSystemDefinition::Type(ty) => {
                    let fields = match ty.node.kind {
                        TypeKind::Object(object) => object.fields,
                        TypeKind::Interface(interface) => interface.fields,
                        _ => continue,
                    };
                    let known = schema.types.entry(ty.node.name.node.to_string()).or_default();
                    known.extend(fields.into_iter().map(|f| (f.node.name.node.to_string(), returns(&f.node))));
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        Ok(schema)
    }

    pub(super) fn root(&self, ty: OperationType) -> &str {
        match ty {
            OperationType::Query => &self.query,
            OperationType::Mutation => &self.mutation,
            OperationType::Subscription => &self.subscription,
        }
    }

    pub(super) fn field(&self, ty: Option<&str>, name: &str) -> Option<&Returns> {
        self.types.get(ty?)?.get(name)
    }
}

/// Whether a type is a page of a connection, by its name as Relay has it.
pub(super) fn is_connection(ty: &str) -> bool {
    ty.ends_with("Connection")
}

fn returns(field: &FieldDefinition) -> Returns {
    let (mut base, mut list): (&Type, bool) = (&field.ty.node, false);
    let ty = loop {
        match &base.base {
            BaseType::Named(name) => break name.to_string(),
            BaseType::List(inner) => (base, list) = (inner, true),
        }
    };
    let default_page = field
        .arguments
        .iter()
        .find(|argument| argument.node.name.node == "first")
        .and_then(|argument| argument.node.default_value.as_ref())
        .and_then(|value| value.node.clone().into_json().ok()?.as_u64());
    Returns { ty, list, default_page }
}
