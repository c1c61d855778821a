use proptest::prelude::*;

use super::*;

fn nfd(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned()
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_by_key(|name| sort_key(name));
    names
}

fn forbidden(character: &str, position: usize) -> InputRefusal {
    InputRefusal::ForbiddenCharacter { character: character.into(), position }
}

#[test]
fn o7_letters_sort_as_in_a_vietnamese_dictionary() {
    let dictionary = vec!["an", "ăn", "ân", "ba", "da", "đa", "ea", "êa", "oa", "ôa", "ơa", "ua", "ưa"];
    let mut turned = dictionary.clone();
    turned.reverse();
    assert_eq!(sorted(turned), dictionary);
}

#[test]
fn o7_tones_sort_after_letters_in_their_own_order() {
    let tones = vec!["ma", "mà", "mả", "mã", "má", "mạ"];
    let mut turned = tones.clone();
    turned.reverse();
    assert_eq!(sorted(turned), tones);
    assert_eq!(sorted(vec!["mạ a", "ma b"]), ["mạ a", "ma b"], "a tone decides only where the letters are the same");
}

#[test]
fn o7_numbers_in_names_sort_as_numbers() {
    assert_eq!(sorted(vec!["Chi bộ 10", "Chi bộ 2", "Chi bộ 1", "Chi bộ 101"]), ["Chi bộ 1", "Chi bộ 2", "Chi bộ 10", "Chi bộ 101"]);
}

#[test]
fn o7_the_unicode_form_does_not_change_the_place() {
    assert_eq!(sort_key("Đảng uỷ Khối"), sort_key(&nfd("Đảng uỷ Khối")));
    assert_ne!(sort_key("Đảng uỷ Khối"), sort_key("Đảng uỷ Khồi"));
}

#[test]
fn o7_search_ignores_case_diacritics_tone_place_and_d() {
    assert_eq!(fold("Đảng uỷ  Khối"), "dang uy khoi");
    assert_eq!(fold("dang uy khoi"), "dang uy khoi");
    assert_eq!(fold("uỷ"), fold("ủy"));
    assert_eq!(fold("hoà"), fold("HÒA"));
    assert_eq!(fold(&nfd("ĐẢNG BỘ Ở SỞ")), "dang bo o so");
    assert_eq!(fold("\u{00D0}ảng"), "dang", "the Icelandic letter that old converters left");
    assert_eq!(fold("\u{A0}Chi\tbộ\n1 "), "chi bo 1");
    assert_ne!(fold("Chi bộ 1"), fold("Chi bộ 2"));
    assert_eq!(fold(" \u{301} "), "");
}

#[test]
fn o7_a_name_is_kept_in_nfc_trimmed_and_on_one_line() {
    assert_eq!(name(&nfd("  Đảng uỷ   Khối\u{A0}cơ quan ")).unwrap(), "Đảng uỷ Khối cơ quan");
    assert_eq!(name("Chi bộ 1\r\n"), Ok("Chi bộ 1".into()));
    assert_eq!(name(" \u{A0} "), Err(InputRefusal::Empty));
    assert_eq!(name(""), Err(InputRefusal::Empty));
}

#[test]
fn o7_what_is_not_text_is_refused_with_its_place() {
    let cases =
        ["\0", "\u{1}", "\t", "\n", "\u{85}", "\u{7F}", "\u{61C}", "\u{200E}", "\u{200F}", "\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}"];
    let more = ["\u{FEFF}", "\u{E000}", "\u{F8FF}", "\u{F0000}", "\u{10FFFD}", "\u{200B}", "\u{AD}"];
    for case in cases.iter().chain(&more) {
        let character = format!("U+{:04X}", u32::from(case.chars().next().unwrap()));
        assert_eq!(name(&format!("Bộ{case}1")), Err(forbidden(&character, 2)), "{character}");
        assert_eq!(
            name(&format!("  {case}1 ")).is_err(),
            !case.trim().is_empty(),
            "{character} at an end is trimmed only if it is white space"
        );
    }
    assert_eq!(name("Chi bộ №1 – “A” (B), 50%: 日本"), Ok("Chi bộ №1 – “A” (B), 50%: 日本".into()));
}

#[test]
fn o7_limits_count_characters_of_the_normal_form() {
    assert_eq!(name(&nfd(&"ế".repeat(255))).unwrap().chars().count(), 255);
    assert_eq!(name(&"ế".repeat(256)), Err(InputRefusal::TooLong { limit: 255, length: 256 }));
    assert_eq!(short_name(&"ế".repeat(65)), Err(InputRefusal::TooLong { limit: 64, length: 65 }));
    assert_eq!(line("  ab  ", 2).unwrap(), "ab");
}

#[test]
fn o2_a_code_has_no_white_space() {
    assert_eq!(code(" KHỐI-CQT "), Ok("KHỐI-CQT".into()));
    assert_eq!(code(" KHOI CQT"), Err(forbidden("U+0020", 5)));
    assert_eq!(code("A\u{A0}B"), Err(forbidden("U+00A0", 1)));
    assert_eq!(code("A\tB"), Err(forbidden("U+0009", 1)));
    assert_eq!(code(" "), Err(InputRefusal::Empty));
    assert!(code(&"A".repeat(64)).is_ok());
    assert_eq!(code(&"A".repeat(65)), Err(InputRefusal::TooLong { limit: 64, length: 65 }));
}

#[test]
fn o7_prose_keeps_its_lines() {
    assert_eq!(prose(&nfd(" Kết quả:\r\n- một  hai\n\n- ba \n"), 100).unwrap(), "Kết quả:\n- một  hai\n\n- ba");
    assert_eq!(prose("a\0b", 100), Err(forbidden("U+0000", 1)));
    assert_eq!(prose("a\u{202E}b", 100), Err(forbidden("U+202E", 1)));
    assert_eq!(prose("\n \n", 100), Err(InputRefusal::Empty));
    assert_eq!(prose("abc", 2), Err(InputRefusal::TooLong { limit: 2, length: 3 }));
}

proptest! {
    #[test]
    fn o7_folding_twice_is_folding_once(text in "\\PC*") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn o7_folding_forgets_the_unicode_form_and_case(text in "[ a-zA-ZđĐăâêôơưàảãáạĂÂÊÔƠƯẾỀỂỄỆỷỳ0-9-]{0,20}") {
        prop_assert_eq!(fold(&nfd(&text)), fold(&text));
        prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        prop_assert!(fold(&text).is_ascii());
    }

    #[test]
    fn o7_a_line_that_is_taken_is_taken_again_unchanged(text in any::<String>()) {
        if let Ok(kept) = line(&text, 1000) {
            prop_assert_eq!(line(&kept, 1000), Ok(kept.clone()));
            prop_assert!(!kept.contains("  ") && kept.trim() == kept);
        }
        if let Ok(kept) = prose(&text, 1000) {
            prop_assert_eq!(prose(&kept, 1000), Ok(kept.clone()));
        }
    }

    #[test]
    fn o7_sort_keys_put_equal_texts_together(a in "[a-cđĐăâ 0-9]{0,6}", b in "[a-cđĐăâ 0-9]{0,6}") {
        prop_assert_eq!(sort_key(&a) == sort_key(&nfd(&a)), true);
        if fold(&a) != fold(&b) && !a.contains(char::is_numeric) && !b.contains(char::is_numeric) {
            prop_assert_ne!(sort_key(&a), sort_key(&b));
        }
    }
}
