//! The apps on their stacks, and what is sent to them.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, anyhow};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use cargo_fanout::stack::{Config, DEV_ISSUER, DEV_KEY, Stack};
use e2e::config;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt as _, Claims, Header};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde_json::json;

use crate::progress::Step;

/// The app of the README.
pub(crate) const OURS: &str = "example-app";

/// Two of its endpoints, with many requests for each sandbox.
pub(crate) const OURS_REUSED: &str = "endpoints-reuse";

/// The endpoints of the example app, which trust ES256 as on Compute.
pub(crate) const OURS_ES256: &str = "hostcalls";

/// The same with many requests for each sandbox.
pub(crate) const OURS_ES256_REUSED: &str = "reused";

/// The baseline.
pub(crate) const BY_HAND: &str = "by-hand";

/// The baseline with many requests for each sandbox.
pub(crate) const BY_HAND_REUSED: &str = "by-hand-reuse";

/// An app that reads nothing and answers with one hold.
pub(crate) const FLOOR: &str = "floor";

/// The same with many requests for each sandbox.
pub(crate) const FLOOR_REUSED: &str = "floor-reuse";

/// Starts an app on a stack of its own.
pub(crate) fn start(name: &str, configure: impl FnOnce(&mut Config)) -> Result<Stack> {
    let _step = Step::start(format!("Viceroy compiles the app `{name}`, and Pushpin starts"), 1);
    let mut config = config::of_app(name)?;
    configure(&mut config);
    Stack::start(config).with_context(|| format!("the app `{name}`"))
}

/// Starts an app as it is.
pub(crate) fn start_plain(name: &str) -> Result<Stack> {
    start(name, |_| {})
}

/// A client that keeps its connections.
pub(crate) fn client() -> Result<Client> {
    Ok(Client::builder().no_proxy().build()?)
}

/// A client each of whose requests opens a connection.
pub(crate) fn client_of_new_connections() -> Result<Client> {
    Ok(Client::builder().no_proxy().pool_max_idle_per_host(0).build()?)
}

/// The time until which a token counts: an hour from now.
fn expiry() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() + 3_600)
}

/// A `Grip-Sig` of the local proxy.
pub(crate) fn token() -> Result<String> {
    #[derive(Serialize)]
    struct Issued {
        iss: &'static str,
        exp: u64,
    }
    let claims = Claims::new(Issued { iss: DEV_ISSUER, exp: expiry()? });
    let key = Hs256Key::new(DEV_KEY.as_bytes());
    Ok(Hs256.token(&Header::empty(), &claims, &key)?)
}

/// A `Grip-Sig` as Fanout makes it, with the key that `e2e/on-compute` trusts.
pub(crate) fn es256_token() -> Result<String> {
    let part = |json: serde_json::Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
    let header = part(json!({"typ": "JWT", "alg": "ES256"}));
    let claims = part(json!({"iss": "fastly:SU1Z0isxPaozGVKXdv0eY", "exp": expiry()?}));
    let signed = format!("{header}.{claims}");
    let key = SigningKey::from_slice(&[7; 32]).map_err(|error| anyhow!("the key: {error}"))?;
    let signature: Signature = key.sign(signed.as_bytes());
    Ok(format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes())))
}

/// The Fanout request of a stream.
pub(crate) fn hold(client: &Client, stack: &Stack, path: &str, token: &str) -> RequestBuilder {
    client.get(stack.app_url() + path).header("Grip-Sig", token)
}

/// The Fanout request of a WebSocket message of `size` bytes.
pub(crate) fn message(client: &Client, stack: &Stack, size: usize, token: &str) -> RequestBuilder {
    let mut events = format!("BINARY {size:x}\r\n").into_bytes();
    events.resize(events.len() + size, b'x');
    events.extend(b"\r\n");
    client
        .post(stack.app_url() + "/ws")
        .header("Content-Type", EVENTS)
        .header("Accept", EVENTS)
        .header("Connection-Id", "1")
        .header("Grip-Sig", token)
        .body(events)
}

/// The content type of WebSocket events.
const EVENTS: &str = "application/websocket-events";

/// Adds headers as a client may send them.
pub(crate) fn with_headers(mut request: RequestBuilder, count: usize) -> RequestBuilder {
    for number in 0..count {
        request = request.header(format!("x-header-{number}"), "value");
    }
    request
}

/// The processor time of Viceroy so far, in the system's ticks of 10 ms; `None` where the system does not say it.
pub(crate) fn ticks(stack: &Stack) -> Option<u64> {
    let log = &stack.log_files()[0].1;
    let pid = fs::read_to_string(log.with_file_name("main.pid")).ok()?;
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).ok()?;
    // The name of the program comes before, and may have spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let (user, system) = (fields.split_whitespace().nth(11)?, fields.split_whitespace().nth(12)?);
    Some(user.parse::<u64>().ok()? + system.parse::<u64>().ok()?)
}
