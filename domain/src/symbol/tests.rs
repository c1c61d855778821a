use icu_normalizer::DecomposingNormalizerBorrowed;
use proptest::prelude::*;

use super::*;

fn key(text: &str) -> String {
    comparison_key(text).unwrap()
}

#[test]
fn d3_both_notations_are_read_and_kept_as_written() {
    let plan = Symbol::parse("  081a-KH/ĐUK ").unwrap();
    assert_eq!((plan.written(), plan.number(), plan.suffix()), ("081a-KH/ĐUK", 81, Some("a")));
    assert_eq!(plan.parts(), ["kh", "đuk"]);
    let plan = Symbol::parse("130/KH-UBND").unwrap();
    assert_eq!((plan.written(), plan.number(), plan.suffix()), ("130/KH-UBND", 130, None));
    assert_eq!(plan.parts(), ["kh", "ubnd"]);
    assert_eq!(Symbol::parse("00-KH/ĐUK").unwrap().number(), 0);
    assert_eq!(Symbol::parse("39/2020/QĐ-UBND").unwrap().parts(), ["2020", "qđ", "ubnd"]);
    assert_eq!(Symbol::parse("12-CV/VPTU.TH(M)").unwrap().parts(), ["cv", "vptu.th(m)"]);
    assert_eq!(Symbol::parse("Đ\u{309}").err(), Some(InputRefusal::NotASymbol { given: "Đ\u{309}".into() }));
}

#[test]
fn d3_one_symbol_in_other_writing_has_the_same_key() {
    let same = [
        "81-KH/ĐUK",
        "81/KH-ĐUK",
        "081-KH/ĐUK",
        "81 - KH / ĐUK",
        "8 1-KH/ĐUK",
        "81\u{A0}-KH/ĐUK",
        "81–KH/ĐUK",
        "81—KH/ĐUK",
        "81−KH/ĐUK",
        "81\u{2011}KH/ĐUK",
        "81\u{2010}KH/ĐUK",
        "81-kh/đuk",
        "81-KH/\u{D0}UK",
        "８１－ＫＨ／ĐUK",
        "81-KH-ĐUK",
    ];
    for other in same {
        assert_eq!(key(other), key(same[0]), "{other}");
    }
}

#[test]
fn d3_other_symbols_have_other_keys() {
    let others = [
        "81-KH/ĐUK",
        "82-KH/ĐUK",
        "810-KH/ĐUK",
        "81a-KH/ĐUK",
        "81b-KH/ĐUK",
        "81bis-KH/ĐUK",
        "81-KH/DUK",
        "81-CTr/ĐUK",
        "81-KH/TU",
        "81-KH",
        "81/ĐUK-KH",
        "81/2020/KH-ĐUK",
        "8-1/KH-ĐUK",
        "81-QĐ/TW",
        "81-QĐi/TW",
        "81-KH/ĐU.K",
    ];
    let keys: std::collections::HashSet<String> = others.iter().map(|symbol| key(symbol)).collect();
    assert_eq!(keys.len(), others.len());
}

#[test]
fn d3_what_is_not_number_and_signs_is_refused() {
    for wrong in
        ["81", "KH/ĐUK", "81KH/ĐUK", "81-", "-81/KH", "81--KH/ĐUK", "81-KH/", "Số 81-KH/ĐUK", "81-KH/Đ,UK", "81/2020", "99999999999-KH/ĐUK"]
    {
        assert_eq!(Symbol::parse(wrong), Err(InputRefusal::NotASymbol { given: wrong.into() }), "{wrong}");
    }
    assert_eq!(comparison_key("  "), Err(InputRefusal::Empty));
    assert!(matches!(comparison_key("81-KH\u{200F}/ĐUK"), Err(InputRefusal::ForbiddenCharacter { position: 5, .. })));
    assert!(matches!(comparison_key(&format!("81-{}", "K".repeat(62))), Err(InputRefusal::TooLong { limit: 64, length: 65 })));
}

fn any_symbol() -> impl Strategy<Value = (u32, &'static str, Vec<String>)> {
    let suffix = prop::sample::select(vec!["", "a", "b", "đ", "bis"]);
    (0_u32..5000, suffix, prop::collection::vec("[A-ZĐƯÂÊ][A-Za-zĐđếộ0-9]{0,5}", 1..4))
}

proptest! {
    #[test]
    fn d3_the_key_does_not_see_how_a_symbol_is_written(
        (number, suffix, parts) in any_symbol(),
        joints in prop::collection::vec(prop::sample::select(vec!["-", "/", " - ", " / ", "–", "—", "−", "\u{2011}", "\u{A0}-"]), 3),
        zeros in 0_usize..4,
    ) {
        let plain = format!("{number}{suffix}-{}", parts.join("/"));
        let mut other = format!("{}{number}{suffix}", "0".repeat(zeros));
        for (part, joint) in parts.iter().zip(&joints) {
            other.push_str(joint);
            other.push_str(part);
        }
        prop_assert_eq!(key(&other), key(&plain));
        prop_assert_eq!(key(&other.to_uppercase()), key(&plain));
        prop_assert_eq!(key(&DecomposingNormalizerBorrowed::new_nfd().normalize(&other)), key(&plain));
        prop_assert_eq!(key(&key(&plain)), key(&plain));
    }

    #[test]
    fn d3_another_number_or_another_part_is_another_key((number, suffix, parts) in any_symbol(), at in any::<prop::sample::Index>()) {
        let written = |number: u32, parts: &[String]| key(&format!("{number}{suffix}/{}", parts.join("-")));
        let before = written(number, &parts);
        prop_assert_ne!(&written(number + 1, &parts), &before);
        let mut parts = parts;
        let at = at.index(parts.len());
        parts[at].push('X');
        prop_assert_ne!(&written(number, &parts), &before);
    }

    #[test]
    fn d3_whatever_can_be_read_has_a_key_that_reads_as_itself(text in "[0-9]{1,3}[aB]?[-/ –][\\PC]{1,8}") {
        if let Ok(symbol) = Symbol::parse(&text) {
            prop_assert_eq!(comparison_key(&symbol.comparison_key()), Ok(symbol.comparison_key()));
            prop_assert_eq!(Symbol::parse(symbol.written()), Ok(symbol.clone()));
        }
    }
}
