use super::checks::{Checks, Strict};
use super::{Key, Rejected};

/// Fanout's public key, `x` and `y`: the constant `PUBLIC_KEY_FASTLY_FANOUT_JWK` of Fastly's GRIP library for JavaScript.
const FANOUT: [&str; 2] =
    ["CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg", "7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M"];

/// The `sig_key` that Viceroy's documentation gives to every local Pushpin. It is public.
pub(crate) const VICEROY: &[u8] = b"viceroy_dev_signing_key_dont_use_in_production";

/// A trusted signer: a key, and the issuer that its tokens must name.
#[derive(Clone, Debug)]
pub struct Signer {
    key: Key,
    issuer: Box<str>,
    self_run: bool,
}

impl Signer {
    /// Returns the key that verifies its tokens.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Returns the `iss` of its tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns `true` if [`Policy::trust`] added the signer, and not [`fastly()`] or [`viceroy()`]. Clients may reach such a
    /// proxy directly, without a client request to this app.
    pub fn is_self_run(&self) -> bool {
        self.self_run
    }

    /// Returns `true` if its key is the one of [`viceroy()`].
    pub(crate) fn is_local(&self) -> bool {
        self.key.signs_as(VICEROY)
    }
}

/// The list of trusted signers. One of them is enough to accept a token. Without signers, every token is rejected.
///
/// List two keys with the same issuer while one replaces the other:
///
/// ```
/// use fanout::grip::sig::{InvalidKey, Key, Policy};
///
/// fn policy(old: &str, new: &str) -> Result<Policy, InvalidKey> {
///     Ok(Policy::new()
///         .trust(Key::hs256(new)?, "pushpin")
///         .trust(Key::hs256(old)?, "pushpin"))
/// }
/// # policy(&"o".repeat(32), &"n".repeat(32)).unwrap();
/// ```
///
/// Each further ES256 key adds one verification to every forged token, which takes about a millisecond on Compute.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    signers: Vec<Signer>,
}

impl Policy {
    /// Makes a policy without signers, which rejects every token.
    pub fn new() -> Policy {
        Policy::default()
    }

    /// Adds a signer: trusts tokens that `key` signs and whose `iss` is `issuer`.
    ///
    /// The signer counts as a proxy of your own, which clients may reach without a client request to this app. So guards run
    /// again for its requests, and guards that take the client's address refuse them. On Compute, the issuer `fastly:` with this
    /// service's id is the exception: that is Fanout, whose next key you can trust before it changes. Give a Pushpin of your
    /// own another issuer.
    ///
    /// In requests with WebSocket events, the order of the headers is checked. An intermediary between the proxy and the app
    /// must keep it.
    ///
    /// An empty issuer would not identify a signer, so it is not added.
    #[must_use]
    pub fn trust(self, key: Key, issuer: impl Into<Box<str>>) -> Policy {
        self.with(key, issuer.into(), true)
    }

    /// Returns this policy, in which every signer with the issuer of Fanout for this service counts as Fanout.
    pub(crate) fn on_service(mut self, service_id: &str) -> Policy {
        let fanout = fanout(service_id);
        for signer in self.signers.iter_mut().filter(|_| !service_id.is_empty()) {
            signer.self_run &= signer.issuer != fanout;
        }
        self
    }

    fn with(mut self, key: Key, issuer: Box<str>, self_run: bool) -> Policy {
        if !issuer.is_empty() {
            self.signers.push(Signer { key, issuer, self_run });
        }
        self
    }

    /// Removes the signers with the public key of [`viceroy()`], whatever their issuer is. Only local development may trust
    /// them.
    #[must_use]
    pub fn without_local(mut self) -> Policy {
        self.signers.retain(|signer| !signer.is_local());
        self
    }

    /// Returns the signers, in the order in which they are tried.
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// Verifies the value of a `Grip-Sig` header and returns its signer. `now` is in seconds since 1970, UTC.
    ///
    /// # Errors
    ///
    /// The first [check](super#what-a-token-must-be) that the token fails. With several signers, the one that passes the most
    /// checks counts.
    pub fn verify(&self, token: &[u8], now: u64) -> Result<&Signer, Rejected> {
        self.verify_with(&Strict, token, now)
    }

    /// Generic over the checks so that a test can leave one out; [`Strict`] is the only other implementation.
    pub(super) fn verify_with(
        &self,
        checks: &impl Checks,
        token: &[u8],
        now: u64,
    ) -> Result<&Signer, Rejected> {
        checks.length(token)?;
        let parts = checks.parts(token)?;
        let header = checks.decode(parts.header)?;
        let claims = checks.decode(parts.claims)?;
        let signature = checks.decode(parts.signature)?;
        let header = checks.header(&header)?;
        checks.critical(&header)?;
        checks.media_type(&header)?;

        let attempt = |signer: &Signer| {
            checks.algorithm(&header, &signer.key)?;
            checks.signature(&signer.key, parts.signed, &signature)?;
            let claims = checks.claims(&claims)?;
            checks.issuer(&claims, &signer.issuer)?;
            checks.expiry(&claims, now)?;
            checks.not_before(&claims, now)
        };
        let mut rejected = Rejected::NoSigner;
        for signer in &self.signers {
            match attempt(signer) {
                Ok(()) => return Ok(signer),
                Err(reason) => rejected = rejected.max(reason),
            }
        }
        Err(rejected)
    }
}

/// The issuer of Fanout's tokens for a service.
fn fanout(service_id: &str) -> Box<str> {
    format!("fastly:{service_id}").into()
}

/// Returns the policy of Fastly Compute: Fanout for the service with this id (`FASTLY_SERVICE_ID`).
///
/// Fanout's key signs for *all* its customers, and only the issuer names the service. So without an id the policy has no
/// signers.
pub fn fastly(service_id: &str) -> Policy {
    let policy = Policy::new();
    match Key::es256_jwk(FANOUT[0], FANOUT[1]) {
        Ok(key) if !service_id.is_empty() => policy.with(key, fanout(service_id), false),
        _ => policy,
    }
}

/// Returns the policy of local development: the key and the issuer that Viceroy's documentation gives to a local Pushpin.
///
/// That key is public. Use it only for an app that other people cannot reach.
pub fn viceroy() -> Policy {
    Policy::new().with(Key::constant(VICEROY), "viceroy".into(), false)
}
