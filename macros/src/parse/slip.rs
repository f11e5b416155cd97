//! The tokens that keep a value from being read, so that its error is about them alone.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::diagnostics::glued;

/// A slip inside the brackets of a value.
pub struct Slip {
    /// The tokens that are wrong.
    pub place: TokenStream,
    pub problem: &'static str,
    pub help: String,
}

/// The first slip in a value: a comma too few or too many in a list, or a type behind a path parameter that is given to a
/// function.
pub fn find(value: &TokenStream, option: &str) -> Option<Slip> {
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    match &tokens[..] {
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => in_list(list),
        [function @ .., TokenTree::Group(given)] if given.delimiter() == Delimiter::Parenthesis => {
            let path: TokenStream = function.iter().cloned().collect();
            syn::parse2::<syn::Path>(path.clone()).ok()?;
            with_type(given, option, &glued(path))
        }
        _ => None,
    }
}

fn in_list(list: &Group) -> Option<Slip> {
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let mut last: Option<TokenTree> = None;
    for token in list.stream() {
        match &last {
            before if is_comma(&token) && before.as_ref().is_none_or(is_comma) => {
                let (problem, help) = ("a value is missing before this comma", "remove the comma".to_owned());
                return Some(Slip { place: token.into(), problem, help });
            }
            Some(TokenTree::Literal(before)) if matches!(token, TokenTree::Literal(_)) => {
                let help = format!("put a `,` between two values: `{before}, {token}`");
                return Some(Slip { place: token.into(), problem: "expected a comma", help });
            }
            _ => last = Some(token),
        }
    }
    None
}

fn with_type(given: &Group, option: &str, function: &str) -> Option<Slip> {
    let tokens: Vec<TokenTree> = given.stream().into_iter().collect();
    let is = |token: &TokenTree, char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == char);
    let mut names = Vec::new();
    let mut place: Option<TokenStream> = None;
    for argument in tokens.split(|token| is(token, ',')).filter(|argument| !argument.is_empty()) {
        let [TokenTree::Ident(name), rest @ ..] = argument else { return None };
        if rest.first().is_some_and(|colon| !is(colon, ':')) {
            return None;
        }
        names.push(name.to_string());
        if !rest.is_empty() {
            place.get_or_insert_with(|| rest.iter().cloned().collect());
        }
    }
    let help = format!("write `{option} = {function}({})`", names.join(", "));
    Some(Slip { place: place?, problem: "a path parameter is given by its name alone", help })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(value: &str) -> Option<(String, String)> {
        let slip = find(&value.parse().expect("tokens"), "guard")?;
        Some((glued(slip.place), slip.help))
    }

    #[test]
    fn a_slip_is_found_where_it_is() {
        let place = |value| slip(value).map(|(place, _)| place);
        assert_eq!(place("[\"a\" \"b\"]").unwrap(), "\"b\"");
        assert_eq!(place("[\"a\",,]").unwrap(), ",");
        assert_eq!(place("[,\"a\"]").unwrap(), ",");
        let (place, help) = slip("a::may(room: &str, user)").unwrap();
        assert_eq!((&*place, &*help), (":&str", "write `guard = a::may(room, user)`"));
        for other in ["[\"a\", \"b\"]", "[a b]", "may(5 6)", "may(room user)", "\"a\"", "a + b", "may()"] {
            assert!(slip(other).is_none(), "{other}");
        }
    }
}
