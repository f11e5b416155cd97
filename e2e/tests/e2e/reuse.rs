//! One sandbox serves many requests. The app of these tests takes 4.

use anyhow::{Context as _, Result};
use e2e::{Answer, App, AppRequest, on_app_with, trace_hostcalls};
use tokio_tungstenite::tungstenite::Message;

const NEXT: &str = "fastly_http_downstream::next_request";

/// The sandboxes that wait or have ended, each time that they do. Every request is followed by one of both.
fn ends(viceroy_log: &str) -> usize {
    let of = |one: &AppRequest| {
        one.hostcalls.iter().filter(|call| *call == NEXT).count() + usize::from(one.completed)
    };
    AppRequest::all(viceroy_log).iter().map(of).sum()
}

/// Sends a request, and waits until its sandbox can take the next one or has ended.
async fn ask(app: &App, request: reqwest::RequestBuilder) -> Result<Answer> {
    let before = ends(&app.stack().viceroy_log());
    let answer = Answer::of(request).await?;
    app.logged("the sandbox to go on", |viceroy, _| ends(viceroy) > before).await?;
    Ok(answer)
}

/// The number of the request in its sandbox, and the policies that the sandbox has made.
async fn count(app: &App) -> Result<(u32, u32)> {
    let answer = ask(app, app.client().get(app.url("/count"))).await?;
    let (served, policies) = answer.body.split_once(' ').with_context(|| format!("{answer:?}"))?;
    Ok((served.parse()?, policies.parse()?))
}

/// Goes on until a sandbox is new, as after its first request.
async fn begin(app: &App) -> Result<()> {
    while count(app).await?.0 != 1 {}
    Ok(())
}

#[test]
fn a_sandbox_serves_requests_up_to_its_limit() -> Result<()> {
    on_app_with("reuse", trace_hostcalls, async |app| {
        begin(app).await?;
        for round in 0..3 {
            for served in [2, 3, 4, 1] {
                assert_eq!(count(app).await?.0, served, "in round {round}");
            }
        }
        // The body of `main` is one of them.
        let main = ask(app, app.client().get(app.url("/else"))).await?;
        assert_eq!((main.status, &*main.body), (200, "main 2 /else"));
        assert_eq!(count(app).await?, (3, 0));
        Ok(())
    })
}

/// As the proxy sees it, nothing is different: handoffs, guards, holds, WebSockets.
#[test]
fn connections_of_one_sandbox_are_whole() -> Result<()> {
    on_app_with("reuse", trace_hostcalls, async |app| {
        let mut held = Vec::new();
        for _ in 0..5 {
            let mut one = app.hold("/sse").await?;
            one.heard_until("data: guarded\n\n").await?;
            held.push(one);
        }
        let mut socket = app.connect("/ws").await?;
        for text in ["a", "b", "c", "d", "e", "f"] {
            socket.say(text).await?;
            assert_eq!(socket.hear().await?, Message::text(text));
        }
        app.publish("test", "to all").await?;
        assert_eq!(socket.hear().await?, Message::text("to all"));
        for one in &mut held {
            one.heard_until("data: to all\n\n").await?;
        }
        let all = AppRequest::all(&app.stack().viceroy_log());
        let reused = all.iter().flat_map(|one| &one.hostcalls).filter(|call| *call == NEXT).count();
        assert!(reused > 5, "{reused}");
        // Its first request with a token makes the policy of a sandbox.
        begin(app).await?;
        let token = crate::trust::GENUINE;
        for _ in 0..2 {
            let request = app.client().get(app.url("/sse")).header("Grip-Sig", token);
            assert!(ask(app, request).await?.hold().is_some());
        }
        assert_eq!(count(app).await?, (4, 1));
        Ok(())
    })
}

/// Other requests are neither answered by it nor lost.
#[test]
fn a_panic_ends_its_sandbox_alone() -> Result<()> {
    on_app_with("reuse", trace_hostcalls, async |app| {
        for path in ["/panics", "/panics-in-main"] {
            begin(app).await?;
            assert_eq!(count(app).await?.0, 2);
            let answer = ask(app, app.client().get(app.url(path))).await?;
            assert_eq!((answer.status, &*answer.body), (500, "internal error\n"), "{path}");
            assert_eq!(count(app).await?.0, 1, "{path}");
        }
        // At the same time as others.
        let ask = |path| tokio::spawn(app.client().get(app.url(path)).send());
        let paths = ["/count", "/panics"].into_iter().cycle().take(40);
        let all: Vec<_> = paths.map(|path| (path, ask(path))).collect();
        for (path, answer) in all {
            let status = answer.await??.status().as_u16();
            assert_eq!(status, if path == "/count" { 200 } else { 500 }, "{path}");
        }
        Ok(())
    })
}

/// What is left of a request is closed, and waiting is two calls in place of one.
#[test]
fn a_further_request_is_three_hostcalls_more() -> Result<()> {
    on_app_with("reuse", trace_hostcalls, async |app| {
        begin(app).await?;
        for _ in 0..3 {
            count(app).await?;
        }
        let all = AppRequest::all(&app.stack().viceroy_log());
        let sandbox = all.iter().rfind(|one| one.completed && one.hostcalls.iter().any(|call| call == NEXT));
        let calls = &sandbox.context("there is one")?.hostcalls;
        let requests: Vec<_> = calls.split(|call| call == NEXT).collect();
        // `body_downstream_get` or `next_request_wait`, eight of the endpoint, and two `close`.
        let counts: Vec<_> = requests.iter().map(|calls| calls.len()).collect();
        assert_eq!(counts, [12, 12, 12, 12], "{calls:#?}");
        for calls in requests {
            assert!(calls[10..] == ["fastly_http_req::close", "fastly_http_body::close"], "{calls:#?}");
        }
        Ok(())
    })
}

#[test]
fn the_memory_of_a_sandbox_does_not_grow() -> Result<()> {
    on_app_with("reuse", trace_hostcalls, async |app| {
        begin(app).await?;
        let body = "x".repeat(1_900_000);
        let mut pages = Vec::new();
        for served in 2..=4 {
            let answer = ask(app, app.client().post(app.url("/pages")).body(body.clone())).await?;
            let mut parts = answer.body.split(' ');
            assert_eq!(parts.next(), Some(&*served.to_string()));
            pages.push(parts.next().context("it answers with its memory")?.parse::<u32>()?);
            assert_eq!(parts.next().map(str::len), Some(body.len()));
        }
        assert!(pages[0] == pages[1] && pages[1] == pages[2], "{pages:?}");
        Ok(())
    })
}
