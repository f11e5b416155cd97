//! Calls and names with spans that decide about the place of an error.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// A call from one span to the other, between which the compiler reports its errors. The middle of the path keeps its span,
/// so that a missing crate is not reported in all these places.
pub(super) fn call(path: TokenStream, arguments: TokenStream, (first, last): (Span, Span)) -> TokenStream {
    let mut path: Vec<TokenTree> = path.into_iter().collect();
    // Ends from different macros would make no span.
    let (first, last) = (path[0].span().located_at(first), path[0].span().located_at(last));
    path.last_mut().into_iter().for_each(|token| token.set_span(last));
    // A `::` is two tokens.
    let start = path.iter().take_while(|token| matches!(token, TokenTree::Punct(_))).count().max(1);
    path[..start].iter_mut().for_each(|token| token.set_span(first));
    let arguments = quote_spanned!(last=> (#arguments));
    quote!(#(#path)* #arguments)
}

/// A name that the user's code cannot see. The underscores keep it from meaning a constant or a static in scope, because
/// `mixed_site` hides no such item from a pattern.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}
