//! What a channel may be called.

use syn::LitStr;

use crate::diagnostics::Errors;

/// The runtime's `Channel::MAX_LEN`, in bytes.
const MAX_LEN: usize = 2048;

pub fn check(channel: &LitStr, endpoint: &str, errors: &mut Errors) {
    let name = channel.value();
    if name.is_empty() {
        errors.push(
            channel,
            "a channel name cannot be empty",
            format!("name what is published: `channel = \"{endpoint}\"`"),
        );
    } else if name.len() > MAX_LEN {
        let problem = format!("a channel name has at most {MAX_LEN} bytes, this one has {}", name.len());
        errors.push(channel, problem, "shorten it");
    } else if name.contains(['{', '}']) {
        let problem = match parameter(&name) {
            Some(parameter) => format!("the path of `{endpoint}` has no parameter `{parameter}`"),
            None => "`{` and `}` stand for a parameter of the path".to_owned(),
        };
        errors.push(
            channel,
            problem,
            "a channel is one fixed name in this version: write it without `{` and `}`",
        );
    }
}

/// What stands in the first pair of braces.
fn parameter(name: &str) -> Option<&str> {
    let (_, rest) = name.split_once('{')?;
    let (parameter, _) = rest.split_once('}')?;
    Some(parameter).filter(|parameter| !parameter.is_empty())
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn problems(name: &str) -> Vec<String> {
        let mut errors = Errors::default();
        check(&LitStr::new(name, Span::call_site()), "news", &mut errors);
        errors.problems()
    }

    #[test]
    fn a_channel_is_any_text() {
        for name in ["news", "a b", "a,b", "é", "\n", &"x".repeat(MAX_LEN)] {
            assert_eq!(problems(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        assert_eq!(problems(""), ["a channel name cannot be empty"]);
        assert_eq!(problems(&"é".repeat(1025)), ["a channel name has at most 2048 bytes, this one has 2050"]);
        for name in ["room-{room}", "{room}{other}"] {
            assert_eq!(problems(name), ["the path of `news` has no parameter `room`"], "{name}");
        }
        for name in ["{room", "room}", "}{", "{}"] {
            assert_eq!(problems(name), ["`{` and `}` stand for a parameter of the path"], "{name}");
        }
    }
}
