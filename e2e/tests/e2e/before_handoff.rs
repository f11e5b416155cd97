//! Requests that the app answers before the handoff, and how a test sees that.

use anyhow::{Result, ensure};
use e2e::{Answer, App, AppRequest, on_app_with, trace_hostcalls};

use crate::trust::app_requests;

/// Runs a test with the probe, whose hostcalls are logged.
pub(crate) fn on_traced(test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    on_app_with("probe", trace_hostcalls, test)
}

/// Sends a `GET` to the proxy directly, which signs it, and returns the app's answer: a Fanout request without a client
/// request.
pub(crate) async fn get_from_proxy(app: &App, path: &str) -> Result<Answer> {
    let url = app.stack().proxy_url() + path;
    Answer::of(app.client().get(url).header("Pushpin-Route", "self")).await
}

/// Checks that the app answered `count` requests without a handoff.
pub(crate) async fn ended_before_handoff(app: &App, part: &str, count: usize) -> Result<()> {
    // The last hostcalls can be logged after the client has its answer.
    let completed = |viceroy: &str, _: &str| {
        let all = AppRequest::all(viceroy);
        all.iter().filter(|one| one.request.contains(part) && one.completed).count() >= count
    };
    app.logged(&format!("the requests for {part} to complete"), completed).await?;
    let app_requests = app_requests(app, part);
    ensure!(app_requests.len() == count, "{part} was asked for {} times", app_requests.len());
    for one in app_requests {
        ensure!(one.hostcalls.iter().any(|call| call.ends_with("send_downstream")), "not answered: {one:#?}");
        ensure!(!one.hostcalls.iter().any(|call| call.contains("redirect_to")), "handed off: {one:#?}");
    }
    Ok(())
}
