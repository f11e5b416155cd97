use std::fmt;

use crate::grip::sig::{Policy, Rejected};

use crate::endpoint::RequestHead;
use crate::endpoint::request::Sender;

/// The trust decision's inputs. Both functions are called only if there is a token.
pub(crate) struct Trust<'t> {
    /// The policy.
    pub(crate) policy: &'t dyn Fn() -> Policy,
    /// Seconds since 1970, UTC.
    pub(crate) now: &'t dyn Fn() -> u64,
}

/// Determines the sender of a request. A request with a `Grip-Sig` that does not verify is never handed off, because
/// it would come back with the same one.
pub(crate) fn sender(head: &RequestHead<'_>, trust: &Trust<'_>) -> Result<Sender, Refused> {
    match head.headers("grip-sig")[..] {
        // Both proxies set this header and let no client set it. A handoff of such a request would loop.
        [] if head.header("grip-feature").is_some() => Err(Refused::Unsigned),
        [] => Ok(Sender::Client),
        [token] => match (trust.policy)().verify(token.as_bytes(), (trust.now)()) {
            Ok(signer) if signer.is_self_run() => Ok(Sender::SelfRun),
            Ok(signer) if signer.is_local() => Ok(Sender::Local),
            Ok(_) => Ok(Sender::Fanout),
            Err(rejected) => Err(Refused::Token(rejected)),
        },
        _ => Err(Refused::Doubled),
    }
}

/// The reason why a request is neither from a client nor from Fanout. The text has nothing of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Its token does not verify.
    Token(Rejected),
    /// It has more than one token.
    Doubled,
    /// It comes from a proxy, but has no token.
    Unsigned,
    /// It comes from a proxy that passed on events of a client.
    ClientsEvents,
}

impl Refused {
    /// The way out, for the log. A client cannot do it.
    pub(crate) fn help(self) -> &'static str {
        match self {
            Self::Token(_) | Self::Doubled => {
                "if it was your own proxy: its sig_key and sig_iss must be what this app trusts"
            }
            Self::Unsigned => "set sig_key and sig_iss in its configuration to what this app trusts",
            Self::ClientsEvents => {
                "if it was no client: nothing between your proxy and this app may change the order of its headers"
            }
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(rejected) => rejected.fmt(f),
            Self::Doubled => f.write_str("there is more than one token"),
            Self::Unsigned => f.write_str("a GRIP proxy sent this without a token"),
            Self::ClientsEvents => f.write_str("the events are a client's own"),
        }
    }
}

/// A token that verifies, for tests: RFC 7515 appendix A.1.
#[cfg(test)]
pub(crate) mod sample {
    use super::Trust;
    use crate::grip::sig::{Key, Policy};

    pub(crate) const TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const KEY: [u8; 64] = [
        3, 35, 53, 75, 43, 15, 165, 188, 131, 126, 6, 101, 119, 123, 166, 143, 90, 179, 40, 230, 240, 84,
        201, 40, 169, 15, 132, 178, 210, 80, 46, 191, 211, 251, 90, 146, 210, 6, 71, 239, 150, 138, 180, 195,
        119, 98, 61, 34, 61, 46, 33, 114, 5, 46, 79, 8, 192, 205, 154, 245, 103, 208, 128, 163,
    ];

    /// One second before it expires.
    pub(crate) const TRUST: Trust<'_> = Trust {
        policy: &|| Policy::new().trust(Key::hs256(KEY).expect("64 bytes"), "joe"),
        now: &|| 1_300_819_379,
    };
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::sample::{TOKEN, TRUST};
    use super::*;

    fn ask(headers: &[(&'static str, &str)]) -> Result<Sender, Refused> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        sender(&RequestHead::new(&Method::GET, "/", None, &map), &TRUST)
    }

    #[test]
    fn without_a_token_it_is_a_client() {
        assert_eq!(ask(&[]), Ok(Sender::Client));
        assert_eq!(ask(&[("x-grip-sig", TOKEN)]), Ok(Sender::Client));
    }

    #[test]
    fn one_good_token_is_fanouts() {
        assert_eq!(ask(&[("grip-sig", TOKEN)]), Ok(Sender::SelfRun));
        assert_eq!(ask(&[("grip-sig", TOKEN), ("grip-feature", "status")]), Ok(Sender::SelfRun));
    }

    /// `{"typ":"JWT","alg":"HS256"}`, `{"iss":"viceroy","exp":4102444800}`, signed with Viceroy's key.
    #[test]
    fn a_local_pushpin_is_told_from_fanout() {
        let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ2aWNlcm95IiwiZXhwIjo0MTAyNDQ0ODAwfQ.\
                     fKuVxECwd7mosScoYaHMhJRVSEmDIbqvxsK-uzQ3ZVQ";
        let mut map = HeaderMap::new();
        map.insert("grip-sig", token.parse().unwrap());
        let head = RequestHead::new(&Method::GET, "/", None, &map);
        let trust = Trust { policy: &crate::grip::sig::viceroy, now: &|| 1_300_819_379 };
        assert_eq!(sender(&head, &trust), Ok(Sender::Local));
        assert!(head.sent_by(Sender::Local).had_client_request());
        assert!(!head.sent_by(Sender::SelfRun).had_client_request());
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(ask(&[("grip-sig", "")]), Err(Refused::Token(Rejected::Parts)));
        assert_eq!(ask(&[("grip-sig", &TOKEN[1..])]), Err(Refused::Token(Rejected::Encoding)));
        assert_eq!(ask(&[("grip-sig", TOKEN), ("grip-sig", TOKEN)]), Err(Refused::Doubled));
        assert_eq!(ask(&[("grip-sig", TOKEN), ("grip-sig", "")]), Err(Refused::Doubled));
        assert_eq!(ask(&[("grip-feature", "status")]), Err(Refused::Unsigned));
    }
}
