//! How the register of kinds changes: kinds are added and amended, rules begin and end on a day, and nothing is ever taken out (O1).

use super::{KindRegister, PlacementRule, UnitKind};
use crate::day::{Day, Validity};
use crate::refusal::{InputRefusal, Noun, Refusal, RegisterRefusal};
use crate::text;

/// The most characters of a kind's code.
const CODE_LIMIT: usize = 64;
/// The largest rank.
const MOST_RANK: i32 = 1_000_000;

/// What somebody says of a kind: what is left out stays, of a new kind it is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindGiven {
    /// Its code.
    pub code: String,
    /// The Vietnamese name.
    pub name_vi: Option<String>,
    /// The English name.
    pub name_en: Option<String>,
    /// Its rank.
    pub rank: Option<i32>,
    /// Rules that are added, or whose last day changes.
    pub rules: Vec<RuleGiven>,
}

/// A rule of placement: a pair of parent and first day names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleGiven {
    /// The kind of the parent; `None`: it may be a root.
    pub parent: Option<String>,
    /// The first day; `None`: the rule that there is for that parent, or a new one that has always held.
    pub from: Option<Day>,
    /// The first day on which no such placement may begin any more; `None`: there is none.
    pub to: Option<Day>,
}

/// A kind as it is from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindDefined {
    /// As it was; `None`: it is new.
    pub before: Option<UnitKind>,
    /// As it is.
    pub after: UnitKind,
    /// Rules that end earlier than they did, by their places in the input: no placement may begin under them after that.
    pub shortened: Vec<(usize, PlacementRule)>,
}

/// The code of a kind: upper case letters of ASCII, digits and `_`, a letter first.
///
/// # Errors
/// [`RegisterRefusal::MalformedCode`], at `code`.
pub fn kind_code(given: &str) -> Result<String, Refusal> {
    let code = given.trim();
    let form = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    if code.len() <= CODE_LIMIT && code.starts_with(|first: char| first.is_ascii_uppercase()) && code.chars().all(form) {
        return Ok(code.to_owned());
    }
    Err(Refusal::from(RegisterRefusal::MalformedCode { given: code.chars().take(CODE_LIMIT).collect() }).within("code"))
}

/// A name that is given, or the one before.
///
/// # Errors
/// As [`text::name`], or [`InputRefusal::Needs`] where there is none; at `field`.
pub fn kind_name(given: Option<&str>, before: Option<&str>, field: &'static str) -> Result<String, Refusal> {
    match (given, before) {
        (Some(given), _) => text::name(given).map_err(|no| Refusal::from(no).within(field)),
        (None, Some(before)) => Ok(before.to_owned()),
        (None, None) => Err(Refusal::from(InputRefusal::Needs { field }).by("O1").within(field)),
    }
}

/// What the register would say of a kind (O1).
///
/// # Errors
/// All that stands in the way, each at its place in the input.
pub fn define_unit_kind(register: &KindRegister, given: &KindGiven, today: Day) -> Result<KindDefined, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut take = |read: Result<String, Refusal>| read.map_err(|no| refusals.push(no)).unwrap_or_default();
    let code = take(kind_code(&given.code));
    let before = register.get(&code).cloned();
    let name_vi = take(kind_name(given.name_vi.as_deref(), before.as_ref().map(|kind| &*kind.name_vi), "nameVi"));
    let name_en = take(kind_name(given.name_en.as_deref(), before.as_ref().map(|kind| &*kind.name_en), "nameEn"));
    let rank = given.rank.or(before.as_ref().map(|kind| kind.rank));
    match rank {
        None => refusals.push(Refusal::from(InputRefusal::Needs { field: "rank" }).by("O1").within("rank")),
        Some(0..=MOST_RANK) => {}
        Some(_) => {
            let range = InputRefusal::OutOfRange { least: "0".into(), most: MOST_RANK.to_string() };
            refusals.push(Refusal::from(range).by("O1").within("rank"));
        }
    }
    let rules = before.as_ref().map(|kind| kind.rules.clone()).unwrap_or_default();
    let mut after = UnitKind { code: code.as_str().into(), name_vi, name_en, rank: rank.unwrap_or_default(), rules };
    let mut shortened = Vec::new();
    let mut named = Vec::new();
    for (index, rule) in given.rules.iter().enumerate() {
        match amend(register, &mut after, rule, today, &mut named) {
            Ok(Some(rule)) => shortened.push((index, rule)),
            Ok(None) => {}
            Err(no) => refusals.push(no.at(index).within("rules")),
        }
    }
    if refusals.is_empty() && before.as_ref() == Some(&after) {
        refusals.push(RegisterRefusal::NothingDefined { code }.into());
    }
    if refusals.is_empty() { Ok(KindDefined { before, after, shortened }) } else { Err(refusals) }
}

/// Adds a rule or gives it another end; answers it where that is earlier than before.
fn amend(
    register: &KindRegister,
    kind: &mut UnitKind,
    given: &RuleGiven,
    today: Day,
    named: &mut Vec<(Option<String>, Day)>,
) -> Result<Option<PlacementRule>, Refusal> {
    if let Some(parent) = given.parent.as_deref().filter(|parent| register.get(parent).is_none() && **parent != *kind.code) {
        return Err(Refusal::from(InputRefusal::NotFound { wanted: Noun::OrgUnitKind, given: parent.into() }).within("parent"));
    }
    let of_parent = |rule: &&mut PlacementRule| rule.parent.as_deref() == given.parent.as_deref();
    let known: Vec<Day> = kind.rules.iter_mut().filter(of_parent).map(|rule| rule.validity.from).collect();
    let from = match (given.from, &known[..]) {
        (Some(from), _) => from,
        (None, []) => ALWAYS,
        (None, [only]) => *only,
        (None, _) => return Err(Refusal::from(InputRefusal::Needs { field: "from" }).by("O1").within("from")),
    };
    let key = (given.parent.clone(), from);
    if named.contains(&key) {
        let parent = given.parent.clone().unwrap_or_default();
        return Err(Refusal::from(InputRefusal::Twice { given: format!("{parent} {from}"), of: None }).by("O1"));
    }
    named.push(key);
    if let Some(to) = given.to.filter(|to| *to <= from) {
        let earliest = from.succ_opt().unwrap_or(to).to_string();
        return Err(Refusal::from(InputRefusal::EarlierThan { earliest }).by("O1").within("to"));
    }
    let Some(rule) = kind.rules.iter_mut().find(|rule| rule.parent.as_deref() == given.parent.as_deref() && rule.validity.from == from)
    else {
        let validity = Validity { from, to: given.to };
        kind.rules.push(PlacementRule { parent: given.parent.as_deref().map(Into::into), validity });
        return Ok(None);
    };
    let earlier = given.to.filter(|to| rule.validity.to.is_none_or(|end| *to < end));
    if earlier.is_some_and(|to| to < today) {
        // Batches that were recorded are planned again when another comes in before them: what they stood on stays.
        return Err(Refusal::from(InputRefusal::EarlierThan { earliest: today.to_string() }).by("O1").within("to"));
    }
    rule.validity.to = given.to;
    Ok(earlier.map(|_| rule.clone()))
}

/// The first day of rules that have always held.
pub const ALWAYS: Day = match Day::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => Day::MIN,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{day, kinds};
    use crate::refusal::Locale;

    const TODAY: &str = "2025-03-01";

    fn rule(parent: &str, from: &str, to: &str) -> RuleGiven {
        fn some(text: &str) -> Option<&str> {
            Some(text).filter(|text| !text.is_empty())
        }
        RuleGiven { parent: some(parent).map(Into::into), from: some(from).map(day), to: some(to).map(day) }
    }

    fn define(code: &str, names: Option<&str>, rank: Option<i32>, rules: Vec<RuleGiven>) -> Result<KindDefined, String> {
        let name = names.map(str::to_owned);
        let given = KindGiven { code: code.into(), name_vi: name.clone(), name_en: name, rank, rules };
        define_unit_kind(&kinds(), &given, day(TODAY)).map_err(|refusals| {
            let told = refusals.iter().map(|no| {
                let path: Vec<String> = no.path().iter().map(ToString::to_string).collect();
                format!("{} {}", path.join("."), no.words(Locale::En))
            });
            told.collect::<Vec<_>>().join("\n")
        })
    }

    #[test]
    fn o1_a_new_kind_says_everything_and_stands_where_its_rules_say() {
        let defined =
            define("ZONE", Some(" Đảng bộ khu "), Some(35), vec![rule("PROVINCIAL", "2025-07-01", ""), rule("ZONE", "", "")]).unwrap();
        assert_eq!((defined.before, &*defined.after.name_vi, defined.shortened), (None, "Đảng bộ khu", vec![]));
        let stands = |parent, on| defined.after.may_stand_under(Some(parent), day(on));
        assert!(stands("PROVINCIAL", "2025-07-01") && !stands("PROVINCIAL", "2025-06-30") && stands("ZONE", "2000-01-01"));
        let told = define("ZONE", None, None, vec![]).unwrap_err();
        assert!(["nameVi ", "nameEn ", "rank "].iter().all(|field| told.contains(field)), "{told}");
    }

    #[test]
    fn o1_a_rule_ends_on_a_day_not_before_today_and_another_begins() {
        let rules = vec![rule("PROVINCIAL", "", "2025-06-01"), rule("CENTRAL", "2025-06-01", "")];
        let defined = define("BLOC", None, None, rules).unwrap();
        let on = |day_of: &str, parent| defined.after.may_stand_under(Some(parent), day(day_of));
        assert!(on("2025-05-31", "PROVINCIAL") && !on("2025-06-01", "PROVINCIAL") && on("2025-06-01", "CENTRAL"));
        assert_eq!(
            defined.shortened.iter().map(|(index, rule)| (*index, rule.validity.to)).collect::<Vec<_>>(),
            [(0, Some(day("2025-06-01")))]
        );
        let today = define("BLOC", None, None, vec![rule("PROVINCIAL", "", TODAY)]);
        assert!(today.is_ok());
        let lifted = define("DISTRICT", None, None, vec![rule("PROVINCIAL", "", "")]).unwrap();
        assert!(lifted.after.may_stand_under(Some("PROVINCIAL"), day("2026-01-01")) && lifted.shortened.is_empty());
    }

    #[test]
    fn o1_what_cannot_be_defined_is_told_at_its_place() {
        for (code, rules, told) in [
            ("zone", vec![], "code the code `zone`"),
            ("", vec![], "code the code (empty)"),
            ("BLOC", vec![], " nothing of `BLOC` would change"),
            ("BLOC", vec![rule("PROVINCIAL", "", "")], " nothing of `BLOC` would change"),
            ("BLOC", vec![rule("LAKE", "", "")], "rules.0.parent there is no kind of unit `LAKE`"),
            ("BLOC", vec![rule("PROVINCIAL", "", "2025-02-28")], "rules.0.to "),
            ("BLOC", vec![rule("COMMUNE", "2025-07-01", "2025-07-01")], "rules.0.to "),
            ("BLOC", vec![rule("", "", "2025-07-01"), rule("", "0001-01-01", "")], "rules.1 "),
        ] {
            let no = define(code, Some("x").filter(|_| code != "BLOC"), Some(1).filter(|_| code != "BLOC"), rules).unwrap_err();
            assert!(no.starts_with(told), "{code}: {no}");
        }
        assert!(define("BLOC", None, Some(-1), vec![]).unwrap_err().starts_with("rank "));
    }
}
