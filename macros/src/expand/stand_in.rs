//! What still comes out where something was wrong: what other code refers to, so that only the mistake is red.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Path, Visibility};

use crate::endpoint::Endpoint;
use crate::entries::Main;
use crate::item;

use super::{implementation, stands_for, type_with_route};

/// An endpoint that is wrong is still an endpoint.
pub fn endpoint(endpoint: &Endpoint<'_>) -> TokenStream {
    let krate = &endpoint.krate;
    stands_for(endpoint, &quote!(#krate::__private::STAND_IN))
}

/// So is one that is still being written. The compiler has an error for it, and nothing is built then; the panic is
/// for a signature that the compiler can read and we cannot.
pub fn half_typed(krate: &Path, vis: &Visibility, name: &Ident) -> TokenStream {
    let unread = unread(name);
    let route = quote!(#krate::__private::stand_in(|_| const { #unread }));
    type_with_route(krate, &[], vis, name, &route)
}

/// And a type that a list names, as if it were one.
pub fn other(krate: &Path, item: TokenStream) -> Option<TokenStream> {
    let (generics, ty) = item::named_type(item)?;
    Some(implementation(krate, &generics, ty, &quote!(#krate::__private::STAND_IN), &quote!("")))
}

/// A `main` that is wrong is still a `main`, with the user's code in it. Under another name the function stays where
/// it is called, and a method where it is one.
pub fn main(main: &Main<'_>) -> TokenStream {
    let (cfgs, item) = (&main.function.cfgs, main.item);
    if main.function.is_method() {
        item.clone()
    } else if main.function.sig.ident == "main" {
        quote! {
            #(#cfgs)*
            fn main() {
                #item
            }
        }
    } else {
        quote! {
            #item

            #(#cfgs)*
            fn main() {}
        }
    }
}

/// As is one that is still being written.
pub fn half_typed_main(name: &Ident, item: &TokenStream) -> TokenStream {
    let unread = unread(name);
    quote! {
        fn main() {
            #item
            const { #unread }
        }
    }
}

fn unread(name: &Ident) -> TokenStream {
    let message = format!("the signature of `{name}` could not be read");
    quote!(::core::panic!(#message))
}
