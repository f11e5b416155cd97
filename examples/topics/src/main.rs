//! `/events?topic=a&topic=b` streams what is published to the topics `a` and `b`, for clients with a token for both.
//!
//! The token is a JWT, signed with HS256, whose claim `read` lists topics. A page's `EventSource` cannot set headers, so
//! the token is the query's `token`; other clients may send `Authorization: Bearer …`.

use fanout::grip::InvalidChannel;
use fanout::http::StatusCode;
use fanout::prelude::*;
use headers::Authorization;
use headers::authorization::Bearer;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt, TimeOptions, UntrustedToken};
use serde::Deserialize;

/// The limit of topics for one client. Pushpin subscribes a connection to at most 20 channels by default, and silently
/// leaves out the rest.
const MAX_TOPICS: usize = 10;

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    topic: Vec<String>,
    token: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    read: Vec<String>,
}

type Refused = (StatusCode, String);

/// The events of some topics.
#[fanout::sse(channel = topics, guard = may_read, cors = "*")]
fn events() {}

/// Verifies the token before the handoff, so a refused client costs no connection. The guard value is the list of
/// topics.
fn may_read(
    Query(wanted): Query<Wanted>,
    bearer: Option<TypedHeader<Authorization<Bearer>>>,
) -> Result<Vec<String>, Refused> {
    let token = bearer.map(|TypedHeader(bearer)| bearer.token().to_owned()).or(wanted.token);
    let token = token.ok_or_else(|| (StatusCode::UNAUTHORIZED, "there is no token\n".to_owned()))?;
    let claims = verified(&token).map_err(|error| (StatusCode::UNAUTHORIZED, format!("{error}\n")))?;
    if !(1..=MAX_TOPICS).contains(&wanted.topic.len()) {
        return Err((StatusCode::BAD_REQUEST, format!("name 1 to {MAX_TOPICS} topics\n")));
    }
    match wanted.topic.iter().find(|topic| !claims.read.contains(topic)) {
        Some(other) => Err((StatusCode::FORBIDDEN, format!("the token is not for {other:?}\n"))),
        None => Ok(wanted.topic),
    }
}

fn topics(Guarded(topics): Guarded<&Vec<String>>) -> Result<Vec<Channel>, InvalidChannel> {
    topics.iter().map(Channel::new).collect()
}

/// Returns the claims of a token, if its signature is valid and it has not expired.
fn verified(token: &str) -> Result<Claims, jwt_compact::ValidationError> {
    let token = UntrustedToken::new(token).map_err(|_| jwt_compact::ValidationError::InvalidSignature)?;
    let token = Hs256.validator::<Claims>(&token_key()).validate(&token)?;
    token.claims().validate_expiration(&TimeOptions::default())?;
    let (_, claims) = token.into_parts();
    Ok(claims.custom)
}

/// Returns the key of the tokens, which the secret store of the service has.
#[cfg(target_family = "wasm")]
fn token_key() -> Hs256Key {
    let secrets = fastly::SecretStore::open("topics").expect("the service has a secret store `topics`");
    let secret = secrets.get("token_key").expect("it has a secret `token_key`");
    Hs256Key::new(secret.plaintext())
}

/// Returns the key of the tokens of the tests. Secret stores exist on Compute only.
#[cfg(not(target_family = "wasm"))]
fn token_key() -> Hs256Key {
    Hs256Key::new("the key of the tests")
}

#[fanout::main(events)]
fn main() {}

#[cfg(all(test, target_family = "wasm"))]
mod on_compute;
#[cfg(all(test, not(target_family = "wasm")))]
mod tests;
