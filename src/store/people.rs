//! Persons and their appointments (one person may hold positions in several units).

use std::collections::HashMap;

use chidao_domain::appointment::Position;
use chidao_domain::day::{Day, Validity};
use chidao_domain::ids::{AppointmentId, PersonId, UnitId};
use chidao_domain::text;
use chidao_entity::{appointment, person};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::error::Fault;
use crate::store::tx::Tx;
use crate::store::units::like;

codes!("position", Position {
    Secretary => "SECRETARY",
    StandingDeputySecretary => "STANDING_DEPUTY_SECRETARY",
    DeputySecretary => "DEPUTY_SECRETARY",
    StandingMember => "STANDING_MEMBER",
    Member => "MEMBER",
});

/// Words of a search that are looked at; further ones do not narrow it.
const SEARCH_WORDS: usize = 8;

/// A person as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// For ever.
    pub id: PersonId,
    /// In NFC.
    pub name: String,
}

/// An appointment as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// For ever.
    pub id: AppointmentId,
    /// Who.
    pub person: PersonId,
    /// Where.
    pub unit: UnitId,
    /// To what.
    pub position: Position,
    /// When it holds.
    pub validity: Validity,
}

/// The persons with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_people(sql: &impl ConnectionTrait, ids: &[PersonId]) -> Result<HashMap<PersonId, Person>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(sql).await?;
    Ok(rows.into_iter().map(person_of).map(|known| (known.id, known)).collect())
}

fn person_of(row: person::Model) -> Person {
    Person { id: PersonId(row.id), name: row.name }
}

/// Every person whose name holds all words of `search`, without case and diacritics (O7); an empty search finds all.
///
/// # Errors
/// A fault of the database.
pub async fn search(sql: &impl ConnectionTrait, search: &str) -> Result<Vec<Person>, Fault> {
    let folded = text::fold(search);
    let words = folded.split(' ').filter(|word| !word.is_empty()).take(SEARCH_WORDS);
    let all = words.fold(Condition::all(), |all, word| {
        all.add(Expr::col(person::Column::FoldedName).like(sea_orm::sea_query::LikeExpr::new(like(word)).escape('\\')))
    });
    let rows = person::Entity::find().filter(all).all(sql).await?;
    Ok(rows.into_iter().map(person_of).collect())
}

/// Writes a new person.
///
/// # Errors
/// A fault of the database.
pub async fn insert_person(tx: &Tx, person: &Person) -> Result<(), Fault> {
    let row = person::ActiveModel {
        id: Set(person.id.into()),
        name: Set(person.name.clone()),
        folded_name: Set(text::fold(&person.name)),
        created_at: Set(tx.now()),
    };
    person::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// Writes a new appointment.
///
/// # Errors
/// A fault of the database.
pub async fn insert_appointment(tx: &Tx, new: &Appointment) -> Result<(), Fault> {
    let row = appointment::ActiveModel {
        id: Set(new.id.into()),
        person_id: Set(new.person.into()),
        unit_id: Set(new.unit.into()),
        position: Set(new.position.code().into()),
        from_on: Set(new.validity.from),
        to_on: Set(new.validity.to),
    };
    appointment::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// Gives an appointment an end: the first day on which it no longer holds.
///
/// # Errors
/// A fault of the database.
pub async fn save_ended(tx: &Tx, id: AppointmentId, to: Day) -> Result<(), Fault> {
    let update = appointment::Entity::update_many().col_expr(appointment::Column::ToOn, Expr::value(Some(to)));
    update.filter(appointment::Column::Id.eq(Uuid::from(id))).exec(tx.sql()).await?;
    Ok(())
}

/// The appointments with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_appointments(sql: &impl ConnectionTrait, ids: &[AppointmentId]) -> Result<HashMap<AppointmentId, Appointment>, Fault> {
    let which = appointment::Column::Id.is_in(ids.iter().map(|id| Uuid::from(*id)));
    Ok(select(sql, which).await?.into_iter().map(|known| (known.id, known)).collect())
}

/// The appointments of each of `people`, of all times.
///
/// # Errors
/// A fault of the database.
pub async fn load_appointments_of(sql: &impl ConnectionTrait, people: &[PersonId]) -> Result<HashMap<PersonId, Vec<Appointment>>, Fault> {
    let which = appointment::Column::PersonId.is_in(people.iter().map(|id| Uuid::from(*id)));
    Ok(grouped(select(sql, which).await?, |known| known.person))
}

/// The appointments to each of `units`, of all times.
///
/// # Errors
/// A fault of the database.
pub async fn load_officers(sql: &impl ConnectionTrait, units: &[UnitId]) -> Result<HashMap<UnitId, Vec<Appointment>>, Fault> {
    let which = appointment::Column::UnitId.is_in(units.iter().map(|id| Uuid::from(*id)));
    Ok(grouped(select(sql, which).await?, |known| known.unit))
}

fn grouped<K: Eq + std::hash::Hash>(all: Vec<Appointment>, key: impl Fn(&Appointment) -> K) -> HashMap<K, Vec<Appointment>> {
    let mut found: HashMap<K, Vec<Appointment>> = HashMap::new();
    for known in all {
        found.entry(key(&known)).or_default().push(known);
    }
    found
}

/// The highest position first, and of the same the earliest.
async fn select(sql: &impl ConnectionTrait, which: SimpleExpr) -> Result<Vec<Appointment>, Fault> {
    let rows = appointment::Entity::find().filter(which).order_by_asc(appointment::Column::Id).all(sql).await?;
    let mut found = rows.into_iter().map(appointment_of).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|known| (known.position, known.validity.from));
    Ok(found)
}

fn appointment_of(row: appointment::Model) -> Result<Appointment, Fault> {
    Ok(Appointment {
        id: AppointmentId(row.id),
        person: PersonId(row.person_id),
        unit: UnitId(row.unit_id),
        position: Position::decode(&row.position)?,
        validity: Validity { from: row.from_on, to: row.to_on },
    })
}
