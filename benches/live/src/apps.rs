//! The apps on their stacks, and what is sent to them.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use cargo_fanout::stack::{Config, DEV_ISSUER, DEV_KEY, Stack};
use e2e::config;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt as _, Claims, Header};
use serde::Serialize;

/// The app of the README.
pub(crate) const OURS: &str = "example-app";

/// The baseline.
pub(crate) const BY_HAND: &str = "by-hand";

/// Starts an app on a stack of its own.
pub(crate) fn start(name: &str, configure: impl FnOnce(&mut Config)) -> Result<Stack> {
    let mut config = config::of_app(name)?;
    configure(&mut config);
    Stack::start(config).with_context(|| format!("the app `{name}`"))
}

/// A client that keeps its connections.
pub(crate) fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

/// A client each of whose requests opens a connection.
pub(crate) fn client_of_new_connections() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build()?)
}

/// A `Grip-Sig` of the local proxy, which counts for an hour.
pub(crate) fn token() -> Result<String> {
    #[derive(Serialize)]
    struct Issued {
        iss: &'static str,
        exp: u64,
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let claims = Claims::new(Issued { iss: DEV_ISSUER, exp: now + 3_600 });
    let key = Hs256Key::new(DEV_KEY.as_bytes());
    Ok(Hs256.token(&Header::empty(), &claims, &key)?)
}

/// The body of events: what a WebSocket client sent.
pub(crate) fn message(size: usize) -> Vec<u8> {
    let mut events = format!("BINARY {size:x}\r\n").into_bytes();
    events.resize(events.len() + size, b'x');
    events.extend(b"\r\n");
    events
}
