//! The events of a connection, and the answer to each.

use anyhow::Result;
use e2e::on_app;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};

use super::{events, is_closed, open, says};

#[test]
fn a_ping_is_answered_by_its_pong_without_a_message() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open(app, "/websockets/life/ping").await?;
        for content in ["", "are you there?"] {
            says(&mut socket, Message::Ping(content.into()), Message::Pong(content.into())).await?;
        }
        says(&mut socket, "a", "1 0").await?;
        let answer = events(app, "/websockets/life/ping", None, "PING 2\r\n\0\u{7f}\r\n").await?;
        assert_eq!((answer.status, answer.body.as_str()), (200, "PONG 2\r\n\0\u{7f}\r\n"));
        Ok(())
    })
}

#[test]
fn a_close_is_answered_by_the_same() -> Result<()> {
    on_app("probe", async |app| {
        for (code, reason) in
            [(1000, ""), (1001, "leaving"), (3000, "a library's"), (3999, ""), (4999, "going home")]
        {
            let mut socket = open(app, "/websockets/life/close").await?;
            let frame = CloseFrame { code: code.into(), reason: reason.into() };
            let last = format!("bye Some({code})");
            says(&mut socket, Message::Close(Some(frame.clone())), Message::text(last)).await?;
            assert_eq!(socket.hear().await?, Message::Close(Some(frame)));
        }
        let mut socket = open(app, "/websockets/life/close").await?;
        says(&mut socket, Message::Close(None), "bye None").await?;
        // The app's answer has none either. The proxy makes 1000 of that.
        let normal = CloseFrame { code: 1000.into(), reason: "".into() };
        assert_eq!(socket.hear().await?, Message::Close(Some(normal)));
        let answer = events(app, "/websockets/text", None, "CLOSE\r\n").await?;
        assert_eq!(answer.body, "CLOSE\r\n");
        Ok(())
    })
}

/// A connection ends with either a close or a disconnect.
#[test]
fn a_disconnect_runs_once() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open(app, "/websockets/life/abrupt").await?;
        says(&mut socket, "a", "1 0").await?;
        drop(socket);
        let line = "life: abrupt is gone after 1 texts";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await?;

        let mut socket = open(app, "/websockets/life/polite").await?;
        says(&mut socket, Message::Close(None), "bye None").await?;
        drop(socket);
        // All events of the closed connection have come before this.
        drop(open(app, "/websockets/life/last").await?);
        let last = "life: last is gone";
        app.logged(last, |viceroy, _| viceroy.contains(last)).await?;
        let log = app.stack().viceroy_log();
        assert_eq!(log.matches("life: polite closes").count(), 1, "{log}");
        assert_eq!(log.matches("life: polite is gone").count(), 0, "{log}");
        assert_eq!(log.matches("life: abrupt").count(), 1, "{log}");
        Ok(())
    })
}

/// The proxy sends what the client says while the app answers, also where the answer is a close.
#[test]
fn messages_after_the_apps_close_run_no_handler() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open(app, "/websockets/life/leaves").await?;
        for _ in 0..100 {
            socket.say("leave").await?;
        }
        is_closed(&mut socket, 1000, "left").await?;
        let line = "life: leaves closes after 1 texts";
        // The client answers the close as it listens on.
        let _ = socket.hear().await;
        app.logged(line, |viceroy, _| viceroy.contains(line)).await
    })
}

/// The batches that the proxy may send in one request, and the answers.
#[test]
fn batches_are_answered_event_for_event() -> Result<()> {
    on_app("probe", async |app| {
        let state = r#"{"texts":1,"bytes":0}"#;
        for (sent, status, answered) in [
            // A keep-alive.
            ("", 200, ""),
            (
                "TEXT 1\r\na\r\nBINARY 2\r\nab\r\nTEXT 0\r\n\r\n",
                200,
                "TEXT 5\r\nm:2 0\r\nTEXT 5\r\nm:3 2\r\n",
            ),
            ("PONG\r\nCOMES 1\r\nx\r\nPING\r\n", 200, "PONG 0\r\n\r\n"),
            // Events after a close are ignored.
            (
                "TEXT 1\r\na\r\nCLOSE 2\r\n\u{f}\u{7f}\r\nTEXT 1\r\nb\r\n",
                200,
                "TEXT 5\r\nm:2 0\r\nTEXT 10\r\nm:bye Some(3967)\r\nCLOSE 2\r\n\u{f}\u{7f}\r\n",
            ),
            ("DISCONNECT\r\n", 200, ""),
            ("TEXT 1\r\na\r\nDISCONNECT\r\n", 200, ""),
            (
                "TEXT 1\r\na\r\nTEXT 5\r\nab",
                400,
                "not WebSocket events: an event's content is shorter than its length (at byte 19)\n",
            ),
            (
                "TEXT 1\r\na\r\nTEXT x\r\n",
                400,
                "not WebSocket events: an event's length is not a hexadecimal number (at byte 16)\n",
            ),
        ] {
            let answer = events(app, "/websockets/life/batch", Some(state), sent).await?;
            assert_eq!((answer.status, answer.body.as_str()), (status, answered), "to {sent:?}");
            if status == 200 {
                assert_eq!(answer.header("content-type"), "application/websocket-events");
            }
        }
        Ok(())
    })
}
