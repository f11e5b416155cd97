//! The answers to requests for no endpoint, and to wrong requests for an endpoint. All of them come before the handoff.

use anyhow::Result;
use e2e::{Answer, AppRequest, media_type, on_stack, on_stack_with, trace_hostcalls};
use reqwest::Method;

#[test]
fn the_root_lists_the_endpoints() -> Result<()> {
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
fn a_wrong_method_is_405_with_the_right_ones() -> Result<()> {
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
fn a_plain_get_of_a_websocket_is_426() -> Result<()> {
    on_stack(async |app| {
        let answer = app.get("/ws").await?;
        assert_eq!(answer.status, 426);
        assert_eq!(answer.header("upgrade"), "websocket");
        Ok(())
    })
}

/// A handoff would cost a Fanout connection and a second request.
#[test]
fn a_refused_request_is_not_handed_off() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        for (method, path) in [(Method::GET, "/nothing"), (Method::POST, "/sse"), (Method::GET, "/ws")] {
            let url = app.url(&format!("{path}?turned-away"));
            let answer = Answer::of(app.client().request(method.clone(), url)).await?;
            assert!((400..500).contains(&answer.status), "{method} {path}: {answer:?}");
        }
        let app_requests = AppRequest::all(&app.stack().viceroy_log());
        let requests = app_requests.iter().filter(|one| one.request.ends_with("?turned-away"));
        assert_eq!(requests.clone().count(), 3, "{app_requests:?}");
        for one in requests {
            let handoff = one.hostcalls.iter().find(|call| call.contains("redirect_to"));
            assert_eq!(handoff, None, "{one:?}");
        }
        Ok(())
    })
}
