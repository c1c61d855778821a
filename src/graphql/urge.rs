//! Reminders to units that are behind (L9).

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chidao_domain::refusal::Refusal;

use crate::command::{self, UrgeUnits};
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::directive::Directive;
use crate::graphql::directive_input::each;
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::id::typed;
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef};
use crate::graphql::principal::Principal;
use crate::graphql::scalars::DateTime;
use crate::store::urges::Urge as Record;
use crate::view::SharedView;
use crate::view::units::UnitOnDay;

/// A reminder from a unit above to a unit that is behind (đôn đốc). It changes no state and no date.
pub struct Urge {
    pub(crate) view: SharedView,
    pub(crate) record: Record,
}

/// A reminder from a unit above to a unit that is behind (đôn đốc). It changes no state and no date.
#[Object]
impl Urge {
    /// The unit that urges, where the right came from one (đơn vị đôn đốc).
    async fn on_behalf_of(&self) -> Option<OrgUnit> {
        UnitOnDay::today(&self.view, self.record.on_behalf_of?).map(OrgUnit)
    }

    /// Who entered it.
    async fn by(&self) -> Outcome<Principal> {
        Principal::written(&self.view, self.record.by).await
    }

    /// What is said (nội dung đôn đốc).
    async fn words(&self) -> &str {
        &self.record.words
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.record.at)
    }
}

/// What `urgeUnits` takes.
#[derive(InputObject)]
pub struct UrgeUnitsInput {
    /// The directive.
    directive: ID,
    /// The units, each with something open and overdue on the directive; 1 to 100.
    units: Vec<OrgUnitRef>,
    /// What is said to them.
    words: String,
    /// For which unit it is said; left out: for each the nearest whose grant gives the right.
    on_behalf_of: Option<OrgUnitRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl UrgeUnitsInput {
    fn read(self) -> Result<UrgeUnits, Vec<Refusal>> {
        let one = |no: Refusal| vec![no];
        Ok(UrgeUnits {
            directive: typed(&self.directive).map_err(|no| one(no.within("directive")))?,
            units: each(Some(self.units), "units", |unit| unit.read().map_err(one))?,
            words: self.words,
            on_behalf_of: self.on_behalf_of.map(|unit| unit.read()).transpose().map_err(|no| one(no.within("onBehalfOf")))?,
        })
    }
}

/// What `urgeUnits` answers.
#[derive(SimpleObject)]
pub struct UrgeUnitsPayload {
    /// The directive; nothing where it was refused.
    directive: Option<Directive>,
    /// How many units were reminded.
    units: usize,
    /// Of how many obligations.
    obligations: usize,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutation that urges.
#[derive(Default)]
pub struct UrgeMutation;

#[Object]
impl UrgeMutation {
    /// Reminds units of what is open and overdue on a directive (đôn đốc), as a unit strictly above them. Each sees it in its inbox, with the
    /// obligation; nothing else changes.
    async fn urge_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: UrgeUnitsInput,
    ) -> Outcome<UrgeUnitsPayload> {
        let caller = keyed(ctx, "urgeUnits", input.client_mutation_id.as_ref(), &input);
        let nothing = |no: &[Refusal]| UrgeUnitsPayload { directive: None, units: 0, obligations: 0, user_errors: user_errors(ctx, no) };
        let input = match input.read() {
            Ok(input) => input,
            Err(no) => return Ok(nothing(&no)),
        };
        Ok(match written(ctx, command::urge_units(at(ctx).0, &caller, input).await).await? {
            Written::Refused(no) => nothing(&no),
            Written::Done(done, view) => UrgeUnitsPayload {
                directive: Directive::find(&view, done.directive.into()).await?,
                units: done.units,
                obligations: done.obligations,
                user_errors: Vec::new(),
            },
        })
    }
}
