//! The journal as it is read (A3, J3). Who reads what is decided in `domain::access`; the filter stands inside the query.

use chidao_domain::access::{JournalSight, journal_sight, readable};
use chidao_domain::ids::UnitId;
use chidao_domain::journal::Subject;

use crate::store::entries::{self, Reader, Recorded, Selection};
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{Count, Page, Window};

impl View {
    fn journal_reader(&self) -> Result<Reader, Fault> {
        let JournalSight { units, accounts } = journal_sight(self.grants(), self.forest());
        let forest = self.forest();
        // In an empty forest nothing is the whole: rights over nothing must not show everything.
        let whole = !units.is_empty() && units.len() == forest.len();
        let units = (!whole).then(|| units.iter().map(|place| forest.units()[place].id).collect());
        Ok(Reader { principal: self.caller().id().ok_or(Fault::Unauthenticated)?, units, accounts })
    }

    /// Whether a unit that an entry touches is shown: an entry about work would name every unit that a directive binds (A3).
    pub fn may_read_touched(&self, subject: Subject, unit: UnitId) -> bool {
        match subject {
            Subject::Directive(_) | Subject::Requirement(_) | Subject::Comment(_) | Subject::Obligation(_) => {
                readable(self.grants(), self.forest(), unit).is_ok()
            }
            Subject::Reorganization(_)
            | Subject::OrgUnit(_)
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
        let reader = self.journal_reader()?;
        let total = match window.count {
            Count::Wanted => entries::count_entries(self.sql(), self.engine(), &reader, &selection).await?,
            Count::Unwanted => 0,
        };
        let after = selection.after.max(window.after);
        let selection = Selection { after, ..selection };
        let rows = entries::load_entries(self.sql(), self.engine(), &reader, &selection, window.rows()).await?;
        Ok(Page::of_rows(rows, window, total))
    }

    /// The entry at a position, if the viewer may see it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn journal_entry(&self, position: i64) -> Result<Option<Recorded>, Fault> {
        let selection = Selection { positions: vec![position], ..Selection::default() };
        Ok(entries::load_entries(self.sql(), self.engine(), &self.journal_reader()?, &selection, 1).await?.pop())
    }
}
