//! What a person can mend: a rule broken, a stale version, a thing not found.
//!
//! A refusal says which rule, where in the input, and what to do next, in Vietnamese and in English. What only a developer
//! or an operator can mend is a fault, and lives outside this crate.

mod access;
mod completion;
mod directive;
mod ending;
mod figure;
mod input;
mod obligation;
mod people;
mod register;
mod requirement;
mod scope;
mod succession;
mod table;
mod tree;
#[cfg(test)]
mod words_tests;

pub use access::AccessRefusal;
pub use completion::CompletionRefusal;
pub use directive::DirectiveRefusal;
pub use ending::EndingRefusal;
pub use figure::FigureRefusal;
pub use input::{InputRefusal, Noun};
pub use obligation::ObligationRefusal;
pub use people::PeopleRefusal;
pub use register::RegisterRefusal;
pub use requirement::RequirementRefusal;
pub use scope::ScopeRefusal;
pub use succession::SuccessionRefusal;
pub use table::TableRefusal;
pub use tree::{KindName, Permitted, Placement, TreeRefusal};

use std::fmt;

use crate::ids::UnitId;

/// The language of a text for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Locale {
    /// Picks the text of this language.
    pub fn pick<T>(self, vi: T, en: T) -> T {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}

/// The kind of a refusal as clients branch on it; the schema's `UserErrorCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The input is not well formed or breaks a rule that has no code of its own.
    Invalid,
    /// There is no such thing, or the caller may not know of it (A5).
    NotFound,
    /// The thing may be known but not touched (A5).
    Forbidden,
    /// Somebody changed it meanwhile.
    Conflict,
    /// A code, symbol or name that must be unique is taken.
    AlreadyExists,
    /// The life of a directive or an obligation has no such step (D1, L1).
    StepNotAllowed,
    /// A gate is not open yet (L5).
    GateClosed,
    /// A scope reaches outside the issuer's subtree (B2).
    OutsideIssuer,
    /// The kind of unit may not stand there on that day (O1, O3).
    PlacementNotPermitted,
    /// The change would make a cycle (O3, D4).
    Cycle,
    /// A later fact stands in the way (O5).
    LaterFact,
    /// The same idempotency key came with another input.
    IdempotencyMismatch,
    /// More than a limit allows.
    LimitExceeded,
}

/// What every family of reasons tells of itself.
pub trait Explain {
    /// The code that clients branch on.
    fn code(&self) -> Code;
    /// The number of the rule in `docs/domain.md`.
    fn rule(&self) -> &'static str;
    /// What is wrong and what to do next: lower case, no full stop, values in backticks.
    fn words(&self, locale: Locale) -> String;
}

/// Why something is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum RefusalKind {
    /// The input itself.
    Input(InputRefusal),
    /// The tree (section 2).
    Tree(TreeRefusal),
    /// The registers of kinds (O1, D3).
    Register(RegisterRefusal),
    /// A table of units (O11).
    Table(TableRefusal),
    /// How units end and begin again (O6).
    Ending(EndingRefusal),
    /// Directives (section 3).
    Directive(DirectiveRefusal),
    /// Scopes and binding (section 4).
    Scope(ScopeRefusal),
    /// Obligations, reports and their figures (sections 5 and 7).
    Obligation(ObligationRefusal),
    /// What a reorganization does to obligations (section 6).
    Succession(SuccessionRefusal),
    /// Questions about completion (section 7).
    Completion(CompletionRefusal),
    /// Persons and their appointments.
    People(PeopleRefusal),
    /// Rights (section 8).
    Access(AccessRefusal),
}

impl RefusalKind {
    fn explain(&self) -> &dyn Explain {
        match self {
            Self::Input(reason) => reason,
            Self::Tree(reason) => reason,
            Self::Register(reason) => reason,
            Self::Table(reason) => reason,
            Self::Ending(reason) => reason,
            Self::Directive(reason) => reason,
            Self::Scope(reason) => reason,
            Self::Obligation(reason) => reason,
            Self::Succession(reason) => reason,
            Self::Completion(reason) => reason,
            Self::People(reason) => reason,
            Self::Access(reason) => reason,
        }
    }
}

/// One step from the input's root towards the value that is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field of an input object, by its name in the schema.
    Field(&'static str),
    /// A place in a list, from 0.
    Index(usize),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Index(index) => index.fmt(f),
        }
    }
}

/// A reason, and its place in the input.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    kind: Box<RefusalKind>,
    path: Vec<Step>,
    /// The rule of the domain that the form serves here, where one does.
    rule: Option<&'static str>,
}

impl Refusal {
    /// Why.
    pub fn kind(&self) -> &RefusalKind {
        &self.kind
    }

    /// Where in the input, outermost step first.
    pub fn path(&self) -> &[Step] {
        &self.path
    }

    /// The code that clients branch on.
    pub fn code(&self) -> Code {
        self.kind.explain().code()
    }

    /// The number of the rule in `docs/domain.md`.
    pub fn rule(&self) -> &'static str {
        self.rule.unwrap_or_else(|| self.kind.explain().rule())
    }

    /// The same refusal by a rule of the domain: "not later than" is a matter of form (F5) until a rule says why.
    #[must_use]
    pub fn by(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// The unit that is not found, where it was pointed at by its id.
    pub fn lost_unit(&self) -> Option<UnitId> {
        match &*self.kind {
            RefusalKind::Input(InputRefusal::NotFound { wanted: Noun::OrgUnit, given }) => given.parse().ok().map(UnitId),
            _ => None,
        }
    }

    /// The same, with [`Self::lost_unit`] called as people call it: who reads of a batch of others never saw the id.
    #[must_use]
    pub fn calling_the_lost(mut self, calling: &str) -> Self {
        if self.lost_unit().is_some() {
            *self.kind = RefusalKind::Input(InputRefusal::NotFound { wanted: Noun::OrgUnit, given: calling.to_owned() });
        }
        self
    }

    /// The text for a person.
    pub fn words(&self, locale: Locale) -> String {
        let words = self.kind.explain().words(locale);
        // A value that was given empty would leave a hole in the sentence.
        words.replace("``", locale.pick("(để trống)", "(empty)"))
    }

    /// The text for a person who sees nothing beside it: with the number of the rule at its end.
    pub fn told(&self, locale: Locale) -> String {
        format!("{} ({})", self.words(locale), self.rule())
    }

    /// The same refusal, seen from `steps` further in: what a plan says of its own input becomes part of another path.
    #[must_use]
    pub fn beyond(mut self, steps: usize) -> Self {
        self.path.drain(..steps.min(self.path.len()));
        self
    }

    /// The same refusal, seen from the object whose field `name` holds the value.
    #[must_use]
    pub fn within(mut self, name: &'static str) -> Self {
        self.path.insert(0, Step::Field(name));
        self
    }

    /// The same refusal, seen from the list whose item `index` holds the value.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.path.insert(0, Step::Index(index));
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Locale::En))
    }
}

macro_rules! refusal_from {
    ($($family:ident => $variant:ident),+ $(,)?) => {$(
        impl From<$family> for Refusal {
            fn from(reason: $family) -> Self {
                Self { kind: Box::new(RefusalKind::$variant(reason)), path: Vec::new(), rule: None }
            }
        }
    )+};
}

refusal_from! {
    InputRefusal => Input,
    TreeRefusal => Tree,
    RegisterRefusal => Register,
    TableRefusal => Table,
    EndingRefusal => Ending,
    DirectiveRefusal => Directive,
    ScopeRefusal => Scope,
    ObligationRefusal => Obligation,
    SuccessionRefusal => Succession,
    CompletionRefusal => Completion,
    PeopleRefusal => People,
    AccessRefusal => Access,
}
