//! Members, and the guards that admit them.
//!
//! A member has a token: a JWT, signed with HS256, which another program makes when the member signs in. A page's
//! `EventSource` and `WebSocket` cannot set headers, so they send it as the query's `token`. Other clients may send
//! `Authorization: Bearer …`.

use fanout::headers::Authorization;
use fanout::headers::authorization::Bearer;
use fanout::prelude::*;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt, TimeOptions, UntrustedToken, ValidationError};
use serde::{Deserialize, Serialize};

use crate::Failed;

/// A member: the claims of a token, and the guard value.
#[derive(Clone, Serialize, Deserialize)]
pub struct Member {
    /// The name, which is not empty.
    #[serde(rename = "sub")]
    pub name: String,
    /// True if the member may publish.
    #[serde(default)]
    pub editor: bool,
}

#[derive(Deserialize)]
struct Access {
    token: Option<String>,
}

/// The member whose token the request has. So a guard takes a member as an argument.
impl<'r> FromRequest<'r> for Member {
    type Rejection = Failed;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Failed> {
        let refused = |error: &dyn std::fmt::Display| Failed::Token(error.to_string());
        let bearer =
            Option::<TypedHeader<Authorization<Bearer>>>::from_request(head).map_err(|e| refused(&e))?;
        let token = match bearer {
            Some(TypedHeader(bearer)) => Some(bearer.token().to_owned()),
            None => Query::<Access>::from_request(head).map_err(|e| refused(&e))?.0.token,
        };
        let token = token.ok_or_else(|| refused(&"there is no token"))?;
        let member = verified(&token).map_err(|e| refused(&e))?;
        // All members without a name would share one channel.
        if member.name.is_empty() { Err(refused(&"the token has no name")) } else { Ok(member) }
    }
}

/// Admits members.
pub fn member(member: Member) -> Result<Member, Failed> {
    Ok(member)
}

/// Admits members who may publish.
pub fn editor(member: Member) -> Result<Member, Failed> {
    if member.editor { Ok(member) } else { Err(Failed::NotEditor) }
}

/// Returns the claims of a token, if its signature is valid and it has not expired.
fn verified(token: &str) -> Result<Member, ValidationError> {
    let token = UntrustedToken::new(token).map_err(|_| ValidationError::InvalidSignature)?;
    let token = Hs256.validator::<Member>(&key()).validate(&token)?;
    token.claims().validate_expiration(&TimeOptions::default())?;
    let (_, claims) = token.into_parts();
    Ok(claims.custom)
}

/// The key of the secret store.
#[cfg(target_family = "wasm")]
fn key() -> Hs256Key {
    let secrets = fastly::SecretStore::open("scores").expect("the service has a secret store `scores`");
    let secret = secrets.get("token_key").expect("it has a secret `token_key`");
    Hs256Key::new(secret.plaintext())
}

/// The key of host tests, which is also that of `fastly.toml`. No service runs with it.
#[cfg(not(target_family = "wasm"))]
fn key() -> Hs256Key {
    Hs256Key::new("a key for tokens that only your own machine trusts")
}
