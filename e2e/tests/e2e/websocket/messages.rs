//! The types of messages, and of return values.

use anyhow::Result;
use e2e::on_app;
use tokio_tungstenite::tungstenite::Message;

use super::{is_closed, open, says};

#[test]
fn each_parameter_takes_its_kind() -> Result<()> {
    on_app("probe", async |app| {
        says(&mut open(app, "/websockets/text").await?, "héllo", "HÉLLO").await?;
        let bytes = Message::binary(vec![3, 2, 0xff]);
        says(&mut open(app, "/websockets/binary").await?, vec![0xff, 2, 3], bytes).await?;
        let mut both = open(app, "/websockets/both").await?;
        for message in [Message::text("a"), Message::binary(vec![0])] {
            says(&mut both, message.clone(), message.clone()).await?;
            assert_eq!(both.hear().await?, message);
        }
        let mut json = open(app, "/websockets/json").await?;
        says(&mut json, r#" {"y": 2, "x": 1} "#, r#"{"x":2,"y":1}"#).await?;
        let mut lenient = open(app, "/websockets/lenient").await?;
        says(&mut lenient, r#"{"y": 2, "x": 1}"#, r#"{"Ok":{"x":1,"y":2}}"#).await?;
        let wrong = r#"{"Err":"not the JSON of this endpoint: missing field `y` at line 1 column 8"}"#;
        says(&mut lenient, r#"{"x": 1}"#, wrong).await?;
        says(&mut lenient, vec![1], r#"{"Err":"text messages only"}"#).await
    })
}

/// The body of the request is the events, which have been read.
#[test]
fn a_handler_of_messages_can_take_the_request() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open(app, "/websockets/with_request").await?;
        says(&mut socket, "hello", "hello by POST with []").await?;
        says(&mut socket, "again", "again by POST with []").await
    })
}

#[test]
fn a_message_that_no_parameter_takes_closes() -> Result<()> {
    on_app("probe", async |app| {
        let bytes = || Message::binary(vec![1]);
        for (path, message, code, reason) in [
            ("text", bytes(), 1003, "text messages only"),
            ("json", bytes(), 1003, "text messages only"),
            ("text_only", bytes(), 1003, "text messages only"),
            ("binary", Message::text("a"), 1003, "binary messages only"),
            (
                "json",
                Message::text(r#"{"x": 1,}"#),
                1007,
                "not the JSON of this endpoint: trailing comma at line 1 column 9",
            ),
            (
                "json",
                Message::text(r#"{"x": 1, "y": 300}"#),
                1007,
                "not the JSON of this endpoint: invalid value: integer `300`, expected u8 at line 1 column 17",
            ),
            ("strict", Message::text("01234567890"), 1009, "a message has at most 10 bytes"),
            ("refuses", Message::text("Mallory"), 1008, "Mallory is not welcome"),
        ] {
            let mut socket = open(app, &format!("/websockets/{path}")).await?;
            socket.say(message).await?;
            is_closed(&mut socket, code, reason).await?;
        }
        let mut socket = open(app, "/websockets/strict").await?;
        says(&mut socket, "0123456789", "0123456789").await
    })
}

/// The client gets the short reason, and the log all of it.
#[test]
fn an_error_closes_and_is_logged() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open(app, "/websockets/fails").await?;
        says(&mut socket, "fine", "fine").await?;
        for message in ["before", "fail", "after"] {
            socket.say(message).await?;
        }
        assert_eq!(socket.hear().await?, Message::text("before"));
        is_closed(&mut socket, 1011, "internal error").await?;
        let line = "fanout: /websockets/fails: the probe has failed as it was told to";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await
    })
}

#[test]
fn everything_that_is_returned_is_sent() -> Result<()> {
    on_app("probe", async |app| {
        let mut words = open(app, "/websockets/words").await?;
        words.say("one two three").await?;
        for word in ["one", "two", "three"] {
            assert_eq!(words.hear().await?, Message::text(word));
        }
        let mut option = open(app, "/websockets/option").await?;
        option.say("nothing").await?;
        option.say("0").await?;
        says(&mut option, "2", "0").await?;
        assert_eq!(option.hear().await?, Message::text("1"));
        Ok(())
    })
}

#[test]
fn a_reply_subscribes_delays_and_closes() -> Result<()> {
    on_app("probe", async |app| {
        let path = "/websockets/reply";
        let mut socket = open(app, path).await?;
        says(&mut socket, "subscribe one", "done").await?;
        app.subscribed(path, "one").await?;
        app.publish("one", "to one").await?;
        assert_eq!(socket.hear().await?, Message::text("to one"));
        says(&mut socket, "unsubscribe one", "done").await?;
        says(&mut socket, "subscribe two", "done").await?;
        app.subscribed(path, "two").await?;
        app.publish("one", "to nobody").await?;
        app.publish("two", "to two").await?;
        assert_eq!(socket.hear().await?, Message::text("to two"));
        says(&mut socket, "delay", "done").await?;
        assert_eq!(socket.hear().await?, Message::text("delayed"));
        says(&mut socket, "close", "done").await?;
        is_closed(&mut socket, 4321, "as you wish").await
    })
}
