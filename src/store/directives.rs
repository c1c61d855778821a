//! Directives: the document itself, and how others name it (section 3).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::directive::{DirectiveStatus, IssuingBody};
use chidao_domain::ids::{AppointmentId, DirectiveId, UnitId};
use chidao_domain::reorganization::ExternalId;
use chidao_domain::symbol::Symbol;
use chidao_domain::text;
use chidao_entity::{appointment, directive, directive_external_id};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait, IntoActiveModel as _, QueryFilter as _, Set};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::error::Fault;
use crate::store::journal::{ROWS_PER_INSERT, insert_all};
use crate::store::tx::Tx;

codes!("status of a directive", DirectiveStatus {
    Draft => "DRAFT",
    Consulting => "CONSULTING",
    Withdrawn => "WITHDRAWN",
    Issued => "ISSUED",
    Concluded => "CONCLUDED",
    Replaced => "REPLACED",
    Repealed => "REPEALED",
});

codes!("issuing body", IssuingBody {
    Congress => "CONGRESS",
    Committee => "COMMITTEE",
    StandingCommittee => "STANDING_COMMITTEE",
});

/// A directive as it is kept, without its requirements and relations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its id.
    pub id: DirectiveId,
    /// The unit that issues it.
    pub issuer: UnitId,
    /// The code of its kind.
    pub kind: String,
    /// Which body of the issuer.
    pub issuing_body: IssuingBody,
    /// The term of the issuer, where it names one (D3).
    pub term: Option<String>,
    /// As it is written.
    pub symbol: Option<Symbol>,
    /// In NFC.
    pub title: String,
    /// In a few sentences.
    pub summary: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// Where it stands (D1).
    pub status: DirectiveStatus,
    /// The date that the document bears.
    pub issued_on: Option<Day>,
    /// From when it applies.
    pub effective_on: Option<Day>,
    /// The day on whose tree its scopes were resolved (B3).
    pub bound_on: Option<Day>,
    /// The day on which its end was recorded (D6).
    pub ended_on: Option<Day>,
    /// What was said when it was concluded.
    pub conclusion: Option<String>,
    /// Who signed, and as what.
    pub signed_by: Option<AppointmentId>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When the draft was begun.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Directive {
    /// What people call it: its symbol and its title.
    pub fn called(&self) -> String {
        match &self.symbol {
            Some(symbol) => format!("{symbol} {}", self.title),
            None => self.title.clone(),
        }
    }

    /// Its symbol, or its title where it has none.
    pub fn name(&self) -> String {
        self.symbol.as_ref().map_or_else(|| self.title.clone(), ToString::to_string)
    }
}

fn directive_of(row: directive::Model) -> Result<Directive, Fault> {
    let unreadable = |symbol: &str| Fault::Corrupt { table: "directive.symbol", wanted: "symbol", value: symbol.into() };
    Ok(Directive {
        id: DirectiveId(row.id),
        issuer: UnitId(row.issuer_id),
        kind: row.kind_code,
        issuing_body: IssuingBody::decode(&row.issuing_body)?,
        term: Some(row.term).filter(|term| !term.is_empty()),
        symbol: row.symbol.map(|symbol| Symbol::parse(&symbol).map_err(|_| unreadable(&symbol))).transpose()?,
        title: row.title,
        summary: row.summary,
        body: row.body,
        status: DirectiveStatus::decode(&row.status)?,
        issued_on: row.issued_on,
        effective_on: row.effective_on,
        bound_on: row.bound_on,
        ended_on: row.ended_on,
        conclusion: row.conclusion,
        signed_by: row.signed_by_id.map(AppointmentId),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn row_of(directive: &Directive) -> directive::Model {
    directive::Model {
        id: directive.id.into(),
        issuer_id: directive.issuer.into(),
        kind_code: directive.kind.clone(),
        issuing_body: directive.issuing_body.code().into(),
        term: directive.term.clone().unwrap_or_default(),
        symbol: directive.symbol.as_ref().map(|symbol| symbol.written().into()),
        symbol_key: directive.symbol.as_ref().map(Symbol::comparison_key),
        symbol_number: directive.symbol.as_ref().map(|symbol| symbol.number().into()),
        title: directive.title.clone(),
        folded_title: text::fold(&directive.title),
        summary: directive.summary.clone(),
        body: directive.body.clone(),
        status: directive.status.code().into(),
        issued_on: directive.issued_on,
        effective_on: directive.effective_on,
        bound_on: directive.bound_on,
        ended_on: directive.ended_on,
        conclusion: directive.conclusion.clone(),
        signed_by_id: directive.signed_by.map(Uuid::from),
        version: directive.version,
        created_at: directive.created_at,
        updated_at: directive.updated_at,
    }
}

/// The directives with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_directives(sql: &impl ConnectionTrait, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, Directive>, Fault> {
    let mut found = HashMap::new();
    for some in ids.chunks(ROWS_PER_INSERT) {
        let query = directive::Entity::find().filter(directive::Column::Id.is_in(some.iter().map(|id| Uuid::from(*id))));
        for row in query.all(sql).await? {
            let known = directive_of(row)?;
            found.insert(known.id, known);
        }
    }
    Ok(found)
}

/// The directive with that id.
///
/// # Errors
/// A fault of the database.
pub async fn load_directive(sql: &impl ConnectionTrait, id: DirectiveId) -> Result<Option<Directive>, Fault> {
    Ok(load_directives(sql, &[id]).await?.remove(&id))
}

/// Writes a new directive.
///
/// # Errors
/// A fault of the database.
pub async fn insert_directive(tx: &Tx, directive: &Directive) -> Result<(), Fault> {
    let row = row_of(directive).into_active_model().reset_all();
    directive::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// Writes a directive anew. The index decides whether its symbol is free, so the database's own error comes back (D3).
///
/// # Errors
/// As the database says.
pub async fn update_directive(tx: &Tx, directive: &Directive) -> Result<(), sea_orm::DbErr> {
    let row = row_of(directive).into_active_model().reset_all();
    directive::Entity::update(row).exec(tx.sql()).await?;
    Ok(())
}

/// A symbol with what makes it the only one (D3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SymbolKey<'a> {
    /// The issuer.
    pub issuer: UnitId,
    /// What symbols are compared by.
    pub key: &'a str,
    /// The body; `None`: any.
    pub issuing_body: Option<IssuingBody>,
    /// The kind; `None`: any.
    pub kind: Option<&'a str>,
    /// The term, or empty; `None`: any.
    pub term: Option<&'a str>,
}

/// The directives that have a symbol, in any notation.
///
/// # Errors
/// A fault of the database.
pub async fn by_symbol(sql: &impl ConnectionTrait, wanted: SymbolKey<'_>) -> Result<Vec<Directive>, Fault> {
    let mut query = directive::Entity::find()
        .filter(directive::Column::IssuerId.eq(Uuid::from(wanted.issuer)))
        .filter(directive::Column::SymbolKey.eq(wanted.key));
    if let Some(body) = wanted.issuing_body {
        query = query.filter(directive::Column::IssuingBody.eq(body.code()));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(directive::Column::KindCode.eq(kind));
    }
    if let Some(term) = wanted.term {
        query = query.filter(directive::Column::Term.eq(term));
    }
    query.all(sql).await?.into_iter().map(directive_of).collect()
}

/// The directives behind external identifiers (O9).
///
/// # Errors
/// A fault of the database.
pub async fn by_external_ids(sql: &impl ConnectionTrait, wanted: &[ExternalId]) -> Result<HashMap<ExternalId, DirectiveId>, Fault> {
    let mut found = HashMap::new();
    for some in wanted.chunks(ROWS_PER_INSERT) {
        let values = some.iter().map(|id| &*id.value);
        let query = directive_external_id::Entity::find().filter(directive_external_id::Column::Value.is_in(values));
        found.extend(query.all(sql).await?.into_iter().map(|row| {
            let directive = DirectiveId(row.directive_id);
            (external_id(row), directive)
        }));
    }
    found.retain(|id, _| wanted.contains(id));
    Ok(found)
}

fn external_id(row: directive_external_id::Model) -> ExternalId {
    ExternalId { scheme: row.scheme.into(), value: row.value.into() }
}

/// The external identifiers of each of `directives`, sorted.
///
/// # Errors
/// A fault of the database.
pub async fn load_external_ids(
    sql: &impl ConnectionTrait,
    directives: &[DirectiveId],
) -> Result<HashMap<DirectiveId, Vec<ExternalId>>, Fault> {
    let mut found: HashMap<DirectiveId, Vec<ExternalId>> = HashMap::new();
    let ids = directives.iter().map(|id| Uuid::from(*id));
    for row in directive_external_id::Entity::find().filter(directive_external_id::Column::DirectiveId.is_in(ids)).all(sql).await? {
        found.entry(DirectiveId(row.directive_id)).or_default().push(external_id(row));
    }
    found.values_mut().for_each(|ids| ids.sort());
    Ok(found)
}

/// Gives a directive these external identifiers and no others.
///
/// # Errors
/// A fault of the database.
pub async fn replace_external_ids(tx: &Tx, directive: DirectiveId, ids: &[ExternalId]) -> Result<(), Fault> {
    let old = directive_external_id::Column::DirectiveId.eq(Uuid::from(directive));
    directive_external_id::Entity::delete_many().filter(old).exec(tx.sql()).await?;
    let rows = ids.iter().map(|id| directive_external_id::ActiveModel {
        scheme: Set(id.scheme.to_string()),
        value: Set(id.value.to_string()),
        directive_id: Set(directive.into()),
    });
    Ok(insert_all(tx.sql(), rows).await?)
}

/// The unit of an appointment, if it holds on `day`.
///
/// # Errors
/// A fault of the database.
pub async fn appointed_in(sql: &impl ConnectionTrait, id: AppointmentId, day: Day) -> Result<Option<UnitId>, Fault> {
    let row = appointment::Entity::find_by_id(Uuid::from(id)).one(sql).await?;
    let holds = |row: &appointment::Model| row.from_on <= day && row.to_on.is_none_or(|to| day < to);
    Ok(row.filter(holds).map(|row| UnitId(row.unit_id)))
}
