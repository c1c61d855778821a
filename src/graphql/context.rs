//! What resolvers find beside their arguments: the office, the caller, and the one view of a query.

use async_graphql::Context;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use crate::graphql::error::Outcome;
use crate::office::{Caller, SharedOffice};
use crate::store::tx::IdempotencyKey;
use crate::store::{Done, Stop};
use crate::view::{SharedView, View};

/// What one request carries through its execution.
pub(crate) struct Asked {
    office: SharedOffice,
    caller: Caller,
    view: Mutex<Option<SharedView>>,
}

impl Asked {
    pub(crate) fn new(office: SharedOffice, caller: Caller) -> Self {
        Self { office, caller, view: Mutex::new(None) }
    }

    /// The position that the answer reflects (J4): that of the view, or, where none was opened, as by a mutation that was refused, the last.
    pub(crate) async fn position(&self) -> Option<i64> {
        if let Some(view) = &*self.view.lock().await {
            return Some(view.position());
        }
        let found = self.office.position().await;
        found.inspect_err(|fault| tracing::warn!(%fault, "an answer goes without its position")).ok()
    }

    async fn view(&self) -> Outcome<SharedView> {
        let mut kept = self.view.lock().await;
        if let Some(view) = &*kept {
            return Ok(view.clone());
        }
        let view = View::open(&self.office, &self.caller).await?;
        *kept = Some(view.clone());
        Ok(view)
    }

    /// Looks anew, so that the payload of a mutation shows what it wrote.
    async fn look_again(&self, caller: Caller, position: i64) -> Outcome<SharedView> {
        let mut kept = self.view.lock().await;
        *kept = None;
        let caller = Caller { at_least: Some(position), ..caller };
        let view = View::open(&self.office, &caller).await?;
        *kept = Some(view.clone());
        Ok(view)
    }
}

/// The request's own data; [`crate::graphql::execute`] always puts it there.
fn asked<'a>(ctx: &Context<'a>) -> &'a std::sync::Arc<Asked> {
    ctx.data_unchecked::<std::sync::Arc<Asked>>()
}

/// Who asks.
pub(crate) fn caller<'a>(ctx: &Context<'a>) -> &'a Caller {
    &asked(ctx).caller
}

/// The office and who asks.
pub(crate) fn at<'a>(ctx: &Context<'a>) -> (&'a SharedOffice, &'a Caller) {
    let asked = asked(ctx);
    (&asked.office, &asked.caller)
}

/// The one view that everything in a query is read through.
pub(crate) async fn view(ctx: &Context<'_>) -> Outcome<SharedView> {
    asked(ctx).view().await
}

/// The caller with the idempotency key of this call. A hash of the input is stored with it: secrets are taken out of the input before.
pub(crate) fn keyed(
    ctx: &Context<'_>,
    mutation: &'static str,
    client_mutation_id: Option<&String>,
    input: &impl async_graphql::InputType,
) -> Caller {
    let mut caller = asked(ctx).caller.clone();
    caller.idempotency = client_mutation_id.map(|key| {
        let hash = Sha256::digest(input.to_value().to_string().as_bytes());
        IdempotencyKey { client_mutation_id: key.clone(), mutation, input_hash: hash.iter().map(|byte| format!("{byte:02x}")).collect() }
    });
    caller
}

/// What a mutation led to: an output and a view that shows it, or refusals.
pub(crate) enum Written<T> {
    Done(T, SharedView),
    Refused(Vec<chidao_domain::refusal::Refusal>),
}

/// Turns a command's answer into what a payload is made of; a call that came before answers as it did.
pub(crate) async fn written<T: serde::de::DeserializeOwned>(ctx: &Context<'_>, answer: crate::store::Answer<T>) -> Outcome<Written<T>> {
    let Done { output, position } = match answer {
        Ok(done) => done,
        Err(Stop::Refused(refusals)) => return Ok(Written::Refused(refusals)),
        Err(Stop::Fault(fault)) => return Err(fault.into()),
        Err(Stop::Replay(replay)) => {
            let output = serde_json::from_str(&replay.answer).map_err(crate::store::Fault::from)?;
            Done { output, position: replay.position }
        }
    };
    let view = asked(ctx).look_again(caller(ctx).clone(), position).await?;
    Ok(Written::Done(output, view))
}

/// The same for a command that says who the caller is from now on, and whose answer is never kept for a replay.
pub(crate) async fn written_as<T>(
    ctx: &Context<'_>,
    answer: crate::store::Answer<T>,
    caller: impl FnOnce(&T) -> Caller,
) -> Outcome<Written<T>> {
    let Done { output, position } = match answer {
        Ok(done) => done,
        Err(Stop::Refused(refusals)) => return Ok(Written::Refused(refusals)),
        Err(stop) => return Err(stop.into()),
    };
    let view = asked(ctx).look_again(caller(&output), position).await?;
    Ok(Written::Done(output, view))
}
