//! Calls and names with spans that decide about the place of an error.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// A call from one span to the other, between which the compiler reports its errors.
pub(super) fn call(path: TokenStream, arguments: TokenStream, ends: (Span, Span)) -> TokenStream {
    call_of(span_of(&path), path, arguments, ends)
}

/// The same, for an argument that begins with a name of the user's. The call gets the macro of that name, or none. With another
/// macro, a message about the argument would show the call as a second place. A `$crate` keeps its macro, which says the crate.
pub(super) fn call_with(path: TokenStream, arguments: TokenStream, ends: (Span, Span)) -> TokenStream {
    let is_dollar_crate = path.clone().into_iter().next().is_some_and(|first| first.to_string() == "$crate");
    let of = span_of(if is_dollar_crate { &path } else { &arguments });
    call_of(of, path, arguments, ends)
}

fn call_of(of: Span, path: TokenStream, arguments: TokenStream, ends: (Span, Span)) -> TokenStream {
    let arguments = group(Delimiter::Parenthesis, arguments, of.located_at(end(ends.1)));
    spanned_of(of, path, ends).into_iter().chain([arguments.into()]).collect()
}

/// A path from one span to the other. Its middle keeps its span, so that a missing crate is not reported in all these places.
pub(super) fn spanned(path: TokenStream, ends: (Span, Span)) -> TokenStream {
    spanned_of(span_of(&path), path, ends).into_iter().collect()
}

fn spanned_of(of: Span, path: TokenStream, (first, last): (Span, Span)) -> Vec<TokenTree> {
    let mut path: Vec<TokenTree> = path.into_iter().collect();
    // Ends from different macros would make no span.
    let (first, last) = (of.located_at(start(first)), of.located_at(end(last)));
    path.last_mut().into_iter().for_each(|token| token.set_span(last));
    // A `::` is two tokens.
    let start = path.iter().take_while(|token| matches!(token, TokenTree::Punct(_))).count().max(1);
    path[..start].iter_mut().for_each(|token| token.set_span(first));
    path
}

/// The span of the first token.
fn span_of(tokens: &TokenStream) -> Span {
    tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}

/// The place before the first character of a span.
///
/// An editor takes a generated token for the user's if it has the user's place, and then shows what the token means as well.
/// An error is shown from the first token of an expression to the last, so these two need no width.
pub(super) fn start(span: Span) -> Span {
    edge(span, proc_macro::Span::start)
}

/// The place behind the last character of a span.
pub(super) fn end(span: Span) -> Span {
    edge(span, proc_macro::Span::end)
}

fn edge(span: Span, of: fn(&proc_macro::Span) -> proc_macro::Span) -> Span {
    // A test runs outside of a macro, where a span has no edges. Its tokens are nowhere then.
    if proc_macro::is_available() { of(&span.unwrap()).into() } else { Span::call_site() }
}

/// Tokens in braces at this place.
pub(super) fn braces(tokens: TokenStream, place: Span) -> Group {
    group(Delimiter::Brace, tokens, place)
}

/// Tokens between delimiters at this place.
pub(super) fn group(delimiter: Delimiter, tokens: TokenStream, place: Span) -> Group {
    let mut group = Group::new(delimiter, tokens);
    group.set_span(place);
    group
}

/// A name that the user's code cannot see. The underscores keep it from meaning a constant or a static in scope, because
/// `mixed_site` hides no such item from a pattern.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}
