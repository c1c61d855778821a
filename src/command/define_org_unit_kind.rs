//! `defineOrgUnitKind`: a kind of unit, and where it may stand from which day (O1).

use chidao_domain::access::Action as Right;
use chidao_domain::ids::KindId;
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::kind::{KindGiven, UnitKind, define_unit_kind};
use chidao_domain::refusal::{InputRefusal, Refusal, RegisterRefusal};
use serde::{Deserialize, Serialize};

use crate::office::{Caller, Office};
use crate::store::tx::stop_if_any;
use crate::store::{Answer, registers};

/// What `defineOrgUnitKind` takes.
#[derive(Clone, Debug)]
pub struct DefineOrgUnitKind {
    /// What is said of the kind.
    pub kind: KindGiven,
}

/// What a definition answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KindSaved {
    /// The code of the kind.
    pub code: String,
}

/// Adds a kind to the register, or amends one; for operators.
///
/// # Errors
/// Everything that stands in the way, each at its place in the input; nothing is written then.
pub async fn define_org_unit_kind(office: &Office, caller: &Caller, input: DefineOrgUnitKind) -> Answer<KindSaved> {
    let (mut tx, grants) = office.begin(caller).await?;
    grants.check(tx.forest(), Right::DefineKind)?;
    let (limit, count) = (office.limits().bulk_items, input.kind.rules.len());
    if count > limit {
        return Err(Refusal::from(InputRefusal::TooMany { limit, count }).within("rules").into());
    }
    let defined = define_unit_kind(tx.kinds(), &input.kind, tx.today())?;
    let mut in_use = Vec::new();
    for (index, rule) in &defined.shortened {
        let Some(to) = rule.validity.to else { continue };
        if let Some((unit, on)) = registers::first_placement(&tx, &defined.after.code, rule.parent.as_deref(), to).await? {
            in_use.push(Refusal::from(RegisterRefusal::RuleInUse { unit, on }).within("to").at(*index).within("rules"));
        }
    }
    stop_if_any(in_use)?;
    registers::save_unit_kind(&tx, &defined.after).await?;
    tx.change_structure();
    let (before, after) = (defined.before.as_ref(), &defined.after);
    let entry = Entry::new(Action::OrgUnitKindDefined, Subject::OrgUnitKind(KindId::of(&after.code)));
    // The code names the kind, also where it is as before.
    let entry = entry.change("code", None, Some(after.code.to_string()));
    let entry = entry.change("nameVi", before.map(|kind| kind.name_vi.clone()), Some(after.name_vi.clone()));
    let entry = entry.change("nameEn", before.map(|kind| kind.name_en.clone()), Some(after.name_en.clone()));
    let entry = entry.change("rank", before.map(|kind| kind.rank.to_string()), Some(after.rank.to_string()));
    tx.record(entry.change("rules", before.map(rules), Some(rules(after))));
    tx.commit(KindSaved { code: defined.after.code.to_string() }).await
}

/// The rules as the journal tells them: parent, first day, and the first day on which no placement begins any more.
fn rules(kind: &UnitKind) -> String {
    let mut each: Vec<String> = kind
        .rules
        .iter()
        .map(|rule| {
            let (parent, to) = (rule.parent.as_deref().unwrap_or("-"), rule.validity.to.map(|to| to.to_string()).unwrap_or_default());
            format!("{parent} {}/{to}", rule.validity.from)
        })
        .collect();
    each.sort();
    each.join(", ")
}
