//! Persons and their appointments (one person may hold positions in several units).

use std::collections::HashMap;

use chidao_domain::ids::PersonId;
use chidao_entity::person;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _};
use uuid::Uuid;

use crate::store::error::Fault;

/// A person as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// For ever.
    pub id: PersonId,
    /// In NFC.
    pub name: String,
}

/// The persons with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_people(sql: &impl ConnectionTrait, ids: &[PersonId]) -> Result<HashMap<PersonId, Person>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(sql).await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.id), Person { id: PersonId(row.id), name: row.name })).collect())
}
