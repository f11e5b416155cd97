//! One sandbox serves many requests. The app of these tests takes 4.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use cargo_fanout::stack::Stack;
use e2e::{Answer, App, AppRequest, config, on_app_with, trace_hostcalls};
use tokio_tungstenite::tungstenite::Message;

use super::trust::tokens::forged::Maker;

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
        // The first request with a token makes the policy of a sandbox.
        begin(app).await?;
        for _ in 0..2 {
            let request = app.client().get(app.url("/sse")).header("Grip-Sig", crate::trust::GENUINE);
            assert!(ask(app, request).await?.hold().is_some());
        }
        assert_eq!(count(app).await?, (4, 1));
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

/// The app closes the rest of a request, and waits with two calls in place of one.
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

/// The processor time of verified holds with and without reuse, in turns, and the memory over all of them. It takes minutes: run it with
/// `cargo xtask test e2e -- reuse::a_hundred_thousand --ignored --nocapture`.
#[test]
#[ignore = "it takes minutes"]
fn a_hundred_thousand_requests_need_no_more_memory() -> Result<()> {
    const TURNS: usize = 50;
    const TURN: usize = 2_000;
    let [once, reused] = ["hostcalls", "reused"].map(|app| Stack::start(config::of_app(app)?));
    let (once, reused) = (once?, reused?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let token = Maker::es256(&[7; 32], "fastly:SU1Z0isxPaozGVKXdv0eY", now).token();
    let token = str::from_utf8(&token)?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    // The processor time of Viceroy, in ticks: the wall clock also shows the other work of the machine.
    let holds = async |stack: &Stack, count: usize| -> Result<u64> {
        let before = ticks(stack)?;
        let clients = (0..4).map(|_| {
            let request = client.get(stack.app_url() + "/sse").header("Grip-Sig", token);
            async move {
                for _ in 0..count / 4 {
                    let answer = request.try_clone().expect("it has no body").send().await?;
                    ensure!(answer.status() == 200, "{answer:?}");
                    answer.bytes().await?;
                }
                Ok(())
            }
        });
        futures_util::future::try_join_all(clients).await?;
        Ok(ticks(stack)? - before)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut alone, mut again) = (0, 0);
        let mut memory = Vec::new();
        for turn in 0..TURNS {
            // The instances without reuse need more, and show it in fewer requests.
            alone += holds(&once, TURN / 10).await? * 10;
            again += holds(&reused, TURN).await?;
            memory.push(resident(&reused)?);
            if turn % 10 == 9 {
                let pages = client.get(reused.app_url() + "/pages").send().await?.text().await?;
                eprintln!(
                    "{} holds: {} kB resident, {pages} pages in a sandbox; without reuse {:.2} times the processor time",
                    (turn + 1) * TURN,
                    memory[turn],
                    alone as f64 / again as f64,
                );
            }
        }
        // The allocator of Viceroy takes what it needs in the first turns.
        let (early, late) = (memory[TURNS / 5..TURNS / 2].iter().max(), memory[TURNS / 2..].iter().max());
        let (early, late) = early.zip(late).context("there are turns")?;
        ensure!(late * 100 <= early * 105, "resident memory grows: {memory:?}");
        Ok(())
    })
}

/// The resident memory of Viceroy, in kB.
fn resident(stack: &Stack) -> Result<u64> {
    let status = process(stack, "status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let line = line.context("the system says it")?.trim_end_matches("kB");
    Ok(line.trim().parse()?)
}

/// The processor time of Viceroy.
fn ticks(stack: &Stack) -> Result<u64> {
    let stat = process(stack, "stat")?;
    // The name of the program comes before, and may have spaces.
    let (_, fields) = stat.rsplit_once(')').context("the system says it")?;
    fields.split_whitespace().skip(11).take(2).map(|field| Ok(field.parse::<u64>()?)).sum()
}

/// A file of `/proc` about Viceroy's process.
fn process(stack: &Stack, file: &str) -> Result<String> {
    let log = stack.log_files()[0].1.clone();
    let pid = fs::read_to_string(log.with_file_name("main.pid"))?;
    Ok(fs::read_to_string(format!("/proc/{}/{file}", pid.trim()))?)
}
