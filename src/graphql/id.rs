//! Opaque global ids: one byte for the type and sixteen for the thing, as base64url.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chidao_domain::ids::{
    AppointmentId, CommentId, DirectiveId, GrantId, ObligationId, PersonId, PrincipalId, ReorganizationId, ReportId, RequirementId, UnitId,
};
use chidao_domain::journal::Subject;
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use uuid::Uuid;

/// What a global id can point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NodeId {
    OrgUnit(UnitId),
    Reorganization(ReorganizationId),
    Person(PersonId),
    Appointment(AppointmentId),
    Directive(DirectiveId),
    Requirement(RequirementId),
    Obligation(ObligationId),
    Report(ReportId),
    Comment(CommentId),
    Principal(PrincipalId),
    Grant(GrantId),
    JournalEntry(i64),
}

impl NodeId {
    fn parts(self) -> (u8, Uuid) {
        match self {
            Self::OrgUnit(id) => (1, id.0),
            Self::Reorganization(id) => (2, id.0),
            Self::Person(id) => (3, id.0),
            Self::Appointment(id) => (4, id.0),
            Self::Directive(id) => (5, id.0),
            Self::Requirement(id) => (6, id.0),
            Self::Obligation(id) => (7, id.0),
            Self::Report(id) => (8, id.0),
            Self::Comment(id) => (9, id.0),
            Self::Principal(id) => (10, id.0),
            Self::Grant(id) => (11, id.0),
            Self::JournalEntry(position) => (12, Uuid::from_u64_pair(0, position.unsigned_abs())),
        }
    }

    fn of_noun(noun: Noun, id: Uuid) -> Option<Self> {
        Some(match noun {
            Noun::OrgUnit => Self::OrgUnit(id.into()),
            Noun::Reorganization => Self::Reorganization(id.into()),
            Noun::Directive => Self::Directive(id.into()),
            Noun::Requirement => Self::Requirement(id.into()),
            Noun::Obligation => Self::Obligation(id.into()),
            Noun::Report => Self::Report(id.into()),
            Noun::Comment => Self::Comment(id.into()),
            Noun::Person => Self::Person(id.into()),
            Noun::Appointment => Self::Appointment(id.into()),
            Noun::Principal => Self::Principal(id.into()),
            Noun::Grant => Self::Grant(id.into()),
            Noun::OrgUnitKind | Noun::DirectiveKind | Noun::Thing => return None,
        })
    }

    /// The thing's own id, which no thing of another type has.
    pub(crate) fn uuid(self) -> Uuid {
        self.parts().1
    }

    fn of(tag: u8, id: Uuid) -> Option<Self> {
        Some(match tag {
            1 => Self::OrgUnit(id.into()),
            2 => Self::Reorganization(id.into()),
            3 => Self::Person(id.into()),
            4 => Self::Appointment(id.into()),
            5 => Self::Directive(id.into()),
            6 => Self::Requirement(id.into()),
            7 => Self::Obligation(id.into()),
            8 => Self::Report(id.into()),
            9 => Self::Comment(id.into()),
            10 => Self::Principal(id.into()),
            11 => Self::Grant(id.into()),
            12 => Self::JournalEntry(i64::try_from(id.as_u64_pair().1).ok()?),
            _ => return None,
        })
    }

    /// The id as clients see it.
    pub(crate) fn encode(self) -> ID {
        let (tag, id) = self.parts();
        let mut bytes = [tag; 17];
        bytes[1..].copy_from_slice(id.as_bytes());
        ID(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What an id points at; `None` where this server did not make it.
    pub(crate) fn decode(id: &str) -> Option<Self> {
        let bytes: [u8; 17] = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
        let (tag, rest) = bytes.split_first()?;
        Self::of(*tag, Uuid::from_slice(rest).ok()?)
    }
}

impl NodeId {
    /// The node that an entry of the journal is about; entries of registers are none: their changes name the code.
    pub(crate) fn of_subject(subject: Subject) -> Option<Self> {
        Some(match subject {
            Subject::Reorganization(id) => Self::Reorganization(id),
            Subject::OrgUnit(id) => Self::OrgUnit(id),
            Subject::Person(id) => Self::Person(id),
            Subject::Appointment(id) => Self::Appointment(id),
            Subject::Directive(id) => Self::Directive(id),
            Subject::Requirement(id) => Self::Requirement(id),
            Subject::Comment(id) => Self::Comment(id),
            Subject::Obligation(id) => Self::Obligation(id),
            Subject::Principal(id) => Self::Principal(id),
            Subject::Grant(id) => Self::Grant(id),
            Subject::OrgUnitKind(_) | Subject::DirectiveKind(_) => return None,
        })
    }
}

/// A refusal's words with ids as clients know them: the domain names a thing by its own id, the schema by its global one.
pub(crate) fn as_shown(words: &str, noun: Noun) -> String {
    let quoted = |quoted: &str| {
        let several = quoted.contains(' ');
        let shown = |word: &str| match word.parse::<Uuid>() {
            // An obligation is named by its requirement, its unit and its period too.
            Ok(id) if several && noun == Noun::Obligation => NodeId::Requirement(id.into()).encode().0,
            Ok(id) => NodeId::of_noun(noun, id).map_or_else(|| word.into(), |id| id.encode().0),
            Err(_) => word.into(),
        };
        quoted.split(' ').map(shown).collect::<Vec<_>>().join(" ")
    };
    let parts = words.split('`').enumerate();
    parts.map(|(place, part)| if place % 2 == 1 { quoted(part) } else { part.into() }).collect::<Vec<_>>().join("`")
}

/// An id of one type of thing.
pub(crate) trait Typed: Sized {
    /// What the thing is called in a refusal.
    const NOUN: Noun;

    /// The id, where a global id is of this type.
    fn pick(id: NodeId) -> Option<Self>;
}

macro_rules! typed {
    ($($id:ident => $variant:ident),+ $(,)?) => {$(
        impl Typed for $id {
            const NOUN: Noun = Noun::$variant;

            fn pick(id: NodeId) -> Option<Self> {
                match id {
                    NodeId::$variant(id) => Some(id),
                    _ => None,
                }
            }
        }

        impl From<$id> for NodeId {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        }
    )+};
}

typed! {
    UnitId => OrgUnit,
    ReorganizationId => Reorganization,
    PersonId => Person,
    AppointmentId => Appointment,
    DirectiveId => Directive,
    RequirementId => Requirement,
    ObligationId => Obligation,
    ReportId => Report,
    CommentId => Comment,
    PrincipalId => Principal,
    GrantId => Grant,
}

/// The id of a `T` in a global id; another type's, or one that this server did not make, is refused.
pub(crate) fn typed<T: Typed>(id: &ID) -> Result<T, Refusal> {
    NodeId::decode(id).and_then(T::pick).ok_or_else(|| malformed(id, T::NOUN))
}

/// What a global id of any type points at; one that this server did not make is refused (F1).
pub(crate) fn node_id(id: &ID) -> Result<NodeId, Refusal> {
    NodeId::decode(id).ok_or_else(|| malformed(id, Noun::Thing))
}

fn malformed(id: &ID, wanted: Noun) -> Refusal {
    InputRefusal::MalformedId { given: id.chars().take(40).collect(), wanted }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_things_by_the_ids_that_clients_know() {
        let id = Uuid::from_u128(7);
        let (obligation, requirement) = (NodeId::Obligation(id.into()).encode().0, NodeId::Requirement(id.into()).encode().0);
        assert_eq!(as_shown(&format!("there is no `{id}`"), Noun::Obligation), format!("there is no `{obligation}`"));
        assert_eq!(
            as_shown(&format!("there is no `{id} CQ-02`: see"), Noun::Obligation),
            format!("there is no `{requirement} CQ-02`: see")
        );
        assert_eq!(as_shown("there is no `CQ-02`", Noun::OrgUnit), "there is no `CQ-02`");
    }

    #[test]
    fn an_id_comes_back_as_what_it_was_and_as_nothing_else() {
        let unit = UnitId(Uuid::from_u128(7));
        let id = NodeId::from(unit).encode();
        assert_eq!(typed::<UnitId>(&id), Ok(unit));
        assert!(typed::<DirectiveId>(&id).is_err());
        assert_eq!(NodeId::decode("OrgUnit:1"), None);
        assert_eq!(NodeId::decode(&NodeId::JournalEntry(42).encode()), Some(NodeId::JournalEntry(42)));
    }
}
