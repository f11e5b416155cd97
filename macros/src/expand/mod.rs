//! What is generated: the conversion of the parameters and the call; everything after the reply is the runtime's.
//!
//! The code must pass in any crate: absolute paths through one hidden module, no method calls, no `allow`, and
//! local names that the user's code cannot see.

mod channels;
mod hold;
mod list;
mod main;
pub mod stand_in;
#[cfg(test)]
mod tests;
mod ws;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Generics, Path, Type, Visibility, parse_quote};

use crate::channel::{Part, Template};
use crate::endpoint::{Argument, Call, Endpoint, Kind};
use crate::function::{self, Function, Parameter};

pub use list::list;
pub use main::main;

/// Where the runtime is, unless `crate` says otherwise.
pub fn default_crate() -> Path {
    parse_quote!(::fanout)
}

/// The endpoint's type and its route, and the channels of what it is subscribed to.
pub fn endpoint(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, path, .. } = endpoint;
    let constructor = Ident::new(endpoint.kind.name(), Span::call_site());
    let answer = match endpoint.kind {
        Kind::Sse | Kind::Stream | Kind::LongPoll => hold::answer(endpoint),
        Kind::Ws => ws::answer(endpoint),
    };
    let mut route = quote!(#krate::__private::Route::#constructor(#path, #answer));
    let mut set = |option: TokenStream, value: TokenStream| {
        route = quote!(#krate::__private::Route::#option(#route, #value));
    };
    if let Some(backend) = &endpoint.backend {
        set(quote!(backend), quote!(#backend));
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
            .fold(first, |all, method| quote!(#krate::__private::Methods::and(#all, #method)));
        set(quote!(methods), methods);
    }
    if !endpoint.response.cors.is_empty() {
        let origins = &endpoint.response.cors;
        set(quote!(cors), quote!(&[#(#origins),*]));
    }
    if let Some(admit) = admit(endpoint) {
        set(quote!(guard), admit);
    }
    let named = named(&endpoint.name);
    let (cfgs, vis) = (&endpoint.function.cfgs, &endpoint.function.vis);
    let made = type_with_route(krate, cfgs, vis, &endpoint.name, &route, &named);
    let channels = channels::constructor(endpoint);
    quote!(#made #channels)
}

/// The path of an endpoint, for errors about lists.
fn named(name: &Ident) -> TokenStream {
    let name = name.unraw().to_string();
    quote!(::core::concat!(::core::module_path!(), "::", #name))
}

/// The closure that lets a client in: the parameters of the path are what they are declared as, and the guard agrees.
fn admit(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let krate = &endpoint.krate;
    let head = local("request");
    let mut checks = TokenStream::new();
    for (argument, index) in endpoint.parsed() {
        let Parameter { cfgs, ty, .. } = &argument.parameter;
        let name = local("parsed");
        let made = from_path(endpoint, index, &head, ty);
        checks.extend(quote!(#(#cfgs)* let #name: #ty = #made?;));
    }
    let last = match &endpoint.guard {
        Some(guard) => {
            let given = given(guard, function::ends(&guard.path));
            call(quote!(#krate::__private::admit), quote!(#head, #given), function::ends(&guard.path))
        }
        None if checks.is_empty() => return None,
        None => quote!(#krate::__private::Result::Ok(#krate::__private::Carried::NOTHING)),
    };
    Some(quote! {
        |#head| {
            #checks
            #last
        }
    })
}

/// A parameter of the path as what an argument is declared as.
fn from_path(endpoint: &Endpoint<'_>, index: usize, head: &Ident, ty: &Type) -> TokenStream {
    let krate = &endpoint.krate;
    let parameter = if endpoint.strict {
        quote!(#krate::__private::strict_parameter)
    } else {
        quote!(#krate::__private::parameter)
    };
    call(parameter, quote!(#head, #index), function::ends(ty))
}

/// A function that an option names, and the places of the parameters of the path that it is given.
fn given(function: &Call, (first, last): (Span, Span)) -> TokenStream {
    let Call { path, given } = function;
    let indices = given.iter().map(|index| Literal::usize_unsuffixed(*index));
    // An error about the function is one about its path.
    let path = path.to_token_stream().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(first.join(last).unwrap_or(first)));
        token
    });
    let path: TokenStream =
        if first.join(last).is_some() { path.collect() } else { function.path.to_token_stream() };
    quote!(#path, [#(#indices),*])
}

/// What a list names. All of it is placed on the name, which is where an error about it belongs.
fn type_with_route(
    krate: &Path,
    cfgs: &[Attribute],
    vis: &Visibility,
    name: &Ident,
    route: &TokenStream,
    named: &TokenStream,
) -> TokenStream {
    let implementation = implementation(krate, &Generics::default(), name, route, named);
    quote_spanned! {Span::call_site().located_at(name.span())=>
        #(#cfgs)*
        #[doc(hidden)]
        #vis enum #name {}

        #(#cfgs)*
        #implementation
    }
}

fn implementation(
    krate: &Path,
    generics: &Generics,
    ty: impl ToTokens,
    route: &TokenStream,
    named: &TokenStream,
) -> TokenStream {
    let (parameters, _, bounds) = generics.split_for_impl();
    let place = Span::call_site().located_at(function::ends(&ty).0);
    quote_spanned! {place=>
        impl #parameters #krate::__private::Endpoint for #ty #bounds {
            const ROUTE: #krate::__private::Route = #route;
            const NAME: &'static ::core::primitive::str = #named;
        }
    }
}

/// The statements before the function is called, and the call with what it returns converted. What the compiler has to
/// say about a parameter it says on the parameter's type, and about what is returned on that.
struct Run {
    statements: TokenStream,
    reply: TokenStream,
}

fn run(endpoint: &Endpoint<'_>) -> Run {
    let krate = &endpoint.krate;
    let head = local("request");
    let mut statements = TokenStream::new();
    if let Some(guard) = &endpoint.guard {
        let (name, ends) = (local("guard"), function::ends(&guard.path));
        let given = given(guard, ends);
        let value = call(quote!(#krate::__private::guard), quote!(#head, #given), ends);
        statements.extend(quote!(let #name = #value?;));
    }
    let mut given = TokenStream::new();
    for (index, Argument { parameter, from_path: path }) in endpoint.arguments.iter().enumerate() {
        let Parameter { cfgs, ty, .. } = parameter;
        let name = local(&format!("argument{index}"));
        let made = match path {
            Some(index) => from_path(endpoint, *index, &head, ty),
            None => {
                let ends = function::ends(ty);
                let place = inside(endpoint, ends);
                call(quote!(#krate::__private::Argument::argument), quote!(#place, #head), ends)
            }
        };
        statements.extend(quote!(#(#cfgs)* let #name = #made?;));
        given.extend(quote!(#(#cfgs)* #name,));
    }

    let conversion = match endpoint.kind {
        Kind::Sse => quote!(IntoEvents::into_events),
        Kind::Stream => quote!(IntoStream::into_stream),
        Kind::LongPoll => quote!(IntoPoll::into_poll),
        Kind::Ws => quote!(IntoMessages::into_messages),
    };
    let reply = reply(quote!(#krate::__private::#conversion), endpoint.function, given);
    Run { statements, reply }
}

/// Where the endpoint's function is called: behind its guard. An error about the place is one about what is called there.
fn inside(endpoint: &Endpoint<'_>, ends: (Span, Span)) -> TokenStream {
    let krate = &endpoint.krate;
    let guard = match endpoint.guard {
        Some(_) => local("guard").into_token_stream(),
        None => quote!(()),
    };
    call(quote!(#krate::__private::Inside), quote!(&#guard), ends)
}

/// A text with parameters of the path in it.
fn parts(krate: &Path, template: &Template) -> TokenStream {
    let parts = template.parts.iter().map(|part| match part {
        Part::Text(text) => quote!(#krate::__private::Part::Text(#text)),
        Part::Parameter(index) => {
            let index = Literal::usize_unsuffixed(*index);
            quote!(#krate::__private::Part::Parameter(#index))
        }
    });
    quote!(&[#(#parts),*])
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
