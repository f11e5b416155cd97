//! Calls and names whose tokens say where an error belongs.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// A call that stretches from one span to the other: there the compiler says what is wrong with it. The middle of the
/// path stays, so that a crate that cannot be found is not looked for in all these places.
pub(super) fn call(path: TokenStream, arguments: TokenStream, (first, last): (Span, Span)) -> TokenStream {
    let mut path: Vec<TokenTree> = path.into_iter().collect();
    // Ends that came from different macros would be no span.
    let (first, last) = (path[0].span().located_at(first), path[0].span().located_at(last));
    path.last_mut().into_iter().for_each(|token| token.set_span(last));
    // A `::` is two tokens.
    let start = path.iter().take_while(|token| matches!(token, TokenTree::Punct(_))).count().max(1);
    path[..start].iter_mut().for_each(|token| token.set_span(first));
    let arguments = quote_spanned!(last=> (#arguments));
    quote!(#(#path)* #arguments)
}

/// A name that the user's code cannot see. The underscores are for the other direction, which `mixed_site` leaves
/// open: no local can be called like a constant or static in scope.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}
