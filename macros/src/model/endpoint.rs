//! The model of an endpoint, and what must hold for it.

use proc_macro2::{Ident, TokenTree};
use quote::ToTokens;
use syn::{Attribute, LitStr, Path, Type, Visibility};

use crate::diagnostics::{Errors, list};
use crate::kind::Kind;
use crate::parse::impl_block::Connection;
use crate::parse::options::{self, Options};
use crate::parse::signature::{Function, Parameter};
use crate::parse::types::{is_named, is_of_request, sent_as};

use super::channels::{self, Channels, Template};
use super::handler::{self, Handler, Handlers, Moment};
use super::hold::Response;
use super::names::{Argument, Call, Scope, Source};
use super::socket::Socket;
use super::{message, path};

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
    /// The same as the option says it, for a stand-in.
    pub written_channels: Option<options::Channels>,
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

/// What was written, before it is known whether it can be.
pub struct Written<'f> {
    pub kind: Kind,
    pub options: Options,
    pub options_are_right: bool,
    pub own_name: String,
    /// Where an error about the whole belongs.
    pub place: &'f Ident,
    pub cfgs: &'f [Attribute],
}

impl<'f> Written<'f> {
    pub fn function(
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
            let message =
                message.filter(|message| message::check_option(&own_name, scope, &written, message, errors));
            let is_message = |parameter: &Parameter<'_>| {
                kind == Kind::Ws
                    && match &message {
                        Some(message) => parameter.name == Some(message),
                        None => sent_as(parameter.ty).is_some(),
                    }
            };
            let arguments = scope.arguments(written, is_message, errors);
            message::check_message(&own_name, scope, &arguments, errors);
            let handler = Handler { function, arguments };
            if let Some(echo) = echo.filter(|_| handler.takes_event()) {
                let help = "remove it: what the function returns is sent back";
                errors.push(echo, format!("`echo` does nothing where `{own_name}` takes the message"), help);
            }
            Handlers::Function(handler)
        })
    }

    pub fn connection(self, connection: &'f Connection, errors: &mut Errors) -> Endpoint<'f> {
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
            let methods = handler::methods(connection, errors);
            Handlers::Connection(
                methods
                    .into_iter()
                    .map(|(moment, function)| (moment, handler::method(moment, function, scope, errors)))
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
        let parameters = parameters.unwrap_or_default();
        let (written_channels, written_guard) = (options.channels.as_ref(), options.guard.as_ref());
        let scope = Scope::new(&own_name, &path, &parameters, written_channels, written_guard);
        let handlers = handlers(&scope, heard);
        let guard = written_guard.map(|guard| scope.call(guard, heard));
        let with_next = options.response.next.is_some();
        let channels = channels::channels(written_channels, with_next, &scope, heard);
        let response = Response::new(kind, options.response, &scope, heard);
        scope.check(heard);

        let needs_channel = kind != Kind::Ws;
        let unread = options.unread.or_else(|| needs_channel.then(String::new));
        let unread = unread.map(|written| options::Channels::unread(&written, &parameters));
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
            written_channels: options.channels.or(unread),
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
        let unused = self.parameters.iter().enumerate().filter(|(index, _)| !used.contains(index));
        let mut unused: Vec<&str> = unused.map(|(_, name)| &**name).collect();
        unused.retain(|name| !name.starts_with('_'));
        for Argument { parameter, .. } in self.handlers().flat_map(|(_, handler)| &handler.arguments) {
            let could_be = parameter.name.is_none() && !is_of_request(parameter.ty);
            let is_in = |name: &&str| could_be && has_word(parameter.pattern, name);
            let (of_pattern, others): (Vec<_>, _) = unused.into_iter().partition(is_in);
            unused = others;
            if !of_pattern.is_empty() {
                let each: Vec<_> = of_pattern.iter().map(|name| format!("`{name}: &str`")).collect();
                let help = format!("take each by its name: {}", each.join(", "));
                errors.push(parameter.pattern, "a parameter of the path is not part of a pattern", help);
            }
        }
        let own_name = &self.own_name;
        for name in unused {
            let help = format!(
                "take it as an argument, `{name}: &str`, or put it into the channel, `\"{own_name}-{{{name}}}\"`; \
                 to leave it unused, call it `{{_{name}}}`"
            );
            errors.push(&self.path, format!("nothing uses the parameter `{name}`"), help);
        }
    }
}

/// Whether a name stands in some tokens.
fn has_word(tokens: impl ToTokens, name: &str) -> bool {
    tokens.into_token_stream().into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == name,
        TokenTree::Group(group) => has_word(group.stream(), name),
        _ => false,
    })
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
