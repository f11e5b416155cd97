//! Channels: templates, lists, functions.

use anyhow::Result;
use e2e::{App, Held, Socket, on_app};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{NAMES, hears_only};

/// A client that is subscribed to these channels.
async fn hold(app: &App, path: &str, channels: &[&str]) -> Result<Held> {
    let held = Held::open(app.client().get(app.url(path))).await?;
    for channel in channels {
        app.subscribed(path, channel).await?;
    }
    Ok(held)
}

/// It receives nothing from the parts of the name, or from any other channel.
#[test]
fn a_room_of_every_name_receives_its_channel() -> Result<()> {
    on_app("probe", async |app| {
        for (sent, room) in NAMES {
            let path = format!("/language/room/{sent}");
            let mut client = hold(app, &path, &[]).await?;
            let channel = format!("room-{room}");
            // The line in the log is trimmed, so a space at the end of the name is not in it.
            app.subscribed(&path, channel.trim_end()).await?;
            hears_only(app, &mut client, &["admin", "room-a", "a", "room-"], &channel).await?;
        }
        Ok(())
    })
}

#[test]
fn a_websocket_of_a_room_receives_its_channel() -> Result<()> {
    on_app("probe", async |app| {
        for (sent, room) in NAMES {
            let path = format!("/language/chat/{sent}");
            let mut client = Socket::open(app.url(&path).replacen("http", "ws", 1)).await?;
            let channel = format!("room-{room}");
            app.subscribed(&path, channel.trim_end()).await?;
            app.publish("admin", "not for you").await?;
            app.publish("room-a", "not for you").await?;
            app.publish(&channel, "for you").await?;
            assert_eq!(client.hear().await?, Message::text("for you"), "{room}");
        }
        Ok(())
    })
}

#[test]
fn a_client_of_a_list_receives_every_channel() -> Result<()> {
    on_app("probe", async |app| {
        let mut client = hold(app, "/language/both/a,b", &["room-a,b", "everybody"]).await?;
        app.publish("room-a", "not for you").await?;
        app.publish("everybody", "one").await?;
        app.publish("room-a,b", "two").await?;
        assert_eq!(client.heard_until("two\n\n").await?, "data: one\n\ndata: two\n\n");
        Ok(())
    })
}

#[test]
fn a_channel_function_takes_extractors() -> Result<()> {
    on_app("probe", async |app| {
        let path = "/language/topics?topic=a&topic=b%2Cc";
        let mut client = hold(app, path, &["a", "b,c"]).await?;
        app.publish("b", "not for you").await?;
        app.publish("b,c", "one").await?;
        app.publish("a", "two").await?;
        assert_eq!(client.heard_until("two\n\n").await?, "data: one\n\ndata: two\n\n");

        let refused = app.get("/language/topics").await?;
        assert_eq!((refused.status, refused.body.as_str()), (400, "name a topic\n"));
        let empty = app.get("/language/topics?topic=").await?;
        assert_eq!((empty.status, empty.body.as_str()), (400, "a channel name cannot be empty\n"));
        let long = app.get(&format!("/language/topics?topic={}", "x".repeat(2049))).await?;
        assert_eq!(long.status, 400, "{long:?}");
        // The same rule as for paths.
        for topic in ["%00", "a%0Ab", "%0D%0AGrip-Channel:%20admin", "%7F", "%C2%85", "%ff", "a&topic=%C0%80"]
        {
            let refused = app.get(&format!("/language/topics?topic={topic}")).await?;
            assert_eq!(refused.status, 400, "{topic}: {refused:?}");
        }
        let lossy = app.get("/language/topics?topic=%ff").await?;
        assert!(lossy.body.ends_with("`topic` is not UTF-8\n"), "{lossy:?}");
        Ok(())
    })
}

#[test]
fn a_channel_function_takes_path_parameters() -> Result<()> {
    on_app("probe", async |app| {
        let path = "/language/levels/a%2Fb/2";
        let mut client = hold(app, path, &["room-a/b-1", "room-a/b-2"]).await?;
        app.publish("room-a/b-3", "not for you").await?;
        app.publish("room-a/b-2", "one").await?;
        app.publish("room-a/b-1", "two").await?;
        assert_eq!(client.heard_until("two\n\n").await?, "data: one\n\ndata: two\n\n");
        assert_eq!(app.get("/language/levels/a/x").await?.status, 404);
        // A hold needs a channel, so this is a mistake of the app.
        assert_eq!(app.get("/language/levels/a/0").await?.status, 500);

        let mut client = hold(app, "/language/shouted/a", &["room-A"]).await?;
        hears_only(app, &mut client, &["room-a"], "room-A").await
    })
}

#[test]
fn a_filter_applies_to_its_channel_only() -> Result<()> {
    on_app("probe", async |app| {
        let mut client = hold(app, "/language/others/alice", &["filtered", "everybody"]).await?;
        let say = |channel: &'static str, sender: &'static str| {
            let formats = json!({"http-stream": {"content": format!("{channel} by {sender}\n")}});
            app.publish_item(json!({"channel": channel, "meta": {"sender": sender}, "formats": formats}))
        };
        say("filtered", "alice").await?;
        say("everybody", "alice").await?;
        say("filtered", "bob").await?;
        let heard = client.heard_until("bob\n").await?;
        assert_eq!(heard, "everybody by alice\nfiltered by bob\n");
        Ok(())
    })
}

/// The recovery request has no cookies. The guard value comes with the link.
#[test]
fn missed_items_are_recovered_behind_a_guard() -> Result<()> {
    on_app("probe", async |app| {
        let path = "/language/counted/1";
        assert_eq!(app.get(path).await?.status, 401);
        // The other cookie is not valid UTF-8.
        let cookies: &[u8] = b"name=caf\xe9; user=alice";
        let request = app.client().get(app.url(path)).header("Cookie", cookies);
        let mut client = Held::open(request).await?;
        app.subscribed(path, "counted").await?;
        let publish = |id: u32| {
            let formats = json!({"http-stream": {"content": format!("data: {id}\n\n")}});
            let (id, before) = (id.to_string(), (id - 1).to_string());
            app.publish_item(json!({"channel": "counted", "id": id, "prev-id": before, "formats": formats}))
        };
        // No client received 2.
        publish(3).await?;
        let missed = "data: alice from 1\n\ndata: 2\n\ndata: 3\n\n";
        assert_eq!(client.heard_until("data: 3\n\n").await?, missed);
        publish(4).await?;
        assert_eq!(client.heard_until("4\n\n").await?, missed.to_owned() + "data: 4\n\n");
        Ok(())
    })
}
