//! Recovery links: they carry what a stream depends on, and a client gains nothing from typing it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use e2e::{Answer, App, Held, on_app, on_app_with};
use reqwest::RequestBuilder;
use serde_json::json;

use crate::guards::{self_run, without_client_request};

/// A stream, and all events that its client got.
struct Stream {
    held: Held,
    name: String,
}

impl Stream {
    async fn open(request: RequestBuilder, name: impl Into<String>) -> Result<Self> {
        Ok(Self { held: Held::open(request).await?, name: name.into() })
    }

    /// Waits for an event, and checks that the client got no other events than these.
    async fn hears(&mut self, event: &str, events: &[&str]) -> Result<()> {
        let heard = self.held.heard_until(&format!("data: {event}\n\n")).await?;
        let data = heard.split_terminator("\n\n").map(|event| event.trim_start_matches("data: "));
        let strange: Vec<_> = data.filter(|data| !events.contains(data)).collect();
        assert_eq!(strange, [""; 0], "{}: {heard}", self.name);
        Ok(())
    }
}

/// Makes the proxy ask for every stream, at the same moment.
async fn ask_again(app: &App) -> Result<()> {
    app.publish_formats("recovery-all", json!({"http-stream": {"action": "hint"}})).await
}

fn get(app: &App, path: &str) -> RequestBuilder {
    app.client().get(app.url(path))
}

/// Runs a test behind a local Pushpin, and behind a self-run one.
fn behind_both(test: impl AsyncFn(&App) -> Result<()>) -> Result<()> {
    on_app("probe", &test)?;
    on_app_with("probe", self_run, &test)
}

/// The proxy joins recovery requests at one path. In the first case the channel would become the default one, in the second the
/// request would be refused.
#[test]
fn streams_of_different_queries_stay_apart() -> Result<()> {
    behind_both(async |app| {
        for path in ["/recovery/q", "/recovery/topic"] {
            let topics = ["a", "b", "c", "d", "e", "f"];
            let mut streams = Vec::new();
            for topic in topics {
                let query = format!("{path}?topic={topic}");
                let mut stream = Stream::open(get(app, &query), topic).await?;
                stream.hears(&format!("opened {topic}"), &[&format!("opened {topic}")]).await?;
                app.subscribed(&query, &format!("topic-{topic}")).await?;
                app.subscribed(&query, "recovery-all").await?;
                streams.push(stream);
            }
            for round in 0..3 {
                ask_again(app).await?;
                for stream in &mut streams {
                    let name = stream.name.clone();
                    let (opened, again) = (format!("opened {name}"), format!("again {name}"));
                    let item = |round| format!("{round} for {name}");
                    let items: Vec<_> = (0..=round).map(item).collect();
                    let mut events = vec![&*opened, &*again];
                    events.extend(items.iter().map(String::as_str));
                    if round == 0 {
                        stream.hears(&again, &events).await?;
                    }
                    app.publish("topic-default", "for nobody").await?;
                    app.publish(&format!("topic-{name}"), &item(round)).await?;
                    stream.hears(&item(round), &events).await?;
                }
            }
        }
        Ok(())
    })
}

fn session(request: RequestBuilder, user: &str, seconds: u64) -> Result<RequestBuilder> {
    let until = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() + seconds;
    Ok(request.header("Cookie", format!("session={user}-{until}")))
}

/// Opens a stream of each user, and waits until the proxy has subscribed it.
async fn of_users(
    app: &App,
    path: &str,
    users: &[&str],
    opened: impl Fn(&str) -> String,
) -> Result<Vec<Stream>> {
    let mut streams = Vec::new();
    for user in users {
        let path = format!("{path}?{user}");
        let mut stream = Stream::open(session(get(app, &path), user, 900)?, *user).await?;
        let opened = opened(user);
        stream.hears(&opened, &[&opened]).await?;
        app.subscribed(&path, "recovery-all").await?;
        streams.push(stream);
    }
    Ok(streams)
}

#[test]
fn a_guarded_stream_without_ids_recovers() -> Result<()> {
    behind_both(async |app| {
        let opened = |user: &str| format!("opened {user}");
        let mut streams = of_users(app, "/recovery/mine", &["ann", "bob", "cid"], opened).await?;
        ask_again(app).await?;
        let events = |user: &str| [format!("opened {user}"), format!("again {user}"), "item".to_owned()];
        for stream in &mut streams {
            let events = events(&stream.name);
            stream.hears(&events[1], &events.each_ref().map(String::as_str)).await?;
        }
        app.publish("recovery-all", "item").await?;
        for stream in &mut streams {
            let events = events(&stream.name);
            stream.hears("item", &events.each_ref().map(String::as_str)).await?;
        }
        Ok(())
    })
}

/// The guard value in the link still counts: a guard admits a client when its connection opens.
#[test]
fn a_guarded_stream_recovers_after_its_credential_has_expired() -> Result<()> {
    behind_both(async |app| {
        let path = "/recovery/mine";
        let mut stream = Stream::open(session(get(app, path), "ann", 3)?, "ann").await?;
        stream.hears("opened ann", &["opened ann"]).await?;
        app.subscribed(path, "recovery-all").await?;
        tokio::time::sleep(Duration::from_secs(4)).await;
        let refused = Answer::of(session(get(app, path), "ann", 0)?).await?;
        assert_eq!((refused.status, &*refused.body), (401, "sign in first\n"));
        for round in 0..2 {
            ask_again(app).await?;
            let item = format!("item {round}");
            app.publish("recovery-all", &item).await?;
            stream.hears(&item, &["opened ann", "again ann", "item 0", "item 1"]).await?;
        }
        Ok(())
    })
}

/// Two users have the same id of the same channel.
#[test]
fn users_with_the_same_ids_do_not_share_an_answer() -> Result<()> {
    on_app("probe", async |app| {
        let opened = |user: &str| format!("opened {user} None");
        let mut streams = of_users(app, "/recovery/numbered", &["ann", "bob", "cid", "dan"], opened).await?;
        ask_again(app).await?;
        for stream in &mut streams {
            let (opened, again) =
                (format!("opened {} None", stream.name), format!("again {} Some(\"1\")", stream.name));
            stream.hears(&again, &[&opened, &again]).await?;
        }
        Ok(())
    })
}

#[test]
fn a_channel_of_a_cookie_stays_in_a_recovery() -> Result<()> {
    behind_both(async |app| {
        let mut streams = Vec::new();
        for user in ["ann", "bob", "cid"] {
            let path = format!("/recovery/inbox?{user}");
            let request = get(app, &path).header("Cookie", format!("user={user}"));
            let mut stream = Stream::open(request, user).await?;
            stream.hears("opened", &["opened"]).await?;
            app.subscribed(&path, &format!("inbox-{user}")).await?;
            app.subscribed(&path, "recovery-all").await?;
            streams.push(stream);
        }
        for round in 0..3 {
            ask_again(app).await?;
            for stream in &mut streams {
                let item = |round| format!("{round} for {}", stream.name);
                let items = [item(0), item(1), item(2)];
                let mut events = vec!["opened", "again"];
                events.extend(items.iter().map(String::as_str));
                if round == 0 {
                    stream.hears("again", &events).await?;
                }
                app.publish("inbox-nobody", "for nobody").await?;
                app.publish(&format!("inbox-{}", stream.name), &items[round]).await?;
                stream.hears(&items[round], &events).await?;
            }
        }
        Ok(())
    })
}

/// The query of the recovery link of a stream at this path, from the log of the proxy.
async fn link(app: &App, path: &str, parameter: &str) -> Result<String> {
    let of_line = |line: &str| {
        let (_, query) = line.split_once(&format!("{path}?"))?;
        let query = query.split_whitespace().next()?;
        query.contains(parameter).then(|| query.to_owned())
    };
    let find = |log: &str| log.lines().find_map(of_line);
    app.logged(&format!("a link to {path}"), |_, pushpin| find(pushpin).is_some()).await?;
    let log = app.stack().pushpin_log();
    find(&log).context("it was there")
}

/// The last proof of a link, from the log of the app.
async fn proof(app: &App) -> Result<String> {
    let find =
        |log: &str| Some(log.rsplit_once("grip-last: fanout-recovery; ")?.1.lines().next()?.to_owned());
    app.logged("a proof", |viceroy, _| find(viceroy).is_some()).await?;
    let log = app.stack().viceroy_log();
    find(&log).map(|id| format!("fanout-recovery; {id}")).context("it was there")
}

/// The values in a link are no secret: here a client has the whole link of another, and the header that proves it.
#[test]
fn a_client_gains_nothing_from_the_link_of_another() -> Result<()> {
    behind_both(async |app| {
        let proved = |request: RequestBuilder, proof: &str| request.header("Grip-Last", proof);
        let request = get(app, "/recovery/inbox").header("Cookie", "user=ann");
        let mut ann = Stream::open(request, "ann").await?;
        ann.hears("opened", &["opened"]).await?;
        app.subscribed("/recovery/inbox", "recovery-all").await?;
        ask_again(app).await?;
        let (stolen, proof_of_ann) =
            (link(app, "/recovery/inbox", "fanout-channels=").await?, proof(app).await?);

        let path = format!("/recovery/inbox?{stolen}");
        for (request, port) in [(get(app, &path), "client"), (without_client_request(app, &path), "proxy")] {
            let request = proved(request, &proof_of_ann).header("Cookie", format!("user=eve-{port}"));
            let mut eve = Stream::open(request, format!("eve-{port}")).await?;
            let item = format!("for eve-{port}");
            let events = ["opened", "again", &item];
            eve.hears("opened", &events).await?;
            app.subscribed(&path, &format!("inbox-eve-{port}")).await?;
            ask_again(app).await?;
            eve.hears("again", &events).await?;
            app.publish("inbox-ann", "for ann").await?;
            app.publish(&format!("inbox-eve-{port}"), &item).await?;
            eve.hears(&item, &events).await?;
        }
        ann.hears("for ann", &["opened", "again", "for ann"]).await?;
        Ok(())
    })
}

/// The same for a guard value.
#[test]
fn a_client_gains_nothing_from_the_guard_value_of_another() -> Result<()> {
    behind_both(async |app| {
        let mut ann = Stream::open(session(get(app, "/recovery/mine"), "ann", 900)?, "ann").await?;
        ann.hears("opened ann", &["opened ann"]).await?;
        app.subscribed("/recovery/mine", "recovery-all").await?;
        ask_again(app).await?;
        let (stolen, proof) = (link(app, "/recovery/mine", "fanout-guard=").await?, proof(app).await?);
        let path = format!("/recovery/mine?{stolen}");
        let both = || {
            [get(app, &path), without_client_request(app, &path)]
                .map(|request| request.header("Grip-Last", &proof))
        };
        for request in both() {
            let refused = Answer::of(request).await?;
            assert_eq!((refused.status, &*refused.body), (401, "sign in first\n"));
        }
        for (request, user) in both().into_iter().zip(["eve", "mallory"]) {
            let (opened, again) = (format!("opened {user}"), format!("again {user}"));
            let mut stream = Stream::open(session(request, user, 900)?, user).await?;
            stream.hears(&opened, &[&opened, &again]).await?;
            ask_again(app).await?;
            stream.hears(&again, &[&opened, &again]).await?;
        }
        Ok(())
    })
}

#[test]
fn a_refused_recovery_is_in_the_log() -> Result<()> {
    on_app("probe", async |app| {
        let mut stream = Held::open(session(get(app, "/recovery/elsewhere"), "ann", 900)?).await?;
        stream.heard(1).await?;
        app.subscribed("/recovery/elsewhere", "recovery-all").await?;
        ask_again(app).await?;
        let said = "/recovery/mine: a recovery request was answered 401, so the proxy repeats it for about half a minute and \
                    then ends the stream; a recovery request has no cookies and no other header of the client: let `next` \
                    lead to the path of the stream itself";
        app.logged(said, |viceroy, _| viceroy.contains(said)).await
    })
}

/// The id that proves a link is that of no item, so no item makes the proxy look for others.
#[test]
fn the_constant_id_starts_no_recovery_by_itself() -> Result<()> {
    on_app("probe", async |app| {
        // The first subscriptions of the channels have their own recovery request, about a second later.
        let first = session(get(app, "/recovery/mine?first"), "first", 900)?;
        let mut first = Stream::open(first, "first").await?;
        first.hears("again first", &["opened first", "again first"]).await?;
        let opened = |user: &str| format!("opened {user}");
        let mut streams = of_users(app, "/recovery/mine", &["ann", "bob"], opened).await?;
        for id in 0..20 {
            let formats = json!({"http-stream": {"content": format!("data: {id}\n\n")}});
            let item = json!({"channel": "recovery-all", "id": format!("{id}"), "formats": formats});
            app.publish_item(item).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        for stream in &mut streams {
            let heard = stream.held.heard_until("data: 19\n\n").await?;
            let expected: String = (0..20).map(|id| format!("data: {id}\n\n")).collect();
            assert_eq!(heard, format!("data: opened {}\n\n{expected}", stream.name));
        }
        Ok(())
    })
}
