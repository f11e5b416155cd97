//! The page of the chat.

use fanout::prelude::*;

const PAGE: &str = include_str!("page.html");

/// Allows the one style and the one script of the page, by their hashes, and connections to this app. Nothing that a
/// client says can run. After a change of the page, a test prints the new hashes.
const POLICY: &str = concat!(
    "default-src 'none'; ",
    "style-src 'sha256-k2ttWBZptCIhd3BzJVl0Ni79hkXXNXEQc6rn35c9KZw='; ",
    "script-src 'sha256-iC8PoyXP4xmYv5twbYe8zpMSQIOcRkKKug3nKv1VQ+E='; ",
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

pub fn page() -> Response {
    Response::from_status(200).with_body_text_html(PAGE).with_header("content-security-policy", POLICY)
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding as _};
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = text.split_once(start).expect(start);
        rest.split_once(end).expect(end).0
    }

    #[test]
    fn the_policy_names_the_hashes_of_the_page() {
        for (directive, element) in [("style-src", "style"), ("script-src", "script")] {
            let (start, end) = (format!("<{element}>"), format!("</{element}>"));
            assert_eq!(PAGE.matches(&start).count(), 1, "the policy allows one {element}");
            let hash = Base64::encode_string(&Sha256::digest(between(PAGE, &start, &end)));
            let allowed = between(POLICY, &format!("{directive} '"), "'");
            assert_eq!(allowed, format!("sha256-{hash}"), "write the second one into POLICY, as {directive}");
        }
    }
}
