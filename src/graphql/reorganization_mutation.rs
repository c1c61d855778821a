//! The mutations of the tree.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chidao_domain::ids::ReorganizationId;
use chidao_domain::refusal::Refusal;

use crate::command::{self, TakeBack};
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::id::typed;
use crate::graphql::reorganization::Reorganization;
use crate::graphql::reorganization_input::ReorganizeInput;
use crate::store::Answer;
use crate::store::reorganizations::Reorganization as Record;

/// What `reorganize` answers.
#[derive(SimpleObject)]
pub struct ReorganizePayload {
    /// Whether this is only what would be: nothing was written, and what would come into being has an id that means nothing afterwards.
    preview: bool,
    /// The batch; nothing where it was refused.
    reorganization: Option<Reorganization>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `cancelReorganization` takes.
#[derive(InputObject)]
pub struct CancelReorganizationInput {
    /// One that is planned.
    reorganization: ID,
    /// Why.
    reason: String,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

/// What `cancelReorganization` answers.
#[derive(SimpleObject)]
pub struct CancelReorganizationPayload {
    /// The batch; nothing where it was refused.
    reorganization: Option<Reorganization>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `annulReorganization` takes.
#[derive(InputObject)]
pub struct AnnulReorganizationInput {
    /// One that took effect, and was a mistake.
    reorganization: ID,
    /// Why.
    reason: String,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

/// What `annulReorganization` answers.
#[derive(SimpleObject)]
pub struct AnnulReorganizationPayload {
    /// The batch; nothing where it was refused.
    reorganization: Option<Reorganization>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of the tree.
#[derive(Default)]
pub struct ReorganizationMutation;

#[Object]
impl ReorganizationMutation {
    /// Changes the tree by one dated, atomic batch: of today, of a past day (a correction) or of a later day (a plan). With `preview` it
    /// answers the same and writes nothing.
    async fn reorganize(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: ReorganizeInput,
    ) -> Outcome<ReorganizePayload> {
        let caller = keyed(ctx, "reorganize", input.client_mutation_id.as_ref(), &input);
        let (office, _) = at(ctx);
        let preview = input.preview.unwrap_or_default();
        let refused = |refusals: &[Refusal]| ReorganizePayload { preview, reorganization: None, user_errors: user_errors(ctx, refusals) };
        let input = match input.read(|| office.new_id()) {
            Ok(input) => input,
            Err(refusals) => return Ok(refused(&refusals)),
        };
        Ok(match written(ctx, command::reorganize(office, &caller, input).await).await? {
            Written::Refused(refusals) => refused(&refusals),
            Written::Done(done, view) => {
                let shown = Reorganization::of(&view, done.record).previewed(done.preview);
                ReorganizePayload { preview, reorganization: Some(shown), user_errors: Vec::new() }
            }
        })
    }

    /// Gives up a planned batch before its day (huỷ đợt sắp xếp dự kiến). Refused where another planned one builds on it.
    async fn cancel_reorganization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: CancelReorganizationInput,
    ) -> Outcome<CancelReorganizationPayload> {
        let caller = keyed(ctx, "cancelReorganization", input.client_mutation_id.as_ref(), &input);
        let (office, _) = at(ctx);
        let given = TakeBackGiven { reorganization: input.reorganization, reason: input.reason };
        let (reorganization, user_errors) = taken_back(ctx, given, |taken| command::cancel_reorganization(office, &caller, taken)).await?;
        Ok(CancelReorganizationPayload { reorganization, user_errors })
    }

    /// Takes back a batch that took effect and was a mistake (thu hồi), as an event of today: days before show the tree as it was.
    /// An annulment itself cannot be annulled: send that batch again, and `reopen` the units that it had established.
    async fn annul_reorganization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: AnnulReorganizationInput,
    ) -> Outcome<AnnulReorganizationPayload> {
        let caller = keyed(ctx, "annulReorganization", input.client_mutation_id.as_ref(), &input);
        let (office, _) = at(ctx);
        let given = TakeBackGiven { reorganization: input.reorganization, reason: input.reason };
        let (reorganization, user_errors) = taken_back(ctx, given, |taken| command::annul_reorganization(office, &caller, taken)).await?;
        Ok(AnnulReorganizationPayload { reorganization, user_errors })
    }
}

struct TakeBackGiven {
    reorganization: ID,
    reason: String,
}

/// Takes a batch back, one way or the other.
async fn taken_back<F>(
    ctx: &Context<'_>,
    given: TakeBackGiven,
    command: impl FnOnce(TakeBack) -> F,
) -> Outcome<(Option<Reorganization>, Vec<UserError>)>
where
    F: Future<Output = Answer<Record>>,
{
    let reorganization = match typed::<ReorganizationId>(&given.reorganization) {
        Ok(id) => id,
        Err(no) => return Ok((None, user_errors(ctx, &[no.within("reorganization")]))),
    };
    Ok(match written(ctx, command(TakeBack { reorganization, reason: given.reason }).await).await? {
        Written::Refused(refusals) => (None, user_errors(ctx, &refusals)),
        Written::Done(record, view) => (Some(Reorganization::of(&view, record)), Vec::new()),
    })
}
