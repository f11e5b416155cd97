//! The call of a handler: its arguments, and the conversion of its return value.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use crate::diagnostics::ends;
use crate::model::endpoint::Endpoint;
use crate::model::handler::Handler;
use crate::model::names::{Argument, Call, Source};
use crate::parse::signature::{Function, Parameter};
use crate::parse::types::is_reference_to;

use super::tokens::{call, local};

/// The statement that keeps the guard value for the handler.
pub(super) fn guard(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let (krate, guard) = (&endpoint.krate, endpoint.guard.as_ref()?);
    let (name, head, given) = (local("guard"), local("request"), given(guard));
    let value = call(quote!(#krate::__private::guard_value_or_run), quote!(#head, #given), ends(&guard.path));
    Some(quote!(let #name = #value?;))
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
        // It is made to be kept, but can be lent.
        let and = (*source == Source::Event && is_reference_to(ty, "Stale"))
            .then(|| quote_spanned!(name.span()=> &));
        arguments.extend(quote!(#(#cfgs)* #and #name,));
    }
    Run { statements, arguments }
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
        quote!(#krate::__private::strict_parameter)
    } else {
        quote!(#krate::__private::parameter)
    };
    call(parameter, quote!(#head, #index), ends(ty))
}

/// A function that an option names, and the indices of the path parameters that it takes.
pub(super) fn given(named: &Call) -> TokenStream {
    let Call { path, given } = named;
    let indices = given.iter().map(|index| Literal::usize_unsuffixed(*index));
    // The compiler needs the number of the indices before it looks at the function's parameters.
    let place = Span::call_site().located_at(ends(path).0);
    quote_spanned!(place=> [#(#indices),*], #path)
}

/// The converted return value of the user's function. The compiler reports an error about it on the return type.
pub(super) fn reply(conversion: TokenStream, function: &Function, arguments: TokenStream) -> TokenStream {
    let name = &function.sig.ident;
    let returned = call(quote!(#name), arguments, function.output());
    call(conversion, returned, function.output())
}
