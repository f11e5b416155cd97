//! The handlers of an endpoint, with the arguments that each is called with.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{GenericParam, Receiver, ReceiverKind, Type};

use crate::diagnostics::{Errors, glued, list, meant};
use crate::parse::impl_block::{Connection, Member};
use crate::parse::signature::{Function, Parameter};
use crate::parse::types::{Sent, is_named, is_of_path, is_of_request, sent_as};

use super::message;
use super::names::{Argument, Scope, Source};

/// A moment of a connection's life, which a method is called like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Open,
    Text,
    Binary,
    Message,
    Close,
    Disconnect,
    Renew,
}

impl Moment {
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Text, Self::Binary, Self::Message, Self::Close, Self::Disconnect, Self::Renew];

    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Text => "text",
            Self::Binary => "binary",
            Self::Message => "message",
            Self::Close => "close",
            Self::Disconnect => "disconnect",
            Self::Renew => "renew",
        }
    }

    /// Whether the state is there already.
    pub fn has_state(self) -> bool {
        !matches!(self, Self::Open | Self::Renew)
    }

    /// Whether something happens that a parameter can be made from.
    pub fn takes_event(self) -> bool {
        !matches!(self, Self::Open | Self::Disconnect)
    }
}

/// What runs.
pub enum Handlers<'f> {
    /// A function, when the connection opens, or for each message if it takes one.
    Function(Handler<'f>),
    /// The methods of a type.
    Connection(Vec<(Moment, Handler<'f>)>),
}

/// A function, and what it is called with.
pub struct Handler<'f> {
    pub function: &'f Function,
    pub arguments: Vec<Argument<'f>>,
}

impl Handler<'_> {
    /// Whether it is called for each message, or for a close, and has to do with what happened.
    pub fn takes_event(&self) -> bool {
        self.arguments.iter().any(|argument| argument.source == Source::Event)
    }
}

/// The methods, each with its moment. What is none of them goes to `errors`.
pub fn methods<'f>(block: &'f Connection, errors: &mut Errors) -> Vec<(Moment, &'f Function)> {
    if let Some(of_trait) = block.of_trait {
        let help = "write the `impl` of a type's own, without the trait";
        errors.push_at(of_trait, "a connection type is not the `impl` of a trait", help);
        return Vec::new();
    }
    let of_type = block.lifetime().map(ToTokens::to_token_stream);
    let help = "keep what is its own, `String` instead of `&str`: it outlives each request";
    match (block.generics.params.first(), of_type) {
        (Some(GenericParam::Lifetime(lifetime)), _) => {
            errors.push(lifetime, "a connection type cannot borrow", help);
        }
        (Some(parameter), _) => {
            let help = "write the type or value itself: nobody is there to choose one";
            errors.push(parameter, "a connection type cannot be generic", help);
        }
        (None, Some(lifetime)) => errors.push(lifetime, "a connection type cannot borrow", help),
        (None, None) => {}
    }
    if block.own_name().is_none() {
        errors.push(&block.ty, "a connection type has a name", "write a type of your own: `impl Chat { … }`");
    }
    let mut methods: Vec<(Moment, &Function)> = Vec::new();
    for member in &block.members {
        match member {
            Member::Other(first) => {
                let help = "move it into an `impl` of its own, without the attribute";
                let problem = format!("a connection type's `impl` has methods, and no `{}`", glued(first));
                errors.push(first, problem, help);
            }
            Member::Method(function) => {
                let name = &function.sig.ident;
                let own_name = name.unraw().to_string();
                // A second one of the same name is the compiler's to refuse.
                let again = |moment: Moment| {
                    let is_same = |(earlier, method): &(Moment, &Function)| {
                        *earlier == moment && method.cfgs.is_empty() && function.cfgs.is_empty()
                    };
                    methods.iter().any(is_same)
                };
                match Moment::ALL.into_iter().find(|moment| moment.name() == own_name) {
                    Some(moment) if again(moment) => {}
                    Some(moment) => methods.push((moment, function)),
                    None => unknown(name, errors),
                }
            }
        }
    }
    let takes_both = methods.iter().any(|(moment, _)| *moment == Moment::Message);
    for (moment, function) in &methods {
        if takes_both && matches!(moment, Moment::Text | Moment::Binary) {
            let help = "remove it, or write `text` and `binary`: `message` takes both kinds";
            errors.push(&function.sig.ident, format!("`{}` is never called", moment.name()), help);
        }
    }
    methods
}

fn unknown(name: &Ident, errors: &mut Errors) {
    let known = || Moment::ALL.into_iter().map(Moment::name);
    let written = name.to_string();
    let meant = match written.strip_prefix("on_").unwrap_or(&written) {
        "new" | "connect" => "did you mean `open`? ".to_owned(),
        word => meant(word, known()),
    };
    let help = format!("{meant}the methods are {}; put others into an `impl` of their own", list(known()));
    errors.push(name, format!("a connection has no moment `{name}`"), help);
}

/// A method of a connection type.
pub fn method<'f>(
    moment: Moment,
    function: &'f Function,
    scope: &Scope<'_>,
    errors: &mut Errors,
) -> Handler<'f> {
    let name = moment.name();
    let what = format!("`{name}`");
    function.check(&what, "it returns at once, and Fanout holds the connection", errors);
    let mut written = function.parameters(&what, errors);
    match (function.receiver(), moment.has_state()) {
        (None, true) => {
            // In other languages `self` has another name.
            let is_this = |parameter: &Parameter<'_>| matches!(parameter.ty, Type::Reference(reference) if is_named(&reference.elem, &["Self"]));
            let this = written.iter().position(is_this).map(|index| written.remove(index));
            let place =
                this.map_or(function.sig.ident.to_token_stream(), |this| this.pattern.to_token_stream());
            let help = format!("write `fn {name}(&mut self, …)`: `self` is the connection's state");
            errors.push(place, format!("`{name}` needs `&mut self`"), help);
        }
        (Some(receiver), true) if !is_reference(receiver) => {
            let help = "write `&mut self`: the state stays with the connection";
            errors.push(receiver, format!("`{name}` cannot take the state away"), help);
        }
        (Some(receiver), false) => {
            let help = format!("remove it: `{name}` returns the state");
            errors.push(receiver, format!("`{name}` has no `self` yet"), help);
        }
        _ => {}
    }
    let of_event = |parameter: &Parameter<'_>| {
        !is_of_request(parameter.ty) && !parameter.name.is_some_and(|name| scope.is_of_path(name))
    };
    // With two that could be it, the one that is nearly called like a parameter of the path is that, misspelt.
    let could_be: Vec<_> = written.iter().filter(|parameter| of_event(parameter)).collect();
    let names: Vec<_> = written.iter().filter_map(|parameter| parameter.name).collect();
    let is_slip = |name: &&Ident| message::misspelt(name, &names, scope).is_some();
    let slip = could_be.iter().filter_map(|parameter| parameter.name).find(is_slip);
    let slip = slip.filter(|_| could_be.len() > 1);
    let unheard = |(index, parameter): (usize, &Parameter<'_>)| {
        let of_moment = match moment {
            Moment::Close => written[..index].iter().any(of_event),
            Moment::Disconnect => true,
            _ => false,
        };
        let is_slip = parameter.name.as_ref().is_some_and(is_slip);
        of_moment && of_event(parameter) && is_of_path(parameter.ty) && !is_slip
    };
    if let Some(index) = written.iter().enumerate().position(unheard) {
        let (problem, help) = match moment {
            Moment::Close => (
                "what a close says is one parameter",
                "take `close: Option<Close>`, which has the code and the reason",
            ),
            _ => ("`disconnect` hears nothing", "remove it: a client that says why it goes is for `close`"),
        };
        errors.push(written.remove(index).pattern, problem, help);
    }
    let mut takes_event = moment.takes_event();
    let is_event = |parameter: &Parameter<'_>| {
        of_event(parameter)
            && (slip.is_none() || parameter.name != slip)
            && std::mem::replace(&mut takes_event, false)
    };
    let arguments = scope.arguments(written, is_event, errors);
    for Argument { parameter, .. } in arguments.iter().filter(|argument| argument.source == Source::Event) {
        let (what, help) = match (moment, sent_as(parameter.ty)) {
            (Moment::Text, Some(Sent::Binary)) => ("bytes", "take `&str`, or call the method `binary`"),
            (Moment::Binary, Some(Sent::Text)) => ("text", "take `&[u8]`, or call the method `text`"),
            _ => continue,
        };
        errors.push(parameter.ty, format!("a {name} message is no {what}"), help);
    }
    Handler { function, arguments }
}

/// Whether a method borrows the state.
fn is_reference(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(..) => true,
        ReceiverKind::Typed(_, ty) => matches!(**ty, Type::Reference(_)),
        _ => false,
    }
}
