//! The stand-in for an item with a mistake. Other code refers to it, so that only the mistake is an error.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Generics, LitStr, Path, Visibility, parse_quote};

use crate::model::app::{Listing, Main};
use crate::model::endpoint::{Endpoint, StandsFor};
use crate::parse::channels::{Channels, behind_guard};
use crate::parse::foreign;
use crate::parse::impl_block::ImplBlock;
use crate::parse::item::Item;

use super::route::{implementation, stands_for, type_with_route};

/// The stand-in for an endpoint.
pub fn endpoint(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, cfgs, path, written_channels, .. } = endpoint;
    let made = stands_for(endpoint, with_route(krate, quote!(#krate::__private::STAND_IN)));
    let channels = match &endpoint.stands_for {
        StandsFor::Made { name, vis } => {
            let generics = Generics::default();
            constructor(krate, cfgs, &generics, name, vis, written_channels.as_ref(), &path.value())
        }
        StandsFor::Own(_) => None,
    };
    quote!(#made #channels)
}

/// The stand-in for a function that is unfinished. The compiler reports an error for it. The panic is for a signature that
/// the compiler can read and this crate cannot.
pub fn half_typed(krate: &Path, vis: &Visibility, name: &Ident, channels: Option<&Channels>) -> TokenStream {
    let unread = unread(krate, name);
    let route = quote!(#krate::__private::stand_in(|_| const { #unread }));
    let made = type_with_route(krate, &[], vis, name, with_route(krate, route));
    let channels = constructor(krate, &[], &Generics::default(), name, vis, channels, "");
    quote!(#made #channels)
}

/// The stand-in for a connection type, with the path of its endpoint.
pub fn connection(
    krate: &Path,
    block: &ImplBlock,
    channels: Option<&Channels>,
    path: &str,
) -> Option<TokenStream> {
    let ImplBlock { cfgs, generics, ty, half_typed, .. } = block;
    let name = block.own_name()?;
    let unread = unread(krate, &name);
    let route = if *half_typed {
        quote!(#krate::__private::stand_in(|_| const { #unread }))
    } else {
        quote!(#krate::__private::STAND_IN)
    };
    let implementation = implementation(krate, generics, ty, with_route(krate, route));
    let channels = constructor(krate, cfgs, generics, ty, &parse_quote!(pub), channels, path);
    Some(quote!(#(#cfgs)* #implementation #channels))
}

/// The stand-in for a type that a list may name as if it were an endpoint.
pub fn other(krate: &Path, item: &Item, channels: Option<&Channels>) -> Option<TokenStream> {
    let (generics, ty) = item.named_type()?;
    let implementation =
        implementation(krate, generics, &ty, with_route(krate, quote!(#krate::__private::STAND_IN)));
    let channels = constructor(krate, &[], generics, ty, &parse_quote!(pub), channels, "");
    Some(quote!(#implementation #channels))
}

/// The stand-in for a list, which is empty.
pub fn list(listing: Listing<'_>) -> TokenStream {
    super::list(&Listing { entries: Vec::new(), ..listing })
}

/// The constructor of the channels, with a parameter for each name in braces, and for each name of the path in the spelling of another
/// router: the error asks for braces there.
fn constructor(
    krate: &Path,
    cfgs: &[Attribute],
    generics: &Generics,
    ty: impl ToTokens,
    vis: &Visibility,
    channels: Option<&Channels>,
    path: &str,
) -> Option<TokenStream> {
    let channel = quote!(#krate::__private::Channel);
    let channels = channels?;
    let (constructor, returned, texts) = match channels {
        Channels::One(text) => (quote!(channel), channel, std::slice::from_ref(text)),
        Channels::List(texts) => {
            let count = texts.len();
            (quote!(channels), quote!([#channel; #count]), &texts[..])
        }
        Channels::Function(_) => return None,
    };
    let mut names = channels.names();
    for text in texts.iter().map(LitStr::value) {
        let is_of_path = |name: &str| {
            path.contains(&format!("{{{name}}}")) || foreign::all(path).iter().any(|of| of.name == name)
        };
        names.extend(
            foreign::all(&text).iter().map(|of| of.name).filter(|name| is_of_path(name)).map(str::to_owned),
        );
    }
    let (of_guard, of_path): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| behind_guard(name).is_some());
    let of_path = of_path.iter().map(|_| quote!(_: &#krate::__private::primitive::str));
    let of_guard = of_guard.iter().map(|_| quote!(_: impl #krate::__private::Display));
    let parameters = of_path.chain(of_guard);
    let (of_impl, _, bounds) = generics.split_for_impl();
    Some(quote! {
        #(#cfgs)*
        impl #of_impl #ty #bounds {
            #vis fn #constructor(#(#parameters),*) -> #returned {
                #krate::__private::unreachable!()
            }
        }
    })
}

/// The stand-in for a `main`, with the user's code in it. A function of another name stays in its place, because other
/// code calls it, and so does a method.
pub fn main(main: &Main<'_>) -> TokenStream {
    let (cfgs, item) = (&main.function.cfgs, &main.item);
    if main.function.is_method() {
        item.clone().into_owned()
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

/// The stand-in for a `main` that is unfinished.
pub fn half_typed_main(krate: &Path, name: &Ident, item: &TokenStream) -> TokenStream {
    let unread = unread(krate, name);
    quote! {
        fn main() {
            #item
            const { #unread }
        }
    }
}

/// The items of an endpoint with this route, and without a description.
fn with_route(krate: &Path, route: TokenStream) -> TokenStream {
    quote!(const ROUTE: #krate::__private::Route = #route;)
}

fn unread(krate: &Path, name: &Ident) -> TokenStream {
    let message = format!("the signature of `{name}` could not be read");
    quote!(#krate::__private::panic!(#message))
}
