//! The connection state: its place, when it is written, and how it survives a change of the app.

use anyhow::Result;
use e2e::on_app;
use tokio_tungstenite::tungstenite::Message;

use super::opening::refusal;
use super::{events, is_closed, open, open_at_the_proxy, says};

#[test]
fn state_goes_on_from_message_to_message() -> Result<()> {
    on_app("probe", async |app| {
        let mut ann = open(app, "/websockets/life/state").await?;
        let mut bob = open(app, "/websockets/life/state").await?;
        for number in 1..=50 {
            ann.say(Message::binary(vec![0; 3])).await?;
            says(&mut ann, "count", format!("{number} {}", number * 3)).await?;
        }
        says(&mut bob, "count", "1 0").await
    })
}

#[test]
fn only_what_has_changed_is_written() -> Result<()> {
    on_app("probe", async |app| {
        let path = "/websockets/life/state";
        let written = async |state: Option<&str>, body: &str| -> Result<Option<String>> {
            let answer = events(app, path, state, body).await?;
            assert_eq!(answer.status, 200, "{answer:?}");
            Ok(answer.headers.get("set-meta-fanout-state").map(|value| value.to_str().unwrap().to_owned()))
        };
        let state = |texts| format!(r#"{{"texts":{texts},"bytes":0}}"#);
        assert_eq!(written(None, "OPEN\r\n").await?, Some(state(0)));
        let count = "TEXT 1\r\na\r\n";
        assert_eq!(written(Some(&state(0)), count).await?, Some(state(1)));
        assert_eq!(written(Some(&state(1)), &count.repeat(3)).await?, Some(state(4)), "it is written once");
        for unchanged in ["", "PING\r\n", "TEXT 4\r\nlook\r\n", "PONG\r\n"] {
            assert_eq!(written(Some(&state(4)), unchanged).await?, None, "{unchanged:?}");
        }
        Ok(())
    })
}

/// 4,000 bytes as JSON, of which two are the quotes.
#[test]
fn state_that_is_too_long_closes_and_is_logged() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open(app, "/websockets/text_only").await?;
        says(&mut socket, "x".repeat(3_998), "3998").await?;
        says(&mut socket, "", "3998").await?;
        says(&mut socket, "x", "3999").await?;
        is_closed(&mut socket, 1011, "internal error").await?;
        let line = "fanout: /websockets/text_only: the connection state has 4001 bytes as JSON, and the limit is 4000";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await
    })
}

/// A cart without items cannot be read, and one whose total is NaN would be read as another.
#[test]
fn state_that_does_not_read_back_closes_and_is_logged() -> Result<()> {
    on_app("probe", async |app| {
        let mut cart = open(app, "/websockets/cart/tea").await?;
        says(&mut cart, "31.245270191439438", "0").await?;
        says(&mut cart, "0.1", "31.245270191439438").await?;
        says(&mut cart, "much", "31.34527019143944").await?;
        is_closed(&mut cart, 1011, "internal error").await?;
        let line = "fanout: /websockets/cart/tea: the connection state cannot be stored: \
                    `probe::websocket::Cart` is not read back as it was written: `total` is `Some` of NaN";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await?;

        let refused = refusal(app, "/websockets/cart/nothing", &[]).await?;
        assert_eq!(refused, (500, "internal error\n".to_owned()));
        let line = "fanout: /websockets/cart/nothing: the connection state cannot be stored: \
                    `probe::websocket::Cart` is not read back as it was written: missing field `items`";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await
    })
}

/// A deployment, as connections see it that stay open.
#[test]
fn state_outlives_the_app_that_wrote_it() -> Result<()> {
    on_app("deployed", async |app| {
        let mut renewed = open_at_the_proxy(app, "/websockets/renewed").await?;
        let mut strict = open_at_the_proxy(app, "/websockets/not_renewed").await?;
        for count in ["1", "2"] {
            says(&mut renewed, "a", count).await?;
            says(&mut strict, "a", count).await?;
        }
        app.restart_viceroy(None)?;
        says(&mut renewed, "a", "3").await?;

        app.restart_viceroy(Some("probe"))?;
        says(&mut renewed, ", and on", "renewed, and on").await?;
        says(&mut renewed, ", and on", "renewed, and on, and on").await?;
        let line = "renewed: the connection state does not deserialize: invalid type: integer `3`, \
                    expected a string at line 1 column 9";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await?;
        strict.say("a").await?;
        is_closed(&mut strict, 1012, "connect again").await?;

        let line = "fanout: /websockets/not_renewed: the connection state does not deserialize";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await?;

        // And back to the first app, which has no `renew`, but a default state.
        app.restart_viceroy(Some("deployed"))?;
        says(&mut renewed, "a", "1").await?;
        let line = "fanout: /websockets/renewed: the connection state does not deserialize: \
                    invalid type: string \"renewed, and on, and on\", expected";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await
    })
}

#[test]
fn state_that_is_not_there_is_stale_too() -> Result<()> {
    on_app("probe", async |app| {
        let answer = events(app, "/websockets/renewed", None, "TEXT 1\r\na\r\n").await?;
        assert!(answer.body.contains("there was nothing"), "{answer:?}");
        Ok(())
    })
}
