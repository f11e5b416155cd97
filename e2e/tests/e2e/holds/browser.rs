//! A real browser: the results of `EventSource` and `WebSocket`.

use anyhow::Result;
use e2e::{App, Browser, on_app, tool};
use serde_json::{Value, json};

#[test]
fn an_event_source_receives_what_is_published() -> Result<()> {
    in_browser(async |app, page| {
        listen(page, "new EventSource('/sse?client=browser')").await?;
        app.subscribed("/sse?client=browser", "test").await?;
        app.publish("test", "hello browser").await?;
        app.publish("test", "and again").await?;
        assert_eq!(heard(page, 3).await?, json!(["open", "hello browser", "and again"]));
        Ok(())
    })
}

#[test]
fn a_websocket_receives_its_echo_and_what_is_published() -> Result<()> {
    in_browser(async |app, page| {
        listen(page, "new WebSocket('/ws?client=browser')").await?;
        app.subscribed("/ws?client=browser", "test").await?;
        assert_eq!(heard(page, 1).await?, json!(["open"]));
        page.run("source.send('echo?')").await?;
        assert_eq!(heard(page, 2).await?, json!(["open", "echo?"]));
        app.publish("test", "hello browser").await?;
        assert_eq!(heard(page, 3).await?, json!(["open", "echo?", "hello browser"]));
        page.run("source.close(4001, 'going home')").await?;
        assert_eq!(heard(page, 4).await?[3], json!("closed: true 4001 going home"));
        Ok(())
    })
}

/// A page learns nothing of an answer that is not a 200.
#[test]
fn an_event_source_receives_the_reason_of_a_refusal() -> Result<()> {
    in_browser_with("probe", async |_, page| {
        page.run(
            "window.heard = [];
             window.source = new EventSource('/returns/refused');
             source.addEventListener('forbidden', event => { source.close(); heard.push(event.data); });",
        )
        .await?;
        assert_eq!(heard(page, 1).await?, json!(["not for you"]));
        Ok(())
    })
}

#[test]
fn an_event_source_resumes_after_its_last_event() -> Result<()> {
    in_browser_with("probe", async |app, page| {
        listen(page, "new EventSource('/returns/resumed')").await?;
        app.subscribed("/returns/resumed", "returns").await?;
        let event = "retry: 1\nid: 4;2\ndata: news\n\n";
        app.publish_formats("returns", json!({"http-stream": {"content": event}})).await?;
        app.publish_formats("returns", json!({"http-stream": {"action": "close"}})).await?;
        let all = json!(["open", "seen None", "news", "error", "open", "seen Some(\"4;2\")"]);
        assert_eq!(heard(page, 6).await?, all);
        Ok(())
    })
}

/// The page is at `127.0.0.1`, and to a browser `localhost` is another origin.
#[test]
fn an_event_source_reads_another_origin_with_cors() -> Result<()> {
    in_browser_with("probe", async |app, page| {
        let other = app.url("").replacen("127.0.0.1", "localhost", 1);
        listen(page, &format!("new EventSource('{other}/language/cors/headers')")).await?;
        assert_eq!(heard(page, 1).await?, json!(["error"]), "it lets another page");
        listen(page, &format!("new EventSource('{other}/language/cors/any')")).await?;
        app.subscribed("/language/cors/any", "cors").await?;
        app.publish("cors", "hello browser").await?;
        assert_eq!(heard(page, 3).await?, json!(["open", "welcome", "hello browser"]));
        Ok(())
    })
}

/// Makes the page listen and keep all events.
async fn listen(page: &Browser, source: &str) -> Result<()> {
    page.run(&format!(
        "window.heard = [];
         window.source = {source};
         source.onopen = () => heard.push('open');
         source.onerror = () => heard.push('error');
         source.onmessage = event => heard.push(event.data);
         source.onclose = end => heard.push(`closed: ${{end.wasClean}} ${{end.code}} ${{end.reason}}`);"
    ))
    .await
}

/// The events that the page has kept, once there are `count`.
async fn heard(page: &Browser, count: usize) -> Result<Value> {
    page.ask(&format!(
        "const done = arguments[0];
         const look = () => heard.length >= {count} ? done(heard) : setTimeout(look, 5);
         look();"
    ))
    .await
}

/// Runs a test with an open page of the app's own origin.
fn in_browser(test: impl AsyncFnOnce(&App, &Browser) -> Result<()>) -> Result<()> {
    in_browser_with("example-app", test)
}

/// As [`in_browser`], with another app.
fn in_browser_with(name: &str, test: impl AsyncFnOnce(&App, &Browser) -> Result<()>) -> Result<()> {
    let Some(driver) = tool("FANOUT_CHROMEDRIVER", "chromedriver")? else {
        return Ok(());
    };
    let Some(chromium) = tool("FANOUT_CHROMIUM", "chromium")? else {
        return Ok(());
    };
    on_app(name, async |app| {
        let page = Browser::start(&driver, &chromium).await?;
        page.open(&app.url("/")).await?;
        test(app, &page).await
    })
}
