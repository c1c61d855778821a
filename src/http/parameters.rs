//! The parameters of a GraphQL request, from the body of a POST or the query of a GET.

use actix_web::web;
use async_graphql::{Request, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::{EdgeError, said};

/// Reads a JSON body. What it does not know it ignores, as the specification demands.
pub(super) fn from_body(body: &[u8]) -> Result<Request, EdgeError> {
    let value = serde_json::from_slice(body).map_err(|error| not_json("nội dung yêu cầu", "the body", &error))?;
    let mut body = match value {
        Value::Object(body) => body,
        Value::Array(_) => {
            return Err(EdgeError::bad_request(said(
                "không nhận nhiều thao tác trong một mảng: hãy gửi mỗi thao tác trong một yêu cầu riêng",
                "batches are not accepted: send each operation in a request of its own",
            )));
        }
        _ => {
            return Err(EdgeError::bad_request(said(
                "nội dung không phải đối tượng JSON: hãy gửi một đối tượng có thành phần `query`",
                "the body is no JSON object: send one with the member `query`",
            )));
        }
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
        .map_err(|error| {
            EdgeError::bad_request(said(
                format!("không đọc được phần truy vấn của đường dẫn, hãy mã hoá lại: {error}"),
                format!("the query of the URL cannot be read, encode it anew: {error}"),
            ))
        })?
        .into_inner();
    let variables = object(json(parameters.variables, "variables")?, "variables")?;
    object(json(parameters.extensions, "extensions")?, "extensions")?;
    request(parameters.query, parameters.operation_name, variables)
}

/// An empty text is as good as none.
fn request(query: Option<String>, operation: Option<String>, variables: Map<String, Value>) -> Result<Request, EdgeError> {
    let query = query.ok_or_else(|| {
        EdgeError::bad_request(said(
            "thiếu `query`: hãy nêu truy vấn GraphQL dưới dạng chuỗi",
            "`query` is missing: give the GraphQL document as a string",
        ))
    })?;
    let mut request = Request::new(query).variables(Variables::from_json(Value::Object(variables)));
    request.operation_name = operation.filter(|name| !name.is_empty());
    Ok(request)
}

fn text(value: Option<Value>, name: &str) -> Result<Option<String>, EdgeError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(EdgeError::bad_request(said(
            format!("`{name}` không phải chuỗi: hãy nêu một chuỗi ký tự"),
            format!("`{name}` is no string: give a string"),
        ))),
    }
}

fn object(value: Option<Value>, name: &str) -> Result<Map<String, Value>, EdgeError> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(EdgeError::bad_request(said(
            format!("`{name}` không phải đối tượng JSON: hãy nêu một đối tượng, hoặc bỏ đi"),
            format!("`{name}` is no JSON object: give an object, or leave it out"),
        ))),
    }
}

fn json(text: Option<String>, name: &str) -> Result<Option<Value>, EdgeError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| not_json(&format!("`{name}`"), &format!("`{name}`"), &error))
}

fn not_json(vi: &str, en: &str, error: &serde_json::Error) -> EdgeError {
    EdgeError::bad_request(said(
        format!("{vi} không phải JSON bằng UTF-8, hãy sửa lại: {error}"),
        format!("{en} is not JSON in UTF-8, mend it: {error}"),
    ))
}
