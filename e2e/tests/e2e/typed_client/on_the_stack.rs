//! The typed client in Chromium, with real Viceroy and real Pushpin.

use std::time::Duration;

use anyhow::{Context as _, Result};
use e2e::{Answer, App, Browser, Held, on_app, within};
use serde_json::{Value, json};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use xtask::serve::SCORES_TOKEN;

use super::{Description, described, endpoint, heard, install, messages, of_json, tools};
use crate::guards::without_client_request;

/// Runs a test with a page of an app's origin that has the client for the description.
fn in_page(
    name: &str,
    description: &Description,
    test: impl AsyncFnOnce(&App, &Browser) -> Result<()>,
) -> Result<()> {
    let Some((tsc, driver, chromium)) = tools()? else { return Ok(()) };
    on_app(name, async |app| {
        let page = Browser::start(&driver, &chromium).await?;
        // No page of the app, which would hold connections of its own: a browser opens six to a server.
        page.open(&app.url("/no-page")).await?;
        install(&page, &tsc, description).await?;
        test(app, &page).await
    })
}

async fn is_open(page: &Browser, name: &str) -> Result<()> {
    page.until(&format!("connections.{name}.state === 'open'")).await.map(drop)
}

/// The number of subscriptions that the clients of the page have had.
fn subscriptions(app: &App) -> [usize; 4] {
    PATHS.map(|path| app.subscriptions(path, "test"))
}

const PATHS: [&str; 4] = ["/sse?page=1", "/stream?page=1", "/response?page=1", "/ws?page=1"];
const NAMES: [&str; 4] = ["sse", "stream", "response", "ws"];

#[test]
fn all_four_kinds_receive_and_come_back_after_the_app_was_killed() -> Result<()> {
    in_page("example-app", &described("example-app")?, async |app, page| {
        // A second after the first subscription to a channel, Pushpin asks the app about each poll on it anew, and the polls lose what
        // is published in this moment.
        let poll = app.poll("/response").await?;
        let _keeper = Held::open(without_client_request(app, "/sse?client=keeper")).await?;
        app.subscribed("/sse?client=keeper", "test").await?;
        drop(poll);

        for name in NAMES {
            page.run(&format!("follow('{name}', {name}({{ page: 1 }}))")).await?;
        }
        for name in NAMES {
            is_open(page, name).await?;
        }
        app.subscribed_again(PATHS, "test", [0; 4]).await?;
        let before = subscriptions(app);
        page.run("request(window.publish.publish({ channel: 'test' }), { method: 'POST', body: 'hello' })")
            .await?;
        for (name, expected) in NAMES.into_iter().zip(["hello", "data: hello", "hello", "hello"]) {
            assert_eq!(messages(page, name, 1).await?, [json!(expected)], "{name}");
        }
        assert_eq!(page.until("String(connections.ws.send('echo?'))").await?, "true");
        assert_eq!(messages(page, "ws", 2).await?, ["hello", "echo?"]);
        assert_eq!(page.until("String(connections.sse.send('no'))").await?, "false");

        app.logged("the next poll", |_, _| app.subscriptions(PATHS[2], "test") > before[2]).await?;
        app.end_viceroy();
        for name in NAMES {
            page.until(&format!(
                "heard.{name}.some(([what, kind, final]) => what === 'error' && kind === 'lost' && !final)"
            ))
            .await?;
        }
        assert_eq!(page.until("String(connections.ws.send('too early'))").await?, "false");
        let before = subscriptions(app);
        app.restart_viceroy(None)?;
        app.subscribed_again(PATHS, "test", before).await?;
        for name in NAMES {
            is_open(page, name).await?;
        }
        app.publish("test", "back again").await?;
        for (name, expected) in
            NAMES.into_iter().zip(["back again", "data: back again", "back again", "back again"])
        {
            let count = if name == "ws" { 3 } else { 2 };
            assert_eq!(messages(page, name, count).await?.last(), Some(&json!(expected)), "{name}");
        }
        Ok(())
    })
}

#[test]
fn a_closed_connection_ends_at_the_server_and_calls_no_function() -> Result<()> {
    in_page("example-app", &described("example-app")?, async |app, page| {
        page.run("window.stop = new AbortController()").await?;
        for name in NAMES {
            page.run(&format!("follow('{name}', {name}({{ page: 1 }}), {{ signal: stop.signal }})")).await?;
        }
        for name in NAMES {
            is_open(page, name).await?;
        }
        app.subscribed_again(PATHS, "test", [0; 4]).await?;
        let before = page.until("JSON.stringify(heard)").await?;
        page.run("connections.sse.close(); connections.ws.close(); stop.abort(); connections.sse.close()")
            .await?;
        let receivers = async || {
            app.publish("test", "to no client").await?;
            let log = app.stack().pushpin_log();
            let line = log.lines().rev().find(|line| line.contains("publish channel=test receivers="));
            anyhow::Ok(line.is_some_and(|line| line.ends_with("receivers=0")))
        };
        let no_receiver = async {
            while !receivers().await? {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            anyhow::Ok(())
        };
        within("the end of all four at the proxy", no_receiver).await??;
        // Events arrive in order, so an event for the closed clients would have arrived before this one.
        page.run("follow('other', sse({ page: 2 }))").await?;
        app.subscribed("/sse?page=2", "test").await?;
        app.publish("test", "to another").await?;
        assert_eq!(messages(page, "other", 1).await?, ["to another"]);
        let before: Value = serde_json::from_str(before.as_str().context("no text")?)?;
        for name in NAMES {
            let mut expected = before[name].as_array().context("no list")?.clone();
            expected.push(json!(["state", "closed"]));
            assert_eq!(heard(page, name, expected.len()).await?, json!(expected), "{name}");
        }
        Ok(())
    })
}

/// The address of the WebSocket answers 400, and that of the events is no event stream.
#[test]
fn a_connection_falls_back_to_the_long_poll() -> Result<()> {
    let description = json!({"endpoints": [
        endpoint("ws", "web_socket", "/stream", json!({})),
        endpoint("sse", "sse", "/stream", json!({})),
        endpoint("response", "long_poll", "/response", json!({})),
    ]});
    in_page("example-app", &of_json(&description.to_string())?, async |app, page| {
        page.run("follow('one', [ws({ as: 'ws' }), sse({ as: 'sse' }), response()])").await?;
        is_open(page, "one").await?;
        let kinds = "heard.one.filter(([what]) => what === 'error').map(([, kind, final]) => [kind, final])";
        let lost = ["lost", "lost", "lost", "failed", "failed", "failed"];
        assert_eq!(page.until(kinds).await?, json!(lost.map(|kind| json!([kind, false]))));
        app.subscribed("/response", "test").await?;
        page.run("window.sent = setInterval(() => fetch('/publish?channel=test', { method: 'POST', body: 'news' }), 300)").await?;
        assert_eq!(messages(page, "one", 1).await?[0], "news");
        Ok(())
    })
}

#[test]
fn a_refusal_is_final_and_has_its_reason() -> Result<()> {
    let description = json!({"endpoints": [
        endpoint("commentary", "stream", "/games/{game}/commentary", json!({})),
        endpoint("notifications", "sse", "/notifications", json!({})),
        endpoint("latest", "long_poll", "/topics/{topic}/latest", json!({"has_history": true})),
    ]});
    in_page("scores", &of_json(&description.to_string())?, async |app, page| {
        let all = [
            ("commentary", "commentary({ game: 'red' })", 401, "there is no token"),
            ("notifications", "[notifications(), commentary({ game: 'red' })]", 401, "there is no token"),
            ("latest", "latest({ topic: 'x/y?'.repeat(50) })", 400, "topic"),
        ];
        for (name, endpoints, status, reason) in all {
            page.run(&format!("follow('{name}', {endpoints})")).await?;
            let heard = heard(page, name, 3).await?;
            assert_eq!(heard[0], json!(["state", "connecting"]), "{heard}");
            assert_eq!(heard[1], json!(["state", "closed"]), "{heard}");
            let [what, kind, last, code, message] = [0, 1, 2, 3, 4].map(|place| &heard[2][place]);
            assert_eq!(json!([what, kind, last, code]), json!(["error", "refused", true, status]), "{heard}");
            assert!(message.as_str().is_some_and(|text| text.contains(reason)), "{heard}");
        }
        // The parameter is one segment, whatever is in it.
        let log = app.stack().viceroy_log();
        assert!(!log.contains("/topics/x/y"), "{log}");
        Ok(())
    })
}

/// The way from the browser to the app. A test can cut it.
struct Way {
    port: u16,
    app: String,
    carried: JoinSet<()>,
}

impl Way {
    async fn to(app: &App) -> Result<Self> {
        let app = app.url("").trim_start_matches("http://").to_owned();
        let mut way = Self { port: 0, app, carried: JoinSet::new() };
        way.port = way.open().await?;
        Ok(way)
    }

    /// Opens it, at the port that it had.
    async fn open(&mut self) -> Result<u16> {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await?;
        let port = listener.local_addr()?.port();
        let app = self.app.clone();
        self.carried.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let app = app.clone();
                connections.spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(app).await {
                        let _ = copy_bidirectional(&mut client, &mut server).await;
                    }
                });
            }
        });
        Ok(port)
    }

    /// Cuts all connections, and refuses new ones.
    async fn cut(&mut self) {
        self.carried.shutdown().await;
    }
}

async fn publish(app: &App, number: usize) -> Result<String> {
    let article = json!({"title": format!("article {number}"), "text": "…"});
    let request = app.client().post(app.url("/topics/tides/articles")).bearer_auth(SCORES_TOKEN);
    let answer =
        Answer::of(request.header("content-type", "application/json").body(article.to_string())).await?;
    anyhow::ensure!(answer.status == 201, "{answer:?}");
    Ok(serde_json::from_str(&answer.body)?)
}

/// Articles are published while the way to the app is open, and while it is cut.
#[test]
fn a_client_of_a_history_misses_nothing_and_gets_nothing_twice() -> Result<()> {
    let article = json!({"type": "object", "properties": {"title": {"type": "string"}, "text": {"type": "string"}}, "required": ["title", "text"]});
    let has = json!({"has_history": true, "last_event_id_query": "lastEventId", "sends": article});
    let description = json!({"endpoints": [
        endpoint("articles", "sse", "/topics/{topic}/articles", has.clone()),
        endpoint("latest", "long_poll", "/topics/{topic}/latest", has),
    ]});
    let Some((tsc, driver, chromium)) = tools()? else { return Ok(()) };
    on_app("scores", async |app| {
        let mut way = Way::to(app).await?;
        let page = Browser::start(&driver, &chromium).await?;
        page.open(&format!("http://127.0.0.1:{}/", way.port)).await?;
        install(&page, &tsc, &of_json(&description.to_string())?).await?;
        // A poll without an id begins with the next article, so both begin after the first one.
        let first = publish(app, 0).await?;
        let polls = || {
            let log = app.stack().pushpin_log();
            log.lines()
                .filter(|line| line.contains(" subscribe ") && line.contains("/latest channel="))
                .count()
        };
        for name in ["articles", "latest"] {
            page.run(&format!(
                "follow('{name}', {name}({{ topic: 'tides' }}), {{ lastEventId: '{first}' }})"
            ))
            .await?;
        }
        app.subscribed("/topics/tides/articles", "articles-tides").await?;
        app.logged("the first poll", |_, _| polls() == 1).await?;

        let mut published = Vec::new();
        for is_cut in [false, true, true, false, false, true] {
            let before = polls();
            if is_cut {
                way.cut().await;
            }
            for _ in 0..if is_cut { 4 } else { 1 } {
                published.push(format!("article {}", published.len() + 1));
                publish(app, published.len()).await?;
            }
            if is_cut {
                way.open().await?;
            }
            for name in ["articles", "latest"] {
                let of = |message: &Value| message["title"].as_str().unwrap_or_default().to_owned();
                let got: Vec<_> = messages(&page, name, published.len()).await?.iter().map(of).collect();
                assert_eq!(got, published, "{name}");
            }
            // Pushpin 1.36 has crashed when an item came between the answer to a poll and its subscription.
            app.logged("the next poll", |_, _| polls() > before).await?;
        }
        for name in ["articles", "latest"] {
            let lost = format!(
                "heard.{name}.filter(([what, kind]) => what === 'error' && kind === 'lost').length >= 3"
            );
            page.until(&lost).await?;
            assert_eq!(
                page.until(&format!("String(heard.{name}.some(([what]) => what === 'reset'))")).await?,
                "false"
            );
        }
        let log = app.stack().pushpin_log();
        assert!(!log.contains("lastEventId="), "at its own origin the id is in the header: {log}");
        Ok(())
    })
}

/// The id goes into the query, because a header would need a preflight.
#[test]
fn the_client_of_another_origin_continues_with_the_id_in_the_query() -> Result<()> {
    let has = json!({"has_history": true, "last_event_id_query": "lastEventId"});
    let description = json!({"endpoints": [endpoint("articles", "sse", "/topics/{topic}/articles", has)]});
    in_page("scores", &of_json(&description.to_string())?, async |app, page| {
        let mut ids = Vec::new();
        for number in 0..3 {
            ids.push(publish(app, number).await?);
        }
        let other = app.url("").replacen("127.0.0.1", "localhost", 1);
        page.run(&format!(
            "follow('one', articles({{ topic: 'tides' }}), {{ base: '{other}', lastEventId: '{}' }})",
            ids[0]
        ))
        .await?;
        let got = messages(page, "one", 2).await?;
        assert_eq!(
            got.iter().map(|one| one.as_str().unwrap_or_default().contains("article 0")).collect::<Vec<_>>(),
            [false, false]
        );
        let log = app.stack().pushpin_log();
        assert!(log.contains(&format!("/topics/tides/articles?lastEventId={}", ids[0])), "{log}");
        assert_eq!(page.until("connections.one.lastEventId").await?, *ids[2]);
        Ok(())
    })
}

/// The history keeps the entries 3 to 8, and said that 5 is the newest when the client came.
#[test]
fn a_history_goes_on_after_the_app_was_killed_or_is_reset() -> Result<()> {
    let has = json!({"has_history": true});
    let description = json!({"endpoints": [endpoint("events", "sse", "/histories/events/{of}/5/8", has)]});
    in_page("scenarios", &of_json(&description.to_string())?, async |app, page| {
        page.run("follow('one', events({ of: 'here' }))").await?;
        app.subscribed("/histories/events/here/5/8", "history-here").await?;
        page.until("connections.one.lastEventId === '5'").await?;
        app.end_viceroy();
        page.until("connections.one.state !== 'open'").await?;
        app.restart_viceroy(None)?;
        assert_eq!(messages(page, "one", 3).await?, ["6", "7", "8"]);
        let events = "heard.one.filter(([what]) => what === 'event' || what === 'reset')";
        assert_eq!(
            page.until(events).await?,
            json!([["event", "greeting", "hello"], ["event", "greeting", "hello"]])
        );

        for (id, reason) in [("1", "expired"), ("99", "unknown")] {
            page.run(&format!("follow('late', events({{ of: 'here' }}), {{ lastEventId: '{id}' }})")).await?;
            assert_eq!(messages(page, "late", 3).await?[..3], ["3", "4", "5"]);
            let first = page.until("heard.late.find(([what]) => what !== 'state')").await?;
            assert_eq!(first, json!(["reset", reason]));
            page.run("connections.late.close()").await?;
        }
        Ok(())
    })
}
