//! Guesses at values that are written as another language or library would have them.

use proc_macro2::{Delimiter, Group, Punct, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, ExprLit, ExprPath, Ident, Lit, LitStr, Path, Token, parenthesized, token};

use super::expr::expression;
use crate::diagnostics::glued;

/// A value that is not written behind a `=`: `: value`, `(value)`.
pub fn misplaced(input: ParseStream<'_>) -> syn::Result<Option<Expr>> {
    while input.fork().parse::<Punct>().is_ok_and(|punct| ":=>".contains(punct.as_char())) {
        input.parse::<Punct>()?;
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(None);
    }
    if input.peek(token::Paren) {
        let value;
        parenthesized!(value in input);
        return Ok(syn::parse2(value.parse()?).ok());
    }
    Ok(expression(input)?.ok())
}

/// Guesses at the value that was meant, the likeliest first. Some are not values of the option.
pub fn guesses(value: &Expr) -> Vec<String> {
    let mut guesses = Vec::new();
    match value {
        Expr::Lit(_) | Expr::Path(_) => guesses.push(glued(value)),
        Expr::Call(call) if text(value).is_none() => guesses.extend([spaced(value), glued(&call.func)]),
        Expr::Array(_) | Expr::Tuple(_) => guesses.push(spaced(value)),
        _ => {}
    }
    if let Some(elements) = list(value) {
        let elements: Vec<_> = elements.iter().map(spaced).collect();
        guesses.push(format!("[{}]", elements.join(", ")));
    }
    if let Expr::Array(array) = value
        && let [one] = &array.elems.iter().collect::<Vec<_>>()[..]
    {
        guesses.push(spaced(one));
    }
    if let Some(text) = template(value).or_else(|| joined(value)) {
        guesses.extend(of_text(&text));
    }
    guesses
}

/// Guesses at the value that was meant by tokens that are not an expression.
pub fn of_tokens(tokens: &TokenStream) -> Vec<String> {
    let mut strings = Vec::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => strings.extend(group.stream()),
            token => strings.push(token),
        }
    }
    let literals: Vec<_> = strings
        .iter()
        .filter(|token| matches!(token, TokenTree::Literal(_)))
        .map(ToString::to_string)
        .collect();
    if literals.is_empty() { of_text(&glued(tokens)) } else { vec![format!("[{}]", literals.join(", "))] }
}

/// Guesses at the value that was meant by a text.
fn of_text(text: &str) -> Vec<String> {
    let mut guesses = vec![format!("{text:?}")];
    let word = text.trim();
    if matches!(word.to_lowercase().as_str(), "any" | "all" | "everyone" | "anywhere") {
        guesses.push("\"*\"".to_owned());
    }
    let upper = word.to_uppercase();
    guesses.push(format!("{upper:?}"));
    if word.contains(['.', ':']) || word == "localhost" {
        guesses.push(format!("{:?}", format!("https://{}", word.trim_start_matches('/'))));
    }
    let mut each: Vec<_> =
        word.split(|c: char| c == ',' || c.is_whitespace()).filter(|one| !one.is_empty()).collect();
    each.dedup();
    guesses.push(format!("{each:?}"));
    guesses.push(format!(
        "{:?}",
        upper
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|one| !one.is_empty())
            .collect::<Vec<_>>()
    ));
    if !word.contains("://") {
        guesses.push(format!("{:?}", format!("/{}", word.trim_start_matches('/'))));
    }
    if syn::parse_str::<Lit>(word).is_ok() || syn::parse_str::<Path>(word).is_ok() {
        guesses.push(word.to_owned());
    }
    guesses
}

/// The text of literals, names and operators, as it was probably meant.
fn joined(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Int(number) => Some(number.base10_digits().to_owned()),
            Lit::Float(number) => Some(number.base10_digits().to_owned()),
            Lit::Char(c) => Some(c.value().to_string()),
            Lit::ByteStr(bytes) => String::from_utf8(bytes.value()).ok(),
            _ => None,
        },
        Expr::Path(ExprPath { path, .. }) => Some(path.segments.last()?.ident.unraw().to_string()),
        Expr::Binary(binary) => {
            let between = if matches!(binary.op, BinOp::Add(_)) { String::new() } else { glued(binary.op) };
            Some(format!("{}{between}{}", joined(&binary.left)?, joined(&binary.right)?))
        }
        // A name in braces is a template that lacks its quotes.
        Expr::Block(_) => Some(glued(value)).filter(|text| !text.contains('"')),
        Expr::Paren(paren) => joined(&paren.expr),
        Expr::Group(group) => joined(&group.expr),
        Expr::Reference(reference) => joined(&reference.expr),
        value => Some(text(value)?.value()),
    }
}

/// Tokens as they were probably written, with a space behind each comma and between two words.
pub fn spaced(tokens: impl ToTokens) -> String {
    let mut written = String::new();
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    for token in tokens.to_token_stream() {
        if written.ends_with(is_word) && token.to_string().starts_with(is_word) {
            written.push(' ');
        }
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => written.push_str(", "),
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => {
                let outside = glued(Group::new(group.delimiter(), TokenStream::new()));
                let (open, close) = outside.split_at(1);
                written.extend([open, spaced(group.stream()).trim_end_matches(", "), close]);
            }
            token => written.push_str(&glued(token)),
        }
    }
    written
}

/// The elements of a list in other brackets: `("a", "b")`, `&["a", "b"]`, `vec!["a", "b"]`.
pub fn list(value: &Expr) -> Option<Vec<Expr>> {
    let elements: Vec<_> = match value {
        Expr::Tuple(tuple) => tuple.elems.iter().cloned().collect(),
        Expr::Reference(reference) => match &*reference.expr {
            Expr::Array(array) => array.elems.iter().cloned().collect(),
            _ => return None,
        },
        Expr::Macro(call) if call.mac.path.is_ident("vec") => arguments(call.mac.tokens.clone())?,
        _ => return None,
    };
    Some(elements).filter(|elements| !elements.is_empty())
}

/// A pair in one string, in the form of a sent header: `"X-Feed: live"`.
pub fn pair(value: &Expr) -> Option<(String, String)> {
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value else { return None };
    let text = text.value();
    let (name, value) = text.split_once(':')?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

/// The name of a parameter in `"{room}"`, `{room}` or `&room`.
pub fn parameter(value: &Expr) -> Option<String> {
    let name = match value {
        Expr::Block(block) => glued(&block.block).strip_prefix('{')?.strip_suffix('}')?.to_owned(),
        Expr::Reference(reference) => glued(&reference.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            text.value().strip_prefix('{')?.strip_suffix('}')?.to_owned()
        }
        _ => return None,
    };
    syn::parse_str::<Ident>(&name).is_ok().then_some(name)
}

/// A `format!` as a string with path parameters.
pub fn template(value: &Expr) -> Option<String> {
    let Expr::Macro(call) = value else { return None };
    call.mac.path.is_ident("format").then_some(())?;
    let mut arguments = arguments(call.mac.tokens.clone())?.into_iter();
    let Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = arguments.next() else { return None };
    arguments.try_fold(text.value(), |text, argument| match argument {
        Expr::Path(_) => Some(text.replacen("{}", &format!("{{{}}}", glued(argument)), 1)),
        _ => None,
    })
}

/// The text inside the conversion to a string or another type: `"news".to_string()`, `Channel::new("news")`.
pub fn text(value: &Expr) -> Option<LitStr> {
    let text = match value {
        Expr::MethodCall(call) if call.args.is_empty() => &*call.receiver,
        Expr::Call(call) => match (&*call.func, call.args.first()) {
            (Expr::Path(function), Some(text)) if call.args.len() == 1 => {
                let ty = function.path.segments.iter().rev().nth(1)?;
                ty.ident.to_string().starts_with(char::is_uppercase).then_some(text)?
            }
            _ => return None,
        },
        _ => return None,
    };
    match text {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

/// The call of a function without the quotes or the operator around it.
pub fn function(value: &Expr) -> Option<(String, &'static str)> {
    let named = |value: &Expr| {
        let (function, arguments) = match value {
            Expr::Call(call) => (&*call.func, call.args.iter().map(glued).collect()),
            function => (function, Vec::new()),
        };
        let Expr::Path(path) = function else { return None };
        let arguments =
            if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        Some(format!("{}{arguments}", glued(path)))
    };
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            Some((named(&text.parse().ok()?)?, ", without quotes"))
        }
        Expr::Try(value) => Some((named(&value.expr)?, "")),
        Expr::Reference(value) => Some((named(&value.expr)?, "")),
        Expr::Array(value) if value.elems.len() == 1 => Some((named(&value.elems[0])?, ", without brackets")),
        _ => None,
    }
}

/// The functions in a list, or beside operators.
pub fn functions(value: &Expr) -> Option<Vec<String>> {
    let each: Vec<&Expr> = match value {
        Expr::Macro(_) => vec![value],
        Expr::Array(array) => array.elems.iter().collect(),
        Expr::Tuple(tuple) => tuple.elems.iter().collect(),
        Expr::Binary(binary) => vec![&binary.left, &binary.right],
        Expr::Unary(unary) => vec![&unary.expr],
        _ => return None,
    };
    let named = |value: &Expr| match value {
        Expr::Path(path) => Some(vec![glued(path)]),
        Expr::Call(call) if matches!(*call.func, Expr::Path(_)) => Some(vec![glued(&call.func)]),
        Expr::Macro(call) => Some(vec![format!("{}!", glued(&call.mac.path))]),
        Expr::Paren(paren) => functions(&paren.expr),
        several => functions(several),
    };
    let each: Option<Vec<_>> = each.into_iter().map(named).collect();
    each.map(|each| each.concat()).filter(|each| !each.is_empty())
}

/// The name inside quotes.
pub fn unquoted(value: &Expr) -> Option<Ident> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.parse().ok(),
        _ => None,
    }
}

/// The unit of a time.
pub fn unit(written: &str) -> &str {
    match written {
        "sec" | "secs" | "second" | "seconds" | "S" | "" => "s",
        "min" | "mins" | "minute" | "minutes" | "M" => "m",
        "hr" | "hrs" | "hour" | "hours" | "H" => "h",
        unit => unit,
    }
}

fn arguments(tokens: TokenStream) -> Option<Vec<Expr>> {
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens).ok()?;
    Some(arguments.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(written: &str) -> Expr {
        syn::parse_str(written).expect("an expression")
    }

    #[test]
    fn a_value_is_found_behind_anything() {
        for written in [": \"a b\"", "(\"a b\")", "\"a b\"", ":= \"a b\"", "=> \"a b\"", "== \"a b\""] {
            let value = misplaced.parse_str(written).unwrap().unwrap();
            assert_eq!(glued(value), "\"a b\"", "{written}");
        }
        assert!(misplaced.parse_str("()").unwrap().is_none());
        assert!(misplaced.parse_str(":").unwrap().is_none());
    }

    #[test]
    fn lists_of_other_shapes_are_lists() {
        for written in ["(\"a\", \"b\")", "&[\"a\", \"b\"]", "vec![\"a\", \"b\"]"] {
            assert_eq!(list(&value(written)).unwrap().len(), 2, "{written}");
        }
        assert!(list(&value("()")).is_none() && list(&value("\"a\"")).is_none());
    }

    #[test]
    fn a_formatted_text_is_a_template() {
        let template = |written| template(&value(written));
        assert_eq!(template("format!(\"room-{room}\")").unwrap(), "room-{room}");
        assert_eq!(template("format!(\"{}-{}\", room, user)").unwrap(), "{room}-{user}");
        assert_eq!(template("format!(\"{}\", 1 + 1)"), None);
    }

    #[test]
    fn a_parameter_is_a_name() {
        let parameter = |written| parameter(&value(written));
        assert_eq!(parameter("&room").unwrap(), "room");
        assert_eq!(parameter("\"{room}\"").unwrap(), "room");
        assert_eq!(parameter("{room}").unwrap(), "room");
        assert_eq!(parameter("\"room\""), None);
    }

    #[test]
    fn a_text_is_found_in_its_conversion() {
        for written in
            ["\"news\".to_string()", "Channel::new(\"news\")", "std::string::String::from(\"news\")"]
        {
            assert_eq!(text(&value(written)).unwrap().value(), "news", "{written}");
        }
        for written in ["\"news\"", "topics(\"news\")", "auth::topics(\"news\")", "Channel::new(news)"] {
            assert!(text(&value(written)).is_none(), "{written}");
        }
    }

    #[test]
    fn several_functions_are_found_in_lists_and_between_operators() {
        let functions = |written| functions(&value(written));
        for written in ["[a, b::c]", "(a, b::c)", "a && b::c", "a | b::c(room)"] {
            assert_eq!(functions(written).unwrap(), ["a", "b::c"], "{written}");
        }
        assert_eq!(functions("a && (b || c)").unwrap(), ["a", "b", "c"]);
        for written in ["!a", "!a(room)", "[a]"] {
            assert_eq!(functions(written).unwrap(), ["a"], "{written}");
        }
        assert_eq!(functions("a!(b) && c").unwrap(), ["a!", "c"]);
        for written in ["a", "a + 1", "[\"a\", \"b\"]", "!1"] {
            assert_eq!(functions(written), None, "{written}");
        }
    }

    #[test]
    fn a_function_is_found_behind_quotes_and_operators() {
        let function = |written| function(&value(written));
        assert_eq!(function("\"may(room, user)\"").unwrap().0, "may(room, user)");
        assert_eq!(function("\"auth::may\"").unwrap().0, "auth::may");
        assert_eq!(function("may()?").unwrap().0, "may");
        assert_eq!(function("&may").unwrap().0, "may");
        assert_eq!(function("[may]").unwrap(), ("may".to_owned(), ", without brackets"));
        assert!(function("\"may not\"").is_none() && function("!may").is_none());
    }
}
