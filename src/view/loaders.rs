//! Batches: what the objects of a list ask for one by one is read in one statement. One loader for each sort of thing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chidao_domain::day::Day;
use chidao_domain::ids::{
    AppointmentId, DirectiveId, GrantId, ObligationId, PersonId, PrincipalId, ReorganizationId, RequirementId, UnitId,
};
use chidao_domain::reorganization::ExternalId;
use chrono::{DateTime, Utc};

use crate::office::{Glance, SharedOffice};
use crate::store::grants::HeldGrant;
use crate::store::people::{Appointment, Person};
use crate::store::principals::Principal;
use crate::store::registers::DirectiveKind;
use crate::store::relations::Relation;
use crate::store::reorganizations::Reorganization;
use crate::store::requirements::KeptRequirement;
use crate::store::sights::{Eyes, Sighted};
use crate::store::successions::{End, Succession, load_successions};
use crate::store::units::Revision;
use crate::store::{
    Fault, directives, grants, journal, people, principals, registers, relations, reorganizations, reports, requirements, sights, units,
};
use crate::view::batched::{Batched, Floor};
use crate::view::completion::{BoundByLine, CountsOf, FiguresOf, ImplementingOf, NamedDirectives, TimelinesOf};
use crate::view::directives::DirectiveLoaders;
use crate::view::journal::EntriesOf;
use crate::view::obligations::ObligationLoaders;
use crate::view::reorganizations::{ConsequencesOf, GrantsEver};
use crate::view::units::UnitsFound;

/// The loaders of one view.
pub struct Loaders {
    /// The external identifiers of units.
    pub external_ids: Batched<ExternalIdsOf>,
    /// The directives that the caller may read.
    pub directives: Batched<ReadableDirectives>,
    /// Lists of directives, and what is listed below a directive.
    pub of_directives: DirectiveLoaders,
    /// The external identifiers of directives.
    pub directive_external_ids: Batched<DirectiveExternalIdsOf>,
    /// The register of kinds of directive.
    pub directive_kinds: Batched<DirectiveKinds>,
    /// The obligations that directives discharge.
    pub discharges: Batched<DischargesOf>,
    /// What directives say of others.
    pub relations: Batched<RelationsOf>,
    /// What others say that changes directives.
    pub changes: Batched<RelationsOf>,
    /// What directives ask for.
    pub requirements_of: Batched<RequirementsOf>,
    /// Requirements by their ids.
    pub requirements: Batched<RequirementsById>,
    /// Principals by their ids.
    pub principals: Batched<PrincipalsById>,
    /// The grants of principals that hold today.
    pub grants: Batched<GrantsOf>,
    /// Grants that hold today by their ids.
    pub grants_by_id: Batched<GrantsById>,
    /// Reorganizations by their ids.
    pub reorganizations: Batched<ReorganizationsById>,
    /// What reorganizations do to obligations.
    pub consequences: Batched<ConsequencesOf>,
    /// Grants by their ids, also where they hold no more.
    pub grants_ever: Batched<GrantsEver>,
    /// The revisions of units, of all times.
    pub revisions: Batched<RevisionsOf>,
    /// Whom units took over from, planned successions too.
    pub predecessors: Batched<SuccessionsOf>,
    /// Who took over from units, planned successions too.
    pub successors: Batched<SuccessionsOf>,
    /// Units by what other systems call them, and by the words of a search.
    pub found_units: Batched<UnitsFound>,
    /// Entries of the journal, and the histories of things.
    pub entries: Batched<EntriesOf>,
    /// When principals last changed anything.
    pub last_acts: Batched<LastActsOf>,
    /// Persons by their ids.
    pub people: Batched<PeopleById>,
    /// Appointments by their ids.
    pub appointments: Batched<AppointmentsById>,
    /// The appointments of persons, of all times.
    pub appointments_of: Batched<AppointmentsOf>,
    /// The appointments to units, of all times.
    pub officers: Batched<OfficersOf>,
    /// Obligations and their reports.
    pub obligations: ObligationLoaders,
    /// Obligations counted.
    pub counts: Batched<CountsOf>,
    /// What reports say in figures.
    pub figures: Batched<FiguresOf>,
    /// Sets over time.
    pub timelines: Batched<TimelinesOf>,
    /// Which issued directives implement others, directly or not.
    pub implementing: Batched<ImplementingOf>,
    /// Whom directives, and what implements them, bind.
    pub bound_by_line: Batched<BoundByLine>,
    /// The directives that filters name.
    pub named_directives: Batched<NamedDirectives>,
}

impl Loaders {
    pub(crate) fn new(office: &SharedOffice, glance: &Arc<Glance>) -> Self {
        let floor = &Floor::default();
        Self {
            external_ids: Batched::new(ExternalIdsOf(glance.clone()), floor),
            directives: Batched::new(ReadableDirectives(glance.clone()), floor),
            of_directives: DirectiveLoaders::new(glance, floor),
            directive_external_ids: Batched::new(DirectiveExternalIdsOf(glance.clone()), floor),
            directive_kinds: Batched::new(DirectiveKinds(glance.clone()), floor),
            discharges: Batched::new(DischargesOf(glance.clone()), floor),
            relations: Batched::new(RelationsOf { glance: glance.clone(), end: End::From }, floor),
            changes: Batched::new(RelationsOf { glance: glance.clone(), end: End::To }, floor),
            requirements_of: Batched::new(RequirementsOf(glance.clone()), floor),
            requirements: Batched::new(RequirementsById(glance.clone()), floor),
            principals: Batched::new(PrincipalsById(glance.clone()), floor),
            grants: Batched::new(GrantsOf(glance.clone()), floor),
            grants_by_id: Batched::new(GrantsById(glance.clone()), floor),
            reorganizations: Batched::new(ReorganizationsById(glance.clone()), floor),
            consequences: Batched::new(ConsequencesOf(glance.clone()), floor),
            grants_ever: Batched::new(GrantsEver(glance.clone()), floor),
            revisions: Batched::new(RevisionsOf(glance.clone()), floor),
            predecessors: Batched::new(SuccessionsOf { glance: glance.clone(), end: End::To }, floor),
            successors: Batched::new(SuccessionsOf { glance: glance.clone(), end: End::From }, floor),
            found_units: Batched::new(UnitsFound(glance.clone()), floor),
            entries: Batched::new(EntriesOf(glance.clone()), floor),
            last_acts: Batched::new(LastActsOf(glance.clone()), floor),
            people: Batched::new(PeopleById(glance.clone()), floor),
            appointments: Batched::new(AppointmentsById(glance.clone()), floor),
            appointments_of: Batched::new(AppointmentsOf(glance.clone()), floor),
            officers: Batched::new(OfficersOf(glance.clone()), floor),
            obligations: ObligationLoaders::new(glance, floor),
            counts: Batched::new(CountsOf(glance.clone()), floor),
            figures: Batched::new(FiguresOf(glance.clone()), floor),
            timelines: Batched::new(TimelinesOf { office: office.clone(), glance: glance.clone() }, floor),
            implementing: Batched::new(ImplementingOf(glance.clone()), floor),
            bound_by_line: Batched::new(BoundByLine(glance.clone()), floor),
            named_directives: Batched::new(NamedDirectives(glance.clone()), floor),
        }
    }
}

/// Loads the external identifiers that units hold on days.
pub struct ExternalIdsOf(Arc<Glance>);

impl Loader<(UnitId, Day)> for ExternalIdsOf {
    type Value = Vec<ExternalId>;
    type Error = Arc<Fault>;

    async fn load(&self, asked: &[(UnitId, Day)]) -> Result<HashMap<(UnitId, Day), Self::Value>, Self::Error> {
        let mut days: BTreeMap<Day, Vec<UnitId>> = BTreeMap::new();
        asked.iter().for_each(|(unit, day)| days.entry(*day).or_default().push(*unit));
        let mut found = HashMap::new();
        for (day, units) in days {
            let held = units::load_external_ids_on(self.0.snapshot.sql(), &units, day).await?;
            found.extend(held.into_iter().map(|(unit, ids)| ((unit, day), ids)));
        }
        Ok(found)
    }
}

/// Loads principals.
pub struct PrincipalsById(Arc<Glance>);

impl Loader<PrincipalId> for PrincipalsById {
    type Value = Principal;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[PrincipalId]) -> Result<HashMap<PrincipalId, Self::Value>, Self::Error> {
        principals::load_principals(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads the grants of principals that hold today.
pub struct GrantsOf(Arc<Glance>);

impl Loader<PrincipalId> for GrantsOf {
    type Value = Vec<HeldGrant>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[PrincipalId]) -> Result<HashMap<PrincipalId, Self::Value>, Self::Error> {
        grants::load_grants(self.0.snapshot.sql(), ids, self.0.today).await.map_err(Arc::new)
    }
}

/// Loads when principals last changed anything.
pub struct LastActsOf(Arc<Glance>);

impl Loader<PrincipalId> for LastActsOf {
    type Value = DateTime<Utc>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[PrincipalId]) -> Result<HashMap<PrincipalId, Self::Value>, Self::Error> {
        journal::load_last_acts(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads persons.
pub struct PeopleById(Arc<Glance>);

impl Loader<PersonId> for PeopleById {
    type Value = Person;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[PersonId]) -> Result<HashMap<PersonId, Self::Value>, Self::Error> {
        people::load_people(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads appointments.
pub struct AppointmentsById(Arc<Glance>);

impl Loader<AppointmentId> for AppointmentsById {
    type Value = Appointment;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[AppointmentId]) -> Result<HashMap<AppointmentId, Self::Value>, Self::Error> {
        people::load_appointments(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads the appointments of persons.
pub struct AppointmentsOf(Arc<Glance>);

impl Loader<PersonId> for AppointmentsOf {
    type Value = Vec<Appointment>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[PersonId]) -> Result<HashMap<PersonId, Self::Value>, Self::Error> {
        people::load_appointments_of(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads the appointments to units.
pub struct OfficersOf(Arc<Glance>);

impl Loader<UnitId> for OfficersOf {
    type Value = Vec<Appointment>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[UnitId]) -> Result<HashMap<UnitId, Self::Value>, Self::Error> {
        people::load_officers(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads the directives that the caller may read (A3).
pub struct ReadableDirectives(Arc<Glance>);

impl Loader<DirectiveId> for ReadableDirectives {
    type Value = Arc<Sighted>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, Self::Value>, Self::Error> {
        let glance = &*self.0;
        let eyes = Eyes { engine: glance.snapshot.engine(), forest: &glance.tree.forest, grants: &glance.grants };
        let found = sights::load_sighted(glance.snapshot.sql(), eyes, ids).await.map_err(Arc::new)?;
        Ok(found.into_iter().filter(|(_, seen)| seen.is_readable(eyes)).map(|(id, seen)| (id, Arc::new(seen))).collect())
    }
}

/// Loads the external identifiers of directives.
pub struct DirectiveExternalIdsOf(Arc<Glance>);

impl Loader<DirectiveId> for DirectiveExternalIdsOf {
    type Value = Vec<ExternalId>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, Self::Value>, Self::Error> {
        directives::load_external_ids(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads the register of kinds of directive, whole.
pub struct DirectiveKinds(Arc<Glance>);

impl Loader<()> for DirectiveKinds {
    type Value = Arc<[DirectiveKind]>;
    type Error = Arc<Fault>;

    async fn load(&self, _ids: &[()]) -> Result<HashMap<(), Self::Value>, Self::Error> {
        let kinds = registers::load_directive_kinds(self.0.snapshot.sql()).await.map_err(Arc::new)?;
        Ok(HashMap::from([((), kinds.into())]))
    }
}

/// Loads what directives say of others, or what others say that changes them.
pub struct RelationsOf {
    glance: Arc<Glance>,
    end: End,
}

impl Loader<DirectiveId> for RelationsOf {
    type Value = Vec<Relation>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, Self::Value>, Self::Error> {
        let sql = self.glance.snapshot.sql();
        let found = match self.end {
            End::From => relations::load_relations(sql, ids).await,
            End::To => relations::load_changes(sql, ids).await,
        };
        found.map_err(Arc::new)
    }
}

/// Loads what directives ask for, in order.
pub struct RequirementsOf(Arc<Glance>);

impl Loader<DirectiveId> for RequirementsOf {
    type Value = Vec<KeptRequirement>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, Self::Value>, Self::Error> {
        requirements::load_requirements(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads requirements, whoever may read them: look at their directives first.
pub struct RequirementsById(Arc<Glance>);

impl Loader<RequirementId> for RequirementsById {
    type Value = KeptRequirement;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[RequirementId]) -> Result<HashMap<RequirementId, Self::Value>, Self::Error> {
        requirements::load_requirements_by_id(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads grants that hold today.
pub struct GrantsById(Arc<Glance>);

impl Loader<GrantId> for GrantsById {
    type Value = HeldGrant;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[GrantId]) -> Result<HashMap<GrantId, Self::Value>, Self::Error> {
        grants::load_grants_by_id(self.0.snapshot.sql(), ids, self.0.today).await.map_err(Arc::new)
    }
}

/// Loads reorganizations.
pub struct ReorganizationsById(Arc<Glance>);

impl Loader<ReorganizationId> for ReorganizationsById {
    type Value = Reorganization;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[ReorganizationId]) -> Result<HashMap<ReorganizationId, Self::Value>, Self::Error> {
        reorganizations::load_reorganizations(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads the revisions of units.
pub struct RevisionsOf(Arc<Glance>);

impl Loader<UnitId> for RevisionsOf {
    type Value = Vec<Revision>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[UnitId]) -> Result<HashMap<UnitId, Self::Value>, Self::Error> {
        units::load_revisions(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads successions by one of their ends.
pub struct SuccessionsOf {
    glance: Arc<Glance>,
    end: End,
}

impl Loader<UnitId> for SuccessionsOf {
    type Value = Vec<Succession>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[UnitId]) -> Result<HashMap<UnitId, Self::Value>, Self::Error> {
        let snapshot = &self.glance.snapshot;
        load_successions(snapshot.sql(), snapshot.engine(), self.end, ids).await.map_err(Arc::new)
    }
}

/// Loads the obligations that directives discharge, whoever may read them.
pub struct DischargesOf(Arc<Glance>);

impl Loader<DirectiveId> for DischargesOf {
    type Value = Vec<ObligationId>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, Self::Value>, Self::Error> {
        reports::load_discharges(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}
