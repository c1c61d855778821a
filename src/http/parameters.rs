//! The parameters of a GraphQL request, from the body of a POST or the query of a GET.

use actix_web::web;
use async_graphql::{Request, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::EdgeError;

/// Reads a JSON body. What it does not know it ignores, as the specification demands.
pub(super) fn from_body(body: &[u8]) -> Result<Request, EdgeError> {
    let value = serde_json::from_slice(body).map_err(|error| EdgeError::bad_request(format!("the body is not JSON in UTF-8: {error}")))?;
    let mut body = match value {
        Value::Object(body) => body,
        Value::Array(_) => return Err(EdgeError::bad_request("batches are not accepted: send each operation in a request of its own")),
        _ => return Err(EdgeError::bad_request("the body must be a JSON object with the member `query`")),
    };
    let query = text(body.remove("query"), "query")?;
    let operation = text(body.remove("operationName"), "operationName")?;
    let variables = object(body.remove("variables"), "variables")?;
    object(body.remove("extensions"), "extensions")?;
    request(query, operation, variables)
}

/// Reads the query of a URL.
pub(super) fn from_url(query: &str) -> Result<Request, EdgeError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Parameters {
        query: Option<String>,
        operation_name: Option<String>,
        variables: Option<String>,
        extensions: Option<String>,
    }
    let parameters = web::Query::<Parameters>::from_query(query)
        .map_err(|error| EdgeError::bad_request(format!("the query of the URL cannot be read: {error}")))?
        .into_inner();
    let variables = object(json(parameters.variables, "variables")?, "variables")?;
    object(json(parameters.extensions, "extensions")?, "extensions")?;
    request(parameters.query, parameters.operation_name, variables)
}

/// An empty text is as good as none.
fn request(query: Option<String>, operation: Option<String>, variables: Map<String, Value>) -> Result<Request, EdgeError> {
    let query = query.ok_or_else(|| EdgeError::bad_request("`query` is missing: give the GraphQL document as a string"))?;
    let mut request = Request::new(query).variables(Variables::from_json(Value::Object(variables)));
    request.operation_name = operation.filter(|name| !name.is_empty());
    Ok(request)
}

fn text(value: Option<Value>, name: &str) -> Result<Option<String>, EdgeError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(EdgeError::bad_request(format!("`{name}` must be a string"))),
    }
}

fn object(value: Option<Value>, name: &str) -> Result<Map<String, Value>, EdgeError> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(EdgeError::bad_request(format!("`{name}` must be a JSON object"))),
    }
}

fn json(text: Option<String>, name: &str) -> Result<Option<Value>, EdgeError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| EdgeError::bad_request(format!("`{name}` is not JSON: {error}")))
}
