//! What a client would like to get: media types and languages with their weights.

use chidao_domain::refusal::Locale;

/// In which of two dialects a GraphQL response is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status tells whether the request was good.
    GraphqlResponse,
    /// `application/json`, for clients from before the specification: a refused document is a 200.
    Json,
}

impl Media {
    /// The value of `Content-Type`.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The best for this `Accept`; `None` where neither is acceptable.
    pub(super) fn for_accept(accept: Option<&str>) -> Option<Self> {
        let Some(accept) = accept else { return Some(Self::Json) };
        let (response, json) = (weight(accept, "application/graphql-response+json"), weight(accept, "application/json"));
        match (response, json) {
            (Some(response), json) if response.named && json.is_none_or(|json| response.quality >= json.quality) => {
                Some(Self::GraphqlResponse)
            }
            (_, Some(_)) => Some(Self::Json),
            (Some(_), None) => Some(Self::GraphqlResponse),
            (None, None) => None,
        }
    }
}

#[derive(Clone, Copy)]
struct Weight {
    quality: f32,
    /// By its own name, not by a wildcard.
    named: bool,
}

/// What the most specific range of `accept` that covers `media` gives it; `None` where it is not acceptable.
fn weight(accept: &str, media: &str) -> Option<Weight> {
    let ranges = [media, "application/*", "*/*"];
    let (name, quality) = ranges.into_iter().find_map(|name| weighted(accept).find(|(range, _)| range.eq_ignore_ascii_case(name)))?;
    (quality > 0.0).then_some(Weight { quality, named: name.eq_ignore_ascii_case(media) })
}

/// The language for this `Accept-Language`: Vietnamese unless English is preferred.
pub(super) fn locale(accept_language: Option<&str>) -> Locale {
    let mut best = (Locale::default(), 0.0);
    for (range, quality) in weighted(accept_language.unwrap_or_default()) {
        let language = range.split('-').next().unwrap_or_default();
        let locale = match language.to_ascii_lowercase().as_str() {
            "vi" => Locale::Vi,
            "en" => Locale::En,
            "*" => Locale::default(),
            _ => continue,
        };
        if quality > best.1 {
            best = (locale, quality);
        }
    }
    best.0
}

/// The items of a list header with their weights (`q`); one that is not a number from 0 to 1 counts as 0.
fn weighted(header: &str) -> impl Iterator<Item = (&str, f32)> {
    header.split(',').filter_map(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let quality = weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
        Some((name, if (0.0..=1.0).contains(&quality) { quality } else { 0.0 }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_written_in_the_preferred_dialect() {
        use Media::{GraphqlResponse, Json};
        for (accept, media) in [
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("application/json", Some(Json)),
            ("application/graphql-response+json, application/json;q=0.9", Some(GraphqlResponse)),
            ("application/json, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/json, application/graphql-response+json;q=0.5", Some(Json)),
            ("application/graphql-response+json; charset=utf-8; q=0.9, */*;q=0.1", Some(GraphqlResponse)),
            ("Application/JSON;Q=0.3", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json, text/plain, */*", Some(Json)),
            ("*/*, application/json;q=0", Some(GraphqlResponse)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json;q=2", None),
            ("", None),
        ] {
            assert_eq!(Media::for_accept(Some(accept)), media, "{accept}");
        }
        assert_eq!(Media::for_accept(None), Some(Json));
    }

    #[test]
    fn the_language_is_vietnamese_unless_english_is_preferred() {
        for (header, expected) in [
            ("en", Locale::En),
            ("en-US,en;q=0.9", Locale::En),
            ("vi-VN,vi;q=0.9,en;q=0.8", Locale::Vi),
            ("vi;q=0.5, en;q=0.8", Locale::En),
            ("fr, en;q=0.1", Locale::En),
            ("en;q=0", Locale::Vi),
            ("en;q=NaN", Locale::Vi),
            ("fr", Locale::Vi),
            ("*", Locale::Vi),
            ("", Locale::Vi),
        ] {
            assert_eq!(locale(Some(header)), expected, "{header}");
        }
        assert_eq!(locale(None), Locale::Vi);
    }
}
