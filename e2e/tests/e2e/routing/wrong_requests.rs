//! What the app says to requests that are for no endpoint, or in the wrong way. All of it is said at the edge.

use anyhow::Result;
use e2e::{Answer, Invocation, media_type, on_stack, on_stack_with, trace_hostcalls};
use reqwest::Method;

#[test]
fn the_root_says_what_there_is() -> Result<()> {
    on_stack(async |app| {
        let answer = app.get("/").await?;
        assert_eq!(answer.status, 200);
        assert_eq!(media_type(&answer.headers), "text/plain");
        for path in ["/ws", "/stream", "/sse", "/response"] {
            assert!(answer.body.contains(path), "{path} is not mentioned in {:?}", answer.body);
        }
        Ok(())
    })
}

#[test]
fn an_unknown_path_is_404() -> Result<()> {
    on_stack(async |app| {
        for path in ["/nothing", "/sse/", "/sse/more", "/SSE", "//sse", "/ss"] {
            assert_eq!(app.get(path).await?.status, 404, "{path}");
        }
        Ok(())
    })
}

#[test]
fn a_wrong_method_is_405_and_hears_which_are_right() -> Result<()> {
    on_stack(async |app| {
        for path in ["/sse", "/stream", "/response", "/ws"] {
            for method in [Method::POST, Method::PUT, Method::DELETE] {
                let request = app.client().request(method.clone(), app.url(path));
                let answer = Answer::of(request).await?;
                assert_eq!(answer.status, 405, "{method} {path}");
                let mut allowed = answer.header("allow").split(',').map(str::trim);
                assert!(allowed.any(|method| method == "GET"), "{method} {path}: {answer:?}");
            }
        }
        Ok(())
    })
}

#[test]
fn a_plain_get_of_a_websocket_hears_that_it_must_upgrade() -> Result<()> {
    on_stack(async |app| {
        let answer = app.get("/ws").await?;
        assert_eq!(answer.status, 426);
        assert_eq!(answer.header("upgrade"), "websocket");
        Ok(())
    })
}

/// A handoff would cost a Fanout connection, and a second invocation.
#[test]
fn who_is_turned_away_is_not_handed_off() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        for (method, path) in [(Method::GET, "/nothing"), (Method::POST, "/sse"), (Method::GET, "/ws")] {
            let url = app.url(&format!("{path}?turned-away"));
            let answer = Answer::of(app.client().request(method.clone(), url)).await?;
            assert!((400..500).contains(&answer.status), "{method} {path}: {answer:?}");
        }
        let invocations = Invocation::all(&app.stack().viceroy_log());
        let requests = invocations.iter().filter(|one| one.request.ends_with("?turned-away"));
        assert_eq!(requests.clone().count(), 3, "{invocations:?}");
        for one in requests {
            let handoff = one.hostcalls.iter().find(|call| call.contains("redirect_to"));
            assert_eq!(handoff, None, "{one:?}");
        }
        Ok(())
    })
}
