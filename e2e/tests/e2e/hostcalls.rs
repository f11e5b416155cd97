//! The hostcalls of the client request and the Fanout request. The count is the same on every machine and with every
//! Pushpin.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use e2e::{Answer, App, AppRequest, Socket, on_app_with, on_stack_with, trace_hostcalls};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::trust::tokens::forged::Maker;

/// The kinds of requests, with the hostcalls of each on Compute and on a local Viceroy. The page `costs` of the guide lists
/// them, call by call.
///
/// To a local Pushpin every program of the machine can send requests, so the method of a hold is checked once more there, and
/// the order of the headers of events.
const KINDS: [(&str, usize, usize); 8] = [
    ("handoff", 6, 6),
    ("hold, `sse`", 9, 10),
    ("hold, `stream`", 8, 9),
    ("hold, `long_poll`", 8, 9),
    ("handoff of a WebSocket", 7, 7),
    ("open", 12, 13),
    ("message", 12, 12),
    ("close", 11, 12),
];

/// The numbers of further headers that a client sends. The hostcalls do not depend on it.
const HEADERS: [usize; 3] = [0, 20, 60];

/// The holds, as places in `KINDS`.
const HOLDS: [(usize, &str); 3] = [(1, "/sse"), (2, "/stream"), (3, "/response")];

/// The names are as long as those of browsers, and together longer than the buffer of the `fastly` crate.
fn further(count: usize) -> impl Iterator<Item = (String, &'static str)> {
    (0..count).map(|index| (format!("x-client-header-{index}"), "value"))
}

#[test]
fn the_hostcalls_of_each_kind_behind_a_local_pushpin() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        for count in HEADERS {
            for (kind, path) in HOLDS {
                let [handoff, hold] = requests_of(app, path, count).await?;
                is_counted(&handoff, KINDS[0].0, KINDS[0].2);
                is_counted(&hold, KINDS[kind].0, KINDS[kind].2);
            }
            // Pushpin takes 64 headers, and a WebSocket client sends six.
            let all = requests_of_web_socket(app, count.min(50)).await?;
            for (one, (kind, _, local)) in all.iter().zip(&KINDS[4..]) {
                is_counted(one, kind, *local);
            }
        }
        Ok(())
    })
}

/// The requests have the headers of Fanout's, and a token that ES256 signs for the service.
#[test]
fn the_hostcalls_of_each_kind_on_compute() -> Result<()> {
    on_app_with("hostcalls", trace_hostcalls, async |app| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let token = Maker::es256(&[7; 32], "fastly:SU1Z0isxPaozGVKXdv0eY", now).token();
        let sigs = [("Grip-Sig", str::from_utf8(&token)?), ("Grip-Feature", "status, session")];
        let events = |path: &str, events: &'static str| {
            let request = app.client().post(app.url(path)).header("Accept", "application/websocket-events");
            (request.header("Connection-Id", "a"), events)
        };
        for count in HEADERS {
            let query = format!("?count={count}");
            let get = |path: &str| (app.client().get(app.url(&format!("{path}{query}"))), "");
            let ws = format!("/ws{query}");
            let upgrade = [("Connection", "Upgrade"), ("Upgrade", "websocket")];
            // The place in `KINDS`, the request, and if Fanout sends it.
            let requests = [
                (0, get("/sse"), false),
                (1, get("/sse"), true),
                (2, get("/stream"), true),
                (3, get("/response"), true),
                (4, get("/ws"), false),
                (5, events(&ws, "OPEN\r\n"), true),
                (6, events(&ws, "TEXT 5\r\nhello\r\n"), true),
                (7, events(&ws, "CLOSE 2\r\n\u{3}\u{0}\r\n"), true),
            ];
            for (sent, (kind, (mut request, body), is_fanouts)) in requests.into_iter().enumerate() {
                for (name, value) in further(count) {
                    request = request.header(name, value);
                }
                for (name, value) in sigs.into_iter().filter(|_| is_fanouts) {
                    request = request.header(name, value);
                }
                for (name, value) in upgrade.into_iter().filter(|_| kind == 4) {
                    request = request.header(name, value);
                }
                if !body.is_empty() {
                    request = request.header("Content-Type", "application/websocket-events").body(body);
                }
                let answer = Answer::of(request);
                // The local Pushpin's request after a handoff is refused here, because Compute does not trust its key.
                assert_eq!(answer.await?.status == 200, is_fanouts, "{}", KINDS[kind].0);
                let ours = |log: &str| {
                    let mut all = AppRequest::all(log);
                    all.retain(|one| one.request.ends_with(&query) && one.completed && !is_refused(one));
                    (all.len() == sent + 1).then(|| all.pop()).flatten()
                };
                app.logged("a request to complete", |viceroy, _| ours(viceroy).is_some()).await?;
                let one = ours(&app.stack().viceroy_log()).context("it has completed")?;
                is_counted(&one, KINDS[kind].0, KINDS[kind].1);
            }
        }
        Ok(())
    })
}

fn is_refused(one: &AppRequest) -> bool {
    one.hostcalls.iter().any(|call| call == "fastly_http_resp::status_set")
}

fn is_counted(one: &AppRequest, kind: &str, count: usize) {
    assert_eq!(one.hostcalls.len(), count, "{kind}: {one:#?}");
}

/// The guide has these numbers.
#[test]
fn the_page_of_costs_has_the_hostcalls_of_each_kind() {
    let page = include_str!("../../../runtime/src/guide/costs.md");
    for (kind, compute, local) in KINDS {
        let row = format!("| {kind} | {compute} | {local} | ");
        let calls = page.lines().find_map(|line| line.strip_prefix(&*row));
        let calls = calls.unwrap_or_else(|| panic!("no row {row}")).split(", ");
        // A call that is made on a local Viceroy only is in italics.
        let (only_local, both): (Vec<_>, Vec<_>) = calls.partition(|call| call.starts_with("*`"));
        assert!(both.iter().all(|call| call.starts_with('`')), "{both:?}");
        assert_eq!((both.len(), only_local.len()), (compute, local - compute), "{kind}");
    }
}

/// With a path parameter, and with a guard that reads a header. The guard value is one more header. The policy of the app
/// reads a secret, with three hostcalls.
#[test]
fn the_hostcalls_of_parameters_and_guards() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let counts = [
            ("/language/room/a%20b", 6, 13),
            ("/language/order/literal", 6, 13),
            ("/language/guard/door/bob", 7, 14),
        ];
        let mut counted = Vec::new();
        for (path, ..) in counts {
            let [handoff, hold] = requests_of(app, path, 0).await?;
            counted.push((path, handoff.hostcalls.len(), hold.hostcalls.len()));
        }
        assert_eq!(counted, counts);
        Ok(())
    })
}

/// A plain endpoint is one request, where a hold is two. Each header that is there is a hostcall, and so is each read of a
/// body: one for its bytes, and one that finds its end.
#[test]
fn the_hostcalls_of_a_plain_endpoint() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let get = app.client().get(app.url("/plain/text?trace"));
        let json = r#"{"minute": 7, "player": "ann"}"#;
        let post = app.client().post(app.url("/plain/optional?trace")).body(json);
        for request in [get, post.header("Content-Type", "application/json")] {
            let answer = Answer::of(request).await?;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        let traced = |log: &str| {
            let mut all = AppRequest::all(log);
            all.retain(|one| one.request.ends_with("?trace") && one.completed);
            all
        };
        app.logged("two requests to complete", |viceroy, _| traced(viceroy).len() == 2).await?;
        let all = traced(&app.stack().viceroy_log());
        let counted: Vec<_> = all.iter().map(|one| one.hostcalls.len()).collect();
        assert_eq!(counted, [10, 14], "{all:#?}");
        Ok(())
    })
}

#[test]
fn the_client_is_handed_off_and_the_proxy_is_answered() -> Result<()> {
    const REDIRECT: &str = "fastly_http_req::redirect_to_grip_proxy_v2";
    const ANSWER: &str = "fastly_http_resp::send_downstream";
    on_stack_with(trace_hostcalls, async |app| {
        let [handoff, hold] = requests_of(app, "/sse", 0).await?;
        let makes = |one: &AppRequest, call: &str| one.hostcalls.iter().any(|made| made == call);
        assert!(makes(&handoff, REDIRECT) && !makes(&handoff, ANSWER), "{handoff:#?}");
        assert!(makes(&hold, ANSWER) && !makes(&hold, REDIRECT), "{hold:#?}");
        Ok(())
    })
}

/// The two requests of one connection.
async fn requests_of(app: &App, path: &str, headers: usize) -> Result<[AppRequest; 2]> {
    let query = format!("?trace={}-{headers}", path.trim_start_matches('/'));
    let mut request = app.client().get(app.url(path) + &query);
    for (name, value) in further(headers) {
        request = request.header(name, value);
    }
    let client = tokio::spawn(request.send());
    let all = first_of(app, &query, 2).await?;
    client.abort();
    // A poll causes a third request a second later, see `App::poll`.
    all.try_into().map_err(|all| anyhow::anyhow!("one request made only {all:?}"))
}

/// The requests of a WebSocket: the handoff, and one each for the opening, a message and the close.
async fn requests_of_web_socket(app: &App, headers: usize) -> Result<Vec<AppRequest>> {
    let query = format!("?trace=ws-{headers}");
    let mut request = (app.url("/ws").replacen("http", "ws", 1) + &query).into_client_request()?;
    for (name, value) in further(headers) {
        request.headers_mut().insert(HeaderName::try_from(name)?, HeaderValue::from_static(value));
    }
    let mut socket = Socket::open(request).await?;
    socket.say("hello").await?;
    ensure!(socket.hear().await?.to_text()? == "hello");
    socket.close(CloseFrame { code: CloseCode::Normal, reason: "".into() }).await?;
    first_of(app, &query, 4).await
}

/// The first requests with this query, once they have completed.
async fn first_of(app: &App, query: &str, count: usize) -> Result<Vec<AppRequest>> {
    let of_client = |log: &str| {
        let mut all = AppRequest::all(log);
        all.retain(|one| one.request.ends_with(query));
        all
    };
    app.logged("requests to complete", |viceroy, _| {
        of_client(viceroy).iter().filter(|one| one.completed).count() >= count
    })
    .await?;
    let mut all = of_client(&app.stack().viceroy_log());
    all.truncate(count);
    Ok(all)
}
