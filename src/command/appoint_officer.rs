//! `appointOfficer`: a person in a position of a unit, for a range of days.

use chidao_domain::access::Action as Right;
use chidao_domain::appointment::{Position, overlapping};
use chidao_domain::day::{Day, Validity};
use chidao_domain::ids::{AppointmentId, PersonId};
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Noun, PeopleRefusal, Refusal};
use chidao_domain::reorganization::UnitRef;
use chidao_domain::text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::office::{Caller, Office};
use crate::store::code::Coded as _;
use crate::store::people::{self, Appointment, Person};
use crate::store::{Answer, Stop, Tx, units};

/// Who is appointed.
#[derive(Clone, Debug)]
pub enum Appointee {
    /// A person who is known.
    Known(PersonId),
    /// A new one, by name.
    New(String),
}

/// What `appointOfficer` takes.
#[derive(Clone, Debug)]
pub struct AppointOfficer {
    /// Who.
    pub person: Appointee,
    /// Where.
    pub unit: UnitRef,
    /// To what.
    pub position: Position,
    /// The first day.
    pub from: Day,
    /// The first day on which it no longer holds.
    pub to: Option<Day>,
}

/// What `appointOfficer` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct OfficerAppointed {
    /// The new appointment.
    pub appointment: Uuid,
}

impl OfficerAppointed {
    /// The new appointment.
    pub fn appointment(self) -> AppointmentId {
        AppointmentId(self.appointment)
    }
}

/// Appoints a person; one person may hold positions in several units.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn appoint_officer(office: &Office, caller: &Caller, input: AppointOfficer) -> Answer<OfficerAppointed> {
    let (mut tx, grants) = office.begin(caller).await?;
    let unit = units::resolve(tx.sql(), tx.forest(), &input.unit).await.map_err(|stop| stop.within("unit"))?;
    grants.check(tx.forest(), Right::Appoint { unit })?;
    let validity = Validity { from: input.from, to: input.to };
    check_range(validity)?;
    let person = appointee(&tx, input.person).await?;
    let appointment = Appointment { id: tx.new_id(), person: person.id, unit, position: input.position, validity };
    let held = people::load_appointments_of(tx.sql(), &[person.id]).await?.remove(&person.id).unwrap_or_default();
    let same: Vec<Validity> =
        held.iter().filter(|held| held.unit == unit && held.position == input.position).map(|held| held.validity).collect();
    if let Some(Validity { from, to }) = overlapping(&same, validity) {
        let unit = tx.forest().code_of(unit);
        return Err(Refusal::from(PeopleRefusal::HoldsPosition { person: person.name, unit, from, to }).within("from").into());
    }
    people::insert_appointment(&tx, &appointment).await?;
    let entry = Entry::new(Action::OfficerAppointed, Subject::Appointment(appointment.id))
        .touching([unit])
        .change("person", None, Some(person.name))
        .change("unit", None, Some(tx.forest().code_of(unit)))
        .change("position", None, Some(input.position.code().into()))
        .change("from", None, Some(input.from.to_string()))
        .change("to", None, input.to.map(|day| day.to_string()));
    tx.record(entry);
    tx.commit(OfficerAppointed { appointment: appointment.id.into() }).await
}

fn check_range(Validity { from, to }: Validity) -> Result<(), Refusal> {
    match (to, from.succ_opt()) {
        (Some(to), Some(next)) if to < next => {
            Err(Refusal::from(InputRefusal::EarlierThan { earliest: next.to_string() }).by("O10").within("to"))
        }
        _ => Ok(()),
    }
}

async fn appointee(tx: &Tx, person: Appointee) -> Result<Person, Stop> {
    match person {
        Appointee::Known(id) => {
            let missing = || Refusal::from(InputRefusal::NotFound { wanted: Noun::Person, given: id.to_string() }).within("person");
            Ok(people::load_people(tx.sql(), &[id]).await?.remove(&id).ok_or_else(missing)?)
        }
        Appointee::New(name) => {
            let name = text::name(&name).map_err(|no| Refusal::from(no).within("personName"))?;
            let person = Person { id: tx.new_id(), name };
            people::insert_person(tx, &person).await?;
            Ok(person)
        }
    }
}
