//! What obligations and reports are read by: what many of them ask for at the same time is one statement.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chidao_domain::ids::{DirectiveId, ObligationId, ReportId, RequirementId, UnitId};
use chidao_domain::obligation::Case;
use chidao_domain::scope::BindingReason;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::office::Glance;
use crate::store::bindings::{load_followers, load_reasons};
use crate::store::obligations::{
    Chosen, EarlierDueDate, ListOrder, ListWindow, Obligation, ObligationSelection, Owner, Part, count_obligations, list_obligations,
    load_cases, load_dischargers, load_earlier_due_dates, load_extensions, load_kept, load_obligations,
};
use crate::store::reports::{Report, Serving, load_readings, load_reports, load_served, load_serving};
use crate::store::urges::{Urge, load_urges};
use crate::store::{Engine, Fault};
use crate::view::batched::{Batched, Floor};
use crate::view::page::{Count, Listed};

/// The loaders of obligations and reports.
pub struct ObligationLoaders {
    /// Obligations by their ids.
    pub by_id: Batched<OfObligation>,
    /// Lists that units or requirements ask for, each its own.
    pub lists: Batched<Lists>,
    /// Reports, what they serve and their figures.
    pub reports: Batched<OfReport>,
    /// What is kept of units that have left.
    pub kept: Batched<KeptByIssuers>,
}

impl ObligationLoaders {
    pub(crate) fn new(glance: &Arc<Glance>, floor: &Floor) -> Self {
        Self {
            by_id: Batched::new(OfObligation(glance.clone()), floor),
            lists: Batched::new(Lists(glance.clone()), floor),
            reports: Batched::new(OfReport(glance.clone()), floor),
            kept: Batched::new(KeptByIssuers(glance.clone()), floor),
        }
    }
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident($id:ident)),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub $id);

        impl From<$id> for $name {
            fn from(id: $id) -> Self {
                Self(id)
            }
        }
    )+};
}

keys! {
    /// Asks for an obligation itself.
    Itself(ObligationId),
    /// Asks for an obligation as decisions see it.
    AsCase(ObligationId),
    /// Asks for why an obligation binds its unit.
    Reasons(ObligationId),
    /// Asks for the due dates that an obligation had.
    DueDates(ObligationId),
    /// Asks for what serves an obligation.
    Servings(ObligationId),
    /// Asks for the directives that discharge an obligation.
    Dischargers(ObligationId),
    /// Asks for the obligations that follow an obligation.
    Followers(ObligationId),
    /// Asks for the reminders about an obligation.
    Urges(ObligationId),
    /// Asks for a report itself.
    TheReport(ReportId),
    /// Asks for what a report serves.
    Served(ReportId),
    /// Asks for the figures of a report.
    Readings(ReportId),
    /// Asks for the due dates that a requirement had.
    Extensions(RequirementId),
}

/// Loads what belongs to obligations.
pub struct OfObligation(Arc<Glance>);

/// Loads what belongs to reports.
pub struct OfReport(Arc<Glance>);

/// Loads of which units something is kept, and by which issuers (S4), once for a view.
pub struct KeptByIssuers(Arc<Glance>);

impl Loader<()> for KeptByIssuers {
    type Value = Arc<[(UnitId, UnitId)]>;
    type Error = Arc<Fault>;

    async fn load(&self, _ids: &[()]) -> Result<HashMap<(), Self::Value>, Arc<Fault>> {
        let kept = load_kept(self.0.snapshot.sql(), self.0.snapshot.engine()).await?;
        Ok(HashMap::from([((), kept.into())]))
    }
}

/// The same answer under the keys that asked.
fn keyed<I, K: From<I> + Eq + std::hash::Hash, V>(found: Result<HashMap<I, V>, Fault>) -> Result<HashMap<K, V>, Arc<Fault>> {
    Ok(found?.into_iter().map(|(id, value)| (id.into(), value)).collect())
}

impl Loader<Itself> for OfObligation {
    type Value = Obligation;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Itself]) -> Result<HashMap<Itself, Obligation>, Arc<Fault>> {
        let (ids, snapshot): (Vec<_>, _) = (keys.iter().map(|key| key.0).collect(), &self.0.snapshot);
        keyed(load_obligations(snapshot.sql(), snapshot.engine(), &ids).await)
    }
}

impl Loader<AsCase> for OfObligation {
    type Value = Arc<Case>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[AsCase]) -> Result<HashMap<AsCase, Arc<Case>>, Arc<Fault>> {
        let (ids, snapshot): (Vec<_>, _) = (keys.iter().map(|key| key.0).collect(), &self.0.snapshot);
        let cases = load_cases(snapshot.sql(), snapshot.engine(), Chosen::These(&ids)).await?;
        Ok(cases.into_iter().map(|case| (AsCase(case.id), Arc::new(case))).collect())
    }
}

impl Loader<Urges> for OfObligation {
    type Value = Vec<Urge>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Urges]) -> Result<HashMap<Urges, Self::Value>, Arc<Fault>> {
        let (ids, snapshot): (Vec<_>, _) = (keys.iter().map(|key| key.0).collect(), &self.0.snapshot);
        keyed(load_urges(snapshot.sql(), snapshot.engine(), &ids).await)
    }
}

impl Loader<Reasons> for OfObligation {
    type Value = Vec<BindingReason>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Reasons]) -> Result<HashMap<Reasons, Self::Value>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_reasons(self.0.snapshot.sql(), &ids).await)
    }
}

impl Loader<DueDates> for OfObligation {
    type Value = Vec<EarlierDueDate>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[DueDates]) -> Result<HashMap<DueDates, Self::Value>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_earlier_due_dates(self.0.snapshot.sql(), &ids).await)
    }
}

impl Loader<Servings> for OfObligation {
    type Value = Vec<Serving>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Servings]) -> Result<HashMap<Servings, Self::Value>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_serving(self.0.snapshot.sql(), &ids).await)
    }
}

impl Loader<Dischargers> for OfObligation {
    type Value = Vec<DirectiveId>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Dischargers]) -> Result<HashMap<Dischargers, Self::Value>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_dischargers(self.0.snapshot.sql(), &ids).await)
    }
}

impl Loader<Followers> for OfObligation {
    type Value = Vec<ObligationId>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Followers]) -> Result<HashMap<Followers, Self::Value>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_followers(self.0.snapshot.sql(), self.0.snapshot.engine(), &ids).await)
    }
}

impl Loader<TheReport> for OfReport {
    type Value = Report;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[TheReport]) -> Result<HashMap<TheReport, Report>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_reports(self.0.snapshot.sql(), &ids).await)
    }
}

impl Loader<Served> for OfReport {
    type Value = Vec<Serving>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Served]) -> Result<HashMap<Served, Self::Value>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_served(self.0.snapshot.sql(), &ids).await)
    }
}

impl Loader<Readings> for OfReport {
    type Value = Vec<(String, Decimal)>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Readings]) -> Result<HashMap<Readings, Self::Value>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_readings(self.0.snapshot.sql(), &ids).await)
    }
}

/// Whose list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Nobody's: the one list that there is.
    Nobodys,
    /// A unit's.
    Unit(UnitId),
    /// A requirement's.
    Requirement(RequirementId),
}

/// One list that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListAsked {
    /// Whose.
    pub whose: Whose,
    /// What it is besides.
    pub of: Arc<ListTerms>,
}

/// What a list holds, in which order, and which part of it is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListTerms {
    /// What it holds.
    pub selection: ObligationSelection,
    /// Which part.
    pub window: ListWindow,
    /// Whether anybody asks how many there are in all.
    pub count: Count,
}

/// Loads lists: those that differ in their owner only are one statement.
pub struct Lists(Arc<Glance>);

impl Loader<ListAsked> for Lists {
    type Value = Listed<Obligation>;
    type Error = Arc<Fault>;

    async fn load(&self, asked: &[ListAsked]) -> Result<HashMap<ListAsked, Self::Value>, Arc<Fault>> {
        let mut found: HashMap<ListAsked, Self::Value> = asked.iter().map(|one| (one.clone(), Listed::default())).collect();
        let mut owned: HashMap<&Arc<ListTerms>, Vec<Whose>> = HashMap::new();
        let mut alike: HashMap<ListTerms, Vec<&ListAsked>> = HashMap::new();
        for one in asked {
            match one.of.without_parts().filter(|_| one.whose == Whose::Nobodys) {
                Some(terms) => alike.entry(terms).or_default().push(one),
                None => owned.entry(&one.of).or_default().push(one.whose),
            }
        }
        for (of, owners) in owned {
            self.group(of, &owners, &mut found).await?;
        }
        for (terms, asked) in alike {
            match asked[..] {
                [one] => self.group(&one.of, &[one.whose], &mut found).await?,
                _ => self.parts(terms, &asked, &mut found).await?,
            }
        }
        Ok(found)
    }
}

impl Loader<Extensions> for Lists {
    type Value = Vec<EarlierDueDate>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[Extensions]) -> Result<HashMap<Extensions, Self::Value>, Arc<Fault>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        keyed(load_extensions(self.0.snapshot.sql(), &ids).await)
    }
}

impl ListTerms {
    /// What the list shares with those of the other parts of a breakdown; nothing where it is not of that form. A list that goes on after
    /// a cursor is one by itself.
    fn without_parts(&self) -> Option<Self> {
        let ListWindow { after: None, before: None, .. } = self.window else { return None };
        let (Some(_), Some(_)) = (&self.selection.units, &self.selection.requirements) else { return None };
        let (due, dated) = Default::default();
        let selection = ObligationSelection { units: None, requirements: None, due, dated, ..self.selection.clone() };
        Some(Self { selection, window: self.window, count: self.count })
    }
}

type Found = HashMap<ListAsked, Listed<Obligation>>;

impl Lists {
    async fn group(&self, of: &Arc<ListTerms>, owners: &[Whose], found: &mut Found) -> Result<(), Fault> {
        let units: Vec<UnitId> = owners.iter().filter_map(|whose| if let Whose::Unit(unit) = whose { Some(*unit) } else { None }).collect();
        let asked = |whose: &Whose| if let Whose::Requirement(id) = whose { Some(*id) } else { None };
        let requirements: Vec<RequirementId> = owners.iter().filter_map(asked).collect();
        let list = |whose| ListAsked { whose, of: of.clone() };
        if owners.contains(&Whose::Nobodys) {
            self.of_owner(of, Owner::Nobody, |_| Some(list(Whose::Nobodys)), found).await?;
        }
        if !units.is_empty() {
            self.of_owner(of, Owner::Units(&units), |id| Some(list(Whose::Unit(UnitId(id?)))), found).await?;
        }
        if !requirements.is_empty() {
            let whose = |id: Option<Uuid>| Some(list(Whose::Requirement(RequirementId(id?))));
            self.of_owner(of, Owner::Requirements(&requirements), whose, found).await?;
        }
        Ok(())
    }

    /// Lists that differ in the units and the requirements that they hold.
    async fn parts(&self, mut terms: ListTerms, asked: &[&ListAsked], found: &mut Found) -> Result<(), Fault> {
        let forest = &self.0.tree.forest;
        let part = |one: &&ListAsked| {
            let ObligationSelection { units, requirements, due, dated, .. } = &one.of.selection;
            // Named twice, a requirement must not bring its obligations twice.
            let requirements: BTreeSet<RequirementId> = requirements.iter().flatten().copied().collect();
            Part { units: units.clone().unwrap_or_default(), requirements: requirements.into_iter().collect(), due: Some((*due, *dated)) }
        };
        let mut parts: Vec<Part> = asked.iter().map(part).collect();
        if let Some((due, dated)) =
            parts.first().and_then(|part| part.due).filter(|first| parts.iter().all(|part| part.due == Some(*first)))
        {
            (terms.selection.due, terms.selection.dated) = (due, dated);
            parts.iter_mut().for_each(|part| part.due = None);
        }
        if terms.window.order == ListOrder::Tree {
            let mut units: Vec<UnitId> = parts.iter().flat_map(|part| part.units.iter().copied()).collect();
            units.sort_unstable_by_key(|unit| (forest.known_place(*unit), *unit));
            units.dedup();
            terms.selection.units = Some(units.into());
        }
        let whose = |id: Option<Uuid>| asked.get(usize::try_from(id?.as_u128()).ok()?).map(|one| (*one).clone());
        self.of_owner(&terms, Owner::Parts(&parts), whose, found).await
    }

    async fn of_owner(
        &self,
        of: &ListTerms,
        owner: Owner<'_>,
        whose: impl Fn(Option<Uuid>) -> Option<ListAsked>,
        found: &mut Found,
    ) -> Result<(), Fault> {
        let (sql, engine, today): (_, Engine, _) = (self.0.snapshot.sql(), self.0.snapshot.engine(), self.0.today);
        for (id, row) in list_obligations(sql, engine, (owner, &of.selection, today), &of.window).await? {
            if let Some(listed) = whose(id).and_then(|list| found.get_mut(&list)) {
                listed.rows.push(row);
            }
        }
        if of.count == Count::Wanted {
            for (id, total) in count_obligations(sql, engine, owner, &of.selection, today).await? {
                if let Some(listed) = whose(id).and_then(|list| found.get_mut(&list)) {
                    listed.total = total;
                }
            }
        }
        Ok(())
    }
}
