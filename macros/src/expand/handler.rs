//! The call of a handler: its arguments, and the conversion of its return value.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use crate::diagnostics::ends;
use crate::kind::Kind;
use crate::model::endpoint::Endpoint;
use crate::model::handler::Handler;
use crate::model::names::{Argument, Call, Source};
use crate::parse::signature::{Function, Parameter};
use crate::parse::types::{Extractor, looks_like};

use super::tokens::{call, end, local, start};

/// The statement that keeps the guard value for the handler.
pub(super) fn guard(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let (krate, guard) = (&endpoint.krate, endpoint.guard.as_ref()?);
    let (name, head) = (local("guard"), local("request"));
    let admitted = admitted(krate, guard);
    let value =
        call(quote!(#krate::__private::GuardData::receive), quote!(#head, || #admitted), ends(&guard.path));
    Some(quote!(let #name = #value?;))
}

/// The call of a guard: a `Result` with the guard value or an answer.
pub(super) fn admitted(krate: &syn::Path, guard: &Call) -> TokenStream {
    let ends = ends(&guard.path);
    let place = quote!(#krate::__private::InGuard);
    let made = makers(krate, guard, &quote!(GuardArgument));
    let called = called(krate, guard, &place, &quote!(&#made));
    let returned = call(quote!(#krate::__private::GuardResult::returned), called, ends);
    let now = call(quote!(#krate::__private::NotAsync::now), returned, ends);
    let into_answer = call(quote!(#krate::__private::IntoAnswer::into_answer), TokenStream::new(), ends);
    // A path without the parentheses of a call.
    let into_answer: TokenStream = into_answer.into_iter().take_while(|token| !is_group(token)).collect();
    call(quote!(#krate::__private::Result::map_err), quote!(#now, #into_answer), ends)
}

fn is_group(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(_))
}

/// The time of a handler's call, which decides about an error.
#[derive(Clone, Copy)]
pub(super) enum When {
    /// Before the answer to the request: the error is the answer.
    Opening,
    /// While the connection is open: the error closes it. This function of the runtime converts the event.
    Connected(&'static str),
}

/// The statements that make the arguments of a handler, and the arguments. The compiler reports an error about an
/// argument on the type of its parameter.
pub(super) struct Run {
    pub statements: TokenStream,
    pub arguments: TokenStream,
}

pub(super) fn run(endpoint: &Endpoint<'_>, handler: &Handler<'_>, when: When) -> Run {
    let krate = &endpoint.krate;
    let (head, event) = (local("request"), local("event"));
    let (mut statements, mut arguments) = (TokenStream::new(), TokenStream::new());
    for (index, Argument { parameter, source }) in handler.arguments.iter().enumerate() {
        let Parameter { cfgs, ty, .. } = parameter;
        let ends = ends(ty);
        let mut name = local(&format!("argument{index}"));
        // Only an event has a type of its own, which the compiler compares with the parameter's.
        let place = if *source == Source::Event { ends.0 } else { start(ends.0) };
        name.set_span(name.span().located_at(place));
        let made = match (source, when) {
            (Source::Event, When::Connected(conversion)) => {
                let conversion: TokenStream = conversion.parse().expect("it is a path");
                call(quote!(#krate::__private::#conversion), quote!(#event), ends)
            }
            (Source::Path(index), _) => from_path(endpoint, *index, &head, ty),
            (Source::Request | Source::Event, _) => {
                let place = inside(endpoint, ends);
                let argument = argument_of(endpoint, handler, ty);
                call(quote!(#krate::__private::#argument::make), quote!(#place, #head), ends)
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

/// The trait of a handler's argument that has the message for a wrong type. All of them take the same types.
fn argument_of(endpoint: &Endpoint<'_>, handler: &Handler<'_>, ty: &Type) -> TokenStream {
    let could_be_message =
        endpoint.kind == Kind::Ws && !handler.takes_event() && !handler.function.is_method();
    match looks_like(ty) {
        Some(Extractor::Guarded) if endpoint.guard.is_some() => quote!(GuardedArgument),
        Some(Extractor::Guarded) => quote!(UnguardedArgument),
        Some(Extractor::OfGuards) => quote!(ClientArgument),
        Some(Extractor::Query) => quote!(QueryArgument),
        Some(Extractor::TypedHeader) => quote!(HeaderArgument),
        Some(Extractor::Option) => quote!(OptionArgument),
        Some(Extractor::Result) => quote!(ResultArgument),
        None if could_be_message => quote!(SocketArgument),
        None => quote!(HandlerArgument),
    }
}

/// The place of the handler's call, which is behind the guard. The compiler reports an error about the place at `ends`.
pub(super) fn inside(endpoint: &Endpoint<'_>, ends: (Span, Span)) -> TokenStream {
    let krate = &endpoint.krate;
    let guard = match endpoint.guard {
        Some(_) => local("guard").into_token_stream(),
        None => quote!(()),
    };
    call(quote!(#krate::__private::InHandler), quote!(&#guard), ends)
}

/// A path parameter, parsed as the type of an argument.
pub(super) fn from_path(endpoint: &Endpoint<'_>, index: usize, head: &Ident, ty: &Type) -> TokenStream {
    let krate = &endpoint.krate;
    let parameter = if endpoint.strict {
        quote!(#krate::__private::FromParameter::strict_parameter)
    } else {
        quote!(#krate::__private::FromParameter::parameter)
    };
    call(parameter, quote!(#head, #index), ends(ty))
}

/// The call of a function that an option names, with the makers of its arguments.
pub(super) fn called(
    krate: &syn::Path,
    named: &Call,
    place: &TokenStream,
    makers: &TokenStream,
) -> TokenStream {
    let Call { path, given } = named;
    let head = local("request");
    let indices = given.iter().map(|index| Literal::usize_unsuffixed(*index));
    let callable = if given.is_empty() { quote!(Callable) } else { quote!(CallableWith) };
    let callable = quote!(#krate::__private::#callable::call);
    let called = call(callable, quote!(#path, #place, #head, [#(#indices),*], #makers), ends(path));
    // The call is the argument of another, about which there are messages too.
    let behind = Span::call_site().located_at(end(ends(path).1));
    let question_mark = quote_spanned!(behind=> ?);
    quote!(#called #question_mark)
}

/// The makers for each argument that a function can have which an option names. The macro does not see its parameters.
pub(super) fn makers(krate: &syn::Path, named: &Call, argument: &TokenStream) -> TokenStream {
    let Call { path, given } = named;
    let maker = |argument: &TokenStream| {
        call(quote!(#krate::__private::#argument::maker), TokenStream::new(), ends(path))
    };
    let from_path = given.iter().map(|_| maker(&quote!(FromParameter)));
    let extractors = (0..MAX_EXTRACTORS).map(|_| maker(argument));
    quote!(((#(#from_path,)*), (#(#extractors),*)))
}

/// The limit of extractors that a function takes which an option names, as in the runtime.
const MAX_EXTRACTORS: usize = 6;

/// The converted return value of the user's function. The compiler reports an error about it on the return type.
pub(super) fn reply(conversion: TokenStream, function: &Function, arguments: TokenStream) -> TokenStream {
    let name = &function.sig.ident;
    let returned = call(quote!(#name), arguments, function.output());
    call(conversion, returned, function.output())
}
