//! The example of JSON-RPC, with a real client.

use anyhow::Result;
use e2e::{Answer, Socket, on_app};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

async fn call(socket: &mut Socket, said: impl Into<String>) -> Result<Value> {
    socket.say(said.into()).await?;
    socket.hear_json().await
}

fn error(id: Value, code: i32, message: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
}

#[test]
fn calls_and_mistakes_are_answered() -> Result<()> {
    on_app("json-rpc", async |app| {
        let mut request = app.url("/rpc").replacen("http", "ws", 1).into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", "jsonrpc-2.0".parse()?);
        let mut socket = Socket::open(request).await?;
        assert_eq!(socket.response.headers()["sec-websocket-protocol"], "jsonrpc-2.0");

        let echo = |params: Value, id: Value| {
            json!({"jsonrpc": "2.0", "method": "echo", "params": params, "id": id}).to_string()
        };
        let result = |result: Value, id: Value| json!({"jsonrpc": "2.0", "result": result, "id": id});
        for (params, id) in [
            (json!(["naïve \u{1f980}"]), json!(1)),
            (json!({"a": null}), json!("x")),
            (json!([]), Value::Null),
        ] {
            assert_eq!(call(&mut socket, echo(params.clone(), id.clone())).await?, result(params, id));
        }
        let add = r#"{"jsonrpc": "2.0", "method": "add", "params": [1, 2.5], "id": 2}"#;
        assert_eq!(call(&mut socket, add).await?, result(json!(3.5), json!(2)));

        assert_eq!(
            call(&mut socket, r#"{"jsonrpc": "2.0", "method"#).await?,
            error(Value::Null, -32700, "EOF while parsing a string at line 1 column 26")
        );
        for wrong in [
            "1",
            "[]",
            "{}",
            r#"{"jsonrpc": "2.0", "method": 1, "id": 1}"#,
            r#"{"jsonrpc": "2.0", "method": "echo", "params": "a", "id": 1}"#,
            r#"{"jsonrpc": "2.0", "method": "echo", "params": [], "id": {}}"#,
            r#"{"jsonrpc": "2.0", "method": "echo", "params": [], "id": true}"#,
        ] {
            assert_eq!(call(&mut socket, wrong).await?, error(Value::Null, -32600, "not a call"), "{wrong}");
        }
        let unknown = r#"{"jsonrpc": "2.0", "method": "sub", "id": 3}"#;
        assert_eq!(call(&mut socket, unknown).await?, error(json!(3), -32601, "there is no method sub"));
        let wrong = r#"{"jsonrpc": "2.0", "method": "add", "params": ["a"], "id": 4}"#;
        assert_eq!(call(&mut socket, wrong).await?["error"]["code"], json!(-32602));

        // A notification is not answered, in a batch or alone.
        let notification = r#"{"jsonrpc": "2.0", "method": "echo"}"#;
        socket.say(notification).await?;
        socket.say(format!("[{notification}]")).await?;
        let batch = format!("[{add}, {notification}, 1]");
        let both = json!([result(json!(3.5), json!(2)), error(Value::Null, -32600, "not a call")]);
        assert_eq!(call(&mut socket, batch).await?, both);

        socket.say(Message::binary(vec![1])).await?;
        let frame = CloseFrame { code: 1003.into(), reason: "text messages only".into() };
        assert_eq!(socket.hear().await?, Message::Close(Some(frame)));
        Ok(())
    })
}

#[test]
fn what_is_no_call_is_a_problem() -> Result<()> {
    on_app("json-rpc", async |app| {
        let upgrade = [("connection", "upgrade"), ("upgrade", "websocket")];
        let versions = [("sec-websocket-version", "13"), ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")];
        let socket = [upgrade, versions].concat();
        for (path, headers, title, status, detail) in [
            ("/", &[][..], "Not Found", 404, "not found"),
            ("/rpc", &[], "Upgrade Required", 426, "this endpoint is a WebSocket"),
            ("/rpc", &socket, "Bad Request", 400, "this endpoint speaks jsonrpc-2.0"),
            ("/rpc", &[("grip-sig", "x")], "Forbidden", 403, "the token does not have three parts"),
        ] {
            let mut request = app.client().get(app.url(path));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = Answer::of(request).await?;
            assert_eq!(answer.status, status, "{path}: {answer:?}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}: {answer:?}");
            let problem: Value = serde_json::from_str(&answer.body)?;
            assert_eq!(problem, json!({"title": title, "status": status, "detail": detail}));
            assert_eq!(answer.header("upgrade") == "websocket", status == 426, "{answer:?}");
        }
        Ok(())
    })
}
