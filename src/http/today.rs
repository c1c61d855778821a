//! `POST /dev/today`: moves the day of a demo on, so that a year can be watched passing. It exists only where the day is fixed.

use actix_web::{HttpRequest, HttpResponse, web};
use chidao_domain::day::Day;
use serde::Deserialize;
use serde_json::json;

use super::ask;
use super::body;
use super::error::{EdgeError, said};
use super::graphql::Served;
use super::house::House;
use super::negotiation::Media;
use crate::office::Credential;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    today: Day,
}

/// Answers with the day that it is now, in the form of the question.
pub(super) async fn move_today<H: House>(request: HttpRequest, body: web::Payload, served: web::Data<Served<H>>) -> HttpResponse {
    match moved(&request, body, &served).await {
        Ok(today) => ask::answer(actix_web::http::StatusCode::OK, Media::Json, &json!({ "today": today })),
        Err(refused) => ask::refuse(&request, Media::Json, refused),
    }
}

async fn moved<H: House>(request: &HttpRequest, body: web::Payload, served: &Served<H>) -> Result<Day, EdgeError> {
    let edge = &served.edge;
    if !request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback()) {
        return Err(EdgeError::forbidden(said(
            "chỉ dời được ngày từ chính máy chạy máy chủ: hãy gọi từ máy đó",
            "the day can be moved only from the machine that the server runs on: call from there",
        )));
    }
    ask::require_json(request.headers())?;
    let body = body::read_common(body, request, &edge.limits).await?;
    // What the library says of it is English, and of no more use than the form.
    let Move { today } = serde_json::from_slice(&body).map_err(|_| {
        let form = "{\"today\": \"YYYY-MM-DD\"}";
        EdgeError::bad_request(said(
            format!("nội dung phải là `{form}`, với một ngày có thật: hãy sửa lại"),
            format!("the body must be `{form}`, with an existing day: send it so"),
        ))
    })?;
    let credential = ask::credential(request.headers(), edge)?;
    if credential == Credential::None {
        return Err(EdgeError::nobody());
    }

    let (house, clock) = (edge.house.clone(), edge.clock.clone());
    // A task of its own: what the calendar does is not left half done when the client goes away.
    let task = served.runtime.spawn(async move {
        let caller = house.identify(credential).await?.ok_or_else(EdgeError::unauthenticated)?;
        if !house.is_operator(&caller).await? {
            return Err(EdgeError::forbidden(said(
                "chỉ người vận hành (`ADMIN` toàn hệ thống) dời được ngày: hãy nhờ người vận hành",
                "the day can be moved only by an operator: `ADMIN` over the whole forest",
            )));
        }
        clock.set_today(today).map_err(|error| {
            let now = clock.today();
            let vi = format!("hôm nay là `{now}`, ngày chỉ tiến, không lùi: hãy nêu ngày sau đó");
            EdgeError::bad_request(said(vi, error.to_string()))
        })?;
        house.today_moved().await?;
        Ok(clock.today())
    });
    task.await.unwrap_or_else(|failure| {
        tracing::error!(%failure, "moving the day broke down");
        Err(EdgeError::internal())
    })
}
