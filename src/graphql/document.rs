//! Is this document small enough to be looked at? Asked once, on every transport, before anything walks the document.
//!
//! The library's own limits expand fragments while they count, so that a few hundred bytes of nested spreads keep a worker busy
//! for minutes. Here each fragment is measured once and its measure added where it is spread: the time is linear in the source.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::parser::{self, Positioned, parse_query};
use async_graphql::{Pos, Request, ServerError, Value, Variables};
use chidao_domain::refusal::Locale;

use crate::config::{Excess, Limit, Limits};

/// Why a document is not executed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is not GraphQL.
    #[error(transparent)]
    Syntax(#[from] parser::Error),
    /// A block string begins and never ends: no GraphQL, and the parser would look for its end again and again.
    #[error("a block string is never closed")]
    Unclosed,
    /// It is larger than a limit allows.
    #[error(transparent)]
    TooLarge(#[from] Excess),
    /// A fragment spreads itself, directly or not.
    #[error("the fragment `{0}` contains itself")]
    Cycle(String),
    /// A variable that must have a value has none.
    #[error("the variable `${name}` is missing")]
    Variable {
        /// The name, without `$`.
        name: String,
        /// The type.
        of: String,
    },
    /// The operation's name is missing, or names none.
    #[error("there is no such operation")]
    Operation(Option<String>),
}

impl DocumentError {
    /// What is wrong and what to do; what the parser says stays in English.
    pub fn words(&self, locale: Locale) -> String {
        match (self, locale) {
            (Self::Syntax(error), Locale::Vi) => format!("truy vấn không viết đúng GraphQL, hãy sửa lại: {error}"),
            (Self::Syntax(error), Locale::En) => format!("the document is not GraphQL, mend it: {error}"),
            (Self::Unclosed, Locale::Vi) => "có chuỗi mở bằng `\"\"\"` mà không đóng: hãy đóng bằng `\"\"\"`".into(),
            (Self::Unclosed, Locale::En) => "a string that begins with `\"\"\"` never ends: close it by `\"\"\"`".into(),
            (Self::TooLarge(excess), _) => excess.words(locale),
            (Self::Cycle(name), Locale::Vi) => format!("mảnh (fragment) `{name}` chứa chính nó: hãy chèn nó ở ngoài những gì tạo nên nó"),
            (Self::Cycle(name), Locale::En) => format!("the fragment `{name}` contains itself: spread it outside of what it is made of"),
            (Self::Variable { name, of }, Locale::Vi) => format!("thiếu biến `${name}` kiểu `{of}`: hãy nêu trong `variables`"),
            (Self::Variable { name, of }, Locale::En) => {
                format!("the variable `${name}` of type `{of}` is missing: give it in `variables`")
            }
            (Self::Operation(None), Locale::Vi) => "truy vấn có nhiều thao tác: hãy nêu tên một thao tác ở `operationName`".into(),
            (Self::Operation(None), Locale::En) => "the document has several operations: say which by `operationName`".into(),
            (Self::Operation(Some(name)), Locale::Vi) => format!("truy vấn không có thao tác tên `{name}`: hãy sửa `operationName`"),
            (Self::Operation(Some(name)), Locale::En) => format!("the document has no operation named `{name}`: mend `operationName`"),
        }
    }

    /// Where in the document.
    pub fn locations(&self) -> Vec<Pos> {
        match self {
            Self::Syntax(error) => ServerError::from(error.clone()).locations,
            _ => Vec::new(),
        }
    }
}

/// Parses the request's document, measures it, and leaves it in the request, so that it is not parsed again.
/// Says which type of operation is asked for.
pub fn prepare(request: &mut Request, limits: &Limits) -> Result<OperationType, DocumentError> {
    let lexicon = Lexicon::of(&request.query);
    limits.check(Limit::Tokens, lexicon.tokens)?;
    // The parser recurses: brackets enough overflow the stack, which ends the process.
    limits.check(Limit::Nesting, lexicon.nesting)?;
    if lexicon.is_open {
        return Err(DocumentError::Unclosed);
    }
    let mut document = parse_query(&request.query)?;
    settle_omitted_pages(&mut document, &request.variables);
    Census::take(&document)?.check(limits)?;
    let operation = asked_operation(&document, request.operation_name.as_deref())?;
    let operation_type = operation.ty;
    require_variables(operation, &request.variables)?;
    request.set_parsed_query(document);
    Ok(operation_type)
}

/// Whether the operation that is asked for, of a document that [`prepare`] has passed, has root fields of these names and no others, written
/// out where they stand.
pub fn asks_only(request: &mut Request, names: &[&str]) -> bool {
    let name = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else { return false };
    let Ok(operation) = asked_operation(document, name.as_deref()) else { return false };
    let is_one = |selection: &Positioned<Selection>| match &selection.node {
        Selection::Field(field) => names.contains(&field.node.name.node.as_str()),
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => false,
    };
    operation.ty == OperationType::Mutation && operation.selection_set.node.items.iter().all(is_one)
}

fn asked_operation<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, DocumentError> {
    let mut operations = document.operations.iter();
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(_), None) => operations.next(),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => operations.next(),
        (_, None) => return Err(DocumentError::Operation(None)),
        (_, Some(name)) => operations.find(|(own, _)| own.is_some_and(|own| own == name)),
    };
    let unknown = || DocumentError::Operation(Some(name.unwrap_or_default().chars().take(64).collect()));
    Ok(&found.ok_or_else(unknown)?.1.node)
}

/// The library computes the cost of `first: $first` before anything else, and takes a nullable variable that is not given for an error.
/// Here such a variable becomes null, which says the same of a page.
fn settle_omitted_pages(document: &mut ExecutableDocument, given: &Variables) {
    let mut pages: HashSet<String> = HashSet::new();
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let mut waiting: Vec<&SelectionSet> =
        operations.chain(document.fragments.values().map(|fragment| &fragment.node.selection_set.node)).collect();
    while let Some(set) = waiting.pop() {
        for selection in &set.items {
            step();
            match &selection.node {
                Selection::Field(field) => {
                    let sizes = field.node.arguments.iter().filter(|(name, _)| matches!(name.node.as_str(), "first" | "last"));
                    // Written out, only a variable begins like this.
                    pages.extend(sizes.filter_map(|(_, value)| value.node.to_string().strip_prefix('$').map(str::to_owned)));
                    waiting.push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => waiting.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    let operations: Vec<&mut Positioned<OperationDefinition>> = match &mut document.operations {
        DocumentOperations::Single(one) => vec![one],
        DocumentOperations::Multiple(all) => all.values_mut().collect(),
    };
    for definition in operations.into_iter().flat_map(|operation| &mut operation.node.variable_definitions) {
        let (name, pos) = (&definition.node.name.node, definition.pos);
        let is_omitted = definition.node.default_value.is_none() && !given.contains_key(name);
        if is_omitted && definition.node.var_type.node.nullable && pages.contains(name.as_str()) {
            definition.node.default_value = Some(Positioned::new(Value::Null, pos));
        }
    }
}

/// The library notices a missing variable only where it is used, in the middle of execution.
fn require_variables(operation: &OperationDefinition, given: &Variables) -> Result<(), DocumentError> {
    for variable in &operation.variable_definitions {
        let (name, of) = (&variable.node.name.node, &variable.node.var_type.node);
        let missing = match given.get(name) {
            None => variable.node.default_value.is_none(),
            Some(value) => *value == Value::Null,
        };
        if missing && !of.nullable {
            return Err(DocumentError::Variable { name: name.to_string(), of: of.to_string() });
        }
    }
    Ok(())
}

/// The size of a selection set with its fragments written out.
#[derive(Clone, Copy, Default)]
struct Extent {
    /// Levels of fields.
    depth: usize,
    /// Selections at all levels.
    selections: usize,
    /// Fields at the first level.
    roots: usize,
}

impl Extent {
    /// Adds what stands beside: the deeper counts, the rest adds up.
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            selections: self.selections.saturating_add(other.selections),
            roots: self.roots.saturating_add(other.roots),
        }
    }
}

/// What is counted in a document, each definition once.
struct Census<'a> {
    document: &'a ExecutableDocument,
    /// The fragments met; `None` while one is being measured, by which a cycle shows.
    fragments: HashMap<&'a str, Option<Extent>>,
    largest: Extent,
    aliases: usize,
    directives: usize,
    spreads: usize,
}

impl<'a> Census<'a> {
    fn take(document: &'a ExecutableDocument) -> Result<Self, DocumentError> {
        let mut census = Self { document, fragments: HashMap::new(), largest: Extent::default(), aliases: 0, directives: 0, spreads: 0 };
        for (_, operation) in document.operations.iter() {
            census.count_directives(&operation.node.directives);
            for variable in &operation.node.variable_definitions {
                census.count_directives(&variable.node.directives);
            }
            let extent = census.measure(&operation.node.selection_set.node)?;
            // Validation walks all operations, one after the other; only one is executed.
            let roots = extent.roots.max(census.largest.roots);
            census.largest = Extent { roots, ..census.largest.beside(extent) };
        }
        // It walks fragments that no operation spreads, too.
        for name in document.fragments.keys() {
            let Extent { depth, selections, .. } = census.measure_fragment(name)?;
            census.largest.depth = census.largest.depth.max(depth);
            census.largest.selections = census.largest.selections.max(selections);
        }
        Ok(census)
    }

    fn check(&self, limits: &Limits) -> Result<(), Excess> {
        limits.check(Limit::FragmentSpreads, self.spreads)?;
        limits.check(Limit::ExpandedFields, self.largest.selections)?;
        limits.check(Limit::Depth, self.largest.depth)?;
        limits.check(Limit::RootFields, self.largest.roots)?;
        limits.check(Limit::Aliases, self.aliases)?;
        limits.check(Limit::Directives, self.directives)
    }

    fn count_directives(&mut self, directives: &[Positioned<Directive>]) {
        self.directives += directives.len();
    }

    fn measure(&mut self, set: &'a SelectionSet) -> Result<Extent, DocumentError> {
        let mut whole = Extent::default();
        for item in &set.items {
            step();
            self.count_directives(item.node.directives());
            let part = match &item.node {
                Selection::Field(field) => {
                    self.aliases += usize::from(field.node.alias.is_some());
                    let below = self.measure(&field.node.selection_set.node)?;
                    Extent { depth: below.depth + 1, selections: below.selections, roots: 1 }
                }
                Selection::InlineFragment(fragment) => self.measure(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    self.spreads += 1;
                    self.measure_fragment(&spread.node.fragment_name.node)?
                }
            };
            whole = whole.beside(Extent { selections: part.selections.saturating_add(1), ..part });
        }
        Ok(whole)
    }

    fn measure_fragment(&mut self, name: &str) -> Result<Extent, DocumentError> {
        // One that does not exist is left to validation, which names it.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return Ok(Extent::default()) };
        match self.fragments.insert(name, None) {
            Some(None) => return Err(DocumentError::Cycle(name.to_string())),
            Some(Some(known)) => {
                self.fragments.insert(name, Some(known));
                return Ok(known);
            }
            None => {}
        }
        self.count_directives(&fragment.node.directives);
        let extent = self.measure(&fragment.node.selection_set.node)?;
        self.fragments.insert(name, Some(extent));
        Ok(extent)
    }
}

/// One step of a walk over a document. Tests count them: none of the walks may take more of them than the source is long.
#[inline]
fn step() {
    #[cfg(test)]
    tests::STEPS.with(|steps| steps.set(steps.get() + 1));
}

/// What can be counted without parsing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lexicon {
    /// Names, numbers, strings and punctuators; not comments, commas and blanks.
    tokens: usize,
    /// Brackets of any kind within brackets.
    nesting: usize,
    /// Whether a block string begins and never ends; nothing behind it is counted.
    is_open: bool,
}

impl Lexicon {
    fn of(source: &str) -> Self {
        let mut rest = source.as_bytes();
        let (mut counted, mut open) = (Self::default(), 0_usize);
        while let Some(&first) = rest.first() {
            step();
            let (length, tokens) = match first {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => (1, 0),
                b'#' => (run(rest, |byte| byte != b'\n' && byte != b'\r'), 0),
                b'"' => match string_length(rest) {
                    Some(length) => (length, 1),
                    None => return Self { tokens: counted.tokens + 1, is_open: true, ..counted },
                },
                b'.' => (run(&rest[..rest.len().min(3)], |byte| byte == b'.'), 1),
                b'-' | b'0'..=b'9' => (1 + run(&rest[1..], |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-')), 1),
                b'_' | b'a'..=b'z' | b'A'..=b'Z' => (run(rest, |byte| byte == b'_' || byte.is_ascii_alphanumeric()), 1),
                _ => (1, 1),
            };
            match first {
                b'(' | b'[' | b'{' => open += 1,
                b')' | b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            counted = Self { tokens: counted.tokens + tokens, nesting: counted.nesting.max(open), is_open: false };
            rest = rest.get(length..).unwrap_or_default();
        }
        counted
    }
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().inspect(|_| step()).take_while(|&&byte| belongs(byte)).count()
}

/// The length of the string or block string at the start; none: a block string that never ends. A string that does not end goes to the end
/// of the source, for the parser stops there.
fn string_length(bytes: &[u8]) -> Option<usize> {
    if let Some(inside) = bytes.strip_prefix(b"\"\"\"") {
        return closing(inside, b"\"\"\"", b"\\\"\"\"").map(|at| at + 6);
    }
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        step();
        match byte {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    Some(bytes.len())
}

/// Where `quote` stands first in `bytes`, except as part of `escaped`.
fn closing(bytes: &[u8], quote: &[u8], escaped: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        step();
        if rest.starts_with(quote) {
            return Some(at);
        }
        at += if rest.starts_with(escaped) { escaped.len() } else { 1 };
    }
    None
}

#[cfg(test)]
mod tests;
