//! The example of a chat: with real clients, in two windows of a real browser, and with a room full of clients.

use std::collections::{BTreeSet, HashSet};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cargo_fanout::stack::Config;
use e2e::{App, Browser, Socket, on_app, on_app_within, tool};
use futures_util::future::{Either, select};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::websocket::open_at_the_proxy;

fn on_chat(test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    on_app("chat", test)
}

/// A client enters a room, and is subscribed.
async fn enter(app: &App, room: &str, nickname: &str) -> Result<Socket> {
    let path = format!("/rooms/{room}?nickname={nickname}");
    let socket = Socket::open(&app.url(&path).replacen("http", "ws", 1)).await?;
    app.subscribed(&path, &format!("room-{room}")).await?;
    Ok(socket)
}

/// The next message, without the ids of what was said.
async fn hear(socket: &mut Socket) -> Result<Value> {
    let mut heard = socket.hear_json().await?;
    if heard["type"] == "said" {
        for id in ["id", "prev"] {
            let id = heard.as_object_mut().and_then(|heard| heard.remove(id));
            ensure!(id.is_some_and(|id| id.is_string()), "an id is missing");
        }
    }
    Ok(heard)
}

/// A client that keeps what was said, as the page does.
struct Follower {
    socket: Socket,
    last: String,
    ids: BTreeSet<String>,
    texts: Vec<String>,
}

impl Follower {
    /// Enters with the last id that the client has, or an empty one.
    async fn enter(app: &App, nickname: &str, last: &str) -> Result<Self> {
        let socket = enter(app, "one", nickname).await?;
        let mut follower = Self { socket, last: last.to_owned(), ids: BTreeSet::new(), texts: Vec::new() };
        follower.catch_up().await?;
        Ok(follower)
    }

    /// Sends `/since`, and takes the answer and what has come before it.
    async fn catch_up(&mut self) -> Result<()> {
        self.socket.say(format!("/since {}", self.last)).await?;
        let mut aside = Vec::new();
        let missed = loop {
            let heard = self.socket.hear_json().await?;
            match heard["type"].as_str() {
                Some("missed") => break heard,
                Some("said") => aside.push(heard),
                _ => {}
            }
        };
        ensure!(missed["incomplete"] == false, "{missed}");
        let said = missed["said"].as_array().context("it is a list")?;
        for said in said {
            self.add(said)?;
        }
        ensure!(missed["last"] == self.last.as_str() || said.is_empty(), "{missed}");
        self.last = missed["last"].as_str().context("it is an id")?.to_owned();
        for heard in aside {
            self.take(&heard)?;
        }
        Ok(())
    }

    fn add(&mut self, said: &Value) -> Result<()> {
        self.last = said["id"].as_str().context("it is an id")?.to_owned();
        ensure!(self.ids.insert(self.last.clone()), "{said} comes twice");
        self.texts.push(said["text"].to_string());
        Ok(())
    }

    /// Takes a message, but not one that was in an answer before it was published.
    fn take(&mut self, said: &Value) -> Result<()> {
        if said["id"].as_str().is_some_and(|id| self.ids.contains(id)) {
            return Ok(());
        }
        ensure!(said["prev"] == self.last.as_str(), "{said} follows {}", self.last);
        self.add(said)
    }

    /// Takes what is said, until it has `count` messages.
    async fn follow(&mut self, count: usize) -> Result<()> {
        while self.texts.len() < count {
            let heard = self.socket.hear_json().await?;
            if heard["type"] == "said" {
                self.take(&heard)?;
            }
        }
        Ok(())
    }
}

/// Messages are said while the client is away, while it comes back, and after that.
#[test]
fn a_client_that_returns_gets_what_it_missed_once_and_in_order() -> Result<()> {
    on_chat(async |app| {
        let mut ann = enter(app, "one", "ann").await?;
        let mut bob = Follower::enter(app, "bob", "").await?;
        let (mut said, mut texts) = (0, Vec::new());
        for _ in 0..5 {
            let mut say = async |count: usize| -> Result<()> {
                for _ in 0..count {
                    ann.say(said.to_string()).await?;
                    said += 1;
                }
                Ok(())
            };
            say(2).await?;
            bob.follow(2).await?;
            texts.append(&mut bob.texts);
            let last = bob.last.clone();
            drop(bob);
            say(5).await?;
            let (returned, ()) =
                futures_util::future::try_join(Follower::enter(app, "bob", &last), say(5)).await?;
            bob = returned;
            say(1).await?;
            bob.follow(11).await?;
            texts.append(&mut bob.texts);
        }
        assert_eq!(texts, (0..said).map(|number| format!("\"{number}\"")).collect::<Vec<_>>());

        let late = Follower::enter(app, "carol", "").await?;
        assert_eq!(late.texts, texts[texts.len() - 20..]);
        Ok(())
    })
}

#[test]
fn a_room_receives_joins_messages_and_leaves() -> Result<()> {
    on_chat(async |app| {
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
    on_chat(async |app| {
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
    on_chat(async |app| {
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
    let unlimited = |config: &mut Config| config.message_rate = 0;
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
    open_at_the_proxy(app, &format!("/rooms/{room}?nickname={nickname}")).await
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
    let mut previous = HashSet::new();
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
        let (nickname, words) = words.split_once(r#"","text":""#).context("it says nothing")?;
        let (text, ids) = words.split_once(r#"","id":""#).context("it has no id")?;
        let (id, prev) = ids.split_once(r#"","prev":""#).context("it has no id of the one before")?;
        let who = nickname.parse::<usize>()?;
        let next = &mut heard[who];
        ensure!(text == next.to_string(), "{message} came in place of {next}");
        // No two messages follow the same one, so they have one order.
        ensure!(
            !id.is_empty() && previous.insert(prev.to_owned()),
            "{message} follows the same one as another"
        );
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
