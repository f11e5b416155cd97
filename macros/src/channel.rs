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
    } else if let Some(parameter) = placeholder(&name) {
        errors.push(
            channel,
            format!("the path of `{endpoint}` has no parameter `{parameter}`"),
            "a channel is one fixed name in this version: write it without `{` and `}`",
        );
    }
}

/// What stands in the first pair of braces, or in an unfinished one.
fn placeholder(name: &str) -> Option<&str> {
    let start = name.find(['{', '}'])?;
    let rest = name[start..].trim_start_matches(['{', '}']);
    Some(rest.split(['{', '}']).next().unwrap_or(rest))
}
