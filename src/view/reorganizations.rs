//! Reorganizations as they are read. Any principal may (A3): they say names and places only.

use chidao_domain::ids::ReorganizationId;
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::store::reorganizations::{Reorganization, load_reorganization_ids, load_reorganizations};
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{Page, Window};

impl View {
    /// The reorganization with that id.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn reorganization(&self, id: ReorganizationId) -> Result<Option<Reorganization>, Fault> {
        self.loaders().reorganizations.load_one(id).await.map_err(Fault::shared)
    }

    /// A page of all reorganizations, the latest first.
    ///
    /// # Errors
    /// A refusal where a cursor points at none, or a fault of the database.
    pub async fn reorganizations(&self, window: &Window<ReorganizationId>) -> Result<Page<Reorganization>, Stop> {
        let ids = load_reorganization_ids(self.sql()).await?;
        let window = window.clone().try_map(|id| {
            let foreign = || Refusal::from(InputRefusal::ForeignCursor);
            ids.iter().position(|other| *other == id).ok_or_else(foreign)
        })?;
        let places: Vec<usize> = (0..ids.len()).collect();
        let page = Page::of_sorted(&places, &window, usize::cmp);
        let wanted: Vec<ReorganizationId> = page.items.iter().map(|place| ids[*place]).collect();
        let mut known = load_reorganizations(self.sql(), &wanted).await?;
        let items = wanted.iter().filter_map(|id| known.remove(id)).collect();
        Ok(Page { items, has_previous: page.has_previous, has_next: page.has_next, total: page.total })
    }
}
