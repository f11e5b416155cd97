//! The WebSocket `/ws`, which echoes messages and receives what is published.

use anyhow::{Context as _, Result};
use e2e::{App, Socket, grip_headers, on_stack, on_stack_with};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};

#[test]
fn messages_come_back_in_order() -> Result<()> {
    on_stack(messages_come_back)
}

/// Production may have Pushpin's own buffers.
#[test]
fn messages_come_back_in_order_on_default_buffers() -> Result<()> {
    on_stack_with(|config| config.small_buffers = true, messages_come_back)
}

async fn messages_come_back(app: &App) -> Result<()> {
    let mut socket = app.connect("/ws").await?;
    // One at a time: Pushpin 1.41 loses an empty message that comes while the app answers the one before.
    for empty in [Message::text(""), Message::binary(vec![])] {
        socket.say(empty.clone()).await?;
        assert_eq!(socket.hear().await?, empty);
    }
    let messages = [
        Message::text("hello"),
        Message::binary(vec![0, 1, 0xfe, 0xff]),
        Message::text("naïve \u{1f980}, \0, \r\n"),
        Message::text("\u{feff}a byte order mark"),
        Message::text("m:not ours"),
        Message::text(letters(15_000)),
        Message::binary(bytes(15_000)),
        Message::text("bye"),
    ];
    for message in &messages {
        socket.say(message.clone()).await?;
    }
    for message in messages {
        assert_eq!(socket.hear().await?, message);
    }
    Ok(())
}

#[test]
fn a_burst_of_messages_comes_back_in_order() -> Result<()> {
    on_stack(async |app| {
        let mut socket = app.connect("/ws").await?;
        for number in 0..200 {
            socket.say(format!("message {number}")).await?;
        }
        for number in 0..200 {
            assert_eq!(socket.hear().await?, Message::text(format!("message {number}")));
        }
        Ok(())
    })
}

/// Pushpin collects a client's message in a buffer of 200,000 bytes that no setting changes, and ends the connection
/// when an incomplete message fills it. 1.36 counts the message before too, so half of the buffer always works.
#[test]
fn large_messages_come_back() -> Result<()> {
    on_stack(async |app| {
        let mut socket = app.connect("/ws").await?;
        for size in [16_384, 16_385, 65_536, 99_999, 99_999] {
            comes_back(&mut socket, Message::text(letters(size))).await?;
            comes_back(&mut socket, Message::binary(bytes(size))).await?;
        }
        comes_back(&mut app.connect("/ws").await?, Message::text(letters(199_999))).await?;
        comes_back(&mut app.connect("/ws").await?, Message::binary(bytes(199_999))).await
    })
}

async fn comes_back(socket: &mut Socket, message: Message) -> Result<()> {
    socket.say(message.clone()).await?;
    let heard = socket.hear().await.with_context(|| format!("at {} bytes", message.len()))?;
    same(heard, message);
    Ok(())
}

#[test]
fn two_clients_receive_what_is_published_between_their_echoes() -> Result<()> {
    on_stack(async |app| {
        let mut sockets = [app.connect("/ws").await?, app.connect("/ws").await?];
        app.publish("tests", "not for you").await?;
        app.publish("test", "one").await?;
        app.publish("test", "two").await?;
        for socket in &mut sockets {
            assert_eq!(socket.hear().await?, Message::text("one"));
            assert_eq!(socket.hear().await?, Message::text("two"));
            socket.say("three").await?;
            assert_eq!(socket.hear().await?, Message::text("three"));
        }
        Ok(())
    })
}

#[test]
fn a_large_message_is_published_to_all() -> Result<()> {
    on_stack(async |app| {
        let text = letters(900_000);
        let poll = app.poll("/response").await?;
        let mut socket = app.connect("/ws").await?;
        let mut stream = app.hold("/sse").await?;
        app.publish("test", &text).await?;
        same(socket.hear().await?, Message::text(text.clone()));
        let event = format!("data: {text}\n\n");
        assert!(stream.heard_until(&event[event.len() - 32..]).await? == event);
        assert!(poll.answer().await?.body == format!("{text}\n"));
        Ok(())
    })
}

#[test]
fn binary_is_published_as_binary() -> Result<()> {
    on_stack(async |app| {
        let mut socket = app.connect("/ws").await?;
        let message = serde_json::json!({"type": "binary", "content-bin": "AAH+/w=="});
        app.publish_formats("test", serde_json::json!({"ws-message": message})).await?;
        assert_eq!(socket.hear().await?, Message::binary(vec![0, 1, 0xfe, 0xff]));
        Ok(())
    })
}

#[test]
fn a_ping_gets_its_pong() -> Result<()> {
    on_stack(async |app| {
        let mut socket = app.connect("/ws").await?;
        socket.say(Message::Ping("are you there?".into())).await?;
        assert_eq!(socket.hear().await?, Message::Pong("are you there?".into()));
        socket.say("yes").await?;
        assert_eq!(socket.hear().await?, Message::text("yes"));
        Ok(())
    })
}

#[test]
fn a_closing_comes_back_with_its_code_and_reason() -> Result<()> {
    on_stack(async |app| {
        for frame in [
            CloseFrame { code: CloseCode::Normal, reason: "".into() },
            CloseFrame { code: CloseCode::Library(4001), reason: "going home".into() },
        ] {
            let mut socket = app.connect("/ws").await?;
            assert_eq!(socket.close(frame.clone()).await?, Some(frame));
        }
        Ok(())
    })
}

#[test]
fn messages_before_a_close_come_back_before_it() -> Result<()> {
    on_stack(async |app| {
        let mut socket = app.connect("/ws").await?;
        socket.say("last words").await?;
        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        socket.say(Message::Close(Some(frame.clone()))).await?;
        assert_eq!(socket.hear().await?, Message::text("last words"));
        assert_eq!(socket.hear().await?, Message::Close(Some(frame)));
        Ok(())
    })
}

#[test]
fn the_opening_shows_nothing_of_grip() -> Result<()> {
    on_stack(async |app| {
        let socket = Socket::open(&app.url("/ws").replacen("http", "ws", 1)).await?;
        let head = &socket.response;
        assert_eq!(head.status(), 101);
        assert_eq!(grip_headers(head.headers()), [""; 0], "of {head:?}");
        Ok(())
    })
}

/// Letters that tell which part of a long message is missing or doubled.
fn letters(size: usize) -> String {
    (0..size / 8 + 1).map(|number| format!("{number:07} ")).collect::<String>()[..size].into()
}

fn bytes(size: usize) -> Vec<u8> {
    (0..size).map(|number| (number % 251) as u8).collect()
}

/// Like `assert_eq`, for messages too long to be shown.
fn same(heard: Message, said: Message) {
    assert_eq!((heard.is_text(), heard.len()), (said.is_text(), said.len()));
    assert!(heard == said, "the message came back with other content");
}
