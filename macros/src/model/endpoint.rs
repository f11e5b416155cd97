//! The model of an endpoint, and what must hold for it.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, LitStr, Path, Receiver, ReceiverKind, Type, Visibility};

use crate::diagnostics::{Errors, list};
use crate::expand::{self, stand_in};
use crate::model::channels::Template;
use crate::model::hold::Response;
use crate::model::message;
use crate::model::names::{Argument, Call, Channels, Scope, Source};
use crate::model::path;
use crate::model::socket::Socket;
use crate::parse::impl_block::{self as connection, Connection, Moment};
use crate::parse::item::{self, Item};
use crate::parse::option_table as known;
use crate::parse::options::{self, Options};
use crate::parse::signature::{Function, Parameter};
use crate::parse::types::{is_named, is_of_path, is_of_request, sent_as};

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

    /// The kind that another attribute stands for, if it is one of ours.
    fn of(attribute: &Attribute) -> Option<Self> {
        let path = attribute.path();
        let is_ours = path.segments.len() == 1 || path.segments[0].ident == "fanout";
        let name = &path.segments.last().filter(|_| is_ours)?.ident;
        [Self::Sse, Self::Stream, Self::LongPoll, Self::Ws].into_iter().find(|kind| name == kind.name())
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
    let generated = match (Item::parse(item.clone()), connection) {
        (Item::Function(function), _) => attribute_of_function(kind, &function, options, &item, &mut errors),
        (Item::HalfTyped { vis, name }, _) => {
            let options = Options::parse(kind, &name.unraw().to_string(), options, &mut errors);
            let name = options.type_name(&name);
            Some(stand_in::half_typed(&options.krate(), &vis, &name, options.channels.as_ref()))
        }
        (Item::Other, Some(connection)) => attribute_of_connection(&connection, options, &item, &mut errors),
        (Item::Other, None) if kind == Kind::Ws && item::is_half_typed_impl(&item) => None,
        (Item::Other, None) => {
            item::refuse(kind, &item, &mut errors);
            let options = Options::parse(kind, kind.name(), options, &mut Errors::default());
            stand_in::other(&options.krate(), item.clone(), options.channels.as_ref())
        }
    };
    let errors = errors.into_tokens();
    quote!(#item #generated #errors)
}

fn attribute_of_function(
    kind: Kind,
    function: &Function,
    options: TokenStream,
    item: &TokenStream,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let place = &function.sig.ident;
    let own_name = place.unraw().to_string();
    let options = Options::parse(kind, &own_name, options, errors);
    let options_are_right = errors.is_empty();
    let name = options.type_name(place);
    if name == "fanout" && options.krate.is_none() {
        let help = format!("give it another name, or its type: `{}`", known::example("name", &own_name));
        errors.push(place, "the type of `fanout` would hide the crate `fanout`", help);
        return None;
    }
    // The other attribute makes the type.
    for (other, attribute) in item::attributes(item).iter().filter_map(|this| Some((Kind::of(this)?, this))) {
        let tokens = attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
        if Options::parse(other, &own_name, tokens, &mut Errors::default()).type_name(place) == name {
            let help = format!("give this one a type of its own: `{}`", known::example("name", &own_name));
            errors.push(attribute.path(), format!("`{own_name}` is an endpoint already"), help);
            return None;
        }
    }
    let stands_for = StandsFor::Made { name, vis: &function.vis };
    let written = Written { kind, options, options_are_right, own_name, place, cfgs: &function.cfgs };
    let endpoint = written.function(stands_for, function, errors);
    if errors.is_empty() {
        Some(expand::endpoint(&endpoint))
    } else {
        (!function.is_method()).then(|| stand_in::endpoint(&endpoint))
    }
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
    let krate = options.krate();
    if connection.half_typed {
        return stand_in::connection(&krate, connection, options.channels.as_ref());
    }
    if let Some(second) = item::attributes(item).iter().find(|this| Kind::of(this).is_some()) {
        errors.push(
            second.path(),
            format!("`{ident}` is an endpoint already"),
            "remove one of the attributes",
        );
        return None;
    }
    let options_are_right = errors.is_empty();
    let (kind, cfgs) = (Kind::Ws, &connection.cfgs[..]);
    let written = Written { kind, options, options_are_right, own_name, place: &ident, cfgs };
    let endpoint = written.connection(connection, errors);
    if errors.is_empty() {
        Some(expand::endpoint(&endpoint))
    } else {
        stand_in::connection(&krate, connection, endpoint.written_channels.as_ref())
    }
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
        let parameters = parameters.unwrap_or_default();
        let (written_channels, written_guard) = (options.channels.as_ref(), options.guard.as_ref());
        let scope = Scope::new(&own_name, &path, &parameters, written_channels, written_guard);
        let handlers = handlers(&scope, heard);
        let guard = written_guard.map(|guard| scope.call(guard, heard));
        let with_next = options.response.next.is_some();
        let channels = scope.channels(written_channels, with_next, heard);
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

/// A method of a connection type.
fn method<'f>(moment: Moment, function: &'f Function, scope: &Scope<'_>, errors: &mut Errors) -> Handler<'f> {
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
            (Moment::Text, Some(Moment::Binary)) => ("bytes", "take `&str`, or call the method `binary`"),
            (Moment::Binary, Some(Moment::Text)) => ("text", "take `&[u8]`, or call the method `text`"),
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
