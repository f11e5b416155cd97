//! What is generated: the conversion of the parameters and the call; everything after the reply is the runtime's.
//!
//! The code must pass in any crate: absolute paths through one hidden module, no method calls, no `allow`, and
//! local names that the user's code cannot see.

mod hold;
mod main;
pub mod stand_in;
#[cfg(test)]
mod tests;
mod ws;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Generics, LitStr, Path, Visibility, parse_quote};

use crate::endpoint::{Endpoint, Kind};
use crate::function::{self, Function, Parameter};

pub use main::main;

/// Where the runtime is, unless `crate` says otherwise.
pub fn default_crate() -> Path {
    parse_quote!(::fanout)
}

/// The endpoint's type and its route.
pub fn endpoint(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, path, .. } = endpoint;
    let constructor = Ident::new(endpoint.kind.name(), Span::call_site());
    let answer = match endpoint.kind {
        Kind::Sse | Kind::Stream | Kind::LongPoll => hold::answer(endpoint),
        Kind::Ws => ws::answer(endpoint),
    };
    let mut route = quote!(#krate::__private::Route::#constructor(#path, #answer));
    if let Some(backend) = &endpoint.backend {
        route = quote!(#krate::__private::Route::backend(#route, #backend));
    }
    type_with_route(krate, &endpoint.function.cfgs, &endpoint.function.vis, &endpoint.name, &route)
}

/// What a list names. All of it is placed on the name, which is where an error about it belongs.
fn type_with_route(
    krate: &Path,
    cfgs: &[Attribute],
    vis: &Visibility,
    name: &Ident,
    route: &TokenStream,
) -> TokenStream {
    let implementation = implementation(krate, &Generics::default(), name, route);
    quote_spanned! {Span::call_site().located_at(name.span())=>
        #(#cfgs)*
        #[doc(hidden)]
        #vis enum #name {}

        #(#cfgs)*
        #implementation
    }
}

fn implementation(krate: &Path, generics: &Generics, ty: impl ToTokens, route: &TokenStream) -> TokenStream {
    let (parameters, _, bounds) = generics.split_for_impl();
    let place = Span::call_site().located_at(function::ends(&ty).0);
    quote_spanned! {place=>
        impl #parameters #krate::__private::Endpoint for #ty #bounds {
            const ROUTE: #krate::__private::Route = #route;
        }
    }
}

/// The closure that runs the function: the arguments, made from `head`, the call with them, and the conversion of
/// what it returns. What the compiler has to say about a parameter it says on the parameter's type, and about what
/// is returned on that.
struct Run {
    /// The outer closure's name for the request, or `_` where nothing is made from it.
    head: TokenStream,
    closure: TokenStream,
}

fn run(endpoint: &Endpoint<'_>) -> Run {
    let krate = &endpoint.krate;
    let head = local("request");
    let (mut arguments, mut given) = (TokenStream::new(), TokenStream::new());
    for (index, Parameter { cfgs, ty }) in endpoint.parameters.iter().enumerate() {
        let name = local(&format!("argument{index}"));
        let made =
            call(quote!(#krate::__private::FromRequest::from_request), quote!(#head), function::ends(ty));
        arguments.extend(quote!(#(#cfgs)* let #name = #krate::__private::argument(#made)?;));
        given.extend(quote!(#(#cfgs)* #name,));
    }

    let conversion = match endpoint.kind {
        Kind::Sse => quote!(IntoEvents::into_events),
        Kind::Stream => quote!(IntoStream::into_stream),
        Kind::LongPoll => quote!(IntoPoll::into_poll),
        Kind::Ws => quote!(IntoMessages::into_messages),
    };
    let reply = reply(quote!(#krate::__private::#conversion), endpoint.function, given);
    let head = if endpoint.parameters.is_empty() { quote!(_) } else { quote!(#head) };
    let closure = quote! {
        || {
            #arguments
            #reply
        }
    };
    Run { head, closure }
}

/// What the user's function returns, converted.
fn reply(conversion: TokenStream, function: &Function, arguments: TokenStream) -> TokenStream {
    let name = &function.sig.ident;
    let returned = call(quote!(#name), arguments, function.output());
    call(conversion, returned, function.output())
}

/// A call that stretches from one span to the other: there the compiler says what is wrong with it. The middle of the
/// path stays, so that a crate that cannot be found is not looked for in all these places.
fn call(path: TokenStream, arguments: TokenStream, (first, last): (Span, Span)) -> TokenStream {
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
fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

fn channel(krate: &Path, name: &LitStr) -> TokenStream {
    quote!(#krate::__private::Channel::from_static(#name))
}
