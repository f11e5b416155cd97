//! The example of a chat: with real clients, in two windows of a real browser, and with a room full of clients.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use e2e::{App, Browser, Socket, on_app, on_app_within, tool};
use futures_util::future::{Either, select};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// A client enters a room, and is subscribed.
async fn enter(app: &App, room: &str, nickname: &str) -> Result<Socket> {
    let path = format!("/rooms/{room}?nickname={nickname}");
    let socket = Socket::open(&app.url(&path).replacen("http", "ws", 1)).await?;
    app.subscribed(&path, &format!("room-{room}")).await?;
    Ok(socket)
}

async fn hear(socket: &mut Socket) -> Result<Value> {
    Ok(serde_json::from_str(socket.hear().await?.to_text()?)?)
}

#[test]
fn a_room_receives_joins_messages_and_leaves() -> Result<()> {
    on_app("chat", async |app| {
        let mut ann = enter(app, "one", "ann").await?;
        let mut elsewhere = enter(app, "two", "eve").await?;
        let mut bob = enter(app, "one", "bob").await?;
        assert_eq!(hear(&mut ann).await?, json!({"type": "joined", "nickname": "bob"}));
        ann.say("hello").await?;
        bob.say("/nick Robert").await?;
        for socket in [&mut ann, &mut bob] {
            let heard = [hear(socket).await?, hear(socket).await?];
            for one in [
                json!({"type": "said", "nickname": "ann", "text": "hello"}),
                json!({"type": "renamed", "nickname": "bob", "to": "Robert"}),
            ] {
                assert!(heard.contains(&one), "{heard:?}");
            }
        }
        bob.say("/nick an extraordinarily long one").await?;
        assert_eq!(bob.hear().await?, Message::text("a nickname has 1 to 20 characters"));
        bob.say("\"</script>").await?;
        let said = json!({"type": "said", "nickname": "Robert", "text": "\"</script>"});
        assert_eq!(hear(&mut bob).await?, said);
        assert_eq!(hear(&mut ann).await?, said);

        // One client closes, the other breaks off.
        let frame = CloseFrame { code: 1000.into(), reason: "".into() };
        let mut carol = enter(app, "one", "carol").await?;
        assert_eq!(hear(&mut ann).await?["type"], "joined");
        assert_eq!(hear(&mut bob).await?["type"], "joined");
        carol.say(Message::Close(Some(frame))).await?;
        assert_eq!(hear(&mut ann).await?, json!({"type": "left", "nickname": "carol"}));
        drop(bob);
        assert_eq!(hear(&mut ann).await?, json!({"type": "left", "nickname": "Robert"}));

        elsewhere.say("alone?").await?;
        assert_eq!(hear(&mut elsewhere).await?["text"], "alone?");
        Ok(())
    })
}

#[test]
fn a_client_without_a_nickname_is_refused() -> Result<()> {
    on_app("chat", async |app| {
        for query in ["", "?nickname=", "?nickname=%20", "?nickname=an+extraordinarily+long+one"] {
            let url = app.url(&format!("/rooms/one{query}")).replacen("http", "ws", 1);
            let refused = Socket::open(&url).await.expect_err("it opened");
            assert!(format!("{refused:#}").contains("400"), "{refused:#}");
        }
        Ok(())
    })
}

#[test]
fn two_windows_talk() -> Result<()> {
    let Some(driver) = tool("FANOUT_CHROMEDRIVER", "chromedriver")? else { return Ok(()) };
    let Some(chromium) = tool("FANOUT_CHROMIUM", "chromium")? else { return Ok(()) };
    on_app("chat", async |app| {
        let ann = Browser::start(&driver, &chromium).await?;
        let bob = Browser::start(&driver, &chromium).await?;
        for (page, nickname) in [(&ann, "ann"), (&bob, "bob")] {
            page.open(&app.url("/")).await?;
            page.run(&format!("nickname.value = '{nickname}'; enter.requestSubmit()")).await?;
            app.subscribed(&format!("/rooms/lobby?nickname={nickname}"), "room-lobby").await?;
        }
        assert_eq!(lines(&ann, 2).await?, json!(["You are in lobby", "bob is here"]));
        say(&ann, "<b>hello</b>, Bob").await?;
        assert_eq!(lines(&bob, 2).await?, json!(["You are in lobby", "ann: <b>hello</b>, Bob"]));
        say(&bob, "/nick Robert").await?;
        assert_eq!(lines(&ann, 4).await?[3], "bob is Robert now");
        say(&bob, "hello, Ann").await?;
        assert_eq!(lines(&ann, 5).await?[4], "Robert: hello, Ann");
        assert_eq!(lines(&bob, 4).await?[3], "Robert: hello, Ann");
        bob.run("socket.close(1000)").await?;
        assert_eq!(lines(&ann, 6).await?[5], "Robert has left");
        assert_eq!(lines(&bob, 5).await?[4], "The connection has ended (1000)");
        Ok(())
    })
}

async fn say(page: &Browser, said: &str) -> Result<()> {
    page.run(&format!("text.value = {}; say.requestSubmit()", json!(said))).await
}

/// The lines that the page shows, once there are `count`.
async fn lines(page: &Browser, count: usize) -> Result<Value> {
    page.ask(&format!(
        "const done = arguments[0];
         const look = () => heard.children.length >= {count}
             ? done([...heard.children].map(line => line.textContent)) : setTimeout(look, 5);
         look();"
    ))
    .await
}

#[test]
fn a_full_room_receives_everything_in_order() -> Result<()> {
    is_full(50)
}

/// Pushpin delivers 200,000 messages.
#[test]
#[ignore = "it takes the whole machine: `cargo xtask test room` runs it alone"]
fn a_room_of_100_receives_everything_in_order() -> Result<()> {
    is_full(100)
}

/// The time limit of a full room: several times what a room of 100 takes with Pushpin 1.41 on two cores.
const FULL: Duration = Duration::from_secs(400);

/// The number of messages that each client sends.
const SAID: usize = 20;

/// All clients of a room receive every message, in the order in which each client sent them, and still do after a
/// restart of the app.
fn is_full(count: usize) -> Result<()> {
    let unlimited = |config: &mut cargo_fanout::stack::Config| config.message_rate = 0;
    on_app_within(FULL, "chat", unlimited, async |app| {
        let began = std::time::Instant::now();
        let mut clients = Vec::new();
        for number in 0..count {
            clients.push(at_the_proxy(app, "full", &number.to_string()).await?);
        }
        let all = |_: &str, pushpin: &str| {
            let subscribed = |line: &&str| line.contains(" subscribe ") && line.contains("channel=room-full");
            pushpin.lines().filter(subscribed).count() == count
        };
        app.logged("every subscription", all).await?;

        let clients = all_talk(clients, SAID).await?;
        // All clients are still connected, with their nicknames.
        app.restart_viceroy(None)?;
        all_talk(clients, 1).await?;
        println!("all of it took {:?}", began.elapsed());
        ensure!(!app.stack().pushpin_log().contains("dropping message"), "Pushpin has dropped messages");
        Ok(())
    })
}

async fn at_the_proxy(app: &App, room: &str, nickname: &str) -> Result<Socket> {
    let url = app.stack().proxy_url().replacen("http", "ws", 1);
    let mut request = format!("{url}/rooms/{room}?nickname={nickname}").into_client_request()?;
    request.headers_mut().insert("pushpin-route", "self".parse()?);
    Socket::open(request).await
}

/// Lets each client send `said` messages. A few clients send at a time, so that the load stays within Pushpin's own
/// limits on a busy machine too: 100 requests to the app, and 25,000 messages to deliver.
async fn all_talk(clients: Vec<Socket>, said: usize) -> Result<Vec<Socket>> {
    let turns = Arc::new(Semaphore::new(25));
    let all = clients.len();
    let talk = |(own, socket)| tokio::spawn(talk(socket, own, all, said, Arc::clone(&turns)));
    let talking: Vec<_> = clients.into_iter().enumerate().map(talk).collect();
    let mut clients = Vec::new();
    for client in talking {
        clients.push(client.await??);
    }
    Ok(clients)
}

/// Sends `said` messages, each after the one before has come back, and checks that all messages of all clients arrive:
/// each client's in order, none twice, none missing.
async fn talk(
    mut socket: Socket,
    own: usize,
    all: usize,
    said: usize,
    turns: Arc<Semaphore>,
) -> Result<Socket> {
    let mut heard = vec![0; all];
    let mut turn = None;
    while heard.iter().sum::<usize>() < all * said {
        let message = if turn.is_none() && heard[own] < said {
            match select(pin!(turns.acquire()), pin!(socket.hear())).await {
                Either::Left((permit, _)) => {
                    turn = Some(permit?);
                    None
                }
                Either::Right((message, _)) => Some(message?),
            }
        } else {
            Some(socket.hear().await?)
        };
        let Some(message) = message else {
            socket.say(heard[own].to_string()).await?;
            continue;
        };
        let message = message.to_text()?;
        // Parsing all messages as JSON would take longer than the rest of the test.
        let Some(words) = message.strip_prefix(r#"{"type":"said","nickname":""#) else {
            continue;
        };
        let (nickname, text) = words.split_once(r#"","text":""#).context("it says nothing")?;
        let who = nickname.parse::<usize>()?;
        let next = &mut heard[who];
        ensure!(text == format!("{next}\"}}"), "{message} came in place of {next}");
        *next += 1;
        if who == own {
            turn = None;
        }
    }
    ensure!(heard == vec![said; all], "{heard:?}");
    // Once the pong comes, the app has answered all messages before. A client that ends earlier makes the proxy try
    // again.
    let _turn = turns.acquire().await?;
    socket.say(Message::Ping("done".into())).await?;
    while !matches!(socket.hear().await?, Message::Pong(_)) {}
    Ok(socket)
}
