//! The server: which path is answered by what, and how it comes to its end.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpMessage, HttpRequest, HttpResponse, HttpServer, web};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::ask::{self, REQUEST_ID, RequestId};
use super::error::EdgeError;
use super::graphql::{self, Served};
use super::house::{Edge, House};
use super::negotiation::Media;
use super::{body, graphiql, today};

/// Threads that read requests and write answers. Operations run elsewhere.
const EDGE_THREADS: usize = 2;

/// A server that runs.
pub struct Serving {
    address: SocketAddr,
    handle: ServerHandle,
    task: JoinHandle<io::Result<()>>,
}

impl Serving {
    /// Where it can be reached.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it: new requests are refused, those in flight are answered, up to `stop_seconds`.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.stop(true).await;
        self.task.await?
    }

    /// Waits for SIGTERM or SIGINT, then stops.
    pub async fn until_signal(mut self) -> io::Result<()> {
        tokio::select! {
            ended = &mut self.task => return ended?,
            signal = signal() => signal?,
        }
        tracing::info!("stopping: requests in flight are answered, new ones are refused");
        self.stop().await
    }
}

#[cfg(unix)]
async fn signal() -> io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupt = tokio::signal::ctrl_c() => interrupt,
    }
}

#[cfg(not(unix))]
async fn signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Serves the house on a listener that is bound already, so that its address is known before the first request.
pub async fn serve<H: House>(edge: Edge<H>, listener: TcpListener) -> io::Result<Serving> {
    let address = listener.local_addr()?;
    let limits = edge.limits.clone();
    let large_bodies = Arc::new(Semaphore::new(limits.large_bodies.min(Semaphore::MAX_PERMITS)));
    let served = web::Data::new(Served { edge, runtime: Handle::current(), large_bodies });
    let server =
        HttpServer::new(move || App::new().app_data(served.clone()).configure(|app| routes::<H>(app, &served.edge)).wrap(from_fn(around)))
            .workers(EDGE_THREADS)
            .client_request_timeout(limits.request_time() - body::common_time(&limits))
            .shutdown_timeout(u64::try_from(limits.stop_seconds).unwrap_or(u64::MAX))
            .disable_signals()
            .listen(listener)?
            .run();
    let handle = server.handle();
    Ok(Serving { address, handle, task: tokio::spawn(server) })
}

fn routes<H: House>(app: &mut web::ServiceConfig, edge: &Edge<H>) {
    app.route("/graphql", web::route().to(graphql::graphql::<H>))
        .route("/healthz", web::get().to(async || state("ok")))
        .route("/healthz", web::head().to(async || state("ok")))
        .route("/readyz", web::get().to(ready::<H>))
        .route("/readyz", web::head().to(ready::<H>))
        .route("/", web::get().to(graphiql::page))
        .route("/graphiql/{file}", web::get().to(graphiql::asset))
        .default_service(web::route().to(async |request: HttpRequest| ask::refuse(&request, Media::Json, EdgeError::not_found())));
    if edge.clock.is_fixed() {
        app.service(
            web::resource("/dev/today")
                .route(web::post().to(today::move_today::<H>))
                .default_service(web::route().to(async |request: HttpRequest| ask::refuse_method(&request, Media::Json, "POST"))),
        );
    }
}

fn state(word: &'static str) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body(word)
}

async fn ready<H: House>(request: HttpRequest, served: web::Data<Served<H>>) -> HttpResponse {
    match served.edge.house.readiness().await {
        Ok(()) => state("ready"),
        Err(fault) => {
            tracing::warn!(%fault, "not ready");
            ask::refuse(&request, Media::Json, EdgeError::unavailable())
        }
    }
}

/// Around every request: its name, its place in the log, and headers that every answer has.
async fn around(request: ServiceRequest, next: Next<impl MessageBody>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = RequestId::of(request.headers());
    let span = tracing::info_span!("request", id = id.0, method = %request.method(), path = request.path(), status = tracing::field::Empty);
    let name = HeaderValue::from_str(&id.0);
    request.extensions_mut().insert(id);
    let mut response = next.call(request).instrument(span.clone()).await?;
    span.record("status", response.status().as_u16());
    span.in_scope(|| tracing::debug!("answered"));
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(name) = name {
        headers.insert(REQUEST_ID, name);
    }
    Ok(response)
}
