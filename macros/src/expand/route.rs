//! The type that stands for an endpoint, and its route.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Generics, Path, Type, VisRestricted, Visibility};

use crate::diagnostics::ends;
use crate::model::endpoint::{Endpoint, StandsFor};

use super::tokens::{braces, end, start};

/// The type that a list names, with the items of its `impl`.
pub(super) fn stands_for(endpoint: &Endpoint<'_>, items: TokenStream) -> TokenStream {
    let Endpoint { krate, cfgs, .. } = endpoint;
    match &endpoint.stands_for {
        StandsFor::Made { name, vis } => type_with_route(krate, cfgs, vis, name, items),
        StandsFor::Own(ty) => {
            let implementation =
                |alias: &Ident| implementation_at(krate, &Generics::default(), alias, items, ends(ty));
            under_alias(cfgs, ty, implementation)
        }
    }
}

/// An `impl` of the user's type, under another name for the type. The compiler warns about an `impl` in a function for a type
/// that is outside of it, and looks at the place of that name. The user's own `impl` gets the same warning.
pub(super) fn under_alias(
    cfgs: &[Attribute],
    ty: &Type,
    implementation: impl FnOnce(&Ident) -> TokenStream,
) -> TokenStream {
    let alias = Ident::new("__Connection", Span::call_site().located_at(end(ends(ty).1)));
    let implementation = implementation(&alias);
    quote! {
        #(#cfgs)*
        const _: () = {
            type #alias = #ty;
            #implementation
        };
    }
}

/// A type with a route, for lists to name. The tokens are placed on the name, so that errors about the type are shown there.
pub(super) fn type_with_route(
    krate: &Path,
    cfgs: &[Attribute],
    vis: &Visibility,
    name: &Ident,
    items: TokenStream,
) -> TokenStream {
    let place = |edge: fn(Span) -> Span| Span::call_site().located_at(edge(name.span()));
    let nothing = braces(TokenStream::new(), place(end));
    let span = name.span();
    let implementation = implementation_at(krate, &Generics::default(), name, items, (span, span));
    let vis = made_by_attribute(vis);
    quote_spanned! {place(start)=>
        #(#cfgs)*
        #[doc(hidden)]
        #[non_exhaustive]
        #vis enum #name #nothing

        #(#cfgs)*
        #implementation
    }
}

/// The visibility, with a `pub` that the attribute writes at its place. A `pub` of a `macro_rules!` would make the compiler take the type
/// for one of the user's, and lint it.
fn made_by_attribute(vis: &Visibility) -> Visibility {
    let mut made = vis.clone();
    if let Visibility::Public(token) | Visibility::Restricted(VisRestricted { pub_token: token, .. }) =
        &mut made
    {
        token.span = Span::call_site().located_at(token.span);
    }
    made
}

pub(super) fn implementation(
    krate: &Path,
    generics: &Generics,
    ty: impl ToTokens,
    items: TokenStream,
) -> TokenStream {
    let ends = ends(&ty);
    implementation_at(krate, generics, ty, items, ends)
}

/// The same, between these places.
fn implementation_at(
    krate: &Path,
    generics: &Generics,
    ty: impl ToTokens,
    items: TokenStream,
    ends: (Span, Span),
) -> TokenStream {
    let (parameters, _, bounds) = generics.split_for_impl();
    let place = |place: Span| Span::call_site().located_at(place);
    let items = braces(items, place(end(ends.1)));
    quote_spanned!(place(start(ends.0))=> impl #parameters #krate::__private::Endpoint for #ty #bounds #items)
}
