//! The example `topics`: a client receives the topics of its token, and nothing else.

use anyhow::Result;
use e2e::{Answer, App, AppRequest, Held, on_app_with, trace_hostcalls};
use xtask::serve::TOPICS_TOKEN as TOKEN;

/// The same token, which expired in 2023.
const EXPIRED: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
    "eyJyZWFkIjpbIm5ld3MiLCJzcG9ydCIsImEsYiJdLCJleHAiOjE3MDAwMDAwMDB9.",
    "drErKaPTTfdiV9E1ABTI5dtCCikexrokp219UWTp2xU"
);

/// The same without an expiry.
const FOREVER: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
    "eyJyZWFkIjpbIm5ld3MiLCJzcG9ydCIsImEsYiJdfQ.",
    "Xnbpb3OAHgSkuv-zEsUj5_eAIJWgpVW69KApqqCDCf8"
);

/// The same, signed with another key.
const ANOTHERS: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
    "eyJyZWFkIjpbIm5ld3MiLCJzcG9ydCIsImEsYiJdLCJleHAiOjQxMDI0NDQ4MDB9.",
    "lpQYZEEf5kZEWdBxgO8eoz4KWZKrampfmFhMVwrHg4o"
);

/// The same, of the algorithm `none`.
const UNSIGNED: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.",
    "eyJyZWFkIjpbIm5ld3MiLCJzcG9ydCIsImEsYiJdLCJleHAiOjQxMDI0NDQ4MDB9.",
    ""
);

fn on_topics(test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    on_app_with("topics", trace_hostcalls, test)
}

#[test]
fn a_client_receives_the_topics_of_its_token() -> Result<()> {
    on_topics(async |app| {
        let path = "/events?topic=news&topic=a%2Cb";
        let mut by_header = Held::open(app.client().get(app.url(path)).bearer_auth(TOKEN)).await?;
        let with_token = format!("{path}&token={TOKEN}");
        let mut by_query = Held::open(app.client().get(app.url(&with_token))).await?;
        assert_eq!(by_query.header("access-control-allow-origin"), "*");
        for path in [path, &with_token] {
            app.subscribed(path, "news").await?;
            app.subscribed(path, "a,b").await?;
        }
        for (topic, text) in [("sport", "no"), ("a", "no"), ("b", "no"), ("news", "one"), ("a,b", "two")] {
            app.publish(topic, text).await?;
        }
        for client in [&mut by_header, &mut by_query] {
            assert_eq!(client.heard_until("two\n\n").await?, "data: one\n\ndata: two\n\n");
        }
        Ok(())
    })
}

#[test]
fn other_requests_are_refused_before_the_handoff() -> Result<()> {
    on_topics(async |app| {
        let asked = [
            ("topic=news", 401),
            ("topic=news&token=yes", 401),
            (&format!("topic=news&token={EXPIRED}"), 401),
            (&format!("topic=news&token={FOREVER}"), 401),
            (&format!("topic=news&token={ANOTHERS}"), 401),
            (&format!("topic=news&token={UNSIGNED}"), 401),
            (&format!("token={TOKEN}"), 400),
            (&format!("token={TOKEN}{}", "&topic=news".repeat(11)), 400),
            (&format!("topic=news&topic=secret&token={TOKEN}"), 403),
            (&format!("topic=News&token={TOKEN}"), 403),
            (&format!("topic=a&token={TOKEN}"), 403),
            (&format!("topic=&token={TOKEN}"), 403),
        ];
        for (query, status) in asked {
            let answer = app.get(&format!("/events?{query}")).await?;
            assert_eq!(answer.status, status, "{query}: {answer:?}");
            assert!(
                answer.body.ends_with('\n') && answer.header("access-control-allow-origin") == "*",
                "{answer:?}"
            );
        }
        let forged =
            app.client().get(app.url("/events?topic=secret")).header("fanout-guard", "WyJzZWNyZXQiXQ");
        assert_eq!(Answer::of(forged).await?.status, 401);
        let app_requests = AppRequest::all(&app.stack().viceroy_log());
        let of_clients = app_requests.iter().filter(|one| one.request.contains("/events?"));
        assert_eq!(of_clients.clone().count(), asked.len() + 1);
        for one in of_clients {
            assert!(!one.hostcalls.iter().any(|call| call.contains("redirect_to")), "{one:?}");
        }
        Ok(())
    })
}
