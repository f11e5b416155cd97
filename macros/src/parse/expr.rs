//! Expressions of Rust, as the values of options have them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, ExprPath, Ident, Lit, Path, Token};

use super::separated::skip;

/// An expression, or the tokens before the next comma if they are not an expression.
pub fn expression(input: ParseStream<'_>) -> syn::Result<Result<Expr, TokenStream>> {
    if let Some(value) = simple(input) {
        return Ok(Ok(value));
    }
    // Few expressions have a comma outside of brackets, as `a::<b, c>` does. For the others, a copy of the whole list would make
    // the time of long lists grow with the square of their length.
    let first = match first(skip(&input.fork())?) {
        Ok(first) => Ok(first),
        Err(_) => first(input.fork().parse()?),
    };
    match first {
        Ok((value, count)) if count > 0 => {
            (0..count).try_for_each(|_| input.parse::<TokenTree>().map(drop))?;
            Ok(Ok(ungrouped(value)))
        }
        // The expression ends inside of an invisible group, of which no token of `input` is a part.
        Ok(_) | Err(_) => Ok(Err(skip(input)?)),
    }
}

/// A literal or a path without generics, if it is the whole value. Nearly all values are, and cargo compiles this crate without
/// optimisation, so that the parser of expressions would take most of the time of an attribute.
fn simple(input: ParseStream<'_>) -> Option<Expr> {
    let ahead = input.fork();
    if ahead.cursor().group(Delimiter::None).is_some() {
        return None;
    }
    let value = if let Some((literal, _)) = ahead.cursor().literal() {
        ahead.parse::<TokenTree>().ok()?;
        Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::new(literal) })
    } else if ahead.peek(Ident) {
        let path = ahead.call(Path::parse_mod_style).ok()?;
        Expr::Path(ExprPath { attrs: Vec::new(), qself: None, path })
    } else {
        return None;
    };
    let is_whole = ahead.is_empty() || ahead.peek(Token![,]);
    is_whole.then(|| {
        input.advance_to(&ahead);
        value
    })
}

/// The expression at the start of some tokens, and the number of its tokens. It is parsed on its own, because tokens left over
/// inside its brackets would otherwise be an error of the whole list.
fn first(tokens: TokenStream) -> syn::Result<(Expr, usize)> {
    let all = tokens.clone().into_iter().count();
    let parser = |input: ParseStream<'_>| {
        let value = input.parse()?;
        // At an end inside of an invisible group, more tokens may be left than the whole has.
        Ok((value, all.saturating_sub(input.parse::<TokenStream>()?.into_iter().count())))
    };
    parser.parse2(tokens)
}

/// A value without parentheses, and without the invisible group that `macro_rules!` puts around it.
pub fn ungrouped(value: Expr) -> Expr {
    match value {
        Expr::Group(group) => ungrouped(*group.expr),
        Expr::Paren(paren) => ungrouped(*paren.expr),
        value => value,
    }
}

/// Returns `true` for a name in capitals.
pub fn is_constant_name(name: &Ident) -> bool {
    !name.to_string().contains(char::is_lowercase)
}

/// Returns `true` for a path that is named like a constant.
pub fn is_constant(value: &Expr) -> bool {
    let last = |path: &ExprPath| path.path.segments.last().is_some_and(|last| is_constant_name(&last.ident));
    matches!(value, Expr::Path(path) if last(path))
}

/// Returns `true` for this word, written without quotes.
pub fn is_word(value: &Expr, word: &str) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident(word))
}

#[cfg(test)]
mod tests {
    use proc_macro2::Group;
    use quote::{ToTokens as _, quote};

    use super::*;
    use crate::diagnostics::Errors;
    use crate::kind::Kind;
    use crate::parse::endpoint_list::List;
    use crate::parse::options;

    /// A pattern, a statement or an item from a `macro_rules!`, of which the beginning is an expression.
    #[test]
    fn an_invisible_group_of_more_than_an_expression_is_read_once() {
        for inside in ["a @ b", "a: b", "a; b", "\"a\" => b", "a b"] {
            let group = Group::new(Delimiter::None, inside.parse().expect("tokens"));
            for tokens in [quote!(#group), quote!(#group, c), quote!(#group d, c), quote!(c, #group)] {
                let mut errors = Errors::default();
                List::default().parse(tokens.clone(), &mut errors);
                assert!(!errors.is_empty(), "{inside}");
                for tokens in [tokens, quote!(channel = #group), quote!(guard = #group, strict)] {
                    let mut errors = Errors::default();
                    options::parse(Kind::Sse, "news", tokens, &mut errors);
                    assert!(!errors.is_empty(), "{inside}");
                }
            }
        }
    }

    /// Behind an expression that ends inside of such a group, more tokens can be left than there are outside of it.
    #[test]
    fn an_expression_that_ends_inside_of_an_invisible_group_is_refused() {
        let group = Group::new(Delimiter::None, "+ b, c d e f".parse().expect("tokens"));
        let mut errors = Errors::default();
        List::default().parse(quote!(a #group), &mut errors);
        options::parse(Kind::Sse, "news", quote!(guard = a #group), &mut errors);
        assert_eq!(errors.problems().len(), 2);
    }

    /// The values of a list, with those that are no expressions in brackets.
    fn values(list: &str) -> Vec<String> {
        let parser = |input: ParseStream<'_>| {
            let mut values = Vec::new();
            while !input.is_empty() {
                values.push(match expression(input)? {
                    Ok(value) => value.to_token_stream().to_string(),
                    Err(tokens) => format!("[{tokens}]"),
                });
                input.parse::<Option<syn::Token![,]>>()?;
            }
            Ok(values)
        };
        parser.parse_str(list).expect("each value is read")
    }

    #[test]
    fn a_value_ends_at_a_comma_outside_of_brackets_and_generics() {
        assert_eq!(values("a::<b, c>(d, e), f"), ["a :: < b , c > (d , e)", "f"]);
        assert_eq!(values("|a, b| a + b, c as D<E, F>"), ["| a , b | a + b", "c as D < E , F >"]);
        assert_eq!(values("a < b, c > d"), ["a < b", "c > d"]);
        assert_eq!(values("a::{b, c}, d, ="), ["[a :: { b , c }]", "d", "[=]"]);
    }
}
