//! Changes as lines of text.

use super::*;

pub(super) fn unit_ref(word: &str) -> UnitRef {
    match word.split_once(':') {
        Some(("id", code)) => UnitRef::Id(fixture::id(code)),
        Some((scheme, value)) => UnitRef::External(external_id(scheme, value)),
        None => UnitRef::Code(word.into()),
    }
}

pub(super) fn external_id(scheme: &str, value: &str) -> ExternalId {
    ExternalId { scheme: scheme.into(), value: value.into() }
}

fn external_ids(words: &str) -> Vec<ExternalId> {
    words.split(',').filter_map(|word| word.split_once(':')).map(|(scheme, value)| external_id(scheme, value)).collect()
}

fn unit_refs(words: &[&str]) -> Vec<UnitRef> {
    words.iter().map(|word| unit_ref(word)).collect()
}

/// Reads one change: `establish CODE KIND [under REF]`, `move REF under REF`, `revise REF`, `kind REF KIND [under REF]`,
/// `merge REF… into REF`, `split REF PART=CHILD,CHILD…`, `dissolve REF [heir=REF] [children=REF]` or `reopen REF [under REF]`, the rest as
/// `field=value`, where `-` takes a value away. A `REF` is `code`, `id:code` or `scheme:value`.
pub(super) fn change(line: &str) -> Change {
    let words: Vec<&str> = line.split_whitespace().collect();
    let field = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let under = words.iter().position(|word| *word == "under").map(|at| unit_ref(words[at + 1]));
    let cleared = |value: &str| Some(value).filter(|value| *value != "-").map(str::to_owned);
    match words[0] {
        "establish" => Change::Establish(Establish {
            id: fixture::id(field("id").unwrap_or(words[1])),
            code: words[1].into(),
            kind: words[2].into(),
            name: field("name").unwrap_or(words[1]).into(),
            short_name: field("short").map(str::to_owned),
            member_count: field("members").map(|count| count.parse().unwrap()),
            parent: under,
            external_ids: external_ids(field("ext").unwrap_or_default()),
        }),
        "revise" => Change::Revise(Revise {
            unit: unit_ref(words[1]),
            name: field("name").map(str::to_owned),
            short_name: field("short").map(cleared),
            member_count: field("members").map(|count| cleared(count).map(|count| count.parse().unwrap())),
            external_ids: field("ext").map(external_ids),
        }),
        "move" => Change::Move(Move { unit: unit_ref(words[1]), parent: Some(under.unwrap()) }),
        "kind" => Change::ChangeKind(ChangeKind { unit: unit_ref(words[1]), kind: words[2].into(), parent: under }),
        "merge" => {
            let into = words.iter().position(|word| *word == "into").unwrap();
            Change::Merge(Merge { units: unit_refs(&words[1..into]), into: unit_ref(words[into + 1]) })
        }
        "split" => {
            let part = |word: &&str| {
                let (into, children) = word.split_once('=').unwrap_or((word, ""));
                let children: Vec<&str> = children.split(',').filter(|child| !child.is_empty()).collect();
                SplitPart { into: unit_ref(into), children: unit_refs(&children) }
            };
            Change::Split(Split { unit: unit_ref(words[1]), into: words[2..].iter().map(part).collect() })
        }
        "dissolve" => {
            let (heir, children_to) = (field("heir").map(unit_ref), field("children").map(unit_ref));
            Change::Dissolve(Dissolve { unit: unit_ref(words[1]), heir, children_to })
        }
        "reopen" => Change::Reopen(Reopen { unit: unit_ref(words[1]), parent: under }),
        other => panic!("`{other}` is no change"),
    }
}

pub(super) fn changes(batch: &str) -> Vec<Change> {
    batch.lines().map(str::trim).filter(|line| !line.is_empty()).map(change).collect()
}
