//! The answers before the handoff.

use anyhow::Result;
use fanout::http::Method;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Stage, get, request};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(head_is_answered_without_a_hold: HeadMethod),
    scenario!(options_lists_the_methods: Options),
    scenario!(a_preflight_is_answered: Options, Cors),
    scenario!(a_page_of_another_origin_reads_the_stream: Cors, Sse),
    scenario!(a_page_of_another_origin_reads_a_refusal: Cors, Guard),
    scenario!(pages_of_every_origin_read_the_answer: Cors, LongPoll),
    scenario!(a_method_chooses_the_endpoint: NoEndpoint),
    scenario!(a_wrong_method_is_a_405: NoEndpoint),
    scenario!(a_request_without_an_upgrade_is_a_426: NoEndpoint),
    scenario!(a_websocket_at_a_stream_is_refused: NoEndpoint),
    scenario!(a_token_of_a_client_is_refused: Token),
    scenario!(a_path_without_an_endpoint_is_a_404: NoEndpoint),
];

async fn head_is_answered_without_a_hold(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200",
        "ann: 405, allow: POST, PUT, OPTIONS, content-type: text/plain; charset=utf-8",
    ]);
    stage.send("ann", request(Method::HEAD, "/sse/plain/{of}")).await?;
    stage.send("ann", request(Method::HEAD, "/stream/plain/{of}")).await?;
    stage.send("ann", request(Method::HEAD, "/long_poll/short/{of}")).await?;
    stage.send("ann", request(Method::HEAD, "/http/methods/{of}")).await
}

async fn options_lists_the_methods(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 204, allow: GET, HEAD, OPTIONS"]);
    for path in ["/sse/plain/{of}", "/http/methods/{of}", "/http/ws/{of}"] {
        stage.send("ann", request(Method::OPTIONS, path)).await?;
    }
    Ok(())
}

async fn a_preflight_is_answered(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 204, access-control-allow-credentials: true, access-control-allow-headers: last-event-id, \
         access-control-allow-methods: GET, POST, access-control-allow-origin: https://page.example, \
         access-control-max-age: 7200, allow: GET, POST, HEAD, OPTIONS, vary: Origin",
    ]);
    let preflight = request(Method::OPTIONS, "/http/cors/{of}")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "last-event-id");
    stage.send("ann", preflight.clone().header("origin", "https://page.example")).await?;
    stage.send("bob", preflight.clone().header("origin", "https://evil.example")).await?;
    stage.send("carol", preflight).await
}

async fn a_page_of_another_origin_reads_the_stream(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, access-control-allow-credentials: true, access-control-allow-origin: https://page.example, \
         cache-control: no-store, content-type: text/event-stream, vary: Origin",
        r#"ann: "data: welcome\n\n""#,
        "bob: 200, cache-control: no-store, content-type: text/event-stream, vary: Origin",
    ]);
    for origin in ["https://page.example", "https://evil.example"] {
        let request = get("/http/cors/{of}").header("origin", origin).on("http-{of}");
        stage.open("ann", request).await?.until("\n\n").await?;
    }
    stage.open("bob", get("/http/cors/{of}").on("http-{of}")).await?.until("\n\n").await
}

async fn a_page_of_another_origin_reads_a_refusal(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 403, access-control-allow-credentials: true, access-control-allow-origin: https://page.example, \
         content-type: text/plain; charset=utf-8, vary: Origin",
        r#"ann: "never\n""#,
    ]);
    stage.send("ann", get("/http/refused/{of}").header("origin", "https://page.example")).await?;
    let wrong = request(Method::DELETE, "/http/refused/{of}").header("origin", "https://page.example");
    stage.send("bob", wrong).await
}

async fn pages_of_every_origin_read_the_answer(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, access-control-allow-origin: *, cache-control: no-store, content-type: text/plain; charset=utf-8",
        r#"ann: "welcome\n""#,
    ]);
    stage.send("ann", get("/http/any/{of}").header("origin", "https://any.example")).await?;
    stage.send("bob", get("/http/any/{of}")).await
}

async fn a_method_chooses_the_endpoint(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "POST\n""#, r#"ann: "PUT\n""#]);
    stage.send("ann", request(Method::POST, "/http/methods/{of}")).await?;
    stage.send("ann", request(Method::PUT, "/http/methods/{of}")).await
}

async fn a_wrong_method_is_a_405(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 405, allow: POST, PUT, OPTIONS, content-type: text/plain; charset=utf-8",
        r#"bob: "this endpoint answers GET\n""#,
    ]);
    stage.send("ann", get("/http/methods/{of}")).await?;
    stage.send("bob", request(Method::DELETE, "/sse/plain/{of}")).await?;
    stage.send("carol", request(Method::POST, "/http/ws/{of}")).await
}

async fn a_request_without_an_upgrade_is_a_426(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 426, content-type: text/plain; charset=utf-8"]);
    stage.send("ann", get("/http/ws/{of}")).await
}

async fn a_websocket_at_a_stream_is_refused(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "this endpoint is no WebSocket\n""#]);
    stage.refused("ann", get("/sse/plain/{of}")).await
}

async fn a_token_of_a_client_is_refused(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 403, content-type: text/plain; charset=utf-8"]);
    for token in ["", "a.b.c", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo5OTk5OTk5OTk5fQ."] {
        stage.send("ann", get("/sse/plain/{of}").header("grip-sig", token)).await?;
    }
    // A proxy that does not sign.
    stage.send("bob", get("/sse/plain/{of}").header("grip-feature", "status")).await
}

async fn a_path_without_an_endpoint_is_a_404(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 404, content-type: text/plain; charset=utf-8"]);
    stage.send("ann", get("/sse/plain")).await?;
    stage.send("ann", get("/sse/plain/{of}/more")).await?;
    stage.send("ann", get("/")).await
}
