//! The hostcalls of the client request and the Fanout request. The count is the same on every machine and with every
//! Pushpin.

use anyhow::Result;
use e2e::{Answer, App, AppRequest, on_app_with, on_stack_with, trace_hostcalls};

/// The client request, which is handed off.
const HANDOFF: usize = 9;

/// The Fanout request, which is answered with a hold. Each header is a hostcall, and so is a body. An event stream has
/// a keep-alive and a first comment; a poll has a timeout and a body for it.
const HOLD: [(&str, usize); 3] = [("/sse", 13), ("/stream", 11), ("/response", 13)];

#[test]
fn the_hostcalls_of_a_handoff_and_a_hold() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        for (path, count) in HOLD {
            let [handoff, hold] = requests_of(app, path).await?;
            assert_eq!(handoff.hostcalls.len(), HANDOFF, "{handoff:#?}");
            assert_eq!(hold.hostcalls.len(), count, "{hold:#?}");
        }
        Ok(())
    })
}

/// With a path parameter, and with a guard that reads a header. The guard value is one more header.
#[test]
fn the_hostcalls_of_parameters_and_guards() -> Result<()> {
    on_app_with("probe", trace_hostcalls, async |app| {
        let counts = [
            ("/language/room/a%20b", 9, 16),
            ("/language/order/literal", 9, 13),
            ("/language/guard/door/bob", 10, 14),
        ];
        let mut counted = Vec::new();
        for (path, ..) in counts {
            let [handoff, hold] = requests_of(app, path).await?;
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
        let [handoff, hold] = requests_of(app, "/sse").await?;
        let makes = |one: &AppRequest, call: &str| one.hostcalls.iter().any(|made| made == call);
        assert!(makes(&handoff, REDIRECT) && !makes(&handoff, ANSWER), "{handoff:#?}");
        assert!(makes(&hold, ANSWER) && !makes(&hold, REDIRECT), "{hold:#?}");
        Ok(())
    })
}

/// The two requests of one connection.
async fn requests_of(app: &App, path: &str) -> Result<[AppRequest; 2]> {
    let query = format!("?trace={}", path.trim_start_matches('/'));
    let url = app.url(path) + &query;
    let client = tokio::spawn(app.client().get(url).send());
    let of_client = |log: &str| {
        let mut all = AppRequest::all(log);
        all.retain(|one| one.request.ends_with(&query));
        all
    };
    app.logged("two requests to complete", |viceroy, _| {
        of_client(viceroy).iter().filter(|one| one.completed).count() == 2
    })
    .await?;
    client.abort();
    let mut all = of_client(&app.stack().viceroy_log());
    // A poll causes a third request a second later, see `App::poll`.
    all.truncate(2);
    all.try_into().map_err(|all| anyhow::anyhow!("one request made only {all:?}"))
}
