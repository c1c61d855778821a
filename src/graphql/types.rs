//! The types of the schema as values are held against them, read once from what the program itself writes.

use std::collections::HashMap;

use async_graphql::parser::types::{
    DirectiveDefinition, InputObjectType, InputValueDefinition, OperationType, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::parser::{self, Positioned, parse_schema};

/// What the arguments of a field or a directive, or the fields of an input object, are.
pub(crate) type Inputs = [Positioned<InputValueDefinition>];

/// The types of a schema, by name.
#[derive(Debug, Default)]
pub(crate) struct Types {
    types: HashMap<String, TypeDefinition>,
    directives: HashMap<String, DirectiveDefinition>,
    query: String,
    mutation: String,
}

impl Types {
    /// Reads a schema from its text.
    ///
    /// # Errors
    /// The text is no schema.
    pub(crate) fn read(sdl: &str) -> Result<Self, parser::Error> {
        let mut read = Self { query: "Query".into(), mutation: "Mutation".into(), ..Self::default() };
        for definition in parse_schema(sdl)?.definitions {
            match definition {
                TypeSystemDefinition::Type(of) => {
                    read.types.insert(of.node.name.node.to_string(), of.node);
                }
                TypeSystemDefinition::Directive(of) => {
                    read.directives.insert(of.node.name.node.to_string(), of.node);
                }
                TypeSystemDefinition::Schema(of) => {
                    let named =
                        |name: Option<Positioned<async_graphql::Name>>, usual: String| name.map_or(usual, |name| name.node.to_string());
                    read.query = named(of.node.query, read.query);
                    read.mutation = named(of.node.mutation, read.mutation);
                }
            }
        }
        Ok(read)
    }

    /// The type at which an operation begins.
    pub(crate) fn root(&self, of: OperationType) -> &str {
        match of {
            OperationType::Mutation => &self.mutation,
            OperationType::Query | OperationType::Subscription => &self.query,
        }
    }

    /// The arguments and the type of a field; `None` where the type has no such field, which validation says.
    pub(crate) fn field(&self, of: &str, name: &str) -> Option<(&Inputs, &Type)> {
        let fields = match &self.types.get(of)?.kind {
            TypeKind::Object(object) => &object.fields,
            TypeKind::Interface(interface) => &interface.fields,
            _ => return None,
        };
        let field = &fields.iter().find(|field| field.node.name.node == name)?.node;
        Some((&field.arguments, &field.ty.node))
    }

    /// The arguments of a directive.
    pub(crate) fn directive(&self, name: &str) -> &Inputs {
        self.directives.get(name).map_or(&[], |directive| &directive.arguments)
    }

    /// The values of an enum.
    pub(crate) fn values(&self, name: &str) -> Option<Vec<&str>> {
        match &self.types.get(name)?.kind {
            TypeKind::Enum(of) => Some(of.values.iter().map(|value| value.node.value.node.as_str()).collect()),
            _ => None,
        }
    }

    /// An input object, and whether exactly one of its fields is wanted.
    pub(crate) fn input(&self, name: &str) -> Option<(&InputObjectType, bool)> {
        let found = self.types.get(name)?;
        match &found.kind {
            TypeKind::InputObject(of) => Some((of, found.directives.iter().any(|directive| directive.node.name.node == "oneOf"))),
            _ => None,
        }
    }
}
