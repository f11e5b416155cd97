//! The expander of `ws`: events in, events out.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Meta, Receiver, ReceiverKind, parse_quote};

use crate::diagnostics::{compile_error, ends};
use crate::model::endpoint::{Endpoint, StandsFor};
use crate::model::handler::{Handler, Handlers, Moment, never_called};
use crate::model::hold::Awake;

use super::channels;
use super::handler::{Event, Run, When, guard, run};
use super::tokens::{call, call_with, local, spanned};

pub(super) fn answer(endpoint: &Endpoint<'_>) -> TokenStream {
    let krate = &endpoint.krate;
    let callbacks = match &endpoint.handlers {
        Handlers::Function(handler) => of_function(endpoint, handler),
        Handlers::Connection(methods) => of_connection(endpoint, methods),
    };
    let (guard, head, events, name) =
        (guard(endpoint), local("request"), local("events"), local("callbacks"));
    let max_message = endpoint
        .socket
        .max_message
        .map(|bytes| quote!(let #name = #krate::__private::Callbacks::max_message(#name, #bytes);));
    let answer = match &endpoint.stands_for {
        // The compiler reports on the first argument that the connection state cannot be stored.
        StandsFor::Own(ty) => {
            let state = state(endpoint);
            let answer = quote!(#krate::__private::#state::answer);
            let ends = ends(ty);
            let callbacks = call(quote!(#krate::__private::identity), quote!(&#name), ends);
            call(answer, quote!(#callbacks, #head, #events), ends)
        }
        StandsFor::Made { .. } => {
            quote!(#krate::__private::Callbacks::answer_without_state(&#name, #head, #events))
        }
    };
    quote! {
        |#head, #events| #krate::__private::answered(|| {
            #guard
            #callbacks
            #max_message
            #krate::__private::Result::Ok(#answer)
        })
    }
}

/// The trait of connection state that has the message for a type that cannot be stored.
fn state(endpoint: &Endpoint<'_>) -> Ident {
    let open = endpoint.handlers.iter().filter(|(moment, _)| *moment == Some(Moment::Open));
    let by_default = !matches!(unless(open.map(|(_, handler)| handler)), Unless::Never);
    Ident::new(if by_default { "ConnectionByDefault" } else { "ConnectionState" }, Span::call_site())
}

/// The callbacks that call a function: when the connection opens, or for each message if it takes one.
fn of_function(endpoint: &Endpoint<'_>, handler: &Handler<'_>) -> TokenStream {
    let krate = &endpoint.krate;
    let (reply_name, name) = (local("reply"), local("callbacks"));
    let connect = connect(endpoint);
    let first = if handler.takes_event() {
        quote!(#krate::__private::Result::Ok(()))
    } else {
        let run = run(endpoint, handler, When::Opening);
        let into = quote!(#krate::__private::IntoMessages::into_messages);
        let first = run.reply(krate, into, handler.function);
        let Run { statements, .. } = run;
        quote!(#statements #krate::__private::begin(#reply_name, #first))
    };
    let open = closure(
        krate,
        &quote!(#reply_name: &mut #krate::__private::Reply),
        &quote!(()),
        "Answer",
        &quote!(#connect #first),
    );
    let on_message = if handler.takes_event() {
        let sent = sent(endpoint, handler, Event::Message);
        Some(on(krate, &[], "message", &quote!(()), Some(&incoming(krate)), &sent))
    } else if endpoint.socket.echo {
        let event = local("event");
        let echo = quote!(#krate::__private::IntoReply::into_reply(#event, #reply_name));
        Some(on(krate, &[], "message", &quote!(()), Some(&incoming(krate)), &echo))
    } else {
        None
    };
    let on_open = local("on_open");
    quote! {
        let #on_open = #open;
        let #name = #krate::__private::Callbacks::new(&#on_open);
        #on_message
    }
}

/// The callbacks that call the methods of a connection type.
fn of_connection(endpoint: &Endpoint<'_>, methods: &[(Moment, Handler<'_>)]) -> TokenStream {
    let krate = &endpoint.krate;
    let StandsFor::Own(ty) = &endpoint.stands_for else { unreachable!("a connection is a type") };
    let (reply_name, name) = (local("reply"), local("callbacks"));
    let state = quote!(Self);
    let of =
        |moment: Moment| methods.iter().filter(move |(this, _)| *this == moment).map(|(_, handler)| handler);

    let connect = connect(endpoint);
    let opens = of(Moment::Open).map(|handler| {
        let cfgs = &handler.function.cfgs;
        let run = run(endpoint, handler, When::Opening);
        let made = run.around(krate, method(handler, run.arguments.clone()));
        let Run { statements, .. } = run;
        let state = call(
            quote!(#krate::__private::IntoOpen::<Self, _>::into_open),
            quote!(#made, #reply_name),
            handler.function.output(),
        );
        block(cfgs, &quote!(#statements #state))
    });
    // The compiler reports a missing `Default` on the type.
    let default = spanned(quote!(#krate::__private::Default::default), ends(ty));
    let default = call(quote!(#krate::__private::ConnectionByDefault::begins), default, ends(ty));
    let default = quote!(#krate::__private::Result::Ok(#default));
    let by_default = match unless(of(Moment::Open)) {
        Unless::Always => Some(default.clone()),
        Unless::Cfg(cfg) => Some(quote!(#cfg { #default })),
        Unless::Never => None,
    };
    let parameters = quote!(#reply_name: &mut #krate::__private::Reply);
    let open = closure(krate, &parameters, &state, "Answer", &quote!(#connect #(#opens)* #by_default));
    let on_open = local("on_open");
    let mut callbacks = quote! {
        let #on_open = #open;
        let #name = #krate::__private::Callbacks::<Self>::new(&#on_open);
    };

    if let Some((cfgs, messages)) = messages(endpoint, &of) {
        callbacks.extend(on(krate, &cfgs, "message", &state, Some(&incoming(krate)), &messages));
    }
    for handler in of(Moment::Close) {
        let sent = sent(endpoint, handler, Event::Close);
        let parameters = quote!(#krate::__private::Closed<'_>);
        callbacks.extend(on(krate, &handler.function.cfgs, "close", &state, Some(&parameters), &sent));
    }
    for handler in of(Moment::Disconnect) {
        let run = run(endpoint, handler, When::Connected(Event::Message));
        let ended = run.around(krate, method(handler, with_state(handler, run.arguments.clone())));
        let Run { statements, .. } = run;
        let ended = call_with(quote!(#krate::__private::IntoEnd::into_end), ended, handler.function.output());
        let cfgs = &handler.function.cfgs;
        callbacks.extend(on(krate, cfgs, "disconnect", &state, None, &quote!(#statements #ended)));
    }
    callbacks.extend(renew(endpoint, &of, &default));
    callbacks
}

/// The callback for connection state that no longer fits its type.
fn renew<'m, 'f: 'm, I: Iterator<Item = &'m Handler<'f>>>(
    endpoint: &Endpoint<'_>,
    of: &impl Fn(Moment) -> I,
    default: &TokenStream,
) -> TokenStream {
    let krate = &endpoint.krate;
    let (event, renew, name) = (local("event"), local("on_renew"), local("callbacks"));
    let made = |cfgs: &TokenStream, state: TokenStream| {
        let closure =
            closure(krate, &quote!(#event: #krate::__private::Stale), &quote!(Self), "CloseWith", &state);
        quote! {
            #cfgs
            let #renew = #closure;
            #cfgs
            let #name = #krate::__private::Callbacks::renew(#name, &#renew);
        }
    };
    let mut all = TokenStream::new();
    for handler in of(Moment::Renew) {
        let cfgs = &handler.function.cfgs;
        let run = run(endpoint, handler, When::Connected(Event::Stale));
        let state = run.around(krate, method(handler, run.arguments.clone()));
        let Run { statements, .. } = run;
        let state = call(
            quote!(#krate::__private::IntoState::<Self, _>::into_state),
            state,
            handler.function.output(),
        );
        all.extend(made(&quote!(#(#cfgs)*), quote!(#statements #state)));
    }
    // A connection state that begins as the default can be renewed as the default.
    let cfg = match unless(of(Moment::Open).chain(of(Moment::Renew))) {
        Unless::Always => TokenStream::new(),
        Unless::Cfg(cfg) => cfg,
        Unless::Never => return all,
    };
    all.extend(made(&cfg, default.clone()));
    all
}

/// The match of a message with the methods, by its kind, and the `#[cfg]` under which there is a method.
fn messages<'m, 'f: 'm, I: Iterator<Item = &'m Handler<'f>>>(
    endpoint: &Endpoint<'_>,
    of: &impl Fn(Moment) -> I,
) -> Option<(Vec<Attribute>, TokenStream)> {
    let (krate, event) = (&endpoint.krate, local("event"));
    let of_either = || of(Moment::Text).chain(of(Moment::Binary)).chain(of(Moment::Message));
    of_either().next()?;
    let cfgs = if of_either().any(|handler| handler.function.cfgs.is_empty()) {
        Vec::new()
    } else {
        let any = any(of_either());
        vec![parse_quote!(#[cfg(#any)])]
    };
    let arm = |pattern: &TokenStream, handler: &Handler<'_>| {
        let cfgs = &handler.function.cfgs;
        let sent = sent(endpoint, handler, Event::Message);
        quote!(#(#cfgs)* #pattern => { #sent })
    };
    let text = quote!(#krate::__private::Incoming::Text(_));
    let binary = quote!(#krate::__private::Incoming::Binary(_));
    let arms = of(Moment::Text).map(|handler| arm(&text, handler));
    let arms = arms.chain(of(Moment::Binary).map(|handler| arm(&binary, handler)));
    let arms = arms.chain(of(Moment::Message).map(|handler| arm(&quote!(_), handler)));

    let refuse = quote!(_ => { #krate::__private::refuse(#event) });
    let refused = match (unless(of(Moment::Text)), unless(of(Moment::Binary)), unless(of(Moment::Message))) {
        (_, _, Unless::Never) | (Unless::Never, Unless::Never, _) => None,
        (Unless::Always, _, Unless::Always) | (_, Unless::Always, Unless::Always) => Some(refuse),
        _ => {
            let [text, binary, both] =
                [Moment::Text, Moment::Binary, Moment::Message].map(|moment| any(of(moment)));
            Some(quote!(#[cfg(not(any(#both, all(#text, #binary))))] #refuse))
        }
    };
    let conflicts = conflicts(krate, of);
    let matched = quote! {
        #conflicts
        match #event {
            #(#arms)*
            #refused
        }
    };
    Some((cfgs, matched))
}

/// The errors of `text` and `binary` beside a `message` that exists under a `#[cfg]`.
fn conflicts<'m, 'f: 'm, I: Iterator<Item = &'m Handler<'f>>>(
    krate: &syn::Path,
    of: &impl Fn(Moment) -> I,
) -> TokenStream {
    let mut conflicts = TokenStream::new();
    if of(Moment::Message).next().is_none() {
        return conflicts;
    }
    for moment in [Moment::Text, Moment::Binary] {
        for handler in of(moment) {
            let (both, this) = (any(of(Moment::Message)), any(std::iter::once(handler)));
            let (problem, help) = never_called(moment);
            let error = compile_error(krate, &handler.function.sig.ident, &problem, help);
            conflicts.extend(quote!(#[cfg(all(#both, #this))] #error));
        }
    }
    conflicts
}

/// The call of a function or method with the event. Its return value is sent.
fn sent(endpoint: &Endpoint<'_>, handler: &Handler<'_>, of: Event) -> TokenStream {
    let (krate, reply_name) = (&endpoint.krate, local("reply"));
    let run = run(endpoint, handler, When::Connected(of));
    let name = &handler.function.sig.ident;
    let arguments = run.arguments.clone();
    let returned = match &endpoint.stands_for {
        StandsFor::Made { .. } => call(quote!(#name), arguments, handler.function.output()),
        StandsFor::Own(_) => method(handler, with_state(handler, arguments)),
    };
    let returned = run.around(krate, returned);
    let Run { statements, .. } = run;
    let into = quote!(#krate::__private::IntoReply::into_reply);
    let sent = call_with(into, quote!(#returned, #reply_name), handler.function.output());
    quote!(#statements #sent)
}

/// The arguments behind the state. An error about the type of the receiver is shown on that type.
fn with_state(handler: &Handler<'_>, arguments: TokenStream) -> TokenStream {
    let mut state = local("state");
    if let Some(Receiver { kind: ReceiverKind::Typed(_, ty), .. }) = handler.function.receiver() {
        state.set_span(state.span().located_at(ends(ty).0));
    }
    quote!(#state, #arguments)
}

fn method(handler: &Handler<'_>, arguments: TokenStream) -> TokenStream {
    let name = &handler.function.sig.ident;
    call(quote!(Self::#name), arguments, handler.function.output())
}

/// The statements that open the connection: its subscriptions and its keep-alive.
fn connect(endpoint: &Endpoint<'_>) -> TokenStream {
    let krate = &endpoint.krate;
    let (head, reply) = (local("request"), local("reply"));
    let channels = channels::of_request(endpoint).unwrap_or_else(|| quote!(()));
    let mut connect = quote!(#krate::__private::connect(#head, #reply, #channels)?;);
    if let Some(Awake::On { every, seconds, data }) = &endpoint.socket.keep_alive {
        let data = Literal::byte_string(data.as_deref().unwrap_or_default().as_bytes());
        let mode = Ident::new(if *every { "interval" } else { "idle" }, Span::call_site());
        connect.extend(quote! {
            #krate::__private::said(#krate::__private::Reply::keep_alive(
                #reply,
                #krate::__private::SocketKeepAlive::#mode(#krate::__private::Frame::Ping(#data), #seconds),
            ))?;
        });
    }
    if let Some(seconds) = endpoint.socket.keep_alive_interval {
        connect.extend(quote! {
            #krate::__private::said(#krate::__private::Reply::keep_alive_interval(#reply, #seconds))?;
        });
    }
    connect
}

/// The type of a message for a callback.
fn incoming(krate: &syn::Path) -> TokenStream {
    quote!(#krate::__private::Incoming<'_>)
}

/// A callback for one moment, under these `#[cfg]`s. It can reply to an event, if there is one.
fn on(
    krate: &syn::Path,
    cfgs: &[Attribute],
    moment: &str,
    state: &TokenStream,
    event: Option<&TokenStream>,
    body: &TokenStream,
) -> TokenStream {
    let (state_name, event_name, reply) = (local("state"), local("event"), local("reply"));
    let given = event.map(|ty| quote!(, #event_name: #ty, #reply: &mut #krate::__private::Reply));
    let closure = closure(krate, &quote!(#state_name: &mut #state #given), &quote!(()), "CloseWith", body);
    let (name, callback) = (local("callbacks"), local(&format!("on_{moment}")));
    let moment = Ident::new(moment, Span::call_site());
    quote! {
        #(#cfgs)*
        let #callback = #closure;
        #(#cfgs)*
        let #name = #krate::__private::Callbacks::#moment(#name, &#callback);
    }
}

fn closure(
    krate: &syn::Path,
    parameters: &TokenStream,
    value: &TokenStream,
    error: &str,
    body: &TokenStream,
) -> TokenStream {
    let error = Ident::new(error, Span::call_site());
    quote! {
        |#parameters| -> #krate::__private::Result<#value, #krate::__private::#error> { #body }
    }
}

/// Statements under `#[cfg]`s, if there are any.
fn block(cfgs: &[Attribute], statements: &TokenStream) -> TokenStream {
    if cfgs.is_empty() { statements.clone() } else { quote!(#(#cfgs)* { #statements }) }
}

/// The condition under which some methods are all missing.
enum Unless {
    Always,
    Never,
    Cfg(TokenStream),
}

fn unless<'m, 'f: 'm>(handlers: impl Iterator<Item = &'m Handler<'f>>) -> Unless {
    let handlers: Vec<_> = handlers.collect();
    if handlers.is_empty() {
        Unless::Always
    } else if handlers.iter().any(|handler| handler.function.cfgs.is_empty()) {
        Unless::Never
    } else {
        let any = any(handlers.into_iter());
        Unless::Cfg(quote!(#[cfg(not(#any))]))
    }
}

/// The condition under which at least one of some methods exists.
fn any<'m, 'f: 'm>(handlers: impl Iterator<Item = &'m Handler<'f>>) -> TokenStream {
    let all = handlers.map(|handler| {
        let cfgs = handler.function.cfgs.iter().map(predicate);
        quote!(all(#(#cfgs),*))
    });
    quote!(any(#(#all),*))
}

/// The condition in a `#[cfg(…)]`.
fn predicate(cfg: &Attribute) -> TokenStream {
    match &cfg.meta {
        Meta::List(list) => list.tokens.clone(),
        meta => meta.to_token_stream(),
    }
}
