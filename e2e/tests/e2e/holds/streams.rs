//! Held streams: `/sse` and `/stream`.

use anyhow::Result;
use e2e::{App, Held, Socket, grip_headers, media_type, on_app, on_stack};
use tokio_tungstenite::tungstenite::Message;

#[test]
fn two_clients_of_sse_receive_what_is_published() -> Result<()> {
    on_stack(async |app| two_clients_hear(app, "/sse", "text/event-stream").await)
}

#[test]
fn two_clients_of_stream_receive_what_is_published() -> Result<()> {
    on_stack(async |app| two_clients_hear(app, "/stream", "text/plain").await)
}

/// The second item proves that each client received the first one exactly once, with nothing before, between and after.
async fn two_clients_hear(app: &App, path: &str, content_type: &str) -> Result<()> {
    let mut clients = [app.hold(path).await?, app.hold(path).await?];
    app.publish("test", "one").await?;
    app.publish("test", "two").await?;
    for client in &mut clients {
        is_plain(client, content_type);
        assert_eq!(client.heard_until("two\n\n").await?, "data: one\n\ndata: two\n\n");
    }
    Ok(())
}

fn is_plain(client: &Held, content_type: &str) {
    assert_eq!(client.status(), 200);
    assert_eq!(media_type(client.headers()), content_type);
    assert_eq!(grip_headers(client.headers()), [""; 0], "of {:?}", client.headers());
}

/// Browsers do not encode these characters in a query, and Pushpin does not hold a request whose URL has them.
#[test]
fn a_query_is_held_as_a_browser_writes_it() -> Result<()> {
    on_stack(async |app| {
        for query in ["{%22a%22:1}", "a|b", "^", "`", "\\", "100%", "%zz", "%", "%7B{"] {
            let client = Held::open(app.client().get(app.url(&format!("/sse?{query}")))).await?;
            assert_eq!(client.status(), 200, "{query}");
        }
        let mut socket = Socket::open(&app.url("/ws?{100%}").replacen("http", "ws", 1)).await?;
        socket.say("hello").await?;
        assert_eq!(socket.hear().await?, Message::text("hello"));
        Ok(())
    })
}

#[test]
fn an_item_of_another_channel_is_not_received() -> Result<()> {
    on_stack(async |app| {
        let mut client = app.hold("/sse").await?;
        app.publish("tests", "not for you").await?;
        app.publish("test", "for you").await?;
        assert_eq!(client.heard_until("for you\n\n").await?, "data: for you\n\n");
        Ok(())
    })
}

#[test]
fn a_client_that_leaves_does_not_disturb_the_other() -> Result<()> {
    on_stack(async |app| {
        let leaves = app.hold("/sse").await?;
        let mut stays = app.hold("/sse").await?;
        drop(leaves);
        app.publish("test", "still there?").await?;
        assert_eq!(stays.heard_until("there?\n\n").await?, "data: still there?\n\n");
        Ok(())
    })
}

#[test]
fn a_client_of_two_channels_hears_both() -> Result<()> {
    on_app("probe", async |app| {
        let mut client = Held::open(app.client().get(app.url("/hold/two-channels"))).await?;
        app.subscribed("/hold/two-channels", "hold-one").await?;
        app.subscribed("/hold/two-channels", "hold-two").await?;
        app.publish("hold-one", "one").await?;
        app.publish("hold-two", "two").await?;
        assert_eq!(client.heard_until("two\n\n").await?, "data: one\n\ndata: two\n\n");
        Ok(())
    })
}
