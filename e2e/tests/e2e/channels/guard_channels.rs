//! Channels that are made of the guard value.

use anyhow::Result;
use e2e::{Answer, App, Held, Socket, on_app};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{NAMES, hears_only};

/// The path and query of a user. The channels come from the guard value, because the guard alone reads the query.
fn of_user(endpoint: &str, user: &str) -> String {
    format!("/language/mine/{endpoint}?user={user}")
}

async fn hold(app: &App, path: &str, channel: &str) -> Result<Held> {
    let held = Held::open(app.client().get(app.url(path))).await?;
    assert_eq!(held.status(), 200, "{path}");
    // The line in the log is trimmed.
    app.subscribed(path, channel.trim_end()).await?;
    Ok(held)
}

async fn socket(app: &App, path: &str, channel: &str) -> Result<Socket> {
    let socket = Socket::open(app.url(path).replacen("http", "ws", 1)).await?;
    app.subscribed(path, channel).await?;
    Ok(socket)
}

#[test]
fn each_user_of_a_stream_gets_their_own_items() -> Result<()> {
    on_app("probe", async |app| {
        let mut ann = hold(app, &of_user("events", "ann"), "mine-ann").await?;
        let mut bob = hold(app, &of_user("events", "bob"), "mine-bob").await?;
        app.publish("mine-bob", "1 for bob").await?;
        app.publish("mine-ann", "2 for ann").await?;
        app.publish("mine-bob", "3 for bob").await?;
        assert_eq!(ann.heard_until("ann\n\n").await?, "data: 2 for ann\n\n");
        assert_eq!(bob.heard_until("3 for bob\n\n").await?, "data: 1 for bob\n\ndata: 3 for bob\n\n");
        Ok(())
    })
}

#[test]
fn each_user_of_a_long_poll_gets_their_own_item() -> Result<()> {
    on_app("probe", async |app| {
        let users = ["ann", "bob"];
        let polls = users.map(|user| {
            let request = app.client().get(app.url(&of_user("poll", user)));
            tokio::spawn(Answer::of(request))
        });
        for user in users {
            // A second after the first subscription, the proxy sends the request again.
            let line = format!("{} channel=mine-{user} retry", of_user("poll", user));
            app.logged(&line, |_, proxy| proxy.lines().any(|said| said.trim_end().ends_with(&line))).await?;
        }
        app.publish("mine-bob", "for bob").await?;
        app.publish("mine-ann", "for ann").await?;
        for (poll, user) in polls.into_iter().zip(users) {
            assert_eq!(poll.await??.body, format!("for {user}\n"));
        }
        Ok(())
    })
}

/// The app publishes with the constructor of the channel.
#[test]
fn each_user_of_a_websocket_gets_their_own_messages() -> Result<()> {
    on_app("probe", async |app| {
        for (endpoint, channel) in [("socket", "mine"), ("inbox", "inbox")] {
            let mut ann = socket(app, &of_user(endpoint, "ann"), &format!("{channel}-ann")).await?;
            let mut bob = socket(app, &of_user(endpoint, "bob"), &format!("{channel}-bob")).await?;
            ann.say("bob").await?;
            assert_eq!(bob.hear().await?, Message::text("from ann"), "{endpoint}");
            bob.say("ann").await?;
            assert_eq!(ann.hear().await?, Message::text("from bob"), "{endpoint}");
        }
        Ok(())
    })
}

/// The recovery request has neither the query nor the guard header. The guard value comes with the link, and makes the same
/// channel.
#[test]
fn a_recovery_request_makes_the_channel_of_its_user() -> Result<()> {
    on_app("probe", async |app| {
        let publish = async |user: &str, id: u32| {
            let formats = json!({"http-stream": {"content": format!("data: {id} for {user}\n\n")}});
            let (channel, id, before) = (format!("resumed-{user}"), id.to_string(), (id - 1).to_string());
            let item = json!({"channel": channel, "id": id, "prev-id": before, "formats": formats});
            app.publish_item(item).await
        };
        let mut clients = Vec::new();
        for user in ["ann", "bob"] {
            let mut client = hold(app, &of_user("resumed", user), &format!("resumed-{user}")).await?;
            assert_eq!(client.heard_until("\n\n").await?, format!("data: {user} after 1\n\n"));
            // No client received 2.
            publish(user, 3).await?;
            client.heard_until("after 3\n\n").await?;
            clients.push((user, client));
        }
        publish("bob", 4).await?;
        publish("ann", 4).await?;
        for (user, client) in &mut clients {
            let heard = client.heard_until(&format!("4 for {user}\n\n")).await?;
            let own = |event: &str| {
                event.ends_with(&format!(" for {user}")) || event.contains(&format!("{user} after"))
            };
            assert!(heard.trim_end().split("\n\n").all(own), "{user}: {heard}");
        }
        Ok(())
    })
}

#[test]
fn a_list_of_templates_takes_path_parameters_and_fields() -> Result<()> {
    on_app("probe", async |app| {
        let path = "/language/mine/rooms/blue?user=ann&team=7";
        let mut ann = hold(app, path, "blue-7-ann").await?;
        app.subscribed(path, "team-7").await?;
        app.publish("team-0", "not for you").await?;
        app.publish("team-7", "1").await?;
        app.publish("blue-7-ann", "2").await?;
        assert_eq!(ann.heard_until("2\n\n").await?, "data: 1\n\ndata: 2\n\n");
        Ok(())
    })
}

/// They receive nothing from the parts of the name, or from any other channel.
#[test]
fn a_user_of_every_name_receives_one_channel() -> Result<()> {
    on_app("probe", async |app| {
        for (sent, user) in NAMES {
            let channel = format!("mine-{user}");
            let mut client = hold(app, &of_user("events", sent), &channel).await?;
            hears_only(app, &mut client, &["admin", "mine-a", "a", "mine-"], &channel).await?;
        }
        Ok(())
    })
}

#[test]
fn an_empty_field_and_control_characters_make_no_channel() -> Result<()> {
    on_app("probe", async |app| {
        for endpoint in ["events", "poll", "rooms/blue", "resumed"] {
            for (user, status) in
                [("", 500), ("%00", 400), ("a%0D%0AGrip-Channel:%20admin", 400), ("%C2%85", 400)]
            {
                let answer = app.get(&of_user(endpoint, user)).await?;
                assert_eq!(answer.status, status, "{endpoint} {user}: {}", answer.body);
            }
            let said = format!("/language/mine/{endpoint}: `{{guard.name}}` is empty");
            app.logged(&said, |viceroy, _| viceroy.contains(&said)).await?;
        }
        let url = app.url(&of_user("socket", "")).replacen("http", "ws", 1);
        let refused = Socket::open(url).await.expect_err("it opened without a name");
        assert!(format!("{refused:#}").contains("500"), "{refused:#}");
        let log = app.stack().pushpin_log();
        assert!(!log.contains("channel=mine-") && !log.contains("channel=admin"), "a channel was made");
        Ok(())
    })
}
