//! The page of the example app: four connections, which come back.

use std::fs;

use anyhow::Result;
use e2e::{App, Browser, Held};
use serde_json::{Value, json};

use super::looks::looks_well;
use super::on_page;
use crate::guards::without_client_request;

const ALL: [&str; 4] = ["sse", "stream", "response", "ws"];
const PATHS: [&str; 4] = ["/sse", "/stream", "/response", "/ws"];

/// Holds the channel of the page at the proxy, whatever becomes of the app.
///
/// A second after the first subscription to a channel, Pushpin asks the app about each poll on it anew, and the polls
/// lose what is published in this moment. With this client, the polls of the page are never there in that moment.
async fn keep_the_channel(app: &App) -> Result<Held> {
    let poll = app.poll("/response").await?;
    let keeper = Held::open(without_client_request(app, "/sse?client=keeper")).await?;
    app.subscribed("/sse?client=keeper", "test").await?;
    drop(poll);
    Ok(keeper)
}

/// The number of subscriptions that the page has had at each endpoint.
fn subscriptions(app: &App) -> [usize; 4] {
    PATHS.map(|path| app.subscriptions(path, "test"))
}

/// Waits until all four of the page are connected.
async fn all_connected(page: &Browser) -> Result<()> {
    page.until("document.querySelectorAll('[data-state=open]').length === 4").await.map(drop)
}

/// The newest message that the page shows for each endpoint, once each has `count` of them.
async fn newest(page: &Browser, count: usize) -> Result<Value> {
    page.until(&format!(
        "[...document.querySelectorAll('article ol')].every(list => list.children.length >= {count}) &&
         [...document.querySelectorAll('article li:first-child')].map(line => line.firstChild.data.trim())"
    ))
    .await
}

#[test]
fn all_four_of_the_page_receive_and_come_back() -> Result<()> {
    on_page(
        "example-app",
        |_| {},
        async |app, page| {
            let _keeper = keep_the_channel(app).await?;
            let before = subscriptions(app);
            page.open(&app.url("/")).await?;
            all_connected(page).await?;
            app.subscribed_again(PATHS, "test", before).await?;
            page.until("byId('status').textContent === '4 of 4 connected.'").await?;

            // With the keyboard alone: the field has the focus next, and Enter publishes.
            let before = app.subscriptions("/response", "test");
            page.press("\u{e004}").await?;
            assert_eq!(page.until("document.activeElement.id").await?, "message");
            page.run("byId('message').select()").await?;
            page.press("hello, all\u{e007}").await?;
            assert_eq!(
                newest(page, 1).await?,
                json!(["hello, all", "data: hello, all", "hello, all", "hello, all"])
            );
            let told = page.until("byId('published').textContent").await?;
            assert!(
                told.as_str()
                    .unwrap_or_default()
                    .starts_with("Published. All 4 received it, the last after "),
                "{told}"
            );
            let latencies =
                "[...document.querySelectorAll('.latency')].every(one => /^\\d+ ms$/.test(one.textContent))";
            page.until(latencies).await?;

            // The echo is for this client's WebSocket alone.
            page.run("byId('text').value = '<b>echo</b>'; byId('echo').requestSubmit()").await?;
            let echoed = page.until("byId('echoed').textContent").await?;
            assert!(echoed.as_str().unwrap_or_default().starts_with("It came back after "), "{echoed}");
            let shown = page
                .until("[...document.querySelectorAll('#ws li')].map(line => line.firstChild.data)")
                .await?;
            assert_eq!(shown, json!(["<b>echo</b>", "hello, all"]));

            // Items of other clients come too, once the next poll is there.
            let polls = |_: &str, _: &str| app.subscriptions("/response", "test") > before;
            app.logged("the next poll", polls).await?;
            app.publish("test", "from elsewhere").await?;
            let all = json!(["from elsewhere", "data: from elsewhere", "from elsewhere", "from elsewhere"]);
            assert_eq!(newest(page, 2).await?, all);
            assert_eq!(page.console().await?, Vec::<String>::new());
            looks_well(page, "four-endpoints").await?;

            app.end_viceroy();
            page.until("document.querySelectorAll('[data-state=lost]').length > 0 && !document.querySelector('[data-state=open]')").await?;
            page.until("byId('status').textContent === '0 of 4 connected.'").await?;
            page.run("byId('publish').requestSubmit()").await?;
            page.until("byId('published').textContent === 'Not published. The app does not answer.'").await?;
            looks_well(page, "four-endpoints-lost").await?;
            let before = subscriptions(app);
            app.restart_viceroy(None)?;
            all_connected(page).await?;
            app.subscribed_again(PATHS, "test", before).await?;
            let reconnects = page
                .until("[...document.querySelectorAll('.reconnects')].map(one => one.textContent)")
                .await?;
            assert_eq!(reconnects, json!(["1", "1", "1", "1"]));
            page.run("byId('message').value = 'back again'; byId('publish').requestSubmit()").await?;
            assert_eq!(
                newest(page, 3).await?,
                json!(["back again", "data: back again", "back again", "back again"])
            );
            Ok(())
        },
    )
}

/// A browser opens at most six connections to a server over HTTP/1.1, and two windows would hold all of them.
#[test]
fn the_window_that_was_used_last_holds_the_connections() -> Result<()> {
    on_page(
        "example-app",
        |_| {},
        async |_, page| {
            all_connected(page).await?;
            page.run("window.other = open('/')").await?;
            let states = |of: &str| {
                format!("[...{of}.document.querySelectorAll('article')].map(one => one.dataset.state).join()")
            };
            page.until(&format!("{} === 'open,open,open,open'", states("other"))).await?;
            page.until(&format!("{} === 'closed,closed,closed,open'", states("window"))).await?;
            let told = "1 of 4 connected. Another window shows this page, and is connected.";
            page.until(&format!("byId('status').textContent === '{told}'")).await?;
            page.run("other.document.getElementById('publish').requestSubmit()").await?;
            page.until("other.document.getElementById('published').textContent.startsWith('Published')")
                .await?;
            page.until("document.querySelector('#ws li')?.firstChild.data === 'hello'").await?;

            page.run("dispatchEvent(new Event('focus'))").await?;
            page.until(&format!("{} === 'open,open,open,open'", states("window"))).await?;
            page.until(&format!("{} === 'closed,closed,closed,open'", states("other"))).await?;
            page.until("byId('status').textContent === '4 of 4 connected.'").await?;
            Ok(())
        },
    )
}

#[test]
fn a_connection_ends_and_begins_with_its_button() -> Result<()> {
    on_page(
        "example-app",
        |_| {},
        async |app, page| {
            all_connected(page).await?;
            for name in ALL {
                let button = format!("document.querySelector('#{name} .state button')");
                assert_eq!(
                    page.until(&format!("{button}.textContent")).await?,
                    format!("Disconnect /{name}")
                );
                page.run(&format!("{button}.click()")).await?;
                page.until(&format!("byId('{name}').dataset.state === 'closed'")).await?;
            }
            page.until("byId('status').textContent === '0 of 4 connected.'").await?;
            page.run("byId('echo').requestSubmit()").await?;
            page.until("byId('echoed').textContent === 'The WebSocket is not connected.'").await?;
            app.publish("test", "to no client").await?;
            let before = subscriptions(app);
            for name in ALL {
                page.run(&format!("document.querySelector('#{name} .state button').click()")).await?;
            }
            app.subscribed_again(PATHS, "test", before).await?;
            all_connected(page).await?;
            app.publish("test", "to this client").await?;
            page.until("document.querySelector('#ws li')").await?;
            let heard = page
                .until("[...document.querySelectorAll('#ws li')].map(line => line.firstChild.data)")
                .await?;
            assert_eq!(heard, json!(["to this client"]));
            let reconnects = page
                .until("[...document.querySelectorAll('.reconnects')].map(one => one.textContent)")
                .await?;
            assert_eq!(reconnects, json!(["0", "0", "0", "0"]), "these connections were not lost");
            Ok(())
        },
    )
}

#[test]
fn the_page_says_what_to_do_where_the_app_cannot_publish() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let manifest = folder.path().join("fastly.toml");
    let own = "manifest_version = 3\nname = \"bare\"\nlanguage = \"rust\"\n\
               [local_server.backends.self]\nurl = \"http://127.0.0.1:7676/\"\n";
    fs::write(&manifest, own)?;
    on_page(
        "example-app",
        |config| config.manifest = manifest,
        async |_, page| {
            all_connected(page).await?;
            page.until("!byId('unconfigured').checkVisibility()").await?;
            page.run("byId('publish').requestSubmit()").await?;
            page.until("byId('unconfigured').checkVisibility()").await?;
            let told = page.until("byId('published').textContent").await?;
            assert_eq!(told, "Not published. The app answers 404: this app is not configured to publish\n");
            looks_well(page, "four-endpoints-unconfigured").await
        },
    )
}

#[test]
fn the_commands_have_the_address_of_the_page() -> Result<()> {
    on_page(
        "example-app",
        |_| {},
        async |app, page| {
            let here = app.url("");
            let commands = page
                .until("[...document.querySelectorAll('.command code')].map(code => code.textContent)")
                .await?;
            let expected = json!([
                format!("curl '{here}/publish?channel=test' -d hello"),
                "GRIP_URL='https://api.fastly.com/service/SERVICE-ID?key=API-TOKEN' cargo xtask publish test hello",
                format!("curl -N {here}/sse"),
                format!("curl -N {here}/stream"),
                format!("curl {here}/response"),
                format!("npx wscat -c {}/ws", here.replacen("http", "ws", 1)),
            ]);
            assert_eq!(commands, expected);
            Ok(())
        },
    )
}

/// Messages are shown as text, and the policy of the page lets no other script run.
#[test]
fn nothing_that_is_published_runs() -> Result<()> {
    on_page(
        "example-app",
        |_| {},
        async |app, page| {
            all_connected(page).await?;
            page.console().await?;
            page.run(
                "const script = document.createElement('script');
                 script.textContent = 'window.ran = true';
                 document.body.append(script);
                 document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">');",
            )
            .await?;
            app.publish("test", "<img src=x onerror=\"window.ran = true\">").await?;
            page.until("document.querySelector('#ws li')?.firstChild.data.startsWith('<img')").await?;
            assert_eq!(page.until("String(window.ran)").await?, "undefined");
            let refused = page.console().await?;
            assert!(refused.iter().any(|line| line.contains("Content Security Policy")), "{refused:?}");
            Ok(())
        },
    )
}
