//! Persons and officers as they are read. Any principal may (A3): they are as public as the units that they serve.

use std::cmp::Ordering;

use chidao_domain::appointment::Position;
use chidao_domain::day::Day;
use chidao_domain::ids::{AppointmentId, PersonId, UnitId};
use chidao_domain::refusal::{InputRefusal, Refusal};
use chidao_domain::text::{self, SortKey};

use crate::store::people::{self, Appointment, Person};
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{Page, Window};

impl View {
    /// The person with that id.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, Fault> {
        self.loaders().people.load_one(id).await.map_err(Fault::shared)
    }

    /// The appointment with that id.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn appointment(&self, id: AppointmentId) -> Result<Option<Appointment>, Fault> {
        self.loaders().appointments.load_one(id).await.map_err(Fault::shared)
    }

    /// The appointments of a person, the highest position first: those that hold on a day, or all.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn appointments_of(&self, person: PersonId, on: Option<Day>) -> Result<Vec<Appointment>, Fault> {
        let mut found = self.loaders().appointments_of.load_one(person).await.map_err(Fault::shared)?.unwrap_or_default();
        found.retain(|known| on.is_none_or(|day| known.validity.holds_on(day)));
        Ok(found)
    }

    /// The officers of a unit on a day, the highest position first; in some positions or in all.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn officers(&self, unit: UnitId, day: Day, positions: Option<&[Position]>) -> Result<Vec<Appointment>, Fault> {
        let mut found = self.loaders().officers.load_one(unit).await.map_err(Fault::shared)?.unwrap_or_default();
        found.retain(|known| known.validity.holds_on(day) && positions.is_none_or(|some| some.contains(&known.position)));
        Ok(found)
    }

    /// A page of persons by name, as a Vietnamese dictionary orders them (O7); with a search only those whose name holds its words.
    ///
    /// # Errors
    /// A refusal where a cursor points at nobody of the list, or a fault of the database.
    pub async fn people(&self, search: &str, window: &Window<PersonId>) -> Result<Page<Person>, Stop> {
        let found = people::search(self.sql(), search).await?;
        let mut keyed: Vec<(SortKey, Person)> = found.into_iter().map(|person| (text::sort_key(&person.name), person)).collect();
        let compare = |a: &(SortKey, Person), b: &(SortKey, Person)| -> Ordering { a.0.cmp(&b.0).then(a.1.id.cmp(&b.1.id)) };
        keyed.sort_unstable_by(compare);
        let window = window.clone().try_map(|id| {
            let gone = || Refusal::from(InputRefusal::ForeignCursor);
            keyed.iter().position(|(_, person)| person.id == id).ok_or_else(gone)
        })?;
        let places: Vec<usize> = (0..keyed.len()).collect();
        Ok(Page::of_sorted(&places, &window, usize::cmp).map(|place| keyed[place].1.clone()))
    }
}
