//! JSON-RPC 2.0 over a WebSocket: `echo` returns its parameters, `add` adds two numbers.

use fanout::http::{HeaderValue, header};
use fanout::prelude::*;
use fanout::websocket::{CloseWith, InvalidJson};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A message is a call or a batch of calls. Calls without an id are notifications, and get no answer.
#[fanout::ws(path = "/rpc", subprotocols = ["jsonrpc-2.0"])]
fn rpc(message: Result<Json<Value>, InvalidJson>) -> Result<Option<Json<Value>>, CloseWith> {
    let message = match message {
        Ok(Json(message)) => message,
        Err(InvalidJson::Content(error)) => {
            return Ok(Some(Json(failed(Value::Null, -32700, &error.to_string()))));
        }
        // Binary messages are not JSON-RPC: the connection closes with code 1003.
        Err(error) => return Err(error.into()),
    };
    let answers = match message {
        Value::Array(calls) if !calls.is_empty() => {
            let answers: Vec<_> = calls.into_iter().filter_map(answer).collect();
            (!answers.is_empty()).then_some(Value::Array(answers))
        }
        call => answer(call),
    };
    Ok(answers.map(Json))
}

#[derive(Deserialize)]
struct Call {
    jsonrpc: String,
    method: String,
    #[serde(default)]
    params: Option<Value>,
    /// `null` is an id too.
    #[serde(default, deserialize_with = "some")]
    id: Option<Value>,
}

fn some<'de, D: serde::Deserializer<'de>>(id: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(id).map(Some)
}

#[derive(Serialize)]
struct Answer {
    jsonrpc: &'static str,
    #[serde(flatten)]
    outcome: Outcome,
    id: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Result(Value),
    Error { code: i32, message: String },
}

fn answer(call: Value) -> Option<Value> {
    let Ok(Call { jsonrpc, method, params, id }) = serde_json::from_value(call) else {
        return Some(failed(Value::Null, -32600, "not a call"));
    };
    if jsonrpc != "2.0" {
        return Some(failed(Value::Null, -32600, "this is JSON-RPC 2.0"));
    }
    let is_id = |id: &Value| matches!(id, Value::String(_) | Value::Number(_) | Value::Null);
    let are_params = matches!(params, Some(Value::Array(_) | Value::Object(_)) | None);
    if !are_params || !id.as_ref().is_none_or(is_id) {
        return Some(failed(Value::Null, -32600, "not a call"));
    }
    let result = run(&method, params.unwrap_or_default());
    let id = id?;
    Some(match result {
        Ok(result) => written(Outcome::Result(result), id),
        Err((code, message)) => failed(id, code, &message),
    })
}

fn run(method: &str, params: Value) -> Result<Value, (i32, String)> {
    match method {
        "echo" => Ok(params),
        "add" => {
            let [a, b]: [f64; 2] =
                serde_json::from_value(params).map_err(|error| (-32602, error.to_string()))?;
            Ok((a + b).into())
        }
        _ => Err((-32601, format!("there is no method {method}"))),
    }
}

fn failed(id: Value, code: i32, message: &str) -> Value {
    written(Outcome::Error { code, message: message.to_owned() }, id)
}

fn written(outcome: Outcome, id: Value) -> Value {
    serde_json::to_value(Answer { jsonrpc: "2.0", outcome, id }).expect("it is JSON already")
}

/// A request that is no call, such as one for another path, is answered in JSON too: with problem details, RFC 9457.
fn problem(rejection: Rejection<'_>) -> impl IntoAnswer {
    let status = rejection.status();
    let problem = json!({
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": rejection.to_string(),
    });
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))], Json(problem))
}

#[fanout::main(rpc, refuse = problem)]
fn main() {}

#[cfg(test)]
mod tests;
