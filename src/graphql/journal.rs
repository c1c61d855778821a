//! The journal: the entry, the query, and the history of a thing.

use async_graphql::{Context, ID, InputObject, Object};
use chidao_domain::ids::ReportId;
use chidao_domain::journal::{FieldChange as Change, LATEST_REPORT};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::context::view;
use crate::graphql::error::Outcome;
use crate::graphql::id::{NodeId, node_id, typed};
use crate::graphql::journal_action::JournalAction;
use crate::graphql::node::{self, Node};
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef, page_cost};
use crate::graphql::principal::Principal;
use crate::graphql::scalars::DateTime;
use crate::graphql::structural_change::FieldChange;
use crate::store::entries::{Recorded, Selection};
use crate::view::SharedView;
use crate::view::page::Page;
use crate::view::units::UnitOnDay;

/// Units, subjects or actions in a filter at the most.
const FILTER_LIMIT: usize = 100;

/// One thing that somebody did (mục nhật ký): who, when, on whose behalf, what changed and why.
pub struct JournalEntry {
    view: SharedView,
    recorded: Recorded,
}

impl JournalEntry {
    pub(crate) fn of(view: &SharedView, recorded: Recorded) -> Self {
        Self { view: view.clone(), recorded }
    }
}

/// One thing that somebody did (mục nhật ký): who, when, on whose behalf, what changed and why.
#[Object]
impl JournalEntry {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::JournalEntry(self.recorded.position).encode()
    }

    /// Counts up from 1 without gaps, in the order in which things were done; a 64-bit number as a string.
    async fn position(&self) -> String {
        self.recorded.position.to_string()
    }

    /// When (thời điểm).
    async fn at(&self) -> DateTime {
        DateTime(self.recorded.at)
    }

    /// Who; nothing: the command line, or the calendar.
    async fn actor(&self) -> Option<Outcome<Principal>> {
        match self.recorded.actor {
            None => None,
            Some(actor) => Principal::named(&self.view, actor).await.transpose(),
        }
    }

    /// On behalf of which unit (thay mặt).
    async fn on_behalf_of(&self) -> Option<OrgUnit> {
        self.recorded.entry.on_behalf_of.and_then(|unit| UnitOnDay::today(&self.view, unit)).map(OrgUnit)
    }

    /// What was done.
    async fn action(&self) -> JournalAction {
        self.recorded.entry.action.into()
    }

    /// To what; nothing where the viewer may not read it now, or it is no node: of an entry of a register the changes name the code.
    async fn subject(&self) -> Option<Outcome<Node>> {
        let node = NodeId::of_subject(self.recorded.entry.subject)?;
        node::find(&self.view, node).await.transpose()
    }

    /// The units that it touches; of work on directives, those that you may read about.
    async fn units(&self) -> Vec<OrgUnit> {
        let entry = &self.recorded.entry;
        let units = entry.units.iter().filter(|unit| self.view.may_read_touched(entry.subject, **unit));
        units.filter_map(|unit| UnitOnDay::today(&self.view, *unit)).map(OrgUnit).collect()
    }

    /// What changed.
    async fn changes(&self) -> Vec<FieldChange> {
        let changes = self.recorded.entry.changes.iter().cloned();
        changes.map(shown_change).collect()
    }

    /// Why, in the words of who did it.
    async fn reason(&self) -> Option<&str> {
        self.recorded.entry.reason.as_deref()
    }
}

/// A report that an entry names is shown by the id that clients know.
fn shown_change(Change { field, before, after }: Change) -> FieldChange {
    let shown = |value: Option<String>| {
        let report = value.as_ref().filter(|_| field == LATEST_REPORT).and_then(|id| id.parse().ok());
        report.map_or(value, |id| Some(NodeId::Report(ReportId(id)).encode().0))
    };
    FieldChange { before: shown(before), after: shown(after), field: field.clone() }
}

/// Which entries are asked for; what is left out does not narrow it.
#[derive(Default, InputObject)]
pub struct JournalFilter {
    /// Only entries about this thing.
    subject: Option<ID>,
    /// Only entries that touch one of these units.
    units: Option<Vec<OrgUnitRef>>,
    /// Only these actions.
    actions: Option<Vec<JournalAction>>,
    /// Only what this principal did.
    actor: Option<ID>,
    /// Only entries after this position, as `JournalEntry.position` and `extensions.position` show it: a reader that comes back resumes
    /// here and misses nothing.
    after_position: Option<String>,
}

impl JournalFilter {
    async fn read(self, view: &SharedView) -> Outcome<Selection> {
        let mut selection = Selection::default();
        if let Some(subject) = &self.subject {
            selection.subjects.push(node_id(subject).map_err(|no| no.within("subject"))?.uuid());
        }
        let units = self.units.unwrap_or_default();
        check_length("units", units.len())?;
        for (index, unit) in units.iter().enumerate() {
            let at = |no: Refusal| no.at(index).within("units");
            let found = view.resolve_unit(view.tree(), &unit.read().map_err(at)?).await;
            selection.units.push(found.map_err(|stop| stop.at(index).within("units"))?);
        }
        let actions = self.actions.unwrap_or_default();
        check_length("actions", actions.len())?;
        selection.actions = actions.into_iter().map(Into::into).collect();
        selection.actor = self.actor.as_ref().map(typed).transpose().map_err(|no| no.within("actor"))?;
        selection.after = self.after_position.map(|text| position(&text)).transpose()?;
        Ok(selection)
    }
}

fn check_length(field: &'static str, count: usize) -> Result<(), Refusal> {
    let limit = FILTER_LIMIT;
    if count > limit { Err(Refusal::from(InputRefusal::TooMany { limit, count }).within(field)) } else { Ok(()) }
}

fn position(text: &str) -> Result<i64, Refusal> {
    let read = text.parse().ok().filter(|position| *position >= 0);
    let range = || InputRefusal::OutOfRange { least: "0".into(), most: i64::MAX.to_string() };
    read.ok_or_else(|| Refusal::from(range()).within("afterPosition"))
}

/// A page of the entries that are about a thing: its `history`. Each is read by who may read it in the journal.
pub(crate) async fn history(ctx: &Context<'_>, view: &SharedView, subject: NodeId, paging: Paging) -> Outcome<Connection<JournalEntry>> {
    let list = Listing::of(ctx, "history", subject.uuid());
    let window = paging.window(ctx, &list, |key| key.parse().ok())?;
    Ok(shown(view, &list, view.history(subject.uuid(), &window).await?))
}

fn shown(view: &SharedView, list: &Listing, page: Page<Recorded>) -> Connection<JournalEntry> {
    connection(list, page, |recorded| recorded.position.to_string(), |recorded| JournalEntry::of(view, recorded))
}

/// The queries about the journal.
#[derive(Default)]
pub struct JournalQuery;

#[Object]
impl JournalQuery {
    /// What was done, in its order (nhật ký), as far as the viewer may read it: who follows it by `after` or `afterPosition` misses nothing
    /// and sees nothing twice.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn journal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries are meant; left out: all.")] filter: Option<JournalFilter>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<JournalEntry>> {
        let view = view(ctx).await?;
        let selection = match filter {
            None => Selection::default(),
            Some(filter) => filter.read(&view).await.map_err(|no| no.within("filter"))?,
        };
        let list = Listing::of(ctx, "journal", "");
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok())?;
        Ok(shown(&view, &list, view.journal(selection, &window).await?))
    }
}
