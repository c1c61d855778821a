//! Who asks over HTTP, as the operator.

use std::time::Instant;

use serde_json::{Value, json};

use crate::Failed;
use crate::program::PASSWORD;

/// A client that has logged in.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Client {
    pub(crate) async fn log_in(url: &str) -> Result<Self, Failed> {
        let mut client = Self { http: reqwest::Client::new(), url: url.to_owned(), token: String::new() };
        let query = "mutation($input: LogInInput!) { logIn(input: $input) { accessToken userErrors { message } } }";
        let answer = client.ask(query, json!({ "input": { "userName": "admin", "password": PASSWORD } })).await?;
        client.token = text(&answer, "/logIn/accessToken")?;
        Ok(client)
    }

    /// Asks for what must be answered without errors.
    ///
    /// # Errors
    /// The answer, where it holds errors.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Result<Value, Failed> {
        let mut request = self.http.post(&self.url).json(&json!({ "query": query, "variables": variables }));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let answer: Value = request.send().await?.json().await?;
        let data = answer.get("data").cloned().unwrap_or_default();
        let refused = data
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.values())
            .any(|payload| payload.get("userErrors").and_then(Value::as_array).is_some_and(|errors| !errors.is_empty()));
        if refused || answer.get("errors").is_some() { Err(answer.to_string().into()) } else { Ok(data) }
    }

    /// The same, and how many seconds it took.
    pub(crate) async fn time(&self, query: &str, variables: Value) -> Result<(Value, f64), Failed> {
        let begun = Instant::now();
        let answer = self.ask(query, variables).await?;
        Ok((answer, begun.elapsed().as_secs_f64()))
    }
}

/// A text of an answer.
pub(crate) fn text(answer: &Value, at: &str) -> Result<String, Failed> {
    let found = answer.pointer(at).and_then(Value::as_str).ok_or_else(|| format!("nothing at {at}: {answer}"))?;
    Ok(found.to_owned())
}
