//! Everything that a hold can say, in headers and in JSON, and what the proxy does with it.

use anyhow::{Context as _, Result};
use cargo_fanout::stack::Version;
use e2e::{Answer, App, Held, grip_headers, media_type, on_app, on_app_with, skip};
use serde_json::json;

/// The query of each form, and its channel. A comma in its name rules out the header.
const FORMS: [(&str, &str); 2] = [("form=headers", "grip"), ("form=json", "grip,json")];

async fn hold(app: &App, path: &str, channel: &str) -> Result<Held> {
    let held = Held::open(app.client().get(app.url(path))).await?;
    app.subscribed(path, channel).await?;
    Ok(held)
}

/// The proxy repeats the keep-alive on a quiet stream, byte for byte.
#[test]
fn a_keep_alive_may_be_any_bytes() -> Result<()> {
    const DATA: [(&str, &[u8]); 3] =
        [("raw", b"still, \"here\" \\"), ("text", b" a; \\\r\n\t "), ("bytes", b"\xff\x00;\x80,\xfe")];
    on_app("probe", async |app| {
        for (form, channel) in FORMS {
            for mode in ["idle", "interval"] {
                for (name, data) in DATA {
                    let path = format!("/grip/awake?data={name}&mode={mode}&{form}");
                    let mut client = hold(app, &path, channel).await?;
                    client.begins_with([data, data].concat()).await.with_context(|| path)?;
                }
            }
        }
        Ok(())
    })
}

/// With `interval`, the keep-alive is sent although the stream is never quiet.
#[test]
fn an_interval_does_not_wait_for_quiet() -> Result<()> {
    on_app("probe", async |app| {
        for (form, channel) in FORMS {
            let path = format!("/grip/awake?data=raw&mode=interval&{form}");
            let mut client = hold(app, &path, channel).await?;
            let mut published = 0;
            while !client.heard(published).await?.windows(5).any(|part| part == b"still") {
                app.publish_formats(channel, json!({"http-stream": {"content": "line\n"}})).await?;
                published += "line\n".len();
            }
        }
        Ok(())
    })
}

#[test]
fn an_event_stream_begins_with_a_comment_which_is_its_keep_alive() -> Result<()> {
    on_app("probe", async |app| {
        let mut silent = hold(app, "/language/hold/off", "hold-off").await?;
        for (form, channel) in FORMS {
            let mut client = hold(app, &format!("/grip/default?{form}"), channel).await?;
            assert_eq!(client.bytes_until(b"\n\n").await?, b":\n\n");
            assert_eq!(client.bytes_until(b":\n\n:\n\n").await?, b":\n\n:\n\n");
        }
        // Meanwhile the other stream has received no keep-alive.
        app.publish("hold-off", "hello").await?;
        assert_eq!(silent.bytes_until(b"hello\n\n").await?, b":\n\ndata: hello\n\n");
        Ok(())
    })
}

#[test]
fn the_client_sees_the_response_that_was_asked_for() -> Result<()> {
    on_app("probe", async |app| {
        for (form, channel) in FORMS {
            let path = format!("/grip/response?{form}");
            let mut client = hold(app, &path, channel).await?;
            assert_eq!(client.status(), 201);
            assert_eq!(client.reason(), Some("Made It"), "{path}");
            is_dressed(client.headers());
            assert_eq!(client.heard_until("\n").await?, "a;b\n");
        }
        Ok(())
    })
}

#[test]
fn a_poll_has_the_same_response_at_its_timeout() -> Result<()> {
    on_app("probe", async |app| {
        for (form, _) in FORMS {
            let answer = Answer::of(app.client().get(app.url(&format!("/grip/poll?{form}")))).await?;
            assert_eq!((answer.status, answer.body.as_str()), (201, "a;b\n"));
            is_dressed(&answer.headers);
        }
        Ok(())
    })
}

fn is_dressed(headers: &e2e::HeaderMap) {
    let all: Vec<_> = headers.get_all("x-shown").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(all, ["a, \"b\"; c", "twice"]);
    assert_eq!(media_type(headers), "text/csv");
    assert_eq!(headers.get("cache-control").unwrap(), "no-store");
    assert!(!headers.contains_key("x-hidden"), "{headers:?}");
    assert_eq!(grip_headers(headers), [""; 0], "of {headers:?}");
}

#[test]
fn filters_see_the_meta_of_a_subscription() -> Result<()> {
    on_app("probe", async |app| {
        for (form, channel) in FORMS {
            let mut alice = hold(app, &format!("/grip/meta?user=alice&{form}"), channel).await?;
            let mut bob = hold(app, &format!("/grip/meta?user=bob&{form}"), channel).await?;
            let say = |sender, content| {
                let formats = json!({"http-stream": {"content": content}});
                app.publish_item(json!({"channel": channel, "meta": {"sender": sender}, "formats": formats}))
            };
            say("alice", "from alice\n").await?;
            say("bob", "from bob, %(user)s: %(text)s\n").await?;
            say("carol", "end\n").await?;
            assert_eq!(alice.heard_until("end\n").await?, "from bob, alice: a \"b\", c=\\d; e\nend\n");
            assert_eq!(bob.heard_until("end\n").await?, "from alice\nend\n");
        }
        Ok(())
    })
}

/// Pushpin has its default buffers.
#[test]
fn the_longest_header_form_arrives() -> Result<()> {
    on_app_with(
        "probe",
        |config| config.small_buffers = true,
        async |app| {
            let mut client = hold(app, "/grip/full", "grip").await?;
            client.begins_with([b'\n'; 2048]).await
        },
    )
}

#[test]
fn missed_items_are_recovered() -> Result<()> {
    on_app("probe", async |app| {
        let mut client = hold(app, "/grip/reliable", "grip").await?;
        let id = |number: u32| format!("id, \"{number}\"; x");
        let publish = |number: u32| {
            let formats = json!({"http-stream": {"content": format!("data: {number}\n\n")}});
            app.publish_item(
                json!({"channel": "grip", "id": id(number), "prev-id": id(number - 1), "formats": formats}),
            )
        };
        // The client has 1. Item 2 was published before it connected.
        publish(3).await?;
        let missed = ": open\n\n: since 1\n\ndata: 2\n\ndata: 3\n\n";
        assert_eq!(client.heard_until("3\n\n").await?, missed);
        publish(4).await?;
        let heard = client.heard_until("4\n\n").await?;
        assert_eq!(heard.replace(": nothing since 3\n\n", ""), missed.to_owned() + "data: 4\n\n");
        Ok(())
    })
}

/// A published response has its own status and body, and the headers of the poll that it answers.
#[test]
fn a_publish_inherits_the_headers_of_a_poll() -> Result<()> {
    on_app("probe", async |app| {
        for (form, channel) in FORMS {
            let path = format!("/grip/poll?{form}&wait=long");
            let poll = tokio::spawn(Answer::of(app.client().get(app.url(&path))));
            // Soon after the first subscription to a channel, a poll loses what is published: see `App::poll`.
            let again = format!("{path} channel={channel} retry");
            app.logged(&again, |_, pushpin| pushpin.contains(&again)).await?;
            app.publish_formats(channel, json!({"http-response": {"body": "news\n"}})).await?;
            let answer = poll.await??;
            assert_eq!((answer.status, answer.body.as_str()), (200, "news\n"));
            is_dressed(&answer.headers);
        }
        Ok(())
    })
}

/// Pushpin before 1.41 does not know this link. The client comes in at its port: Viceroy, which would stand between, does
/// not pass on that a client is gone.
#[test]
fn the_gone_link_tells_the_app_that_a_client_left() -> Result<()> {
    on_app("probe", async |app| {
        if Version::of(&app.stack().config().pushpin)? < (Version { major: 1, minor: 41 }) {
            skip("the link of who is gone needs Pushpin 1.41");
            return Ok(());
        }
        let path = "/grip/reliable";
        let request = app.client().get(app.stack().proxy_url() + path).header("pushpin-route", "self");
        let held = Held::open(request).await?;
        app.subscribed(path, "grip").await?;
        drop(held);
        app.logged("a POST to /grip/gone", |_, pushpin| pushpin.contains("/grip/gone")).await
    })
}
