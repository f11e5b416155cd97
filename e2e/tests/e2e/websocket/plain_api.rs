//! WebSockets by the plain API: state, and what the proxy does with each control message.

use anyhow::Result;
use e2e::{App, Socket, on_app, on_app_with};
use serde_json::json;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};

fn address(app: &App, path: &str) -> String {
    app.url(path).replacen("http", "ws", 1)
}

async fn commanded(app: &App, path: &str) -> Result<Socket> {
    Socket::open(&address(app, path)).await
}

/// Sends a command, and waits for the answer.
async fn tell(socket: &mut Socket, command: &str) -> Result<()> {
    socket.say(command).await?;
    assert_eq!(socket.hear().await?, Message::text("done"), "{command}");
    Ok(())
}

#[test]
fn state_stays_with_its_connection() -> Result<()> {
    on_app("probe", async |app| {
        let mut one = commanded(app, "/socket/state").await?;
        let mut other = commanded(app, "/socket/state").await?;
        for (said, state) in [("a", "a"), (r#"",;\ é"#, r#"a",;\ é"#), ("🦀\0\r\n", "a\",;\\ é🦀\0\r\n")]
        {
            one.say(said).await?;
            assert_eq!(one.hear().await?, Message::text(state));
        }
        other.say("b").await?;
        assert_eq!(other.hear().await?, Message::text("b"));
        Ok(())
    })
}

/// Production may have Pushpin's own buffers, and a client its own headers.
#[test]
fn the_longest_state_fits_default_buffers_beside_a_clients_headers() -> Result<()> {
    on_app_with(
        "probe",
        |config| config.small_buffers = true,
        async |app| {
            let mut request = address(app, "/socket/state").into_client_request()?;
            request.headers_mut().insert("cookie", format!("session={}", "x".repeat(3_000)).parse()?);
            let mut socket = Socket::open(request).await?;
            socket.say("take 3998").await?;
            assert_eq!(socket.hear().await?.len(), 3998);
            for _ in 0..3 {
                socket.say("").await?;
                assert_eq!(socket.hear().await?.len(), 3998);
            }
            socket.say("more").await?;
            assert_eq!(socket.hear().await?.len(), 4002);
            let closed = CloseFrame { code: CloseCode::Error, reason: "internal error".into() };
            assert_eq!(socket.hear().await?, Message::Close(Some(closed)));
            Ok(())
        },
    )
}

#[test]
fn subscriptions_come_and_go() -> Result<()> {
    on_app("probe", async |app| {
        let path = "/socket/command";
        let mut socket = commanded(app, path).await?;
        let publish = async |channel: &str, text: &str, meta: serde_json::Value| {
            let item =
                json!({"channel": channel, "formats": {"ws-message": {"content": text}}, "meta": meta});
            app.publish_item(item).await
        };
        tell(&mut socket, "subscribe one").await?;
        app.subscribed(path, "one").await?;
        publish("one", "1", json!({})).await?;
        assert_eq!(socket.hear().await?, Message::text("1"));

        // The handler runs the commands in order, so the last subscription comes after all the others.
        tell(&mut socket, "unsubscribe one").await?;
        tell(&mut socket, "meta user ann").await?;
        tell(&mut socket, "session s1").await?;
        tell(&mut socket, "subscribe two skip-self").await?;
        app.subscribed(path, "two").await?;
        publish("one", "nobody hears this", json!({})).await?;
        publish("two", "nor do you hear yourself", json!({"sender": "ann"})).await?;
        publish("two", "2", json!({"sender": "bob"})).await?;
        assert_eq!(socket.hear().await?, Message::text("2"));

        // Without subscription meta the filter matches no sender, and the app receives nothing after the detach.
        tell(&mut socket, "meta user").await?;
        tell(&mut socket, "detach").await?;
        tell(&mut commanded(app, path).await?, "subscribe three").await?;
        app.subscribed(path, "three").await?;
        publish("two", "3", json!({"sender": "ann"})).await?;
        assert_eq!(socket.hear().await?, Message::text("3"));
        socket.say("subscribe four").await?;
        publish("two", "4", json!({})).await?;
        assert_eq!(socket.hear().await?, Message::text("4"));
        Ok(())
    })
}

#[test]
fn the_proxy_sends_delayed_messages_and_keep_alives() -> Result<()> {
    on_app("probe", async |app| {
        for (kind, frame) in [
            ("ping", Message::Ping("".into())),
            ("text", Message::text("")),
            ("binary", Message::binary(vec![0, 0xff])),
        ] {
            let mut socket = commanded(app, "/socket/command").await?;
            tell(&mut socket, &format!("awake {kind}")).await?;
            assert_eq!(socket.hear().await?, frame);
            assert_eq!(socket.hear().await?, frame);
        }
        let mut socket = commanded(app, "/socket/command").await?;
        tell(&mut socket, "delay later").await?;
        tell(&mut socket, "flush").await?;
        assert_eq!(socket.hear().await?, Message::text("later"));
        Ok(())
    })
}

#[test]
fn the_app_pings_and_closes() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = commanded(app, "/socket/command").await?;
        socket.say("ping hello").await?;
        assert_eq!(socket.hear().await?, Message::Ping("hello".into()));
        assert_eq!(socket.hear().await?, Message::text("done"));
        socket.say("close 4000").await?;
        assert_eq!(socket.hear().await?, Message::text("done"));
        let frame = CloseFrame { code: CloseCode::Library(4000), reason: "as you say".into() };
        assert_eq!(socket.hear().await?, Message::Close(Some(frame)));
        Ok(())
    })
}
