//! What is generated: the conversion of the parameters and the call; everything after the reply is the runtime's.
//!
//! The code must pass in any crate: absolute paths through one hidden module, no method calls, no `allow`, and
//! local names that the user's code cannot see.

mod hold;
mod main;
#[cfg(test)]
mod tests;
mod ws;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{LitStr, Path, parse_quote};

use crate::endpoint::{Endpoint, Kind};
use crate::function::{self, Function};

pub use main::{main, stand_in as stand_in_main};

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
    type_with_route(endpoint, &route)
}

/// What other code needs of an endpoint that is wrong, so that only the mistake is red.
pub fn stand_in(endpoint: &Endpoint<'_>) -> TokenStream {
    let krate = &endpoint.krate;
    type_with_route(endpoint, &quote!(#krate::__private::STAND_IN))
}

fn type_with_route(endpoint: &Endpoint<'_>, route: &TokenStream) -> TokenStream {
    let Endpoint { krate, name, function, .. } = endpoint;
    let (cfgs, vis) = (&function.cfgs, &function.vis);
    quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #vis enum #name {}

        #(#cfgs)*
        impl #krate::__private::Endpoint for #name {
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

fn run(endpoint: &Endpoint<'_>, conversion: &TokenStream) -> Run {
    let krate = &endpoint.krate;
    let head = local("head");
    let mut arguments = TokenStream::new();
    let mut names = Vec::new();
    for (index, ty) in endpoint.parameters.iter().enumerate() {
        let name = local(&format!("argument{index}"));
        // The compiler points at the whole call if the type is none that can be made.
        let (first, last) = function::ends(ty);
        let make = located(quote!(#krate::endpoint::argument), first);
        let given = quote_spanned!(Span::call_site().located_at(last)=> (#head));
        arguments.extend(quote!(let #name = #make #given?;));
        names.push(name);
    }

    let call = call(endpoint.function, &names);
    let head = if names.is_empty() { quote!(_) } else { quote!(#head) };
    let closure = quote! {
        || {
            #arguments
            #krate::__private::#conversion(#call)
        }
    };
    Run { head, closure }
}

/// The call of the user's function, placed on what it returns, so that there the compiler says what is wrong with it.
fn call(function: &Function, arguments: &[Ident]) -> TokenStream {
    let (first, last) = function.output();
    let mut ident = function.sig.ident.clone();
    ident.set_span(ident.span().located_at(first));
    let arguments = quote_spanned!(ident.span().located_at(last)=> (#(#arguments),*));
    quote!(#ident #arguments)
}

/// The same tokens, in another place.
fn located(tokens: TokenStream, place: Span) -> TokenStream {
    let locate = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.into_iter().map(locate).collect()
}

/// A name that the user's code cannot see. The underscores are for the other direction, which `mixed_site` leaves
/// open: no local can be called like a constant or static in scope.
fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

fn channel(krate: &Path, name: &LitStr) -> TokenStream {
    quote!(#krate::__private::Channel::from_static(#name))
}
