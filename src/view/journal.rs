//! The journal as it is read (A3, J3). Who reads what is decided in `domain::access`; the filter stands inside the query.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chidao_domain::access::{JournalSight, journal_sight, readable};
use chidao_domain::ids::UnitId;
use chidao_domain::journal::Subject;
use uuid::Uuid;

use crate::office::Glance;
use crate::store::entries::{self, Reader, Recorded, Selection};
use crate::store::journal::subject_columns;
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{Count, Listed, Page, Window};

impl View {
    /// Whether a unit that an entry touches is shown: an entry about work would name every unit that a directive binds (A3).
    pub fn may_read_touched(&self, subject: Subject, unit: UnitId) -> bool {
        match subject {
            Subject::Directive(_) | Subject::Requirement(_) | Subject::Comment(_) | Subject::Obligation(_) => {
                readable(self.grants(), self.forest(), unit).is_ok()
            }
            Subject::Reorganization(_)
            | Subject::OrgUnit(_)
            | Subject::OrgUnitKind(_)
            | Subject::DirectiveKind(_)
            | Subject::Person(_)
            | Subject::Appointment(_)
            | Subject::Principal(_)
            | Subject::Grant(_) => true,
        }
    }

    /// A page of the entries of a selection that the viewer may see, by position. A page begins after its window's key and after the
    /// selection's own position, whichever is later.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn journal(&self, selection: Selection, window: &Window<i64>) -> Result<Page<Recorded>, Stop> {
        let reader = reader(self.glance())?;
        let total = match window.count {
            Count::Wanted => entries::count_entries(self.sql(), self.engine(), &reader, &selection).await?,
            Count::Unwanted => 0,
        };
        let after = selection.after.max(window.after);
        let selection = Selection { after, ..selection };
        let rows = entries::load_entries(self.sql(), self.engine(), &reader, &selection, window.rows()).await?;
        Ok(Page::of_rows(rows, window, total))
    }

    /// A page of the entries about one thing that the viewer may see, by position.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn history(&self, subject: Uuid, window: &Window<i64>) -> Result<Page<Recorded>, Fault> {
        let asked = HistoryAsked { subject, after: window.after, limit: window.rows(), count: window.count };
        let listed = self.loaders().entries.load_one(asked).await.map_err(Fault::shared)?.unwrap_or_default();
        Ok(Page::of_rows(listed.rows, window, listed.total))
    }

    /// The entry at a position, if the viewer may see it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn journal_entry(&self, position: i64) -> Result<Option<Recorded>, Fault> {
        self.loaders().entries.load_one(position).await.map_err(Fault::shared)
    }
}

/// What the caller may see of the journal (A3).
fn reader(glance: &Glance) -> Result<Reader, Fault> {
    let forest = &glance.tree.forest;
    let JournalSight { units, accounts } = journal_sight(&glance.grants, forest);
    // In an empty forest nothing is the whole: rights over nothing must not show everything.
    let whole = !units.is_empty() && units.len() == forest.known_len();
    let units = (!whole).then(|| forest.ids_at(&units).collect());
    Ok(Reader { principal: glance.caller.ok_or(Fault::Unauthenticated)?, units, accounts })
}

/// A part of what was done to one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HistoryAsked {
    /// The thing.
    pub subject: Uuid,
    /// Only later positions.
    pub after: Option<i64>,
    /// How many at most.
    pub limit: u64,
    /// Whether they are counted.
    pub count: Count,
}

/// Loads entries that the caller may see: histories that differ in their subject only are one statement.
pub struct EntriesOf(pub(crate) Arc<Glance>);

impl Loader<i64> for EntriesOf {
    type Value = Recorded;
    type Error = Arc<Fault>;

    async fn load(&self, positions: &[i64]) -> Result<HashMap<i64, Recorded>, Arc<Fault>> {
        let selection = Selection { positions: positions.to_vec(), ..Selection::default() };
        let limit = u64::try_from(positions.len()).unwrap_or(u64::MAX);
        let snapshot = &self.0.snapshot;
        let found = entries::load_entries(snapshot.sql(), snapshot.engine(), &reader(&self.0)?, &selection, limit).await?;
        Ok(found.into_iter().map(|recorded| (recorded.position, recorded)).collect())
    }
}

impl Loader<HistoryAsked> for EntriesOf {
    type Value = Listed<Recorded>;
    type Error = Arc<Fault>;

    async fn load(&self, asked: &[HistoryAsked]) -> Result<HashMap<HistoryAsked, Self::Value>, Arc<Fault>> {
        let (sql, engine, reader) = (self.0.snapshot.sql(), self.0.snapshot.engine(), reader(&self.0)?);
        let mut groups: HashMap<(Option<i64>, u64, Count), Vec<Uuid>> = HashMap::new();
        for one in asked {
            groups.entry((one.after, one.limit, one.count)).or_default().push(one.subject);
        }
        let mut found: HashMap<HistoryAsked, Self::Value> = HashMap::new();
        for ((after, limit, count), subjects) in groups {
            let asked = |subject| HistoryAsked { subject, after, limit, count };
            let selection = Selection { subjects, ..Selection::default() };
            let part = Selection { after, ..selection.clone() };
            for recorded in entries::load_histories(sql, engine, &reader, &part, limit).await? {
                found.entry(asked(subject_columns(recorded.entry.subject).1)).or_default().rows.push(recorded);
            }
            if count == Count::Wanted {
                for (subject, total) in entries::count_histories(sql, engine, &reader, &selection).await? {
                    found.entry(asked(subject)).or_default().total = total;
                }
            }
        }
        Ok(found)
    }
}
