//! A connection outlives the tokens of its requests. Pushpin's tokens are valid for an hour. Here, a server between
//! Pushpin and the app signs the requests again, with tokens that are valid for a few seconds.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use cargo_fanout::stack::{Config, DEV_ISSUER, DEV_KEY};
use e2e::{Answer, PATIENCE, on_stack_with};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderValue, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::Message;

use super::tokens::forged::Maker;

/// The lifetime of a token in seconds: longer than a busy machine needs from signature to verification.
const LIFE: u64 = 10;

#[test]
fn a_websocket_outlives_the_token_of_its_opening() -> Result<()> {
    let signer = Signer::start()?;
    let between = |config: &mut Config| config.origin_port = Some(signer.port);
    on_stack_with(between, async |app| {
        let mut socket = app.connect("/ws").await?;
        socket.say("one").await?;
        assert_eq!(socket.hear().await?, Message::text("one"));
        let opening = signer.signed("/ws").remove(0);

        // The connection idles until the token of the opening has expired.
        let deadline = Instant::now() + PATIENCE;
        let refused = loop {
            let request = app.client().get(app.url("/sse")).header("Grip-Sig", &opening.resigned);
            let answer = Answer::of(request).await?;
            if answer.status != 200 {
                break answer;
            }
            ensure!(Instant::now() < deadline, "a token for {LIFE} s is accepted after {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        assert_eq!((refused.status, &*refused.body), (403, "the token has expired\n"));

        socket.say("two").await?;
        assert_eq!(socket.hear().await?, Message::text("two"));
        app.publish("test", "three").await?;
        assert_eq!(socket.hear().await?, Message::text("three"));

        let last = signer.signed("/ws").pop().context("the opening was signed")?;
        assert!(expiry(&last.resigned)? > expiry(&opening.resigned)?);
        // The request as Pushpin sent it.
        assert!(
            expiry(&last.original)? > expiry(&opening.original)?,
            "{} and {}",
            opening.original,
            last.original
        );
        Ok(())
    })
}

fn expiry(token: &str) -> Result<u64> {
    let claims = token.split('.').nth(1).context("a token has three parts")?;
    let claims = Base64UrlUnpadded::decode_vec(claims).context("they are base64url")?;
    let claims: serde_json::Value = serde_json::from_slice(&claims)?;
    claims["exp"].as_u64().context("`exp` is a number")
}

/// The server between Pushpin and the app.
struct Signer {
    port: u16,
    signed: Arc<Mutex<Vec<Signed>>>,
}

/// A request whose token was replaced.
#[derive(Clone, Debug)]
struct Signed {
    path: String,
    original: String,
    resigned: String,
}

impl Signer {
    /// Starts the server on a thread of its own, because the stack waits for an answer through it before the test
    /// begins.
    fn start() -> Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let signed = Arc::<Mutex<Vec<Signed>>>::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let all = Arc::clone(&signed);
        thread::spawn(move || runtime.block_on(serve(listener, all)));
        Ok(Self { port, signed })
    }

    /// The requests to a path, oldest first.
    fn signed(&self, path: &str) -> Vec<Signed> {
        let all = self.signed.lock().expect("no thread panics with the lock");
        all.iter().filter(|signed| signed.path == path).cloned().collect()
    }
}

async fn serve(listener: std::net::TcpListener, all: Arc<Mutex<Vec<Signed>>>) -> Result<Infallible> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    loop {
        let (stream, _) = listener.accept().await?;
        let (client, all) = (client.clone(), Arc::clone(&all));
        let service = service_fn(move |request| forward(request, client.clone(), Arc::clone(&all)));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn forward(
    request: Request<Incoming>,
    client: reqwest::Client,
    all: Arc<Mutex<Vec<Signed>>>,
) -> Result<Response<Full<Bytes>>> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    if let Some(original) = head.headers.get("grip-sig") {
        let original = original.to_str()?.to_owned();
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = format!(r#"{{"iss":"{DEV_ISSUER}","exp":{}}}"#, now + LIFE);
        let resigned = Maker::hs256(DEV_KEY.as_bytes(), DEV_ISSUER, now).with_claims(claims);
        let resigned = String::from_utf8(resigned)?;
        head.headers.insert("grip-sig", HeaderValue::from_str(&resigned)?);
        let path = head.uri.path().to_owned();
        all.lock().expect("no thread panics with the lock").push(Signed { path, original, resigned });
    }
    // Pushpin's route has the app's own address for a host.
    let host = head.headers.get(HOST).context("a request has a host")?.to_str()?;
    let url = format!("http://{host}{}", head.uri);
    let request = client.request(head.method, url).headers(without_length(head.headers)).body(body);
    let answer = request.send().await?;
    let (status, headers) = (answer.status(), without_length(answer.headers().clone()));
    let mut response = Response::new(Full::new(answer.bytes().await?));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// The body is sent with a content length, even if it was chunked.
fn without_length(mut headers: HeaderMap) -> HeaderMap {
    headers.remove(CONTENT_LENGTH);
    headers.remove(TRANSFER_ENCODING);
    headers
}
