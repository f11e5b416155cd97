//! The model of an endpoint, and what must hold for it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, LitStr, Path, ReceiverKind, Type, Visibility};

use crate::channel::Template;
use crate::connection::{self, Connection, Moment};
use crate::diagnostics::{Errors, list, nearest};
use crate::expand::{self, stand_in};
use crate::function::{Function, Parameter};
use crate::item::{self, Item};
use crate::options::Options;
use crate::path;
use crate::response::Response;
use crate::scope::{Argument, Call, Channels, Scope, Source};
use crate::socket::Socket;
use crate::types::{is_message, is_named, is_of_request};

/// The kind of an endpoint: which attribute it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sse,
    Stream,
    LongPoll,
    Ws,
}

impl Kind {
    /// The attribute's name, which is also the name of the route's constructor.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sse => "sse",
            Self::Stream => "stream",
            Self::LongPoll => "long_poll",
            Self::Ws => "ws",
        }
    }
}

/// An endpoint as it was written. Whether it is right, the errors say.
pub struct Endpoint<'f> {
    pub kind: Kind,
    pub krate: Path,
    /// What it is called in texts.
    pub own_name: String,
    pub stands_for: StandsFor<'f>,
    pub cfgs: &'f [Attribute],
    pub handlers: Handlers<'f>,
    pub path: LitStr,
    /// The names of the path's parameters.
    pub parameters: Vec<String>,
    /// Whether a parameter that cannot be parsed is the client's mistake, rather than another path.
    pub strict: bool,
    pub guard: Option<Call>,
    pub channels: Channels,
    pub methods: Vec<&'static str>,
    pub backend: Option<LitStr>,
    pub response: Response,
    pub socket: Socket,
}

/// The type that stands for an endpoint.
pub enum StandsFor<'f> {
    /// One that is made, as visible as the function that it is called like.
    Made { name: Ident, vis: &'f Visibility },
    /// The user's own.
    Own(&'f Type),
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

/// Expands `#[fanout::{kind}(options)] item`. The item always comes back as it was.
pub fn attribute(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let connection = if kind == Kind::Ws { connection::parse(item.clone()) } else { None };
    let generated = match Item::parse(item.clone()) {
        Item::Function(function) => {
            let ident = &function.sig.ident;
            let own_name = ident.unraw().to_string();
            let options = Options::parse(kind, &own_name, options, &mut errors);
            let options_are_right = errors.is_empty();
            let stands_for = StandsFor::Made { name: options.type_name(ident), vis: &function.vis };
            let written =
                Written { kind, options, options_are_right, own_name, place: ident, cfgs: &function.cfgs };
            let endpoint = written.function(stands_for, &function, &mut errors);
            if errors.is_empty() {
                Some(expand::endpoint(&endpoint))
            } else {
                (!function.is_method()).then(|| stand_in::endpoint(&endpoint))
            }
        }
        Item::HalfTyped { vis, name } => {
            let options = Options::parse(kind, &name.unraw().to_string(), options, &mut errors);
            Some(stand_in::half_typed(&options.krate(), &vis, &options.type_name(&name)))
        }
        Item::Other => match connection {
            Some(connection) => attribute_of_connection(&connection, options, &item, &mut errors),
            None => {
                item::refuse(kind, &item, &mut errors);
                let options = Options::parse(kind, kind.name(), options, &mut Errors::default());
                stand_in::other(&options.krate(), item.clone())
            }
        },
    };
    let errors = errors.into_tokens();
    quote!(#item #generated #errors)
}

fn attribute_of_connection(
    connection: &Connection,
    options: TokenStream,
    item: &TokenStream,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let ident = connection.own_name().unwrap_or_else(|| Ident::new("connection", Span::call_site()));
    let own_name = connection::snake_case(&ident.unraw().to_string());
    let options = Options::parse(Kind::Ws, &own_name, options, errors);
    let options_are_right = errors.is_empty();
    let krate = options.krate();
    let (kind, cfgs) = (Kind::Ws, &connection.cfgs[..]);
    let written = Written { kind, options, options_are_right, own_name, place: &ident, cfgs };
    let endpoint = written.connection(connection, errors);
    if errors.is_empty() { Some(expand::endpoint(&endpoint)) } else { stand_in::other(&krate, item.clone()) }
}

/// What was written, before it is known whether it can be.
struct Written<'f> {
    kind: Kind,
    options: Options,
    options_are_right: bool,
    own_name: String,
    /// Where an error about the whole belongs.
    place: &'f Ident,
    cfgs: &'f [Attribute],
}

impl<'f> Written<'f> {
    fn function(
        self,
        stands_for: StandsFor<'f>,
        function: &'f Function,
        errors: &mut Errors,
    ) -> Endpoint<'f> {
        let what = format!("the function of `{}`", self.own_name);
        function.check(&what, "it returns at once, and Fanout holds the connection", errors);
        if let Some(receiver) = function.receiver() {
            let help = "move it out of the `impl`, and take what it needs as parameters";
            errors.push(receiver, format!("{what} cannot be a method"), help);
        }
        let (kind, echo) = (self.kind, self.options.socket.echo.clone());
        let message = self.options.socket.message.clone();
        let own_name = self.own_name.clone();
        self.endpoint(stands_for, errors, |scope, errors| {
            let written = function.parameters(&what, errors);
            let is_message = |parameter: &Parameter<'_>| {
                kind == Kind::Ws
                    && match &message {
                        Some(message) => parameter.name == Some(message),
                        None => is_message(parameter.ty),
                    }
            };
            if let Some(message) =
                message.as_ref().filter(|message| !written.iter().any(|this| this.name == Some(message)))
            {
                let help = "name the parameter that is made from a message";
                errors.push(message, format!("`{own_name}` has no parameter `{message}`"), help);
            }
            let arguments = scope.arguments(written, is_message, errors);
            check_message(&own_name, scope, &arguments, errors);
            let handler = Handler { function, arguments };
            if let Some(echo) = echo.filter(|_| handler.takes_event()) {
                let help = "remove it: what the function returns is sent back";
                errors.push(echo, format!("`echo` does nothing where `{own_name}` takes the message"), help);
            }
            Handlers::Function(handler)
        })
    }

    fn connection(self, connection: &'f Connection, errors: &mut Errors) -> Endpoint<'f> {
        if let Some(echo) = &self.options.socket.echo {
            let help = "remove it, and send the message back in `text`";
            errors.push(echo, "`echo` does nothing for an `impl`", help);
        }
        if let Some(message) = &self.options.socket.message {
            errors.push(
                message,
                "`message` does nothing for an `impl`",
                "remove it: the first parameter is the message",
            );
        }
        if let Some(name) = &self.options.name {
            errors.push(
                name,
                "`name` does nothing for an `impl`",
                "remove it: the type stands for the endpoint",
            );
        }
        self.endpoint(StandsFor::Own(&connection.ty), errors, |scope, errors| {
            let methods = connection.methods(errors);
            Handlers::Connection(
                methods
                    .into_iter()
                    .map(|(moment, function)| (moment, method(moment, function, scope, errors)))
                    .collect(),
            )
        })
    }

    fn endpoint(
        self,
        stands_for: StandsFor<'f>,
        errors: &mut Errors,
        handlers: impl FnOnce(&Scope<'_>, &mut Errors) -> Handlers<'f>,
    ) -> Endpoint<'f> {
        let Self { kind, options, options_are_right, own_name, place, cfgs } = self;
        let krate = options.krate();
        let path_is_known = options.path.is_some() || options_are_right;
        let path = options.path.unwrap_or_else(|| LitStr::new(&format!("/{own_name}"), place.span()));
        let parameters = path::parameters(&path, errors).filter(|_| path_is_known);
        // Which parameters a path has that cannot be read, nobody knows: none is missing.
        let mut unheard = Errors::default();
        let heard = if parameters.is_some() { &mut *errors } else { &mut unheard };
        let (parameters, path_text) = (parameters.unwrap_or_default(), path.value());
        let scope = Scope { endpoint: &own_name, path: &path_text, parameters: &parameters };
        let handlers = handlers(&scope, heard);
        let guard = options.guard.as_ref().map(|guard| scope.call(guard, heard));
        let with_next = options.response.next.is_some();
        let channels = scope.channels(options.channels.as_ref(), with_next, heard);
        let response = Response::new(kind, options.response, &scope, heard);

        let needs_channel = kind != Kind::Ws;
        if needs_channel && options.channels.is_none() && options_are_right {
            let kind = kind.name();
            let help = format!("name what feeds it: `#[fanout::{kind}(channel = \"{own_name}\")]`");
            errors.push(place, format!("`{own_name}` has no channel"), help);
        }
        let socket = Socket::new(options.socket, errors);

        if let Some(backend) = options.backend.as_ref().filter(|backend| backend.value().is_empty()) {
            let help =
                "name the backend that leads to this app again, as in fastly.toml: `backend = \"self\"`";
            errors.push(backend, "the name of a backend cannot be empty", help);
        }
        let methods = methods(&options.methods, errors);
        let strict = options.strict;
        let endpoint = Endpoint {
            kind,
            krate,
            own_name,
            stands_for,
            cfgs,
            handlers,
            path,
            parameters,
            strict: strict.is_some(),
            guard,
            channels,
            methods,
            backend: options.backend,
            response,
            socket,
        };
        if errors.is_empty() {
            endpoint.check_use(errors);
        }
        if let Some(strict) = strict.filter(|_| errors.is_empty() && endpoint.parsed().next().is_none()) {
            let own_name = &endpoint.own_name;
            let problem =
                format!("`strict` does nothing for `{own_name}`: no parameter of its path is parsed");
            errors.push(strict, problem, "remove it, or take a parameter as a number or another `FromStr`");
        }
        endpoint
    }
}

/// A method of a connection type.
fn method<'f>(moment: Moment, function: &'f Function, scope: &Scope<'_>, errors: &mut Errors) -> Handler<'f> {
    let name = moment.name();
    let what = format!("`{name}`");
    function.check(&what, "it returns at once, and Fanout holds the connection", errors);
    match (function.receiver(), moment.has_state()) {
        (None, true) => {
            let help = format!("write `fn {name}(&mut self, …)`: `self` is the connection's state");
            errors.push(&function.sig.ident, format!("`{name}` needs `&mut self`"), help);
        }
        (Some(receiver), true) if !matches!(receiver.kind, ReceiverKind::Reference(..)) => {
            let help = "write `&mut self`: the state stays with the connection";
            errors.push(receiver, format!("`{name}` cannot take the state away"), help);
        }
        (Some(receiver), false) => {
            let help = format!("remove it: `{name}` returns the state");
            errors.push(receiver, format!("`{name}` has no `self` yet"), help);
        }
        _ => {}
    }
    let written = function.parameters(&what, errors);
    let mut takes_event = moment.takes_event();
    let is_event = |parameter: &Parameter<'_>| {
        !is_of_request(parameter.ty) && std::mem::replace(&mut takes_event, false)
    };
    let arguments = scope.arguments(written, is_event, errors);
    Handler { function, arguments }
}

/// A function takes one message, and not a parameter of the path that is misspelt.
fn check_message(own_name: &str, scope: &Scope<'_>, arguments: &[Argument<'_>], errors: &mut Errors) {
    let mut messages = arguments.iter().filter(|argument| argument.source == Source::Event);
    let Some(first) = messages.next() else { return };
    if let Some(second) = messages.next() {
        let help = match scope.parameters {
            [] => "take one of them",
            _ => "take one of them, or give the other the name of a parameter of the path",
        };
        errors.push(second.parameter.ty, format!("`{own_name}` takes two messages at once"), help);
        return;
    }
    let Some(name) = first.parameter.name else { return };
    let unused = scope.parameters.iter().map(String::as_str).filter(|parameter| {
        !arguments
            .iter()
            .any(|argument| argument.parameter.name.is_some_and(|name| name.unraw() == parameter))
    });
    let written = name.unraw().to_string();
    if let Some(nearest) = nearest(&written, unused).filter(|nearest| nearest.len() > 2) {
        let help = format!("write `{nearest}` for that; otherwise give the message another name");
        errors.push(name, format!("is `{written}` the message, or the path's `{nearest}`?"), help);
    }
}

impl<'f> Endpoint<'f> {
    /// What runs, with the moments of a connection.
    pub fn handlers(&self) -> impl Iterator<Item = (Option<Moment>, &Handler<'f>)> {
        let (function, methods) = match &self.handlers {
            Handlers::Function(handler) => (Some(handler), &[][..]),
            Handlers::Connection(methods) => (None, &methods[..]),
        };
        let methods = methods.iter().map(|(moment, handler)| (Some(*moment), handler));
        function.map(|handler| (None, handler)).into_iter().chain(methods)
    }

    /// The arguments that are parsed from the path, and can fail to be. A reference can only be `&str`.
    pub fn parsed(&self) -> impl Iterator<Item = (&Handler<'f>, &Argument<'f>, usize)> {
        let all = self
            .handlers()
            .flat_map(|(_, handler)| handler.arguments.iter().map(move |argument| (handler, argument)));
        all.filter_map(|(handler, argument)| {
            let ty = argument.parameter.ty;
            let is_text = matches!(ty, Type::Reference(_)) || is_named(ty, &["String"]);
            match argument.source {
                Source::Path(index) if !is_text => Some((handler, argument, index)),
                _ => None,
            }
        })
    }

    /// Refuses a parameter of the path that nothing uses.
    fn check_use(&self, errors: &mut Errors) {
        let mut used = Vec::new();
        for argument in self.handlers().flat_map(|(_, handler)| &handler.arguments) {
            used.extend(if let Source::Path(index) = argument.source { Some(index) } else { None });
        }
        used.extend(self.guard.iter().flat_map(|guard| &guard.given));
        used.extend(self.response.parameters());
        match &self.channels {
            Channels::None => {}
            Channels::Named { templates, .. } => used.extend(templates.iter().flat_map(Template::parameters)),
            Channels::Found(call) => used.extend(&call.given),
        }
        for (index, name) in self.parameters.iter().enumerate() {
            if !used.contains(&index) && !name.starts_with('_') {
                let own_name = &self.own_name;
                let help = format!(
                    "take it as an argument, `{name}: &str`, or put it into the channel, `\"{own_name}-{{{name}}}\"`; \
                     to leave it unused, call it `{{_{name}}}`"
                );
                errors.push(&self.path, format!("nothing uses the parameter `{name}`"), help);
            }
        }
    }
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn methods(written: &[LitStr], errors: &mut Errors) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for method in written {
        let value = method.value();
        match METHODS.iter().find(|known| **known == value) {
            Some(known) => methods.push(*known),
            None => {
                let upper = value.to_uppercase();
                let help = match upper.as_str() {
                    "HEAD" | "OPTIONS" => "remove it: it is answered by itself".to_owned(),
                    _ if METHODS.contains(&upper.as_str()) => format!("write `{upper:?}`"),
                    _ if upper.contains(',') => {
                        let each: Vec<_> = upper.split(',').map(str::trim).collect();
                        format!("write a list: `methods = {each:?}`")
                    }
                    _ => format!("an endpoint can answer {}", list(METHODS)),
                };
                errors.push(method, format!("an endpoint cannot answer `{value}`"), help);
            }
        }
    }
    methods
}
