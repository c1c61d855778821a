//! `endAppointment`: an officer leaves a position.

use chidao_domain::access::Action as Right;
use chidao_domain::day::Day;
use chidao_domain::ids::AppointmentId;
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::reason;
use crate::office::{Caller, Office};
use crate::store::{Answer, people};

/// What `endAppointment` takes.
#[derive(Clone, Debug)]
pub struct EndAppointment {
    /// Which.
    pub appointment: AppointmentId,
    /// The first day on which it no longer holds.
    pub to: Day,
    /// Why.
    pub reason: Option<String>,
}

/// What `endAppointment` answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AppointmentEnded {
    /// Which.
    pub appointment: Uuid,
}

impl AppointmentEnded {
    /// Which.
    pub fn appointment(self) -> AppointmentId {
        AppointmentId(self.appointment)
    }
}

/// Ends an appointment after it began and before it would end anyway.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn end_appointment(office: &Office, caller: &Caller, input: EndAppointment) -> Answer<AppointmentEnded> {
    let (mut tx, grants) = office.begin(caller).await?;
    let reason = reason(input.reason)?;
    let id = input.appointment;
    let missing = || Refusal::from(InputRefusal::NotFound { wanted: Noun::Appointment, given: id.to_string() }).within("appointment");
    let known = people::load_appointments(tx.sql(), &[id]).await?.remove(&id).ok_or_else(missing)?;
    grants.check(tx.forest(), Right::Appoint { unit: known.unit })?;
    let outside = |no: InputRefusal| Refusal::from(no).by("O10").within("to");
    let (earliest, latest) = (known.validity.from.succ_opt(), known.validity.to.and_then(|to| to.pred_opt()));
    if let Some(earliest) = earliest.filter(|earliest| input.to < *earliest) {
        return Err(outside(InputRefusal::EarlierThan { earliest: earliest.to_string() }).into());
    }
    if let Some(latest) = latest.filter(|latest| input.to > *latest) {
        return Err(outside(InputRefusal::LaterThan { latest: latest.to_string() }).into());
    }
    people::save_ended(&tx, id, input.to).await?;
    let entry = Entry::new(Action::AppointmentEnded, Subject::Appointment(id)).touching([known.unit]).change(
        "to",
        known.validity.to.map(|day| day.to_string()),
        Some(input.to.to_string()),
    );
    tx.record(entry.because(reason));
    tx.commit(AppointmentEnded { appointment: id.into() }).await
}
