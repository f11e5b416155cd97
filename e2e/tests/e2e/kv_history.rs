//! A history in Viceroy's KV store: publishers that publish at once, readers, and what each costs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cargo_fanout::stack::Config;
use e2e::{Answer, App, AppRequest, Held, on_app_with, trace_hostcalls, within};
use futures_util::future::try_join_all;
use serde_json::json;
use xtask::build::root;

fn with_a_store(config: &mut Config) {
    config.manifest = root().join("e2e/probe/histories.toml");
}

fn on_probe(test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    on_app_with("probe", with_a_store, test)
}

async fn post(app: &App, path: &str, text: String) -> Result<Answer> {
    Answer::of(app.client().post(app.url(path)).body(text)).await
}

/// Publishes a text, and returns its id.
async fn publish(app: &App, path: &str, text: String) -> Result<String> {
    let answer = post(app, path, text).await?;
    ensure!(answer.status == 200, "{answer:?}");
    Ok(answer.body)
}

/// The ids and texts that are kept, oldest first.
async fn kept(app: &App, path: &str) -> Result<Vec<(String, String)>> {
    let answer = app.get(path).await?;
    ensure!(answer.status == 200, "{answer:?}");
    Ok(serde_json::from_str(&answer.body)?)
}

/// The ids and the data of the events of a stream, without comments.
fn events(heard: &str) -> Vec<(String, String)> {
    let event = |block: &str| {
        let (id, data) = block.strip_prefix("id: ")?.split_once("\ndata: ")?;
        Some((id.to_owned(), data.to_owned()))
    };
    heard.split("\n\n").filter_map(event).collect()
}

/// Opens a stream, which a query tells apart in the log.
async fn listen(app: &App, path: &str, last_id: Option<&str>) -> Result<Held> {
    let channel = format!("kv-{}", path.trim_start_matches("/kv/").split('?').next().unwrap_or_default());
    let mut request = app.client().get(app.url(path));
    if let Some(id) = last_id {
        request = request.header("last-event-id", id);
    }
    let held = Held::open(request).await?;
    app.subscribed(path, &channel).await?;
    Ok(held)
}

/// Twenty publishers publish at once, again and again, while clients listen.
#[test]
fn twenty_publishers_lose_no_entry() -> Result<()> {
    const PUBLISHERS: usize = 20;
    const ROUNDS: usize = 5;
    on_probe(async |app| {
        let mut clients = Vec::new();
        for number in 0..3 {
            clients.push(listen(app, &format!("/kv/goals?client={number}"), None).await?);
        }
        let mut published = BTreeMap::new();
        for round in 0..ROUNDS {
            let texts = (0..PUBLISHERS).map(|number| format!("{round}/{number}"));
            let publish = |text: String| async move {
                Ok::<_, anyhow::Error>((publish(app, "/kv/goals", text.clone()).await?, text))
            };
            for (id, text) in try_join_all(texts.map(publish)).await? {
                let number = id.split('-').nth(1).context("an id has a number")?.parse::<usize>()?;
                ensure!(number > round * PUBLISHERS, "{id} comes before the ids of the round before");
                let twice = published.insert(number, (id, text));
                ensure!(twice.is_none(), "two entries have the number {number}: {twice:?}");
            }
        }
        assert!(published.keys().copied().eq(1..=PUBLISHERS * ROUNDS), "{published:?}");
        let expected: Vec<_> = published.into_values().collect();
        let texts: BTreeSet<_> = expected.iter().map(|(_, text)| text).collect();
        assert_eq!(texts.len(), PUBLISHERS * ROUNDS);
        assert_eq!(kept(app, "/kv/goals/kept").await?, expected);

        let end = format!("data: {}\n\n", expected.last().context("there is none")?.1);
        for client in &mut clients {
            assert_eq!(events(&client.heard_until(&end).await?), expected);
        }
        // A client that returns gets the rest, and one that comes now gets everything.
        let middle = PUBLISHERS * ROUNDS / 2;
        let mut back = listen(app, "/kv/goals?back", Some(&expected[middle - 1].0)).await?;
        assert_eq!(events(&back.heard_until(&end).await?), expected[middle..]);
        let mut new = listen(app, "/kv/goals?new", None).await?;
        assert_eq!(events(&new.heard_until(&end).await?), expected);
        Ok(())
    })
}

/// A recovery link does not have the id that a page has stored, so the proxy makes one request for all of these streams.
#[test]
fn streams_from_stored_ids_recover_together() -> Result<()> {
    const CLIENTS: usize = 8;
    let verbose = |config: &mut Config| {
        with_a_store(config);
        config.viceroy_args.push("-v".into());
    };
    on_app_with("probe", verbose, async |app| {
        let mut ids = Vec::new();
        for number in 0..CLIENTS {
            ids.push(publish(app, "/kv/goals", format!("stored {number}")).await?);
        }
        let mut clients = Vec::new();
        for id in &ids {
            let client = listen(app, &format!("/kv/goals?lastEventId={id}"), None).await?;
            clients.push((client, Vec::new()));
        }
        // The first subscription of the channel has a recovery request of its own, about a second later.
        tokio::time::sleep(Duration::from_secs(3)).await;
        // The proxy has another name for the host than the clients.
        let requests = || app.stack().viceroy_log().matches("handling request GET http://localhost").count();
        for round in 0..3 {
            let before = requests();
            let missed = format!("missed {round}");
            assert_eq!(post(app, "/kv/goals/append", missed.clone()).await?.status, 200);
            app.publish_formats("kv-goals", json!({"http-stream": {"action": "hint"}})).await?;
            for (number, (client, heard)) in clients.iter_mut().enumerate() {
                *heard = events(&client.heard_until(&format!("data: {missed}\n\n")).await?);
                let texts: Vec<_> = heard.iter().map(|(_, text)| text.clone()).collect();
                let stored = (number + 1..CLIENTS).map(|number| format!("stored {number}"));
                let expected: Vec<_> =
                    stored.chain((0..=round).map(|round| format!("missed {round}"))).collect();
                assert_eq!(texts, expected, "{number}");
            }
            assert_eq!(requests() - before, 1, "round {round}");
        }
        Ok(())
    })
}

/// Entries that were appended and never published reach the clients with the next one.
#[test]
fn entries_that_were_not_published_are_recovered() -> Result<()> {
    on_probe(async |app| {
        let mut client = listen(app, "/kv/goals", None).await?;
        publish(app, "/kv/goals", "one".into()).await?;
        for text in ["two", "three"] {
            assert_eq!(post(app, "/kv/goals/append", text.into()).await?.status, 200);
        }
        publish(app, "/kv/goals", "four".into()).await?;
        let heard = events(&client.heard_until("data: four\n\n").await?);
        let texts: Vec<_> = heard.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["one", "two", "three", "four"]);
        assert_eq!(heard, kept(app, "/kv/goals/kept").await?);
        assert_eq!(kept(app, "/kv/goals/kept/three").await?, heard[1..]);
        Ok(())
    })
}

/// Two channels of 500 entries. Of both, one of eight entries is not published, the history fails one of seven requests, and
/// the clients drop their connections. Each client gets each entry of its channel.
#[test]
fn a_thousand_entries_arrive_whatever_is_lost() -> Result<()> {
    const ENTRIES: usize = 500;
    const CLIENTS: usize = 2;
    const LOST: u64 = 8;
    on_probe(async |app| {
        let publisher = async |of: &'static str| {
            let mut random = Random::new(of);
            let mut published = Vec::new();
            for number in 1..=ENTRIES {
                let text = format!("{of} {number}");
                let is_lost = number < ENTRIES && random.below(LOST) == 0;
                let path = format!("/kv/{of}{}", if is_lost { "/append" } else { "" });
                published.push((publish(app, &path, text.clone()).await?, text));
            }
            anyhow::Ok(published)
        };
        let clients = (0..CLIENTS).flat_map(|_| ["red", "blue"]).enumerate();
        let clients = clients.map(|(number, of)| async move {
            let last = format!("{of} {ENTRIES}");
            let got =
                until(app, &format!("/kv/{of}/unreliable"), &last, Random::new(&number.to_string())).await?;
            anyhow::Ok((of, got))
        });
        let (red, blue, clients) =
            tokio::try_join!(publisher("red"), publisher("blue"), try_join_all(clients))?;
        for (of, got) in clients {
            assert_eq!(got, if of == "red" { &red[..] } else { &blue[..] }, "a client of {of}");
        }
        Ok(())
    })
}

/// Follows a stream as `EventSource` does, up to an event, and drops the connection now and then. Returns the ids and the data of
/// the events, each id once.
async fn until(app: &App, path: &str, last: &str, mut random: Random) -> Result<Vec<(String, String)>> {
    let (mut got, mut id) = (Vec::<(String, String)>::new(), None::<String>);
    loop {
        let mut request = app.client().get(app.url(path));
        if let Some(id) = &id {
            request = request.header("last-event-id", id);
        }
        let mut response = within("the head of a stream", request.send()).await??;
        if response.status() != 200 {
            ensure!(response.status() == 503, "the app answered {}", response.status());
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        let mut rest = String::new();
        let mut patience = 10 + random.below(80);
        while patience > 0 {
            // A stream that breaks off is one more reason to come back.
            let Ok(Some(chunk)) = within("a stream to go on", response.chunk()).await? else { break };
            rest.push_str(std::str::from_utf8(&chunk)?);
            while let Some((block, after)) = rest.split_once("\n\n") {
                ensure!(!block.contains("event: reset"), "a reset after {id:?}");
                if let Some(event) = block.strip_prefix("id: ") {
                    let (of_event, data) = event.split_once("\ndata: ").unwrap_or((event, ""));
                    id = Some(of_event.to_owned());
                    if !data.is_empty() && got.iter().all(|(seen, _)| seen != of_event) {
                        got.push((of_event.to_owned(), data.to_owned()));
                        patience = patience.saturating_sub(1);
                    }
                    if data == last {
                        return Ok(got);
                    }
                }
                rest = after.to_owned();
            }
        }
    }
}

/// The same numbers in each run, for one seed.
struct Random(u64);

impl Random {
    fn new(seed: &str) -> Self {
        Self(seed.bytes().fold(1, |state, byte| state * 31 + u64::from(byte)))
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Viceroy's store is empty after a restart, so the id of a client is unknown.
#[test]
fn an_id_from_before_a_restart_of_viceroy_is_unknown() -> Result<()> {
    on_probe(async |app| {
        // Without a connection that the client would use again after the restart.
        let request = app.client().post(app.url("/kv/goals")).header("connection", "close").body("before");
        let before = Answer::of(request).await?.body;
        app.restart_viceroy(None)?;
        assert_eq!(kept(app, "/kv/goals/kept").await?, []);
        let after = publish(app, "/kv/goals", "after".into()).await?;
        let mut client = listen(app, "/kv/goals", Some(&before)).await?;
        let reset = "event: reset\ndata: {\"reason\":\"unknown\"}\n\n";
        let expected = format!("{reset}id: {after}\ndata: after\n\n");
        let heard = client.heard_until("data: after\n\n").await?;
        ensure!(heard.ends_with(&expected), "{heard}");
        Ok(())
    })
}

#[test]
fn a_store_that_is_missing_and_a_value_that_is_no_history_are_named() -> Result<()> {
    on_probe(async |app| {
        let missing = app.get("/kv/goals/kept/elsewhere").await?;
        assert_eq!(missing.status, 500);
        for part in ["no KV store `elsewhere`", "elsewhere = []", "[setup.kv_stores.elsewhere]"] {
            ensure!(missing.body.contains(part), "{missing:?}");
        }
        publish(app, "/kv/goals", "one".into()).await?;
        let damaged = app.client().put(app.url("/kv/goals")).body("{\"goals\": 1}");
        assert_eq!(Answer::of(damaged).await?.status, 204);
        let parts = ["KV store `histories`", "channel `kv-goals`", "key `history.kv-goals`", "no history"];
        let read = app.get("/kv/goals/kept").await?;
        assert_eq!(read.status, 500);
        ensure!(parts.iter().all(|part| read.body.contains(part)), "{read:?}");
        // The answers of the crate are for clients, and the log is for the developer.
        for answer in [app.get("/kv/goals?damaged").await?, post(app, "/kv/goals", "two".into()).await?] {
            assert_eq!(answer.status, 503);
            ensure!(!answer.body.contains("histories"), "{answer:?}");
        }
        app.logged("two lines that name the key", |viceroy, _| {
            viceroy.lines().filter(|line| parts.iter().all(|part| line.contains(part))).count() == 2
        })
        .await?;
        Ok(())
    })
}

#[test]
fn entries_of_any_age_and_of_channels_with_any_name_are_kept() -> Result<()> {
    on_probe(async |app| {
        let long = "goal.".repeat(400);
        for of in ["goals", &long] {
            let path = format!("/kv/{of}");
            let ids = [
                publish(app, &format!("{path}/for-ever"), "one".into()).await?,
                publish(app, &format!("{path}/for-ever"), "two".into()).await?,
                publish(app, &path, "three".into()).await?,
            ];
            let expected: Vec<_> = ids.into_iter().zip(["one", "two", "three"].map(str::to_owned)).collect();
            assert_eq!(kept(app, &format!("{path}/kept")).await?, expected);
        }
        Ok(())
    })
}

/// Counts the requests to the store that each call of a history makes.
#[test]
fn the_cost_of_a_kv_history() -> Result<()> {
    let configure = |config: &mut Config| {
        with_a_store(config);
        trace_hostcalls(config);
    };
    on_app_with("probe", configure, async |app| {
        for text in ["one", "two", "three"] {
            assert_eq!(post(app, &format!("/kv/goals/append?{text}"), text.into()).await?.status, 200);
        }
        let ids = kept(app, "/kv/goals/kept?all").await?;
        drop(listen(app, "/kv/goals?opening", Some(&ids[0].0)).await?);
        let cost = async |query: &str| -> Result<_> {
            let of_query = |log: &str| {
                AppRequest::all(log).into_iter().find(|one| {
                    let is_fanout =
                        one.hostcalls.iter().any(|call| call.ends_with("redirect_to_grip_proxy_v2"));
                    one.request.ends_with(query) && one.completed && !is_fanout
                })
            };
            app.logged(query, |viceroy, _| of_query(viceroy).is_some()).await?;
            let request = of_query(&app.stack().viceroy_log()).context("it has completed")?;
            let count = |name: &str| request.hostcalls.iter().filter(|call| *call == name).count();
            let store = request.hostcalls.iter().filter(|call| call.starts_with("fastly_kv_store::")).count();
            Ok((count("fastly_kv_store::lookup"), count("fastly_kv_store::insert"), store))
        };
        // The reads, the writes, and all hostcalls of the store: it is opened, and each request is also waited for.
        assert_eq!(cost("?one").await?, (1, 1, 5));
        assert_eq!(cost("?two").await?, (1, 2, 7));
        assert_eq!(cost("?three").await?, (1, 2, 7));
        assert_eq!(cost("?all").await?, (2, 0, 5));
        assert_eq!(cost("?opening").await?, (2, 0, 5));
        Ok(())
    })
}
