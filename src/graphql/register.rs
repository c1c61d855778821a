//! The mutations of the registers of kinds.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use chidao_domain::kind::{KindGiven, RuleGiven};

use crate::command;
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::directive_kind::DirectiveKind;
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::org_unit_kind::OrgUnitKind;
use crate::graphql::scalars::Date;
use crate::store::Fault;

/// What `defineOrgUnitKind` takes: what is left out stays as it is; a new kind needs names and rank.
#[derive(InputObject)]
pub struct DefineOrgUnitKindInput {
    /// Unique and for ever: capitals, digits and `_`. One that stands in the register is amended.
    code: String,
    /// The Vietnamese name.
    name_vi: Option<String>,
    /// The English name.
    name_en: Option<String>,
    /// From the top of the hierarchy (small) to its bottom.
    rank: Option<i32>,
    /// Rules of placement that are added, or that get another end (quy định về vị trí).
    rules: Option<Vec<PlacementRuleInput>>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

/// A rule of where units of a kind may be placed, named by parent and first day (quy định về vị trí). It is never taken out: it ends on a day.
#[derive(InputObject)]
pub struct PlacementRuleInput {
    /// The code of the kind of the parent; left out: units of the kind may be roots.
    parent: Option<String>,
    /// The first day on which such a placement may begin; left out: that of the only rule that there is for the parent, else always.
    from: Option<Date>,
    /// The first day on which it may not begin any more, not earlier than today; left out: there is none.
    to: Option<Date>,
}

impl DefineOrgUnitKindInput {
    fn read(&self) -> command::DefineOrgUnitKind {
        let rule = |rule: &PlacementRuleInput| RuleGiven {
            parent: rule.parent.clone(),
            from: rule.from.as_ref().map(|day| day.0),
            to: rule.to.as_ref().map(|day| day.0),
        };
        command::DefineOrgUnitKind {
            kind: KindGiven {
                code: self.code.clone(),
                name_vi: self.name_vi.clone(),
                name_en: self.name_en.clone(),
                rank: self.rank,
                rules: self.rules.iter().flatten().map(rule).collect(),
            },
        }
    }
}

/// What `defineOrgUnitKind` answers.
#[derive(SimpleObject)]
pub struct DefineOrgUnitKindPayload {
    /// The kind as it is now; nothing where it was refused.
    org_unit_kind: Option<OrgUnitKind>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `defineDirectiveKind` takes: what is left out stays as it is; a new kind needs everything.
#[derive(InputObject)]
pub struct DefineDirectiveKindInput {
    /// Unique and for ever: capitals, digits and `_`. One that stands in the register is amended.
    code: String,
    /// The Vietnamese name.
    name_vi: Option<String>,
    /// The English name.
    name_en: Option<String>,
    /// As it stands in symbols (chữ viết tắt).
    abbreviation: Option<String>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

/// What `defineDirectiveKind` answers.
#[derive(SimpleObject)]
pub struct DefineDirectiveKindPayload {
    /// The kind as it is now; nothing where it was refused.
    directive_kind: Option<DirectiveKind>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of the registers.
#[derive(Default)]
pub struct RegisterMutation;

#[Object]
impl RegisterMutation {
    /// Adds a kind of unit to the register, or amends it: its names, its rank, and from which day to which it may stand where. For operators.
    async fn define_org_unit_kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: DefineOrgUnitKindInput,
    ) -> Outcome<DefineOrgUnitKindPayload> {
        let caller = keyed(ctx, "defineOrgUnitKind", input.client_mutation_id.as_ref(), &input);
        let answer = command::define_org_unit_kind(at(ctx).0, &caller, input.read()).await;
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => DefineOrgUnitKindPayload { org_unit_kind: None, user_errors: user_errors(ctx, &refusals) },
            Written::Done(done, view) => {
                let kind = view.tree().kinds.get(&done.code).cloned();
                DefineOrgUnitKindPayload { org_unit_kind: kind.map(|kind| OrgUnitKind { view, kind }), user_errors: Vec::new() }
            }
        })
    }

    /// Adds a kind of directive to the register, or amends it. For operators.
    async fn define_directive_kind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: DefineDirectiveKindInput,
    ) -> Outcome<DefineDirectiveKindPayload> {
        let caller = keyed(ctx, "defineDirectiveKind", input.client_mutation_id.as_ref(), &input);
        let DefineDirectiveKindInput { code, name_vi, name_en, abbreviation, .. } = input;
        let input = command::DefineDirectiveKind { code, name_vi, name_en, abbreviation };
        let answer = command::define_directive_kind(at(ctx).0, &caller, input).await;
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => DefineDirectiveKindPayload { directive_kind: None, user_errors: user_errors(ctx, &refusals) },
            Written::Done(done, view) => {
                let kinds = view.directive_kinds().await.map_err(Fault::shared)?;
                let kind = kinds.iter().find(|kind| kind.code == done.code).cloned();
                DefineDirectiveKindPayload { directive_kind: kind.map(DirectiveKind), user_errors: Vec::new() }
            }
        })
    }
}
