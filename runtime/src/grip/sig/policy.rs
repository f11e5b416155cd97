use super::checks::{Checks, Strict};
use super::{Key, Rejected};

/// Fanout's public key, `x` and `y`: the constant `PUBLIC_KEY_FASTLY_FANOUT_JWK` of Fastly's GRIP library for JavaScript.
const FANOUT: [&str; 2] =
    ["CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg", "7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M"];

/// What Viceroy's documentation gives to every local Pushpin as `sig_key`. It is no secret.
const VICEROY: &[u8] = b"viceroy_dev_signing_key_dont_use_in_production";

/// One that is believed: a key, and the issuer that its tokens must name.
#[derive(Clone, Debug)]
pub struct Signer {
    key: Key,
    issuer: Box<str>,
    self_run: bool,
}

impl Signer {
    /// The key that verifies its tokens.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The `iss` of its tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether [`Policy::trust`] named it, rather than [`fastly()`] or [`viceroy()`]: clients may reach such a proxy
    /// directly, without passing this app's edge first.
    pub fn is_self_run(&self) -> bool {
        self.self_run
    }

    /// Whether its key is the one of [`viceroy()`].
    pub(crate) fn is_local(&self) -> bool {
        self.key.signs_as(VICEROY)
    }
}

/// The signers that are believed. One is enough, and without any every token is refused.
///
/// A policy is a list and nothing else: no code of yours gives the verdict. List two keys with the same issuer while
/// one replaces the other:
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
/// Each further ES256 key costs every forged token one more verification, a good part of a millisecond.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    signers: Vec<Signer>,
}

impl Policy {
    /// A policy without signers, which refuses everything.
    pub fn new() -> Policy {
        Policy::default()
    }

    /// Believes tokens that `key` signs and whose `iss` is `issuer`.
    ///
    /// It counts as a proxy of your own, which clients may reach without passing this app's edge: guards run once more, and
    /// those that ask for the client's address refuse. On Compute the issuer `fastly:` with this service's id is the
    /// exception: that is Fanout, whose next key can be trusted so before it changes. Give a Pushpin of your own another
    /// issuer.
    ///
    /// The order of its headers is part of what it says, in requests with a WebSocket's events: nothing between it and the
    /// app may change it.
    ///
    /// An empty issuer is one that nobody can be told by, and is not added.
    #[must_use]
    pub fn trust(self, key: Key, issuer: impl Into<Box<str>>) -> Policy {
        self.with(key, issuer.into(), true)
    }

    /// This policy, in which whoever speaks as Fanout for the service with this id is Fanout.
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

    /// This policy as it counts outside of local development: without signers whose key is the one of [`viceroy()`],
    /// which everybody knows, whatever issuer they name.
    #[must_use]
    pub fn without_local(mut self) -> Policy {
        self.signers.retain(|signer| !signer.is_local());
        self
    }

    /// The signers, in the order in which they are tried.
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// Verifies the value of a `Grip-Sig` header and returns who signed it. `now` is in seconds since 1970, UTC.
    ///
    /// # Errors
    ///
    /// The first [check](super#what-a-token-must-be) that the token breaks; with several signers, for the one that it
    /// came furthest with.
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

/// The policy of Fastly Compute: Fanout, when it speaks for the service with this id (`FASTLY_SERVICE_ID`).
///
/// Fanout's key signs for *all* its customers; that a token is for this service, only its issuer says. So without an id
/// the policy has no signers.
pub fn fastly(service_id: &str) -> Policy {
    let policy = Policy::new();
    match Key::es256_jwk(FANOUT[0], FANOUT[1]) {
        Ok(key) if !service_id.is_empty() => policy.with(key, fanout(service_id), false),
        _ => policy,
    }
}

/// The policy of local development: the key and the issuer that Viceroy's documentation gives to a local Pushpin.
///
/// Everybody knows that key. Use it only where nobody else can reach the app.
pub fn viceroy() -> Policy {
    Policy::new().with(Key::constant(VICEROY), "viceroy".into(), false)
}
