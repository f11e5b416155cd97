//! Calls and names with spans that decide about the place of an error.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// A call from one span to the other, between which the compiler reports its errors.
pub(super) fn call(path: TokenStream, arguments: TokenStream, ends: (Span, Span)) -> TokenStream {
    let path = spanned(path, ends);
    // A path of one token is at the start.
    let first = path.clone().into_iter().next().expect("a path has tokens").span();
    let arguments = quote_spanned!(first.located_at(end(ends.1))=> (#arguments));
    quote!(#path #arguments)
}

/// A path from one span to the other. Its middle keeps its span, so that a missing crate is not reported in all these places.
pub(super) fn spanned(path: TokenStream, (first, last): (Span, Span)) -> TokenStream {
    let mut path: Vec<TokenTree> = path.into_iter().collect();
    // Ends from different macros would make no span.
    let (first, last) = (path[0].span().located_at(start(first)), path[0].span().located_at(end(last)));
    path.last_mut().into_iter().for_each(|token| token.set_span(last));
    // A `::` is two tokens.
    let start = path.iter().take_while(|token| matches!(token, TokenTree::Punct(_))).count().max(1);
    path[..start].iter_mut().for_each(|token| token.set_span(first));
    path.into_iter().collect()
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

/// A name that the user's code cannot see. The underscores keep it from meaning a constant or a static in scope, because
/// `mixed_site` hides no such item from a pattern.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}
