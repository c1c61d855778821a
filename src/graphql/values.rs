//! Are the values of a request of their types (F5)? Asked before anything is executed, of every variable and of every argument that is
//! written out. The library finds out in the middle of execution, and says it in English and without a place.

mod words;

use std::collections::HashSet;
use std::convert::Infallible;

use async_graphql::parser::Positioned;
use async_graphql::parser::types::{
    BaseType, Directive, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{Name, Pos, Request, ScalarType, Value, Variables};

use crate::graphql::scalars::{Date, DateTime, Decimal};
use crate::graphql::types::{Inputs, Types};
use words::{Given, Place, Wanted};

pub(crate) use words::Wrong;

/// The most that are told of: who mends those sees the rest.
const TOLD: usize = 100;

/// Every value of the request that is not of its type; what does not fit the schema otherwise is left to validation.
pub(crate) fn check(types: &Types, request: &mut Request) -> Vec<Wrong> {
    // The document is small by its limits, and the variables need not be.
    let Ok(document) = request.parsed_query().cloned() else { return Vec::new() };
    let Some(operation) = asked(&document, request.operation_name.as_deref()) else { return Vec::new() };
    let given = &request.variables;
    let mut check = Check { types, document: &document, operation, given, told: Vec::new(), fragments: HashSet::new() };
    check.variables();
    check.directives(&operation.directives);
    check.selections(types.root(operation.ty), &operation.selection_set.node);
    check.told
}

fn asked<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let mut all = document.operations.iter();
    let found = match (&document.operations, name) {
        (_, Some(name)) => all.find(|(own, _)| own.is_some_and(|own| own == name)),
        (DocumentOperations::Multiple(several), None) if several.len() > 1 => None,
        (_, None) => all.next(),
    };
    found.map(|(_, operation)| &operation.node)
}

/// Where the walk is: at the root of a variable or an argument, and so far in.
#[derive(Clone, Copy)]
struct Spot<'a> {
    /// The field or directive of an argument; `None`: in a variable.
    of: Option<&'a str>,
    root: &'a str,
    pos: Pos,
}

struct Check<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    given: &'a Variables,
    told: Vec<Wrong>,
    /// Those that were walked: once is enough, wherever they are spread.
    fragments: HashSet<&'a str>,
}

impl<'a> Check<'a> {
    fn tell(&mut self, spot: Spot<'_>, steps: &[String], given: Given, wanted: Wanted) {
        if self.told.len() >= TOLD {
            return;
        }
        let path = std::iter::once(spot.root).chain(steps.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
        let place = match spot.of {
            None => Place::Variable(format!("${path}")),
            Some(of) => Place::Argument { of: of.to_owned(), path },
        };
        let wrong = Wrong { place, pos: spot.pos, given, wanted };
        if !self.told.contains(&wrong) {
            self.told.push(wrong);
        }
    }

    fn variables(&mut self) {
        let given = self.given;
        for definition in &self.operation.variable_definitions {
            let variable = &definition.node;
            let spot = Spot { of: None, root: &variable.name.node, pos: definition.pos };
            let default = variable.default_value.as_ref().map(|default| &default.node);
            if let Some(value) = given.get(&variable.name.node).or(default) {
                self.value(spot, &mut Vec::new(), &variable.var_type.node, value);
            }
        }
    }

    fn selections(&mut self, parent: &str, set: &'a SelectionSet) {
        for selection in &set.items {
            self.directives(selection.node.directives());
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    // Introspection has types of its own, which the schema's text does not name.
                    let Some((arguments, of)) = self.types.field(parent, &field.name.node) else { continue };
                    self.arguments(arguments, Directive { name: field.name.clone(), arguments: field.arguments.clone() });
                    self.selections(base(of), &field.selection_set.node);
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                    self.selections(condition.unwrap_or(parent), &inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let found = self.document.fragments.get_key_value(&spread.node.fragment_name.node);
                    let Some((name, fragment)) = found else { continue };
                    if self.fragments.insert(name) {
                        self.directives(&fragment.node.directives);
                        self.selections(&fragment.node.type_condition.node.on.node, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) {
        for directive in directives {
            self.arguments(self.types.directive(&directive.node.name.node), directive.node.clone());
        }
    }

    /// The arguments of a directive, or of a field in the form of one.
    fn arguments(&mut self, known: &Inputs, given: Directive) {
        for (name, value) in given.arguments {
            let Some(input) = known.iter().find(|input| input.node.name.node == name.node) else { continue };
            let spot = Spot { of: Some(&given.name.node), root: &name.node, pos: value.pos };
            // A variable stands in as bytes, which nobody can write.
            let stand_in = |variable: Name| Ok::<_, Infallible>(Value::Binary(variable.as_bytes().to_vec().into()));
            let Ok(value) = value.node.into_const_with(stand_in);
            self.value(spot, &mut Vec::new(), &input.node.ty.node, &value);
        }
    }

    fn value(&mut self, spot: Spot<'_>, steps: &mut Vec<String>, of: &Type, value: &Value) {
        if let Some((variable, held)) = self.stands_for(value) {
            // What it holds is held against its own type.
            if held == Some(Value::Null) && !of.nullable {
                let spot = Spot { of: None, root: &variable, ..spot };
                self.tell(spot, &[], Given::Value("null".into()), Wanted::Something(of.to_string()));
            }
            return;
        }
        match (&of.base, value) {
            (_, Value::Null) if of.nullable => {}
            (_, Value::Null) => self.tell(spot, steps, Given::Value("null".into()), Wanted::Something(of.to_string())),
            (BaseType::List(of), Value::List(items)) => {
                for (at, item) in items.iter().enumerate() {
                    steps.push(at.to_string());
                    self.value(spot, steps, of, item);
                    steps.pop();
                }
            }
            // One thing is as good as a list of one.
            (BaseType::List(of), one) => self.value(spot, steps, of, one),
            (BaseType::Named(name), value) => self.named(spot, steps, name, value),
        }
    }

    fn named(&mut self, spot: Spot<'_>, steps: &mut Vec<String>, name: &str, value: &Value) {
        if let Some((input, is_one_of)) = self.types.input(name) {
            let Value::Object(members) = value else {
                return self.tell(spot, steps, Given::Value(value.to_string()), Wanted::Object(name.to_owned()));
            };
            return self.object(spot, steps, (&input.fields, is_one_of), members);
        }
        let wanted = match self.types.values(name) {
            Some(values) => {
                let is_one = matches!(value, Value::Enum(_) | Value::String(_)) && values.contains(&bare(value).as_str());
                (!is_one).then(|| Wanted::OneOf(values.into_iter().map(str::to_owned).collect()))
            }
            None => scalar(name, value),
        };
        if let Some(wanted) = wanted {
            self.tell(spot, steps, Given::Value(bare(value)), wanted);
        }
    }

    fn object(
        &mut self,
        spot: Spot<'_>,
        steps: &mut Vec<String>,
        (fields, is_one_of): (&Inputs, bool),
        members: &async_graphql::indexmap::IndexMap<Name, Value>,
    ) {
        let names = || fields.iter().map(|field| field.node.name.node.to_string()).collect::<Vec<_>>();
        for (name, value) in members {
            steps.push(name.to_string());
            match fields.iter().find(|field| field.node.name.node == *name) {
                None => self.tell(spot, steps, Given::Stranger, Wanted::Known(names())),
                Some(field) => self.value(spot, steps, &field.node.ty.node, value),
            }
            steps.pop();
        }
        if is_one_of {
            let is_given = |value: &&Value| match self.stands_for(value) {
                Some((_, held)) => held.is_some_and(|held| held != Value::Null),
                None => **value != Value::Null,
            };
            if members.len() != 1 || members.values().filter(is_given).count() != 1 {
                let given = members.keys().map(Name::as_str).collect::<Vec<_>>().join(", ");
                self.tell(spot, steps, Given::Value(format!("{{{given}}}")), Wanted::ExactlyOne(names()));
            }
            return;
        }
        for field in fields.iter().map(|field| &field.node) {
            if !field.ty.node.nullable && field.default_value.is_none() && !members.contains_key(&field.name.node) {
                steps.push(field.name.node.to_string());
                self.tell(spot, steps, Given::Nothing, Wanted::Something(field.ty.node.to_string()));
                steps.pop();
            }
        }
    }

    /// The variable that a value in the document stands for, and what it holds: `None` where it is left out.
    fn stands_for(&self, value: &Value) -> Option<(String, Option<Value>)> {
        let Value::Binary(name) = value else { return None };
        let name = String::from_utf8_lossy(name).into_owned();
        let definition = self.operation.variable_definitions.iter().find(|definition| definition.node.name.node == name.as_str());
        let default = definition.and_then(|definition| definition.node.default_value.as_ref()).map(|default| &default.node);
        let held = self.given.get(&Name::new(&name)).or(default).cloned();
        Some((name, held))
    }
}

/// What a scalar wants, where the value is not of it; one that is not known here wants nothing.
fn scalar(name: &str, value: &Value) -> Option<Wanted> {
    let (wanted, fits) = match name {
        "Date" => (Wanted::Date, Date::parse(value.clone()).is_ok()),
        "DateTime" => (Wanted::DateTime, DateTime::parse(value.clone()).is_ok()),
        "Decimal" => (Wanted::Decimal, Decimal::parse(value.clone()).is_ok()),
        "Int" => (Wanted::Int, matches!(value, Value::Number(number) if number.as_i64().is_some_and(|whole| i32::try_from(whole).is_ok()))),
        "Float" => (Wanted::Float, matches!(value, Value::Number(_))),
        "Boolean" => (Wanted::Boolean, matches!(value, Value::Boolean(_))),
        "String" => (Wanted::Text, matches!(value, Value::String(_))),
        "ID" => (Wanted::Id, matches!(value, Value::String(_)) || matches!(value, Value::Number(number) if number.is_i64())),
        _ => return None,
    };
    (!fits).then_some(wanted)
}

/// A value as it is written, a text without its quotes.
fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The type of the items, however deep the lists.
fn base(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(of) => base(of),
    }
}

#[cfg(test)]
mod tests;
