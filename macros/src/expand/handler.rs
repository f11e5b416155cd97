//! The call of a handler: its arguments, and the conversion of its return value.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Index, Member, Type};

use crate::diagnostics::{ends, identifier};
use crate::model::endpoint::Endpoint;
use crate::model::guard_field::Field;
use crate::model::handler::Handler;
use crate::model::names::{Argument, Call, Source};
use crate::parse::signature::{Function, Parameter};
use crate::parse::types::is_a_request;

use super::tokens::{call, local};

/// The statement that keeps the guard value for the handler.
pub(super) fn guard(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let (krate, guard) = (&endpoint.krate, endpoint.guard.as_ref()?);
    let (name, head, given) = (local("guard"), local("request"), given(guard));
    let run = if endpoint.kind.is_plain() { "value_of_guard" } else { "guard_value_or_run" };
    let run = Ident::new(run, Span::call_site());
    let value = call(quote!(#krate::__private::#run), quote!(#head, #given), ends(&guard.path));
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
    /// The statements for path parameters that come before the guard, which are those of a plain endpoint.
    pub first: TokenStream,
    pub statements: TokenStream,
    pub arguments: TokenStream,
    around: Vec<Around>,
}

/// An argument that may be a type of the `fastly` crate, and the place of its call.
struct Around {
    name: Ident,
    place: TokenStream,
}

impl Run {
    /// The converted return value of the handler, as [`reply`] makes it.
    pub(super) fn reply(
        &self,
        krate: &syn::Path,
        conversion: TokenStream,
        function: &Function,
    ) -> TokenStream {
        let name = &function.sig.ident;
        let called = call(quote!(#name), self.arguments.clone(), function.output());
        call(conversion, self.around(krate, called), function.output())
    }

    /// The call of the handler. If an argument is a type of the `fastly` crate, the call is not reachable on other targets
    /// than Compute, since its hostcalls would not link.
    pub(super) fn around(&self, krate: &syn::Path, called: TokenStream) -> TokenStream {
        self.around.iter().fold(called, |called, Around { name, place }| {
            quote!(#krate::__private::on_compute(#place, #name, |#name| #called))
        })
    }
}

pub(super) fn run(endpoint: &Endpoint<'_>, handler: &Handler<'_>, when: When) -> Run {
    let krate = &endpoint.krate;
    let (head, event) = (local("request"), local("event"));
    let (mut first, mut statements, mut arguments) =
        (TokenStream::new(), TokenStream::new(), TokenStream::new());
    let mut around = Vec::new();
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
        let before_guard = endpoint.kind.is_plain() && matches!(source, Source::Path(_));
        let statements = if before_guard { &mut first } else { &mut statements };
        statements.extend(quote!(#(#cfgs)* let #name = #made?;));
        arguments.extend(quote!(#(#cfgs)* #name,));
        // An argument that is not always there cannot stand around the call.
        if matches!(source, Source::Request) && cfgs.is_empty() && is_a_request(ty) {
            around.push(Around { name, place: inside(endpoint, ends) });
        }
    }
    Run { first, statements, arguments, around }
}

/// The place of the handler's call, which is behind the guard. The compiler reports an error about the place at `ends`.
pub(super) fn inside(endpoint: &Endpoint<'_>, ends: (Span, Span)) -> TokenStream {
    let krate = &endpoint.krate;
    let guard = match endpoint.guard {
        Some(_) => local("guard").into_token_stream(),
        None => quote!(()),
    };
    let place = Ident::new(if endpoint.kind.is_plain() { "InPlain" } else { "InHandler" }, Span::call_site());
    call(quote!(#krate::__private::#place), quote!(&#guard), ends)
}

/// The text of a field of the guard value. The compiler reports an error about the field at `place`.
pub(super) fn guard_text(endpoint: &Endpoint<'_>, field: &Field, place: Span) -> TokenStream {
    let krate = &endpoint.krate;
    let place = Span::call_site().located_at(place);
    let (head, mut guard, written) = (local("request"), local("guard"), field.written());
    guard.set_span(guard.span().located_at(place));
    let members = field.0.iter().map(|name| match name.parse::<u32>() {
        Ok(index) => Member::Unnamed(Index { index, span: place }),
        Err(_) => Member::Named(identifier(name, place)),
    });
    let value = quote_spanned!(place=> &#guard #(.#members)*);
    call(quote!(#krate::__private::guard_text), quote!(#head, #value, #written), (place, place))
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
