//! Addresses and credentials against a stand-in, from outside of Compute and from an app on it; and what can go wrong.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use e2e::{Answer, App, StandIn, on_stack_with};
use fanout::Channel;
use fanout::grip::sig::{Key, Policy};
use fanout::publish::{Item, PublishError, Publisher, Target};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::listeners;

const PUBLISH: Channel = Channel::from_static("publish");

/// A port without a listener: tests get no port that only system services may have.
const CLOSED: u16 = 1;

/// An API token or a key. No error and no log may show it.
const SECRET: &str = "s3cret-of-32-bytes-or-a-few-more-x";

/// Publishes `hello` from outside of Compute.
fn hello(urls: &str) -> Result<(), PublishError> {
    Publisher::from_grip_urls(urls)?.publish(PUBLISH, "hello")
}

fn formats() -> Value {
    json!({
        "http-stream": {"content": "data: hello\n\n"},
        "http-response": {"code": 200, "body": "hello"},
        "ws-message": {"type": "text", "content": "hello"},
    })
}

#[test]
fn outside_of_compute_each_kind_of_credentials_goes_where_it_belongs() -> Result<()> {
    let api = StandIn::start(200, "Published\n")?;
    let host = format!("127.0.0.1:{}", api.port());
    let basic = "Basic YWJjOnMzY3JldC1vZi0zMi1ieXRlcy1vci1hLWZldy1tb3JlLXg=";
    for (url, line, authorization) in [
        (format!("http://{host}"), "POST /publish/", String::new()),
        (
            format!("http://{host}/service/abc?key={SECRET}"),
            "POST /service/abc/publish/",
            format!("Bearer {SECRET}"),
        ),
        (
            format!("http://{host}/service/abc//?key={SECRET}&x=1"),
            "POST /service/abc/publish/?x=1",
            format!("Bearer {SECRET}"),
        ),
        (format!("http://abc:{SECRET}@{host}/abc/publish/"), "POST /abc/publish/", basic.to_owned()),
    ] {
        hello(&url)?;
        let [request] = &api.received()[..] else { panic!("not one request") };
        assert_eq!(request.line, line, "{url}");
        assert_eq!(request.header("authorization"), authorization, "{url}");
        assert_eq!(request.header("content-type"), "application/json");
        assert_eq!(request.header("host"), host);
        let body: Value = serde_json::from_slice(&request.body)?;
        assert_eq!(body, json!({"items": [{"channel": "publish", "formats": formats()}]}));
    }
    hello(&format!("http://{host}?iss=realm&key={SECRET}"))?;
    let [request] = &api.received()[..] else { panic!("not one request") };
    let token = request.header("authorization").strip_prefix("Bearer ").unwrap();
    let policy = Policy::new().trust(Key::hs256(SECRET)?, "realm");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    assert_eq!(policy.verify(token.as_bytes(), now)?.issuer(), "realm");
    Ok(())
}

#[test]
fn outside_of_compute_a_list_reaches_all_and_names_the_failures() -> Result<()> {
    let [one, two] = [StandIn::start(200, "")?, StandIn::start(503, "busy")?];
    let three = StandIn::start(200, "")?;
    let urls = format!("{} {}/x\n{}", one.url(), two.url(), three.url());
    let error = hello(&urls).unwrap_err();
    assert!(error.is_transient());
    assert_eq!(
        error.to_string(),
        format!(
            "publishing to {}/x/publish/ failed: it answered 503: the fault is its own: publish again later (it \
                 said: busy)",
            two.url()
        )
    );
    for (stand_in, line) in [(&one, "POST /publish/"), (&two, "POST /x/publish/"), (&three, "POST /publish/")]
    {
        let lines: Vec<_> = stand_in.received().into_iter().map(|request| request.line).collect();
        assert_eq!(lines, [line]);
    }
    Ok(())
}

#[test]
fn outside_of_compute_a_client_of_another_kind_sends_the_same() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let api = StandIn::start(403, "no")?;
        let target = Target::from_grip_url(&format!("{}?key={SECRET}", api.url()))?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        for request in target.requests(&[Item::new(PUBLISH, "hello")])? {
            let response = client.execute(request.try_into()?).await?;
            let error = target.check_response(response.status(), &response.bytes().await?).unwrap_err();
            assert!(error.to_string().starts_with("it answered 403: "), "{error}");
        }
        assert_eq!(api.received().len(), 1);
        Ok(())
    })
}

/// The status, the text of the error, and whether to try again.
const STATUSES: [(u16, &str, bool); 8] = [
    (400, "does not understand", false),
    (401, "`purge_select`", false),
    (403, "`purge_select`", false),
    (404, "--enable=fanout", false),
    (413, "fewer or smaller", false),
    (429, "too often", true),
    (500, "later", true),
    (503, "later", true),
];

#[test]
fn outside_of_compute_each_error_says_what_to_do() -> Result<()> {
    for (status, says, transient) in STATUSES {
        // The stand-in repeats the request, as careless services do.
        let api = StandIn::start(status, SECRET)?;
        let error = hello(&format!("{}?key={SECRET}", api.url())).unwrap_err();
        assert_eq!(error.is_transient(), transient, "{error}");
        // The advice about Fastly's tokens is for Fastly alone.
        let says = if matches!(status, 401 | 403 | 404) { "GRIP_URL" } else { says };
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.contains(says) && text.contains(&status.to_string()), "{text}");
            assert!(!text.contains(SECRET), "{text}");
        }
    }

    let error = hello(&format!("http://127.0.0.1:{CLOSED}?key={SECRET}")).unwrap_err();
    assert!(error.is_transient());
    assert!(error.to_string().contains("nothing listens there"), "{error}");
    assert!(!format!("{error:?}").contains(SECRET));
    Ok(())
}

#[test]
fn outside_of_compute_a_long_answer_says_how_it_starts() -> Result<()> {
    const LONG: &[u8] = &[b'x'; 50_000];
    let api = StandIn::start(400, std::str::from_utf8(LONG)?)?;
    let error = hello(&api.url()).unwrap_err();
    assert!(error.to_string().ends_with(&format!("(it said: {})", "x".repeat(300))), "{error}");
    Ok(())
}

#[test]
fn outside_of_compute_a_redirect_is_not_followed() -> Result<()> {
    let api = StandIn::start(307, "")?;
    let error = hello(&api.url()).unwrap_err();
    assert!(error.to_string().contains("answered 307: it is at another address"), "{error}");
    assert_eq!(api.received().len(), 1);
    Ok(())
}

/// The environment of a service: a backend and a secret store for each case.
struct Service {
    folder: TempDir,
    manifest: String,
}

impl Service {
    fn new() -> Result<Self> {
        let manifest = "manifest_version = 3\nname = \"probe\"\nlanguage = \"rust\"\n".to_owned();
        Ok(Self { folder: tempfile::tempdir()?, manifest })
    }

    fn backend(&mut self, name: &str, port: u16) {
        self.manifest += &format!("[local_server.backends.{name}]\nurl = \"http://127.0.0.1:{port}\"\n");
    }

    fn secret(&mut self, store: &str, name: &str, value: &str) {
        self.manifest +=
            &format!("[[local_server.secret_stores.{store}]]\nkey = \"{name}\"\ndata = '{value}'\n");
    }

    fn write(&self) -> Result<PathBuf> {
        let path = self.folder.path().join("fastly.toml");
        fs::write(&path, &self.manifest)?;
        Ok(path)
    }

    fn run(&self, test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
        let manifest = self.write()?;
        let configure = |config: &mut cargo_fanout::stack::Config| {
            config.wasm = config.wasm.with_file_name("probe.wasm");
            config.manifest = manifest;
        };
        on_stack_with(configure, test)
    }
}

async fn from_compute(app: &App, store: &str, backend: &str) -> Result<Answer> {
    let url = app.url(&format!("/publish/now?store={store}&backend={backend}"));
    Answer::of(app.client().post(url).body("hello")).await
}

#[test]
fn on_compute_the_addresses_of_fastly_get_what_they_expect() -> Result<()> {
    let api = StandIn::start(200, "{\"status\":\"ok\"}")?;
    let mut service = Service::new()?;
    service.backend("api", api.port());
    service.backend("api-2", api.port());
    service.secret("present", "GRIP_URL", &format!("https://api.fastly.com/service/abc/?key={SECRET}"));
    service.secret("older", "GRIP_URL", &format!("https://fanout.fastly.com/abc?key={SECRET}"));
    service.secret("basic", "GRIP_URL", &format!("https://abc:{SECRET}@fanout.fastly.com/abc/publish/"));
    service.secret("token", "FASTLY_KEY", SECRET);
    service.secret("two", "GRIP_URL", "https://one.example/ https://two.example/a");
    service.run(async |app| {
        // Viceroy has sent a request to find out whether the backend is there.
        api.received();
        let basic = "Basic YWJjOnMzY3JldC1vZi0zMi1ieXRlcy1vci1hLWZldy1tb3JlLXg=";
        for (store, line, host, credentials) in [
            ("present", "POST /service/abc/publish/", "api.fastly.com", ("fastly-key", SECRET)),
            (
                "token",
                "POST /service/0000000000000000000000/publish/",
                "api.fastly.com",
                ("fastly-key", SECRET),
            ),
            ("older", "POST /abc/publish/", "fanout.fastly.com", ("authorization", basic)),
            ("basic", "POST /abc/publish/", "fanout.fastly.com", ("authorization", basic)),
        ] {
            let answer = from_compute(app, store, "api").await?;
            assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{store}");
            let requests = api.received();
            let [request] = &requests[..] else { panic!("not one request: {requests:?}") };
            assert_eq!(request.line, line, "{store}");
            assert_eq!(request.header("host"), host, "{store}");
            assert_eq!(request.header(credentials.0), credentials.1, "{store}");
            assert_eq!(request.header("content-type"), "application/json");
            let body: Value = serde_json::from_slice(&request.body)?;
            assert_eq!(body["items"][0], json!({"channel": "publish", "formats": formats()}));
        }

        assert_eq!(from_compute(app, "two", "api").await?.status, 200);
        let lines: Vec<_> = api.received().into_iter().map(|request| request.line).collect();
        assert_eq!(lines, ["POST /publish/", "POST /a/publish/"]);
        assert!(!app.stack().logs().contains(SECRET), "the secret is in a log");
        Ok(())
    })
}

#[test]
fn on_compute_each_error_says_what_to_do() -> Result<()> {
    let mut service = Service::new()?;
    let mut stand_ins = Vec::new();
    for (status, ..) in STATUSES {
        let api = StandIn::start(status, SECRET)?;
        service.backend(&format!("api{status}"), api.port());
        stand_ins.push(api);
    }
    service.backend("closed", CLOSED);
    service.secret("fastly", "GRIP_URL", &format!("https://api.fastly.com/service/abc?key={SECRET}"));
    service.secret("empty", "OTHER", "x");
    service.secret("wrong", "GRIP_URL", &format!("api.fastly.com?key={SECRET}"));
    service.run(async |app| {
        for (status, says, transient) in STATUSES {
            let answer = from_compute(app, "fastly", &format!("api{status}")).await?;
            assert_eq!(answer.status == 503, transient, "{answer:?}");
            assert!(answer.body.contains(says) && answer.body.contains(&status.to_string()), "{answer:?}");
            assert!(!answer.body.contains(SECRET), "{answer:?}");
        }
        for (store, backend, status, says) in [
            ("fastly", "closed", 503, "no answer through the backend `closed`"),
            ("fastly", "missing", 500, "the service has no backend `missing`"),
            ("missing", "closed", 500, "the service has no secret store `missing`"),
            ("empty", "closed", 500, "the secret store `empty` does not say where to publish"),
            ("wrong", "closed", 500, "does not begin with `http://` or `https://`"),
        ] {
            let answer = from_compute(app, store, backend).await?;
            assert_eq!(answer.status, status, "{answer:?}");
            assert!(answer.body.contains(says), "{answer:?}");
        }
        assert!(!app.stack().logs().contains(SECRET), "the secret is in a log");
        Ok(())
    })
}

/// A self-run Pushpin with its own issuer and key. One URL is enough for both directions.
#[test]
fn on_compute_one_url_makes_a_self_run_proxy_work() -> Result<()> {
    let mut service = Service::new()?;
    let configure = |config: &mut cargo_fanout::stack::Config| {
        config.wasm = config.wasm.with_file_name("probe.wasm");
        config.sig_iss = Some("my-pushpin".into());
        config.sig_key = Some(SECRET.into());
        let url =
            format!("http://127.0.0.1:{}?verify-iss=my-pushpin&verify-key={SECRET}", config.publish_port);
        service.backend("publisher", config.publish_port);
        service.secret("fanout", "GRIP_URL", &url);
        config.manifest = service.write().expect("the folder is there");
    };
    on_stack_with(configure, async |app| {
        let mut events = listeners::stream(app, "/publish/sse", "publish").await?;
        assert_eq!(events.status(), 200);
        let answer = Answer::of(app.client().post(app.url("/publish/now")).body("hello")).await?;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(events.heard_until("hello\n\n").await?, "data: hello\n\n");
        Ok(())
    })
}
