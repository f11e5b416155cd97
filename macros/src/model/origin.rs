//! Origins, as browsers send them: those that may read a response or open a WebSocket.

use syn::LitStr;

use crate::diagnostics::Errors;

/// An origin as browsers send it.
pub fn origin(written: &LitStr, errors: &mut Errors) -> Option<String> {
    let value = written.value();
    if value == "*" {
        return Some(value);
    }
    match wrong_origin(&value) {
        None => Some(value),
        Some((problem, help)) => {
            errors.push(written, problem, help);
            None
        }
    }
}

/// The mistake in an origin, which browsers send in one form, byte for byte, and the help.
fn wrong_origin(value: &str) -> Option<(String, String)> {
    let Some((scheme, address)) = value.split_once("://") else {
        let help = format!("write `\"https://{}\"`", value.trim_start_matches('/'));
        return Some(("an origin must start with a scheme".to_owned(), help));
    };
    if let Some(end) = address.find(['/', '?', '#']) {
        let help = format!("write `\"{scheme}://{}\"`", &address[..end]);
        return Some(("an origin cannot have a path".to_owned(), help));
    }
    let problem = format!("`{value}` is not a valid origin");
    if !address.is_ascii() {
        return Some((problem, "write the host as browsers send it, in Punycode: `xn--…`".to_owned()));
    }
    let lower = value.to_lowercase();
    if lower != value {
        return Some((problem, format!("write it as browsers send it: `{lower:?}`")));
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
        return Some((problem, "write each origin: `*` cannot stand for a part of a host".to_owned()));
    }
    if !is_scheme || !is_host || !port.is_none_or(is_port) {
        let help = "write it as browsers send it: `\"https://www.example.com\"`, with a port if it has one";
        return Some((problem, help.to_owned()));
    }
    let port = port.filter(|port| matches!((scheme, *port), ("http", "80") | ("https", "443")))?;
    let help = format!("write `\"{scheme}://{host}\"`");
    Some((format!("browsers leave out `:{port}`, the default port of `{scheme}`"), help))
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
            ("https://A.example", "write it as browsers send it: `\"https://a.example\"`"),
            ("HTTPS://a.example", "write it as browsers send it: `\"https://a.example\"`"),
            ("https://münchen.example", "write the host as browsers send it, in Punycode: `xn--…`"),
        ] {
            assert_eq!(wrong_origin(origin).unwrap().1, help, "{origin}");
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
