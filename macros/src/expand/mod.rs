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
use crate::endpoint::{Endpoint, Handler, Kind, StandsFor};
use crate::function::{self, Function, Parameter};
use crate::scope::{Argument, Call, Source};

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
    for (option, names) in
        [("origins", &endpoint.socket.origins), ("subprotocols", &endpoint.socket.subprotocols)]
    {
        if !names.is_empty() {
            let option = Ident::new(option, Span::call_site());
            set(quote!(#option), quote!(&[#(#names),*]));
        }
    }
    if let Some(admit) = admit(endpoint) {
        set(quote!(guard), admit);
    }
    let made = stands_for(endpoint, &route);
    let channels = channels::constructor(endpoint);
    quote!(#made #channels)
}

/// The type that a list names, with this route.
fn stands_for(endpoint: &Endpoint<'_>, route: &TokenStream) -> TokenStream {
    let Endpoint { krate, cfgs, .. } = endpoint;
    match &endpoint.stands_for {
        StandsFor::Made { name, vis } => type_with_route(krate, cfgs, vis, name, route),
        StandsFor::Own(ty) => {
            let named = named(&ty.to_token_stream().to_string());
            let implementation = implementation(krate, &Generics::default(), ty, route, &named);
            quote!(#(#cfgs)* #implementation)
        }
    }
}

/// The path of an endpoint, for errors about lists.
fn named(name: &str) -> TokenStream {
    quote!(::core::concat!(::core::module_path!(), "::", #name))
}

/// The closure that lets a client in: the parameters of the path are what they are declared as, and the guard agrees.
fn admit(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let krate = &endpoint.krate;
    let head = local("request");
    let mut checks = TokenStream::new();
    for (handler, argument, index) in endpoint.parsed() {
        let Parameter { cfgs, ty, .. } = &argument.parameter;
        let of_method = &handler.function.cfgs;
        // Those of a function are on all that is made for it.
        let of_method = if matches!(endpoint.stands_for, StandsFor::Own(_)) { &of_method[..] } else { &[] };
        let name = local("parsed");
        let made = from_path(endpoint, index, &head, ty);
        checks.extend(quote!(#(#of_method)* #(#cfgs)* let #name: #ty = #made?;));
    }
    let last = match &endpoint.guard {
        Some(guard) => {
            let given = given(guard);
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
fn given(named: &Call) -> TokenStream {
    let Call { path, given } = named;
    let indices = given.iter().map(|index| Literal::usize_unsuffixed(*index));
    // How many these are, the compiler is to know before it looks at what the function takes.
    let place = Span::call_site().located_at(function::ends(path).0);
    quote_spanned!(place=> [#(#indices),*], #path)
}

/// What a list names. All of it is placed on the name, which is where an error about it belongs.
fn type_with_route(
    krate: &Path,
    cfgs: &[Attribute],
    vis: &Visibility,
    name: &Ident,
    route: &TokenStream,
) -> TokenStream {
    let named = named(&name.unraw().to_string());
    let implementation = implementation(krate, &Generics::default(), name, route, &named);
    quote_spanned! {Span::call_site().located_at(name.span())=>
        #(#cfgs)*
        #[doc(hidden)]
        #[non_exhaustive]
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

/// What the guard returned, for what follows.
fn guard(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let (krate, guard) = (&endpoint.krate, endpoint.guard.as_ref()?);
    let (name, head, given) = (local("guard"), local("request"), given(guard));
    let value = call(quote!(#krate::__private::guard), quote!(#head, #given), function::ends(&guard.path));
    Some(quote!(let #name = #value?;))
}

/// When a function is called, which says what becomes of an error.
#[derive(Clone, Copy)]
enum When {
    /// The request is still to be answered: the error is the answer.
    Asked,
    /// The connection is open: the error closes it. The path makes what the function takes of what happened.
    Connected(&'static str),
}

/// The statements before a function is called, and the call. What the compiler has to say about a parameter it says on
/// the parameter's type.
struct Run {
    statements: TokenStream,
    arguments: TokenStream,
}

fn run(endpoint: &Endpoint<'_>, handler: &Handler<'_>, when: When) -> Run {
    let krate = &endpoint.krate;
    let (head, event) = (local("request"), local("event"));
    let (mut statements, mut arguments) = (TokenStream::new(), TokenStream::new());
    for (index, Argument { parameter, source }) in handler.arguments.iter().enumerate() {
        let Parameter { cfgs, ty, .. } = parameter;
        let ends = function::ends(ty);
        let mut name = local(&format!("argument{index}"));
        name.set_span(name.span().located_at(ends.0));
        let made = match (source, when) {
            (Source::Event, When::Connected(conversion)) => {
                let conversion = Ident::new(conversion, Span::call_site());
                call(quote!(#krate::__private::#conversion), quote!(#event), ends)
            }
            (Source::Path(index), _) => from_path(endpoint, *index, &head, ty),
            (Source::Request | Source::Event, _) => {
                let place = inside(endpoint, ends);
                call(quote!(#krate::__private::Argument::argument), quote!(#place, #head), ends)
            }
        };
        let made = match (source, when) {
            (Source::Path(_) | Source::Request, When::Connected(_)) => {
                quote!(#krate::__private::for_event(#made))
            }
            _ => made,
        };
        statements.extend(quote!(#(#cfgs)* let #name = #made?;));
        arguments.extend(quote!(#(#cfgs)* #name,));
    }
    Run { statements, arguments }
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

/// What the user's function returns, converted: what the compiler has to say about that it says on the type.
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
