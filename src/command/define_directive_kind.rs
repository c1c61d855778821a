//! `defineDirectiveKind`: a kind of directive (D3).

use chidao_domain::access::Action as Right;
use chidao_domain::ids::KindId;
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::kind::{kind_code, kind_name};
use chidao_domain::refusal::{InputRefusal, Refusal, RegisterRefusal};
use chidao_domain::text;

use crate::command::define_org_unit_kind::KindSaved;
use crate::office::{Caller, Office};
use crate::store::Answer;
use crate::store::registers::{self, DirectiveKind};
use crate::store::tx::stop_if_any;

/// What `defineDirectiveKind` takes: what is left out stays, of a new kind it is missing.
#[derive(Clone, Debug)]
pub struct DefineDirectiveKind {
    /// Its code.
    pub code: String,
    /// The Vietnamese name.
    pub name_vi: Option<String>,
    /// The English name.
    pub name_en: Option<String>,
    /// As it stands in symbols.
    pub abbreviation: Option<String>,
}

/// The most characters of an abbreviation.
const ABBREVIATION_LIMIT: usize = 16;

/// Adds a kind to the register, or amends one; for operators.
///
/// # Errors
/// Everything that stands in the way, each at its place in the input; nothing is written then.
pub async fn define_directive_kind(office: &Office, caller: &Caller, input: DefineDirectiveKind) -> Answer<KindSaved> {
    let (mut tx, grants) = office.begin(caller).await?;
    grants.check(tx.forest(), Right::DefineKind)?;
    let known = registers::load_directive_kinds(tx.sql()).await?;
    let mut refusals = Vec::new();
    let mut take = |read: Result<String, Refusal>| read.map_err(|no| refusals.push(no.by("D3"))).unwrap_or_default();
    let code = take(kind_code(&input.code));
    let place = known.iter().position(|kind| kind.code == code);
    let before = place.map(|place| &known[place]);
    let after = DirectiveKind {
        name_vi: take(kind_name(input.name_vi.as_deref(), before.map(|kind| &*kind.name_vi), "nameVi")),
        name_en: take(kind_name(input.name_en.as_deref(), before.map(|kind| &*kind.name_en), "nameEn")),
        abbreviation: take(abbreviation(input.abbreviation.as_deref(), before.map(|kind| &*kind.abbreviation))),
        code,
    };
    if refusals.is_empty() && before == Some(&after) {
        refusals.push(Refusal::from(RegisterRefusal::NothingDefined { code: after.code.clone() }).by("D3"));
    }
    stop_if_any(refusals)?;
    let ordinal = i32::try_from(place.unwrap_or(known.len()) + 1).unwrap_or(i32::MAX);
    registers::save_directive_kind(&tx, &after, ordinal).await?;
    let entry = Entry::new(Action::DirectiveKindDefined, Subject::DirectiveKind(KindId::of(&after.code)));
    // The code names the kind, also where it is as before.
    let entry = entry.change("code", None, Some(after.code.clone()));
    let entry = entry.change("nameVi", before.map(|kind| kind.name_vi.clone()), Some(after.name_vi));
    let entry = entry.change("nameEn", before.map(|kind| kind.name_en.clone()), Some(after.name_en));
    tx.record(entry.change("abbreviation", before.map(|kind| kind.abbreviation.clone()), Some(after.abbreviation)));
    tx.commit(KindSaved { code: after.code }).await
}

fn abbreviation(given: Option<&str>, before: Option<&str>) -> Result<String, Refusal> {
    let field = "abbreviation";
    match (given, before) {
        (Some(given), _) => text::line(given, ABBREVIATION_LIMIT).map_err(|no| Refusal::from(no).within(field)),
        (None, Some(before)) => Ok(before.to_owned()),
        (None, None) => Err(Refusal::from(InputRefusal::Needs { field }).within(field)),
    }
}
