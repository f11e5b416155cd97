//! Plain endpoints.

use anyhow::Result;
use fanout::http::Method;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Proxy, Request, Stage, get, request};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(a_post_publishes_to_the_stream_of_its_path: Plain, Body, HandlerPublishes),
    scenario!(a_delete_ends_the_stream_of_its_path: Plain, PublishedClose, HandlerPublishes),
    scenario!(a_socket_and_a_post_share_a_path: Plain, Open),
    scenario!(a_path_names_the_methods_of_all_its_endpoints: Plain, Options, NoEndpoint),
    scenario!(each_endpoint_of_a_path_has_its_origins: Plain, Cors, Options),
    scenario!(a_return_value_is_an_answer: Plain, EarlyAnswer, Paths),
    scenario!(a_get_answers_head: Plain, HeadMethod),
    scenario!(a_route_has_several_methods: Plain),
    scenario!(a_body_has_a_limit: Plain, Body),
    scenario!(a_body_has_its_content_type: Plain, Body),
    scenario!(a_form_is_read: Plain, Body),
    scenario!(a_guard_comes_before_the_body: Plain, Guard, Body, ClientAddr),
    scenario!(a_poll_takes_a_body: Body, LongPoll),
    scenario!(a_token_that_does_not_verify_runs_no_handler: Plain, Token),
    scenario!(the_app_hears_that_a_client_has_left: Plain, Recovery),
];

const JSON: &str = "application/json";
const SAID: &str = r#"{"nickname":"ann","text":"hello"}"#;

fn post(path: &str, content_type: &str, body: &str) -> Request {
    request(Method::POST, path).header("content-type", content_type).body(body)
}

async fn a_post_publishes_to_the_stream_of_its_path(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "bob: 204, vary: Origin",
        r#"ann: ":\n\ndata: {\"nickname\":\"ann\",\"text\":\"hello\"}\n\n""#,
    ]);
    let mut ann = stage.open("ann", get("/plain/room/{of}").on("plain-{of}")).await?;
    stage.send("bob", post("/plain/room/{of}", JSON, SAID)).await?;
    ann.until("}\n\n").await
}

async fn a_delete_ends_the_stream_of_its_path(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"bob: "{of} is over\n""#, "ann: end"]);
    let ann = stage.open("ann", get("/plain/room/{of}").on("plain-{of}")).await?;
    stage.send("bob", request(Method::DELETE, "/plain/room/{of}")).await?;
    ann.until_the_end().await
}

async fn a_socket_and_a_post_share_a_path(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "hello""#, "bob: 202", r#"ann: text "to ann""#]);
    let mut ann = stage.connect("ann", get("/plain/chat/{of}").on("plain-{of}")).await?;
    ann.ask("hello").await?;
    stage.send("bob", post("/plain/chat/{of}", "text/plain", "to ann")).await?;
    ann.next().await
}

async fn a_path_names_the_methods_of_all_its_endpoints(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 204, allow: GET, POST, DELETE, HEAD, OPTIONS, vary: Origin",
        r#"ann: "this endpoint answers GET, POST, DELETE\n""#,
    ]);
    stage.send("ann", request(Method::OPTIONS, "/plain/room/{of}")).await?;
    stage.send("ann", request(Method::PUT, "/plain/room/{of}")).await?;
    stage.send("ann", get("/plain/chat/{of}")).await?;
    stage.send("ann", request(Method::OPTIONS, "/plain/chat/{of}")).await
}

async fn each_endpoint_of_a_path_has_its_origins(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["bob: 204, access-control-allow-credentials: true, access-control-allow-origin: https://page.example, vary: Origin"]);
    for method in ["POST", "DELETE"] {
        let preflight =
            request(Method::OPTIONS, "/plain/room/{of}").header("access-control-request-method", method);
        stage.send("ann", preflight.header("origin", "https://page.example")).await?;
    }
    stage.send("bob", post("/plain/room/{of}", JSON, SAID).header("origin", "https://page.example")).await?;
    stage
        .send("bob", request(Method::DELETE, "/plain/room/{of}").header("origin", "https://page.example"))
        .await
}

async fn a_return_value_is_an_answer(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, content-type: application/json",
        r#"ann: "49""#,
        "bob: 404, content-type: text/plain; charset=utf-8",
        r#"carol: "too large\n""#,
    ]);
    stage.send("ann", get("/plain/square/{of}/7")).await?;
    stage.send("bob", get("/plain/square/{of}/0")).await?;
    stage.send("carol", get("/plain/square/{of}/70000")).await?;
    stage.send("dan", get("/plain/square/{of}/seven")).await
}

async fn a_get_answers_head(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, content-type: application/json",
        "ann: 422, content-type: text/plain; charset=utf-8",
    ]);
    stage.send("ann", request(Method::HEAD, "/plain/square/{of}/7")).await?;
    stage.send("ann", request(Method::HEAD, "/plain/square/{of}/70000")).await
}

async fn a_route_has_several_methods(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "PUT""#,
        r#"ann: "PATCH""#,
        "bob: 405, allow: PUT, PATCH, OPTIONS, content-type: text/plain; charset=utf-8",
    ]);
    stage.send("ann", request(Method::PUT, "/plain/methods/{of}")).await?;
    stage.send("ann", request(Method::PATCH, "/plain/methods/{of}")).await?;
    stage.send("bob", get("/plain/methods/{of}")).await
}

async fn a_body_has_a_limit(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "0""#,
        r#"ann: "10""#,
        "ann: 413, content-type: text/plain; charset=utf-8",
        r#"ann: "the body has 11 bytes, and the limit is 10\n""#,
    ]);
    for body in ["", "1234567890", "12345678901"] {
        stage.send("ann", request(Method::POST, "/plain/ten/{of}").body(body)).await?;
    }
    Ok(())
}

async fn a_body_has_its_content_type(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 415, accept: application/json, content-type: text/plain; charset=utf-8, vary: Origin",
        "bob: 400, content-type: text/plain; charset=utf-8, vary: Origin",
        "carol: 204, vary: Origin",
        r#"dan: "a WebSocket's events are for the proxy to send\n""#,
    ]);
    stage.send("ann", post("/plain/room/{of}", "text/plain", SAID)).await?;
    stage.send("ann", request(Method::POST, "/plain/room/{of}").body(SAID)).await?;
    stage.send("bob", post("/plain/room/{of}", JSON, r#"{"nickname": "bob"}"#)).await?;
    stage.send("bob", post("/plain/room/{of}", JSON, "")).await?;
    stage.send("carol", post("/plain/room/{of}", "application/vnd.said+json; charset=utf-8", SAID)).await?;
    // WebSocket events of a client are no body.
    stage.send("dan", post("/plain/chat/{of}", "application/websocket-events", "OPEN\r\n")).await
}

async fn a_form_is_read(stage: &Stage<'_>) -> Result<()> {
    const FORM: &str = "application/x-www-form-urlencoded";
    stage.expects(&[
        "ann: 201, content-type: application/json",
        r#"ann: "{\"nickname\":\"ann\",\"text\":\"a & b\"}""#,
        "bob: 415, accept: application/x-www-form-urlencoded, content-type: text/plain; charset=utf-8",
    ]);
    let put = |content_type: &str, body| {
        request(Method::PUT, "/plain/form/{of}").header("content-type", content_type).body(body)
    };
    stage.send("ann", put(FORM, "nickname=ann&text=a+%26%20b")).await?;
    stage.send("bob", put(JSON, SAID)).await
}

async fn a_guard_comes_before_the_body(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "7 ann true hello""#,
        "bob: 401",
        "carol: 413, content-type: text/plain; charset=utf-8",
        "dan: 404, content-type: text/plain; charset=utf-8",
    ]);
    let guarded = |number| request(Method::POST, &format!("/plain/guarded/{{of}}/{number}")).body("hello");
    stage.send("ann", guarded("7").header("x-member", "ann")).await?;
    stage.send("bob", guarded("7")).await?;
    stage.send("carol", guarded("7").body("12345678901")).await?;
    stage.send("dan", guarded("seven")).await
}

async fn a_poll_takes_a_body(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "nothing for ann\n""#,
        "bob: 415, accept: application/json, content-type: text/plain; charset=utf-8",
    ]);
    let ann = stage.poll("ann", post("/plain/poll/{of}", JSON, SAID).on("plain-{of}")).await?;
    stage.advance(5).await;
    ann.answer().await?;
    stage.send("bob", post("/plain/poll/{of}", "text/plain", SAID)).await
}

async fn a_token_that_does_not_verify_runs_no_handler(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 403, content-type: text/plain; charset=utf-8", r#"bob: "5""#]);
    let ten = request(Method::POST, "/plain/ten/{of}").body("hello");
    stage.send("ann", ten.clone().header("grip-sig", "a.b.c")).await?;
    stage.send("bob", ten).await
}

/// The client comes in at the proxy's port: Viceroy, which would stand between, does not pass on that a client has left.
async fn the_app_hears_that_a_client_has_left(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n""#, r#"carol: "gone\n""#]);
    stage.differs(
        Proxy::Old,
        "1.36 does not know the link; the simulation requests it, as current versions do",
        &[r#"ann: "open\n""#, r#"carol: "nothing came\n""#],
    );
    let mut carol = stage.open("carol", get("/connections/told/{of}").on("told-{of}")).await?;
    let mut ann = stage.open("ann", get("/plain/left/{of}").on("plain-{of}").at_the_proxy()).await?;
    ann.until("\n").await?;
    ann.leave();
    if stage.is(Proxy::Old) {
        stage.advance(3).await;
        let message = fanout::publish::Message::text("nothing came\n").unframed();
        stage.publish("told-{of}", message).await?;
    }
    carol.until("\n").await
}
