//! Methods, and scripts of other origins.

use anyhow::Result;
use e2e::{Answer, App, Held, on_app, on_app_with};
use reqwest::Method;

use crate::before_handoff::{ended_before_handoff, on_traced};

#[test]
fn two_endpoints_of_a_path_differ_in_their_methods() -> Result<()> {
    on_app("probe", async |app| {
        let ask = |method: Method| {
            let request = app.client().request(method, app.url("/language/methods"));
            Answer::of(request.body("a body, with \"quotes\"\n"))
        };
        assert_eq!(app.get("/language/methods").await?.body, "got");
        for method in [Method::POST, Method::PUT] {
            let answer = ask(method.clone()).await?;
            assert_eq!(answer.body, format!("{method} a body, with \"quotes\"\n"));
        }
        Ok(())
    })
}

#[test]
fn a_long_body_is_handed_off_whole() -> Result<()> {
    on_app("probe", async |app| {
        let body = "0123456789".repeat(5000);
        let request = app.client().post(app.url("/language/methods")).body(body.clone());
        assert_eq!(Answer::of(request).await?.body, format!("POST {body}"));
        Ok(())
    })
}

#[test]
fn a_method_of_no_endpoint_of_a_path_is_405() -> Result<()> {
    on_traced(async |app| {
        for (path, allowed) in [
            ("/language/methods?manners", "GET, POST, PUT, HEAD, OPTIONS"),
            ("/language/cors/any?manners", "GET, HEAD, OPTIONS"),
        ] {
            let ask = |method: Method| Answer::of(app.client().request(method, app.url(path)));
            let delete = ask(Method::DELETE).await?;
            assert_eq!((delete.status, delete.header("allow")), (405, allowed), "{path}");
            let options = ask(Method::OPTIONS).await?;
            assert_eq!((options.status, options.header("allow")), (204, allowed), "{path}");
            let head = ask(Method::HEAD).await?;
            assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        }
        ended_before_handoff(app, "?manners", 6).await
    })
}

/// A `HEAD` gets the status of a `GET`.
#[test]
fn a_guard_refuses_a_head_too() -> Result<()> {
    on_traced(async |app| {
        let head = |path: &str| Answer::of(app.client().head(app.url(path)));
        assert_eq!(head("/language/cors/refused?head").await?.status, 403);
        assert_eq!(head("/language/number/x?head").await?.status, 404);
        assert_eq!(head("/language/number/1?head").await?.status, 200);
        ended_before_handoff(app, "?head", 3).await
    })
}

const PAGE: &str = "http://page.example";

/// The CORS headers of an answer.
fn is_allowed(answer: &Answer, what: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), PAGE, "{what}: {answer:?}");
    assert_eq!(answer.header("access-control-allow-credentials"), "true", "{what}: {answer:?}");
    assert_eq!(answer.header("vary"), "Origin", "{what}: {answer:?}");
}

fn is_not_allowed(answer: &Answer, what: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), "", "{what}: {answer:?}");
    assert_eq!(answer.header("vary"), "Origin", "{what}: {answer:?}");
}

async fn ask(app: &App, method: Method, path: &str, origin: &str) -> Result<Answer> {
    Answer::of(app.client().request(method, app.url(path)).header("Origin", origin)).await
}

#[test]
fn a_page_of_another_origin_may_read_a_hold() -> Result<()> {
    on_app("probe", async |app| {
        for (path, channel) in [("/language/cors/headers", "cors"), ("/language/cors/json", "cors,json")] {
            for (origin, allowed) in [(PAGE, PAGE), ("http://other.example", "")] {
                let request = app.client().get(app.url(path)).header("Origin", origin);
                let mut held = Held::open(request).await?;
                assert_eq!(held.header("access-control-allow-origin"), allowed, "{path} from {origin}");
                assert_eq!(held.header("vary"), "Origin", "{path} from {origin}");
                app.subscribed(path, channel).await?;
                app.publish(channel, "all").await?;
                assert_eq!(held.heard_until("all\n\n").await?, "data: all\n\n");
            }
        }
        let held = Held::open(app.client().get(app.url("/language/cors/any"))).await?;
        assert_eq!(held.header("access-control-allow-origin"), "*");
        assert_eq!(held.header("vary"), "");
        Ok(())
    })
}

#[test]
fn it_may_read_a_refusal() -> Result<()> {
    on_traced(async |app| {
        for (method, path, status) in [
            (Method::DELETE, "/language/cors/headers?no", 405),
            (Method::GET, "/language/cors/refused?no", 403),
            (Method::GET, "/language/cors/number/x?no", 404),
            (Method::GET, "/language/cors/number/%00?no", 400),
            (Method::HEAD, "/language/cors/headers?no", 200),
        ] {
            let answer = ask(app, method.clone(), path, PAGE).await?;
            assert_eq!(answer.status, status, "{method} {path}");
            is_allowed(&answer, path);
            is_not_allowed(&ask(app, method, path, "http://other.example").await?, path);
        }
        ended_before_handoff(app, "?no", 10).await
    })
}

#[test]
fn it_may_read_a_500_behind_the_proxy_and_a_403() -> Result<()> {
    on_app("probe", async |app| {
        for (path, token, status) in
            [("/language/cors/number/0", None, 500), ("/language/cors/number/1", Some("forged"), 403)]
        {
            for (origin, allowed) in [(PAGE, true), ("http://other.example", false)] {
                let mut request = app.client().get(app.url(path)).header("Origin", origin);
                if let Some(token) = token {
                    request = request.header("Grip-Sig", token);
                }
                let answer = Answer::of(request).await?;
                assert_eq!(answer.status, status, "{path}: {answer:?}");
                if allowed { is_allowed(&answer, path) } else { is_not_allowed(&answer, path) }
            }
        }
        Ok(())
    })
}

/// A service without Fanout cannot hand requests off.
#[test]
fn it_may_read_the_503_without_fanout() -> Result<()> {
    on_app_with(
        "probe",
        |config| config.fanout = false,
        async |app| {
            let path = "/language/cors/headers";
            let answer = ask(app, Method::GET, path, PAGE).await?;
            assert_eq!(answer.status, 503, "{answer:?}");
            is_allowed(&answer, path);
            is_not_allowed(&ask(app, Method::GET, path, "http://other.example").await?, path);
            let help = "enable it with `fastly products --enable=fanout`";
            app.logged(help, |viceroy, _| viceroy.contains(help)).await
        },
    )
}

#[test]
fn a_preflight_is_answered_before_the_handoff() -> Result<()> {
    on_traced(async |app| {
        let preflight = |path: &str, origin: &str| {
            let request = app.client().request(Method::OPTIONS, app.url(path)).header("Origin", origin);
            let request = request.header("Access-Control-Request-Method", "GET");
            Answer::of(request.header("Access-Control-Request-Headers", "authorization"))
        };
        for path in ["/language/cors/headers?flight", "/language/cors/refused?flight"] {
            let answer = preflight(path, PAGE).await?;
            assert_eq!(answer.status, 204);
            is_allowed(&answer, path);
            assert_eq!(answer.header("access-control-allow-methods"), "GET");
            assert_eq!(answer.header("access-control-allow-headers"), "authorization");
            is_not_allowed(&preflight(path, "http://other.example").await?, path);
        }
        ended_before_handoff(app, "?flight", 4).await
    })
}
