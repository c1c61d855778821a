//! What a batch asked for, as it is kept so that it can be planned again: texts in their normal form, units by their ids (O5).

use chidao_domain::ids::UnitId;
use chidao_domain::reorganization::{self as domain, ExternalId, UnitRef};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::store::error::Fault;

/// The name under which changes keep external identifiers: a text without it gives none.
pub(super) const EXTERNAL_IDS: &str = "\"external_ids\"";

/// The kept form of a change.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
enum Asked {
    Establish {
        unit: Uuid,
        code: String,
        kind: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        short_name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member_count: Option<i32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        external_ids: Vec<(String, String)>,
    },
    Revise {
        unit: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
        short_name: Option<Option<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
        member_count: Option<Option<i32>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_ids: Option<Vec<(String, String)>>,
    },
    Move {
        unit: Uuid,
        parent: Option<Uuid>,
    },
    ChangeKind {
        unit: Uuid,
        kind: String,
        parent: Option<Uuid>,
    },
    Merge {
        units: Vec<Uuid>,
        into: Uuid,
    },
    Split {
        unit: Uuid,
        into: Vec<(Uuid, Vec<Uuid>)>,
    },
    Dissolve {
        unit: Uuid,
        heir: Option<Uuid>,
        children_to: Option<Uuid>,
    },
    Reopen {
        unit: Uuid,
        parent: Option<Uuid>,
    },
    EndAgain {
        unit: Uuid,
        heirs: Vec<Uuid>,
        parent: Option<Uuid>,
    },
}

/// A value that stands there, be it null, was given.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The kept form of planned changes.
///
/// # Errors
/// [`Fault`] where a change points otherwise than by id, which a plan rules out.
pub(super) fn to_json<'a>(changes: impl IntoIterator<Item = &'a domain::Change>) -> Result<String, Fault> {
    // Change by change, since an import asks for very many; and the text is no longer than it is.
    let mut text = vec![b'['];
    for (at, change) in changes.into_iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut text, &keep(change).ok_or_else(unreadable)?)?;
    }
    text.push(b']');
    text.shrink_to_fit();
    String::from_utf8(text).map_err(|_| unreadable())
}

/// The changes again.
///
/// # Errors
/// [`Fault`] where the text is no such list.
pub(super) fn from_json(text: &str) -> Result<Vec<domain::Change>, Fault> {
    Ok(serde_json::from_str::<Vec<Asked>>(text)?.into_iter().map(read).collect())
}

fn unreadable() -> Fault {
    Fault::Corrupt { table: "reorganization", wanted: "changes that point by id", value: "another reference".into() }
}

fn by_id(unit: &UnitRef) -> Option<Uuid> {
    match unit {
        UnitRef::Id(id) => Some(id.0),
        UnitRef::Code(_) | UnitRef::External(_) => None,
    }
}

/// `None` where there is a reference otherwise than by id; `Some(None)` where there is none.
fn maybe(unit: Option<&UnitRef>) -> Option<Option<Uuid>> {
    unit.map_or(Some(None), |unit| by_id(unit).map(Some))
}

fn all(units: &[UnitRef]) -> Option<Vec<Uuid>> {
    units.iter().map(by_id).collect()
}

fn texts(ids: &[ExternalId]) -> Vec<(String, String)> {
    ids.iter().map(|id| (id.scheme.to_string(), id.value.to_string())).collect()
}

fn keep(change: &domain::Change) -> Option<Asked> {
    Some(match change {
        domain::Change::Establish(change) => Asked::Establish {
            unit: change.id.0,
            code: change.code.clone(),
            kind: change.kind.clone(),
            name: change.name.clone(),
            short_name: change.short_name.clone(),
            member_count: change.member_count,
            parent: maybe(change.parent.as_ref())?,
            external_ids: texts(&change.external_ids),
        },
        domain::Change::Revise(change) => Asked::Revise {
            unit: by_id(&change.unit)?,
            name: change.name.clone(),
            short_name: change.short_name.clone(),
            member_count: change.member_count,
            external_ids: change.external_ids.as_deref().map(texts),
        },
        domain::Change::Move(change) => Asked::Move { unit: by_id(&change.unit)?, parent: maybe(change.parent.as_ref())? },
        domain::Change::ChangeKind(change) => {
            Asked::ChangeKind { unit: by_id(&change.unit)?, kind: change.kind.clone(), parent: maybe(change.parent.as_ref())? }
        }
        domain::Change::Merge(change) => Asked::Merge { units: all(&change.units)?, into: by_id(&change.into)? },
        domain::Change::Split(change) => {
            let parts = change.into.iter().map(|part| Some((by_id(&part.into)?, all(&part.children)?)));
            Asked::Split { unit: by_id(&change.unit)?, into: parts.collect::<Option<_>>()? }
        }
        domain::Change::Dissolve(change) => Asked::Dissolve {
            unit: by_id(&change.unit)?,
            heir: maybe(change.heir.as_ref())?,
            children_to: maybe(change.children_to.as_ref())?,
        },
        domain::Change::Reopen(change) => Asked::Reopen { unit: by_id(&change.unit)?, parent: maybe(change.parent.as_ref())? },
        domain::Change::EndAgain(change) => Asked::EndAgain {
            unit: by_id(&change.unit)?,
            heirs: change.heirs.iter().map(|heir| heir.0).collect(),
            parent: change.parent.map(|parent| parent.0),
        },
    })
}

fn points(unit: Uuid) -> UnitRef {
    UnitRef::Id(UnitId(unit))
}

fn pairs(ids: Vec<(String, String)>) -> Vec<ExternalId> {
    ids.into_iter().map(|(scheme, value)| ExternalId { scheme: scheme.into(), value: value.into() }).collect()
}

fn read(asked: Asked) -> domain::Change {
    let each = |units: Vec<Uuid>| units.into_iter().map(points).collect::<Vec<_>>();
    match asked {
        Asked::Establish { unit, code, kind, name, short_name, member_count, parent, external_ids } => {
            let (id, parent, external_ids) = (UnitId(unit), parent.map(points), pairs(external_ids));
            domain::Change::Establish(domain::Establish { id, code, kind, name, short_name, member_count, parent, external_ids })
        }
        Asked::Revise { unit, name, short_name, member_count, external_ids } => domain::Change::Revise(domain::Revise {
            unit: points(unit),
            name,
            short_name,
            member_count,
            external_ids: external_ids.map(pairs),
        }),
        Asked::Move { unit, parent } => domain::Change::Move(domain::Move { unit: points(unit), parent: parent.map(points) }),
        Asked::ChangeKind { unit, kind, parent } => {
            domain::Change::ChangeKind(domain::ChangeKind { unit: points(unit), kind, parent: parent.map(points) })
        }
        Asked::Merge { units, into } => domain::Change::Merge(domain::Merge { units: each(units), into: points(into) }),
        Asked::Split { unit, into } => domain::Change::Split(domain::Split {
            unit: points(unit),
            into: into.into_iter().map(|(into, children)| domain::SplitPart { into: points(into), children: each(children) }).collect(),
        }),
        Asked::Dissolve { unit, heir, children_to } => {
            domain::Change::Dissolve(domain::Dissolve { unit: points(unit), heir: heir.map(points), children_to: children_to.map(points) })
        }
        Asked::Reopen { unit, parent } => domain::Change::Reopen(domain::Reopen { unit: points(unit), parent: parent.map(points) }),
        Asked::EndAgain { unit, heirs, parent } => domain::Change::EndAgain(domain::EndAgain {
            unit: points(unit),
            heirs: heirs.into_iter().map(UnitId).collect(),
            parent: parent.map(UnitId),
        }),
    }
}
