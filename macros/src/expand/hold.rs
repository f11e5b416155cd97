//! The expander of `sse`, `stream` and `long_poll`: the answer is a hold.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, quote};

use crate::diagnostics::ends;
use crate::kind::Kind;
use crate::model::endpoint::Endpoint;
use crate::model::handler::Handlers;
use crate::model::hold::Awake;
use crate::model::names::Call;
use crate::model::template::{Part, Template};
use crate::parse::signature::Function;

use super::channels;
use super::handler::{Run, When, called, guard, guard_text, inside, run, with_makers};
use super::tokens::{call_with, local, spanned};

pub(super) fn answer(endpoint: &Endpoint<'_>) -> TokenStream {
    let krate = &endpoint.krate;
    let kind = Ident::new(endpoint.kind.name(), Span::call_site());
    let channels = channels::of_request(endpoint).expect("a hold has a channel");
    let made = quote!(#krate::__private::hold_of(#krate::__private::new_hold::#kind, #channels)?);
    let (head, hold) = (local("request"), local("hold"));
    let said = options(endpoint).into_iter().map(|(option, values)| {
        let option = Ident::new(option, Span::call_site());
        quote!(let #hold = #krate::__private::Hold::#option(#hold, #values);)
    });
    let Handlers::Function(handler) = &endpoint.handlers else { unreachable!("only a WebSocket is a type") };
    let guard = guard(endpoint);
    let run = run(endpoint, handler, When::Opening);
    let reply = reply(endpoint, &run, handler.function);
    let Run { statements, .. } = run;
    if let Some(history) = &endpoint.history {
        // Its place in the history is known before the handler runs, which may read a state that is newer, and the handler does
        // not run in a recovery.
        let (found, replay) = (found(endpoint, &history.function), history.replay);
        let kind = match endpoint.kind {
            Kind::Sse => quote!(Sse),
            Kind::Stream => quote!(Stream),
            Kind::LongPoll | Kind::Ws | Kind::Plain(_) => quote!(LongPoll),
        };
        return quote! {
            |#head| #krate::__private::answered(|| {
                #guard
                let #hold = #made;
                #(#said)*
                #krate::__private::from_history(
                    #head,
                    #hold,
                    #found?,
                    #krate::__private::Kind::#kind,
                    #replay,
                    || {
                        #statements
                        #reply
                    },
                )
            })
        };
    }
    let has_steps = guard.is_some() || !statements.is_empty() || said.len() > 0;
    if !has_steps && channels::one(endpoint).is_some() {
        return quote!(|#head| #krate::__private::hold_one(#krate::__private::new_hold::#kind, #channels, || #reply));
    }
    quote! {
        |#head| #krate::__private::answered(|| {
            #guard
            #statements
            let #hold = #made;
            #(#said)*
            #krate::__private::hold(#hold, #reply)
        })
    }
}

/// The call of a macro of the runtime that writes the items of a simple hold: one channel, no argument, and no option that changes the route
/// or the hold. The attribute writes the whole code of all others.
pub(super) fn by_macro(endpoint: &Endpoint<'_>, about: &TokenStream) -> Option<TokenStream> {
    let Handlers::Function(handler) = &endpoint.handlers else { return None };
    let fits = endpoint.kind.is_hold()
        && endpoint.guard.is_none()
        && endpoint.history.is_none()
        && handler.arguments.is_empty()
        && options(endpoint).is_empty();
    let (constructor, parameters) = channels::one(endpoint).filter(|_| fits)?;
    let Endpoint { krate, path, .. } = endpoint;
    let kind = Ident::new(endpoint.kind.name(), Span::call_site());
    let function = handler.function;
    // The compiler would warn about a deprecated function that is named in the macro.
    let opening = if function.returns_nothing() && !function.is_deprecated {
        spanned(function.sig.ident.to_token_stream(), function.output())
    } else {
        let reply = reply(endpoint, &run(endpoint, handler, When::Opening), function);
        quote!({ #reply })
    };
    Some(quote!(#krate::__private::hold! { #kind #path #constructor(#(#parameters)*) #opening #about }))
}

/// The call of the handler, and the conversion of what it returns.
fn reply(endpoint: &Endpoint<'_>, run: &Run, function: &Function) -> TokenStream {
    let krate = &endpoint.krate;
    let conversion = match endpoint.kind {
        // The compiler looks for no conversion then.
        _ if function.returns_nothing() => quote!(no_opening),
        Kind::Sse => quote!(IntoEvents::into_events),
        Kind::Stream => quote!(IntoStream::into_stream),
        Kind::LongPoll | Kind::Ws | Kind::Plain(_) => quote!(IntoPoll::into_poll),
    };
    run.reply(krate, quote!(#krate::__private::#conversion), function)
}

/// The history that the function returns.
fn found(endpoint: &Endpoint<'_>, function: &Call) -> TokenStream {
    let krate = &endpoint.krate;
    let ends = ends(&function.path);
    let called = called(krate, function, &inside(endpoint, ends));
    let returned = call_with(quote!(#krate::__private::HistoryResult::returned), called, ends);
    let now = call_with(quote!(#krate::__private::NotAsync::now), returned, ends);
    let lasting = call_with(quote!(#krate::__private::LastingHistory::lasting), now, ends);
    with_makers(krate, function, &quote!(HistoryArgument), lasting)
}

/// The methods of `Hold` for the options, each with its arguments.
fn options(endpoint: &Endpoint<'_>) -> Vec<(&'static str, TokenStream)> {
    let Endpoint { krate, hold, .. } = endpoint;
    let head = local("request");
    let name = |name: &str| quote!(#krate::__private::HeaderName::from_static(#name));
    let value = |value: &str| quote!(#krate::__private::HeaderValue::from_static(#value));
    let mut options = Vec::new();
    let mut set = |option, values| options.push((option, values));
    if let Some(seconds) = hold.timeout {
        set("timeout", quote!(#seconds));
    }
    match &hold.keep_alive {
        Some(Awake::On { every, seconds, data }) => {
            let data = match data {
                Some(data) => {
                    let data = Literal::byte_string(data.as_bytes());
                    quote!(#krate::__private::KeepAlive::from_static(#data))
                }
                None => quote!(#krate::__private::KeepAlive::comment()),
            };
            let mode = Ident::new(if *every { "interval" } else { "idle" }, Span::call_site());
            set("keep_alive", quote!(const { #krate::__private::KeepAlive::#mode(#data, #seconds) }));
        }
        Some(Awake::Off) => set("without_keep_alive", TokenStream::new()),
        None => {}
    }
    let link = |link| {
        let parts = parts(endpoint, link);
        quote!(#krate::__private::link(#head, #parts)?)
    };
    let own = (endpoint.history.is_some() && endpoint.kind != Kind::LongPoll)
        .then(|| quote!(#krate::__private::own_link(#head)?));
    match (hold.next.as_ref().map(link).or(own), hold.next_after) {
        (Some(next), Some(seconds)) => set("next_after", quote!(#next, #seconds)),
        (Some(next), None) => set("next", next),
        (None, _) => {}
    }
    if let Some(gone) = hold.gone.as_ref().map(link) {
        set("gone", gone);
    }
    if let Some(content_type) = hold.content_type.as_deref().map(value) {
        set("content_type", content_type);
    }
    for (header, text) in &hold.headers {
        let (header, text) = (name(header), value(text));
        set("header", quote!(#header, #text));
    }
    if !hold.expose_headers.is_empty() {
        let names = hold.expose_headers.iter().map(|header| name(header));
        set("expose_headers", quote!([#(#names),*]));
    }
    if let Some(status) = hold.status {
        set("status", quote!(#krate::__private::status(#status)));
    }
    for (key, template) in &hold.meta {
        let parts = parts(endpoint, template);
        set("meta", quote!(#key, #krate::__private::template(#head, #parts)));
    }
    options
}

/// The parts of a template.
fn parts(endpoint: &Endpoint<'_>, template: &Template) -> TokenStream {
    let krate = &endpoint.krate;
    let parts = template.parts.iter().map(|part| match part {
        Part::Text(text) => quote!(#krate::__private::Part::Text(#text)),
        Part::Parameter(index) => {
            let index = Literal::usize_unsuffixed(*index);
            quote!(#krate::__private::Part::Parameter(#index))
        }
        Part::Guard(field) => {
            let text = guard_text(endpoint, field, template.place);
            quote!(#krate::__private::Part::Text(&#text?))
        }
    });
    quote!(&[#(#parts),*])
}
