//! The clients' stories, with a simulated proxy.

use fanout::Reason;
use fanout::testing::{self, App, Socket};

use super::*;

fn app() -> App {
    testing::app::<rpc>().refuse(|rejection| problem(rejection).into_answer())
}

fn connect(app: &App) -> Socket {
    app.get("/rpc").subprotocol("jsonrpc-2.0").connect()
}

#[track_caller]
fn error_of(answer: &Value) -> (Value, Value) {
    (answer["error"]["code"].clone(), answer["id"].clone())
}

#[test]
fn calls_get_results() {
    let mut client = connect(&app());
    assert_eq!(client.subprotocol().as_deref(), Some("jsonrpc-2.0"));
    client.send_json(&json!({"jsonrpc": "2.0", "method": "add", "params": [1, 2.5], "id": 1}));
    assert_eq!(client.next_json::<Value>(), json!({"jsonrpc": "2.0", "result": 3.5, "id": 1}));
    client.send_json(&json!({"jsonrpc": "2.0", "method": "echo", "params": {"a": [null]}, "id": "x"}));
    assert_eq!(client.next_json::<Value>(), json!({"jsonrpc": "2.0", "result": {"a": [null]}, "id": "x"}));
}

#[test]
fn a_batch_gets_one_answer_and_notifications_get_none() {
    let mut client = connect(&app());
    let notification = json!({"jsonrpc": "2.0", "method": "echo", "params": []});
    client.send_json(&notification);
    client.send_json(&[&notification, &notification]);
    client.assert_nothing();
    let call = json!({"jsonrpc": "2.0", "method": "add", "params": [1, 1], "id": 7});
    client.send_json(&[&call, &notification, &json!(1)]);
    let answers: Vec<Value> = client.next_json();
    assert_eq!(answers[0], json!({"jsonrpc": "2.0", "result": 2.0, "id": 7}));
    assert_eq!(error_of(&answers[1]), (json!(-32600), Value::Null));
    assert_eq!(answers.len(), 2);
    client.assert_nothing();
}

#[test]
fn a_wrong_call_gets_an_error_and_the_connection_stays() {
    let mut client = connect(&app());
    for (call, code, id) in [
        (r#"{"jsonrpc": "2.0", "method": "#, -32700, Value::Null),
        ("[]", -32600, Value::Null),
        (r#"{"jsonrpc": "1.0", "method": "echo", "id": 1}"#, -32600, Value::Null),
        (r#"{"jsonrpc": "2.0", "method": "subtract", "id": 2}"#, -32601, json!(2)),
        (r#"{"jsonrpc": "2.0", "method": "add", "params": [1], "id": 3}"#, -32602, json!(3)),
    ] {
        client.send(call);
        assert_eq!(error_of(&client.next_json()), (json!(code), id), "{call}");
    }
    assert!(client.is_open());
}

#[test]
fn a_binary_message_ends_the_connection() {
    let mut client = connect(&app());
    client.send_bytes(*b"{}");
    assert_eq!(client.closed().code(), 1003);
}

#[test]
fn a_client_without_the_subprotocol_is_refused_with_a_problem() {
    let app = app();
    let refusal = app.get("/rpc").subprotocol("jsonrpc-1.0").try_connect().expect_err("it offers another");
    assert_eq!(refusal.status(), 400);
    assert_eq!(refusal.header("content-type"), Some("application/problem+json"));
    let problem: Value = refusal.json();
    assert_eq!((&problem["title"], &problem["status"]), (&json!("Bad Request"), &json!(400)));
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("jsonrpc-2.0")), "{problem}");
}

#[test]
fn a_request_for_another_path_is_refused_with_a_problem() {
    let refusal = app().get("/nowhere").send();
    assert_eq!(refusal.status(), 404);
    assert_eq!(refusal.json::<Value>(), json!({"title": "Not Found", "status": 404, "detail": "not found"}));
}

#[test]
fn a_refusal_is_a_problem() {
    let answer =
        problem(Rejection::new(Reason::UpgradeRequired, "this endpoint is a WebSocket")).into_answer();
    assert_eq!(answer.header("content-type").expect("it says what it is"), "application/problem+json");
    let problem: Value = serde_json::from_slice(answer.body()).expect("it is JSON");
    let expected =
        json!({"title": "Upgrade Required", "status": 426, "detail": "this endpoint is a WebSocket"});
    assert_eq!(problem, expected);
}
