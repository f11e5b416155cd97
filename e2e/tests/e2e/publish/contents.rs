//! Every content arrives at every kind of client, once and in order.

use anyhow::{Context as _, Result, ensure};
use e2e::{Answer, App, on_app};
use fanout::Channel;
use fanout::publish::{Item, Message};
use tokio_tungstenite::tungstenite::protocol::Message as Frame;

use super::{listeners, publish};

const PUBLISH: Channel = Channel::from_static("publish");
const PLAIN: Channel = Channel::from_static("publish-plain");

/// The comment that a stream of events begins with.
const START: &[u8] = b":\n\n";

/// Contents that mean something to one of the formats on the way, or break naive framing.
fn contents() -> Vec<Vec<u8>> {
    let texts = [
        "hello",
        "",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "two\r\n\r\nlines\r",
        " \t spaces ",
        "\0",
        "a\0b",
        "m:",
        "m:hello",
        "c:{\"type\":\"detach\"}",
        "c:",
        "data: x\n\ndata: y\n\n",
        ": comment",
        "id: 1\nevent: forged\nretry: 1",
        "\u{feff}bom",
        "naïve \u{1f980} \u{2028}\u{85}",
        "\\u0041 \"quoted\" </script> %41 %(user)s",
        "{\"items\":[]}",
        "TEXT 5\r\nhello\r\n",
        "\u{7f}\u{1b}[31m\u{8}",
    ];
    let mut contents: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).into();
    contents.extend([&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"a\xffb\r\n\0\xfe"].map(<[u8]>::to_vec));
    contents.push((0..=255).collect());
    contents.push("0123456789abcde\n".repeat(2_000).into());
    contents
}

fn message(content: &[u8]) -> Message {
    match std::str::from_utf8(content) {
        Ok(text) => Message::text(text),
        Err(_) => Message::bytes(content),
    }
}

/// The event stream that a client receives: a `data:` line for each line of the content, whatever ends the line.
fn framed(content: &[u8]) -> Vec<u8> {
    let mut frame = b"data: ".to_vec();
    let mut previous = 0;
    for &byte in content {
        match byte {
            b'\n' if previous == b'\r' => {}
            b'\r' | b'\n' => frame.extend_from_slice(b"\ndata: "),
            _ => frame.push(byte),
        }
        previous = byte;
    }
    frame.extend_from_slice(b"\n\n");
    frame
}

#[test]
fn a_program_outside_of_compute_reaches_everybody_with_any_content() -> Result<()> {
    on_app("probe", async |app| {
        reaches_everybody(app, async |content| {
            let message = message(content);
            let items = vec![Item::new(PUBLISH, message.clone()), Item::new(PLAIN, message.unframed())];
            publish(app, items).await
        })
        .await
    })
}

#[test]
fn an_app_on_compute_reaches_everybody_with_any_content() -> Result<()> {
    on_app("probe", async |app| {
        reaches_everybody(app, async |content| {
            let request = app.client().post(app.url("/publish/now")).body(content.to_vec());
            let answer = Answer::of(request).await?;
            ensure!(answer.status == 200, "{answer:?}");
            Ok(())
        })
        .await
    })
}

/// Two clients of each kind, and one for each message in the case of polls.
async fn reaches_everybody(app: &App, publish: impl AsyncFn(&[u8]) -> Result<()>) -> Result<()> {
    let (mut events, mut plain, mut sockets) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..2 {
        events.push(listeners::stream(app, "/publish/sse", "publish").await?);
        plain.push(listeners::stream(app, "/publish/stream", "publish-plain").await?);
        sockets.push(listeners::socket(app).await?);
    }
    listeners::until_polls_are_steady(app).await?;

    let (mut as_events, mut as_they_are) = (START.to_vec(), Vec::new());
    for content in contents() {
        let shown = content[..content.len().min(40)].escape_ascii().to_string();
        let polls = [listeners::poll(app).await?, listeners::poll(app).await?];
        publish(&content).await.with_context(|| shown.clone())?;
        as_events.extend_from_slice(&framed(&content));
        as_they_are.extend_from_slice(&content);

        for poll in polls {
            let answer = poll.await??;
            assert_eq!(
                (answer.status, answer.bytes.escape_ascii().to_string()),
                (200, content.escape_ascii().to_string())
            );
        }
        let expected = match String::from_utf8(content) {
            Ok(text) => Frame::text(text),
            Err(error) => Frame::binary(error.into_bytes()),
        };
        for socket in &mut sockets {
            assert_eq!(socket.hear().await?, expected, "{shown}");
        }
        for (streams, all) in [(&mut events, &as_events), (&mut plain, &as_they_are)] {
            for held in streams.iter_mut() {
                let heard = held.heard(all.len()).await.with_context(|| shown.clone())?;
                assert!(
                    heard == all.as_slice(),
                    "{shown} arrived as {}",
                    heard[heard.len().saturating_sub(60)..].escape_ascii()
                );
            }
        }
    }

    // The end follows the last item, so nothing came twice.
    publish(b"the end").await?;
    as_events.extend_from_slice(b"data: the end\n\n");
    as_they_are.extend_from_slice(b"the end");
    for socket in &mut sockets {
        assert_eq!(socket.hear().await?, Frame::text("the end"));
    }
    for (streams, all) in [(&mut events, &as_events), (&mut plain, &as_they_are)] {
        for held in streams.iter_mut() {
            assert!(held.heard(all.len()).await? == all.as_slice(), "something came twice");
        }
    }
    Ok(())
}

#[test]
fn a_thousand_items_arrive_in_order() -> Result<()> {
    on_app("probe", async |app| {
        let mut events = listeners::stream(app, "/publish/sse", "publish").await?;
        let mut plain = listeners::stream(app, "/publish/stream", "publish-plain").await?;
        let mut socket = listeners::socket(app).await?;
        let texts: Vec<_> = (0..1_000).map(|number| format!("message {number}\n")).collect();
        let items = texts.iter().flat_map(|text| {
            [Item::new(PUBLISH, text.as_str()), Item::new(PLAIN, Message::text(text.as_str()).unframed())]
        });
        publish(app, items.collect()).await?;
        let as_events: Vec<_> = texts.iter().map(|text| framed(text.as_bytes())).collect();
        let as_events = [START, &as_events.concat()].concat();
        let as_they_are = texts.concat();
        assert!(events.heard(as_events.len()).await? == as_events.as_slice());
        assert!(plain.heard(as_they_are.len()).await? == as_they_are.as_bytes());
        for text in texts {
            assert_eq!(socket.hear().await?, Frame::text(text));
        }
        Ok(())
    })
}

/// A chat: the app publishes what one client says, while it answers that client.
///
/// Each client sends one message. All clients receive it before the answer, and Pushpin 1.41 loses an empty message
/// that is sent in between.
#[test]
fn a_message_of_one_client_reaches_all() -> Result<()> {
    on_app("probe", async |app| {
        let messages = [Frame::text("c:{}\r\n"), Frame::binary(vec![0, 0xff]), Frame::text("")];
        let mut sockets = Vec::new();
        for _ in &messages {
            sockets.push(listeners::socket_at(app, "/publish/chat", "publish-chat").await?);
        }
        for (speaker, message) in messages.into_iter().enumerate() {
            sockets[speaker].say(message.clone()).await?;
            for socket in &mut sockets {
                assert_eq!(socket.hear().await?, message);
            }
        }
        Ok(())
    })
}
