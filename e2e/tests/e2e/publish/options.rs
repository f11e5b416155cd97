//! Every option of a message and of an item, as the proxy carries it out.

use anyhow::Result;
use e2e::{App, AppRequest, Held, media_type, on_app, on_app_with, trace_hostcalls};
use fanout::grip::Filter;
use fanout::http::{HeaderValue, StatusCode, header};
use fanout::publish::{HttpResponse, HttpStream, Item, Message, WsMessage};
use fanout::websocket::CloseCode;
use fanout::{Channel, Event};
use tokio_tungstenite::tungstenite::protocol::Message as Frame;

use cargo_fanout::stack::Version;

use super::{listeners, publish};

const PUBLISH: Channel = Channel::from_static("publish");
const PLAIN: Channel = Channel::from_static("publish-plain");

async fn say(app: &App, message: impl Into<Message>) -> Result<()> {
    publish(app, vec![Item::new(PUBLISH, message)]).await
}

async fn sse(app: &App) -> Result<Held> {
    listeners::stream(app, "/publish/sse", "publish").await
}

async fn plain(app: &App) -> Result<Held> {
    listeners::stream(app, "/publish/stream", "publish-plain").await
}

/// A text to a plain stream. When it arrives, all items before it have arrived.
fn line(text: &str) -> Item {
    Item::new(PLAIN, Message::text(text).unframed())
}

#[test]
fn an_event_json_and_a_response_arrive_as_published() -> Result<()> {
    on_app("probe", async |app| {
        let mut events = sse(app).await?;
        let mut socket = listeners::socket(app).await?;
        listeners::until_polls_are_steady(app).await?;

        let poll = listeners::poll(app).await?;
        say(app, Event::data("a\nb").event("news")?.id("7")?).await?;
        assert_eq!(poll.await??.body, "a\nb");
        assert_eq!(socket.hear().await?, Frame::text("a\nb"));
        assert_eq!(events.heard_until("b\n\n").await?, "event: news\nid: 7\ndata: a\ndata: b\n\n");

        let poll = listeners::poll(app).await?;
        say(app, Message::json(&("é", 1.5, None::<()>))?).await?;
        let answer = poll.await??;
        assert_eq!(
            (answer.body.as_str(), answer.header("content-type")),
            (r#"["é",1.5,null]"#, "application/json")
        );
        assert_eq!(socket.hear().await?, Frame::text(r#"["é",1.5,null]"#));
        let heard = events.heard_until("null]\n\n").await?;
        assert!(heard.ends_with("\n\ndata: [\"é\",1.5,null]\n\n"), "{heard}");

        let poll = listeners::poll(app).await?;
        let response = HttpResponse::new(b"\xff")
            .status(StatusCode::GONE)
            .reason("Over and out")
            .header(header::ETAG, HeaderValue::from_static("\"7\""));
        say(app, Message::new().http_response(response)).await?;
        let answer = poll.await??;
        assert_eq!((answer.status, answer.bytes.as_slice()), (410, &b"\xff"[..]));
        assert_eq!(answer.reason.as_deref(), Some("Over and out"));
        assert_eq!((answer.header("etag"), media_type(&answer.headers)), ("\"7\"", "text/plain"));
        Ok(())
    })
}

#[test]
fn clients_of_a_missing_format_receive_nothing() -> Result<()> {
    on_app("probe", async |app| {
        let mut events = sse(app).await?;
        let mut socket = listeners::socket(app).await?;
        listeners::until_polls_are_steady(app).await?;
        let poll = listeners::poll(app).await?;
        say(app, Message::text("not for polls").without_http_response()).await?;
        say(app, Message::text("not for streams").without_http_stream().without_http_response()).await?;
        say(app, Message::text("not for sockets").without_ws_message()).await?;
        say(app, Message::new().ws_message(WsMessage::binary("bytes"))).await?;
        assert_eq!(poll.await??.body, "not for sockets");
        assert_eq!(socket.hear().await?, Frame::text("not for polls"));
        assert_eq!(socket.hear().await?, Frame::text("not for streams"));
        assert_eq!(socket.hear().await?, Frame::binary("bytes"));
        let heard = events.heard_until("sockets\n\n").await?;
        assert_eq!(heard, "data: not for polls\n\ndata: not for sockets\n\n");
        Ok(())
    })
}

#[test]
fn pings_and_pongs_are_what_they_are() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = listeners::socket(app).await?;
        say(app, Message::new().ws_message(WsMessage::ping("x".repeat(125)))).await?;
        assert_eq!(socket.hear().await?, Frame::Ping("x".repeat(125).into()));
        say(app, Message::new().ws_message(WsMessage::pong(b"\xff"))).await?;
        assert_eq!(socket.hear().await?, Frame::Pong(b"\xff".to_vec().into()));
        Ok(())
    })
}

#[test]
fn a_refresh_makes_the_proxy_ask_the_app() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let mut socket = listeners::socket(app).await?;
        let refreshed = say(app, Message::new().ws_message(WsMessage::refresh())).await;
        if Version::of(&app.stack().config().pushpin)? >= (Version { major: 1, minor: 37 }) {
            refreshed?;
            let asked = |viceroy: &str, _: &str| {
                let all = AppRequest::all(viceroy);
                let asked = all.iter().filter(|one| one.request.contains("/publish/ws") && one.completed);
                // The client request, the opening, and one more.
                asked.count() == 3
            };
            app.logged("a request of the proxy's own", asked).await?;
        } else {
            let error = refreshed.unwrap_err().to_string();
            assert!(error.contains("it answered 400: "), "{error}");
        }
        // The app answers the refresh without events, and the connection stays open.
        say(app, "still there").await?;
        assert_eq!(socket.hear().await?, Frame::text("still there"));
        Ok(())
    })
}

#[test]
fn closing_ends_streams_and_sockets_with_code_and_reason() -> Result<()> {
    on_app("probe", async |app| {
        let long = "x".repeat(123);
        let told = [(1000, ""), (3000, "taken"), (3999, ""), (4999, "the match is over"), (1013, &*long)];
        // Without 1014, which this client takes for an error of the protocol.
        let bare = [1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 4000];
        for (code, reason) in told.into_iter().chain(bare.map(|code| (code, ""))) {
            let events = sse(app).await?;
            let mut socket = listeners::socket(app).await?;
            say(app, "last words").await?;
            say(app, Message::close(CloseCode::new(code)?, reason)).await?;
            assert_eq!(socket.hear().await?, Frame::text("last words"));
            let Frame::Close(Some(frame)) = socket.hear().await? else { panic!("no close") };
            assert_eq!((u16::from(frame.code), frame.reason.as_str()), (code, reason));
            assert_eq!(events.heard_to_its_end().await?, ":\n\ndata: last words\n\n");
        }
        Ok(())
    })
}

#[test]
fn a_hint_makes_the_proxy_ask_the_app() -> Result<()> {
    on_app("probe", async |app| {
        let mut asks = listeners::stream(app, "/publish/asks", "publish-asks").await?;
        publish(app, vec![Item::new(Channel::from_static("publish-asks"), Message::hint())]).await?;
        assert_eq!(asks.heard_until("asked\n").await?, "asked\n");
        Ok(())
    })
}

#[test]
fn a_hint_makes_the_proxy_ask_again_for_a_poll() -> Result<()> {
    on_app("probe", async |app| {
        listeners::until_polls_are_steady(app).await?;
        let (path, poll) = listeners::named_poll(app).await?;
        say(app, Message::hint()).await?;
        listeners::asked_again(app, &path).await?;
        say(app, "the answer").await?;
        assert_eq!(poll.await??.body, "the answer");
        Ok(())
    })
}

#[test]
fn an_item_with_a_known_id_is_dropped() -> Result<()> {
    on_app("probe", async |app| {
        let mut stream = plain(app).await?;
        for _ in 0..3 {
            publish(app, vec![line("once.").id("1")]).await?;
        }
        publish(app, vec![line("end\n")]).await?;
        assert_eq!(stream.heard_until("end\n").await?, "once.end\n");
        Ok(())
    })
}

#[test]
fn a_message_waits_for_the_one_before_it_unless_it_may_not() -> Result<()> {
    on_app("probe", async |app| {
        let mut stream = plain(app).await?;
        let items = [
            line("1").id("1"),
            line("3").id("3").prev_id("2"),
            line("now").no_seq().id("x").prev_id("2"),
            line("2").id("2").prev_id("1"),
            line("end\n").id("4").prev_id("3"),
        ];
        publish(app, items.into()).await?;
        assert_eq!(stream.heard_until("end\n").await?, "1now23end\n");
        Ok(())
    })
}

#[test]
fn a_percent_is_written_twice_where_names_are_replaced() -> Result<()> {
    const ANN: Channel = Channel::from_static("publish-ann");
    on_app("probe", async |app| {
        let mut stream = listeners::stream(app, "/publish/ann", "publish-ann").await?;
        let texts = ["100%% of %(user)s.", "100% of it.", "end\n"];
        publish(app, texts.map(|text| Item::new(ANN, Message::text(text).unframed())).into()).await?;
        if Version::of(&app.stack().config().pushpin)? >= (Version { major: 1, minor: 37 }) {
            assert_eq!(stream.heard_until("end\n").await?, "100% of ann.end\n");
        } else {
            assert_eq!(stream.heard_to_its_end().await?, "100% of ann.");
        }
        Ok(())
    })
}

#[test]
fn an_id_is_put_in_where_a_content_has_a_place_for_it() -> Result<()> {
    const IDS: Channel = Channel::from_static("publish-ids");
    on_app("probe", async |app| {
        let mut stream = listeners::stream(app, "/publish/ids", "publish-ids").await?;
        let texts = ["%I, ", "%(7)I, 100%%, ", "end\n"];
        publish(app, texts.map(|text| Item::new(IDS, Message::text(text).unframed())).into()).await?;
        assert_eq!(stream.heard_until("end\n").await?, "616263, 37, 100%, end\n");
        Ok(())
    })
}

#[test]
fn an_unknown_filter_changes_nothing() -> Result<()> {
    const CHECKED: Channel = Channel::from_static("publish-checked");
    on_app("probe", async |app| {
        let mut stream = listeners::stream(app, "/publish/checked", "publish-checked").await?;
        publish(app, vec![Item::new(CHECKED, Message::text("nobody was asked\n").unframed())]).await?;
        assert_eq!(stream.heard_until("asked\n").await?, "nobody was asked\n");
        Ok(())
    })
}

#[test]
fn filters_compare_what_an_item_says() -> Result<()> {
    const ANN: Channel = Channel::from_static("publish-ann");
    on_app("probe", async |app| {
        let mut stream = listeners::stream(app, "/publish/ann", "publish-ann").await?;
        let text = |text: &str| Message::text(text).unframed();
        let filtered =
            |filters: &[Filter]| Message::new().http_stream(HttpStream::send("f").content_filters(filters));
        let mut items = vec![
            Item::new(ANN, text("from ann")).meta("sender", "ann"),
            Item::new(ANN, text("not for ann")).meta("skip_users", "bob,ann"),
            Item::new(ANN, text("for others")).meta("require_sub", "publish-bob"),
            Item::new(ANN, text("for ann: ")).meta("skip_users", "bob").meta("require_sub", "publish-ann"),
            Item::new(ANN, text("hello %(user)s.")).meta("sender", "bob"),
            Item::new(ANN, filtered(&[Filter::VarSubst])),
        ];
        if Version::of(&app.stack().config().pushpin)? >= (Version { major: 1, minor: 37 }) {
            items.push(Item::new(ANN, filtered(&[])));
        }
        items.push(Item::new(ANN, text("end\n")));
        publish(app, items).await?;
        assert_eq!(stream.heard_until("end\n").await?, "for ann: hello ann.fend\n");
        Ok(())
    })
}
