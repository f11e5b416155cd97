//! Requests that the app answers before the handoff, and how a test sees that.

use anyhow::{Result, ensure};
use e2e::{Answer, App, Invocation, on_app_with, trace_hostcalls};

use crate::trust::invocations;

/// Runs a test with the app that says everything, whose hostcalls are logged.
pub(crate) fn on_traced(test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    on_app_with("probe", trace_hostcalls, test)
}

/// What the app answers to a `GET` that comes to the proxy directly, and signed to the app: the second invocation.
pub(crate) async fn get_from_proxy(app: &App, path: &str) -> Result<Answer> {
    let url = app.stack().proxy_url() + path;
    Answer::of(app.client().get(url).header("Pushpin-Route", "self")).await
}

/// Requests were answered where they came in: `count` of them, each in one invocation, and none was handed off.
pub(crate) async fn ended_at_the_edge(app: &App, part: &str, count: usize) -> Result<()> {
    // What the app did last can be logged behind the client's back.
    let completed = |viceroy: &str, _: &str| {
        let all = Invocation::all(viceroy);
        all.iter().filter(|one| one.request.contains(part) && one.completed).count() >= count
    };
    app.logged(&format!("the requests for {part} to complete"), completed).await?;
    let invocations = invocations(app, part);
    ensure!(invocations.len() == count, "{part} was asked for {} times", invocations.len());
    for one in invocations {
        ensure!(one.hostcalls.iter().any(|call| call.ends_with("send_downstream")), "not answered: {one:#?}");
        ensure!(!one.hostcalls.iter().any(|call| call.contains("redirect_to")), "handed off: {one:#?}");
    }
    Ok(())
}
