//! The column codes that counting needs, until the file of their noun has them.

use chidao_domain::directive::RelationKind;

use crate::store::code::codes;

codes!("relation", RelationKind {
    Implements => "IMPLEMENTS", Amends => "AMENDS", Supplements => "SUPPLEMENTS", Replaces => "REPLACES", Repeals => "REPEALS",
});
