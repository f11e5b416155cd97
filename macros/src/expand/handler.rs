//! The call of a handler: its arguments, and the conversion of its return value.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Index, Member, Type};

use crate::diagnostics::{ends, identifier};
use crate::model::endpoint::Endpoint;
use crate::model::guard_field::Field;
use crate::model::handler::Handler;
use crate::model::names::{Argument, Call, Source};
use crate::parse::signature::{Function, Parameter};
use crate::parse::types::{is_a_request, is_reference_to};

use super::tokens::{self, call, call_with, local, start};
use super::words::{argument_of, message_of};

/// The statement that keeps the guard value for the handler.
pub(super) fn guard(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let (krate, guard) = (&endpoint.krate, endpoint.guard.as_ref()?);
    let (name, head) = (local("guard"), local("request"));
    let admitted = admitted(krate, guard);
    if endpoint.kind.is_plain() {
        // The value goes straight to the handler, so it can be of any type.
        return Some(quote!(let #name = #admitted?;));
    }
    let value =
        call(quote!(#krate::__private::GuardData::receive), quote!(#head, || #admitted), ends(&guard.path));
    Some(quote!(let (#name,) = #value?;))
}

/// The call of a guard: a `Result` with the guard value or an answer.
pub(super) fn admitted(krate: &syn::Path, guard: &Call) -> TokenStream {
    let ends = ends(&guard.path);
    let place = quote!(#krate::__private::InGuard);
    let called = called(krate, guard, &place);
    let returned = call_with(quote!(#krate::__private::GuardResult::returned), called, ends);
    let now = call_with(quote!(#krate::__private::NotAsync::now), returned, ends);
    let into_answer = call_with(quote!(#krate::__private::IntoAnswer::into_answer), now.clone(), ends);
    // A path without the parentheses of a call.
    let into_answer: TokenStream = into_answer.into_iter().take_while(|token| !is_group(token)).collect();
    let admitted = call_with(quote!(#krate::__private::Result::map_err), quote!(#now, #into_answer), ends);
    with_makers(krate, guard, &quote!(GuardArgument), admitted)
}

fn is_group(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(_))
}

/// The time of a handler's call, which decides about an error.
#[derive(Clone, Copy)]
pub(super) enum When {
    /// Before the answer to the request: the error is the answer.
    Opening,
    /// While the connection is open: the error closes it.
    Connected(Event),
}

/// An event of an open connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Message,
    Close,
    Stale,
}

impl Event {
    /// The function of the runtime that converts it to an argument.
    fn conversion(self, ty: &Type) -> TokenStream {
        match self {
            Self::Message => {
                let message = message_of(ty);
                quote!(#message::argument)
            }
            Self::Close => quote!(FromClose::argument),
            Self::Stale => quote!(stale),
        }
    }
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

/// An argument that may be a type of the `fastly` crate: the path of the function that keeps the call from other targets, and
/// the place of the call.
struct Around {
    name: Ident,
    on_compute: TokenStream,
    place: TokenStream,
    ends: (Span, Span),
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
        let mut returned = self.around(krate, called);
        if !self.around.is_empty() {
            // An error about the returned value is at the place of the outermost call.
            returned = call_with(quote!(#krate::__private::identity), returned, function.output());
        }
        call_with(conversion, returned, function.output())
    }

    /// The call of the handler. If an argument is a type of the `fastly` crate, the call is not reachable on other targets
    /// than Compute, since its hostcalls would not link.
    pub(super) fn around(&self, krate: &syn::Path, called: TokenStream) -> TokenStream {
        self.around.iter().fold(called, |called, Around { name, on_compute, place, ends }| {
            // An error about the argument is at the same place as that of its making, so the compiler shows one of them.
            let argument = call(quote!(#krate::__private::identity), quote!(#name), *ends);
            call(on_compute.clone(), quote!(#place, #argument, |#name| #called), *ends)
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
        // Only stale state has a type of its own, which the compiler compares with the parameter's.
        let has_own_type = *source == Source::Event && matches!(when, When::Connected(Event::Stale));
        let place = if has_own_type { ends.0 } else { start(ends.0) };
        name.set_span(name.span().located_at(place));
        let argument = argument_of(endpoint, handler, ty);
        let made = match (source, when) {
            (Source::Event, When::Connected(of)) => {
                let conversion = of.conversion(ty);
                call(quote!(#krate::__private::#conversion), quote!(#event), ends)
            }
            (Source::Path(index), _) => from_path(endpoint, *index, &head, ty),
            (Source::Request | Source::Event, _) => {
                let place = inside(endpoint, ends);
                call(quote!(#krate::__private::#argument::make), quote!(#place, #head), ends)
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
        let annotation = borrows_for_ever(ty).then(|| in_any_lifetime(ty.to_token_stream()));
        let annotation = annotation.map(|ty| quote!(: #ty));
        statements.extend(quote!(#(#cfgs)* let #name #annotation = #made?;));
        // It is made to be kept, but can be lent.
        let and = (*source == Source::Event && is_reference_to(ty, "Stale"))
            .then(|| quote_spanned!(name.span()=> &));
        arguments.extend(quote!(#(#cfgs)* #and #name,));
        // An argument that is not always there cannot stand around the call.
        if matches!(source, Source::Request) && cfgs.is_empty() && is_a_request(ty) {
            let on_compute = quote!(#krate::__private::#argument::on_compute);
            around.push(Around { name, on_compute, place: inside(endpoint, ends), ends });
        }
    }
    Run { first, statements, arguments, around }
}

/// Returns `true` if a type has the lifetime `'static`. Some of these types cannot be borrowed from a request, and then the
/// compiler reports it where the value gets its type.
pub(super) fn borrows_for_ever(ty: &Type) -> bool {
    lifetimes(ty.to_token_stream()).iter().any(|name| name == "static")
}

fn lifetimes(tokens: TokenStream) -> Vec<Ident> {
    let mut found = Vec::new();
    let mut is_lifetime = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => found.extend(lifetimes(group.stream())),
            TokenTree::Ident(name) if is_lifetime => found.push(name),
            _ => is_lifetime = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '\''),
        }
    }
    found
}

/// A type without the names of lifetimes that only the signature of its function declares.
pub(super) fn in_any_lifetime(tokens: TokenStream) -> TokenStream {
    let mut is_lifetime = false;
    let each = |mut token: TokenTree| {
        match &token {
            TokenTree::Group(group) => {
                let inside = in_any_lifetime(group.stream());
                token = tokens::group(group.delimiter(), inside, group.span()).into();
            }
            TokenTree::Ident(name) if is_lifetime && name != "static" => {
                token = Ident::new("_", Span::call_site()).into();
            }
            _ => {}
        }
        is_lifetime = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '\'');
        token
    };
    tokens.into_iter().map(each).collect()
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
    call(quote!(#krate::__private::GuardText::text), quote!(#value, #head, #written), (place, place))
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

/// The call of a function that an option names, inside of [`with_makers`].
pub(super) fn called(krate: &syn::Path, named: &Call, place: &TokenStream) -> TokenStream {
    let Call { path, given } = named;
    let (head, makers) = (local("request"), local("makers"));
    let indices = given.iter().map(|index| Literal::usize_unsuffixed(*index));
    let callable = if given.is_empty() {
        quote!(#krate::__private::Callable::call)
    } else {
        // The number is known before the function's type is compared with it.
        let count = Literal::usize_unsuffixed(given.len());
        quote!(#krate::__private::CallableWith::<[#krate::__private::primitive::usize; #count], _>::call)
    };
    let called = call_with(callable, quote!(#path, #place, #head, [#(#indices),*], &#makers), ends(path));
    // The call is the argument of another, about which there are messages too.
    let behind = ends(&called).1;
    let question_mark = quote_spanned!(behind=> ?);
    quote!(#called #question_mark)
}

/// An expression with the makers for each argument that a function can have which an option names. The macro does not see its
/// parameters.
///
/// Each maker surrounds the expression, because one of a type of the `fastly` crate keeps it from being compiled into a test.
pub(super) fn with_makers(
    krate: &syn::Path,
    named: &Call,
    argument: &TokenStream,
    expression: TokenStream,
) -> TokenStream {
    let Call { path, given } = named;
    let from_path = given
        .iter()
        .map(|_| call(quote!(#krate::__private::FromParameter::maker), TokenStream::new(), ends(path)));
    let extractors: Vec<_> = (1..=EXTRACTORS).map(|index| local(&format!("maker{index}"))).collect();
    let makers = local("makers");
    let inner = quote!({
        let #makers = ((#(#from_path,)*), (#(#extractors),*));
        #expression
    });
    extractors.iter().rev().fold(inner, |inner, extractor| {
        let with_maker = quote!(#krate::__private::#argument::with_maker);
        call(with_maker, quote!(|#extractor| #inner), ends(path))
    })
}

/// The limit of extractors that a function takes which an option names, as in the runtime.
const EXTRACTORS: usize = 6;

/// The converted return value of the user's function. The compiler reports an error about it on the return type.
pub(super) fn reply(conversion: TokenStream, function: &Function, arguments: TokenStream) -> TokenStream {
    let name = &function.sig.ident;
    let returned = call(quote!(#name), arguments, function.output());
    call_with(conversion, returned, function.output())
}
