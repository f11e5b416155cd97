//! The example `scores`: all of its parts, with the KV store of Viceroy.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use e2e::{Answer, App, Held, Socket, on_app, on_app_with};
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
    on_app("scores", test)
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
                assert_eq!(player.hear_json().await?, json!({"player": "ann", "guess": guess}));
            }
        }
        // The proxy has kept the state: this is the fourth guess.
        ann.say("34000").await?;
        assert_eq!(closed(&mut ann).await?, (1008, "you have no guess left".to_owned()));

        assert_eq!(post(app, "/games/red/spectators", &json!(31_250)).await?.status, 204);
        assert_eq!(eve.hear_json().await?, json!({"spectators": 31_250}));
        eve.say("31250").await?;
        assert_eq!(closed(&mut eve).await?, (1008, "the number of spectators is known".to_owned()));
        assert_problem(&post(app, "/games/red/spectators", &json!(1)).await?, 409, "is known");
        let late = play(app, "red", ANN).await.expect_err("it opened");
        assert!(format!("{late:#}").contains("409"), "{late:#}");

        assert_eq!(post(app, "/games/blue/spectators", &json!(7)).await?.status, 204);
        assert_eq!(elsewhere.hear_json().await?, json!({"spectators": 7}));
        Ok(())
    })
}

/// The ids and the data of the events of a stream, without comments.
fn articles(heard: &str) -> Result<Vec<(String, Value)>> {
    let events = heard.split("\n\n").filter(|event| event.contains("\ndata: "));
    let article = |event: &str| {
        let (id, data) =
            event.strip_prefix("id: ").and_then(|rest| rest.split_once("\ndata: ")).context("no id")?;
        Ok((id.to_owned(), serde_json::from_str(data)?))
    };
    events.map(article).collect()
}

fn article(title: &str) -> Value {
    json!({"title": title, "text": "It begins."})
}

/// An editor publishes an article, and gets its id.
async fn write(app: &App, title: &str) -> Result<String> {
    let answer = post(app, ARTICLES, &article(title)).await?;
    ensure!(answer.status == 201, "{answer:?}");
    Ok(serde_json::from_str(&answer.body)?)
}

fn titles(heard: &[(String, Value)]) -> Vec<&str> {
    heard.iter().filter_map(|(_, article)| article["title"].as_str()).collect()
}

const ARTICLES: &str = "/topics/cup/articles";

#[test]
fn ten_editors_lose_no_article() -> Result<()> {
    on_scores(async |app| {
        let mut stream = listen(app, ARTICLES, "articles-cup").await?;
        let all: Vec<_> = (0..10).map(|number| format!("title {number}")).collect();
        // All at once.
        let ids = futures_util::future::try_join_all(all.iter().map(|title| write(app, title))).await?;
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 10, "{ids:?}");
        // The same article again, as after an error.
        assert_eq!(write(app, "title 7").await?, ids[7]);

        // Every client has every article once, in one order: the one that was there, one that comes now, one that comes back.
        let mut late = listen(app, &format!("{ARTICLES}?late"), "articles-cup").await?;
        let last = "{\"title\":\"the end\",\"text\":\"It begins.\"}\n\n";
        let end = write(app, "the end").await?;
        let heard = articles(&stream.heard_until(last).await?)?;
        assert_eq!(heard.last().map(|(id, _)| id), Some(&end));
        assert_eq!(titles(&heard).into_iter().collect::<BTreeSet<_>>().len(), 11);
        for (id, title) in ids.iter().zip(&all) {
            let article = heard.iter().find(|(heard, _)| heard == id).context("an article is missing")?;
            assert_eq!(article.1["title"], title.as_str());
        }
        assert_eq!(articles(&late.heard_until(last).await?)?, heard);
        let back = app.client().get(app.url(&format!("{ARTICLES}?back")));
        let mut back = Held::open(back.header("last-event-id", &heard[6].0)).await?;
        assert_eq!(articles(&back.heard_until(last).await?)?, heard[7..]);
        Ok(())
    })
}

/// Nothing that is published arrives, because the address is wrong. The articles are kept, and the proxy fetches them.
#[test]
fn lost_articles_are_recovered() -> Result<()> {
    let manifest = std::fs::read_to_string(root().join("examples/scores/fastly.toml"))?;
    let wrong = manifest.replace("http://127.0.0.1:5561/", "http://127.0.0.1:9/");
    assert_eq!(wrong.matches(":9/").count(), 2);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("fastly.toml");
    std::fs::write(&path, wrong)?;
    on_app_with(
        "scores",
        |config| config.manifest = path,
        async |app| {
            let mut stream = listen(app, ARTICLES, "articles-cup").await?;
            let mut ids = Vec::new();
            for title in ["one", "two", "three"] {
                ids.push(write(app, title).await?);
            }
            // The proxy does this by itself when the stream was quiet for the time of `next_after`.
            app.publish_formats("articles-cup", json!({"http-stream": {"action": "hint"}})).await?;
            let end = "{\"title\":\"three\",\"text\":\"It begins.\"}\n\n";
            let heard = articles(&stream.heard_until(end).await?)?;
            assert_eq!(titles(&heard), ["one", "two", "three"]);
            assert!(heard.iter().map(|(id, _)| id).eq(&ids), "{ids:?}");
            Ok(())
        },
    )
}

#[test]
fn a_poll_gets_what_it_missed_or_the_next_article() -> Result<()> {
    on_scores(async |app| {
        let poll = |id: &str| {
            let request = app.client().get(app.url("/topics/cup/latest"));
            Answer::of(request.header("last-event-id", id))
        };
        let one = write(app, "one").await?;
        let answer = poll("0").await?;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("last-event-id"), one);
        assert_eq!(serde_json::from_str::<Value>(&answer.body)?, article("one"));

        // Pushpin asks again a second after the first subscription, and the history then has what was published meanwhile.
        let waiting = poll(&one);
        let publish = async {
            app.subscribed("/topics/cup/latest", "articles-cup").await?;
            write(app, "two").await
        };
        let (answer, two) = futures_util::future::try_join(waiting, publish).await?;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("last-event-id"), two);
        assert_eq!(serde_json::from_str::<Value>(&answer.body)?, article("two"));
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
