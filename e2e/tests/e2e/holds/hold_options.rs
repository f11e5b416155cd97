//! The options of a hold. A comma in the channel makes the proxy's instruction JSON.

use anyhow::Result;
use cargo_fanout::stack::Version;
use e2e::{App, Held, Socket, media_type, on_app, skip};

const NAMES: [&str; 2] = ["plain", "a,b"];

async fn hold(app: &App, path: &str, channel: &str) -> Result<Held> {
    let held = Held::open(app.client().get(app.url(path))).await?;
    app.subscribed(path, channel).await?;
    Ok(held)
}

#[test]
fn an_event_stream_has_its_options() -> Result<()> {
    on_app("probe", async |app| {
        for name in NAMES {
            let mut client =
                hold(app, &format!("/language/hold/sse/{name}"), &format!("hold-{name}")).await?;
            assert_eq!(client.status(), 202);
            assert_eq!(client.header("content-type"), "text/event-stream");
            assert_eq!(client.header("x-feed"), "a, \"b\"; c");
            assert_eq!(client.header("cache-control"), "private");
            assert!(!client.headers().contains_key("x-hidden"), "{:?}", client.headers());
            let awake = "event: awake\ndata: \n\n";
            client.begins_with(format!("event: first\ndata: 1\n\n{awake}{awake}")).await?;
        }
        Ok(())
    })
}

#[test]
fn a_stream_has_its_keep_alive_option() -> Result<()> {
    on_app("probe", async |app| {
        for name in NAMES {
            let mut client =
                hold(app, &format!("/language/hold/stream/{name}"), &format!("hold-{name}")).await?;
            assert_eq!(media_type(client.headers()), "text/csv");
            client.begins_with(b".;\0.;\0").await?;
        }
        Ok(())
    })
}

#[test]
fn a_poll_has_its_options() -> Result<()> {
    on_app("probe", async |app| {
        for name in NAMES {
            let answer = app.get(&format!("/language/hold/poll/{name}")).await?;
            assert_eq!((answer.status, answer.body), (203, format!("{name},5\n")));
            assert_eq!(media_type(&answer.headers), "text/csv");
            assert_eq!(answer.headers["x-feed"], "live");
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
        Ok(())
    })
}

#[test]
fn the_proxy_requests_next_after_the_quiet_seconds_of_the_option() -> Result<()> {
    on_app("probe", async |app| {
        let mut client = hold(app, "/language/hold/quiet", "hold-quiet").await?;
        client.begins_with("first\nstill quiet\nstill quiet\n").await
    })
}

#[test]
fn a_channel_function_can_refuse_a_websocket() -> Result<()> {
    on_app("probe", async |app| {
        let refused = Socket::open(app.url("/language/hold/refused").replacen("http", "ws", 1)).await;
        let error = format!("{:#}", refused.expect_err("it opened"));
        assert!(error.contains("418"), "{error}");
        Ok(())
    })
}

/// The client connects to the proxy's port, because Viceroy does not pass on that a client is gone.
#[test]
fn the_gone_option_tells_the_app_that_a_client_left() -> Result<()> {
    on_app("probe", async |app| {
        if Version::of(&app.stack().config().pushpin)? < (Version { major: 1, minor: 41 }) {
            skip("the link of who is gone needs Pushpin 1.41");
            return Ok(());
        }
        for (name, encoded) in [("plain", "plain"), ("a,b", "a%2Cb")] {
            let path = format!("/language/hold/stream/{name}");
            let request = app.client().get(app.stack().proxy_url() + &path).header("pushpin-route", "self");
            let held = Held::open(request).await?;
            app.subscribed(&path, &format!("hold-{name}")).await?;
            drop(held);
            let link = format!("/language/hold/left/{encoded}");
            app.logged(&link, |_, pushpin| pushpin.contains(&link)).await?;
        }
        Ok(())
    })
}
