//! The example `scores`: all of its parts, with the KV store of Viceroy.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use e2e::{Answer, App, Held, Socket, on_app_with};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use xtask::build::root;
use xtask::serve::SCORES_TOKEN as EVE;

/// A token of a member who is no editor: `{"sub":"ann","exp":4102444800}`.
const ANN: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
    "eyJzdWIiOiJhbm4iLCJleHAiOjQxMDI0NDQ4MDB9.",
    "Ka5xFWIcTknAcesZKukwSrl9K4oF-g_rxGkAAUnGVLQ"
);

fn on_scores(test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    let configure = |config: &mut cargo_fanout::stack::Config| {
        config.manifest = root().join("examples/scores/fastly.toml");
    };
    on_app_with("scores", configure, test)
}

/// The editor eve posts JSON.
async fn post(app: &App, path: &str, value: &Value) -> Result<Answer> {
    let request = app.client().post(app.url(path)).bearer_auth(EVE);
    Answer::of(request.header("content-type", "application/json").body(value.to_string())).await
}

/// The editor eve posts text.
async fn say(app: &App, path: &str, text: &'static str) -> Result<Answer> {
    Answer::of(app.client().post(app.url(path)).bearer_auth(EVE).body(text)).await
}

/// Opens a stream, and waits for its subscription. Each has a query of its own, by which the log tells them apart.
async fn listen(app: &App, path: &str, channel: &str) -> Result<Held> {
    let held = Held::open(app.client().get(app.url(path))).await?;
    app.subscribed(path, channel).await?;
    Ok(held)
}

fn assert_problem(answer: &Answer, status: u16, detail: &str) {
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (status, "application/problem+json"),
        "{answer:?}"
    );
    let problem: Value = serde_json::from_str(&answer.body).expect("problem details are JSON");
    assert_eq!(problem["status"], json!(status), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains(detail)), "{problem}");
}

#[test]
fn a_goal_reaches_the_board_of_its_game() -> Result<()> {
    on_scores(async |app| {
        let mut red = listen(app, "/games/red/score", "score-red").await?;
        let mut blue = listen(app, "/games/blue/score", "score-blue").await?;
        let none = "data: {\"home\":0,\"away\":0,\"goals\":[]}\n\n";
        assert_eq!(red.heard_until("]}\n\n").await?, none);

        let goal = |team: &str, player: &str| json!({"team": team, "minute": 12, "player": player});
        for posted in [goal("home", "Ida"), goal("away", "Bo"), goal("home", "Ida")] {
            let answer = post(app, "/games/red/score", &posted).await?;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        let answer = post(app, "/games/blue/score", &goal("away", "Kim")).await?;
        assert_eq!(answer.status, 200, "{answer:?}");
        let kim = "\"goals\":[{\"team\":\"away\",\"minute\":12,\"player\":\"Kim\"}]}\n\n";
        assert_eq!(blue.heard_until(kim).await?, format!("{none}data: {{\"home\":0,\"away\":1,{kim}"));

        // The goal that came twice counts once, and the new score was sent again.
        let text = red.bytes_until(b"\"Bo\"}]}\n\n").await?;
        ensure!(text.windows(12).any(|part| part == b"\"home\":1,\"aw"), "{}", text.escape_ascii());
        let late = listen(app, "/games/red/score?late", "score-red").await?.heard_until("]}\n\n").await?;
        assert!(late.starts_with("data: {\"home\":1,\"away\":1,"), "{late}");
        Ok(())
    })
}

#[test]
fn members_read_the_commentary() -> Result<()> {
    on_scores(async |app| {
        let path = "/games/red/commentary";
        assert_problem(&app.get(path).await?, 401, "there is no token");
        let path = format!("{path}?token={ANN}");
        let mut stream = listen(app, &path, "commentary-red").await?;
        assert_eq!(say(app, "/games/red/commentary", "a corner for red").await?.status, 204);
        let heard = stream.bytes_until(b"corner for red\n").await?;
        assert_eq!(heard, b"the commentary of red:\na corner for red\n");

        let by_ann = app.client().post(app.url("/games/red/commentary")).bearer_auth(ANN).body("I was here");
        assert_problem(&Answer::of(by_ann).await?, 403, "only editors");
        Ok(())
    })
}

#[test]
fn a_notification_reaches_one_member() -> Result<()> {
    on_scores(async |app| {
        let of_ann = format!("/notifications?token={ANN}");
        let of_eve = format!("/notifications?token={EVE}");
        let mut ann = listen(app, &of_ann, "member-ann").await?;
        let mut eve = listen(app, &of_eve, "member-eve").await?;
        let path = |name: &str| format!("/members/{name}/notifications");
        assert_eq!(say(app, &path("ann"), "your game begins").await?.status, 204);
        assert_eq!(say(app, &path("eve"), "well done").await?.status, 204);
        assert_eq!(ann.heard_until("begins\n\n").await?, "data: your game begins\n\n");
        assert_eq!(eve.heard_until("done\n\n").await?, "data: well done\n\n");
        Ok(())
    })
}

async fn play(app: &App, game: &str, token: &str) -> Result<Socket> {
    let path = format!("/games/{game}/guesses?token={token}");
    let socket = Socket::open(&app.url(&path).replacen("http", "ws", 1)).await?;
    app.subscribed(&path, &format!("guesses-{game}")).await?;
    Ok(socket)
}

async fn hear(socket: &mut Socket) -> Result<Value> {
    Ok(serde_json::from_str(socket.hear().await?.to_text()?)?)
}

async fn closed(socket: &mut Socket) -> Result<(u16, String)> {
    match socket.hear().await? {
        Message::Close(Some(frame)) => Ok((frame.code.into(), frame.reason.to_string())),
        other => anyhow::bail!("{other:?} came in place of a close"),
    }
}

#[test]
fn players_guess_until_the_number_is_known() -> Result<()> {
    on_scores(async |app| {
        let mut ann = play(app, "red", ANN).await?;
        let mut eve = play(app, "red", EVE).await?;
        let mut elsewhere = play(app, "blue", EVE).await?;
        ann.say("many").await?;
        assert_eq!(ann.hear().await?, Message::text("a guess is a number"));
        for guess in [31_000, 32_000, 33_000] {
            ann.say(guess.to_string()).await?;
            for player in [&mut ann, &mut eve] {
                assert_eq!(hear(player).await?, json!({"player": "ann", "guess": guess}));
            }
        }
        // The proxy has kept the state: this is the fourth guess.
        ann.say("34000").await?;
        assert_eq!(closed(&mut ann).await?, (1008, "you have no guess left".to_owned()));

        assert_eq!(post(app, "/games/red/spectators", &json!(31_250)).await?.status, 204);
        assert_eq!(hear(&mut eve).await?, json!({"spectators": 31_250}));
        eve.say("31250").await?;
        assert_eq!(closed(&mut eve).await?, (1008, "the number of spectators is known".to_owned()));
        assert_problem(&post(app, "/games/red/spectators", &json!(1)).await?, 409, "is known");
        let late = play(app, "red", ANN).await.expect_err("it opened");
        assert!(format!("{late:#}").contains("409"), "{late:#}");

        assert_eq!(post(app, "/games/blue/spectators", &json!(7)).await?.status, 204);
        assert_eq!(hear(&mut elsewhere).await?, json!({"spectators": 7}));
        Ok(())
    })
}

/// The ids and the data of the events of a stream.
fn articles(heard: &str) -> Result<Vec<(u64, Value)>> {
    let events = heard.split("\n\n").filter(|event| !event.is_empty());
    let article = |event: &str| {
        let (id, data) =
            event.strip_prefix("id: ").and_then(|rest| rest.split_once("\ndata: ")).context("no id")?;
        Ok((id.parse()?, serde_json::from_str(data)?))
    };
    events.map(article).collect()
}

fn article(title: &str) -> Value {
    json!({"title": title, "text": "It begins."})
}

const ARTICLES: &str = "/topics/cup/articles";

/// One after another: Viceroy 0.22 compares the generation of a value and writes it under two locks, so that of two requests at
/// once one can be lost there. The unit tests of `store.rs` let changes meet.
#[test]
fn ten_editors_lose_no_article() -> Result<()> {
    on_scores(async |app| {
        let mut stream = listen(app, ARTICLES, "articles-cup").await?;
        let titles: Vec<_> = (0..10).map(|number| format!("title {number}")).collect();
        let mut ids = BTreeSet::new();
        for title in &titles {
            let answer = post(app, ARTICLES, &article(title)).await?;
            ensure!(answer.status == 201, "{answer:?}");
            ids.insert(serde_json::from_str::<Value>(&answer.body)?["id"].as_u64().context("no id")?);
        }
        assert_eq!(ids, (1..=10).collect());

        // Every client has every article once, in order: the one that was there, one that comes now, one that comes back.
        let mut late = listen(app, &format!("{ARTICLES}?late"), "articles-cup").await?;
        let back = format!("{ARTICLES}?back");
        let mut back = Held::open(app.client().get(app.url(&back)).header("last-event-id", "7")).await?;
        assert_eq!(post(app, ARTICLES, &article("the end")).await?.status, 201);
        for (client, first) in [(&mut stream, 1), (&mut late, 1), (&mut back, 8)] {
            let heard = articles(
                &client.heard_until("{\"id\":11,\"title\":\"the end\",\"text\":\"It begins.\"}\n\n").await?,
            )?;
            assert_eq!(heard.iter().map(|(id, _)| *id).collect::<Vec<_>>(), (first..=11).collect::<Vec<_>>());
            let told: BTreeSet<_> =
                heard.iter().filter_map(|(_, article)| article["title"].as_str()).collect();
            if first == 1 {
                assert_eq!(told, titles.iter().map(String::as_str).chain(["the end"]).collect());
            }
        }
        Ok(())
    })
}

/// A lost item is fetched from the store, at the `next` link.
#[test]
fn a_lost_article_is_recovered() -> Result<()> {
    on_scores(async |app| {
        let mut stream = listen(app, ARTICLES, "articles-cup").await?;
        assert_eq!(post(app, ARTICLES, &article("one")).await?.status, 201);
        let one = stream.heard_until("}\n\n").await?;
        // Pushpin drops the second item, because it has seen its id. That one was for WebSockets, of which there are none.
        let formats = json!({"ws-message": {"content": "lost"}});
        let lost = json!({"channel": "articles-cup", "id": "2", "prev-id": "1", "formats": formats});
        app.publish_item(lost).await?;
        assert_eq!(post(app, ARTICLES, &article("two")).await?.status, 201);
        assert_eq!(post(app, ARTICLES, &article("three")).await?.status, 201);
        let end = "{\"id\":3,\"title\":\"three\",\"text\":\"It begins.\"}\n\n";
        let heard = articles(&stream.heard_until(end).await?)?;
        assert_eq!(articles(&one)?, heard[..1]);
        assert_eq!(heard.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2, 3]);
        Ok(())
    })
}

#[test]
fn a_poll_gets_what_it_missed_or_the_next_article() -> Result<()> {
    on_scores(async |app| {
        let poll = |id: &str| {
            let request = app.client().get(app.url("/topics/cup/latest"));
            Answer::of(request.header("last-event-id", id))
        };
        assert_eq!(post(app, ARTICLES, &article("one")).await?.status, 201);
        let one = poll("0").await?;
        let expected = json!({"id": 1, "title": "one", "text": "It begins."});
        assert_eq!(one.header("content-type"), "application/json");
        assert_eq!(serde_json::from_str::<Value>(&one.body)?, json!([expected]));

        // Pushpin asks again a second after the first subscription, and the handler then finds what was published meanwhile.
        let waiting = poll("1");
        let publish = async {
            app.subscribed("/topics/cup/latest", "articles-cup").await?;
            post(app, ARTICLES, &article("two")).await
        };
        let (answer, published) = futures_util::future::try_join(waiting, publish).await?;
        assert_eq!(published.status, 201, "{published:?}");
        assert_eq!(answer.header("content-type"), "application/json");
        let expected = json!([{"id": 2, "title": "two", "text": "It begins."}]);
        assert_eq!(serde_json::from_str::<Value>(&answer.body)?, expected);
        Ok(())
    })
}

#[test]
fn refusals_are_problem_details() -> Result<()> {
    on_scores(async |app| {
        let put = Answer::of(app.client().put(app.url("/games/red/score"))).await?;
        assert_problem(&put, 405, "");
        assert_eq!(put.header("allow"), "GET, POST, HEAD, OPTIONS");
        assert_problem(&app.get("/games/red").await?, 404, "");
        assert_problem(&app.get("/games/a%20b/score").await?, 400, "letters, digits and hyphens");
        assert_problem(&say(app, "/games/red/score", "a goal").await?, 415, "application/json");
        assert_problem(&post(app, "/games/red/score", &json!({"team": "both"})).await?, 400, "team");
        assert_problem(&app.get("/notifications?token=forged").await?, 401, "");
        // A refusal that Fanout asked for is worded too.
        assert_problem(&app.get("/games/red/guesses").await?, 426, "");
        Ok(())
    })
}
