//! What a batch did, as it is kept: ids, and texts before and after.

use chidao_domain::ids::UnitId;
use chidao_domain::reorganization::{self as domain, Effect, Ending, FieldRevision, SuccessionKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One change as it is kept: ids, and texts before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A unit came into being.
    Established {
        /// The unit.
        unit: Uuid,
    },
    /// A unit got new values.
    Revised {
        /// The unit.
        unit: Uuid,
        /// What changed: the field's name in the schema, before, after.
        fields: Vec<(String, Option<String>, Option<String>)>,
    },
    /// A unit got another parent.
    Moved(Moved),
    /// A unit became one of another kind.
    KindChanged {
        /// The unit.
        unit: Uuid,
        /// The code of its kind before.
        from: String,
        /// The code of its kind now.
        to: String,
        /// Where it moved, if it did.
        moved: Option<Moved>,
    },
    /// Units became one.
    Merged {
        /// Those that ended.
        units: Vec<Uuid>,
        /// What they became.
        into: Uuid,
        /// Their children, which stand under it now.
        children: Vec<Moved>,
    },
    /// A unit became several.
    Split {
        /// The unit.
        unit: Uuid,
        /// What it became.
        into: Vec<Uuid>,
        /// Its children, which stand under the parts now.
        children: Vec<Moved>,
    },
    /// A unit ended.
    Dissolved {
        /// The unit.
        unit: Uuid,
        /// Who took over.
        heir: Option<Uuid>,
        /// Its children, which stand elsewhere now.
        children: Vec<Moved>,
    },
    /// A unit is active again.
    Reopened {
        /// The unit.
        unit: Uuid,
        /// Its parent.
        parent: Option<Uuid>,
    },
}

impl Change {
    /// Who ends or is split by it, and who takes over.
    pub fn endings(&self) -> Vec<Ending> {
        let ending = |unit: Uuid, kind, heirs: &[Uuid], stays| Ending {
            unit: UnitId(unit),
            kind,
            heirs: heirs.iter().copied().filter(|heir| *heir != unit).map(UnitId).collect(),
            stays,
        };
        match self {
            Self::Merged { units, into, .. } => {
                let ended = units.iter().filter(|unit| *unit != into);
                ended.map(|unit| ending(*unit, SuccessionKind::Merge, &[*into], false)).collect()
            }
            Self::Split { unit, into, .. } => vec![ending(*unit, SuccessionKind::Split, into, into.contains(unit))],
            Self::Dissolved { unit, heir, .. } => vec![ending(*unit, SuccessionKind::Heir, heir.as_slice(), false)],
            Self::Established { .. } | Self::Revised { .. } | Self::Moved(_) | Self::KindChanged { .. } | Self::Reopened { .. } => {
                Vec::new()
            }
        }
    }
}

/// A unit that got another parent, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The unit.
    pub unit: Uuid,
    /// The parent before; none where it was a root.
    pub from: Option<Uuid>,
    /// The parent now; none where it is a root.
    pub to: Option<Uuid>,
}

impl From<&domain::Moved> for Moved {
    fn from(moved: &domain::Moved) -> Self {
        Self { unit: moved.unit.0, from: moved.from.map(Uuid::from), to: moved.to.map(Uuid::from) }
    }
}

impl From<&Effect> for Change {
    fn from(effect: &Effect) -> Self {
        let ids = |units: &[UnitId]| units.iter().map(|unit| unit.0).collect();
        let moves = |children: &[domain::Moved]| children.iter().map(Moved::from).collect();
        match effect {
            Effect::Established { unit, .. } => Self::Established { unit: unit.0 },
            Effect::Revised { unit, fields } => Self::Revised { unit: unit.0, fields: fields.iter().map(field_change).collect() },
            Effect::Moved(moved) => Self::Moved(moved.into()),
            Effect::KindChanged { unit, from, to, moved } => {
                Self::KindChanged { unit: unit.0, from: from.to_string(), to: to.to_string(), moved: moved.as_ref().map(Moved::from) }
            }
            Effect::Merged { units, into, children } => Self::Merged { units: ids(units), into: into.0, children: moves(children) },
            Effect::Split { unit, into, children } => Self::Split { unit: unit.0, into: ids(into), children: moves(children) },
            Effect::Dissolved { unit, heir, children } => {
                Self::Dissolved { unit: unit.0, heir: heir.map(Uuid::from), children: moves(children) }
            }
            Effect::Reopened { unit, parent } => Self::Reopened { unit: unit.0, parent: parent.map(Uuid::from) },
        }
    }
}

/// A revised field as texts: its name in the schema, before, after.
pub fn field_change(field: &FieldRevision) -> (String, Option<String>, Option<String>) {
    let texts = |ids: &[chidao_domain::reorganization::ExternalId]| {
        let all: Vec<String> = ids.iter().map(|id| format!("{} {}", id.scheme, id.value)).collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    match field {
        FieldRevision::Name { before, after } => ("name".into(), Some(before.to_string()), Some(after.to_string())),
        FieldRevision::ShortName { before, after } => {
            ("shortName".into(), before.as_ref().map(ToString::to_string), after.as_ref().map(ToString::to_string))
        }
        FieldRevision::MemberCount { before, after } => {
            ("memberCount".into(), before.map(|count| count.to_string()), after.map(|count| count.to_string()))
        }
        FieldRevision::ExternalIds { before, after } => ("externalIds".into(), texts(before), texts(after)),
    }
}
