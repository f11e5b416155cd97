use std::borrow::Cow;

use http::Uri;
use percent_encoding::percent_decode_str;

use super::InvalidTarget;
use super::credentials::Credentials;
use super::secret::Secret;
use super::signing::Verification;

/// The parts of a `GRIP_URL`.
pub(super) struct GripUrl {
    /// The address for publish requests.
    pub(super) uri: Uri,
    pub(super) credentials: Credentials,
    pub(super) verification: Verification,
}

impl GripUrl {
    pub(super) fn parse(url: &str) -> Result<Self, InvalidTarget> {
        // `Uri` does not get the query: its values are often not encoded, and a key as JSON would be no URL.
        let url = url.trim().split('#').next().unwrap_or_default();
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        if url.is_empty() {
            return Err(InvalidTarget::Empty);
        }
        if !begins_a_url(base) {
            return Err(InvalidTarget::Scheme);
        }
        // In a path, or at the end of a key, the next URL would be part of this one.
        if url.split([',', ';']).skip(1).any(begins_a_url) {
            return Err(InvalidTarget::Separator);
        }
        let uri: Uri = base.parse().map_err(|_| InvalidTarget::NotAUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(InvalidTarget::NotAUrl)?;
        let authority = uri.authority().ok_or(InvalidTarget::NotAUrl)?.as_str();
        let (user, authority) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        // `Uri` takes any number for a port, and then has none.
        if uri.port_u16().is_none()
            && authority.ends_with(|c: char| c.is_ascii_digit())
            && authority.len() > host.len()
        {
            return Err(InvalidTarget::NotAUrl);
        }
        // Hosts have no case, and Fastly's own are known by their names.
        let authority = authority.to_ascii_lowercase();

        let (mut iss, mut key, mut verify_iss, mut verify_key) = (None, None, None, None);
        let mut rest = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match &*percent_decode_str(name).decode_utf8_lossy() {
                "iss" => iss = Some(decode(value)?),
                "key" => key = Some(Secret(decode(value)?)),
                "verify-iss" => verify_iss = Some(decode(value)?),
                "verify-key" => verify_key = Some(Secret(decode(value)?)),
                _ => rest.push(pair),
            }
        }

        let base = without_publish(uri.path());
        let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
        let publish = Uri::builder()
            .scheme(uri.scheme_str().unwrap_or("https"))
            .authority(authority.as_str())
            .path_and_query(format!("{base}/publish/{query}"))
            .build()
            .map_err(|_| InvalidTarget::NotAUrl)?;
        let credentials = match (iss, key, user) {
            (Some(issuer), Some(key), _) => Credentials::Signed { issuer, key: key.signing()? },
            (Some(_), None, _) => return Err(InvalidTarget::IssAlone),
            (None, Some(key), _) => {
                let token = key.token()?;
                match publish.host() {
                    Some("api.fastly.com") => Credentials::FastlyKey(token),
                    Some("fanout.fastly.com") => {
                        let service = base.trim_start_matches('/').split('/').next().unwrap_or_default();
                        Credentials::Basic { user: service.to_owned(), password: token }
                    }
                    _ => Credentials::Bearer(token),
                }
            }
            (None, None, Some(user)) => {
                let (user, password) = user.split_once(':').unwrap_or((user, ""));
                Credentials::Basic { user: decode(user)?, password: decode(password)? }
            }
            (None, None, None) => Credentials::None,
        };
        Ok(Self { uri: publish, credentials, verification: Verification::new(verify_iss, verify_key) })
    }
}

/// Returns `true` if a text begins as a URL does. Schemes have no case.
pub(super) fn begins_a_url(text: &str) -> bool {
    let begins =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["http://", "https://"].iter().any(begins)
}

/// Returns the path of an address without a `publish` at its end.
fn without_publish(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.strip_suffix("/publish").unwrap_or(path).trim_end_matches('/')
}

fn decode(value: &str) -> Result<String, InvalidTarget> {
    percent_decode_str(value).decode_utf8().map(Cow::into_owned).map_err(|_| InvalidTarget::NotAUrl)
}
