//! A page for people at `/`: GraphiQL, from files that are part of the program, so that it works without the internet.

use std::sync::OnceLock;

use actix_web::http::header::{self, EntityTag, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use super::ask;
use super::error::EdgeError;
use super::negotiation::Media;

/// Nothing from elsewhere, no inline script. CodeMirror and the page's parts set styles on elements.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Asset {
    name: &'static str,
    media: &'static str,
    bytes: &'static [u8],
    /// Made from the bytes when first asked for.
    tag: OnceLock<String>,
}

impl Asset {
    fn tag(&self) -> EntityTag {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        EntityTag::new_strong(self.tag.get_or_init(|| hex(&Sha256::digest(self.bytes)[..16])).clone())
    }
}

macro_rules! asset {
    ($name:literal, $media:ident) => {
        Asset { name: $name, media: $media, bytes: include_bytes!(concat!("../../assets/graphiql/", $name)), tag: OnceLock::new() }
    };
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

static PAGE: Asset = asset!("index.html", HTML);
static FILES: [Asset; 6] = [
    asset!("start.js", SCRIPT),
    asset!("start.css", STYLE),
    asset!("graphiql.min.js", SCRIPT),
    asset!("graphiql.min.css", STYLE),
    asset!("react.production.min.js", SCRIPT),
    asset!("react-dom.production.min.js", SCRIPT),
];

/// The page itself: asked for anew each time.
pub(super) async fn page(known: web::Header<IfNoneMatch>) -> HttpResponse {
    send(&PAGE, "no-cache", &known)
}

/// A file of the page: kept for a day, then asked for by its tag.
pub(super) async fn asset(request: HttpRequest, file: web::Path<String>, known: web::Header<IfNoneMatch>) -> HttpResponse {
    match FILES.iter().find(|asset| asset.name == file.as_str()) {
        Some(asset) => send(asset, "public, max-age=86400", &known),
        None => ask::refuse(&request, Media::Json, EdgeError::not_found()),
    }
}

fn send(asset: &'static Asset, keep: &'static str, known: &IfNoneMatch) -> HttpResponse {
    let tag = asset.tag();
    let is_known = match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(&tag)),
    };
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header(header::ETag(tag))
        .insert_header((header::CACHE_CONTROL, keep))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    if is_known { response.finish() } else { response.content_type(asset.media).body(asset.bytes) }
}
