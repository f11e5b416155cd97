//! The handlers of an endpoint, with the arguments that each is called with.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, GenericParam, Receiver, ReceiverKind, Type, TypeParam};

use crate::diagnostics::{Errors, glued, list, meant};
use crate::kind::Kind;
use crate::parse::impl_block::{ImplBlock, Member};
use crate::parse::option_table::Options;
use crate::parse::parameter_name::is_name;
use crate::parse::signature::{Function, Parameter};
use crate::parse::types::{Sent, is_named, is_of_path, is_of_request, sent_as};
use crate::parse::value::Setting;

use super::message;
use super::names::{Argument, Names, Source, in_options};

/// A moment in the life of a connection, which names the method that handles it.
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

    /// Returns `true` if the connection state exists.
    pub fn has_state(self) -> bool {
        !matches!(self, Self::Open | Self::Renew)
    }

    /// Returns `true` if there is an event for a parameter.
    pub fn takes_event(self) -> bool {
        !matches!(self, Self::Open | Self::Disconnect)
    }
}

/// The handlers of an endpoint.
pub enum Handlers<'f> {
    /// A function, when the connection opens, or for each message if it takes one.
    Function(Handler<'f>),
    /// The methods of a connection type.
    Connection(Vec<(Moment, Handler<'f>)>),
}

impl<'f> Handlers<'f> {
    /// Each handler, with its moment if it is of a connection type.
    pub fn iter(&self) -> impl Iterator<Item = (Option<Moment>, &Handler<'f>)> {
        let (function, methods) = match self {
            Handlers::Function(handler) => (Some(handler), &[][..]),
            Handlers::Connection(methods) => (None, &methods[..]),
        };
        let methods = methods.iter().map(|(moment, handler)| (Some(*moment), handler));
        function.map(|handler| (None, handler)).into_iter().chain(methods)
    }

    /// The arguments, each with its handler.
    pub fn arguments(&self) -> impl Iterator<Item = (&Handler<'f>, &Argument<'f>)> {
        self.iter().flat_map(|(_, handler)| handler.arguments.iter().map(move |argument| (handler, argument)))
    }

    /// The arguments that are parsed from the path, which may fail. A reference can only be `&str`.
    pub fn parsed(&self) -> impl Iterator<Item = (&Handler<'f>, &Argument<'f>, usize)> {
        self.arguments().filter_map(|(handler, argument)| {
            let ty = argument.parameter.ty;
            let is_text = matches!(ty, Type::Reference(_)) || is_named(ty, &["String"]);
            match argument.source {
                Source::Path(index) if !is_text => Some((handler, argument, index)),
                _ => None,
            }
        })
    }
}

/// A function, and the arguments of its call.
pub struct Handler<'f> {
    pub function: &'f Function,
    pub arguments: Vec<Argument<'f>>,
}

impl Handler<'_> {
    /// Returns `true` if the event fills an argument.
    pub fn takes_event(&self) -> bool {
        self.arguments.iter().any(|argument| argument.source == Source::Event)
    }
}

/// The names that a path parameter may have: those that options use, then those of the handlers' parameters, except for the
/// message.
pub fn candidates<'f>(
    kind: Kind,
    functions: impl IntoIterator<Item = &'f Function>,
    options: &Options,
) -> Vec<String> {
    let mut names: Vec<_> = in_options(options).into_iter().filter(|name| is_name(name)).collect();
    for function in functions {
        // Its mistakes have their errors elsewhere.
        let written = function.parameters(&mut Errors::default());
        let of_moment = Moment::ALL
            .into_iter()
            .find(|moment| function.is_method() && moment.name() == function.own_name());
        let takes_message = kind == Kind::Ws
            && options.echo.is_absent()
            && of_moment
                .is_none_or(|moment| matches!(moment, Moment::Text | Moment::Binary | Moment::Message));
        let is_message = |parameter: &Parameter<'_>| match options.message.value() {
            Some(message) => parameter.name == Some(message),
            None => takes_message && sent_as(parameter.ty).is_some(),
        };
        let named = written
            .into_iter()
            .filter_map(|parameter| Some((parameter.name?.unraw().to_string(), parameter)));
        let mut others: Vec<_> = named.filter(|(name, _)| !names.contains(name)).collect();
        // The message of a method is its first parameter.
        let message = if function.is_method() {
            others.iter().position(|(_, parameter)| is_message(parameter))
        } else {
            others.iter().rposition(|(_, parameter)| is_message(parameter))
        };
        message.map(|index| others.remove(index));
        names.extend(
            others.into_iter().filter(|(_, parameter)| is_of_path(parameter.ty)).map(|(name, _)| name),
        );
    }
    names.retain(|name| is_name(name));
    names
}

/// Names that users give to a message.
const MESSAGES: [&str; 7] = ["body", "bytes", "content", "data", "message", "msg", "text"];

/// Refuses a function that cannot be a handler, whatever its parameters are.
pub fn check_function(kind: Kind, function: &Function, errors: &mut Errors) {
    let at_once = if kind.is_plain() { "the handler returns the answer" } else { RETURNS_AT_ONCE };
    function.check(at_once, errors);
    if let Some(receiver) = function.receiver() {
        let help = "move it out of the `impl`, and replace `self` with parameters";
        errors.push(receiver, format!("`{}` cannot be a method", function.own_name()), help);
    } else if let Some(own_type) = function.own_type() {
        let help = "move it out of the `impl`, and write the name of the type";
        errors.push_at(own_type, format!("`{}` cannot be a method", function.own_name()), help);
    }
}

/// The reason why no handler is async.
const RETURNS_AT_ONCE: &str = "the handler returns at once, and Fanout holds the connection";

/// Lowers the function of an endpoint. The option `message` says which parameter the message fills.
pub fn function<'f>(
    kind: Kind,
    function: &'f Function,
    message: &Setting<Ident>,
    names: &Names<'_>,
    errors: &mut Errors,
) -> Handler<'f> {
    let written = function.parameters(errors);
    let named = message.value().filter(|message| message::check_option(names, &written, message, errors));
    let is_message = |parameter: &Parameter<'_>| {
        kind == Kind::Ws
            && match named {
                Some(message) => parameter.name == Some(message),
                None => sent_as(parameter.ty).is_some() && !names.may_be_of_path(parameter),
            }
    };
    let arguments = names.arguments(written, is_message, errors);
    let mut events = arguments.iter().filter(|argument| argument.source == Source::Event);
    let condition = events.find_map(|event| event.parameter.condition);
    if kind == Kind::Ws
        && message.is_absent()
        && arguments.iter().all(|argument| argument.source != Source::Event)
    {
        arguments.iter().for_each(|argument| names.note_message(&argument.parameter));
        message::check_optional(&arguments, errors);
    }
    if let Some(condition) = condition {
        refuse_condition(condition, "message", "functions", names.endpoint, errors);
    } else if named.is_some() || message.is_absent() {
        message::check_message(names, &arguments, errors);
    } else if !names.parameters().is_empty() {
        // The option would have said which parameter is the message, and so not of the path.
        names.note_unread_argument();
    }
    Handler { function, arguments }
}

/// Refuses a `#[cfg]` on the parameter that an event fills: no attribute can see if it applies.
fn refuse_condition(condition: &Attribute, event: &str, item: &str, name: &str, errors: &mut Errors) {
    let help = format!("put `#[cfg(…)]` on two {item} `{name}`, one for each case");
    errors.push(condition, format!("the {event} of `{name}` cannot depend on `#[cfg]`"), help);
}

/// Lowers the methods of a connection type.
pub fn methods<'f>(
    block: &'f ImplBlock,
    names: &Names<'_>,
    errors: &mut Errors,
) -> Vec<(Moment, Handler<'f>)> {
    check_type(block, errors);
    let methods = moments(block, names, errors);
    methods.into_iter().map(|(moment, function)| (moment, method(moment, function, names, errors))).collect()
}

/// Refuses a type that cannot be a connection type.
fn check_type(block: &ImplBlock, errors: &mut Errors) {
    if block.of_trait.is_some() {
        // An `impl` of the type itself is another one.
        return;
    }
    if let (Some(around), Some(name)) = (&block.around, block.own_name()) {
        let help = format!("write `impl {name}`: `self` is the connection state");
        errors.push(&around.written, "the `impl` of a connection type must be of the type itself", help);
    }
    let of_type = block.lifetime().map(ToTokens::to_token_stream);
    let help = "use owned fields, such as `String` instead of `&str`: the connection outlives each request";
    match (block.generics.params.first(), of_type) {
        (Some(GenericParam::Lifetime(lifetime)), _) => {
            errors.push(lifetime, "a connection type cannot borrow", help);
        }
        (Some(parameter), _) => {
            let (what, name) = match parameter {
                GenericParam::Const(value) => ("value", &value.ident),
                GenericParam::Type(TypeParam { ident, .. }) => ("type", ident),
                GenericParam::Lifetime(lifetime) => ("type", &lifetime.lifetime.ident),
            };
            let ty = block.own_name().map_or_else(|| "Chat".to_owned(), |name| name.to_string());
            let help = format!(
                "write a {what} in place of `{name}`, and list the type with it: `#[fanout::main({ty}::<…>)]`"
            );
            errors.push(parameter, "a connection type cannot be generic", help);
        }
        (None, Some(lifetime)) => errors.push(lifetime, "a connection type cannot borrow", help),
        (None, None) => {}
    }
    if block.own_name().is_none() {
        errors.push(
            &block.ty,
            "a connection type must have a name",
            "write a type of your own: `impl Chat { … }`",
        );
    }
}

/// The methods, each with its moment.
fn moments<'f>(block: &'f ImplBlock, names: &Names<'_>, errors: &mut Errors) -> Vec<(Moment, &'f Function)> {
    if let Some(of_trait) = block.of_trait {
        // The trait says which methods there are.
        names.note_unread_argument();
        let ty = block.own_name().map_or_else(|| "Chat".to_owned(), |name| name.to_string());
        let help = format!("write an `impl` without the trait: `impl {ty} {{ … }}`");
        errors.push_at(of_trait, "the `impl` of a connection type cannot be of a trait", help);
        return Vec::new();
    }
    let mut methods: Vec<(Moment, &Function)> = Vec::new();
    for member in &block.members {
        match member {
            Member::Other(first) => {
                let help = "move it into another `impl`, without the attribute";
                let problem = format!("the `impl` of a connection type cannot contain `{}`", glued(first));
                errors.push(first, problem, help);
            }
            Member::Method(function) => {
                let name = &function.sig.ident;
                let own_name = name.unraw().to_string();
                // The compiler refuses a second method of the same name.
                let again = |moment: Moment| {
                    let is_same = |(earlier, method): &(Moment, &Function)| {
                        *earlier == moment && method.cfgs.is_empty() && function.cfgs.is_empty()
                    };
                    methods.iter().any(is_same)
                };
                match Moment::ALL.into_iter().find(|moment| moment.name() == own_name) {
                    Some(moment) if again(moment) => {}
                    Some(moment) => methods.push((moment, function)),
                    None => {
                        names.note_unread_argument();
                        unknown(name, errors);
                    }
                }
            }
        }
    }
    // Under a `#[cfg]`, the compiler decides about it.
    let takes_both =
        methods.iter().any(|(moment, method)| *moment == Moment::Message && method.cfgs.is_empty());
    for (moment, function) in &methods {
        if takes_both && matches!(moment, Moment::Text | Moment::Binary) {
            let (problem, help) = never_called(*moment);
            errors.push(&function.sig.ident, problem, help);
        }
    }
    methods
}

/// The error of `text` or `binary` beside `message`.
pub fn never_called(moment: Moment) -> (String, &'static str) {
    let problem = format!("`{}` is never called: `message` takes every message", moment.name());
    (problem, "remove it, or write `text` and `binary` instead of `message`")
}

/// Refuses a method whose name is not that of a moment.
fn unknown(name: &Ident, errors: &mut Errors) {
    let known = || Moment::ALL.into_iter().map(Moment::name);
    let written = name.to_string();
    let meant = match written.strip_prefix("on_").unwrap_or(&written) {
        "new" | "connect" => "did you mean `open`? ".to_owned(),
        word => meant(word, known()),
    };
    let help = format!("{meant}the handlers are {}; put other methods into another `impl`", list(known()));
    errors.push(name, format!("a connection type has no handler `{name}`"), help);
}

/// Lowers a method of a connection type.
fn method<'f>(moment: Moment, function: &'f Function, names: &Names<'_>, errors: &mut Errors) -> Handler<'f> {
    let name = moment.name();
    function.check(RETURNS_AT_ONCE, errors);
    let mut written = function.parameters(errors);
    match (function.receiver(), moment.has_state()) {
        (None, true) => {
            // `self` has another name in other languages.
            let is_this = |parameter: &Parameter<'_>| matches!(parameter.ty, Type::Reference(reference) if is_named(&reference.elem, &["Self"]));
            let this = written.iter().position(is_this).map(|index| written.remove(index));
            let place =
                this.map_or(function.sig.ident.to_token_stream(), |this| this.pattern.to_token_stream());
            let help = format!("write `fn {name}(&mut self, …)`: `self` is the connection state");
            errors.push(place, format!("`{name}` needs `&mut self`"), help);
        }
        (Some(receiver), true) if !is_reference(receiver) => {
            let help = "write `&mut self`: the connection keeps its state";
            errors.push(receiver, format!("`{name}` cannot take `self` by value"), help);
        }
        (Some(receiver), false) => {
            let help = format!("remove it: `{name}` returns the connection state");
            errors.push(receiver, format!("`{name}` cannot take `self`"), help);
        }
        _ => {}
    }
    let of_event = |parameter: &Parameter<'_>| {
        !is_of_request(parameter.ty)
            && !parameter.name.is_some_and(|name| names.is_of_path(name))
            && !names.may_be_of_path(parameter)
    };
    // If two parameters could be the event, one may be a misspelt path parameter.
    let could_be: Vec<_> = written.iter().filter(|parameter| of_event(parameter)).collect();
    let all: Vec<_> = written.iter().filter_map(|parameter| parameter.name).collect();
    let is_slip = |name: &&Ident| message::misspelt(name, &all, names).is_some();
    // So may the first text, if another is called like a message.
    let is_text = |parameter: &&&Parameter<'_>| sent_as(parameter.ty).is_some();
    let is_message = |name: &Ident| MESSAGES.contains(&&*name.to_string());
    let mut texts = could_be.iter().filter(is_text).filter_map(|parameter| parameter.name);
    let takes_message = matches!(moment, Moment::Text | Moment::Binary | Moment::Message);
    let before_message =
        texts.next().filter(|first| takes_message && !is_message(first) && texts.any(is_message));
    let names_in_order = || could_be.iter().filter_map(|parameter| parameter.name);
    let slip = names_in_order().find(is_slip).or(before_message).filter(|_| could_be.len() > 1);
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
                "`close` takes the close as one parameter",
                "take `close: Option<Close>`, which has the code and the reason",
            ),
            _ => (
                "`disconnect` receives nothing from the client",
                "remove it, or write `close`, which receives the code and the reason of a close",
            ),
        };
        names.note_unread_argument();
        errors.push(written.remove(index).pattern, problem, help);
    }
    if matches!(moment, Moment::Text | Moment::Binary | Moment::Message) && names.parameters().is_empty() {
        message::check_first(name, &mut written, of_event, names, errors);
    }
    let first = written.iter().position(of_event).filter(|_| moment.takes_event());
    if let Some(condition) = first.and_then(|first| written[first].condition) {
        let event = match moment {
            Moment::Close => "close",
            Moment::Renew => "stale state",
            _ => "message",
        };
        refuse_condition(condition, event, "methods", name, errors);
        written.retain(|parameter| parameter.condition.is_none() || !of_event(parameter));
    }
    let mut takes_event = moment.takes_event();
    let is_event = |parameter: &Parameter<'_>| {
        of_event(parameter)
            && (slip.is_none() || parameter.name != slip)
            && std::mem::replace(&mut takes_event, false)
    };
    let arguments = names.arguments(written, is_event, errors);
    for Argument { parameter, .. } in arguments.iter().filter(|argument| argument.source == Source::Event) {
        let (problem, help) = match (moment, sent_as(parameter.ty)) {
            (Moment::Text, Some(Sent::Binary)) => {
                ("`text` takes text, not bytes", "take `&str`, or rename the method to `binary`")
            }
            (Moment::Binary, Some(Sent::Text)) => {
                ("`binary` takes bytes, not text", "take `&[u8]`, or rename the method to `text`")
            }
            _ => continue,
        };
        errors.push(parameter.ty, problem, help);
    }
    Handler { function, arguments }
}

/// Returns `true` for `&self` and `&mut self`.
fn is_reference(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(..) => true,
        ReceiverKind::Typed(_, ty) => matches!(**ty, Type::Reference(_)),
        _ => false,
    }
}
