//! Which units a list holds, and in which order.

use async_graphql::{Enum, InputObject};
use chidao_domain::refusal::Refusal;
use chidao_domain::text;

use crate::graphql::org_unit::OrgUnitRef;
use crate::view::units::{Ending, UnitOrder, UnitSelection};

/// Which units a list holds; what is left out does not narrow it.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrgUnitFilter {
    /// Words of the name, of any time, or of the code; case, diacritics and tone marks do not matter.
    search: Option<String>,
    /// Only units of these kinds.
    kinds: Option<Vec<String>>,
    /// Only this unit and those below it; one that had ended counts where its successor or its last parent stands.
    under: Option<OrgUnitRef>,
    /// Units that had ended, too.
    #[graphql(default_with = "Some(false)")]
    include_dissolved: Option<bool>,
}

impl OrgUnitFilter {
    pub(crate) fn read(filter: Option<Self>) -> Result<UnitSelection, Refusal> {
        let filter = filter.unwrap_or_default();
        let under = filter.under.as_ref().map(OrgUnitRef::read).transpose();
        Ok(UnitSelection {
            search: searched(filter.search.as_deref()).map_err(|no| no.within("filter"))?,
            kinds: filter.kinds.unwrap_or_default(),
            under: under.map_err(|no| no.within("under").within("filter"))?,
            ended: if filter.include_dissolved == Some(true) { Ending::Included } else { Ending::LeftOut },
        })
    }
}

/// The words of a search, at `search`; one that looks for nothing is refused, since it would find everything (F2).
pub(crate) fn searched(given: Option<&str>) -> Result<Option<String>, Refusal> {
    given.map(text::search).transpose().map_err(|no| Refusal::from(no).within("search"))
}

/// The order of a list of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrgUnitOrder {
    /// As the tree is walked: parents before children.
    Tree,
    /// By name, as a Vietnamese dictionary does.
    Name,
    /// By code.
    Code,
}

impl OrgUnitOrder {
    /// A search without an order puts the best hits first (O7).
    pub(crate) fn read(order: Option<Self>, selection: &UnitSelection) -> UnitOrder {
        match order {
            Some(Self::Tree) => UnitOrder::Tree,
            Some(Self::Name) => UnitOrder::Name,
            Some(Self::Code) => UnitOrder::Code,
            None if selection.search.is_some() => UnitOrder::Relevance,
            None => UnitOrder::Tree,
        }
    }
}
