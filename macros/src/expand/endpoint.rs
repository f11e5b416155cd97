//! An endpoint: its type with the route, and the constructor of its channels.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use crate::diagnostics::ends;
use crate::kind::Kind;
use crate::model::channels::Channels;
use crate::model::endpoint::{Endpoint, StandsFor};
use crate::parse::signature::Parameter;

use super::handler::{admitted, borrows_for_ever, from_path};
use super::route::stands_for;
use super::tokens::{call, local};
use super::{about, channels, deprecated, hold, plain, ws};

/// The endpoint's type with its route, and the constructor of its channels.
pub fn endpoint(endpoint: &Endpoint<'_>) -> TokenStream {
    let krate = &endpoint.krate;
    let (options, about) = (options(endpoint), about::about(endpoint));
    let by_macro = if options.is_empty() { hold::by_macro(endpoint, &about) } else { None };
    let items = by_macro.unwrap_or_else(|| {
        let route = options.into_iter().fold(route(endpoint), |route, (option, value)| {
            let option = Ident::new(option, Span::call_site());
            quote!(#krate::__private::Route::#option(#route, #value))
        });
        quote! {
            const ROUTE: #krate::__private::Route = #route;
            #krate::__private::about! { #about }
        }
    });
    let deprecated = endpoint.handlers.iter().map(|(_, handler)| handler.function);
    let deprecated: Vec<_> =
        deprecated.filter(|function| function.is_deprecated).map(|function| &function.sig.ident).collect();
    let ty = match &endpoint.stands_for {
        StandsFor::Made { name, .. } => name.unraw().to_string(),
        StandsFor::Own(_) => endpoint.own_name.clone(),
    };
    let made = stands_for(endpoint, items);
    let made = deprecated::using(krate, &deprecated, endpoint.cfgs, &ty, made);
    let (channels, data) = (channels::constructor(endpoint), about::data(endpoint));
    quote!(#made #channels #data)
}

/// The path and the answer.
fn route(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, path, .. } = endpoint;
    let constructor = Ident::new(endpoint.kind.constructor(), Span::call_site());
    let answer = match endpoint.kind {
        Kind::Sse | Kind::Stream | Kind::LongPoll => hold::answer(endpoint),
        Kind::Ws => ws::answer(endpoint),
        Kind::Plain(_) => plain::answer(endpoint),
    };
    // The parameters of a function that an option names are not seen.
    let may_borrow = endpoint.guard.is_some()
        || endpoint.history.is_some()
        || matches!(endpoint.channels, Channels::Found(_))
        || endpoint.handlers.arguments().any(|(_, argument)| borrows_for_ever(argument.parameter.ty));
    let answer = if may_borrow {
        let one_lifetime =
            if endpoint.kind == Kind::Ws { quote!(one_lifetime_of_events) } else { quote!(one_lifetime) };
        quote!(#krate::__private::#one_lifetime(#answer))
    } else {
        answer
    };
    quote!(#krate::__private::Route::#constructor(#path, #answer))
}

/// The methods of `Route` for the options, each with its value.
fn options(endpoint: &Endpoint<'_>) -> Vec<(&'static str, TokenStream)> {
    let krate = &endpoint.krate;
    let mut options = Vec::new();
    let mut set = |option, value| options.push((option, value));
    let reads_query = endpoint.history.is_some() && endpoint.kind != Kind::Stream;
    if endpoint.last_event_id_query || reads_query {
        set("last_event_id_query", TokenStream::new());
    }
    if let Some(backend) = &endpoint.backend {
        set("backend", quote!(#backend));
    }
    if let Some((first, others)) = endpoint.methods.split_first() {
        let method = |name: &str| {
            let name = Ident::new(name, Span::call_site());
            quote!(#krate::__private::Methods::#name)
        };
        let first = method(first);
        let methods = others
            .iter()
            .map(|name| method(name))
            .fold(first, |all, method| quote!(#krate::__private::Methods::or(#all, #method)));
        set("methods", methods);
    }
    if !endpoint.hold.cors.is_empty() {
        let origins = &endpoint.hold.cors;
        set("cors", quote!(&[#(#origins),*]));
    }
    for (option, names) in
        [("origins", &endpoint.socket.origins), ("subprotocols", &endpoint.socket.subprotocols)]
    {
        if !names.is_empty() {
            set(option, quote!(&[#(#names),*]));
        }
    }
    if let Some(bytes) = endpoint.max_body {
        let bytes = Literal::u32_unsuffixed(bytes);
        set("max_body", quote!(#bytes));
    }
    // A plain endpoint has no handoff, and its handler itself begins with the guard.
    if let Some(guard) = guard(endpoint).filter(|_| !endpoint.kind.is_plain()) {
        set("guard", guard);
    }
    options
}

/// The closure that admits a client: the path parameters parse, and the guard agrees.
fn guard(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let krate = &endpoint.krate;
    let head = local("request");
    let mut checks = TokenStream::new();
    for (handler, argument, index) in endpoint.handlers.parsed() {
        let Parameter { cfgs, ty, .. } = &argument.parameter;
        let of_method = &handler.function.cfgs;
        // Everything that is generated for a function has its `#[cfg(…)]`s already.
        let of_method = if matches!(endpoint.stands_for, StandsFor::Own(_)) { &of_method[..] } else { &[] };
        let name = local("parsed");
        let made = from_path(endpoint, index, &head, ty);
        checks.extend(quote!(#(#of_method)* #(#cfgs)* let #name: #ty = #made?;));
    }
    let last = match &endpoint.guard {
        Some(guard) => {
            let (admitted, ends) = (admitted(krate, guard), ends(&guard.path));
            call(quote!(#krate::__private::GuardData::send), admitted, ends)
        }
        None if checks.is_empty() => return None,
        None => quote!(#krate::__private::Result::Ok(#krate::__private::GuardValue::NONE)),
    };
    let guard = quote! {
        |#head| {
            #checks
            #last
        }
    };
    let may_borrow = endpoint.guard.is_some();
    Some(if may_borrow { quote!(#krate::__private::one_lifetime(#guard)) } else { guard })
}
