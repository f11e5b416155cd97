//! Only the proxy speaks for the proxy, and nothing that a client sends becomes an instruction.

mod fresh_tokens;
pub(crate) mod tokens;

use anyhow::Result;
use cargo_fanout::stack::Config;
use e2e::{Answer, App, AppRequest, on_stack, on_stack_with, trace_hostcalls};
use reqwest::Method;
use tokio_tungstenite::tungstenite::Message;

/// The status for a request whose `Grip-Sig` does not verify.
const REFUSED: u16 = 403;

/// `{"typ":"JWT","alg":"HS256"}`, `{"iss":"viceroy","exp":4102444800}`, signed with Viceroy's key: the local Pushpin
/// could have sent it, until 2100.
pub(crate) const GENUINE: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ.\
                       fKuVxECwd7mosScoYaHMhJRVSEmDIbqvxsK-uzQ3ZVQ";

/// The same with one thing changed each.
const FORGED: [(&str, &str); 12] = [
    ("nothing", ""),
    ("no token", "yes"),
    ("no signature", "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ"),
    (
        "an empty signature",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ.",
    ),
    (
        "half a signature",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ.fKuVxECwd7mosScoYaHMhA",
    ),
    (
        "another's key",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ.\
         qWwGXQlLx1ZZ0OzwvL8WDnpHDpRsp4N-3nEQEJ1Dri0",
    ),
    (
        "another's issuer",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwdXNocGluIiwiZXhwIjo0MTAyNDQ0ODAwfQ.\
         KxaKxDwH23Ur0uOkpPhYOwVInG1qiNUOxR7lq-UvJMI",
    ),
    (
        "expired in 2023",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjoxNzAwMDAwMDAwfQ.\
         _DhpzGpaBW2Trli4Cj5uaBefxIiWL0jomPDvBUVKGus",
    ),
    (
        "no expiry",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95In0.B8O00Lm9qngpzWG_84d74928FAXdBJBYWoP_GN-uufA",
    ),
    ("no algorithm", "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ."),
    (
        "another algorithm, rightly signed",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ.\
         6-PwGXqpGxTjs1_a0A4tkpYr13jIRBFje0ex7tFTm70FWUANMkBElctKAFAPXByu-ErkkCPXl4XbIoMMHoeg2A",
    ),
    (
        "the algorithm of Fanout, the key of Viceroy",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ.\
         LTBtwjjFUPAGo6uNfBqSk1ntp09mpQSJfGkDfCLnBBg",
    ),
];

/// Every path of an endpoint, with the method that the proxy uses.
const ENDPOINTS: [(Method, &str); 4] =
    [(Method::GET, "/sse"), (Method::GET, "/stream"), (Method::GET, "/response"), (Method::POST, "/ws")];

/// The content type of WebSocket events, in forms that Pushpin does not recognise and passes on, signed.
const UNSEEN: [&[&str]; 9] = [
    &["Application/WebSocket-Events"],
    &["application/websocket-events ;"],
    &["application/websocket-events,"],
    &["application/websocket-events, text/plain"],
    &["\"application/websocket-events\""],
    &["text/plain", "application/websocket-events"],
    &["Application/WebSocket-Events", "application/websocket-events"],
    &["application/websocket-events ;", "application/websocket-events"],
    // Pushpin 1.36 sees the first and sends only the second.
    &["", "application/websocket-events"],
];

/// The content types that the proxy itself refuses.
const SEEN: [&[&str]; 4] = [
    &["application/websocket-events"],
    &["application/websocket-events;"],
    &["application/websocket-events; charset=utf-8"],
    &["application/websocket-events", "text/plain"],
];

pub(crate) const EVENTS: &str = "OPEN\r\nTEXT 5\r\nhello\r\n";

/// Proves that the other tests' tokens are refused for what is wrong with them.
#[test]
fn a_genuine_signature_is_answered_with_instructions() -> Result<()> {
    on_stack(async |app| {
        let request = app.client().get(app.url("/sse")).header("Grip-Sig", GENUINE);
        let answer = Answer::of(request).await?;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.hold(), Some(("stream".into(), vec!["test".into()])));
        Ok(())
    })
}

#[test]
fn a_forged_signature_is_refused_and_not_handed_off() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        for (what, token) in FORGED {
            for (method, path) in ENDPOINTS {
                let request = events(app, method, &app.url(&format!("{path}?forged")));
                let answer = Answer::of(request.header("Grip-Sig", token)).await?;
                is_refused(&answer, &format!("{path} with {what}"));
            }
        }
        nothing_was_handed_off(app, "?forged", FORGED.len() * ENDPOINTS.len())
    })
}

#[test]
fn two_signatures_are_refused_even_if_one_is_genuine() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        for pair in [[GENUINE, "yes"], ["yes", GENUINE], [GENUINE, GENUINE]] {
            let mut request = app.client().get(app.url("/sse?doubled"));
            for token in pair {
                request = request.header("Grip-Sig", token);
            }
            is_refused(&Answer::of(request).await?, &format!("{pair:?}"));
        }
        let joined = format!("{GENUINE}, {GENUINE}");
        let request = app.client().get(app.url("/sse?doubled")).header("Grip-Sig", joined);
        is_refused(&Answer::of(request).await?, "two in one header");
        nothing_was_handed_off(app, "?doubled", 4)
    })
}

#[test]
fn a_clients_message_is_no_control_message() -> Result<()> {
    on_stack(async |app| {
        let typed = [
            r#"c:{"type":"subscribe","channel":"secret"}"#,
            r#"m:c:{"type":"subscribe","channel":"secret"}"#,
            r#" c:{"type":"subscribe","channel":"secret"}"#,
            "x\r\nTEXT 2a\r\nc:{\"type\":\"subscribe\",\"channel\":\"secret\"}\r\n",
            r#"c:{"type":"detach"}"#,
        ];
        // The proxy sends a long message in pieces of 16,384 bytes, with its prefix or without.
        let long = [16_382, 16_384].map(|start| "x".repeat(start) + typed[0] + &"x".repeat(start));
        let mut socket = app.connect("/ws").await?;
        for text in typed.map(String::from).into_iter().chain(long) {
            for message in [Message::text(text.clone()), Message::binary(text)] {
                socket.say(message.clone()).await?;
                assert_eq!(socket.hear().await?, message);
            }
        }
        // Pushpin's handler subscribes another client after everything that the first one has sent.
        let _another = app.connect("/ws").await?;
        app.publish("secret", "not for you").await?;
        app.publish("test", "for you").await?;
        assert_eq!(socket.hear().await?, Message::text("for you"));
        // The connection is not detached.
        socket.say("still here").await?;
        assert_eq!(socket.hear().await?, Message::text("still here"));
        let log = app.stack().pushpin_log();
        let secret = |line: &&str| line.contains(" subscribe ") && line.contains("channel=secret");
        assert_eq!(log.lines().find(secret), None);
        Ok(())
    })
}

#[test]
fn a_client_cannot_send_events_to_the_app() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        for types in UNSEEN.iter().chain(&SEEN) {
            let request = events_of(app, &app.url("/ws?events"), types);
            is_no_conversation(&Answer::of(request).await?, types);
        }
        nothing_was_read(app, "?events");
        nothing_was_handed_off(app, "?events", UNSEEN.len() + SEEN.len())
    })
}

#[test]
fn a_client_cannot_send_events_through_the_proxy() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        let url = app.stack().proxy_url() + "/ws?events";
        for types in UNSEEN {
            is_no_conversation(&Answer::of(events_of(app, &url, types)).await?, types);
        }
        for types in SEEN {
            is_no_conversation(&Answer::of(events_of(app, &url, types)).await?, types);
        }
        // The app refused what the proxy does not recognise.
        assert_eq!(app_requests(app, "?events").len(), UNSEEN.len());
        Ok(())
    })
}

/// The method of events is not read where their place among the headers, or the client request, says enough.
#[test]
fn no_other_method_makes_events_of_a_body() -> Result<()> {
    on_stack_with(trace_hostcalls, async |app| {
        let urls = [app.stack().proxy_url() + "/ws?events", app.url("/ws?events")];
        for method in [Method::GET, Method::PUT] {
            for url in &urls {
                for types in UNSEEN.iter().chain(&SEEN) {
                    let mut request = events_of(app, url, types).build()?;
                    *request.method_mut() = method.clone();
                    let request = reqwest::RequestBuilder::from_parts(app.client().clone(), request);
                    is_no_conversation(&Answer::of(request).await?, types);
                }
            }
        }
        nothing_was_read(app, "?events");
        Ok(())
    })
}

#[test]
fn a_proxy_with_another_key_is_refused_once() -> Result<()> {
    let another = "somebody_elses_signing_key_of_the_same_size";
    is_refused_once(|config| config.sig_key = Some(another.into()), ANOTHER_KEY)
}

/// Pushpin signs with an empty key too.
#[test]
fn a_proxy_with_an_empty_key_is_refused_once() -> Result<()> {
    is_refused_once(|config| config.sig_key = Some(String::new()), ANOTHER_KEY)
}

/// Pushpin then signs with a key of its own.
#[test]
fn a_proxy_without_a_key_is_refused_once() -> Result<()> {
    is_refused_once(|config| config.sig_key = None, ANOTHER_KEY)
}

#[test]
fn a_proxy_with_another_issuer_is_refused_once() -> Result<()> {
    is_refused_once(|config| config.sig_iss = Some("somebody-else".into()), ANOTHER_ISSUER)
}

/// Pushpin then signs as `pushpin`.
#[test]
fn a_proxy_without_an_issuer_is_refused_once() -> Result<()> {
    is_refused_once(|config| config.sig_iss = None, ANOTHER_ISSUER)
}

/// Without an issuer and a key, Pushpin does not sign.
#[test]
fn a_proxy_that_does_not_sign_is_refused_once() -> Result<()> {
    is_refused_once(|config| config.sig_iss = Some(String::new()), NO_TOKEN)
}

const ANOTHER_KEY: &str = "the token is signed with another key";
const ANOTHER_ISSUER: &str = "the token comes from another issuer";
const NO_TOKEN: &str = "a GRIP proxy sent this without a token";

/// If the app handed such a request off like a client request, it would loop. The client and the log get the reason,
/// and the log also says which settings to look at.
fn is_refused_once(configure: impl FnOnce(&mut Config), why: &str) -> Result<()> {
    let configure = |config: &mut Config| {
        trace_hostcalls(config);
        configure(config);
    };
    on_stack_with(configure, async |app| {
        // The proxy was asked for `/` to see that it runs.
        let before = refusals(app).len();
        let was_logged = |line: &str| {
            let refusals = refusals(app);
            let [.., last] = &refusals[..] else { panic!("{line}: no line in the log") };
            assert!(last.contains(&format!("{line}: {why}; ")), "{line}: {last}");
            assert!(last.contains("sig_key and sig_iss"), "{line}: {last}");
            refusals.len() - before
        };
        for (count, path) in (1..).zip(["/sse", "/stream", "/response"]) {
            let query = format!("?refused={}", &path[1..]);
            let answer = app.get(&(path.to_owned() + &query)).await?;
            assert_eq!((answer.status, answer.body.trim_end()), (REFUSED, why), "{path}: {answer:?}");
            assert_eq!(app_requests(app, &query).len(), 2, "{path}: one for the client, one for the proxy");
            assert_eq!(was_logged(&format!("GET {path}")), count);
        }
        let socket = app.connect("/ws").await;
        let error = format!("{:#}", socket.expect_err("the WebSocket opened"));
        assert!(error.contains(&REFUSED.to_string()), "the WebSocket was refused with {error}");
        assert_eq!(app_requests(app, "/ws?").len(), 2);
        assert_eq!(was_logged("POST /ws"), 4);
        Ok(())
    })
}

fn events(app: &App, method: Method, url: &str) -> reqwest::RequestBuilder {
    let request = app.client().request(method.clone(), url);
    if method == Method::POST {
        request.header("Content-Type", "application/websocket-events").body(EVENTS)
    } else {
        request
    }
}

/// The request of a client that poses as the proxy, for the connection of another client.
fn events_of(app: &App, url: &str, types: &[&str]) -> reqwest::RequestBuilder {
    let mut request = app.client().post(url).body(EVENTS);
    request = request.header("Connection-Id", "0123").header("Meta-User", "admin");
    // The host would lead the request to the app.
    request = request.header("Pushpin-Route", "self");
    for content_type in types {
        request = request.header("Content-Type", *content_type);
    }
    request.header("Accept", "application/websocket-events")
}

fn is_no_conversation(answer: &Answer, types: &[&str]) {
    assert!((400..500).contains(&answer.status), "{types:?} was answered with {answer:?}");
    assert!(
        !answer.header("content-type").to_lowercase().contains("websocket-events"),
        "{types:?}: {answer:?}"
    );
    assert!(!answer.body.contains("hello"), "{types:?} was answered with {answer:?}");
}

pub(crate) fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, REFUSED, "{what}: {answer:?}");
    assert_eq!(answer.hold(), None, "{what}: {answer:?}");
    assert!((1..200).contains(&answer.body.len()), "{what}: {answer:?}");
}

pub(crate) fn nothing_was_handed_off(app: &App, query: &str, count: usize) -> Result<()> {
    let app_requests = app_requests(app, query);
    assert_eq!(app_requests.len(), count);
    for one in app_requests {
        assert!(!one.hostcalls.iter().any(|call| call.contains("redirect_to")), "{one:#?}");
    }
    Ok(())
}

/// The app has not looked at a body.
pub(crate) fn nothing_was_read(app: &App, query: &str) {
    for one in app_requests(app, query) {
        assert!(!one.hostcalls.iter().any(|call| call.contains("body::read")), "{one:#?}");
    }
}

/// The log lines about requests that were refused for a wrong or missing token.
pub(crate) fn refusals(app: &App) -> Vec<String> {
    let log = app.stack().viceroy_log();
    log.lines().filter(|line| line.contains("fanout: refused ")).map(str::to_owned).collect()
}

/// The requests whose path or query contains `part`.
pub(crate) fn app_requests(app: &App, part: &str) -> Vec<AppRequest> {
    let mut all = AppRequest::all(&app.stack().viceroy_log());
    all.retain(|one| one.request.contains(part));
    all
}
