//! Persons and their appointments: types, the query and the mutations.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chidao_domain::appointment as domain;
use chidao_domain::day::Day;
use chidao_domain::ids::{AppointmentId, PersonId};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::command::{self, Appointee};
use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::context::{Written, at, keyed, view, written};
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::id::{NodeId, typed};
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef, page_cost};
use crate::graphql::org_unit_filter::searched;
use crate::graphql::scalars::Date;
use crate::live::Tree;
use crate::store::forests::TreeOn;
use crate::store::people::{Appointment as AppointmentRecord, Person as PersonRecord};
use crate::store::{Fault, Stop};
use crate::view::SharedView;
use crate::view::units::UnitOnDay;

/// A position in the committee of a unit (chức vụ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Position")]
pub enum Position {
    /// Secretary (bí thư).
    Secretary,
    /// Standing deputy secretary (phó bí thư thường trực).
    StandingDeputySecretary,
    /// Deputy secretary (phó bí thư).
    DeputySecretary,
    /// Member of the standing committee (uỷ viên ban thường vụ).
    StandingMember,
    /// Member of the committee (uỷ viên ban chấp hành, chi uỷ viên).
    Member,
}

/// The day and the tree that an answer is of: what is nested in a unit is of the unit's day (O4).
#[derive(Clone)]
pub(crate) struct Setting {
    view: SharedView,
    tree: Tree,
    day: Day,
}

impl Setting {
    pub(crate) fn today(view: &SharedView) -> Self {
        Self { view: view.clone(), tree: view.tree().clone(), day: view.today() }
    }

    pub(crate) fn of(unit: &UnitOnDay) -> Self {
        Self { view: unit.view().clone(), tree: unit.tree().clone(), day: unit.day() }
    }
}

/// A natural person, known only as an officer or a user (cán bộ).
pub struct Person {
    setting: Setting,
    record: PersonRecord,
}

impl Person {
    /// The person, with what is nested as of today.
    pub(crate) async fn today(view: &SharedView, id: PersonId) -> Outcome<Option<Self>> {
        Ok(view.person(id).await?.map(|record| Self { setting: Setting::today(view), record }))
    }
}

/// A natural person, known only as an officer or a user (cán bộ).
#[Object]
impl Person {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id).encode()
    }

    /// Full name (họ và tên).
    async fn name(&self) -> &str {
        &self.record.name
    }

    /// The positions that the person holds on a day; without a day those of all times. The highest position comes first.
    async fn appointments(&self, #[graphql(desc = "On which day; left out: at any time.")] on: Option<Date>) -> Outcome<Vec<Appointment>> {
        let found = self.setting.view.appointments_of(self.record.id, on.map(|day| day.0)).await?;
        Ok(found.into_iter().map(|record| Appointment { setting: self.setting.clone(), record }).collect())
    }
}

/// One person in one position of one unit, over a range of days (bổ nhiệm, phân công).
pub struct Appointment {
    setting: Setting,
    record: AppointmentRecord,
}

impl Appointment {
    /// The appointment, with what is nested as of today.
    pub(crate) async fn today(view: &SharedView, id: AppointmentId) -> Outcome<Option<Self>> {
        Ok(view.appointment(id).await?.map(|record| Self { setting: Setting::today(view), record }))
    }
}

/// One person in one position of one unit, over a range of days (bổ nhiệm, phân công).
#[Object]
impl Appointment {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id).encode()
    }

    /// Who.
    async fn person(&self) -> Outcome<Person> {
        let known = self.setting.view.person(self.record.person).await?;
        let record = known.ok_or_else(|| Fault::Other(format!("the person {} of an appointment is missing", self.record.person)))?;
        Ok(Person { setting: self.setting.clone(), record })
    }

    /// Where; on a day on which the unit was not there yet, as it is today.
    async fn unit(&self) -> Outcome<OrgUnit> {
        let Setting { view, tree, day } = &self.setting;
        let found = UnitOnDay::find(view, tree, TreeOn::day(*day), self.record.unit).or_else(|| UnitOnDay::today(view, self.record.unit));
        Ok(OrgUnit(found.ok_or_else(|| Fault::Other(format!("the unit {} of an appointment is missing", self.record.unit)))?))
    }

    /// To what.
    async fn position(&self) -> Position {
        self.record.position.into()
    }

    /// The first day.
    async fn from(&self) -> Date {
        Date(self.record.validity.from)
    }

    /// The first day on which it no longer holds; nothing: it goes on.
    async fn to(&self) -> Option<Date> {
        self.record.validity.to.map(Date)
    }
}

/// The officers of a unit on its day.
pub(crate) async fn officers(unit: &UnitOnDay, positions: Option<Vec<Position>>) -> Outcome<Vec<Appointment>> {
    let positions: Option<Vec<domain::Position>> = positions.map(|some| some.into_iter().map(Into::into).collect());
    let found = unit.view().officers(unit.id(), unit.day(), positions.as_deref()).await?;
    let setting = Setting::of(unit);
    Ok(found.into_iter().map(|record| Appointment { setting: setting.clone(), record }).collect())
}

/// The queries about persons.
#[derive(Default)]
pub struct PersonQuery;

#[Object]
impl PersonQuery {
    /// Persons by name, as a Vietnamese dictionary orders them; case, diacritics and tone marks of the search do not matter.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words of the name; left out: everybody.")] search: Option<String>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Person>> {
        let view = view(ctx).await?;
        let list = Listing::of(ctx, "people", "");
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok().map(PersonId))?;
        let page = view.people(&searched(search.as_deref())?.unwrap_or_default(), &window).await?;
        let setting = Setting::today(&view);
        Ok(connection(&list, page, |record| record.id.to_string(), |record| Person { setting: setting.clone(), record }))
    }
}

/// What `appointOfficer` takes: an existing person or the name of a new one.
#[derive(InputObject)]
pub struct AppointOfficerInput {
    /// A person who is known.
    person: Option<ID>,
    /// The full name of a new person.
    person_name: Option<String>,
    /// In which unit.
    unit: OrgUnitRef,
    /// To what.
    position: Position,
    /// The first day.
    from: Date,
    /// The first day on which it no longer holds; left out: it goes on.
    to: Option<Date>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl AppointOfficerInput {
    fn read(self) -> Result<command::AppointOfficer, Refusal> {
        let person = match (self.person, self.person_name) {
            (Some(id), None) => Appointee::Known(typed(&id).map_err(|no| no.within("person"))?),
            (None, Some(name)) => Appointee::New(name),
            (Some(_), Some(_)) | (None, None) => return Err(InputRefusal::OneOf { fields: "person, personName" }.into()),
        };
        Ok(command::AppointOfficer {
            person,
            unit: self.unit.read().map_err(|no| no.within("unit"))?,
            position: self.position.into(),
            from: self.from.0,
            to: self.to.map(|day| day.0),
        })
    }
}

/// What `appointOfficer` answers.
#[derive(SimpleObject)]
pub struct AppointOfficerPayload {
    /// The new appointment; nothing where it was refused.
    appointment: Option<Appointment>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `endAppointment` takes.
#[derive(InputObject)]
pub struct EndAppointmentInput {
    /// Which appointment.
    appointment: ID,
    /// The first day on which it no longer holds.
    to: Date,
    /// Why.
    reason: Option<String>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl EndAppointmentInput {
    fn read(self) -> Result<command::EndAppointment, Refusal> {
        let appointment = typed(&self.appointment).map_err(|no| no.within("appointment"))?;
        Ok(command::EndAppointment { appointment, to: self.to.0, reason: self.reason })
    }
}

/// What `endAppointment` answers.
#[derive(SimpleObject)]
pub struct EndAppointmentPayload {
    /// The appointment with its end; nothing where it was refused.
    appointment: Option<Appointment>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of appointments.
#[derive(Default)]
pub struct PersonMutation;

#[Object]
impl PersonMutation {
    /// Appoints an officer of a unit (phân công, bổ nhiệm). One person may hold positions in several units.
    async fn appoint_officer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: AppointOfficerInput,
    ) -> Outcome<AppointOfficerPayload> {
        let caller = keyed(ctx, "appointOfficer", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::appoint_officer(at(ctx).0, &caller, input).await,
            Err(no) => Err(Stop::from(no)),
        };
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => AppointOfficerPayload { appointment: None, user_errors: user_errors(ctx, &refusals) },
            Written::Done(done, view) => {
                AppointOfficerPayload { appointment: Appointment::today(&view, done.appointment()).await?, user_errors: Vec::new() }
            }
        })
    }

    /// Ends an appointment (thôi giữ chức vụ).
    async fn end_appointment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: EndAppointmentInput,
    ) -> Outcome<EndAppointmentPayload> {
        let caller = keyed(ctx, "endAppointment", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::end_appointment(at(ctx).0, &caller, input).await,
            Err(no) => Err(Stop::from(no)),
        };
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => EndAppointmentPayload { appointment: None, user_errors: user_errors(ctx, &refusals) },
            Written::Done(done, view) => {
                EndAppointmentPayload { appointment: Appointment::today(&view, done.appointment()).await?, user_errors: Vec::new() }
            }
        })
    }
}
