//! Origins, as browsers send them: those that may read a response or open a WebSocket.

use syn::LitStr;

use crate::diagnostics::{Advice, Errors, ends};

/// An origin as browsers send it.
pub fn origin(written: &LitStr, option: &str, errors: &mut Errors) -> Option<String> {
    let value = written.value();
    if value == "*" {
        return Some(value);
    }
    let Some((problem, help)) = wrong_origin(&value) else { return Some(value) };
    let words = value.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let words: Vec<_> = words.collect();
    let mut advice = Vec::new();
    if words.len() > 1 {
        let option = format!("{option} = {words:?}");
        advice.push(Advice { help: format!("write a list: `{option}`"), option });
    }
    if matches!(value.to_lowercase().as_str(), "any" | "all") {
        advice.push(Advice::write(format!("{option} = \"*\""), ""));
    }
    errors.advise(ends(written), problem, advice, help.text());
    None
}

/// The help for a mistake in an origin.
#[derive(Debug, PartialEq, Eq)]
enum Help {
    /// Another origin, which may have a second mistake, behind words.
    Origin(&'static str, String),
    Other(&'static str),
}

impl Help {
    /// The words of the help, with an origin that has no mistake.
    fn text(&self) -> String {
        match self {
            Self::Origin(before, origin) => match fixed(origin) {
                Ok(origin) => format!("{before} `{origin:?}`"),
                Err(help) => help.to_owned(),
            },
            Self::Other(help) => (*help).to_owned(),
        }
    }
}

const AS_SENT: &str =
    "write it as browsers send it: `\"https://www.example.com\"`, with a port if it has one";

/// The limit for mistakes in one origin.
const MISTAKES_SHOWN: usize = 10;

/// The origin with its mistakes mended, or the help for the first that cannot be.
fn fixed(origin: &str) -> Result<String, &'static str> {
    let mut origin = origin.to_owned();
    for _ in 0..MISTAKES_SHOWN {
        match wrong_origin(&origin) {
            None => return Ok(origin),
            Some((_, Help::Origin(_, next))) => origin = next,
            Some((_, Help::Other(help))) => return Err(help),
        }
    }
    Err(AS_SENT)
}

/// The mistake in an origin, which browsers send in one form, byte for byte, and the help.
fn wrong_origin(value: &str) -> Option<(String, Help)> {
    let Some((scheme, address)) = value.split_once("://") else {
        let origin = format!("https://{}", value.trim_start_matches('/'));
        return Some(("an origin must start with a scheme".to_owned(), Help::Origin("write", origin)));
    };
    if let Some(end) = address.find(['/', '?', '#']) {
        let origin = format!("{scheme}://{}", &address[..end]);
        return Some(("an origin cannot have a path".to_owned(), Help::Origin("write", origin)));
    }
    let problem = format!("`{value}` is not a valid origin");
    if !address.is_ascii() {
        return Some((problem, Help::Other("write the host as browsers send it, in Punycode: `xn--…`")));
    }
    let lower = value.to_lowercase();
    if lower != value {
        return Some((problem, Help::Origin("write it as browsers send it:", lower)));
    }
    // The colons of an IPv6 address are inside brackets.
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (address, None),
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let in_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match in_brackets {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port);
    if host.contains('*') {
        return Some((problem, Help::Other("write each origin: `*` cannot stand for a part of a host")));
    }
    if !is_scheme || !is_host || !port.is_none_or(is_port) {
        return Some((problem, Help::Other(AS_SENT)));
    }
    let port = port.filter(|port| matches!((scheme, *port), ("http", "80") | ("https", "443")))?;
    let problem = format!("browsers leave out `:{port}`, the default port of `{scheme}`");
    Some((problem, Help::Origin("write", format!("{scheme}://{host}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_what_browsers_send() {
        for origin in [
            "https://a.example",
            "http://localhost:8080",
            "https://a.example:80",
            "http://[::1]:3000",
            "https://[::1]",
            "https://xn--mnchen-3ya.example",
            "capacitor://localhost",
            "chrome-extension://abcdefghijklmnop",
        ] {
            assert_eq!(wrong_origin(origin), None, "{origin}");
        }
    }

    #[test]
    fn an_origin_that_would_never_match_is_a_mistake() {
        for (origin, help) in [
            ("a.example", "write `\"https://a.example\"`"),
            ("https://a.example/", "write `\"https://a.example\"`"),
            ("https://a.example:443", "write `\"https://a.example\"`"),
            ("http://[::1]:80", "write `\"http://[::1]\"`"),
            ("//A.example:443/b", "write `\"https://a.example\"`"),
            ("a b", AS_SENT),
            ("https://A.example", "write it as browsers send it: `\"https://a.example\"`"),
            ("HTTPS://a.example", "write it as browsers send it: `\"https://a.example\"`"),
            ("https://münchen.example", "write the host as browsers send it, in Punycode: `xn--…`"),
        ] {
            assert_eq!(wrong_origin(origin).unwrap().1.text(), help, "{origin}");
        }
        for origin in [
            "https://",
            "://a.example",
            "1a://a.example",
            "https://a b",
            "https://*.a.example",
            "https://me@a.example",
            "https://a.example:",
            "https://a.example:0443",
            "https://a.example:65536",
            "https://::1",
            "https://[a.example]",
        ] {
            assert_eq!(wrong_origin(origin).unwrap().0, format!("`{origin}` is not a valid origin"));
        }
    }
}
