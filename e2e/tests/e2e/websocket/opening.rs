//! The opening of a connection: refusals, subprotocols, origins, guards.

use anyhow::Result;
use e2e::{Answer, AppRequest, on_app, on_app_with, trace_hostcalls};
use tokio_tungstenite::tungstenite::Message;

use super::{open, open_at_the_proxy, open_with, says};
use crate::trust::{app_requests, nothing_was_handed_off};

/// The status and the text that a client gets in place of a connection.
pub(super) async fn refusal(
    app: &e2e::App,
    path: &str,
    headers: &[(&'static str, &'static str)],
) -> Result<(u16, String)> {
    // A WebSocket client does not read the body of a refusal.
    let mut request =
        app.client().get(app.url(path)).header("connection", "Upgrade").header("upgrade", "websocket");
    request =
        request.header("sec-websocket-version", "13").header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = Answer::of(request).await?;
    Ok((answer.status, answer.body))
}

#[test]
fn open_refuses_as_it_says() -> Result<()> {
    on_app("probe", async |app| {
        for (name, status, text) in
            [("401", 401, "sign in\n"), ("403", 403, "not you\n"), ("404", 404, "not here\n")]
        {
            let refused = refusal(app, &format!("/websockets/life/{name}"), &[]).await?;
            assert_eq!(refused, (status, text.to_owned()));
        }
        Ok(())
    })
}

#[test]
fn the_subprotocol_is_the_first_that_both_speak() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let path = "/websockets/spoken";
        for (offered, chosen) in [
            ("v1.probe", "v1.probe"),
            ("mqtt, v1.probe, v2.probe", "v2.probe"),
            ("v2.probe,v3.probe", "v2.probe"),
        ] {
            let mut socket = open_with(app, path, &[("sec-websocket-protocol", offered)]).await?;
            assert_eq!(socket.response.headers()["sec-websocket-protocol"], chosen);
            says(&mut socket, "which?", chosen).await?;
        }
        let none = "this endpoint speaks v2.probe, v1.probe\n".to_owned();
        let refused = format!("{path}?refused");
        let mqtt = [("sec-websocket-protocol", "mqtt")];
        assert_eq!(refusal(app, &refused, &mqtt).await?, (400, none.clone()));
        assert_eq!(refusal(app, &refused, &[]).await?, (400, none));
        nothing_was_handed_off(app, "?refused", 2)
    })
}

#[test]
fn pages_of_another_origin_are_refused() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let path = "/websockets/strict?origin";
        for origin in
            ["https://example.com", "http://www.example.com", "null", "https://www.example.com.evil.example"]
        {
            let refused = refusal(app, path, &[("origin", origin)]).await?;
            assert_eq!(refused, (403, "pages of this origin may not connect\n".to_owned()));
        }
        nothing_was_handed_off(app, "?origin", 4)?;
        // A client without `Origin` is no browser.
        for headers in [&[][..], &[("origin", "https://www.example.com")]] {
            says(&mut open_with(app, path, headers).await?, "a", "a").await?;
        }
        // Without the option, every origin may connect.
        let mut socket = open_with(app, "/websockets/text", &[("origin", "https://evil.example")]).await?;
        says(&mut socket, "a", "A").await
    })
}

#[test]
fn each_message_has_the_guard_value() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let path = "/websockets/guarded?guard";
        assert_eq!(refusal(app, path, &[]).await?, (401, "who are you?\n".to_owned()));
        nothing_was_handed_off(app, "?guard", 1)?;
        let mut ann = open_with(app, path, &[("x-user", "ann")]).await?;
        let mut bob = open_with(app, path, &[("x-user", "bob")]).await?;
        for _ in 0..3 {
            says(&mut ann, "hello", "ann: hello").await?;
            says(&mut bob, "hello", "bob: hello").await?;
        }
        assert!(app_requests(app, "?guard").len() > 8, "each message is an app_request");
        Ok(())
    })
}

#[test]
fn the_messages_of_open_come_first() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open_at_the_proxy(app, "/websockets/renewed").await?;
        assert_eq!(socket.hear().await?, Message::text("welcome"));
        says(&mut socket, " and old", "new and old").await
    })
}

/// The client's pongs reach the app, which ignores them.
#[test]
fn the_proxy_pings() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let mut socket = open(app, "/websockets/awake").await?;
        // The client request, the opening, and the pongs.
        while app_requests(app, "/websockets/awake").len() < 4 {
            assert_eq!(socket.hear().await?, Message::Ping("awake?".into()));
        }
        socket.say("still here").await?;
        while socket.hear().await? != Message::text("still here") {}
        Ok(())
    })
}

/// The interval is 20 seconds, the smallest that the proxy accepts. The request has no events.
#[test]
fn the_proxy_sends_an_empty_request_after_a_quiet_time() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let mut socket = open(app, "/websockets/asked").await?;
        let asked = |viceroy: &str, _: &str| {
            let all = AppRequest::all(viceroy);
            let asked = all.iter().filter(|one| one.request.contains("/websockets/asked") && one.completed);
            // The client request, the opening, and one more.
            asked.count() == 3
        };
        app.logged("a request of the proxy's own", asked).await?;
        says(&mut socket, "still here", "still here").await
    })
}
